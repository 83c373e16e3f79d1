"""The tables of a run as one workbook whose bytes depend on nothing but the run and the moment."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from zsgis.run_records import KeptTable
from zsgis.run_records.model import KeptColumn

_CORE = "docProps/core.xml"
_DAY = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_WIDEST, _NARROWEST, _AIR = 44.0, 9.0, 3.0


def table_book(tables: Iterable[KeptTable], moment: datetime) -> bytes:
    """Return an Excel workbook with a sheet for each table; empty bytes where there is none.

    Numbers are real numbers with the digits printed, what is not derivable is the word for it, and no text
    becomes a formula.

    Parameters
    ----------
    moment : datetime
        With a time zone; stands as the time of making, so that the same tables give the same bytes.
    """
    from openpyxl import Workbook

    from layers.formats.tables.sheet_text import sheet_name

    book = Workbook()
    taken: set[str] = set()
    sheet: Any = book.active
    for place, table in enumerate(tables):
        if place:
            sheet = book.create_sheet()
        sheet.title = sheet_name(table.title or table.key, taken)
        _fill(sheet, table)
    if not taken:
        return b""
    book.properties.creator = "zsgis"
    out = io.BytesIO()
    book.save(out)
    return _at(out.getvalue(), moment)


def _fill(sheet: Any, table: KeptTable) -> None:
    from openpyxl.utils import get_column_letter

    from layers.formats.tables.sheet_text import display_width
    from zsgis.reports.cells import BOLD_FONT, BORDER, CENTRE, HEAD_FILL, number_format, put

    for place, column in enumerate(table.columns, start=1):
        title = f"{column.title}（{column.unit}）" if column.unit else column.title
        head = put(sheet, 1, place, title)
        head.font, head.fill, head.alignment, head.border = BOLD_FONT, HEAD_FILL, CENTRE, BORDER
        values = [_value(row.values, column) for row in table.rows]
        for line, (row, value) in enumerate(zip(table.rows, values, strict=True), start=2):
            cell = put(sheet, line, place, value)
            cell.border = BORDER
            if row.role != "body":
                cell.font = BOLD_FONT
            if column.digits is not None and not isinstance(value, str):
                cell.number_format = number_format(column.digits)
        widest = max(display_width(str(text)) for text in (title, *values))
        sheet.column_dimensions[get_column_letter(place)].width = min(max(widest + _AIR, _NARROWEST), _WIDEST)
    sheet.freeze_panes = "A2"


def _value(values: Mapping[str, Any], column: KeptColumn) -> str | int | float | None:
    value = values.get(column.key)
    if isinstance(value, Mapping):
        return str(value.get("not_derivable", ""))
    if value is None or isinstance(value, (str, int, float)):
        if isinstance(value, float) and column.digits is not None:
            return round(value, column.digits)
        return value
    return str(value)


def _at(book: bytes, moment: datetime) -> bytes:
    """Return a workbook with one time in all of it."""
    utc = moment.astimezone(UTC)
    stamp = utc.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == _CORE:
                content = _DAY.sub(rb"\g<1>" + stamp + rb"\2", content)
            info = zipfile.ZipInfo(name, (max(utc.year, 1980), *utc.timetuple()[1:6]))
            after.writestr(info, content, zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()
