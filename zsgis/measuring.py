"""Lengths, bearings and areas of what is drawn on the map: on the ellipsoid and in the plane, never mixed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pyproj
import shapely

from layers.area import INVERSE_FLATTENING, SEMI_MAJOR_M, ellipsoidal_area_m2, planar_area_m2
from layers.crs import GEOGRAPHIC_CGCS2000, parse_crs, require_projected_metres, transform_points
from layers.errors import CrsError

Point = tuple[float, float]


@dataclass(frozen=True)
class Segment:
    """The way from one point to the next.

    Attributes
    ----------
    ellipsoidal_m : float or None
        Length of the geodesic on the ellipsoid of CGCS2000; None where CGCS2000 cannot be reached.
    planar_m : float or None
        Length in the plane of the map's projection; None where lengths cannot be measured in it.
    bearing_deg : float or None
        From north, clockwise, 0 to 360: grid north (坐标方位角) where ``on_grid``, otherwise true north (the
        geodesic's azimuth at its start). None where both ends are one place.
    """

    ellipsoidal_m: float | None
    planar_m: float | None
    bearing_deg: float | None
    on_grid: bool


@dataclass(frozen=True)
class Measures:
    """What is known of a line or an outline.

    Attributes
    ----------
    segments : tuple of Segment
        For an area with the one that closes it.
    ellipsoidal_m, planar_m : float or None
        The segments together: length, or perimeter.
    ellipsoidal_m2, planar_m2 : float or None
        Area; None for a line, with fewer than three points, and where it cannot be measured.
    crosses_itself : bool
        The outline does: its area is not that of one simple piece of land.
    """

    segments: tuple[Segment, ...]
    ellipsoidal_m: float | None
    planar_m: float | None
    ellipsoidal_m2: float | None = None
    planar_m2: float | None = None
    crosses_itself: bool = False


def measure_line(points: Sequence[Point], crs: pyproj.CRS) -> Measures:
    """Return the length of a line.

    Parameters
    ----------
    points : sequence of (east, north)
        In ``crs``, or longitude and latitude where it is geographic.
    """
    segments = _segments(points, crs)
    return Measures(segments, _sum([s.ellipsoidal_m for s in segments]), _sum([s.planar_m for s in segments]))


def measure_area(points: Sequence[Point], crs: pyproj.CRS) -> Measures:
    """Return area and perimeter of the outline through ``points``, closed from the last to the first.

    The ellipsoidal area is the official one (:func:`layers.area.ellipsoidal_area_m2`): edges are straight in
    latitude and longitude between the points.
    """
    if len(points) < 3:
        return measure_line(points, crs)
    line = measure_line([*points, points[0]], crs)
    shape = np.array([shapely.Polygon(points)], dtype=object)
    ellipsoidal = planar = None
    if line.ellipsoidal_m is not None:
        ellipsoidal = float(ellipsoidal_area_m2(shape, crs)[0])
    if line.planar_m is not None:
        planar = float(planar_area_m2(shape, crs)[0])
    crossing = not bool(shapely.is_simple(shapely.LinearRing(points)))
    return Measures(line.segments, line.ellipsoidal_m, line.planar_m, ellipsoidal, planar, crossing)


def bearing_text(degrees: float) -> str:
    """Return a bearing in degrees, minutes and whole seconds, below 360°."""
    seconds = round(degrees * 3600) % (360 * 3600)
    return f"{seconds // 3600}°{seconds // 60 % 60:02}′{seconds % 60:02}″"


def _segments(points: Sequence[Point], crs: pyproj.CRS) -> tuple[Segment, ...]:
    if len(points) < 2:
        return ()
    planar = _planar(points) if _has_plane(crs) else None
    geodesic = _geodesic(points, crs)
    segments = []
    for number in range(len(points) - 1):
        plane = planar[number] if planar is not None else None
        curved = geodesic[number] if geodesic is not None else None
        length, bearing = plane or curved or (None, None)
        segments.append(
            Segment(
                curved[0] if curved is not None else None,
                plane[0] if plane is not None else None,
                bearing if length else None,
                plane is not None,
            )
        )
    return tuple(segments)


def _planar(points: Sequence[Point]) -> list[tuple[float, float]]:
    """Return length and grid bearing of each segment."""
    return [
        (math.hypot(x1 - x0, y1 - y0), math.degrees(math.atan2(x1 - x0, y1 - y0)) % 360.0)
        for (x0, y0), (x1, y1) in pairwise(points)
    ]


def _geodesic(points: Sequence[Point], crs: pyproj.CRS) -> list[tuple[float, float]] | None:
    """Return length and azimuth of each segment's geodesic; None where CGCS2000 cannot be reached."""
    x, y = zip(*points, strict=True)
    try:
        lon, lat = transform_points(x, y, crs, _cgcs2000())
    except CrsError:
        return None
    forward, _back, length = _ellipsoid().inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return [(float(m), float(azimuth) % 360.0) for m, azimuth in zip(length, forward, strict=True)]


def _has_plane(crs: pyproj.CRS) -> bool:
    try:
        require_projected_metres(crs)
    except CrsError:
        return False
    return True


def _sum(lengths: Sequence[float | None]) -> float | None:
    known = [length for length in lengths if length is not None]
    return math.fsum(known) if len(known) == len(lengths) else None


@lru_cache(maxsize=1)
def _cgcs2000() -> pyproj.CRS:
    return parse_crs(GEOGRAPHIC_CGCS2000)


@lru_cache(maxsize=1)
def _ellipsoid() -> pyproj.Geod:
    return pyproj.Geod(a=SEMI_MAJOR_M, rf=INVERSE_FLATTENING)
