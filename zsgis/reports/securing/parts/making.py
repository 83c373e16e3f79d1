"""A table that the report makes itself, from rows of values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from zsgis.ledger.standing import RunStanding
from zsgis.reports.securing.blocks import ReportTable
from zsgis.result import Column, Row, RowRole, Table


def made_table(
    key: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[dict[str, Any]],
    *,
    totals: Sequence[dict[str, Any]] = (),
    **more: Any,
) -> ReportTable:
    """Return a table whose rows are called by their first column."""
    first = columns[0].key
    met: Counter[str] = Counter()
    labels = []
    for row in (*rows, *totals):
        name = str(row.get("label") or row.get(first) or "")
        met[name] += 1
        labels.append(name if met[name] == 1 else f"{name} #{met[name]}")
    body = [Row({k: v for k, v in row.items() if k != "label"}) for row in rows]
    body += [Row(row, RowRole.TOTAL) for row in totals]
    return ReportTable(key, Table(key, title, tuple(columns), tuple(body)), tuple(labels), **more)


def runs_of(standings: Sequence[RunStanding]) -> tuple[RunStanding, ...]:
    """Return runs by number, each once."""
    found = {standing.number: standing for standing in standings}
    return tuple(found[number] for number in sorted(found))
