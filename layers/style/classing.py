"""Styles from data: one class per value, or per range of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from layers.kind import GeometryType
from layers.style.breaks import Scheme
from layers.style.model import ClassRule, Style, Symbol
from layers.style.numbers import spaced_texts
from layers.words import _

MOST_VALUES = 200
"""Of a field with more different values no map could be read."""


def colored(symbol: Symbol, color: str, geometry: GeometryType) -> Symbol:
    """Return a symbol in another colour: of a line its stroke, of areas and points the fill."""
    if geometry is GeometryType.LINE or (geometry is GeometryType.POLYGON and not _is_filled(symbol)):
        return symbol.model_copy(update={"stroke": color})
    return symbol.model_copy(update={"fill": color})


def _is_filled(symbol: Symbol) -> bool:
    return symbol.fill is not None and symbol.fill_opacity > 0


def graduated(
    style: Style,
    field: str,
    bounds: Sequence[float],
    colors: Sequence[str],
    geometry: GeometryType,
    *,
    scheme: Scheme,
) -> Style:
    """Return a style with a class per range of numbers.

    Parameters
    ----------
    bounds : sequence of float
        As :func:`layers.style.breaks.break_values` returns them.
    colors : sequence of str
        One per class.
    scheme : Scheme
        Of own breaks the first class has no lower and the last no upper bound: numbers that come later are
        held too.
    """
    base = _base(style, geometry)
    texts = spaced_texts(bounds)
    last = len(bounds) - 2
    is_open = scheme is Scheme.OWN and last > 0
    rules = []
    for place, (low, high) in enumerate(pairwise(bounds)):
        lower = None if is_open and place == 0 else low
        upper = None if is_open and place == last else high
        rules.append(
            ClassRule(
                value=f"{texts[place]}–{texts[place + 1]}",
                title=_range_title(texts[place], texts[place + 1], lower is None, upper is None),
                symbol=colored(base, colors[place], geometry),
                lower=lower,
                upper=upper,
            )
        )
    return _classed(style, field, tuple(rules), numeric=True)


def categorized(style: Style, field: str, rules: Sequence[ClassRule], geometry: GeometryType) -> Style:
    """Return a style with a class per value; its colours are those of the given rules' fills."""
    base = _base(style, geometry)
    whole = geometry is GeometryType.POLYGON and _is_filled(base)
    own = tuple(
        rule.model_copy(
            update={
                "symbol": rule.symbol if whole else colored(base, rule.symbol.fill or "#808080", geometry)
            }
        )
        for rule in rules
    )
    return _classed(style, field, own, numeric=False)


def single(style: Style) -> Style:
    """Return a style without classes."""
    return _classed(style, "", (), numeric=False)


def _classed(style: Style, field: str, rules: tuple[ClassRule, ...], *, numeric: bool) -> Style:
    changes: dict[str, Any] = {"class_field": field, "rules": rules, "numeric": numeric}
    return style.model_copy(update={**changes, "rest_visible": True})


def _base(style: Style, geometry: GeometryType) -> Symbol:
    """Return the symbol classes differ from by their colour; areas without a fill get one."""
    symbol = style.symbol
    if geometry is not GeometryType.LINE and not _is_filled(symbol):
        return symbol.model_copy(update={"fill": "#D9D9D9", "fill_opacity": 1.0})
    return symbol


def _range_title(low: str, high: str, no_lower: bool, no_upper: bool) -> str:
    if no_lower and no_upper:
        return _("All numbers")
    if no_lower:
        return _("at most {number}").format(number=high)
    if no_upper:
        return _("above {number}").format(number=low)
    return f"{low} – {high}"
