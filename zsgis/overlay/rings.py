"""Boundaries of many areas laid out flat, so that all their segments are computed with at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from zsgis.overlay.chunks import slices
from zsgis.overlay.inputs import POLYGON
from zsgis.overlay.model import FloatArray, GeometryArray, IndexArray

_AT_ONCE = 5_000


@dataclass(frozen=True)
class Rings:
    """The rings of an array of areas, each with its area on the left.

    A segment goes by the position of its first point in ``xy``; the last point of a ring starts none.

    Attributes
    ----------
    xy : ndarray of float64, shape (points, 2)
        Metres from a common origin; each ring closed.
    start : ndarray of int64, shape (rings + 1,)
        Where each ring begins in ``xy``.
    owner : ndarray of int64, shape (rings,)
        Position of the ring's area in the array, ascending.
    """

    xy: FloatArray
    start: IndexArray
    owner: IndexArray

    @staticmethod
    def of(geometry: GeometryArray, origin: FloatArray) -> Rings:
        """Return the rings of polygons and multipolygons; empty ones have none.

        Coordinates of some 10^6 m less a whole ``origin`` among them are exact.
        """
        sources, owner, shell = _sources(geometry)
        start = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(sources))]).astype(np.int64)
        xy = np.empty((int(start[-1]), 2))
        for part in slices(len(sources), _AT_ONCE):  # other threads wait while coordinates are read
            xy[start[part.start] : start[part.stop]] = shapely.get_coordinates(sources[part]) - origin
        rings = Rings(xy, start, owner)
        wrong = (rings.signed_m2() > 0) != shell
        return rings.turned(wrong) if wrong.any() else rings

    def signed_m2(self) -> FloatArray:
        """Return the area of each ring, negative where it runs clockwise."""
        out = np.zeros(len(self.owner))
        for part in slices(len(out), _AT_ONCE):
            start = self.start[part.start : part.stop + 1]
            xy = self.xy[start[0] : start[-1]]
            start = start - start[0]
            x, y = (xy - np.repeat(xy[start[:-1]], np.diff(start), axis=0)).T
            twice = np.zeros(len(x))
            twice[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
            twice[start[1:] - 1] = 0.0
            out[part] = np.add.reduceat(twice, start[:-1]) / 2.0
        return out

    def turned(self, chosen: NDArray[np.bool_]) -> Rings:
        """Return the rings with the ``chosen`` ones running the other way round."""
        place = np.arange(len(self.xy))
        mirror = np.repeat(self.start[:-1] + self.start[1:] - 1, np.diff(self.start)) - place
        turn = np.repeat(chosen, np.diff(self.start))
        return Rings(self.xy.take(np.where(turn, mirror, place), axis=0), self.start, self.owner)

    def boxes(self) -> FloatArray:
        """Return west, south, east, north of each ring, shape (rings, 4)."""
        if not len(self.owner):
            return np.zeros((0, 4))
        x, y = np.ascontiguousarray(self.xy.T)
        sides = [np.minimum.reduceat(x, self.start[:-1]), np.minimum.reduceat(y, self.start[:-1])]
        sides += [np.maximum.reduceat(x, self.start[:-1]), np.maximum.reduceat(y, self.start[:-1])]
        return np.stack(sides, axis=1)

    def segments(self) -> IndexArray:
        """Return all segments."""
        starts = np.ones(len(self.xy), dtype=bool)
        starts[self.start[1:] - 1] = False
        return np.flatnonzero(starts)

    def ring_of(self, segment: IndexArray) -> IndexArray:
        """Return the ring of each segment."""
        return np.searchsorted(self.start, segment, side="right").astype(np.int64) - 1

    def several(self, count: int) -> NDArray[np.bool_]:
        """Tell which of ``count`` areas have several rings."""
        several: NDArray[np.bool_] = np.bincount(self.owner, minlength=count) > 1
        return several


def extent(geometry: GeometryArray) -> FloatArray:
    """Return west, south, east, north of all shapes together; NaN where there is nothing."""
    if not len(geometry):
        return np.full(4, np.nan)
    return np.asarray(shapely.total_bounds(geometry), dtype=np.float64)


def one_ring(geometry: GeometryArray) -> NDArray[np.bool_]:
    """Tell which areas are one ring and nothing else."""
    polygon = (shapely.get_type_id(geometry) == POLYGON) & ~shapely.is_empty(geometry)
    return np.asarray(polygon & (shapely.get_num_interior_rings(geometry) == 0), dtype=np.bool_)


def _sources(geometry: GeometryArray) -> tuple[GeometryArray, IndexArray, NDArray[np.bool_]]:
    """Return a shape for each ring whose coordinates are the ring's, its owner, and whether it is a shell."""
    single = one_ring(geometry)
    alone = np.flatnonzero(single)
    if len(alone) == len(geometry):
        return geometry, alone, single
    others = np.flatnonzero(~single)
    parts, part_owner = shapely.get_parts(geometry[others], return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    shell = np.diff(ring_part, prepend=-1) > 0
    owner = np.concatenate([alone, others[part_owner[ring_part]]])
    order = np.argsort(owner, kind="stable")
    sources = np.concatenate([geometry[alone], rings])
    return sources[order], owner[order], np.concatenate([single[alone], shell])[order]
