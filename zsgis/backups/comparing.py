"""What a copy holds otherwise than the project does now: features counted, shape and every value compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from layers.progress import Progress, ProgressPart
from layers.store import Project

if TYPE_CHECKING:
    from layers.store import LayerInfo


@dataclass(frozen=True)
class LayerDifference:
    """One layer, in a copy and now.

    Attributes
    ----------
    uid : str
    in_copy, now : int or None
        How many features it has; None where it is not there.
    added, removed, changed : int
        Features that came, went and changed after the copy was taken.
    """

    uid: str
    name: str
    in_copy: int | None
    now: int | None
    added: int = 0
    removed: int = 0
    changed: int = 0

    @property
    def same(self) -> bool:
        """Whether the layer's features are in the copy as they are now."""
        known = self.in_copy is not None and self.now is not None
        return known and not (self.added or self.removed or self.changed)


def compare(project: Project, copy: Path, progress: Progress) -> tuple[LayerDifference, ...]:
    """Compare every layer of a copy with the open project; layers of the copy first.

    Raises
    ------
    ProjectFileError
        When the copy cannot be read.
    JobCancelled
    """
    with Project.open(copy, read_only=True) as other:
        then = {info.uid: info for info in other.layers()}
        now = {info.uid: info for info in project.layers()}
        uids = [*then, *(uid for uid in now if uid not in then)]
        return tuple(
            _compare_layer(
                (other, then.get(uid)),
                (project, now.get(uid)),
                ProgressPart(progress, place / len(uids), (place + 1) / len(uids)),
            )
            for place, uid in enumerate(uids)
        )


def _compare_layer(
    then: tuple[Project, LayerInfo | None], now: tuple[Project, LayerInfo | None], progress: Progress
) -> LayerDifference:
    (other, before), (project, present) = then, now
    if before is None or present is None:
        info = before or present
        if info is None:
            raise ValueError("a layer that is nowhere")
        return LayerDifference(
            info.uid,
            info.name,
            None if before is None else before.feature_count,
            None if present is None else present.feature_count,
        )
    progress.step(0.0, before.name)
    earlier = other.fingerprints(before.uid, ProgressPart(progress, 0.0, 0.5))
    later = project.fingerprints(present.uid, ProgressPart(progress, 0.5, 1.0))
    both = earlier.keys() & later.keys()
    return LayerDifference(
        before.uid,
        before.name,
        before.feature_count,
        present.feature_count,
        added=len(later) - len(both),
        removed=len(earlier) - len(both),
        changed=sum(earlier[uid] != later[uid] for uid in both),
    )
