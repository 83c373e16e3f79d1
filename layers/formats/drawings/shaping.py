"""Outlines made into shapes: areas, lines, and what is neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.formats.drawings.outlines import Outline

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# ends nearer than this, in drawing units, are one point written twice
SAME_POINT = 1e-6


def height_of(parts: tuple[NDArray[np.float64], ...]) -> float:
    """Return the z that all vertices share; NaN where they do not."""
    heights = np.concatenate([part[:, 2] for part in parts])
    return float(heights[0]) if np.ptp(heights) < 1e-9 else float("nan")


def without_repeats(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return vertices without those that equal the one before."""
    keep = np.ones(len(points), dtype=bool)
    keep[1:] = np.any(points[1:] != points[:-1], axis=1)
    return points[keep]


def area(outline: Outline) -> BaseGeometry | None:
    """Return the area that closed parts bound, by the even-odd rule; None where there is none."""
    rings = [_ring(part, flat=not np.isnan(height_of(outline.parts))) for part in outline.parts]
    shapes: list[BaseGeometry] = [shapely.Polygon(ring) for ring in rings if ring is not None]
    if not shapes:
        return None
    if len(shapes) == 1:
        return shapes[0]
    return _even_odd(shapes)


def line(part: NDArray[np.float64]) -> BaseGeometry | None:
    """Return a line; None where it has no length."""
    points = without_repeats(part)
    if len(points) < 2:
        return None
    return shapely.LineString(points if np.isnan(height_of((points,))) else points[:, :2])


def _ring(part: NDArray[np.float64], *, flat: bool) -> NDArray[np.float64] | None:
    points = without_repeats(part)
    while len(points) > 1 and np.all(np.abs(points[0] - points[-1]) <= SAME_POINT):
        points = points[:-1]
    if len(points) < 3:
        return None
    return points[:, :2] if flat else points


def _even_odd(shapes: list[BaseGeometry]) -> BaseGeometry | None:
    # boundaries that cross themselves are filled by the same rule
    level = [shape if shape.is_valid else shapely.make_valid(shape) for shape in shapes]
    while len(level) > 1:
        pairs = [shapely.symmetric_difference(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    polygons = [p for p in shapely.get_parts(level[0]) if p.geom_type == "Polygon" and p.area > 0.0]
    if not polygons:
        return None
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
