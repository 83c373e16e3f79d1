"""What the cells of a workbook stand for: shared texts, number formats, days counted from an epoch."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from layers.formats.tables.grid import CellError, CellValue
from layers.formats.tables.sheet_text import unescaped
from layers.formats.tables.workbook_xml import WorkbookXml

_PADDED = re.compile(r"0{2,}")
_NOT_SHOWN = "rPh"  # how a text is pronounced
# formats without a text of their own in Chinese workbooks (ECMA-376 part 1, 18.8.30, zh-cn)
_CHINESE_FORMATS = {
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    **dict.fromkeys((34, 55), 'h"时"mm"分"'),
    **dict.fromkeys((35, 56), 'h"时"mm"分"ss"秒"'),
}


@dataclass(frozen=True)
class NumberFormat:
    """How a style shows numbers: as they are, with leading zeros, as a day, as a span of time."""

    digits: int = 0
    day: bool = False
    span: bool = False


_PLAIN = NumberFormat()


@dataclass(frozen=True)
class CellValues:
    """Turns what stands in a cell's XML into a value.

    Attributes
    ----------
    texts : sequence of str
        The workbook's shared texts.
    formats : sequence of NumberFormat
        By number of the style.
    from_1904 : bool
        Days are counted from 1904, as Excel did on the Macintosh.
    """

    texts: Sequence[str] = ()
    formats: Sequence[NumberFormat] = field(default=())
    from_1904: bool = False

    def value(self, kind: str, style: str, text: str) -> CellValue:
        """Return the value of a cell of type ``kind`` (ST_CellType) that is not empty.

        Raises
        ------
        ValueError, IndexError
            When the text is no value of that type, or points to a shared text that is not there.
        """
        if kind == "n":
            return self._number(style, text)
        if kind == "s":
            return self.texts[_index(text)] or None
        if kind == "b":
            return bool(int(text))
        if kind == "e":
            return CellError(text)
        if kind == "d":
            return _stated_day(text)
        return unescaped(text) or None

    def _number(self, style: str, text: str) -> CellValue:
        number = float(text) if "." in text or "e" in text or "E" in text else int(text)
        shown = self.formats[int(style)] if style and int(style) < len(self.formats) else _PLAIN
        if shown.day:
            return _day(number, self.from_1904, shown.span)
        return _padded(number, shown.digits) if shown.digits else number


def shared_texts(xml: WorkbookXml) -> tuple[str, ...]:
    """Return the workbook's shared texts, without what tells how they are pronounced."""
    texts: list[str] = []
    parts: list[str] = []
    pieces: list[str] = []
    taking = True

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal taking
        if name == "t":
            pieces.clear()
        elif name == "si":
            parts.clear()
        elif name == _NOT_SHOWN:
            taking = False

    def end(name: str) -> None:
        nonlocal taking
        if name == "t" and taking:
            parts.extend(pieces)
        elif name == _NOT_SHOWN:
            taking = True
        elif name == "si":
            texts.append(unescaped("".join(parts)))

    xml.walk(start, end, pieces.append)
    return tuple(texts)


def number_formats(xml: WorkbookXml) -> tuple[NumberFormat, ...]:
    """Return how each style of a workbook shows numbers."""
    own: dict[int, str] = {}
    used: list[int] = []
    within = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal within
        if name in ("cellXfs", "cellStyleXfs", "dxfs"):
            within = name
        elif name == "numFmt" and within != "dxfs":
            own[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        elif name == "xf" and within == "cellXfs":
            used.append(int(attributes.get("numFmtId", 0)))

    xml.walk(start, lambda _name: None)
    return tuple(_format(own.get(number, _built_in(number))) for number in used)


def number_or_code(value: float, number_format: str | None) -> CellValue:
    """Return a number, or the text it is shown as where its format writes leading zeros (``0000``)."""
    if number_format and _PADDED.fullmatch(number_format):
        return _padded(value, len(number_format))
    return value


def plain_time(value: Any) -> CellValue:
    """Return what a cell with a date format holds: a day, a moment, or a time of day as text."""
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time() else value
    if isinstance(value, dt.date):
        return value
    return value.isoformat() if isinstance(value, dt.time) else str(value)


def _padded(value: float, digits: int) -> CellValue:
    return str(int(value)).zfill(digits) if value >= 0 and value == int(value) else value


def _index(text: str) -> int:
    number = int(text)
    if number < 0:
        raise IndexError(text)
    return number


def _built_in(number: int) -> str:
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    return _CHINESE_FORMATS.get(number) or str(BUILTIN_FORMATS.get(number, ""))


def _format(text: str) -> NumberFormat:
    from openpyxl.styles.numbers import is_date_format, is_timedelta_format

    if is_date_format(text):
        return NumberFormat(day=True, span=bool(is_timedelta_format(text)))
    return NumberFormat(digits=len(text) if _PADDED.fullmatch(text) else 0)


def _day(number: float, from_1904: bool, span: bool) -> CellValue:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

    try:
        return plain_time(
            from_excel(number, CALENDAR_MAC_1904 if from_1904 else CALENDAR_WINDOWS_1900, timedelta=span)
        )
    except (OverflowError, ValueError):
        return CellError("#VALUE!")


def _stated_day(text: str) -> CellValue:
    if ":" in text and "T" not in text:
        return dt.time.fromisoformat(text).isoformat()
    return plain_time(dt.datetime.fromisoformat(text).replace(tzinfo=None))
