"""Parcels measured for every criterion and limit of the rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layers.kinds import kind
from layers.progress import Progress, ProgressPart
from zsgis.analysis.classes import class_codes, class_findings, class_standard
from zsgis.analysis.features import Features
from zsgis.analysis.suitability.gridded import UsedRaster, raster_means
from zsgis.analysis.suitability.layer_criteria import ClassScore, Density, Distance, Inside
from zsgis.analysis.suitability.rules import Limit, SuitabilityRule
from zsgis.analysis.suitability.sources import GridSource, LayerSource, NoSource, Sources
from zsgis.analysis.suitability.values import (
    class_scores,
    densities_per_km2,
    distances_m,
    shares_in_zones,
    shares_inside,
)
from zsgis.analysis.zoned import Measured, Measuring
from zsgis.result import Finding

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
        False where the project holds nothing for the criterion.
    limits : ndarray of float64, shape (parcels, limits)
        Share of each parcel under a limit in per cent; NaN where the limit could not be checked.
    infos : tuple of LayerInfo
        The layers that were looked at, each once.
    rasters : tuple of UsedRaster
        The rasters, by criterion.
    """

    values: NDArray[np.float64]
    parts: NDArray[np.float64]
    used: NDArray[np.bool_]
    limits: NDArray[np.float64]
    infos: tuple[LayerInfo, ...]
    rasters: tuple[UsedRaster, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Zoned:
    """The parcels as they were cut by a layer of zones: a criterion on that layer need not cut them again."""

    layer_uid: str
    measured: Measured

    def serves(self, source: LayerSource) -> bool:
        """Tell whether a source asks for the share in all of these zones, none of which lies over another."""
        entry = source.entry
        return (
            isinstance(entry, (Inside, Limit))
            and not entry.field
            and source.info.uid == self.layer_uid
            and not self.measured.overlay.zone_overlaps
        )


def measure_parcels(
    project: Project,
    parcels: Features,
    rule: SuitabilityRule,
    sources: Sources,
    how: Measuring,
    progress: Progress,
    zoned: Zoned | None = None,
) -> MeasuredParcels:
    """Measure parcels for a rule; what the project holds nothing for is named and left out."""
    count, criteria = len(parcels), len(rule.criteria)
    measured = np.full((count, len(sources.all)), np.nan)
    infos: dict[str, LayerInfo] = {}
    rasters: list[UsedRaster] = []
    found = list(sources.findings)
    for number, source in enumerate(sources.all):
        part = ProgressPart(progress, number / len(sources.all), (number + 1) / len(sources.all))
        if isinstance(source, NoSource):
            found.append(source.finding)
            continue
        if isinstance(source, GridSource):
            measured[:, number], told, used_raster = raster_means(source, parcels, part)
            rasters.append(used_raster)
        elif zoned is not None and zoned.serves(source):
            infos[source.info.uid] = source.info
            # what was noticed about them is told with the zones
            measured[:, number], told = 100.0 * shares_in_zones(zoned.measured), ()
        else:
            infos[source.info.uid] = source.info
            measured[:, number], told = _on_layer(project, parcels, source, how, part)
        found += [finding for finding in told if finding not in found]
    used = np.array([not isinstance(source, NoSource) for source in sources.all[:criteria]], dtype=np.bool_)
    values = measured[:, :criteria]
    parts = np.column_stack([c.score(values[:, n]) for n, c in enumerate(rule.criteria)])
    # a criterion that is not used weighs nothing; a NaN in it must not take the score away
    parts[:, ~used] = 0.0
    return MeasuredParcels(
        values, parts, used, measured[:, criteria:], tuple(infos.values()), tuple(rasters), tuple(found)
    )


def _on_layer(
    project: Project, parcels: Features, source: LayerSource, how: Measuring, progress: Progress
) -> tuple[NDArray[np.float64], tuple[Finding, ...]]:
    entry, layer = source.entry, source.features
    if isinstance(entry, Distance):
        return distances_m(parcels, layer, how), ()
    if isinstance(entry, Density):
        return densities_per_km2(parcels, layer, entry.radius_m, how), ()
    if isinstance(entry, ClassScore):
        of = class_standard(project, source.info)
        codes = class_codes(layer.columns[kind(source.info.kind).class_field], of)
        score, told = class_scores(parcels, layer, codes, of, entry, how, progress)
        return score, (*told, *class_findings(layer, codes, of))
    share, told = shares_inside(parcels, layer, how, progress)
    return 100.0 * share, told
