"""Selecting by an area of the map, against shapely over every feature."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pyproj
import pytest
import shapely

from layers.crs import parse_crs, transform
from layers.errors import JobCancelled
from layers.store import NewLayer, Project
from zsgis.selection.by_area import AreaRelation, MapArea, select_in
from zsgis.selection.combining import Combination, combined

GK = parse_crs("4547")
X, Y = 500_000.0, 2_490_000.0


def random_shapes(kind: str, seed: int, count: int = 400) -> list[shapely.Geometry]:
    rng = np.random.default_rng(seed)
    places = rng.uniform(0, 3000, (count, 2)) + np.array([X, Y])
    if kind == "point":
        return list(shapely.points(places))
    if kind == "line":
        steps = rng.normal(0, 60, (count, 4, 2)).cumsum(axis=1) + places[:, None, :]
        return list(shapely.linestrings(steps))
    turns = np.sort(rng.uniform(0, 2 * np.pi, (count, 9)), axis=1)
    reach = rng.uniform(20, 150, (count, 9))
    ring = np.stack([np.cos(turns) * reach, np.sin(turns) * reach], axis=2) + places[:, None, :]
    return [shapely.make_valid(shapely.Polygon(r)) for r in ring]


def make(
    path: Path, shapes: list[shapely.Geometry | None], kind: str, crs: pyproj.CRS
) -> tuple[Project, geopandas.GeoDataFrame]:
    project = Project.create(path / "project.gpkg", GK)
    data = geopandas.GeoDataFrame(geometry=shapes, crs=crs)
    layer = project.add_layer(NewLayer("层", kind, crs), data)
    return project, project.read(layer.uid, columns=())


def star(seed: int) -> list[tuple[float, float]]:
    rng = np.random.default_rng(seed)
    turns = np.linspace(0, 2 * np.pi, 9, endpoint=False)
    reach = rng.uniform(300, 1400, 9)
    return [
        (X + 1500 + float(np.cos(t) * r), Y + 1500 + float(np.sin(t) * r))
        for t, r in zip(turns, reach, strict=True)
    ]


def brute_force(frame: geopandas.GeoDataFrame, shape: shapely.Geometry, relation: AreaRelation) -> set[str]:
    judge = shapely.intersects if relation is AreaRelation.TOUCHING else shapely.covers
    return set(frame.index[judge(shape, frame.geometry.to_numpy())])


@pytest.mark.parametrize("relation", list(AreaRelation))
@pytest.mark.parametrize("kind", ["points", "lines", "zones"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_taken_in_is_what_shapely_says_of_each(
    tmp_path: Path, kind: str, seed: int, relation: AreaRelation
):
    geometry = {"points": "point", "lines": "line", "zones": "polygon"}[kind]
    project, frame = make(tmp_path, random_shapes(geometry, seed), kind, GK)
    with project:
        area = MapArea.through(star(seed), GK)
        assert area is not None
        found = select_in(project, project.layers(), area, relation)
        expected = brute_force(frame, area.shape, relation)
        assert 10 < len(expected) < 390
        assert set(next(iter(found.values()))) == expected


@pytest.mark.parametrize("relation", list(AreaRelation))
@pytest.mark.parametrize("code", ["4490", "4526", "4326"])
def test_layers_of_another_system_are_taken_as_the_map_shows_them(
    tmp_path: Path, code: str, relation: AreaRelation
):
    other = parse_crs(code)
    moved = transform(np.array(random_shapes("polygon", 5), dtype=object), GK, other)
    project, frame = make(tmp_path, list(moved), "zones", other)
    with project:
        area = MapArea.through(star(5), GK)
        assert area is not None
        found = select_in(project, project.layers(), area, relation)
        shown = transform(frame.geometry.to_numpy(), other, GK)
        judge = shapely.intersects if relation is AreaRelation.TOUCHING else shapely.covers
        assert set(next(iter(found.values()))) == set(frame.index[judge(area.shape, shown)])


def test_a_long_edge_that_bends_out_of_its_box_is_found(tmp_path: Path):
    # 200 km along a parallel: straight in degrees, and on the map of metres 300 m further south in the middle
    degrees = parse_crs("4490")
    far = shapely.LineString([(112.5, 22.5), (114.5, 22.5)])
    project, frame = make(tmp_path, [far, shapely.LineString([(113, 22), (113, 22.1)])], "lines", degrees)
    with project:
        shown = transform(frame.geometry.to_numpy(), degrees, GK)
        east = float(shapely.get_coordinates(shown[0])[:, 0].mean())
        crossing = shapely.intersection(shown[0], shapely.LineString([(east, 0), (east, 9e6)]))
        area = MapArea(shapely.box(east - 10, crossing.y - 10, east + 10, crossing.y + 10), GK)
        # the line's own box does not come near the place where the map shows its middle
        there = transform(np.array([area.shape], dtype=object), GK, degrees)[0]
        assert abs(there.centroid.y - 22.5) > 0.001
        found = select_in(project, project.layers(), area, AreaRelation.TOUCHING)
        assert set(next(iter(found.values()))) == {frame.index[0]}


def test_touching_at_a_point_counts_and_inside_may_reach_the_edge(tmp_path: Path):
    corner, within, across = (
        shapely.box(X + 100, Y + 100, X + 200, Y + 200),
        shapely.box(X, Y, X + 50, Y + 50),
        shapely.box(X + 50, Y + 50, X + 150, Y + 90),
    )
    project, frame = make(tmp_path, [corner, within, across], "zones", GK)
    with project:
        area = MapArea(shapely.box(X, Y, X + 100, Y + 100), GK)
        touching = select_in(project, project.layers(), area, AreaRelation.TOUCHING)
        inside = select_in(project, project.layers(), area, AreaRelation.INSIDE)
        assert set(next(iter(touching.values()))) == set(frame.index)
        assert set(next(iter(inside.values()))) == {frame.index[1]}


def test_missing_and_empty_shapes_are_nowhere(tmp_path: Path):
    shapes = [None, shapely.Polygon(), shapely.box(X, Y, X + 1, Y + 1)]
    project, frame = make(tmp_path, shapes, "zones", GK)
    with project:
        area = MapArea(shapely.box(X - 10, Y - 10, X + 10, Y + 10), GK)
        found = select_in(project, project.layers(), area, AreaRelation.TOUCHING)
        assert set(next(iter(found.values()))) == {frame.index[2]}


def test_a_layer_that_cannot_be_brought_onto_the_map_has_nothing_there(tmp_path: Path):
    project, _frame = make(tmp_path, [shapely.box(X, Y, X + 1, Y + 1)], "zones", parse_crs("2383"))
    with project:
        area = MapArea(shapely.box(X - 10, Y - 10, X + 10, Y + 10), GK)
        assert select_in(project, project.layers(), area, AreaRelation.TOUCHING) == {}


def test_an_outline_that_crosses_itself_takes_in_its_two_halves():
    bow = MapArea.through([(0, 0), (10, 10), (10, 0), (0, 10)], GK)
    assert bow is not None
    # two triangles of base 10 and height 5
    assert bow.shape.area == pytest.approx(50.0)
    assert MapArea.through([(0, 0), (10, 10)], GK) is None
    assert MapArea.through([(0, 0), (10, 10), (20, 20)], GK) is None


def test_stopping_stops(tmp_path: Path):
    class Stopped:
        def step(self, _done: float, _text: str = "") -> None:
            raise JobCancelled

    project, _frame = make(tmp_path, [shapely.box(X, Y, X + 1, Y + 1)], "zones", GK)
    with project, pytest.raises(JobCancelled):
        select_in(
            project,
            project.layers(),
            MapArea(shapely.box(X, Y, X + 9, Y + 9), GK),
            AreaRelation.TOUCHING,
            Stopped(),
        )


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (Combination.REPLACE, {"a": {"2", "3"}, "c": {"9"}}),
        (Combination.ADD, {"a": {"1", "2", "3"}, "b": {"7"}, "c": {"9"}}),
        (Combination.REMOVE, {"a": {"1"}, "b": {"7"}}),
        (Combination.INTERSECT, {"a": {"2"}}),
    ],
)
def test_selections_are_put_together(how: Combination, expected: dict[str, set[str]]):
    before = {"a": frozenset({"1", "2"}), "b": frozenset({"7"})}
    found = {"a": frozenset({"2", "3"}), "c": frozenset({"9"})}
    assert combined(before, found, how) == expected
