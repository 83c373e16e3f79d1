"""A worksheet's XML as rows of values, with what is merged, hidden and without a result: one walk for all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from layers.errors import InputError
from layers.formats.tables.grid import Block, CellValue, Place, cell_name
from layers.formats.tables.limits import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_USED_COLUMNS,
    too_many_cells,
)
from layers.formats.tables.workbook_values import CellValues
from layers.formats.tables.workbook_xml import EnoughRead, WorkbookXml, refused
from layers.progress import Progress
from layers.words import _

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\b[^<>]*?\sref\s*=\s*["']([^"']*)""")
_END_OF_CELLS = b"sheetData>"
_TRUE = ("1", "true")
_HOLD_TEXT = ("v", "t")
_MOST_BLOCKS = 200_000


@dataclass
class SheetCells:
    """What was read of a sheet.

    Attributes
    ----------
    rows : list of sequences
        Values from row 1 and column A on, up to the last cell of each row that holds something.
    uncomputed : list of Place
        Formulas without a result.
    """

    rows: list[Sequence[CellValue]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    uncomputed: list[Place] = field(default_factory=list)


def sheet_cells(
    xml: WorkbookXml, values: CellValues, progress: Progress, *, most_rows: int | None = None
) -> SheetCells:
    """Read a sheet; ``most_rows`` stops there, merged cells are told all the same.

    Raises
    ------
    InputError
        When rows or columns lie beyond a worksheet's end, out of order, or are too many; when a cell holds
        what its type does not allow.
    """
    walk = _Walk(xml, values, MOST_ROWS if most_rows is None else most_rows)
    whole = xml.walk(walk.start, walk.end, walk.pieces.append, progress=progress)
    if not whole:
        walk.take_blocks_behind()
    return walk.result()


class _Walk:
    """Gathers cells while the XML is walked through; ``pieces`` takes the text between tags."""

    def __init__(self, xml: WorkbookXml, values: CellValues, most_rows: int) -> None:
        self.pieces: list[str] = []
        self._xml = xml
        self._values = values
        self._most_rows = most_rows
        self._found = SheetCells()
        self._columns: dict[str, int] = {}
        self._row = self._column = -1
        self._row_text = "0"
        self._cells: list[CellValue] = []
        self._last_row = self._last_column = -1
        self._attributes: dict[str, str] | None = None
        self._text: str | None = None
        self._formula = self._unspoken = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        if name == "c":
            self._begin_cell(attributes)
        elif name in _HOLD_TEXT:
            self.pieces.clear()
        elif name == "row":
            self._begin_row(attributes)
        elif name == "mergeCell":
            self._take_block(attributes.get("ref", ""))
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._unspoken = True

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name == "c":
            self._end_cell()
        elif name == "v":
            self._text = "".join(self.pieces)
        elif name == "t" and not self._unspoken:
            self._text = (self._text or "") + "".join(self.pieces)
        elif name == "rPh":
            self._unspoken = False
        elif name == "row":
            self._end_row()

    def take_blocks_behind(self) -> None:
        """Find the merged cells behind cells that were not walked through."""
        data = self._xml.data
        for found in _MERGED.finditer(data, max(data.rfind(_END_OF_CELLS), 0)):
            self._take_block(found.group(1).decode("utf-8", "replace"))

    def result(self) -> SheetCells:
        """Return what was gathered."""
        found = self._found
        found.blocks = [block for block in found.blocks if block.left <= self._last_column]
        return found

    def _begin_row(self, attributes: dict[str, str]) -> None:
        if self._row >= self._most_rows:
            raise EnoughRead
        number = attributes.get("r", "")
        row = int(number) - 1 if number else self._row + 1
        if not self._row < row < MOST_ROWS:
            raise self._refusal(_("Row {row} is out of order or beyond a sheet's end.").format(row=row + 1))
        self._row, self._column = row, -1
        self._row_text = str(row + 1)
        self._cells = []
        if attributes.get("hidden") in _TRUE:
            self._found.hidden_rows.add(row)

    def _end_row(self) -> None:
        if not self._cells or self._row >= self._most_rows:
            return
        rows = self._found.rows
        rows.extend([()] * (self._row - len(rows)))
        rows.append(self._cells)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r", "")
        self._column = self._column_of(reference) if reference else self._column + 1
        self._attributes = attributes
        self._text = None
        self._formula = False

    def _end_cell(self) -> None:
        attributes, self._attributes = self._attributes, None
        if attributes is None:
            return
        kind, text = attributes.get("t", "n"), self._text
        filled = bool(text) or (text is not None and kind == "inlineStr")
        if not (filled or self._formula):
            return
        if self._row != self._last_row or self._column > self._last_column:
            self._require_measure()
        if not filled and kind != "str":
            self._found.uncomputed.append((self._row, self._column))
        if filled and self._row < self._most_rows:
            try:
                self._put(self._values.value(kind, attributes.get("s", ""), text or ""))
            except (ValueError, IndexError, OverflowError) as error:
                raise self._wrong_value(text or "") from error

    def _wrong_value(self, text: str) -> InputError:
        what = _("Cell {cell} holds “{text}”, which is no value of its type.")
        return self._refusal(what.format(cell=cell_name(self._row, self._column), text=text[:40]))

    def _put(self, value: CellValue) -> None:
        if value is None:
            return
        missing = self._column - len(self._cells)
        if missing < 0:
            self._cells[self._column] = value
            return
        if missing:
            self._cells.extend([None] * missing)
        self._cells.append(value)

    def _require_measure(self) -> None:
        """Take note of how far the sheet reaches, and refuse one that reaches too far."""
        self._last_row = self._row
        self._last_column = max(self._last_column, self._column)
        if self._column >= MOST_USED_COLUMNS:
            raise self._refusal(
                _("Column {number} holds something; {most} columns are the most.").format(
                    number=self._column + 1, most=MOST_USED_COLUMNS
                )
            )
        cells = (self._last_row + 1) * (self._last_column + 1)
        if cells > MOST_CELLS:
            raise too_many_cells(self._xml.path, cells)

    def _column_of(self, reference: str) -> int:
        """Return the column of a cell of the present row."""
        if reference.endswith(self._row_text):
            known = self._columns.get(reference[: -len(self._row_text)])
            if known is not None:
                return known
        row, column = self._place(reference)
        if row != self._row:
            raise self._refusal(
                _("Cell {cell} stands in row {row}.").format(cell=reference, row=self._row + 1)
            )
        self._columns[reference[: -len(self._row_text)]] = column
        return column

    def _take_block(self, reference: str) -> None:
        corners = reference.split(":")
        if len(corners) == 2 and len(self._found.blocks) < _MOST_BLOCKS:
            (top, left), (bottom, right) = (self._place(corner) for corner in corners)
            self._found.blocks.append(Block(top, left, bottom, right))

    def _place(self, reference: str) -> Place:
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise self._refusal(_("“{text}” is no name of a cell.").format(text=reference[:40]))
        column = 0
        for letter in found.group(1):
            column = column * 26 + ord(letter) - ord("A") + 1
        row = int(found.group(2))
        if not (1 <= row <= MOST_ROWS and column <= MOST_COLUMNS):
            raise self._refusal(_("Cell {cell} lies beyond a sheet's end.").format(cell=reference))
        return row - 1, column - 1

    def _refusal(self, what: str) -> InputError:
        return refused(self._xml.path, what)
