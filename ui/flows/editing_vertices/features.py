"""Whole features in the window: moved, deleted, copied, pasted."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import numpy as np
import shapely
from PyQt6.QtCore import Qt

from layers.edits import EditRecord
from layers.progress import Progress
from layers.store import LayerInfo
from layers.store.interface import Store
from layers.words import _
from ui.bench import Bench
from ui.canvas.tools.move import MOVE, MoveTool
from ui.canvas.tools.snapping import Aiming
from ui.canvas.tools.tool import Pointer
from ui.dialogs.port import Verb
from ui.flows.editing_vertices.aiming import Aimer
from ui.flows.editing_vertices.manner import manner_of
from ui.flows.editing_vertices.thinking import Thinking
from ui.panels.numbers_card import NumbersCard
from zsgis.editing.feature_edits import (
    Copied,
    copy_features,
    delete_features,
    move_features,
    paste_features,
)
from zsgis.editing.overlapping import told_of_overlaps
from zsgis.editing.segments import FloatArray
from zsgis.editing.settings import GuardMode
from zsgis.editing.splitting_edits import Thought
from zsgis.editing.systems import Systems
from zsgis.session import Change

_LANE = "editing"
_ASK_ABOVE = 100
_MOST_OUTLINED = 20_000
_CLICK_PX = 6.0
_PLANE_DIGITS, _DEGREE_DIGITS = 4, 9


class FeatureFlow:
    """Serves the move tool and the commands on what is selected."""

    def __init__(self, bench: Bench, aimer: Aimer, thinking: Thinking) -> None:
        self._bench = bench
        self._desk = bench.desk
        self._session = bench.desk.session
        self._canvas = bench.window.canvas
        self._panel = bench.window.map_panel
        self._aimer = aimer
        self._thinking = thinking
        self._copied: Copied | None = None
        self._outlines: tuple[FloatArray, ...] = ()
        self.tool = MoveTool(self._canvas, self)
        self.card = NumbersCard("move_card", self._panel)
        self.card.entered.connect(lambda north, east: self.shift((east, north)))
        self.card.left.connect(lambda: self._canvas.setFocus(Qt.FocusReason.OtherFocusReason))
        self._canvas.tool_changed.connect(self._take_tool)
        bench.editing.layer_changed.connect(lambda _uid: self._take_selection())
        bench.editing.written.connect(lambda _record: self._take_selection())
        self._session.subscribe(self._take_change)

    # what the tool asks

    @property
    def aiming(self) -> Aiming:
        """Who knows what lies near the pointer."""
        return self._aimer

    @property
    def systems(self) -> Systems | None:
        """The system of the layer being edited, and that of the map."""
        return self._aimer.systems

    @property
    def outlines(self) -> tuple[FloatArray, ...]:
        """The rings and lines of what is selected in the layer being edited."""
        return self._outlines

    def pick(self, at: Pointer) -> None:
        """Select the feature at a place."""
        store, info, systems = self._session.project, self._aimer.layer, self.systems
        if store is None or info is None or systems is None:
            return
        x, y = systems.point_to_layer(at.x, at.y)
        east, north = systems.point_to_layer(at.x + _CLICK_PX * self._canvas.view.units_per_px, at.y)
        self._desk.jobs.start(
            _("Looking"),
            lambda _progress: store.identify(info.uid, x, y, max(abs(east - x), abs(north - y))),
            done=lambda found: self._session.select({info.uid: found[:1]}),
            lane=_LANE,
            quiet=True,
        )

    def shift(self, shift: tuple[float, float]) -> None:
        """Have what is selected in the layer being edited moved."""
        store, info = self._session.project, self._aimer.layer
        chosen = self._chosen()
        if store is None or info is None or not chosen or shift == (0.0, 0.0):
            self.tool.settle()
            return
        self._thinking.think(
            _("Move features"),
            partial(_moved, store, info, chosen, shift, manner_of(info, self._aimer.settings).guard),
            lambda _record: self.tool.settle(),
            lambda _error: self.tool.settle(),
        )

    def show_shift(self, shift: tuple[float, float]) -> None:
        """Show how far it would be moved now, to the north and to the east."""
        info = self._aimer.layer
        if info is not None:
            digits = _DEGREE_DIGITS if info.crs.is_geographic else _PLANE_DIGITS
            self.card.show_numbers(shift[1], shift[0], digits)

    # commands

    def delete(self) -> None:
        """Delete what is selected in all layers; many only after a question."""
        store = self._session.project
        chosen = [
            (layer, uids)
            for layer in self._session.layers
            if (uids := self._session.selection.get(layer.uid, frozenset()))
        ]
        count = sum(len(uids) for _layer, uids in chosen)
        if store is None or not count:
            return
        if count > _ASK_ABOVE:
            names = "、".join(layer.name for layer, _uids in chosen)
            answer = self._desk.dialogs.choose(
                _("Delete {count} features?").format(count=f"{count:,}"),
                _("They are in: {layers}. Undo brings them back.").format(layers=names),
                (Verb("keep", _("Keep them")), Verb("delete", _("Delete them"))),
            )
            if answer != "delete":
                return
        self._thinking.think(_("Delete features"), partial(delete_features, store, chosen))

    def copy(self) -> None:
        """Take along what is selected in one layer: the one being edited first."""
        store = self._session.project
        layer = self._layer_of_selection()
        if store is None or layer is None:
            self._desk.notice(_("Select features of one layer first."), None)
            return
        chosen = self._session.selection[layer.uid]
        self._desk.jobs.start(
            _("Copy features"),
            lambda _progress: copy_features(store, layer, chosen),
            done=self._take_copied,
            lane=_LANE,
        )

    def paste(self) -> None:
        """Put what was taken along into the layer being edited."""
        store, target, copied = self._session.project, self._aimer.layer, self._copied
        if copied is None:
            self._desk.notice(_("Nothing has been copied yet."), None)
            return
        if store is None or target is None:
            self._desk.notice(_("Choose a layer to edit first."), None)
            return
        guard = manner_of(target, self._aimer.settings).guard
        self._thinking.think(
            _("Paste features"), partial(_pasted, store, copied, target, guard), self._select_new
        )

    # inside

    def _take_copied(self, copied: Copied) -> None:
        self._copied = copied
        text = _("{count} features copied; paste them into the layer being edited.")
        self._desk.notice(text.format(count=f"{len(copied.states):,}"), None)

    def _select_new(self, record: EditRecord) -> None:
        chosen: dict[str, set[str]] = {}
        for change in record.changes:
            if change.before is None:
                chosen.setdefault(change.layer_uid, set()).add(change.zs_uid)
        self._session.select(chosen)

    def _layer_of_selection(self) -> LayerInfo | None:
        selection = self._session.selection
        if self._bench.editing.layer in selection:
            return self._aimer.layer
        return self._session.layer(next(iter(selection))) if len(selection) == 1 else None

    def _chosen(self) -> frozenset[str]:
        return self._session.selection.get(self._bench.editing.layer, frozenset())

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._copied = None
        if change in (Change.PROJECT, Change.SELECTION, Change.CRS):
            self._take_selection()

    def _take_tool(self, key: str) -> None:
        if key == MOVE:
            self._take_selection()
        elif not self.card.isHidden():
            self._panel.set_card(None)

    def _take_selection(self) -> None:
        """Have the outlines of what is selected ready to be dragged."""
        self._outlines = ()
        store, info, chosen = self._session.project, self._aimer.layer, self._chosen()
        if self._canvas.tool is not self.tool:
            return
        self._canvas.repaint_tool()
        if store is None or info is None or not chosen:
            self._panel.set_card(None)
            return
        self._desk.jobs.start(
            _("Looking"),
            partial(_outlines, store, info, chosen),
            done=lambda found: self._take_outlines(info, chosen, found),
            lane=_LANE,
            quiet=True,
        )

    def _take_outlines(
        self, info: LayerInfo, chosen: frozenset[str], outlines: tuple[FloatArray, ...]
    ) -> None:
        if self._canvas.tool is not self.tool or chosen != self._chosen():
            return
        self._outlines = outlines
        names = (_("To the north"), _("To the east"))
        note = _("Degrees, as the layer counts") if info.crs.is_geographic else _("In metres")
        self.card.set_words(_("Move by"), *names, note)
        self.show_shift((0.0, 0.0))
        self._panel.set_card(self.card)
        self._canvas.repaint_tool()


def _moved(
    store: Store,
    info: LayerInfo,
    uids: Collection[str],
    shift: tuple[float, float],
    guard: GuardMode,
    progress: Progress,
) -> Thought:
    return told_of_overlaps(store, info, move_features(store, info, uids, shift), guard, progress)


def _pasted(store: Store, copied: Copied, target: LayerInfo, guard: GuardMode, progress: Progress) -> Thought:
    return told_of_overlaps(store, target, paste_features(copied, target), guard, progress)


def _outlines(
    store: Store, info: LayerInfo, chosen: Collection[str], _progress: Progress
) -> tuple[FloatArray, ...]:
    """Return the rings and lines of features; of very many only their boxes."""
    shapes = np.array([state.geometry for state in store.states(info.uid, chosen)], dtype=object)
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if shapely.get_num_coordinates(shapes).sum() > _MOST_OUTLINED:
        shapes = np.array([shapely.box(*shapely.total_bounds(shapes).tolist())], dtype=object)
    parts = shapely.get_parts(shapely.get_parts(shapes))
    polygons = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings = np.concatenate([shapely.get_rings(parts[polygons]), parts[~polygons]])
    return tuple(shapely.get_coordinates(ring) for ring in rings)
