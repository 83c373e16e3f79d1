"""Land of two dates: both layers, the land they share, and what each has alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from zsgis.analysis.change.classes import TwoStandards
from zsgis.analysis.change.fates import BoolArray, Fate, Shared
from zsgis.analysis.features import Features
from zsgis.analysis.zoned import FloatArray, GeometryArray, IntArray
from zsgis.result import Finding

NOBODY = -1
"""Place of the parcel of the other date where there is none."""


@dataclass(frozen=True)
class Dated:
    """The land of one date: its parcels and their classes, as the layer's standard writes them."""

    features: Features
    codes: tuple[str, ...]


class Kind(IntEnum):
    """What happened to a piece of land; the order is that of the columns."""

    KEPT = 0
    NEW_CONSTRUCTION = 1
    LOST_CONSTRUCTION = 2
    OTHER = 3
    NOISE = 4
    ONLY_EARLIER = 5
    ONLY_LATER = 6


@dataclass(frozen=True)
class Pieces:
    """The land of both dates, cut where either has a border: every piece lies in one parcel of each date.

    Attributes
    ----------
    earlier, later : ndarray of int64, shape (pieces,)
        Place of the parcel of each date; :data:`NOBODY` outside that date's data.
    geometry : ndarray of object, shape (pieces,)
        In the plane.
    planar_m2 : ndarray of float64, shape (pieces,)
    cents : ndarray of int64, shape (pieces,)
        Area on the basis in 0.01 m2. The pieces of an earlier parcel add up to its area exactly; those of a
        later parcel and its ``difference_cents`` add up to its own.
    earlier_cents, later_cents : ndarray of int64
        Area of every parcel of both dates.
    difference_cents : ndarray of int64, shape (later parcels,)
        What lies over each other within a layer, and what measuring each date for itself leaves.
    solid : ndarray of bool, shape (pieces,)
        Some part is as wide as the tolerance, or the piece is half of one of its parcels: no drawing noise.
    imbalance_m2 : float
        Largest planar imbalance of a parcel.
    """

    earlier: IntArray
    later: IntArray
    geometry: GeometryArray
    planar_m2: FloatArray
    cents: IntArray
    earlier_cents: IntArray
    later_cents: IntArray
    difference_cents: IntArray
    solid: BoolArray
    imbalance_m2: float
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Changes:
    """Everything that is known of the change.

    Attributes
    ----------
    kind : ndarray of int64, shape (pieces,)
        :class:`Kind` of each piece.
    shared : Shared
    fates, origins : tuple of Fate
        Of every earlier, and of every later parcel.
    """

    earlier: Dated
    later: Dated
    how: TwoStandards
    pieces: Pieces
    kind: IntArray
    shared: Shared
    fates: tuple[Fate, ...]
    origins: tuple[Fate, ...]
    tolerance_m: float

    def sources(self, chosen: IntArray) -> dict[str, tuple[str, ...]]:
        """Return the parcels of both dates behind some pieces, as a row names them."""
        out: dict[str, tuple[str, ...]] = {}
        for dated, places in (
            (self.earlier, self.pieces.earlier[chosen]),
            (self.later, self.pieces.later[chosen]),
        ):
            distinct = sorted(set(places.tolist()) - {NOBODY})
            out[dated.features.layer_uid] = tuple(dated.features.uids[place] for place in distinct)
        return out
