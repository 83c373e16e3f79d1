"""Rooms that could be converted: buildings of which a rule concludes so. They are rooms and no land."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from layers.progress import Progress
from zsgis.analysis.clauses.rules import ClauseRule
from zsgis.analysis.features import read_features
from zsgis.analysis.rule_files import read_rule
from zsgis.supply.gathering import conclusions_of
from zsgis.supply.model import Room
from zsgis.supply.rules import Rooms

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project


def rooms_of(
    project: Project, asked: Rooms | None, day: dt.date, progress: Progress
) -> tuple[tuple[Room, ...], LayerInfo | None, str]:
    """Return convertible rooms, the layer they stand in and the rule in words; nothing without a layer.

    Raises
    ------
    InputError
        When the rule file cannot be used.
    """
    there = project.layers_of(asked.kind) if asked is not None else ()
    if asked is None or not there:
        return (), None, ""
    info, rule = there[0], read_rule(ClauseRule, asked.rule, "screening_rooms")
    concluded = dict(conclusions_of(project, info, rule, asked.conclusions, day, progress))
    features = read_features(project, info, ("floor_area_m2", "town"))
    floors, towns = features.areas_m2("floor_area_m2"), features.texts("town")
    rooms = tuple(
        Room(info.uid, uid, features.names[place], concluded[uid], float(floors[place]), towns[place])
        for place, uid in enumerate(features.uids)
        if uid in concluded
    )
    return rooms, info, rule.words
