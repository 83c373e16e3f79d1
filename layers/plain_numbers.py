"""Numbers as one writes them by hand: all digits before the point, no exponent, no trailing zeros."""

from __future__ import annotations


def plain_number(value: float, most_decimals: int = 6) -> str:
    """Return a number as text.

    Parameters
    ----------
    value : float
        Finite.
    most_decimals : int
        After so many decimals it is rounded; trailing zeros are left out.

    Examples
    --------
    >>> plain_number(1_234_567.891, 2)
    '1234567.89'
    """
    text = f"{value:.{most_decimals}f}"
    short = text.rstrip("0").rstrip(".") if most_decimals else text
    return "0" if short == "-0" else short
