"""Shapes of one layer over each other: all found, by edges that no neighbour shares."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from layers.errors import JobCancelled
from layers.progress import NoProgress
from tests.zsgis.overlay_shapes import PLACE, lattice_shapes, moved, shapes, stars
from zsgis.overlay import balanced_overlay
from zsgis.overlay.overlaps import overlaps_among
from zsgis.overlay.shared_edges import SharedEdges


def cells(count: int, west: float = 0.0, south: float = 0.0) -> list[Any]:
    return [
        moved(box(x, y, x + 1, y + 1), PLACE + np.array([west, south]))
        for x in range(count)
        for y in range(count)
    ]


def found(layer: Any) -> dict[tuple[int, int], float]:
    return {
        (o.first, o.second): o.area_m2
        for o in overlaps_among(layer, SharedEdges.of(layer), 1e-4, NoProgress())
    }


def expected(layer: Any) -> dict[tuple[int, int], float]:
    pairs = itertools.combinations(range(len(layer)), 2)
    areas = {(i, j): shapely.area(shapely.intersection(layer[i], layer[j])) for i, j in pairs}
    return {pair: area for pair, area in areas.items() if area > 1e-9}


def assert_all_found(layer: Any) -> None:
    right = expected(layer)
    told = found(layer)
    assert {pair for pair, area in told.items() if area > 1e-9} == right.keys()
    assert [told[pair] for pair in right] == pytest.approx(list(right.values()), abs=1e-6)


def test_edges_shared_and_bare_by_hand() -> None:
    # Two squares side by side share one edge each way; of their 8 edges 6 are bare.
    edges = SharedEdges.of(shapes(box(0, 0, 1, 1), box(1, 0, 2, 1), box(5, 5, 6, 6)))
    assert edges.first.tolist() == [0, 1]
    assert edges.second.tolist() == [1, 0]
    lines, owner = edges.lines(slice(0, len(edges.begins) - 1))
    assert [shapely.length(lines[owner == shape]).sum() for shape in range(3)] == [3.0, 3.0, 4.0]


def test_a_sound_coverage_lies_nowhere_over_itself() -> None:
    assert found(shapes(*cells(6))) == {}


def test_two_coverages_stacked_are_found_to_their_middle() -> None:
    # The second lies half a cell east and a quarter north, deep inside the first; no edge of its inner cells
    # is bare, and each of its cells lies over four of the first: 9 x 4 pairs.
    layer = shapes(*cells(8), *cells(3, 2.5, 2.25))
    told = found(layer)
    assert len(told) == 36
    assert sum(told.values()) == pytest.approx(9.0, abs=1e-6)
    assert_all_found(layer)


def test_a_coverage_given_twice_is_found_whole() -> None:
    assert sum(found(shapes(*cells(4), *cells(4))).values()) == pytest.approx(16.0, abs=1e-6)


def test_the_same_ground_cut_up_otherwise_is_found_whole() -> None:
    # a corner more on every edge: nothing is shared between the two, all edges run along each other
    denser = [shapely.segmentize(shape, 0.5) for shape in cells(4)]
    assert_all_found(shapes(*cells(4), *denser))


def test_one_shape_over_many_neighbours() -> None:
    assert_all_found(shapes(*cells(7), moved(box(1.5, 1.5, 5.5, 5.5), PLACE)))


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_layers_of_any_shapes_equal_looking_at_every_pair(seed: int) -> None:
    assert_all_found(np.concatenate([lattice_shapes(seed, 8), stars(seed, 5, holes=0.4, parts=0.3)]))


def test_features_under_stacked_zones_balance() -> None:
    zones = shapes(*cells(8), *cells(3, 2.5, 2.25))
    features = shapes(*(moved(box(x, 0.5, x + 0.7, 7.5), PLACE) for x in range(8)))
    overlay = balanced_overlay(features, zones)
    # a feature is 0.7 x 7 m, all of it in the first coverage; the second covers x from 2.5 to 5.5 and
    # y from 2.25 to 5.25: of the features at 2, 3, 4, 5 a width of 0.2, 0.7, 0.7, 0.5 over 3 m
    assert overlay.overlap_m2.tolist() == pytest.approx([0, 0, 0.6, 2.1, 2.1, 1.5, 0, 0], abs=1e-6)
    assert overlay.remainder_m2.tolist() == pytest.approx([0.0] * 8, abs=1e-6)
    assert np.abs(overlay.imbalance_m2).max() < 1e-6


class StopsAt:
    def __init__(self, share: float) -> None:
        self.share = share

    def step(self, done: float, _text: str = "") -> None:
        if done >= self.share:
            raise JobCancelled


@pytest.mark.parametrize("share", [0.0, 0.05, 0.12, 0.3, 0.6, 0.9, 1.0])
def test_it_stops_wherever_it_is(share: float) -> None:
    with pytest.raises(JobCancelled):
        balanced_overlay(shapes(*cells(12)), shapes(*cells(12, 0.3, 0.3)), progress=StopsAt(share))
