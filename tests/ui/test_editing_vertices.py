"""Vertices, edges and whole features changed with mouse and keys; what is asserted stands on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyproj
import pytest
import shapely
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.editing_hands import LEFT, NO_KEYS, Hands
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk
from tests.zsgis.coverage_samples import CELL, EAST, NORTH, grid, is_coverage
from ui.canvas.tools.vertices import VERTICES, VertexTool
from ui.flows.editing_vertices import vertex_flow
from ui.tables.attribute_view import AttributeTableView
from zsgis.editing.settings import GuardMode
from zsgis.editing.shape_edits import Thought
from zsgis.editing.snapping import SnapKind
from zsgis.editing.taking_hold import Grasp


@pytest.fixture
def hands(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[Hands]:
    desk = Desk(tmp_path, prepared_dialogs)
    yield Hands(desk, qtbot, tmp_path)
    desk.close()


@pytest.fixture
def tool(hands: Hands) -> VertexTool:
    hands.take(VERTICES)
    return hands.commands.vertices.tool


def corners(shape: shapely.Polygon) -> set[tuple[float, ...]]:
    return {tuple(each) for each in shapely.get_coordinates(shape).tolist()}


def at(column: float, row: float) -> tuple[float, float]:
    return EAST + column * CELL, NORTH + row * CELL


def pick_middle(hands: Hands, tool: VertexTool) -> None:
    hands.click(1.5, 1.5)
    assert tool.shape is not None
    assert tool.shape.held.zs_uid == hands.uids()[4]


def test_a_click_shows_the_vertices_and_selects(hands: Hands, tool: VertexTool) -> None:
    pick_middle(hands, tool)
    assert dict(hands.desk.session.selection) == {hands.land: frozenset({hands.uids()[4]})}
    hands.click(-0.5, -0.5)
    assert tool.shape is None


def test_what_a_move_needs_is_read_while_the_mouse_is_on_its_way(
    hands: Hands, tool: VertexTool, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Grasp | None] = []
    real = vertex_flow.move_places

    def move_places(*asked: Any) -> Thought:
        given.append(asked[-1])
        return real(*asked)

    monkeypatch.setattr(vertex_flow, "move_places", move_places)
    pick_middle(hands, tool)
    assert tool.shape is not None
    held = tool.shape.held
    hands.drag((1, 1), (1.2, 1.3), drop=False)
    hands.idle()
    assert not given
    QTest.mouseRelease(hands.canvas, LEFT, NO_KEYS, hands.pixel(1.2, 1.3))
    hands.idle()
    (grasp,) = given
    assert grasp is not None
    assert grasp.held is held
    assert sorted(grasp.near) == sorted(uid for uid in hands.uids() if uid != held.zs_uid)
    # it knew the features before the edit: now another number stands in the layer
    assert not grasp.serves(hands.project, held, grasp.old, joined=True)
    assert is_coverage(hands.shapes())
    assert hands.project.undoable().count == 4


def test_a_dragged_vertex_moves_in_all_neighbours_in_one_edit_and_back(
    hands: Hands, tool: VertexTool
) -> None:
    pick_middle(hands, tool)
    hands.drag((1, 1), (1.2, 1.3))
    assert is_coverage(hands.shapes())
    changed = [
        number for number, shape in enumerate(hands.shapes()) if not shape.equals(grid(3, 3, [])[number])
    ]
    assert changed == [0, 1, 3, 4]
    assert hands.project.undoable().count == 4
    assert tool.chosen is not None
    hands.key("Ctrl+Z")
    assert all(one.equals(other) for one, other in zip(hands.shapes(), grid(3, 3, []), strict=True))
    assert tool.shape is not None
    assert tool.shape.held.shape.equals(grid(3, 3, [])[4])


def test_a_dragged_vertex_snaps_to_another_layer_bit_for_bit(hands: Hands, tool: VertexTool) -> None:
    hands.click(2.5, 0.5)
    hands.drag((3, 0), (4.02, 0.08))
    zone = hands.shapes(hands.other)[0]
    assert min(corners(zone)) in corners(hands.shapes()[2])


def test_an_edge_is_dragged_with_both_its_ends(hands: Hands, tool: VertexTool) -> None:
    hands.click(2.5, 1.5)
    hands.desk.bench.actions["switch_snapping"].trigger()
    hands.drag((3, 1.3), (3.4, 1.3))
    assert is_coverage(hands.shapes())
    assert hands.shapes()[5].area == pytest.approx(CELL * CELL * 1.4, rel=0.02)


def test_without_joining_only_the_feature_itself_is_written(hands: Hands, tool: VertexTool) -> None:
    hands.desk.bench.actions["switch_joining"].trigger()
    pick_middle(hands, tool)
    hands.drag((1, 1), (1.2, 1.3))
    assert hands.project.undoable().count == 1
    assert [shape.equals(cell) for shape, cell in zip(hands.shapes(), grid(3, 3, []), strict=True)] == [
        number != 4 for number in range(9)
    ]


def test_the_guard_keeps_a_vertex_off_the_neighbours(hands: Hands, tool: VertexTool) -> None:
    hands.desk.bench.actions["switch_joining"].trigger()
    pick_middle(hands, tool)
    hands.drag((1, 1), (0.7, 0.8))
    assert is_coverage(hands.shapes())
    settings = hands.aimer.settings.model_copy(update={"guard": GuardMode.OFF})
    hands.aimer.change(settings)
    hands.drag((1, 1), (0.7, 0.8))
    assert not is_coverage(hands.shapes())


def test_a_vertex_is_put_in_by_double_click_and_at_the_middle(hands: Hands, tool: VertexTool) -> None:
    pick_middle(hands, tool)
    hands.double_click(1.25, 1)
    assert [shapely.get_num_coordinates(shape) for shape in hands.shapes()].count(6) == 2
    hands.click(2, 1.5)
    assert shapely.get_num_coordinates(hands.shapes()[4]) == 7
    assert is_coverage(hands.shapes())


def test_delete_takes_the_chosen_vertex_out_and_refuses_a_node(hands: Hands, tool: VertexTool) -> None:
    pick_middle(hands, tool)
    hands.drag((1.5, 1), (1.5, 1.2))
    assert shapely.get_num_coordinates(hands.shapes()[4]) == 6
    hands.key("Delete")
    assert [shapely.get_num_coordinates(shape) for shape in hands.shapes()] == [5] * 9
    version = hands.project.layer(hands.land).version
    hands.click(1, 1)
    hands.key("Delete")
    assert hands.project.layer(hands.land).version == version
    assert tool.shape is not None
    assert len(hands.shapes()) == 9


def test_what_would_cross_itself_is_refused_with_its_place(hands: Hands, tool: VertexTool) -> None:
    pick_middle(hands, tool)
    version = hands.project.layer(hands.land).version
    hands.drag((1, 1), (2.6, 1.6))
    assert hands.project.layer(hands.land).version == version
    assert tool.drag is None
    assert hands.desk.dialogs.errors == []


def test_escape_lets_go_of_the_drag_then_of_the_feature(hands: Hands, tool: VertexTool) -> None:
    pick_middle(hands, tool)
    hands.drag((1, 1), (1.2, 1.3), drop=False)
    assert tool.drag is not None
    hands.key("Esc")
    assert tool.drag is None
    QTest.mouseRelease(hands.canvas, LEFT, NO_KEYS, hands.pixel(1.2, 1.3))
    hands.key("Esc")
    hands.key("Esc")
    assert tool.shape is None
    assert hands.project.undoable() is None


def test_typed_coordinates_are_taken_exactly(hands: Hands, tool: VertexTool) -> None:
    pick_middle(hands, tool)
    hands.click(2, 2)
    card = hands.commands.vertices.card
    assert card.isVisible()
    north, east = card.edits
    assert float(north.text()) == pytest.approx(at(2, 2)[1], abs=1e-4)
    for edit, text in ((north, "2491225.5"), (east, "436190.125")):
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)
    QTest.keyClick(east, Qt.Key.Key_Return)
    hands.idle()
    assert all((436190.125, 2491225.5) in corners(hands.shapes()[number]) for number in (4, 5, 7, 8))
    north.setFocus()
    north.selectAll()
    QTest.keyClicks(north, "abc")
    QTest.keyClick(north, Qt.Key.Key_Return)
    assert north.property("wrong") is True


def test_the_mark_says_what_the_pointer_is_meant_for(hands: Hands, tool: VertexTool) -> None:
    pick_middle(hands, tool)
    hands.drag((1, 1), (3.01, 0.99), drop=False)
    mark = hands.aimer.mark
    assert mark is not None
    assert mark[0] is SnapKind.VERTEX
    assert mark[1] == pytest.approx(at(3, 1))
    hands.key("Esc")
    assert hands.aimer.mark is None


# whole features


def test_what_is_selected_is_dragged_and_moved_by_typed_numbers(hands: Hands) -> None:
    hands.take("tool_move")
    hands.click(0.5, 0.5)
    hands.desk.bench.actions["switch_snapping"].trigger()
    hands.drag((0.5, 0.5), (-0.5, -0.5))
    moved = hands.shapes()[0]
    assert moved.centroid.x == pytest.approx(at(-0.5, 0)[0], abs=3)
    assert "重叠" not in hands.desk.window.status.jobs.notice_text()
    east, north = hands.commands.features.card.edits[1], hands.commands.features.card.edits[0]
    for edit, text in ((north, "-12.5"), (east, "3.25")):
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)
    QTest.keyClick(east, Qt.Key.Key_Return)
    hands.idle()
    again = hands.shapes()[0]
    assert again.centroid.x - moved.centroid.x == pytest.approx(3.25, abs=1e-6)
    assert again.centroid.y - moved.centroid.y == pytest.approx(-12.5, abs=1e-6)
    hands.drag((-0.4, -0.5), (0.9, 0.9))
    assert "重叠" in hands.desk.window.status.jobs.notice_text()


def test_copies_go_into_another_layer_and_know_their_parents(hands: Hands) -> None:
    hands.select(0, 1)
    hands.key("Ctrl+C")
    assert hands.desk.bench.editing.set_layer(hands.other)
    hands.idle()
    hands.key("Ctrl+V")
    assert len(hands.shapes(hands.other)) == 3
    new = hands.uids(hands.other)[1:]
    assert dict(hands.desk.session.selection) == {hands.other: frozenset(new)}
    assert hands.project.history(hands.other, new[0])[-1].parents == (hands.uids()[0],)


def test_delete_key_deletes_what_is_selected_and_undo_brings_it_back(hands: Hands) -> None:
    hands.select(0, 4)
    hands.key("Delete")
    assert len(hands.shapes()) == 7
    assert dict(hands.desk.session.selection) == {}
    hands.key("Ctrl+Z")
    assert len(hands.shapes()) == 9


def test_delete_in_the_list_of_layers_does_not_delete_features(hands: Hands) -> None:
    hands.select(0)
    tree = hands.desk.window.layer_tree.tree
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_Delete)
    hands.idle()
    assert len(hands.shapes()) == 9


def test_merging_asks_whose_values_stand(hands: Hands) -> None:
    hands.select(0, 1)
    hands.desk.bench.actions["merge_features"].trigger()
    hands.qtbot.waitUntil(lambda: hands.commands.merging.dialog is not None, timeout=WAIT_MS)
    dialog = hands.commands.merging.dialog
    assert dialog is not None
    names = [dialog.table.horizontalHeaderItem(column).text() for column in range(2)]
    dialog.table.selectColumn(names.index("1号"))
    QTest.mouseClick(dialog.go_on, LEFT)
    hands.idle()
    frame = hands.project.read(hands.land)
    assert len(frame) == 8
    assert "0号" not in set(frame["name"])
    merged = frame[frame["name"] == "1号"].geometry.iloc[0]
    assert merged.area == pytest.approx(2 * CELL * CELL, abs=1e-6)
    assert merged.geom_type in ("Polygon", "MultiPolygon")


def test_features_apart_are_merged_only_when_that_is_wanted(hands: Hands) -> None:
    hands.select(0, 8)
    hands.desk.bench.actions["merge_features"].trigger()
    hands.qtbot.waitUntil(lambda: hands.commands.merging.dialog is not None, timeout=WAIT_MS)
    dialog = hands.commands.merging.dialog
    assert dialog is not None
    assert not dialog.go_on.isEnabled()
    QTest.mouseClick(dialog.several, LEFT, pos=QPoint(8, dialog.several.height() // 2))
    assert dialog.go_on.isEnabled()
    dialog.reject()
    hands.idle()
    assert len(hands.shapes()) == 9


def test_a_boundary_is_drawn_anew_with_its_neighbour(hands: Hands) -> None:
    hands.select(4)
    hands.take("tool_reshape")
    for place in ((1.8, 1.2), (2.4, 1.2), (2.4, 1.8)):
        hands.click(*place)
    hands.double_click(1.8, 1.8)
    assert is_coverage(hands.shapes())
    assert hands.shapes()[4].area == pytest.approx(CELL * CELL * 1.24, rel=0.02)


def test_settings_hold_at_once_and_are_remembered(hands: Hands) -> None:
    hands.desk.bench.actions["editing_settings"].trigger()
    dialog = hands.commands.settings_dialog
    assert dialog is not None
    QTest.mouseClick(dialog.by_metres, LEFT, pos=QPoint(8, dialog.by_metres.height() // 2))
    dialog.metres.setValue(2.5)
    QTest.mouseClick(dialog.intersection, LEFT, pos=QPoint(8, dialog.intersection.height() // 2))
    kept = hands.desk.preferences.current.editing.snapping
    assert (kept.unit.value, kept.metres, kept.intersection) == ("metres", 2.5, False)
    assert "2.5" in dialog.told.text()
    dialog.accept()


def test_many_are_deleted_only_after_a_question(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.flows.editing_vertices.features._ASK_ABOVE", 2)
    hands.select(0, 1, 2)
    hands.key("Delete")
    assert len(hands.shapes()) == 9
    hands.desk.dialogs.verb = "delete"
    hands.key("Delete")
    assert len(hands.shapes()) == 6


def test_too_much_in_view_is_not_snapped_to_and_said(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.flows.editing_vertices.aiming._MOST_VERTICES", 10)
    hands.desk.bench.actions[VERTICES].trigger()
    hint = hands.desk.window.map_panel.findChild(QLabel, "map_hint")
    hands.qtbot.waitUntil(lambda: "\n" in hint.text(), timeout=WAIT_MS)
    assert hands.aimer.index is None


def test_what_lies_near_is_read_for_tools_that_snap_only(hands: Hands, tool: VertexTool) -> None:
    assert hands.aimer.index is not None
    hands.desk.bench.actions["tool_pan"].trigger()
    hands.qtbot.waitUntil(lambda: hands.aimer.index is None, timeout=WAIT_MS)


def test_a_map_in_degrees_edits_the_layer_in_its_own_system(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.desk.session.set_map_crs(pyproj.CRS.from_epsg(4490))
    hands.qtbot.waitUntil(lambda: len(hands.canvas.layers) == 2, timeout=WAIT_MS)
    hands.idle()
    hands.take(VERTICES)
    systems = hands.aimer.systems
    assert systems is not None
    assert not systems.same

    def pixel(column: float, row: float) -> QPoint:
        x, y = hands.canvas.view.to_pixel(*systems.point_to_map(*at(column, row)))
        return QPointF(x, y).toPoint()

    monkeypatch.setattr(hands, "pixel", pixel)
    hands.click(1.5, 1.5)
    hands.drag((1, 1), (1.2, 1.3))
    shapes = hands.shapes()
    assert is_coverage(shapes)
    moved = next(iter(corners(shapes[4]) - corners(grid(3, 3, [])[4])))
    assert moved == pytest.approx(at(1.2, 1.3), abs=2.0)
    unmoved = corners(grid(3, 3, [])[4]) & corners(shapes[4])
    assert len(unmoved) == 3


def test_a_feature_that_is_deleted_or_undone_leaves_the_tool(hands: Hands, tool: VertexTool) -> None:
    pick_middle(hands, tool)
    hands.desk.bench.actions["delete_features"].trigger()
    hands.idle()
    assert tool.shape is None
    hands.key("Ctrl+Z")
    assert len(hands.shapes()) == 9


def test_copying_in_the_attribute_table_copies_rows_not_features(hands: Hands) -> None:
    hands.select(0)
    tree = hands.desk.window.layer_tree
    tree.tree.setCurrentItem(tree.item_of(hands.land))
    hands.desk.bench.actions["attribute_table"].trigger()
    hands.idle()
    view = hands.desk.window.findChild(AttributeTableView)
    assert view is not None
    hands.qtbot.waitUntil(view.isVisible, timeout=WAIT_MS)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    hands.idle()
    hands.canvas.setFocus()
    hands.key("Ctrl+V")
    assert len(hands.shapes()) == 9
