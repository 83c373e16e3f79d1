"""Drawing a shape of the layer being edited: corners that snap, follow neighbours, or are typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QPainter, QPolygonF

from layers.words import _
from ui.canvas.tools.bands import paint_label, paint_outline, pixels_of
from ui.canvas.tools.snapping import Aim, Aiming
from ui.canvas.tools.tool import SHIFT, Pointer, Surface, Tool
from ui.painting.view import MapView
from zsgis.editing.drawing import Vertex
from zsgis.editing.drawing_directions import bearing_of, distance_of, right_angled
from zsgis.measuring import bearing_text
from zsgis.measuring_words import length_words

_LABEL_PX = QPointF(0.0, 26.0)
_LABEL_ROOM_PX = 84.0
_STARTS_TYPING = (
    *(Qt.Key(Qt.Key.Key_0 + digit) for digit in range(10)),
    Qt.Key.Key_Period,
    Qt.Key.Key_N,
    Qt.Key.Key_S,
)
_TRACE, _OTHER_WAY = Qt.Key.Key_T, Qt.Key.Key_R


class DraftPort(Protocol):
    """What drawing is told by the window, and asks of it."""

    @property
    def aiming(self) -> Aiming:
        """Who knows what lies near the pointer."""
        ...

    @property
    def has_plane(self) -> bool:
        """Whether lengths can be measured in the layer's system."""
        ...

    def place_of(self, own: tuple[float, float]) -> tuple[float, float]:
        """Return a place of the layer's system on the map."""
        ...

    def trace(self, start: Vertex, end: Vertex) -> Sequence[Vertex]:
        """Return the corners between two along the neighbours' boundaries; none while nothing is traced."""
        ...

    def switch_trace(self) -> None:
        """Follow the neighbours from now on, or no longer."""
        ...

    def go_other_way(self) -> None:
        """Follow them round the other side."""
        ...

    def ask_step(self, typed: str, near: QPointF) -> None:
        """Ask for the next corner's distance and bearing; ``typed`` is what was typed already."""
        ...

    def leave_step(self) -> None:
        """Ask no longer: the mouse goes on."""
        ...

    def take(self, tool: DraftTool, vertices: Sequence[Vertex]) -> None:
        """Take what was drawn; call :meth:`DraftTool.accept` or :meth:`DraftTool.refuse` some time."""
        ...


class DraftTool(Tool):
    """Click adds a corner; double click, Enter or the right button end, Backspace takes the last step back.

    Shift keeps the next edge at a right angle to the one before. Digits open a small entry for distance and
    bearing. T follows the boundaries of neighbours, R goes round their other side.
    """

    snaps = True
    closed = False
    """Whether an outline is drawn, not a line."""
    least = 2
    """So many corners it needs."""

    def __init__(self, surface: Surface, port: DraftPort) -> None:
        super().__init__(surface)
        self._port = port
        self._vertices: tuple[Vertex, ...] = ()
        self._steps: tuple[int, ...] = ()
        self._traced: tuple[Vertex, ...] = ()
        self._pointer: Vertex | None = None
        self._at: Pointer | None = None
        self._waiting = False
        self._pixels: tuple[MapView, tuple[Vertex, ...], QPolygonF] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether there is a corner."""
        return bool(self._vertices)

    @property
    def vertices(self) -> tuple[Vertex, ...]:
        """The corners that are set."""
        return self._vertices

    @property
    def pointer(self) -> Vertex | None:
        """Where the next corner would come."""
        return self._pointer

    @property
    def hint(self) -> str:
        """What the mouse does."""
        if not self.is_busy:
            return self.first_hint
        return _(
            "Click adds a corner, Enter ends, Backspace takes back, Esc cancels. Shift: right angle,"
            " digits: length and bearing, T: follow neighbours."
        )

    @property
    def first_hint(self) -> str:
        """What the first click does."""
        return _("Click the first corner.")

    def press(self, at: Pointer) -> None:
        """Set a corner, with those of the neighbours before it where they are followed."""
        vertex = self._aimed(at)
        if vertex is None or self._waiting:
            return
        self._port.leave_step()
        if not self._vertices or self._vertices[-1].own != vertex.own:
            self._add((*self._between(vertex), vertex))
        self._pointer, self._traced = vertex, ()
        self.surface.repaint_tool()

    def move(self, at: Pointer, *, held: bool) -> None:
        """Follow the mouse with the last edge."""
        del held
        if not self._waiting:
            self._at = at
            self.follow()

    def follow(self) -> None:
        """Find anew what the pointer is meant for: it moved, or what lies near is other."""
        if self._at is not None:
            self._pointer = self._aimed(self._at)
            self._traced = tuple(self._between(self._pointer)) if self._pointer is not None else ()
        self.surface.repaint_tool()

    def double_click(self, at: Pointer) -> None:
        """End: the first press of the double click was the last corner."""
        del at
        self.finish()

    def finish(self) -> None:
        """End, if there are corners enough."""
        if len(self._vertices) >= self.least and not self._waiting:
            self._waiting = True
            self._port.take(self, self._vertices)

    def accept(self) -> None:
        """Forget what was drawn: it has been taken."""
        self._waiting = False
        self.cancel()

    def refuse(self, reason: str = "") -> None:
        """Go on drawing: it was not taken."""
        del reason
        self._waiting = False
        self.surface.repaint_tool()

    def cancel(self) -> None:
        """Drop all corners."""
        if self._waiting:
            return
        self._vertices, self._steps, self._traced, self._pointer = (), (), (), None
        self._port.aiming.unmark()
        self.surface.repaint_tool()

    def take_back(self) -> None:
        """Take the last step back: a corner, or a way along neighbours."""
        if self._waiting or not self._steps:
            return
        self._vertices = self._vertices[: -self._steps[-1]]
        self._steps = self._steps[:-1]
        self.follow()

    def add_own(self, own: tuple[float, float]) -> None:
        """Set a corner at a place of the layer's system."""
        if not self._waiting:
            x, y = self._port.place_of(own)
            self._add((Vertex(x, y, own),))
            self.follow()

    def wants_key(self, key: Qt.Key, keys: Qt.KeyboardModifier) -> bool:
        """Tell whether a key is one of drawing's own."""
        plain = keys & ~Qt.KeyboardModifier.KeypadModifier in (Qt.KeyboardModifier.NoModifier, SHIFT)
        typing = key in _STARTS_TYPING and self._port.has_plane
        return self.is_busy and plain and (typing or key in (_TRACE, _OTHER_WAY))

    def key_press(self, key: Qt.Key, text: str) -> None:
        """Ask for a distance and a bearing, or follow the neighbours."""
        if key == _TRACE:
            self._port.switch_trace()
        elif key == _OTHER_WAY:
            self._port.go_other_way()
        else:
            near = self._at.place if self._at is not None else QPointF(*self._last_pixel())
            self._port.ask_step(text, near)

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint what is drawn so far, and how long and in which direction the next edge runs."""
        if not self._vertices:
            return
        ahead = () if self._pointer is None else (*self._traced, self._pointer)
        shown = QPolygonF(self._set_pixels(view))
        following = pixels_of([vertex.place for vertex in ahead], view)
        for number in range(following.count()):
            shown.append(following.at(number))
        paint_outline(painter, shown, closed=self.closed, marks=self._marks(view))
        last = self._vertices[-1]
        if self._pointer is not None and last.own != self._pointer.own and not self._traced:
            place = shown.at(shown.count() - 1) + _LABEL_PX
            place.setX(min(max(place.x(), _LABEL_ROOM_PX), view.width_px - _LABEL_ROOM_PX))
            paint_label(painter, place, self._step_text(last, self._pointer))

    def _set_pixels(self, view: MapView) -> QPolygonF:
        """Return where the corners are seen, counted once however often the mouse moves."""
        if self._pixels is None or self._pixels[0] is not view or self._pixels[1] is not self._vertices:
            polygon = pixels_of([vertex.place for vertex in self._vertices], view)
            self._pixels = (view, self._vertices, polygon)
        return self._pixels[2]

    def _marks(self, view: MapView) -> QPolygonF:
        """Return where corners are marked: those of each step's end, however many lie between."""
        ends, reached = [], 0
        for step in self._steps:
            reached += step
            ends.append(self._vertices[reached - 1].place)
        return pixels_of(ends, view)

    def _step_text(self, start: Vertex, end: Vertex) -> str:
        if not self._port.has_plane or start.own is None or end.own is None:
            return ""
        bearing = bearing_of(start.own, end.own)
        length = length_words(distance_of(start.own, end.own))
        return length if bearing is None else f"{length}  {bearing_text(bearing)}"

    def _aimed(self, at: Pointer) -> Vertex | None:
        aim = self._port.aiming.aim(at)
        if aim is None:
            return None
        if at.holds(SHIFT) and self._vertices:
            return self._squared(aim)
        return Vertex(*aim.on_map, aim.point)

    def _squared(self, aim: Aim) -> Vertex:
        last = self._vertices[-1].own
        if last is None:
            return Vertex(*aim.on_map, aim.point)
        before = self._vertices[-2].own if len(self._vertices) > 1 else None
        reference = bearing_of(before, last) if before is not None else None
        own = right_angled(last, aim.point, reference or 0.0)
        return Vertex(*self._port.place_of(own), own)

    def _between(self, end: Vertex) -> Sequence[Vertex]:
        return self._port.trace(self._vertices[-1], end) if self._vertices else ()

    def _add(self, vertices: tuple[Vertex, ...]) -> None:
        self._vertices += vertices
        self._steps += (len(vertices),)

    def _last_pixel(self) -> tuple[float, float]:
        return self.surface.view.to_pixel(*self._vertices[-1].place)
