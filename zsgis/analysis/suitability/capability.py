"""Suitability (适宜性评价): parcels scored by criteria that are data, with hard limits as a mask.

Odd input: a criterion or limit for which the project holds nothing is named; such a criterion weighs nothing
and the others weigh more, such a limit excludes nobody. A parcel without a shape has no score; a broken one
is repaired for the computation, and named. A coordinate that is not a number is refused with its feature
named. Of values, NaN never becomes 0; a parcel on no cell of a criterion's raster with a value is named and
has no score. Zones over each other count land in each, the total once; an empty zone has a row of nothing; a
parcel on the border counts in each zone with its part, under the score of the whole, and what lies in no
zone has a row of its own. Parcels over each other count twice, and are named. A layer without features
counts as nothing. Codes that nobody knows score 0 and are named. Distances are planar, in the parcels' own
projection or, for layers in degrees, the project's. Rasters stay on their own grid, the parcels are brought
onto it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.errors import InputError
from layers.progress import Progress, ProgressPart
from layers.secrecy import highest
from layers.words import N_, _
from zsgis.analysis.features import Features, read_features
from zsgis.analysis.layers_used import find_layer, unsigned_record
from zsgis.analysis.parameter_fields import PARCEL_KINDS
from zsgis.analysis.suitability.gridded import UsedRaster
from zsgis.analysis.suitability.measuring import Zoned, measure_parcels
from zsgis.analysis.suitability.parameters import SuitabilityParameters
from zsgis.analysis.suitability.raster_criteria import OnRaster
from zsgis.analysis.suitability.rules import suitability_rule
from zsgis.analysis.suitability.scoring import Scores, Swing, swings
from zsgis.analysis.suitability.sources import find_sources
from zsgis.analysis.suitability.surface import Surface, score_surface
from zsgis.analysis.suitability.tables import (
    CLASS_COLORS,
    CLASS_EDGES,
    EXCLUDED_COLOR,
    UNKNOWN_COLOR,
    Scored,
    class_words,
    parcel_table,
    swing_table,
    weight_table,
    zone_table,
)
from zsgis.analysis.suitability.weighting import weighting_of
from zsgis.analysis.zoned import (
    Measured,
    Measuring,
    UsedLayer,
    Zones,
    basis_words,
    chosen_among,
    find_zones,
    line_table,
    measure_pieces,
    measuring_of,
    measuring_words,
    overlay_findings,
    read_zones,
    signed,
    without_geometry,
)
from zsgis.capability import Capability, Parameters
from zsgis.charts import Histogram, MapClass, ResultGrid, ResultMap
from zsgis.printed_balance import printed_unit
from zsgis.result import Result, Table

if TYPE_CHECKING:
    from layers.store import Project

TITLE = N_("Suitability of land")
_BINS = 20


def results(
    scored: Scored,
    zones: Zones | None,
    measured: Measured,
    how: Measuring,
    parameters: SuitabilityParameters,
    surface: Surface | None = None,
) -> Result:
    """Return tables, chart, map and raster; the run record holds method and rule, no inputs yet."""
    unit = printed_unit(parameters.unit, parameters.digits)
    notes = (_("Area basis: {basis}.").format(basis=basis_words(how.basis)),)
    swung = swings(scored.scores, parameters.swing_pct / 100.0)
    words = class_words()
    areas = line_table(scored.parcels, zones, measured, scored.classes, len(words))
    by_zone, _balanced = zone_table(scored, areas, unit, notes)
    tables: tuple[Table, ...] = (
        parcel_table(scored, (_("Rule: {rule}.").format(rule=scored.rule.words),)),
        by_zone,
        weight_table(scored),
        swing_table(scored, swung),
    )
    return Result(
        capability="suitability",
        title=_(TITLE),
        tables=tables,
        findings=(*overlay_findings(scored.parcels, zones, measured), *scored.measured.findings),
        adjustments=(),
        run=unsigned_record((), _method(scored, zones, how, surface), scored.rule.versions),
        facts=_facts(scored, swung),
        charts=(_histogram(scored),),
        maps=(_map(scored),),
        grids=() if surface is None else (_score_grid(surface, scored.parcels, how),),
    )


def _facts(scored: Scored, swung: tuple[Swing, ...]) -> dict[str, object]:
    total = scored.total
    known = total[~np.isnan(total)]
    used = [swing for swing in swung if scored.measured.used[swing.criterion]]
    return {
        "parcels": len(total),
        "scored": len(known),
        "excluded": int(scored.scores.excluded.sum()),
        "mean_score": float(known.mean()) if known.size else None,
        "least_rank_correlation": min(
            (s.correlation for s in used if not np.isnan(s.correlation)), default=None
        ),
        "weights": {
            criterion.key: float(weight)
            for criterion, weight in zip(scored.rule.criteria, scored.weighting.weights, strict=True)
        },
    }


def _method(scored: Scored, zones: Zones | None, how: Measuring, surface: Surface | None) -> tuple[str, ...]:
    return (
        _(
            "Every criterion gives each parcel of “{parcels}” a score from 0 to 100 by the curve of the "
            "rule file; the score is their weighted mean. Parcels beyond a hard limit have none."
        ).format(parcels=scored.parcels.layer_name),
        *scored.weighting.words,
        *(used.words for used in scored.measured.rasters),
        *(() if surface is None else (_surface_words(surface),)),
        *measuring_words(scored.parcels, zones, how),
    )


def _surface_words(surface: Surface) -> str:
    return _(
        "Raster of scores: cells of {side:g} m, each with the score at its centre, edges on multiples of "
        "the side; without a value outside the parcels, on the features of a limit ({masked:,} cells) and "
        "where a criterion has none."
    ).format(side=surface.cell_m, masked=surface.masked)


def _score_grid(surface: Surface, parcels: Features, how: Measuring) -> ResultGrid:
    return ResultGrid(
        key="scores",
        title=_("Raster of scores"),
        crs=how.plane,
        transform=surface.transform,
        cells=surface.cells,
        classes=tuple(
            MapClass(f"{low:g}", name, color)
            for low, name, color in zip(CLASS_EDGES[:-1], class_words(), CLASS_COLORS, strict=False)
        ),
        unit=_("Score"),
        ramp="score",
        limits=(CLASS_EDGES[0], CLASS_EDGES[-1]),
        layer_uid=parcels.layer_uid,
    )


def _histogram(scored: Scored) -> Histogram:
    total = scored.total
    known = total[~np.isnan(total)]
    counts, edges = np.histogram(known, bins=_BINS, range=(CLASS_EDGES[0], CLASS_EDGES[-1]))
    marks = {_("Median"): float(np.median(known))} if known.size else {}
    return Histogram(
        "scores",
        _("Scores of the parcels"),
        tuple(edges.tolist()),
        tuple(counts.tolist()),
        unit=_("Score"),
        count_unit=_("Parcels"),
        marks=marks,
    )


def _map(scored: Scored) -> ResultMap:
    colors = (*CLASS_COLORS, EXCLUDED_COLOR, UNKNOWN_COLOR)
    words = class_words()
    return ResultMap(
        key="scores",
        title=_("Map of scores"),
        crs=scored.parcels.crs,
        geometry=scored.parcels.geometry,
        columns={
            "class": tuple(str(number) for number in scored.classes.tolist()),
            "parcel": scored.parcels.names,
            "score": tuple(None if math.isnan(score) else round(score, 2) for score in scored.total.tolist()),
            "rank": tuple(place or None for place in scored.rank.tolist()),
            "reason": scored.reasons,
        },
        color_by="class",
        classes=tuple(
            MapClass(str(number), name, color)
            for number, (name, color) in enumerate(zip(words, colors, strict=True))
        ),
        layer_uid=scored.parcels.layer_uid,
        sources=tuple((uid,) for uid in scored.parcels.uids),
    )


def run(project: Project, parameters: Parameters, progress: Progress) -> Result:
    """Score a project's parcels."""
    assert isinstance(parameters, SuitabilityParameters)  # noqa: S101 - the registry pairs the two
    rule = suitability_rule(parameters.rule)
    info = find_layer(project, parameters.parcels, PARCEL_KINDS)
    if info is None:
        raise InputError(
            _("The project has no layer of parcels."),
            where=str(project.path),
            remedy=_("Import one (zsgis import … --as {kind}).").format(kind="industrial_parcels"),
        )
    zones_info = find_zones(project, parameters.zones, (info.kind,))
    how = measuring_of(project, parameters, info, zones_info)
    parcels: Features = read_features(project, info)
    zones = None if zones_info is None else read_zones(project, zones_info)
    sources = find_sources(project, rule, parameters)
    measured = without_geometry(measure_pieces(parcels, zones, how, ProgressPart(progress, 0.05, 0.25)))
    zoned = None if zones_info is None else Zoned(zones_info.uid, measured)
    part = ProgressPart(progress, 0.25, 0.7)
    values = measure_parcels(project, parcels, rule, sources, how, part, zoned)
    weighting = weighting_of(rule.criteria, values.used, parameters)
    beyond = np.array([limit.most_share_pct for limit in rule.limits])
    # a limit that could not be checked excludes nobody, and is named
    excluded = np.asarray((np.nan_to_num(values.limits, nan=-1.0) > beyond).any(axis=1), dtype=np.bool_)
    scored = Scored(parcels, rule, weighting, values, Scores(values.parts, weighting.weights, excluded))
    surface = None
    if parameters.cell_m != 0:
        part = ProgressPart(progress, 0.7, 0.9)
        surface = score_surface(
            project, parcels, rule, sources, weighting.weights, how, parameters.cell_m, part
        )
    result = results(scored, zones, measured, how, parameters, surface)
    used = [
        UsedLayer("parcels", info, how.basis),
        *([UsedLayer("zones", zones_info)] if zones_info is not None else []),
        *(UsedLayer("criterion", each) for each in values.infos),
    ]
    done = _with_rasters(signed(project, result, used, how.plane), values.rasters)
    chosen = (
        *chosen_among(project, info, parameters.parcels),
        *chosen_among(project, zones_info, parameters.zones),
    )
    progress.step(1.0)
    return dataclasses.replace(done, findings=(*chosen, *done.findings))


def _with_rasters(result: Result, rasters: tuple[UsedRaster, ...]) -> Result:
    """Return a result with the record and the secrecy of the rasters behind it."""
    record = dataclasses.replace(
        result.run, inputs=(*result.run.inputs, *(raster.record for raster in rasters))
    )
    secrecy = highest(result.secrecy, *(raster.secrecy for raster in rasters))
    return dataclasses.replace(result, run=record, secrecy=secrecy)


def criteria_on_rasters(chosen: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return key and title of the criteria that are measured on rasters, by the rule file chosen."""
    criteria = suitability_rule(str(chosen.get("rule", ""))).criteria
    return tuple((each.key, each.title) for each in criteria if isinstance(each, OnRaster))


CAPABILITY = Capability(
    key="suitability",
    title=TITLE,
    summary=N_("How well each parcel suits research and new industry, with the reasons of its score."),
    stage="analysis",
    parameters=SuitabilityParameters,
    run=run,
    notes=(
        N_(
            "Criteria, their curves, weights and the hard limits stand in a rule file, a proposal that the "
            "bureau copies and changes."
        ),
        N_(
            "Weights come from the rule, by hand, or by comparison in pairs (AHP); contradicting "
            "comparisons are refused unless a reason is stated."
        ),
        N_(
            "A criterion that the project has no layer for is named and weighs nothing; a limit that cannot "
            "be checked is named and excludes nobody."
        ),
    ),
    keys={"rasters": criteria_on_rasters},
)
