"""Shares of whole areas, as printed."""

from __future__ import annotations

SHARE_DIGITS = 2


def percent(part: int, whole: int) -> float | None:
    """Return a share in per cent, rounded half up; None of nothing and of a deduction.

    Parameters
    ----------
    part, whole : int
        In 0.01 m2.
    """
    if whole <= 0:
        return None
    scale: int = 10**SHARE_DIGITS
    return float((2 * part * 100 * scale + whole) // (2 * whole) / scale)
