"""The views of the map and what lies over it: going back, the pin, the divider, the copied picture."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from drawing_samples import areas, as_array
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.style import Symbol
from tests.ui.map_hands import (
    CTRL,
    drag,
    grabbed,
    turn_wheel,
)
from ui.canvas import MapCanvas
from ui.canvas.history import Look, ViewHistory
from ui.canvas.snapshot import snapshot
from ui.canvas.tools.zoom_box import ZoomBoxTool


def settle(canvas: MapCanvas, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.history_changed, timeout=60_000):
        pass


def test_one_goes_back_and_forward_between_views_that_stood(canvas: MapCanvas, qtbot: QtBot) -> None:
    settle(canvas, qtbot)
    first = canvas.view
    for _turn in range(6):
        turn_wheel(canvas, angle=120)  # on the way, not to be gone back to
    settle(canvas, qtbot)
    near = canvas.view
    drag(canvas, (300, 300), (500, 300))
    settle(canvas, qtbot)
    aside = canvas.view
    assert not canvas.can_look_forward
    canvas.look_back()
    assert canvas.view == near
    qtbot.keyClick(canvas, Qt.Key.Key_Backspace)
    assert canvas.view == first
    assert not canvas.can_look_back
    canvas.look_back()
    assert canvas.view == first
    canvas.look_forward()
    canvas.look_forward()
    assert canvas.view == aside
    canvas.look_forward()
    assert canvas.view == aside


def test_a_view_left_at_once_is_still_gone_back_from(canvas: MapCanvas, qtbot: QtBot) -> None:
    settle(canvas, qtbot)
    first = canvas.view
    canvas.zoom_by_steps(16)
    canvas.look_back()  # before it settled
    assert canvas.view == first
    assert canvas.can_look_forward


def test_a_window_of_another_size_is_no_other_view(canvas: MapCanvas, qtbot: QtBot) -> None:
    settle(canvas, qtbot)
    canvas.zoom_by_steps(16)
    settle(canvas, qtbot)
    canvas.resize(500, 400)
    QApplication.processEvents()
    canvas.look_back()
    assert not canvas.can_look_back
    assert (canvas.view.width_px, canvas.view.height_px) == (500, 400)


def test_going_elsewhere_forgets_what_lay_ahead() -> None:
    history = ViewHistory()
    for x in (0.0, 100.0, 200.0):
        history.add(Look(x, 0.0, 1.0))
    assert history.back() == Look(100.0, 0.0, 1.0)
    history.add(Look(150.0, 0.0, 1.0))
    assert not history.can_go_forward
    assert history.back() == Look(100.0, 0.0, 1.0)
    history.add(Look(100.2, 0.0, 1.0))  # less than half a pixel: the same
    assert history.can_go_forward


def test_no_more_views_are_kept_than_one_goes_back_to() -> None:
    history = ViewHistory()
    for x in range(150):
        history.add(Look(x * 10.0, 0.0, 1.0))
    steps = 0
    while history.can_go_back:
        history.back()
        steps += 1
    assert steps == 99


def test_a_place_kept_is_looked_at_exactly(canvas: MapCanvas) -> None:
    canvas.zoom_by_steps(5)
    canvas.pan_by(33, 21)
    kept = canvas.view
    canvas.zoom_full()
    canvas.show_place(kept.bounds)
    assert canvas.view.units_per_px == pytest.approx(kept.units_per_px)
    assert canvas.view.center_x == pytest.approx(kept.center_x, abs=kept.units_per_px)


def test_a_pin_stands_on_its_place_and_goes(canvas: MapCanvas, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: canvas.is_complete, timeout=60_000)
    before = grabbed(canvas)
    x, y = canvas.view.to_map(200, 300)
    canvas.show_marker(x, y)
    rows, columns = np.nonzero((grabbed(canvas) != before).any(axis=2))
    assert rows.max() == pytest.approx(300, abs=2)
    assert (columns.min() + columns.max()) / 2 == pytest.approx(200, abs=2)
    canvas.clear_marker()
    assert (grabbed(canvas) == before).all()


@pytest.fixture
def two_colours(canvas: MapCanvas, qtbot: QtBot) -> MapCanvas:
    """Return a map of a red layer over a blue one, both all over the window."""
    land = shapely.box(0, 0, 2000, 2000)
    red = areas(land, symbol=Symbol(fill="#FF0000", stroke=None), uid="red")
    blue = areas(land, symbol=Symbol(fill="#0000FF", stroke=None), uid="blue")
    canvas.set_layers([red, blue])
    canvas.zoom_by_steps(16)
    qtbot.waitUntil(lambda: canvas.is_complete, timeout=60_000)
    return canvas


def colour(canvas: MapCanvas, x: int, y: int) -> list[int]:
    return [int(part) for part in grabbed(canvas)[y, x]]


def test_one_side_of_the_divider_is_without_the_layer(two_colours: MapCanvas, qtbot: QtBot) -> None:
    canvas = two_colours
    canvas.begin_swipe({"red"})
    qtbot.waitUntil(lambda: canvas.is_complete, timeout=60_000)
    assert colour(canvas, 100, 450) == [255, 0, 0]
    assert colour(canvas, 700, 450) == [0, 0, 255]
    # dragged in any tool, by the mouse and by keys
    canvas.take_tool(ZoomBoxTool(canvas))
    view = canvas.view
    drag(canvas, (400, 200), (600, 220))
    assert canvas.view == view
    assert colour(canvas, 500, 450) == [255, 0, 0]
    assert colour(canvas, 650, 450) == [0, 0, 255]
    for _step in range(10):
        qtbot.keyClick(canvas, Qt.Key.Key_Left, CTRL)
    # ten times two hundredths of 800 pixels
    assert canvas.divider is not None
    assert canvas.divider.share == pytest.approx(600 / 800 - 0.2)
    assert colour(canvas, 500, 450) == [0, 0, 255]
    canvas.divider.turn()
    assert colour(canvas, 700, 100) == [255, 0, 0]
    assert colour(canvas, 100, 500) == [0, 0, 255]


def test_the_divider_stays_within_the_map(two_colours: MapCanvas) -> None:
    two_colours.begin_swipe({"red"})
    drag(two_colours, (400, 200), (-300, 200))
    assert two_colours.divider is not None
    assert two_colours.divider.share == pytest.approx(0.02)


def test_the_second_picture_goes_with_the_divider(two_colours: MapCanvas, qtbot: QtBot) -> None:
    canvas = two_colours
    before = canvas.process_ids
    canvas.begin_swipe({"red"})
    qtbot.waitUntil(lambda: canvas.is_complete, timeout=60_000)
    canvas.zoom_by_steps(8)
    canvas.pan_by(40, 10)
    qtbot.waitUntil(lambda: canvas.is_complete, timeout=60_000)
    assert colour(canvas, 700, 450) == [0, 0, 255]
    canvas.end_swipe()
    assert canvas.process_ids == before
    assert colour(canvas, 700, 450) == [255, 0, 0]


def test_the_picture_has_the_map_with_its_scale_bar_and_its_mark(
    two_colours: MapCanvas, qtbot: QtBot
) -> None:
    canvas = two_colours
    plain = as_array(snapshot(canvas))
    canvas.set_credit("图源")
    marked = as_array(snapshot(canvas, mark="内部"))
    assert plain.shape == (600, 800, 3)
    assert plain[300, 100].tolist() == [255, 0, 0]
    assert (plain[540:590, 600:790] != [255, 0, 0]).any()  # the scale bar
    changed = (plain != marked).any(axis=2)
    assert changed[10:60, 10:100].any()
    # whom to name, left of the scale bar
    assert changed[540:, 400:640].any()
    assert not changed[540:, :300].any()
    assert not changed[100:500].any()
    # no frame of the keyboard's focus
    assert plain[0, 400].tolist() == [255, 0, 0]
