"""The layer tree shows the drawing order and groups, and asks for changes; each can be undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QAbstractItemView, QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from layers.kind import GeometryType
from layers.pictures.service_models import XyzPicture
from layers.services.grids import mercator_grid
from layers.store import Project
from layers.style import ClassRule, Style, Symbol
from layers.tree import Group, LayerTree, Leaf, Place
from tests.layers.pictures.raster_samples import picture_of, write_raster
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid
from tests.ui.window_samples import make_project
from ui.flows.layer_menu import color_of, symbol_of, with_color
from ui.flows.layer_tree import LayerTreeFlows
from ui.panels.layer_items import TreeContent, scale_hint
from ui.panels.layer_order import runs
from ui.panels.layer_tree import LayerTreePanel
from ui.panels.layer_view import landing, sort_of
from ui.swatches import symbol_icon

Positions = QAbstractItemView.DropIndicatorPosition


def names(desk: Desk) -> list[str]:
    return [layer.name for layer in desk.session.layers]


def stored(desk: Desk, qtbot: QtBot) -> list[tuple[str, bool, float]]:
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.dialogs.errors == []
    return [(layer.name, layer.visible, layer.opacity) for layer in desk.session.project.layers()]


def panel_of(desk: Desk) -> LayerTreePanel:
    return desk.window.layer_tree


def put_cursor(desk: Desk, uid: str) -> None:
    panel = panel_of(desk)
    panel.tree.setCurrentItem(panel.item_of(uid))


def click_eye(desk: Desk, qtbot: QtBot, uid: str) -> None:
    panel = panel_of(desk)
    row = panel.tree.visualItemRect(panel.item_of(uid))
    # the eye is the first thing of the row, 18 px wide
    eye = QPoint(row.left() + 9, row.center().y())
    qtbot.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=eye)


def drawn(desk: Desk) -> list[str]:
    return [layer.uid for layer in desk.window.canvas.layers]


def make_group(desk: Desk, *uids: str) -> str:
    return str(desk.bench.edits.tree.group(uids, "组"))


def test_a_layer_is_hidden_by_its_eye_and_shown_again_by_undo(desk: Desk, qtbot: QtBot) -> None:
    click_eye(desk, qtbot, desk.session.layers[0].uid)
    assert desk.session.layers[0].visible is False
    assert stored(desk, qtbot)[0][1] is False
    desk.bench.undo_stack.undo()
    assert desk.session.layers[0].visible is True
    assert stored(desk, qtbot)[0][1] is True


def test_alt_and_arrows_move_a_layer_and_undo_brings_it_back(desk: Desk, qtbot: QtBot) -> None:
    before = names(desk)
    put_cursor(desk, desk.session.layers[0].uid)
    qtbot.keyClick(panel_of(desk).tree, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert names(desk) == before[::-1]
    assert [name for name, *_rest in stored(desk, qtbot)] == before[::-1]
    assert drawn(desk) == [layer.uid for layer in desk.session.layers]
    desk.bench.undo_stack.undo()
    assert [name for name, *_rest in stored(desk, qtbot)] == before


def test_the_whole_way_of_the_slider_is_one_step_of_undo(desk: Desk, qtbot: QtBot) -> None:
    put_cursor(desk, desk.session.layers[0].uid)
    for percent in (80, 60, 40):
        panel_of(desk).opacity_row.slider.setValue(percent)
        qtbot.waitUntil(lambda p=percent: desk.session.layers[0].opacity == p / 100, timeout=WAIT_MS)
    assert stored(desk, qtbot)[0][2] == 0.4
    desk.bench.undo_stack.undo()
    assert stored(desk, qtbot)[0][2] == 1.0
    assert not desk.bench.undo_stack.canUndo()


def test_what_was_changed_last_is_on_disk_when_the_window_closes(desk: Desk) -> None:
    path = desk.session.project.path
    desk.bench.edits.set_opacity(desk.session.layers[0].uid, 0.25)
    uid = make_group(desk, *(layer.uid for layer in desk.session.layers))
    desk.close()
    with Project.open(path) as project:
        assert project.layers()[0].opacity == 0.25
        assert project.setting("layer_tree")[0]["group"] == uid


def test_chosen_layers_are_grouped_by_key_named_by_typing_and_ungrouped_by_undo(
    desk: Desk, qtbot: QtBot
) -> None:
    before = desk.session.tree
    panel = panel_of(desk)
    panel.tree.selectAll()
    panel.tree.setFocus()
    desk.bench.actions["group_layers"].trigger()
    editor = panel.tree.findChild(QLineEdit)
    qtbot.keyClicks(editor, "now")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.session.tree.nodes[0].name == "now", timeout=WAIT_MS)
    (group,) = desk.session.tree.nodes
    assert isinstance(group, Group)
    assert [node.uid for node in group.nodes] == list(before.order())
    for _step in range(2):
        desk.bench.actions["undo"].trigger()
    assert desk.session.tree == before


def test_a_hidden_group_hides_its_layers_on_the_map_and_keeps_their_own_eyes(
    desk: Desk, qtbot: QtBot
) -> None:
    platforms, land = layer_uid(desk, "platforms"), layer_uid(desk, "land_use")
    uid = make_group(desk, platforms)
    click_eye(desk, qtbot, uid)
    assert desk.session.tree.group(uid).visible is False
    assert desk.session.layer(platforms).visible is True
    assert drawn(desk) == [land]
    click_eye(desk, qtbot, uid)
    assert drawn(desk) == [platforms, land]


def test_the_eye_of_a_group_tells_whether_all_some_or_none_is_seen(desk: Desk, qtbot: QtBot) -> None:
    platforms, land = layer_uid(desk, "platforms"), layer_uid(desk, "land_use")
    uid = make_group(desk, platforms, land)

    def state() -> Qt.CheckState:
        return panel_of(desk).item_of(uid).checkState(0)

    assert state() is Qt.CheckState.Checked
    click_eye(desk, qtbot, platforms)
    assert state() is Qt.CheckState.PartiallyChecked
    click_eye(desk, qtbot, land)
    assert state() is Qt.CheckState.Unchecked
    click_eye(desk, qtbot, uid)
    assert [layer.visible for layer in desk.session.layers] == [True, True]
    desk.bench.undo_stack.undo()
    assert [layer.visible for layer in desk.session.layers] == [False, False]


def test_space_shows_and_hides_all_chosen_layers_in_one_step(desk: Desk, qtbot: QtBot) -> None:
    put_cursor(desk, desk.session.layers[0].uid)
    panel_of(desk).tree.selectAll()
    qtbot.keyClick(panel_of(desk).tree, Qt.Key.Key_Space)
    assert [layer.visible for layer in desk.session.layers] == [False, False]
    desk.bench.undo_stack.undo()
    assert [layer.visible for layer in desk.session.layers] == [True, True]


def test_only_the_chosen_layer_is_shown_and_one_undo_shows_the_others(desk: Desk, qtbot: QtBot) -> None:
    land = layer_uid(desk, "land_use")
    put_cursor(desk, land)
    panel_of(desk).tree.setCurrentItem(panel_of(desk).item_of(land))
    desk.bench.actions["show_only"].trigger()
    qtbot.waitUntil(lambda: drawn(desk) == [land], timeout=WAIT_MS)
    desk.bench.undo_stack.undo()
    qtbot.waitUntil(lambda: len(drawn(desk)) == 2, timeout=WAIT_MS)


def test_f2_renames_in_the_row_and_a_taken_name_is_refused(desk: Desk, qtbot: QtBot) -> None:
    first, second = desk.session.layers
    panel = panel_of(desk)
    for name in ("new", second.name):
        put_cursor(desk, first.uid)
        panel.tree.setFocus()
        desk.bench.actions["rename_entry"].trigger()
        editor = panel.tree.findChild(QLineEdit)
        editor.setText(name)
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not panel.tree.findChildren(QLineEdit), timeout=WAIT_MS)
    assert names(desk)[0] == "new"
    assert second.name in desk.dialogs.findings[0]
    assert panel.item_of(first.uid).text(0) == "new"


def test_delete_asks_before_a_layer_is_gone(desk: Desk, qtbot: QtBot) -> None:
    put_cursor(desk, desk.session.layers[0].uid)
    desk.dialogs.verb = "keep"
    qtbot.keyClick(panel_of(desk).tree, Qt.Key.Key_Delete)
    assert len(desk.dialogs.asked) == 1
    assert "先备份工程" in desk.dialogs.explained[-1]
    desk.dialogs.verb = "remove"
    qtbot.keyClick(panel_of(desk).tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(desk.session.layers) == 1, timeout=WAIT_MS)


def test_what_is_changed_in_a_project_that_can_only_be_read_is_said_to_be_lost(
    desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path / "other.gpkg").close()
    # whoever runs this may write everywhere
    monkeypatch.setattr("layers.store.database.why_unwritable", lambda _path: "写保护")
    told: list[str] = []
    monkeypatch.setattr(desk.window.status.jobs, "show_notice", lambda text, *_more: told.append(text))
    desk.open(qtbot, tmp_path / "other.gpkg", 2)
    assert [text for text in told if "只能查看" in text]
    assert desk.window.status.saved.text() == ""
    click_eye(desk, qtbot, layer_uid(desk, "platforms"))
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.window.status.saved.text() == ""
    assert all(layer.visible for layer in desk.session.project.layers())


def test_a_folded_group_stays_folded_in_the_file_and_is_no_step_of_undo(desk: Desk, qtbot: QtBot) -> None:
    uid = make_group(desk, desk.session.layers[0].uid)
    steps = desk.bench.undo_stack.count()
    panel_of(desk).item_of(uid).setExpanded(False)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.session.project.setting("layer_tree")[0]["open"] is False
    assert desk.bench.undo_stack.count() == steps
    desk.bench.edits.rename(uid, "另一名")
    desk.bench.undo_stack.undo()
    assert desk.session.tree.group(uid).open is False


def test_groups_come_back_when_the_project_is_opened_again(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    make_group(desk, desk.session.layers[1].uid)
    tree = desk.session.tree
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    desk.open(qtbot, tmp_path / "work.gpkg", 2)
    assert desk.session.tree == tree


def test_a_project_of_an_earlier_program_looks_as_before_and_is_not_written(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.session.project.setting("layer_tree") is None
    assert desk.session.tree.nodes == tuple(Leaf(layer.uid) for layer in desk.session.project.layers())
    tree = panel_of(desk).tree
    rows = [tree.topLevelItem(number) for number in range(tree.topLevelItemCount())]
    assert [sort_of(row) for row in rows] == ["heading", "heading"]
    assert [row.child(0).text(0) for row in rows] == names(desk)


def test_a_tree_that_cannot_be_read_costs_the_groups_and_is_said(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.session.project.set_setting("layer_tree", {"no": "tree"})
    desk.session.project.set_setting("pictures", [{"type": "from the future", "name": "明日影像"}])
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    desk.open(qtbot, tmp_path / "work.gpkg", 2)
    assert len(desk.session.tree.order()) == 2
    make_group(desk, desk.session.layers[0].uid)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    # what a later program knows is not thrown away by this one
    assert desk.session.project.setting("pictures") == [{"type": "from the future", "name": "明日影像"}]


def test_where_rows_land_when_let_go(desk: Desk) -> None:
    platforms, land = layer_uid(desk, "platforms"), layer_uid(desk, "land_use")
    uid = make_group(desk, platforms)
    panel = panel_of(desk)
    group, row = panel.item_of(uid), panel.item_of(land)
    assert landing(row, Positions.AboveItem) == (land, Place.ABOVE)
    assert landing(row, Positions.BelowItem) == (land, Place.BELOW)
    assert landing(row.parent(), Positions.OnItem) == (land, Place.ABOVE)
    assert landing(group, Positions.OnItem) == (uid, Place.FIRST_IN)
    assert landing(group, Positions.AboveItem) == (uid, Place.ABOVE)
    assert landing(group, Positions.BelowItem) == (uid, Place.FIRST_IN)
    group.setExpanded(False)
    assert landing(panel.item_of(uid), Positions.BelowItem) == (uid, Place.BELOW)
    assert landing(None, Positions.OnViewport)[0] is None


def test_a_layer_dropped_on_a_group_goes_into_it(desk: Desk) -> None:
    platforms, land = layer_uid(desk, "platforms"), layer_uid(desk, "land_use")
    uid = make_group(desk, platforms)
    panel_of(desk).tree.dropped.emit((land,), uid, Place.FIRST_IN)
    assert desk.session.tree.members(uid) == (land, platforms)
    assert names(desk) == ["图斑", "平台"]


def test_a_heading_stands_over_neighbours_only() -> None:
    # b is drawn between two layers of the same sort: one heading over all three would lie
    nodes = [Leaf("a"), Leaf("b"), Leaf("c"), Group("g", "g")]
    assert runs(nodes, {"a": "x", "b": "y", "c": "x"}.__getitem__) == [
        ("x", [nodes[0]]),
        ("y", [nodes[1]]),
        ("x", [nodes[2]]),
        ("", [nodes[3]]),
    ]


def test_one_class_gets_another_colour_and_the_others_keep_theirs(desk: Desk) -> None:
    style = desk.session.layer(layer_uid(desk, "land_use")).style
    assert style.rules
    value = style.rules[0].value
    changed = with_color(style, value, "#123456")
    assert color_of(symbol_of(changed, value)) == "#123456"
    assert changed.rules[1:] == style.rules[1:]
    assert changed.symbol == style.symbol


def test_the_classes_of_a_layer_fold_out_with_their_names(desk: Desk) -> None:
    layer = desk.session.layer(layer_uid(desk, "land_use"))
    panel = panel_of(desk)
    item = panel.item_of(layer.uid)
    assert item.childCount() == 0
    item.setExpanded(True)
    titles = [item.child(number).text(0) for number in range(item.childCount())]
    assert titles == [rule.title for rule in layer.style.rules]
    # folded out, it stays so when the layers are shown anew
    session = desk.session
    panel.show_tree(TreeContent(session.tree, session.layers, session.pictures, session.troubles))
    assert panel.item_of(layer.uid).childCount() == len(layer.style.rules)


def test_a_layer_of_other_scales_is_greyed_and_says_when_it_is_seen(desk: Desk) -> None:
    uid = layer_uid(desk, "platforms")
    style = desk.session.layer(uid).style.model_copy(update={"max_denominator": 10_000.0})
    desk.bench.edits.set_style(uid, style)
    panel = panel_of(desk)
    quiet = panel.palette().placeholderText().color()
    panel.show_scale(50_000)
    assert panel.item_of(uid).foreground(0).color() == quiet
    assert "1:10,000" in panel.item_of(uid).toolTip(0)
    panel.show_scale(5_000)
    assert panel.item_of(uid).foreground(0).color() != quiet


def test_scales_are_told_only_where_there_are_limits() -> None:
    assert scale_hint(Style()) == ""
    assert "1:500" in scale_hint(Style(min_denominator=500))
    both = scale_hint(Style(min_denominator=500, max_denominator=2_000))
    assert "1:500" in both
    assert "1:2,000" in both


def test_ranges_of_numbers_show_their_ramp(qtbot: QtBot, desk: Desk) -> None:
    colors = ["#FF0000", "#00FF00", "#0000FF"]
    rules = tuple(
        ClassRule(value=str(n), title=str(n), lower=n, upper=n + 1, symbol=Symbol(fill=color))
        for n, color in enumerate(colors)
    )
    uid = layer_uid(desk, "land_use")
    desk.bench.edits.set_style(uid, Style(class_field="name", numeric=True, rules=rules))
    picture = panel_of(desk).item_of(uid).icon(0).pixmap(48, 48).toImage()
    middle = picture.height() // 2
    found = {picture.pixelColor(x, middle).name().upper() for x in range(picture.width())}
    assert set(colors) <= found


def test_swatches_have_the_form_of_what_is_drawn(qapp: QApplication) -> None:
    symbol = Symbol(fill="#FF0000", stroke="#0000FF", stroke_mm=0.6, marker_mm=3.0)

    def ink(geometry: GeometryType, **how: bool) -> np.ndarray:
        image = symbol_icon(symbol, geometry, **how).pixmap(48, 48).toImage()
        return np.array(
            [[image.pixelColor(x, y).getRgb()[:3] for x in range(48)] for y in range(48)], dtype=int
        )

    def red(pixels: np.ndarray) -> np.ndarray:
        return (pixels == (255, 0, 0)).all(axis=2)

    area, point, line = (
        ink(geometry) for geometry in (GeometryType.POLYGON, GeometryType.POINT, GeometryType.LINE)
    )
    # corner of the paper: filled by an area, bare beside a round marker and a line
    assert red(area)[11, 8]
    assert not red(point)[11, 8]
    assert red(point)[24, 24]
    assert not red(line).any()
    assert tuple(line[24, 24]) == (0, 0, 255)
    assert tuple(line[12, 24]) == (255, 255, 255)
    # of a class that is not shown nothing has its full colour
    assert not red(ink(GeometryType.POLYGON, faded=True)).any()


def test_a_raster_offers_its_look_and_a_service_its_settings(desk: Desk, tmp_path: Path) -> None:
    path = write_raster(tmp_path / "影像.tif", np.ones((1, 8, 8), dtype=np.uint8), crs="EPSG:4547")
    raster = picture_of(path)
    desk.bench.edits.tree.add_picture(raster)
    tiles = XyzPicture(
        uid="019313a0-0000-7000-8000-0000000000bb",
        name="底图",
        url="https://tiles.example/{z}/{x}/{y}.png",
        grid=mercator_grid(),
    )
    desk.bench.edits.tree.add_picture(tiles)
    flows = next(part for part in desk.bench.extensions if isinstance(part, LayerTreeFlows))
    actions = desk.bench.actions
    offered = flows.menu(raster.uid).actions()
    assert actions["raster_look"] in offered
    assert actions["raster_overviews"] in offered
    assert actions["services"] not in offered
    offered = flows.menu(tiles.uid).actions()
    assert actions["services"] in offered
    assert actions["raster_look"] not in offered


def test_a_word_leaves_only_the_layers_with_it_and_initials_do_as_well(desk: Desk, qtbot: QtBot) -> None:
    session, panel = desk.session, panel_of(desk)
    first = session.layers[0]
    many = tuple(replace(first, uid=f"{n:03d}", name=f"图层{n:03d}") for n in range(200))
    panel.show_tree(TreeContent(LayerTree().with_layers([layer.uid for layer in many]), many))
    assert panel.filter.isVisibleTo(panel)
    qtbot.keyClicks(panel.filter, "tc19")
    seen = [item.text(0) for item in panel.tree.rows() if not item.isHidden()]
    assert seen == [f"图层19{n}" for n in range(10)]
    panel.filter.clear()
    assert not any(item.isHidden() for item in panel.tree.rows())


def test_a_picture_whose_file_is_gone_is_marked_and_the_layers_are_drawn(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    path = write_raster(tmp_path / "影像.tif", np.ones((1, 8, 8), dtype=np.uint8), crs="EPSG:4547")
    picture = picture_of(path)
    desk.bench.edits.tree.add_picture(picture)
    qtbot.waitUntil(lambda: drawn(desk)[-1:] == [picture.uid], timeout=WAIT_MS)
    assert desk.session.tree.order()[-1] == picture.uid
    path.unlink()
    desk.bench.edits.tree.change_picture(
        picture.uid, "", style=picture.style.model_copy(update={"smooth": True})
    )
    qtbot.waitUntil(lambda: picture.uid in desk.session.troubles, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len(drawn(desk)) == 2, timeout=WAIT_MS)
    assert str(path) in panel_of(desk).item_of(picture.uid).toolTip(0)


def test_removing_a_picture_can_be_undone(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    path = write_raster(tmp_path / "影像.tif", np.ones((1, 8, 8), dtype=np.uint8), crs="EPSG:4547")
    picture = picture_of(path)
    desk.bench.edits.tree.add_picture(picture)
    put_cursor(desk, picture.uid)
    desk.dialogs.verb = "remove"
    qtbot.keyClick(panel_of(desk).tree, Qt.Key.Key_Delete)
    assert desk.session.pictures == ()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.session.project.setting("pictures") == []
    desk.bench.undo_stack.undo()
    assert desk.session.pictures == (picture,)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.session.project.setting("pictures")[0]["uid"] == picture.uid
