"""The map's coordinate system, typed coordinates and scale, in the window."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pyproj
import pytest
import shapely
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.crs import parse_crs
from layers.store import NewLayer, Project
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid, open_sample
from tests.ui.window_samples import EAST
from ui.dialogs.crs_dialog import CrsDialog
from ui.dialogs.go_to_dialog import GoToDialog
from ui.flows.coordinates import CoordinateFlows
from ui.flows.measuring import Measuring
from ui.panels.scale_box import scale_of

TO_DEGREES = pyproj.Transformer.from_crs(4547, 4490, always_xy=True)
# the small project: two parcels of 100 m x 100 m side by side
MIDDLE = (500_100.0, 2_490_050.0)


@pytest.fixture
def desk(empty_desk: Desk) -> Desk:
    """Return the window without a project, which each test opens for itself."""
    return empty_desk


@pytest.fixture
def opened(desk: Desk, qtbot: QtBot, tmp_path: Path) -> Desk:
    open_sample(desk, qtbot, tmp_path)
    return desk


def flows(desk: Desk) -> CoordinateFlows:
    return next(part for part in desk.bench.extensions if isinstance(part, CoordinateFlows))


def go_to(desk: Desk) -> GoToDialog:
    desk.bench.actions["go_to"].trigger()
    dialog = flows(desk).go_dialog
    assert dialog is not None
    return dialog


def show_in(desk: Desk, qtbot: QtBot, code: int, layers: int = 2) -> None:
    """Choose a system in the dialog, by its number."""
    desk.bench.actions["map_crs"].trigger()
    dialog = next(widget for widget in desk.window.findChildren(CrsDialog) if widget.isVisible())
    dialog.search.setText(str(code))
    qtbot.waitUntil(
        lambda: dialog.verb.isEnabled() and f"EPSG {code}" in dialog.report.text(), timeout=WAIT_MS
    )
    qtbot.mouseClick(dialog.verb, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.session.map_crs == parse_crs(code), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len(desk.window.canvas.layers) == layers, timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)


def test_enter_pressed_before_the_register_answers_takes_what_was_typed(opened: Desk, qtbot: QtBot) -> None:
    before = opened.session.map_crs
    opened.bench.actions["map_crs"].trigger()
    dialog = next(widget for widget in opened.window.findChildren(CrsDialog) if widget.isVisible())
    qtbot.keyClicks(dialog.search, "4546")
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    # not the first of the list that stood there before
    assert opened.session.map_crs == before
    qtbot.waitUntil(lambda: opened.session.map_crs == parse_crs(4546), timeout=WAIT_MS)
    assert not [shown for shown in opened.window.findChildren(CrsDialog) if shown.isVisible()]


@pytest.mark.parametrize(
    ("text", "denominator"),
    [
        ("2000", 2000),
        ("1:2000", 2000),
        ("1：2,000", 2000),
        ("１：５００", 500),
        ("1:5万", 50_000),
        ("1/500", 500),
        ("0", None),
        ("abc", None),
        ("1:", None),
        ("-5", None),
        ("9" * 30, None),
    ],
)
def test_a_scale_is_read_as_it_is_written(text: str, denominator: float | None) -> None:
    assert scale_of(text) == denominator


def test_a_typed_scale_is_the_maps(opened: Desk, qtbot: QtBot) -> None:
    box, canvas = opened.window.status.scale, opened.window.canvas
    middle = canvas.view.center_x, canvas.view.center_y
    line = box.lineEdit()
    assert line is not None
    line.selectAll()
    qtbot.keyClicks(line, "1:2000")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert canvas.view.scale_denominator == pytest.approx(2000)
    assert (canvas.view.center_x, canvas.view.center_y) == pytest.approx(middle, abs=1.0)
    assert box.currentText() == "1:2,000"
    line.selectAll()
    qtbot.keyClicks(line, "nonsense")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert canvas.view.scale_denominator == pytest.approx(2000)
    assert box.currentText() == "1:2,000"
    box.setCurrentIndex(box.findData(10_000))
    box.activated.emit(box.currentIndex())
    assert canvas.view.scale_denominator == pytest.approx(10_000)


def test_typed_coordinates_lead_there_and_leave_a_mark(opened: Desk, qtbot: QtBot) -> None:
    dialog, canvas = go_to(opened), opened.window.canvas
    qtbot.keyClicks(
        dialog.edit, "38500150, 2490050"
    )  # 4526, east first: beside the middle of the eastern parcel
    assert dialog.places.count() == 1
    assert "38" in dialog.report.text()
    assert "X 2490050.000  Y 500150.000" in dialog.report.text()
    qtbot.keyClick(dialog.edit, Qt.Key.Key_Return)
    assert (canvas.view.center_x, canvas.view.center_y) == pytest.approx((500_150, 2_490_050), abs=1.0)
    assert canvas.view.scale_denominator <= 20_000
    assert canvas.marker is not None
    assert canvas.marker.place == pytest.approx((500_150, 2_490_050), abs=1e-6)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert canvas.marker is None


def test_esc_on_the_map_puts_the_tool_away_and_then_takes_the_pin(opened: Desk, qtbot: QtBot) -> None:
    canvas = opened.window.canvas
    canvas.show_marker(500_150, 2_490_050)
    opened.bench.actions["tool_measure_length"].trigger()
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.marker is not None
    assert canvas.tool.key != "tool_measure_length"
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.marker is None


def test_what_is_half_measured_ends_with_the_maps_system(opened: Desk, qtbot: QtBot) -> None:
    canvas = opened.window.canvas
    opened.bench.actions["tool_measure_length"].trigger()
    for east in (20, 80):
        x, y = canvas.view.to_pixel(500_000 + east, 2_490_050)
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPointF(x, y).toPoint())
    assert canvas.tool.is_busy
    show_in(opened, qtbot, 4526)
    assert not canvas.tool.is_busy
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    measuring = next(part for part in opened.bench.extensions if isinstance(part, Measuring))
    # points of both systems would be 38,000 km apart
    assert measuring.figures == ()


def test_coordinates_that_stay_open_are_chosen_with_the_arrows(opened: Desk, qtbot: QtBot) -> None:
    dialog = go_to(opened)
    qtbot.keyClicks(dialog.edit, "30 40")
    assert [dialog.places.item(row).text() for row in range(dialog.places.count())] == [
        "按 2000国家大地坐标系 经纬度",
        "按 2000国家大地坐标系 经纬度，已对调次序",
    ]
    qtbot.keyClick(dialog.edit, Qt.Key.Key_Down)
    place = dialog.place()
    assert place is not None
    assert (place.latitude, place.longitude) == (40, 30)
    dialog.edit.setText("no place")
    assert not dialog.go.isEnabled()
    assert "这不是坐标" in dialog.report.text()
    dialog.edit.setText("22.5, 114.0")
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    assert "2000国家大地坐标系 经纬度：B 22.5000000°  L 114.0000000°" in clipboard.text().splitlines()
    dialog.close()


@pytest.mark.parametrize(
    ("code", "scale"), [(4526, 5_000), (4490, 5_000), (4546, 5_000), (32649, 5_000), (4526, 50), (4490, 50)]
)
def test_the_map_in_another_system_shows_the_same_place_at_the_same_scale(
    opened: Desk, qtbot: QtBot, code: int, scale: int
) -> None:
    canvas = opened.window.canvas
    canvas.center_on(*MIDDLE)
    canvas.set_scale(scale)
    before = canvas.view
    show_in(opened, qtbot, code)
    wanted = pyproj.Transformer.from_crs(4547, code, always_xy=True).transform(
        before.center_x, before.center_y
    )
    now = canvas.view
    # within a pixel, so that tiles lie on whole ones
    assert (now.center_x, now.center_y) == pytest.approx(wanted, abs=2 * now.units_per_px)
    assert now.scale_denominator == pytest.approx(scale, rel=1e-3)
    assert opened.session.project.crs == parse_crs(4547)
    assert {layer.crs for layer in opened.session.layers} == {parse_crs(4547)}


@pytest.mark.parametrize("code", [4526, 4490])
def test_a_click_finds_what_is_under_it_in_any_system(opened: Desk, qtbot: QtBot, code: int) -> None:
    show_in(opened, qtbot, code)
    canvas = opened.window.canvas
    move = pyproj.Transformer.from_crs(4547, code, always_xy=True)
    canvas.center_on(*move.transform(*MIDDLE))
    canvas.set_scale(2_000)
    x, y = canvas.view.to_pixel(*move.transform(500_150.0, 2_490_050.0))
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPointF(x, y).toPoint())
    land = layer_uid(opened, "land_use")
    qtbot.waitUntil(lambda: EAST in opened.session.selection.get(land, ()), timeout=WAIT_MS)
    assert opened.bench.map_layers.zoom_to_features(opened.session.selection)
    west, south, right, north = canvas.view.bounds
    assert west < move.transform(500_150.0, 2_490_050.0)[0] < right
    # some twenty metres of land around a parcel of a hundred, never twenty degrees
    assert (right - west) * canvas.view.metres_per_unit < 5_000
    assert south < north


def test_the_pointers_place_is_told_in_the_chosen_system(opened: Desk, qtbot: QtBot) -> None:
    status, canvas = opened.window.status, opened.window.canvas
    canvas.center_on(*MIDDLE)
    canvas.set_scale(1_000)
    qtbot.mouseMove(canvas, QPoint(canvas.width() // 2 + 3, canvas.height() // 2))
    qtbot.mouseMove(canvas, QPoint(canvas.width() // 2, canvas.height() // 2))
    canvas.pointer_moved.emit(436_212.615, 2_491_514.243)
    qtbot.waitUntil(lambda: status.position.text() == "X 2491514.243  Y 436212.615", timeout=WAIT_MS)
    assert status.geographic.text() == "22°31′12.0″N  113°22′48.0″E"
    menu = flows(opened).system_menu()
    actions = [action for action in menu.actions() if action.isCheckable()]
    assert len(actions) == 3
    actions[1].trigger()  # 4526: domain facts, table 5a
    assert status.position.text() == "X 2491514.243  Y 38436212.615"
    actions[2].trigger()
    assert status.position.text() == "B 22.5200000°  L 113.3800000°"
    flows(opened).copy_middle()
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text().startswith("B 22.5")


def test_the_chosen_system_is_kept_and_undone(opened: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    show_in(opened, qtbot, 4526)
    assert "第38带" in opened.window.status.crs.toolTip()
    opened.bench.actions["close_project"].trigger()
    qtbot.waitUntil(opened.idle, timeout=WAIT_MS)
    opened.open(qtbot, tmp_path / "work.gpkg", 2)
    assert opened.session.map_crs == parse_crs(4526)
    assert 38_400_000 < opened.window.canvas.view.center_x < 38_600_000
    show_in(opened, qtbot, 4490)
    opened.bench.actions["undo"].trigger()
    qtbot.waitUntil(lambda: len(opened.window.canvas.layers) == 2, timeout=WAIT_MS)
    qtbot.waitUntil(opened.idle, timeout=WAIT_MS)
    assert opened.session.map_crs == parse_crs(4526)
    assert 38_400_000 < opened.window.canvas.view.center_x < 38_600_000


def test_a_meridian_of_ones_own_and_systems_that_are_refused(opened: Desk, qtbot: QtBot) -> None:
    opened.bench.actions["map_crs"].trigger()
    dialog = next(widget for widget in opened.window.findChildren(CrsDialog) if widget.isVisible())
    dialog.search.setText("2383")  # Xian 1980: its parameters are not public
    qtbot.waitUntil(lambda: "EPSG 2383" in dialog.report.text(), timeout=WAIT_MS)
    assert not dialog.verb.isEnabled()
    assert "参数未公开" in dialog.report.text() or "不" in dialog.report.text()
    dialog.pages.setCurrentIndex(1)
    dialog.meridian.setValue(113.5)
    assert "113.5°" in dialog.report.text()
    dialog.with_zone.setChecked(True)
    assert not dialog.verb.isEnabled()
    dialog.with_zone.setChecked(False)
    qtbot.mouseClick(dialog.verb, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(opened.window.canvas.layers) == 2, timeout=WAIT_MS)
    qtbot.waitUntil(opened.idle, timeout=WAIT_MS)
    wanted = pyproj.Proj(proj="tmerc", a=6378137, rf=298.257222101, lon_0=113.5, k=1, x_0=500_000)(
        *TO_DEGREES.transform(*MIDDLE)
    )
    assert opened.window.canvas.layers[0].extent is not None
    west, south, right, north = opened.window.canvas.layers[0].extent
    assert west <= wanted[0] <= right
    assert south <= wanted[1] <= north


def test_features_outside_the_projection_are_counted_and_the_rest_is_shown(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    crs = parse_crs(4490)
    near, far = shapely.box(113.3, 22.5, 113.4, 22.6), shapely.box(200.0, 95.0, 201.0, 96.0)
    with Project.create(tmp_path / "far.gpkg", 4547) as project:
        frame = geopandas.GeoDataFrame({"name": ["近", "远"]}, geometry=[near, far], crs=crs)
        uid = project.add_layer(NewLayer("范围", "zones", crs), frame).uid
    desk.open(qtbot, tmp_path / "far.gpkg", 1)
    assert "2 个要素中有 1 个" in desk.session.troubles[uid]
    show_in(desk, qtbot, 4490, 1)
    assert uid not in desk.session.troubles or "2 个要素中有" not in desk.session.troubles[uid]


def test_what_merely_has_no_shape_is_not_called_lost(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    crs = parse_crs(4490)
    names = {"name": ["有", "无"]}
    with Project.create(tmp_path / "none.gpkg", 4547) as project:
        places = geopandas.GeoDataFrame(names, geometry=[shapely.Point(113.4, 22.5), None], crs=crs)
        zones = geopandas.GeoDataFrame(names, geometry=[shapely.box(113.3, 22.5, 113.4, 22.6), None], crs=crs)
        points = project.add_layer(NewLayer("点", "points", crs), places).uid
        polygons = project.add_layer(NewLayer("范围", "zones", crs), zones).uid
    desk.open(qtbot, tmp_path / "none.gpkg", 2)
    assert points not in desk.session.troubles
    assert desk.session.troubles[polygons] == "2 个要素中有 1 个在数据中没有图形。"
