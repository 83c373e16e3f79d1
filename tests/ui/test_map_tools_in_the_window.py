"""What one does on the map, in the whole window: buttons, keys, inspector, bookmarks, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeySequence
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QFrame, QPushButton, QTableWidget, QToolButton
from pytestqt.qtbot import QtBot

from layers.errors import SecrecyError
from layers.formats.direct import DirectReader
from layers.locations import cache_folder
from layers.store import Project
from layers.store.drawing_cache import DrawingCache
from tests.ui.conftest import PreparedDialogs
from tests.ui.window_samples import EAST, PLATFORM, WEST, make_project
from ui.flows.bookmarks import BookmarkFlows
from ui.flows.measuring import Measuring
from ui.panels.measure_card import MeasureCard
from ui.theme import LIGHT
from ui.workbench import Surroundings, Workbench
from zsgis.bookmarks import SETTING
from zsgis.intake.tools import IntakeTools
from zsgis.preferences import PreferenceStore

Part = TypeVar("Part")
WAIT_MS = 20_000
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def make_bench(folder: Path, dialogs: PreparedDialogs) -> Workbench:
    preferences = PreferenceStore(folder / "preferences.json")
    preferences.change(preferences.current.model_copy(update={"tour_seen": True}))
    bench = Workbench(
        Surroundings(
            preferences=preferences,
            drawing=DrawingCache(cache_folder("drawings")),
            demo_folder=folder / "demo",
            intake=IntakeTools(DirectReader(), folder / "configuration"),
            rescue_folder=folder / "unsaved",
            colors=LIGHT,
            dialogs=lambda _window: dialogs,
        )
    )
    bench.window.resize(1366, 740)
    bench.window.show()
    return bench


def open_project(bench: Workbench, qtbot: QtBot, path: Path) -> None:
    bench.projects.open_path(path)
    qtbot.waitUntil(lambda: len(bench.window.canvas.layers) == 2, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not bench.jobs.active(), timeout=WAIT_MS)


@pytest.fixture
def bench(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[Workbench]:
    make_project(tmp_path / "work.gpkg").close()
    made = make_bench(tmp_path, prepared_dialogs)
    open_project(made, qtbot, tmp_path / "work.gpkg")
    yield made
    prepared_dialogs.verb = "stop"
    made.window.close()
    made.window.deleteLater()


def idle(bench: Workbench, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not bench.jobs.active(), timeout=WAIT_MS)


def place(bench: Workbench, east: float, north: float) -> QPoint:
    x, y = bench.window.canvas.view.to_pixel(500_000 + east, 2_490_000 + north)
    return QPointF(x, y).toPoint()


def click(
    bench: Workbench, east: float, north: float, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.mouseClick(bench.window.canvas, Qt.MouseButton.LeftButton, keys, place(bench, east, north))


def drag(
    bench: Workbench,
    start: tuple[float, float],
    end: tuple[float, float],
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    canvas, first, last = bench.window.canvas, place(bench, *start), place(bench, *end)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, keys, first)
    QTest.mouseMove(canvas, (first + last) / 2)
    QTest.mouseMove(canvas, last)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, keys, last)


def part(bench: Workbench, kind: type[Part]) -> Part:
    return next(found for found in bench.extensions if isinstance(found, kind))


def selected(bench: Workbench) -> set[str]:
    return {uid for chosen in bench.session.selection.values() for uid in chosen}


def choose_layer(bench: Workbench, uid: str) -> None:
    panel = bench.window.layer_tree
    panel.tree.setCurrentItem(panel.item_of(uid))


def press(bench: Workbench, qtbot: QtBot, keys: str) -> None:
    """Press a command's keys as the window gets them."""
    combination = QKeySequence(keys)[0]
    QTest.keyClick(bench.window.canvas, combination.key(), combination.keyboardModifiers())


# the tools and their buttons


def test_no_two_commands_of_the_window_share_a_key(bench: Workbench) -> None:
    keys = [QKeySequence(spec.shortcut).toString() for spec in bench.specs if spec.shortcut]
    assert sorted(keys) == sorted(set(keys))


def test_every_command_has_a_key_and_a_hint(bench: Workbench) -> None:
    for spec in bench.specs:
        action = bench.actions[spec.key]
        assert not action.shortcut().isEmpty(), spec.key
        assert action.toolTip(), spec.key
        # other keys would never arrive: Linux changes its console with them
        assert not re.fullmatch(r"Ctrl\+Alt\+F\d+", spec.shortcut), spec.key


def test_every_tool_has_a_key_and_says_it(bench: Workbench) -> None:
    for spec in bench.specs:
        if spec.mode in ("hand", "swipe"):
            assert spec.shortcut
            text = QKeySequence(spec.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
            assert text in bench.actions[spec.key].toolTip()


@pytest.mark.parametrize("size", [(1366, 768), (1024, 640)])
def test_all_tools_are_within_the_map_and_off_the_scale_bar(
    bench: Workbench, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = bench.window
    window.resize(*size)
    QApplication.processEvents()
    strip = window.map_panel.findChild(QFrame, "map_tools")
    assert strip is not None
    assert strip.isVisible()
    buttons = strip.findChildren(QToolButton)
    assert len(buttons) >= 13
    assert all(strip.rect().contains(button.geometry()) for button in buttons)
    assert window.map_panel.rect().contains(strip.geometry())
    # the scale bar keeps 172 pixels on the right
    assert strip.geometry().right() <= window.map_panel.width() - 172


def test_the_tool_in_hand_is_shown_by_its_button(bench: Workbench, qtbot: QtBot) -> None:
    assert bench.actions["tool_pan"].isChecked()
    press(bench, qtbot, "F6")
    assert bench.actions["tool_measure_length"].isChecked()
    assert not bench.actions["tool_pan"].isChecked()
    hint = bench.window.map_panel.findChild(QFrame, "map_hint")
    assert hint is not None
    assert hint.isVisible()
    QTest.keyClick(bench.window.canvas, Qt.Key.Key_Escape)
    assert bench.actions["tool_pan"].isChecked()
    assert not hint.isVisible()


def test_going_back_is_offered_when_there_is_a_view_before(bench: Workbench, qtbot: QtBot) -> None:
    back, canvas = bench.actions["look_back"], bench.window.canvas
    canvas.look_back()  # there is nothing before, and what is looked at now has settled
    assert not back.isEnabled()
    bench.session.select({})
    assert not back.isEnabled()
    canvas.zoom_by_steps(16)
    qtbot.waitUntil(back.isEnabled, timeout=WAIT_MS)
    near = canvas.view
    press(bench, qtbot, "Alt+Left")
    assert canvas.view.units_per_px > near.units_per_px
    assert not back.isEnabled()
    press(bench, qtbot, "Alt+Right")
    assert canvas.view == near


# selecting and identifying


def test_a_box_selects_in_all_visible_layers_and_keys_add_and_take_away(
    bench: Workbench, qtbot: QtBot
) -> None:
    bench.actions["tool_select_box"].trigger()
    drag(bench, (10, 10), (90, 90))
    qtbot.waitUntil(lambda: selected(bench) == {WEST, PLATFORM}, timeout=WAIT_MS)
    drag(bench, (110, 10), (190, 90), SHIFT)
    qtbot.waitUntil(lambda: selected(bench) == {WEST, EAST, PLATFORM}, timeout=WAIT_MS)
    drag(bench, (10, 10), (90, 90), CTRL)
    qtbot.waitUntil(lambda: selected(bench) == {EAST}, timeout=WAIT_MS)
    bench.actions["select_inside"].trigger()
    drag(bench, (-5, -5), (150, 105))
    qtbot.waitUntil(lambda: selected(bench) == {WEST}, timeout=WAIT_MS)
    drag(bench, (-5, -5), (205, 105))
    qtbot.waitUntil(lambda: selected(bench) == {WEST, EAST, PLATFORM}, timeout=WAIT_MS)


def test_a_polygon_selects_in_the_chosen_layer_only(bench: Workbench, qtbot: QtBot) -> None:
    chosen = next(layer for layer in bench.session.layers if layer.kind == "land_use")
    choose_layer(bench, chosen.uid)
    bench.actions["select_one_layer"].trigger()
    bench.actions["tool_select_polygon"].trigger()
    for corner in ((10, 10), (190, 10), (150, 90)):
        click(bench, *corner)
    QTest.keyClick(bench.window.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: selected(bench) == {WEST, EAST}, timeout=WAIT_MS)
    idle(bench, qtbot)
    # two squares of 100 m
    assert any("20,0" in text or "19,99" in text for text in bench.window.inspector.shown_fields.values())


def test_a_click_lists_what_lies_there_layer_by_layer(bench: Workbench, qtbot: QtBot) -> None:
    click(bench, 150, 50)
    qtbot.waitUntil(lambda: selected(bench) == {EAST}, timeout=WAIT_MS)
    idle(bench, qtbot)
    names = [layer.name for layer in bench.session.layers]
    assert list(bench.window.inspector.shown_groups.items()) == [(name, 1) for name in names]
    other = next(
        button for button in bench.window.inspector.findChildren(QPushButton) if button.text() == "科学城"
    )
    qtbot.mouseClick(other, Qt.MouseButton.LeftButton)
    assert selected(bench) == {PLATFORM}
    idle(bench, qtbot)
    # the way back is offered
    assert bench.window.inspector.shown_groups == dict.fromkeys(names, 1)


def test_a_hidden_layer_has_nothing_at_the_place(bench: Workbench, qtbot: QtBot) -> None:
    parcels = next(layer for layer in bench.session.layers if layer.kind == "land_use")
    bench.edits.set_visible(parcels.uid, False)
    click(bench, 150, 50)
    qtbot.waitUntil(lambda: selected(bench) == {PLATFORM}, timeout=WAIT_MS)
    idle(bench, qtbot)
    assert bench.window.inspector.shown_groups == {}


def test_a_layer_of_other_scales_is_neither_clicked_nor_framed(bench: Workbench, qtbot: QtBot) -> None:
    parcels = next(layer for layer in bench.session.layers if layer.kind == "land_use")
    finer = bench.window.canvas.view.scale_denominator / 2
    bench.edits.set_style(parcels.uid, parcels.style.model_copy(update={"max_denominator": finer}))
    click(bench, 150, 50)
    qtbot.waitUntil(lambda: selected(bench) == {PLATFORM}, timeout=WAIT_MS)
    bench.session.select({})
    bench.actions["tool_select_box"].trigger()
    drag(bench, (10, 10), (90, 90))
    qtbot.waitUntil(lambda: selected(bench) == {PLATFORM}, timeout=WAIT_MS)


def test_the_newest_of_many_clicks_is_answered(bench: Workbench, qtbot: QtBot) -> None:
    for east in (50, 150, 50, 150, 50, 150):
        click(bench, east, 50)
    idle(bench, qtbot)
    assert selected(bench) == {EAST}


# measuring


def test_what_is_measured_stands_in_a_card_and_can_be_copied(bench: Workbench, qtbot: QtBot) -> None:
    press(bench, qtbot, "Shift+F6")
    for corner in ((0, 0), (200, 0), (200, 100), (0, 100)):
        click(bench, *corner)
    QTest.keyClick(bench.window.canvas, Qt.Key.Key_Return)
    card = bench.window.map_panel.findChild(MeasureCard, "measure_card")
    assert card is not None
    assert card.isVisible()
    (figure,) = part(bench, Measuring).figures
    planar, ellipsoidal = figure.measures.planar_m2, figure.measures.ellipsoidal_m2
    assert planar is not None
    assert ellipsoidal is not None
    # clicked on whole pixels, so within a pixel's width all around
    assert planar == pytest.approx(20_000, abs=600 * bench.window.canvas.view.units_per_px)
    assert card.texts["平面面积"].splitlines() == [
        f"{planar:,.2f} m²",
        f"{planar / 10_000:,.4f} 公顷",
        f"{planar * 3 / 2000:,.2f} 亩",
    ]
    assert card.texts["椭球面积"].splitlines()[0] == f"{ellipsoidal:,.2f} m²"
    table = card.findChild(QTableWidget, "measure_segments")
    assert table is not None
    assert table.rowCount() == 4
    first = table.item(0, 2)
    assert first is not None
    assert first.text() == "90°00′00″"
    copy = card.findChild(QToolButton, "measure_copy")
    assert copy is not None
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    lines = [line.split("\t") for line in clipboard.text().splitlines()]
    assert lines[1] == ["平面面积", *card.texts["平面面积"].splitlines()]
    assert lines[-1][0] == "4"
    bench.actions["clear_measures"].trigger()
    assert part(bench, Measuring).figures == ()
    assert not card.isVisible()


def test_an_outline_that_crosses_itself_is_said(bench: Workbench, qtbot: QtBot) -> None:
    press(bench, qtbot, "Shift+F6")
    for corner in ((0, 0), (100, 100), (100, 0), (0, 100)):
        click(bench, *corner)
    card = bench.window.map_panel.findChild(MeasureCard, "measure_card")
    assert card is not None
    warnings = [label for label in card.findChildren(QFrame) if label.property("role") == "danger"]
    assert [label.isVisible() for label in warnings] == [True]


def test_while_one_draws_the_card_goes_aside_and_takes_no_click(bench: Workbench, qtbot: QtBot) -> None:
    press(bench, qtbot, "Shift+F6")
    click(bench, 0, 0)
    card = bench.window.map_panel.findChild(MeasureCard, "measure_card")
    assert card is not None
    assert card.isVisible()
    handle = bench.window.windowHandle()
    # through the window, which decides itself who is clicked
    under = card.mapTo(bench.window, card.rect().center())
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=under)
    QTest.mouseMove(handle, under + QPoint(0, 1))
    qtbot.waitUntil(lambda: not card.geometry().contains(card.parentWidget().mapFrom(bench.window, under)))
    click(bench, 0, 100)
    QTest.keyClick(bench.window.canvas, Qt.Key.Key_Return)
    (figure,) = part(bench, Measuring).figures
    assert len(figure.points) == 3
    copy = card.findChild(QToolButton, "measure_copy")
    assert copy is not None
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=copy.mapTo(bench.window, copy.rect().center()))
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text().splitlines()[-1].startswith("3\t")


# swiping


def test_swiping_leaves_the_chosen_layer_out_and_ends_with_it(bench: Workbench, qtbot: QtBot) -> None:
    chosen = next(layer for layer in bench.session.layers if layer.kind == "land_use")
    choose_layer(bench, chosen.uid)
    press(bench, qtbot, "F8")
    canvas = bench.window.canvas
    assert canvas.divider is not None
    assert bench.actions["swipe"].isChecked()
    press(bench, qtbot, "Shift+F8")
    assert canvas.divider is not None
    assert not canvas.divider.is_upright
    bench.edits.set_visible(chosen.uid, False)
    assert canvas.divider is None
    assert not bench.actions["swipe"].isChecked()
    bench.edits.set_visible(chosen.uid, True)
    press(bench, qtbot, "F8")
    press(bench, qtbot, "F8")
    assert canvas.divider is None


# bookmarks


def test_bookmarks_are_added_gone_to_renamed_removed_and_undone(
    bench: Workbench, qtbot: QtBot, prepared_dialogs: PreparedDialogs
) -> None:
    canvas, marks = bench.window.canvas, part(bench, BookmarkFlows)
    idle(bench, qtbot)
    canvas.center_on(500_150, 2_490_050)
    canvas.set_scale(500)
    kept = canvas.view
    prepared_dialogs.line = "东地块 北侧"
    press(bench, qtbot, "Ctrl+B")
    canvas.zoom_full()
    bench.actions["bookmarks"].trigger()
    assert marks.list.names == ["东地块 北侧"]
    go, _rename, remove = marks.list.buttons()
    qtbot.mouseClick(go, Qt.MouseButton.LeftButton)
    assert canvas.view.scale_denominator == pytest.approx(500, rel=1e-6)
    assert canvas.view.center_x == pytest.approx(kept.center_x, abs=kept.units_per_px)
    item = marks.list.list_widget.item(0)
    assert item is not None
    item.setText("新名")
    assert [mark.name for mark in marks.bookmarks] == ["新名"]
    item = marks.list.list_widget.item(0)
    assert item is not None
    item.setText("  ")
    assert marks.list.names == ["新名"]
    qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert marks.list.names == []
    bench.undo_stack.undo()
    bench.undo_stack.undo()
    assert marks.list.names == ["东地块 北侧"]
    bench.undo_stack.redo()
    assert marks.list.names == ["新名"]
    marks.list.close()


def test_bookmarks_are_in_the_project_even_when_it_is_closed_at_once(
    bench: Workbench, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    idle(bench, qtbot)
    prepared_dialogs.line = "甲"
    bench.actions["add_bookmark"].trigger()
    bench.projects.close_project()
    idle(bench, qtbot)
    with Project.open(tmp_path / "work.gpkg") as project:
        assert [entry["name"] for entry in project.setting(SETTING)] == ["甲"]
    open_project(bench, qtbot, tmp_path / "work.gpkg")
    assert [mark.name for mark in part(bench, BookmarkFlows).bookmarks] == ["甲"]


# the picture


def clipboard_image() -> QImage:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    return clipboard.image()


def test_the_picture_of_the_map_is_copied_and_saved(
    bench: Workbench, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    press(bench, qtbot, "Ctrl+Shift+C")
    canvas = bench.window.canvas
    qtbot.waitUntil(lambda: clipboard_image().width() == canvas.width(), timeout=WAIT_MS)
    prepared_dialogs.files = [tmp_path / "图.png"]
    bench.actions["save_picture"].trigger()
    qtbot.waitUntil((tmp_path / "图.png").is_file, timeout=WAIT_MS)
    idle(bench, qtbot)
    saved = QImage(str(tmp_path / "图.png"))
    assert (saved.width(), saved.height()) == (canvas.width(), canvas.height())
    assert [path.name for path in tmp_path.glob("*.png")] == ["图.png"]


def test_a_picture_that_cannot_be_written_is_offered_another_place(
    bench: Workbench, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    (tmp_path / "图.png").mkdir()
    prepared_dialogs.files = [tmp_path / "图.png", tmp_path / "另存.png"]
    prepared_dialogs.remedy = "elsewhere"
    bench.actions["save_picture"].trigger()
    qtbot.waitUntil((tmp_path / "另存.png").is_file, timeout=WAIT_MS)
    idle(bench, qtbot)
    assert len(prepared_dialogs.errors) == 1


def test_what_is_secret_goes_into_no_picture(
    bench: Workbench, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    parcels = next(layer for layer in bench.session.layers if layer.kind == "land_use")
    bench.edits.set_secrecy(parcels.uid, "秘密★10年")
    blank = QImage(1, 1, QImage.Format.Format_RGB32)
    blank.fill(Qt.GlobalColor.white)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    clipboard.setImage(blank)
    prepared_dialogs.files = [tmp_path / "图.png"]
    bench.actions["copy_picture"].trigger()
    bench.actions["save_picture"].trigger()
    idle(bench, qtbot)
    assert [type(error) for error in prepared_dialogs.errors] == [SecrecyError, SecrecyError]
    assert clipboard_image().width() == 1
    assert not (tmp_path / "图.png").exists()
    # hidden it is not in the picture
    bench.edits.set_visible(parcels.uid, False)
    bench.actions["copy_picture"].trigger()
    qtbot.waitUntil(lambda: clipboard_image().width() > 1, timeout=WAIT_MS)


def test_what_is_internal_is_marked(bench: Workbench, qtbot: QtBot) -> None:
    def copied() -> np.ndarray:
        clipboard = QGuiApplication.clipboard()
        assert clipboard is not None
        clipboard.clear()
        bench.actions["copy_picture"].trigger()
        qtbot.waitUntil(lambda: not clipboard_image().isNull(), timeout=WAIT_MS)
        image = clipboard_image().convertToFormat(QImage.Format.Format_RGB888).copy(0, 0, 120, 60)
        bits = image.constBits()
        assert bits is not None
        bits.setsize(image.sizeInBytes())
        return np.frombuffer(bytes(bits), dtype=np.uint8)

    plain = copied()
    parcels = next(layer for layer in bench.session.layers if layer.kind == "land_use")
    bench.edits.set_secrecy(parcels.uid, "内部")
    assert (copied() != plain).any()


# files


def test_files_are_dropped_on_the_map_itself(bench: Workbench, qtbot: QtBot, tmp_path: Path) -> None:
    dropped: list[list[Path]] = []
    bench.window.files_dropped.disconnect()
    bench.window.files_dropped.connect(dropped.append)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "红线.dxf"))])
    canvas, copying = bench.window.canvas, Qt.DropAction.CopyAction
    middle = canvas.rect().center()
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(middle, copying, data, buttons, keys)
    QApplication.sendEvent(canvas, entering)
    assert entering.isAccepted()
    dropping = QDropEvent(QPointF(middle), copying, data, buttons, keys)
    QApplication.sendEvent(bench.window, dropping)
    assert dropped == [[tmp_path / "红线.dxf"]]


def test_each_action_of_the_map_is_found_by_its_name(bench: Workbench) -> None:
    for key in ("swipe", "tool_pan", "select_touching", "look_back"):
        assert bench.window.findChild(QAction, key) is bench.actions[key]
