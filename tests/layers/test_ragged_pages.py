"""Shapes that come a page at a time are the same as if they had come at once."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from layers.kind import GeometryType
from layers.ragged import Ragged, ragged_of
from layers.ragged_pages import RaggedPages


def _shapes() -> Ragged:
    import shapely

    square, other = shapely.box(0, 0, 9, 9), shapely.box(20, 0, 24, 4)
    holed = square.difference(shapely.box(2, 2, 4, 4))
    both = shapely.MultiPolygon([holed, other])
    circle = shapely.Point(50, 50).buffer(5, quad_segs=16)
    return ragged_of(np.array([square, None, both, other, circle, holed], dtype=object), GeometryType.POLYGON)


def _same(one: Ragged, other: Ragged) -> bool:
    names = ("coords", "ring_offsets", "part_offsets", "feature_offsets")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


@pytest.mark.parametrize("expected", [0, 1, 6, 1000])
@pytest.mark.parametrize("cuts", [(0, 6), (0, 1, 2, 3, 4, 5, 6), (0, 0, 4, 6), (0, 2, 6)])
def test_pages_of_any_size_give_the_same_however_many_were_expected(
    expected: int, cuts: tuple[int, ...]
) -> None:
    whole = _shapes()
    pages = RaggedPages(expected)
    for first, last in itertools.pairwise(cuts):
        pages.add(whole.stretch(first, last))
    assert _same(pages.whole(), whole)


def test_what_was_returned_stays_as_it_is() -> None:
    whole = _shapes()
    pages = RaggedPages(3)
    pages.add(whole.stretch(0, 3))
    before = pages.whole()
    pages.add(whole.stretch(3, 6))
    assert _same(before, whole.stretch(0, 3))


def test_no_page_is_no_feature() -> None:
    found = RaggedPages(10).whole()
    assert len(found) == 0
    assert found.coords.shape == (0, 2)
    assert found.feature_offsets.tolist() == [0]
