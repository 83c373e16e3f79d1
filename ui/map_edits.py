"""Takes edits into what the map draws: aside, in their order, one layer's edits at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.progress import Progress
from layers.words import _
from ui.canvas.edit_cover import ShownEdit
from ui.jobs import JobBridge
from ui.map_edit_files import EditFiles

if TYPE_CHECKING:
    from layers.drawable import DrawableLayer
    from layers.drawable_edits import FeatureLayer
    from layers.edits import FeatureChange
    from layers.store import LayerInfo
    from ui.painting.view import MapView

_LANE = "map edits"


@dataclass(frozen=True)
class TakenEdit:
    """A layer with some more edits, and how they are shown at once."""

    layer: FeatureLayer
    version: int
    shown: ShownEdit
    trouble: str


@dataclass
class _Line:
    """One layer's edits on their way; but for ``version`` all is changed under the lock.

    ``version`` is that of the last edit known, ``held`` that of ``layer``; ``since`` are the features edited
    after the last snapshot.
    """

    layer: FeatureLayer
    version: int
    held: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[tuple[int, tuple[FeatureChange, ...]]] = field(default_factory=list)
    since: set[str] | None = None


class MapEdits:
    """Prepares what edits change on the map.

    Parameters
    ----------
    ready : callable
        Given a layer's uid and a :class:`TakenEdit`, on the window's thread.
    renewed : callable
        Given a layer's uid and the layer on arrays that hold all or most of its edits.
    missed : callable
        Given the uid of a layer whose edits could not be taken in: it is to be prepared anew.
    trouble_of : callable
        Says what a layer's map cannot show.
    """

    def __init__(
        self,
        jobs: JobBridge,
        *,
        ready: Callable[[str, TakenEdit], None],
        renewed: Callable[[str, FeatureLayer], None],
        missed: Callable[[str], None],
        trouble_of: Callable[[FeatureLayer], str],
    ) -> None:
        self._jobs = jobs
        self._ready = ready
        self._renewed = renewed
        self._missed = missed
        self._trouble_of = trouble_of
        self._lines: dict[str, _Line] = {}
        self.files = EditFiles()

    def begin(self, uid: str, layer: FeatureLayer, version: int) -> None:
        """Take edits upon this state of a layer from now on; edits of a former state are dropped."""
        self._lines[uid] = _Line(layer, version, version)

    def forget(self) -> None:
        """Drop all layers: another project, or another coordinate system."""
        self._lines.clear()
        self.files.close()

    def take(
        self, info: LayerInfo, version: int, changes: Sequence[FeatureChange], map_crs: Any, view: MapView
    ) -> bool:
        """Have an edit taken in; False where it does not follow what is known of the layer.

        Parameters
        ----------
        info : LayerInfo
            The layer as it looks now.
        version : int
            Its number after the edit.
        view : MapView
            Where one looks, in device pixels.
        """
        line = self._lines.get(info.uid)
        if line is None or version > line.version + 1:
            return False
        if version <= line.version:
            return True  # the state that was read holds it already
        line.version = version
        with line.lock:
            line.waiting.append((version, tuple(changes)))
        self._jobs.start(
            _("Preparing the map"),
            lambda progress: self._work(line, info, map_crs, view, progress),
            done=partial(self._take, info.uid, line),
            failed=partial(self._miss, info.uid, line),
            lane=_LANE,
            quiet=True,
            derived=True,
        )
        return True

    def version(self, uid: str) -> int:
        """Return the version of a layer that is shown or on its way; -1 where there is none."""
        line = self._lines.get(uid)
        return line.version if line is not None else -1

    def snapshot(self, uid: str) -> tuple[FeatureLayer | None, int]:
        """Return a layer as far as its edits are taken in, and its version; later edits are noted.

        Safe from any thread. :meth:`renew` then puts the later edits upon arrays made from it.
        """
        line = self._lines.get(uid)
        if line is None:
            return None, -1
        with line.lock:
            line.since = set()
            return line.layer, line.held

    def renew(self, uid: str, arrays: DrawableLayer) -> None:
        """Draw a layer from new arrays, made from the last snapshot, with what was edited since."""
        line = self._lines.get(uid)
        if line is None:
            return
        self._jobs.start(
            _("Preparing the map"),
            lambda _progress: self._rebase(line, arrays),
            done=partial(self._take_renewed, uid, line),
            failed=partial(self._miss, uid, line),
            lane=_LANE,
            quiet=True,
            derived=True,
        )

    def _work(
        self, line: _Line, info: LayerInfo, map_crs: Any, view: MapView, progress: Progress
    ) -> TakenEdit | None:
        from layers.drawable_edits import bounds_named
        from layers.store.drawing_edits import features_named, with_changes
        from ui.painting.thinning import thinned

        with line.lock:
            waiting, line.waiting = line.waiting, []
            before = line.layer
        if not waiting:
            return None  # an earlier job has taken it along
        changes = [change for _version, some in waiting for change in some]
        names = frozenset(change.zs_uid for change in changes)
        after = self.files.saved(with_changes(before, info, changes, map_crs, progress))
        with line.lock:
            line.layer, line.held = after, waiting[-1][0]
            if line.since is not None:
                line.since |= names
        boxes = np.concatenate([bounds_named(before, names), bounds_named(after, names)])
        gone, fresh = features_named(before, names), features_named(after, names)
        version = waiting[-1][0]
        shown = ShownEdit(info.uid, version, boxes, thinned(gone, view), thinned(fresh, view))
        return TakenEdit(after, version, shown, self._trouble_of(after))

    def _take(self, uid: str, line: _Line, taken: TakenEdit | None) -> None:
        if taken is not None and self._lines.get(uid) is line:
            self._ready(uid, taken)

    def _miss(self, uid: str, line: _Line, _error: BaseException) -> None:
        if self._lines.get(uid) is line:
            del self._lines[uid]
            self._missed(uid)

    def _rebase(self, line: _Line, arrays: DrawableLayer) -> FeatureLayer:
        from layers.drawable_edits import without_edits
        from layers.store.drawing_edits import upon

        with line.lock:
            layer, since, line.since = line.layer, frozenset(line.since or ()), None
        renewed = self.files.saved(upon(arrays, without_edits(layer), since))
        with line.lock:
            line.layer = renewed
        return renewed

    def _take_renewed(self, uid: str, line: _Line, layer: FeatureLayer) -> None:
        if self._lines.get(uid) is line:
            self._renewed(uid, layer)
