"""Charts and maps of a result in the window: seen under its tables, drawn aside, a map put on the map."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyproj
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot
from shapely import box

from tests.ui.window_desk import WAIT_MS, Desk, layer_uid
from ui.panels.chart_view import ChartView
from ui.theme import apply_theme
from zsgis.analysis.layers_used import unsigned_record
from zsgis.charts import BarChart, MapClass, MatrixChart, ResultGrid, ResultMap, Series
from zsgis.reports.charts import NIGHT, PAPER
from zsgis.result import Result


def sample_result() -> Result:
    shapes = np.array(
        [box(500_000, 2_490_000, 500_100, 2_490_100), box(500_200, 2_490_000, 500_300, 2_490_100)]
    )
    groups = ResultMap(
        "groups",
        "连片分组",
        pyproj.CRS(4547),
        shapes,
        {"规模": ("大", "小")},
        "规模",
        (MapClass("大", "大于 30 亩", "#B5473C"), MapClass("小", "小于 30 亩", "#F2D7A6")),
    )
    bars = BarChart("sizes", "规模分布", ("小", "大"), (Series("面积", (1.0, 2.0)),), unit="公顷")
    record = unsigned_record((), (), {})
    return Result("contiguity", "连片分析", (), (), (), record, charts=(bars,), maps=(groups,))


def seen(desk: Desk, qtbot: QtBot, title: str) -> ChartView:
    """Turn to a chart of the result in front and return it, drawn."""
    page = desk.window.results_panel.current_page()
    assert page is not None
    chart = next(view for view in page.charts if view.chart.title == title)
    page.tabs.setCurrentWidget(chart)
    qtbot.waitUntil(lambda: not chart.picture.isNull(), timeout=WAIT_MS)
    return chart


def test_a_chart_of_a_result_is_drawn_once_it_is_looked_at(desk: Desk, qtbot: QtBot) -> None:
    desk.session.add_result(sample_result())
    page = desk.window.results_panel.current_page()
    assert page is not None
    assert [page.tabs.tabText(place) for place in range(2)] == ["规模分布", "连片分组"]
    hidden = page.charts[1]
    assert not seen(desk, qtbot, "规模分布").picture.isNull()
    assert hidden.picture.isNull()
    assert seen(desk, qtbot, "规模分布").layer_button is None


def test_a_map_of_a_result_becomes_a_layer_with_one_click(desk: Desk, qtbot: QtBot) -> None:
    desk.session.add_result(sample_result())
    before = len(desk.session.layers)
    button = seen(desk, qtbot, "连片分组").layer_button
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(desk.session.layers) == before + 1, timeout=WAIT_MS)
    made = next(layer for layer in desk.session.layers if "连片" in layer.name)
    assert (made.name, made.feature_count) == ("连片分析 连片分组", 2)
    assert [rule.symbol.fill for rule in made.style.rules] == ["#B5473C", "#F2D7A6"]
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert made.uid in {layer.uid for layer in desk.window.canvas.layers}


def score_result(layer_uid: str = "", secrecy: str = "") -> Result:
    """Return a result whose grid lies over the sample project's two parcels: 10 on one, 90 on the other."""
    cells = np.array([[10.0, 10.0, 90.0, 90.0]] * 2, dtype=np.float32)
    at = (50.0, 0.0, 500_000.0, 0.0, -50.0, 2_490_100.0)
    classes = (MapClass("0", "0–100", "#C0562B"),)
    grid = ResultGrid(
        "scores",
        "得分栅格",
        pyproj.CRS(4547),
        at,
        cells,
        classes,
        ramp="score",
        limits=(0.0, 100.0),
        layer_uid=layer_uid,
    )
    record = unsigned_record((), (), {})
    return Result("suitability", "适宜性评价", (), (), (), record, grids=(grid,), secrecy=secrecy)


def color_at(desk: Desk, x: float, y: float) -> tuple[int, int, int]:
    canvas = desk.window.canvas
    image = canvas.grab().toImage()
    px, py = canvas.view.to_pixel(x, y)
    ratio = image.width() / canvas.view.width_px
    color = image.pixelColor(round(px * ratio), round(py * ratio))
    return color.red(), color.green(), color.blue()


def test_a_grid_of_a_result_becomes_a_raster_on_its_layer_with_one_click(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    parcels = layer_uid(desk, "land_use")
    desk.session.add_result(score_result(parcels, "内部"))
    button = seen(desk, qtbot, "得分栅格").layer_button
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(desk.session.pictures) == 1 and desk.idle(), timeout=WAIT_MS)
    (picture,) = desk.session.pictures
    assert (picture.name, picture.secrecy) == ("适宜性评价 得分栅格", "内部")
    assert (tmp_path / "work.成果" / "适宜性评价_得分栅格.tif").is_file()
    order = desk.session.tree.order()
    assert order.index(picture.uid) == order.index(parcels) - 1
    # of the five colours of scores 10 lies 0.4 of the way from the first, (192, 86, 43), to (223, 161, 90);
    # 90 lies 0.6 of the way from the fourth, (169, 197, 126), to the last, (76, 140, 74)
    low, high = (204, 116, 62), (113, 163, 95)
    for x, wanted in ((500_020.0, low), (500_180.0, high)):
        qtbot.waitUntil(
            lambda x=x, wanted=wanted: (
                max(abs(a - b) for a, b in zip(color_at(desk, x, 2_490_050.0), wanted, strict=True)) <= 3
            ),
            timeout=WAIT_MS,
        )
    desk.bench.undo_stack.undo()
    assert desk.session.pictures == ()
    assert picture.uid not in desk.session.tree.order()


def test_a_grid_that_has_no_place_beside_the_project_goes_where_the_person_says(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "work.成果").write_text("in the way")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    desk.session.add_result(score_result())
    desk.dialogs.remedy = "elsewhere"
    desk.dialogs.files = [elsewhere / "得分.tif"]
    button = seen(desk, qtbot, "得分栅格").layer_button
    assert button is not None
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(desk.session.pictures) == 1 and desk.idle(), timeout=WAIT_MS)
    assert len(desk.dialogs.errors) == 1
    assert (elsewhere / "得分.tif").is_file()
    assert desk.session.pictures[0].path == "elsewhere/得分.tif"


def test_a_matrix_wider_than_its_room_is_scrolled_and_stays_readable(desk: Desk, qtbot: QtBot) -> None:
    names = tuple(f"地类{number}" for number in range(20))
    wide = MatrixChart("m", "转移", names, names, ((12_345.6789,) * 20,) * 20, digits=4)
    record = unsigned_record((), (), {})
    desk.session.add_result(Result("change", "变化", (), (), (), record, charts=(wide,)))
    chart = seen(desk, qtbot, "转移")
    (room,) = chart.findChildren(QScrollArea)
    across, canvas = room.horizontalScrollBar(), room.widget()
    assert across is not None
    assert canvas is not None
    qtbot.waitUntil(lambda: across.maximum() > 0, timeout=WAIT_MS)
    assert canvas.width() >= chart.picture.deviceIndependentSize().width()


def test_many_maps_drawn_one_after_another_and_at_once(qtbot: QtBot) -> None:
    # in threads of Qt's pool the coordinate systems of the second and third brought the program down
    (ground,) = sample_result().maps
    views = [ChartView(ground) for _copy in range(6)]
    for view in views:
        qtbot.addWidget(view)
        view.show()
    qtbot.waitUntil(lambda: all(not view.picture.isNull() for view in views), timeout=WAIT_MS)
    assert len({view.picture.size().width() for view in views}) == 1


def test_charts_follow_the_palette_of_the_window(qtbot: QtBot) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    view = ChartView(BarChart("sizes", "规模分布", ("小", "大"), (Series("面积", (1.0, 2.0)),)))
    qtbot.addWidget(view)
    family = application.font().family()
    try:
        for theme, look in (("light", PAPER), ("dark", NIGHT)):
            apply_theme(application, theme, family)
            view.show()
            qtbot.waitUntil(
                lambda look=look: (
                    not view.picture.isNull() and view.picture.pixelColor(1, 1).name().upper() == look.ground
                ),
                timeout=WAIT_MS,
            )
    finally:
        apply_theme(application, "light", family)


def test_charts_are_written_beside_the_workbook(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.session.add_result(sample_result())
    desk.dialogs.files = [tmp_path / "out.xlsx"]
    desk.bench.actions["export_tables"].trigger()
    qtbot.waitUntil(lambda: (tmp_path / "连片分析_连片分组.png").exists() and desk.idle(), timeout=WAIT_MS)
    assert (tmp_path / "连片分析_规模分布.svg").exists()
