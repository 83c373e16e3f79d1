"""Supply of land (用地供给线索): what could be given to projects, gathered by rule, each piece of land once.

Features
    Those without a shape are land nowhere. Finds over each other, of one source or of several, are one
    candidate: the first source of the rule keeps the land, the others are its further reasons, and named.
    Remainders below the rule's least area are counted, and are no candidates. A candidate on a zone's border
    is cut for the table of zones; zones over each other count to the one that came in first; without zones
    there is no such table, and an empty zone has a row of zeros.
Fields and layers
    A source whose layer is missing is named and finds nothing. A condition on a missing field or value is not
    met. Without supplied land all approved land is unsupplied, and that is warned of; without control lines
    or land use it is said what is not known.
Classes
    Read in the land layer's own standard. Land without a class that tells draws on no quota and is named.
Coordinates
    Layers in degrees are cut in the project's plane. NaN is refused by name.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from layers.progress import Progress, ProgressPart
from layers.words import N_, _
from zsgis.analysis.features import read_features
from zsgis.analysis.layers_used import unsigned_record
from zsgis.analysis.zoned import UsedLayer, at_most, basis_words, chosen_among, find_zones, signed
from zsgis.capability import Capability, Parameters
from zsgis.charts import BarChart, MapClass, ResultMap, Series
from zsgis.printed_balance import printed_unit
from zsgis.result import Finding, Result, Table
from zsgis.supply.candidates import supply_candidates
from zsgis.supply.finding import Found, find_supply
from zsgis.supply.parameters import SupplyParameters
from zsgis.supply.placing import covering
from zsgis.supply.rules import SupplyRule, supply_rule
from zsgis.supply.tables import (
    candidate_table,
    printed_areas,
    quota_table,
    room_table,
    source_table,
    zone_table,
)

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

TITLE = N_("Supply of land")
_COLORS = (
    "#C0562B", "#8A5A9E", "#B79AC4", "#D3C0DB", "#B5651D", "#2F7F86", "#6E8FB3", "#A9BCD3", "#7A7A7A",
)  # fmt: skip


def run(project: Project, parameters: Parameters, progress: Progress) -> Result:
    """Gather the land of a project that could be supplied."""
    assert isinstance(parameters, SupplyParameters)  # noqa: S101 - the registry pairs the two
    rule = supply_rule(parameters.rule)
    zones_info = _zones(project, parameters)
    found = find_supply(project, rule, parameters, ProgressPart(progress, 0.0, 0.9))
    unit = printed_unit(parameters.unit, parameters.digits)
    notes = (_("Area basis: {basis}.").format(basis=basis_words(found.how.basis)),)
    printed = printed_areas(found.supply, unit)
    tables: list[Table] = [
        source_table(found.supply, rule, printed, notes),
        candidate_table(found.supply, rule, printed, notes),
        quota_table(found.supply, unit),
    ]
    told: tuple[Finding, ...] = ()
    if zones_info is not None:
        zones = read_features(project, zones_info)
        covers, told = covering(found.supply.land, zones, found.how, ProgressPart(progress, 0.9, 1.0))
        tables.append(zone_table(found.supply, zones.names, covers, unit, notes))
    if found.supply.rooms:
        tables.append(room_table(found.supply.rooms))
    result = Result(
        capability="supply",
        title=_(TITLE),
        tables=tuple(tables),
        findings=(*_findings(found, rule), *told),
        adjustments=(),
        run=unsigned_record((), _method(rule), found.rules),
        facts=_facts(found, rule),
        charts=(_chart(tables[0], rule, unit.title, unit.digits),),
        maps=(_map(found, rule),),
    )
    used = [*found.supply.used, *([UsedLayer("zones", zones_info)] if zones_info is not None else [])]
    once = list({each.info.uid: each for each in reversed(used)}.values())[::-1]
    done = signed(project, result, once, found.how.plane)
    chosen = chosen_among(project, zones_info, parameters.zones)
    return dataclasses.replace(done, findings=(*chosen, *done.findings))


def _zones(project: Project, parameters: SupplyParameters) -> LayerInfo | None:
    # land that is gathered is no area to count by unless somebody asks for it by name
    return find_zones(project, parameters.zones, ("approved", "supplied", "reserve", "redevelopment"))


def _findings(found: Found, rule: SupplyRule) -> tuple[Finding, ...]:
    every = (*found.supply.findings, *supply_candidates(found.supply, rule).findings)
    by_code: dict[str, list[Finding]] = {}
    for each in every:
        by_code.setdefault(each.code, []).append(each)
    return tuple(each for alike in by_code.values() for each in at_most(alike))


def _method(rule: SupplyRule) -> tuple[str, ...]:
    return (
        _("Land was gathered in this order: {sources}.").format(
            sources="、".join(each.title for each in rule.sources)
        ),
        _(
            "Land that several sources find counts once, under the first of them; the others are named "
            "beside it with how much of it they cover."
        ),
        _("What control lines forbid is taken off what can be used, once where several of them lie there."),
        _(
            "Only sources that draw on quotas do: new construction land on the yearly plan and on the scale, "
            "farmland on its balance, forest stands on the forest quota. 三旧 land is land and no quota."
        ),
    )


def _facts(found: Found, rule: SupplyRule) -> dict[str, object]:
    supply = found.supply
    offered = supply_candidates(supply, rule)
    return {
        "candidates": len(supply.land),
        "area_m2": int(supply.land.cents.sum()) / 100,
        "usable_m2": sum(each.usable_cents for each in supply.placed) / 100,
        "found_again": sum(len(each) > 1 for each in supply.land.reasons),
        "groups": len(offered.groups),
        "offered": len(offered.candidates),
        "rooms": len(supply.rooms),
        "area_basis": found.how.basis.value,
    }


def _chart(sources: Table, rule: SupplyRule, unit: str, digits: int) -> BarChart:
    body = sources.rows[: len(rule.sources)]
    return BarChart(
        "sources",
        _("Supply by source"),
        tuple(row.values["source"] for row in body),
        (Series(_("Area"), tuple(float(row.values["area"]) for row in body)),),
        unit=unit,
        digits=digits,
        colors=tuple(_COLORS[number % len(_COLORS)] for number in range(len(body))),
    )


def _map(found: Found, rule: SupplyRule) -> ResultMap:
    land, placed = found.supply.land, found.supply.placed
    firsts = [reasons[0] for reasons in land.reasons]
    return ResultMap(
        key="candidates",
        title=_("Map of candidates"),
        crs=land.plane,
        geometry=land.geometry,
        columns={
            "source": tuple(each.source.key for each in firsts),
            "name": land.names,
            "candidate": land.keys,
            "area_m2": tuple((land.cents / 100).tolist()),
            "usable_m2": tuple(each.usable_cents / 100 for each in placed),
            "town": tuple(each.town for each in placed),
            "platform": tuple(each.platform for each in placed),
            "score": tuple(None if np.isnan(each.score) else round(each.score, 2) for each in placed),
        },
        color_by="source",
        classes=tuple(
            MapClass(each.key, each.title, _COLORS[number % len(_COLORS)])
            for number, each in enumerate(rule.sources)
        ),
    )


CAPABILITY = Capability(
    key="supply",
    title=TITLE,
    summary=N_(
        "Which land could be given to projects, where it lies, what stands against it, what it draws on."
    ),
    stage="securing",
    parameters=SupplyParameters,
    run=run,
    notes=(
        N_(
            "Approved and unsupplied, idle, redevelopment, reserve and little used industrial land, by a "
            "rule file that the bureau may change. Land that several of these find counts once."
        ),
        N_(
            "The five quotas stand apart and are never added up; redevelopment land is land and no quota. "
            "Costs are known only where the bureau states them in the rule file."
        ),
        N_("Rooms that could be converted are rooms and no land; they stand in a table of their own."),
    ),
)
