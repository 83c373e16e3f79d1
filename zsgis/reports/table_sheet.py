"""One table as a sheet: heading, merged column heads, body, totals, signatures, ready to print."""

from __future__ import annotations

from typing import Any

from openpyxl.styles import NamedStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from layers.formats.tables.sheet_text import display_width
from layers.words import _
from zsgis.reports.cells import (
    BODY_FONT,
    BOLD_FONT,
    BORDER,
    CENTRE,
    HEAD_FILL,
    LEFT,
    MARK_FONT,
    RIGHT,
    TITLE_FONT,
    TOTAL_FILL,
    number_format,
    put,
)
from zsgis.reports.heading import BureauHeading
from zsgis.result import Column, NotDerivable, Result, Row, RowRole, Table

_WIDEST, _NARROWEST = 44, 8
_WIDEST_NUMBER_HEAD = 14
_LINE_HEIGHT = 14.0
_A4_COLUMNS = 12
_COLUMNS_PER_PAGE = 20
_A3, _A4 = 8, 9


def fill_table_sheet(sheet: Worksheet, table: Table, result: Result, heading: BureauHeading) -> None:
    """Write one table into an empty sheet."""
    count = len(table.columns)
    first = _put_heading(sheet, table, result, heading)
    head_rows = _put_column_heads(sheet, table.columns, first)
    row = first + head_rows
    for line in table.rows:
        _put_row(sheet, row, table.columns, line)
        row += 1
    _put_foot(sheet, row, table, heading)
    widths = _set_widths(sheet, table)
    _set_head_heights(sheet, table.columns, widths, (first, head_rows))
    sheet.freeze_panes = f"B{first + head_rows}"
    _set_page(sheet, count, first, head_rows, result)


def marks(result: Result) -> tuple[str, ...]:
    """Return what must stand on everything made from the result: secrecy, demonstration, schematic."""
    words = []
    if result.secrecy:
        words.append(_("Secrecy: {secrecy}").format(secrecy=result.secrecy))
    if result.demo:
        words.append(_("Demonstration data, not real boundaries"))
    elif result.schematic:
        words.append(_("Schematic boundaries"))
    return tuple(words)


def _put_heading(sheet: Worksheet, table: Table, result: Result, heading: BureauHeading) -> int:
    """Write title and heading lines; return the row of the column heads."""
    count = len(table.columns)
    row = 1
    for mark in marks(result):
        _merged(sheet, row, 1, count, mark).font = MARK_FONT
        row += 1
    title = _merged(sheet, row, 1, count, table.title)
    title.font, title.alignment = TITLE_FONT, CENTRE
    sheet.row_dimensions[row].height = 28
    number = heading.table_numbers.get(table.key, "")
    units = "、".join(dict.fromkeys(c.unit for c in table.columns if c.unit and c.unit != "%"))
    lines = (
        ("", _("Table number: {number}").format(number=number)),
        (
            _("Reporting organisation: {name}").format(name=heading.organisation),
            _("Unit: {units}").format(units=units),
        ),
    )
    half = max(count // 2, 1)
    for left, right in lines:
        row += 1
        _merged(sheet, row, 1, half, left).alignment = LEFT
        if count > half:
            _merged(sheet, row, half + 1, count, right).alignment = RIGHT
    return row + 1


def _merged(sheet: Worksheet, row: int, first: int, last: int, text: str) -> Any:
    cell = put(sheet, row, first, text)
    if last > first:
        sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
    return cell


def _put_column_heads(sheet: Worksheet, columns: tuple[Column, ...], first: int) -> int:
    """Write the column heads, grouped ones under a merged head; return how many rows they take."""
    rows = 2 if any(column.group for column in columns) else 1
    for number, column in enumerate(columns, start=1):
        alone = rows == 1 or not column.group
        put(sheet, first if alone else first + 1, number, head_text(column))
        if rows == 2 and alone:
            sheet.merge_cells(start_row=first, start_column=number, end_row=first + 1, end_column=number)
    if rows == 2:
        for start, stop in _runs(columns):
            _merged(sheet, first, start, stop, columns[start - 1].group)
    for row in range(first, first + rows):
        for number in range(1, len(columns) + 1):
            cell = sheet.cell(row, number)
            cell.border, cell.fill, cell.alignment, cell.font = BORDER, HEAD_FILL, CENTRE, BOLD_FONT
    return rows


def head_text(column: Column) -> str:
    """Return a column's title with its unit below; under a group of the same name the unit alone."""
    if column.unit and column.title == column.group:
        return column.unit
    return f"{column.title}\n({column.unit})" if column.unit else column.title


def _runs(columns: tuple[Column, ...]) -> list[tuple[int, int]]:
    """Return (first, last) column numbers of neighbours under one head."""
    runs: list[tuple[int, int]] = []
    for number, column in enumerate(columns, start=1):
        if not column.group:
            continue
        if runs and runs[-1][1] == number - 1 and columns[number - 2].group == column.group:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _put_row(sheet: Worksheet, row: int, columns: tuple[Column, ...], line: Row) -> None:
    for number, column in enumerate(columns, start=1):
        value = line.values.get(column.key)
        shown = _("not derivable") if isinstance(value, NotDerivable) else value
        put(sheet, row, number, shown, look=_look(sheet, column, value, line.role))


def _look(sheet: Worksheet, column: Column, value: Any, role: RowRole) -> str:
    """Return the name of the workbook's style for a body cell, made when it is first needed.

    A style set once by name is many times faster than the same font, border and fill set cell by cell.
    """
    number = isinstance(value, (int, float))
    place = "number" if number else "words" if isinstance(value, NotDerivable) else "text"
    name = f"zsgis {role.value} {place} {column.digits if number else ''}".strip()
    book: Any = sheet.parent
    if name not in book.named_styles:
        style = NamedStyle(name, font=BODY_FONT if role is RowRole.BODY else BOLD_FONT, border=BORDER)
        style.alignment = {"number": RIGHT, "words": CENTRE, "text": LEFT}[place]
        if number:
            style.number_format = number_format(column.digits)
        if role is RowRole.TOTAL:
            style.fill = TOTAL_FILL
        book.add_named_style(style)
    return name


def _put_foot(sheet: Worksheet, row: int, table: Table, heading: BureauHeading) -> None:
    count = len(table.columns)
    reasons = {
        value.reason: None
        for line in table.rows
        for value in line.values.values()
        if isinstance(value, NotDerivable)
    }
    notes = [*table.notes, *(_("Not derivable: {reason}").format(reason=reason) for reason in reasons)]
    for number, note in enumerate(notes, start=1):
        cell = _merged(sheet, row, 1, count, _("Note {number}: {text}").format(number=number, text=note))
        cell.alignment = LEFT
        row += 1
    signatures = "        ".join(
        (
            _("Prepared by: {name}").format(name=heading.prepared_by),
            _("Checked by: {name}").format(name=heading.checked_by),
            _("Date: {date}").format(date=heading.date),
        )
    )
    _merged(sheet, row, 1, count, signatures).alignment = LEFT


def _set_widths(sheet: Worksheet, table: Table) -> list[float]:
    widths: list[float] = []
    for number, column in enumerate(table.columns, start=1):
        width = display_width(head_text(column))
        if column.digits is not None:
            width = min(width, _WIDEST_NUMBER_HEAD)
        for line in table.rows:
            value = line.values.get(column.key)
            if isinstance(value, (int, float)):
                width = max(width, len(f"{value:,.{column.digits or 0}f}"))
            elif isinstance(value, str):
                width = max(width, display_width(value))
        widths.append(min(max(width + 2, _NARROWEST), _WIDEST))
        sheet.column_dimensions[get_column_letter(number)].width = widths[-1]
    return widths


def _set_head_heights(
    sheet: Worksheet, columns: tuple[Column, ...], widths: list[float], head: tuple[int, int]
) -> None:
    """Make the column heads' rows as high as their wrapped text."""
    first, rows = head
    lines = max(
        sum(-(-display_width(line) // int(width)) for line in head_text(column).split("\n"))
        for column, width in zip(columns, widths, strict=True)
    )
    if rows == 2:
        sheet.row_dimensions[first].height = _LINE_HEIGHT + 4
    sheet.row_dimensions[first + rows - 1].height = _LINE_HEIGHT * lines + 4


def _set_page(sheet: Worksheet, count: int, first: int, head_rows: int, result: Result) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4 if count <= _A4_COLUMNS else _A3
    # a page holds some twenty columns that can still be read; the first column comes again on each
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = -(-count // _COLUMNS_PER_PAGE), 0
    sheet.print_title_cols = "A:A"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{first}:{first + head_rows - 1}"
    sheet.print_options.horizontalCentered = True
    footer: Any = sheet.oddFooter
    footer.center.text = "&P / &N"
    if marks(result):
        header: Any = sheet.oddHeader
        header.center.text = "  ".join(marks(result)).replace("&", "&&")
