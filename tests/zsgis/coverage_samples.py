"""Parcels that share the ground out, for tests of editing: a grid whose nodes are moved about."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import strategies as st

CELL = 100.0
EAST, NORTH = 436_000.123456789, 2_491_000.987654321


def grid(columns: int, rows: int, moves: list[tuple[float, float]]) -> list[shapely.Polygon]:
    """Return cells of a grid, row by row from the south west; node ``k`` is moved by ``moves[k]``."""
    node = {}
    for number, (row, column) in enumerate(np.ndindex(rows + 1, columns + 1)):
        dx, dy = moves[number] if number < len(moves) else (0.0, 0.0)
        node[column, row] = (EAST + column * CELL + dx, NORTH + row * CELL + dy)
    return [
        shapely.Polygon([node[c, r], node[c + 1, r], node[c + 1, r + 1], node[c, r + 1]])
        for r, c in np.ndindex(rows, columns)
    ]


shift = st.integers(-25, 25).map(float)
moves = st.lists(st.tuples(shift, shift), min_size=16, max_size=16)
coverages = moves.map(lambda each: grid(3, 3, each))


def is_coverage(shapes: list[shapely.Geometry]) -> bool:
    parts = shapely.get_parts(np.array(shapes, dtype=object))
    return bool(shapely.coverage_is_valid(parts))
