"""The printed tables of the stock: by zone and class, the summary, the matrix, and the recorded areas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.area import to_cents
from layers.progress import Progress
from layers.words import _
from zsgis.analysis.classes import UNCLASSIFIED
from zsgis.analysis.shares import SHARE_DIGITS, percent
from zsgis.analysis.stock.figures import Figures, Purposes
from zsgis.analysis.stock.model import Land, Rules
from zsgis.analysis.zone_names import total_name
from zsgis.analysis.zoned import IntArray, Line
from zsgis.overlay.chunks import run_chunks
from zsgis.printed_balance import PrintedTable, PrintedUnit, balance_table, printed_unit, shares
from zsgis.result import Column, NotDerivable, Row, RowRole, Table

UNITS = ("m2", "ha", "mu")


@dataclass(frozen=True)
class Printed:
    """The exact figures and their balanced printings, by unit; ``unit`` is the one asked for."""

    land: Land
    rules: Rules
    figures: Figures
    unit: PrintedUnit
    tables: Mapping[str, PrintedTable]
    shares: IntArray
    total_shares: IntArray

    def sources(self, pieces: IntArray) -> dict[str, tuple[str, ...]]:
        """Return the parcels behind some pieces, as a row names them."""
        behind = self.figures.table.features(pieces)
        return {self.land.layer_uid: tuple(map(self.land.uids.__getitem__, behind.tolist()))}

    def class_name(self, code: str) -> str:
        """Return a class's name for people."""
        return _("Unclassified") if code == UNCLASSIFIED else self.rules.standard.name(code)


def print_figures(
    land: Land, rules: Rules, figures: Figures, unit: PrintedUnit, progress: Progress
) -> Printed:
    """Balance the exact table in every unit it is printed in."""
    units = [unit if key == unit.key else printed_unit(key) for key in UNITS]
    tables = run_chunks(
        lambda each: balance_table(figures.table.cents, each, groups=figures.tree.groups), units, progress
    )
    shared = np.maximum(figures.table.cents, 0)
    return Printed(
        land,
        rules,
        figures,
        unit,
        dict(zip(UNITS, tables, strict=True)),
        shares(shared, digits=SHARE_DIGITS, groups=figures.tree.groups),
        shares(figures.table.cents.sum(axis=0)[None], digits=SHARE_DIGITS, groups=figures.tree.groups)[0],
    )


def stock_table(printed: Printed, title: str, notes: tuple[str, ...], progress: Progress) -> Table:
    """Return the long table: zone by zone its classes, subtotals of coarser classes, and totals."""
    columns = [
        Column("zone", _("Zone")),
        Column("class_code", _("Class code")),
        Column("class_name", _("Class")),
    ]
    columns += [
        Column(f"area_{key}", _("Area"), table.unit.title, table.unit.digits, _("Area"))
        for key, table in printed.tables.items()
    ]
    columns += [Column("count", _("Parcels"), "", 0), Column("share", _("Share"), "%", SHARE_DIGITS)]
    rows: list[Row] = []
    for number, line in enumerate(printed.figures.table.lines):
        progress.step(number / len(printed.figures.table.lines))
        rows += _block(printed, number, line)
    rows += _block(printed, None, Line(total_name(), -1))
    return Table("stock", title, tuple(columns), tuple(rows), notes)


@dataclass(frozen=True)
class _Span:
    """One row of a block: the columns it sums, and how it is shown."""

    columns: NDArray[np.bool_]
    code: str
    name: str
    role: RowRole


def _block(printed: Printed, number: int | None, line: Line) -> Iterator[Row]:
    """Yield the rows of one line of the exact table, or of the grand total."""
    figures = printed.figures
    behind = figures.table.pieces(number)
    column = figures.tree.column[figures.table.measured.overlay.feature[behind]]
    present = np.bincount(column, minlength=len(figures.tree.codes)) > 0
    for span in _spans(printed, present, grand=number is None):
        pieces = behind[span.columns[column]]
        values: dict[str, Any] = {"zone": line.name, "class_code": span.code, "class_name": span.name}
        for key in UNITS:
            table = printed.tables[key]
            cells = table.columns if number is None else table.cells[number]
            values[f"area_{key}"] = table.unit.value(int(cells[span.columns].sum()))
        share = printed.total_shares if number is None else printed.shares[number]
        values["count"] = len(figures.table.features(pieces))
        values["share"] = None
        if share.any() and not line.deduction:
            values["share"] = float(share[span.columns].sum() / 10**SHARE_DIGITS)
        yield Row(values, span.role, printed.sources(pieces))


def _spans(printed: Printed, present: NDArray[np.bool_], *, grand: bool) -> Iterator[_Span]:
    tree = printed.figures.tree
    body = RowRole.SUBTOTAL if grand else RowRole.BODY
    for column, code in enumerate(tree.codes):
        for level, group in enumerate(tree.groups):
            first = column == 0 or group[column - 1] != group[column]
            members = (group == group[column]) & present
            if first and members.sum() > 1:
                head = tree.group_codes[level][int(group[column])]
                yield _Span(group == group[column], head, printed.class_name(head), RowRole.SUBTOTAL)
        if present[column]:
            only = np.arange(len(tree.codes)) == column
            yield _Span(only, code, printed.class_name(code), body)
    everything = np.ones(len(tree.codes), dtype=bool)
    yield _Span(everything, "", _("All classes"), RowRole.TOTAL if grand else RowRole.SUBTOTAL)


def matrix_table(printed: Printed, title: str, notes: tuple[str, ...], progress: Progress) -> Table:
    """Return zones as rows and classes as columns, in the unit asked for."""
    figures, table = printed.figures, printed.tables[printed.unit.key]
    tree, unit = figures.tree, printed.unit
    columns = [Column("zone", _("Zone"))]
    for number, code in enumerate(tree.codes):
        head = ""
        if tree.groups:
            head = printed.class_name(tree.group_codes[0][int(tree.groups[0][number])])
        name = printed.class_name(code)
        label = f"{code} {name}" if code and code != name else name
        columns.append(Column(class_key(code), label, unit.title, unit.digits, head))
    columns.append(Column("total", _("Total"), unit.title, unit.digits))
    rows = []
    for number, line in enumerate(figures.table.lines):
        progress.step(number / len(figures.table.lines))
        values: dict[str, Any] = {
            class_key(code): unit.value(int(table.cells[number, c])) for c, code in enumerate(tree.codes)
        }
        values |= {"zone": line.name, "total": unit.value(int(table.rows[number]))}
        rows.append(Row(values, RowRole.BODY, printed.sources(figures.table.pieces(number))))
    totals: dict[str, Any] = {
        class_key(code): unit.value(int(table.columns[c])) for c, code in enumerate(tree.codes)
    }
    totals |= {"zone": total_name(), "total": unit.value(table.total)}
    rows.append(Row(totals, RowRole.TOTAL, printed.sources(figures.table.pieces(None))))
    return Table("matrix", title, tuple(columns), tuple(rows), notes)


def class_key(code: str) -> str:
    """Return the matrix column's key of a class."""
    return f"class_{code}" if code else "unclassified"


def summary_table(
    printed: Printed, by_purpose: Purposes, title: str, notes: tuple[str, ...], progress: Progress
) -> tuple[Table, PrintedTable]:
    """Return a row per zone: total, construction, industrial and research area and share.

    Its totals are those the other tables print. The balanced table by purpose comes with it.
    """
    unit = printed.unit
    built = np.array([kind[0] is not True for kind in by_purpose.kinds], dtype=np.int64)
    groups = (built,) if len(set(built.tolist())) > 1 else ()
    totals = printed.tables[unit.key].rows
    work = [by_purpose.cents]
    table = run_chunks(
        lambda cents: balance_table(cents, unit, groups=groups, row_totals=totals), work, progress
    )[0]
    unknown = _unknown(printed, by_purpose)
    columns = [
        Column("zone", _("Zone")),
        Column("count", _("Parcels"), "", 0),
        Column("total", _("Total"), unit.title, unit.digits),
    ]
    for key, words in _purpose_titles().items():
        columns.append(Column(key, _("Area"), unit.title, unit.digits, words))
        columns.append(Column(f"{key}_share", _("Share"), "%", SHARE_DIGITS, words))
    if unknown.any():
        columns.append(Column("undetermined", _("Class does not tell"), unit.title, unit.digits))
    rows = []
    for number in (*range(len(printed.figures.table.lines)), None):
        progress.step((number or 0) / len(printed.figures.table.lines))
        rows.append(_summary_row(printed, by_purpose, table, unknown, number))
    return Table("summary", title, tuple(columns), tuple(rows), notes), table


def _purpose_titles() -> dict[str, str]:
    return {
        "construction": _("Construction land"),
        "industrial": _("Industrial land"),
        "research": _("Research land"),
    }


def _derivations(printed: Printed) -> tuple[Any, ...]:
    standard = printed.rules.standard
    return standard.construction, standard.industrial, standard.research


def _unknown(printed: Printed, by_purpose: Purposes) -> NDArray[np.bool_]:
    """Tell which columns leave a question open that the standard as a whole answers."""
    asked = [derivation.derivable for derivation in _derivations(printed)]
    return np.array(
        [any(a and k is None for a, k in zip(asked, kind, strict=True)) for kind in by_purpose.kinds],
        dtype=bool,
    )


def _summary_row(
    printed: Printed,
    by_purpose: Purposes,
    table: PrintedTable,
    unknown: NDArray[np.bool_],
    number: int | None,
) -> Row:
    figures, unit = printed.figures, printed.unit
    grand = number is None
    pieces = figures.table.pieces(number)
    cells = table.columns if number is None else table.cells[number]
    cents = by_purpose.cents.sum(axis=0) if number is None else by_purpose.cents[number]
    values: dict[str, Any] = {
        "zone": total_name() if number is None else figures.table.lines[number].name,
        "count": len(figures.table.features(pieces)),
        "total": unit.value(int(cells.sum())),
    }
    for place, (key, derivation) in enumerate(zip(_purpose_titles(), _derivations(printed), strict=True)):
        if not derivation.derivable:
            values |= {key: NotDerivable(derivation.reason), f"{key}_share": NotDerivable(derivation.reason)}
            continue
        chosen = np.array([kind[place] is True for kind in by_purpose.kinds], dtype=bool)
        values[key] = unit.value(int(cells[chosen].sum()))
        values[f"{key}_share"] = percent(int(cents[chosen].sum()), int(cents.sum()))
    if unknown.any():
        values["undetermined"] = unit.value(int(cells[unknown].sum()))
    return Row(values, RowRole.TOTAL if grand else RowRole.BODY, printed.sources(pieces))


def recorded_table(printed: Printed, title: str) -> Table | None:
    """Return recorded against measured area per class, where the layer records any."""
    land, tree = printed.land, printed.figures.tree
    if land.recorded_m2 is None or not np.isfinite(land.recorded_m2).any():
        return None
    has = np.isfinite(land.recorded_m2)
    recorded = np.zeros(len(has), dtype=np.int64)
    recorded[has] = to_cents(land.recorded_m2[has])
    measured = printed.figures.table.measured.control_cents
    columns = (
        Column("class_code", _("Class code")),
        Column("class_name", _("Class")),
        Column("recorded", _("Recorded area"), _("m²"), 2),
        Column("measured", _("Measured area"), _("m²"), 2),
        Column("difference", _("Measured less recorded"), _("m²"), 2),
        Column("count", _("Parcels with a record"), "", 0),
        Column("missing", _("Parcels without a record"), "", 0),
    )
    rows = []
    for column in (*range(len(tree.codes)), None):
        mine = np.ones(len(has), dtype=bool) if column is None else tree.column == column
        mass, book = int(measured[mine & has].sum()), int(recorded[mine & has].sum())
        code = "" if column is None else tree.codes[column]
        values = {
            "class_code": code,
            "class_name": _("Total") if column is None else printed.class_name(code),
            "recorded": book / 100,
            "measured": mass / 100,
            "difference": (mass - book) / 100,
            "count": int((mine & has).sum()),
            "missing": int((mine & ~has).sum()),
        }
        uids = tuple(land.uids[i] for i in np.flatnonzero(mine).tolist())
        rows.append(Row(values, RowRole.TOTAL if column is None else RowRole.BODY, {land.layer_uid: uids}))
    note = _("Compared are only parcels with a record; the recorded area outranks the measured one.")
    return Table("recorded", title, columns, tuple(rows), (note,))
