"""What stands at a place, and what is known of it: its fields in words, its areas side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layers.errors import UsageError
from layers.kind import AreaBasis, GeometryType
from layers.kinds import kind
from layers.words import N_, _

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project
    from zsgis.session import Selection

EMPTY_VALUE = "—"
"""What stands for a field without a value."""

PRECISION_NAMES = {
    "exact": N_("exact place"),
    "street": N_("known to the street"),
    "town": N_("known to the town"),
    "unknown": N_("place unknown"),
}

M2_PER_UNIT = {"m2": 1.0, "ha": 10_000.0, "mu": 2000.0 / 3.0, "km2": 1_000_000.0}
UNIT_TITLES = {"m2": "m²", "ha": "公顷", "mu": "亩", "m": "m", "percent": "%", "km2": "km²"}


@dataclass(frozen=True)
class Hit:
    """A feature at a place. ``area_m2`` is 0 for points and lines."""

    layer_uid: str
    zs_uid: str
    area_m2: float


@dataclass(frozen=True)
class AreaFigure:
    """One area of a feature; ``counts`` marks the basis that counts for its kind."""

    basis: AreaBasis
    area_m2: float
    counts: bool


@dataclass(frozen=True)
class FeatureCard:
    """What is known of one feature, ready to be shown."""

    layer_uid: str
    zs_uid: str
    title: str
    layer_name: str
    kind_title: str
    fields: tuple[tuple[str, str], ...]
    areas: tuple[AreaFigure, ...]
    demo: bool


@dataclass(frozen=True)
class SelectionSize:
    """How much is selected. ``area_m2`` is None where nothing selected has an area."""

    count: int
    area_m2: float | None


def features_at(
    project: Project,
    layers: Sequence[LayerInfo],
    x: float,
    y: float,
    tolerance: float,
    *,
    preferred: str = "",
) -> tuple[Hit, ...]:
    """Return what stands at a place, the most wanted first.

    Parameters
    ----------
    layers : sequence of LayerInfo
        The layers to look in, top first.
    x, y, tolerance : float
        East, north and reach in the project's coordinate system, metres.
    preferred : str
        The layer whose features come first. After it points and lines, then the smallest polygon: a parcel
        is wanted before the platform it lies in.
    """
    import numpy as np

    from layers.area import planar_area_m2
    from layers.crs import transform_points

    hits: list[tuple[tuple[bool, int, float], Hit]] = []
    for layer in layers:
        own_x, own_y = x, y
        if layer.crs != project.crs:
            moved_x, moved_y = transform_points(np.array([x]), np.array([y]), project.crs, layer.crs)
            own_x, own_y = float(moved_x[0]), float(moved_y[0])
        is_polygon = layer.geometry is GeometryType.POLYGON
        # what the place lies in counts; only where it lies in nothing, what is near
        found = project.identify(layer.uid, own_x, own_y, 0.0) if is_polygon else []
        if not found:
            found = project.identify(layer.uid, own_x, own_y, tolerance)[: 1 if is_polygon else None]
        if not found:
            continue
        areas = [0.0] * len(found)
        if is_polygon and layer.crs.is_projected:
            frame = project.read(layer.uid, columns=(), uids=found).loc[list(found)]
            areas = planar_area_m2(np.asarray(frame.geometry, dtype=object), layer.crs).tolist()
        for zs_uid, area in zip(found, areas, strict=True):
            rank = (layer.uid != preferred, int(is_polygon), area)
            hits.append((rank, Hit(layer.uid, zs_uid, area)))
    return tuple(hit for _rank, hit in sorted(hits, key=lambda entry: entry[0]))


def feature_card(project: Project, layer: LayerInfo, zs_uid: str) -> FeatureCard:
    """Return what is known of one feature.

    Raises
    ------
    UsageError
        When the layer has no such feature.
    """
    attributes = project.feature(layer.uid, zs_uid)
    if not attributes:
        raise UsageError(
            _("The feature is not there any more."), where=layer.name, remedy=_("Select it again on the map.")
        )
    declared = kind(layer.kind)
    title = str(attributes.get(declared.name_field) or "") or _("(no name)")
    units = {field.name: field.unit for field in layer.fields}
    fields = tuple(
        (field.alias, _value_text(layer, field.name, attributes.get(field.name), units[field.name]))
        for field in layer.fields
        if field.name in attributes
    )
    return FeatureCard(
        layer_uid=layer.uid,
        zs_uid=zs_uid,
        title=title,
        layer_name=layer.name,
        kind_title=_(declared.title),
        fields=fields,
        areas=_areas(layer, attributes),
        demo=layer.demo,
    )


def selection_size(project: Project, layers: Sequence[LayerInfo], selection: Selection) -> SelectionSize:
    """Return how many features are selected and their area, each on the basis of its kind.

    Summed in units of 0.01 m2, as every table sums it; NaN is no area and adds nothing.
    """
    import numpy as np

    from layers.area import to_cents

    cents: int | None = None
    for layer in layers:
        chosen = selection.get(layer.uid)
        if not chosen or layer.geometry is not GeometryType.POLYGON:
            continue
        basis = kind(layer.kind).area_basis
        column = kind(layer.kind).recorded_area if basis is AreaBasis.RECORDED else ""
        frame = project.read(layer.uid, columns=(column,) if column else (), uids=chosen)
        if column:
            areas = frame[column].to_numpy(dtype=float) * M2_PER_UNIT.get(_unit(layer, column), 1.0)
        else:
            areas = _measured(frame.geometry.to_numpy(), layer, basis)
        cents = (cents or 0) + int(to_cents(areas[~np.isnan(areas)]).sum())
    total = None if cents is None else cents / 100
    return SelectionSize(sum(len(chosen) for chosen in selection.values()), total)


def _measured(shapes: Any, layer: LayerInfo, basis: AreaBasis) -> Any:
    from layers.area import measure

    usable = basis in (AreaBasis.ELLIPSOIDAL, AreaBasis.PLANAR)
    return measure(shapes, layer.crs, basis if usable else AreaBasis.ELLIPSOIDAL)


def _areas(layer: LayerInfo, attributes: Mapping[str, Any]) -> tuple[AreaFigure, ...]:
    """Return every area a polygon has: measured both ways, and as somebody recorded it."""
    import numpy as np

    from layers.area import measure

    shape = attributes.get("geometry")
    if layer.geometry is not GeometryType.POLYGON or shape is None:
        return ()
    declared = kind(layer.kind)
    figures = []
    for basis in (AreaBasis.ELLIPSOIDAL, AreaBasis.PLANAR):
        if basis is AreaBasis.PLANAR and not layer.crs.is_projected:
            continue
        area = float(measure(np.array([shape], dtype=object), layer.crs, basis)[0])
        figures.append(AreaFigure(basis, area, declared.area_basis is basis))
    recorded = attributes.get(declared.recorded_area) if declared.recorded_area else None
    if isinstance(recorded, int | float):
        factor = M2_PER_UNIT.get(_unit(layer, declared.recorded_area), 1.0)
        figures.append(
            AreaFigure(AreaBasis.RECORDED, recorded * factor, declared.area_basis is AreaBasis.RECORDED)
        )
    return tuple(figures)


def _unit(layer: LayerInfo, name: str) -> str:
    return next((field.unit for field in layer.fields if field.name == name), "")


def _value_text(layer: LayerInfo, name: str, value: Any, unit: str) -> str:
    """Return a field's value as people read it: a class code with its name, a number with its unit."""
    if value in (None, "") or (isinstance(value, float) and math.isnan(value)):
        return EMPTY_VALUE
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "precision" and value in PRECISION_NAMES:
        return _(PRECISION_NAMES[value])
    if name == kind(layer.kind).class_field and layer.standard and layer.standard != "custom":
        from layers.classification import standard

        classes = standard(layer.standard)
        code = str(value)
        return f"{code} {classes.name(code)}" if classes.knows(code) else code
    if isinstance(value, float):
        text = f"{value:,.2f}" if unit in M2_PER_UNIT else f"{value:,.6f}".rstrip("0").rstrip(".")
        return f"{text} {UNIT_TITLES.get(unit, unit)}".rstrip()
    return f"{value} {UNIT_TITLES.get(unit, unit)}".rstrip()
