"""New shapes and new boundaries in the whole window: drawn, divided, holed, traced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QAction
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from layers.crs import parse_crs
from layers.edits import ChangeFeature, Edit
from layers.errors import InputError
from layers.store import Project
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.sketch_hands import X0, Y0, Hands, choose
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid, open_sample
from tests.ui.window_samples import EAST, WEST, make_project
from zsgis.editing.systems import Systems


@pytest.fixture
def hands(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[Hands]:
    desk = Desk(tmp_path, prepared_dialogs)
    open_sample(desk, qtbot, tmp_path)
    yield Hands(desk, qtbot)
    desk.close()


def test_the_bar_says_what_is_edited_and_saved(hands: Hands) -> None:
    bar = hands.desk.window.editing_bar
    assert not bar.isVisible()
    hands.begin()
    assert bar.isVisible()
    assert "图斑" in bar.layer_text
    hands.act("draw_feature")
    for east, north in ((10, 120), (60, 120), (60, 140)):
        hands.click(east, north)
    hands.finish()
    assert bar.state_text.startswith("已保存")
    QTest.mouseClick(bar.findChild(QPushButton, "end_editing"), Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    assert hands.canvas.tool.key == "tool_pan"
    draw = hands.desk.window.findChild(QAction, "draw_feature")
    assert draw is not None
    assert not draw.isEnabled()


def test_a_polygon_is_drawn_clipped_to_its_neighbours_and_shares_their_corners(hands: Hands) -> None:
    hands.begin()
    hands.act("draw_feature")
    for east, north in ((150, 50), (150, 130), (40, 130), (40, 50)):
        hands.click(east, north)
    hands.finish()
    (new,) = hands.new()
    states = hands.states()
    free = shapely.box(X0 + 40, Y0 + 100, X0 + 150, Y0 + 130)
    assert new.geometry.symmetric_difference(free).area < 110 * 2  # a pixel along its outline
    assert new.geometry.intersection(states[WEST].geometry).area == 0.0
    shared = set(map(tuple, shapely.get_coordinates(new.geometry).tolist()))
    assert (X0 + 100, Y0 + 100) in shared
    # the two new corners on the northern edges are corners of the neighbours too
    for uid in (WEST, EAST):
        corners = set(map(tuple, shapely.get_coordinates(states[uid].geometry).tolist()))
        assert len(shared & corners) >= 2
    assert hands.desk.session.selection == {hands.layer: frozenset({new.zs_uid})}


def test_backspace_escape_and_a_crossing_outline(hands: Hands) -> None:
    hands.begin()
    hands.act("draw_feature")
    for east, north in ((0, 110), (50, 150), (50, 110), (0, 150)):
        hands.click(east, north)
    hands.key(Qt.Key.Key_Return)
    hands.wait_written()
    assert len(hands.tool.vertices) == 4
    assert hands.new() == []
    hands.key(Qt.Key.Key_Backspace)
    assert len(hands.tool.vertices) == 3
    hands.finish()
    assert len(hands.new()) == 1
    hands.click(0, -30)
    hands.key(Qt.Key.Key_Escape)
    assert not hands.tool.is_busy


def test_typed_steps_are_exact_and_shift_keeps_right_angles(hands: Hands) -> None:
    hands.begin()
    hands.act("draw_feature")
    hands.click(0, 100)  # snaps to the corner
    assert hands.tool.vertices[0].own == (X0, Y0 + 100)
    hands.key(Qt.Key.Key_2)
    entry = hands.canvas.findChild(QLineEdit, "step_length")
    direction = hands.canvas.findChild(QLineEdit, "step_bearing")
    assert entry is not None
    assert direction is not None
    assert entry.isVisible()
    QTest.keyClicks(entry, "5")
    QTest.keyClicks(direction, "abc")
    QTest.keyClick(direction, Qt.Key.Key_Return)
    assert direction.property("wrong")
    direction.clear()
    QTest.keyClicks(direction, "0-00-00")
    QTest.keyClick(direction, Qt.Key.Key_Return)
    assert not entry.isVisible()
    assert hands.tool.vertices[1].own == (X0, Y0 + 125)
    hands.click(41, 131, Qt.KeyboardModifier.ShiftModifier)
    third = hands.tool.vertices[2].own
    assert third is not None
    assert third[1] == Y0 + 125
    hands.finish()
    assert len(hands.new()) == 1


def test_a_parcel_is_divided_and_its_neighbour_gets_the_corner(hands: Hands) -> None:
    hands.begin()
    hands.act("divide_features")
    hands.click(-30, 40)
    hands.click(230, 40)
    hands.finish()
    states = hands.states()
    assert len(states) == 4
    total = sum(state.geometry.area for state in states.values())
    assert total == pytest.approx(20_000.0, abs=0.01)
    project = hands.desk.session.project
    for uid in (WEST, EAST):
        assert states[uid].geometry.area > 5000.0
        children = [
            s for s in states if s not in (WEST, EAST) and _parents(project, hands.layer, s) == (uid,)
        ]
        assert len(children) == 1
    # undone at once, with the key everybody knows
    hands.act("undo")
    hands.wait_written()
    assert set(hands.states()) == {WEST, EAST}
    assert hands.states()[WEST].geometry.equals(shapely.box(X0, Y0, X0 + 100, Y0 + 100))


def _parents(project: Any, layer: str, uid: str) -> tuple[str, ...]:
    return tuple(project.history(layer, uid)[0].parents)


def test_a_line_beside_the_selection_divides_nothing_and_says_so(hands: Hands) -> None:
    before = {uid: one.geometry.wkb for uid, one in hands.states().items()}
    hands.begin()
    hands.desk.session.select({hands.layer: {EAST}})
    hands.act("divide_features")
    hands.click(-30, 40)
    hands.click(50, -30)
    hands.finish()
    assert {uid: one.geometry.wkb for uid, one in hands.states().items()} == before
    assert "所选要素" in hands.desk.window.status.jobs.notice_text()
    assert hands.desk.session.selection == {hands.layer: {EAST}}


def test_only_the_selected_parcel_is_divided_and_the_other_keeps_meeting_it(hands: Hands) -> None:
    hands.begin()
    hands.desk.session.select({hands.layer: {WEST}})
    hands.act("divide_features")
    hands.click(-30, 40)
    hands.click(150, 44)
    hands.finish()
    states = hands.states()
    assert len(states) == 3
    pieces = shapely.union_all([s.geometry for uid, s in states.items() if uid != EAST])
    met = set(map(tuple, shapely.get_coordinates(pieces).tolist()))
    east = set(map(tuple, shapely.get_coordinates(states[EAST].geometry).tolist()))
    on_border = {place for place in east if place[0] == pytest.approx(X0 + 100, abs=1e-6)}
    assert len(on_border) == 3
    assert on_border <= met


def test_a_line_that_divides_nothing_is_kept_and_says_so(hands: Hands) -> None:
    hands.begin()
    hands.act("divide_features")
    hands.click(20, 20)
    hands.click(60, 60)
    hands.finish()
    assert len(hands.states()) == 2
    assert len(hands.tool.vertices) == 2
    assert "没有分割" in hands.desk.window.status.jobs.notice_text()
    assert "没有分割" in hands.hint
    hands.click(-20, 60)
    assert len(hands.tool.vertices) == 3
    hands.key(Qt.Key.Key_Escape)
    # another layer takes other shapes: the tool is put away with the layer
    choose(hands.desk, layer_uid(hands.desk, "platforms"))
    hands.act("edit_layer")
    assert hands.canvas.tool.key == "tool_pan"


def test_the_outline_of_another_layer_divides(hands: Hands) -> None:
    hands.begin("platforms")
    hands.desk.session.select({layer_uid(hands.desk, "land_use"): {WEST}})
    hands.act("divide_by_selected")
    hands.wait_written()
    areas = sorted(state.geometry.area for state in hands.states().values())
    assert areas == pytest.approx([10_000.0, 10_000.0], abs=0.01)


def test_a_hole_is_cut_into_a_feature_of_its_own_and_filled_again(hands: Hands) -> None:
    hands.begin()
    hands.act("hole_as_feature")
    hands.act("cut_hole")
    for east, north in ((30, 30), (60, 30), (60, 60), (30, 60)):
        hands.click(east, north)
    hands.finish()
    (inner,) = hands.new()
    states = hands.states()
    assert len(states[WEST].geometry.interiors) == 1
    assert states[WEST].geometry.area + inner.geometry.area == pytest.approx(10_000.0, abs=1e-6)
    # the hole belongs to somebody now: filling it would overlap
    hands.act("hole_as_feature")
    hands.act("fill_hole")
    hands.click(45, 45)
    hands.wait_written()
    assert len(hands.states()[WEST].geometry.interiors) == 1
    assert "重叠" in hands.desk.window.status.jobs.notice_text()
    hands.act("undo")
    hands.wait_written()
    hands.act("cut_hole")
    for east, north in ((30, 30), (60, 30), (60, 60), (30, 60)):
        hands.click(east, north)
    hands.finish()
    assert hands.new() == []
    hands.act("fill_hole")
    hands.click(45, 45)
    hands.wait_written()
    assert hands.states()[WEST].geometry.equals(shapely.box(X0, Y0, X0 + 100, Y0 + 100))


def test_tracing_takes_the_neighbours_own_corners_either_way_round(hands: Hands) -> None:
    hands.begin()
    hands.act("draw_feature")
    hands.act("trace_neighbours")
    hands.settle()
    hands.click(0, 0)
    hands.click(0, 100)
    assert [vertex.own for vertex in hands.tool.vertices] == [(X0, Y0), (X0, Y0 + 100)]
    hands.click(200, 100)
    assert [vertex.own for vertex in hands.tool.vertices[1:]] == [
        (X0, Y0 + 100),
        (X0 + 100, Y0 + 100),
        (X0 + 200, Y0 + 100),
    ]
    hands.key(Qt.Key.Key_Backspace)  # the whole way is one step
    assert len(hands.tool.vertices) == 2
    hands.key(Qt.Key.Key_R)
    hands.click(200, 100)
    way = [vertex.own for vertex in hands.tool.vertices[1:]]
    assert way[0] == (X0, Y0 + 100)
    assert way[1] == (X0, Y0)
    assert way[-1] == (X0 + 200, Y0 + 100)
    hands.key(Qt.Key.Key_T)
    assert "沿邻边跟踪：" not in hands.hint


def test_a_project_that_can_only_be_read_refuses(hands: Hands, tmp_path: Path) -> None:
    make_project(tmp_path / "archive.gpkg").close()
    hands.desk.bench.projects.close_project()
    hands.qtbot.waitUntil(lambda: hands.desk.session.project is None, timeout=WAIT_MS)
    with Project.open(tmp_path / "archive.gpkg", read_only=True) as archive:
        hands.desk.session.open_project(archive, archive.layers(), None)
        hands.settle()
        choose(hands.desk, layer_uid(hands.desk, "land_use"))
        hands.act("edit_layer")
        assert hands.desk.bench.editing.layer == ""
        assert not hands.desk.window.editing_bar.isVisible()
        action = hands.desk.window.findChild(QAction, "edit_layer")
        assert action is not None
        assert not action.isChecked()
        (error,) = hands.desk.dialogs.errors
        assert isinstance(error, InputError)
        assert error.remedy
        hands.desk.session.close_project()
        hands.settle()


def test_on_a_map_in_degrees_shared_corners_are_the_layers_own_to_the_bit(hands: Hands) -> None:
    hands.begin()
    degrees = parse_crs("4490")
    hands.desk.session.set_map_crs(degrees)
    hands.settle()
    hands.settle()
    systems = Systems.between(parse_crs("4547"), degrees)
    hands.act("draw_feature")
    hands.settle()

    def click(east: float, north: float) -> None:
        x, y = systems.point_to_map(X0 + east, Y0 + north)
        px, py = hands.canvas.view.to_pixel(x, y)
        at = QPoint(round(px), round(py))
        QTest.mouseMove(hands.canvas, at)
        QTest.mouseClick(hands.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    for east, north in ((0, 100), (100, 100), (50, 130)):
        click(east, north)
    assert hands.tool.vertices[0].own == (X0, Y0 + 100)
    assert hands.tool.vertices[1].own == (X0 + 100, Y0 + 100)
    assert abs(hands.tool.vertices[1].x) < 180
    hands.finish()
    (new,) = hands.new()
    corners = set(map(tuple, shapely.get_coordinates(new.geometry).tolist()))
    assert {(X0, Y0 + 100), (X0 + 100, Y0 + 100)} <= corners


def test_a_polygon_of_a_hundred_thousand_corners_is_divided_and_holed(hands: Hands) -> None:
    angles = np.linspace(0.0, 2.0 * np.pi, 100_000, endpoint=False)
    large = shapely.Polygon(np.column_stack([np.cos(angles), np.sin(angles)]) * 48.0 + (X0 + 50, Y0 + 50))
    hands.begin()
    hands.desk.bench.editing.submit(Edit("大", (ChangeFeature(hands.layer, WEST, large),)))
    hands.wait_written()
    hands.act("cut_hole")
    for east, north in ((40, 40), (60, 40), (60, 60)):
        hands.click(east, north)
    hands.finish()
    assert len(hands.states()[WEST].geometry.interiors) == 1
    hands.act("divide_features")
    hands.click(-10, 52)
    hands.click(110, 53)
    hands.finish()
    pieces = [state.geometry for uid, state in hands.states().items() if uid != EAST]
    assert len(pieces) == 2
    assert sum(piece.area for piece in pieces) == pytest.approx(large.area - 200.0, abs=30)
    assert sum(map(shapely.get_num_coordinates, pieces)) >= 100_000
