"""Has coarser levels of large layers made in the background, once the layers are on the map."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from layers.progress import Progress
from layers.words import _
from ui.jobs import JobBridge

if TYPE_CHECKING:
    from layers.drawable import DrawableLayer

LEVELS_LANE = "levels"


class LevelsSource(Protocol):
    """Where coarser levels come from."""

    def wants_levels(self, layer: DrawableLayer) -> bool:
        """Tell whether a layer should have levels and has none yet."""
        ...

    def with_levels(self, layer: DrawableLayer, map_crs: Any, progress: Progress) -> DrawableLayer:
        """Return the layer with its levels."""
        ...


@dataclass(frozen=True)
class _Asked:
    """A layer whose levels are being made."""

    job: int
    layer: DrawableLayer


class MapLevels:
    """One layer after another gets its levels.

    Parameters
    ----------
    ready : callable
        Given the layer without levels and the layer with them, on the window's thread.
    missed : callable
        Given the layer's uid and why its levels could not be made.
    """

    def __init__(
        self,
        jobs: JobBridge,
        source: LevelsSource,
        *,
        ready: Callable[[DrawableLayer, DrawableLayer], None],
        missed: Callable[[str, str], None],
    ) -> None:
        self._jobs = jobs
        self._source = source
        self._ready = ready
        self._missed = missed
        self._asked: dict[str, _Asked] = {}

    def consider(self, layer: DrawableLayer, map_crs: Any) -> None:
        """Have the levels of a layer made, if it wants any; those of its former state are given up."""
        self._stop(layer.uid)
        if not self._source.wants_levels(layer):
            return
        job = self._jobs.start(
            _("Preparing coarser levels"),
            partial(self._make, layer, map_crs),
            done=partial(self._take, layer),
            failed=partial(self._fail, layer),
            cancelled=partial(self._forget, layer),
            lane=LEVELS_LANE,
            derived=True,
        )
        self._asked[layer.uid] = _Asked(job, layer)

    def keep(self, uids: Collection[str]) -> None:
        """Give up what is made for any other layer."""
        for uid in [uid for uid in self._asked if uid not in uids]:
            self._stop(uid)

    def _make(self, layer: DrawableLayer, map_crs: Any, progress: Progress) -> DrawableLayer:
        progress.step(0.0, layer.title)
        return self._source.with_levels(layer, map_crs, progress)

    def _take(self, before: DrawableLayer, after: DrawableLayer) -> None:
        if self._forget(before):
            self._ready(before, after)

    def _fail(self, layer: DrawableLayer, error: BaseException) -> None:
        if self._forget(layer):
            self._missed(layer.uid, str(error))

    def _forget(self, layer: DrawableLayer) -> bool:
        """Note that a job has ended; False for one that was given up before."""
        asked = self._asked.get(layer.uid)
        if asked is None or asked.layer is not layer:
            return False
        del self._asked[layer.uid]
        return True

    def _stop(self, uid: str) -> None:
        asked = self._asked.pop(uid, None)
        if asked is not None:
            self._jobs.cancel(asked.job)
