"""Mouse and keys on a map of its own, and what a tool tells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from drawing_samples import as_array
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QImage, QMouseEvent, QWheelEvent
from PyQt6.QtWidgets import QApplication

from layers.crs import parse_crs
from ui.canvas import MapCanvas
from ui.canvas.tools.bands import MapPoint
from ui.canvas.tools.measure import Figure, MeasureAreaTool, MeasureLengthTool
from zsgis.selection.combining import Combination

SIZE = (800, 600)
GK = parse_crs("4547")
LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
PLAIN = Qt.KeyboardModifier.NoModifier


def send_mouse(
    canvas: MapCanvas,
    kind: QEvent.Type,
    at: tuple[int, int],
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = PLAIN,
) -> None:
    """Send what a mouse sends; QTest's own moves carry no buttons."""
    place = QPointF(*at)
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
    acting = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
    event = QMouseEvent(kind, place, canvas.mapToGlobal(place), acting, held, keys)
    QApplication.sendEvent(canvas, event)


def click(canvas: MapCanvas, at: tuple[int, int], keys: Qt.KeyboardModifier = PLAIN) -> None:
    send_mouse(canvas, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, keys)
    send_mouse(canvas, QEvent.Type.MouseButtonPress, at, LEFT, keys)
    send_mouse(canvas, QEvent.Type.MouseButtonRelease, at, LEFT, keys)


def double_click(canvas: MapCanvas, at: tuple[int, int], keys: Qt.KeyboardModifier = PLAIN) -> None:
    click(canvas, at, keys)
    send_mouse(canvas, QEvent.Type.MouseButtonDblClick, at, LEFT, keys)
    send_mouse(canvas, QEvent.Type.MouseButtonRelease, at, LEFT, keys)


def drag(
    canvas: MapCanvas,
    start: tuple[int, int],
    end: tuple[int, int],
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = PLAIN,
) -> None:
    middle = (start[0] + end[0]) // 2, (start[1] + end[1]) // 2
    send_mouse(canvas, QEvent.Type.MouseButtonPress, start, button, keys)
    send_mouse(canvas, QEvent.Type.MouseMove, middle, button, keys)
    send_mouse(canvas, QEvent.Type.MouseMove, end, button, keys)
    send_mouse(canvas, QEvent.Type.MouseButtonRelease, end, button, keys)


def turn_wheel(
    canvas: MapCanvas, *, angle: int = 0, pixels: int = 0, keys: Qt.KeyboardModifier = PLAIN
) -> None:
    at = QPointF(300, 200)
    event = QWheelEvent(
        at,
        canvas.mapToGlobal(at),
        QPoint(0, pixels),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def grabbed(canvas: MapCanvas) -> np.ndarray:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    canvas.render(image)
    return as_array(image)


class Taken:
    """What a tool told."""

    def __init__(self) -> None:
        self.areas: list[tuple[list[MapPoint], Combination]] = []
        self.shown: list[Figure | None] = []
        self.figures: list[Figure] = []

    def area(self, points: Sequence[MapPoint], how: Combination) -> None:
        self.areas.append((list(points), how))


def measure_tool(
    canvas: MapCanvas, taken: Taken, kind: type[MeasureLengthTool] | type[MeasureAreaTool]
) -> MeasureLengthTool | MeasureAreaTool:
    tool = kind(canvas, crs=lambda: GK, show=taken.shown.append, take=taken.figures.append)
    canvas.take_tool(tool)
    return tool
