"""Vertices of one shape, and of neighbours that share them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import GeometryError
from tests.zsgis.coverage_samples import CELL, EAST, NORTH, coverages, grid, is_coverage
from zsgis.editing.shared_edges import joined_move, joined_removal
from zsgis.editing.vertices import FaultyShapeError, Vertices, sound

SAME = 0.0001
L_SHAPE = shapely.Polygon([(0, 0), (4, 0), (4, 2), (2, 2), (2, 4), (0, 4)])
HOLED = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(3, 3), (6, 3), (6, 6)]])
TWO = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 0, 6, 1)])
SHAPES = [
    L_SHAPE,
    HOLED,
    TWO,
    shapely.Point(1, 2),
    shapely.MultiPoint([(1, 2), (3, 4)]),
    shapely.LineString([(0, 0), (1, 1), (2, 0)]),
    shapely.MultiLineString([[(0, 0), (1, 1)], [(5, 5), (6, 6), (7, 5)]]),
    shapely.Polygon([(0, 0, 1), (4, 0, 2), (4, 4, 3)]),
]


def coords(shape: shapely.Geometry) -> list[tuple[float, ...]]:
    return [tuple(each) for each in shapely.get_coordinates(shape).tolist()]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: str(shape.geom_type))
def test_a_shape_taken_apart_is_put_together_again(shape: shapely.Geometry) -> None:
    assert shapely.equals_identical(Vertices.of(shape).shape(), shape)


def test_what_has_no_vertices_is_refused() -> None:
    for nothing in (None, shapely.Polygon(), shapely.GeometryCollection([shapely.Point(0, 0)])):
        with pytest.raises(GeometryError):
            Vertices.of(nothing)


@pytest.mark.parametrize("number", [0, 6])
def test_the_first_vertex_of_a_ring_is_its_last(number: int) -> None:
    moved = Vertices.of(L_SHAPE).moved(np.array([number]), np.array([[-1.0, -1.0]])).shape()
    assert coords(moved) == [(-1, -1), (4, 0), (4, 2), (2, 2), (2, 4), (0, 4), (-1, -1)]


def test_vertices_are_put_in_and_heights_go_evenly_along_the_edge() -> None:
    part = Vertices.of(shapely.Polygon([(0, 0, 1), (4, 0, 3), (4, 4, 3)]))
    found = part.inserted(
        np.array([0, 0]), np.array([[3.0, 0.0], [1.0, 0.0]]), np.array([0.75, 0.25])
    ).shape()
    assert shapely.get_coordinates(found, include_z=True)[:4].tolist() == [
        [0, 0, 1],
        [1, 0, 1.5],
        [3, 0, 2.5],
        [4, 0, 3],
    ]


def test_a_vertex_put_into_a_hole_leaves_the_other_rings() -> None:
    part = Vertices.of(HOLED)
    found = part.inserted(np.array([5]), np.array([[4.5, 3.0]]), np.array([0.5])).shape()
    assert coords(found.exterior) == coords(HOLED.exterior)
    assert coords(found.interiors[0]) == [(3, 3), (4.5, 3), (6, 3), (6, 6), (3, 3)]


def test_vertices_are_taken_out_of_rings_lines_and_points() -> None:
    assert coords(Vertices.of(L_SHAPE).without(np.array([0])).shape())[0] == (4, 0)
    assert coords(Vertices.of(L_SHAPE).without(np.array([0])).shape())[-1] == (4, 0)
    assert coords(Vertices.of(SHAPES[5]).without(np.array([1])).shape()) == [(0, 0), (2, 0)]
    assert coords(Vertices.of(SHAPES[4]).without(np.array([0])).shape()) == [(3, 4)]


@pytest.mark.parametrize(
    ("shape", "numbers"),
    [(shapely.Polygon([(0, 0), (1, 0), (0, 1)]), [0]), (SHAPES[5], [0, 1]), (SHAPES[3], [0])],
)
def test_too_few_vertices_are_refused_with_the_place(shape: shapely.Geometry, numbers: list[int]) -> None:
    with pytest.raises(FaultyShapeError):
        Vertices.of(shape).without(np.array(numbers)).shape()


def test_a_vertex_moved_onto_the_next_becomes_one_with_it() -> None:
    part = Vertices.of(L_SHAPE)
    for number, target in ((3, 2), (0, 5), (0, 1)):
        found = part.moved(np.array([number]), part.xy[[target]]).shape()
        assert shapely.get_num_coordinates(found) == 6
        assert not (np.diff(shapely.get_coordinates(found), axis=0) == 0).all(axis=1).any()


def test_vertices_before_and_after_go_round_a_ring_and_end_with_a_line() -> None:
    assert Vertices.of(L_SHAPE).neighbours(0) == (5, 1)
    assert Vertices.of(L_SHAPE).neighbours(6) == (5, 1)
    assert Vertices.of(SHAPES[5]).neighbours(0) == (None, 1)
    assert Vertices.of(SHAPES[5]).neighbours(2) == (1, None)
    assert Vertices.of(SHAPES[3]).neighbours(0) == (None, None)


def test_a_shape_that_crosses_itself_is_refused_with_the_place() -> None:
    with pytest.raises(FaultyShapeError) as caught:
        sound(shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]))
    assert caught.value.place == (1.0, 1.0)


# neighbours


def node(column: int, row: int) -> np.ndarray:
    return np.array([[EAST + column * CELL, NORTH + row * CELL]])


def test_a_shared_vertex_moves_in_all_four_cells() -> None:
    cells = grid(3, 3, [])
    moved = joined_move(cells, node(1, 1), node(1, 1) + 7.25, SAME)
    changed = [
        number for number, (one, other) in enumerate(zip(cells, moved, strict=True)) if one is not other
    ]
    assert changed == [0, 1, 3, 4]
    target = tuple((node(1, 1) + 7.25)[0].tolist())
    assert all(target in coords(moved[number]) for number in changed)
    assert is_coverage(moved)


def test_vertices_nearly_at_one_place_are_one() -> None:
    cells = grid(2, 1, [])
    loose = shapely.transform(cells[1], lambda xy: xy + 0.00005)
    moved = joined_move([cells[0], loose], node(1, 0), node(1, 0) + 3.0, SAME)
    target = tuple((node(1, 0) + 3.0)[0].tolist())
    assert all(target in coords(shape) for shape in moved)


def test_a_vertex_on_a_neighbours_long_edge_takes_the_edge_with_it() -> None:
    """Two cells lie along the edge of one long one that has no vertex where they meet."""
    upper = grid(2, 1, [])
    long = shapely.box(EAST, NORTH - CELL, EAST + 2 * CELL, NORTH)
    moved = joined_move([*upper, long], node(1, 0), node(1, 0) - 10.0, SAME)
    assert shapely.get_num_coordinates(moved[2]) == 6
    assert is_coverage(moved)
    assert shapely.union_all(moved).area == pytest.approx(4 * CELL * CELL, abs=1e-6)


def test_what_lies_along_a_moved_edge_follows_it() -> None:
    """The long cell's corner moves: the two cells along its edge stay, the edge gets their vertices."""
    upper = grid(2, 1, [])
    long = shapely.box(EAST, NORTH - CELL, EAST + 2 * CELL, NORTH)
    moved = joined_move([*upper, long], node(0, 0), node(0, 0) + np.array([[0.0, 20.0]]), SAME)
    assert is_coverage(moved)
    assert shapely.area(shapely.intersection(moved[0], moved[2])) == 0


def test_a_place_on_an_edge_becomes_a_vertex_of_both_sides() -> None:
    cells = grid(2, 1, [])
    middle = node(1, 0) + np.array([[0.0, 40.0]])
    moved = joined_move(cells, middle, middle + np.array([[9.0, 0.0]]), SAME)
    assert [shapely.get_num_coordinates(shape) for shape in moved] == [6, 6]
    assert moved[0].area == pytest.approx(CELL * CELL + 9.0 * CELL / 2)
    assert is_coverage(moved)


def test_a_vertex_between_two_is_deleted_in_both_and_a_node_is_not() -> None:
    cells = grid(2, 1, [])
    middle = node(1, 0) + np.array([[0.0, 40.0]])
    bent = joined_move(cells, middle, middle + np.array([[9.0, 0.0]]), SAME)
    straight = joined_removal(bent, middle + np.array([[9.0, 0.0]]), SAME)
    assert all(one.equals(other) for one, other in zip(straight, cells, strict=True))
    with pytest.raises(FaultyShapeError):
        joined_removal(grid(3, 3, []), node(1, 1), SAME)


def test_a_corner_on_a_neighbours_long_edge_is_not_deleted() -> None:
    upper = grid(2, 1, [])
    long = shapely.box(EAST - CELL, NORTH - CELL, EAST + 3 * CELL, NORTH)
    with pytest.raises(FaultyShapeError):
        joined_removal([upper[0], long], node(0, 0), SAME)


def test_points_and_lines_move_together_where_they_share_a_place() -> None:
    old, new = np.array([[1.0, 1.0]]), np.array([[1.5, 0.5]])
    moved = joined_move([shapely.Point(1, 1), shapely.LineString([(0, 0), (1, 1), (2, 0)])], old, new, SAME)
    assert coords(moved[0]) == [(1.5, 0.5)]
    assert coords(moved[1]) == [(0, 0), (1.5, 0.5), (2, 0)]


def test_a_large_polygon_is_changed_at_one_vertex_only() -> None:
    turn = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    ring = np.column_stack([EAST + 5000 * np.cos(turn), NORTH + 5000 * np.sin(turn)])
    moved = joined_move([shapely.Polygon(ring)], ring[[7]], ring[[7]] + 0.01, SAME)[0]
    after = shapely.get_coordinates(moved)
    changed = np.flatnonzero((after[:-1] != ring).any(axis=1))
    assert changed.tolist() == [7]
    assert after[7].tolist() == (ring[7] + 0.01).tolist()


small = st.floats(-12, 12)


@given(cells=coverages, number=st.integers(0, 3), dx=small, dy=small)
def test_moves_that_turn_nothing_over_keep_the_ground_shared_out(
    cells: list[shapely.Polygon], number: int, dx: float, dy: float
) -> None:
    old = shapely.get_coordinates(cells[4])[[number]]
    moved = joined_move(cells, old, old + np.array([[dx, dy]]), SAME)
    if all(shapely.is_valid(shape) for shape in moved) and all(shape.exterior.is_ccw for shape in moved):
        assert is_coverage(moved)
        assert shapely.union_all(moved).area == pytest.approx(shapely.union_all(cells).area, abs=1e-6)


@given(cells=coverages, number=st.integers(0, 3), dx=small, dy=small)
def test_an_edge_moves_with_both_its_ends(
    cells: list[shapely.Polygon], number: int, dx: float, dy: float
) -> None:
    old = shapely.get_coordinates(cells[4])[number : number + 2]
    moved = joined_move(cells, old, old + np.array([dx, dy]), SAME)
    if all(shapely.is_valid(shape) and shape.exterior.is_ccw for shape in moved):
        assert is_coverage(moved)
