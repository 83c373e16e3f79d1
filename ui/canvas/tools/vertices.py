"""The vertex tool: vertices and edges of one feature dragged, put in, deleted."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPixmap
from PyQt6.QtWidgets import QApplication

from layers.words import _
from ui.canvas.tools.bands import BAND_COLOR, MapPoint
from ui.canvas.tools.shown_shape import Grip, Marks, Part, ShownShape
from ui.canvas.tools.snapping import Aiming
from ui.canvas.tools.tool import Pointer, Surface, Tool
from ui.canvas.tools.vertex_drag import Stretched, VertexDrag
from ui.painting.view import MapView
from zsgis.editing.segments import FloatArray
from zsgis.editing.systems import Systems

VERTICES = "tool_vertices"
_GRIP_PX = 7.0
_VERTEX_PX, _CHOSEN_PX, _MIDDLE_PX = 3.5, 5.0, 2.5
_PAPER = "#FFFFFF"
_CHOSEN = "#C2185B"
_FAULT = "#B3261E"
_FAULT_PX = 11.0


class VertexPort(Protocol):
    """What the tool is told by the window, and asks of it."""

    @property
    def aiming(self) -> Aiming:
        """Who knows what lies near the pointer."""
        ...

    @property
    def systems(self) -> Systems | None:
        """The system of the layer being edited, and that of the map."""
        ...

    def pick(self, at: Pointer) -> None:
        """Show the vertices of the feature at a place; :meth:`VertexTool.show` is called when it is known."""
        ...

    def stretched(self, places: FloatArray, shape: ShownShape) -> Stretched:
        """Return the edges, of neighbours too where they are joined, that turn when places move."""
        ...

    def grasp(self, places: FloatArray) -> None:
        """Take note that places of the shape are being dragged: they will be moved soon."""
        ...

    def move(self, old: FloatArray, new: FloatArray) -> None:
        """Have places of the shape moved; :meth:`VertexTool.show` or ``refuse`` is called some time."""
        ...

    def remove(self, place: tuple[float, float]) -> None:
        """Have the vertex at a place deleted; ends as :meth:`move`."""
        ...

    def chosen(self, place: tuple[float, float] | None) -> None:
        """Take note which vertex is chosen, and where it is while it is dragged."""
        ...


class VertexTool(Tool):
    """Click a feature, drag its vertices and edges; a double click on an edge puts a vertex in."""

    key = VERTICES
    snaps = True

    def __init__(self, surface: Surface, port: VertexPort) -> None:
        super().__init__(surface)
        self._port = port
        self._shape: ShownShape | None = None
        self._chosen: int | None = None
        self._drag: VertexDrag | None = None
        self._under: Grip | None = None
        self._waiting = False
        self._clicked = False
        self._fault: MapPoint | None = None
        self._drawn: tuple[ShownShape, MapView, float, QPixmap] | None = None

    # what is known of it

    @property
    def shape(self) -> ShownShape | None:
        """The feature whose vertices are shown."""
        return self._shape

    @property
    def chosen(self) -> int | None:
        """The vertex that Delete deletes."""
        return self._chosen

    @property
    def drag(self) -> VertexDrag | None:
        """What is under way."""
        return self._drag

    @property
    def is_busy(self) -> bool:
        """Whether there is something that Escape lets go of."""
        return self._shape is not None

    @property
    def hint(self) -> str:
        """What the mouse does."""
        if self._shape is None:
            return _("Click the feature whose vertices are to be edited. Esc ends.")
        return _(
            "Drag a vertex or an edge; click the middle of an edge, or double click it, to put a vertex in;"
            " Delete takes the chosen one out. Esc leaves off."
        )

    # what happens to it

    def show(self, shape: ShownShape | None, choose: tuple[float, float] | None = None) -> None:
        """Show the vertices of a feature, or of none; ``choose`` names one of them by its place."""
        self._port.aiming.unmark()
        self._shape, self._drag, self._under, self._waiting = shape, None, None, False
        self._fault = None
        self._choose(shape.number_at(choose) if shape is not None and choose is not None else None)

    def refuse(self, fault: MapPoint | None = None) -> None:
        """Go on with the shape as it was; ``fault`` says where on the map it could not stand so."""
        self._port.aiming.unmark()
        self._drag, self._waiting, self._fault = None, False, fault
        self._choose(self._chosen)

    def press(self, at: Pointer) -> None:
        """Take hold of what lies under the pointer."""
        self._clicked = False
        if self._waiting:
            return
        self._fault = None
        shape, grip = self._shape, self._grip(at)
        if shape is None or grip is None:
            self._clicked = True
            return
        if grip.part is Part.VERTEX:
            self._choose(grip.number)
        old = shape.ends(grip.number) if grip.part is Part.EDGE else np.array([grip.place])
        self._drag = VertexDrag(
            old,
            grip.place,
            at.place,
            self._port.stretched(old, shape),
            inserts=grip.part is Part.MIDDLE,
        )

    def move(self, at: Pointer, *, held: bool) -> None:
        """Drag, or show what could be taken hold of."""
        drag = self._drag
        if self._waiting:
            return
        if not held or drag is None:
            under = self._grip(at)
            if under != self._under:
                self._under = under
                self.surface.repaint_tool()
            return
        far = (at.place - drag.pressed).manhattanLength() >= QApplication.startDragDistance()
        if drag.at is None and not far:
            return
        if drag.at is None:
            self._port.grasp(drag.old)
        aim = self._port.aiming.aim(at, leave_out=drag.old)
        if aim is not None:
            self._drag = drag.to(aim.point)
            self._port.chosen(aim.point)
            self.surface.repaint_tool()

    def release(self, at: Pointer) -> None:
        """Have what was dragged moved; a click picks another feature, or puts a vertex in."""
        drag = self._drag
        if self._clicked:
            self._port.aiming.unmark()
            self._clicked = False
            self._port.pick(at)
        elif drag is not None and drag.at is not None:
            self._have_moved(drag.old, drag.new)
        elif drag is not None and drag.inserts:
            self._have_moved(drag.old, drag.old)
        else:
            self._port.aiming.unmark()
            self._drag = None

    def double_click(self, at: Pointer) -> None:
        """Put a vertex in where an edge was clicked."""
        grip = self._grip(at)
        if grip is not None and grip.part is not Part.VERTEX and not self._waiting:
            place = np.array([grip.place])
            self._have_moved(place, place)

    def move_chosen(self, place: tuple[float, float]) -> None:
        """Have the chosen vertex moved to a place of the layer."""
        if self._shape is not None and self._chosen is not None and not self._waiting:
            self._have_moved(np.array([self._shape.place(self._chosen)]), np.array([place]))

    def remove_chosen(self) -> None:
        """Have the chosen vertex deleted."""
        if self._shape is not None and self._chosen is not None and not self._waiting:
            self._waiting = True
            self._port.remove(self._shape.place(self._chosen))

    def cancel(self) -> None:
        """Let go of the drag; then of the chosen vertex; then of the feature."""
        self._port.aiming.unmark()
        if self._drag is not None and not self._waiting:
            self.refuse()
        elif self._chosen is not None:
            self._choose(None)
        elif not self._waiting:
            self.show(None)

    def take_back(self) -> None:
        """Delete the chosen vertex."""
        self.remove_chosen()

    def wants_key(self, key: Qt.Key, keys: Qt.KeyboardModifier) -> bool:
        """Tell whether it is Delete, and a vertex is chosen."""
        plain = keys & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        return key == Qt.Key.Key_Delete and plain and self._chosen is not None

    def key_press(self, key: Qt.Key, text: str) -> None:
        """Delete the chosen vertex."""
        del key, text
        self.remove_chosen()

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint vertices, middles, the edges that are dragged, and where a fault was."""
        if self._shape is not None:
            painter.save()
            painter.drawPixmap(QPointF(0, 0), self._drawn_marks(self._shape, view, painter))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_chosen(painter, view)
            painter.restore()
        if self._fault is not None:
            _paint_fault(painter, QPointF(*view.to_pixel(*self._fault)))

    def _drawn_marks(self, shape: ShownShape, view: MapView, painter: QPainter) -> QPixmap:
        """Return all vertices and middles as one picture, drawn once for each view."""
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        if self._drawn is None or self._drawn[:3] != (shape, view, ratio):
            picture = QPixmap(round(view.width_px * ratio), round(view.height_px * ratio))
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            _draw_marks(picture, shape.marks(view))
            self._drawn = (shape, view, ratio, picture)
        return self._drawn[3]

    def _paint_chosen(self, painter: QPainter, view: MapView) -> None:
        systems, shape = self._port.systems, self._shape
        if systems is None or shape is None:
            return
        if self._drag is not None:
            self._drag.paint(painter, view, systems)
        places = [] if self._chosen is None else [shape.place(self._chosen)]
        if self._drag is not None and self._drag.at is not None:
            places = [(x, y) for x, y in self._drag.new.tolist()]
        elif self._under is not None:
            places = [*places, self._under.place]
        painter.setPen(QPen(QColor(_PAPER), 1.4))
        painter.setBrush(QColor(_CHOSEN))
        for place in places:
            painter.drawRect(_square(*view.to_pixel(*systems.point_to_map(*place)), _CHOSEN_PX))

    def _have_moved(self, old: FloatArray, new: FloatArray) -> None:
        # painted as it is: what was dragged stands where the edit will put it
        self._waiting = True
        self._port.move(old, new)

    def _choose(self, number: int | None) -> None:
        self._chosen = number
        place = self._shape.place(number) if self._shape is not None and number is not None else None
        self._port.chosen(place)
        self.surface.repaint_tool()

    def _grip(self, at: Pointer) -> Grip | None:
        systems, shape = self._port.systems, self._shape
        if systems is None or shape is None:
            return None
        view = self.surface.view
        metres = view.units_per_px * view.metres_per_unit
        return shape.grip(systems.point_to_layer(at.x, at.y), _GRIP_PX * metres, metres)


def _draw_marks(picture: QPixmap, marks: Marks) -> None:
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(BAND_COLOR), 1.4))
    painter.setBrush(QColor(_PAPER))
    squares = [_square(x, y, _VERTEX_PX) for x, y in marks.vertices.tolist()]
    if squares:
        painter.drawRects(*squares)
    for x, y in marks.middles.tolist():
        painter.drawEllipse(QPointF(x, y), _MIDDLE_PX, _MIDDLE_PX)
    painter.end()


def _square(x: float, y: float, half: float) -> QRectF:
    return QRectF(x - half, y - half, 2 * half, 2 * half)


def _paint_fault(painter: QPainter, place: QPointF) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((_PAPER, 5.0), (_FAULT, 2.4)):
        painter.setPen(QPen(QColor(color), width))
        painter.drawEllipse(place, _FAULT_PX, _FAULT_PX)
    painter.restore()
