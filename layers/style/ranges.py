"""Which rule of a style holds which value: by text, or by number in ranges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.style.model import ClassRule, Style

if TYPE_CHECKING:
    import pandas as pd

Index = NDArray[np.int32]


def range_index(rules: Sequence[ClassRule], numbers: ArrayLike) -> Index:
    """Return the first rule whose closed range holds each number; -1 for none and for NaN.

    Ranges that meet share their bound; it counts to the first, so that with rules in rising order a class
    holds what is above its lower and at most its upper bound, and the first class its lower bound too. QGIS
    and mapclassify count in the same way.

    Parameters
    ----------
    rules : sequence of ClassRule
    numbers : array-like of float, shape (n,)
        NaN where there is no number.

    Returns
    -------
    ndarray of int32, shape (n,)
    """
    values = np.asarray(numbers, dtype=np.float64)
    found = np.full(values.shape, -1, dtype=np.int32)
    for place in range(len(rules) - 1, -1, -1):
        low, high = bounds_of(rules[place])
        found[(values >= low) & (values <= high)] = place
    return found


def bounds_of(rule: ClassRule) -> tuple[float, float]:
    """Return a rule's range; infinite where it has no bound."""
    low = -np.inf if rule.lower is None else rule.lower
    return low, np.inf if rule.upper is None else rule.upper


def numbers_of(column: pd.Series[Any]) -> NDArray[np.float64]:
    """Return a column's numbers; NaN for what is none (texts that hold a number count as numbers)."""
    import pandas as pd

    return pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def value_index(style: Style, values: Sequence[str]) -> Index:
    """Return the rule that holds each of some class values, given as text; -1 for none."""
    if style.numeric:
        return range_index(style.rules, [_number(value) for value in values])
    places = {rule.value: place for place, rule in enumerate(style.rules)}
    return np.array([places.get(value, -1) for value in values], dtype=np.int32)


def rule_index(style: Style, column: pd.Series[Any]) -> Index:
    """Return the rule that holds each feature of a layer, from the column of its class field; -1 for none."""
    import pandas as pd

    if style.numeric:
        return range_index(style.rules, numbers_of(column))
    codes, values = pd.factorize(column.astype("string"))
    # the last entry serves code -1: no value
    index = np.append(value_index(style, [str(value) for value in values]), np.int32(-1))
    return np.asarray(index[codes])


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan
