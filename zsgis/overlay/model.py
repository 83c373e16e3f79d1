"""What a balanced overlay gives back: pieces, what is left, and the proof that nothing was lost."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.errors import GeometryError
from layers.words import _

GeometryArray = NDArray[np.object_]
IndexArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

REMAINDER = -1
"""Zone number of what lies in no zone."""


class SliverPolicy(StrEnum):
    """What happens to parts under the stated tolerance. Neither choice drops any."""

    KEEP = "keep"
    MERGE = "merge"


class Side(StrEnum):
    """Which of the two inputs something is about."""

    FEATURE = "feature"
    ZONE = "zone"


class ShapeError(GeometryError):
    """One shape cannot be used; says which, so that a caller can call it by its name."""

    def __init__(self, what: str, *, side: Side, index: int, remedy: str = "", details: str = "") -> None:
        super().__init__(what, where=place(side, index), remedy=remedy, details=details)
        self.side = side
        self.index = index


def place(side: Side, index: int) -> str:
    """Return words for a shape's position, counted from one."""
    text = _("Feature {number}") if side is Side.FEATURE else _("Zone {number}")
    return text.format(number=index + 1)


@dataclass(frozen=True)
class Repair:
    """An invalid input shape that was repaired, for the computation only.

    Attributes
    ----------
    index : int
        Position in the input array of ``side``.
    reason : str
        What GEOS says is wrong, with the coordinate.
    before_m2, after_m2 : float
        Planar area by the shoelace formula of the shape as handed in, and of the repaired one.
    geometry : shapely geometry
        The repaired shape that the overlay worked with.
    """

    side: Side
    index: int
    reason: str
    before_m2: float
    after_m2: float
    geometry: Any


@dataclass(frozen=True)
class SnappedCut:
    """A pair that GEOS could only cut after snapping both shapes to a grid of ``grid_m`` metres."""

    feature: int
    zone: int
    grid_m: float


@dataclass(frozen=True)
class ZoneOverlap:
    """Two zones (or features) that lie over each other, and on how much area."""

    first: int
    second: int
    area_m2: float


@dataclass(frozen=True)
class Slivers:
    """Parts under the stated tolerance.

    Attributes
    ----------
    kept, merged : int
        How many stayed where the cut left them, and how many went to their longest neighbour.
    kept_m2, merged_m2 : float
        Their planar area.
    """

    kept: int = 0
    kept_m2: float = 0.0
    merged: int = 0
    merged_m2: float = 0.0


@dataclass(frozen=True)
class Overlay:
    """Features cut by zones, in the projected coordinate system of the inputs.

    Pieces are sorted by feature, then by zone, the remainder last. At most one piece stands for a
    feature in a zone; it has several parts where the zone meets the feature in several places.

    Attributes
    ----------
    feature, zone : ndarray of int64, shape (pieces,)
        Positions in the input arrays; zone :data:`REMAINDER` means in no zone.
    geometry : ndarray of object, shape (pieces,)
        Polygons and multipolygons.
    area_m2 : ndarray of float64, shape (pieces,)
        Planar area.
    whole : ndarray of bool, shape (pieces,)
        The piece is its feature, uncut.
    input_m2, pieces_m2, overlap_m2, remainder_m2 : ndarray of float64, shape (features,)
        Planar area of each feature (after repair), of its pieces in zones, of what these pieces
        cover more than once, and of the remainder. A missing or empty feature has 0 everywhere.
    imbalance_m2 : ndarray of float64, shape (features,)
        ``input - (pieces - overlap + remainder)``. The remainder is cut and measured by itself, so
        this is a measurement, not an identity.
    zone_overlaps, feature_overlaps : tuple of ZoneOverlap
        Pairs of zones, and of features where that was asked, that lie over each other.
    repairs : tuple of Repair
    snapped : tuple of SnappedCut
    slivers : Slivers
    dust_m2 : float
        Area of parts thinner than a micrometre, which floating point leaves along a cut edge; they
        are no pieces, and stand in ``imbalance_m2``.
    """

    feature: IndexArray
    zone: IndexArray
    geometry: GeometryArray
    area_m2: FloatArray
    whole: NDArray[np.bool_]
    input_m2: FloatArray
    pieces_m2: FloatArray
    overlap_m2: FloatArray
    remainder_m2: FloatArray
    imbalance_m2: FloatArray
    zone_overlaps: tuple[ZoneOverlap, ...] = ()
    feature_overlaps: tuple[ZoneOverlap, ...] = ()
    repairs: tuple[Repair, ...] = ()
    snapped: tuple[SnappedCut, ...] = ()
    slivers: Slivers = Slivers()
    dust_m2: float = 0.0

    def zone_m2(self, zones: int) -> FloatArray:
        """Return the planar area of the pieces in each of ``zones`` zones."""
        inside = self.zone != REMAINDER
        totals = np.bincount(self.zone[inside], weights=self.area_m2[inside], minlength=zones)
        return totals.astype(np.float64)


@dataclass(frozen=True)
class Pieces:
    """Pieces on their way through the overlay: the same columns as in :class:`Overlay`."""

    feature: IndexArray
    zone: IndexArray
    geometry: GeometryArray
    area_m2: FloatArray

    def take(self, chosen: NDArray[Any]) -> Pieces:
        """Return the pieces at these positions, or where a mask is true."""
        return Pieces(self.feature[chosen], self.zone[chosen], self.geometry[chosen], self.area_m2[chosen])

    @staticmethod
    def join(*groups: Pieces) -> Pieces:
        """Return all pieces of ``groups``, in that order."""
        return Pieces(
            np.concatenate([g.feature for g in groups]),
            np.concatenate([g.zone for g in groups]),
            np.concatenate([g.geometry for g in groups]),
            np.concatenate([g.area_m2 for g in groups]),
        )

    def sorted(self) -> Pieces:
        """Return the pieces by feature, then zone, the remainder last."""
        last = np.where(self.zone == REMAINDER, np.iinfo(np.int64).max, self.zone)
        return self.take(np.lexsort((last, self.feature)))
