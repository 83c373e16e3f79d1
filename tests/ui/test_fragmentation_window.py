"""Fragmentation asked for in the window: chosen by key, run by mouse, its rows lead to the map."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.window_desk import WAIT_MS, Desk, layer_uid
from tests.ui.window_samples import WEST


def choose(desk: Desk, qtbot: QtBot) -> None:
    desk.bench.actions["stage_analysis"].trigger()
    chooser = desk.window.analysis_panel.chooser
    qtbot.waitUntil(lambda: chooser.count() > 0, timeout=WAIT_MS)
    chooser.setFocus()
    for _turn in range(chooser.count()):
        if chooser.currentData() == "fragmentation":
            return
        qtbot.keyClick(chooser, Qt.Key.Key_Down)
    assert chooser.currentData() == "fragmentation"


def test_patches_are_counted_and_lead_to_their_parcels(desk: Desk, qtbot: QtBot) -> None:
    choose(desk, qtbot)
    qtbot.mouseClick(desk.window.analysis_panel.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(desk.session.results), timeout=WAIT_MS)
    assert desk.dialogs.errors == []
    view = desk.window.results_panel.current_page().views[0]
    (row,) = view.result_model.table.rows
    # the one industrial parcel, 100 m by 100 m: 15 亩, in a platform of 30 亩; ellipsoidal, so nearly
    assert row.values["count"] == 1
    assert row.values["area"] == pytest.approx(15.0, abs=0.02)
    assert row.values["ground"] == pytest.approx(30.0, abs=0.04)
    where = view.visualRect(view.result_model.index(0, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert desk.session.selection == {layer_uid(desk, "land_use"): frozenset({WEST})}


def test_a_raster_that_is_not_there_is_said_and_nothing_else(desk: Desk, qtbot: QtBot) -> None:
    choose(desk, qtbot)
    form = desk.window.analysis_panel.form
    assert form is not None
    form.editor("raster").set_value("nowhere.tif")
    qtbot.mouseClick(desk.window.analysis_panel.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(desk.dialogs.errors), timeout=WAIT_MS)
    assert "nowhere.tif" in str(desk.dialogs.errors[0])
    assert not desk.session.results
