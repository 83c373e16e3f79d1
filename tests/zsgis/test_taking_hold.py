"""What is read while the mouse is still on its way makes the same edit, and is used only while it is true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.edits import ChangeFeature, Edit, FeatureShape
from layers.store import LayerInfo, NewLayer, Project
from tests.zsgis.coverage_samples import CELL, EAST, NORTH, coverages, grid
from zsgis.editing.settings import GuardMode
from zsgis.editing.shape_edits import Held, Manner, Thought, move_places, read_held
from zsgis.editing.shared_edges import JoinedMove, joined_move
from zsgis.editing.taking_hold import Grasp

CRS = pyproj.CRS.from_epsg(4547)
JOINED = Manner(joined=True, guard=GuardMode.CLIP, gap_m=0.2)
MIDDLE = 12  # of five by five
SAME = 0.0001


def node(column: float, row: float) -> np.ndarray:
    return np.array([[EAST + column * CELL, NORTH + row * CELL]])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "工程.gpkg", CRS)
    cells = grid(5, 5, [])
    frame = geopandas.GeoDataFrame({"name": [f"{n}" for n in range(25)]}, geometry=cells, crs=CRS)
    made.add_layer(NewLayer("图斑", "land_use", CRS, standard="yd2023"), frame)
    return made


@pytest.fixture
def info(project: Project) -> LayerInfo:
    return project.layer("图斑")


@pytest.fixture
def held(project: Project, info: LayerInfo) -> Held:
    return read_held(project, info, [str(uid) for uid in project.read(info.uid).index][MIDDLE])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, ...]]:
    """Note which boxes the project is asked for."""
    boxes: list[tuple[float, ...]] = []
    real = Project.shapes_in

    def shapes_in(self: Project, uid: str, bounds: Any) -> tuple[FeatureShape, ...]:
        boxes.append(bounds)
        return real(self, uid, bounds)

    monkeypatch.setattr(Project, "shapes_in", shapes_in)
    return boxes


def shapes_of(thought: Thought) -> dict[str, tuple[str, int]]:
    changes = [change for change in thought.edit.changes if isinstance(change, ChangeFeature)]
    assert len(changes) == len(thought.edit.changes)
    return {
        change.zs_uid: (str(shapely.to_wkb(change.geometry, hex=True)), change.version) for change in changes
    }


@pytest.mark.parametrize("target", [(2.2, 2.3), (1.4, 1.7), (2.0, 2.0)])
def test_a_move_that_was_got_ready_is_the_same_edit_and_reads_nothing(
    project: Project, info: LayerInfo, held: Held, asked: list[Any], target: tuple[float, float]
) -> None:
    plain = move_places(project, info, held, node(2, 2), node(*target), JOINED)
    grasp = Grasp.of(project, info, held, node(2, 2), joined=True)
    asked.clear()
    ready = move_places(project, info, held, node(2, 2), node(*target), JOINED, grasp)
    assert not asked
    assert len(shapes_of(ready)) == 4
    assert shapes_of(ready) == shapes_of(plain)
    assert ready.notes == plain.notes


def test_a_move_beyond_what_was_read_asks_for_what_lies_there(
    project: Project, info: LayerInfo, held: Held, asked: list[Any]
) -> None:
    manner = Manner(joined=False, guard=GuardMode.CLIP, gap_m=0.2)
    grasp = Grasp.of(project, info, held, node(2, 2), joined=False)
    asked.clear()
    ready = move_places(project, info, held, node(2, 2), node(0.3, 0.3), manner, grasp)
    assert len(asked) == 1
    plain = move_places(project, info, held, node(2, 2), node(0.3, 0.3), manner)
    assert shapes_of(ready) == shapes_of(plain)
    # what it came to lie on was cut off: it was known
    assert ready.notes


def test_what_was_edited_meanwhile_is_read_again(project: Project, info: LayerInfo, held: Held) -> None:
    grasp = Grasp.of(project, info, held, node(2, 2), joined=True)
    neighbour = [str(uid) for uid in project.read(info.uid).index][6]
    other = read_held(project, info, neighbour)
    moved = shapely.Polygon([*other.shape.exterior.coords[:2], *node(2, 2).tolist(), *node(1, 1.9).tolist()])
    project.apply(Edit("改", (ChangeFeature(info.uid, neighbour, moved),)))
    ready = move_places(project, info, held, node(2, 2), node(2.2, 2.3), JOINED, grasp)
    assert shapes_of(ready)[neighbour][1] == other.version + 1
    assert project.apply(ready.edit).head.count == len(ready.edit.changes)


def test_a_grasp_serves_no_other_places_features_or_manner(
    project: Project, info: LayerInfo, held: Held
) -> None:
    grasp = Grasp.of(project, info, held, node(2, 2), joined=True)
    assert grasp.serves(project, held, node(2, 2), joined=True)
    assert not grasp.serves(project, held, node(2, 3), joined=True)
    assert not grasp.serves(project, held, node(2, 2), joined=False)
    assert not grasp.serves(project, read_held(project, info, held.zs_uid), node(2, 2), joined=True)


def test_what_is_known_is_what_the_project_says(project: Project, info: LayerInfo, held: Held) -> None:
    grasp = Grasp.of(project, info, held, node(2, 2), joined=True)
    assert grasp.box is not None
    west, south, _east, _north = grasp.box
    for box in (
        (west, south, west, south),
        (west + 10, south + 10, west + 120, south + 30),
        (EAST + 2 * CELL, NORTH + 2 * CELL, EAST + 2 * CELL, NORTH + 2 * CELL),
        grasp.box,
    ):
        known = grasp.shapes_in(info.uid, box)
        assert known is not None
        assert {one.zs_uid for one in known} == {one.zs_uid for one in project.shapes_in(info.uid, box)}
    assert grasp.shapes_in(info.uid, (west - 1, south, west, south)) is None
    assert grasp.shapes_in("another layer", grasp.box) is None


@given(coverages, st.integers(0, 15), st.floats(-20, 20), st.floats(-20, 20), st.floats(0.01, 0.99))
def test_shapes_taken_hold_of_once_move_anywhere(
    cells: list[shapely.Polygon], number: int, dx: float, dy: float, share: float
) -> None:
    corners = shapely.get_coordinates(cells)
    start, end = corners[number], corners[number + 1]
    for old in (start[None], (start + (end - start) * share)[None], np.stack([start, end])):
        taken = JoinedMove.of(cells, old, SAME)
        for new in (old + np.array([dx, dy]), old - np.array([dy, dx])):
            expected = joined_move(cells, old, new, SAME)
            found = taken.to(new)
            assert [one is cell for one, cell in zip(found, cells, strict=True)] == [
                one is cell for one, cell in zip(expected, cells, strict=True)
            ]
            assert all(map(shapely.equals_identical, found, expected))
