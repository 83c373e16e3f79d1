"""Holes cut into features and filled, each as one edit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import shapely

from layers.edits import AddFeature, Change, Edit, FeatureState
from layers.errors import GeometryError
from layers.store.model import LayerInfo
from layers.words import _
from zsgis.editing.holes import Cut, cut_hole, fill_hole
from zsgis.editing.splitting import BALANCE_M2, square_units
from zsgis.editing.splitting_edits import Thought, changed
from zsgis.editing.splitting_values import values_of_pieces


def cut_features(
    layer: LayerInfo,
    states: Sequence[FeatureState],
    ring: shapely.Polygon,
    *,
    as_feature: bool,
    chosen: Collection[str] = (),
) -> Thought:
    """Return the edit that cuts a hole into every feature in which a ring lies.

    Parameters
    ----------
    states : sequence of FeatureState
        The features that may be cut.
    ring : Polygon
        In the layer's own system.
    as_feature : bool
        The land of the hole becomes a feature of its own, with the features it came from as parents.
    chosen : collection of str
        ``zs_uid`` of features that go first: where the ring lies in one of them, others are not cut.

    Raises
    ------
    GeometryError
        When it lies inside none of them, with the reason of the one it meets.
    """
    cuts: list[tuple[FeatureState, Cut]] = []
    reason: GeometryError | None = None
    for state in states:
        if state.geometry is None or not shapely.intersects(state.geometry, ring):
            continue
        try:
            cuts.append((state, cut_hole(state.geometry, ring)))
        except GeometryError as error:
            reason = error
    if not cuts:
        raise reason or GeometryError(
            _("The hole lies in no feature."), remedy=_("Draw it inside a polygon of the layer being edited.")
        )
    cuts = [each for each in cuts if each[0].zs_uid in chosen] or cuts
    changes: list[Change] = []
    notes: list[str] = []
    for state, cut in cuts:
        said = values_of_pieces(layer, state.values, (1.0, 1.0), apportioned=False)
        notes += said.notes
        changes.append(changed(layer, state, cut.shape, said.values[0]))
    if as_feature:
        first = cuts[0][0]
        said = values_of_pieces(layer, first.values, (1.0, 1.0), apportioned=False)
        parents = tuple(state.zs_uid for state, _cut in cuts)
        changes.append(AddFeature(layer.uid, cuts[0][1].inside, said.values[1], parents=parents))
    edit = Edit(_("Cut a hole"), tuple(changes))
    return Thought(edit, tuple(dict.fromkeys(notes)), selects=as_feature)


def fill_features(
    layer: LayerInfo,
    states: Sequence[FeatureState],
    place: tuple[float, float],
    *,
    as_feature: bool,
    neighbours: Sequence[Any] = (),
    chosen: Collection[str] = (),
) -> Thought:
    """Return the edit that fills the hole in which a place lies.

    Parameters
    ----------
    states : sequence of FeatureState
        The features whose hole may be meant; of several the one with the smallest hole there is taken, and
        one of ``chosen`` before others.
    place : tuple of float
        East and north in the layer's own system.
    as_feature : bool
        Leave the polygon as it is and make a new feature of the hole's free land.
    neighbours : sequence of geometry
        Other features of a layer in which none may overlap: a hole that is theirs is not filled.

    Raises
    ------
    GeometryError
        When there is no hole, or no free land in it.
    """
    found = [
        (state, filled)
        for state in states
        if state.geometry is not None and (filled := fill_hole(state.geometry, *place)) is not None
    ]
    if not found:
        raise GeometryError(
            _("There is no hole at this place."), remedy=_("Click inside a hole of the layer being edited.")
        )
    state, filled = min(found, key=lambda each: (each[0].zs_uid not in chosen, float(each[1].inside.area)))
    least = square_units(BALANCE_M2, layer.crs)
    taken = _land_taken(filled.inside, neighbours)
    occupied = taken is not None and float(taken.area) >= least
    if as_feature:
        free = shapely.difference(filled.inside, taken) if occupied else filled.inside
        land = _areas_of(free, least)
        if land is None:
            raise GeometryError(
                _("The hole is full: other features lie in all of it."), remedy=_("Click in another hole.")
            )
        return Thought(Edit(_("Fill a hole with a feature"), (AddFeature(layer.uid, land),)))
    if occupied:
        raise GeometryError(
            _("Other features lie in the hole; filled, they would overlap."),
            remedy=_("Merge them with the polygon, or make a feature of the free land."),
        )
    said = values_of_pieces(layer, state.values, (1.0,), apportioned=False)
    change = changed(layer, state, filled.shape, said.values[0])
    return Thought(Edit(_("Fill a hole"), (change,)), said.notes, selects=False)


def _land_taken(hole: Any, neighbours: Sequence[Any]) -> Any | None:
    shapes = np.array([shape for shape in neighbours if shape is not None], dtype=object)
    if not len(shapes):
        return None
    met = shapes[shapely.intersects(shapes, hole)]
    return shapely.intersection(hole, shapely.union_all(met)) if len(met) else None


def _areas_of(shape: Any, least: float) -> Any | None:
    """Return the areas of a shape that are no slivers; None where there is none."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    kept = [part for part in parts if shapely.get_dimensions(part) == 2 and float(part.area) >= least]
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)
