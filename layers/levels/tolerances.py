"""Where a level must be finer than its tolerance: narrow shapes would be lost, boundaries would cross."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from layers.array_runs import offsets_of
from layers.levels.assembly import FEWEST, AllRings, put_together
from layers.levels.skeleton import Skeleton

FloatArray = NDArray[np.float64]
Mask = NDArray[np.bool_]

# A level is drawn where a pixel is 3 tolerances or more. A ring of a pixel, and every ring of a feature of
# four, must keep half its area.
_RING_AREA = 9.0
_FEATURE_AREA = 36.0
_AREA_KEPT = 0.5
_FINER = 4.0


def _large_enough(skeleton: Skeleton, tolerance: float, features: int) -> Mask:
    """Tell which rings are large enough to be seen where a level is drawn."""
    areas, rows = skeleton.ring_areas, skeleton.chains.features
    whole = np.bincount(rows, weights=areas, minlength=features)
    seen: Mask = np.abs(areas) > _RING_AREA * tolerance**2
    seen |= np.abs(whole)[rows] > _FEATURE_AREA * tolerance**2
    seen &= areas != 0
    return seen


def _crossed(skeleton: Skeleton, rings: AllRings) -> Mask:
    """Tell which rings belong to a part whose boundaries cross.

    Between boundaries that cross there was a polygon, whose own boundaries cross with it, or a gap of the
    layer that is narrower than a pixel.
    """
    import shapely

    coords, offsets = rings.staying()
    shells = skeleton.chains.shells
    kept = np.flatnonzero(rings.stays)
    is_shell = shells[kept] == kept
    parts = offsets_of(np.diff(np.append(np.flatnonzero(is_shell), len(kept))))
    polygons = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, coords.astype(np.float64), (offsets, parts)
    )
    crossed = np.zeros(len(shells), dtype=np.bool_)
    crossed[kept[is_shell]] = ~shapely.is_valid(polygons)
    return crossed[shells]


def _unfit(skeleton: Skeleton, tolerances: FloatArray, wanted: Mask) -> Mask:
    """Tell which rings lose too much, turn over or cross at some tolerances."""
    rings = put_together(skeleton, *skeleton.kept(tolerances))
    lost = np.zeros(len(wanted), dtype=np.bool_)
    lost[wanted] = rings.areas[wanted] / skeleton.ring_areas[wanted] < _AREA_KEPT
    # a small polygon that turned inside out lets its neighbours lie upon each other
    turned = (rings.areas * skeleton.ring_areas < 0) & (rings.counts >= FEWEST)
    return lost | turned | _crossed(skeleton, rings)


def arc_tolerances(skeleton: Skeleton, tolerance: float, features: int) -> FloatArray:
    """Return the tolerance of each arc of a level.

    Parameters
    ----------
    tolerance : float
        Of the level, and of most arcs.
    features : int
        How many features the layer has.
    """
    chains = skeleton.chains
    tolerances = np.full(len(skeleton.offsets) - 1, tolerance)
    wanted = _large_enough(skeleton, tolerance, features)
    unfit = _unfit(skeleton, tolerances, wanted)
    finer = tolerance
    while unfit.any() and finer > 0:
        finer = finer / _FINER if finer > skeleton.least else 0.0
        tolerances[chains.arcs_of(unfit)] = finer
        # only what has changed can be unfit in another way now
        rings = np.flatnonzero(chains.with_arcs_of(unfit))
        part, arcs = skeleton.part(rings)
        unfit = np.zeros(len(unfit), dtype=np.bool_)
        unfit[rings] = _unfit(part, tolerances[arcs], wanted[rings])
    return tolerances
