"""A boundary drawn anew in the window."""

from __future__ import annotations

from layers.errors import InputError
from layers.progress import Progress
from layers.store import LayerInfo
from layers.store.interface import Store
from layers.words import _
from ui.bench import Bench
from ui.canvas.tools.draft import DraftTool
from ui.flows.editing_vertices.aiming import Aimer
from ui.flows.editing_vertices.manner import manner_of
from ui.flows.editing_vertices.thinking import Thinking
from zsgis.editing.segments import FloatArray
from zsgis.editing.shape_edits import Manner, read_held, reshape_feature
from zsgis.editing.splitting_edits import Thought


class Reshaping:
    """Has the boundary of the selected feature follow a line; of the one the line begins in where none is."""

    def __init__(self, bench: Bench, aimer: Aimer, thinking: Thinking) -> None:
        self._desk = bench.desk
        self._aimer = aimer
        self._thinking = thinking

    def take(self, tool: DraftTool, info: LayerInfo, line: FloatArray) -> None:
        """Reshape by a line that was drawn in the layer's own system."""
        store = self._desk.session.project
        if store is None:
            tool.refuse()
            return
        chosen = self._desk.session.selection.get(info.uid, frozenset())
        uid = next(iter(chosen)) if len(chosen) == 1 else ""
        manner = manner_of(info, self._aimer.settings)
        self._thinking.think(
            _("Reshape"),
            lambda progress: _reshaped(store, info, uid, line, manner, progress),
            lambda _record: tool.accept(),
            lambda _error: tool.refuse(),
        )


def _reshaped(
    store: Store, info: LayerInfo, uid: str, line: FloatArray, manner: Manner, _progress: Progress
) -> Thought:
    if not uid:
        found = store.identify(info.uid, float(line[0, 0]), float(line[0, 1]), 0.0)
        if not found:
            raise InputError(
                _("It is not clear which feature is to be reshaped."),
                remedy=_("Select it, or begin the line inside of it."),
            )
        uid = found[0]
    return reshape_feature(store, info, read_held(store, info, uid), line, manner)
