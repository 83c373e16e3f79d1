"""Arcs as short straight lines: vertices lie on the arc, middles of lines at most the sagitta inside.

With radius r and sagitta s a line spans the angle 2·acos(1 - s/r) (from the right triangle of centre, vertex
and middle of the chord).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

# however large a radius is: finer than this share of it is finer than coordinates hold
_FINEST = 1e-9
_COARSEST_STEP = math.pi / 8


def sagitta_for(size: float, sagitta: float) -> float:
    """Return the sagitta to use for a curve of a size (radius or extent), both in drawing units."""
    return max(sagitta, size * _FINEST)


def segment_count(radius: float, angle: float, sagitta: float) -> int:
    """Return how many straight lines an arc needs.

    Parameters
    ----------
    radius, sagitta : float
        In drawing units, radius > 0.
    angle : float
        The arc's angle in radians, any sign.
    """
    share = min(sagitta_for(radius, sagitta) / radius, 1.0)
    step = min(2.0 * math.acos(1.0 - share), _COARSEST_STEP)
    return max(1, math.ceil(abs(angle) / step - 1e-9))


def arc_points(
    center: tuple[float, float], radius: float, start: float, angle: float, sagitta: float
) -> NDArray[np.float64]:
    """Return the vertices of an arc, both ends included.

    Parameters
    ----------
    start, angle : float
        Radians; a negative angle runs clockwise.

    Returns
    -------
    ndarray of float64, shape (n, 2)
    """
    steps = start + angle * np.linspace(0.0, 1.0, segment_count(radius, angle, sagitta) + 1)
    return np.column_stack((center[0] + radius * np.cos(steps), center[1] + radius * np.sin(steps)))


def bulge_points(
    start: NDArray[np.float64], end: NDArray[np.float64], bulge: float, sagitta: float
) -> NDArray[np.float64]:
    """Return the vertices between two vertices of a polyline that an arc joins; neither end included.

    Parameters
    ----------
    start, end : ndarray, shape (2,)
    bulge : float
        Tangent of a quarter of the arc's angle; positive runs anticlockwise (DXF reference, group 42).

    Returns
    -------
    ndarray of float64, shape (n, 2)
    """
    chord = end - start
    length = float(np.hypot(*chord))
    if not length or abs(bulge) < 1e-12:
        return np.empty((0, 2))
    angle = 4.0 * math.atan(bulge)
    radius = length * (1.0 + bulge * bulge) / (4.0 * abs(bulge))
    # from the middle of the chord to the centre, along the chord's left normal
    offset = length * (1.0 - bulge * bulge) / (4.0 * bulge)
    center = (start + end) / 2.0 + np.array([-chord[1], chord[0]]) / length * offset
    first = math.atan2(start[1] - center[1], start[0] - center[0])
    return arc_points((float(center[0]), float(center[1])), radius, first, angle, sagitta)[1:-1]


def polyline_points(
    vertices: NDArray[np.float64], bulges: NDArray[np.float64], closed: bool, sagitta: float
) -> NDArray[np.float64]:
    """Return a polyline's vertices with its arcs made of short lines; a closed one does not repeat its first.

    Parameters
    ----------
    vertices : ndarray of float64, shape (n, 2)
    bulges : ndarray of float64, shape (n,)
        Of the stretch that starts at each vertex.
    """
    if not np.any(np.abs(bulges) >= 1e-12):
        return vertices
    parts: list[NDArray[np.float64]] = []
    last = len(vertices) if closed else len(vertices) - 1
    for at in range(len(vertices)):
        parts.append(vertices[at : at + 1])
        if at < last and abs(bulges[at]) >= 1e-12:
            parts.append(
                bulge_points(vertices[at], vertices[(at + 1) % len(vertices)], float(bulges[at]), sagitta)
            )
    return np.concatenate(parts)


def ellipse_points(
    center: NDArray[np.float64],
    major: NDArray[np.float64],
    minor: NDArray[np.float64],
    span: tuple[float, float],
    sagitta: float,
) -> NDArray[np.float64]:
    """Return the vertices of an elliptical arc, both ends included.

    An ellipse is a circle of the longer half axis, drawn out shorter in one direction, which only makes the
    middles of its lines come nearer: the circle's number of lines is enough.

    Parameters
    ----------
    center, major, minor : ndarray, shape (3,)
        Centre and the two half axes as vectors.
    span : tuple of float
        First and last parameter in radians.

    Returns
    -------
    ndarray of float64, shape (n, 3)
    """
    radius = max(float(np.linalg.norm(major)), float(np.linalg.norm(minor)))
    count = segment_count(radius, span[1] - span[0], sagitta)
    steps = np.linspace(span[0], span[1], count + 1)[:, None]
    return np.asarray(center + np.cos(steps) * major + np.sin(steps) * minor, dtype=np.float64)
