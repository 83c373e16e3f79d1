"""Shapes worked on in batches: the same as at once, whatever their number."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from layers.batches import batches, each, pieces


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2500])
def test_batches_hold_every_row_once_and_in_order(count: int) -> None:
    rows = np.arange(count)
    assert np.concatenate([rows[part] for part in batches(count)]).tolist() == rows.tolist()


@pytest.mark.parametrize("count", [0, 1, 1000, 2500])
def test_shapes_come_out_as_from_one_call(count: int) -> None:
    places = np.arange(count, dtype=float)
    shapes = shapely.box(places, 0.0, places + 2.0, 1.0)
    assert shapely.equals(each(shapely.from_wkb, shapely.to_wkb(shapes)), shapes).all()


def test_pieces_know_the_row_they_came_from() -> None:
    # every third shape has two parts, every seventh is missing
    one, two = (
        shapely.box(0, 0, 1, 1),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)]),
    )
    shapes = np.array([None if n % 7 == 0 else two if n % 3 == 0 else one for n in range(2100)], dtype=object)
    parts, rows = pieces(shapely.get_parts, shapes)
    expected = [n for n in range(2100) if n % 7 for _part in range(2 if n % 3 == 0 else 1)]
    assert rows.tolist() == expected
    assert len(parts) == len(expected)
