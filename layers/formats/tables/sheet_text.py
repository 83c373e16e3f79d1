"""Text as worksheets hold it: names of sheets, widths of Chinese text, characters that XML cannot hold."""

from __future__ import annotations

import re
import unicodedata

SHEET_NAME_LENGTH = 31
CELL_LENGTH = 32_767
_SHEET_NAME_MARKS = re.compile(r"[\[\]:*?/\\]")
# what XML 1.0 does not allow, the carriage return (parsers make a line feed of it), and texts that look like
# an escape themselves (ECMA-376, part 1, 22.9.2.19: ST_Xstring)
_TO_ESCAPE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def escaped(text: str) -> str:
    """Return a text as the XML of a workbook holds it."""
    return _TO_ESCAPE.sub(lambda found: f"_x{ord(found.group()):04X}_", text)


def unescaped(text: str) -> str:
    """Return the text that the XML of a workbook stands for."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)


def display_width(text: str) -> int:
    """Return how many Latin letters wide a text is; Chinese ones count double."""
    lines = text.split("\n")
    return max(sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line) for line in lines)


def sheet_name(title: str, taken: set[str]) -> str:
    """Return a name Excel accepts for a sheet, distinct from those taken, and take it."""
    base = _SHEET_NAME_MARKS.sub(" ", title).strip(" '")[:SHEET_NAME_LENGTH] or "1"
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        tail = f" {number}"
        name = base[: SHEET_NAME_LENGTH - len(tail)] + tail
    taken.add(name.casefold())
    return name
