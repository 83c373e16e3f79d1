"""Splitting polygons and lines: pieces add up, corners stay, and hopeless lines get a sentence."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.errors import GeometryError, InputError
from zsgis.editing.splitting import BALANCE_M2, cutting_line, split_polygon
from zsgis.editing.splitting_lines import point_on, split_line

ORIGIN = (38_500_000.0, 2_490_000.0)
number = st.floats(-400.0, 400.0, allow_nan=False)
place = st.tuples(number, number)
relaxed = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def star(radii: list[float], hole: float = 0.0) -> shapely.Polygon:
    """Return a star-shaped polygon about the origin of a 3-degree zone, with a small square hole or none."""
    angles = np.linspace(0.0, 2.0 * math.pi, len(radii), endpoint=False)
    ring = np.column_stack([np.cos(angles) * radii, np.sin(angles) * radii]) + ORIGIN
    holes = []
    if hole:
        holes = [np.array([(-hole, -hole), (hole, -hole), (hole, hole), (-hole, hole)]) + ORIGIN]
    return shapely.Polygon(ring, holes)


def corners(shape: shapely.Geometry) -> set[tuple[float, float]]:
    return set(map(tuple, shapely.get_coordinates(shape).tolist()))


def line(*places: tuple[float, float]) -> shapely.LineString:
    return cutting_line(np.array(places, dtype=np.float64) + ORIGIN)


@relaxed
@given(
    st.lists(st.floats(50.0, 300.0), min_size=4, max_size=40),
    st.sampled_from([0.0, 15.0]),
    st.lists(place, min_size=2, max_size=6),
)
def test_pieces_add_up_and_keep_every_corner(
    radii: list[float], hole: float, places: list[tuple[float, float]]
) -> None:
    polygon = star(radii, hole)
    try:
        pieces = split_polygon(polygon, line(*places), balance=BALANCE_M2)
    except GeometryError:
        return  # refused with a sentence
    assert abs(math.fsum(piece.area for piece in pieces) - polygon.area) <= 0.01
    assert all(piece.is_valid for piece in pieces)
    assert [piece.area for piece in pieces] == sorted((piece.area for piece in pieces), reverse=True)
    for first in range(len(pieces)):
        for second in range(first):
            assert shapely.intersection(pieces[first], pieces[second]).area <= 0.01
    if len(pieces) > 1:
        assert corners(polygon) <= set().union(*map(corners, pieces))
    else:
        assert pieces[0] is polygon


def test_a_square_is_halved_and_both_halves_share_the_new_corners() -> None:
    square = shapely.box(0, 0, 100, 100)
    pieces = split_polygon(square, cutting_line(np.array([(40.0, -5.0), (40.0, 105.0)])), balance=BALANCE_M2)
    assert [piece.area for piece in pieces] == [6000.0, 4000.0]
    assert corners(pieces[0]) & corners(pieces[1]) == {(40.0, 0.0), (40.0, 100.0)}


def test_a_line_through_a_hole_gives_two_pieces_and_a_ring_inside_gives_an_island() -> None:
    ring = shapely.Polygon(shapely.box(0, 0, 100, 100).exterior, [shapely.box(40, 40, 60, 60).exterior])
    through = split_polygon(ring, cutting_line(np.array([(50.0, -1.0), (50.0, 101.0)])), balance=0.01)
    assert [piece.area for piece in through] == [4800.0, 4800.0]
    inside = cutting_line(np.array([(10.0, 10.0), (30.0, 10.0), (30.0, 30.0), (10.0, 30.0), (10.0, 10.0)]))
    outer, island = split_polygon(ring, inside, balance=0.01)
    assert (island.area, outer.area, len(outer.interiors)) == (400.0, 9200.0, 2)


def test_a_line_that_ends_inside_or_runs_along_the_edge_divides_nothing() -> None:
    square = shapely.box(0, 0, 100, 100)
    for places in [[(50, -5), (50, 50)], [(0, 0), (0, 100)], [(-10, 0), (110, 0)], [(200, 0), (200, 9)]]:
        assert split_polygon(square, cutting_line(np.array(places, float)), balance=0.01) == (square,)


def test_a_sliver_along_an_edge_goes_to_its_neighbour() -> None:
    square = shapely.box(0, 0, 100, 100)
    # 100 m long and 0.00004 m wide at most: 0.002 m2; then straight across
    wobble = cutting_line(np.array([(-1.0, 0.0), (50.0, 0.00004), (101.0, 0.0), (101.0, 50.0), (-1.0, 50.0)]))
    pieces = split_polygon(square, wobble, balance=BALANCE_M2)
    assert len(pieces) == 2
    assert math.fsum(piece.area for piece in pieces) == pytest.approx(10_000.0, abs=1e-9)


def test_parts_that_are_not_met_stay_with_the_largest_piece() -> None:
    parts = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(100, 0, 110, 10)])
    largest, other = split_polygon(parts, cutting_line(np.array([(3.0, -1.0), (3.0, 11.0)])), balance=0.01)
    assert (largest.area, len(largest.geoms), other.area) == (170.0, 2, 30.0)


def test_heights_of_corners_are_kept() -> None:
    roof = shapely.Polygon([(0, 0, 5), (10, 0, 5), (10, 10, 7), (0, 10, 7)])
    pieces = split_polygon(roof, cutting_line(np.array([(5.0, -1.0), (5.0, 11.0)])), balance=0.01)
    before = set(map(tuple, shapely.get_coordinates(roof, include_z=True).tolist()))
    after = set().union(
        *(map(tuple, shapely.get_coordinates(piece, include_z=True).tolist()) for piece in pieces)
    )
    assert before <= after


@pytest.mark.parametrize(
    "places",
    [[], [(1.0, 1.0)], [(1.0, 1.0), (1.0, 1.0)], [(0.0, math.nan), (1.0, 1.0)], [(0.0, math.inf)] * 2],
)
def test_a_hopeless_line_is_refused_with_a_remedy(places: list[tuple[float, float]]) -> None:
    with pytest.raises(InputError) as refused:
        cutting_line(np.array(places, dtype=np.float64).reshape(-1, 2))
    assert refused.value.remedy


def test_a_faulty_polygon_is_refused() -> None:
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    with pytest.raises(GeometryError):
        split_polygon(bow, cutting_line(np.array([(5.0, -1.0), (5.0, 11.0)])), balance=0.01)


def test_a_hundred_thousand_corners() -> None:
    angles = np.linspace(0.0, 2.0 * math.pi, 100_000, endpoint=False)
    radius = 1000.0 + 20.0 * np.sin(angles * 977.0)
    polygon = shapely.Polygon(np.column_stack([np.cos(angles) * radius, np.sin(angles) * radius]) + ORIGIN)
    pieces = split_polygon(polygon, line((-1500.0, 3.3), (1500.0, -7.7)), balance=BALANCE_M2)
    assert len(pieces) >= 2
    assert abs(math.fsum(piece.area for piece in pieces) - polygon.area) <= 0.01
    assert corners(polygon) <= set().union(*map(corners, pieces))


@relaxed
@given(st.lists(place, min_size=2, max_size=12), st.lists(place, min_size=2, max_size=5))
def test_pieces_of_a_line_follow_each_other(
    places: list[tuple[float, float]], cut: list[tuple[float, float]]
) -> None:
    try:
        whole, cutter = line(*places), line(*cut)
    except GeometryError:
        return
    pieces = split_line(whole, cutter)
    assert math.fsum(piece.length for piece in pieces) == pytest.approx(whole.length, abs=1e-5)
    assert corners(whole) <= set().union(*map(corners, pieces))
    assert all(piece.length > 0 for piece in pieces)


def test_a_line_is_cut_at_a_line_and_at_its_own_corner() -> None:
    road = shapely.LineString([(0, 0, 1), (10, 0, 3), (10, 10, 3)])
    longest, rest = split_line(road, shapely.LineString([(4, -5), (4, 5)]))
    assert shapely.get_coordinates(rest, include_z=True).tolist() == [[0, 0, 1], [4, 0, 1.8]]
    assert shapely.get_coordinates(longest, include_z=True).tolist() == [[4, 0, 1.8], [10, 0, 3], [10, 10, 3]]
    assert [piece.length for piece in split_line(road, shapely.LineString([(5, 5), (15, -5)]))] == [
        10.0,
        10.0,
    ]


def test_a_line_is_cut_at_a_point_on_it_only() -> None:
    road = shapely.LineString([(0, 0), (100, 30)])
    near = point_on(road, shapely.Point(50, 14))
    pieces = split_line(road, near)
    assert len(pieces) == 2
    assert math.fsum(piece.length for piece in pieces) == pytest.approx(road.length, abs=1e-9)
    assert split_line(road, shapely.Point(50, 14)) == (road,)
