"""The transition matrix: classes of the earlier date by classes of the later, in 0.01 m2, with its proof.

Every row adds up to what its class had at the earlier date, every column to what its class has at the later:
land outside the other date's data stands in a column and a row of its own, and a last row takes what each
date, measured for itself, has more or less (parcels that lie over each other, the last 0.01 m2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from layers.classification import Standard
from layers.words import _
from zsgis.analysis.change.model import NOBODY, Changes
from zsgis.analysis.classes import UNCLASSIFIED
from zsgis.analysis.zone_names import total_name
from zsgis.analysis.zoned import IntArray
from zsgis.charts import MatrixChart
from zsgis.printed_balance import PrintedTable, PrintedUnit, balance_table
from zsgis.result import Column, Row, RowRole, Table

_CHART_DIGITS = {"m2": 0, "ha": 1, "mu": 0}
"""A cell of the chart is narrow; the table has the figures in full."""


@dataclass(frozen=True)
class Matrix:
    """The exact matrix.

    Attributes
    ----------
    before, after : tuple of str
        Classes of both dates at the level, in their standards' order.
    cents : ndarray of int64, shape (before + 2, after + 1)
        The last column is land outside the later data; the last row but one land outside the earlier data,
        the last the differences.
    row, column : ndarray of int64, shape (pieces,)
        Where each piece stands.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    cents: IntArray
    row: IntArray
    column: IntArray


def shown_codes(codes: tuple[str, ...], standard: Standard, level: int) -> tuple[tuple[str, ...], IntArray]:
    """Return the distinct classes at a level, in order, and the number of each code's class among them."""
    known = {code: standard.ancestor(code, level) if code else UNCLASSIFIED for code in set(codes)}
    shown = [known[code] for code in codes]
    distinct = sorted(set(shown), key=lambda code: (code == UNCLASSIFIED, standard.sort_key(code)))
    place = {code: number for number, code in enumerate(distinct)}
    return tuple(distinct), np.array([place[code] for code in shown], dtype=np.int64)


def matrix_of(changes: Changes) -> Matrix:
    """Return the exact matrix."""
    two, pieces = changes.how, changes.pieces
    before, of_earlier = shown_codes(changes.earlier.codes, two.earlier, two.level)
    after, of_later = shown_codes(changes.later.codes, two.later, two.level)
    row = np.full(len(pieces.cents), len(before), dtype=np.int64)
    column = np.full(len(pieces.cents), len(after), dtype=np.int64)
    there, now = pieces.earlier != NOBODY, pieces.later != NOBODY
    row[there] = of_earlier[pieces.earlier[there]]
    column[now] = of_later[pieces.later[now]]
    cents = np.zeros((len(before) + 2, len(after) + 1), dtype=np.int64)
    np.add.at(cents, (row, column), pieces.cents)
    np.add.at(cents[-1], of_later, pieces.difference_cents)
    return Matrix(before, after, cents, row, column)


def class_title(code: str, standard: Standard) -> str:
    """Return a class as a matrix names it: code and name."""
    if code == UNCLASSIFIED:
        return _("Unclassified")
    name = standard.name(code)
    return f"{code} {name}" if name != code else code


def _shown(matrix: Matrix) -> tuple[list[int], list[int]]:
    """Return the rows and columns that are printed: the special ones only where they hold something."""
    outside_earlier, outside_later = bool(matrix.cents[-2].any()), bool(matrix.cents[:, -1].any())
    difference = bool(matrix.cents[-1].any())
    rows = list(range(len(matrix.before)))
    rows += [len(matrix.before)] * outside_earlier + [len(matrix.before) + 1] * difference
    columns = list(range(len(matrix.after))) + [len(matrix.after)] * outside_later
    return rows, columns


def shown_titles(changes: Changes, matrix: Matrix) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the printed rows and columns are called."""
    rows, columns = _shown(matrix)
    before = [class_title(code, changes.how.earlier) for code in matrix.before]
    before += [_("Outside the earlier data"), _("Overlaps and measuring")]
    after = [class_title(code, changes.how.later) for code in matrix.after]
    after.append(_("Outside the later data"))
    return tuple(before[n] for n in rows), tuple(after[n] for n in columns)


def matrix_table(
    changes: Changes, matrix: Matrix, unit: PrintedUnit, title: str, notes: tuple[str, ...]
) -> tuple[Table, PrintedTable]:
    """Return the matrix as printed, balanced in rows, columns and total."""
    rows, columns = _shown(matrix)
    printed = balance_table(matrix.cents[np.ix_(rows, columns)], unit)
    titles, heads = shown_titles(changes, matrix)
    group = _("Later date")
    out = [Column("before", _("Earlier date"))]
    out += [
        Column(f"to_{n}", head, unit.title, unit.digits, group)
        for n, head in zip(columns, heads, strict=True)
    ]
    out.append(Column("total", _("Total"), unit.title, unit.digits))

    def values(name: str, cells: IntArray) -> dict[str, Any]:
        found = {f"to_{n}": unit.value(int(cell)) for n, cell in zip(columns, cells, strict=True)}
        return {"before": name, **found, "total": unit.value(int(cells.sum()))}

    lines = []
    for place, number in enumerate(rows):
        behind = np.flatnonzero(matrix.row == number)
        if number == len(matrix.before) + 1:
            odd = np.flatnonzero(changes.pieces.difference_cents)
            sources = changes.later.features.sources(odd)
        else:
            sources = changes.sources(behind)
        lines.append(Row(values(titles[place], printed.cells[place]), RowRole.BODY, sources))
    everything = np.arange(len(matrix.row))
    lines.append(Row(values(total_name(), printed.columns), RowRole.TOTAL, changes.sources(everything)))
    return Table("matrix", title, tuple(out), tuple(lines), notes), printed


def matrix_chart(changes: Changes, matrix: Matrix, printed: PrintedTable, title: str) -> MatrixChart:
    """Return the matrix as a chart, shaded by area."""
    titles, heads = shown_titles(changes, matrix)
    return MatrixChart(
        key="matrix",
        title=title,
        rows=titles,
        columns=heads,
        values=tuple(
            tuple(printed.unit.value(int(cell)) if cell else float("nan") for cell in row)
            for row in printed.cells
        ),
        unit=printed.unit.title,
        digits=_CHART_DIGITS[printed.unit.key],
        row_title=_("Earlier date"),
        column_title=_("Later date"),
    )
