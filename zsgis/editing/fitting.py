"""Whether a shape meets its neighbours as it should, found out without cutting anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from zsgis.editing.segments import FloatArray, feet

# above so many pairs of a vertex and an edge, looking at all of them takes longer than cutting
_MOST_PAIRS = 200_000


@dataclass(frozen=True)
class Reach:
    """What counts as near, in the unit of the layer's coordinates.

    Attributes
    ----------
    same : float
        Vertices this near are one vertex; what is narrower is no overlap.
    gap : float
        Gaps narrower than this are closed.
    """

    same: float
    gap: float = 0.0


@dataclass(frozen=True, eq=False)
class _Edges:
    """The edges of shapes: where each begins and ends, float64 of shape (n, 2)."""

    starts: FloatArray
    ends: FloatArray


def fits(shape: Any, others: Sequence[Any], reach: Reach, before: Any | None) -> bool:
    """Tell whether a shape has no ground in common with others, no narrow gap, and all vertices it shares.

    False where that would take long to find out.

    Parameters
    ----------
    shape : shapely Polygon or MultiPolygon
        Valid.
    others : sequence of shapely Polygons or MultiPolygons
        Those near by.
    before : shapely geometry, optional
        The shape as it was: what of its boundary is still the same may lie beside a narrow gap.
    """
    held = np.array(others, dtype=object)
    own, theirs = _edges(shape), _edges(held)
    kept = shapely.get_coordinates(before) if before is not None else np.empty((0, 2))
    places = theirs.starts
    lone = own.starts[~among(own.starts, places)]
    foreign = places[~among(places, own.starts)]
    if len(lone) * len(places) + len(foreign) * len(own.starts) > _MOST_PAIRS:
        return False
    widest = max(reach.same, reach.gap)
    same = among(own.starts, kept) & among(own.ends, kept)
    meets = (
        _comes_near(lone, theirs, np.where(among(lone, kept), reach.same, widest)[:, None])
        or _comes_near(foreign, own, np.where(same, reach.same, widest)[None])
        or not shapely.is_valid(held).all()
    )
    return not meets and not shapely.relate_pattern(shape, held, "T********").any()


def among(xy: FloatArray, places: FloatArray) -> NDArray[np.bool_]:
    """Tell which of many vertices stand exactly on one of many places."""
    if not len(places):
        return np.zeros(len(xy), dtype=np.bool_)
    held = np.ascontiguousarray(xy + 0.0).view(np.complex128).ravel()
    return np.isin(held, np.ascontiguousarray(places + 0.0).view(np.complex128).ravel())


def _edges(shapes: Any) -> _Edges:
    """Return the edges of all rings of shapes."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapes), return_index=True)
    begins = np.flatnonzero(ring[1:] == ring[:-1])
    return _Edges(xy[begins], xy[begins + 1])


def _comes_near(places: FloatArray, edges: _Edges, reach: FloatArray) -> bool:
    """Tell whether a place is within reach of an edge; ``reach`` fits an array of places by edges."""
    if not len(places) or not len(edges.starts):
        return False
    count = len(edges.starts)
    points = np.repeat(places, count, axis=0)
    starts, ends = np.tile(edges.starts, (len(places), 1)), np.tile(edges.ends, (len(places), 1))
    foot, _share = feet(points, starts, ends)
    away = np.hypot(*(foot - points).T).reshape(len(places), count)
    return bool((away <= reach).any())
