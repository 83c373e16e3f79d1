"""A field filled for many features at once: with one value, another field's, or a measure of the shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from layers.area import M2_PER_HA, M2_PER_MU, to_units
from layers.edits import ChangeFeature, FeatureState
from layers.errors import InputError
from layers.filtering.measures import measured
from layers.forms.fields import form_of
from layers.forms.model import Form
from layers.forms.reading import write_value
from layers.kind import Field, FieldType, GeometryType
from layers.progress import NoProgress, Progress
from layers.store.model import LayerInfo
from layers.words import N_, _
from zsgis.forms.pasting import Pasted, pasted

_STEP = 2_000
_DIGITS = {"m2": 2, "ha": 4, "mu": 2, "m": 2}
_PER_UNIT = {"m2": 1.0, "ha": M2_PER_HA, "mu": M2_PER_MU, "m": 1.0}


class Source(StrEnum):
    """What a field is filled with."""

    VALUE = "value"
    FIELD = "field"
    ELLIPSOIDAL_AREA = "@area_ellipsoidal_m2"
    PLANAR_AREA = "@area_planar_m2"
    LENGTH = "@length_planar_m"

    @property
    def words(self) -> str:
        """What it is called."""
        return _(_WORDS[self])

    @property
    def is_measure(self) -> bool:
        """Whether it is measured from the shape."""
        return self.value.startswith("@")


_WORDS = {
    Source.VALUE: N_("One value"),
    Source.FIELD: N_("Another field"),
    Source.ELLIPSOIDAL_AREA: N_("Ellipsoidal area of the shape"),
    Source.PLANAR_AREA: N_("Planar area of the shape"),
    Source.LENGTH: N_("Planar length or perimeter of the shape"),
}


@dataclass(frozen=True)
class Calculation:
    """How a field is filled.

    Attributes
    ----------
    text : str
        For one value: what is typed; for another field: its name.
    """

    field: str
    source: Source
    text: str = ""


def targets(form: Form) -> tuple[Field, ...]:
    """Return the fields that may be filled: those that are not computed."""
    return tuple(one.declared for one in form.fields if one.declared.computed is None)


def sources(form: Form, target: Field) -> tuple[Source, ...]:
    """Return what a field may be filled with: a measure only in a unit that fits it."""
    found = [Source.VALUE, Source.FIELD]
    if target.type is FieldType.NUMBER:
        if form.geometry is GeometryType.POLYGON and target.unit in ("", "m2", "ha", "mu"):
            found += [Source.ELLIPSOIDAL_AREA, Source.PLANAR_AREA]
        if form.geometry is not GeometryType.POINT and target.unit in ("", "m"):
            found.append(Source.LENGTH)
    return tuple(found)


def calculated(
    layer: LayerInfo,
    states: Sequence[FeatureState],
    wanted: Calculation,
    progress: Progress | None = None,
) -> Pasted:
    """Return the changes that fill a field; nothing is changed where one value cannot stand there.

    A measure goes into the field's unit, square metres and metres where it has none, with the decimals the
    standard gives or two (hectares four). What has no measure is emptied.

    Raises
    ------
    CrsError, GeometryError
        When it cannot be measured.
    InputError
        When the field is computed.
    """
    reporter, form = progress or NoProgress(), form_of(layer)
    target = form.by_name[wanted.field].declared
    if target.computed is not None:
        raise InputError(
            _("{field} is computed and cannot be filled.").format(field=target.alias),
            where=layer.name,
            remedy=_("Choose another field."),
        )
    if wanted.source is Source.VALUE:
        texts = [wanted.text] * len(states)
    elif wanted.source is Source.FIELD:
        source = form.by_name[wanted.text].declared
        texts = [write_value(source, state.values.get(source.name)) for state in states]
    else:
        values = _measures(layer, states, wanted.source, target, reporter)
        return Pasted(
            tuple(
                ChangeFeature(layer.uid, state.zs_uid, values={target.name: value}, version=state.version)
                for state, value in zip(states, values, strict=True)
                if state.values.get(target.name) != value
            )
        )
    return pasted(layer, states, [target.name], [[text] for text in texts], reporter)


def _measures(
    layer: LayerInfo, states: Sequence[FeatureState], source: Source, target: Field, progress: Progress
) -> list[Any]:
    unit = target.unit or ("m" if source is Source.LENGTH else "m2")
    digits = _DIGITS[unit] if target.digits is None else target.digits
    found: list[Any] = []
    for start in range(0, len(states), _STEP):
        progress.step(start / len(states))
        portion = states[start : start + _STEP]
        shapes = np.empty(len(portion), dtype=object)
        shapes[:] = [state.geometry for state in portion]
        figures = measured(shapes, layer.crs, [source.value])[source.value] / _PER_UNIT[unit]
        found += [
            None if math.isnan(figure) else int(to_units([figure], digits)[0]) / 10**digits
            for figure in figures.tolist()
        ]
    return found
