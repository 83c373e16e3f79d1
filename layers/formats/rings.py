"""Rings in any order, sorted into outlines and holes by where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely


def polygon_of(rings: Sequence[Any]) -> Any:
    """Return a polygon (or several) from rings in any order: those inside an odd number of others are holes.

    Parameters
    ----------
    rings : sequence of shapely.LinearRing
    """
    areas = shapely.polygons(list(rings))
    if len(areas) == 1:
        return areas[0]
    tree = shapely.STRtree(areas)
    places = shapely.point_on_surface(areas)
    inner, outer = tree.query(places, predicate="within")
    apart = inner != outer
    inner, outer = inner[apart], outer[apart]
    # a ring's place may lie in a ring that it surrounds: only a larger one can hold it
    size = shapely.area(areas)
    larger = size[outer] > size[inner]
    inner, outer = inner[larger], outer[larger]
    depth = np.bincount(inner, minlength=len(areas))
    holes: dict[int, list[Any]] = {i: [] for i in np.flatnonzero(depth % 2 == 0).tolist()}
    for hole in np.flatnonzero(depth % 2 == 1).tolist():
        around = [i for i in outer[inner == hole].tolist() if depth[i] == depth[hole] - 1]
        holes[min(around, key=lambda i: size[i])].append(rings[hole])
    parts = [shapely.polygons(rings[shell], inside or None) for shell, inside in holes.items()]
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
