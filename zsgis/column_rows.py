"""Rows of a large table that share their columns: half a million of them hold no figure of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class SharedColumn:
    """A column of values, one for each row.

    Attributes
    ----------
    values : ndarray, shape (rows,)
        Numbers, of which NaN is no value, or objects as they are.
    digits : int or None
        To which numbers are rounded; None for whole numbers and objects.
    """

    values: NDArray[Any]
    digits: int | None = None

    def at(self, place: int) -> Any:
        """Return the value of a row as a table prints it."""
        value = self.values[place]
        if self.values.dtype == object:
            return value
        if self.values.dtype.kind != "f":
            return int(value)
        return None if np.isnan(value) else round(float(value), self.digits)


class SharedValues(Mapping[str, Any]):
    """The values of one row, by column key."""

    __slots__ = ("_columns", "_place")

    def __init__(self, columns: Mapping[str, SharedColumn], place: int) -> None:
        self._columns = columns
        self._place = place

    def __getitem__(self, key: str) -> Any:
        return self._columns[key].at(self._place)

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)
