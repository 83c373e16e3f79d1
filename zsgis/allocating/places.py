"""Distances to named places: within what distance of which place a project's land must lie."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from layers.errors import InputError, UsageError
from layers.words import _
from zsgis.allocating.asking import Codes, key_of
from zsgis.allocating.parameters import AllocateParameters
from zsgis.allocation.problem import Problem
from zsgis.analysis.features import Features, read_features
from zsgis.analysis.suitability.values import distances_m
from zsgis.analysis.zoned import UsedLayer
from zsgis.pairs import pairs_of
from zsgis.supply.finding import Found

if TYPE_CHECKING:
    from layers.store import Project

# layers of few features that have names of their own
_KINDS = ("points", "carriers", "incubators", "lines", "platforms", "towns", "zones")


def with_distances(
    project: Project,
    asked: AllocateParameters,
    problem: Problem,
    found: Found,
    codes: Codes,
) -> tuple[Problem, tuple[UsedLayer, ...]]:
    """Return the problem with the distances that were asked for, and the layers in which places were found.

    Distances are metres in the plane of measuring, from the edge of the land to the nearest feature that has
    the place's name. Land at a distance that is not known, because it or the place has no shape, is given to
    nobody who asks for one.

    Raises
    ------
    InputError
        When there is no such place or project.
    UsageError
        When a distance is no number.
    """
    within = _asked_for(asked.near, codes)
    if not within:
        return problem, ()
    measured, used = _measured(project, {place: None for own in within.values() for place in own}, found)
    candidates = tuple(
        dataclasses.replace(each, distances_m=measured.get(each.key, {})) for each in problem.candidates
    )
    projects = tuple(
        dataclasses.replace(each, within_m=within.get(each.key, each.within_m)) for each in problem.projects
    )
    return dataclasses.replace(problem, candidates=candidates, projects=projects), used


def _asked_for(text: str, codes: Codes) -> dict[str, dict[str, int]]:
    """Return, by key of a project, how far at most its land may lie from which places, in metres."""
    within: dict[str, dict[str, int]] = {}
    for name, value in pairs_of(text):
        place, sign, metres = value.rpartition("@")
        if not sign or not metres.strip().isdecimal():
            raise UsageError(
                _("“{value}” is no place with a distance.").format(value=value),
                remedy=_("As project=place@5000, in metres."),
            )
        within.setdefault(key_of(codes, name), {})[place.strip()] = int(metres)
    return within


def _measured(
    project: Project, places: Iterable[str], found: Found
) -> tuple[dict[str, dict[str, int]], tuple[UsedLayer, ...]]:
    """Return, by key of the candidate, its distance to each place, rounded up to metres."""
    land = found.supply.land
    measured: dict[str, dict[str, int]] = {}
    used: dict[str, UsedLayer] = {}
    for place in places:
        nearest = np.full(len(land), np.nan)
        for layer, features in _called(project, place):
            used[layer.info.uid] = layer
            nearest = np.fmin(nearest, distances_m(land.features("land"), features, found.how))
        for key, distance in zip(land.keys, nearest, strict=True):
            if math.isfinite(distance):
                measured.setdefault(key, {})[place] = math.ceil(distance)
    return measured, tuple(used.values())


def _called(project: Project, place: str) -> list[tuple[UsedLayer, Features]]:
    """Return the features that have this name, by layer."""
    out = []
    for info in project.layers_of(*_KINDS):
        features = read_features(project, info)
        named = [number for number, name in enumerate(features.names) if name == place]
        if named:
            out.append((UsedLayer("place", info), features.taken(named)))
    if not out:
        raise InputError(
            _("No layer of the project has a place “{place}”.").format(place=place),
            remedy=_("Places are points, carriers, lines, platforms, towns and zones, by their names."),
        )
    return out
