"""The dashboard in the window: figures lead to features, the selection leads back, edits are followed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import pandas
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from layers.crs import parse_crs
from layers.edits import ChangeFeature, Edit
from layers.store import NewLayer
from tests.ui.conftest import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid
from tests.ui.window_samples import PLATFORM, make_project
from ui.flows.dashboard import DashboardFlows
from ui.panels.dashboard_panel import BoardCard, DashboardPage
from zsgis.dashboard.model import Measure

CRS = parse_crs("4547")
FIRST, SECOND = "019313a0-0000-7000-8000-0000000000a1", "019313a0-0000-7000-8000-0000000000a2"
SCIENCE = "中山科学城"


def make_work(path: Path) -> None:
    """Write the sample project with two projects that want land, the second for the platform."""
    with make_project(path) as project:
        (platform,) = project.layers_of("platforms")
        project.apply(Edit("改名", (ChangeFeature(platform.uid, PLATFORM, values={"name": SCIENCE}),)))
        frame = geopandas.GeoDataFrame(
            pandas.DataFrame(
                {
                    "zs_uid": [FIRST, SECOND],
                    "name": ["甲", "乙"],
                    "platform": ["火炬开发区", SCIENCE],
                    "land_wanted_m2": [10_000.0, 25_000.0],
                }
            ),
            geometry=np.array([None, None], dtype=object),
            crs=CRS,
        )
        project.add_layer(NewLayer("用地需求库", "project_demand", CRS), frame)


@pytest.fixture
def desk(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[Desk]:
    made = Desk(tmp_path, prepared_dialogs)
    make_work(tmp_path / "work.gpkg")
    made.open(qtbot, tmp_path / "work.gpkg", 3)
    yield made
    made.close()


def press(desk: Desk, keys: str) -> None:
    combination = QKeySequence(keys)[0]
    QTest.keyClick(desk.window, combination.key(), combination.keyboardModifiers())


def opened(desk: Desk, qtbot: QtBot) -> DashboardPage:
    """Open the dashboard with its key, and wait until runs and ledger are looked at."""
    press(desk, "Ctrl+8")
    (flows,) = (part for part in desk.bench.extensions if isinstance(part, DashboardFlows))
    qtbot.waitUntil(
        lambda: flows.page is not None and flows.page.lights.model.part is not None, timeout=WAIT_MS
    )
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert flows.page is not None
    return flows.page


def row(card: BoardCard, name: str) -> int:
    assert card.model.part is not None
    return next(place for place, each in enumerate(card.model.part.rows) if each.cells[0].text == name)


def click(card: BoardCard, place: int, column: int) -> None:
    index = card.model.index(place, column)
    card.table.scrollTo(index)
    middle: QPoint = card.table.visualRect(index).center()
    viewport = card.table.viewport()
    assert viewport is not None
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=middle)


def test_a_figure_selects_its_projects_and_every_part_marks_them(desk: Desk, qtbot: QtBot) -> None:
    page = opened(desk, qtbot)
    science = row(page.platforms, SCIENCE)
    click(page.platforms, science, 1)
    assert desk.session.selection == {layer_uid(desk, "project_demand"): frozenset((SECOND,))}
    # the cell, the platform's name and total, and those of the bottom line
    assert {place for place, _column in page.platforms.model.marked} == {
        science,
        page.platforms.model.rowCount() - 1,
    }
    assert page.ranks.model.marked
    assert page.said.toolTip() == "选中 1 个项目：乙 · 需求面积 2.50 公顷"
    page.unit.setCurrentIndex(page.unit.findData("mu"))
    assert page.said.toolTip() == "选中 1 个项目：乙 · 需求面积 37.50 亩"
    desk.session.select({})
    assert page.platforms.model.marked == frozenset()


def test_a_platform_that_is_selected_on_the_map_is_marked(desk: Desk, qtbot: QtBot) -> None:
    page = opened(desk, qtbot)
    desk.session.select({layer_uid(desk, "platforms"): (PLATFORM,)})
    assert page.platforms.model.marked == {(row(page.platforms, SCIENCE), 0)}


def test_areas_are_shown_in_the_unit_that_is_chosen(desk: Desk, qtbot: QtBot) -> None:
    page = opened(desk, qtbot)
    page.measure.setCurrentIndex(page.measure.findData(Measure.WANTED))
    assert page.platforms.title.text() == "平台进展（公顷）"
    science = row(page.platforms, SCIENCE)
    assert page.platforms.model.index(science, 10).data() == "2.50"
    qtbot.keyClick(page.unit, Qt.Key.Key_Down)
    assert page.platforms.title.text() == "平台进展（亩）"
    assert page.platforms.model.index(science, 10).data() == "37.50"


def test_an_edit_is_followed_without_being_asked(desk: Desk, qtbot: QtBot) -> None:
    page = opened(desk, qtbot)
    science = row(page.platforms, SCIENCE)
    assert page.platforms.model.index(science, 1).data() == "1"
    register = layer_uid(desk, "project_demand")
    change = ChangeFeature(register, SECOND, values={"siting_on": "2026-02-03"})
    desk.bench.editing.submit(Edit("填日期", (change,)))
    qtbot.waitUntil(lambda: page.platforms.model.index(science, 3).data() == "1", timeout=WAIT_MS)
    assert page.platforms.model.index(science, 1).data() == ""


def test_the_stage_leads_to_registers_forms_and_dashboard(desk: Desk, qtbot: QtBot) -> None:
    press(desk, "Ctrl+3")
    panel = desk.window.securing_panel
    assert panel.isVisible()
    buttons = panel.steps.buttons
    qtbot.mouseClick(buttons["demand_table"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.window.results_panel.current_table() is not None
    qtbot.mouseClick(buttons["allocate"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.currentWidget() is panel.form, timeout=WAIT_MS)
    assert panel.computing.chosen_key == "allocate"
    qtbot.mouseClick(panel.form.back, Qt.MouseButton.LeftButton)
    assert panel.currentWidget() is panel.steps
    qtbot.mouseClick(buttons["quota_table"], Qt.MouseButton.LeftButton)
    # there is none: it is said, and nothing opens
    qtbot.waitUntil(lambda: "尚无此台账" in notice(desk), timeout=WAIT_MS)
    qtbot.mouseClick(buttons["dashboard"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(desk.window.results_panel.findChildren(DashboardPage)), timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)


def notice(desk: Desk) -> str:
    return desk.window.status.jobs.notice_text()


def test_no_button_of_a_stage_is_cut_off(desk: Desk, qtbot: QtBot) -> None:
    for stage in ("securing", "ledger"):
        desk.window.rail.choose(stage)
        QTest.qWait(50)
        steps = desk.window.securing_panel.steps if stage == "securing" else desk.window.ledger_stage_panel
        viewport = steps.viewport()
        assert viewport is not None
        for button in steps.findChildren(QPushButton):
            right = button.mapTo(steps, button.rect().topRight()).x()
            assert right <= viewport.width(), button.text()
