"""Has a layer's edits folded into its arrays: when they are many, or when nothing else is going on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, QTimer

from layers.drawable_edits import EditedLayer
from layers.progress import Progress
from layers.words import _
from ui.jobs import JobBridge
from ui.map_edits import MapEdits
from ui.map_levels import LEVELS_LANE
from ui.map_ports import FoldingSource

if TYPE_CHECKING:
    from layers.drawable import DrawableLayer
    from layers.drawable_edits import FeatureLayer
    from layers.store import LayerInfo, Project

# From so many edited features on drawing gets slower than need be.
MOST_EDITS = 2_000
# Nobody has edited for so long.
IDLE_MS = 120_000


class MapFolding:
    """One layer after another gets arrays that hold its edits.

    Parameters
    ----------
    state : callable
        Returns the project, the layer and the map's coordinate system of a layer's uid as they are now; None
        for a layer that is not shown.
    missed : callable
        Given the layer's uid and why it could not be done.
    """

    def __init__(
        self,
        jobs: JobBridge,
        source: FoldingSource,
        edits: MapEdits,
        *,
        state: Callable[[str], tuple[Project, LayerInfo, Any] | None],
        missed: Callable[[str, str], None],
        parent: QObject | None = None,
    ) -> None:
        self._jobs = jobs
        self._source = source
        self._edits = edits
        self._state = state
        self._missed = missed
        self._waiting: set[str] = set()
        self._running: dict[str, int] = {}
        self._folding: dict[str, int] = {}
        self._numbers = count()
        self._idle = QTimer(parent)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._fold_waiting)

    def consider(self, layer: FeatureLayer) -> None:
        """Take note of a layer that is drawn now."""
        if not isinstance(layer, EditedLayer):
            self._waiting.discard(layer.uid)
            return
        self._waiting.add(layer.uid)
        self._idle.start()
        if layer.edits > MOST_EDITS:
            self.fold(layer.uid)

    def forget(self) -> None:
        """Give up whatever is being folded: another project, or another coordinate system."""
        self._idle.stop()
        self._waiting.clear()
        for uid in tuple(self._running):
            self.stop(uid)

    def stop(self, uid: str) -> None:
        """Give up what is being folded for a layer: it is drawn in another form."""
        self._waiting.discard(uid)
        self._folding.pop(uid, None)
        job = self._running.pop(uid, None)
        if job is not None:
            self._jobs.cancel(job)

    def fold(self, uid: str) -> None:
        """Have a layer's edits folded in, unless that is being done."""
        state = self._state(uid)
        if uid in self._running or state is None:
            return
        self._waiting.discard(uid)
        number = next(self._numbers)
        self._folding[uid] = number
        self._running[uid] = self._jobs.start(
            _("Taking edits into the drawing data"),
            partial(self._work, uid, *state),
            done=partial(self._take, uid, number),
            failed=partial(self._fail, uid, number),
            cancelled=partial(self._end, uid, number),
            lane=LEVELS_LANE,
            derived=True,
        )

    def _fold_waiting(self) -> None:
        for uid in tuple(self._waiting):
            self.fold(uid)

    def _work(
        self, uid: str, project: Project, info: LayerInfo, map_crs: Any, progress: Progress
    ) -> DrawableLayer | None:
        layer, version = self._edits.snapshot(uid)
        if not isinstance(layer, EditedLayer):
            return None
        progress.step(0.0, info.name)
        return self._source.fold(project, replace(info, version=version), map_crs, layer, progress)

    def _take(self, uid: str, number: int, arrays: DrawableLayer | None) -> None:
        if self._end(uid, number) and arrays is not None:
            self._edits.renew(uid, arrays)

    def _fail(self, uid: str, number: int, error: BaseException) -> None:
        if self._end(uid, number):
            self._missed(uid, str(error))

    def _end(self, uid: str, number: int) -> bool:
        """Note that a job has ended; False for one that was given up before."""
        if self._folding.get(uid) != number:
            return False
        del self._folding[uid], self._running[uid]
        return True
