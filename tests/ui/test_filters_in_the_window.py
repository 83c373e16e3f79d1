"""Selecting by filter and by location in the window, with keys and mouse."""

from __future__ import annotations

import threading

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QInputMethodEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.store import Project
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid
from tests.ui.window_samples import EAST, PLATFORM, WEST
from ui.dialogs.filter_dialog import FilterDialog
from ui.dialogs.filter_edit import FilterEdit
from ui.dialogs.location_dialog import LocationDialog
from ui.flows.filters import FilterFlows
from ui.theme import LIGHT
from zsgis.selection import KeptFilters, Relation
from zsgis.selection.combining import Combination
from zsgis.selection.kept_filters import SETTING


def flows(desk: Desk) -> FilterFlows:
    return next(part for part in desk.bench.extensions if isinstance(part, FilterFlows))


def open_filter(desk: Desk, qtbot: QtBot, *, idle: bool = True) -> FilterDialog:
    desk.bench.actions["select_filter"].trigger()
    dialog = flows(desk).filter_dialog
    assert dialog is not None
    dialog.layer.setCurrentIndex(dialog.layer.findData(layer_uid(desk, "land_use")))
    if idle:
        qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    return dialog


def write(qtbot: QtBot, edit: FilterEdit, text: str) -> None:
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_Delete)
    typed = QInputMethodEvent()  # Chinese comes from the input method
    typed.setCommitString(text)
    QApplication.sendEvent(edit, typed)
    edit.hide_offers()


def test_what_is_typed_is_checked_counted_and_selected(desk: Desk, qtbot: QtBot) -> None:
    dialog = open_filter(desk, qtbot)
    write(qtbot, dialog.edit, "class_code = 0701")
    assert not dialog.buttons.buttons[Combination.REPLACE].isEnabled()
    assert "'0701'" in dialog.report.text()
    assert [s.cursor.selectedText() for s in dialog.edit.extraSelections()] == ["0701"]
    write(qtbot, dialog.edit, "class_code = '0701'")
    assert dialog.edit.extraSelections() == []
    qtbot.waitUntil(lambda: dialog.report.text() == "2 个要素中有 1 个符合。", timeout=WAIT_MS)
    assert desk.session.selection == {}
    qtbot.keyClick(dialog.edit, Qt.Key.Key_Return)
    land = layer_uid(desk, "land_use")
    qtbot.waitUntil(lambda: desk.session.selection == {land: frozenset({EAST})}, timeout=WAIT_MS)


def test_the_four_verbs_add_take_away_and_keep(desk: Desk, qtbot: QtBot) -> None:
    dialog, land = open_filter(desk, qtbot), layer_uid(desk, "land_use")
    for text, how, wanted in (
        ("class_code = '0701'", Combination.REPLACE, {EAST}),
        ("class_code = '100101'", Combination.ADD, {EAST, WEST}),
        ("class_code like '07%'", Combination.REMOVE, {WEST}),
        ("class_code is not null", Combination.INTERSECT, {WEST}),
    ):
        write(qtbot, dialog.edit, text)
        qtbot.mouseClick(dialog.buttons.buttons[how], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
        assert desk.session.selection == {land: frozenset(wanted)}
    write(qtbot, dialog.edit, "class_code = '9999'")
    qtbot.mouseClick(dialog.buttons.buttons[Combination.REPLACE], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.session.selection == {}
    assert "没有符合条件的要素" in desk.window.status.jobs.notice_text()


def test_offers_are_taken_with_the_keys(desk: Desk, qtbot: QtBot) -> None:
    edit = open_filter(desk, qtbot).edit
    qtbot.keyClicks(edit, "dlb")
    assert [offer.text for offer in edit.offers] == [
        "地类编码",
        "扣除地类编码",
    ]  # DLBM, and KCDLBM has it inside
    popup = QApplication.activePopupWidget()
    assert popup is not None
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert edit.toPlainText() == "地类编码"
    qtbot.keyClicks(edit, " = 07")
    assert "'0701'" in [offer.text for offer in edit.offers]
    edit.hide_offers()


def test_filters_are_kept_in_the_project_and_undone(
    desk: Desk, qtbot: QtBot, prepared_dialogs: PreparedDialogs
) -> None:
    dialog = open_filter(desk, qtbot)
    write(qtbot, dialog.edit, "class_code = '0701'")
    prepared_dialogs.line = "城镇住宅"
    qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
    qtbot.keyClick(dialog.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    stored = KeptFilters.of(desk.session.project)
    assert [(kept.name, kept.text) for kept in stored.named] == [("城镇住宅", "class_code = '0701'")]
    assert [kept.text for kept in stored.used] == ["class_code = '0701'"]
    assert dialog.kept.itemText(0).startswith("城镇住宅")
    write(qtbot, dialog.edit, "class_code = '1'")
    dialog.kept.setCurrentIndex(0)
    dialog.kept.activated.emit(0)
    assert dialog.text() == "class_code = '0701'"
    qtbot.mouseClick(dialog.forget, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert KeptFilters.of(desk.session.project).named == ()
    desk.bench.actions["undo"].trigger()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert KeptFilters.of(desk.session.project).named == stored.named
    assert KeptFilters.of(desk.session.project).used == stored.used


def test_a_filter_used_before_the_kept_ones_are_read_takes_none_of_them_away(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, uid = desk.session.project, layer_uid(desk, "land_use")
    before = KeptFilters().with_named("水田", uid, "class_code = '0101'").with_used(uid, "class_code = '1'")
    project.set_setting(SETTING, before.model_dump(mode="json"))
    gate, slow = threading.Event(), KeptFilters.of

    def read(opened: Project) -> KeptFilters:
        gate.wait(WAIT_MS / 1000)
        return slow(opened)

    monkeypatch.setattr(KeptFilters, "of", read)
    dialog = open_filter(desk, qtbot, idle=False)
    write(qtbot, dialog.edit, "class_code = '0701'")
    qtbot.keyClick(dialog.edit, Qt.Key.Key_Return)
    qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(desk.session.selection), timeout=WAIT_MS)
    assert project.setting(SETTING) == before.model_dump(mode="json")
    gate.set()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    stored = slow(project)
    assert stored.named == before.named
    assert [kept.text for kept in stored.used] == ["class_code = '0701'", "class_code = '1'"]


def test_a_measure_the_layer_does_not_have_is_said_where_one_types(qtbot: QtBot, desk: Desk) -> None:
    dialog = open_filter(desk, qtbot)
    write(qtbot, dialog.edit, "图形面积(平面) > 9999")
    qtbot.waitUntil(lambda: dialog.report.text() == "2 个要素中有 2 个符合。", timeout=WAIT_MS)


def test_by_location_selects_what_lies_in_what_is_selected(desk: Desk, qtbot: QtBot) -> None:
    land, platforms = layer_uid(desk, "land_use"), layer_uid(desk, "platforms")
    desk.bench.actions["select_location"].trigger()
    dialog = flows(desk).location_dialog
    assert isinstance(dialog, LocationDialog)
    dialog.layer.setCurrentIndex(dialog.layer.findData(land))
    dialog.beside.setCurrentIndex(dialog.beside.findData(platforms))
    assert not dialog.only_selected.isEnabled()
    assert not dialog.distance.isVisible()
    dialog.relation.setCurrentIndex(dialog.relation.findData(Relation.NEAR))
    assert dialog.distance.isVisible()
    dialog.relation.setCurrentIndex(dialog.relation.findData(Relation.WITHIN))
    qtbot.mouseClick(dialog.buttons.buttons[Combination.REPLACE], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.session.selection == {land: frozenset({EAST, WEST})}, timeout=WAIT_MS)
    desk.session.select({platforms: (PLATFORM,)})
    assert dialog.only_selected.isEnabled()
    dialog.only_selected.setChecked(True)
    qtbot.mouseClick(dialog.buttons.buttons[Combination.REPLACE], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.session.selection == {land: frozenset({EAST, WEST})}, timeout=WAIT_MS)


def test_all_of_a_layer_and_the_contrary(desk: Desk, qtbot: QtBot) -> None:
    land = layer_uid(desk, "land_use")
    tree = desk.window.layer_tree
    tree.tree.setCurrentItem(tree.item_of(land))
    desk.window.canvas.setFocus()
    qtbot.keyClick(desk.window.canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: desk.session.selection == {land: frozenset({EAST, WEST})}, timeout=WAIT_MS)
    desk.session.select({land: (WEST,)})
    desk.bench.actions["invert_selection"].trigger()
    qtbot.waitUntil(lambda: desk.session.selection == {land: frozenset({EAST})}, timeout=WAIT_MS)


def test_the_dialogs_close_with_the_project(desk: Desk, qtbot: QtBot) -> None:
    dialog = open_filter(desk, qtbot)
    desk.bench.actions["close_project"].trigger()
    assert not dialog.isVisible()


def test_without_a_layer_nothing_can_be_asked(qtbot: QtBot) -> None:
    dialog = FilterDialog(LIGHT)
    qtbot.addWidget(dialog)
    dialog.show_layers([], {})
    qtbot.keyClicks(dialog.edit, "a = 1")
    assert not dialog.buttons.buttons[Combination.REPLACE].isEnabled()
