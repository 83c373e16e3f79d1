"""The tables of clauses: conclusions by zone, features in their order with reasons, every clause apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from layers.plain_numbers import plain_number
from layers.words import _
from zsgis.analysis.clauses.conclusions import Conclusion, Judgement
from zsgis.analysis.clauses.rules import Clause
from zsgis.analysis.judging import half_up
from zsgis.analysis.zone_names import total_name
from zsgis.analysis.zoned import LineTable
from zsgis.printed_balance import PrintedTable, PrintedUnit, balance_table
from zsgis.result import Column, Row, RowRole, Table

LISTED_AT_MOST = 20_000
CLAUSES_AT_MOST = 1_000
"""Features whose clauses are told one by one; of the others the reasons are in the list."""


def printed_area(cents: int, unit: PrintedUnit) -> float:
    """Return an area in the unit, rounded half up by itself."""
    return unit.value(int(unit.half_up(np.array([cents], dtype=np.int64))[0]))


def zone_table(
    judgement: Judgement, table: LineTable, unit: PrintedUnit, notes: tuple[str, ...]
) -> tuple[Table, PrintedTable]:
    """Return a row per zone: number and area of every conclusion that occurs, balanced as printed."""
    printed = balance_table(table.cents, unit)
    features = judgement.evidence.features
    met = [each for each in Conclusion if each in judgement.conclusions]
    columns = [Column("zone", _("Zone"))]
    for each in met:
        head = each.words(judgement.rule)
        columns.append(Column(f"count_{each.value}", _("Number"), "", 0, head))
        columns.append(Column(f"area_{each.value}", _("Area"), unit.title, unit.digits, head))
    columns.append(Column("total", _("Total"), unit.title, unit.digits))
    rows = []
    for place in (*range(len(table.lines)), None):
        if place is None and len(table.lines) == 1:
            continue
        cells = printed.columns if place is None else printed.cells[place]
        values: dict[str, Any] = {"zone": total_name() if place is None else table.lines[place].name}
        for each in met:
            values[f"count_{each.value}"] = len(table.behind(place, [each.value]))
            values[f"area_{each.value}"] = unit.value(int(cells[each.value]))
        values["total"] = unit.value(int(cells.sum()))
        role = RowRole.TOTAL if place is None else RowRole.BODY
        rows.append(Row(values, role, features.sources(table.behind(place))))
    return Table("zones", _("Conclusions by zone"), tuple(columns), tuple(rows), notes), printed


def feature_table(judgement: Judgement, unit: PrintedUnit) -> Table:
    """Return a row per feature, the best first, with what stands against it."""
    columns = (
        Column("rank", _("Rank"), "", 0),
        Column("name", _("Name")),
        Column("conclusion", _("Conclusion")),
        Column("score", _("Clauses met"), "%", 1),
        Column("area", _("Area"), unit.title, unit.digits),
        Column("reasons", _("Reasons")),
    )
    features = judgement.evidence.features
    rows = []
    for rank, place in enumerate(judgement.order[:LISTED_AT_MOST], start=1):
        values = {
            "rank": rank,
            "name": features.names[place],
            "conclusion": judgement.conclusions[place].words(judgement.rule),
            "score": half_up(judgement.scores[place], 1),
            "area": printed_area(judgement.cents(place), unit),
            "reasons": judgement.reasons(place),
        }
        rows.append(Row(values, RowRole.BODY, features.sources([place])))
    rest = judgement.order[LISTED_AT_MOST:]
    if rest:
        cents = sum(judgement.cents(place) for place in rest)
        values = {
            "name": _("{count} more, not listed").format(count=len(rest)),
            "area": printed_area(cents, unit),
        }
        rows.append(Row(values, RowRole.SUBTOTAL, features.sources(rest)))
    return Table("features", _("Features in their order"), columns, tuple(rows))


def clause_table(judgement: Judgement) -> Table:
    """Return a row per feature and clause: requirement, actual value, margin, verdict, source."""
    columns = (
        Column("name", _("Name")),
        Column("clause", _("Clause")),
        Column("requirement", _("Requirement")),
        Column("actual", _("Actual value")),
        Column("margin", _("Margin"), "", 2),
        Column("verdict", _("Verdict")),
        Column("source", _("Source")),
    )
    notes = [_("Clauses that are not in force only hint and decide nothing.")]
    if len(judgement.order) > CLAUSES_AT_MOST:
        notes.append(_("Clause by clause for the first {count} features.").format(count=CLAUSES_AT_MOST))
    return Table("clauses", _("Clause by clause"), columns, tuple(_clause_rows(judgement)), tuple(notes))


def _clause_rows(judgement: Judgement) -> Iterator[Row]:
    rule, features = judgement.rule, judgement.evidence.features
    for place in judgement.order[:CLAUSES_AT_MOST]:
        for clause, finding in zip(rule.clauses, judgement.findings[place], strict=True):
            margin = finding.judged.margin
            source = f"{clause.source or rule.source} {clause.clause}".strip()
            yield Row(
                {
                    "name": features.names[place],
                    "clause": clause.title,
                    "requirement": requirement_words(clause),
                    "actual": finding.actual,
                    "margin": None if margin is None else half_up(margin, 2),
                    "verdict": finding.judged.verdict.words,
                    "source": f"{source}（{rule.status_of(clause)}）",
                },
                RowRole.BODY,
                features.sources([place]),
            )


def requirement_words(clause: Clause) -> str:
    """Return what a clause requires, in words."""
    if clause.kind == "text":
        return _("one of: {values}").format(values="、".join(clause.any_of))
    plain = {"given": _("given"), "empty": _("empty"), "industrial": _("industrial land")}
    if clause.kind in plain:
        return plain[clause.kind]
    low = None if clause.low is None else _("at least {limit}").format(limit=plain_number(clause.low))
    high = None if clause.high is None else _("at most {limit}").format(limit=plain_number(clause.high))
    return f"{'，'.join(each for each in (low, high) if each)} {clause.unit}".strip()
