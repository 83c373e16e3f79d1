"""Fragmentation: how many patches land of some classes lies in, how large and how crooked they are.

Zones
    Without zones the layer counts as a whole. Zones over each other each count their land; the area is
    deducted once (``cut``), and the total speaks of the layer's own patches, uncut. With ``whole`` a patch
    counts once, in the zone that holds most of it (of equal parts the first). An empty zone has a row with
    no patches; land in no zone has a row of its own.
Parcels
    On a zone's border they are cut, or follow their patch. Without a shape or an area they count nowhere,
    with a finding; broken rings are repaired for the computation, with a finding; parcels over each other
    are named. Parcels without a class, and with a code that the standard does not know, are not looked at
    unless every class is, and are named in findings. A layer without the field of classes is refused.
Coordinates
    In degrees the layer is cut and its distances are measured in the project's plane. NaN in coordinates is
    refused by name. Areas are on the layer's basis; perimeters, shapes and distances are planar.
Standards
    A layer has one standard; class codes of the parameters are read in it.
Slivers
    Patches under the tolerance of slivers are left by cuts: they stay in the area and are no patches.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from layers.errors import InputError
from layers.kinds import kind
from layers.progress import Progress, ProgressPart
from layers.words import N_, _
from zsgis.analysis.classes import class_codes, class_findings, class_standard
from zsgis.analysis.contiguity.sizes import SizeClasses
from zsgis.analysis.features import Features, read_features
from zsgis.analysis.fragmentation.adjustments import adjustments
from zsgis.analysis.fragmentation.charts import patch_map, size_charts
from zsgis.analysis.fragmentation.choosing import choose_classes, chosen_land
from zsgis.analysis.fragmentation.counting import area_cents, count_cut, count_whole
from zsgis.analysis.fragmentation.metrics_table import metrics_table
from zsgis.analysis.fragmentation.parameters import FragmentationParameters
from zsgis.analysis.fragmentation.raster_result import raster_result
from zsgis.analysis.fragmentation.rules import FragmentationRule, fragmentation_rule
from zsgis.analysis.fragmentation.tables import Printing, patches_table, sizes_table, summary_table
from zsgis.analysis.fragmentation.words import facts, method, notes, sliver_findings
from zsgis.analysis.layers_used import find_layer, unsigned_record
from zsgis.analysis.zoned import (
    Measuring,
    UsedLayer,
    Zones,
    chosen_among,
    find_zones,
    input_findings,
    measure_pieces,
    measuring_of,
    overlay_findings,
    read_zones,
    signed,
)
from zsgis.analysis.zoned.parameters import LAND_KINDS
from zsgis.capability import Capability, Parameters
from zsgis.printed_balance import printed_unit
from zsgis.result import Result

if TYPE_CHECKING:
    from layers.classification import Standard
    from layers.store import LayerInfo, Project

TITLE = N_("Fragmentation")


@dataclasses.dataclass(frozen=True)
class Subject:
    """The land looked at.

    Attributes
    ----------
    land : Features
        Parcels of the chosen classes.
    layer : Features
        All parcels of the layer.
    chosen_words : str
        The classes in words.
    standard_words : str
        The standard's title and version.
    """

    land: Features
    layer: Features
    chosen_words: str
    standard_words: str


def compute(
    subject: Subject,
    zones: Zones | None,
    how: Measuring,
    rule: FragmentationRule,
    *,
    parameters: FragmentationParameters,
    progress: Progress,
) -> Result:
    """Return the fragmentation of land: tables, charts, map, findings.

    Reads nothing and changes nothing; the run record holds method and rules, and no inputs yet.
    """
    land = subject.land
    measured = measure_pieces(land, zones, how, ProgressPart(progress, 0.0, 0.4))
    found = (
        *input_findings(land, zones, how, measured),
        *overlay_findings(land, zones, measured),
    )
    layer_cents = int(area_cents(subject.layer, how).sum())
    count = count_whole if parameters.border == "whole" else count_cut
    counted = count(
        land, zones, measured, how, parameters.touch_m, layer_cents, ProgressPart(progress, 0.42, 0.85)
    )
    unit = printed_unit(parameters.unit, parameters.digits)
    printing = Printing(land, counted, SizeClasses(rule.size_classes_mu), rule.small_mu, unit)
    said = notes(subject.chosen_words, zones, how, parameters)
    progress.step(0.86, _("Writing the tables"))
    tables = [summary_table(printing, _("Fragmentation by zone"), said)]
    progress.step(0.87)
    tables.append(sizes_table(printing, _("Patches by size"), said))
    progress.step(0.88)
    tables.append(patches_table(printing, _("List of patches"), said))
    if parameters.metrics:
        part = ProgressPart(progress, 0.89, 0.97)
        tables.append(metrics_table(printing, subject.layer, zones, how, parameters, part))
    progress.step(0.97)
    charts, drawn = size_charts(printing), patch_map(printing, how)
    progress.step(0.98)
    return Result(
        capability="fragmentation",
        title=_(TITLE),
        tables=tuple(tables),
        findings=(*found, *sliver_findings(printing)),
        adjustments=tuple(adjustments(printing, measured)),
        run=unsigned_record(
            (),
            method(land, subject.chosen_words, zones, how, parameters),
            {"fragmentation": rule.words, "standard": subject.standard_words},
        ),
        facts=facts(printing, how),
        charts=charts,
        maps=(drawn,),
    )


def run(project: Project, parameters: Parameters, progress: Progress) -> Result:
    """Compute fragmentation from a project's layers, or from a raster of classes."""
    assert isinstance(parameters, FragmentationParameters)  # noqa: S101 - the registry pairs the two
    if parameters.raster:
        return raster_result(project, parameters, progress)
    info = _land_layer(project, parameters)
    zones_info = find_zones(project, parameters.zones, (info.kind,))
    rule = fragmentation_rule(parameters.rule)
    standard = class_standard(project, info)
    field = kind(info.kind).class_field
    layer = read_features(project, info, required=(field,))
    codes = class_codes(layer.columns[field], standard)
    classes = choose_classes(standard, parameters.classes)
    subject = Subject(
        chosen_land(layer, codes, classes, standard),
        layer,
        _class_words(standard, classes),
        _titled(standard),
    )
    zones = None if zones_info is None else read_zones(project, zones_info)
    how = measuring_of(project, parameters, info, zones_info)
    progress.step(0.05)
    result = compute(
        subject, zones, how, rule, parameters=parameters, progress=ProgressPart(progress, 0.05, 0.98)
    )
    used = [UsedLayer("land", info, how.basis)]
    if zones_info is not None:
        used.insert(0, UsedLayer("zones", zones_info))
    done = signed(project, result, used, how.plane)
    before = (
        *chosen_among(project, info, parameters.land),
        *chosen_among(project, zones_info, parameters.zones),
        *class_findings(layer, codes, standard),
    )
    return dataclasses.replace(done, findings=before + done.findings)


def _land_layer(project: Project, parameters: FragmentationParameters) -> LayerInfo:
    info = find_layer(project, parameters.land, LAND_KINDS)
    if info is None:
        raise InputError(
            _("The project has no layer with land classes."),
            where=str(project.path),
            remedy=_("Import a land-use layer (zsgis import ... --as land_use)."),
        )
    return info


def _class_words(standard: Standard, classes: tuple[str, ...] | None) -> str:
    if classes is None:
        return _("every class")
    named = ((code, standard.name(code)) for code in classes)
    return "、".join(code if code == name else f"{code} {name}" for code, name in named)


def _titled(standard: Standard) -> str:
    return f"{standard.key} {standard.title} {standard.version}".strip()


CAPABILITY = Capability(
    key="fragmentation",
    title=TITLE,
    summary=N_("How many patches land lies in, how large and how crooked they are, by zone."),
    stage="analysis",
    parameters=FragmentationParameters,
    run=run,
)
