"""How wide text will be, estimated without a screen; the painter squeezes what the estimate missed."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_NARROW = 0.30
_DIGIT = 0.54
_CAPITAL = 0.66
_SMALL = 0.56


@lru_cache(maxsize=4096)
def _em(char: str) -> float:
    """Return the width of a character in ems, on the safe side of the print font."""
    if unicodedata.east_asian_width(char) in ("W", "F", "A"):
        return 1.0
    if char in " .,:;'|!il()[]":
        return _NARROW
    if char.isdigit():
        return _DIGIT
    return _CAPITAL if char.isupper() or char in "%@&mw" else _SMALL


def text_width_mm(text: str, size_mm: float) -> float:
    """Return the estimated width of one line of text."""
    return sum(_em(char) for char in text) * size_mm


def wrap(text: str, size_mm: float, width_mm: float) -> list[str]:
    """Break text into lines not wider than ``width_mm``.

    Chinese breaks anywhere but before closing punctuation; a run of Latin letters and digits is kept together
    unless it is wider than a whole line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line and text_width_mm(line + piece.rstrip(), size_mm) > width_mm:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
            while text_width_mm(line, size_mm) > width_mm and len(line) > 1:
                cut = _longest(line, size_mm, width_mm)
                lines.append(line[:cut])
                line = line[cut:]
        lines.append(line.rstrip())
    return lines


def _longest(line: str, size_mm: float, width_mm: float) -> int:
    cut = 1
    while cut < len(line) and text_width_mm(line[: cut + 1], size_mm) <= width_mm:
        cut += 1
    return cut


_CLOSING = "，。；：、）”》！？,.;:)%"
_OPENING = "（“《("


def _pieces(text: str) -> list[str]:
    """Split text at the places where a line may end."""
    pieces: list[str] = []
    for char in text:
        previous = pieces[-1][-1] if pieces else ""
        joined = previous and (
            char in _CLOSING
            or previous in _OPENING
            or char == " "
            or (not _is_wide(char) and not _is_wide(previous) and previous != " ")
        )
        if joined:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in ("W", "F")
