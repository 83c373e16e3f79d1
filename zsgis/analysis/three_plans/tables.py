"""The printed tables: control zones by what the city plans, areas by outcome, and the parcels one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.words import _
from zsgis.analysis.layered import NOBODY
from zsgis.analysis.shares import percent
from zsgis.analysis.three_plans.comparison import Comparison
from zsgis.analysis.zone_names import outside_name, total_name
from zsgis.analysis.zoned import IntArray, Zones
from zsgis.printed_balance import PrintedTable, PrintedUnit, balance_rows, balance_table
from zsgis.result import Column, Row, RowRole, Table

SIDE_ORDER = ("build", "conditional", "no", "unclear", "none")


def side_words(side: str) -> str:
    """Return what a plan says of building, in the user's language."""
    return {
        "build": _("Building land"),
        "conditional": _("On a condition"),
        "no": _("No building land"),
        "unclear": _("Cannot be told"),
        "none": _("Not covered"),
    }[side]


def counted(row: IntArray, column: IntArray, cents: IntArray, shape: tuple[int, int]) -> IntArray:
    """Return pieces summed by row and column, in 0.01 m2."""
    out = np.zeros(shape, dtype=np.int64)
    np.add.at(out, (row, column), cents)
    return out


def matrix_table(found: Comparison, unit: PrintedUnit, notes: tuple[str, ...]) -> tuple[Table, PrintedTable]:
    """Return control zones as rows and what the city plans as columns."""
    rows_there = [*dict.fromkeys(sorted(set(found.old_type) - {""})), *([""] if "" in found.old_type else [])]
    sides = [side for side in SIDE_ORDER if side in set(found.city_side)]
    row = np.array([rows_there.index(kind) for kind in found.old_type], dtype=np.int64)
    column = np.array([sides.index(side) for side in found.city_side], dtype=np.int64)
    cents = counted(row, column, found.pieces.cents, (len(rows_there), len(sides)))
    table = balance_table(cents, unit)
    columns = (
        Column("old", _("Control zone of the former land plan")),
        *(Column(side, side_words(side), unit.title, unit.digits, _("City planning")) for side in sides),
        Column("total", _("Total"), unit.title, unit.digits),
    )
    rows = []
    for number, kind in enumerate((*rows_there, None)):
        cells = table.columns if kind is None else table.cells[number]
        values: dict[str, Any] = {
            side: unit.value(int(cell)) for side, cell in zip(sides, cells, strict=True)
        }
        values |= {
            "old": total_name() if kind is None else kind or _("Not covered"),
            "total": unit.value(int(cells.sum())),
        }
        mine = np.ones(len(row), dtype=bool) if kind is None else row == number
        rows.append(Row(values, RowRole.TOTAL if kind is None else RowRole.BODY, behind(found, mine)))
    title = _("Former land plan against city planning")
    return Table("matrix", title, columns, tuple(rows), notes), table


def behind(found: Comparison, chosen: Any) -> dict[str, tuple[str, ...]]:
    """Return the parcels of some pieces, as a row names them."""
    return found.parcels.sources(np.unique(found.pieces.feature[chosen]))


def area_table(
    found: Comparison,
    areas: Zones,
    place: IntArray,
    unit: PrintedUnit,
    notes: tuple[str, ...],
    *,
    key: str,
    title: str,
) -> tuple[Table, PrintedTable]:
    """Return a row per zone or town, a column per outcome, and the share of what the plans disagree on.

    Parameters
    ----------
    place : ndarray of int64, shape (pieces,)
        Place of each piece's area; :data:`~zsgis.analysis.layered.NOBODY` outside.
    """
    names = [*areas.names, *([outside_name()] if (place == NOBODY).any() else [])]
    row = np.where(place == NOBODY, len(areas.names), place)
    cents = counted(row, found.outcome, found.pieces.cents, (len(names), len(found.kinds)))
    return _outcome_table(found, names, row, cents, unit, notes, key=key, title=title)


def whole_table(found: Comparison, unit: PrintedUnit, notes: tuple[str, ...]) -> tuple[Table, PrintedTable]:
    """Return the outcomes of all parcels, in one row."""
    row = np.zeros(len(found.outcome), dtype=np.int64)
    cents = counted(row, found.outcome, found.pieces.cents, (1, len(found.kinds)))
    title = _("Differences between plans")
    name = [found.parcels.layer_name]
    return _outcome_table(found, name, row, cents, unit, notes, key="outcomes", title=title)


def _outcome_table(
    found: Comparison,
    names: Sequence[str],
    row: IntArray,
    cents: IntArray,
    unit: PrintedUnit,
    notes: tuple[str, ...],
    *,
    key: str,
    title: str,
) -> tuple[Table, PrintedTable]:
    table = balance_table(cents, unit)
    conflict = np.array([kind.conflict for kind in found.kinds], dtype=bool)
    columns = (
        Column("area", _("Zone")),
        *(Column(kind.key, kind.title, unit.title, unit.digits) for kind in found.kinds),
        Column("total", _("Total"), unit.title, unit.digits),
        Column("conflict_share", _("Share in conflict"), "%", 2),
        Column("parcels", _("Parcels in conflict"), "", 0),
    )
    disagree = found.conflict
    rows = []
    for number, name in enumerate((*names, None)):
        cells = table.columns if name is None else table.cells[number]
        exact = cents.sum(axis=0) if name is None else cents[number]
        mine = np.ones(len(row), dtype=bool) if name is None else row == number
        values: dict[str, Any] = {
            kind.key: unit.value(int(cell)) for kind, cell in zip(found.kinds, cells, strict=True)
        }
        values |= {
            "area": total_name() if name is None else name,
            "total": unit.value(int(cells.sum())),
            "conflict_share": percent(int(exact[conflict].sum()), int(exact.sum())),
            "parcels": len(np.unique(found.pieces.feature[mine & disagree])),
        }
        rows.append(Row(values, RowRole.TOTAL if name is None else RowRole.BODY, behind(found, mine)))
    return Table(key, title, columns, tuple(rows), notes), table


@dataclass(frozen=True)
class ParcelFigures:
    """What is printed of each parcel.

    Attributes
    ----------
    cents : ndarray of int64, shape (parcels, outcomes)
        Exact areas in 0.01 m2.
    cells : ndarray of int64, shape (parcels, outcomes)
        What is printed, in steps of the unit.
    conflict : ndarray of bool, shape (outcomes,)
    """

    unit: PrintedUnit
    cents: IntArray
    cells: IntArray
    conflict: NDArray[np.bool_]

    @cached_property
    def disputed(self) -> IntArray:
        """Area the plans disagree on, shape (parcels,), in 0.01 m2."""
        return np.asarray(self.cents[:, self.conflict].sum(axis=1), dtype=np.int64)

    @cached_property
    def disputed_places(self) -> list[int]:
        """The parcels the plans disagree on, the largest conflict first."""
        order = np.lexsort((np.arange(len(self.cents)), -self.disputed))
        places: list[int] = order[self.disputed[order] > 0].tolist()
        return places


def parcel_figures(found: Comparison, unit: PrintedUnit) -> ParcelFigures:
    """Return the areas of all parcels by outcome; those of a parcel add up to its area as printed."""
    shape = (len(found.parcels), len(found.kinds))
    cents = counted(found.pieces.feature, found.outcome, found.pieces.cents, shape)
    conflict = np.array([kind.conflict for kind in found.kinds], dtype=bool)
    return ParcelFigures(unit, cents, balance_rows(cents, unit), conflict)


def parcel_table(found: Comparison, figures: ParcelFigures, notes: tuple[str, ...]) -> Table:
    """Return every parcel the plans disagree on, the largest conflict first, with what each plan says."""
    unit, conflict = figures.unit, figures.conflict
    said = _said(found)
    columns = (
        Column("name", _("Parcel")),
        Column("outcome", _("Largest difference")),
        *(Column(kind.key, kind.title, unit.title, unit.digits) for kind in found.kinds),
        Column("total", _("Total"), unit.title, unit.digits),
        Column("conflict_share", _("Share in conflict"), "%", 2),
        Column("old", _("Former land plan")),
        Column("detailed", _("Detailed plan")),
        Column("territorial", _("Territorial plan")),
    )
    rows = []
    for place in figures.disputed_places:
        cells, exact = figures.cells[place], figures.cents[place]
        worst = int(np.argmax(np.where(conflict, exact, -1)))
        values: dict[str, Any] = {
            kind.key: unit.value(int(cell)) for kind, cell in zip(found.kinds, cells, strict=True)
        }
        values |= {
            "name": found.parcels.names[place],
            "outcome": found.kinds[worst].title,
            "total": unit.value(int(cells.sum())),
            "conflict_share": percent(int(figures.disputed[place]), int(exact.sum())),
        }
        values |= {key: "、".join(names[place]) for key, names in said.items()}
        rows.append(Row(values, RowRole.BODY, found.parcels.sources([place])))
    return Table("parcels", _("Parcels on which the plans disagree"), columns, tuple(rows), notes)


def _said(found: Comparison) -> dict[str, list[list[str]]]:
    """Return what each plan says of each parcel, the largest part first."""
    layers = {"detailed": found.plans.detailed, "territorial": found.plans.territorial}
    words = {
        "old": found.old_type,
        **{
            key: tuple(layer.name(code) if layer and code else "" for code in codes)
            for (key, layer), codes in zip(layers.items(), (found.detailed, found.territorial), strict=True)
        },
    }
    out: dict[str, list[list[str]]] = {}
    for key, values in words.items():
        areas: list[dict[str, int]] = [{} for _place in range(len(found.parcels))]
        for place, value, cents in zip(
            found.pieces.feature.tolist(), values, found.pieces.cents.tolist(), strict=True
        ):
            if value:
                areas[place][value] = areas[place].get(value, 0) + cents
        out[key] = [sorted(mine, key=lambda value: (-mine[value], value)) for mine in areas]
    return out
