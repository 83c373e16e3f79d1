"""A conflict as a table: a row for each field, base beside mine beside theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from layers.store.model import LayerInfo
from layers.words import _
from zsgis.merging.listing import info_of, taken_words
from zsgis.merging.model import (
    CHANGED_SIDES,
    GEOMETRY,
    Conflict,
    Decisions,
    Member,
    Question,
    Side,
)
from zsgis.merging.planning import MergePlan
from zsgis.merging.sameness import same_shape, same_value
from zsgis.merging.wording import feature_words, field_words, shape_words, value_words


@dataclass(frozen=True)
class Row:
    """One field of one feature.

    Attributes
    ----------
    zs_uid : str
        The feature; empty where the row is about a layer or a setting.
    values : tuple of str
        At base, mine and theirs.
    differing : tuple of Side
        The sides that differ from base.
    question : Question or None
        What a click on a value answers; None where the row only tells.
    taken : str
        Whose it becomes, as far as decided.
    chosen : Side or None
        The side that was taken by a decision.
    """

    zs_uid: str
    feature: str
    field: str
    values: tuple[str, str, str]
    differing: tuple[Side, ...]
    question: Question | None
    taken: str
    chosen: Side | None = None

    def value(self, side: Side) -> str:
        """Return the words of one side."""
        return self.values[list(Side).index(side)]


def rows_of(plan: MergePlan, conflict: Conflict, decisions: Decisions, *, alike: bool = False) -> list[Row]:
    """Return the rows of a conflict: questions first, then what merges by itself, at will what is alike."""
    info = info_of(plan, conflict.layer_uid)
    if not conflict.members:
        return [_plain_row(conflict, question, info, decisions) for question in conflict.questions]
    rows: list[Row] = []
    for member in conflict.members:
        found = _member_rows(conflict, member, info, decisions)
        rows += [row for row in found if row.question is not None or row.differing or alike]
    return sorted(rows, key=lambda row: row.question is None)


def _plain_row(conflict: Conflict, question: Question, info: LayerInfo | None, decisions: Decisions) -> Row:
    values = {side: question.values.get(side) for side in Side}
    differing = tuple(side for side in CHANGED_SIDES if values[side] != values[Side.BASE])
    words = (value_words(values[Side.BASE]), value_words(values[Side.MINE]), value_words(values[Side.THEIRS]))
    field = field_words(question.name, info, conflict.kinds)
    return _decided(Row("", "", field, words, differing, question, ""), question, decisions)


def _member_rows(
    conflict: Conflict, member: Member, info: LayerInfo | None, decisions: Decisions
) -> list[Row]:
    asked = {
        question.name: question for question in conflict.questions if member.sides.zs_uid in question.uids
    }
    names = tuple(one.name for one in info.fields) if info is not None else ()
    feature = feature_words({side: member.sides.on(side) for side in Side}, info)
    rows = [_shape_row(member, feature, info, asked.get(GEOMETRY), decisions)]
    for name in dict.fromkeys((*(each for each in asked if each != GEOMETRY), *names)):
        rows.append(_field_row(member, feature, name, info, asked, decisions))
    return rows


def _shape_row(
    member: Member, feature: str, info: LayerInfo | None, question: Question | None, decisions: Decisions
) -> Row:
    states = {side: member.sides.on(side) for side in Side}
    base = states[Side.BASE]
    differing = tuple(
        side
        for side in CHANGED_SIDES
        if (states[side] is None) != (base is None)
        or not same_shape(getattr(states[side], "geometry", None), getattr(base, "geometry", None))
    )
    words = tuple(shape_words(states[side], info) for side in Side)
    field = _("whole feature") if member.whole and question is not None else field_words(GEOMETRY, info)
    row = Row(member.sides.zs_uid, feature, field, (words[0], words[1], words[2]), differing, question, "")
    return _decided(row, question, decisions)


def _field_row(
    member: Member,
    feature: str,
    name: str,
    info: LayerInfo | None,
    asked: dict[str, Question],
    decisions: Decisions,
) -> Row:
    values = {
        side: None if (state := member.sides.on(side)) is None else state.values.get(name) for side in Side
    }
    stands = [side for side in CHANGED_SIDES if member.sides.on(side) is not None]
    differing = tuple(side for side in stands if not same_value(values[side], values[Side.BASE]))
    words = (value_words(values[Side.BASE]), value_words(values[Side.MINE]), value_words(values[Side.THEIRS]))
    question = asked.get(name)
    row = Row(member.sides.zs_uid, feature, field_words(name, info), words, differing, question, "")
    if question is None and GEOMETRY in asked and (member.whole or len(stands) < len(CHANGED_SIDES)):
        return _decided(row, asked[GEOMETRY], decisions)
    return _decided(row, question, decisions)


def _decided(row: Row, question: Question | None, decisions: Decisions) -> Row:
    """Return a row as its question is answered, or as it merges by itself."""
    if question is None:
        return replace(row, taken=_("by itself") if row.differing else "")
    decision = decisions.get(question.key)
    side = decision.side if decision is not None else None
    return replace(row, taken=taken_words(decision), chosen=side)
