"""Which rows of a sheet are its title, its heading and its data."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from layers.formats.tables.grid import CellValue, Grid, is_blank
from layers.formats.tables.numbers import date_of, number_of
from layers.formats.tables.units import stated_units, unit_called

_LOOK_AT = 60
_MOST_HEADER_ROWS = 8
_INDEX = re.compile(r"\(?(\d{1,3})\)?(?:\s*=.*)?|[甲乙丙丁戊]")
_LABELLED = re.compile(r"^[^:]{1,16}:")
_YEARS = range(1949, 2101)


@dataclass(frozen=True)
class HeaderRows:
    """Where things stand, rows from 0.

    Attributes
    ----------
    titles : tuple of int
        Rows above the heading that hold something.
    header : tuple of int
        Rows of the heading, top first; empty where the table has none.
    index_rows : tuple of int
        Rows below it that only number the columns (1, 2, 3 …).
    first_row : int
        The first row of data.
    """

    titles: tuple[int, ...]
    header: tuple[int, ...]
    index_rows: tuple[int, ...]
    first_row: int


def find_header(grid: Grid) -> HeaderRows:
    """Return where title, heading and data of a sheet stand, by what the rows hold."""
    look = _Looking(grid)
    start = look.first_header_row()
    titles = tuple(row for row in range(start) if look.filled(row))
    if start >= len(grid.rows) or look.is_data(start, headless=True):
        return HeaderRows(titles, (), (), start)
    end = look.last_header_row(start)
    first = end + 1
    index: list[int] = []
    while first < len(grid.rows) and (not look.filled(first) or look.is_index(first)):
        if look.filled(first):
            index.append(first)
        first += 1
    return HeaderRows(titles, tuple(range(start, end + 1)), tuple(index), first)


def given_header(grid: Grid, header: tuple[int, ...], first_row: int | None) -> HeaderRows:
    """Return the same for a heading that somebody chose; ``first_row`` None looks for it below."""
    look = _Looking(grid)
    start = header[0] if header else (first_row or 0)
    titles = tuple(row for row in range(min(start, len(grid.rows))) if look.filled(row))
    first = (header[-1] + 1 if header else 0) if first_row is None else first_row
    index: list[int] = []
    while first_row is None and first < len(grid.rows) and (not look.filled(first) or look.is_index(first)):
        if look.filled(first):
            index.append(first)
        first += 1
    return HeaderRows(titles, header, tuple(index), first)


class _Looking:
    """Answers questions about single rows of a sheet."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._blocks = [block for block in grid.blocks if block.top < _LOOK_AT]
        counts = [len(self.filled(row)) for row in range(min(len(grid.rows), _LOOK_AT))]
        self._width = max(counts, default=0)

    def filled(self, row: int) -> dict[int, CellValue]:
        """Return the values of a row by column, blanks left out."""
        if row >= len(self._grid.rows):
            return {}
        return {column: value for column, value in enumerate(self._grid.rows[row]) if not is_blank(value)}

    def first_header_row(self) -> int:
        """Return the first row that is neither blank nor a title."""
        row = 0
        last = min(len(self._grid.rows), _LOOK_AT)
        while row < last and (not self.filled(row) or self._is_title(row)):
            row += 1
        return row if row < last else 0

    def last_header_row(self, start: int) -> int:
        """Return the last row of the heading that begins in ``start``."""
        end = start
        while True:
            below = [block.bottom for block in self._blocks if start <= block.top <= end < block.bottom]
            # merged cells may reach beyond the last row that holds anything
            reach = min(max(below, default=end), max(len(self._grid.rows) - 1, end))
            if reach - start >= _MOST_HEADER_ROWS:
                return end
            if reach > end:
                end = reach
            elif self._continues(start, end):
                end += 1
            else:
                return end

    def is_data(self, row: int, *, headless: bool = False) -> bool:
        """Tell whether a row holds figures; ``headless`` asks for more than half of it."""
        values = list(self.filled(row).values())
        figures = [value for value in values if self._is_figure(value)]
        if figures and all(_is_year(value) for value in figures) and len(values) > len(figures):
            return False
        return len(figures) * 2 > len(values) if headless else bool(figures)

    def is_index(self, row: int) -> bool:
        """Tell whether a row only numbers the columns: 1, 2, 3 … or 甲, 乙, 1, 2 …."""
        values = list(self.filled(row).values())
        if len(values) < 3 or len(values) < self._width - 1:
            return False
        texts = [unicodedata.normalize("NFKC", _text(value)).strip() for value in values]
        found = [_INDEX.fullmatch(text) for text in texts]
        numbers = [int(one.group(1)) for one in found if one is not None and one.group(1)]
        counts = all(found) and numbers == list(range(1, len(numbers) + 1))
        return counts and not self._goes_on_below(row)

    def _goes_on_below(self, row: int) -> bool:
        """Tell whether 1, 2, 3 is the first row of a table that holds nothing but whole numbers.

        The row below then begins with 2, or is all whole numbers without beginning the count anew.
        """
        below = next((one for one in range(row + 1, len(self._grid.rows)) if self.filled(one)), None)
        if below is None:
            return True
        own, next_ = (
            [_whole(value) for _column, value in sorted(self.filled(one).items())] for one in (row, below)
        )
        if None in own:
            return False
        return next_[0] == 2 or (None not in next_ and next_[0] != 1)

    def _is_title(self, row: int) -> bool:
        filled = self.filled(row)
        if self._width < 2:
            return False
        if len(filled) == 1:
            column = next(iter(filled))
            spans = [block for block in self._blocks if block.top == row and block.left == column]
            return self._width > 2 or bool(spans) or self._next_filled(row) > 1
        plain = [unicodedata.normalize("NFKC", _text(value)).strip() for value in filled.values()]
        labelled = [text for text in plain if _LABELLED.match(text) or stated_units(text)]
        return len(labelled) * 2 >= len(filled) and len(filled) < self._width

    def _next_filled(self, row: int) -> int:
        for below in range(row + 1, min(len(self._grid.rows), _LOOK_AT)):
            if filled := self.filled(below):
                return len(filled)
        return 0

    def _continues(self, start: int, end: int) -> bool:
        """Tell whether the row below the heading so far belongs to it."""
        row = end + 1
        filled = self.filled(row)
        if not filled or row - start >= _MOST_HEADER_ROWS:
            return False
        if all(isinstance(value, str) and unit_called(value) for value in filled.values()):
            return True
        if self.is_data(row) or self.is_index(row):
            return False
        wide = [
            block for block in self._blocks if block.top <= end <= block.bottom and block.left < block.right
        ]
        under = {column for block in wide for column in range(block.left, block.right + 1)}
        if wide:
            return set(filled) <= under
        above = set().union(*(self.filled(one) for one in range(start, end + 1)))
        # a row that names columns which have no name yet, above columns of figures
        return bool(set(filled) - above) and self._figures_below(row, set(filled))

    def _figures_below(self, row: int, columns: set[int]) -> bool:
        below = [self.filled(one) for one in range(row + 1, min(row + 6, len(self._grid.rows)))]
        return any(self._is_figure(cells[column]) for cells in below for column in columns if column in cells)

    def _is_figure(self, value: CellValue) -> bool:
        if isinstance(value, str):
            # text that looks like a number is a figure in files that know nothing but text
            return not self._grid.typed and (number_of(value) is not None or date_of(value) is not None)
        return isinstance(value, int | float | dt.date) and not isinstance(value, bool)


def _is_year(value: CellValue) -> bool:
    number = number_of(value) if isinstance(value, str) else value
    return isinstance(number, int | float) and not isinstance(number, bool) and number in _YEARS


def _whole(value: CellValue) -> int | None:
    number = number_of(value) if isinstance(value, str) else value
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None
    return int(number) if float(number).is_integer() else None


def _text(value: CellValue) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
