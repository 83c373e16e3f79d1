"""The ledger in the report: indicators with light, value, target, gap and run; their lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from layers.words import _
from zsgis.ledger.entries import EntryState, LedgerEntry, state_of, value_words
from zsgis.ledger.terms import WHOLE
from zsgis.reports.securing.blocks import Content, Notice, ReportTable
from zsgis.reports.securing.material import Material, run_words
from zsgis.reports.securing.parts.making import made_table, runs_of
from zsgis.result import Column


def ledger(material: Material) -> list[Content]:
    """Return the indicators as a whole, with a notice for each whose figures are no longer current."""
    whole = [entry for entry in material.ledger.entries if entry.line == WHOLE]
    if not whole:
        return [Notice(_("The plan has no indicators."))]
    columns = (
        Column("name", _("Indicator")),
        Column("unit", _("Unit")),
        Column("value", _("Value")),
        Column("target", _("Target")),
        Column("due", _("Target year")),
        Column("gap", _("Gap")),
        Column("light", _("Traffic light")),
        Column("state", _("State")),
        Column("clause", _("Place in the plan")),
        Column("run", _("Runs")),
    )
    rule = material.ledger.rule
    table = _table(
        "ledger.whole",
        _("Indicators of the plan on {day}").format(day=material.ledger.on.isoformat()),
        columns,
        whole,
        _("Source: the ledger of {day}; lights by {rule} {version} ({status})").format(
            day=material.ledger.on.isoformat(), rule=rule.title, version=rule.version, status=rule.status
        ),
    )
    return [*_notices(whole), table]


def ledger_lines(material: Material) -> list[Content]:
    """Return the lines of indicators that are counted by platform, town or quota."""
    lines = [entry for entry in material.ledger.entries if entry.line != WHOLE]
    if not lines:
        return []
    columns = (
        Column("name", _("Indicator")),
        Column("line", _("Counted by")),
        Column("unit", _("Unit")),
        Column("value", _("Value")),
        Column("state", _("State")),
        Column("run", _("Runs")),
    )
    return [_table("ledger.lines", _("Indicators by platform, town or quota"), columns, lines, "")]


def _table(
    key: str, title: str, columns: Sequence[Column], entries: Sequence[LedgerEntry], source: str
) -> ReportTable:
    return made_table(
        key,
        title,
        columns,
        [_row(entry) for entry in entries],
        runs=runs_of([run for entry in entries for run in entry.runs]),
        row_runs=tuple(run_words(entry.runs) for entry in entries),
        stale_rows=frozenset(n for n, each in enumerate(entries) if state_of(each) is EntryState.STALE),
        source=source,
        figures=frozenset({"value", "gap"}),
    )


def _row(entry: LedgerEntry) -> dict[str, Any]:
    indicator, state = entry.indicator, state_of(entry)
    target, current = indicator.target, state is EntryState.CURRENT
    gap = entry.gap if current else None
    return {
        "label": entry.name,
        "name": indicator.name,
        "line": entry.line[1],
        "unit": indicator.unit,
        "value": value_words(entry),
        "target": "" if target is None else f"{target.value:,}",
        "due": "" if target is None else str(target.year),
        "gap": None if gap is None else f"{gap:+,.{indicator.digits}f}",
        "light": entry.judged.light.words if current else "",
        "state": state.words,
        "clause": entry.clause_place,
        "run": run_words(entry.runs) or ("" if entry.typed is None else _("Typed in")),
    }


def _notices(entries: Sequence[LedgerEntry]) -> list[Content]:
    return [
        Notice(_("[Stale] {name}: {reasons}").format(name=entry.name, reasons=" ".join(entry.reasons)))
        for entry in entries
        if state_of(entry) is EntryState.STALE
    ]
