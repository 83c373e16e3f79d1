"""The printed tables: by batch, by year, by zone, and the supplied parcels one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from layers.words import _
from zsgis.analysis.features import Features
from zsgis.analysis.layered import NOBODY, Layered
from zsgis.analysis.supply_gap.batches import NO_YEAR, Batches, Matches
from zsgis.analysis.zone_names import outside_name, total_name
from zsgis.analysis.zoned import FloatArray, IntArray, Zones
from zsgis.printed_balance import PrintedTable, PrintedUnit, balance_table
from zsgis.result import Column, Row, RowRole, Table

SUPPLIED, UNSUPPLIED = 0, 1


@dataclass(frozen=True)
class Gap:
    """Approved land told apart.

    Attributes
    ----------
    pieces : Layered
        Approvals cut by the supplied layer and, where there are zones, by those.
    """

    approved: Features
    supplied: Features
    zones: Zones | None
    batches: Batches
    matches: Matches
    pieces: Layered
    unit: PrintedUnit

    @property
    def batch(self) -> IntArray:
        """Batch of each piece, shape (pieces,)."""
        return self.batches.of_feature[self.pieces.feature]

    @property
    def side(self) -> IntArray:
        """Whether each piece is supplied or not, shape (pieces,)."""
        return np.where(self.pieces.member[:, 0] == NOBODY, UNSUPPLIED, SUPPLIED).astype(np.int64)

    def cents(self, row: IntArray, rows: int) -> IntArray:
        """Return supplied and unsupplied land by a number of each piece, shape (rows, 2), in 0.01 m2."""
        out = np.zeros((rows, 2), dtype=np.int64)
        np.add.at(out, (row, self.side), self.pieces.cents)
        return out

    def behind(self, chosen: Any) -> dict[str, tuple[str, ...]]:
        """Return the approvals and the supplied parcels of some pieces."""
        parcels = self.pieces.member[chosen, 0]
        return {
            **self.approved.sources(np.unique(self.pieces.feature[chosen])),
            **self.supplied.sources(np.unique(parcels[parcels != NOBODY])),
        }


def _figures(table: PrintedTable, cells: IntArray, cents: IntArray) -> dict[str, Any]:
    unit, whole = table.unit, int(cents.sum())
    rate = None if whole <= 0 else float((2 * int(cents[SUPPLIED]) * 10_000 + whole) // (2 * whole) / 100)
    return {
        "approved": unit.value(int(cells.sum())),
        "supplied": unit.value(int(cells[SUPPLIED])),
        "unsupplied": unit.value(int(cells[UNSUPPLIED])),
        "rate": rate,
    }


def _area_columns(unit: PrintedUnit) -> list[Column]:
    return [
        Column("approved", _("Approved"), unit.title, unit.digits, _("Measured area")),
        Column("supplied", _("Supplied"), unit.title, unit.digits, _("Measured area")),
        Column("unsupplied", _("Unsupplied"), unit.title, unit.digits, _("Measured area")),
        Column("rate", _("Supply rate"), "%", 2),
    ]


def batch_table(gap: Gap, notes: tuple[str, ...]) -> tuple[Table, PrintedTable]:
    """Return a row per batch, with recorded areas beside the measured ones, and the balanced figures."""
    unit, batches = gap.unit, gap.batches
    cents = gap.cents(gap.batch, len(batches.numbers))
    table = balance_table(cents, unit)
    recorded = {
        name: batches.summed(gap.approved.areas_m2(f"{name}_area_ha"))
        for name in ("approved", "supplied", "unsupplied")
    }
    columns = [
        Column("year", _("Year")),
        Column("number", _("Approval number")),
        Column("batch", _("Batch")),
        *_area_columns(unit),
        Column("recorded_approved", _("Approved"), unit.title, unit.digits, _("Recorded area")),
        Column("recorded_supplied", _("Supplied"), unit.title, unit.digits, _("Recorded area")),
        Column("recorded_unsupplied", _("Unsupplied"), unit.title, unit.digits, _("Recorded area")),
        Column("difference", _("Unsupplied, measured less recorded"), unit.title, unit.digits),
        Column("approvals", _("Approvals"), "", 0),
        Column("parcels", _("Supplied parcels"), "", 0),
    ]
    rows = []
    for place in range(len(batches.numbers)):
        mine = np.flatnonzero(gap.batch == place)
        values = _figures(table, table.cells[place], cents[place])
        values |= {f"recorded_{name}": _in_unit(areas[place], unit) for name, areas in recorded.items()}
        book = values["recorded_unsupplied"]
        values |= {
            "year": year_words(int(batches.year[place])),
            "number": batches.numbers[place],
            "batch": batches.names[place],
            "difference": None if book is None else round(values["unsupplied"] - book, unit.digits),
            "approvals": int((batches.of_feature == place).sum()),
            "parcels": _parcels(gap, mine),
        }
        rows.append(Row(values, RowRole.BODY, gap.behind(mine)))
    rows.append(_total(gap, table, cents, {"year": total_name()}))
    return Table(
        "batches", _("Approved and unsupplied land by batch"), tuple(columns), tuple(rows), notes
    ), table


def _total(gap: Gap, table: PrintedTable, cents: IntArray, values: dict[str, Any]) -> Row:
    everything = np.arange(len(gap.pieces.feature))
    values = values | _figures(table, table.columns, cents.sum(axis=0))
    values |= {"approvals": len(gap.approved), "parcels": _parcels(gap, everything)}
    return Row(values, RowRole.TOTAL, gap.behind(everything))


def _parcels(gap: Gap, pieces: IntArray) -> int:
    member = gap.pieces.member[pieces, 0]
    return len(np.unique(member[member != NOBODY]))


def _in_unit(area_m2: float, unit: PrintedUnit) -> float | None:
    if not np.isfinite(area_m2):
        return None
    cents = np.array([round(float(area_m2) * 100)], dtype=np.int64)
    return unit.value(int(unit.half_up(cents)[0]))


def year_words(year: int) -> str:
    """Return a year as printed."""
    return _("No year") if year == NO_YEAR else str(year)


def year_table(gap: Gap, by_batch: PrintedTable, notes: tuple[str, ...]) -> Table:
    """Return a row per year of approval; its figures are the printed ones of its batches added up."""
    years = gap.batches.year
    cents = gap.cents(gap.batch, len(years))
    rows = []
    for year in sorted(set(years.tolist()), key=lambda year: year or 9999):
        mine = years == year
        pieces = np.flatnonzero(mine[gap.batch])
        values = _figures(by_batch, by_batch.cells[mine].sum(axis=0), cents[mine].sum(axis=0))
        values |= {
            "year": year_words(year),
            "batches": int(mine.sum()),
            "approvals": int(mine[gap.batches.of_feature].sum()),
            "parcels": _parcels(gap, pieces),
        }
        rows.append(Row(values, RowRole.BODY, gap.behind(pieces)))
    rows.append(_total(gap, by_batch, cents, {"year": total_name(), "batches": len(years)}))
    columns = (
        Column("year", _("Year")),
        Column("batches", _("Batches"), "", 0),
        *_area_columns(gap.unit),
        Column("approvals", _("Approvals"), "", 0),
        Column("parcels", _("Supplied parcels"), "", 0),
    )
    return Table("years", _("Approved and unsupplied land by year"), columns, tuple(rows), notes)


def zone_table(gap: Gap, notes: tuple[str, ...]) -> tuple[Table, PrintedTable] | None:
    """Return a row per zone, and one for what lies in none; None without zones."""
    if gap.zones is None:
        return None
    row = gap.pieces.member[:, 1]
    names = list(gap.zones.names)
    if (row == NOBODY).any():
        names.append(outside_name())
    row = np.where(row == NOBODY, len(gap.zones.names), row)
    cents = gap.cents(row, len(names))
    table = balance_table(cents, gap.unit)
    rows = []
    for place, name in enumerate(names):
        mine = np.flatnonzero(row == place)
        values = _figures(table, table.cells[place], cents[place]) | {"zone": name}
        values |= {"approvals": len(np.unique(gap.pieces.feature[mine])), "parcels": _parcels(gap, mine)}
        rows.append(Row(values, RowRole.BODY, gap.behind(mine)))
    rows.append(_total(gap, table, cents, {"zone": total_name()}))
    columns = (
        Column("zone", _("Zone")),
        *_area_columns(gap.unit),
        Column("approvals", _("Approvals"), "", 0),
        Column("parcels", _("Supplied parcels"), "", 0),
    )
    return Table("zones", _("Approved and unsupplied land by zone"), columns, tuple(rows), notes), table


def parcel_table(gap: Gap, whole_cents: IntArray, contract_m2: FloatArray) -> Table:
    """Return the supplied parcels one by one: where they lie, what their numbers and records say."""
    supplied, matches, names = gap.supplied, gap.matches, gap.batches.names
    columns = (
        Column("name", _("Parcel")),
        Column("supervision_number", _("Supervision number")),
        Column("by_place", _("Batch by place")),
        Column("by_number", _("Batch by number")),
        Column("agree", _("Agree")),
        Column("measured_m2", _("Measured area"), _("m²"), 2),
        Column("inside_m2", _("Inside approvals"), _("m²"), 2),
        Column("contract_m2", _("Contract area"), _("m²"), 2),
        Column("difference_m2", _("Measured less recorded"), _("m²"), 2),
    )
    numbers = supplied.texts("supervision_number")
    rows = []
    for place, name in enumerate(supplied.names):
        there, said = int(matches.by_place[place]), int(matches.by_number[place])
        measured, recorded = whole_cents[place] / 100, contract_m2[place]
        known = bool(np.isfinite(recorded))
        values = {
            "name": name,
            "supervision_number": numbers[place],
            "by_place": names[there] if there >= 0 else "",
            "by_number": names[said] if said >= 0 else "",
            "agree": _agreement(there, said),
            "measured_m2": float(measured),
            "inside_m2": float(matches.inside_cents[place] / 100),
            "contract_m2": round(float(recorded), 2) if known else None,
            "difference_m2": round(float(measured - recorded), 2) if known else None,
        }
        rows.append(Row(values, RowRole.BODY, supplied.sources([place])))
    return Table("parcels", _("Supplied parcels and their batches"), columns, tuple(rows))


def _agreement(there: int, said: int) -> str:
    if said < 0:
        return _("By place alone") if there >= 0 else _("In no approval")
    if there < 0:
        return _("By number alone")
    return _("Yes") if there == said else _("No")
