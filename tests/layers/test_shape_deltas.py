"""Differences of stored shapes: exact in both directions, small, and never applied to anything else."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.store.blob import encode
from layers.store.edits.deltas import (
    DeltaMismatchError,
    after_of,
    before_of,
    is_after,
    is_before,
    shape_delta,
)

sides = st.one_of(st.none(), st.binary(max_size=300))


def blob(coordinates: np.ndarray) -> bytes:
    held = encode(np.array([shapely.multipolygons([shapely.Polygon(coordinates)])]), 4547)[0]
    assert held is not None
    return held


def circle(count: int) -> np.ndarray:
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.column_stack([500000 + 1000 * np.cos(turn), 2490000 + 1000 * np.sin(turn)])


@given(sides, sides)
def test_both_directions_are_exact(before: bytes | None, after: bytes | None) -> None:
    delta = shape_delta(before, after)
    if delta is None:
        assert before == after
        return
    assert after_of(delta, before) == after
    assert before_of(delta, after) == before
    assert is_before(delta, before)
    assert is_after(delta, after)


@given(st.binary(min_size=50, max_size=400), st.data())
def test_pieces_taken_out_and_put_in_are_exact(before: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(before)))
    stop = data.draw(st.integers(start, len(before)))
    after = before[:start] + data.draw(st.binary(max_size=40)) + before[stop:]
    delta = shape_delta(before, after)
    if delta is not None:
        assert (after_of(delta, before), before_of(delta, after)) == (after, before)


def test_one_vertex_of_100000_costs_little() -> None:
    coordinates = circle(100_000)
    moved, more = coordinates.copy(), np.insert(coordinates, 50_000, [500000.5, 2490000.5], axis=0)
    moved[50_000] += 1.5
    for changed in (moved, more):
        delta = shape_delta(blob(coordinates), blob(changed))
        assert delta is not None
        # two checksums, the header's envelope and count, one vertex: far below a thousandth of 1.6 MB
        assert len(delta) < 400
        assert after_of(delta, blob(coordinates)) == blob(changed)


def test_another_shape_is_refused() -> None:
    first, second, third = (blob(circle(count)) for count in (10, 11, 12))
    delta = shape_delta(first, second)
    assert delta is not None
    for wrong in (second, third, None):
        with pytest.raises(DeltaMismatchError):
            after_of(delta, wrong)
    with pytest.raises(DeltaMismatchError):
        before_of(delta, first)
