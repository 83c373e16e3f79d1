"""Parcels drawn alike on both dates: what needs no cutting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from layers.progress import Progress, ProgressPart
from zsgis.analysis.change.model import NOBODY
from zsgis.analysis.zoned import GeometryArray, IntArray
from zsgis.overlay import GRID_M, ShapeError, Side, ZoneOverlap
from zsgis.overlay.chunks import run_chunks, slices
from zsgis.overlay.inputs import MULTIPOLYGON, POLYGON, fit_for_cutting
from zsgis.overlay.overlaps import overlaps_among
from zsgis.overlay.shared_edges import SharedEdges

_ENCODED_AT_A_TIME = 5_000


@dataclass(frozen=True)
class Alike:
    """Pairs of parcels with the same outline, of which neither lies over another parcel of its date.

    So the one is all that the other shares land with.

    Attributes
    ----------
    earlier, later : ndarray of int64, shape (pairs,)
        Places of both, rising by ``earlier``.
    covered : ndarray of int64, shape (n,)
        Later parcels with the outline of an earlier one, those over each other too: no land of theirs lies
        outside the earlier data.
    earlier_overlaps, later_overlaps : tuple of ZoneOverlap
        Which parcels of each date lie over each other, by their places.
    """

    earlier: IntArray
    later: IntArray
    covered: IntArray
    earlier_overlaps: tuple[ZoneOverlap, ...]
    later_overlaps: tuple[ZoneOverlap, ...]

    @staticmethod
    def of(earlier: GeometryArray, later: GeometryArray, progress: Progress) -> Alike:
        """Return the pairs.

        Outlines are the same where they have the same corners, to the last bit, wherever each begins.

        Parameters
        ----------
        earlier, later : ndarray of object
            In one plane. What cannot be cut is in no pair.
        """
        before, after = (
            _outlines(shapes, ProgressPart(progress, start, start + 0.1))
            for shapes, start in ((earlier, 0.0), (later, 0.1))
        )
        pairs = np.array(
            [(place, after[key]) for key, place in before.items() if key in after], dtype=np.int64
        ).reshape(-1, 2)
        pairs = pairs[np.argsort(pairs[:, 0])]
        # a later outline that is an earlier one stands for both: whatever lies over it, on either date, lies
        # over the earlier one
        others = np.setdiff1d(np.arange(len(later)), pairs[:, 1])
        both = np.concatenate([earlier, later[others]])
        found = _over_each_other(both, ProgressPart(progress, 0.2, 1.0))
        alone = np.ones(len(both), dtype=bool)
        alone[[place for pair in found or () for place in (pair.first, pair.second)]] = False
        chosen = pairs[alone[pairs[:, 0]] & (found is not None)]
        now = np.concatenate([np.full(len(earlier), NOBODY, dtype=np.int64), others])
        now[pairs[:, 0]] = pairs[:, 1]
        then = np.where(np.arange(len(both)) < len(earlier), np.arange(len(both)), NOBODY)
        return Alike(
            chosen[:, 0],
            chosen[:, 1],
            np.sort(pairs[:, 1]),
            _of_one_date(found or (), then),
            _of_one_date(found or (), now),
        )


def _of_one_date(found: tuple[ZoneOverlap, ...], place: IntArray) -> tuple[ZoneOverlap, ...]:
    """Return the pairs of which both are of one date, by their places in it."""
    out = []
    for pair in found:
        first, second = sorted((int(place[pair.first]), int(place[pair.second])))
        if first != NOBODY:
            out.append(ZoneOverlap(first, second, pair.area_m2))
    return tuple(sorted(out, key=lambda pair: (pair.first, pair.second)))


def _outlines(shapes: GeometryArray, progress: Progress) -> dict[bytes, int]:
    """Return the place of each valid outline that a layer has once."""

    def encoded(part: slice) -> list[bytes | None]:
        some = shapes[part]
        areal = np.isin(shapely.get_type_id(some), (POLYGON, MULTIPOLYGON))
        areal &= ~shapely.is_empty(some) & shapely.is_valid(some)
        out: list[bytes | None] = [None] * len(some)
        wkb = shapely.to_wkb(shapely.normalize(shapely.force_2d(some[areal])))
        for place, text in zip(np.flatnonzero(areal).tolist(), wkb, strict=True):
            out[place] = text
        return out

    parts = run_chunks(encoded, slices(len(shapes), _ENCODED_AT_A_TIME), progress)
    found: dict[bytes, int] = {}
    twice: set[bytes] = set()
    for place, key in enumerate(key for part in parts for key in part):
        if key is None:
            continue
        if key in found:
            twice.add(key)
        found[key] = place
    return {key: place for key, place in found.items() if key not in twice}


def _over_each_other(shapes: GeometryArray, progress: Progress) -> tuple[ZoneOverlap, ...] | None:
    """Return which shapes lie over each other; None where one of them cannot be cut."""
    try:
        fit, _repairs = fit_for_cutting(shapes, Side.FEATURE, ProgressPart(progress, 0.0, 0.2))
    except ShapeError:
        # who cuts them says which one it is
        return None
    (edges,) = run_chunks(SharedEdges.of, [fit], ProgressPart(progress, 0.2, 0.4))
    return overlaps_among(fit, edges, GRID_M, ProgressPart(progress, 0.4, 1.0))
