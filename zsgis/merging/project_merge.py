"""Layers, looks, columns and settings merged: each by itself, in question where both sides changed it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from layers.errors import InputError
from layers.store.working_copies import COPY_KEY
from layers.words import _
from zsgis.merging.model import CHANGED_SIDES, Conflict, ConflictKind, Question, Side
from zsgis.merging.project_model import (
    LOOKS,
    SETTING_MARK,
    ProjectAction,
    ProjectChange,
    ProjectFacts,
    ProjectPlan,
    setting_parts,
)

Facts = Mapping[Side, ProjectFacts]
_KEPT = ("project.uid", "project.format", COPY_KEY)
"""What a file is, which no merge changes."""
_OWN = ("window.view",)
"""Where each looked last, which is nobody else's."""
_ORDER = "order"
_MISSING = object()


def merge_project(facts: Facts, changed: Mapping[str, Collection[Side]]) -> ProjectPlan:
    """Bring layers, looks, columns and settings of two sides together.

    Parameters
    ----------
    changed : mapping
        By uid of a layer: the sides that changed its features.

    Raises
    ------
    InputError
        When a layer is not of the same kind or system at both sides.
    """
    changes: list[ProjectChange] = []
    conflicts: list[Conflict] = []
    for uid in _layer_uids(facts):
        _require_alike(facts, uid)
        _merge_being(facts, uid, changed.get(uid, ()), changes, conflicts)
        _merge_columns(facts, uid, changes)
        _merge_looks(facts, uid, changes, conflicts)
    _merge_order(facts, changes, conflicts)
    _merge_settings(facts, changes, conflicts)
    _merge_runs(facts, changes)
    return ProjectPlan(tuple(changes), tuple(conflicts))


def common_layers(facts: Facts) -> tuple[str, ...]:
    """Return the layers whose features merge: those that stand at mine and theirs."""
    return tuple(
        uid for uid in _layer_uids(facts) if all(uid in facts[side].layers for side in CHANGED_SIDES)
    )


def _layer_uids(facts: Facts) -> tuple[str, ...]:
    """Return all layers, in an order that depends on no side."""
    found = dict.fromkeys(facts[Side.BASE].layers)
    others = sorted({uid for side in CHANGED_SIDES for uid in facts[side].layers} - set(found))
    return (*found, *others)


def _name(facts: Facts, uid: str) -> str:
    for side in (Side.BASE, Side.THEIRS, Side.MINE):
        if uid in facts[side].layers:
            return facts[side].layers[uid].name
    return uid


def _require_alike(facts: Facts, uid: str) -> None:
    infos = [facts[side].layers[uid] for side in Side if uid in facts[side].layers]
    if len({(info.kind, info.geometry) for info in infos}) > 1 or any(
        info.crs != infos[0].crs for info in infos
    ):
        raise InputError(
            _("Layer “{layer}” is of another kind or coordinate system in one of the files.").format(
                layer=_name(facts, uid)
            ),
            remedy=_("Such files do not come from one another; import the layer instead."),
        )


def _merge_being(
    facts: Facts,
    uid: str,
    changed: Collection[Side],
    changes: list[ProjectChange],
    conflicts: list[Conflict],
) -> None:
    known = {side: uid in facts[side].layers for side in Side}
    if known[Side.MINE] == known[Side.THEIRS]:
        return
    name = _name(facts, uid)
    has = Side.MINE if known[Side.MINE] else Side.THEIRS
    if not known[Side.BASE]:
        changes.append(ProjectChange(ProjectAction.ADD_LAYER, uid, name, side=has))
    elif has in changed or _looks_changed(facts, uid, has):
        values = {side: known[side] for side in Side}
        conflicts.append(_conflict(ConflictKind.LAYER, uid, name, "", values))
    else:
        changes.append(ProjectChange(ProjectAction.REMOVE_LAYER, uid, name, side=has.other))


def _looks_changed(facts: Facts, uid: str, side: Side) -> bool:
    return any(facts[side].look(uid, key) != facts[Side.BASE].look(uid, key) for key in LOOKS)


def _merge_columns(facts: Facts, uid: str, changes: list[ProjectChange]) -> None:
    """List the columns that a side added to a layer both have."""
    if not all(uid in facts[side].layers for side in Side):
        return
    fields = {side: {one.name: one for one in facts[side].layers[uid].fields} for side in Side}
    for name in sorted((fields[Side.MINE].keys() | fields[Side.THEIRS].keys()) - fields[Side.BASE].keys()):
        having = [side for side in CHANGED_SIDES if name in fields[side]]
        if len({fields[side][name].type for side in having}) > 1:
            raise InputError(
                _("Both sides added column “{name}”, but not of one type.").format(name=name),
                where=_name(facts, uid),
                remedy=_("Rename the column in one of the files."),
            )
        side = having[0] if len(having) == 1 else None
        value = fields[having[0]][name]
        changes.append(ProjectChange(ProjectAction.ADD_COLUMN, uid, _name(facts, uid), name, value, side))


def _merge_looks(facts: Facts, uid: str, changes: list[ProjectChange], conflicts: list[Conflict]) -> None:
    if not all(uid in facts[side].layers for side in CHANGED_SIDES):
        return
    for key in LOOKS:
        values = {side: facts[side].look(uid, key) for side in Side}
        found = _three_way(values)
        if found is _MISSING:
            conflicts.append(_conflict(ConflictKind.LOOK, uid, _name(facts, uid), key, values))
        elif found is not None:
            value = values[found or Side.MINE]
            changes.append(
                ProjectChange(ProjectAction.LOOK, uid, _name(facts, uid), key, value, found or None)
            )


def _three_way(values: Mapping[Side, Any]) -> Any:
    """Return who changed a value: a side, False for both alike, None for nobody; ``_MISSING`` in dispute."""
    changed = [side for side in CHANGED_SIDES if values[side] != values[Side.BASE]]
    if not changed:
        return None
    if len(changed) == 1:
        return changed[0]
    return False if values[Side.MINE] == values[Side.THEIRS] else _MISSING


def _merge_order(facts: Facts, changes: list[ProjectChange], conflicts: list[Conflict]) -> None:
    """Merge the order of the layers that all sides have."""
    common = [uid for uid in facts[Side.BASE].layers if all(uid in facts[side].layers for side in Side)]
    values = {side: [uid for uid in facts[side].layers if uid in common] for side in Side}
    found = _three_way(values)
    if found is _MISSING:
        conflicts.append(_conflict(ConflictKind.LOOK, "", "", _ORDER, values))
    elif found is not None:
        value = values[found or Side.MINE]
        changes.append(ProjectChange(ProjectAction.ORDER, value=value, side=found or None))


def _merge_settings(facts: Facts, changes: list[ProjectChange], conflicts: list[Conflict]) -> None:
    parts = {side: setting_parts(facts[side].settings) for side in Side}
    for key in sorted({key for known in parts.values() for key in known}):
        if key[0] in _KEPT:
            continue
        values = {side: parts[side].get(key) for side in Side}
        found = _three_way(values)
        if found is not None and key[0] in _OWN:
            found = Side.THEIRS
        if found is _MISSING:
            conflicts.append(_conflict(ConflictKind.SETTING, "", "", SETTING_MARK.join(key), values))
        elif found is not None:
            value, side = values[found or Side.MINE], found or None
            changes.append(
                ProjectChange(ProjectAction.SETTING, key=SETTING_MARK.join(key), value=value, side=side)
            )


def _merge_runs(facts: Facts, changes: list[ProjectChange]) -> None:
    """Keep the records of all analyses: nobody changes one afterwards."""
    runs = {side: facts[side].runs for side in Side}
    for uid in sorted((runs[Side.MINE].keys() ^ runs[Side.THEIRS].keys()) - runs[Side.BASE].keys()):
        side = Side.MINE if uid in runs[Side.MINE] else Side.THEIRS
        record = runs[side][uid]
        changes.append(
            ProjectChange(
                ProjectAction.ADD_RUN, key=str(record.get("capability", "")), value=record, side=side
            )
        )


def _conflict(kind: ConflictKind, uid: str, name: str, key: str, values: Mapping[Side, Any]) -> Conflict:
    about = f"{uid or 'project'}/{kind}/{key}"
    sides = CHANGED_SIDES if kind is ConflictKind.LAYER else tuple(Side)
    return Conflict(about, (kind,), uid, name, (), (Question(about, key, (), values, sides=sides),))
