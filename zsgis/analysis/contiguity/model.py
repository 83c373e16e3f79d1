"""What groups of contiguous parcels are computed from, and the groups themselves."""

from __future__ import annotations

from dataclasses import dataclass

from layers.classification import Standard
from zsgis.analysis.contiguity.bridges import BridgeGround, BridgeRule
from zsgis.analysis.contiguity.near import BoolArray, GeometryArray, IndexArray
from zsgis.analysis.features import Features
from zsgis.analysis.zoned import FloatArray


@dataclass(frozen=True)
class Parcels:
    """The parcels of a layer, and which of them may be assembled.

    Attributes
    ----------
    features : Features
    plane : ndarray of object, shape (n,)
        Their shapes in the plane in which distances are measured.
    codes : tuple of str, length n
        Land class of each; empty where there is none.
    standard : Standard or None
        None where the layer's kind has no land class.
    eligible : ndarray of bool, shape (n,)
        May be part of a group.
    obtainable : ndarray of bool, shape (n,)
        May be the missing parcel between groups: not eligible, and no road, railway or water.
    """

    features: Features
    plane: GeometryArray
    codes: tuple[str, ...]
    standard: Standard | None
    eligible: BoolArray
    obtainable: BoolArray

    def class_name(self, place: int) -> str:
        """Return what a parcel's class is called; empty where it has none."""
        code = self.codes[place]
        return self.standard.name(code) if self.standard is not None and code else ""


@dataclass(frozen=True)
class Terms:
    """When parcels belong together, and which groups count.

    Attributes
    ----------
    gap_m : float
        Parcels at most this far apart belong together.
    bridge : BridgeRule
        When a road or canal between two parcels is bridged.
    least_cents : int
        Groups smaller than this, in 0.01 m2, are counted and not listed.
    least_compactness : float
        Likewise those less compact than this; 0 asks for nothing.
    drawing_m : float
        How exactly edges are drawn: pairs this near the gap's limit are told.
    described : int
        Compactness is computed for so many of the largest groups, and for all where some is asked for.
    """

    gap_m: float
    bridge: BridgeRule
    least_cents: int
    least_compactness: float
    drawing_m: float
    described: int


@dataclass(frozen=True)
class Links:
    """Which eligible parcels belong together; all arrays hold places among these.

    Attributes
    ----------
    left, right : ndarray of int64
        Pairs within the gap.
    bridge_left, bridge_right : ndarray of int64
        Pairs joined by a bridge that the gap leaves apart.
    doubtful_left, doubtful_right : ndarray of int64
        Pairs whose distance is so near the gap that the drawing's exactness decides.
    """

    left: IndexArray
    right: IndexArray
    bridge_left: IndexArray
    bridge_right: IndexArray
    doubtful_left: IndexArray
    doubtful_right: IndexArray


@dataclass(frozen=True)
class Groups:
    """Groups of parcels that can be assembled, the largest first.

    Attributes
    ----------
    label : ndarray of int64, shape (eligible,)
        Group of each eligible parcel.
    cents : ndarray of int64, shape (groups,)
        Area in 0.01 m2 on the basis, the sum of the parcels' own.
    parcels, pieces : ndarray of int64, shape (groups,)
        How many parcels each has, and in how many pieces roads and canals part it.
    compactness : ndarray of float64, shape (groups,)
        Area over that of the smallest circle around it, 0 to 1 (E. C. Reock, Midwest J. Pol. Sci. 5,
        1961); NaN where nobody asked.
    large, kept : ndarray of bool, shape (groups,)
        Large enough, and large and compact enough, to be listed.
    """

    label: IndexArray
    cents: IndexArray
    parcels: IndexArray
    pieces: IndexArray
    compactness: FloatArray
    large: BoolArray
    kept: BoolArray

    def __len__(self) -> int:
        return len(self.cents)


@dataclass(frozen=True)
class Missing:
    """A parcel that would join groups if it could be had.

    Attributes
    ----------
    place : int
        In the layer.
    groups : tuple of int
        Numbers of the groups it would join, the largest first.
    own_cents, joined_cents : int
        Its own area, and that of all groups it joins together with it.
    gain_cents : int
        By how much the largest of these groups would grow.
    """

    place: int
    groups: tuple[int, ...]
    own_cents: int
    joined_cents: int
    gain_cents: int


__all__ = ["BridgeGround", "BridgeRule", "Groups", "Links", "Missing", "Parcels", "Terms"]
