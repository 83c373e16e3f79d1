"""Rivers, main roads and a railway: smooth bands across the tiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from zsgis.demo.seeds import Corridor

RIVER = "1701"
_STEPS = 10
_SETBACK_M = 16.0


@dataclass(frozen=True)
class Bands:
    """The bands of all corridors.

    Attributes
    ----------
    class_codes : tuple of str
        Land class per band; where bands cross, the earlier one lies on top (a road bridges a river).
    bands : ndarray of polygons, shape (classes,)
        One geometry per class.
    outlines : ndarray of lines
        What bounds the bands.
    kept_free : polygon
        Bands with a strip on both sides where no plot stands.
    """

    class_codes: tuple[str, ...]
    bands: NDArray[np.object_]
    outlines: NDArray[np.object_]
    kept_free: shapely.Geometry

    def class_at(self, points: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return the land class of the band each point lies in; empty text where it lies in none."""
        found = np.full(points.shape, "", dtype=object)
        for code, band in zip(self.class_codes[::-1], self.bands[::-1], strict=True):
            shapely.prepare(band)
            found[shapely.contains(band, points)] = code
        return found


def smooth_course(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a smooth line through the points (Catmull-Rom spline), shape (n, 2), metres."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    p0, p1, p2, p3 = padded[:-3, None], padded[1:-2, None], padded[2:-1, None], padded[3:, None]
    t = np.linspace(0.0, 1.0, _STEPS, endpoint=False)[None, :, None]
    curve = 0.5 * (
        2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    )
    return np.vstack([curve.reshape(-1, 2), points[-1:]])


def lay_bands(corridors: tuple[Corridor, ...]) -> Bands:
    """Widen the courses to bands, one geometry per land class, roads before rivers."""
    lines = np.array([shapely.LineString(smooth_course(c.course)) for c in corridors], dtype=object)
    widths = np.array([c.width_m for c in corridors])
    codes = np.array([c.class_code for c in corridors])
    wide = shapely.buffer(lines, widths / 2, quad_segs=3, cap_style="flat")
    free = shapely.buffer(lines, widths / 2 + _SETBACK_M, quad_segs=3, cap_style="flat")
    class_codes = tuple(sorted(set(codes), key=lambda code: (code == RIVER, code)))
    bands = np.array([shapely.union_all(wide[codes == code]) for code in class_codes], dtype=object)
    return Bands(class_codes, bands, shapely.boundary(bands), shapely.union_all(free))
