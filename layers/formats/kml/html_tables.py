"""Tables of two columns in a description's HTML: the way mapping programs hand on attributes."""

from __future__ import annotations

import html
import re

# every alternative is a run of one class of characters: time grows with the length, whatever stands there
_TOKENS = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)([^<>]*)>|([^<]+)|<")
_LONGEST_TEXT = 200_000
_LONGEST_KEY = 64
_BREAKS = ("br", "p", "div", "li")


def attributes_in(text: str) -> dict[str, str]:
    """Return the attributes of the clean two-column tables in a description, in their order.

    Clean is a table whose rows of several cells have two: a name of their own, and a value. Titles in a
    single cell are passed over. Anything else gives nothing.
    """
    if len(text) > _LONGEST_TEXT or "<table" not in text.lower():
        return {}
    found: dict[str, str] = {}
    for table in _tables(text):
        rows = [row for row in table if len(row) > 1]
        if not rows or any(len(row) != 2 for row in rows):
            continue
        for key, value in rows:
            name = key.rstrip(":：").strip()
            if not name or len(name) > _LONGEST_KEY or name in found:
                return {}
            found[name] = value
    return found


def _tables(text: str) -> list[list[list[str]]]:
    """Return rows of cells of every table; a table inside another stands by itself."""
    done: list[list[list[str]]] = []
    opened: list[list[list[str]]] = []
    cells: list[list[str] | None] = []
    for closing, tag, _attributes, words in _TOKENS.findall(text):
        name = tag.lower()
        if words and cells and cells[-1] is not None:
            cells[-1].append(html.unescape(words))
        elif name == "table" and not closing:
            opened.append([])
            cells.append(None)
        elif opened:
            _take(name, bool(closing), opened, cells)
            if name == "table":
                done.append(opened.pop())
                cells.pop()
    return done


def _take(name: str, closing: bool, opened: list[list[list[str]]], cells: list[list[str] | None]) -> None:
    if name in ("td", "th", "tr", "table"):
        cell = cells[-1]
        if cell is not None:
            opened[-1][-1].append(" ".join("".join(cell).split()))
        cells[-1] = None
        if name == "tr" and not closing:
            opened[-1].append([])
        elif name in ("td", "th") and not closing:
            if not opened[-1]:
                opened[-1].append([])
            cells[-1] = []
    elif name in _BREAKS and cells[-1] is not None:
        cells[-1].append(" ")
