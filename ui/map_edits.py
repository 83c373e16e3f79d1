"""Takes edits into what the map draws: aside, in their order, one layer's edits at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from layers.drawable_edits import EditedLayer
from layers.progress import Progress
from layers.words import _
from ui.canvas.edit_cover import ShownEdit
from ui.jobs import JobBridge
from ui.map_edit_files import EditFiles
from ui.small_edits import Ground, SmallEdit, is_small, names_of, shown_edit

if TYPE_CHECKING:
    from layers.drawable import DrawableLayer
    from layers.drawable_edits import FeatureLayer
    from layers.edits import FeatureChange
    from layers.store import LayerInfo
    from ui.painting.view import MapView

_LANE = "map edits"


@dataclass(frozen=True)
class TakenEdit:
    """A layer with some more edits, in files for the drawing processes, and how they are shown at once."""

    layer: FeatureLayer
    version: int
    shown: tuple[ShownEdit, ...]
    trouble: str


@dataclass
class _Line:
    """One layer's edits on their way; but for ``version`` all is changed under the lock.

    ``version`` is that of the last edit known, ``held`` that of ``layer``; ``since`` are the features edited
    after the last snapshot. ``ahead`` are edits that are painted already, and of which the drawing processes
    know nothing yet; ``foreseen`` is an edit that is still on its way to the disk. ``busy`` counts the jobs
    that will put another layer here.
    """

    layer: FeatureLayer
    version: int
    held: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[tuple[int, tuple[FeatureChange, ...]]] = field(default_factory=list)
    since: set[str] | None = None
    ahead: list[ShownEdit] = field(default_factory=list)
    busy: int = 0
    foreseen: SmallEdit | None = None


class MapEdits:
    """Prepares what edits change on the map: a small one at once, others aside.

    Parameters
    ----------
    covered : callable
        Given a layer's uid, the layer with a small edit, in memory, and the edit, as soon as it is told.
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
        covered: Callable[[str, FeatureLayer, ShownEdit], None],
        ready: Callable[[str, TakenEdit], None],
        renewed: Callable[[str, FeatureLayer], None],
        missed: Callable[[str], None],
        trouble_of: Callable[[FeatureLayer], str],
    ) -> None:
        self._jobs = jobs
        self._covered = covered
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

    def foresee(
        self, info: LayerInfo, version: int, changes: Sequence[FeatureChange], map_crs: Any, view: MapView
    ) -> SmallEdit | None:
        """Work out a small edit that is soon to be taken in; None where it is not to be expected at once.

        Parameters are those of :meth:`take`, which throws it away where anything differs then.
        """
        line = self._lines.get(info.uid)
        if line is None or version != line.version + 1 or line.busy or not is_small(line.layer, changes):
            return None
        try:
            line.foreseen = SmallEdit.of(Ground(line.layer, info, version, changes, map_crs, view))
        except Exception:
            return None  # it is worked out again when it is on disk, and what is wrong with it told
        return line.foreseen

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
        if not line.busy and is_small(line.layer, changes):
            try:
                self._take_at_once(line, info, changes, map_crs, view)
            except Exception as error:
                self._miss(info.uid, line, error)
            else:
                self._start(line, info.uid, lambda _progress: self._save(line))
            return True
        with line.lock:
            line.waiting.append((version, tuple(changes)))
        line.busy += 1
        work = partial(self._work, line, info, map_crs, view)
        self._start(line, info.uid, work, end=partial(_rest, line))
        return True

    def _take_at_once(
        self, line: _Line, info: LayerInfo, changes: Sequence[FeatureChange], map_crs: Any, view: MapView
    ) -> None:
        """Take a small edit in and have it painted, here and now."""
        foreseen, line.foreseen = line.foreseen, None
        ground = Ground(line.layer, info, line.version, changes, map_crs, view)
        edit = foreseen if foreseen is not None and foreseen.serves(ground) else SmallEdit.of(ground)
        self._put(line, edit.layer, line.version, names_of(changes))
        line.ahead.append(edit.shown)
        self._covered(info.uid, edit.layer, edit.shown)

    def _start(
        self,
        line: _Line,
        uid: str,
        work: Callable[[Progress], TakenEdit | None],
        end: Callable[[], object] = lambda: None,
    ) -> None:
        """Have a line's layer prepared, one job after the other; ``end`` is called however it ends."""

        def done(taken: TakenEdit | None) -> None:
            end()
            self._take(uid, line, taken)

        self._jobs.start(
            _("Preparing the map"),
            work,
            done=done,
            failed=partial(self._miss, uid, line),
            cancelled=end,
            lane=_LANE,
            quiet=True,
            derived=True,
        )

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
        line.busy += 1

        def done(layer: FeatureLayer) -> None:
            _rest(line)
            self._take_renewed(uid, line, layer)

        self._jobs.start(
            _("Preparing the map"),
            lambda _progress: self._rebase(line, arrays),
            done=done,
            failed=partial(self._miss, uid, line),
            cancelled=partial(_rest, line),
            lane=_LANE,
            quiet=True,
            derived=True,
        )

    def _work(
        self, line: _Line, info: LayerInfo, map_crs: Any, view: MapView, progress: Progress
    ) -> TakenEdit | None:
        from layers.store.drawing_edits import changed

        with line.lock:
            waiting, line.waiting = line.waiting, []
            before = line.layer
        if not waiting:
            return None  # an earlier job has taken it along
        changes = [change for _version, some in waiting for change in some]
        version, names = waiting[-1][0], names_of(changes)
        edited, fresh = changed(before, info, changes, map_crs, progress)
        after = self.files.saved(edited)
        self._put(line, after, version, names)
        shown = shown_edit(before, fresh, names, version, view)
        return TakenEdit(after, version, (shown,), self._trouble_of(after))

    def _put(self, line: _Line, layer: FeatureLayer, version: int, names: frozenset[str]) -> None:
        with line.lock:
            line.layer, line.held = layer, version
            if line.since is not None:
                line.since |= names

    def _save(self, line: _Line) -> TakenEdit | None:
        """Write the newest edits that were taken in at once; None where that is done."""
        with line.lock:
            layer, version = line.layer, line.held
        if not isinstance(layer, EditedLayer) or layer.folder is not None:
            return None
        saved = self.files.saved(layer)
        with line.lock:
            if line.layer is layer:
                line.layer = saved
        return TakenEdit(saved, version, (), self._trouble_of(saved))

    def _take(self, uid: str, line: _Line, taken: TakenEdit | None) -> None:
        if taken is None or self._lines.get(uid) is not line:
            return
        ahead = tuple(shown for shown in line.ahead if shown.version <= taken.version)
        line.ahead = line.ahead[len(ahead) :]
        self._ready(uid, replace(taken, shown=(*ahead, *taken.shown)))

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


def _rest(line: _Line) -> None:
    line.busy -= 1
