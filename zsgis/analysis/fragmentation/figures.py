"""The figures of some patches: how many, how large, how crooked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from zsgis.analysis.fragmentation.model import LandPatches
from zsgis.analysis.zoned import IntArray

SMALL_CENTS_PER_MU = Fraction(200_000, 3)
_CENTS_PER_KM2 = 10**8


@dataclass(frozen=True)
class PatchFigures:
    """What a row of the summary says of its patches; areas exact, in 0.01 m2.

    Attributes
    ----------
    mean, median : Fraction or None
        None where there is no patch.
    largest, small_cents : int
    small : int
        How many are small.
    per_km2 : float
        Patches per km2 of the ground; NaN where the ground is not known or nothing.
    shape, shape_weighted : float
        Mean of p / (2 sqrt(pi a)), plain and weighted with area; NaN where there is no patch.
    """

    count: int
    mean: Fraction | None
    median: Fraction | None
    largest: int
    small: int
    small_cents: int
    per_km2: float
    shape: float
    shape_weighted: float


def patch_figures(
    patches: LandPatches, chosen: IntArray, small_mu: float, ground_cents: int | None
) -> PatchFigures:
    """Return the figures of the chosen patches."""
    cents = np.sort(patches.cents[chosen])
    count = len(cents)
    limit = Fraction(str(small_mu)) * SMALL_CENTS_PER_MU
    small = int(np.searchsorted(cents, math.ceil(limit), side="left"))
    shape, area = patches.shape[chosen], patches.planar_m2[chosen]
    return PatchFigures(
        count=count,
        mean=Fraction(int(cents.sum()), count) if count else None,
        median=Fraction(int(cents[(count - 1) // 2]) + int(cents[count // 2]), 2) if count else None,
        largest=int(cents[-1]) if count else 0,
        small=small,
        small_cents=int(cents[:small].sum()),
        per_km2=count * _CENTS_PER_KM2 / ground_cents if ground_cents else math.nan,
        shape=float(shape.mean()) if count else math.nan,
        shape_weighted=float((shape * area).sum() / area.sum()) if count else math.nan,
    )
