"""Columns of a table as compact arrays; built block by block, so that nobody waits for the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.kind import FieldType
from layers.text_arrays import TextColumn

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64] | NDArray[np.int64]

NO_WORD = -1
"""Code of a row without data."""


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """Numbers.

    Attributes
    ----------
    values : ndarray of float64 or int64, shape (n,)
        What stands where ``missing`` is True has no meaning.
    missing : ndarray of bool, shape (n,)
        True where there is no data (NULL or NaN); that is never 0.
    """

    values: Numbers
    missing: Mask

    def __len__(self) -> int:
        return len(self.values)

    def value(self, row: int) -> float | int | None:
        """Return the number of a row, None for no data."""
        return None if self.missing[row] else self.values[row].item()


@dataclass(frozen=True, eq=False)
class WordColumn:
    """Text: each different text once, and per row the number of its text.

    Attributes
    ----------
    codes : ndarray of int8, int16 or int32, shape (n,)
        Place in ``words``; :data:`NO_WORD` for no data.
    words : TextColumn
        The different texts, in the order in which they were met first.
    """

    codes: NDArray[np.signedinteger[Any]]
    words: TextColumn

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def missing(self) -> Mask:
        """Where there is no data."""
        return np.asarray(self.codes == NO_WORD)

    def value(self, row: int) -> str | None:
        """Return the text of a row, None for no data."""
        code = int(self.codes[row])
        return None if code == NO_WORD else self.words[code]


Column = NumberColumn | WordColumn


class ColumnBuilder:
    """Takes a field's stored values block by block.

    Numbers become a :class:`NumberColumn`; everything else becomes words, also a number's field in which
    another program has left text.
    """

    def __init__(self, kind: FieldType) -> None:
        self._numeric = kind in (FieldType.INTEGER, FieldType.NUMBER)
        self._blocks: list[NumberColumn] = []
        self._codes: list[NDArray[np.int32]] = []
        self._places: dict[str, int] = {}

    def add(self, values: Sequence[Any]) -> None:
        """Take the next values, as the project file holds them."""
        if self._numeric:
            block = _numbers(values)
            if block is not None:
                self._blocks.append(block)
                return
            self._turn_to_words()
        self._add_words(values)

    def finish(self) -> Column:
        """Return the column."""
        if self._numeric:
            return _joined(self._blocks)
        codes = np.concatenate(self._codes) if self._codes else np.empty(0, dtype=np.int32)
        return WordColumn(narrow_codes(codes, len(self._places)), TextColumn.of(self._places))

    def _turn_to_words(self) -> None:
        self._numeric = False
        for block in self._blocks:
            self._add_words([block.value(row) for row in range(len(block))])
        self._blocks.clear()

    def _add_words(self, values: Sequence[Any]) -> None:
        if set(map(type, values)) == {type(None)}:
            # most fields of a survey layer are empty
            self._codes.append(np.full(len(values), NO_WORD, dtype=np.int32))
            return
        places = self._places
        codes = [
            NO_WORD
            if value is None or value == ""
            else places.setdefault(value if isinstance(value, str) else _text(value), len(places))
            for value in values
        ]
        self._codes.append(np.array(codes, dtype=np.int32))


def word_of(value: Any) -> str:
    """Return a stored value as a column of words holds it; empty for no data."""
    if value is None:
        return ""
    return value if isinstance(value, str) else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _numbers(values: Sequence[Any]) -> NumberColumn | None:
    """Return numbers as a column, whole ones as integers; None where something else is among them."""
    types = set(map(type, values)) - {type(None)}
    if not types <= {int, float}:
        return None
    missing = np.array([value is None for value in values], dtype=bool)
    if float not in types:
        whole = np.array([0 if value is None else value for value in values], dtype=np.int64)
        return NumberColumn(whole, missing)
    numbers = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return NumberColumn(numbers, np.isnan(numbers))


def _joined(blocks: Sequence[NumberColumn]) -> NumberColumn:
    """Return blocks as one column: of integers only where no block holds another number."""
    if not blocks:
        return NumberColumn(np.empty(0, dtype=np.float64), np.empty(0, dtype=bool))
    missing = np.concatenate([block.missing for block in blocks])
    values = np.concatenate([block.values for block in blocks])
    if missing.all():
        # a column without any data takes no room
        return NumberColumn(np.broadcast_to(np.int64(0), len(values)), np.broadcast_to(np.True_, len(values)))
    return NumberColumn(values, missing)


def narrow_codes(codes: NDArray[np.int32], words: int) -> NDArray[np.signedinteger[Any]]:
    """Return codes in the least room that holds the number of so many words."""
    if not words:
        return np.broadcast_to(np.int8(NO_WORD), len(codes))
    for kind in (np.int8, np.int16):
        if words <= np.iinfo(kind).max:
            return codes.astype(kind)
    return codes
