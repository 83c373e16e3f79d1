"""The style editor, by mouse and key: seen on the map at once, one step of undo, Cancel takes all back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from layers.crs import parse_crs
from layers.kind import GeometryType
from layers.store import NewLayer, Project
from layers.style import ClassRule, LabelStyle, Marker, ScaledSymbol, Style, Symbol
from layers.style.boundaries import boundaries
from layers.style.breaks import Scheme
from layers.style.model import Hatch
from layers.styling import Grouping
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk
from tests.ui.window_samples import square
from ui.dialogs.style.classes_page import parsed_bounds
from ui.dialogs.style.dialog import StyleDialog
from ui.dialogs.style.symbol_page import SymbolPage, parsed_dash
from ui.flows.style_data import fitting
from ui.flows.styles import StyleFlows
from ui.theme import LIGHT

AMOUNTS = [1.0, 2.0, 3.0, 10.0, 11.0, 12.0, 100.0, None]
TOWNS = ["甲", "甲", "乙", "乙", "乙", "丙", "丙", None]


def make_project(path: Path) -> None:
    crs = parse_crs("4547")
    zones = geopandas.GeoDataFrame(
        {"name": TOWNS, "amount": AMOUNTS}, geometry=[square(i * 100, 0) for i in range(8)], crs=crs
    )
    plots = geopandas.GeoDataFrame(
        {"name": ["一", "二"], "class_code": ["100101", "0701"]},
        geometry=[square(0, 200), square(100, 200)],
        crs=crs,
    )
    with Project.create(path, crs) as project:
        project.add_layer(NewLayer("分区", "zones", crs), zones)
        project.add_layer(NewLayer("图斑", "land_use", crs, standard="yd2023"), plots)


@pytest.fixture
def desk(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[Desk]:
    made = Desk(tmp_path, prepared_dialogs)
    make_project(tmp_path / "work.gpkg")
    made.open(qtbot, tmp_path / "work.gpkg", 2)
    yield made
    made.close()


def uid_of(desk: Desk, name: str) -> str:
    return str(next(layer.uid for layer in desk.session.layers if layer.name == name))


def style_of(desk: Desk, name: str) -> Style:
    style = desk.session.layer(uid_of(desk, name)).style
    assert isinstance(style, Style)
    return style


def flows(desk: Desk) -> StyleFlows:
    return next(part for part in desk.bench.extensions if isinstance(part, StyleFlows))


def open_editor(desk: Desk, qtbot: QtBot, name: str) -> StyleDialog:
    tree = desk.window.layer_tree
    tree.tree.setCurrentItem(tree.item_of(uid_of(desk, name)))
    desk.bench.actions["style_edit"].trigger()
    dialog = flows(desk).editor(uid_of(desk, name))
    assert dialog is not None
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    return dialog


def pick(combo: QComboBox, data: object) -> None:
    """Choose an entry as a person does: the box tells of it as chosen."""
    combo.setCurrentIndex(next(place for place in range(combo.count()) if combo.itemData(place) == data))
    combo.activated.emit(combo.currentIndex())


def shown(desk: Desk, qtbot: QtBot, name: str, expected) -> None:
    qtbot.waitUntil(lambda: expected(style_of(desk, name)), timeout=WAIT_MS)


def make_classes(desk: Desk, qtbot: QtBot, dialog: StyleDialog, grouping: Grouping, field: str) -> None:
    dialog.tabs.setCurrentWidget(dialog.classes)
    pick(dialog.classes.grouping, grouping)
    pick(dialog.classes.field, field)
    qtbot.mouseClick(dialog.classes.make, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)


def test_changes_are_seen_at_once_and_are_one_step_of_undo(desk: Desk, qtbot: QtBot) -> None:
    before = style_of(desk, "分区")
    dialog = open_editor(desk, qtbot, "分区")
    assert not dialog.isModal()
    desk.dialogs.picked = "#12AB34"
    if not dialog.symbol.filled.isChecked():
        dialog.symbol.filled.click()
    qtbot.mouseClick(dialog.symbol.fill, Qt.MouseButton.LeftButton)
    shown(desk, qtbot, "分区", lambda style: style.symbol.fill == "#12AB34")
    pick(dialog.symbol.hatch, Hatch.CROSS)
    started = dialog.symbol.opacity.value()
    qtbot.keyClick(dialog.symbol.opacity, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.symbol.opacity, Qt.Key.Key_PageDown)
    wanted = (started - 11) / 100
    shown(desk, qtbot, "分区", lambda style: style.symbol.fill_opacity == wanted)
    assert style_of(desk, "分区").symbol.hatch is Hatch.CROSS
    qtbot.waitUntil(lambda: any(each.style == style_of(desk, "分区") for each in desk.window.canvas.layers))
    qtbot.mouseClick(dialog.done_button, Qt.MouseButton.LeftButton)
    assert flows(desk).editor(uid_of(desk, "分区")) is None
    assert desk.bench.undo_stack.count() == 1
    desk.bench.actions["undo"].trigger()
    assert style_of(desk, "分区") == before
    desk.bench.actions["redo"].trigger()
    assert style_of(desk, "分区").symbol.fill == "#12AB34"


def test_cancel_takes_everything_back_and_leaves_no_step(desk: Desk, qtbot: QtBot) -> None:
    before = style_of(desk, "分区")
    dialog = open_editor(desk, qtbot, "分区")
    pick(dialog.symbol.hatch, Hatch.FORWARD)
    shown(desk, qtbot, "分区", lambda style: style != before)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert style_of(desk, "分区") == before
    assert desk.bench.undo_stack.count() == 0
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.session.project.layer(uid_of(desk, "分区")).style == before


def test_ranges_of_numbers_are_made_counted_and_kept(desk: Desk, qtbot: QtBot) -> None:
    dialog = open_editor(desk, qtbot, "分区")
    dialog.classes.count.setValue(3)
    pick(dialog.classes.scheme, Scheme.NATURAL)
    make_classes(desk, qtbot, dialog, Grouping.RANGES, "amount")
    style = style_of(desk, "分区")
    assert (style.class_field, style.numeric) == ("amount", True)
    assert [(rule.lower, rule.upper) for rule in style.rules] == [(1, 3), (3, 12), (12, 100)]
    table = dialog.classes.table
    assert [table.item(row, 2).text() for row in range(4)] == ["3", "3", "1", "1"]
    qtbot.mouseClick(dialog.done_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.session.project.layer(uid_of(desk, "分区")).style == style
    again = open_editor(desk, qtbot, "分区")
    assert again.classes.grouping.currentData() is Grouping.RANGES
    assert again.classes.own.text() == "3 12"
    assert again.classes.table.item(1, 2).text() == "3"


def test_own_bounds_are_asked_for_and_read(desk: Desk, qtbot: QtBot) -> None:
    dialog = open_editor(desk, qtbot, "分区")
    pick(dialog.classes.scheme, Scheme.OWN)
    dialog.classes.own.setText("很多")
    make_classes(desk, qtbot, dialog, Grouping.RANGES, "amount")
    assert dialog.classes.complaint.text()
    assert style_of(desk, "分区").rules == ()
    dialog.classes.own.setText("2.5，50")
    make_classes(desk, qtbot, dialog, Grouping.RANGES, "amount")
    assert [(rule.lower, rule.upper) for rule in style_of(desk, "分区").rules] == [
        (None, 2.5),
        (2.5, 50),
        (50, None),
    ]
    make_classes(desk, qtbot, dialog, Grouping.RANGES, "name")
    assert "没有数值" in dialog.classes.complaint.text()
    assert style_of(desk, "分区").class_field == "amount"


def test_each_class_is_edited_by_itself(desk: Desk, qtbot: QtBot) -> None:
    dialog = open_editor(desk, qtbot, "分区")
    make_classes(desk, qtbot, dialog, Grouping.VALUES, "name")
    table = dialog.classes.table
    assert [table.item(row, 1).text() for row in range(4)] == ["丙", "乙", "甲", "其他"]
    assert [table.item(row, 2).text() for row in range(4)] == ["2", "3", "2", "1"]
    desk.dialogs.picked = "#ABCDEF"
    place = table.visualItemRect(table.item(1, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    table.item(0, 1).setText("第三")
    table.item(2, 0).setCheckState(Qt.CheckState.Unchecked)
    table.item(1, 3).setText("1:1,000")
    table.item(1, 4).setText("5000")
    table.item(3, 0).setCheckState(Qt.CheckState.Unchecked)
    shown(desk, qtbot, "分区", lambda style: not style.rest_visible)
    third, second, first = style_of(desk, "分区").rules
    assert (third.title, third.value) == ("第三", "丙")
    assert (second.symbol.fill, second.min_denominator, second.max_denominator) == ("#ABCDEF", 1000, 5000)
    assert not first.visible
    # what is no scale, or crosses the other limit, is put back
    for text in ("九", "500"):
        table.item(1, 4).setText(text)
        assert table.item(1, 4).text() == "5,000"
    assert [table.item(row, 2).text() for row in range(4)] == ["2", "3", "2", "1"]
    dialog.tabs.setCurrentIndex(0)
    pick(dialog.target, ("class", 1))
    assert dialog.symbol.fill.value() == "#ABCDEF"
    pick(dialog.symbol.hatch, Hatch.BACKWARD)
    shown(desk, qtbot, "分区", lambda style: style.rules[1].symbol.hatch is Hatch.BACKWARD)


def test_layers_and_symbols_keep_to_scales(desk: Desk, qtbot: QtBot) -> None:
    dialog = open_editor(desk, qtbot, "分区")
    page = dialog.scales
    qtbot.mouseClick(page.add, Qt.MouseButton.LeftButton)
    assert page.complaint.text()
    page.to_scale.setValue(2000)
    page.add.click()
    page.farthest.setValue(50_000)
    shown(desk, qtbot, "分区", lambda style: style.max_denominator == 50_000)
    style = style_of(desk, "分区")
    assert style.other_scales == (ScaledSymbol(symbol=style.symbol, max_denominator=2000),)
    pick(dialog.target, ("scale", 0))
    pick(dialog.symbol.hatch, Hatch.CROSS)
    shown(desk, qtbot, "分区", lambda style: style.other_scales[0].symbol.hatch is Hatch.CROSS)
    assert style_of(desk, "分区").symbol.hatch is None
    page.nearest.setValue(60_000)
    assert page.complaint.text()
    assert dialog.style_now().min_denominator is None
    page.others.setCurrentRow(0)
    page.remove.click()
    shown(desk, qtbot, "分区", lambda style: style.other_scales == ())


def test_words_are_switched_on_and_set(desk: Desk, qtbot: QtBot) -> None:
    dialog = open_editor(desk, qtbot, "分区")
    page = dialog.labels
    pick(page.field, "amount")
    page.bold.click()
    page.priority.setValue(9)
    page.farthest.setValue(10_000)
    page.with_halo.setChecked(False)
    shown(desk, qtbot, "分区", lambda style: style.label is not None and style.label.halo is None)
    label = style_of(desk, "分区").label
    assert label is not None
    assert (label.field, label.bold, label.priority) == ("amount", True, 9)
    assert label.max_scale_denominator == 10_000
    pick(page.field, "")
    shown(desk, qtbot, "分区", lambda style: style.label is None)


def test_words_take_their_turns_by_class_where_there_are_classes(desk: Desk, qtbot: QtBot) -> None:
    page = open_editor(desk, qtbot, "分区").labels
    pick(page.field, "name")
    assert not page.by_class.isEnabled()
    dialog = open_editor(desk, qtbot, "图斑")
    assert style_of(desk, "图斑").rules
    pick(dialog.labels.field, "name")
    dialog.labels.by_class.click()
    shown(desk, qtbot, "图斑", lambda style: style.label is not None and style.label.by_class)
    dialog.labels.by_class.click()
    shown(desk, qtbot, "图斑", lambda style: style.label is not None and not style.label.by_class)


def test_a_boundary_is_chosen_by_its_name(desk: Desk, qtbot: QtBot) -> None:
    dialog = open_editor(desk, qtbot, "分区")
    line = dialog.symbol.line
    titles = [line.itemText(place) for place in range(line.count())]
    assert {"地级界", "村界", "永久基本农田", "生态保护红线", "城镇开发边界"} <= set(titles)
    assert "县级界（待核实）" in titles
    line.setCurrentIndex(titles.index("地级界"))
    line.activated.emit(line.currentIndex())
    shown(desk, qtbot, "分区", lambda style: bool(style.symbol.lines_over))
    expected = boundaries()["prefecture"].drawn(Symbol())
    found = style_of(desk, "分区").symbol
    assert (found.dash, found.lines_over, found.stroke_mm) == (
        expected.dash,
        expected.lines_over,
        expected.stroke_mm,
    )
    dialog.symbol.dash.setText("2 x")
    dialog.symbol.dash.editingFinished.emit()
    assert dialog.symbol.dash.property("wrong")
    dialog.symbol.dash.setText("2 1")
    dialog.symbol.dash.editingFinished.emit()
    shown(desk, qtbot, "分区", lambda style: style.symbol.dash == (2.0, 1.0))
    assert style_of(desk, "分区").symbol.lines_over == ()


def test_standard_colours_and_black_and_white_come_by_a_button(desk: Desk, qtbot: QtBot) -> None:
    standard = style_of(desk, "图斑")
    assert len(standard.rules) == 2
    dialog = open_editor(desk, qtbot, "图斑")
    qtbot.mouseClick(dialog.grey, Qt.MouseButton.LeftButton)
    assert all(rule.symbol.fill in ("#FFFFFF", "#C8C8C8") for rule in style_of(desk, "图斑").rules)
    assert dialog.style_now() == style_of(desk, "图斑")
    qtbot.mouseClick(dialog.standard, Qt.MouseButton.LeftButton)
    shown(desk, qtbot, "图斑", lambda style: style == standard)
    assert desk.bench.undo_stack.count() == 0
    dialog.accept()
    desk.bench.actions["style_grey_map"].trigger()
    assert desk.bench.undo_stack.count() == 1
    assert style_of(desk, "图斑") != standard
    desk.bench.actions["undo"].trigger()
    assert style_of(desk, "图斑") == standard


def test_a_style_goes_from_one_layer_to_another_as_far_as_its_fields_do(desk: Desk, qtbot: QtBot) -> None:
    dialog = open_editor(desk, qtbot, "分区")
    make_classes(desk, qtbot, dialog, Grouping.RANGES, "amount")
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    dialog.accept()
    other = open_editor(desk, qtbot, "图斑")
    qtbot.mouseClick(other.paste, Qt.MouseButton.LeftButton)
    assert style_of(desk, "图斑").rules == ()
    assert style_of(desk, "图斑").symbol == style_of(desk, "分区").symbol
    assert other.style_now() == style_of(desk, "图斑")
    style = Style(
        class_field="x", rules=(ClassRule(value="1", title="", symbol=Symbol()),), label=LabelStyle(field="y")
    )
    assert fitting(style, frozenset({"x", "y"})) == style
    assert fitting(style, frozenset({"x"})).label is None


def test_the_editor_follows_undo_and_closes_with_its_project(desk: Desk, qtbot: QtBot) -> None:
    dialog = open_editor(desk, qtbot, "分区")
    pick(dialog.symbol.hatch, Hatch.CROSS)
    shown(desk, qtbot, "分区", lambda style: style.symbol.hatch is Hatch.CROSS)
    desk.bench.actions["undo"].trigger()
    assert dialog.symbol.hatch.currentData() is None
    open_editor(desk, qtbot, "分区")
    assert flows(desk).editor(uid_of(desk, "分区")) is dialog
    closed = []
    dialog.finished.connect(closed.append)
    uid = uid_of(desk, "分区")
    desk.bench.actions["close_project"].trigger()
    qtbot.waitUntil(lambda: bool(closed), timeout=WAIT_MS)
    assert flows(desk).editor(uid) is None


def test_a_symbol_that_is_only_shown_is_not_rounded(qtbot: QtBot) -> None:
    page = SymbolPage(GeometryType.POINT, lambda _title, _color: None, LIGHT)
    qtbot.addWidget(page)
    fine = Symbol(stroke_mm=0.1234, marker_mm=3.456, fill_opacity=0.333, marker=Marker.RING)
    page.show_symbol(fine)
    pick(page.marker, Marker.PENTAGON)
    assert page.value() == fine.model_copy(update={"marker": Marker.PENTAGON})


@pytest.mark.parametrize(
    ("text", "dash"),
    [
        ("", ()),
        ("4 1.5", (4, 1.5)),
        ("4，1.5, 1 1", (4, 1.5, 1, 1)),
        ("4 -1", None),
        ("nan 1", None),
        ("1 " * 21, None),
    ],
)
def test_dashes_are_read_as_lengths(text, dash) -> None:
    assert parsed_dash(text) == dash


@pytest.mark.parametrize(
    ("text", "bounds"),
    [("3 1 2 2", (1, 2, 3)), ("1;2", (1, 2)), ("", ()), ("x", None), ("inf", None), ("nan", None)],
)
def test_bounds_are_read_as_rising_numbers(text, bounds) -> None:
    assert parsed_bounds(text) == bounds


def test_switches_stand_at_the_height_of_what_they_switch(desk: Desk, qtbot: QtBot) -> None:
    dialog = open_editor(desk, qtbot, "分区")
    page = dialog.findChild(SymbolPage)
    assert page is not None
    for switch, field in ((page.filled, page.fill), (page.stroked, page.stroke)):
        middles = [part.mapTo(dialog, part.rect().center()).y() for part in (switch, field)]
        assert middles[0] == pytest.approx(middles[1], abs=2)
