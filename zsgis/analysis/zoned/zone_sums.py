"""Keeps a zone's sum near its exact area when the pieces are rounded to 0.01 m2.

A parcel's pieces must add up to the parcel. Which of them gets a last 0.01 m2 is free, and rounding each
parcel for itself lets a zone's sum drift by as much as the square root of its pieces. Moving single units
between two pieces of one parcel keeps every parcel exact and brings the zones back. What whole parcels lose
or gain by their own rounding stays: areas of parcels are stated to 0.01 m2, and sums are sums of those.
"""

from __future__ import annotations

import numpy as np

from zsgis.analysis.zoned.model import FloatArray, IntArray

_SWEEPS = 8


def settle_zone_sums(cents: IntArray, exact_cents: FloatArray, feature: IntArray, zone: IntArray) -> IntArray:
    """Return the pieces' cents with every parcel's sum kept and the zones' sums as near as moves allow.

    Parameters
    ----------
    cents : ndarray of int64, shape (n,)
        Pieces in units of 0.01 m2, already adding up per parcel.
    exact_cents : ndarray of float64, shape (n,)
        The same unrounded.
    feature, zone : ndarray of int64, shape (n,)
        Parcel and zone of each piece; a zone below zero is what lies outside.

    Returns
    -------
    ndarray of int64, shape (n,)
        No piece is more than one unit from where it was, none is below zero, and the squares of the
        zones' deviations never add up to more than before.
    """
    _names, place = np.unique(zone, return_inverse=True)
    off = np.bincount(place, weights=cents - exact_cents, minlength=len(_names))
    order = np.argsort(feature, kind="stable")
    starts = np.flatnonzero(np.diff(feature[order], prepend=-1))
    counts = np.diff(starts, append=len(order))
    shared = [order[s : s + n].tolist() for s, n in zip(starts, counts, strict=True) if n > 1]
    settled, deviation, places = cents.tolist(), off.tolist(), place.tolist()
    before = cents.tolist()
    for _sweep in range(_SWEEPS):
        moves = [_move(pieces, settled, before, deviation, places) for pieces in shared]
        if not any(moves):
            break
    return np.array(settled, dtype=np.int64)


def _move(
    pieces: list[int], settled: list[int], before: list[int], deviation: list[float], place: list[int]
) -> bool:
    """Move one unit between two pieces of a parcel where that brings both zones nearer."""
    givers = [p for p in pieces if settled[p] > 0 and settled[p] >= before[p]]
    takers = [p for p in pieces if settled[p] <= before[p]]
    if not givers or not takers:
        return False
    giver = max(givers, key=lambda p: deviation[place[p]])
    taker = min(takers, key=lambda p: deviation[place[p]])
    # the squares shrink only where the two zones are more than one unit apart
    if deviation[place[giver]] - deviation[place[taker]] <= 1.0 + 1e-9:
        return False
    settled[giver] -= 1
    settled[taker] += 1
    deviation[place[giver]] -= 1.0
    deviation[place[taker]] += 1.0
    return True
