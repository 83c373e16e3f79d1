"""What is known of a feature: its fields in words, its areas side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layers.errors import InputError, UsageError
from layers.field_terms import PRECISION_NAMES
from layers.kind import AreaBasis, GeometryType
from layers.kinds import code_names, kind
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from zsgis.selected_areas import M2_PER_UNIT, SelectedAreas, basis_of

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project
    from zsgis.session import Selection

EMPTY_VALUE = "—"
"""What stands for a field without a value."""

AREA_DIGITS = {"m2": 2, "ha": 4, "mu": 2, "km2": 6}
"""Decimals of a recorded area by its unit: none of them hides a whole square metre but the 亩's, 7 m2."""
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
    """What is known of one feature, ready to be shown; ``unmeasured`` says why it has no area."""

    layer_uid: str
    zs_uid: str
    title: str
    layer_name: str
    kind_title: str
    fields: tuple[tuple[str, str], ...]
    areas: tuple[AreaFigure, ...]
    demo: bool
    unmeasured: str = ""


@dataclass(frozen=True)
class SelectionSize:
    """How much is selected.

    Attributes
    ----------
    area_m2 : float or None
        None where nothing selected has an area.
    unmeasured : int
        Polygons whose shape is broken: it cannot be measured. They are not in ``area_m2``.
    without_area : int
        Polygons without a shape, or without a figure recorded where that counts; not in ``area_m2`` either.
    """

    count: int
    area_m2: float | None
    unmeasured: int = 0
    without_area: int = 0


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
    try:
        areas, unmeasured = _areas(project, layer, zs_uid, attributes), ""
        if not areas and layer.geometry is GeometryType.POLYGON:
            unmeasured = _("the feature has no shape in the data")
    except InputError as error:  # a broken shape: the fields are shown all the same
        areas, unmeasured = (), error.what
    return FeatureCard(
        layer_uid=layer.uid,
        zs_uid=zs_uid,
        title=title,
        layer_name=layer.name,
        kind_title=_(declared.title),
        fields=fields,
        areas=areas,
        demo=layer.demo,
        unmeasured=unmeasured,
    )


def selection_count(selection: Selection) -> int:
    """Return how many features are selected."""
    return sum(len(chosen) for chosen in selection.values())


def selection_size(
    project: Project,
    layers: Sequence[LayerInfo],
    selection: Selection,
    progress: Progress | None = None,
    areas: SelectedAreas | None = None,
) -> SelectionSize:
    """Return how many features are selected and their area, each on the basis of its kind.

    Summed in units of 0.01 m2, as every table sums it. What has no area (no shape, no figure recorded), or
    one that cannot be measured, adds nothing and is counted; it does not hold up the others.

    Parameters
    ----------
    areas : SelectedAreas, optional
        Where areas are measured, once for all who ask there.

    Raises
    ------
    JobCancelled
        When the user stopped.
    """
    reporter, measured = progress or NoProgress(), areas or SelectedAreas()
    polygons = [layer for layer in layers if basis_of(layer) is not AreaBasis.NONE and layer.uid in selection]
    sums = [
        measured.of(
            project,
            layer,
            selection[layer.uid],
            ProgressPart(reporter, n / len(polygons), (n + 1) / len(polygons)),
        )
        for n, layer in enumerate(polygons)
    ]
    if not sums:
        return SelectionSize(selection_count(selection), None)
    return SelectionSize(
        selection_count(selection),
        sum(one.cents for one in sums) / 100,
        sum(one.unmeasured for one in sums),
        sum(one.without_area for one in sums),
    )


def _areas(
    project: Project, layer: LayerInfo, zs_uid: str, attributes: Mapping[str, Any]
) -> tuple[AreaFigure, ...]:
    """Return every area a polygon has: measured both ways, and as somebody recorded it.

    Raises
    ------
    InputError
        When the shape cannot be read or measured.
    """
    import numpy as np

    from layers.area import measure

    if layer.geometry is not GeometryType.POLYGON:
        return ()
    shape: Any = project.read(layer.uid, columns=(), uids=(zs_uid,)).geometry.iloc[0]
    if shape is None:
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
    meaning = _meaning(layer, name, str(value))
    if meaning:
        return f"{value} {meaning}"
    if isinstance(value, float):
        digits = AREA_DIGITS.get(unit)
        text = f"{value:,.6f}".rstrip("0").rstrip(".") if digits is None else f"{value:,.{digits}f}"
        return f"{text} {UNIT_TITLES.get(unit, unit)}".rstrip()
    return f"{value} {UNIT_TITLES.get(unit, unit)}".rstrip()


def _meaning(layer: LayerInfo, name: str, code: str) -> str:
    """Return what a field's code means; empty where it means nothing more."""
    if name == kind(layer.kind).class_field and layer.standard and layer.standard != "custom":
        from layers.classification import standard

        classes = standard(layer.standard)
        return classes.name(code) if classes.knows(code) else ""
    return code_names(layer.kind, name).get(code, "")
