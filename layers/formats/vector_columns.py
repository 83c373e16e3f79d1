"""The values of a file's columns, made whole again where GDAL's reader has bent them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np

_EXACT_IN_FLOAT = 2**53
_MIDNIGHT = re.compile(r"\d{4}[-/]\d{2}[-/]\d{2}[T ]00:00:00(?:\.0+)?(?:Z|\+00(?::?00)?)?")


def whole_column(meta: dict[str, Any], position: int, parts: list[Any], query: Callable[[str], Any]) -> Any:
    """Return a column's values as they stand in the file.

    Parameters
    ----------
    meta : dict
        What ``pyogrio.raw.read`` says of the columns.
    position : int
        Which column.
    parts : list of ndarray
        Its values, read in steps.
    query : callable
        Takes what to select (an expression in OGR's SQL) and returns its value for each feature.
    """
    import pandas as pd

    values = np.concatenate(parts) if parts else np.array([], dtype=object)
    declared, subtype = meta["ogr_types"][position], meta["ogr_subtypes"][position]
    if values.dtype.kind == "f" and declared in ("OFTInteger", "OFTInteger64"):
        missing = np.isnan(values)
        if subtype == "OFSTBoolean":
            return pd.array(
                [None if gone else bool(v) for v, gone in zip(values, missing, strict=True)], dtype="boolean"
            )
        if (np.abs(values[~missing]) >= _EXACT_IN_FLOAT).any():
            # the reader puts whole numbers of a column with gaps into floats, which hold 53 bits only
            texts = query(f"CAST({quoted(str(meta['fields'][position]))} AS CHARACTER(32))")
            return pd.array([None if text in (None, "") else int(text) for text in texts], dtype="Int64")
        return pd.array(
            [None if gone else int(v) for v, gone in zip(values, missing, strict=True)], dtype="Int64"
        )
    if declared == "OFTDate" or (declared == "OFTDateTime" and _all_midnight(values)):
        return _days(values)
    if values.dtype.kind == "O":
        return np.array([_plain(value) for value in values], dtype=object)
    return values


def quoted(name: str) -> str:
    """Return a name as OGR's SQL takes it."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def unique_names(names: list[str]) -> tuple[list[str], dict[str, str]]:
    """Return names of attributes, each once and none ``geometry``; and the new name by old name."""
    taken = {"geometry"}
    unique: list[str] = []
    renamed: dict[str, str] = {}
    for name in names:
        new, number = name, 1
        while new in taken:
            number += 1
            new = f"{name}_{number}"
        if new != name:
            renamed[name] = new
        taken.add(new)
        unique.append(new)
    return unique, renamed


def _all_midnight(values: Any) -> bool:
    """Tell whether moments are days: a format that knows moments only holds them as their midnights."""
    present = [text for text in values if text is not None]
    return bool(present) and all(isinstance(text, str) and _MIDNIGHT.fullmatch(text) for text in present)


def _days(values: Any) -> Any:
    try:
        return np.array(
            [None if text is None else text[:10].replace("/", "-") for text in values], "datetime64[s]"
        )
    except (ValueError, TypeError):
        return values


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | list):
        return json.dumps(np.asarray(value).tolist(), ensure_ascii=False)
    return value
