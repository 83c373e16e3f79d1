"""Holes cut and filled, and ways along neighbours: existing corners only."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.errors import GeometryError
from zsgis.editing.holes import cut_hole, fill_hole
from zsgis.editing.tracing import BoundaryNetwork

relaxed = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
SQUARE = shapely.box(0, 0, 100, 100)


@relaxed
@given(st.lists(st.tuples(st.floats(-20, 120), st.floats(-20, 120)), min_size=3, max_size=7))
def test_a_hole_takes_exactly_its_land_or_is_refused(places: list[tuple[float, float]]) -> None:
    ring = shapely.Polygon(places)
    if not ring.is_valid or ring.area == 0.0:
        return
    try:
        cut = cut_hole(SQUARE, ring)
    except GeometryError:
        return  # refused with a sentence
    assert cut.shape.is_valid
    assert cut.shape.area + cut.inside.area == pytest.approx(10_000.0, abs=1e-6)
    middle = shapely.point_on_surface(ring)
    filled = fill_hole(cut.shape, middle.x, middle.y)
    assert filled is not None
    assert filled.shape.equals(SQUARE)
    assert filled.inside.equals(ring)


def test_a_hole_around_a_hole_takes_it_up() -> None:
    once = cut_hole(SQUARE, shapely.box(40, 40, 60, 60)).shape
    twice = cut_hole(once, shapely.box(30, 30, 70, 70))
    assert (twice.shape.area, twice.inside.area, len(twice.shape.interiors)) == (8400.0, 1200.0, 1)


@pytest.mark.parametrize(
    "ring",
    [
        shapely.box(-5, 10, 20, 20),
        shapely.box(0, 0, 100, 100),
        shapely.box(200, 200, 210, 210),
        shapely.box(0, 10, 20, 20),
        shapely.box(50, 50, 90, 55),
    ],
    ids=["over the edge", "all", "outside", "along the edge", "into a hole"],
)
def test_a_hole_that_is_none_is_refused(ring: shapely.Polygon) -> None:
    polygon = cut_hole(SQUARE, shapely.box(40, 40, 60, 60)).shape
    with pytest.raises(GeometryError) as refused:
        cut_hole(polygon, ring)
    assert refused.value.remedy


def test_the_smallest_hole_is_filled_and_an_island_in_it_is_taken_up() -> None:
    holed = shapely.Polygon(SQUARE.exterior, [shapely.box(20, 20, 80, 80).exterior])
    both = shapely.MultiPolygon([holed, shapely.box(40, 40, 50, 50)])
    filled = fill_hole(both, 30.0, 30.0)
    assert filled is not None
    assert filled.shape.area == 10_000.0
    assert filled.inside.area == 3500.0
    assert fill_hole(both, 10.0, 10.0) is None


def test_cutting_and_filling_leaves_a_large_polygon_bit_for_bit() -> None:
    angles = np.linspace(0.0, 2.0 * math.pi, 100_000, endpoint=False)
    large = shapely.Polygon(np.column_stack([np.cos(angles), np.sin(angles)]) * 1000.0 + (38.5e6, 2.49e6))
    cut = cut_hole(large, shapely.box(38.5e6 + 3, 2.49e6 + 4, 38.5e6 + 8, 2.49e6 + 9))
    back = fill_hole(cut.shape, 38.5e6 + 5, 2.49e6 + 5)
    assert back is not None
    assert shapely.equals_exact(back.shape, large, 0.0)


def grid(columns: int, rows: int) -> np.ndarray:
    return np.array(
        [shapely.box(10 * x, 10 * y, 10 * x + 10, 10 * y + 10) for x in range(columns) for y in range(rows)],
        dtype=object,
    )


@relaxed
@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_ways_use_existing_corners_and_edges_and_are_as_short_as_on_a_chess_board(
    columns: int, rows: int, data: st.DataObject
) -> None:
    network = BoundaryNetwork.of(grid(columns, rows))
    assert len(network) == (columns + 1) * (rows + 1)
    start, end = (data.draw(st.integers(0, len(network) - 1)) for _end in range(2))
    ways = network.ways_from(start)
    way = ways.shortest(end)
    edges = {tuple(edge) for edge in network.edges.tolist()}
    for found in (way, ways.other(end)):
        assert all((min(a, b), max(a, b)) in edges for a, b in pairwise(found.tolist()))
    assert (way[0], way[-1]) == (start, end)
    across, up = np.abs(network.corners[start] - network.corners[end]) / 10
    # on a grid the shortest way along the lines is as long as the steps across and up
    assert len(way) - 1 == int(across + up)


def test_the_other_way_goes_round_the_other_side() -> None:
    ring = shapely.Polygon([(0, 0), (10, 0), (20, 0), (20, 30), (0, 30)])
    network = BoundaryNetwork.of(np.array([ring, None], dtype=object))
    start, end = network.nearest(0, 0, 0.1), network.nearest(20, 0, 0.1)
    assert start is not None
    assert end is not None
    ways = network.ways_from(start)
    assert network.corners[ways.shortest(end)].tolist() == [[0, 0], [10, 0], [20, 0]]
    assert network.corners[ways.other(end)].tolist() == [[0, 0], [0, 30], [20, 30], [20, 0]]
    assert network.nearest(5, 5, 1.0) is None


def test_where_no_way_leads_there_is_none() -> None:
    apart = BoundaryNetwork.of(np.array([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)], dtype=object))
    ways = apart.ways_from(0)
    far = apart.nearest(6, 6, 0.1)
    assert far is not None
    assert len(ways.shortest(far)) == 0
    assert len(ways.other(far)) == 0
    line = BoundaryNetwork.of(np.array([shapely.LineString([(0, 0), (5, 0), (9, 0)])], dtype=object))
    assert line.ways_from(0).shortest(2).tolist() == [0, 1, 2]
    assert line.ways_from(0).shortest(2, 3).tolist() == [0, 1, 2]
    assert len(line.ways_from(0).shortest(2, 2)) == 0
    assert len(line.ways_from(0).other(2)) == 0
    assert len(BoundaryNetwork.of(np.array([shapely.Point(0, 0), None], dtype=object))) == 0


def test_neighbours_meet_bit_for_bit_in_large_coordinates() -> None:
    shared = [(38_500_000.1 + 0.1 * number, 2_490_000.3 + math.sin(number)) for number in range(200)]
    west = shapely.Polygon([*shared, (38_499_000.0, 2_490_100.0)])
    east = shapely.Polygon([*reversed(shared), (38_501_000.0, 2_489_000.0)])
    network = BoundaryNetwork.of(np.array([west, east], dtype=object))
    assert len(network) == 202
    start = network.nearest(*shared[0], 0.0)
    end = network.nearest(*shared[-1], 0.0)
    assert start is not None
    assert end is not None
    assert network.corners[network.ways_from(start).shortest(end)].tolist() == [list(p) for p in shared]
