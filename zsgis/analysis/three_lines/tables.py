"""The printed tables: hits by line, by zone, by town, and the parcels one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from layers.words import _
from zsgis.analysis.features import Features
from zsgis.analysis.layered import NOBODY
from zsgis.analysis.shares import percent
from zsgis.analysis.three_lines.covering import Covered
from zsgis.analysis.zone_names import outside_name, total_name
from zsgis.analysis.zoned import IntArray, Zones
from zsgis.printed_balance import PrintedTable, PrintedUnit, balance_table
from zsgis.result import Column, Row, RowRole, Table


def _columns(first: Column, lines: Sequence[Covered], unit: PrintedUnit) -> tuple[Column, ...]:
    out = [first]
    for line in lines:
        out.append(Column(line.item.key, _("Hit"), unit.title, unit.digits, line.item.title))
        out.append(Column(f"{line.item.key}_share", _("Share"), "%", 2, line.item.title))
        out.append(Column(f"{line.item.key}_parcels", _("Parcels"), "", 0, line.item.title))
    out.append(Column("total", _("All parcels"), unit.title, unit.digits))
    return tuple(out)


def area_table(
    parcels: Features,
    lines: Sequence[Covered],
    areas: Zones | None,
    places: Sequence[IntArray],
    unit: PrintedUnit,
    notes: tuple[str, ...],
    *,
    key: str,
    title: str,
) -> tuple[Table, list[PrintedTable]]:
    """Return a row per zone or town with the hits of each line; without areas one row for all parcels.

    Every line is balanced for itself: what it hits and what it does not add up to all parcels.

    Parameters
    ----------
    places : sequence of ndarray of int64, shape (pieces,)
        Place of each line's pieces among the areas.
    """
    names = [] if areas is None else list(areas.names)
    if areas is not None and any((place == NOBODY).any() for place in places):
        names.append(outside_name())
    rows_there = max(len(names), 1)
    printed = []
    for line, place in zip(lines, places, strict=True):
        row = _row(place, areas)
        cents = np.zeros((rows_there, 2), dtype=np.int64)
        np.add.at(cents, (row, np.where(line.hit, 0, 1)), line.pieces.cents)
        printed.append(balance_table(cents, unit))
    rows = []
    for number in (*range(len(names)), None):
        values: dict[str, Any] = {"area": total_name() if number is None else names[number]}
        hit_parcels: set[int] = set()
        for line, place, table in zip(lines, places, printed, strict=True):
            row = _row(place, areas)
            mine = np.ones(len(row), dtype=bool) if number is None else row == number
            cells = table.columns if number is None else table.cells[number]
            exact = table.cents.sum(axis=0) if number is None else table.cents[number]
            hit = np.unique(line.pieces.feature[mine & line.hit]).tolist()
            hit_parcels |= set(hit)
            values[line.item.key] = unit.value(int(cells[0]))
            values[f"{line.item.key}_share"] = percent(int(exact[0]), int(exact.sum()))
            values[f"{line.item.key}_parcels"] = len(hit)
            values["total"] = unit.value(int(cells.sum()))
        role = RowRole.TOTAL if number is None else RowRole.BODY
        rows.append(Row(values, role, parcels.sources(sorted(hit_parcels))))
    columns = _columns(Column("area", _("Zone")), lines, unit)
    return Table(key, title, columns, tuple(rows), notes), printed


def _row(place: IntArray, areas: Zones | None) -> IntArray:
    if areas is None:
        return np.zeros_like(place)
    return np.where(place == NOBODY, len(areas.names), place)


def places_on_lines(lines: Sequence[Covered], count: int) -> list[int]:
    """Return the parcels that some line hits, the largest hit first; those on lines beside them last."""
    hits = [line.hit_cents(line.pieces.feature, count) for line in lines]
    counted = [hit for line, hit in zip(lines, hits, strict=True) if not line.item.beside]
    worst = np.max(counted, axis=0) if counted else np.zeros(count, dtype=np.int64)
    any_hit = np.max(hits, axis=0)
    order = np.lexsort((np.arange(count), -any_hit, -worst))
    places: list[int] = order[any_hit[order] > 0].tolist()
    return places


def parcel_table(
    parcels: Features,
    lines: Sequence[Covered],
    places: Sequence[int],
    unit: PrintedUnit,
    notes: tuple[str, ...],
) -> Table:
    """Return the parcels on lines, in the order of ``places``."""
    hits = [line.hit_cents(line.pieces.feature, len(parcels)) for line in lines]
    whole = lines[0].pieces.control_cents
    columns = [Column("name", _("Parcel")), Column("lines", _("Lines hit"))]
    for line in lines:
        columns.append(Column(line.item.key, _("Hit"), unit.title, unit.digits, line.item.title))
        columns.append(Column(f"{line.item.key}_share", _("Share"), "%", 2, line.item.title))
    columns.append(Column("total", _("Whole parcel"), unit.title, unit.digits))
    rows = []
    for place in places:
        values: dict[str, Any] = {
            "name": parcels.names[place],
            "lines": "、".join(line.item.title for line, hit in zip(lines, hits, strict=True) if hit[place]),
            "total": unit.value(int(unit.half_up(whole[place : place + 1])[0])),
        }
        for line, hit in zip(lines, hits, strict=True):
            values[line.item.key] = unit.value(int(unit.half_up(hit[place : place + 1])[0]))
            values[f"{line.item.key}_share"] = percent(int(hit[place]), int(whole[place]))
        rows.append(Row(values, RowRole.BODY, parcels.sources([place])))
    return Table("parcels", _("Parcels on control lines"), tuple(columns), tuple(rows), notes)
