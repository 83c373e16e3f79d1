"""The layers of a project from which groups of parcels are computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from layers.classification import Standard
from layers.crs import transform
from layers.errors import InputError
from layers.kinds import kind
from layers.progress import Progress
from layers.words import _
from zsgis.analysis.classes import class_codes, class_standard
from zsgis.analysis.contiguity.choosing import (
    OWNERSHIP_FIELDS,
    code_list,
    condition_words,
    eligible_parcels,
    wanted_classes,
)
from zsgis.analysis.contiguity.model import Parcels
from zsgis.analysis.contiguity.near import BoolArray, GeometryArray
from zsgis.analysis.contiguity.parameters import NO_BRIDGES, PARCEL_KINDS, ContiguityParameters
from zsgis.analysis.contiguity.rules import ContiguityRule, belongs
from zsgis.analysis.features import Features, read_features
from zsgis.analysis.layers_used import find_layer
from zsgis.analysis.zoned import find_zones
from zsgis.analysis.zoned.parameters import LAND_KINDS

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project


@dataclass(frozen=True)
class Layers:
    """The layers that take part; ``roads`` is None where nothing is bridged."""

    parcels: LayerInfo
    roads: LayerInfo | None
    zones: LayerInfo | None


@dataclass(frozen=True)
class Roads:
    """Roads and canals that can be bridged, in the plane, and in words which they are."""

    geometry: GeometryArray
    words: str

    def __len__(self) -> int:
        return len(self.geometry)


def chosen_layers(project: Project, parameters: ContiguityParameters) -> Layers:
    """Return the layers that the parameters name, or that fit.

    Raises
    ------
    InputError
        When there is no layer of parcels, or a named one does not serve.
    """
    parcels = find_layer(project, parameters.parcels, PARCEL_KINDS)
    if parcels is None:
        raise InputError(
            _("The project has no layer of parcels to assemble."),
            where=str(project.path),
            remedy=_("Import a land-use layer (zsgis import ... --as land_use) or one of parcels."),
        )
    return Layers(
        parcels, _roads(project, parcels, parameters), find_zones(project, parameters.zones, (parcels.kind,))
    )


def _roads(project: Project, parcels: LayerInfo, parameters: ContiguityParameters) -> LayerInfo | None:
    if parameters.roads == NO_BRIDGES or parameters.bridge_m <= parameters.gap_m:
        return None
    if not parameters.roads and kind(parcels.kind).class_field:
        return parcels
    return find_layer(project, parameters.roads, LAND_KINDS)


def read_parcels(
    project: Project,
    layers: Layers,
    parameters: ContiguityParameters,
    rule: ContiguityRule,
    plane: pyproj.CRS,
    progress: Progress,
) -> tuple[Parcels, str]:
    """Return the parcels, and in words which of them may be assembled.

    Raises
    ------
    InputError
        Names the field that is missing, or the condition that does not fit.
    """
    info = layers.parcels
    field = kind(info.kind).class_field
    standard = class_standard(project, info) if field else None
    classes = wanted_classes(standard, parameters)
    required = [field] if field and classes is not None else []
    features = read_features(project, info, [*OWNERSHIP_FIELDS, *([field] if field else [])], required)
    progress.step(0.5)
    codes = ("",) * len(features)
    if standard is not None and features.present(field):
        codes = class_codes(features.columns[field], standard)
    eligible = eligible_parcels(project, info, features, codes, classes, standard, parameters, progress)
    shapes = transform(features.geometry, features.crs, plane)
    # no area, or a coordinate that is no number: nothing is near it
    sound = np.isfinite(shapely.area(shapes)) & (shapely.area(shapes) > 0)
    obtainable = sound & ~eligible & ~_never(codes, standard, rule)
    parcels = Parcels(features, shapes, codes, standard, eligible, obtainable)
    return parcels, condition_words(standard, classes, parameters)


def _never(codes: tuple[str, ...], standard: Standard | None, rule: ContiguityRule) -> BoolArray:
    """Tell which parcels are of a class that cannot be had: roads, railways, water."""
    if standard is None or standard.key not in rule.standards:
        return np.zeros(len(codes), dtype=bool)
    lists = rule.standards[standard.key]
    told = {code: belongs(code, (*lists.not_obtainable, *lists.bridges), standard) for code in set(codes)}
    return np.array([told[code] for code in codes], dtype=bool)


def read_roads(
    project: Project,
    layers: Layers,
    parcels: Parcels,
    parameters: ContiguityParameters,
    rule: ContiguityRule,
    plane: pyproj.CRS,
) -> Roads | None:
    """Return what can be bridged; None where nothing is to be.

    Parcels that may be assembled themselves are no roads.
    """
    info = layers.roads
    if info is None:
        return None
    own = info.uid == layers.parcels.uid
    standard = parcels.standard if own and parcels.standard is not None else class_standard(project, info)
    classes = tuple(standard.normalise(code) for code in code_list(parameters.road_classes))
    if not classes and standard.key in rule.standards:
        classes = rule.standards[standard.key].bridges
    shapes, codes = (parcels.plane, parcels.codes) if own else _read(project, info, standard, plane)
    told = {code: belongs(code, classes, standard) for code in set(codes)}
    chosen = np.array([told[code] for code in codes], dtype=bool) & (shapely.area(shapes) > 0)
    if own:
        chosen &= ~parcels.eligible
    words = "、".join(f"{code} {standard.name(code)}" for code in classes)
    return Roads(shapes[chosen], words)


def _read(
    project: Project, info: LayerInfo, standard: Standard, plane: pyproj.CRS
) -> tuple[GeometryArray, tuple[str, ...]]:
    field = kind(info.kind).class_field
    features: Features = read_features(project, info, required=[field])
    return (
        transform(features.geometry, features.crs, plane),
        class_codes(features.columns[field], standard),
    )
