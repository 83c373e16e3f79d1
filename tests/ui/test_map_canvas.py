"""The map in the window: mouse and keys move it, its pictures come from other processes, nothing waits."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import psutil
import pytest
import shapely
from drawing_samples import areas, as_array, coverage, points
from PyQt6.QtCore import QPoint, QPointF, Qt, QTimer
from PyQt6.QtGui import QImage, QPainter, QWheelEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.style import Style, Symbol
from ui.canvas import MapCanvas
from ui.painting import MapView, paint_ground
from ui.painting.fonts import load_fonts

SIZE = (800, 600)
NOTCH = 120


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[MapCanvas]:
    load_fonts()  # as the program does before its first widget
    made = MapCanvas()
    qtbot.addWidget(made)
    made.resize(*SIZE)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.shut_down()


@pytest.fixture
def shown(canvas: MapCanvas, qtbot: QtBot) -> MapCanvas:
    canvas.set_layers([coverage()])
    wait_until_drawn(canvas, qtbot)
    return canvas


def wait_until_drawn(canvas: MapCanvas, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: canvas.is_complete, timeout=60_000)


def grabbed(canvas: MapCanvas) -> np.ndarray:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    canvas.render(image)
    return as_array(image)


def turn_wheel(canvas: MapCanvas, at: QPointF, delta: int) -> None:
    event = QWheelEvent(
        at,
        canvas.mapToGlobal(at),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def drag(qtbot: QtBot, canvas: MapCanvas, start: QPoint, end: QPoint, button: Qt.MouseButton) -> None:
    qtbot.mousePress(canvas, button, pos=start)
    for share in (0.5, 1.0):
        where = start + (end - start) * share
        qtbot.mouseMove(canvas, QPoint(round(where.x()), round(where.y())))
    qtbot.mouseRelease(canvas, button, pos=end)


def test_all_of_the_layers_is_shown_at_first(shown: MapCanvas):
    xmin, ymin, xmax, ymax = shown.view.bounds
    assert xmin < 0
    assert ymin < 0
    assert xmax > 2000
    assert ymax > 2000


def test_what_the_window_shows_is_what_the_painters_draw(shown: MapCanvas):
    view = shown.view
    image = QImage(*SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint_ground(painter, shown.layers, view, at_once=True)
    painter.end()
    # without the frame and the scale bar in the corner
    off = np.abs(as_array(image) - grabbed(shown))[5:500, 5:600]
    assert off.max() <= 6
    assert (as_array(image)[5:500, 5:600] != 255).any(axis=2).mean() > 0.3


@pytest.mark.parametrize("delta", [NOTCH, -NOTCH, 3 * NOTCH, 40])
def test_the_wheel_keeps_the_place_under_the_pointer(shown: MapCanvas, delta: int):
    pointer = QPointF(200, 450)
    before = shown.view.to_map(pointer.x(), pointer.y())
    scale = shown.view.units_per_px
    for _turn in range(4):
        turn_wheel(shown, pointer, delta)
    after = shown.view.to_map(pointer.x(), pointer.y())
    # the map moves by whole pixels: half a pixel per turn at most
    assert after == pytest.approx(before, abs=4 * 0.5 * max(scale, shown.view.units_per_px))
    # two notches double
    assert scale / shown.view.units_per_px == pytest.approx(2 ** (4 * delta / NOTCH / 2), rel=0.05)


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_the_map_follows_the_mouse(shown: MapCanvas, qtbot: QtBot, button: Qt.MouseButton):
    clicks: list[tuple[float, ...]] = []
    shown.clicked.connect(lambda *place: clicks.append(place))
    before = shown.view.to_map(300, 300)
    drag(qtbot, shown, QPoint(300, 300), QPoint(420, 250), button)
    assert shown.view.to_map(420, 250) == pytest.approx(before, abs=shown.view.units_per_px)
    assert clicks == []


def test_a_click_tells_the_place_on_the_map(shown: MapCanvas, qtbot: QtBot):
    with qtbot.waitSignal(shown.clicked) as told:
        qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=QPoint(100, 50))
    x, y, tolerance = told.args
    assert (x, y) == pytest.approx(shown.view.to_map(100, 50))
    assert tolerance == pytest.approx(4 * shown.view.units_per_px)


def test_a_double_click_enlarges(shown: MapCanvas, qtbot: QtBot):
    scale = shown.view.units_per_px
    qtbot.mouseDClick(shown, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    assert scale / shown.view.units_per_px == pytest.approx(2.0)


def test_the_pointer_place_is_told(shown: MapCanvas, qtbot: QtBot):
    with qtbot.waitSignal(shown.pointer_moved) as told:
        qtbot.mouseMove(shown, QPoint(123, 45))
    assert told.args == pytest.approx(shown.view.to_map(123, 45))


def test_keys_move_and_enlarge_the_map(shown: MapCanvas, qtbot: QtBot):
    full = shown.view
    qtbot.keyClick(shown, Qt.Key.Key_Plus)
    assert shown.view.units_per_px < full.units_per_px
    qtbot.keyClick(shown, Qt.Key.Key_Minus)
    assert shown.view.units_per_px == pytest.approx(full.units_per_px)
    for key, sign_x, sign_y in (
        (Qt.Key.Key_Right, 1, 0),
        (Qt.Key.Key_Left, -1, 0),
        (Qt.Key.Key_Up, 0, 1),
        (Qt.Key.Key_Down, 0, -1),
    ):
        before = shown.view
        qtbot.keyClick(shown, key)
        assert np.sign(round(shown.view.center_x - before.center_x)) == sign_x
        assert np.sign(round(shown.view.center_y - before.center_y)) == sign_y
    qtbot.keyClick(shown, Qt.Key.Key_Home)
    assert shown.view == full


def test_after_a_pan_something_right_is_there_at_once(shown: MapCanvas, qtbot: QtBot):
    before = grabbed(shown)
    shown.pan_by(-150, 0)
    after = grabbed(shown)
    # nothing was drawn in between: what was known stands 150 pixels further left
    assert np.abs(after[5:500, 5:400] - before[5:500, 155:550]).max() <= 1


def test_after_a_zoom_the_known_picture_is_shown_scaled_at_once(shown: MapCanvas, qtbot: QtBot):
    shown.zoom_by_steps(16)
    at_once = grabbed(shown)
    wait_until_drawn(shown, qtbot)
    drawn = grabbed(shown)
    assert (at_once != 255).any(axis=2).mean() > 0.9
    assert np.abs(at_once - drawn)[5:500, 5:600].mean() < 30
    assert np.abs(at_once - drawn)[5:500, 5:600].max() > 30  # and it was not the final one yet


def test_a_changed_style_is_drawn(shown: MapCanvas, qtbot: QtBot):
    plain = Style(symbol=Symbol(fill="#123456", stroke=None))
    shown.update_layer(replace(shown.layers[0], style=plain))
    wait_until_drawn(shown, qtbot)
    assert grabbed(shown)[300, 400].tolist() == [0x12, 0x34, 0x56]


def test_points_and_words_are_drawn(canvas: MapCanvas, qtbot: QtBot):
    symbol = Symbol(fill="#0000FF", stroke=None, marker_mm=6.0)
    canvas.set_layers([points(shapely.Point(0, 0), symbol=symbol)])
    wait_until_drawn(canvas, qtbot)
    assert grabbed(canvas)[300, 400].tolist() == [0, 0, 255]


def test_an_empty_map_says_what_to_do(canvas: MapCanvas):
    empty = grabbed(canvas)
    canvas.set_empty_text("把文件拖到这里")
    assert (grabbed(canvas) != empty).any()
    assert canvas.is_complete


def test_a_map_that_lost_its_layers_is_empty(shown: MapCanvas, qtbot: QtBot):
    shown.set_layers([])
    wait_until_drawn(shown, qtbot)
    assert (grabbed(shown)[10:500, 10:500] == grabbed(shown)[20, 20]).all()


def test_the_selection_stands_out(shown: MapCanvas, qtbot: QtBot):
    before = grabbed(shown)
    shown.set_selection({"cover": {"cover-7"}, "gone": {"x"}})
    after = grabbed(shown)
    changed = (before != after).any(axis=2)
    layer = shown.layers[0]
    xmin, ymin, xmax, ymax = layer.bounds[layer.uids.rows_of({"cover-7"})[0]]
    rows, columns = np.nonzero(changed)
    left, top = shown.view.to_pixel(xmin, ymax)
    right, bottom = shown.view.to_pixel(xmax, ymin)
    # the casing is 1 mm wide: 2 pixels on either side
    assert columns.min() == pytest.approx(left, abs=4)
    assert columns.max() == pytest.approx(right, abs=4)
    assert rows.min() == pytest.approx(top, abs=4)
    assert rows.max() == pytest.approx(bottom, abs=4)
    shown.set_selection({})
    assert (grabbed(shown) == before).all()


def test_a_selection_of_hundreds_is_drawn_too(shown: MapCanvas, qtbot: QtBot):
    before = grabbed(shown)
    shown.set_selection({"cover": set(shown.layers[0].uids)})
    wait_until_drawn(shown, qtbot)
    assert (grabbed(shown) != before).any(axis=2).mean() > 0.3


def test_a_selection_stays_with_its_feature_when_the_layer_changes(canvas: MapCanvas, qtbot: QtBot):
    style = Style(symbol=Symbol(fill="#FFFFFF", stroke=None))
    here, there = shapely.box(0, 0, 10, 10), shapely.box(90, 90, 100, 100)
    canvas.set_layers([areas(here, there, style=style)])
    canvas.set_selection({"layer-1": {"layer-1-1"}})
    wait_until_drawn(canvas, qtbot)
    # the first feature goes: the second one is now in the first row
    rest = areas(shapely.Polygon(), there, style=style)
    assert rest.uids[0] == "layer-1-1"
    canvas.update_layer(rest)
    wait_until_drawn(canvas, qtbot)
    px, py = canvas.view.to_pixel(90, 95)
    assert grabbed(canvas)[int(py), int(px)].tolist() != [255, 255, 255]


def test_the_slanted_words_come_and_go(shown: MapCanvas):
    before = grabbed(shown)
    shown.set_watermark("演示数据 非真实界线")
    assert (grabbed(shown) != before).any()
    shown.set_watermark("")
    assert (grabbed(shown) == before).all()


def test_a_drawing_process_that_dies_is_replaced_and_its_part_drawn(shown: MapCanvas, qtbot: QtBot):
    old = set(shown.process_ids)
    assert len(old) == 2
    shown.zoom_by_steps(24)
    for number in old:
        os.kill(number, signal.SIGKILL)
    wait_until_drawn(shown, qtbot)
    qtbot.waitUntil(lambda: len(shown.process_ids) == 2, timeout=60_000)
    assert not old & set(shown.process_ids)
    assert (grabbed(shown) != 255).any(axis=2).mean() > 0.9


def test_lost_drawing_files_are_told_once_and_the_map_goes_on(canvas: MapCanvas, qtbot: QtBot, tmp_path):
    from layers.drawable_files import save_drawable

    lost: list[str] = []
    canvas.files_lost.connect(lost.append)
    layer = replace(coverage(), folder=tmp_path)
    save_drawable(layer, tmp_path, {})
    (tmp_path / "coords.npy").unlink()
    green = areas(shapely.box(0, 0, 2000, 2000), symbol=Symbol(fill="#00FF00", stroke=None))
    canvas.set_layers([layer, green])
    wait_until_drawn(canvas, qtbot)
    assert lost == [str(tmp_path)]
    assert grabbed(canvas)[300, 400].tolist() == [0, 255, 0]


def test_the_window_is_never_kept_waiting(shown: MapCanvas, qtbot: QtBot):
    beats: list[float] = []
    timer = QTimer()
    timer.setInterval(2)
    timer.timeout.connect(lambda: beats.append(time.thread_time()))
    timer.start()
    for step in (8, 8, 8, -8, -8, -8):
        shown.zoom_by_steps(step)
        shown.pan_by(37, -21)
        wait_until_drawn(shown, qtbot)
    timer.stop()
    # computing time of the window's own thread between two beats: what other programs take does not count
    assert len(beats) > 10
    assert max(np.diff(beats)) < 0.03


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot fork")
def test_drawing_processes_come_from_one_that_has_loaded_what_they_need(shown: MapCanvas, qtbot: QtBot):
    qtbot.waitUntil(lambda: len(shown.process_ids) == 2, timeout=60_000)
    first, second = (psutil.Process(number).ppid() for number in shown.process_ids)
    assert first == second
    assert psutil.Process(first).ppid() == os.getpid()


def test_nothing_is_left_when_the_map_is_closed(qtbot: QtBot):
    threads = {thread.name for thread in threading.enumerate()}
    canvas = MapCanvas()
    canvas.resize(*SIZE)
    canvas.show()
    canvas.set_layers([coverage()])
    qtbot.waitUntil(lambda: len(canvas.process_ids) == 2, timeout=60_000)
    processes = canvas.process_ids
    canvas.close()
    assert not {process.pid for process in multiprocessing.active_children()} & set(processes)
    for number in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)
    assert {thread.name for thread in threading.enumerate()} <= threads
    canvas.shut_down()
    canvas.deleteLater()


def test_a_map_closed_before_its_processes_have_begun_leaves_nothing(qtbot: QtBot):
    threads = {thread.name for thread in threading.enumerate()}
    canvas = MapCanvas()
    canvas.close()
    assert {thread.name for thread in threading.enumerate()} <= threads
    assert canvas.process_ids == []
    canvas.deleteLater()


def _rounded(text: str) -> Callable[[float], str]:
    from ui.canvas.furniture import length_text, round_length, scale_text

    return {"bar": lambda value: length_text(round_length(value)), "scale": scale_text}[text]


@pytest.mark.parametrize(
    ("what", "value", "text"),
    [
        ("bar", 1999.0, "1 千米"),
        ("bar", 2000.0, "2 千米"),
        ("bar", 740.0, "500 米"),
        ("bar", 0.35, "0.2 米"),
        ("scale", 10_000.0, "1:10,000"),
        ("scale", 157_312.0, "1:157,000"),
        ("scale", 500.4, "1:500"),
    ],
)
def test_scale_bar_and_scale_are_round(what: str, value: float, text: str):
    assert _rounded(what)(value) == text


def test_a_typed_scale_is_kept_exactly(shown: MapCanvas):
    shown.set_scale(10_000)
    assert shown.view.scale_denominator == pytest.approx(10_000)


def test_a_view_in_degrees_knows_its_scale():
    # one degree is about 111,320 m: 0.0001 degrees to the pixel at 4 pixels to the millimetre
    view = MapView(113.4, 22.5, 1e-4, 100, 100, px_per_mm=4.0, metres_per_unit=111_320.0)
    assert view.scale_denominator == pytest.approx(11.132 * 4 * 1000)
