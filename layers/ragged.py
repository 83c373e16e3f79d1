"""Many shapes as four arrays: coordinates once, offsets in GeoArrow's manner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from layers.array_runs import is_whole, offsets_of, runs
from layers.batches import pieces
from layers.kind import GeometryType
from layers.progress import NoProgress, Progress

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Shapes = NDArray[np.object_]

_TYPES: dict[GeometryType, tuple[int, ...]] = {
    GeometryType.POINT: (0,),
    GeometryType.LINE: (1, 2),
    GeometryType.POLYGON: (3,),
}
# What is made of so many rings of usual length at a time stays in the cache of the processor.
_RINGS_AT_ONCE = 2_000


@dataclass(frozen=True, eq=False)
class Ragged:
    """Shapes of one type.

    Attributes
    ----------
    coords : ndarray of float64, shape (n, 2)
        East and north.
    ring_offsets, part_offsets, feature_offsets : ndarray of int64
        Ring ``r`` is ``coords[ring_offsets[r]:ring_offsets[r + 1]]``; parts index rings, features parts. The
        first ring of a polygon's part is the outer one.
    """

    coords: FloatArray
    ring_offsets: IntArray
    part_offsets: IntArray
    feature_offsets: IntArray

    def __len__(self) -> int:
        return len(self.feature_offsets) - 1

    @cached_property
    def coord_offsets(self) -> IntArray:
        """First vertex of each feature, and one more."""
        return np.asarray(self.ring_offsets[self.part_offsets[self.feature_offsets]])

    def bounds(self) -> FloatArray:
        """Return xmin, ymin, xmax, ymax of each feature; NaN where there is nothing or a place not finite."""
        found = np.full((len(self), 4), np.nan)
        some = np.flatnonzero(np.diff(self.coord_offsets))
        if not len(some):
            return found
        starts = self.coord_offsets[some]
        for axis in (0, 1):
            values = self.coords[:, axis]
            found[some, axis] = np.minimum.reduceat(values, starts)
            found[some, axis + 2] = np.maximum.reduceat(values, starts)
        found[~np.isfinite(found).all(axis=1)] = np.nan
        return found

    def ring_areas(self) -> FloatArray:
        """Return the signed area of each closed ring, positive counter-clockwise."""
        areas = np.zeros(len(self.ring_offsets) - 1)
        for first in range(0, len(areas), _RINGS_AT_ONCE):
            ends = self.ring_offsets[first : first + _RINGS_AT_ONCE + 1]
            areas[first : first + _RINGS_AT_ONCE] = _areas(self.coords[ends[0] : ends[-1]], ends - ends[0])
        return areas

    def turned_rings(self) -> NDArray[np.bool_]:
        """Tell which rings of polygons run the wrong way: outer ones clockwise, holes counter-clockwise."""
        areas = self.ring_areas()
        outer = np.zeros(len(areas), dtype=np.bool_)
        outer[self.part_offsets[:-1][np.diff(self.part_offsets) > 0]] = True
        return np.where(outer, areas < 0, areas > 0)

    def stretch(self, first: int, last: int) -> Ragged:
        """Return the features from ``first`` up to ``last``; their coordinates are not copied."""
        parts = self.feature_offsets[first : last + 1]
        rings = self.part_offsets[parts[0] : parts[-1] + 1]
        places = self.ring_offsets[rings[0] : rings[-1] + 1]
        return Ragged(
            self.coords[places[0] : places[-1]], places - places[0], rings - rings[0], parts - parts[0]
        )

    def taken(
        self,
        rows: IntArray,
        turned: NDArray[np.bool_] | None = None,
        *,
        without: NDArray[np.bool_] | None = None,
        progress: Progress | None = None,
    ) -> Ragged:
        """Return some features in a new order; all of them as they stand come without being copied.

        Parameters
        ----------
        turned : ndarray of bool, shape (rings,), optional
            Rings to be run through backwards.
        without : ndarray of bool, shape (features,), optional
            Features that come without their shape.
        progress : Progress, optional
            Told the share done; may stop the work.
        """
        progress = progress or NoProgress()
        turned = None if turned is None or not turned.any() else turned
        if turned is None and without is None and is_whole(rows, len(self)):
            return self
        counts = np.diff(self.feature_offsets)
        if without is not None:
            counts = np.where(without, 0, counts)
        feature_offsets = offsets_of(counts[rows])
        parts = runs(self.feature_offsets[:-1][rows], feature_offsets)
        part_offsets = offsets_of(np.diff(self.part_offsets)[parts])
        rings = runs(self.part_offsets[:-1][parts], part_offsets)
        ring_offsets = offsets_of(np.diff(self.ring_offsets)[rings])
        starts, steps = self.ring_offsets[:-1][rings], None
        if turned is not None:
            back = turned[rings]
            starts = np.where(back, self.ring_offsets[1:][rings] - 1, starts)
            steps = np.where(back, -1, 1)
        coords = np.empty((ring_offsets[-1], 2))
        # numpy gathers a complex number faster than a row of two
        own, gathered = (np.ascontiguousarray(xy).view(np.complex128)[:, 0] for xy in (self.coords, coords))
        for first in range(0, len(rings), _RINGS_AT_ONCE):
            progress.step(first / len(rings))
            part = slice(first, first + _RINGS_AT_ONCE)
            ends = ring_offsets[first : first + _RINGS_AT_ONCE + 1]
            places = runs(starts[part], ends - ends[0], None if steps is None else steps[part])
            np.take(own, places, out=gathered[ends[0] : ends[-1]], mode="clip")
        return Ragged(coords, ring_offsets, part_offsets, feature_offsets)


def joined(pieces_: Sequence[Ragged]) -> Ragged:
    """Return features one behind the other."""
    return Ragged(
        np.concatenate([piece.coords for piece in pieces_]) if pieces_ else np.empty((0, 2)),
        offsets_of(_concatenated([np.diff(piece.ring_offsets) for piece in pieces_])),
        offsets_of(_concatenated([np.diff(piece.part_offsets) for piece in pieces_])),
        offsets_of(_concatenated([np.diff(piece.feature_offsets) for piece in pieces_])),
    )


def _concatenated(counts: Sequence[IntArray]) -> IntArray:
    return np.concatenate(counts) if counts else np.empty(0, dtype=np.int64)


def _areas(coords: FloatArray, offsets: IntArray) -> FloatArray:
    """Return the signed areas of closed rings, none of which is without vertices."""
    if len(offsets) < 2:
        return np.empty(0)
    # from each ring's own first vertex: areas of small rings far from the origin keep their digits
    first = np.repeat(coords[offsets[:-1]], np.diff(offsets), axis=0)
    x, y = (coords - first).T
    cross = np.zeros(len(x))
    with np.errstate(over="ignore", invalid="ignore"):
        cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    cross[offsets[1:] - 1] = 0  # from the end of one ring to the start of the next
    areas: FloatArray = np.add.reduceat(cross, offsets[:-1]) / 2
    return areas


def _simple_parts(shapes: Shapes, geometry: GeometryType) -> tuple[Shapes, IntArray]:
    """Take collections apart; keep the parts of the layer's own type, with the row each came from."""
    import shapely

    rows = np.arange(len(shapes), dtype=np.int64)
    while np.any(shapely.get_type_id(shapes) > 3):
        shapes, index = pieces(shapely.get_parts, shapes)
        rows = rows[index]
    types = shapely.get_type_id(shapes)
    own = np.logical_or.reduce([types == one for one in _TYPES[geometry]])
    keep = own & ~shapely.is_empty(shapes)
    return shapes[keep], rows[keep]


def ragged_of(shapes: Shapes, geometry: GeometryType) -> Ragged:
    """Return shapes as arrays.

    Parameters
    ----------
    shapes : ndarray of shapely geometries, shape (n,)
        None, empty ones and parts of another type come out as nothing.
    """
    import shapely

    parts, part_row = _simple_parts(shapes, geometry)
    if geometry is GeometryType.POLYGON:
        rings, ring_part = pieces(shapely.get_rings, parts)
        some = ~shapely.is_empty(rings)  # a hole may be without vertices
        rings, ring_part = rings[some], ring_part[some]
    else:
        rings, ring_part = parts, np.arange(len(parts), dtype=np.int64)
    coords, coord_ring = pieces(shapely.get_coordinates, rings)
    return Ragged(
        coords,
        offsets_of(np.bincount(coord_ring, minlength=len(rings))),
        offsets_of(np.bincount(ring_part, minlength=len(parts))),
        offsets_of(np.bincount(part_row, minlength=len(shapes))),
    )


def shapes_of(ragged: Ragged, geometry: GeometryType) -> Shapes:
    """Return arrays as shapely geometries, multi-part throughout."""
    import shapely

    by_type = {
        GeometryType.POINT: (shapely.GeometryType.MULTIPOINT, (ragged.feature_offsets,)),
        GeometryType.LINE: (
            shapely.GeometryType.MULTILINESTRING,
            (ragged.ring_offsets, ragged.feature_offsets),
        ),
        GeometryType.POLYGON: (
            shapely.GeometryType.MULTIPOLYGON,
            (ragged.ring_offsets, ragged.part_offsets, ragged.feature_offsets),
        ),
    }
    kind, offsets = by_type[geometry]
    whole: Shapes = shapely.from_ragged_array(kind, np.ascontiguousarray(ragged.coords), offsets)
    return whole
