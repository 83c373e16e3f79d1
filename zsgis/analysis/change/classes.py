"""Classes of two dates compared, also where the two layers follow different standards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.classification import LandClass3Rules, Standard, crosswalk, crosswalks
from layers.errors import InputError
from layers.words import _
from zsgis.analysis.change.fates import BoolArray
from zsgis.analysis.zoned import IntArray

FULL = 99


@dataclass(frozen=True)
class TwoStandards:
    """How the classes of both dates are read and compared.

    Attributes
    ----------
    earlier, later : Standard
    level : int
        How fine the classes are told apart and compared.
    land_class3 : LandClass3Rules
        Which disputed classes are construction land.
    """

    earlier: Standard
    later: Standard
    level: int
    land_class3: LandClass3Rules

    def same(self, before: str, after: str) -> bool:
        """Tell whether a class of the later date is the one of the earlier, at the level.

        Between standards it is where the published table leads from the one to the other, or to one of
        several of which it is one.
        """
        if self.earlier.key == self.later.key:
            return self.earlier.ancestor(before, self.level) == self.later.ancestor(after, self.level)
        if not before or not after:
            return before == after
        if (self.earlier.key, self.later.key) in crosswalks():
            return _leads(before, after, self.earlier, self.later, self.level)
        return _leads(after, before, self.later, self.earlier, self.level)

    def construction(self, code: str, *, later: bool) -> bool | None:
        """Tell whether a class of one date is construction land; None where its code does not tell."""
        return (self.later if later else self.earlier).is_construction(code, self.land_class3)


def _leads(code: str, to: str, source: Standard, target: Standard, level: int) -> bool:
    found = crosswalk(source.key, target.key).map(source.ancestor(code, level))
    candidates = (found.code,) if found.code else found.candidates
    shown = target.ancestor(to, level)
    line = {target.ancestor(shown, coarser) for coarser in (1, 2, 3, FULL)}
    return any(target.ancestor(candidate, level) in line for candidate in candidates)


def require_comparable(earlier: Standard, later: Standard) -> None:
    """Refuse two standards between which no table leads.

    Raises
    ------
    InputError
        Names both.
    """
    pairs = ((earlier.key, later.key), (later.key, earlier.key))
    if earlier.key != later.key and not any(pair in crosswalks() for pair in pairs):
        raise InputError(
            _("Classes of “{earlier}” and “{later}” cannot be compared: no table leads between them.").format(
                earlier=earlier.title or earlier.key, later=later.title or later.key
            ),
            remedy=_("Bring one of the layers over to the standard of the other first."),
        )


def same_classes(
    before: tuple[str, ...], after: tuple[str, ...], earlier: IntArray, later: IntArray, how: TwoStandards
) -> BoolArray:
    """Tell for pairs of parcels whether their classes are the same; places in ``before`` and ``after``."""
    pairs = [(before[i], after[j]) for i, j in zip(earlier.tolist(), later.tolist(), strict=True)]
    told = {pair: how.same(*pair) for pair in set(pairs)}
    return np.array([told[pair] for pair in pairs], dtype=bool)
