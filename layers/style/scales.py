"""Scales a style changes at: the ranges of denominators in which one symbol holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from layers.style.model import ClassRule, ScaledSymbol, Style, Symbol


@dataclass(frozen=True)
class ScaleSpan:
    """A symbol with the scales it holds at: ``low <= denominator < high``; None sets no limit."""

    symbol: Symbol
    low: float | None
    high: float | None


def spans(part: ClassRule | Style) -> tuple[ScaleSpan, ...]:
    """Return with which symbol a class, or all that has no class, is drawn at which scales.

    Whether it is switched off altogether does not matter here. The spans rise; neighbours differ.
    """
    low, high = part.min_denominator, part.max_denominator
    within = [
        edge
        for other in part.other_scales
        for edge in (other.min_denominator, other.max_denominator)
        if edge is not None and (low is None or edge > low) and (high is None or edge < high)
    ]
    edges = [low, *sorted(set(within)), high]
    found: list[ScaleSpan] = []
    for start, end in pairwise(edges):
        symbol = _symbol_at(part.symbol, part.other_scales, _between(start, end))
        if found and found[-1].symbol == symbol:
            found[-1] = ScaleSpan(symbol, found[-1].low, end)
        else:
            found.append(ScaleSpan(symbol, start, end))
    return tuple(found)


def _between(low: float | None, high: float | None) -> float:
    if low is None:
        return 1.0 if high is None else high / 2
    return low * 2 if high is None else (low + high) / 2


def _symbol_at(usual: Symbol, others: Sequence[ScaledSymbol], denominator: float) -> Symbol:
    return next((other.symbol for other in others if other.shown_at(denominator)), usual)
