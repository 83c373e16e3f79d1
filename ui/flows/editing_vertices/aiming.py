"""Keeps what lies near the view ready, so that every tool that edits can aim at vertices and edges."""

from __future__ import annotations

from functools import partial

import numpy as np
from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from layers.drawable import Bounds
from layers.drawable_edits import parts_of
from layers.errors import CrsError
from layers.pictures.drawn import DrawnPicture
from layers.store import LayerInfo
from layers.words import _
from ui.bench import Bench
from ui.canvas.tools.bands import MapPoint
from ui.canvas.tools.snapping import Aim, SnapMark
from ui.canvas.tools.tool import Pointer
from zsgis.editing.near import NearRequest, read_near
from zsgis.editing.segments import FloatArray
from zsgis.editing.settings import EditSettings, SnapLayers, SnapSettings
from zsgis.editing.snapping import SnapIndex, SnapKind, snap
from zsgis.editing.systems import Systems
from zsgis.session import Change

_SETTLE_MS = 80
_MOST_VERTICES = 400_000
# so much of the view is read beyond each edge: short moves of the map need no reading
_ROOM_SHARE = 0.25
_LANE = "snapping"
_HINT = "snapping"


class Aimer(QObject):
    """Knows what the pointer is meant for; there is one for all tools of the window."""

    settings_changed = pyqtSignal()
    """Snapping, joining or the guard are set otherwise."""
    ready = pyqtSignal()
    """What lies near the view is known."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self._session = bench.desk.session
        self._canvas = bench.window.canvas
        self._mark = SnapMark()
        self._canvas.add_overlay(self._mark)
        self._systems: Systems | None = None
        self._index: SnapIndex | None = None
        self._held: Bounds | None = None
        self._reading: int | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self._read)
        self._canvas.view_changed.connect(self._take_view)
        self._canvas.tool_changed.connect(lambda _key: self._take_tool())
        bench.editing.layer_changed.connect(self._take_layer)
        bench.editing.written.connect(lambda _record: self.renew())
        self._session.subscribe(self._take_change)

    # what is asked of it

    @property
    def systems(self) -> Systems | None:
        """The system of the layer being edited and that of the map; None while none is, or no way leads."""
        return self._systems

    @property
    def layer(self) -> LayerInfo | None:
        """The layer being edited."""
        return self._session.layer(self._bench.editing.layer)

    @property
    def index(self) -> SnapIndex | None:
        """What lies near the view; None until it is read, or where it is too much."""
        return self._index

    @property
    def mark(self) -> tuple[SnapKind, MapPoint] | None:
        """What is marked on the map, and where."""
        return self._mark.shown

    @property
    def settings(self) -> EditSettings:
        """What was chosen."""
        return self._bench.preferences.current.editing

    @property
    def metres_per_px(self) -> float:
        """How much ground a pixel of the screen shows, m."""
        view = self._canvas.view
        return view.units_per_px * view.metres_per_unit

    def change(self, settings: EditSettings) -> None:
        """Choose otherwise, and keep it."""
        before = self.settings
        preferences = self._bench.preferences
        preferences.change(preferences.current.model_copy(update={"editing": settings}))
        if before.snapping.layers is not settings.snapping.layers or not before.snapping.on:
            self.renew()
        if not settings.snapping.on:
            self.unmark()
        self.settings_changed.emit()

    def aim(self, at: Pointer, leave_out: FloatArray | None = None) -> Aim | None:
        """Return what a place is meant for, and mark it; None while no layer is being edited."""
        if self._systems is None:
            return None
        place = self._systems.point_to_layer(at.x, at.y)
        if not np.isfinite(place).all():
            return None
        chosen: SnapSettings = self.settings.snapping
        reach = chosen.reach_m(self.metres_per_px)
        found = snap(self._index, place, chosen, reach, leave_out) if self._index is not None else None
        if found is None:
            self._show_mark(None)
            return Aim(place, (at.x, at.y))
        on_map = self._systems.point_to_map(found.x, found.y)
        self._show_mark((found.kind, on_map))
        return Aim(found.point, on_map, found)

    def unmark(self) -> None:
        """Take the mark off the map."""
        self._show_mark(None)

    def renew(self) -> None:
        """Read again what lies near: it may be other than it was."""
        self._held = None
        self._timer.start()

    def _show_mark(self, shown: tuple[SnapKind, MapPoint] | None) -> None:
        if shown != self._mark.shown:
            self._mark.shown = shown
            self._canvas.update()

    # what it listens to

    def _take_change(self, change: Change) -> None:
        if change in (Change.PROJECT, Change.CRS, Change.LAYERS):
            self._take_layer()
        elif change in (Change.LOOK, Change.TREE):
            self.renew()

    def _take_layer(self, *_uid: object) -> None:
        layer, crs = self.layer, self._session.map_crs
        before = self._systems
        self._systems = None
        if layer is not None and crs is not None:
            try:
                self._systems = Systems.between(layer.crs, crs)
            except CrsError:
                self._systems = None
        if self._systems != before:
            self._index = None
        self.renew()

    def _take_tool(self) -> None:
        self.unmark()
        self._timer.start()

    def _take_view(self, _view: object) -> None:
        if not self._timer.isActive():
            self._timer.start()

    # reading

    def _read(self) -> None:
        store, crs, layer = self._session.project, self._session.map_crs, self.layer
        wanted = self._canvas.tool.snaps and self.settings.snapping.on
        if store is None or crs is None or layer is None or self._systems is None or not wanted:
            self._index, self._held = None, None
            self._say("")
            return
        bounds = self._canvas.view.bounds
        if self._held is not None and _inside(bounds, self._held):
            return
        roomy = _roomy(bounds)
        layers = self._layers(layer)
        if self._vertices({info.uid for info in layers}, roomy) > _MOST_VERTICES:
            self._index, self._held = None, None
            self._say(_("Too much is in view to snap to: enlarge the map."))
            return
        if self._reading is not None:
            self._bench.desk.jobs.cancel(self._reading)
        asked = NearRequest(layers, roomy, crs, layer.crs)
        self._reading = self._bench.desk.jobs.start(
            _("Looking"),
            partial(read_near, store, asked),
            done=partial(self._take, asked),
            failed=lambda error: self._say(str(error)),
            lane=_LANE,
            quiet=True,
        )

    def _take(self, asked: NearRequest, index: SnapIndex) -> None:
        layer = self.layer
        if layer is None or layer.crs != asked.system or self._session.map_crs != asked.map_crs:
            return
        self._index, self._held = index, asked.bounds
        self._say("")
        self.ready.emit()

    def _layers(self, edited: LayerInfo) -> tuple[LayerInfo, ...]:
        if self.settings.snapping.layers is SnapLayers.EDITED:
            return (edited,)
        shown = self._session.shown_layers(self._canvas.view.scale_denominator)
        return (edited, *(info for info in shown if info.uid != edited.uid))

    def _vertices(self, uids: set[str], bounds: Bounds) -> int:
        """Return how many vertices the map shows of some layers in a part of it, as drawn last."""
        count = 0
        for drawn in self._bench.map_layers.drawables():
            if isinstance(drawn, DrawnPicture) or drawn.uid not in uids:
                continue
            for part in parts_of(drawn):
                rows = part.rows_in(bounds)
                offsets, rings = part.ring_offsets, part.ring_starts
                count += int((offsets[rings[rows + 1]] - offsets[rings[rows]]).sum())
        return count

    def _say(self, text: str) -> None:
        self._bench.window.map_panel.set_hint(_HINT, text)


def _inside(bounds: Bounds, outer: Bounds) -> bool:
    return outer[0] <= bounds[0] and outer[1] <= bounds[1] and bounds[2] <= outer[2] and bounds[3] <= outer[3]


def _roomy(bounds: Bounds) -> Bounds:
    across, up = (bounds[2] - bounds[0]) * _ROOM_SHARE, (bounds[3] - bounds[1]) * _ROOM_SHARE
    return bounds[0] - across, bounds[1] - up, bounds[2] + across, bounds[3] + up
