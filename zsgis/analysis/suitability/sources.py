"""What a project holds for each criterion and limit of a rule: features of a layer, or a raster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layers.errors import InputError, UsageError
from layers.kinds import KINDS, kind
from layers.words import _
from zsgis.analysis.features import Features, read_features
from zsgis.analysis.rasters.cells import RasterSource
from zsgis.analysis.rasters.naming import project_rasters, raster_named, source_of
from zsgis.analysis.suitability.layer_criteria import ClassScore, Inside
from zsgis.analysis.suitability.parameters import SuitabilityParameters
from zsgis.analysis.suitability.raster_criteria import OnRaster, OnTerrain
from zsgis.analysis.suitability.rules import (
    Criterion,
    LayerCriterion,
    Limit,
    RasterCriterion,
    SuitabilityRule,
)
from zsgis.pairs import pairs_of
from zsgis.result import Finding, Severity

if TYPE_CHECKING:
    from layers.pictures.raster_model import RasterPicture
    from layers.store import LayerInfo, Project


@dataclass(frozen=True)
class LayerSource:
    """The features that a criterion or limit is measured on."""

    entry: LayerCriterion | Limit
    info: LayerInfo
    features: Features


@dataclass(frozen=True)
class GridSource:
    """The raster that a criterion is measured on."""

    entry: RasterCriterion
    raster: RasterSource


@dataclass(frozen=True)
class NoSource:
    """A criterion or limit for which the project holds nothing."""

    entry: Criterion | Limit
    finding: Finding


Source = LayerSource | GridSource | NoSource


@dataclass(frozen=True)
class Sources:
    """One for each criterion, then one for each limit, in the rule's order.

    Attributes
    ----------
    findings : tuple of Finding
        Rasters that nobody named.
    """

    all: tuple[Source, ...]
    findings: tuple[Finding, ...]


def find_sources(project: Project, rule: SuitabilityRule, chosen: SuitabilityParameters) -> Sources:
    """Return what the project holds for a rule.

    Raises
    ------
    InputError
        For a kind of layer that does not exist, a missing field, or a raster named for this run that is not
        there.
    UsageError
        When a raster is named for a criterion that is none of the rule's.
    """
    named = _named_rasters(rule, chosen)
    rasters = project_rasters(project)
    found: list[Source] = []
    told: list[Finding] = []
    for entry in (*rule.criteria, *rule.limits):
        if isinstance(entry, OnRaster):
            raster, findings = _raster(project, entry, named.get(entry.key, ""), rasters)
            told += findings
            found.append(_missing(entry, None) if raster is None else GridSource(entry, raster))
        else:
            found.append(_layer_source(project, entry))
    return Sources(tuple(found), tuple(told))


def _layer_source(project: Project, entry: LayerCriterion | Limit) -> Source:
    if entry.kind not in KINDS:
        raise InputError(
            _("The rule names a kind of layer that does not exist: {kind}").format(kind=entry.kind),
            remedy=_("Known: {names}").format(names=", ".join(KINDS)),
        )
    there = project.layers_of(entry.kind)
    if not there:
        return _missing(entry, None)
    features = _meant(project, there[0], entry)
    return LayerSource(entry, there[0], features) if len(features) else _missing(entry, there[0])


def _meant(project: Project, info: LayerInfo, entry: LayerCriterion | Limit) -> Features:
    if isinstance(entry, ClassScore):
        return read_features(project, info, required=[kind(info.kind).class_field])
    field = entry.field if isinstance(entry, (Inside, Limit)) else ""
    values: Sequence[str] = entry.values if isinstance(entry, (Inside, Limit)) else ()
    return read_features(project, info, required=[field] if field else []).where(field, values)


def _missing(entry: Criterion | Limit, info: LayerInfo | None) -> NoSource:
    if isinstance(entry, Limit):
        text = _("Limit “{title}” was not checked: the project holds no such features.")
    elif isinstance(entry, OnRaster):
        text = _("Criterion “{title}” was left out: the project holds no such raster. The others weigh more.")
    else:
        text = _(
            "Criterion “{title}” was left out: the project holds no such features. The others weigh more."
        )
    sources = {} if info is None else {info.uid: ()}
    finding = Finding("suitability.not_measured", Severity.WARNING, text.format(title=entry.title), sources)
    return NoSource(entry, finding)


def _named_rasters(rule: SuitabilityRule, chosen: SuitabilityParameters) -> dict[str, str]:
    """Return the rasters named for this run, by the criterion's key."""
    on_rasters = {c.key: c for c in rule.criteria if isinstance(c, OnRaster)}
    named = {}
    if chosen.dem.strip():
        named = {key: chosen.dem.strip() for key, entry in on_rasters.items() if isinstance(entry, OnTerrain)}
    for key, name in pairs_of(chosen.rasters):
        if not name or key not in on_rasters:
            raise UsageError(
                _("“{part}” names no raster of a criterion.").format(part=f"{key}={name}" if name else key),
                remedy=_("Write criterion=raster; criteria measured on rasters: {names}").format(
                    names="、".join(on_rasters) or _("none")
                ),
            )
        named[key] = name
    return named


def _raster(
    project: Project, entry: RasterCriterion, named: str, rasters: tuple[RasterPicture, ...]
) -> tuple[RasterSource | None, list[Finding]]:
    asked = named or entry.raster
    if asked:
        found = raster_named(project, asked, rasters)
        if found is None and named:
            raise InputError(
                _("Criterion “{title}”: there is no raster “{name}”.").format(title=entry.title, name=named),
                remedy=_("Name a raster of the project, or a file."),
            )
        return found, []
    if not isinstance(entry, OnTerrain):
        return None, []
    terrain = [p for p in rasters if p.style.mode == "hillshade" or p.style.shaded]
    if not terrain:
        return None, []
    told = []
    if len(terrain) > 1:
        text = _("Criterion “{title}”: no terrain model was named, so “{name}” was taken; there are: {names}")
        names = "、".join(picture.name for picture in terrain)
        text = text.format(title=entry.title, name=terrain[0].name, names=names)
        told.append(Finding("suitability.raster_chosen", Severity.WARNING, text, {}))
    return source_of(terrain[0]), told
