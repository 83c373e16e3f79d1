"""Vertices taken out of rings: those that are there twice, and the tips of spikes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.checking.edges import GRAIN_M
from layers.checking.model import FloatArray, IntArray
from layers.checking.rules import Rule
from layers.checking.shapes import repeated_vertices, spike_tips

Chooser = Callable[[FloatArray], IntArray]

_FEWEST_CORNERS = 3
_MOST_ROUNDS = 200


def without_vertices(shape: Any, choose: Chooser, factors: tuple[float, float]) -> Any | None:
    """Return a polygon or multipolygon without some vertices; all others stay bit for bit, heights included.

    Parameters
    ----------
    choose : callable
        Given a closed ring in metres, shape (n, 2), returns the places of vertices that go; asked again until
        it names none.
    factors : tuple of float
        Metres per unit of x and y.

    Returns
    -------
    shapely geometry or None
        None where an outer ring would have fewer than three corners. A hole that would is left out.
    """
    parts = []
    for part in shapely.get_parts(shape):
        outer, *holes = [_ring(ring, choose, factors) for ring in shapely.get_rings(part)]
        if outer is None:
            return None
        parts.append(shapely.Polygon(outer, [hole for hole in holes if hole is not None]))
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def _ring(ring: Any, choose: Chooser, factors: tuple[float, float]) -> NDArray[np.float64] | None:
    coords = shapely.get_coordinates(ring, include_z=bool(shapely.has_z(ring)))[:-1]
    for _round in range(_MOST_ROUNDS):
        closed = np.concatenate([coords, coords[:1]])
        places = choose(closed[:, :2] * np.array(factors))
        if not len(places):
            break
        # the vertex that closes a ring is its first: what repeats it is the one before
        places = np.where(places == len(coords), len(coords) - 1, places)
        coords = np.delete(coords, np.unique(places), axis=0)
        if len(coords) < _FEWEST_CORNERS:
            return None
    return np.concatenate([coords, coords[:1]])


def repeated(rule: Rule) -> Chooser:
    """Return what chooses vertices that are there twice."""
    distance = rule.number("distance_m")

    def choose(ring: FloatArray) -> IntArray:
        return repeated_vertices(ring, np.array([0, len(ring)]), distance)

    return choose


def spike_at(rule: Rule, near: float, place: FloatArray) -> Chooser:
    """Return what chooses the tip of one spike, and then what lies twice or is a tip where its foot was.

    Parameters
    ----------
    place : ndarray, shape (2,)
        Where the tip is, in metres.
    """
    wanted = np.asarray(place, dtype=np.float64).reshape(1, 2)

    def choose(ring: FloatArray) -> IntArray:
        nonlocal wanted
        ends = np.array([0, len(ring)])
        tips, _widths = spike_tips(ring, ends, rule, near)
        if len(wanted) > 1:
            tips = np.concatenate([tips, repeated_vertices(ring, ends, near)])
        away = np.hypot(*(ring[tips][:, None] - wanted).T).min(axis=0) if len(tips) else np.empty(0)
        tips = tips[away <= max(near, GRAIN_M)]
        if len(tips):
            # its neighbours may be tips once it is gone
            last = len(ring) - 1
            wanted = ring[[(tips[0] - 1) % last, (tips[0] + 1) % last]]
        return tips[:1]

    return choose
