"""New features drawn with the mouse; following neighbours while one draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from layers.kind import GeometryType
from layers.kinds import KINDS
from layers.progress import Progress
from layers.store import LayerInfo
from layers.store.interface import Store
from layers.words import N_, _
from ui.actions import EDIT, ActionSpec
from ui.bench import Bench
from ui.canvas.tools.sketches import DRAW, DrawTool
from ui.flows.editing_sketches.sketching import Drawn, Sketching
from ui.flows.editing_sketches.writing import Writing
from ui.flows.editing_vertices.aiming import Aimer
from ui.flows.tools import HAND, check
from zsgis.editing.drawing import drawn_shape
from zsgis.editing.drawing_edits import NewFeature, Surroundings, new_features
from zsgis.editing.settings import EditSettings, GuardMode
from zsgis.editing.splitting_edits import Thought
from zsgis.editing.targets import roomy, states_near

_SPECS = (
    ActionSpec(
        DRAW,
        N_("Draw a feature"),
        EDIT,
        "draw_feature",
        "Ctrl+Alt+A",
        "own",
        4,
        tip=N_("Draw a new point, line or polygon of the layer being edited"),
        mode=HAND,
        bar=True,
    ),
    ActionSpec(
        "trace_neighbours",
        N_("Follow neighbours"),
        EDIT,
        "trace",
        "Ctrl+Alt+N",
        "own",
        7,
        tip=N_("While drawing, run along the boundaries of neighbours over their own corners"),
        mode="trace_neighbours",
        bar=True,
    ),
    ActionSpec(
        "trace_other_way",
        N_("Follow neighbours the other way round"),
        EDIT,
        "",
        "Ctrl+Alt+W",
        "own",
        7,
        tip=N_("While following neighbours, go round their other side"),
    ),
)


class Drawing:
    """The tool that draws features of the layer being edited."""

    def __init__(self, bench: Bench, sketching: Sketching, aimer: Aimer) -> None:
        self._canvas = bench.window.canvas
        self._window = bench.window
        self._session = bench.desk.session
        self._sketching = sketching
        self._aimer = aimer
        self._writing = Writing(bench)
        sketching.serve(DRAW, self._take)
        sketching.tracer.switched.connect(self._show_trace)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {
            DRAW: self.begin,
            "trace_neighbours": self._sketching.switch_trace,
            "trace_other_way": self._sketching.go_other_way,
        }

    def begin(self) -> None:
        """Take the tool in hand that draws what the layer holds."""
        layer = self._aimer.layer
        if layer is not None:
            self._canvas.take_tool(DrawTool(self._canvas, self._sketching, layer.geometry))

    def _show_trace(self, on: bool) -> None:
        check(self._window, "trace_neighbours", on)

    def _take(self, drawn: Drawn) -> None:
        store = self._session.project
        if store is None:
            drawn.tool.refuse()
            return
        think = partial(_drawn, store, drawn, self._aimer.settings)
        self._writing.think(_("Drawing"), think, drawn.tool)


def _drawn(store: Store, drawn: Drawn, settings: EditSettings, _progress: Progress) -> Thought:
    shape = drawn_shape(drawn.places, drawn.layer.geometry)
    around = surroundings(store, drawn.layer, (shape,), settings)
    return new_features(_("Draw"), drawn.layer, (NewFeature(shape),), around)


def surroundings(
    store: Store, layer: LayerInfo, shapes: Sequence[object], settings: EditSettings
) -> Surroundings:
    """Return the features near new shapes, as far as the guard asks for them."""
    kind = KINDS.get(layer.kind)
    mode = settings.guards(partition=kind is not None and kind.partition)
    if mode is GuardMode.OFF or layer.geometry is not GeometryType.POLYGON:
        return Surroundings()
    near = {state.zs_uid: state for shape in shapes for state in states_near(store, layer, roomy(shape))}
    return Surroundings(tuple(near.values()), mode, settings.gap_m)
