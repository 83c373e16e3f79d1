"""The printed table of a sheet: cells as text, and where the rows go when one column of paper is too short.

Nothing is left out: rows are set closer first, and what still does not fit goes on the next page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from layers.errors import InputError
from layers.words import _
from zsgis.result import Column, NotDerivable, Result, Row, RowRole, Table
from zsgis.sheets.layout import Box, TableColumn, TableItem, TableRow
from zsgis.sheets.measure import wrap
from zsgis.sheets.template import ColumnSpec, TableSpec

TITLE_MM = 5.6
_HEADER_LINE_MM = 4.4
_FEWEST_ROWS = 5
_CELL_PAD_MM = 2.0


def cell_text(value: Any, digits: int | None) -> str:
    """Return a value as printed: numbers with separators; a dash for what the data cannot give."""
    if value is None:
        return ""
    if isinstance(value, NotDerivable):
        return "—"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:,.{digits or 0}f}" if digits is not None else f"{value:,}"
    return str(value)


def result_table(result: Result, key: str) -> Table:
    """Return a table of the result.

    Raises
    ------
    InputError
        When the result has none with this key.
    """
    for table in result.tables:
        if table.key == key:
            return table
    raise InputError(
        _("The result has no table “{key}” for the sheet.").format(key=key),
        remedy=_("Tables: {keys}").format(keys=", ".join(table.key for table in result.tables)),
    )


def zone_rows(table: Table, zone_column: str, zone: str) -> tuple[Row, ...]:
    """Return the rows of one zone; all rows where no column or no zone is named.

    Raises
    ------
    InputError
        When the table tells nothing of the zone: an empty table would look like no land.
    """
    if not zone_column or not zone:
        return table.rows
    rows = tuple(row for row in table.rows if row.values.get(zone_column) == zone)
    if not rows:
        raise InputError(
            _("The result tells nothing of “{zone}”.").format(zone=zone),
            remedy=_("Count the land by the layer that the sheets are made for."),
        )
    return rows


@dataclass(frozen=True)
class Content:
    """What a table prints: columns and rows as text, and why figures are missing."""

    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    reasons: tuple[str, ...]
    size_mm: float

    @property
    def header_mm(self) -> float:
        """Height of the header: a line more where a unit or a group stands in it."""
        lines = 1 + any(column.unit for column in self.columns) + any(column.group for column in self.columns)
        return _HEADER_LINE_MM * lines

    @property
    def width_mm(self) -> float:
        """Sum of the columns' widths."""
        return sum(column.width_mm for column in self.columns)


def table_content(
    spec: TableSpec, table: Table, rows: Iterable[Row], *, title: str, width_mm: float
) -> Content:
    """Return the text of a table; its columns are stretched to ``width_mm``.

    Raises
    ------
    InputError
        When the result lacks a column that the template names.
    """
    stretch = width_mm / sum(column.width_mm for column in spec.columns)
    found = {column.key: column for column in table.columns}
    columns = tuple(_column(one, found, table, stretch) for one in spec.columns)
    kept = list(rows)
    texts = tuple(
        TableRow(cells=tuple(_cell(one, row, found) for one in spec.columns), role=row.role) for row in kept
    )
    keys = [key for one in spec.columns for key in one.key.split()]
    reasons = dict.fromkeys(
        value.reason for row in kept for key in keys if isinstance(value := row.values.get(key), NotDerivable)
    )
    return Content(title, columns, texts, tuple(reasons), spec.size_mm)


def whole_words(content: Content) -> Content:
    """Return the table with texts that are too long for their column on rows of their own below."""
    rows: list[TableRow] = []
    for row in content.rows:
        parts = [
            wrap(text, content.size_mm, column.width_mm - _CELL_PAD_MM) if column.align == "left" else [text]
            for text, column in zip(row.cells, content.columns, strict=True)
        ]
        for place in range(max(len(part) for part in parts)):
            cells = tuple(part[place] if place < len(part) else "" for part in parts)
            rows.append(TableRow(cells=cells, role=row.role))
    return replace(content, rows=tuple(rows))


def _column(spec: ColumnSpec, found: dict[str, Column], table: Table, stretch: float) -> TableColumn:
    for key in spec.key.split():
        if key not in found:
            raise InputError(
                _("Table “{table}” has no column “{key}” for the sheet.").format(table=table.key, key=key),
                remedy=_("Columns: {keys}").format(keys=", ".join(found)),
            )
    first = found[spec.key.split()[0]]
    return TableColumn(
        title=spec.title or first.title,
        unit=first.unit,
        group=first.group if not spec.title else "",
        width_mm=spec.width_mm * stretch,
        align=spec.align,
    )


def _cell(spec: ColumnSpec, row: Row, found: dict[str, Column]) -> str:
    texts = [cell_text(row.values.get(key), found[key].digits) for key in spec.key.split()]
    return " ".join(dict.fromkeys(text for text in texts if text))


def shortened_content(content: Content, depth: int) -> Content | None:
    """Return the table without the rows below a depth, or None where that changes nothing or breaks its sums.

    A subtotal stands above its rows, whose codes begin with its code. Rows at ``depth`` that were subtotals
    become plain rows. Figures stay as they are printed: that the rows left add up to the total is checked
    in units of the last digit.
    """
    kept: list[TableRow] = []
    heads: list[str] = []
    for row in content.rows[:-1]:
        code = row.cells[0].split(" ", 1)[0]
        while heads and not code.startswith(heads[-1]):
            heads.pop()
        if len(heads) < depth:
            is_head = row.role is not RowRole.BODY and len(heads) + 1 < depth
            kept.append(TableRow(cells=row.cells, role=RowRole.SUBTOTAL if is_head else RowRole.BODY))
        if row.role is not RowRole.BODY:
            heads.append(code)
    if len(kept) + 1 >= len(content.rows):
        return None
    total = content.rows[-1]
    plain = [row for row in kept if row.role is RowRole.BODY]
    return replace(content, rows=(*kept, total)) if _adds_up(plain, total) else None


def _adds_up(rows: Sequence[TableRow], total: TableRow) -> bool:
    """Tell whether every column of figures adds up to the total as printed; counts of parcels need not."""
    for place in range(1, len(total.cells)):
        texts = [row.cells[place] for row in (*rows, total)]
        if "." not in texts[-1]:
            continue
        steps = [int(text.replace(",", "").replace(".", "")) for text in texts]
        if sum(steps[:-1]) != steps[-1]:
            return False
    return True


def fit(content: Content, spec: TableSpec, box: Box) -> tuple[TableItem | None, tuple[TableRow, ...]]:
    """Place a table at the top of ``box``, its rows closer if need be; hand back the rows that do not fit.

    A beginning of a few rows only is not placed at all, and a subtotal that stands above its rows is never
    the last one placed.
    """
    head = TITLE_MM + content.header_mm
    count = max(len(content.rows), 1)
    row_mm = min(spec.row_mm, max(spec.least_row_mm, (box.height - head) / count))
    cut = min(len(content.rows), max(0, int((box.height - head) / row_mm + 1e-6)))
    if cut < len(content.rows):
        while cut > 0 and content.rows[cut - 1].role is not RowRole.BODY:
            cut -= 1
        if cut < _FEWEST_ROWS:
            return None, content.rows
    return _item(content, content.rows[:cut], box, row_mm=row_mm, title=content.title), content.rows[cut:]


def _item(content: Content, rows: Sequence[TableRow], box: Box, *, row_mm: float, title: str) -> TableItem:
    height = TITLE_MM + content.header_mm + row_mm * len(rows)
    return TableItem(
        name="table",
        box=Box(x=box.x, y=box.y, width=content.width_mm, height=height),
        title=title,
        columns=content.columns,
        rows=tuple(rows),
        title_height_mm=TITLE_MM,
        header_mm=content.header_mm,
        row_mm=row_mm,
        size_mm=content.size_mm,
    )


def continued(
    content: Content, rows: Sequence[TableRow], box: Box, *, gap_mm: float = 6.0
) -> list[list[TableItem]]:
    """Lay the rest of a table out in as many columns and pages as it takes.

    Returns
    -------
    list of list of TableItem
        The tables of each further page.
    """
    row_mm = 4.6
    per_column = max(1, int((box.height - TITLE_MM - content.header_mm) / row_mm))
    per_page = max(1, int((box.width + gap_mm) / (content.width_mm + gap_mm)))
    title = _("{title} (continued)").format(title=content.title)
    pages: list[list[TableItem]] = []
    start = 0
    while start < len(rows):
        page: list[TableItem] = []
        while len(page) < per_page and start < len(rows):
            place = box.model_copy(update={"x": box.x + len(page) * (content.width_mm + gap_mm)})
            page.append(_item(content, rows[start : start + per_column], place, row_mm=row_mm, title=title))
            start += per_column
        pages.append(page)
    return pages
