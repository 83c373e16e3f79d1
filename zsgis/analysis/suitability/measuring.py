"""A project's layers measured for every criterion and limit of the rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layers.errors import InputError
from layers.kinds import KINDS, kind
from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.analysis.classes import class_codes, class_findings, class_standard
from zsgis.analysis.features import Features, read_features
from zsgis.analysis.suitability.rules import (
    ClassScore,
    Criterion,
    Density,
    Distance,
    Inside,
    Limit,
    SuitabilityRule,
)
from zsgis.analysis.suitability.values import class_scores, densities_per_km2, distances_m, shares_inside
from zsgis.analysis.zoned import Measuring
from zsgis.result import Finding, Severity

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project


@dataclass(frozen=True)
class MeasuredParcels:
    """What every criterion and limit measures of every parcel.

    Attributes
    ----------
    values, parts : ndarray of float64, shape (parcels, criteria)
        Values in the criterion's unit, and their scores; NaN where a value is not known.
    used : ndarray of bool, shape (criteria,)
        False where the project has no layer for the criterion.
    limits : ndarray of float64, shape (parcels, limits)
        Share of each parcel under a limit in per cent; NaN where the limit could not be checked.
    infos : tuple of LayerInfo
        The layers that were looked at, each once.
    """

    values: NDArray[np.float64]
    parts: NDArray[np.float64]
    used: NDArray[np.bool_]
    limits: NDArray[np.float64]
    infos: tuple[LayerInfo, ...]
    findings: tuple[Finding, ...]


def measure_parcels(
    project: Project, parcels: Features, rule: SuitabilityRule, how: Measuring, progress: Progress
) -> MeasuredParcels:
    """Measure parcels for a rule; what the project has no layer for is named and left out."""
    count, total = len(parcels), len(rule.criteria) + len(rule.limits)
    values = np.full((count, len(rule.criteria)), np.nan)
    limits = np.full((count, len(rule.limits)), np.nan)
    used = np.zeros(len(rule.criteria), dtype=bool)
    infos: dict[str, LayerInfo] = {}
    found: list[Finding] = []
    for number, entry in enumerate((*rule.criteria, *rule.limits)):
        part = ProgressPart(progress, number / total, (number + 1) / total)
        info = _layer(project, entry.kind)
        layer = None if info is None else _meant(project, info, entry)
        if info is None or layer is None or not len(layer):
            found.append(_not_there(entry, info))
            continue
        infos[info.uid] = info
        measured, told = _measured(project, parcels, info, layer, entry, how, part)
        found += [finding for finding in told if finding not in found]
        if isinstance(entry, Limit):
            limits[:, number - len(rule.criteria)] = measured
        else:
            values[:, number], used[number] = measured, True
    parts = np.column_stack([c.score(values[:, n]) for n, c in enumerate(rule.criteria)])
    # a criterion that is not used weighs nothing; a NaN in it must not take the score away
    parts[:, ~used] = 0.0
    return MeasuredParcels(values, parts, used, limits, tuple(infos.values()), tuple(found))


def _layer(project: Project, key: str) -> LayerInfo | None:
    if key not in KINDS:
        raise InputError(
            _("The rule names a kind of layer that does not exist: {kind}").format(kind=key),
            remedy=_("Known: {names}").format(names=", ".join(KINDS)),
        )
    found = project.layers_of(key)
    return found[0] if found else None


def _meant(project: Project, info: LayerInfo, entry: Criterion | Limit) -> Features:
    if isinstance(entry, ClassScore):
        return read_features(project, info, required=[kind(info.kind).class_field])
    field = entry.field if isinstance(entry, (Inside, Limit)) else ""
    values: Sequence[str] = entry.values if isinstance(entry, (Inside, Limit)) else ()
    layer = read_features(project, info, required=[field] if field else [])
    return layer.where(field, values)


def _measured(
    project: Project,
    parcels: Features,
    info: LayerInfo,
    layer: Features,
    entry: Criterion | Limit,
    how: Measuring,
    progress: Progress,
) -> tuple[NDArray[np.float64], tuple[Finding, ...]]:
    if isinstance(entry, Distance):
        return distances_m(parcels, layer, how), ()
    if isinstance(entry, Density):
        return densities_per_km2(parcels, layer, entry.radius_m, how), ()
    if isinstance(entry, ClassScore):
        of = class_standard(project, info)
        codes = class_codes(layer.columns[kind(info.kind).class_field], of)
        score, told = class_scores(parcels, layer, codes, of, entry, how, progress)
        return score, (*told, *class_findings(layer, codes, of))
    share, told = shares_inside(parcels, layer, how, progress)
    return 100.0 * share, told


def _not_there(entry: Criterion | Limit, info: LayerInfo | None) -> Finding:
    text = (
        _("Limit “{title}” was not checked: the project holds no such features.")
        if isinstance(entry, Limit)
        else _("Criterion “{title}” was left out: the project holds no such features. The others weigh more.")
    )
    sources = {} if info is None else {info.uid: ()}
    return Finding("suitability.not_measured", Severity.WARNING, text.format(title=entry.title), sources)
