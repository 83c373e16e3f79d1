"""Snapping: what a place is meant for, against a search through everything."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from layers.kind import GeometryType
from zsgis.editing.segments import Segments
from zsgis.editing.settings import EditSettings, GuardMode, SnapUnit
from zsgis.editing.snapping import Snap, SnapIndex, SnapKind, SnapSettings, snap

X, Y = 436_000.123456789, 2_491_000.987654321
ALL = SnapSettings()


def index_of(*shapes: shapely.Geometry, metres: tuple[float, float] = (1.0, 1.0)) -> SnapIndex:
    held = np.array(shapes, dtype=object)
    names = [("layer", f"f{number}") for number in range(len(shapes))]
    return SnapIndex(Segments.of([(held, GeometryType.POLYGON)]), names, metres)


def square(x: float, y: float, side: float = 100.0) -> shapely.Polygon:
    return shapely.box(X + x, Y + y, X + x + side, Y + y + side)


def test_a_vertex_is_returned_to_the_last_bit() -> None:
    corner = shapely.get_coordinates(square(0, 0))[2]
    found = snap(index_of(square(0, 0)), (corner[0] + 0.3, corner[1] - 0.4), ALL, 1.0)
    assert found == Snap(SnapKind.VERTEX, corner[0], corner[1], ("layer", "f0"), pytest.approx(0.5, abs=1e-9))


def test_a_vertex_goes_before_a_nearer_edge() -> None:
    found = snap(index_of(square(0, 0)), (X + 3.0, Y + 0.1), ALL, 5.0)
    assert found is not None
    assert (found.kind, found.point) == (SnapKind.VERTEX, (X, Y))


def test_an_edge_is_met_at_the_foot_of_the_perpendicular() -> None:
    found = snap(index_of(square(0, 0)), (X + 40.0, Y - 0.7), ALL, 1.0)
    assert found is not None
    assert found.kind is SnapKind.EDGE
    assert found.point == (pytest.approx(X + 40.0, abs=1e-9), pytest.approx(Y, abs=1e-9))
    assert found.distance_m == pytest.approx(0.7, abs=1e-9)


def test_two_edges_are_met_where_they_cross() -> None:
    """Squares shifted by 50 m each way cross at (100, 50) and (50, 100)."""
    found = snap(index_of(square(0, 0), square(50, 50)), (X + 100.4, Y + 50.3), ALL, 2.0)
    assert found is not None
    assert found.kind is SnapKind.INTERSECTION
    assert found.point == (pytest.approx(X + 100.0, abs=1e-9), pytest.approx(Y + 50.0, abs=1e-9))


def test_each_kind_can_be_switched_off() -> None:
    index = index_of(square(0, 0), square(50, 50))
    at = (X + 100.4, Y + 50.3)
    found = snap(index, at, SnapSettings(intersection=False), 2.0)
    assert found is not None
    assert found.kind is SnapKind.EDGE
    assert snap(index, at, SnapSettings(intersection=False, edge=False), 2.0) is None
    assert snap(index, at, SnapSettings(on=False), 2.0) is None


def test_what_moves_with_the_pointer_is_left_out() -> None:
    """Both squares share the corner (100, 0): neither it nor the edges that end there count."""
    corner = np.array([[X + 100.0, Y]])
    index = index_of(square(0, 0), square(100, 0))
    place = (X + 100.2, Y + 0.1)
    assert snap(index, place, ALL, 1.0) is not None
    assert snap(index, place, ALL, 1.0, leave_out=corner) is None


def test_degrees_are_weighed_by_what_they_are_on_the_ground() -> None:
    """At 60 degrees north a degree of longitude is half as long: 0.001 degrees east is 55.66 m."""
    shape = shapely.box(113.0, 60.0, 113.5, 60.5)
    index = index_of(shape, metres=(55_660.0, 111_320.0))
    found = snap(index, (112.999, 60.25), ALL, 60.0)
    assert found is not None
    assert found.distance_m == pytest.approx(55.66, abs=1e-6)
    assert snap(index, (112.999, 60.25), ALL, 50.0) is None


def test_shapes_without_a_finite_place_are_passed_over() -> None:
    broken = shapely.Polygon([(0, 0), (np.inf, 0), (1, 1), (0, 0)])
    index = index_of(broken, shapely.Polygon(), square(0, 0))
    found = snap(index, (X, Y), ALL, 1.0)
    assert found is not None
    assert found.feature == ("layer", "f2")
    empty = SnapIndex(Segments.of([(np.array([], dtype=object), GeometryType.POLYGON)]), [])
    assert snap(empty, (X, Y), ALL, 1.0) is None


def test_points_and_lines_are_snapped_to() -> None:
    point, line = shapely.Point(X, Y), shapely.LineString([(X + 10, Y), (X + 20, Y)])
    groups = [
        (np.array([point], dtype=object), GeometryType.POINT),
        (np.array([line], dtype=object), GeometryType.LINE),
    ]
    index = SnapIndex(Segments.of(groups), [("points", "a"), ("lines", "b")])
    assert [
        found.feature
        for found in (snap(index, (X, Y + 0.1), ALL, 1.0), snap(index, (X + 15, Y + 0.1), ALL, 1.0))
        if found is not None
    ] == [("points", "a"), ("lines", "b")]


coordinate = st.integers(-40, 40).map(float)
ring = st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=60, unique=True)


@given(
    rings=st.lists(ring, min_size=1, max_size=4),
    place=st.tuples(st.floats(-45, 45), st.floats(-45, 45)),
    reach=st.floats(0.1, 15),
)
def test_a_search_through_everything_finds_the_same(
    rings: list[list[tuple[float, float]]], place: tuple[float, float], reach: float
) -> None:
    shapes = [shapely.Polygon(each) for each in rings]
    found = snap(index_of(*shapes), place, SnapSettings(intersection=False), reach)
    here = shapely.Point(place)
    to_vertices = min(here.distance(shapely.Point(each)) for ring_ in rings for each in ring_)
    to_edges = min(here.distance(shape.exterior) for shape in shapes)
    if to_vertices <= reach:
        assert found is not None
        assert found.kind is SnapKind.VERTEX
        assert found.distance_m == pytest.approx(to_vertices, abs=1e-9)
        assert found.point in {each for ring_ in rings for each in ring_}
    elif to_edges <= reach - 1e-9:
        assert found is not None
        assert found.kind is SnapKind.EDGE
        assert found.distance_m == pytest.approx(to_edges, abs=1e-9)
    elif to_edges > reach + 1e-9:
        assert found is None


@given(
    lines=st.lists(st.tuples(coordinate, coordinate, coordinate, coordinate), min_size=2, max_size=6),
    place=st.tuples(st.floats(-40, 40), st.floats(-40, 40)),
)
def test_crossings_are_those_that_the_library_finds(
    lines: list[tuple[float, float, float, float]], place: tuple[float, float]
) -> None:
    shapes = [shapely.LineString([(a, b), (c, d)]) for a, b, c, d in lines if (a, b) != (c, d)]
    index = SnapIndex(
        Segments.of([(np.array(shapes, dtype=object), GeometryType.LINE)]), [("", "")] * len(shapes)
    )
    only = SnapSettings(vertex=False, edge=False)
    met = [one.intersection(other) for one, other in combinations(shapes, 2)]
    away = [
        shapely.Point(place).distance(each) for each in met if each.geom_type == "Point" and not each.is_empty
    ]
    found = snap(index, place, only, 5.0)
    if away and min(away) <= 5.0 - 1e-9:
        assert found is not None
        assert found.distance_m == pytest.approx(min(away), abs=1e-7)
    elif not away or min(away) > 5.0 + 1e-9:
        assert found is None


def test_the_reach_is_kept_on_screen_or_on_the_ground() -> None:
    on_screen = SnapSettings(pixels=12.0, metres=2.0)
    assert (on_screen.reach_m(0.5), on_screen.reach_px(0.5)) == (6.0, 12.0)
    on_ground = on_screen.model_copy(update={"unit": SnapUnit.METRES})
    assert (on_ground.reach_m(0.5), on_ground.reach_px(0.5)) == (2.0, 4.0)
    with pytest.raises(ValidationError):
        SnapSettings(pixels=0.0)


def test_joining_and_guard_follow_the_layer_until_they_are_chosen() -> None:
    untouched = EditSettings()
    assert (untouched.joins(partition=True), untouched.joins(partition=False)) == (True, False)
    assert untouched.guards(partition=True) is GuardMode.CLIP
    assert untouched.guards(partition=False) is GuardMode.OFF
    chosen = EditSettings(joined=False, guard=GuardMode.WARN)
    assert not chosen.joins(partition=True)
    assert chosen.guards(partition=False) is GuardMode.WARN
