"""Columns of XML files in the type the file states, where their values have it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from layers.formats.object_columns import object_column

_INTEGERS = ("int", "uint", "short", "ushort")
_FLOATS = ("float", "double")
_TRUTHS = {"1": True, "true": True, "0": False, "false": False}
_INT64 = 2**63


def typed_column(texts: list[str | None], kind: str) -> tuple[Any, bool]:
    """Return values of a column, and whether they have the type that is stated.

    Parameters
    ----------
    texts : list of str or None
        As written; None where there is no value.
    kind : str
        ``int``, ``uint``, ``short``, ``ushort``, ``float``, ``double``, ``bool``; anything else is text.

    Returns
    -------
    array or Series
        Numbers only where every text is one and writing it back gives the same digits: 0802 stays text.
    """
    read = {**dict.fromkeys(_INTEGERS, _integers), **dict.fromkeys(_FLOATS, _floats), "bool": _truths}.get(
        kind
    )
    if read is None:
        return object_column(texts), True
    values = read([None if text is None or not text.strip() else text.strip() for text in texts])
    return (object_column(texts), False) if values is None else (values, True)


def _integers(texts: list[str | None]) -> Any:
    import pandas as pd

    # 0802 is a code whatever a schema says
    plain = [text for text in texts if text is not None]
    if any(str(_integer(text)) != text.removeprefix("+") for text in plain):
        return None
    numbers = [None if text is None else int(text) for text in texts]
    if any(number is not None and not -_INT64 <= number < _INT64 for number in numbers):
        return None
    if None in numbers:
        return pd.array(numbers, dtype="Int64")
    return np.array(numbers, dtype=np.int64)


def _integer(text: str) -> int | None:
    digits = text.removeprefix("-").removeprefix("+")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None


def _floats(texts: list[str | None]) -> Any:
    values = np.full(len(texts), np.nan)
    for place, text in enumerate(texts):
        if text is None:
            continue
        try:
            values[place] = float(text)
        except ValueError:
            return None
        if math.isinf(values[place]) or "_" in text:
            return None
    return values


def _truths(texts: list[str | None]) -> Any:
    import pandas as pd

    if any(text is not None and text.lower() not in _TRUTHS for text in texts):
        return None
    return pd.array([None if text is None else _TRUTHS[text.lower()] for text in texts], dtype="boolean")
