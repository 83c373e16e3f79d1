"""The commands on shapes that are there already: vertices, reshaping, moving, copying, deleting, merging."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from layers.words import N_
from ui.actions import EDIT, ActionSpec
from ui.bench import Bench
from ui.canvas.tools.move import MOVE
from ui.canvas.tools.reshape import RESHAPE, ReshapeTool
from ui.canvas.tools.vertices import VERTICES
from ui.dialogs.editing_settings import EditingSettingsDialog
from ui.flows.editing_sketches.sketching import Drawn, Sketching
from ui.flows.editing_vertices.aiming import Aimer
from ui.flows.editing_vertices.features import FeatureFlow
from ui.flows.editing_vertices.manner import is_partition, manner_of
from ui.flows.editing_vertices.merging import MergingFlow
from ui.flows.editing_vertices.reshaping import Reshaping
from ui.flows.editing_vertices.thinking import Thinking
from ui.flows.editing_vertices.vertex_flow import VertexFlow
from ui.flows.tools import HAND, check

_SNAP, _JOIN = "switch_snapping", "switch_joining"
_tool = partial(ActionSpec, menu=EDIT, needs="own", group=5, mode=HAND, bar=True)
_switch = partial(ActionSpec, menu=EDIT, needs="own", group=7, bar=True)
_selected = partial(ActionSpec, menu=EDIT, group=6)

_SPECS = (
    _tool(
        VERTICES,
        N_("Edit vertices"),
        icon="vertices",
        shortcut="Ctrl+Alt+Shift+V",
        tip=N_("Drag, put in, delete and type the vertices of a feature; drag its edges"),
    ),
    _tool(
        RESHAPE,
        N_("Reshape"),
        icon="reshape",
        shortcut="Ctrl+Alt+Shift+R",
        tip=N_("Draw the new course of a boundary across the old one"),
    ),
    _tool(
        MOVE,
        N_("Move features"),
        icon="move",
        shortcut="Ctrl+Alt+Shift+M",
        tip=N_("Drag what is selected, or type how far it moves"),
    ),
    _selected(
        "merge_features",
        N_("Merge features"),
        icon="merge_features",
        shortcut="Ctrl+Alt+Shift+G",
        needs="own",
        bar=True,
        tip=N_("Make one feature of those selected in the layer being edited"),
    ),
    _selected("copy_features", N_("Copy features"), icon="copy", shortcut="Ctrl+C", needs="selection"),
    _selected(
        "paste_features",
        N_("Paste features"),
        icon="paste",
        shortcut="Ctrl+V",
        needs="own",
        bar=True,
        tip=N_("Put the copied features into the layer being edited"),
    ),
    _selected("delete_features", N_("Delete features"), icon="remove", shortcut="Del", needs="selection"),
    _switch(
        _SNAP,
        N_("Snap"),
        icon="snap",
        shortcut="Ctrl+Alt+Shift+S",
        mode=_SNAP,
        tip=N_("Let the pointer snap to vertices, edges and crossings"),
    ),
    _switch(
        _JOIN,
        N_("Keep neighbours joined"),
        icon="join_edges",
        shortcut="Ctrl+Alt+Shift+J",
        mode=_JOIN,
        tip=N_("What several features of this layer share moves in all of them; other layers stay"),
    ),
    _switch(
        "editing_settings",
        N_("Snapping and joining…"),
        icon="editing_settings",
        shortcut="Ctrl+Alt+Shift+O",
    ),
)


class VertexCommands:
    """Brings the commands, and keeps the switches agreed with what was chosen."""

    def __init__(self, bench: Bench, aimer: Aimer, sketching: Sketching) -> None:
        self._bench = bench
        self._window = bench.window
        self._canvas = bench.window.canvas
        self._aimer = aimer
        thinking = Thinking(bench)
        self.vertices = VertexFlow(bench, aimer, thinking)
        self.features = FeatureFlow(bench, aimer, thinking)
        self.merging = MergingFlow(bench, aimer, thinking)
        self._reshaping = Reshaping(bench, aimer, thinking)
        self._reshape_tool = ReshapeTool(self._canvas, sketching)
        sketching.serve(RESHAPE, self._take_drawn)
        self.settings_dialog: EditingSettingsDialog | None = None
        aimer.settings_changed.connect(self._show_switches)
        bench.editing.layer_changed.connect(lambda _uid: self._show_switches())

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {
            VERTICES: lambda: self._canvas.take_tool(self.vertices.tool),
            RESHAPE: lambda: self._canvas.take_tool(self._reshape_tool),
            MOVE: lambda: self._canvas.take_tool(self.features.tool),
            "merge_features": self.merging.begin,
            "copy_features": self.features.copy,
            "paste_features": self.features.paste,
            "delete_features": self.features.delete,
            _SNAP: self.switch_snapping,
            _JOIN: self.switch_joining,
            "editing_settings": self.open_settings,
        }

    def switch_snapping(self) -> None:
        """Snap from now on, or no longer."""
        settings = self._aimer.settings
        snapping = settings.snapping.model_copy(update={"on": not settings.snapping.on})
        self._aimer.change(settings.model_copy(update={"snapping": snapping}))

    def switch_joining(self) -> None:
        """Keep neighbours joined from now on, or no longer."""
        settings = self._aimer.settings
        joined = settings.joins(partition=is_partition(self._aimer.layer))
        self._aimer.change(settings.model_copy(update={"joined": not joined}))

    def open_settings(self) -> None:
        """Show how shapes are edited, and let it be changed."""
        dialog = self.settings_dialog = EditingSettingsDialog(
            self._aimer.settings,
            self._aimer.metres_per_px,
            is_partition(self._aimer.layer),
            self._window,
        )
        dialog.changed.connect(self._aimer.change)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def _take_drawn(self, drawn: Drawn) -> None:
        self._reshaping.take(drawn.tool, drawn.layer, drawn.places)

    def _show_switches(self) -> None:
        settings, layer = self._aimer.settings, self._aimer.layer
        check(self._window, _SNAP, settings.snapping.on)
        check(self._window, _JOIN, layer is not None and manner_of(layer, settings).joined)
