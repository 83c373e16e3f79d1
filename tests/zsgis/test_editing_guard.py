"""The guard against overlaps and gaps, and boundaries drawn anew."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.zsgis.coverage_samples import CELL, EAST, NORTH, coverages, grid, is_coverage
from zsgis.editing import guarding
from zsgis.editing.fitting import fits
from zsgis.editing.guarding import Reach, guard, meet
from zsgis.editing.reshaping import follow, longest_shared, reshape
from zsgis.editing.shared_edges import joined_move
from zsgis.editing.vertices import FaultyShapeError

SAME = Reach(0.0001)
CLOSING = Reach(0.0001, 0.5)


def at(x: float, y: float) -> tuple[float, float]:
    return EAST + x, NORTH + y


def box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    return shapely.box(*at(x0, y0), *at(x1, y1))


def line(*places: tuple[float, float]) -> np.ndarray:
    return np.array([at(*place) for place in places])


def test_a_shape_that_meets_nobody_stays_as_it_is() -> None:
    shape = box(0, 0, 50, 50)
    found = guard(
        shape,
        {"far": box(500, 0, 600, 50), "none": None, "line": shapely.LineString(line((0, 0), (9, 9)))},
        SAME,
    )
    assert found.free is shape
    assert (found.overlaps, found.gaps, dict(found.neighbours)) == ((), (), {})


def test_what_lies_on_a_neighbour_is_cut_off_and_named() -> None:
    """60 m x 50 m drawn, of which 20 m x 50 m lie on the neighbour."""
    found = guard(box(-40, 10, 20, 60), {"n": box(0, 0, 100, 100)}, SAME)
    assert found.free is not None
    assert found.free.area == pytest.approx(40 * 50, abs=1e-6)
    assert [(each.uid, round(each.area, 6)) for each in found.overlaps] == [("n", 1000.0)]
    assert is_coverage([found.free, found.neighbours["n"]])
    assert shapely.equals(found.neighbours["n"], box(0, 0, 100, 100))


def test_nothing_is_left_of_a_shape_on_other_features() -> None:
    assert guard(box(10, 10, 20, 20), {"n": box(0, 0, 100, 100)}, SAME).free is None


def test_a_narrow_gap_is_closed_with_the_neighbours_own_vertices() -> None:
    """The drawn edge runs 0.3 m beside the neighbour's.

    Its corners go to those of the neighbour: a trapezoid 40 m deep with sides of 99.7 m and 100 m, 3994 m2,
    instead of 39.7 m by 99.7 m, 3958.09 m2.
    """
    neighbour = box(0, 0, 100, 100)
    found = guard(box(-40, 0.2, -0.3, 99.9), {"n": neighbour}, CLOSING)
    assert found.free is not None
    corners = {tuple(each) for each in shapely.get_coordinates(found.free).tolist()}
    assert at(0, 0) in corners
    assert at(0, 100) in corners
    assert is_coverage([found.free, found.neighbours.get("n", neighbour)])
    assert shapely.union_all(found.gaps).area == pytest.approx(35.91, abs=1e-6)


def test_a_vertex_before_a_long_edge_is_pulled_onto_it() -> None:
    found = guard(box(-40, 30, -0.3, 60), {"n": box(0, 0, 100, 100)}, CLOSING)
    assert found.free is not None
    assert is_coverage([found.free, found.neighbours["n"]])
    assert found.free.area == pytest.approx(40 * 30, abs=1e-6)


def test_a_wide_gap_stays_open() -> None:
    shape = box(-40, 30, -0.6, 60)
    found = guard(shape, {"n": box(0, 0, 100, 100)}, CLOSING)
    assert found.free is not None
    assert shapely.equals_identical(found.free, shape)
    assert found.gaps == ()


def test_what_was_there_before_is_not_moved_to_close_a_gap() -> None:
    before = box(-40, 30, -0.3, 60)
    after = shapely.Polygon([at(-40, 30), at(-0.3, 30), at(-0.3, 60), at(-20, 80), at(-40, 60)])
    found = guard(after, {"n": box(0, 0, 100, 100)}, CLOSING, before)
    assert found.free is not None
    assert shapely.equals_identical(found.free, after)


def test_a_neighbour_gets_the_vertex_that_meets_its_edge() -> None:
    own, changed = meet(box(-50, 20, 0, 40), {"n": box(0, 0, 100, 100)}, SAME.same)
    corners = {tuple(each) for each in shapely.get_coordinates(changed["n"]).tolist()}
    assert {at(0, 20), at(0, 40)} <= corners
    assert shapely.equals_identical(own, box(-50, 20, 0, 40))


number = st.integers(-60, 360).map(float)


@given(
    cells=coverages,
    corners=st.lists(st.tuples(number, number), min_size=3, max_size=6, unique=True),
    taken=st.sets(st.integers(0, 8), min_size=1, max_size=8),
)
def test_what_the_guard_leaves_never_overlaps(
    cells: list[shapely.Polygon], corners: list[tuple[float, float]], taken: set[int]
) -> None:
    drawn = shapely.convex_hull(shapely.MultiPoint([at(*corner) for corner in corners]))
    if drawn.geom_type != "Polygon" or drawn.area < 100:
        return
    neighbours = {str(each): cells[each] for each in taken}
    found = guard(drawn, neighbours, CLOSING)
    after = {**neighbours, **found.neighbours}
    for uid, shape in found.neighbours.items():
        assert shapely.is_valid(shape)
        assert shape.area == pytest.approx(cells[int(uid)].area, abs=1e-4)
    if found.free is not None:
        assert shapely.is_valid(found.free)
        for other in after.values():
            assert shapely.intersection(found.free, other).area < 1e-6
        rest = shapely.difference(drawn, shapely.union_all(list(neighbours.values())))
        assert found.free.area >= rest.area - 0.5 * rest.length - 1e-6


# boundaries drawn anew


def test_a_line_outside_adds_and_a_line_inside_takes_away() -> None:
    square = box(0, 0, 100, 100)
    out = reshape(square, line((90, 20), (130, 20), (130, 60), (90, 60)), SAME.same)
    assert out.area == pytest.approx(10_000 + 30 * 40)
    into = reshape(square, line((110, 20), (70, 20), (70, 60), (110, 60)), SAME.same)
    assert into.area == pytest.approx(10_000 - 30 * 40)


def test_a_line_that_goes_out_and_in_does_both() -> None:
    """From the corner's south over the edge x = 100: 20 m x 20 m in, then 20 m x 20 m out."""
    wave = line((110, 20), (80, 20), (80, 40), (120, 40), (120, 60), (90, 60))
    assert reshape(box(0, 0, 100, 100), wave, SAME.same).area == pytest.approx(10_000 - 400 + 400)


def test_a_hole_and_a_part_of_several_are_reshaped() -> None:
    holed = shapely.Polygon(box(0, 0, 100, 100).exterior, [box(40, 40, 60, 60).exterior])
    assert reshape(holed, line((50, 45), (70, 45), (70, 55), (50, 55)), SAME.same).area == pytest.approx(
        10_000 - 400 - 100
    )
    two = shapely.MultiPolygon([box(0, 0, 100, 100), box(200, 0, 300, 100)])
    found = reshape(two, line((290, 20), (310, 20), (310, 40), (290, 40)), SAME.same)
    assert found.geom_type == "MultiPolygon"
    assert found.area == pytest.approx(20_000 + 200)


def test_a_line_feature_takes_the_drawn_stretch() -> None:
    road = shapely.LineString(line((0, 0), (100, 0), (200, 0)))
    found = reshape(road, line((150, -10), (150, 10), (50, 10), (50, -10)), SAME.same)
    assert shapely.get_coordinates(found).tolist() == [
        list(at(*each)) for each in ((0, 0), (50, 0), (50, 10), (150, 10), (150, 0), (200, 0))
    ]


def test_a_line_that_crosses_once_or_never_is_refused() -> None:
    for drawn in (line((50, 50), (150, 50)), line((10, 10), (20, 20))):
        with pytest.raises(FaultyShapeError):
            reshape(box(0, 0, 100, 100), drawn, SAME.same)


def test_neighbours_give_ground_and_take_what_is_left() -> None:
    cells = grid(2, 1, [])
    wave = line((90, 20), (120, 20), (120, 40), (80, 40), (80, 60), (110, 60))
    after = reshape(cells[0], wave, SAME.same)
    own, changed = follow(cells[0], after, {"east": cells[1]}, SAME.same)
    assert is_coverage([own, changed["east"]])
    assert own.area + changed["east"].area == pytest.approx(2 * CELL * CELL, abs=1e-6)
    assert changed["east"].area == pytest.approx(CELL * CELL - 20 * 20 + 20 * 20, abs=1e-6)


def test_a_neighbour_is_neither_swallowed_nor_cut_in_two() -> None:
    east = box(100, 0, 200, 100)
    with pytest.raises(FaultyShapeError):
        follow(box(0, 0, 100, 100), box(0, 0, 250, 100), {"east": east}, SAME.same)
    with pytest.raises(FaultyShapeError):
        follow(
            box(0, 0, 100, 100),
            shapely.union(box(0, 0, 100, 100), box(99, 40, 250, 60)),
            {"east": east},
            SAME.same,
        )


@given(
    cells=coverages, depth=st.floats(5, 60), low=st.floats(15, 40), high=st.floats(60, 85), out=st.booleans()
)
def test_following_neighbours_keep_the_ground_shared_out(
    cells: list[shapely.Polygon], depth: float, low: float, high: float, out: bool
) -> None:
    """The east boundary of the middle cell is drawn anew."""
    middle = shapely.get_coordinates(cells[4])
    start, end = middle[1], middle[2]
    along = end - start
    across = np.array([along[1], -along[0]]) / np.hypot(*along) * (1 if out else -1)
    first, last = start + along * low / 100, start + along * high / 100
    drawn = np.array([first - across * 3, first + across * depth, last + across * depth, last - across * 3])
    try:
        after = reshape(cells[4], drawn, SAME.same)
        others = {str(each): cell for each, cell in enumerate(cells) if each != 4}
        own, changed = follow(cells[4], after, others, SAME.same)
    except FaultyShapeError:
        return
    shapes = [own, *{**others, **changed}.values()]
    assert is_coverage(shapes)
    assert shapely.union_all(shapes).area == pytest.approx(shapely.union_all(cells).area, abs=1e-4)


def test_the_longest_shared_edge_is_found() -> None:
    others = {"short": box(100, 0, 200, 30), "long": box(100, 30, 200, 100), "corner": box(-50, -50, 0, 0)}
    assert longest_shared(box(0, 0, 100, 100), others) == "long"
    assert longest_shared(box(0, 0, 100, 100), {"corner": others["corner"]}) == ""


@pytest.mark.parametrize("reach", [SAME, CLOSING], ids=["as it is", "closing gaps"])
def test_what_is_told_to_fit_is_what_cutting_leaves_alone(
    reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Corners of a grid moved in all four cells, or in one alone: every answer against the slow way."""
    monkeypatch.setattr(guarding, "fits", lambda *_given: False)
    cells = grid(3, 3, [])
    corner = line((100, 100))
    told = []
    for dx, dy, moving in [(30, 20, 9), (0, 0.3, 9), (-0.3, 0, 1), (20, 20, 1), (-20, -20, 1), (0, 0, 1)]:
        moved = joined_move(cells[:moving], corner, np.add(corner, (dx, dy)), SAME.same)
        after = [*moved, *cells[moving:]]
        others = {str(number): cell for number, cell in enumerate(after) if number}
        found = guard(after[0], others, reach, cells[0])
        left = not found.overlaps and not found.gaps and not found.neighbours
        left = left and found.free is not None and shapely.equals_identical(found.free, after[0])
        fitting = fits(after[0], list(others.values()), reach, cells[0])
        assert left or not fitting
        told.append(fitting)
    # moved with its neighbours it fits, and where it is as it was; onto its neighbours it does not
    assert told[0]
    assert told[5]
    assert not told[3]


def test_a_vertex_that_a_neighbour_lacks_does_not_fit() -> None:
    """The neighbour has no vertex at 50 m on the edge both share."""
    shape = shapely.Polygon(line((100, 0), (100, 50), (100, 100), (200, 100), (200, 0)))
    assert not fits(shape, [box(0, 0, 100, 100)], SAME, None)
    assert fits(box(100, 0, 200, 100), [box(0, 0, 100, 100)], SAME, None)


def _shore(corners: int) -> shapely.Polygon:
    """Return an island with a wavy outline of so many corners, 1 km across."""
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    far = 500 + 5 * np.sin(37 * turn) + 0.3 * np.sin(corners / 20 * turn)
    return shapely.Polygon(np.column_stack([far * np.cos(turn), far * np.sin(turn)]))


@pytest.mark.parametrize("corners", [200, 20_000])
def test_of_a_large_outline_only_what_is_near_is_worked_on_and_the_outcome_is_the_same(corners: int) -> None:
    """The ground left free and what was cut off, against plain cutting of the whole shapes."""
    island = _shore(corners)
    lots = {"a": shapely.box(480, -40, 560, 40), "b": shapely.box(480.0, 60, 540, 120)}
    grown = shapely.union(island, shapely.box(470, -60, 530, 90))
    found = guard(grown, lots, Reach(1e-4, 0.2), island)
    taken = shapely.difference(shapely.union_all(list(lots.values())), island)
    assert found.free is not None
    assert shapely.area(shapely.intersection(found.free, taken)) < 1e-3
    assert found.free.area == pytest.approx(grown.difference(taken).area, abs=2 * 0.2 * 400)
    for overlap in found.overlaps:
        plain = grown.difference(island).intersection(lots[overlap.uid]).area
        assert overlap.area == pytest.approx(plain, rel=1e-9)
    assert {overlap.uid for overlap in found.overlaps} == {"a", "b"}
