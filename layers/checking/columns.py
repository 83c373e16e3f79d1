"""A layer's columns as the checks take them: by field, in the field's type, what does not fit beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from layers.checking.subject import Columns, Mask
from layers.kind import Field, FieldType, Kind
from layers.store.values import convert, plain_values, to_series

if TYPE_CHECKING:
    Series = pd.Series[Any]

_AS_THEY_ARE = {FieldType.NUMBER: "if", FieldType.INTEGER: "i", FieldType.DATE: "M", FieldType.BOOLEAN: "b"}


def columns_of(kind: Kind, series: Mapping[str, Series]) -> Columns:
    """Return columns for a check.

    Parameters
    ----------
    series : mapping of str to pandas.Series
        By the kind's name of the field; n rows each, of any type.
    """
    values: dict[str, Series] = {}
    unread: dict[str, Mask] = {}
    stands: dict[str, Series] = {}
    for declared in kind.fields:
        if declared.name not in series:
            continue
        given = series[declared.name].reset_index(drop=True)
        if _fits(declared, given):
            values[declared.name] = given
            continue
        converted, failed = convert(plain_values(given), declared.type)
        values[declared.name] = to_series(converted, declared.type)
        if failed.any():
            unread[declared.name], stands[declared.name] = np.asarray(failed), given
    return Columns(values, unread, stands)


def _fits(declared: Field, given: Series) -> bool:
    """Tell whether a column is of its field's type already, so that nothing need be converted."""
    if declared.type is FieldType.TEXT:
        return isinstance(given.dtype, pd.StringDtype) or (
            given.dtype == object and pd.api.types.infer_dtype(given, skipna=True) in ("string", "empty")
        )
    return given.dtype.kind in _AS_THEY_ARE[declared.type]
