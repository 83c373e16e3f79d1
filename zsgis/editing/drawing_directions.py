"""Lengths and directions while drawing: the next corner by distance and bearing, right angles."""

from __future__ import annotations

import math

Place = tuple[float, float]
RIGHT_ANGLE_DEG = 90.0


def bearing_of(start: Place, end: Place) -> float | None:
    """Return the grid bearing (坐标方位角) from one place to another in degrees, None at one place."""
    east, north = end[0] - start[0], end[1] - start[1]
    if east == 0.0 and north == 0.0:
        return None
    return math.degrees(math.atan2(east, north)) % 360.0


def distance_of(start: Place, end: Place) -> float:
    """Return how far two places are from each other in the plane."""
    return math.hypot(end[0] - start[0], end[1] - start[1])


def steps_of(distance: float, bearing_deg: float) -> tuple[float, float]:
    """Return how far east and north one comes along a grid bearing; exact along the axes."""
    turns, rest = divmod(bearing_deg % 360.0, RIGHT_ANGLE_DEG)
    along, aside = distance * math.cos(math.radians(rest)), distance * math.sin(math.radians(rest))
    east, north = ((aside, along), (along, -aside), (-aside, -along), (-along, aside))[int(turns) % 4]
    return east, north


def next_place(start: Place, distance: float, bearing_deg: float) -> Place:
    """Return the place at a distance along a grid bearing."""
    east, north = steps_of(distance, bearing_deg)
    return start[0] + east, start[1] + north


def right_angled(start: Place, pointer: Place, reference_deg: float) -> Place:
    """Return the foot of the pointer on the nearest line through ``start`` along or across a direction.

    Parameters
    ----------
    reference_deg : float
        Bearing of the edge before, or 0 for north: the next edge runs on, back, or at a right angle.
    """
    bearing = bearing_of(start, pointer)
    if bearing is None:
        return start
    turns = round((bearing - reference_deg) / RIGHT_ANGLE_DEG)
    held = reference_deg + turns * RIGHT_ANGLE_DEG
    along = distance_of(start, pointer) * math.cos(math.radians(bearing - held))
    return next_place(start, along, held)
