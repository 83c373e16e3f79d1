"""Tables as plain text: CSV, TSV and what spreadsheets make of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from layers.errors import InputError
from layers.findings import Severity
from layers.formats.model import SourceNote
from layers.formats.tables.decoding import decode
from layers.formats.tables.grid import CellValue, Grid
from layers.formats.tables.harmless import is_neutralised, restored
from layers.formats.tables.limits import (
    MOST_CELLS,
    MOST_CHARACTERS,
    MOST_ROWS,
    MOST_USED_COLUMNS,
    require_size,
    too_many_cells,
)
from layers.formats.tables.numbers import number_of
from layers.progress import Progress
from layers.words import _

DELIMITERS = (",", "\t", ";", "，", "|")
_NAMES = {",": "comma", "\t": "tab", ";": "semicolon", "，": "full-width comma", "|": "bar"}
_SAMPLE_ROWS = 60
_STEP_ROWS = 2_000

Cells = tuple[list[str], list[bool]]


def delimited_grid(path: Path, encoding: str, progress: Progress, *, most_rows: int | None = None) -> Grid:
    """Read a text file; ``most_rows`` stops there.

    Raises
    ------
    InputError
        When its encoding cannot be told, it is binary, or too large.
    """
    require_size(path)
    decoded = decode(path, path.read_bytes(), encoding)
    if "\x00" in decoded.text:
        line = decoded.text.count("\n", 0, decoded.text.index("\x00")) + 1
        raise InputError(
            _("Line {line} holds binary data; the file is no table of text.").format(line=line),
            where=f"{path}:{line}",
            remedy=_("Check that it is what its name says and that it is whole."),
        )
    delimiter = find_delimiter(decoded.text, path.suffix.lower())
    quoting = _Quoting()
    rows: list[list[CellValue]] = []
    total = 0
    for texts, quoted in islice(split_rows(decoded.text, delimiter), most_rows):
        if len(rows) % _STEP_ROWS == 0:
            progress.step(0.0, _("Reading rows"))
        total += len(texts)
        _require_measure(path, len(rows), texts, total)
        quoting.take(texts, quoted)
        rows.append([restored(text) if text else None for text in texts])
    return Grid(
        sheet=path.stem,
        rows=rows,
        typed=False,
        text_columns=quoting.text_columns(),
        encoding=decoded.encoding,
        encoding_guessed=decoded.guessed,
        notes=(*decoded.notes, *quoting.notes()),
        stated={"delimiter": _NAMES[delimiter]},
    )


def split_rows(text: str, delimiter: str) -> Iterator[Cells]:
    """Yield the cells of each row, and whether each was written in quotes (RFC 4180).

    A quote that is never closed, or is followed by more than a delimiter, stands for itself.
    """
    mark = re.escape(delimiter)
    cell = re.compile(rf'(?:"([^"]*(?:""[^"]*)*)"|([^{mark}\r\n]*))({mark}|\r\n|\r|\n|\Z)')
    texts: list[str] = []
    quoted: list[bool] = []
    position = 0
    while position < len(text):
        found = cell.match(text, position)
        if found is None:  # pragma: no cover - the second form matches whatever there is
            return
        inside, plain, end = found.groups()
        texts.append(plain if inside is None else inside.replace('""', '"'))
        quoted.append(inside is not None)
        position = found.end()
        if end != delimiter:
            yield texts, quoted
            texts, quoted = [], []
        elif position == len(text):
            texts.append("")
            quoted.append(False)
    if texts:
        yield texts, quoted


def find_delimiter(text: str, suffix: str) -> str:
    """Return what separates the cells: what gives most of the first rows one and the same number of them."""
    sample = text[: _SAMPLE_ROWS * 4_000]
    best, best_score = ("\t" if suffix == ".tsv" else ","), 0.0
    for delimiter in DELIMITERS:
        rows = [cells for cells, _quoted in islice(split_rows(sample, delimiter), _SAMPLE_ROWS)]
        widths = Counter(len(cells) for cells in rows if any(cell.strip() for cell in cells))
        if not widths:
            continue
        width, rows_of_it = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
        score = 0.0 if width < 2 else rows_of_it / sum(widths.values())
        if score > best_score + 0.05:
            best, best_score = delimiter, score
    return best


class _Quoting:
    """Learns from the quotes which columns are text on purpose.

    Programs that put everything in quotes say nothing by it; where the heading has none and all values of
    a column have them, the values are text.
    """

    def __init__(self) -> None:
        self._rows = 0
        self._meaningful = False
        self._unquoted: set[int] = set()
        self._quoted: set[int] = set()
        self._neutralised = 0

    def take(self, texts: list[str], quoted: list[bool]) -> None:
        """Look at one row."""
        for column, (text, in_quotes) in enumerate(zip(texts, quoted, strict=True)):
            if is_neutralised(text):
                self._neutralised += 1
                self._quoted.add(column)
            elif not text:
                continue
            elif self._rows == 0:
                self._meaningful |= not in_quotes
            elif in_quotes:
                # a spreadsheet quotes 1,234.5 for its comma only
                if "," not in text or number_of(text) is None:
                    self._quoted.add(column)
            else:
                self._unquoted.add(column)
        self._rows += 1

    def text_columns(self) -> frozenset[int]:
        """Return the columns whose values are text whatever they look like."""
        return frozenset(self._quoted - self._unquoted) if self._meaningful else frozenset()

    def notes(self) -> tuple[SourceNote, ...]:
        """Return what is to be told of it."""
        if not self._neutralised:
            return ()
        text = _(
            "{count} texts had an apostrophe in front that keeps a spreadsheet from calculating them; "
            "it was taken away."
        )
        return (SourceNote("tables.apostrophes", Severity.NOTE, text.format(count=self._neutralised)),)


def _require_measure(path: Path, row: int, texts: list[str], cells: int) -> None:
    if cells > MOST_CELLS:
        raise too_many_cells(path, cells)
    if row >= MOST_ROWS * 4:
        raise too_many_cells(path, row * len(texts))
    if len(texts) > MOST_USED_COLUMNS:
        raise InputError(
            _("Row {row} has {count} columns; {most} are the most.").format(
                row=row + 1, count=len(texts), most=MOST_USED_COLUMNS
            ),
            where=f"{path}:{row + 1}",
            remedy=_("Check that it is what its name says and that it is whole."),
        )
    if max(map(len, texts), default=0) > MOST_CHARACTERS:
        raise InputError(
            _("A cell of row {row} holds more than {most} characters.").format(
                row=row + 1, most=f"{MOST_CHARACTERS:,}"
            ),
            where=f"{path}:{row + 1}",
            remedy=_("Check that it is what its name says and that it is whole."),
        )
