"""Shapes that overlays are tried on: stars at a country's coordinates, shapes on a lattice, awkward ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon, box

PLACE = np.array([500_000.0, 2_490_000.0])


def shapes(*geometry: Any) -> Any:
    out = np.empty(len(geometry), dtype=object)
    out[:] = geometry
    return out


def moved(geometry: Any, by: Any) -> Any:
    return shapely.transform(geometry, lambda xy: xy + np.asarray(by))


def star(rng: np.random.Generator, middle: Any, radius_m: float, corners: int) -> Polygon:
    """Return a polygon around a point, in or against the clock's sense."""
    angle = 2 * np.pi * (np.arange(corners) + rng.uniform(0.05, 0.95, corners)) / corners
    far = radius_m * rng.uniform(0.3, 1.0, corners)
    around = np.c_[np.cos(angle), np.sin(angle)] * far[:, None] + middle
    return Polygon(around if rng.uniform() < 0.5 else around[::-1])


def stars(seed: int, count: int, *, holes: float = 0.0, parts: float = 0.0) -> Any:
    """Return sound stars over a square of 100 m, some with holes, some of two parts."""
    rng = np.random.default_rng(seed)
    out = []
    while len(out) < count:
        radius = rng.uniform(5, 40)
        shape = star(rng, PLACE + rng.uniform(0, 100, 2), radius, int(rng.integers(3, 30)))
        if rng.uniform() < holes:
            shape = shape.difference(star(rng, shapely.get_coordinates(shape.centroid)[0], radius / 4, 7))
        if rng.uniform() < parts:
            shape = shape.union(star(rng, PLACE + rng.uniform(0, 100, 2), radius / 3, 9))
        if shape.is_valid and shape.geom_type in {"Polygon", "MultiPolygon"} and shape.area > 1.0:
            out.append(shape)
    return shapes(*out)


def lattice_shapes(seed: int, count: int) -> Any:
    """Return sound shapes with corners on a lattice of 1 m: they touch and run along each other often."""
    rng = np.random.default_rng(seed)
    out = []
    while len(out) < count:
        corners = rng.integers(0, 9, (int(rng.integers(3, 9)), 2)).astype(float)
        shape = shapely.make_valid(Polygon(corners), method="structure", keep_collapsed=False)
        if shape.area > 0 and shape.geom_type in {"Polygon", "MultiPolygon"}:
            out.append(moved(shape, PLACE))
    return shapes(*out)


def _ring(shape: Polygon) -> Any:
    return shape.exterior.coords[::-1]


AWKWARD = {
    "square": box(0, 0, 10, 10),
    "clockwise": Polygon([(1, 1), (1, 11), (11, 11), (11, 1)]),
    "corner on an edge": Polygon([(5, 10), (12, 14), (2, 15)]),
    "edge through two corners": Polygon([(-5, -5), (15, 15), (15, -5)]),
    "half of an edge shared": box(10, 3, 14, 6),
    "edge with more corners": Polygon([(10, 0), (20, 0), (20, 10), (10, 10), (10, 7), (10, 4)]),
    "off by a nanometre": box(10 + 1e-9, 0, 20, 10),
    "over by a nanometre": box(10 - 1e-9, 0, 20, 10),
    "over by a micrometre": box(10 - 1e-6, 0, 20, 10),
    "over by ten micrometres": box(10 - 1e-5, -1, 20, 9),
    "nearly along the edge": Polygon([(-2, 10 - 1e-7), (12, 10 + 1e-7), (12, 12), (-2, 12)]),
    "ring around": Polygon(_ring(box(-5, -5, 15, 15)), [_ring(box(-1, -1, 11, 11))]),
    "ring whose hole is the square": Polygon(_ring(box(-5, -5, 15, 15)), [_ring(box(0, 0, 10, 10))]),
    "ring across": Polygon(_ring(box(4, 4, 20, 20)), [_ring(box(6, 6, 18, 18))]),
    "island in the hole": MultiPolygon(
        [Polygon(_ring(box(-9, -9, 19, 19)), [_ring(box(-3, -3, 13, 13))]), box(2, 2, 4, 4)]
    ),
    "comb": Polygon(
        [(0, 12), *((x + d, y) for x in range(0, 10, 2) for d, y in ((0, 5), (1, 5), (1, 12), (2, 12)))]
    ),
    "bars": MultiPolygon([box(-2, y, 12, y + 0.5) for y in range(1, 10, 2)]),
    "two holes crossed": Polygon(
        _ring(box(-8, -8, 18, 18)), [_ring(box(-2, 2, 3, 5)), _ring(box(8, 2, 14, 5))]
    ),
    "spiral": Polygon(
        np.reshape(
            [0, 0, 9, 0, 9, 9, 2, 9, 2, 3, 6, 3, 6, 6, 5, 6, 5, 4, 3, 4, 3, 8, 8, 8, 8, 1, 0, 1], (14, 2)
        )
    ),
    "hair across": Polygon([(-3, 5), (13, 5.0000001), (13, 5.0000002)]),
    "dust": box(5, 5, 5 + 1e-8, 5 + 1e-8),
    "point shared twice": Polygon([(0, 0), (5, 10), (10, 0), (10, -4), (0, -4)]),
    "many corners": shapely.Point(8, 8).buffer(6, quad_segs=500),
}
