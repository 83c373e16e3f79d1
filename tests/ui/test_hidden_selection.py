"""One selection in map, dashboard and ledger; what is hidden is said, and shown with one button."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.test_ledger_in_the_window import cell, click, counted, opened, row_of
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid
from tests.ui.window_samples import EAST, PLATFORM, WEST
from ui.flows.help import help_sections
from ui.tables.ledger_model import NAME


def test_a_ledger_figure_of_a_hidden_layer_says_so_and_a_button_shows_it(desk: Desk, qtbot: QtBot) -> None:
    counted(desk)
    land, session = layer_uid(desk, "land_use"), desk.session
    desk.bench.edits.tree.show_only((layer_uid(desk, "platforms"),))
    assert not session.shown(land)
    page = opened(desk, qtbot)
    bar = desk.window.selection_bar
    assert not bar.isVisible()
    click(page, qtbot, "industrial_share")
    # both parcels stand behind the figure
    assert bar.text.toolTip() == "选中的 2 个要素在图上看不到：图层“图斑”已隐藏。"
    assert bar.isVisible()
    far = desk.window.canvas.view
    qtbot.mouseClick(bar.button("show"), Qt.MouseButton.LeftButton)
    assert session.shown(land)
    assert not bar.isVisible()
    qtbot.waitUntil(lambda: desk.window.canvas.view != far, timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    desk.bench.undo_stack.undo()
    assert not session.shown(land)
    assert bar.isVisible()
    session.select({layer_uid(desk, "platforms"): (PLATFORM,)})
    assert not bar.isVisible()


def test_what_is_selected_on_the_map_is_marked_in_the_ledger(desk: Desk, qtbot: QtBot) -> None:
    counted(desk)
    page = opened(desk, qtbot)
    assert page.model.marked_rows == ()
    desk.session.select({layer_uid(desk, "land_use"): (EAST,)})
    assert row_of(page, "industrial_share") in page.model.marked_rows
    assert cell(page, "industrial_share", NAME).startswith("▸ ")
    # a filter moves the rows, the marks go with them
    page.search.setText(cell(page, "industrial_share", NAME).removeprefix("▸ "))
    assert row_of(page, "industrial_share") in page.model.marked_rows
    page.search.clear()
    desk.session.select({layer_uid(desk, "land_use"): (WEST,)})
    assert page.model.marked_rows
    desk.session.select({})
    assert page.model.marked_rows == ()


def test_the_help_names_every_stage() -> None:
    (stages,) = (each for each in help_sections((), ()) if each.title == "左侧各阶段")
    assert [name for name, _text in stages.rows] == ["数据", "分析", "保障", "制图", "台账"]
