"""The dashboard of a project as it stands: registers, the latest recommended plan, the ledger's lights."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from layers.platforms import KIND as PLATFORMS
from layers.progress import NoProgress, Progress
from layers.project_demand import KIND as DEMAND
from layers.quotas import KIND as QUOTAS
from zsgis.analysis.features import Features, read_features
from zsgis.dashboard.lights import light_part
from zsgis.dashboard.model import Board, Measure, QuotaMeasure
from zsgis.dashboard.platforms import BoardPlatform, platform_part
from zsgis.dashboard.projects import board_projects
from zsgis.dashboard.quotas import quota_part
from zsgis.dashboard.ranks import rank_part
from zsgis.dashboard.recommended import Recommended, recommended
from zsgis.dashboard.wording import UNITS
from zsgis.demand.priorities import priority_rule
from zsgis.demand.projects import demand_layer, read_demand
from zsgis.demand.quota_limits import quota_layer, read_quotas

if TYPE_CHECKING:
    from layers.store import Project
    from zsgis.ledger.entries import Ledger
    from zsgis.plan import Plan


def read_board(
    project: Project, plan: Plan, ledger: Ledger | None, progress: Progress | None = None
) -> Board:
    """Return the dashboard of a project.

    Parameters
    ----------
    ledger : Ledger or None
        As of now, with what is to be thought of each run. Without it the recommended plan and the lights are
        left out: nothing is shown as current that was not looked at.

    Raises
    ------
    InputError
        When the rule of priorities cannot be used.
    """
    reporter = progress or NoProgress()
    info, quota_info = demand_layer(project), quota_layer(project)
    demand = _none(project, DEMAND.key) if info is None else read_demand(project, info)
    entries = _none(project, QUOTAS.key) if quota_info is None else read_quotas(project, quota_info)
    reporter.step(0.4)
    found = Recommended() if ledger is None else recommended(ledger.runs, demand.layer_uid)
    projects = board_projects(demand, priority_rule(), found.planned)
    platforms = _platforms(project, plan)
    reporter.step(0.6)
    return Board(
        projects=projects,
        platforms={
            (measure, unit): platform_part(platforms, projects, measure, unit, found.reasons)
            for measure, unit in product(Measure, UNITS)
        },
        quotas={
            (measure, unit): quota_part(entries, measure, unit, found.drawn, found.drawing, found.reasons)
            for measure, unit in product(QuotaMeasure, UNITS)
        },
        ranks={unit: rank_part(projects, unit, found.reasons) for unit in UNITS},
        lights=None if ledger is None else light_part(ledger),
    )


def _platforms(project: Project, plan: Plan) -> tuple[BoardPlatform, ...]:
    """Return the plan's platforms, each with its features on the map by name."""
    layers = project.layers_of(PLATFORMS.key)
    features = [read_features(project, info, ("name", "short_name", "plan_key")) for info in layers]
    return tuple(
        BoardPlatform((each.name, each.short_name), _found(features, (each.name, each.short_name, each.key)))
        for each in plan.platforms
    )


def _found(layers: Sequence[Features], names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found = {}
    for features in layers:
        texts = [features.texts(field) for field in ("name", "short_name", "plan_key")]
        places = [place for place in range(len(features)) if any(column[place] in names for column in texts)]
        if places:
            found.update(features.sources(places))
    return found


def _none(project: Project, kind: str) -> Features:
    """Return a register that the project does not have: nothing in it."""
    return Features("", "", kind, (), (), np.empty(0, dtype=object), project.crs, {})
