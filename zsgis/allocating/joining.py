"""The registers of demand and quotas and the supply of a project, joined to one problem."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.errors import InputError
from layers.progress import Progress, ProgressPart
from layers.project_demand import KIND as DEMAND_KIND
from layers.quotas import KIND as QUOTA_KIND
from layers.quotas import QUOTAS
from layers.words import _
from zsgis.allocating.asking import asked_for
from zsgis.allocating.objectives import objective_of
from zsgis.allocating.parameters import AllocateParameters, years_of
from zsgis.allocating.places import with_distances
from zsgis.allocation.left_out import LeftOut
from zsgis.allocation.problem import Candidate, Problem
from zsgis.allocation.problem import Project as Wanting
from zsgis.analysis.features import Features
from zsgis.analysis.layers_used import find_layer
from zsgis.analysis.zoned import UsedLayer, chosen_among
from zsgis.demand.priorities import PriorityRule, priority_rule
from zsgis.demand.projects import DemandProjects, demand_projects, read_demand
from zsgis.demand.quota_limits import QuotaLimits, quota_limits, read_quotas
from zsgis.result import Finding, Severity
from zsgis.supply.candidates import SupplyCandidates, supply_candidates
from zsgis.supply.finding import Found, find_supply
from zsgis.supply.rules import supply_rule

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

Sources = Mapping[str, tuple[str, ...]]
NO_QUOTAS = "-"
_NOTHING = QuotaLimits((), (), QUOTAS)


@dataclass(frozen=True)
class Joined:
    """A problem, and what leads from its keys back to the project's features.

    Attributes
    ----------
    wanting : mapping of str to Sources
        By key of the project: its feature in the register of demand.
    land : mapping of str to Sources
        By key of the candidate: the features for which it was found.
    entries : mapping of (quota key, year) to Sources
        The entries of the register of quotas behind an amount.
    shapes : mapping of str to geometry
        By key of the candidate, in ``plane``.
    left_out_projects, left_out_land : tuple of LeftOut
    unlimited : tuple of str
        Quotas of which no register says anything.
    """

    problem: Problem
    wanting: Mapping[str, Sources]
    land: Mapping[str, Sources]
    entries: Mapping[tuple[str, int], Sources]
    shapes: Mapping[str, object]
    plane: pyproj.CRS
    left_out_projects: tuple[LeftOut, ...]
    left_out_land: tuple[LeftOut, ...]
    unlimited: tuple[str, ...]
    findings: tuple[Finding, ...]
    used: tuple[UsedLayer, ...]
    rules: Mapping[str, str]

    def geometry(self, keys: tuple[str, ...]) -> NDArray[np.object_]:
        """Return the shapes of some candidates, shape (n,)."""
        out = np.empty(len(keys), dtype=object)
        out[:] = [self.shapes[key] for key in keys]
        return out


def join(project: Project, asked: AllocateParameters, progress: Progress) -> Joined:
    """Return the problem that a project's registers and layers make.

    Raises
    ------
    InputError
        When there is no register of demand, no layer from which land is gathered, or what was asked for by
        name does not exist.
    GeometryError
        Names the feature that cannot be used.
    JobCancelled
    """
    info = _register(project, asked)
    quota_info = _quota_register(project, asked)
    ranks = priority_rule(asked.priority_rule)
    demand = read_demand(project, info)
    limits, entries = _NOTHING, None
    if quota_info is not None:
        entries = read_quotas(project, quota_info)
        limits = quota_limits(entries)
    years, told = _years(asked, entries, demand)
    wanting = demand_projects(demand, ranks, years, platforms_bind=asked.platforms_bind)
    rule = supply_rule(asked.supply_rule)
    found = find_supply(project, rule, asked.supply, ProgressPart(progress, 0.0, 1.0))
    offered = supply_candidates(found.supply, rule)
    kept, without = _within_years(limits, years)
    codes = _codes(demand)
    problem, places = with_distances(
        project, asked, _problem(asked, years, wanting, offered, kept), found, codes
    )
    used = [UsedLayer("register", info), *found.supply.used, *places]
    if quota_info is not None:
        used.insert(1, UsedLayer("quotas", quota_info))
    return Joined(
        problem=asked_for(asked, problem, codes, ranks.temporary_exempt),
        wanting={uid: demand.sources([place]) for place, uid in enumerate(demand.uids)},
        land=offered.sources,
        entries={} if entries is None else _entries(entries, limits),
        shapes=dict(zip(found.supply.land.keys, found.supply.land.geometry, strict=True)),
        plane=found.how.plane,
        left_out_projects=wanting.left_out,
        left_out_land=offered.left_out,
        unlimited=limits.unlimited,
        findings=(
            *told,
            *chosen_among(project, info, asked.projects),
            *(chosen_among(project, quota_info, asked.quotas) if quota_info is not None else ()),
            *limits.findings,
            *without,
            *found.supply.findings,
        ),
        used=tuple({each.info.uid: each for each in reversed(used)}.values())[::-1],
        rules=_rules(found, ranks),
    )


def _register(project: Project, asked: AllocateParameters) -> LayerInfo:
    info = find_layer(project, asked.projects, (DEMAND_KIND.key,))
    if info is None:
        raise InputError(
            _("The project has no register of demand."),
            where=str(project.path),
            remedy=_("Fill it from the plan (zsgis demand fill PROJECT), or import one."),
        )
    return info


def _quota_register(project: Project, asked: AllocateParameters) -> LayerInfo | None:
    return None if asked.quotas == NO_QUOTAS else find_layer(project, asked.quotas, (QUOTA_KIND.key,))


def _years(
    asked: AllocateParameters, entries: Features | None, demand: Features
) -> tuple[tuple[int, ...], tuple[Finding, ...]]:
    """Return the years of the plan: as asked, else those of the quotas, else of the demand, else this one."""
    if asked.years.strip():
        return years_of(asked.years), ()
    today = asked.supply.day.year
    stated = [] if entries is None else _whole_years(entries, "year")
    stated = stated or [*_whole_years(demand, "from_year"), *_whole_years(demand, "to_year")]
    coming = [year for year in stated if year >= today]
    if stated and not coming:
        text = _("All years of the registers are past; the allocation is of {first} to {last}.")
        past = Finding(
            "allocate.years_past", Severity.WARNING, text.format(first=min(stated), last=max(stated))
        )
        return tuple(range(min(stated), max(stated) + 1)), (past,)
    return tuple(range(min(coming, default=today), max(coming, default=today) + 1)), ()


def _whole_years(features: Features, field: str) -> list[int]:
    values = features.numbers(field)
    return [int(year) for year in values[np.isfinite(values)] if 1900 <= year <= 2100]


def _within_years(limits: QuotaLimits, years: tuple[int, ...]) -> tuple[QuotaLimits, tuple[Finding, ...]]:
    """Return the limits, a quota without any amount in the years as one of nothing at all."""
    quotas, told = [], []
    for quota in limits.quotas:
        first = years[0] - quota.carry_years
        if any(first <= year <= years[-1] for year in quota.cents_by_year):
            quotas.append(quota)
            continue
        quotas.append(dataclasses.replace(quota, cents_by_year={years[0]: 0}))
        text = _("{quota} has no amount in {first} to {last}: nothing may be drawn on it.")
        told.append(
            Finding(
                "allocate.quota_other_years",
                Severity.WARNING,
                text.format(quota=quota.name, first=years[0], last=years[-1]),
            )
        )
    return dataclasses.replace(limits, quotas=tuple(quotas)), tuple(told)


def _problem(
    asked: AllocateParameters,
    years: tuple[int, ...],
    wanting: DemandProjects,
    offered: SupplyCandidates,
    limits: QuotaLimits,
) -> Problem:
    projects = tuple(
        dataclasses.replace(
            each,
            most_cents=int(each.need_cents * (1 + asked.surplus_pct / 100)),
            min_score_permille=round(asked.least_score * 10),
        )
        for each in wanting.projects
    )
    problem = Problem(years, offered.candidates, projects, offered.groups, limits.quotas)
    return dataclasses.replace(problem, objective=objective_of(asked, problem))


def _codes(demand: Features) -> dict[str, tuple[str, ...]]:
    """Return by name, number and uid the keys of the projects that are called so."""
    out: dict[str, list[str]] = {}
    for uid, name, code in zip(demand.uids, demand.names, demand.texts("project_code"), strict=True):
        for called in dict.fromkeys((uid, name.strip(), code)):
            if called:
                out.setdefault(called, []).append(uid)
    return {called: tuple(uids) for called, uids in out.items()}


def _entries(entries: Features, limits: QuotaLimits) -> dict[tuple[str, int], Sources]:
    years = dict(zip(entries.uids, entries.numbers("year"), strict=True))
    out: dict[tuple[str, int], list[str]] = {}
    for key, uids in limits.sources.items():
        for uid in uids:
            out.setdefault((key, int(years[uid])), []).append(uid)
    return {place: {entries.layer_uid: tuple(uids)} for place, uids in out.items()}


def _rules(found: Found, ranks: PriorityRule) -> dict[str, str]:
    return {"priority": ranks.words, **found.rules}


def merged(parts: tuple[Sources, ...]) -> dict[str, tuple[str, ...]]:
    """Return the features of several, by layer, each once."""
    found: dict[str, dict[str, None]] = {}
    for part in parts:
        for layer, uids in part.items():
            found.setdefault(layer, {}).update(dict.fromkeys(uids))
    return {layer: tuple(uids) for layer, uids in found.items()}


def named(problem: Problem) -> tuple[dict[str, Wanting], dict[str, Candidate]]:
    """Return projects and candidates of a problem by their keys."""
    return {each.key: each for each in problem.projects}, {each.key: each for each in problem.candidates}
