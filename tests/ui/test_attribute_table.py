"""The attribute table in the window, by mouse and key: sorted, filtered, chosen, summed, written."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import openpyxl
import pytest
from PyQt6.QtCore import QEvent, QPointF, Qt
from PyQt6.QtGui import QGuiApplication, QMouseEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.store import NewLayer, Project
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.table_hands import CRS, Hands, make_project, uid
from tests.ui.window_samples import square
from ui.layer_menu import layer_menu
from ui.panels.column_chooser import ColumnChooser
from zsgis.tabulation.look import SETTING


@pytest.fixture
def hands(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[Hands]:
    make_project(tmp_path / "work.gpkg")
    made = Hands(qtbot, tmp_path, prepared_dialogs)
    made.show_table(by_key=True)
    yield made
    prepared_dialogs.verb = "stop"
    made.window.close()
    made.window.deleteLater()


def test_the_table_of_the_chosen_layer_stands_below_the_map(hands: Hands) -> None:
    panel = hands.window.results_panel
    assert panel.isVisible()
    assert panel.tabs.tabText(panel.tabs.currentIndex()) == "现状图斑"
    assert hands.cells() == [f"图斑{row}" for row in range(6)]
    # a code with its name, no data as a dash and never as 0, thousands set apart
    assert hands.cells("class_code")[0] == "0101 水田"
    assert hands.cells("survey_area_m2") == ["9,000.50", "12,000.00", "—", "800.25", "800.25", "0.00"]
    model = hands.table.page.model
    heading = model.headerData(hands.column("survey_area_m2"), Qt.Orientation.Horizontal)
    assert heading == "图斑面积（m²）"
    assert "共 6 行" in hands.table.page.footer.toolTip()


def test_the_layers_menu_opens_the_same_table(hands: Hands) -> None:
    layer = hands.session.layer(hands.layer_uid)
    menu = layer_menu(
        hands.window,
        layer,
        "",
        actions=hands.bench.actions,
        flows=hands.bench.layers,
        edits=hands.bench.edits,
    )
    action = hands.bench.actions["attribute_table"]
    assert action in menu.actions()
    page = hands.table.page
    action.trigger()
    hands.rest()
    assert hands.table.page is page
    assert hands.window.results_panel.tabs.count() == 1


def test_a_heading_sorts_up_down_and_back(hands: Hands) -> None:
    hands.click_heading("town")
    # by pinyin: San Xiang, Tan Zhou, Xiao Lan; what has no town stands at the end
    assert hands.cells() == ["图斑2", "图斑5", "图斑0", "图斑3", "图斑1", "图斑4"]
    hands.click_heading("town")
    assert hands.cells() == ["图斑1", "图斑0", "图斑3", "图斑2", "图斑5", "图斑4"]
    hands.click_heading("town")
    assert hands.cells() == [f"图斑{row}" for row in range(6)]
    # who sorts by area looks for the largest
    hands.click_heading("survey_area_m2")
    assert hands.cells() == ["图斑1", "图斑0", "图斑3", "图斑4", "图斑5", "图斑2"]


def test_rows_are_filtered_as_one_types(hands: Hands) -> None:
    hands.type("坦洲")
    assert hands.cells() == ["图斑0", "图斑3"]
    assert "显示 2 行，共 6 行" in hands.table.page.footer.toolTip()
    hands.type("水田")
    assert hands.cells() == ["图斑0", "图斑2", "图斑5"]
    hands.type(">800")
    assert hands.cells() == ["图斑0", "图斑1", "图斑3", "图斑4"]
    hands.type("=地类编码 = '0307' 且 图斑面积 < 1000")
    assert hands.cells() == ["图斑4"]
    hands.qtbot.keyClick(hands.table.page.search, Qt.Key.Key_Escape)
    hands.rest()
    assert len(hands.cells()) == 6


def test_an_expression_half_typed_is_marked_and_hides_nothing(hands: Hands) -> None:
    hands.type("=图斑面积 >")
    search = hands.table.page.search
    assert search.property("wrong")
    assert hands.dialogs.errors == []
    assert len(hands.cells()) == 6
    hands.type("坦洲")
    assert not search.property("wrong")
    assert hands.cells() == ["图斑0", "图斑3"]


def test_finding_goes_from_row_to_row_and_hides_none(hands: Hands) -> None:
    page = hands.table.page
    page.mode.setFocus()
    hands.qtbot.keyClick(page.mode, Qt.Key.Key_Down)
    hands.type("0307")
    assert len(hands.cells()) == 6
    assert page.view.current_row == 1
    assert "找到 2 处，当前第 1 处" in page.footer.toolTip()
    hands.qtbot.keyClick(page.search, Qt.Key.Key_Return)
    assert page.view.current_row == 4
    hands.qtbot.keyClick(page.search, Qt.Key.Key_Return)
    assert page.view.current_row == 1
    hands.qtbot.keyClick(page.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert page.view.current_row == 4
    hands.type("没有")
    assert "没有找到" in page.footer.toolTip()


def test_a_clicked_row_is_selected_everywhere(hands: Hands) -> None:
    hands.click(3)
    assert hands.selected() == [3]
    assert hands.window.inspector.shown_fields["图斑编号"] == "图斑3"
    hands.click(1, Qt.KeyboardModifier.ControlModifier)
    assert hands.selected() == [1, 3]
    hands.click(1, Qt.KeyboardModifier.ControlModifier)
    assert hands.selected() == [3]
    hands.click(2)
    hands.click(5, Qt.KeyboardModifier.ShiftModifier)
    assert hands.selected() == [2, 3, 4, 5]


def test_rows_are_chosen_with_the_keys_and_in_the_order_that_is_shown(hands: Hands) -> None:
    hands.click_heading("survey_area_m2")
    hands.click(0)
    assert hands.selected() == [1]
    hands.key(Qt.Key.Key_Down)
    assert hands.selected() == [0]
    hands.key(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert hands.selected() == [0, 3]
    hands.key(Qt.Key.Key_End)
    assert hands.selected() == [2]
    hands.key(Qt.Key.Key_Space)
    assert hands.selected() == []
    hands.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert hands.selected() == [0, 1, 2, 3, 4, 5]
    hands.type("坦洲")
    hands.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert hands.selected() == [0, 3]


def test_dragging_chooses_what_lies_between(hands: Hands) -> None:
    viewport = hands.table.page.view.viewport()
    hands.qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=hands.point(1))
    place = QPointF(hands.point(3))
    # the test's own pointer moves without a pressed button
    moved = QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        QPointF(viewport.mapToGlobal(place.toPoint())),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, moved)
    hands.qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=hands.point(3))
    hands.rest()
    assert hands.selected() == [1, 2, 3]


def test_what_the_map_selects_is_marked_and_gone_to(hands: Hands) -> None:
    hands.session.select({hands.layer_uid: (uid(4), uid(2), "gone")})
    hands.rest()
    assert hands.marked() == ["图斑2", "图斑4"]
    assert hands.table.page.view.current_row == 2
    hands.session.select({})
    hands.rest()
    assert hands.marked() == []


def test_only_selected_rows_follow_the_selection(hands: Hands) -> None:
    hands.session.select({hands.layer_uid: (uid(4), uid(2))})
    hands.rest()
    hands.press("table_selected")
    assert hands.cells() == ["图斑2", "图斑4"]
    hands.session.select({hands.layer_uid: (uid(5),)})
    hands.rest()
    assert hands.cells() == ["图斑5"]
    hands.press("table_selected")
    assert len(hands.cells()) == 6
    hands.click_heading("name")
    hands.table.page.view.go_to(0)
    hands.press("table_first")
    assert hands.table.page.view.current_row == 5


def test_the_selection_is_summed_with_its_basis(hands: Hands) -> None:
    hands.click(0)
    hands.click(1, Qt.KeyboardModifier.ShiftModifier)
    text = hands.table.page.footer.toolTip()
    assert "选中 2 行" in text
    found = re.search(r"椭球面积 ([\d,.]+) m² = ([\d,.]+) 公顷 = ([\d,.]+) 亩", text)
    assert found is not None
    m2, ha, mu = (float(figure.replace(",", "")) for figure in found.groups())
    # two squares of 100 m; at the central meridian ellipsoid and plane are nearly the same
    assert m2 == pytest.approx(20_000, rel=2e-3)
    assert ha == pytest.approx(m2 / 10_000, abs=5e-5)
    assert mu == pytest.approx(m2 * 3 / 2000, abs=5e-3)


def test_a_double_click_shows_the_row_on_the_map(hands: Hands) -> None:
    before = hands.window.canvas.view.units_per_px
    viewport = hands.table.page.view.viewport()
    hands.qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=hands.point(5))
    hands.rest()
    view = hands.window.canvas.view
    assert hands.selected() == [5]
    assert view.units_per_px < before
    assert view.center_x == pytest.approx(500_550, abs=1)
    assert view.center_y == pytest.approx(2_490_050, abs=1)


def test_statistics_follow_the_column_and_the_selection(hands: Hands) -> None:
    hands.press("table_statistics")
    hands.click_heading("survey_area_m2")
    lines = hands.table.page.statistics.lines
    # 9000.5 + 12000 + 800.25 + 800.25 + 0 = 22601; / 5 = 4520.2; in order 0, 800.25, 800.25, 9000.5, 12000
    assert lines["有值行数"] == "5"
    assert lines["空值行数"] == "1"
    assert lines["合计"] == "22,601.00"
    assert lines["平均值"] == "4,520.20"
    assert lines["中位数"] == "800.25"
    assert (lines["最小值"], lines["最大值"]) == ("0.00", "12,000.00")
    hands.click_heading("town")
    lines = hands.table.page.statistics.lines
    assert lines["不同值个数"] == "3"
    hands.session.select({hands.layer_uid: (uid(0), uid(3), uid(1))})
    hands.rest()
    assert hands.table.page.statistics.lines["出现最多"] == "坦洲镇（2 次）"


def test_chosen_rows_are_copied_for_a_spreadsheet(hands: Hands) -> None:
    look = hands.table.page.view.headings.look()
    shown = {"name", "town", "survey_area_m2"}
    hidden = frozenset(field.name for field in hands.table.shelf.fields if field.name not in shown)
    hands.table.page.look_chosen.emit(look.model_copy(update={"hidden": hidden}))
    hands.click(3)
    hands.click(4, Qt.KeyboardModifier.ControlModifier)
    hands.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == ("图斑编号\t镇街\t图斑面积（m²）\n图斑3\t坦洲镇\t800.25\n图斑4\t\t800.25")


def export_button(hands: Hands) -> Any:
    from PyQt6.QtWidgets import QToolButton

    corner = hands.window.results_panel.tabs.cornerWidget()
    assert corner is not None
    return next(button for button in corner.findChildren(QToolButton) if button.objectName() == "export")


def test_selected_rows_are_exported_to_a_workbook(hands: Hands, tmp_path: Path) -> None:
    hands.session.select({hands.layer_uid: (uid(1), uid(2))})
    hands.rest()
    hands.dialogs.verb = "selected"
    hands.dialogs.files = [tmp_path / "选中.xlsx"]
    hands.qtbot.mouseClick(export_button(hands), Qt.MouseButton.LeftButton)
    hands.rest()
    sheet = openpyxl.load_workbook(tmp_path / "选中.xlsx").active
    assert sheet is not None
    rows = list(sheet.values)
    titles = list(rows[0])
    assert [row[titles.index("图斑编号")] for row in rows[1:]] == ["图斑1", "图斑2"]
    assert [row[titles.index("图斑面积（m²）")] for row in rows[1:]] == [12_000, None]
    assert [row[titles.index("地类编码（名称）")] for row in rows[1:]] == ["其他林地", "水田"]


def test_rows_shown_are_exported_as_text_and_nobody_is_asked_without_a_choice(
    hands: Hands, tmp_path: Path
) -> None:
    hands.dialogs.files = [tmp_path / "全部.csv"]
    hands.bench.actions["table_export"].trigger()
    hands.rest()
    with (tmp_path / "全部.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 7
    assert hands.dialogs.asked == ["现状图斑.xlsx"]
    hands.type("坦洲")
    hands.dialogs.verb = "shown"
    hands.dialogs.files = [tmp_path / "显示.csv"]
    hands.bench.actions["table_export"].trigger()
    hands.rest()
    with (tmp_path / "显示.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[2] for row in csv.reader(file)][1:] == ["图斑0", "图斑3"]


def test_columns_are_arranged_and_remembered_with_the_project(hands: Hands, tmp_path: Path) -> None:
    hands.press("table_columns")
    (chooser,) = hands.window.findChildren(ColumnChooser)
    entry = chooser.list.item(0)
    assert entry is not None
    place = chooser.list.visualItemRect(entry).center()
    place.setX(12)
    hands.qtbot.mouseClick(chooser.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    chooser.close()
    header = hands.table.page.view.horizontalHeader()
    assert header is not None
    header.resizeSection(hands.column("name"), 173)
    header.moveSection(header.visualIndex(hands.column("survey_area_m2")), 0)
    hands.qtbot.wait(450)
    hands.rest()
    assert "feature_code" not in hands.table.page.view.headings.shown_names()
    project = hands.session.project
    assert project is not None
    stored = project.setting(SETTING)[hands.layer_uid]
    assert stored["hidden"] == ["feature_code"]
    hands.bench.actions["close_project"].trigger()
    hands.rest()
    hands.open(tmp_path / "work.gpkg")
    hands.show_table()
    headings = hands.table.page.view.headings
    assert headings.shown_names()[0] == "survey_area_m2"
    assert "feature_code" not in headings.shown_names()
    assert hands.table.page.view.columnWidth(hands.column("name")) == 173


def test_empty_columns_are_hidden_at_one_click_and_come_back(hands: Hands) -> None:
    hands.press("table_columns")
    (chooser,) = hands.window.findChildren(ColumnChooser)
    hands.qtbot.mouseClick(chooser.hide_empty, Qt.MouseButton.LeftButton)
    hands.rest()
    shown = hands.table.page.view.headings.shown_names()
    assert set(shown) == {"name", "class_code", "town", "survey_area_m2"}
    QApplication.processEvents()
    hands.press("table_columns")
    chooser = hands.window.findChildren(ColumnChooser)[-1]
    hands.qtbot.mouseClick(chooser.show_all, Qt.MouseButton.LeftButton)
    chooser.close()
    hands.rest()
    assert len(hands.table.page.view.headings.shown_names()) == len(hands.table.shelf.fields)


def test_the_menu_of_a_heading_sorts_counts_and_hides(hands: Hands) -> None:
    page = hands.table.page
    menu = page.heading_menu("town")
    actions = {action.text(): action for action in menu.actions()}
    actions["降序"].trigger()
    hands.rest()
    assert hands.cells()[0] == "图斑1"
    actions["只在本列中查找"].trigger()
    hands.type("三乡")
    assert page.scope == "town"
    assert hands.cells() == ["图斑2", "图斑5"]
    actions["列统计"].trigger()
    hands.rest()
    assert page.statistics.lines["不同值个数"] == "1"
    actions["隐藏本列"].trigger()
    hands.rest()
    # the column one looked in is gone: all that are shown are looked in
    assert "town" not in page.view.headings.shown_names()
    assert page.scope == ""
    menu.deleteLater()


def test_a_table_goes_with_its_layer_its_tab_and_its_project(hands: Hands) -> None:
    tabs = hands.window.results_panel.tabs
    hands.bench.edits.rename(hands.layer_uid, "图斑二〇二五")
    hands.rest()
    assert tabs.tabText(0) == "图斑二〇二五"
    tabs.tabCloseRequested.emit(0)
    assert tabs.count() == 0
    assert not hands.window.results_panel.isVisible()
    hands.show_table()
    assert tabs.count() == 1
    hands.dialogs.verb = "remove"
    hands.bench.layers.remove(hands.layer_uid)
    hands.rest()
    assert tabs.count() == 0
    assert hands.dialogs.errors == []


def test_another_state_of_a_layer_is_read_anew(hands: Hands) -> None:
    first = hands.table
    project = hands.session.project
    assert project is not None
    with project._database.writing() as connection:
        connection.execute("DELETE FROM 现状图斑 WHERE fid = 1")
        connection.execute("UPDATE zs_layers SET version = version + 1 WHERE uid = ?", (hands.layer_uid,))
    hands.session.set_layers(project.layers())
    hands.rest()
    assert hands.table is not first
    assert hands.cells() == [f"图斑{row}" for row in range(1, 6)]


def test_a_layer_without_features_has_an_empty_table(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> None:
    with Project.create(tmp_path / "work.gpkg", CRS) as project:
        nothing = geopandas.GeoDataFrame({"name": []}, geometry=[], crs=CRS)
        project.add_layer(NewLayer("空", "land_use", CRS, standard="sandiao"), nothing)
    hands = Hands(qtbot, tmp_path, prepared_dialogs)
    hands.show_table()
    hands.type("坦洲")
    hands.press("table_statistics")
    hands.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.key(Qt.Key.Key_Down)
    hands.click_heading("name")
    assert hands.cells() == []
    assert hands.dialogs.errors == []
    hands.window.close()
    hands.window.deleteLater()


def test_a_large_selection_goes_both_ways(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> None:
    count = 3_000
    with Project.create(tmp_path / "work.gpkg", CRS) as project:
        draw = np.random.default_rng(5)
        shapes = [square(30.0 * row, 0, 20) for row in range(count)]
        data = geopandas.GeoDataFrame(
            {"town": draw.choice(["甲镇", "乙镇"], count)}, geometry=shapes, crs=CRS
        )
        layer = project.add_layer(NewLayer("图斑", "land_use", CRS, standard="sandiao"), data)
        frame = project.read(layer.uid)
    hands = Hands(qtbot, tmp_path, prepared_dialogs)
    hands.show_table()
    hands.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert hands.session.selection[hands.layer_uid] == frozenset(frame.index)
    wanted = frozenset(frame.index[frame["town"] == "甲镇"])
    hands.session.select({hands.layer_uid: wanted | set(frame.index[:2_100])})
    hands.rest()
    model = hands.table.page.model
    expected = (frame["town"] == "甲镇").to_numpy() | (np.arange(count) < 2_100)
    assert np.array_equal(model.selected, expected)
    hands.window.close()
    hands.window.deleteLater()
