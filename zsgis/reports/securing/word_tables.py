"""How a table of the report is set in Word: what changed and what is stale is seen, long ones are cut."""

from __future__ import annotations

import dataclasses
from functools import partial

from layers.words import _
from zsgis.reports.securing.blocks import ReportTable
from zsgis.reports.word.table_setting import CellLook, TableSetting
from zsgis.result import Column, RowRole, Table

CHANGED_FILL = "FFF2A8"
_PITCH = 1.35


def cut_table(content: ReportTable) -> tuple[ReportTable, tuple[str, ...]]:
    """Return a table with its first rows and all totals, and what is to be said of the others."""
    rows = content.table.rows
    body = [place for place, row in enumerate(rows) if row.role is RowRole.BODY]
    if len(body) <= content.most:
        return content, ()
    dropped = set(body[content.most :])
    kept = [place for place in range(len(rows)) if place not in dropped]
    moved = {place: number for number, place in enumerate(kept)}
    cut = dataclasses.replace(
        content,
        table=dataclasses.replace(content.table, rows=tuple(rows[place] for place in kept)),
        labels=tuple(content.labels[place] for place in kept),
        row_runs=tuple(content.row_runs[place] for place in kept) if content.row_runs else (),
        stale_rows=frozenset(moved[place] for place in content.stale_rows if place in moved),
        changes={
            (moved[place], column): change
            for (place, column), change in content.changes.items()
            if place in moved
        },
    )
    text = _("{count} more rows stand in the workbook of the report (zsgis report PROJECT OUT.xlsx).")
    return cut, (text.format(count=f"{len(dropped):,}"),)


def with_broken_heads(table: Table) -> Table:
    """Return a table whose heads over figures break between group and title, not within a word."""
    columns = tuple(
        dataclasses.replace(column, title="\n".join(column.title.rsplit(" ", 1)))
        if column.digits is not None
        else column
        for column in table.columns
    )
    return dataclasses.replace(table, columns=columns)


def table_setting(content: ReportTable, size: float, font: str) -> TableSetting:
    """Return how a table is set: font, distance of lines, the look of each cell."""
    return TableSetting(font, round(size * 2), round(size * _PITCH, 1), partial(_look, content))


def _look(content: ReportTable, row: int, column: Column) -> CellLook:
    change = content.changes.get((row, column.key))
    figure = column.digits is not None or column.key in content.figures
    return CellLook(
        sign="" if change is None else change.mark,
        fill="" if change is None else CHANGED_FILL,
        stale=figure and content.is_stale(row),
        right=column.key in content.figures,
    )
