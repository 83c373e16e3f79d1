"""A merge worked out: what goes in by itself, what must be decided, and who did what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from layers.errors import InputError
from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.merging.layer_merge import merge_layer
from zsgis.merging.model import CHANGED_SIDES, Conflict, Decisions, LayerPlan, Merged, Side, Trace
from zsgis.merging.project_merge import merge_project
from zsgis.merging.project_model import ProjectPlan
from zsgis.merging.resolving import undecided
from zsgis.merging.sides import MergeSource, ProjectSides, Sources, read_sides


@dataclass(frozen=True)
class MergePlan:
    """A merge as it is worked out; nothing is written yet."""

    sides: ProjectSides
    layers: tuple[LayerPlan, ...]
    project: ProjectPlan

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """All that must be decided: layers and settings first, then features, layer by layer."""
        return (
            *self.project.conflicts,
            *(conflict for layer in self.layers for conflict in layer.conflicts),
        )

    @property
    def merged(self) -> tuple[Merged, ...]:
        """What merges by itself, feature by feature."""
        return tuple(found for layer in self.layers for found in layer.merged)

    def undecided(self, decisions: Decisions) -> tuple[Conflict, ...]:
        """Return the conflicts that are not wholly decided."""
        return undecided(self.conflicts, decisions)


def plan_merge(sources: Sources, progress: Progress) -> MergePlan:
    """Work a merge out.

    Raises
    ------
    InputError
        When the files do not come from one another.
    JobCancelled
    """
    sides = read_sides(sources, ProgressPart(progress, 0.0, 0.7))
    layers: list[LayerPlan] = []
    for number, layer in enumerate(sides.layers):
        progress.step(
            0.7 + 0.3 * number / len(sides.layers), _("Merging layer {name}").format(name=layer.name)
        )
        layers.append(merge_layer(layer))
    return MergePlan(sides, tuple(layers), merge_project(sides.facts, sides.changed))


def traces(sources: Sources, conflict: Conflict) -> Mapping[tuple[str, Side], Trace]:
    """Return who last changed the features of a conflict, by feature and side."""
    return {
        (member.sides.zs_uid, side): _trace(sources[side], conflict.layer_uid, member.sides.zs_uid)
        for member in conflict.members
        for side in CHANGED_SIDES
        if member.sides.on(side) is not member.sides.base
    }


def _trace(source: MergeSource, layer_uid: str, zs_uid: str) -> Trace:
    try:
        versions = source.history(layer_uid, zs_uid)
    except InputError:
        return Trace()
    if not versions:
        return Trace()
    head = versions[-1].head
    return Trace(head.author, head.time, head.title)
