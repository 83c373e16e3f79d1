"""The printed tables of contiguity: groups, missing parcels, size classes, zones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from layers.words import _
from zsgis.analysis.contiguity.model import Groups, Missing, Parcels
from zsgis.analysis.contiguity.near import BoolArray, IndexArray
from zsgis.analysis.contiguity.sizes import SizeClasses
from zsgis.analysis.zone_names import total_name
from zsgis.analysis.zoned import LineTable, Measured, Zones
from zsgis.overlay import REMAINDER
from zsgis.printed_balance import Figure, PrintedTable, PrintedUnit, balance_table, shares
from zsgis.result import Adjustment, Column, Row, RowRole, Table


@dataclass(frozen=True)
class Grouped:
    """The groups with everything a table says about them.

    Attributes
    ----------
    members : ndarray of int64, shape (eligible,)
        Places of the eligible parcels in the layer.
    zones : Zones or None
    measured : Measured
        The eligible parcels cut by the zones.
    missing : tuple of Missing
    units : tuple of PrintedUnit
        The unit asked for first.
    listed : int
        How many groups stand in rows of their own.
    """

    parcels: Parcels
    members: IndexArray
    groups: Groups
    zones: Zones | None
    measured: Measured
    missing: tuple[Missing, ...]
    sizes: SizeClasses
    units: tuple[PrintedUnit, ...]
    listed: int

    def sources(self, chosen: BoolArray) -> dict[str, tuple[str, ...]]:
        """Return the parcels of some groups, as a row names them."""
        return self.parcels.features.sources(self.members[chosen[self.groups.label]])

    @cached_property
    def _by_group(self) -> tuple[IndexArray, IndexArray]:
        order = np.argsort(self.groups.label, kind="stable")
        return order, np.searchsorted(self.groups.label[order], np.arange(len(self.groups) + 1))

    def places(self, group: int) -> IndexArray:
        """Return the places in the layer of a group's parcels."""
        order, start = self._by_group
        return self.members[order[start[group] : start[group + 1]]]

    def of_group(self, group: int) -> dict[str, tuple[str, ...]]:
        """Return a group's parcels, as a row names them."""
        return self.parcels.features.sources(self.places(group))

    @cached_property
    def main_zone(self) -> tuple[str, ...]:
        """Name of the zone that holds most of each group, the first of equal ones; empty outside all."""
        if self.zones is None:
            return ("",) * len(self.groups)
        group = self.groups.label[self.measured.overlay.feature]
        inside = self.measured.zone != REMAINDER
        pairs = np.stack([group[inside], self.measured.zone[inside]])
        distinct, number = np.unique(pairs, axis=1, return_inverse=True)
        cents = np.zeros(distinct.shape[1], dtype=np.int64)
        np.add.at(cents, number.ravel(), self.measured.cents[inside])
        order = np.lexsort((distinct[1], -cents, distinct[0]))
        first = order[np.flatnonzero(np.diff(distinct[0][order], prepend=-1))]
        names = [""] * len(self.groups)
        for place in first.tolist():
            names[int(distinct[0][place])] = self.zones.names[int(distinct[1][place])]
        return tuple(names)


def group_name(number: int) -> str:
    """Return what a group is called, counted from one."""
    return _("Group {number}").format(number=number + 1)


def _area_columns(units: Sequence[PrintedUnit], title: str, key: str = "area") -> list[Column]:
    return [Column(f"{key}_{unit.key}", title, unit.title, unit.digits) for unit in units]


def _printed(cents: Sequence[int], units: Sequence[PrintedUnit]) -> list[PrintedTable]:
    column = np.array(cents, dtype=np.int64).reshape(-1, 1)
    return [balance_table(column, unit) for unit in units]


def _areas(printed: Sequence[PrintedTable], row: int | None, key: str = "area") -> dict[str, float]:
    return {
        f"{key}_{table.unit.key}": table.unit.value(table.total if row is None else int(table.cells[row, 0]))
        for table in printed
    }


def groups_table(
    grouped: Grouped, title: str, notes: tuple[str, ...]
) -> tuple[Table, tuple[Adjustment, ...]]:
    """Return the groups that count, the largest first, and what stands beside them; all adds up.

    With it comes what balance moved in it.
    """
    groups = grouped.groups
    kept = np.flatnonzero(groups.kept)
    alone = kept[: grouped.listed]
    bundles = [(name, mask) for name, mask in _bundles(grouped, kept[grouped.listed :]) if mask.any()]
    cents = [*groups.cents[alone].tolist(), *(int(groups.cents[mask].sum()) for __, mask in bundles)]
    printed = _printed(cents, grouped.units)
    columns = [
        Column("group", _("Contiguous group")),
        *_area_columns(grouped.units, _("Area")),
        Column("count", _("Parcels"), "", 0),
        Column("pieces", _("Pieces between roads"), "", 0),
        Column("compactness", _("Compactness"), "", 2),
    ]
    if grouped.zones is not None:
        columns.append(Column("zone", _("Mostly in")))
    rows = [
        Row(
            {
                "group": group_name(number),
                **_areas(printed, row),
                "count": int(groups.parcels[number]),
                "pieces": int(groups.pieces[number]),
                "compactness": round(float(groups.compactness[number]), 2),
                "zone": grouped.main_zone[number],
            },
            RowRole.BODY,
            grouped.of_group(number),
        )
        for row, number in enumerate(alone.tolist())
    ]
    for row, (name, mask) in enumerate(bundles, start=len(alone)):
        rows.append(_bundle_row(grouped, name, mask, _areas(printed, row), RowRole.SUBTOTAL))
    everything = np.ones(len(groups), dtype=bool)
    rows.append(_bundle_row(grouped, total_name(), everything, _areas(printed, None), RowRole.TOTAL))
    names = [str(row.values["group"]) for row in rows]
    moved = tuple(a for table in printed for a in _moved("groups", table, names, [""]))
    return Table("groups", title, tuple(columns), tuple(rows), notes), moved


def _moved(
    key: str, printed: PrintedTable, rows: Sequence[str], columns: Sequence[str]
) -> tuple[Adjustment, ...]:
    """Return what balance moved in a printed table; the last of ``rows`` is the total."""
    out = []
    for change in printed.changed():
        if len(columns) == 1 and change.figure in (Figure.ROW, Figure.COLUMN):
            continue  # one column: its cells and total are these figures
        item = rows[change.row]
        if change.figure in (Figure.CELL, Figure.COLUMN) and columns[change.column]:
            item = f"{item} · {columns[change.column]}"
        unit = printed.unit
        before, after = unit.value(change.before), unit.value(change.after)
        out.append(Adjustment(key, item, unit.title, before, after))
    return tuple(out)


def _bundles(grouped: Grouped, rest: IndexArray) -> Iterator[tuple[str, BoolArray]]:
    groups = grouped.groups
    further = np.zeros(len(groups), dtype=bool)
    further[rest] = True
    yield _("Further groups ({count})").format(count=len(rest)), further
    loose = groups.large & ~groups.kept
    yield _("Not compact enough ({count})").format(count=int(loose.sum())), loose
    yield _("Smaller groups ({count})").format(count=int((~groups.large).sum())), ~groups.large


def _bundle_row(grouped: Grouped, name: str, mask: BoolArray, areas: dict[str, float], role: RowRole) -> Row:
    groups = grouped.groups
    values: dict[str, Any] = {
        "group": name,
        **areas,
        "count": int(groups.parcels[mask].sum()),
        "pieces": int(groups.pieces[mask].sum()),
        "compactness": None,
        "zone": "",
    }
    return Row(values, role, grouped.sources(mask))


def missing_table(grouped: Grouped, title: str, notes: tuple[str, ...]) -> Table:
    """Return the parcels that would join groups, the largest gain first."""
    columns = [Column("parcel", _("Missing parcel"))]
    if grouped.parcels.standard is not None:
        columns += [Column("class_code", _("Class code")), Column("class_name", _("Class"))]
    columns += [
        *_area_columns(grouped.units[:1], _("Own area"), "own"),
        Column("joins", _("Groups it joins")),
        *_area_columns(grouped.units, _("Joined area"), "joined"),
        *_area_columns(grouped.units, _("Gain"), "gain"),
    ]
    rows = []
    for each in grouped.missing:
        values: dict[str, Any] = {
            "parcel": grouped.parcels.features.names[each.place],
            "class_code": grouped.parcels.codes[each.place],
            "class_name": grouped.parcels.class_name(each.place),
            "joins": "、".join(group_name(number) for number in each.groups),
        }
        for key, cents in (
            ("own", each.own_cents),
            ("joined", each.joined_cents),
            ("gain", each.gain_cents),
        ):
            for unit in grouped.units:
                steps = int(unit.half_up(np.array([cents], dtype=np.int64))[0])
                values[f"{key}_{unit.key}"] = unit.value(steps)
        behind = np.concatenate([[each.place], *(grouped.places(number) for number in each.groups)])
        rows.append(Row(values, RowRole.BODY, grouped.parcels.features.sources(behind)))
    return Table("missing", title, tuple(columns), tuple(rows), notes)


def sizes_table(grouped: Grouped, title: str, notes: tuple[str, ...]) -> Table:
    """Return number and area of the groups by size class; listed or not, every group counts."""
    groups = grouped.groups
    of_group = grouped.sizes.of(groups.cents)
    cents = np.zeros(len(grouped.sizes), dtype=np.int64)
    np.add.at(cents, of_group, groups.cents)
    printed = _printed(cents.tolist(), grouped.units)
    share = shares(cents[None])[0]
    columns = (
        Column("size", _("Size of the group")),
        Column("groups", _("Groups"), "", 0),
        Column("count", _("Parcels"), "", 0),
        *_area_columns(grouped.units, _("Area")),
        Column("share", _("Share"), "%", 2),
    )
    rows = []
    for number, name in enumerate((*grouped.sizes.names, total_name())):
        total = number == len(grouped.sizes)
        mask = np.ones(len(groups), dtype=bool) if total else of_group == number
        values: dict[str, Any] = {
            "size": name,
            "groups": int(mask.sum()),
            "count": int(groups.parcels[mask].sum()),
            **_areas(printed, None if total else number),
            "share": float((share.sum() if total else share[number]) / 100),
        }
        rows.append(Row(values, RowRole.TOTAL if total else RowRole.BODY, grouped.sources(mask)))
    return Table("sizes", title, columns, tuple(rows), notes)


def zones_table(
    grouped: Grouped, table: LineTable, title: str, notes: tuple[str, ...]
) -> tuple[Table, tuple[Adjustment, ...]]:
    """Return the land of groups by zone and size class; a group over a border counts in each zone its part.

    The last column before the total holds land in groups that are not listed: too small, or not compact.
    """
    unit = grouped.units[0]
    printed = balance_table(table.cents, unit)
    names = (*grouped.sizes.names, _("Not counted as groups"))
    used = [number for number in range(len(names)) if table.cents[:, number].any()]
    columns = [
        Column("zone", _("Zone")),
        Column("groups", _("Groups"), "", 0),
        Column("largest", _("Largest group in the zone")),
        *(Column(f"size_{n}", names[n], unit.title, unit.digits, _("Land in groups of")) for n in used),
        Column("total", _("Total"), unit.title, unit.digits),
    ]
    rows = []
    for number in (*range(len(table.lines)), None):
        grand = number is None
        cells = printed.columns if number is None else printed.cells[number]
        deduction = number is not None and table.lines[number].deduction
        present, largest = (0, "") if deduction else _groups_in(grouped, table, number)
        values: dict[str, Any] = {
            "zone": total_name() if number is None else table.lines[number].name,
            "groups": None if deduction else present,
            "largest": largest,
            **{f"size_{n}": unit.value(int(cells[n])) for n in used},
            "total": unit.value(int(cells.sum())),
        }
        behind = grouped.members[table.behind(number)]
        rows.append(
            Row(values, RowRole.TOTAL if grand else RowRole.BODY, grouped.parcels.features.sources(behind))
        )
    lines = [*(line.name for line in table.lines), total_name()]
    return Table("zones", title, tuple(columns), tuple(rows), notes), _moved("zones", printed, lines, names)


def _groups_in(grouped: Grouped, table: LineTable, number: int | None) -> tuple[int, str]:
    """Return how many listed groups have land in a line, and the name of the one with most there."""
    pieces = table.pieces(number)
    group = grouped.groups.label[table.measured.overlay.feature[pieces]]
    kept = grouped.groups.kept[group]
    group, cents = group[kept], table.measured.cents[pieces][kept]
    present, place = np.unique(group, return_inverse=True)
    if not len(present):
        return 0, ""
    area = np.zeros(len(present), dtype=np.int64)
    np.add.at(area, place, cents)
    return len(present), group_name(int(present[int(np.argmax(area))]))
