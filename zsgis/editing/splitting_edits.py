"""Features divided by a line or a point, as one edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from layers.edits import AddFeature, Change, ChangeFeature, Edit, FeatureState
from layers.errors import GeometryError
from layers.kind import GeometryType
from layers.progress import Progress
from layers.store.model import LayerInfo
from layers.words import _
from zsgis.editing.splitting import BALANCE_M2, split_polygon, square_units
from zsgis.editing.splitting_lines import point_on, split_line
from zsgis.editing.splitting_values import values_of_pieces


@dataclass(frozen=True)
class Thought:
    """An edit that was thought out, and what is to be said of it.

    Attributes
    ----------
    notes : tuple of str
        One sentence each.
    """

    edit: Edit
    notes: tuple[str, ...] = ()


def split_features(
    layer: LayerInfo, states: Sequence[FeatureState], cutter: Any, progress: Progress, *, apportioned: bool
) -> Thought:
    """Return the edit that divides features.

    The largest piece keeps the feature's identity, the others name it as their parent. Features that are not
    divided stay as they are.

    Parameters
    ----------
    states : sequence of FeatureState
        The features that may be divided.
    cutter : LineString, MultiLineString or Point
        In the layer's own system; a point divides lines only, at their nearest place.
    apportioned : bool
        Share recorded areas out (:func:`values_of_pieces`).

    Raises
    ------
    GeometryError
        When nothing is divided, or a shape cannot be.
    """
    changes: list[Change] = []
    notes: list[str] = []
    divided = pieces_made = 0
    for number, state in enumerate(states):
        progress.step(number / len(states), _("Dividing"))
        pieces = _pieces(layer, state, cutter)
        if len(pieces) < 2:
            continue
        divided += 1
        pieces_made += len(pieces)
        sizes = shapely.area(pieces) if layer.geometry is GeometryType.POLYGON else shapely.length(pieces)
        said = values_of_pieces(layer, state.values, sizes.tolist(), apportioned=apportioned)
        notes += said.notes
        changed = {name: value for name, value in said.values[0].items() if value != state.values.get(name)}
        changes.append(ChangeFeature(layer.uid, state.zs_uid, pieces[0], changed, state.version))
        changes += [
            AddFeature(layer.uid, piece, values, parents=(state.zs_uid,))
            for piece, values in zip(pieces[1:], said.values[1:], strict=True)
        ]
    if not divided:
        raise GeometryError(
            _("The line divides no feature."),
            remedy=_("It must run from outside to outside; begin and end it beyond the outline."),
        )
    counted = _("{count} features were divided into {pieces}.").format(count=divided, pieces=pieces_made)
    return Thought(Edit(_("Divide"), tuple(changes)), (counted, *dict.fromkeys(notes)))


def _pieces(layer: LayerInfo, state: FeatureState, cutter: Any) -> tuple[Any, ...]:
    if state.geometry is None:
        return ()
    if layer.geometry is GeometryType.POLYGON:
        return split_polygon(state.geometry, cutter, balance=square_units(BALANCE_M2, layer.crs))
    if shapely.get_type_id(cutter) == shapely.GeometryType.POINT:
        return split_line(state.geometry, point_on(state.geometry, cutter))
    return split_line(state.geometry, cutter)
