"""The tables of the supply: candidates, sources, quotas, zones, rooms; areas add up as printed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.quotas import MAJOR_PROJECTS, QUOTAS
from layers.words import _
from zsgis.printed_balance import PrintedTable, PrintedUnit, balance_table
from zsgis.result import Column, Row, RowRole, Table
from zsgis.supply.candidates import sources_of, why_unusable
from zsgis.supply.model import Room, Supply
from zsgis.supply.placing import Covering
from zsgis.supply.rules import SupplyRule

IntArray = NDArray[np.int64]


def merged(supply: Supply, places: Sequence[int] | IntArray) -> dict[str, tuple[str, ...]]:
    """Return the features behind several candidates, by layer, each once."""
    found: dict[str, dict[str, None]] = {}
    for place in places:
        for layer, uids in sources_of(supply.land, int(place)).items():
            found.setdefault(layer, {}).update(dict.fromkeys(uids))
    return {layer: tuple(uids) for layer, uids in found.items()}


def printed_areas(supply: Supply, unit: PrintedUnit) -> PrintedTable:
    """Return the candidates' areas, and how much of each can be used, as printed; shape (n, 2)."""
    usable = np.array([each.usable_cents for each in supply.placed], dtype=np.int64).reshape(-1)
    return balance_table(np.column_stack([usable, supply.land.cents - usable]), unit)


def candidate_table(supply: Supply, rule: SupplyRule, printed: PrintedTable, notes: tuple[str, ...]) -> Table:
    """Return the candidates, the best suited first within each source."""
    land, unit = supply.land, printed.unit
    ranks = {each.key: number for number, each in enumerate(rule.sources)}
    order = sorted(
        range(len(land)),
        key=lambda i: (
            ranks[land.reasons[i][0].source.key],
            -(supply.placed[i].score if not math.isnan(supply.placed[i].score) else -1.0),
            land.keys[i],
        ),
    )
    rows = [_candidate_row(supply, rule, printed, place) for place in order]
    everything = np.arange(len(land))
    total = {"name": _("Total"), **_areas(printed, everything), **_draws(supply, everything, unit)}
    rows.append(Row(total, RowRole.TOTAL, merged(supply, everything)))
    columns = (
        Column("name", _("Candidate")),
        Column("source", _("Found as")),
        Column("also", _("Also found as")),
        *_area_columns(unit),
        Column("town", _("Town")),
        Column("platform", _("Platform")),
        Column("land_class", _("Land class today")),
        Column("planned", _("Planned use")),
        Column("lines", _("Control lines")),
        Column("score", _("Suitability"), "", 2),
        Column("group", _("Contiguous group")),
        *_quota_columns(unit),
        Column("cost", _("Cost"), _("10,000 yuan"), 2),
        Column("unusable", _("Why it is not offered")),
    )
    return Table("candidates", _("Land that could be supplied"), columns, tuple(rows), notes)


def _candidate_row(supply: Supply, rule: SupplyRule, printed: PrintedTable, place: int) -> Row:
    land, placed, unit = supply.land, supply.placed[place], printed.unit
    first, *others = land.reasons[place]
    also = [f"{each.source.title} {each.name} {_in_unit(each.cents, unit)} {unit.title}" for each in others]
    values: dict[str, Any] = {
        "name": land.names[place],
        "source": first.source.title,
        "also": "；".join(also),
        **_areas(printed, np.array([place])),
        "town": placed.town,
        "platform": placed.platform,
        "land_class": f"{placed.class_code} {placed.class_name}".strip(),
        "planned": placed.planned_code,
        "lines": "；".join(
            f"{title} {_in_unit(cents, unit)} {unit.title}" for title, cents in placed.lines.items()
        ),
        "score": None if math.isnan(placed.score) else round(placed.score, 2),
        "group": "" if placed.group < 0 else str(placed.group + 1),
        **_draws(supply, np.array([place]), unit),
        "cost": None if placed.cost_yuan is None else round(placed.cost_yuan / 10_000, 2),
        "unusable": why_unusable(land, place, placed, rule),
    }
    return Row(values, RowRole.BODY, sources_of(land, place))


def _in_unit(cents: int, unit: PrintedUnit) -> str:
    steps = int(unit.half_up(np.array([cents], dtype=np.int64))[0])
    return f"{unit.value(steps):,.{unit.digits}f}"


def _area_columns(unit: PrintedUnit) -> tuple[Column, ...]:
    return (
        Column("area", _("Area"), unit.title, unit.digits),
        Column("usable", _("Of it usable"), unit.title, unit.digits),
    )


def _areas(printed: PrintedTable, places: IntArray) -> dict[str, float]:
    cells = printed.cells[places]
    return {
        "area": printed.unit.value(int(cells.sum())),
        "usable": printed.unit.value(int(cells[:, 0].sum())),
    }


def _quota_columns(unit: PrintedUnit) -> tuple[Column, ...]:
    # which projects pay with the quota of major projects is decided by the project, not by the land
    return tuple(
        Column(name, name, unit.title, unit.digits, _("Draws on"))
        for name in QUOTAS
        if name != MAJOR_PROJECTS
    )


def _draws(supply: Supply, places: IntArray, unit: PrintedUnit) -> dict[str, float | None]:
    out: dict[str, float | None] = {}
    for name in QUOTAS:
        cents = sum(supply.placed[int(place)].draws_cents.get(name, 0) for place in places)
        out[name] = unit.value(int(unit.half_up(np.array([cents], dtype=np.int64))[0])) if cents else None
    return out


def source_table(supply: Supply, rule: SupplyRule, printed: PrintedTable, notes: tuple[str, ...]) -> Table:
    """Return how much each source found first, and how much of what it found others had found before."""
    land = supply.land
    rows = []
    for source in rule.sources:
        first = [i for i in range(len(land)) if land.reasons[i][0].source.key == source.key]
        again = [(i, each) for i in range(len(land)) for each in land.reasons[i][1:] if each.source == source]
        values = {
            "source": source.title,
            "count": len(first),
            **_areas(printed, np.array(first, dtype=np.int64)),
            "again_count": len(again),
            "again": _value(sum(each.cents for _i, each in again), printed.unit),
            "draws": _("Draws on quotas") if source.draws else _("Land of the stock, no quota"),
        }
        rows.append(Row(values, RowRole.BODY, merged(supply, [*first, *(i for i, _each in again)])))
    everything = np.arange(len(land))
    total = {"source": _("Total"), "count": len(land), **_areas(printed, everything)}
    rows.append(Row(total, RowRole.TOTAL, merged(supply, everything)))
    columns = (
        Column("source", _("Found as")),
        Column("count", _("Candidates"), "", 0),
        *_area_columns(printed.unit),
        Column("again_count", _("Times"), "", 0, _("Found before by another")),
        Column("again", _("Area"), printed.unit.title, printed.unit.digits, _("Found before by another")),
        Column("draws", _("Quotas")),
    )
    return Table("sources", _("Supply by source"), columns, tuple(rows), notes, whole=True)


def _value(cents: int, unit: PrintedUnit) -> float:
    return unit.value(int(unit.half_up(np.array([cents], dtype=np.int64))[0]))


def quota_table(supply: Supply, unit: PrintedUnit) -> Table:
    """Return what all candidates together would draw on each quota; quotas are never added up."""
    rows = []
    for name in QUOTAS:
        drawing = [i for i, each in enumerate(supply.placed) if each.draws_cents.get(name, 0) > 0]
        cents = sum(supply.placed[i].draws_cents[name] for i in drawing)
        values: dict[str, Any] = {"quota": name, "count": len(drawing), "drawn": _value(cents, unit)}
        if name == MAJOR_PROJECTS:
            values |= {
                "drawn": None,
                "remark": _("Major projects draw on it instead of the yearly plan; the project decides."),
            }
        rows.append(Row(values, RowRole.BODY, merged(supply, drawing)))
    columns = (
        Column("quota", _("Quota")),
        Column("count", _("Candidates"), "", 0),
        Column("drawn", _("Would be drawn"), unit.title, unit.digits),
        Column("remark", _("Remark")),
    )
    return Table("quotas", _("What the candidates draw on"), columns, tuple(rows), whole=True)


def zone_table(
    supply: Supply, names: Sequence[str], covers: Covering, unit: PrintedUnit, notes: tuple[str, ...]
) -> Table:
    """Return the candidates' area by zone, with a row for what lies in none."""
    place = np.where(covers.member < 0, len(names), covers.member)
    cents = np.zeros((len(names) + 1, 1), dtype=np.int64)
    np.add.at(cents[:, 0], place, covers.cents)
    printed = balance_table(cents, unit)
    rows = []
    for number, name in enumerate((*names, _("Outside the zones"))):
        behind = np.unique(covers.land[(place == number) & (covers.cents > 0)])
        if number == len(names) and not len(behind):
            continue
        values = {
            "zone": name,
            "count": len(behind),
            "area": unit.value(int(printed.cells[number].sum())),
        }
        rows.append(Row(values, RowRole.BODY, merged(supply, behind)))
    everything = np.arange(len(supply.land))
    total = {"zone": _("Total"), "count": len(everything), "area": unit.value(int(printed.cells.sum()))}
    rows.append(Row(total, RowRole.TOTAL, merged(supply, everything)))
    columns = (
        Column("zone", _("Zone")),
        Column("count", _("Candidates"), "", 0),
        Column("area", _("Area"), unit.title, unit.digits),
    )
    return Table("zones", _("Supply by zone"), columns, tuple(rows), notes)


def room_table(rooms: Sequence[Room]) -> Table:
    """Return the convertible rooms, the largest floor area first."""
    known = [0 if math.isnan(room.floor_area_m2) else round(room.floor_area_m2 * 100) for room in rooms]
    order = sorted(range(len(rooms)), key=lambda i: (-known[i], rooms[i].uid))
    rows = [
        Row(
            {
                "name": rooms[i].name,
                "conclusion": rooms[i].conclusion,
                "floor_m2": None if math.isnan(rooms[i].floor_area_m2) else known[i] / 100,
                "town": rooms[i].town,
            },
            RowRole.BODY,
            {rooms[i].layer_uid: (rooms[i].uid,)},
        )
        for i in order
    ]
    sources = {rooms[0].layer_uid: tuple(room.uid for room in rooms)} if rooms else {}
    rows.append(Row({"name": _("Total"), "floor_m2": sum(known) / 100}, RowRole.TOTAL, sources))
    columns = (
        Column("name", _("Building")),
        Column("conclusion", _("Conclusion")),
        Column("floor_m2", _("Floor area"), _("m²"), 2),
        Column("town", _("Town")),
    )
    return Table(
        "rooms",
        _("Rooms that could be converted"),
        columns,
        tuple(rows),
        (_("Rooms are no land: they stand apart and take no part in the allocation."),),
    )
