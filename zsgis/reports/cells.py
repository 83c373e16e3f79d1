"""Cells of a workbook: text that stays text, numbers with their digits, looks, widths of Chinese text."""

from __future__ import annotations

from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_EDGE = Side(style="thin", color="000000")
BORDER = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
TITLE_FONT = Font(name="宋体", size=16, bold=True)
BODY_FONT = Font(name="宋体", size=10)
BOLD_FONT = Font(name="宋体", size=10, bold=True)
MARK_FONT = Font(name="宋体", size=10, bold=True, color="C00000")
HEAD_FILL = PatternFill("solid", fgColor="E7EDF3")
TOTAL_FILL = PatternFill("solid", fgColor="F2F2F2")
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
RIGHT = Alignment(horizontal="right", vertical="center")


def put(sheet: Worksheet, row: int, column: int, value: Any, *, look: str = "") -> Cell:
    """Write a value and return its cell. Text that a spreadsheet would take for a formula stays text.

    ``look`` names a style of the workbook; without one the cell gets the body's font.
    """
    cell: Any = sheet.cell(row, column)
    if look:
        cell.style = look
    else:
        cell.font = BODY_FONT
    if isinstance(value, str):
        text = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.value = text
        cell.data_type = "s"
        if text.startswith(_FORMULA_STARTS):
            cell.quotePrefix = True
    else:
        cell.value = value
    out: Cell = cell
    return out


def number_format(digits: int | None) -> str:
    """Return Excel's format for a number with these digits."""
    if digits is None:
        return "General"
    return "#,##0" + ("." + "0" * digits if digits else "")
