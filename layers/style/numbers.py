"""Numbers as a legend shows them: as short as their differences allow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_MOST_DIGITS = 12


def spaced_texts(numbers: Sequence[float]) -> tuple[str, ...]:
    """Return rising numbers as text with as few decimals as tell them apart to a hundredth of a step."""
    steps = [after - before for before, after in pairwise(numbers) if after > before]
    least = min(steps, default=1.0)
    for digits in range(_MOST_DIGITS):
        if all(abs(round(number, digits) - number) <= least / 100 for number in numbers):
            return tuple(_plain(number, digits) for number in numbers)
    return tuple(repr(number) for number in numbers)


def _plain(number: float, digits: int) -> str:
    text = f"{round(number, digits):,.{digits}f}"
    return "0" if float(text.replace(",", "")) == 0 else text
