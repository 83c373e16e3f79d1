"""The tool that moves whole features: taken hold of anywhere, let go where they belong."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QPainter, QPolygonF
from PyQt6.QtWidgets import QApplication

from layers.words import _
from ui.canvas.tools.bands import paint_outline
from ui.canvas.tools.snapping import Aiming
from ui.canvas.tools.tool import Pointer, Surface, Tool
from ui.painting.view import MapView
from zsgis.editing.segments import FloatArray
from zsgis.editing.systems import Systems

MOVE = "tool_move"


class MovePort(Protocol):
    """What the tool is told by the window, and asks of it."""

    @property
    def aiming(self) -> Aiming:
        """Who knows what lies near the pointer."""
        ...

    @property
    def systems(self) -> Systems | None:
        """The system of the layer being edited, and that of the map."""
        ...

    @property
    def outlines(self) -> tuple[FloatArray, ...]:
        """The rings and lines of what is selected, each of shape (n, 2), in the layer's own system."""
        ...

    def pick(self, at: Pointer) -> None:
        """Select the feature at a place."""
        ...

    def shift(self, shift: tuple[float, float]) -> None:
        """Have what is selected moved; :meth:`MoveTool.settle` is called some time."""
        ...

    def show_shift(self, shift: tuple[float, float]) -> None:
        """Take note how far it would be moved now."""
        ...


class MoveTool(Tool):
    """Drag what is selected; a click selects what is to be moved."""

    key = MOVE
    snaps = True
    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, surface: Surface, port: MovePort) -> None:
        super().__init__(surface)
        self._port = port
        self._from: tuple[float, float] | None = None
        self._pressed: QPointF | None = None
        self._to: tuple[float, float] | None = None
        self._waiting = False

    @property
    def is_busy(self) -> bool:
        """Whether something is being dragged."""
        return self._to is not None

    @property
    def hint(self) -> str:
        """What the mouse does."""
        if not self._port.outlines:
            return _("Click the feature to move. Esc ends.")
        return _("Drag what is selected to its place, or type how far. A click selects another. Esc ends.")

    @property
    def moved(self) -> tuple[float, float]:
        """How far it would be moved now, to the east and to the north."""
        if self._from is None or self._to is None:
            return 0.0, 0.0
        return self._to[0] - self._from[0], self._to[1] - self._from[1]

    def settle(self) -> None:
        """Go on: it has been moved, or was refused."""
        self._from = self._to = self._pressed = None
        self._waiting = False
        self._port.show_shift((0.0, 0.0))
        self.surface.repaint_tool()

    def press(self, at: Pointer) -> None:
        """Take hold, at a vertex where one is near."""
        if not self._waiting:
            aim = self._port.aiming.aim(at)
            self._from, self._to, self._pressed = (aim.point if aim is not None else None), None, at.place

    def move(self, at: Pointer, *, held: bool) -> None:
        """Drag, or show where the pointer aims."""
        if self._waiting:
            return
        if not held or self._from is None or self._pressed is None:
            self._port.aiming.aim(at)
            return
        far = (at.place - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        aim = self._port.aiming.aim(at) if far or self._to is not None else None
        if aim is not None and self._port.outlines:
            self._to = aim.point
            self._port.show_shift(self.moved)
            self.surface.repaint_tool()

    def release(self, at: Pointer) -> None:
        """Have it moved, or select what was clicked."""
        self._port.aiming.unmark()
        if self._waiting or self._pressed is None:
            return
        if self._to is not None:
            self._waiting = True
            self._port.shift(self.moved)
        elif (at.place - self._pressed).manhattanLength() < QApplication.startDragDistance():
            self._port.pick(at)

    def cancel(self) -> None:
        """Let it be where it is."""
        self._port.aiming.unmark()
        if not self._waiting:
            self.settle()

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint where it would be."""
        systems = self._port.systems
        if systems is None or self._to is None:
            return
        shift = np.array(self.moved)
        for ring in self._port.outlines:
            pixels = view.pixels(systems.to_map(ring + shift))
            line = QPolygonF([QPointF(x, y) for x, y in np.clip(pixels, -3e4, 3e4).tolist()])
            paint_outline(painter, line, closed=False, marks=QPolygonF())
