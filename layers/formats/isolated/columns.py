"""Columns as Arrow arrays and back, every value as it was: whole numbers stay whole, None stays None."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_PLAIN = "plain"
_OBJECTS = "objects"
_MIXED = "mixed"
_SAME_TYPES = (str, bool, int, float, bytes, datetime.date, datetime.datetime)
_INT64 = 2**63


def to_arrow(series: pd.Series[Any]) -> tuple[pa.Array, str]:
    """Return a column as an Arrow array, and a word that tells :func:`from_arrow` how it came."""
    import pandas as pd
    import pyarrow as pa

    if series.dtype.kind in "iufbM" and isinstance(series.dtype, np.dtype):
        # NaN is a value here, not a gap
        return pa.array(series.to_numpy(), from_pandas=series.dtype.kind == "M"), f"{_PLAIN}:{series.dtype}"
    if str(series.dtype) in ("Int64", "boolean"):
        return pa.array(series, from_pandas=True), f"{_PLAIN}:{series.dtype}"
    if isinstance(series.dtype, pd.StringDtype):
        series = series.astype(object).where(series.notna(), None)
    values = [None if value is pd.NA or value is pd.NaT else value for value in series.tolist()]
    types = {type(value) for value in values if value is not None}
    if len(types) <= 1 and types <= set(_SAME_TYPES) and not _too_large(types, values):
        return pa.array(values, type=pa.string() if types <= {str} else None), _OBJECTS
    return pa.array([json.dumps(_tagged(value), ensure_ascii=False) for value in values], pa.string()), _MIXED


def from_arrow(array: pa.ChunkedArray, form: str) -> pd.Series[Any]:
    """Return what :func:`to_arrow` was given; text of any type comes back as objects with None for gaps."""
    import pandas as pd
    import pyarrow as pa

    word, _colon, dtype = form.partition(":")
    if word == _PLAIN:
        if dtype in ("Int64", "boolean"):
            return pd.Series(pd.array(array.to_pylist(), dtype=dtype))
        return pd.Series(array.to_numpy().astype(dtype, copy=False))
    result = np.empty(len(array), dtype=object)
    if word == _OBJECTS:
        result[:] = array.to_numpy() if pa.types.is_string(array.type) else array.to_pylist()
    else:
        result[:] = [_untagged(json.loads(text)) for text in array.to_pylist()]
    return pd.Series(result, dtype=object)


def _too_large(types: set[type], values: list[Any]) -> bool:
    if types != {int}:
        return False
    return any(value is not None and not -_INT64 <= value < _INT64 for value in values)


def _tagged(value: Any) -> list[Any]:
    if isinstance(value, datetime.datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, datetime.date):
        return ["date", value.isoformat()]
    if isinstance(value, bytes):
        return ["bytes", value.hex()]
    if isinstance(value, np.generic):
        return ["plain", value.item()]
    if value is None or isinstance(value, str | bool | int | float):
        return ["plain", value]
    return ["plain", str(value)]


def _untagged(pair: list[Any]) -> Any:
    tag, value = pair
    if tag == "datetime":
        return datetime.datetime.fromisoformat(value)
    if tag == "date":
        return datetime.date.fromisoformat(value)
    if tag == "bytes":
        return bytes.fromhex(value)
    return value
