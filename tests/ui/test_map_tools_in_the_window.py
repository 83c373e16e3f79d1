"""The tools of the map in the whole window: buttons, keys, inspector, measuring, swiping."""

from __future__ import annotations

import re

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QAction, QGuiApplication, QKeySequence
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QFrame, QPushButton, QTableWidget, QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.bench_hands import (
    CTRL,
    SHIFT,
    WAIT_MS,
    choose_layer,
    click,
    drag,
    idle,
    part,
    press,
    selected,
)
from tests.ui.window_samples import EAST, PLATFORM, WEST
from ui.flows.measuring import Measuring
from ui.panels.measure_card import MeasureCard
from ui.workbench import Workbench


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


def test_each_action_of_the_map_is_found_by_its_name(bench: Workbench) -> None:
    for key in ("swipe", "tool_pan", "select_touching", "look_back"):
        assert bench.window.findChild(QAction, key) is bench.actions[key]
