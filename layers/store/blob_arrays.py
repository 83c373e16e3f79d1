"""GeoPackage blobs straight to arrays, for drawing: a large layer's usual polygons without an object each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.array_runs import offsets_of
from layers.kind import GeometryType
from layers.ragged import Ragged, joined, ragged_of
from layers.store.blob import decode_readable

IntArray = NDArray[np.int64]

# GeoPackage 1.3, 2.1.3: magic "GP", version, flags, srs_id, then an envelope of so many bytes.
_ENVELOPE_BYTES = np.array([0, 32, 48, 48, 64, 0, 0, 0])
_EXTENDED_TYPE = 0x20
# ISO WKB: type + 1000 with Z, + 2000 with M, + 3000 with both.
_POLYGON, _MULTI_POLYGON = 3, 6
_DIMENSIONS = np.array([2, 3, 3, 4])
_ORDER_AND_TYPE = 5
_COUNT = 4
_FEWEST = 4
# More rings than most polygons have; shapely reads the rest.
_MOST_RINGS = 6


class _Bytes:
    """Blobs one behind the other, read at many places at once."""

    def __init__(self, data: bytes, starts: IntArray, ends: IntArray) -> None:
        self.data = data
        self.starts = starts
        self.ends = ends
        self._all = np.frombuffer(data or bytes(1), dtype=np.uint8)

    def byte(self, places: IntArray) -> NDArray[np.uint8]:
        """Return a byte at each place; whatever it is where the place lies behind the end."""
        return self._all[np.minimum(places, len(self._all) - 1)]

    def word(self, places: IntArray) -> IntArray:
        """Return the number in four bytes (little-endian) at each place; any number behind the end."""
        found = np.zeros(len(places), dtype=np.int64)
        for shift in range(4):
            found |= self.byte(places + shift).astype(np.int64) << (8 * shift)
        return found


@dataclass(frozen=True, eq=False)
class _Found:
    """Rings of usual polygons: in which blob, where their coordinates start, how many there are."""

    rows: IntArray
    starts: IntArray
    counts: IntArray


def _polygon_starts(read: _Bytes, dimensions: int) -> tuple[IntArray, NDArray[np.bool_]]:
    """Return where the count of rings stands in each blob that holds one polygon of so many dimensions."""
    starts = read.starts
    flags = read.byte(starts + 3).astype(np.int64)
    fit = (read.byte(starts) == ord("G")) & (read.byte(starts + 1) == ord("P"))
    fit &= (flags & _EXTENDED_TYPE == 0) & (flags >> 1 & 7 < 5)
    place = starts + 8 + _ENVELOPE_BYTES[flags >> 1 & 7]
    fit &= read.byte(place) == 1
    kind = read.word(place + 1)
    multi = kind % 1000 == _MULTI_POLYGON
    fit &= ~multi | (read.word(place + _ORDER_AND_TYPE) == 1)
    place = np.where(multi, place + _ORDER_AND_TYPE + _COUNT, place)
    inner = read.word(place + 1)
    fit &= (read.byte(place) == 1) & (inner % 1000 == _POLYGON) & (inner // 1000 == kind // 1000)
    fit &= (inner < 4000) & (_DIMENSIONS[np.minimum(inner // 1000, 3)] == dimensions)
    return place + _ORDER_AND_TYPE, fit


def _find_rings(read: _Bytes, dimensions: int) -> tuple[_Found, NDArray[np.bool_]]:
    """Find the rings of all blobs that hold one polygon with few rings, and tell which those are."""
    place, fit = _polygon_starts(read, dimensions)
    rings = read.word(place)
    fit &= (rings >= 1) & (rings <= _MOST_RINGS)
    place = place + _COUNT
    found = []
    for number in range(_MOST_RINGS):
        rows = np.flatnonzero(fit & (rings > number))
        counts = read.word(place[rows])
        start = place[rows] + _COUNT
        end = start + counts * (8 * dimensions)
        fit[rows] = (counts >= _FEWEST) & (end <= read.ends[rows])
        place[rows] = end
        found.append(_Found(rows, start, counts))
    fit &= place == read.ends
    rows = np.concatenate([one.rows for one in found])
    starts = np.concatenate([one.starts for one in found])
    counts = np.concatenate([one.counts for one in found])
    order = np.argsort(rows, kind="stable")
    order = order[fit[rows[order]]]
    return _Found(rows[order], starts[order], counts[order]), fit


def _coordinates(read: _Bytes, found: _Found, dimensions: int) -> NDArray[np.float64]:
    width = 8 * dimensions
    stretches = zip(found.starts.tolist(), (found.starts + found.counts * width).tolist(), strict=True)
    data = b"".join([read.data[start:end] for start, end in stretches])
    coords = np.frombuffer(data, dtype="<f8").reshape(-1, dimensions)[:, :2]
    return np.ascontiguousarray(coords)


def _usual_polygons(blobs: Sequence[bytes | None]) -> tuple[Ragged, NDArray[np.bool_]]:
    """Read the blobs that hold one polygon with few rings, and tell which those are."""
    lengths = np.fromiter((0 if blob is None else len(blob) for blob in blobs), np.int64, len(blobs))
    ends = np.cumsum(lengths)
    read = _Bytes(b"".join(blob for blob in blobs if blob is not None), ends - lengths, ends)
    # the polygons of a layer have the dimensions of its first one
    dimensions = 2
    for candidate in (2, 3, 4):
        found, fit = _find_rings(read, candidate)
        fit &= lengths > 0
        if fit.any():
            dimensions = candidate
            break
    coords = _coordinates(read, found, dimensions)
    offsets = offsets_of(found.counts)
    first, last = coords[offsets[:-1]], coords[offsets[1:] - 1]
    closed = (first == last).all(axis=1)
    if not closed.all():
        fit[found.rows[~closed]] = False
    rings = np.bincount(found.rows, minlength=len(blobs))
    everything = Ragged(
        coords, offsets, offsets_of(rings[rings > 0]), offsets_of((rings > 0).astype(np.int64))
    )
    return everything, fit


def _by_shapely(blobs: Sequence[bytes | None], geometry: GeometryType) -> Ragged:
    """Read any blobs; what is no geometry comes out as nothing."""
    return ragged_of(decode_readable(blobs), geometry)


def read_blobs(blobs: Sequence[bytes | None], geometry: GeometryType) -> Ragged:
    """Return the shapes in blobs as arrays, one feature for each blob.

    None, empty geometries, other types than the layer's and what is no geometry at all come out as a feature
    without parts: nothing of it can be drawn, and the others are.

    Parameters
    ----------
    blobs : sequence of bytes or None
        As in the ``geom`` column of a feature table.
    """
    if geometry is not GeometryType.POLYGON or not blobs:
        return _by_shapely(blobs, geometry)
    usual, fit = _usual_polygons(blobs)
    if fit.all():
        return usual
    rest = np.flatnonzero(~fit)
    other = _by_shapely([blobs[row] for row in rest.tolist()], geometry)
    rows = np.arange(len(blobs))
    rows[rest] = len(blobs) + np.arange(len(rest))
    return joined([usual, other]).taken(rows)
