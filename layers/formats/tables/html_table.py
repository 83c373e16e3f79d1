"""Tables of web pages that programs save under the ending .xls."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from layers.errors import InputError
from layers.findings import Severity
from layers.formats.model import SourceNote
from layers.formats.tables.decoding import decode
from layers.formats.tables.grid import Block, CellValue, Grid
from layers.formats.tables.limits import (
    MOST_CELLS,
    MOST_CHARACTERS,
    MOST_USED_COLUMNS,
    require_size,
    too_many_cells,
)
from layers.progress import Progress
from layers.words import _

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_BLANK = re.compile(r"\s+")
_PIECE = 2**16
_MOST_SPAN = 1_000  # browsers' own limit of colspan


def html_grid(path: Path, encoding: str, progress: Progress) -> Grid:
    """Read the largest table of a page.

    Raises
    ------
    InputError
        When there is none, or it is out of all measure.
    """
    require_size(path)
    data = path.read_bytes()
    stated = _CHARSET.search(data[:4096])
    named = encoding or (stated.group(1).decode("ascii") if stated else "")
    decoded = decode(path, data, "gb18030" if named.lower() in ("gb2312", "gbk") else named)
    parser = _Tables(path)
    for start in range(0, len(decoded.text), _PIECE):
        progress.step(start / len(decoded.text), _("Reading rows"))
        parser.feed(decoded.text[start : start + _PIECE])
    parser.close()
    rows, blocks = max(parser.tables, key=lambda table: sum(map(len, table[0])), default=([], []))
    if not rows:
        raise InputError(
            _("The file is a web page without a table."),
            where=str(path),
            remedy=_("Get the table as .xlsx from whoever made it."),
        )
    note = SourceNote(
        "tables.web_page",
        Severity.NOTE,
        _("The file is a web page under the name of a workbook; its largest table was read."),
    )
    return Grid(
        sheet=path.stem,
        rows=rows,
        typed=False,
        blocks=tuple(blocks),
        encoding=decoded.encoding,
        encoding_guessed=decoded.guessed,
        notes=(*decoded.notes, note),
    )


class _Tables(HTMLParser):
    """Gathers the rows of every table; a table within a table is text of its cell's."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[list[list[CellValue]], list[Block]]] = []
        self._path = path
        self._depth = 0
        self._text: list[str] | None = None
        self._span = (1, 1)
        self._covered: dict[int, int] = {}  # column: rows it is still covered for by a cell above
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append(([], []))
                self._covered = {}
        elif self._depth != 1:
            return
        elif tag == "tr":
            self._end_cell()
            self._covered = {column: left - 1 for column, left in self._covered.items() if left > 1}
            self.tables[-1][0].append([])
        elif tag in ("td", "th"):
            self._end_cell()
            given = dict(attrs)
            self._span = (_span(given.get("rowspan")), _span(given.get("colspan")))
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a table, a row or a cell."""
        if tag == "table" and self._depth:
            if self._depth == 1:
                self._end_cell()
            self._depth -= 1
        elif self._depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Take a cell's text."""
        if self._text is not None:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._text is None:
            return
        rows, blocks = self.tables[-1]
        if not rows:
            rows.append([])
        text = _BLANK.sub(" ", "".join(self._text)).strip()
        self._text = None
        row = rows[-1]
        while self._covered.get(len(row), 0) > 0:
            row.append(None)
        height, width = self._span
        column = len(row)
        row += [text[:MOST_CHARACTERS] or None, *[None] * (width - 1)]
        self._cells += width
        if self._cells > MOST_CELLS:
            raise too_many_cells(self._path, self._cells)
        if len(row) > MOST_USED_COLUMNS:
            raise too_many_cells(self._path, len(row) * len(rows))
        if height > 1 or width > 1:
            blocks.append(Block(len(rows) - 1, column, len(rows) + height - 2, column + width - 1))
        if height > 1:
            self._covered.update(dict.fromkeys(range(column, column + width), height))


def _span(text: str | None) -> int:
    return min(max(int(text), 1), _MOST_SPAN) if text and text.isascii() and text.isdigit() else 1
