"""The printed tables of change beside the matrix: transitions, new construction land, fates, parcels."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.words import _
from zsgis.analysis.change.fates import Fate
from zsgis.analysis.change.matrix import Matrix, class_title
from zsgis.analysis.change.model import Changes, Dated, Kind
from zsgis.analysis.zone_names import total_name
from zsgis.analysis.zoned import IntArray
from zsgis.printed_balance import PrintedTable, PrintedUnit, balance_table
from zsgis.result import Column, Row, RowRole, Table


def fate_title(fate: Fate) -> str:
    """Return what a fate is called."""
    return {
        Fate.SAME: _("Unchanged"),
        Fate.RECLASSIFIED: _("Reclassified"),
        Fate.RESHAPED: _("Reshaped"),
        Fate.SPLIT: _("Split"),
        Fate.MERGED: _("Merged"),
        Fate.GONE: _("Gone"),
        Fate.NEW: _("Newly there"),
    }[fate]


def _sums(number: IntArray, cents: IntArray, count: int) -> IntArray:
    out = np.zeros(count, dtype=np.int64)
    np.add.at(out, number, cents)
    return out


def _single(cents: IntArray, unit: PrintedUnit) -> PrintedTable:
    return balance_table(cents.reshape(-1, 1), unit)


def transitions_table(
    changes: Changes, matrix: Matrix, unit: PrintedUnit, title: str, notes: tuple[str, ...]
) -> Table:
    """Return every transition from class to class, the largest first, and what of it is drawing noise."""
    pieces = changes.pieces
    changed = np.isin(changes.kind, (Kind.NEW_CONSTRUCTION, Kind.LOST_CONSTRUCTION, Kind.OTHER, Kind.NOISE))
    chosen = np.flatnonzero(changed)
    width = len(matrix.after) + 1
    key, number = np.unique(matrix.row[chosen] * width + matrix.column[chosen], return_inverse=True)
    total = _sums(number, pieces.cents[chosen], len(key))
    noise = _sums(number, np.where(changes.kind[chosen] == Kind.NOISE, pieces.cents[chosen], 0), len(key))
    order = np.lexsort((key, -total))
    printed = balance_table(np.stack([(total - noise)[order], noise[order]], axis=1), unit)
    columns = (
        Column("before", _("Earlier class")),
        Column("after", _("Later class")),
        Column("changed", _("Changed"), unit.title, unit.digits),
        Column("noise", _("Drawing noise"), unit.title, unit.digits),
        Column("total", _("Total"), unit.title, unit.digits),
        Column("count", _("Pieces of land"), "", 0),
    )
    rows = []
    for place, which in enumerate([*order.tolist(), None]):
        mine = chosen if which is None else chosen[number == which]
        cells = printed.columns if which is None else printed.cells[place]
        before, after = ("", "") if which is None else divmod(int(key[which]), width)
        names = (
            (total_name(), "")
            if which is None
            else (
                class_title(matrix.before[int(before)], changes.how.earlier),
                class_title(matrix.after[int(after)], changes.how.later),
            )
        )
        values = {
            "before": names[0],
            "after": names[1],
            "changed": unit.value(int(cells[0])),
            "noise": unit.value(int(cells[1])),
            "total": unit.value(int(cells.sum())),
            "count": len(mine),
        }
        role = RowRole.TOTAL if which is None else RowRole.BODY
        rows.append(Row(values, role, changes.sources(mine)))
    return Table("transitions", title, columns, tuple(rows), notes)


def construction_table(
    changes: Changes, matrix: Matrix, unit: PrintedUnit, title: str, notes: tuple[str, ...]
) -> Table:
    """Return new construction land and construction land given up, by class before and after."""
    kinds = (
        (Kind.NEW_CONSTRUCTION, _("New construction land")),
        (Kind.LOST_CONSTRUCTION, _("Construction land given up")),
    )
    blocks = []
    width = len(matrix.after) + 1
    for kind, name in kinds:
        chosen = np.flatnonzero(changes.kind == kind)
        key, number = np.unique(matrix.row[chosen] * width + matrix.column[chosen], return_inverse=True)
        cents = _sums(number, changes.pieces.cents[chosen], len(key))
        order = np.lexsort((key, -cents))
        blocks.append((name, chosen, key, number, cents, order))
    columns = (
        Column("kind", _("Change of construction land")),
        Column("before", _("Earlier class")),
        Column("after", _("Later class")),
        Column("area", _("Area"), unit.title, unit.digits),
        Column("count", _("Pieces of land"), "", 0),
    )
    rows = []
    for name, chosen, key, number, cents, order in blocks:
        printed = _single(cents[order], unit)
        for place, which in enumerate(order.tolist()):
            before, after = divmod(int(key[which]), width)
            mine = chosen[number == which]
            values: dict[str, Any] = {
                "kind": name,
                "before": class_title(matrix.before[before], changes.how.earlier),
                "after": class_title(matrix.after[after], changes.how.later),
                "area": unit.value(int(printed.cells[place, 0])),
                "count": len(mine),
            }
            rows.append(Row(values, RowRole.BODY, changes.sources(mine)))
        summed = {
            "kind": name,
            "before": _("All classes"),
            "after": "",
            "area": unit.value(printed.total),
            "count": len(chosen),
        }
        rows.append(Row(summed, RowRole.SUBTOTAL, changes.sources(chosen)))
    return Table("construction", title, columns, tuple(rows), notes)


def fates_table(changes: Changes, unit: PrintedUnit, title: str, notes: tuple[str, ...]) -> Table:
    """Return number and area of the parcels of both dates by fate."""
    order = list(Fate)
    place = {fate: number for number, fate in enumerate(order)}
    sides = []
    for dated, told, cents in (
        (changes.earlier, changes.fates, changes.pieces.earlier_cents),
        (changes.later, changes.origins, changes.pieces.later_cents),
    ):
        number = np.array([place[fate] for fate in told], dtype=np.int64)
        sides.append((dated, number, _single(_sums(number, cents, len(order)), unit)))
    columns = (
        Column("fate", _("Fate")),
        Column("earlier_count", _("Parcels"), "", 0, _("Earlier date")),
        Column("earlier_area", _("Area"), unit.title, unit.digits, _("Earlier date")),
        Column("later_count", _("Parcels"), "", 0, _("Later date")),
        Column("later_area", _("Area"), unit.title, unit.digits, _("Later date")),
    )
    rows = []
    for which in (*range(len(order)), None):
        values: dict[str, Any] = {"fate": total_name() if which is None else fate_title(order[which])}
        sources: dict[str, tuple[str, ...]] = {}
        for side, (dated, number, printed) in zip(("earlier", "later"), sides, strict=True):
            mine = np.arange(len(number)) if which is None else np.flatnonzero(number == which)
            steps = printed.total if which is None else int(printed.cells[which, 0])
            values |= {f"{side}_count": len(mine), f"{side}_area": unit.value(steps)}
            sources |= dated.features.sources(mine)
        role = RowRole.TOTAL if which is None else RowRole.BODY
        rows.append(Row(values, role, sources))
    return Table("fates", title, columns, tuple(rows), notes)


def parcels_table(
    changes: Changes, unit: PrintedUnit, listed: int, title: str, notes: tuple[str, ...]
) -> Table:
    """Return the earlier parcels that did not stay the same, and the new ones, the largest first."""
    columns = (
        Column("parcel", _("Survey parcel")),
        Column("fate", _("Fate")),
        Column("before", _("Earlier class")),
        Column("after", _("Later class")),
        Column("area", _("Area"), unit.title, unit.digits),
        Column("others", _("Parcels of the other date")),
    )
    pieces, link = changes.pieces, changes.shared
    entries: list[tuple[int, int, bool]] = []
    entries += [
        (-int(pieces.earlier_cents[i]), i, False) for i, f in enumerate(changes.fates) if f is not Fate.SAME
    ]
    entries += [
        (-int(pieces.later_cents[j]), j, True) for j, f in enumerate(changes.origins) if f is Fate.NEW
    ]
    partners = _partners(link.earlier, link.later, -link.area_m2)
    rows = []
    for negative, place, new in sorted(entries)[:listed]:
        dated = changes.later if new else changes.earlier
        others = [] if new else partners.get(place, [])
        fate = changes.origins[place] if new else changes.fates[place]
        code = class_title(dated.codes[place], changes.how.later if new else changes.how.earlier)
        steps = int(unit.half_up(np.array([-negative], dtype=np.int64))[0])
        values = {
            "parcel": dated.features.names[place],
            "fate": fate_title(fate),
            "before": "" if new else code,
            "after": code if new else _classes(changes.later, others, changes),
            "area": unit.value(steps),
            "others": "、".join(changes.later.features.names[j] for j in others),
        }
        sources = {**changes.later.features.sources(others), **dated.features.sources([place])}
        rows.append(Row(values, RowRole.BODY, sources))
    return Table("parcels", title, columns, tuple(rows), notes)


def _partners(here: IntArray, there: IntArray, order: Any) -> dict[int, list[int]]:
    out: dict[int, list[int]] = {}
    for place in np.lexsort((there, order, here)).tolist():
        out.setdefault(int(here[place]), []).append(int(there[place]))
    return out


def _classes(dated: Dated, places: list[int], changes: Changes) -> str:
    names = dict.fromkeys(class_title(dated.codes[place], changes.how.later) for place in places)
    return "、".join(names)


def counted_changes(changes: Changes) -> int:
    """Return how many parcels the list of changed ones has in full."""
    return sum(f is not Fate.SAME for f in changes.fates) + sum(f is Fate.NEW for f in changes.origins)
