"""What a sheet holds, cell by cell, before anybody knows which row is its heading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from layers.formats.model import SourceNote


@dataclass(frozen=True)
class CellError:
    """A cell whose formula failed; ``text`` is what the sheet shows (``#REF!``)."""

    text: str


CellValue = str | bool | int | float | dt.date | CellError | None
Place = tuple[int, int]
"""Row and column, both from 0."""


@dataclass(frozen=True)
class Block:
    """Cells merged into one; rows and columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int

    def covers_columns(self, left: int, right: int) -> bool:
        """Tell whether the block reaches from ``left`` to ``right``."""
        return self.left <= left and self.right >= right


@dataclass(frozen=True)
class Grid:
    """One sheet.

    Attributes
    ----------
    sheet : str
        Its name; the file's stem for a text file.
    rows : sequence of sequences
        Values from the sheet's row 1 and column A on; rows may be of different lengths.
    typed : bool
        True where the file itself tells numbers from text (workbooks), False for plain text.
    text_columns : frozenset of int
        Columns of a text file that were written as text on purpose (every value in quotes).
    blocks : tuple of Block
        Merged cells; only the first cell of each holds its value.
    hidden_rows : frozenset of int
        Rows that are not shown; they are read like the others.
    uncomputed : tuple of Place
        Formulas that were stored without their result; the cells are empty.
    encoding : str
        What text was read with; empty where the format leaves no choice.
    """

    sheet: str
    rows: Sequence[Sequence[CellValue]]
    typed: bool = True
    text_columns: frozenset[int] = frozenset()
    blocks: tuple[Block, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    uncomputed: tuple[Place, ...] = ()
    encoding: str = ""
    encoding_guessed: bool = False
    notes: tuple[SourceNote, ...] = ()
    stated: Mapping[str, str] = field(default_factory=dict)

    def value(self, row: int, column: int) -> CellValue:
        """Return the value of a cell, None beyond the sheet's end."""
        if row >= len(self.rows):
            return None
        values = self.rows[row]
        return values[column] if column < len(values) else None

    def width(self) -> int:
        """Return how many columns the widest row has."""
        return max((len(row) for row in self.rows), default=0)


@dataclass(frozen=True)
class SheetInfo:
    """A sheet of a workbook, before it is read."""

    name: str
    hidden: bool = False


def column_letters(column: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Return a cell's name as the sheet shows it: (6, 0) is A7."""
    return f"{column_letters(column)}{row + 1}"


def is_blank(value: CellValue) -> bool:
    """Tell whether a cell holds nothing to read."""
    return value is None or (isinstance(value, str) and not value.strip())


def shown(value: CellValue) -> str:
    """Return a value as text, for messages and previews."""
    if value is None:
        return ""
    if isinstance(value, CellError):
        return value.text
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return text_of_number(value)
    return str(value)


def text_of_number(value: float) -> str:
    """Return a number as text with all its digits and without a needless ``.0``."""
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
