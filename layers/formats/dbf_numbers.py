"""Whole numbers of a dBASE table that GDAL's reader bends: those of 19 digits and more.

A .dbf writes numbers as text. GDAL takes fields of 19 places and more for floats, which hold 15 digits;
QSDWDM (权属单位代码) has 19.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.formats.dbf_table import DbfHeader, records_present

_WIDEST_INTEGER = 18
_EXACT_IN_FLOAT = 2**53
_INT64 = 2**63
_NUMBERS = ("N", "F")


def exact_numbers(path: Path, header: DbfHeader, columns: list[Any], records: NDArray[np.int64]) -> list[Any]:
    """Return columns with the whole numbers that floats have rounded as they stand in the table.

    Parameters
    ----------
    columns : list
        Values of each field as GDAL hands them over.
    records : ndarray of int64, shape (n,)
        The record of each row, from 0.

    Returns
    -------
    list
        Whole numbers beyond 2**53 as ``Int64``, or as text where one is beyond 64 bits.
    """
    exact: list[Any] = []
    at = 1
    for field, column in zip(header.fields, columns, strict=True):
        rounded = field.type in _NUMBERS and field.width > _WIDEST_INTEGER and not field.decimals
        exact.append(_whole(column, _written(path, header, at, field.width, records)) if rounded else column)
        at += field.width
    return exact


def _written(
    path: Path, header: DbfHeader, at: int, width: int, records: NDArray[np.int64]
) -> NDArray[np.bytes_]:
    """Return a field's bytes for each row; empty where the table ends before."""
    present = records_present(path, header)
    texts = np.zeros(len(records), dtype=f"S{width}")
    inside = records < present
    if present and inside.any():
        table = np.memmap(
            path, np.uint8, "r", offset=header.header_bytes, shape=(present, header.record_bytes)
        )
        field = np.ascontiguousarray(table[:, at : at + width]).view(f"S{width}")[:, 0]
        texts[inside] = np.char.strip(field[records[inside]], b" \0")
        del table
    return texts


def _whole(column: Any, written: NDArray[np.bytes_]) -> Any:
    import pandas as pd

    # programs fill a field without a number with asterisks
    filled = (written != b"") & (np.char.find(written, b"*") < 0)
    try:
        numbers = [int(text) if there else None for text, there in zip(written, filled, strict=True)]
    except ValueError:
        return column
    largest = max((abs(number) for number in numbers if number is not None), default=0)
    if largest < _EXACT_IN_FLOAT:
        return column
    if largest < _INT64:
        return pd.array(numbers, dtype="Int64")
    texts = np.full(len(written), None, dtype=object)
    texts[filled] = [text.decode("ascii") for text in written[filled].tolist()]
    return texts
