"""Shapes with arcs, M values and heights in a real project file: an edit keeps them or is refused."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.crs import parse_crs, transform, transform_points
from layers.edits import AddFeature, ChangeFeature, Edit, FeatureState, RemoveFeature
from layers.errors import GeometryError
from layers.measures import at_places, is_measured, without_measures
from layers.progress import NoProgress
from layers.store import LayerInfo, NewLayer, Project
from layers.store.merging import LayerCopy, copied_draft
from layers.store.naming import quoted
from tests.layers.store_samples import CRS, add_parcels, new_project, square
from zsgis.editing.feature_edits import copy_features, delete_features, move_features, paste_features
from zsgis.editing.merging_shapes import merge_offer
from zsgis.editing.shape_edits import read_held
from zsgis.editing.vertices import Vertices
from zsgis.forms.history import restoring

ZM = "POLYGON ZM ((0 0 1 5, 40 0 2 6, 40 40 3 7, 0 40 4 8, 0 0 1 5))"
EAST, NORTH = 440_000.0, 2_490_000.0


def arcs() -> bytes:
    """Return a CURVEPOLYGON whose ring is a circle of two arcs, in a GeoPackage blob with its envelope."""
    places = [(0, 0), (20, 20), (40, 0), (20, -20), (0, 0)]
    ring = b"\x01" + struct.pack("<II", 8, len(places))
    ring += b"".join(struct.pack("<dd", EAST + x, NORTH + y) for x, y in places)
    envelope = struct.pack("<4d", EAST, EAST + 40, NORTH - 20, NORTH + 20)
    head = b"GP\x00\x03" + struct.pack("<i", 4547) + envelope
    return head + b"\x01" + struct.pack("<II", 10, 1) + ring


@dataclass
class Desk:
    """A project of three parcels, the first of them with arcs, written by another program."""

    project: Project
    layer: LayerInfo
    uids: list[str]

    def blob(self, number: int) -> bytes | None:
        connection = sqlite3.connect(self.project.path)
        query = "SELECT geom FROM {table} WHERE zs_uid = ?"
        found = connection.execute(
            query.format(table=quoted(self.layer.table)), (self.uids[number],)
        ).fetchone()
        connection.close()
        return None if found is None else bytes(found[0])

    def state(self, number: int) -> FeatureState:
        (found,) = self.project.states(self.layer.uid, [self.uids[number]])
        return found

    def change(self, number: int, shape: Any = None, **values: Any) -> None:
        more = {} if shape is None else {"geometry": shape}
        self.project.apply(
            Edit("改", (ChangeFeature(self.layer.uid, self.uids[number], values=values, **more),))
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with new_project(tmp_path) as project:
        layer = add_parcels(project)
        uids = [str(uid) for uid in project.read(layer.uid).index]
        other = sqlite3.connect(project.path)
        for name, value in (
            ("IsEmpty", 0),
            ("MinX", EAST),
            ("MaxX", EAST + 40),
            ("MinY", NORTH),
            ("MaxY", NORTH),
        ):
            other.create_function(f"ST_{name}", 1, lambda _blob, held=value: held)
        change = "UPDATE {table} SET geom = ? WHERE zs_uid = ?"
        other.execute(change.format(table=quoted(layer.table)), (arcs(), uids[0]))
        other.commit()
        other.close()
        yield Desk(project, project.layer(layer.uid), uids)


def test_values_of_a_feature_with_arcs_are_edited_and_its_shape_stays_bit_for_bit(desk: Desk) -> None:
    assert (desk.state(0).geometry, desk.state(0).unreadable) == (None, True)
    assert not desk.state(1).unreadable
    desk.change(0, name="圆塘")
    assert desk.state(0).values["name"] == "圆塘"
    assert desk.blob(0) == arcs()
    desk.project.undo()
    assert desk.blob(0) == arcs()
    desk.project.apply(Edit("删", (RemoveFeature(desk.layer.uid, desk.uids[0]),)))
    desk.project.undo()
    assert desk.blob(0) == arcs()


@pytest.mark.parametrize(
    "attempt",
    [
        lambda desk: desk.change(0, square(9)),
        lambda desk: read_held(desk.project, desk.layer, desk.uids[0]),
        lambda desk: move_features(desk.project, desk.layer, desk.uids, (1.0, 1.0)),
        lambda desk: copy_features(desk.project, desk.layer, desk.uids[:1]),
        lambda desk: merge_offer(desk.layer, [desk.state(0), desk.state(1)]),
        lambda desk: restoring(desk.layer, desk.state(0), None, "放回"),
        lambda desk: copied_draft(LayerCopy("新", desk.layer, desk.project.states(desk.layer.uid))),
        lambda desk: desk.project.apply(
            Edit("合", (ChangeFeature(desk.layer.uid, desk.uids[1], square(9), parents=(desk.uids[0],)),))
        ),
        lambda desk: desk.project.apply(
            Edit("贴", (AddFeature(desk.layer.uid, None, parents=(desk.uids[0],)),))
        ),
    ],
)
def test_what_would_lose_arcs_is_refused_by_name(desk: Desk, attempt: Callable[[Desk], object]) -> None:
    before = desk.project.edits()
    with pytest.raises(GeometryError) as refused:
        attempt(desk)
    assert "图斑1" in refused.value.what
    assert desk.blob(0) == arcs()
    assert desk.project.edits() == before


def test_a_feature_with_arcs_is_deleted_and_comes_back(desk: Desk) -> None:
    thought = delete_features(desk.project, [(desk.layer, desk.uids[:1])], NoProgress())
    desk.project.apply(thought.edit)
    assert desk.blob(0) is None
    desk.project.undo()
    assert desk.blob(0) == arcs()


@pytest.fixture
def measured(tmp_path: Path) -> Iterator[Desk]:
    with new_project(tmp_path) as project:
        shapes = [at_places(shapely.from_wkt(ZM), places(shift)) for shift in (0.0, 40.0)]
        frame = geopandas.GeoDataFrame({"name": ["甲", "乙"]}, geometry=shapes, crs=CRS)
        layer = project.add_layer(NewLayer("量测", "zones", project.crs), frame)
        yield Desk(project, layer, [str(uid) for uid in project.read(layer.uid).index])


def places(shift: float) -> Any:
    corners = shapely.get_coordinates(shapely.from_wkt(ZM))
    return corners + np.array([EAST + shift, NORTH])


def numbers(shape: Any) -> str:
    """Return heights and measures; those that are no number are alike too."""
    return str(shapely.get_coordinates(shape, include_z=True, include_m=True)[:, 2:].tolist())


def test_a_move_keeps_heights_and_measures(measured: Desk) -> None:
    before = measured.state(0).geometry
    thought = move_features(measured.project, measured.layer, measured.uids, (3.0, -4.0))
    measured.project.apply(thought.edit)
    after = measured.state(0).geometry
    assert numbers(after) == numbers(before)
    assert (
        shapely.get_coordinates(after).tolist()
        == (shapely.get_coordinates(before) + np.array([3.0, -4.0])).tolist()
    )


def test_copies_keep_measures_in_another_system_too(measured: Desk) -> None:
    copied = copy_features(measured.project, measured.layer, measured.uids[:1])
    frame = geopandas.GeoDataFrame({"name": ["在"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4490)
    target = measured.project.add_layer(NewLayer("经纬度", "zones", parse_crs(4490)), frame)
    (change,) = paste_features(copied, target).edit.changes
    assert isinstance(change, AddFeature)
    assert numbers(change.geometry) == numbers(measured.state(0).geometry)
    x, y = shapely.get_coordinates(measured.state(0).geometry).T
    moved = transform_points(x, y, measured.layer.crs, target.crs)
    np.testing.assert_array_equal(shapely.get_coordinates(change.geometry).T, moved)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda desk: desk.change(0, square(9)),
        lambda desk: read_held(desk.project, desk.layer, desk.uids[0]),
        lambda desk: merge_offer(desk.layer, [desk.state(0), desk.state(1)]),
    ],
)
def test_what_would_lose_measures_is_refused_by_name(
    measured: Desk, attempt: Callable[[Desk], object]
) -> None:
    before = measured.project.edits()
    with pytest.raises(GeometryError) as refused:
        attempt(measured)
    assert "甲" in refused.value.what
    assert measured.project.edits() == before
    assert is_measured(measured.state(0).geometry)


def test_measures_that_say_nothing_are_in_nobodys_way(measured: Desk) -> None:
    shape = shapely.from_wkt("POLYGON ZM ((0 0 1 NaN, 4 0 1 NaN, 4 4 1 NaN, 0 0 1 NaN))")
    assert not is_measured(shape)
    assert Vertices.of(shape).coords.tolist()[1] == [4, 0, 1]


def test_vertices_take_no_measure_for_a_height() -> None:
    shape = shapely.from_wkt("MULTIPOLYGON M (((0 0 5, 4 0 6, 4 4 7, 0 0 5)))")
    assert Vertices.of(shape).coords.shape == (4, 2)
    assert not shapely.has_z(without_measures(shape))


@given(st.integers(0, 3), st.integers(0, 5), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_corners_move_and_nothing_else(dimensions: int, which: int, east: float, north: float) -> None:
    tag, more = (("", ""), ("Z ", " 7"), ("M ", " 8"), ("ZM ", " 7 8"))[dimensions]
    p = [f"{x} {y}{more}" for x, y in ((0, 0), (9, 0), (9, 9), (0, 9), (2, 2), (4, 2), (4, 4))]
    ring, hole = f"({p[0]}, {p[1]}, {p[2]}, {p[3]}, {p[0]})", f"({p[4]}, {p[5]}, {p[6]}, {p[4]})"
    shape = shapely.from_wkt(
        (
            f"POINT {tag}({p[0]})",
            f"LINESTRING {tag}({p[0]}, {p[1]})",
            f"POLYGON {tag}({ring}, {hole})",
            f"MULTIPOINT {tag}(({p[0]}), ({p[1]}))",
            f"MULTILINESTRING {tag}(({p[0]}, {p[1]}), ({p[2]}, {p[3]}, {p[4]}))",
            f"MULTIPOLYGON {tag}(({ring}, {hole}), ({hole}))",
        )[which]
    )
    corners = shapely.get_coordinates(shape) + np.array([east, north])
    moved = at_places(shape, corners)
    assert shapely.get_coordinates(moved).tolist() == corners.tolist()
    assert numbers(moved) == numbers(shape)
    assert moved.geom_type == shape.geom_type
    assert at_places(moved, shapely.get_coordinates(shape)).wkb == shape.wkb


def test_a_whole_layer_is_changed_into_another_system_shape_by_shape() -> None:
    shapes = np.array(
        [shapely.from_wkt(ZM), None, shapely.box(0, 0, 1, 1), at_places(shapely.from_wkt(ZM), places(9.0))],
        dtype=object,
    )
    shapes[[0, 3]] = [at_places(shapely.from_wkt(ZM), places(shift)) for shift in (0.0, 9.0)]
    shapes[2] = shapely.box(EAST, NORTH, EAST + 1, NORTH + 1)
    source, target = parse_crs(4547), parse_crs(4490)
    found = transform(shapes, source, target)
    assert found[1] is None
    for row in (0, 2, 3):
        x, y = shapely.get_coordinates(shapes[row]).T
        moved = transform_points(x, y, source, target)
        np.testing.assert_array_equal(shapely.get_coordinates(found[row]).T, moved)
        assert numbers(found[row]) == numbers(shapes[row])
