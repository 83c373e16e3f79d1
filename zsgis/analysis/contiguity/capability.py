"""Contiguity (连片): which parcels can be assembled, and which single parcel is missing.

How odd input is handled:

- **Zones over each other**: the per-zone table counts a parcel in each, once each; the total counts it
  once, and a row lists the deduction. Groups themselves know no zones: they do not end at a border, and a
  parcel on the border counts in each zone with its part. Empty zones, and zones without such parcels, stand
  with 0.
- **Missing fields**: a layer without the field of its land class is refused by name where classes are asked
  for, and so is ownership that no field tells. A parcel whose class, ownership or condition is
  not known (None, NaN) is not assembled; those without a class are counted in a finding.
- **Unknown codes** are named; they are in no class asked for, but in those they begin with.
- **Geographic coordinates**: distances and circles are measured in the project's plane.
- **Two standards**: roads may come from another layer than the parcels; each layer's codes are read by its
  own standard.
- **Broken shapes** are repaired for the computation and named, **no shape**: the parcel is in a group of its
  own without area, and named; **NaN in coordinates** is refused by layer and parcel. A layer **without
  features** holds no parcel that may be assembled and is refused by name.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import shapely

from layers.area import ellipsoidal_area_m2, to_cents
from layers.errors import InputError
from layers.kind import AreaBasis
from layers.progress import Progress, ProgressPart
from layers.words import N_, _
from zsgis.analysis.contiguity.bridges import BridgeGround, BridgeRule
from zsgis.analysis.contiguity.findings import grouping_findings
from zsgis.analysis.contiguity.groups import group, link
from zsgis.analysis.contiguity.method import facts, grouping_words, rule_versions
from zsgis.analysis.contiguity.missing import MissingSearch, missing_parcels
from zsgis.analysis.contiguity.model import Parcels, Terms
from zsgis.analysis.contiguity.near import IndexArray
from zsgis.analysis.contiguity.parameters import ContiguityParameters
from zsgis.analysis.contiguity.pictures import groups_map, size_charts
from zsgis.analysis.contiguity.reading import Layers, Roads, chosen_layers, read_parcels, read_roads
from zsgis.analysis.contiguity.rules import ContiguityRule, contiguity_rule
from zsgis.analysis.contiguity.sizes import SizeClasses
from zsgis.analysis.contiguity.tables import (
    Grouped,
    groups_table,
    missing_table,
    sizes_table,
    zones_table,
)
from zsgis.analysis.layers_used import fingerprinted_meanwhile, unsigned_record
from zsgis.analysis.zoned import (
    Measuring,
    UsedLayer,
    Zones,
    basis_words,
    chosen_among,
    input_findings,
    line_table,
    measure_pieces,
    measuring_of,
    measuring_words,
    overlay_findings,
    read_zones,
    signed,
    without_geometry,
    zones_note,
)
from zsgis.capability import Capability, Parameters
from zsgis.printed_balance import printed_unit
from zsgis.result import Adjustment, Result, Table

if TYPE_CHECKING:
    from layers.store import Project

TITLE = N_("Contiguity")
M2_PER_MU = 2000.0 / 3.0


def compute(
    parcels: Parcels,
    roads: Roads | None,
    zones: Zones | None,
    rule: ContiguityRule,
    how: Measuring,
    *,
    condition: str,
    parameters: ContiguityParameters,
    progress: Progress,
) -> Result:
    """Return the groups of parcels that can be assembled: tables, map, charts, findings.

    Reads nothing and changes nothing; the run record holds method and rules, and no inputs yet.

    Parameters
    ----------
    roads : Roads or None
        What can be bridged; None bridges nothing.
    condition : str
        In words, which parcels may be assembled.
    """
    members = np.flatnonzero(parcels.eligible)
    chosen = dataclasses.replace(
        parcels.features,
        uids=tuple(parcels.features.uids[i] for i in members.tolist()),
        names=tuple(parcels.features.names[i] for i in members.tolist()),
        geometry=parcels.features.geometry[members],
        columns={},
    )
    measured = measure_pieces(chosen, zones, how, ProgressPart(progress, 0.0, 0.3))
    found = (*input_findings(chosen, zones, how, measured), *overlay_findings(chosen, zones, measured))
    terms = _terms(rule, parameters)
    ground = None if roads is None else BridgeGround(roads.geometry)
    plane = parcels.plane[members]
    links = link(plane, ground, terms, ProgressPart(progress, 0.3, 0.6))
    groups = group(plane, chosen.uids, measured.control_cents, links, terms)
    search = MissingSearch(
        parameters.missing_mu * M2_PER_MU,
        parameters.missing_listed,
        lambda places: _own_cents(parcels, places, how),
    )
    missing = missing_parcels(parcels, groups, ground, terms, search, ProgressPart(progress, 0.6, 0.8))
    units = [printed_unit(parameters.unit, parameters.digits)]
    if parameters.unit != "ha":
        units.append(printed_unit("ha"))
    grouped = Grouped(
        parcels,
        members,
        groups,
        zones,
        without_geometry(measured),
        missing,
        SizeClasses(rule.size_classes_mu),
        tuple(units),
        parameters.listed,
    )
    tables, moved = _tables(grouped, how, ProgressPart(progress, 0.8, 0.9))
    sizes = next(table for table in tables if table.key == "sizes")
    road_words = "" if roads is None else roads.words
    return Result(
        capability="contiguity",
        title=_(TITLE),
        tables=tables,
        findings=(
            *found,
            *grouping_findings(
                parcels, members, links, groups, terms, parameters, None if roads is None else len(roads)
            ),
        ),
        adjustments=moved,
        run=unsigned_record(
            (),
            (*grouping_words(terms, condition, road_words), *measuring_words(chosen, zones, how)),
            rule_versions(rule, parcels, how),
        ),
        facts={"area_basis": how.basis.value, **facts(parcels, links, groups, missing)},
        charts=size_charts(grouped, sizes),
        maps=(groups_map(grouped, how.plane, ProgressPart(progress, 0.9, 1.0)),),
    )


def _terms(rule: ContiguityRule, parameters: ContiguityParameters) -> Terms:
    return Terms(
        gap_m=parameters.gap_m,
        bridge=BridgeRule(parameters.bridge_m, parameters.gap_m, rule.clear_share, rule.samples),
        least_cents=int(to_cents(parameters.least_mu * M2_PER_MU)[0]),
        least_compactness=parameters.compactness,
        drawing_m=rule.drawing_m,
        described=parameters.listed,
    )


def _own_cents(parcels: Parcels, places: IndexArray, how: Measuring) -> IndexArray:
    if how.basis is AreaBasis.PLANAR:
        return to_cents(shapely.area(parcels.plane[places]))
    features = parcels.features
    return to_cents(ellipsoidal_area_m2(features.geometry[places], features.crs))


def _tables(
    grouped: Grouped, how: Measuring, progress: Progress
) -> tuple[tuple[Table, ...], tuple[Adjustment, ...]]:
    progress.step(0.0, _("Balancing the printed tables"))
    notes = (_("Area basis: {basis}.").format(basis=basis_words(how.basis)),)
    listed, moved = groups_table(grouped, _("Groups of contiguous parcels"), notes)
    tables = [
        listed,
        missing_table(
            grouped,
            _("Missing parcels that would join groups"),
            (*notes, _("Each row stands for itself: two missing parcels may join the same groups.")),
        ),
        sizes_table(grouped, _("Groups by size"), notes),
    ]
    progress.step(0.5)
    if grouped.zones is not None:
        label = grouped.groups.label
        size = grouped.sizes.of(grouped.groups.cents)
        column = np.where(grouped.groups.kept, size, len(grouped.sizes))[label]
        table = line_table(
            grouped.parcels.features, grouped.zones, grouped.measured, column, len(grouped.sizes) + 1
        )
        by_zone, also_moved = zones_table(
            grouped, table, _("Contiguous land by zone"), (*notes, zones_note())
        )
        tables.append(by_zone)
        moved += also_moved
    return tuple(tables), moved


def run(project: Project, parameters: Parameters, progress: Progress) -> Result:
    """Group the parcels of a project's layer."""
    assert isinstance(parameters, ContiguityParameters)  # noqa: S101 - the registry pairs the two
    rule = contiguity_rule(parameters.rule)
    layers = chosen_layers(project, parameters)
    how = measuring_of(project, parameters, layers.parcels, layers.zones, layers.roads)
    parcels, condition = read_parcels(
        project, layers, parameters, rule, how.plane, ProgressPart(progress, 0.0, 0.1)
    )
    if not parcels.eligible.any():
        raise InputError(
            _("No parcel of layer “{layer}” fulfils the conditions: {condition}.").format(
                layer=layers.parcels.name, condition=condition
            ),
            remedy=_("Ask for other classes, ownership or a wider condition."),
        )
    zones = None if layers.zones is None else read_zones(project, layers.zones)
    roads = read_roads(project, layers, parcels, parameters, rule, how.plane)
    progress.step(0.15)
    used = _used(layers, how)
    with fingerprinted_meanwhile(project, [each.info for each in used]):
        result = compute(
            parcels,
            roads,
            zones,
            rule,
            how,
            condition=condition,
            parameters=parameters,
            progress=ProgressPart(progress, 0.15, 0.97),
        )
        done = signed(project, result, used, how.plane)
    chosen = (
        *chosen_among(project, layers.parcels, parameters.parcels),
        *chosen_among(project, layers.zones, parameters.zones),
    )
    return dataclasses.replace(done, findings=chosen + done.findings)


def _used(layers: Layers, how: Measuring) -> list[UsedLayer]:
    used = [UsedLayer("parcels", layers.parcels, how.basis)]
    if layers.zones is not None:
        used.insert(0, UsedLayer("zones", layers.zones))
    if layers.roads is not None and layers.roads.uid != layers.parcels.uid:
        used.append(UsedLayer("roads", layers.roads))
    return used


CAPABILITY = Capability(
    key="contiguity",
    title=TITLE,
    summary=N_(
        "Which parcels can be assembled across gaps and narrow roads, how large the groups are, and which "
        "single missing parcel would join two."
    ),
    stage="analysis",
    parameters=ContiguityParameters,
    run=run,
)
