"""Shapes typed or pasted into the layer being edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyproj
import shapely

from layers.crs import describe_crs, parse_crs, transform
from layers.errors import CrsError, InputError
from layers.progress import Progress
from layers.store import LayerInfo
from layers.store.interface import Store
from layers.words import N_, _
from ui.actions import EDIT, ActionSpec
from ui.bench import Bench
from ui.canvas.tools.bands import MapPoint
from ui.canvas.tools.entered import EnteredPreview
from ui.dialogs.entry.dialog import COORDINATES, TEXT, TRAVERSE, EntryDialog
from ui.flows.editing_sketches.drawing import surroundings
from ui.flows.editing_sketches.writing import Writing
from ui.flows.editing_vertices.aiming import Aimer
from zsgis.editing.drawing_edits import NewFeature, new_features
from zsgis.editing.entry import Entered, EntryRequest, work_out
from zsgis.editing.settings import EditSettings
from zsgis.editing.splitting_edits import Thought

_SPECS = (
    ActionSpec(
        "enter_traverse",
        N_("Enter bearings and distances…"),
        EDIT,
        "enter_traverse",
        "F11",
        "own",
        8,
        tip=N_("A traverse from a start, with its misclosure and the compass rule"),
        bar=True,
    ),
    ActionSpec(
        "enter_coordinates",
        N_("Enter coordinates…"),
        EDIT,
        "enter_coordinates",
        "Shift+F11",
        "own",
        8,
        tip=N_("A list of X and Y, typed or pasted from Excel"),
        bar=True,
    ),
    ActionSpec(
        "enter_text",
        N_("Paste boundary TXT…"),
        EDIT,
        "enter_text",
        "Ctrl+F11",
        "own",
        8,
        tip=N_("Rows of a boundary TXT (J1,1,X,Y), with rings and holes"),
        bar=True,
    ),
)
_LANE = "entry"
_SYSTEMS = ("4547", "4526", "4490")
_ROOM_SHARE = 0.3

Lines = tuple[tuple[tuple[MapPoint, ...], bool], ...]


@dataclass(frozen=True)
class _Outcome:
    """What came of a request, with its lines on the map."""

    layer: LayerInfo
    entered: Entered
    lines: Lines


@dataclass(frozen=True)
class _Typed:
    """What is typed, until it is in the layer."""

    dialog: EntryDialog

    def accept(self) -> None:
        """Begin anew."""
        self.dialog.begin_anew()

    def refuse(self, reason: str = "") -> None:
        """Keep it, and say why."""
        self.dialog.show_refusal(reason)


class Entering:
    """The dialog, what it shows on the map, and the features that come of it."""

    def __init__(self, bench: Bench, aimer: Aimer) -> None:
        self._bench = bench
        self._desk = bench.desk
        self._session = bench.desk.session
        self._canvas = bench.window.canvas
        self._aimer = aimer
        self._writing = Writing(bench)
        self._preview = EnteredPreview()
        self._canvas.add_overlay(self._preview)
        self._dialog: EntryDialog | None = None
        self._outcome: _Outcome | None = None
        self._running: int | None = None
        bench.editing.layer_changed.connect(lambda _uid: self._take_layer())

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {
            "enter_traverse": partial(self.open, TRAVERSE),
            "enter_coordinates": partial(self.open, COORDINATES),
            "enter_text": partial(self.open, TEXT),
        }

    @property
    def dialog(self) -> EntryDialog | None:
        """The dialog, once it was opened."""
        return self._dialog

    @property
    def preview(self) -> EnteredPreview:
        """What is shown on the map."""
        return self._preview

    def open(self, way: str) -> None:
        """Show the dialog with a page in front."""
        layer = self._aimer.layer
        if layer is None:
            return
        if self._dialog is None:
            self._dialog = self._make()
        self._dialog.show_layer(layer.name)
        self._dialog.begin(way)

    def _make(self) -> EntryDialog:
        systems = [(code, describe_crs(parse_crs(code))) for code in _SYSTEMS]
        dialog = EntryDialog(systems, self._bench.window)
        dialog.asked.connect(self._work_out)
        dialog.take_asked.connect(self._take)
        dialog.look_asked.connect(self._look)
        dialog.closed.connect(lambda: self._show(None))
        return dialog

    def _take_layer(self) -> None:
        """Another layer takes other shapes: nothing typed is shown for it until it is worked out anew."""
        self._show(None)
        if self._dialog is not None:
            self._dialog.hide()

    def _work_out(self, request: EntryRequest | None) -> None:
        layer, map_crs, dialog = self._aimer.layer, self._session.map_crs, self._dialog
        if self._running is not None:
            self._desk.jobs.cancel(self._running)
        if dialog is None or layer is None or map_crs is None or request is None:
            self._show(None)
            if dialog is not None:
                dialog.show_nothing()
            return
        self._running = self._desk.jobs.start(
            _("Working out what is typed"),
            partial(_outcome, request, layer, map_crs),
            done=self._show,
            failed=self._show_trouble,
            lane=_LANE,
            quiet=True,
        )

    def _show(self, outcome: _Outcome | None) -> None:
        self._outcome = outcome
        self._preview.show(outcome.lines if outcome is not None else ())
        self._canvas.update()
        if outcome is not None and self._dialog is not None:
            self._dialog.show_entered(outcome.entered)

    def _show_trouble(self, error: BaseException) -> None:
        self._show(None)
        if not isinstance(error, InputError):
            self._desk.dialogs.show_error(error)
        elif self._dialog is not None:
            self._dialog.show_trouble(str(error))

    def _look(self) -> None:
        bounds = self._preview.bounds
        if bounds is not None:
            west, south, east, north = bounds
            least = self._canvas.view.units_per_px
            room = max(east - west, north - south, least) * _ROOM_SHARE
            self._canvas.zoom_to((west - room, south - room, east + room, north + room))

    def _take(self) -> None:
        store, outcome, dialog = self._session.project, self._outcome, self._dialog
        if store is None or outcome is None or dialog is None or not outcome.entered.features:
            return
        think = partial(_thought, store, outcome.layer, outcome.entered.features, self._aimer.settings)
        dialog.wait()
        self._writing.think(_("Entering"), think, _Typed(dialog))


def _outcome(request: EntryRequest, layer: LayerInfo, map_crs: pyproj.CRS, progress: Progress) -> _Outcome:
    entered = work_out(request, layer, progress)
    shapes = np.array([feature.shape for feature in entered.features], dtype=object)
    try:
        on_map = transform(shapes, layer.crs, map_crs)
    except CrsError:
        on_map = shapes[:0]
    return _Outcome(layer, entered, _lines(on_map))


def _lines(shapes: np.ndarray[tuple[int], np.dtype[np.object_]]) -> Lines:
    """Return the outlines, lines and points of shapes, and whether each is closed."""
    lines: list[tuple[tuple[MapPoint, ...], bool]] = []
    for part in shapely.get_parts(shapes):
        closed = shapely.get_dimensions(part) == 2
        rings = shapely.get_rings(part) if closed else [part]
        for ring in rings:
            places = [(x, y) for x, y in shapely.get_coordinates(ring).tolist()]
            lines.append((tuple(places[:-1] if closed else places), closed))
    return tuple(lines)


def _thought(
    store: Store,
    layer: LayerInfo,
    features: Sequence[NewFeature],
    settings: EditSettings,
    _progress: Progress,
) -> Thought:
    around = surroundings(store, layer, [feature.shape for feature in features], settings)
    return new_features(_("Enter"), layer, features, around)
