"""Checking a layer in the window: found, gone to, repaired, undone, reported, with mouse and keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import geopandas
import pytest
from PyQt6.QtCore import QModelIndex, QPoint, Qt
from PyQt6.QtGui import QColor
from pytestqt.qtbot import QtBot
from shapely import Polygon

from layers.checking.repairs import Repair, RepairPlan
from layers.checking.rules import checking_rules
from layers.crs import parse_crs
from layers.findings import Severity
from layers.store import NewLayer, Project
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid
from tests.ui.window_samples import square
from ui.dialogs.repair_dialog import RepairDialog
from ui.flows.checking import CheckingFlows
from ui.panels.check_panel import CheckPage
from ui.panels.shape_preview import ShapePreview
from ui.tables.check_model import FINDING
from ui.theme import LIGHT

X, Y = 500_000.0, 2_490_000.0
SPIKY = Polygon(
    [
        (X + x, Y + y)
        for x, y in ((0, 0), (100, 0), (100, 50), (120, 50.02), (100, 50.04), (100, 100), (0, 100))
    ]
)


def faulty_project(path: Path) -> None:
    """Write two parcels that overlap by 10 m x 100 m, one with a lost zero, and a spiky one."""
    crs = parse_crs("4547")
    with Project.create(path, crs) as project:
        frame = geopandas.GeoDataFrame(
            {"name": ["1", "2", "3"], "class_code": ["802", "0701", "0701"]},
            geometry=[square(0, 200), square(90, 200), SPIKY],
            crs=crs,
        )
        project.add_layer(NewLayer("图斑", "land_use", crs, standard="yd2023"), frame)


@pytest.fixture
def desk(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[Desk]:
    made = Desk(tmp_path, prepared_dialogs)
    faulty_project(tmp_path / "work.gpkg")
    made.open(qtbot, tmp_path / "work.gpkg", 1)
    yield made
    made.close()


def flows(desk: Desk) -> CheckingFlows:
    return next(part for part in desk.bench.extensions if isinstance(part, CheckingFlows))


def checked(desk: Desk, qtbot: QtBot) -> CheckPage:
    """Ask for a check by the button of the data stage, of the layer chosen on the page."""
    qtbot.mouseClick(desk.window.data_panel.checking, Qt.MouseButton.LeftButton)
    page = flows(desk).page
    assert page is not None
    qtbot.waitUntil(lambda: page.start.height() > 0, timeout=WAIT_MS)
    page.layer.setCurrentIndex(page.layer.findData(layer_uid(desk, "land_use")))
    qtbot.mouseClick(page.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert page.model.reports, desk.dialogs.errors
    return page


def rule_index(page: CheckPage, rule: str) -> QModelIndex:
    for index in page.model.rules():
        if page.model.finding(page.model.index(0, 0, index).data(FINDING)).rule == rule:
            return index
    raise AssertionError(rule)


def click(page: CheckPage, qtbot: QtBot, index: QModelIndex) -> None:
    page.tree.expand(index.parent())
    page.tree.scrollTo(index)
    viewport = page.tree.viewport()
    assert viewport is not None
    place = page.tree.visualRect(index).center()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(place.x(), place.y()))


def opened(desk: Desk, qtbot: QtBot) -> RepairDialog:
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    dialog = flows(desk).repairs.dialog
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


def codes(desk: Desk) -> list[str]:
    return list(desk.session.project.read(layer_uid(desk, "land_use"))["class_code"])


def test_an_unchecked_page_teaches(desk: Desk, qtbot: QtBot) -> None:
    desk.bench.actions["check_layers"].trigger()
    page = flows(desk).page
    assert page is not None
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert page.layer.count() == 2


def test_findings_stand_by_rule_and_can_be_filtered(desk: Desk, qtbot: QtBot) -> None:
    page = checked(desk, qtbot)
    rules = {
        page.model.finding(page.model.index(0, 0, index).data(FINDING)).rule for index in page.model.rules()
    }
    assert {"class.lost_zero", "topology.overlap", "geometry.spike"} <= rules
    page.severity.setCurrentIndex(page.severity.findData(Severity.WARNING))
    shown = [page.model.index(0, 0, index).data(FINDING) for index in page.model.rules()]
    assert {page.model.finding(place).severity for place in shown} == {Severity.WARNING}


def test_a_click_goes_to_the_place_and_selects_both_features(desk: Desk, qtbot: QtBot) -> None:
    page = checked(desk, qtbot)
    index = page.model.index(0, 0, rule_index(page, "topology.overlap"))
    click(page, qtbot, index)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    (chosen,) = desk.session.selection.values()
    assert len(chosen) == 2
    view, marker = desk.window.canvas.view, desk.window.canvas.marker
    assert marker is not None
    # the strip from 90 to 100 m, 200 to 300 m
    assert marker.place == pytest.approx((X + 95, Y + 250))
    assert (view.center_x, view.center_y) == pytest.approx((X + 95, Y + 250))


def test_a_click_on_the_one_finding_of_all_that_lies_outside_selects_them_all(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    """The second of three parcels lies in the city, 60 km west of the others."""
    crs = parse_crs("4547")
    with Project.create(tmp_path / "far.gpkg", crs) as project:
        frame = geopandas.GeoDataFrame(
            {"name": ["1", "2", "3"], "class_code": ["0701"] * 3},
            geometry=[square(0, 0), square(-60_000, 0), square(300, 0)],
            crs=crs,
        )
        layer = project.add_layer(NewLayer("图斑", "land_use", crs, standard="yd2023"), frame)
        uids = list(project.read(layer.uid).index)
    desk.open(qtbot, tmp_path / "far.gpkg", 1)
    page = checked(desk, qtbot)
    index = page.model.index(0, 0, rule_index(page, "extent.city"))
    click(page, qtbot, index)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    (chosen,) = desk.session.selection.values()
    assert set(chosen) == {uids[0], uids[2]}
    assert (
        index.data()
        == f"{page.model.finding(index.data(FINDING)).number}. 2 个要素超出市域范围：第 1、3 号。"
    )


def test_a_repair_is_shown_first_then_written_then_undone(desk: Desk, qtbot: QtBot) -> None:
    page = checked(desk, qtbot)
    click(page, qtbot, page.model.index(0, 0, rule_index(page, "class.lost_zero")))
    qtbot.mouseClick(page.repair, Qt.MouseButton.LeftButton)
    dialog = opened(desk, qtbot)
    assert "802 → 0802" in dialog.table.item(0, 2).text()
    assert codes(desk)[0] == "802"
    qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert codes(desk)[0] == "0802"
    assert page.model.places(rule_index(page, "class.lost_zero")) == []
    desk.bench.actions["undo"].trigger()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert codes(desk)[0] == "802"
    assert len(page.model.places(rule_index(page, "class.lost_zero"))) == 1
    desk.bench.actions["redo"].trigger()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert codes(desk)[0] == "0802"


def test_an_overlap_is_cut_from_the_feature_that_is_chosen(desk: Desk, qtbot: QtBot) -> None:
    page = checked(desk, qtbot)
    click(page, qtbot, rule_index(page, "topology.overlap"))
    qtbot.mouseClick(page.repair_rule, Qt.MouseButton.LeftButton)
    dialog = opened(desk, qtbot)
    assert float(dialog.table.item(0, 3).text().replace(",", "")) == pytest.approx(-1000.0)
    first = dialog.wanted()[0].row
    dialog.cut.setCurrentIndex(1)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert flows(desk).repairs.dialog is dialog
    # both are of one size: either choice names the first that fits
    assert dialog.wanted()[0].row == first
    qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    areas = desk.session.project.read(layer_uid(desk, "land_use")).geometry.area
    assert sorted(round(area) for area in areas)[0] == 9000


def test_a_repair_that_is_not_ticked_is_not_done(desk: Desk, qtbot: QtBot) -> None:
    page = checked(desk, qtbot)
    click(page, qtbot, rule_index(page, "geometry.spike"))
    qtbot.mouseClick(page.repair, Qt.MouseButton.LeftButton)
    dialog = opened(desk, qtbot)
    item = dialog.table.item(0, 0)
    assert item is not None
    item.setCheckState(Qt.CheckState.Unchecked)
    assert not dialog.take.isEnabled()
    qtbot.mouseClick(dialog.leave, Qt.MouseButton.LeftButton)
    assert not desk.bench.undo_stack.canUndo()


def test_the_preview_shows_what_changes_only(desk: Desk, qtbot: QtBot) -> None:
    page = checked(desk, qtbot)
    click(page, qtbot, rule_index(page, "geometry.spike"))
    qtbot.mouseClick(page.repair, Qt.MouseButton.LeftButton)
    dialog = opened(desk, qtbot)
    west, south, east, north = dialog.preview.shown_bounds()
    assert west < X + 120 < east
    assert south < Y + 50.02 < north
    assert east - west < 100


def test_the_preview_makes_a_thin_change_seen(qtbot: QtBot) -> None:
    preview = ShapePreview(LIGHT)
    qtbot.addWidget(preview)
    preview.resize(240, 240)
    accent = QColor(LIGHT.accent).rgb()

    def painted(after: Polygon) -> int:
        preview.show_shapes(square(0, 0), after)
        image = preview.grab().toImage()
        return sum(image.pixel(x, 120) == accent for x in range(0, 240))

    # a strip of 20 cm by 100 m is a third of a pixel wide here; the outline is two, under dashes
    grown = square(0, 0).union(square(99.2, 0).intersection(square(0.2, 0)))
    assert painted(grown) >= 3


def test_the_button_goes_to_the_place_again(desk: Desk, qtbot: QtBot) -> None:
    page = checked(desk, qtbot)
    assert not page.go.isEnabled()
    click(page, qtbot, rule_index(page, "topology.overlap"))
    assert "TD/T 1057" in page.origin.toolTip() + page.origin.text()
    desk.window.canvas.clear_marker()
    qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.window.canvas.marker is not None
    assert desk.window.canvas.marker.place == pytest.approx((X + 95, Y + 250))


def test_errors_stand_before_what_weighs_less(desk: Desk, qtbot: QtBot) -> None:
    page = checked(desk, qtbot)
    shown = [page.model.index(0, 0, index).data(FINDING) for index in page.model.rules()]
    weights = [list(Severity).index(page.model.finding(place).severity) for place in shown]
    assert weights == sorted(weights, reverse=True)
    assert page.model.index(0, 1).data() == Severity.ERROR.words


def test_the_report_is_written_where_it_is_wanted(
    desk: Desk, qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs
) -> None:
    page = checked(desk, qtbot)
    prepared_dialogs.files = [tmp_path / "报告.json"]
    qtbot.mouseClick(page.report, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    document = json.loads((tmp_path / "报告.json").read_text(encoding="utf-8"))
    assert document["reports"][0]["findings"] == len(page.model.reports[0])


def test_what_the_dialog_shows_last_is_repaired(desk: Desk, qtbot: QtBot) -> None:
    page = checked(desk, qtbot)
    click(page, qtbot, page.model.index(0, 0, rule_index(page, "geometry.spike")))
    qtbot.mouseClick(page.repair, Qt.MouseButton.LeftButton)
    first = opened(desk, qtbot)
    click(page, qtbot, page.model.index(0, 0, rule_index(page, "class.lost_zero")))
    qtbot.mouseClick(page.repair, Qt.MouseButton.LeftButton)
    dialog = opened(desk, qtbot)
    assert dialog is first
    qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert codes(desk)[0] == "0802"
    assert page.model.places(rule_index(page, "class.lost_zero")) == []
    assert len(page.model.places(rule_index(page, "geometry.spike"))) == 1


def test_an_undo_after_another_check_marks_nothing_there(desk: Desk, qtbot: QtBot) -> None:
    page = checked(desk, qtbot)
    click(page, qtbot, page.model.index(0, 0, rule_index(page, "class.lost_zero")))
    qtbot.mouseClick(page.repair, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(opened(desk, qtbot).take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    qtbot.mouseClick(page.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    for step in ("undo", "redo"):
        desk.bench.actions[step].trigger()
        qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    # the numbers of the first report name other findings in the second
    shown = [place for index in page.model.rules() for place in page.model.places(index)]
    assert len(shown) == len(page.model.reports[0])


def test_closing_the_tab_ends_it(desk: Desk, qtbot: QtBot) -> None:
    page = checked(desk, qtbot)
    tabs = desk.window.results_panel.tabs
    tabs.tabCloseRequested.emit(tabs.indexOf(page))
    assert flows(desk).page is None
    assert not desk.window.results_panel.has_pages


def test_what_does_not_fit_the_list_is_left_for_a_next_step(qtbot: QtBot) -> None:
    one = Repair("u", 0, "", (1,), ("class.lost_zero",), None, None, {"a": "802"}, {"a": "0802"}, None, 1)
    dialog = RepairDialog(LIGHT)
    qtbot.addWidget(dialog)
    dialog.show_plan(RepairPlan((one,) * 1_003, ()), checking_rules(), {})
    assert len(dialog.wanted()) == 1_000
    assert "3" in dialog.reasons.toPlainText()
