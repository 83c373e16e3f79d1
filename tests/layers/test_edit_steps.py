"""Shapes of one edit made ready for the file together are those made ready one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyproj
import pytest
import shapely

from layers.edits import AddFeature, Change, ChangeFeature, Edit, RemoveFeature
from layers.errors import GeometryError, InputError
from layers.store import LayerInfo, NewLayer, Project
from layers.store.edits.steps import blobs_of, held_shape

CRS = pyproj.CRS.from_epsg(4547)
X, Y = 500_000.0, 2_490_000.0
UID = "019313a0-0000-7000-8000-{:012d}"


def box(number: int, side: float = 10.0) -> shapely.Polygon:
    return shapely.box(X + 20 * number, Y, X + 20 * number + side, Y + side)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "工程.gpkg", CRS)
    uids = [UID.format(number) for number in range(4)]
    areas = geopandas.GeoDataFrame({"zs_uid": uids}, geometry=[box(n) for n in range(4)], crs=CRS)
    made.add_layer(NewLayer("面", "zones", CRS), areas)
    others = [UID.format(number) for number in range(10, 14)]
    points = geopandas.GeoDataFrame(
        {"zs_uid": others}, geometry=[shapely.Point(X + n, Y) for n in range(4)], crs=CRS
    )
    made.add_layer(NewLayer("点", "points", CRS), points)
    return made


def areas(project: Project) -> LayerInfo:
    return project.layer("面")


def changes(info: LayerInfo, shapes: list[Any]) -> list[Change]:
    return [ChangeFeature(info.uid, UID.format(number), shape) for number, shape in enumerate(shapes)]


def test_shapes_made_together_are_those_made_one_by_one(project: Project) -> None:
    info = areas(project)
    high = shapely.Polygon([(X, Y, 1), (X + 4, Y, 2), (X + 4, Y + 4, 3)])
    two = shapely.MultiPolygon([box(0), box(5)])
    holed = box(1).difference(box(1, 3.0).buffer(-0.5))
    given: list[Change] = [
        *changes(info, [box(0, 12.0), high, two]),
        RemoveFeature(info.uid, UID.format(3)),
        AddFeature(info.uid, holed),
        AddFeature(info.uid, None),
        ChangeFeature(info.uid, UID.format(0), values={"name": "甲"}),
        AddFeature(project.layer("点").uid, shapely.Point(X, Y)),
    ]
    found = blobs_of(given, info, 4547)
    assert list(found) == [0, 1, 2, 4]
    for number, shape in zip(found, (box(0, 12.0), high, two, holed), strict=True):
        assert found[number] == held_shape(info, shape, 4547)


def test_an_edit_of_several_shapes_stands_in_the_file_bit_for_bit(project: Project) -> None:
    info = areas(project)
    shapes = [box(0, 12.345678901234567), shapely.MultiPolygon([box(1), box(6)]), box(2, 1e-3), None]
    project.apply(Edit("改", tuple(changes(info, shapes))))
    stored = [state.geometry for state in project.states(info.uid)]
    assert stored[3] is None
    assert all(shapely.equals_identical(one, two) for one, two in zip(stored[:3], shapes[:3], strict=True))


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (shapely.Point(X, Y), InputError),
        (shapely.Polygon([(X, Y), (X + 1, np.inf), (X + 2, Y)]), GeometryError),
    ],
)
def test_one_shape_that_cannot_be_held_refuses_the_whole_edit(
    project: Project, bad: shapely.Geometry, error: type[Exception]
) -> None:
    info = areas(project)
    before = project.content_hash(info.uid)
    given = changes(info, [box(0, 12.0), bad, box(2, 12.0)])
    assert blobs_of(given, info, 4547) == {}
    with pytest.raises(error, match="面"):
        project.apply(Edit("改", tuple(given)))
    assert project.content_hash(info.uid) == before
    assert project.undoable() is None


def test_a_point_stays_one_beside_others_of_several(project: Project) -> None:
    info = project.layer("点")
    several = shapely.MultiPoint([(X, Y), (X + 1, Y)])
    given = [
        ChangeFeature(info.uid, UID.format(10), shapely.Point(X, Y + 5)),
        ChangeFeature(info.uid, UID.format(11), several),
    ]
    assert blobs_of(given, info, 4547) == {}
    project.apply(Edit("移", tuple(given)))
    kinds = [shapely.get_type_id(state.geometry) for state in project.states(info.uid)]
    assert kinds == [0, 4, 0, 0]
