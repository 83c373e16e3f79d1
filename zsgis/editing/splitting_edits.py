"""Features divided by a line or a point, as one edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.crs import metres_per_unit
from layers.edits import AddFeature, Change, ChangeFeature, Edit, FeatureState
from layers.errors import GeometryError
from layers.kind import GeometryType
from layers.progress import Progress
from layers.store.model import LayerInfo
from layers.words import _
from zsgis.editing.drawing import Places
from zsgis.editing.shared_edges import SAME_PLACE_M, same_shape, with_places
from zsgis.editing.splitting import BALANCE_M2, split_polygon, square_units
from zsgis.editing.splitting_lines import point_on, split_line
from zsgis.editing.splitting_values import values_of_pieces
from zsgis.editing.vertices import Vertices


class NothingDividedError(GeometryError):
    """A line or a point divides none of the features it may divide."""


@dataclass(frozen=True)
class Thought:
    """An edit that was thought out, and what is to be said of it.

    Attributes
    ----------
    notes : tuple of str
        One sentence each.
    selects : bool
        What it is about is selected afterwards: the features it adds, and those of ``about``.
    about : frozenset of str
        ``zs_uid`` of features that were there before.
    """

    edit: Edit
    notes: tuple[str, ...] = ()
    selects: bool = True
    about: frozenset[str] = frozenset()


def split_features(
    layer: LayerInfo,
    states: Sequence[FeatureState],
    cutter: Any,
    progress: Progress,
    *,
    apportioned: bool = False,
    neighbours: Sequence[FeatureState] = (),
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
    neighbours : sequence of FeatureState
        Features that are to go on sharing corners with those divided: where a new corner lies on an edge of
        theirs, they get it too.

    Raises
    ------
    NothingDividedError
    GeometryError
        When a shape cannot be divided.
    """
    changes: list[Change] = []
    notes: list[str] = []
    divided: dict[str, tuple[Any, ...]] = {}
    for number, state in enumerate(states):
        progress.step(number / len(states), _("Dividing"))
        pieces = _pieces(layer, state, cutter)
        if len(pieces) < 2:
            continue
        divided[state.zs_uid] = pieces
        said = values_of_pieces(layer, state.values, _sizes(layer, pieces), apportioned=apportioned)
        notes += said.notes
        changes.append(changed(layer, state, pieces[0], said.values[0]))
        changes += [
            AddFeature(layer.uid, piece, values, parents=(state.zs_uid,))
            for piece, values in zip(pieces[1:], said.values[1:], strict=True)
        ]
    if not divided:
        raise NothingDividedError(
            _("The line divides no feature."),
            remedy=_("It must run from outside to outside; begin and end it beyond the outline."),
        )
    before = [state.geometry for state in states if state.zs_uid in divided]
    corners = _new_corners(before, [piece for pieces in divided.values() for piece in pieces])
    others = [state for state in neighbours if state.zs_uid not in divided]
    changes += meeting(layer, others, corners)
    counted = _("{count} features were divided into {pieces}.").format(
        count=len(divided), pieces=sum(map(len, divided.values()))
    )
    edit = Edit(_("Divide"), tuple(changes))
    return Thought(edit, (counted, *dict.fromkeys(notes)), about=frozenset(divided))


def changed(layer: LayerInfo, state: FeatureState, shape: Any, values: Mapping[str, Any]) -> ChangeFeature:
    """Return the change of a feature's shape, and of those values that are others than before."""
    different = {name: value for name, value in values.items() if value != state.values.get(name)}
    return ChangeFeature(layer.uid, state.zs_uid, shape, different, state.version)


def meeting(layer: LayerInfo, neighbours: Sequence[FeatureState], corners: Places) -> list[ChangeFeature]:
    """Return the changes that give neighbours a corner wherever a new one lies on an edge of theirs."""
    if not len(corners):
        return []
    same = same_place(layer)
    found = []
    for state in neighbours:
        if state.geometry is None or state.geometry.is_empty:
            continue
        part = Vertices.of(state.geometry)
        met = with_places([part], corners, same)[0]
        if met is not part:
            shape = met.shape()
            if not same_shape(shape, state.geometry):
                found.append(ChangeFeature(layer.uid, state.zs_uid, shape, version=state.version))
    return found


def same_place(layer: LayerInfo) -> float:
    """Return how near vertices of a layer are one vertex, in the unit of its coordinates."""
    return SAME_PLACE_M / metres_per_unit(layer.crs)


def _sizes(layer: LayerInfo, pieces: Sequence[Any]) -> list[float]:
    measure = shapely.area if layer.geometry is GeometryType.POLYGON else shapely.length
    return [float(measure(piece)) for piece in pieces]


def _new_corners(before: Sequence[Any], after: Sequence[Any]) -> Places:
    old, new = (_corner_names(shapes) for shapes in (before, after))
    found = np.unique(new[~np.isin(new, old)])
    return np.stack([found.real, found.imag], axis=1)


def _corner_names(shapes: Sequence[Any]) -> NDArray[np.complex128]:
    """Return corners as single numbers, east and north together."""
    places = shapely.get_coordinates(np.array(shapes, dtype=object))
    return np.ascontiguousarray(places).view(np.complex128).ravel()


def _pieces(layer: LayerInfo, state: FeatureState, cutter: Any) -> tuple[Any, ...]:
    if state.geometry is None:
        return ()
    if layer.geometry is GeometryType.POLYGON:
        return split_polygon(state.geometry, cutter, balance=square_units(BALANCE_M2, layer.crs))
    if shapely.get_type_id(cutter) == shapely.GeometryType.POINT:
        return split_line(state.geometry, point_on(state.geometry, cutter))
    return split_line(state.geometry, cutter)
