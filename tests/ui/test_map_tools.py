"""The tools of the map, by mouse and key: moving, framing, sketching, selecting."""

from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest
import shapely
from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.map_hands import (
    ALT,
    CTRL,
    GK,
    MIDDLE,
    PLAIN,
    RIGHT,
    SHIFT,
    Taken,
    click,
    double_click,
    drag,
    grabbed,
    measure_tool,
    send_mouse,
    turn_wheel,
)
from ui.canvas import MapCanvas
from ui.canvas.tools.measure import Figure, Figures, MeasureAreaTool, MeasureLengthTool
from ui.canvas.tools.select import SelectBoxTool, SelectPolygonTool
from ui.canvas.tools.zoom_box import ZoomBoxTool
from zsgis.selection.combining import Combination


def test_the_middle_button_moves_the_map_in_every_tool(canvas: MapCanvas) -> None:
    taken = Taken()
    tool = measure_tool(canvas, taken, MeasureLengthTool)
    click(canvas, (100, 100))
    before = canvas.view.to_map(300, 300)
    drag(canvas, (300, 300), (420, 250), MIDDLE)
    assert canvas.view.to_map(420, 250) == pytest.approx(before, abs=canvas.view.units_per_px)
    assert len(tool.points) <= 2
    assert tool.is_busy


def test_the_space_bar_turns_every_tool_into_the_hand(canvas: MapCanvas, qtbot: QtBot) -> None:
    taken = Taken()
    canvas.take_tool(SelectBoxTool(canvas, taken.area, lambda: True))
    before = canvas.view.to_map(300, 300)
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    drag(canvas, (300, 300), (350, 340))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.view.to_map(350, 340) == pytest.approx(before, abs=canvas.view.units_per_px)
    assert taken.areas == []
    drag(canvas, (300, 300), (350, 340))
    assert len(taken.areas) == 1


def test_shift_and_drag_with_the_hand_frames_what_is_looked_at(canvas: MapCanvas) -> None:
    clicks: list[tuple[float, ...]] = []
    canvas.clicked.connect(lambda *place: clicks.append(place))
    west, north = canvas.view.to_map(200, 150)
    east, south = canvas.view.to_map(360, 270)
    before = canvas.view.units_per_px
    drag(canvas, (200, 150), (360, 270), keys=SHIFT)
    xmin, ymin, xmax, ymax = canvas.view.bounds
    assert xmin <= west < east <= xmax
    assert ymin <= south < north <= ymax
    # the box was a fifth of the window: about four and a half times larger now, with a margin
    assert 3.5 < before / canvas.view.units_per_px < 5.0
    assert clicks == []


def test_the_zoom_box_frames_clicks_and_gives_up(canvas: MapCanvas, qtbot: QtBot) -> None:
    canvas.take_tool(ZoomBoxTool(canvas))
    first = canvas.view
    send_mouse(canvas, QEvent.Type.MouseButtonPress, (200, 150))
    send_mouse(canvas, QEvent.Type.MouseMove, (300, 250))
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    send_mouse(canvas, QEvent.Type.MouseButtonRelease, (300, 250))
    assert canvas.view == first
    click(canvas, (400, 300))
    assert first.units_per_px / canvas.view.units_per_px == pytest.approx(2.0)
    click(canvas, (400, 300), SHIFT)
    assert canvas.view.units_per_px == pytest.approx(first.units_per_px)
    drag(canvas, (500, 400), (300, 250))
    assert canvas.view.units_per_px < first.units_per_px


def test_escape_gives_the_hand_back(canvas: MapCanvas, qtbot: QtBot) -> None:
    told: list[str] = []
    canvas.tool_changed.connect(told.append)
    canvas.take_tool(ZoomBoxTool(canvas))
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert told == ["tool_zoom_box", "tool_pan"]
    assert canvas.tool.key == "tool_pan"


def test_fine_wheels_add_up_and_turning_back_is_not_late(canvas: MapCanvas) -> None:
    start = canvas.view.units_per_px
    for _turn in range(8):
        turn_wheel(canvas, angle=15)  # an eighth of a notch each
    # one notch: the square root of two
    assert start / canvas.view.units_per_px == pytest.approx(math.sqrt(2))
    turn_wheel(canvas, angle=14)
    near = canvas.view.units_per_px
    turn_wheel(canvas, angle=-15)
    # a whole step back at once, though part of a step the other way was left
    assert canvas.view.units_per_px / near == pytest.approx(2 ** (1 / 16))


def test_a_touchpad_that_tells_pixels_only_zooms_too(canvas: MapCanvas) -> None:
    start = canvas.view.units_per_px
    for _stroke in range(10):
        turn_wheel(canvas, pixels=6)  # 60 pixels are a notch
    assert start / canvas.view.units_per_px == pytest.approx(math.sqrt(2))


def test_ctrl_makes_the_wheel_fine(canvas: MapCanvas) -> None:
    start = canvas.view.units_per_px
    turn_wheel(canvas, angle=120, keys=CTRL)
    # a quarter of a notch: two sixteenths of a doubling
    assert start / canvas.view.units_per_px == pytest.approx(2 ** (2 / 16))


def test_a_triangle_of_three_four_five_is_measured_while_it_is_drawn(canvas: MapCanvas) -> None:
    taken = Taken()
    measure_tool(canvas, taken, MeasureAreaTool)
    unit = canvas.view.units_per_px
    click(canvas, (300, 300))
    click(canvas, (420, 300))
    send_mouse(canvas, QEvent.Type.MouseMove, (420, 390), Qt.MouseButton.NoButton)
    live = taken.shown[-1]
    assert live is not None
    assert [segment.planar_m for segment in live.measures.segments] == pytest.approx(
        [120 * unit, 90 * unit, 150 * unit]
    )
    assert live.measures.planar_m2 == pytest.approx(120 * 90 / 2 * unit**2)
    assert [segment.bearing_deg for segment in live.measures.segments][:2] == pytest.approx([90.0, 180.0])
    double_click(canvas, (420, 390))
    assert [figure.measures.planar_m2 for figure in taken.figures] == pytest.approx([120 * 90 / 2 * unit**2])
    assert len(taken.figures[0].points) == 3
    assert taken.shown[-1] is None


def test_the_ellipsoidal_length_is_the_geodesic(canvas: MapCanvas, qtbot: QtBot) -> None:
    taken = Taken()
    measure_tool(canvas, taken, MeasureLengthTool)
    click(canvas, (100, 100))
    click(canvas, (700, 500))
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    x, y = zip(*(canvas.view.to_map(*place) for place in ((100, 100), (700, 500))), strict=True)
    lon, lat = pyproj.Transformer.from_crs(4547, 4490, always_xy=True).transform(x, y)
    expected = pyproj.Geod(a=6378137.0, rf=298.257222101).line_length(lon, lat)
    assert taken.figures[0].measures.ellipsoidal_m == pytest.approx(expected, abs=1e-6)


def test_backspace_takes_a_point_back_and_escape_all_of_them(canvas: MapCanvas, qtbot: QtBot) -> None:
    taken = Taken()
    tool = measure_tool(canvas, taken, MeasureLengthTool)
    view = canvas.view
    for place in ((100, 100), (200, 100), (200, 200)):
        click(canvas, place)
    qtbot.keyClick(canvas, Qt.Key.Key_Backspace)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert [len(figure.points) for figure in taken.figures] == [2]
    click(canvas, (300, 300))
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert not tool.is_busy
    assert canvas.tool is tool  # a second Escape gives the hand back
    assert canvas.view == view  # Backspace did not go to another view
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.tool.key == "tool_pan"


def test_the_right_button_ends_and_too_few_points_do_not(canvas: MapCanvas, qtbot: QtBot) -> None:
    taken = Taken()
    tool = measure_tool(canvas, taken, MeasureAreaTool)
    click(canvas, (100, 100))
    click(canvas, (200, 100))
    send_mouse(canvas, QEvent.Type.MouseButtonPress, (200, 100), RIGHT)
    assert taken.figures == []
    assert tool.is_busy
    click(canvas, (200, 200))
    send_mouse(canvas, QEvent.Type.MouseButtonPress, (200, 200), RIGHT)
    assert len(taken.figures) == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Backspace, Qt.Key.Key_Return])
def test_a_busy_tool_gets_its_keys_before_the_commands(canvas: MapCanvas, key: Qt.Key) -> None:
    def asked(keys: Qt.KeyboardModifier = PLAIN) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, keys)
        event.ignore()
        QApplication.sendEvent(canvas, event)
        return event.isAccepted()

    assert not asked()
    measure_tool(canvas, Taken(), MeasureLengthTool)
    assert not asked()
    click(canvas, (100, 100))
    assert asked()
    assert not asked(CTRL)


def test_figures_stay_on_the_map_until_they_are_cleared(canvas: MapCanvas, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: canvas.is_complete, timeout=60_000)
    before = grabbed(canvas)
    figures = Figures()
    canvas.add_overlay(figures)
    points = [canvas.view.to_map(x, y) for x, y in ((100, 100), (400, 100), (400, 300))]
    figures.add(Figure.of(points, True, GK))
    drawn = grabbed(canvas)
    red = (drawn[..., 0] > 150) & (drawn[..., 1] < 90) & (drawn[..., 2] < 90)
    was = (before[..., 0] > 150) & (before[..., 1] < 90) & (before[..., 2] < 90)
    assert (red & ~was)[98:103, 120:220].any()
    figures.clear()
    assert (grabbed(canvas) == before).all()


@pytest.mark.parametrize(
    ("keys", "how"),
    [
        (PLAIN, Combination.REPLACE),
        (SHIFT, Combination.ADD),
        (CTRL, Combination.REMOVE),
        (ALT, Combination.INTERSECT),
        (SHIFT | CTRL, Combination.INTERSECT),
    ],
)
def test_a_box_tells_its_corners_and_what_the_keys_mean(
    canvas: MapCanvas, keys: Qt.KeyboardModifier, how: Combination
) -> None:
    taken = Taken()
    canvas.take_tool(SelectBoxTool(canvas, taken.area, lambda: True))
    drag(canvas, (500, 400), (300, 250), keys=keys)
    (corners, told), *rest = taken.areas
    assert rest == []
    assert told is how
    west, north = canvas.view.to_map(300, 250)
    east, south = canvas.view.to_map(500, 400)
    assert shapely.Polygon(corners).bounds == pytest.approx((west, south, east, north))


def test_a_click_selects_what_lies_around_the_pointer(canvas: MapCanvas) -> None:
    taken = Taken()
    canvas.take_tool(SelectBoxTool(canvas, taken.area, lambda: True))
    click(canvas, (300, 250), SHIFT)
    corners, how = taken.areas[0]
    xmin, ymin, xmax, ymax = shapely.Polygon(corners).bounds
    assert ((xmin + xmax) / 2, (ymin + ymax) / 2) == pytest.approx(canvas.view.to_map(300, 250))
    assert xmax - xmin == pytest.approx(8 * canvas.view.units_per_px)
    assert how is Combination.ADD


def test_a_polygon_is_clicked_and_ended_by_a_double_click(canvas: MapCanvas) -> None:
    taken = Taken()
    canvas.take_tool(SelectPolygonTool(canvas, taken.area, lambda: False))
    places = [(100, 100), (300, 120), (250, 300)]
    for place in places[:2]:
        click(canvas, place)
    assert "Esc" in canvas.tool.hint
    double_click(canvas, places[2], CTRL)
    corners, how = taken.areas[0]
    assert np.array(corners) == pytest.approx(np.array([canvas.view.to_map(*place) for place in places]))
    assert how is Combination.REMOVE
