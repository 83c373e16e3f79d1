"""The tables of the intensity of use: land by zone, balanced, and every indicator with what it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from layers.words import _
from zsgis.analysis.intensity.gathering import Gathering
from zsgis.analysis.intensity.indicators import AMOUNTS, FLOOR, INDICATORS, LAND, Indicator
from zsgis.analysis.intensity.land import INDUSTRIAL, OTHER, UNTOLD
from zsgis.analysis.intensity.rules import IntensityRule
from zsgis.analysis.judging import Judged, half_up, judge
from zsgis.analysis.zone_names import total_name
from zsgis.analysis.zoned import LineTable
from zsgis.printed_balance import PrintedTable, PrintedUnit, balance_table
from zsgis.result import Column, NotDerivable, Row, RowRole, Table

_GROUPS = np.array([0, 1, 1, 2], dtype=np.int64)
"""Columns of land that are neither, construction land, and land whose class does not tell."""


@dataclass(frozen=True)
class Value:
    """An indicator in a zone.

    Attributes
    ----------
    zone : int
        Place of the zone; the number of zones for all together.
    value : float or None
        Unrounded; None where it cannot be derived.
    reason : str
        Why not; empty otherwise.
    """

    zone: int
    indicator: Indicator
    value: float | None
    reason: str
    judged: Judged | None


def values_of(gathering: Gathering, zones: int, rule: IntensityRule) -> tuple[Value, ...]:
    """Return every indicator in every zone, and in all zones together where there are several."""
    places = (*range(zones), *((zones,) if gathering.zones is not None else ()))
    return tuple(_value(gathering, place, each, rule) for place in places for each in INDICATORS)


def _value(gathering: Gathering, zone: int, indicator: Indicator, rule: IntensityRule) -> Value:
    value, reason = None, ""
    for key in (indicator.denominator, indicator.numerator):
        if key not in gathering.amounts:
            reason = reason or gathering.missing.get(key, "")
    if not reason:
        below = gathering.amounts[indicator.denominator].values[zone]
        above = gathering.amounts[indicator.numerator].values[zone]
        if below > 0:
            value = float(above / below * indicator.factor)
        else:
            reason = _("There is none: {what}.").format(what=_(AMOUNTS[indicator.denominator][0]))
    limit = rule.limit(indicator.key)
    judged = None if limit is None else judge(value, limit.low, limit.high, limit.status)
    return Value(zone, indicator, value, reason, judged)


def land_table(
    parcels_uids: tuple[str, ...], layer_uid: str, table: LineTable, unit: PrintedUnit, notes: tuple[str, ...]
) -> tuple[Table, PrintedTable]:
    """Return a row per zone: all land, construction land, industrial land, balanced as printed."""
    printed = balance_table(table.cents, unit, groups=(_GROUPS,))
    untold = bool(table.cents[:, UNTOLD].any())
    columns = [
        Column("zone", _("Zone")),
        Column("land", _("All land"), unit.title, unit.digits),
        Column("construction", _("Construction land"), unit.title, unit.digits),
        Column("development", _("Development intensity"), "%", 2),
        Column("industrial", _("Industrial land"), unit.title, unit.digits),
        Column("industrial_share", _("Industrial share of construction land"), "%", 2),
        Column("other", _("Other land"), unit.title, unit.digits),
    ]
    if untold:
        columns.append(Column("untold", _("Class does not tell"), unit.title, unit.digits))
    rows = []
    for place in (*range(len(table.lines)), None):
        if place is None and len(table.lines) == 1:
            continue
        cells = printed.columns if place is None else printed.cells[place]
        cents = table.cents.sum(axis=0) if place is None else table.cents[place]
        construction = int(cells[_GROUPS == 1].sum())
        values: dict[str, Any] = {
            "zone": total_name() if place is None else table.lines[place].name,
            "land": unit.value(int(cells.sum())),
            "construction": unit.value(construction),
            "development": _percent(int(cents[_GROUPS == 1].sum()), int(cents.sum())),
            "industrial": unit.value(int(cells[INDUSTRIAL])),
            "industrial_share": _percent(int(cents[INDUSTRIAL]), int(cents[_GROUPS == 1].sum())),
            "other": unit.value(int(cells[OTHER])),
        }
        if untold:
            values["untold"] = unit.value(int(cells[UNTOLD]))
        behind = table.features(table.pieces(place))
        sources = {layer_uid: tuple(parcels_uids[i] for i in behind.tolist())}
        rows.append(Row(values, RowRole.TOTAL if place is None else RowRole.BODY, sources))
    return Table(
        "land", _("Construction and industrial land by zone"), tuple(columns), tuple(rows), notes
    ), printed


def _percent(part: int, whole: int) -> float | None:
    return half_up(Fraction(100 * part, whole), 2) if whole > 0 else None


def indicator_table(
    gathering: Gathering,
    names: tuple[str, ...],
    values: tuple[Value, ...],
    rule: IntensityRule,
    unit: PrintedUnit,
) -> Table:
    """Return a row per zone and indicator: both amounts, the value, limits, margin, verdict, source."""
    columns = (
        Column("zone", _("Zone")),
        Column("indicator", _("Indicator")),
        Column("value", _("Value"), "", 2),
        Column("unit", _("Unit")),
        Column("low", _("At least"), "", 2, _("Limit")),
        Column("high", _("At most"), "", 2, _("Limit")),
        Column("margin", _("Margin"), "", 2),
        Column("verdict", _("Verdict")),
        Column("above", _("What is counted")),
        Column("above_amount", _("Amount"), "", unit.digits),
        Column("below", _("Of what")),
        Column("below_amount", _("Amount of it"), "", unit.digits),
        Column("amount_unit", _("Units of the amounts")),
        Column("source", _("Source of the limit")),
    )
    rows = tuple(_indicator_rows(gathering, names, values, rule, unit))
    notes = (_("Limits that are not in force, or still to be checked, only hint and decide nothing."),)
    return Table("indicators", _("Indicators by zone"), columns, rows, notes)


def _indicator_rows(
    gathering: Gathering,
    names: tuple[str, ...],
    values: tuple[Value, ...],
    rule: IntensityRule,
    unit: PrintedUnit,
) -> Iterator[Row]:
    for each in values:
        indicator, limit = each.indicator, rule.limit(each.indicator.key)
        total = each.zone == len(names)
        judged = each.judged
        above, below = indicator.numerator, indicator.denominator
        row: dict[str, Any] = {
            "zone": total_name() if total else names[each.zone],
            "indicator": _(indicator.title),
            "value": NotDerivable(each.reason)
            if each.value is None
            else half_up(each.value, indicator.digits),
            "unit": _(indicator.unit) if indicator.unit else "",
            "low": None if limit is None else limit.low,
            "high": None if limit is None else limit.high,
            "margin": None if judged is None or judged.margin is None else half_up(judged.margin, 2),
            "verdict": "" if judged is None else judged.verdict.words,
            "above": _(AMOUNTS[above][0]),
            "above_amount": _amount(gathering, above, each.zone, unit),
            "below": _(AMOUNTS[below][0]),
            "below_amount": _amount(gathering, below, each.zone, unit),
            "amount_unit": "、".join(dict.fromkeys(_unit(key, unit) for key in (above, below))),
            "source": ""
            if limit is None
            else f"{limit.source} {limit.clause}".strip() + f"（{limit.status}）",
        }
        role = RowRole.TOTAL if total else RowRole.BODY
        yield Row(row, role, _sources(gathering, (above, below), each.zone))


def _amount(gathering: Gathering, key: str, zone: int, unit: PrintedUnit) -> float | None:
    if key not in gathering.amounts:
        return None
    value = float(gathering.amounts[key].values[zone])
    if AMOUNTS[key][1] != LAND:
        return half_up(value, unit.digits)
    # to whole 0.01 m2 first, as every other area is
    return half_up(Fraction(round(100 * value)) * unit.steps_per_cent / 10**unit.digits, unit.digits)


def _unit(key: str, unit: PrintedUnit) -> str:
    return {LAND: unit.title, FLOOR: _("m²")}.get(AMOUNTS[key][1], _("10,000 yuan"))


def _sources(gathering: Gathering, keys: tuple[str, str], zone: int) -> dict[str, tuple[str, ...]]:
    named: dict[str, dict[str, None]] = {}
    for key in keys:
        if key in gathering.amounts:
            for layer, uids in gathering.amounts[key].sources[zone].items():
                named.setdefault(layer, {}).update(dict.fromkeys(uids))
    return {layer: tuple(uids) for layer, uids in named.items()}
