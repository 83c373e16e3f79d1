"""The ledger in the window: a figure leads to its parcels, goes stale, is verified; values are typed in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from PyQt6.QtCore import QDate, QPoint, Qt
from pytestqt.qtbot import QtBot

from layers.edits import ChangeFeature, Edit
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid
from tests.ui.window_samples import EAST, WEST, make_project, square
from ui.flows.ledger import LedgerFlows
from ui.panels.ledger_panel import LedgerPage
from ui.tables.ledger_model import LIGHT, NAME, STATE, VALUE
from zsgis.ledger.typed_values import typed_values
from zsgis.run import run_capability


def flows(desk: Desk) -> LedgerFlows:
    return next(part for part in desk.bench.extensions if isinstance(part, LedgerFlows))


def settled(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)


def opened(desk: Desk, qtbot: QtBot) -> LedgerPage:
    """Open the ledger with its key."""
    qtbot.keyClick(
        desk.window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    qtbot.waitUntil(lambda: flows(desk).page is not None, timeout=WAIT_MS)
    page = flows(desk).page
    assert page is not None
    qtbot.waitUntil(lambda: bool(page.model.entries), timeout=WAIT_MS)
    settled(desk, qtbot)
    return page


def row_of(page: LedgerPage, key: str) -> int:
    return next(row for row, entry in enumerate(page.model.entries) if entry.indicator.key == key)


def cell(page: LedgerPage, key: str, column: int) -> str:
    return str(page.model.index(row_of(page, key), column).data())


def click(page: LedgerPage, qtbot: QtBot, key: str) -> None:
    """Click on an indicator's value."""
    index = page.model.index(row_of(page, key), VALUE)
    page.table.scrollTo(index)
    place: QPoint = page.table.visualRect(index).center()
    viewport = page.table.viewport()
    assert viewport is not None
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)


def counted(desk: Desk) -> None:
    """Count intensity: one factory of two parcels, so all construction land is industrial."""
    run_capability(desk.session.project, "intensity")


def test_a_click_on_a_value_selects_its_parcels_and_tells_where_it_comes_from(
    desk: Desk, qtbot: QtBot
) -> None:
    counted(desk)
    page = opened(desk, qtbot)
    # the factory (1 ha) and a village site (1 ha) are construction land: half of it is industrial
    assert cell(page, "industrial_share", VALUE) == "50.00"
    assert cell(page, "industrial_share", STATE) == "现行有效"
    click(page, qtbot, "industrial_share")
    assert desk.session.selection == {layer_uid(desk, "land_use"): frozenset({WEST, EAST})}
    told = page.details.toPlainText()
    for words in ("一(一)2", "开发强度", "运行 1", "仍然成立"):
        assert words in told


def test_an_edit_makes_the_value_stale_and_the_parcel_is_named(desk: Desk, qtbot: QtBot) -> None:
    counted(desk)
    page = opened(desk, qtbot)
    click(page, qtbot, "industrial_share")
    layer = layer_uid(desk, "land_use")
    change = ChangeFeature(layer, EAST, geometry=square(100, 0, 50))
    desk.bench.editing.submit(Edit("改形状", (change,)))
    qtbot.waitUntil(lambda: cell(page, "industrial_share", STATE) == "已过时", timeout=WAIT_MS)
    assert cell(page, "industrial_share", VALUE) == "50.00（已过时）"
    assert "其后修改 东地块" in page.details.toPlainText()
    page.state.setCurrentIndex(page.state.findData("stale"))
    assert {entry.indicator.key for entry in page.model.entries} == {
        "industrial_share",
        "development_intensity",
    }


def test_verify_runs_again_and_says_how_many_hold(desk: Desk, qtbot: QtBot) -> None:
    counted(desk)
    page = opened(desk, qtbot)
    qtbot.mouseClick(page.verify, Qt.MouseButton.LeftButton)
    settled(desk, qtbot)
    assert "1/1" in page.summary.toolTip()
    assert "刚刚重新运行" in page.summary.toolTip()
    assert len(desk.session.project.runs()) == 1


def test_a_value_is_typed_in_with_keys_and_lights_the_indicator(desk: Desk, qtbot: QtBot) -> None:
    page = opened(desk, qtbot)
    assert cell(page, "high_tech_firms", VALUE) == "缺资料"
    click(page, qtbot, "high_tech_firms")
    row = page.entry_row
    assert row.isVisible()
    row.on.setDate(QDate(2025, 12, 31))
    qtbot.keyClicks(row.value, "3,600")
    qtbot.keyClick(row.value, Qt.Key.Key_Return)
    qtbot.keyClicks(row.source, "market letter 12")
    qtbot.keyClick(row.source, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: cell(page, "high_tech_firms", VALUE) == "3,600", timeout=WAIT_MS)
    assert cell(page, "high_tech_firms", LIGHT).startswith("●")
    (kept,) = typed_values(desk.session.project)
    assert (kept.series, kept.on, kept.value, kept.source) == (
        "high_tech_firms",
        dt.date(2025, 12, 31),
        3600.0,
        "market letter 12",
    )


def test_a_value_without_source_is_refused_in_words(desk: Desk, qtbot: QtBot) -> None:
    page = opened(desk, qtbot)
    click(page, qtbot, "high_tech_firms")
    qtbot.keyClicks(page.entry_row.value, "3600")
    qtbot.mouseClick(page.entry_row.enter, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(desk.dialogs.errors), timeout=WAIT_MS)
    assert "来源" in str(desk.dialogs.errors[0])
    assert typed_values(desk.session.project) == ()


def test_the_filter_takes_words_and_lines_can_be_shown(desk: Desk, qtbot: QtBot) -> None:
    counted(desk)
    page = opened(desk, qtbot)
    everything = page.model.rowCount()
    qtbot.keyClicks(page.search, "industrial")
    assert page.model.rowCount() == 0
    page.search.clear()
    assert page.model.rowCount() == everything
    page.search.setText("工业用地占")
    assert [entry.indicator.key for entry in page.model.entries] == ["industrial_share"]
    qtbot.keyClick(page.lines, Qt.Key.Key_Space)
    assert [str(page.model.index(row, NAME).data()).strip() for row in range(page.model.rowCount())] == [
        "工业用地占建设用地比例",
        "科学城",
    ]


def test_the_ledger_closes_with_its_tab_and_with_the_project(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(desk, qtbot)
    panel = desk.window.results_panel
    panel.tabs.tabCloseRequested.emit(panel.tabs.indexOf(page))
    assert flows(desk).page is None
    opened(desk, qtbot)
    make_project(tmp_path / "other.gpkg").close()
    desk.open(qtbot, tmp_path / "other.gpkg", 2)
    assert flows(desk).page is None
