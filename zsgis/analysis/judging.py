"""Values held against limits of a rule: the margin, and a verdict that only rules in force decide."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from layers.words import _

IN_FORCE = "现行"
"""Status of a rule that decides; drafts (征求意见稿) and facts to be checked (待核实) only hint."""
TO_CHECK = "待核实"
"""Status of a rule whose words nobody has held against the original yet."""


class Verdict(StrEnum):
    """What holding a value against a limit says."""

    MEETS = "meets"
    FAILS = "fails"
    HINT_MEETS = "hint_meets"
    HINT_FAILS = "hint_fails"
    MISSING = "missing"

    @property
    def words(self) -> str:
        """The verdict as printed."""
        return {
            Verdict.MEETS: _("Meets"),
            Verdict.FAILS: _("Does not meet"),
            Verdict.HINT_MEETS: _("Hint: would meet"),
            Verdict.HINT_FAILS: _("Hint: would not meet"),
            Verdict.MISSING: _("Data missing"),
        }[self]


@dataclass(frozen=True)
class Judged:
    """A verdict and its margin.

    Attributes
    ----------
    margin : float or None
        How far the value lies inside the limits (negative: outside), in its own unit; None where either
        is missing.
    """

    verdict: Verdict
    margin: float | None


def judge(value: float | None, low: float | None, high: float | None, status: str) -> Judged:
    """Hold a value against limits that belong to what is allowed; NaN is a missing value."""
    if value is None or math.isnan(value):
        return Judged(Verdict.MISSING, None)
    margins = (None if low is None else value - low, None if high is None else high - value)
    margin = min((m for m in margins if m is not None), default=None)
    return Judged(verdict_of(margin is None or margin >= 0, status), margin)


def verdict_of(met: bool, status: str) -> Verdict:
    """Return the verdict on a requirement of a rule with this status."""
    if status == IN_FORCE:
        return Verdict.MEETS if met else Verdict.FAILS
    return Verdict.HINT_MEETS if met else Verdict.HINT_FAILS


def half_up(value: float | Fraction, digits: int) -> float:
    """Return a value rounded half up, away from zero in neither direction."""
    scaled = Fraction(value) * 10**digits + Fraction(1, 2)
    return float(math.floor(scaled) / 10**digits)
