"""The register's first records: one for each carrier, or phase of one, that a plan names.

A plan of science and technology states hardly any land: what it does not state stays empty, 待录入.
Filling once more adds only what is not there yet and changes nothing that somebody typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.edits import AddFeature, Edit
from layers.kinds import kind
from layers.progress import NoProgress, Progress
from layers.project_demand import KIND
from layers.words import _
from zsgis.demand.priorities import PriorityRule
from zsgis.plan import Carrier, Phase, Plan

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

STANDING = "待核实"
TO_BE_ENTERED = "用地面积待录入：规划原文未给出"
_FLOOR = "规划建设面积"
_M2 = "m2"

Record = Mapping[str, Any]


def starter_records(plan: Plan, rule: PriorityRule) -> tuple[Record, ...]:
    """Return a record, by field, for each carrier that a plan names, one a phase where it has phases."""
    records: list[Record] = []
    for carrier in plan.carriers:
        if not carrier.named:
            continue
        if carrier.phases:
            records += [
                _record(plan, carrier, rule, phase, number) for number, phase in enumerate(carrier.phases, 1)
            ]
        else:
            records.append(_record(plan, carrier, rule))
    return tuple(records)


def _record(
    plan: Plan, carrier: Carrier, rule: PriorityRule, phase: Phase | None = None, number: int = 0
) -> dict[str, Any]:
    category = rule.category_of(carrier.roles)
    code = f"{plan.key}/{carrier.key}"
    place = (
        carrier.place if carrier.places[0].item is None else f"{carrier.place} 第{carrier.places[0].item}项"
    )
    floors = [each.value for each in carrier.figures if each.name == _FLOOR and each.unit == _M2]
    record = {
        "name": carrier.name if phase is None else f"{carrier.name}{phase.name}",
        "project_code": code if phase is None else f"{code}/{number}",
        "carrier": carrier.name,
        "category": category.title,
        "plan_id": plan.key,
        "plan_key": carrier.key,
        "clause_key": category.clause if category.clause in {each.key for each in plan.clauses} else None,
        "plan_place": place,
        "platform": plan.platform(carrier.platform).name if carrier.platform else None,
        "town": carrier.town or None,
        "land_wanted_m2": carrier.land_area_m2,
        "floor_area_m2": float(floors[0]) if floors and phase is None else None,
        "from_year": None if phase is None else phase.start,
        "to_year": None if phase is None else phase.end,
        "phase": None if phase is None else phase.name,
        "source": plan.title,
        "status": STANDING,
        "remark": None if carrier.land_area_m2 else TO_BE_ENTERED,
    }
    return {name: value for name, value in record.items() if value is not None}


@dataclass(frozen=True)
class Filled:
    """What filling the register did.

    Attributes
    ----------
    layer : LayerInfo
        The register.
    added : tuple of str
        Names of the projects added.
    kept : int
        How many of the plan's projects stood there already; they were left as they are.
    """

    layer: LayerInfo
    added: tuple[str, ...]
    kept: int


def missing_records(records: Iterable[Record], codes: Iterable[str]) -> tuple[Record, ...]:
    """Return the records whose number (需求编号) is not among those of the register."""
    known = set(codes)
    return tuple(record for record in records if record["project_code"] not in known)


def codes_of(project: Project) -> frozenset[str]:
    """Return the numbers (需求编号) of all projects in a project's registers."""
    found: set[str] = set()
    for info in project.layers_of(KIND.key):
        if any(each.name == "project_code" for each in info.fields):
            column = project.read(info.uid, columns=["project_code"])["project_code"]
            found.update(str(value).strip() for value in column.dropna())
    return frozenset(found)


def fill_edit(layer: LayerInfo, records: Iterable[Record]) -> Edit:
    """Return the edit that adds records to a register; fields that it has no column for are left out."""
    columns = {each.name for each in layer.fields}
    changes = tuple(
        AddFeature(layer.uid, None, {name: value for name, value in record.items() if name in columns})
        for record in records
    )
    return Edit(_("Fill the register from the plan"), changes)


def new_register(
    project: Project,
    records: Iterable[Record] = (),
    progress: Progress | None = None,
    *,
    kind_key: str = KIND.key,
) -> LayerInfo:
    """Make an empty register, or one with records, in the project's system.

    Parameters
    ----------
    kind_key : str
        A kind whose features need no shape.

    Raises
    ------
    ProjectFileError
        When the project cannot be written.
    """
    import geopandas

    from layers.store import NewLayer
    from layers.store.naming import unique_name

    declared, rows = kind(kind_key), tuple(records)
    columns = {each.name: [row.get(each.name) for row in rows] for each in declared.fields}
    frame = geopandas.GeoDataFrame(
        columns, geometry=np.full(len(rows), None, dtype=object), crs=project.crs, dtype=object
    )
    name = unique_name(_(declared.title), [info.name for info in project.layers()])
    return project.add_layer(NewLayer(name, kind_key, project.crs), frame, progress or NoProgress())


def fill_register(
    project: Project, plan: Plan, rule: PriorityRule, progress: Progress | None = None
) -> Filled:
    """Add to the register what the plan names and it does not have; make the register where there is none.

    Raises
    ------
    ProjectFileError
        When the project cannot be written; nothing is added then.
    """
    records = starter_records(plan, rule)
    wanted = missing_records(records, codes_of(project))
    there = project.layers_of(KIND.key)
    if not there:
        layer = new_register(project, wanted, progress)
    elif wanted:
        project.apply(fill_edit(there[0], wanted))
        layer = project.layer(there[0].uid)
    else:
        layer = there[0]
    return Filled(layer, tuple(record["name"] for record in wanted), len(records) - len(wanted))
