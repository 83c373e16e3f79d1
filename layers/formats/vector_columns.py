"""The values of a file's columns, made whole again where GDAL's reader has bent them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

_EXACT_IN_FLOAT = 2**53


def whole_column(path: Path, layer: str, meta: dict[str, Any], position: int, parts: list[Any]) -> Any:
    """Return a column's values as they stand in the file.

    Parameters
    ----------
    meta : dict
        What ``pyogrio.raw.read`` says of the columns.
    position : int
        Which column.
    parts : list of ndarray
        Its values, read in steps.
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
            return _exact_integers(path, layer, str(meta["fields"][position]))
        return pd.array(
            [None if gone else int(v) for v, gone in zip(values, missing, strict=True)], dtype="Int64"
        )
    if declared == "OFTDate":
        return _days(values)
    if values.dtype.kind == "O":
        return np.array([_plain(value) for value in values], dtype=object)
    return values


def _exact_integers(path: Path, layer: str, name: str) -> Any:
    # the reader puts whole numbers of a column with gaps into floats, which hold 53 bits only
    import pandas as pd
    import pyogrio.raw

    quoted_name, quoted_layer = (text.replace("\\", "\\\\").replace('"', '\\"') for text in (name, layer))
    _meta, _fids, _wkb, columns = pyogrio.raw.read(
        path,
        sql=f'SELECT CAST("{quoted_name}" AS CHARACTER(32)) AS v FROM "{quoted_layer}"',  # noqa: S608 - escaped
        sql_dialect="OGRSQL",
        read_geometry=False,
    )
    return pd.array([None if text in (None, "") else int(text) for text in columns[0]], dtype="Int64")


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
