"""One limit of a rule changed for a trial: who would be concluded otherwise."""

from __future__ import annotations

from pydantic import ValidationError

from layers.errors import UsageError
from layers.words import _
from zsgis.analysis.clauses.conclusions import Conclusion, Judgement
from zsgis.analysis.clauses.rules import Clause, ClauseRule
from zsgis.analysis.clauses.tables import printed_area
from zsgis.printed_balance import PrintedUnit
from zsgis.result import Column, Row, RowRole, Table

CHANGED_AT_MOST = 500


def changed_rule(rule: ClauseRule, asked: str) -> ClauseRule:
    """Return a rule with one limit changed, as ``clause.low=20`` asks.

    Raises
    ------
    UsageError
        When it asks for no limit of a clause of the rule; the message names the clauses that have limits.
    """
    target, _equals, value = asked.partition("=")
    key, _dot, side = target.strip().partition(".")
    clauses = {each.key: each for each in rule.clauses if each.low is not None or each.high is not None}
    try:
        number = float(value)
        old = clauses[key]
        if side not in {"low", "high"}:
            raise KeyError(side)
        new = Clause.model_validate({**old.model_dump(), side: number})
    except (ValueError, KeyError, ValidationError) as error:
        raise UsageError(
            _("“{asked}” changes no limit of the rule.").format(asked=asked),
            remedy=_("Write clause.low=NUMBER or clause.high=NUMBER; clauses: {names}").format(
                names=", ".join(clauses)
            ),
            details=str(error),
        ) from error
    return rule.model_copy(update={"clauses": tuple(new if c.key == key else c for c in rule.clauses)})


def what_if_table(before: Judgement, after: Judgement, asked: str, unit: PrintedUnit) -> Table:
    """Return number and land of every conclusion before and after, then the features that change."""
    columns = (
        Column("what", _("Conclusion or feature")),
        Column("before", _("Before")),
        Column("after", _("After")),
        Column("count_before", _("Number before"), "", 0),
        Column("count_after", _("Number after"), "", 0),
        Column("area_before", _("Area before"), unit.title, unit.digits),
        Column("area_after", _("Area after"), unit.title, unit.digits),
    )
    rows = [_conclusion_row(before, after, each, unit) for each in Conclusion]
    features = before.evidence.features
    moved = [p for p in after.order if before.conclusions[p] is not after.conclusions[p]]
    for place in moved[:CHANGED_AT_MOST]:
        values = {
            "what": features.names[place],
            "before": before.conclusions[place].words(before.rule),
            "after": after.conclusions[place].words(after.rule),
        }
        rows.append(Row(values, RowRole.BODY, features.sources([place])))
    notes = [_("Tried: {asked}. Nothing is changed by it.").format(asked=asked)]
    if len(moved) > CHANGED_AT_MOST:
        notes.append(_("{count} more change, not listed.").format(count=len(moved) - CHANGED_AT_MOST))
    return Table("what_if", _("What if"), columns, tuple(r for r in rows if r.values), tuple(notes))


def _conclusion_row(before: Judgement, after: Judgement, each: Conclusion, unit: PrintedUnit) -> Row:
    own = [[p for p, c in enumerate(side.conclusions) if c is each] for side in (before, after)]
    if not own[0] and not own[1]:
        return Row({})
    areas = [sum(before.cents(p) for p in places) for places in own]
    values = {
        "what": each.words(before.rule),
        "count_before": len(own[0]),
        "count_after": len(own[1]),
        "area_before": printed_area(areas[0], unit),
        "area_after": printed_area(areas[1], unit),
    }
    places = sorted({*own[0], *own[1]})
    return Row(values, RowRole.SUBTOTAL, before.evidence.features.sources(places))
