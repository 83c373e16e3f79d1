"""The vertices of a feature in the window: picked, dragged, typed, deleted; the boundary drawn anew."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import shapely
from PyQt6.QtCore import Qt

from layers.crs import describe_crs
from layers.edits import EditRecord, FeatureChange
from layers.progress import Progress
from layers.store import LayerInfo
from layers.store.interface import Store
from layers.words import _
from ui.bench import Bench
from ui.canvas.tools.shown_shape import ShownShape
from ui.canvas.tools.snapping import Aiming
from ui.canvas.tools.tool import Pointer
from ui.canvas.tools.vertex_drag import Stretched
from ui.canvas.tools.vertices import VERTICES, VertexTool
from ui.flows.editing_vertices.aiming import Aimer
from ui.flows.editing_vertices.manner import manner_of
from ui.flows.editing_vertices.thinking import Thinking
from ui.panels.numbers_card import NumbersCard
from zsgis.editing.segments import FloatArray
from zsgis.editing.shape_edits import Held, Thought, move_places, read_held, remove_place
from zsgis.editing.shared_edges import SAME_PLACE_M
from zsgis.editing.snapping import FeatureName, edges_near
from zsgis.editing.systems import Systems
from zsgis.editing.taking_hold import Grasp
from zsgis.editing.vertices import FaultyShapeError
from zsgis.session import Change

_CLICK_PX = 6.0
_LANE = "editing"
_PLANE_DIGITS, _DEGREE_DIGITS = 4, 9
_DEGREE_M = 111_320.0
# larger shapes are made ready aside
_MOST_AT_ONCE = 5_000


class VertexFlow:
    """Serves the vertex tool."""

    def __init__(self, bench: Bench, aimer: Aimer, thinking: Thinking) -> None:
        self._bench = bench
        self._desk = bench.desk
        self._canvas = bench.window.canvas
        self._panel = bench.window.map_panel
        self._aimer = aimer
        self._thinking = thinking
        self._choose: tuple[float, float] | None = None
        self._grasp: Grasp | None = None
        self.tool = VertexTool(self._canvas, self)
        self.card = NumbersCard("vertex_card", self._panel)
        self.card.entered.connect(self._take_typed)
        self.card.left.connect(lambda: self._canvas.setFocus(Qt.FocusReason.OtherFocusReason))
        self._canvas.tool_changed.connect(self._take_tool)
        bench.editing.written.connect(self._take_written)
        bench.editing.layer_changed.connect(lambda _uid: self.tool.show(None))
        bench.desk.session.subscribe(self._take_change)

    # what the tool asks

    @property
    def aiming(self) -> Aiming:
        """Who knows what lies near the pointer."""
        return self._aimer

    @property
    def systems(self) -> Systems | None:
        """The system of the layer being edited, and that of the map."""
        return self._aimer.systems

    def pick(self, at: Pointer) -> None:
        """Show the vertices of the feature at a place."""
        store, info, systems = self._desk.session.project, self._aimer.layer, self.systems
        if store is None or info is None or systems is None:
            return
        reach = _CLICK_PX * self._canvas.view.units_per_px
        x, y = systems.point_to_layer(at.x, at.y)
        if not systems.same:
            here = systems.point_to_layer(at.x + reach, at.y)
            reach = max(abs(here[0] - x), abs(here[1] - y))
        self._load(partial(_read_at, store, info, systems, x, y, reach))

    def edit_feature(self, zs_uid: str) -> None:
        """Show the vertices of a feature of the layer being edited."""
        store, info, systems = self._desk.session.project, self._aimer.layer, self.systems
        if store is not None and info is not None and systems is not None:
            self._load(partial(_read, store, info, systems, zs_uid))

    def stretched(self, places: FloatArray, shape: ShownShape) -> Stretched:
        """Return the edges that turn when places move: of neighbours too where they are joined."""
        info, index = self._aimer.layer, self._aimer.index
        low, high = places.min(axis=0), places.max(axis=0)
        edges = shape.edges_near(low, high)
        starts, ends = shape.part.xy[edges], shape.part.xy[edges + 1]
        degrees = info is not None and info.crs.is_geographic
        same = SAME_PLACE_M / _DEGREE_M if degrees else SAME_PLACE_M
        if info is not None and index is not None and manner_of(info, self._aimer.settings).joined:
            of_neighbours = partial(_of_neighbours, (info.uid, shape.held.zs_uid))
            more = edges_near(index, low, high, same, of_neighbours)
            starts, ends = np.concatenate([starts, more[0]]), np.concatenate([ends, more[1]])
        return Stretched.of(starts, ends, places, same)

    def grasp(self, places: FloatArray) -> None:
        """Read what a move of these places will need, while the mouse is still on its way."""
        store, info, shape = self._desk.session.project, self._aimer.layer, self.tool.shape
        if store is None or info is None or shape is None or self._bench.editing.waiting:
            return
        held, joined = shape.held, manner_of(info, self._aimer.settings).joined
        self._grasp = None
        self._desk.jobs.start(
            _("Looking"),
            lambda _progress: self._take_grasp(Grasp.of(store, info, held, places, joined=joined)),
            failed=lambda _error: None,  # the move reads it again, and says why it cannot
            lane=_LANE,
            quiet=True,
        )

    def _take_grasp(self, grasp: Grasp) -> None:
        # in the thread that works the edit out: it is there when that is asked for
        self._grasp = grasp

    def move(self, old: FloatArray, new: FloatArray) -> None:
        """Have places of the shape moved."""
        store, info, shape = self._desk.session.project, self._aimer.layer, self.tool.shape
        if store is None or info is None or shape is None:
            self.tool.refuse()
            return
        manner, held = manner_of(info, self._aimer.settings), shape.held
        target = (float(new[0, 0]), float(new[0, 1]))
        self._think(
            _("Move vertices"),
            lambda _progress: move_places(store, info, held, old, new, manner, self._grasp),
            target,
        )

    def remove(self, place: tuple[float, float]) -> None:
        """Have the vertex at a place deleted."""
        store, info, shape = self._desk.session.project, self._aimer.layer, self.tool.shape
        if store is None or info is None or shape is None:
            self.tool.refuse()
            return
        self._think(
            _("Delete a vertex"),
            lambda _progress: remove_place(
                store, info, shape.held, np.array([place]), manner_of(info, self._aimer.settings)
            ),
            None,
        )

    def chosen(self, place: tuple[float, float] | None) -> None:
        """Show the coordinates of the chosen vertex."""
        info = self._aimer.layer
        if place is None or info is None:
            self._panel.set_card(None)
            return
        if self.card.isHidden():
            self._name_card(info)
            self._panel.set_card(self.card)
        x, y = place
        # people write plane coordinates with X to the north, and latitude first
        self.card.show_numbers(y, x, _DEGREE_DIGITS if info.crs.is_geographic else _PLANE_DIGITS)

    # inside

    def _think(
        self, title: str, work: Callable[[Progress], Thought], choose: tuple[float, float] | None
    ) -> None:
        self._say("")
        self._choose = choose
        self._thinking.think(title, work, refused=self._take_refused)

    def _take_refused(self, error: BaseException | None) -> bool:
        """Say beside the map why a shape cannot stand so, and mark the place."""
        place = error.place if isinstance(error, FaultyShapeError) else None
        systems = self.systems
        on_map = systems.point_to_map(*place) if place is not None and systems is not None else None
        self.tool.refuse(on_map)
        faulty = isinstance(error, FaultyShapeError)
        self._say(str(error) if isinstance(error, FaultyShapeError) else "")
        return faulty

    def _take_written(self, record: EditRecord) -> None:
        """Follow what an edit did to the feature, undoing and others' edits too."""
        shape = self.tool.shape
        change = _change_of(record, shape.held.zs_uid) if shape is not None else None
        if change is not None:
            self._say("")
            self._show(change)

    def _show(self, change: FeatureChange) -> None:
        after, systems, choose = change.after, self.systems, self._choose
        self._choose = None
        if after is None or after.geometry is None or after.geometry.is_empty or systems is None:
            self.tool.show(None)
            return
        held = Held(after.zs_uid, after.version, after.geometry)
        if shapely.get_num_coordinates(held.shape) <= _MOST_AT_ONCE:
            self.tool.show(ShownShape(held, systems), choose)
            return
        self._desk.jobs.start(
            _("Looking"),
            lambda _progress: ShownShape(held, systems),
            done=lambda shape: self._show_again(shape, choose),
            lane=_LANE,
            quiet=True,
        )

    def _show_again(self, shape: ShownShape, choose: tuple[float, float] | None) -> None:
        known = self.tool.shape
        if known is not None and known.held.zs_uid == shape.held.zs_uid:
            self.tool.show(shape, choose)

    def _load(self, read: Callable[[Progress], ShownShape | None]) -> None:
        self._say("")
        self._desk.jobs.start(
            _("Looking"), read, done=self._take_shape, failed=self._take_unread, lane=_LANE, quiet=True
        )

    def _take_shape(self, shape: ShownShape | None) -> None:
        info = self._aimer.layer
        if self._canvas.tool is not self.tool or info is None:
            return
        self.tool.show(shape)
        if shape is not None:
            self._desk.session.select({info.uid: (shape.held.zs_uid,)})

    def _take_unread(self, error: BaseException) -> None:
        self._say(str(error))

    def _take_tool(self, key: str) -> None:
        if key != VERTICES:
            self.tool.show(None)
            self._say("")
            return
        uid = self._bench.editing.layer
        selected = self._desk.session.selection.get(uid, frozenset())
        if len(selected) == 1:
            self.edit_feature(next(iter(selected)))

    def _take_change(self, change: Change) -> None:
        if change in (Change.PROJECT, Change.CRS):
            self.tool.show(None)
            self._say("")

    def _take_typed(self, north: float, east: float) -> None:
        self.tool.move_chosen((east, north))

    def _name_card(self, info: LayerInfo) -> None:
        degrees = info.crs.is_geographic
        first, second = (_("Latitude"), _("Longitude")) if degrees else (_("X (north)"), _("Y (east)"))
        note = _("In the layer's own system: {crs}").format(crs=describe_crs(info.crs))
        self.card.set_words(_("Vertex"), first, second, note)

    def _say(self, text: str) -> None:
        self._panel.set_hint("vertices", text)


def _read_at(
    store: Store,
    info: LayerInfo,
    systems: Systems,
    x: float,
    y: float,
    reach: float,
    _progress: Progress,
) -> ShownShape | None:
    found = store.identify(info.uid, x, y, reach)
    return _read(store, info, systems, found[0], _progress) if found else None


def _read(store: Store, info: LayerInfo, systems: Systems, zs_uid: str, _progress: Progress) -> ShownShape:
    return ShownShape(read_held(store, info, zs_uid), systems)


def _change_of(record: EditRecord, zs_uid: str) -> FeatureChange | None:
    return next((change for change in record.changes if change.zs_uid == zs_uid), None)


def _of_neighbours(besides: FeatureName, name: FeatureName) -> bool:
    return name[0] == besides[0] and name != besides
