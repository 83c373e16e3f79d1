"""Holes cut and filled with the mouse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import shapely

from layers.kind import GeometryType
from layers.kinds import KINDS
from layers.progress import Progress
from layers.store import LayerInfo
from layers.store.interface import Store
from layers.words import N_, _
from ui.actions import EDIT, ActionSpec
from ui.bench import Bench
from ui.canvas.tools.sketches import CUT_HOLE, FILL_HOLE, CutHoleTool, FillHoleTool
from ui.flows.editing_sketches.sketching import Drawn, Sketching
from ui.flows.editing_sketches.writing import Writing
from ui.flows.editing_vertices.aiming import Aimer
from ui.flows.tools import HAND
from zsgis.editing.drawing import drawn_shape
from zsgis.editing.hole_edits import cut_features, fill_features
from zsgis.editing.settings import GuardMode
from zsgis.editing.splitting_edits import Thought
from zsgis.editing.targets import roomy, states_near

_SPECS = (
    ActionSpec(
        CUT_HOLE,
        N_("Cut a hole"),
        EDIT,
        "cut_hole",
        "Ctrl+Alt+D",
        "own",
        4,
        tip=N_("Draw a ring inside a polygon: its land is taken out"),
        mode=HAND,
        bar=True,
    ),
    ActionSpec(
        FILL_HOLE,
        N_("Fill a hole"),
        EDIT,
        "fill_hole",
        "Ctrl+Alt+B",
        "own",
        4,
        tip=N_("Click into a hole: the polygon takes its land, or a new feature does"),
        mode=HAND,
        bar=True,
    ),
    ActionSpec(
        "hole_as_feature",
        N_("Make a feature of the land of holes"),
        EDIT,
        "hole_feature",
        "Ctrl+Shift+H",
        "own",
        9,
        tip=N_("The land of a hole that is cut or filled becomes a feature of its own"),
        mode="hole_as_feature",
        bar=True,
    ),
)


@dataclass(frozen=True)
class _Question:
    """In which layer, which features go first, and what becomes of the land."""

    layer: LayerInfo
    chosen: frozenset[str]
    as_feature: bool
    guarded: bool


class Holes:
    """The two tools, and what becomes of the land."""

    def __init__(self, bench: Bench, sketching: Sketching, aimer: Aimer) -> None:
        self._canvas = bench.window.canvas
        self._session = bench.desk.session
        self._desk = bench.desk
        self._sketching = sketching
        self._aimer = aimer
        self._writing = Writing(bench)
        self._as_feature = False
        sketching.serve(CUT_HOLE, self._cut)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {
            CUT_HOLE: lambda: self._begin(CutHoleTool(self._canvas, self._sketching)),
            FILL_HOLE: lambda: self._begin(FillHoleTool(self._canvas, self._fill)),
            "hole_as_feature": self._switch,
        }

    def _begin(self, tool: CutHoleTool | FillHoleTool) -> None:
        layer = self._aimer.layer
        if layer is None:
            return
        if layer.geometry is not GeometryType.POLYGON:
            self._desk.notice(_("Only polygons have holes."), None)
            return
        self._canvas.take_tool(tool)

    def _switch(self) -> None:
        self._as_feature = not self._as_feature

    def _question(self, layer: LayerInfo) -> _Question:
        kind = KINDS.get(layer.kind)
        mode = self._aimer.settings.guards(partition=kind is not None and kind.partition)
        chosen = self._session.selection.get(layer.uid, frozenset())
        return _Question(layer, chosen, self._as_feature, mode is not GuardMode.OFF)

    def _cut(self, drawn: Drawn) -> None:
        store = self._session.project
        if store is None:
            drawn.tool.refuse()
            return
        think = partial(_cut, store, self._question(drawn.layer), drawn)
        self._writing.think(_("Cutting a hole"), think, drawn.tool)

    def _fill(self, x: float, y: float) -> None:
        store, layer, systems = self._session.project, self._aimer.layer, self._aimer.systems
        if store is None or layer is None or systems is None:
            return
        place = systems.point_to_layer(x, y)
        self._writing.think(_("Filling a hole"), partial(_fill, store, self._question(layer), place))


def _cut(store: Store, question: _Question, drawn: Drawn, _progress: Progress) -> Thought:
    ring = drawn_shape(drawn.places, GeometryType.POLYGON)
    states = states_near(store, question.layer, roomy(ring))
    return cut_features(question.layer, states, ring, as_feature=question.as_feature, chosen=question.chosen)


def _fill(store: Store, question: _Question, place: tuple[float, float], _progress: Progress) -> Thought:
    at = (*place, *place)
    states = states_near(store, question.layer, at)
    shapes = [state.geometry for state in states if state.geometry is not None]
    near = states_near(store, question.layer, shapely.total_bounds(shapes).tolist()) if shapes else ()
    return fill_features(
        question.layer,
        states,
        place,
        as_feature=question.as_feature,
        neighbours=[state.geometry for state in near] if question.guarded or question.as_feature else (),
        chosen=question.chosen,
    )
