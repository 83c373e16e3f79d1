"""From a plan and decisions to what the features become, and to the edit that makes them so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from layers.edits import (
    AddFeature,
    Change,
    ChangeFeature,
    Edit,
    EditKind,
    FeatureState,
    Keep,
    RemoveFeature,
)
from layers.errors import InputError
from layers.words import _
from zsgis.merging.changes import acts_of_feature, value_at
from zsgis.merging.model import (
    GEOMETRY,
    Conflict,
    Decision,
    Decisions,
    FeatureSides,
    LayerPlan,
    LayerSides,
    Question,
    Side,
)
from zsgis.merging.sameness import same_shape, same_value


def undecided(conflicts: Sequence[Conflict], decisions: Decisions) -> tuple[Conflict, ...]:
    """Return the conflicts of which a question has no answer."""
    return tuple(
        conflict
        for conflict in conflicts
        if any(question.key not in decisions for question in conflict.questions)
    )


def outcome(plan: LayerPlan, decisions: Decisions) -> dict[str, FeatureState | None]:
    """Return what every touched feature becomes, None where it is no more.

    Raises
    ------
    InputError
        When something is not decided.
    """
    left = undecided(plan.conflicts, decisions)
    if left:
        raise InputError(
            _("{count} conflicts are not decided yet.").format(count=len(left)),
            where=plan.sides.name,
            remedy=_("Decide them all, then merge: nothing is merged by halves."),
        )
    answers = _answers(plan, decisions)
    uids = {found.zs_uid for found in plan.merged}
    uids |= {member.sides.zs_uid for conflict in plan.conflicts for member in conflict.members}
    wholes = {
        member.sides.zs_uid for conflict in plan.conflicts for member in conflict.members if member.whole
    }
    return {
        uid: _final(plan.sides, plan.sides.features[uid], answers.get(uid, {}), whole=uid in wholes)
        for uid in sorted(uids)
    }


def edit_of(plans: Sequence[LayerPlan], decisions: Decisions, *, title: str, reason: str) -> Edit:
    """Return the edit that takes theirs to the outcome of the merge, each change guarded by its version."""
    changes = [
        change
        for plan in plans
        for uid, final in outcome(plan, decisions).items()
        if (change := _change(plan.sides, plan.sides.features[uid], final)) is not None
    ]
    return Edit(title, tuple(changes), reason, EditKind.MERGE)


def _answers(plan: LayerPlan, decisions: Decisions) -> dict[str, dict[str, Decision]]:
    answers: dict[str, dict[str, Decision]] = {}
    for conflict in plan.conflicts:
        for question in conflict.questions:
            for uid in question.uids:
                answers.setdefault(uid, {})[question.name] = checked(question, decisions[question.key])
    return answers


def checked(question: Question, decision: Decision) -> Decision:
    """Return a decision that its question allows.

    Raises
    ------
    InputError
    """
    allowed = question.own if decision.side is None else decision.side in question.sides
    if not allowed:
        raise InputError(
            _("“{decision}” is no answer to this question.").format(decision=decision.side or decision.value),
            where=question.key,
            remedy=_("Answers: {answers}").format(answers="、".join(question.sides)),
        )
    return decision


def _final(
    layer: LayerSides, feature: FeatureSides, answers: Mapping[str, Decision], *, whole: bool
) -> FeatureState | None:
    being = answers.get(GEOMETRY)
    side = being.side if being is not None else None
    if side is not None:
        state = feature.on(side)
        if state is None or whole or feature.mine is None or feature.theirs is None:
            return state
        return replace(state, values=_values(layer, feature, answers))
    if feature.mine is None or feature.theirs is None:
        return _changed_being(feature)
    state = feature.mine if _whose_shape(feature, answers) is Side.MINE else feature.theirs
    return replace(feature.theirs, geometry=state.geometry, values=_values(layer, feature, answers))


def _changed_being(feature: FeatureSides) -> FeatureState | None:
    """Return what one side, or both, added or removed."""
    return None if feature.base is not None else feature.mine or feature.theirs


def _values(layer: LayerSides, feature: FeatureSides, answers: Mapping[str, Decision]) -> dict[str, Any]:
    """Return the values of a feature that stands at mine and theirs."""
    names = dict.fromkeys((*layer.fields[Side.THEIRS], *layer.fields[Side.MINE]))
    following = acts_of_feature(layer, feature).following
    shape_of = _whose_shape(feature, answers)
    found = {}
    for name in names:
        if name in following and GEOMETRY in layer.follows[name]:
            # an area comes with its shape
            found[name] = value_at(layer, feature, shape_of, name)
        else:
            found[name] = _value(layer, feature, name, answers.get(name), following=name in following)
    return found


def _whose_shape(feature: FeatureSides, answers: Mapping[str, Decision]) -> Side:
    decision = answers.get(GEOMETRY)
    if decision is not None and decision.side is not None:
        return decision.side
    base, mine = (state and state.geometry for state in (feature.base, feature.mine))
    return Side.THEIRS if same_shape(base, mine) else Side.MINE


def _value(
    layer: LayerSides, feature: FeatureSides, name: str, decision: Decision | None, *, following: bool
) -> Any:
    if decision is not None:
        return decision.value if decision.side is None else value_at(layer, feature, decision.side, name)
    base = None if feature.base is None else feature.base.values.get(name)
    mine = value_at(layer, feature, Side.MINE, name)
    theirs = value_at(layer, feature, Side.THEIRS, name)
    # what both sides computed differently is computed anew when the edit is completed
    kept = same_value(mine, base) or (following and not same_value(theirs, base))
    return theirs if kept else mine


def _change(layer: LayerSides, feature: FeatureSides, final: FeatureState | None) -> Change | None:
    """Return what takes theirs to its final state; None where it stands so already."""
    theirs = feature.theirs
    if theirs is None:
        if final is None:
            return None
        parents = tuple(dict.fromkeys((*feature.mine_parents, *feature.theirs_parents)))
        # also what has no value: a default is for what somebody draws
        return AddFeature(layer.layer_uid, final.geometry, final.values, feature.zs_uid, parents)
    if final is None:
        return RemoveFeature(layer.layer_uid, feature.zs_uid, theirs.version)
    shape = Keep.SHAPE if same_shape(theirs.geometry, final.geometry) else final.geometry
    values = {
        name: value for name, value in final.values.items() if not same_value(value, theirs.values.get(name))
    }
    if shape is Keep.SHAPE and not values:
        return None
    parents = tuple(parent for parent in feature.mine_parents if parent not in feature.theirs_parents)
    return ChangeFeature(layer.layer_uid, feature.zs_uid, shape, values, theirs.version, parents)
