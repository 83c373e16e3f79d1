"""A traverse of bearings and distances: its corners, its misclosure, and the compass rule.

The compass rule (Bowditch, 坐标增量闭合差反号按边长成比例分配) gives each leg the negative misclosure in
proportion to its length. Source: C. D. Ghilani and P. R. Wolf, Elementary Surveying, "Traverse computations";
in Chinese practice the approximate adjustment of traverses (近似平差) of engineering surveying (GB 50026).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.errors import InputError
from layers.words import _
from zsgis.editing.drawing_directions import steps_of

Place = tuple[float, float]
_LONGEST_M = 1_000_000.0


@dataclass(frozen=True)
class Leg:
    """The way from one corner to the next.

    Attributes
    ----------
    bearing_deg : float
        Grid bearing (坐标方位角), from grid north clockwise.
    length_m : float
        In the plane of the projection.
    """

    bearing_deg: float
    length_m: float


@dataclass(frozen=True)
class Misclosure:
    """By how much a traverse misses the place where it should end.

    Attributes
    ----------
    east_m, north_m : float
        Computed end minus true end.
    traverse_m : float
        Length of all legs.
    """

    east_m: float
    north_m: float
    traverse_m: float

    @property
    def length_m(self) -> float:
        """The misclosure's length (全长闭合差)."""
        return math.hypot(self.east_m, self.north_m)

    @property
    def ratio(self) -> float:
        """The denominator of the relative misclosure 1 : n (全长相对闭合差); infinite where there is none."""
        return self.traverse_m / self.length_m if self.length_m else math.inf


@dataclass(frozen=True)
class Traverse:
    """A traverse as computed.

    Attributes
    ----------
    corners : ndarray of float64, shape (legs + 1, 2)
        East and north, the start first; corrected where that was asked for.
    corrections : ndarray of float64, shape (legs, 2)
        What was added to each leg east and north, metres; zeros without adjustment.
    misclosure : Misclosure or None
        Before adjustment; None of a traverse that ends anywhere.
    """

    corners: NDArray[np.float64]
    corrections: NDArray[np.float64]
    misclosure: Misclosure | None


def compute(
    start: Place, legs: Sequence[Leg], *, end: Place | None = None, adjusted: bool = False
) -> Traverse:
    """Return the corners of a traverse.

    Parameters
    ----------
    start : tuple of float
        East and north of the first corner, metres.
    end : tuple of float, optional
        Where it ends by rights: ``start`` where it closes. Without one nothing can be adjusted.
    adjusted : bool
        Share the misclosure out by the compass rule; the last corner is then ``end`` exactly.

    Raises
    ------
    InputError
        When a number is missing or no length, or there is no leg.
    """
    _check(start, legs)
    steps = np.array([steps_of(leg.length_m, leg.bearing_deg) for leg in legs])
    lengths = np.array([leg.length_m for leg in legs])
    total = math.fsum(lengths)
    corrections = np.zeros_like(steps)
    misclosure = None
    if end is not None:
        east = math.fsum((start[0], *steps[:, 0], -end[0]))
        north = math.fsum((start[1], *steps[:, 1], -end[1]))
        misclosure = Misclosure(east, north, total)
        if adjusted:
            corrections = -np.outer(lengths / total, [east, north])
    corners = np.concatenate(([start], np.array(start) + np.cumsum(steps + corrections, axis=0)))
    if end is not None and adjusted:
        corners[-1] = end
    return Traverse(corners, corrections, misclosure)


def _check(start: Place, legs: Sequence[Leg]) -> None:
    if not all(map(math.isfinite, start)):
        raise InputError(_("The start of the traverse is missing."), remedy=_("Give its X and Y."))
    if not legs:
        raise InputError(_("The traverse has no leg yet."), remedy=_("Give a bearing and a distance."))
    for number, leg in enumerate(legs, start=1):
        if not math.isfinite(leg.bearing_deg) or not 0.0 < leg.length_m <= _LONGEST_M:
            raise InputError(
                _("This leg has no usable length."),
                where=_("leg {number}").format(number=number),
                remedy=_("Give metres, more than 0."),
            )
