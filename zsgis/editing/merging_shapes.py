"""Several features of a layer made into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import shapely

from layers.edits import Change, ChangeFeature, Edit, FeatureState, RemoveFeature
from layers.errors import GeometryError, InputError
from layers.kind import Field, GeometryType
from layers.kinds import KINDS
from layers.store.edits.losses import require_readable, require_unmeasured
from layers.store.model import LayerField, LayerInfo
from layers.words import _
from zsgis.editing.shared_edges import SAME_PLACE_M, with_places
from zsgis.editing.splitting_edits import Thought
from zsgis.editing.splitting_values import follows
from zsgis.editing.systems import unit_metres
from zsgis.editing.vertices import Vertices, sound


@dataclass(frozen=True)
class Difference:
    """A field that is not the same in all features; ``values`` in their order."""

    field: LayerField
    values: tuple[Any, ...]


@dataclass(frozen=True)
class MergeOffer:
    """What is known before features are merged.

    Attributes
    ----------
    states : tuple of FeatureState
        The largest first.
    sizes : tuple of float
        Area or length of each, in the square of the layer's unit, or in it.
    parts : int
        How many parts the outcome would have; 1 where all hang together.
    recorded : LayerField or None
        The field of the recorded area, where it is filled in all of them and could be summed up.
    """

    layer: LayerInfo
    states: tuple[FeatureState, ...]
    sizes: tuple[float, ...]
    shape: Any
    parts: int
    differences: tuple[Difference, ...]
    recorded: LayerField | None


@dataclass(frozen=True)
class MergeAnswer:
    """What was decided.

    Attributes
    ----------
    winner : int
        Whose values stand, and which feature lives on, by its place among the states.
    summed : bool
        The recorded areas are summed up.
    """

    winner: int
    summed: bool = False


def merge_offer(layer: LayerInfo, states: Sequence[FeatureState]) -> MergeOffer:
    """Return what merging some features would make.

    Raises
    ------
    InputError
        When there are fewer than two, or they are points.
    GeometryError
        When one of them has no shape.
    """
    if len(states) < 2 or layer.geometry is GeometryType.POINT:
        raise InputError(
            _("Merging needs two features at least, lines or areas."),
            remedy=_("Select them in one layer."),
        )
    for state in states:
        require_readable(layer, state)
        require_unmeasured(layer, state)
    if any(state.geometry is None or state.geometry.is_empty for state in states):
        raise GeometryError(
            _("One of the features has no shape."),
            where=layer.name,
            remedy=_("Leave it out of the selection."),
        )
    measure = shapely.area if layer.geometry is GeometryType.POLYGON else shapely.length
    sizes = {state.zs_uid: float(measure(state.geometry)) for state in states}
    ordered = tuple(sorted(states, key=lambda state: -sizes[state.zs_uid]))
    shape = merged_shape([state.geometry for state in ordered], layer)
    return MergeOffer(
        layer,
        ordered,
        tuple(sizes[state.zs_uid] for state in ordered),
        shape,
        int(shapely.get_num_geometries(shape)),
        differences(layer, ordered),
        _recorded(layer, ordered),
    )


def merged_shape(shapes: Sequence[Any], layer: LayerInfo) -> Any:
    """Return one shape of several; those that touch within 0.0001 m hang together without a slit."""
    if layer.geometry is GeometryType.LINE:
        return shapely.line_merge(shapely.union_all(np.array(shapes, dtype=object)))
    same = SAME_PLACE_M / unit_metres(layer.crs, float(shapes[0].bounds[1]))[1]
    parts = [Vertices.of(sound(shape)) for shape in shapes]
    for row, part in enumerate(parts):
        others = np.concatenate([other.xy for place, other in enumerate(parts) if place != row])
        parts[row] = with_places([part], others, same)[0]
    return sound(shapely.union_all(np.array([part.shape() for part in parts], dtype=object)))


def differences(layer: LayerInfo, states: Sequence[FeatureState]) -> tuple[Difference, ...]:
    """Return the fields that are not the same in all features."""
    found = []
    for field in layer.fields:
        values = tuple(state.values.get(field.name) for state in states)
        if any(value != values[0] for value in values[1:]):
            found.append(Difference(field, values))
    return tuple(found)


def merge_edit(offer: MergeOffer, answer: MergeAnswer) -> Thought:
    """Return the edit: one feature lives on with the shape of all, the others are removed and named by it.

    The recorded area of one is not that of all: where it is not computed, it is summed up or left empty. So
    are computed figures of ground that do not follow the shape (:func:`follows`): left empty.
    """
    winner = offer.states[answer.winner]
    others = [state for state in offer.states if state is not winner]
    values: dict[str, Any] = {}
    notes = []
    field = _recorded_field(offer.layer)
    if field is not None and winner.values.get(field.name) is not None:
        if answer.summed and offer.recorded is not None:
            values[field.name] = summed(offer.states, field.name)
        else:
            values[field.name] = None
            notes.append(_one_part_only(field.alias))
    for one in _left_behind(offer.layer, winner):
        values[one.name] = None
        notes.append(_one_part_only(one.alias))
    changes: tuple[Change, ...] = (
        ChangeFeature(
            offer.layer.uid,
            winner.zs_uid,
            offer.shape,
            values,
            winner.version,
            tuple(state.zs_uid for state in others),
        ),
        *(RemoveFeature(offer.layer.uid, state.zs_uid, state.version) for state in others),
    )
    return Thought(Edit(_("Merge features"), changes), tuple(notes))


def _left_behind(layer: LayerInfo, winner: FeatureState) -> list[Field]:
    """Return the computed areas of the winner that would go on saying what was true of it alone."""
    kind = KINDS.get(layer.kind)
    return [
        one
        for one in (kind.fields if kind is not None else ())
        if one.computed is not None
        and one.unit
        and winner.values.get(one.name) is not None
        and not follows(layer, one, winner.values)
    ]


def _one_part_only(alias: str) -> str:
    return _("Left empty, because it was said of one part only: {field}.").format(field=alias)


def summed(states: Sequence[FeatureState], name: str) -> float:
    """Return the sum of a recorded figure, exact to the digits that stand there."""
    return float(sum(Decimal(str(state.values[name])) for state in states))


def _recorded(layer: LayerInfo, states: Sequence[FeatureState]) -> LayerField | None:
    field = _recorded_field(layer)
    filled = field is not None and all(state.values.get(field.name) is not None for state in states)
    return field if filled else None


def _recorded_field(layer: LayerInfo) -> LayerField | None:
    """Return the field of the recorded area, unless it follows the shape by itself."""
    kind = KINDS.get(layer.kind)
    if kind is None or not kind.recorded_area or kind.field(kind.recorded_area).computed is not None:
        return None
    return next((field for field in layer.fields if field.name == kind.recorded_area), None)


def named(layer: LayerInfo, values: Mapping[str, Any]) -> str:
    """Return what people call a feature; empty where it has no name."""
    kind = KINDS.get(layer.kind)
    name = values.get(kind.name_field) if kind is not None else None
    return "" if name is None else str(name)
