"""Parcels as one shape, the quick way where they are drawn edge to edge."""

from __future__ import annotations

from typing import Any

import shapely

from zsgis.analysis.zoned import GeometryArray

_EVEN_SHARE = 1e-9
_GRID_M = 1e-4


def united(shapes: GeometryArray) -> Any:
    """Return valid areas as one shape.

    Those that share every corner with their neighbours need no cutting: edges of two of them cancel out.
    What comes of that is the union where it is valid and has the area of all of them, so that none lie over
    each other; else they are cut. Where GEOS cannot cut them, they are snapped to a grid of 0.1 mm.

    Parameters
    ----------
    shapes : ndarray of object, shape (n,)
        Polygons and multipolygons in one plane, n at least 1.
    """
    if len(shapes) == 1:
        return shapes[0]
    whole = float(shapely.area(shapes).sum())
    try:
        joined = shapely.coverage_union_all(shapes)
        if shapely.is_valid(joined) and abs(joined.area - whole) <= _EVEN_SHARE * whole:
            return joined
    except shapely.errors.GEOSException:
        pass  # they are not drawn corner to corner
    try:
        return shapely.union_all(shapes)
    except shapely.errors.GEOSException:
        return shapely.union_all(shapes, grid_size=_GRID_M)
