"""What became of a run's inputs: fingerprints compared, changed features named from the journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from layers.kinds import kind
from layers.words import _
from zsgis.ledger.standing import ChangedFeature, FeatureFate, InputChange
from zsgis.run_records import KeptInput, KeptRun

if TYPE_CHECKING:
    from layers.edits import FeatureChange
    from layers.store import LayerInfo, Project

_NAMED_AT_MOST = 5


class LayersNow:
    """A project's layers as they stand, each looked at once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._infos = {info.uid: info for info in project.layers()}
        self._hashes: dict[str, str] = {}

    def info(self, uid: str) -> LayerInfo | None:
        """Return a layer; None where it is gone."""
        return self._infos.get(uid)

    def called(self, name: str) -> LayerInfo | None:
        """Return the layer that has a name now."""
        return next((info for info in self._infos.values() if info.name == name), None)

    def content_hash(self, uid: str) -> str:
        """Return the fingerprint of what a layer holds."""
        if uid not in self._hashes:
            self._hashes[uid] = self._project.content_hash(uid)
        return self._hashes[uid]

    def changes_since(self, uid: str, version: int) -> tuple[FeatureChange, ...] | None:
        """Return what edits did to a layer since; None where edits alone do not tell."""
        return self._project.changes_since(uid, version)


def input_changes(layers: LayersNow, run: KeptRun, *, whole: bool = True) -> tuple[InputChange, ...]:
    """Return the layers that a run stood on and that are no longer what they were.

    Files from outside the project cannot be looked at again and are left out.

    Parameters
    ----------
    whole : bool
        Whether the fingerprints are of whole layers; of a part of one only its version can be compared.
    """
    found = []
    for used in {used.layer_uid: used for used in run.inputs if used.layer_uid}.values():
        change = _change(layers, used, whole=whole)
        if change is not None:
            found.append(change)
    return tuple(found)


def _change(layers: LayersNow, used: KeptInput, *, whole: bool) -> InputChange | None:
    info = layers.info(used.layer_uid)
    if info is None:
        return InputChange(used, True, (), _gone_words(layers, used))
    same = layers.content_hash(info.uid) == used.sha256 if whole else info.version == used.version
    if same:
        return None
    told = layers.changes_since(info.uid, used.version)
    features = () if told is None else tuple(_fate(info, change) for change in told)
    return InputChange(used, False, features, _changed_words(info, used, features))


def _fate(info: LayerInfo, change: FeatureChange) -> ChangedFeature:
    fate = FeatureFate.CHANGED
    if change.before is None:
        fate = FeatureFate.ADDED
    elif change.after is None:
        fate = FeatureFate.REMOVED
    state = change.after or change.before
    name = state.values.get(kind(info.kind).name_field) if state is not None else None
    return ChangedFeature(change.zs_uid, str(name) if name else change.zs_uid, fate)


def _gone_words(layers: LayersNow, used: KeptInput) -> str:
    if layers.called(used.name) is not None:
        return _("Layer “{layer}” was removed; the layer that has this name now is another one.").format(
            layer=used.name
        )
    return _("Layer “{layer}” was removed from the project.").format(layer=used.name)


def _changed_words(info: LayerInfo, used: KeptInput, features: Sequence[ChangedFeature]) -> str:
    if features:
        return _("Layer “{layer}”: {features}.").format(layer=info.name, features=named(features))
    if info.feature_count != used.feature_count:
        return _(
            "Layer “{layer}” was changed outside the journal: {before} features then, {after} now; which "
            "of them cannot be told."
        ).format(layer=info.name, before=f"{used.feature_count:,}", after=f"{info.feature_count:,}")
    return _(
        "Layer “{layer}” was changed outside the journal (by another program, or in its fields); which "
        "features cannot be told."
    ).format(layer=info.name)


def named(features: Sequence[ChangedFeature]) -> str:
    """Return features by fate and name, at most five names of each fate."""
    parts = []
    for fate in FeatureFate:
        names = [feature.name for feature in features if feature.fate is fate]
        if names:
            listed = "、".join(names[:_NAMED_AT_MOST])
            more = _(" and {count} more").format(count=f"{len(names) - _NAMED_AT_MOST:,}")
            parts.append(f"{fate.words} {listed}{more if len(names) > _NAMED_AT_MOST else ''}")
    return "；".join(parts)
