"""Size classes of groups, in 亩."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from layers.words import _
from zsgis.analysis.contiguity.near import IndexArray

COLORS = ("#fde8c8", "#fbd08c", "#f7a35c", "#ee7640", "#d94a33", "#b0232b", "#7a0f2b", "#4d0825")
"""From small to large: one hue that darkens, readable in grey."""
MISSING_COLOR = "#1f6fd0"


@dataclass(frozen=True)
class SizeClasses:
    """Limits between size classes in 亩, rising; a group of exactly a limit belongs to the class above."""

    limits_mu: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.limits_mu) + 1

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the classes are called, the smallest first."""
        texts = [f"{limit:g}" for limit in self.limits_mu]
        if not texts:
            return (_("All sizes"),)
        between = [_("{low}-{high} mu").format(low=low, high=high) for low, high in pairwise(texts)]
        return (
            _("under {limit} mu").format(limit=texts[0]),
            *between,
            _("{limit} mu and more").format(limit=texts[-1]),
        )

    def of(self, cents: IndexArray) -> IndexArray:
        """Return the class of each area in 0.01 m2."""
        # 亩 is 2000/3 m2: three times the cents are compared with whole numbers
        limits = np.array([round(200_000 * limit) for limit in self.limits_mu], dtype=np.int64)
        return np.searchsorted(limits, 3 * cents, side="right").astype(np.int64)

    def color(self, number: int) -> str:
        """Return a class's colour, spread over the ramp."""
        last = max(len(self) - 1, 1)
        return COLORS[round(number * (len(COLORS) - 1) / last)]
