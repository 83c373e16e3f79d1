"""The three files of a merge read: what they say of themselves, and the features in which they differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from layers.crs import metres_per_unit
from layers.edits import EditHead, FeatureChange, FeatureState, FeatureVersion
from layers.errors import InputError
from layers.kind import Kind
from layers.kinds import kind
from layers.progress import Progress, ProgressPart
from layers.store.edits.losses import require_readable
from layers.store.model import LayerInfo
from layers.store.working_copies import COPY_KEY
from layers.words import _
from zsgis.merging.model import CHANGED_SIDES, GEOMETRY, FeatureSides, LayerSides, Side
from zsgis.merging.project_model import ProjectFacts
from zsgis.merging.touching import Touching

TOLERANCE_M2 = 0.01
"""An overlap or a gap up to this area counts as none: the unit in which the program sums areas."""

_SOME = 5_000


class MergeSource(Protocol):
    """A store as it is read for a merge."""

    uid: str

    @property
    def title(self) -> str:
        """What people call the project."""
        ...

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return all layers in drawing order."""
        ...

    def settings(self) -> dict[str, object]:
        """Return all settings."""
        ...

    def runs(self) -> tuple[dict[str, object], ...]:
        """Return the records of all analyses, oldest first."""
        ...

    def fingerprints(self, layer_uid: str, progress: Progress | None = None) -> dict[str, bytes]:
        """Return a mark of each feature, alike where shape and values are."""
        ...

    def states(self, layer_uid: str, uids: Collection[str] | None = None) -> tuple[FeatureState, ...]:
        """Return features as they stand."""
        ...

    def edits(self, *, layer_uid: str = "", limit: int = 200, before: int = 0) -> tuple[EditHead, ...]:
        """Return edits, the latest first."""
        ...

    def changes_since(self, layer_uid: str, version: int) -> tuple[FeatureChange, ...] | None:
        """Return what edits did to a layer after its version; None where edits alone do not tell."""
        ...

    def lineage(self, uids: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Return the parents of features that have any."""
        ...

    def history(self, layer_uid: str, zs_uid: str) -> tuple[FeatureVersion, ...]:
        """Return the history of a feature, the oldest entry first."""
        ...


Sources = Mapping[Side, MergeSource]


@dataclass(frozen=True)
class ProjectSides:
    """All that is merged.

    Attributes
    ----------
    layers : tuple of LayerSides
        Layers that stand at mine and at theirs, with the features that differ; the others have none to merge.
    changed : mapping
        By uid of every layer: the sides that changed its features.
    """

    facts: Mapping[Side, ProjectFacts]
    layers: tuple[LayerSides, ...]
    changed: Mapping[str, tuple[Side, ...]]


def read_sides(sources: Sources, progress: Progress) -> ProjectSides:
    """Read three files of one project.

    Raises
    ------
    InputError
        When they are not files of one project, a side lost a column that the other filled, or the shape of
        a feature that was touched cannot be read.
    """
    _require_one_project(sources)
    facts = {
        side: ProjectFacts(
            {info.uid: info for info in source.layers()},
            source.settings(),
            {str(run["uid"]): run for run in source.runs()},
        )
        for side, source in sources.items()
    }
    uids = list(dict.fromkeys(uid for side in Side for uid in facts[side].layers))
    layers: list[LayerSides] = []
    changed: dict[str, tuple[Side, ...]] = {}
    for number, uid in enumerate(uids):
        part = ProgressPart(progress, number / len(uids), (number + 1) / len(uids))
        infos = {side: facts[side].layers[uid] for side in Side if uid in facts[side].layers}
        part.step(0.0, _("Comparing features"))
        touching = Touching(sources, infos, part)
        touched = {side: touching.by(side) for side in CHANGED_SIDES if side in infos}
        changed[uid] = tuple(side for side, found in touched.items() if found)
        if changed[uid] and len(touched) == len(CHANGED_SIDES):
            layers.append(_layer_sides(sources, infos, sorted(frozenset().union(*touched.values()))))
    return ProjectSides(facts, tuple(layers), changed)


def _require_one_project(sources: Sources) -> None:
    if len({_project_of(source) for source in sources.values()}) > 1:
        raise InputError(
            _("The files are not of one project."),
            where="、".join(source.title for source in sources.values()),
            remedy=_("Choose the project, its working copy, and the state in which both began."),
        )


def _project_of(source: MergeSource) -> str:
    """Return the uid of the project a file is of; a working copy names the one it was taken from."""
    origin = source.settings().get(COPY_KEY)
    return str(origin["uid"]) if isinstance(origin, dict) and "uid" in origin else source.uid


def _layer_sides(sources: Sources, infos: Mapping[Side, LayerInfo], touched: list[str]) -> LayerSides:
    info = infos[Side.MINE]
    states = {side: _states(sources[side], info.uid, touched) if side in infos else {} for side in Side}
    known = _lineage(sources, Side.BASE, touched)
    parents = {side: _lineage(sources, side, touched) for side in CHANGED_SIDES}
    features = {
        uid: FeatureSides(
            uid,
            base=states[Side.BASE].get(uid),
            mine=states[Side.MINE].get(uid),
            theirs=states[Side.THEIRS].get(uid),
            mine_parents=_new_parents(parents[Side.MINE].get(uid, ()), known.get(uid, ())),
            theirs_parents=_new_parents(parents[Side.THEIRS].get(uid, ()), known.get(uid, ())),
        )
        for uid in touched
    }
    for held in states.values():
        for state in held.values():
            require_readable(info, state)
    fields = {side: tuple(one.name for one in infos[side].fields) if side in infos else () for side in Side}
    name = infos[Side.BASE].name if Side.BASE in infos else infos[Side.THEIRS].name
    declared = kind(info.kind)
    layer = LayerSides(
        info.uid,
        name,
        features,
        fields,
        partition=declared.partition,
        tolerance=_tolerance(info),
        follows=_follows(declared),
    )
    _require_columns(layer)
    return layer


def _states(source: MergeSource, layer_uid: str, touched: list[str]) -> dict[str, FeatureState]:
    return {state.zs_uid: state for part in _parts(touched) for state in source.states(layer_uid, part)}


def _lineage(sources: Sources, side: Side, touched: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for part in _parts(touched):
        found.update(sources[side].lineage(part))
    return found


def _new_parents(parents: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(parent for parent in parents if parent not in known)


def _parts(uids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(uids), _SOME):
        yield uids[start : start + _SOME]


def _follows(declared: Kind) -> dict[str, frozenset[str]]:
    """Return by computed field what it is computed from, however far back."""
    found = {
        one.name: {GEOMETRY} if one.computed.is_area else set(one.computed.of)
        for one in declared.fields
        if one.computed is not None
    }
    for _round in found:
        for sources in found.values():
            sources |= {back for name in tuple(sources) for back in found.get(name, ())}
    return {name: frozenset(sources) for name, sources in found.items()}


def _tolerance(info: LayerInfo) -> float:
    return TOLERANCE_M2 / metres_per_unit(info.crs) ** 2


def _require_columns(layer: LayerSides) -> None:
    """Refuse values for a column that base had and the other side lost: there is no place to put them."""
    base = layer.fields[Side.BASE]
    for side in CHANGED_SIDES:
        lost = [name for name in base if name not in layer.fields[side.other] and name in layer.fields[side]]
        for name in lost:
            for feature in layer.features.values():
                state = feature.on(side)
                before = feature.base.values.get(name) if feature.base is not None else None
                if state is not None and state.values.get(name) != before:
                    raise InputError(
                        _("Column “{name}” was taken out on one side and filled on the other.").format(
                            name=name
                        ),
                        where=layer.name,
                        remedy=_("Put the column back into the file that lacks it, then merge again."),
                    )
