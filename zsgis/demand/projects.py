"""The register as an allocation needs it: projects with areas, years, ranks; and why others take no part."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layers.area import to_cents
from layers.project_demand import KIND, STAGES
from layers.words import _
from zsgis.allocation.left_out import LeftOut
from zsgis.allocation.problem import Project as AllocationProject
from zsgis.analysis.features import Features, read_features
from zsgis.demand.priorities import PriorityRule
from zsgis.demand.stages import STAGE_FIELDS, SUPPLIED, record_of, stage_of
from zsgis.result import Finding, Severity

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

DEMAND_FIELDS = (
    "project_code",
    "carrier",
    "category",
    "clause_key",
    "plan_place",
    "platform",
    "town",
    "use_codes",
    "land_wanted_m2",
    "land_least_m2",
    "contiguous",
    "most_sites",
    "supply_way",
    "from_year",
    "to_year",
    "phase",
    "fixed_rank",
    *STAGE_FIELDS,
)


@dataclass(frozen=True)
class DemandProjects:
    """Projects that want land, and what is to be told of the others.

    Attributes
    ----------
    projects : tuple of zsgis.allocation.problem.Project
        Their key is the ``zs_uid`` of the feature in the register.
    findings : tuple of Finding
        Each project that is not among them is named with the reason.
    left_out : tuple of LeftOut
        The same, one by one.
    """

    projects: tuple[AllocationProject, ...]
    findings: tuple[Finding, ...]
    left_out: tuple[LeftOut, ...] = ()


def read_demand(project: Project, info: LayerInfo) -> Features:
    """Read a register with every field that the demand is told from."""
    return read_features(project, info, DEMAND_FIELDS)


def demand_layer(project: Project) -> LayerInfo | None:
    """Return the project's register, the first where there are several; None where there is none."""
    return next(iter(project.layers_of(KIND.key)), None)


def demand_projects(
    features: Features, rule: PriorityRule, years: Sequence[int], *, platforms_bind: bool = True
) -> DemandProjects:
    """Return the projects of a register that an allocation can work on.

    A project without an area wanted is left out (待录入: nothing is assumed), as is one whose least area is
    above it, one that is supplied already, and one whose years are none of the plan's. Without a least area
    only the whole area wanted is of use. Without years any will do.

    Parameters
    ----------
    years : sequence of int
        Of the plan of allocation, rising.
    platforms_bind : bool
        A platform or town that a project names is the only one it accepts.
    """
    projects: list[AllocationProject] = []
    findings: list[Finding] = []
    left_out: list[LeftOut] = []
    for place in range(len(features)):
        record = record_of(features, place)
        reason = _left_out(record, years)
        if reason:
            text = _("{name} takes no part in the allocation: {reason}").format(
                name=features.names[place], reason=reason
            )
            findings.append(Finding("demand.left_out", Severity.NOTE, text, features.sources([place])))
            left_out.append(LeftOut(features.names[place], reason, features.sources([place])))
            continue
        projects.append(
            _project(features.uids[place], features.names[place], record, rule, years, bind=platforms_bind)
        )
    return DemandProjects(tuple(projects), tuple(findings), tuple(left_out))


def rank_of(record: Mapping[str, Any], rule: PriorityRule) -> int:
    """Return a project's rank: the one an officer laid down, else that of its category."""
    fixed = _whole(record.get("fixed_rank"))
    return fixed if fixed else rule.category(_text(record, "category")).rank


def _left_out(record: Mapping[str, Any], years: Sequence[int]) -> str:
    wanted, least = _area(record, "land_wanted_m2"), _area(record, "land_least_m2")
    first, last = _years(record, years)
    stage = stage_of(record)
    if stage is not None and STAGES.index(stage) >= STAGES.index(SUPPLIED):
        return _("it has come to {stage} already.").format(stage=stage.title)
    if not wanted > 0:
        return _("its land area is not entered yet (待录入).")
    if least > wanted:
        return _("its least area is more than the area wanted.")
    if least < 0:
        return _("its least area is negative.")
    if not any(first <= year <= last for year in years):
        return _("its years {first} to {last} are none of {years}.").format(
            first=first, last=last, years="、".join(map(str, years))
        )
    return ""


def _project(
    uid: str, name: str, record: Mapping[str, Any], rule: PriorityRule, years: Sequence[int], *, bind: bool
) -> AllocationProject:
    wanted, least = _area(record, "land_wanted_m2"), _area(record, "land_least_m2")
    first, last = _years(record, years)
    category = rule.category(_text(record, "category"))
    return AllocationProject(
        key=uid,
        rank=rank_of(record, rule),
        need_cents=int(to_cents(wanted)[0]),
        least_cents=int(to_cents(least if least > 0 else wanted)[0]),
        from_year=first,
        to_year=last,
        most_sites=_whole(record.get("most_sites")) or rule.most_sites,
        contiguous=bool(record.get("contiguous")),
        platforms=_named(record, "platform") if bind else frozenset(),
        towns=_named(record, "town") if bind else frozenset(),
        land_classes=_named(record, "use_codes"),
        draws_on=dict(category.draws_on),
        title=name,
    )


def _area(record: Mapping[str, Any], field: str) -> float:
    value = record.get(field)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return math.nan
    return float(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
        return 0
    return int(value)


def _years(record: Mapping[str, Any], years: Sequence[int]) -> tuple[int, int]:
    return _whole(record.get("from_year")) or years[0], _whole(record.get("to_year")) or years[-1]


def _text(record: Mapping[str, Any], field: str) -> str:
    value = record.get(field)
    return "" if value is None else str(value).strip()


def _named(record: Mapping[str, Any], field: str) -> frozenset[str]:
    parts = _text(record, field).replace(",", "、").replace("，", "、").replace("；", "、").split("、")
    return frozenset(part.strip() for part in parts if part.strip())
