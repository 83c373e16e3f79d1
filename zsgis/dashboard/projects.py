"""The register of demand as the dashboard counts it: stage, rank, areas of each project."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from layers.area import to_cents
from layers.project_demand import STAGES
from zsgis.analysis.features import Features
from zsgis.dashboard.model import BoardProject, Measure, Sources
from zsgis.demand.priorities import PriorityRule
from zsgis.demand.projects import rank_of
from zsgis.demand.stages import record_of, stages_of


@dataclass(frozen=True)
class Planned:
    """What the recommended plan of a run gives a project: area in 0.01 m2, and the parcels it takes."""

    cents: int
    parcels: Sources = field(default_factory=dict)


def board_projects(
    features: Features, rule: PriorityRule, planned: Mapping[str, Planned]
) -> tuple[BoardProject, ...]:
    """Return the projects of a register, in its order.

    An area is due of a stage that was reached (approved, supplied): where it is not stated it is None, to be
    entered, and never taken from another field.

    Parameters
    ----------
    planned : mapping
        By ``zs_uid`` of the project; empty without a run.
    """
    stages, platforms = stages_of(features), features.texts("platform")
    wanted = features.numbers("land_wanted_m2")
    areas = {
        Measure.APPROVED: (_place("approved"), features.numbers("approved_area_m2")),
        Measure.SUPPLIED: (_place("supplied"), features.numbers("supplied_area_m2")),
    }
    found = []
    for place, uid in enumerate(features.uids):
        stage = stages[place]
        reached = -1 if stage is None else STAGES.index(stage)
        cents: dict[Measure, int | None] = {Measure.WANTED: _cents(wanted[place])}
        for measure, (due, values) in areas.items():
            if reached >= due or values[place] > 0:
                cents[measure] = _cents(values[place])
        given = planned.get(uid)
        if given is not None:
            cents[Measure.PLANNED] = given.cents
        found.append(
            BoardProject(
                uid,
                features.names[place],
                platforms[place],
                reached,
                rank_of(record_of(features, place), rule),
                cents,
                {**(given.parcels if given is not None else {}), features.layer_uid: (uid,)},
            )
        )
    return tuple(found)


def summed(projects: Sequence[BoardProject], measure: Measure) -> tuple[int, int, int]:
    """Return the sum of an area in 0.01 m2, how many state one, and of how many it is to be entered."""
    stated = [project.cents[measure] for project in projects if measure in project.cents]
    known = [cents for cents in stated if cents is not None]
    return sum(known), len(known), len(stated) - len(known)


def _place(key: str) -> int:
    return next(place for place, stage in enumerate(STAGES) if stage.key == key)


def _cents(value: float) -> int | None:
    if math.isnan(value) or value <= 0:
        return None
    return int(to_cents(value)[0])
