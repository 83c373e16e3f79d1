"""What drawing asks of the window: aiming, tracing, typed steps; and where what was drawn goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QObject, QPointF, Qt

from layers.crs import require_projected_metres
from layers.errors import CrsError, InputError
from layers.store import LayerInfo
from layers.words import _
from ui.bench import Bench
from ui.canvas.tools.draft import DraftTool
from ui.canvas.tools.snapping import Aiming
from ui.flows.editing_sketches.tracing import Tracer
from ui.flows.editing_vertices.aiming import Aimer
from ui.panels.step_entry import StepEntry
from zsgis.editing.drawing import Places, Vertex
from zsgis.editing.drawing_directions import bearing_of, distance_of, next_place
from zsgis.editing.entry_angles import bearing

Taker = Callable[["Drawn"], None]


@dataclass(frozen=True)
class Drawn:
    """What was drawn with a tool, for the layer being edited.

    Attributes
    ----------
    places : ndarray of float64, shape (n, 2)
        In the layer's own system.
    """

    tool: DraftTool
    layer: LayerInfo
    places: Places


class Sketching(QObject):
    """The port of all drawing tools."""

    def __init__(self, bench: Bench, aimer: Aimer) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self._canvas = bench.window.canvas
        self._aimer = aimer
        self.tracer = Tracer(bench, aimer)
        self._takers: dict[str, Taker] = {}
        self.entry = StepEntry(bench.window.canvas)
        self.entry.entered.connect(self._take_step)
        self.entry.left.connect(self.leave_step)
        aimer.ready.connect(self._follow)
        self.tracer.ready.connect(self._follow)
        bench.editing.layer_changed.connect(lambda _uid: self.leave_step())
        self._canvas.tool_changed.connect(lambda _key: self.entry.hide())

    def serve(self, key: str, taker: Taker) -> None:
        """Have what is drawn with a tool told to somebody."""
        self._takers[key] = taker

    # what the tools ask

    @property
    def aiming(self) -> Aiming:
        """Who knows what lies near the pointer."""
        return self._aimer

    @property
    def has_plane(self) -> bool:
        """Whether lengths can be measured in the layer's system."""
        layer = self._aimer.layer
        if layer is None:
            return False
        try:
            require_projected_metres(layer.crs)
        except CrsError:
            return False
        return True

    def place_of(self, own: tuple[float, float]) -> tuple[float, float]:
        """Return a place of the layer's system on the map."""
        systems = self._aimer.systems
        return systems.point_to_map(*own) if systems is not None else own

    def trace(self, start: Vertex, end: Vertex) -> Sequence[Vertex]:
        """Return the corners between two along the neighbours' boundaries."""
        return self.tracer.corners(start, end)

    def switch_trace(self) -> None:
        """Follow the neighbours from now on, or no longer."""
        self.tracer.switch()
        self._follow()

    def go_other_way(self) -> None:
        """Follow them round the other side."""
        self.tracer.go_other_way()
        self._follow()

    def ask_step(self, typed: str, near: QPointF) -> None:
        """Ask for the next corner's distance and bearing."""
        self.entry.open(typed, near.toPoint())

    def leave_step(self) -> None:
        """Hide the entry; the keys are the map's again."""
        if self.entry.isVisible():
            self.entry.hide()
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self, tool: DraftTool, vertices: Sequence[Vertex]) -> None:
        """Hand on what was drawn."""
        layer, taker = self._aimer.layer, self._takers.get(tool.key)
        if layer is None or taker is None:
            tool.refuse()
            return
        places = np.array([vertex.own or vertex.place for vertex in vertices], dtype=np.float64)
        taker(Drawn(tool, layer, places))

    # typed steps

    def _take_step(self, length: str, direction: str) -> None:
        tool = self._canvas.tool
        if not isinstance(tool, DraftTool) or not tool.vertices or tool.vertices[-1].own is None:
            self.leave_step()
            return
        start = tool.vertices[-1].own
        aimed = tool.pointer.own if tool.pointer is not None else None
        try:
            metres = _length(length) if length else None
            degrees = bearing(direction) if direction else None
        except InputError as error:
            wrong = self.entry.length if error.where == _LENGTH else self.entry.bearing
            self.entry.show_wrong(wrong, str(error))
            return
        if aimed is not None:
            metres = distance_of(start, aimed) if metres is None else metres
            degrees = bearing_of(start, aimed) if degrees is None else degrees
        if metres is None or degrees is None:
            wrong = self.entry.length if metres is None else self.entry.bearing
            self.entry.show_wrong(wrong, _("Give it, or point with the mouse."))
            return
        tool.add_own(next_place(start, metres, degrees))
        self.leave_step()

    def _follow(self) -> None:
        tool = self._canvas.tool
        if isinstance(tool, DraftTool):
            tool.follow()


_LENGTH = "length"


def _length(text: str) -> float:
    try:
        metres = float(text.replace(",", "").replace("，", "").removesuffix("m").removesuffix("米"))
    except ValueError:
        metres = 0.0
    if not 0.0 < metres < 1e7:
        raise InputError(
            _("“{text}” is no length in metres.").format(text=text[:20]),
            where=_LENGTH,
            remedy=_("Write a number, for instance 25.60."),
        )
    return metres
