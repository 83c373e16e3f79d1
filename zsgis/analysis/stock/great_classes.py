"""Zones by the three great classes (三大类) and by whose land it is, balanced with the other tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from layers.ownership import Ownership, ownership_words
from layers.words import _
from zsgis.analysis.shares import percent
from zsgis.analysis.stock.model import Land, Rules
from zsgis.analysis.stock.tables import Printed
from zsgis.analysis.zone_names import total_name
from zsgis.analysis.zoned import LineTable, Zones, line_table
from zsgis.printed_balance import PrintedTable, balance_table
from zsgis.result import Column, Row, RowRole, Table

GREAT_CLASSES = ("农用地", "建设用地", "未利用地", "海域", "混合", "")
"""In the order printed; 混合 is a coarse code whose finer classes differ, the empty one an unknown code."""


@dataclass(frozen=True)
class GreatClasses:
    """The exact table by great class and ownership.

    Attributes
    ----------
    columns : tuple of (great class, ownership)
        Ownership is None where the layer does not tell it.
    """

    columns: tuple[tuple[str, Ownership | None], ...]
    table: LineTable


def great_classes(land: Land, zones: Zones | None, rules: Rules, table: LineTable) -> GreatClasses:
    """Return the exact table; its rows add up to those of the class table."""
    told = {code: rules.standard.great_class(code, rules.land_class3) for code in set(land.codes)}
    whose: tuple[Ownership | None, ...] = land.ownership or (None,) * len(land.codes)
    keys = [(told[code], owner) for code, owner in zip(land.codes, whose, strict=True)]
    columns = tuple(sorted(set(keys), key=_printed_order))
    place = {key: number for number, key in enumerate(columns)}
    column = np.array([place[key] for key in keys], dtype=np.int64)
    return GreatClasses(columns, line_table(land, zones, table.measured, column, len(columns)))


def _printed_order(key: tuple[str, Ownership | None]) -> tuple[int, int]:
    great, owner = key
    order = GREAT_CLASSES.index(great) if great in GREAT_CLASSES else len(GREAT_CLASSES)
    return order, 0 if owner is None else list(Ownership).index(owner)


def great_class_table(
    printed: Printed, exact: GreatClasses, title: str, notes: tuple[str, ...]
) -> tuple[Table, PrintedTable]:
    """Return a row per zone and the balanced table behind it; row totals are those the other tables print."""
    unit, lines = printed.unit, exact.table.lines
    heads = list(dict.fromkeys(great for great, _owner in exact.columns))
    group = np.array([heads.index(great) for great, _owner in exact.columns], dtype=np.int64)
    groups = (group,) if 1 < len(heads) < len(exact.columns) else ()
    table = balance_table(exact.table.cents, unit, groups=groups, row_totals=printed.tables[unit.key].rows)
    columns = [Column("zone", _("Zone"))]
    for number, head in enumerate(heads):
        name = head or _("Class does not tell")
        members = np.flatnonzero(group == number).tolist()
        if exact.columns[members[0]][1] is not None:
            for place in members:
                owner = exact.columns[place][1]
                assert owner is not None  # noqa: S101 - a layer tells ownership of all its parcels or of none
                columns.append(Column(f"part_{place}", ownership_words(owner), unit.title, unit.digits, name))
        columns.append(Column(f"great_{number}", _("Area"), unit.title, unit.digits, name))
        columns.append(Column(f"share_{number}", _("Share"), "%", 2, name))
    columns.append(Column("total", _("Total"), unit.title, unit.digits))
    rows = []
    for place in (*range(len(lines)), None):
        cells = table.columns if place is None else table.cells[place]
        cents = exact.table.cents.sum(axis=0) if place is None else exact.table.cents[place]
        values: dict[str, Any] = {"zone": total_name() if place is None else lines[place].name}
        values |= {f"part_{column}": unit.value(int(cell)) for column, cell in enumerate(cells)}
        for number in range(len(heads)):
            mine = group == number
            values[f"great_{number}"] = unit.value(int(cells[mine].sum()))
            values[f"share_{number}"] = percent(int(cents[mine].sum()), int(cents.sum()))
        values["total"] = unit.value(int(cells.sum()))
        role = RowRole.TOTAL if place is None else RowRole.BODY
        rows.append(Row(values, role, printed.sources(exact.table.pieces(place))))
    return Table("great_classes", title, tuple(columns), tuple(rows), notes), table
