"""Everything a merge does or asks, line by line: for people, workbooks and programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from layers.edits import FeatureState
from layers.store.model import LayerField, LayerInfo
from layers.words import _
from zsgis.merging.decisions import mark_of
from zsgis.merging.model import (
    GEOMETRY,
    Conflict,
    ConflictKind,
    Decision,
    Decisions,
    LayerPlan,
    Merged,
    Question,
    Side,
)
from zsgis.merging.planning import MergePlan
from zsgis.merging.project_model import ProjectAction, ProjectChange
from zsgis.merging.wording import (
    action_words,
    done_words,
    feature_words,
    field_words,
    kind_words,
    shape_words,
    side_words,
    value_words,
)


@dataclass(frozen=True)
class Line:
    """One line; all in the user's language but ``zs_uid``.

    Attributes
    ----------
    what : str
        What was done, or why it had to be decided.
    taken : str
        Whose it is now; empty where nobody decided yet.
    """

    layer: str
    feature: str
    zs_uid: str
    what: str
    field: str
    base: str
    mine: str
    theirs: str
    taken: str


def merged_lines(plan: MergePlan) -> list[Line]:
    """Return what merges by itself."""
    lines = [_project_line(change) for change in plan.project.changes]
    for layer in plan.layers:
        info = info_of(plan, layer.sides.layer_uid)
        lines += [line for merged in layer.merged for line in _merged_lines(layer, merged, info)]
    return lines


def conflict_lines(plan: MergePlan, decisions: Decisions) -> list[Line]:
    """Return what was or is to be decided."""
    return [
        line
        for conflict in plan.conflicts
        for question in conflict.questions
        for line in question_lines(
            conflict, question, info_of(plan, conflict.layer_uid), decisions.get(question.key)
        )
    ]


def question_lines(
    conflict: Conflict, question: Question, info: LayerInfo | None, decision: Decision | None = None
) -> list[Line]:
    """Return the lines of one question: one for each feature it decides."""
    taken = taken_words(decision)
    field = field_words(question.name, info, conflict.kinds)
    if question.name != GEOMETRY or not question.uids:
        values = _of_sides(lambda side: value_words(question.values.get(side)))
        uid = question.uids[0] if question.uids else ""
        feature = _feature(conflict, uid, info) if uid else ""
        return [Line(conflict.layer_name, feature, uid, kind_words(conflict), field, *values, taken)]
    members = {member.sides.zs_uid: member for member in conflict.members}
    return [
        Line(
            conflict.layer_name,
            _feature(conflict, uid, info),
            uid,
            kind_words(conflict),
            _("whole feature") if members[uid].whole else field,
            *_shapes({side: members[uid].sides.on(side) for side in Side}, info),
            taken,
        )
        for uid in question.uids
    ]


def info_of(plan: MergePlan, layer_uid: str) -> LayerInfo | None:
    """Return a layer as it stands at theirs, or wherever it stands."""
    found = (plan.sides.facts[side].layers.get(layer_uid) for side in (Side.THEIRS, Side.MINE, Side.BASE))
    return next((info for info in found if info is not None), None)


def document(plan: MergePlan, decisions: Decisions) -> dict[str, Any]:
    """Return a merge for programs, JSON-able: figures, conflicts with the keys to decide them, all lines."""
    left = plan.undecided(decisions)
    return {
        "merged": len(plan.merged),
        "conflicts": len(plan.conflicts),
        "undecided": [_conflict_document(plan, conflict, decisions) for conflict in left],
        "lines": [asdict(line) for line in (*merged_lines(plan), *conflict_lines(plan, decisions))],
    }


def _conflict_document(plan: MergePlan, conflict: Conflict, decisions: Decisions) -> dict[str, Any]:
    info = info_of(plan, conflict.layer_uid)
    return {
        "key": conflict.key,
        "kinds": [str(one) for one in conflict.kinds],
        "layer": conflict.layer_name,
        "features": [member.sides.zs_uid for member in conflict.members],
        "mark": mark_of(conflict),
        "questions": [
            {
                "key": question.key,
                "field": question.name,
                "decided": question.key in decisions,
                "answers": [str(side) for side in question.sides],
                "states": [asdict(line) for line in question_lines(conflict, question, info)],
            }
            for question in conflict.questions
        ],
    }


def taken_words(decision: Decision | None) -> str:
    """Return whose it becomes; nothing where that is open."""
    if decision is None:
        return ""
    return side_words(decision.side) if decision.side is not None else value_words(decision.value)


def _feature(conflict: Conflict, uid: str, info: LayerInfo | None) -> str:
    member = next(one for one in conflict.members if one.sides.zs_uid == uid)
    return feature_words({side: member.sides.on(side) for side in Side}, info)


def _project_line(change: ProjectChange) -> Line:
    kinds = {ProjectAction.SETTING: (ConflictKind.SETTING,), ProjectAction.LOOK: (ConflictKind.LOOK,)}
    field = field_words(change.key, None, kinds.get(change.action, ())) if change.key else ""
    silent = change.action in (ProjectAction.ORDER, ProjectAction.ADD_RUN) or change.key == "style"
    value = "" if silent else value_words(change.value)
    if isinstance(change.value, LayerField):
        value = change.value.alias
    shown = {side: value if side is change.side else "" for side in Side}
    words = _of_sides(lambda side: shown[side])
    return Line(change.layer_name, "", "", action_words(change.action), field, *words, _whose(change.side))


def _merged_lines(layer: LayerPlan, merged: Merged, info: LayerInfo | None) -> list[Line]:
    sides = layer.sides.features[merged.zs_uid]
    states = {side: sides.on(side) for side in Side}
    label, what = feature_words(states, info), done_words(merged.action)
    name = layer.sides.name
    if not merged.fields:
        shapes = _shapes(states, info)
        return [Line(name, label, merged.zs_uid, what, _("whole feature"), *shapes, _whose(merged.side))]
    return [
        Line(
            name,
            label,
            merged.zs_uid,
            what,
            field_words(field, info),
            *_field_values(field, states, info),
            _whose(side),
        )
        for field, side in merged.fields.items()
    ]


def _field_values(
    field: str, states: Mapping[Side, FeatureState | None], info: LayerInfo | None
) -> tuple[str, str, str]:
    if field == GEOMETRY:
        return _shapes(states, info)
    values = {side: state.values.get(field) if state else None for side, state in states.items()}
    return _of_sides(lambda side: value_words(values[side]))


def _shapes(states: Mapping[Side, FeatureState | None], info: LayerInfo | None) -> tuple[str, str, str]:
    return _of_sides(lambda side: shape_words(states[side], info))


def _of_sides(words: Callable[[Side], str]) -> tuple[str, str, str]:
    return words(Side.BASE), words(Side.MINE), words(Side.THEIRS)


def _whose(side: Side | None) -> str:
    return _("both alike") if side is None else side_words(side)
