"""Polygons out of rings: what lies within another ring is a hole in it, what lies beside it is a part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray


def polygon_of_rings(rings: Sequence[NDArray[np.float64]]) -> shapely.Geometry | None:
    """Return the polygon that rings enclose; None where one of them has fewer than three corners.

    Parameters
    ----------
    rings : sequence of ndarray, shape (n, 2)
        x east, y north; closed or not. A ring within an odd number of others is a hole (even-odd rule).
    """
    closed = [ring for one in rings if (ring := _closed(one)) is not None]
    if not closed or len(closed) < len(rings):
        return None
    faces = [shapely.Polygon(ring) for ring in closed]
    if len(faces) == 1:
        return faces[0]
    around = [[other for other in range(len(faces)) if other != one and _holds(faces[other], faces[one])]
              for one in range(len(faces))]  # fmt: skip
    shells = [one for one in range(len(faces)) if len(around[one]) % 2 == 0]
    parts = [
        shapely.Polygon(
            closed[shell],
            [
                closed[hole]
                for hole in range(len(faces))
                if shell in around[hole] and len(around[hole]) == len(around[shell]) + 1
            ],
        )
        for shell in shells
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _holds(outer: shapely.Polygon, inner: shapely.Polygon) -> bool:
    # a point in its middle tells it even where rings touch or share edges; broken rings must not raise
    if outer.area <= inner.area:
        return False
    middle = shapely.point_on_surface(shapely.make_valid(inner))
    return bool(shapely.contains_xy(outer, shapely.get_x(middle), shapely.get_y(middle)))


def _closed(ring: NDArray[np.float64]) -> NDArray[np.float64] | None:
    ring = np.asarray(ring, dtype=np.float64)
    if len(ring) and not np.array_equal(ring[0], ring[-1]):
        ring = np.vstack([ring, ring[:1]])
    return ring if len(np.unique(ring, axis=0)) >= 3 else None
