"""A table that a run kept, as a table of the report: columns chosen, rows ordered, nothing computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from layers.words import _
from zsgis.ledger.standing import RunStanding
from zsgis.reports.securing.blocks import ReportTable
from zsgis.reports.securing.material import kept_of, source_words, stale_reasons
from zsgis.reports.securing.template import TableBlock
from zsgis.result import Column, NotDerivable, Row, RowRole, Table
from zsgis.run_records import KeptRow, KeptTable
from zsgis.run_records.figures import row_labels


def table_key(block_run: str, block_table: str) -> str:
    """Return what a run's table is called in the report."""
    return f"{block_run}.{block_table}"


def report_table(standing: RunStanding, kept: KeptTable, block: TableBlock) -> ReportTable:
    """Return a table of the report from one that a run kept."""
    labels = row_labels(kept)
    chosen = chosen_rows(kept, block)
    columns = _columns(kept, block.columns)
    rows = tuple(_row(kept.rows[place], columns) for place in chosen)
    notes = []
    if kept.left_out and block.rows == "all":
        notes.append(
            _("{count} rows are not kept with the run: the table that the analysis wrote has them.").format(
                count=f"{kept.left_out:,}"
            )
        )
    return ReportTable(
        key=table_key(block.run, block.table),
        table=Table(kept.key, block.title or kept.title, columns, rows, tuple(notes)),
        labels=tuple(labels[place] for place in chosen),
        runs=(standing,),
        stale=stale_reasons(standing),
        source=source_words(standing),
        most=block.most,
    )


def chosen_rows(kept: KeptTable, block: TableBlock) -> list[int]:
    """Return the places of the rows that a block prints, in its order."""
    places = [
        place for place, row in enumerate(kept.rows) if block.rows == "all" or row.role != RowRole.BODY.value
    ]
    if not block.order:
        return places
    body = [place for place in places if kept.rows[place].role == RowRole.BODY.value]
    body.sort(key=lambda place: -_number(kept.rows[place].values.get(block.order)))
    return [*body, *(place for place in places if kept.rows[place].role != RowRole.BODY.value)]


def unknown_columns(kept: KeptTable, names: Sequence[str]) -> list[str]:
    """Return the columns that a template names and a table does not have."""
    known = {column.key for column in kept.columns}
    return [name for name in names if name not in known]


def _columns(kept: KeptTable, names: Sequence[str]) -> tuple[Column, ...]:
    found = {column.key: column for column in kept.columns}
    wanted = [found[name] for name in names if name in found] or [
        column for column in kept.columns if column.digits is not None or _is_used(kept, column.key)
    ]
    return tuple(Column(each.key, each.title, each.unit, each.digits) for each in wanted)


def _is_used(kept: KeptTable, key: str) -> bool:
    """Whether a column of text says anything in any row."""
    return any(row.values.get(key) not in (None, "") for row in kept.rows)


def _row(kept: KeptRow, columns: Sequence[Column]) -> Row:
    values = {column.key: cell_value(kept.values.get(column.key)) for column in columns}
    return Row(values, RowRole(kept.role))


def cell_value(value: Any) -> Any:
    """Return a kept cell as a table of results holds it."""
    if isinstance(value, Mapping):
        return NotDerivable(str(value.get("not_derivable", "")))
    return value


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) else float("-inf")


def row_called(kept: KeptTable, name: str) -> KeptRow | None:
    """Return the row with a label, or for ``total`` the last total; None where there is none."""
    if name == "total":
        totals = [row for row in kept.rows if row.role == RowRole.TOTAL.value]
        return totals[-1] if totals else None
    labels = row_labels(kept)
    return kept.rows[labels.index(name)] if name in labels else None


def run_table(standing: RunStanding, key: str) -> KeptTable | None:
    """Return a table of a run; None where the run kept none such."""
    return kept_of(standing).table(key)
