"""The search box by keys: places, parcels, coordinates, layers, and every command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.words import _
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid, open_sample
from tests.ui.window_samples import PLATFORM, WEST
from ui.panels.search_box import SearchBox, SearchEntry


@pytest.fixture
def desk(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[Desk]:
    made = Desk(tmp_path, prepared_dialogs)
    open_sample(made, qtbot, tmp_path)
    qtbot.waitUntil(made.idle, timeout=WAIT_MS)
    yield made
    made.close()


def offered(desk: Desk, qtbot: QtBot, text: str) -> list[str]:
    box: SearchBox = desk.window.search_box
    box.clear()
    qtbot.keyClicks(box, text)
    return box.names


@pytest.mark.parametrize("typed", ["kxc", "kexue", "kxch"])
def test_a_platform_is_found_by_initials_and_pinyin(desk: Desk, qtbot: QtBot, typed: str) -> None:
    names = offered(desk, qtbot, typed)
    assert ("科学城" in names) is (typed != "kxch")


def test_enter_goes_to_the_first_and_selects_it(desk: Desk, qtbot: QtBot) -> None:
    offered(desk, qtbot, "kxc")
    qtbot.keyClick(desk.window.search_box, Qt.Key.Key_Return)
    assert desk.session.selection == {layer_uid(desk, "platforms"): frozenset({PLATFORM})}
    view = desk.window.canvas.view
    # the middle of the platform of 200 m x 100 m
    assert (view.center_x, view.center_y) == pytest.approx((500_100, 2_490_050), abs=5)


def test_the_arrows_choose_among_what_is_found(desk: Desk, qtbot: QtBot) -> None:
    names = offered(desk, qtbot, "dikuai")
    assert names[:2] == ["东地块", "西地块"]
    popup = QApplication.activePopupWidget()
    assert popup is not None
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(popup, key)
    assert desk.session.selection == {layer_uid(desk, "land_use"): frozenset({WEST})}


def test_typed_coordinates_move_the_map(desk: Desk, qtbot: QtBot) -> None:
    offered(desk, qtbot, "22.5012, 113.4051")
    assert "22.5012, 113.4051" in desk.window.search_box.names
    before = desk.window.canvas.view.center_x
    qtbot.keyClick(desk.window.search_box, Qt.Key.Key_Return)
    assert desk.window.canvas.view.center_x != before


def test_the_palette_lists_every_command_with_its_key_and_why_not(desk: Desk, qtbot: QtBot) -> None:
    desk.bench.actions["palette"].trigger()
    assert desk.window.search_box.text() == ">"
    entries = {entry.name: entry for entry in desk.bench.finding.entries(">")}
    assert len(entries) >= len({spec.text for spec in desk.bench.specs}) - 2
    unselect = entries[_("Clear selection")]
    assert (unselect.usable, unselect.detail) == (False, "请先选择要素")
    assert entries[_("Whole map")].detail == "Ctrl+0"


def test_a_command_runs_by_its_initials_and_is_first_the_next_time(desk: Desk, qtbot: QtBot) -> None:
    canvas = desk.window.canvas
    canvas.set_scale(200)
    offered(desk, qtbot, ">qt")
    qtbot.keyClick(desk.window.search_box, Qt.Key.Key_Return)
    assert canvas.view.scale_denominator > 201
    assert desk.bench.finding.entries(">")[0].name == _("Whole map")


def test_headings_stand_over_what_belongs_together(qtbot: QtBot) -> None:
    box = SearchBox()
    qtbot.addWidget(box)
    chosen: list[str] = []
    box.show_entries(
        [
            SearchEntry("甲", "地块", lambda: chosen.append("甲"), usable=False),
            SearchEntry("乙", "地块", lambda: chosen.append("乙"), "图斑"),
            SearchEntry("丙", "命令", lambda: chosen.append("丙")),
        ]
    )
    assert box.names == ["甲", "乙", "丙"]
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert chosen == ["乙"]


def test_a_renamed_layer_is_found_by_its_new_name_and_a_closed_project_finds_nothing(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.bench.edits.rename(layer_uid(desk, "platforms"), "重大平台新名")
    assert "重大平台新名" in [entry.name for entry in desk.bench.finding.entries("新名")]
    desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert [entry.name for entry in desk.bench.finding.entries("kxc")] == []
