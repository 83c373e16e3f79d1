"""Patches of land: parcels of the chosen classes that touch, merged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zsgis.analysis.zoned import FloatArray, GeometryArray, IntArray

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Pieces:
    """Parcels of the chosen classes, or their parts, as patches are made of them.

    Attributes
    ----------
    geometry : ndarray of object, shape (n,)
        In the plane.
    feature : ndarray of int64, shape (n,)
        Place of the parcel in the layer.
    line : ndarray of int64, shape (n,)
        Row of the table that the piece counts in; only pieces of one row are one patch.
    cents : ndarray of int64, shape (n,)
        Area on the basis, in 0.01 m2.
    planar_m2 : ndarray of float64, shape (n,)
        Area in the plane.
    """

    geometry: GeometryArray
    feature: IntArray
    line: IntArray
    cents: IntArray
    planar_m2: FloatArray

    def take(self, chosen: BoolArray) -> Pieces:
        """Return the pieces where a mask is true."""
        return Pieces(
            self.geometry[chosen],
            self.feature[chosen],
            self.line[chosen],
            self.cents[chosen],
            self.planar_m2[chosen],
        )


@dataclass(frozen=True)
class LandPatches:
    """Patches, the largest first within their row.

    Attributes
    ----------
    pieces : Pieces
    patch : ndarray of int64, shape (pieces,)
        Patch of each piece.
    line : ndarray of int64, shape (patches,)
    cents : ndarray of int64, shape (patches,)
        Sum of the pieces.
    outline : ndarray of object, shape (patches,)
        The pieces merged, gaps up to the tolerance closed.
    perimeter_m : ndarray of float64, shape (patches,)
        Of the outline, holes included, in the plane.
    planar_m2 : ndarray of float64, shape (patches,)
        Sum of the pieces in the plane.
    sliver : ndarray of bool, shape (patches,)
        Under the tolerance of slivers: area that counts, but no patch.
    """

    pieces: Pieces
    patch: IntArray
    line: IntArray
    cents: IntArray
    outline: GeometryArray
    perimeter_m: FloatArray
    planar_m2: FloatArray
    sliver: BoolArray

    def __len__(self) -> int:
        return len(self.cents)

    @property
    def shape(self) -> FloatArray:
        """Perimeter over that of a circle of equal area, p / (2 sqrt(pi a)); 1 for a circle."""
        index: FloatArray = self.perimeter_m / (2.0 * np.sqrt(np.pi * self.planar_m2))
        return index

    def of_line(self, number: int | None) -> IntArray:
        """Return the patches of a row, or of all rows, without slivers."""
        mine = ~self.sliver if number is None else (self.line == number) & ~self.sliver
        return np.flatnonzero(mine).astype(np.int64)

    def features(self, patches: IntArray) -> IntArray:
        """Return the places of the parcels behind some patches."""
        chosen = np.zeros(len(self), dtype=bool)
        chosen[patches] = True
        return np.unique(self.pieces.feature[chosen[self.patch]])
