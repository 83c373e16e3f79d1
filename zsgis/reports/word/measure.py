"""How wide a text is and on how many lines it stands: full-width characters are one em, Times the rest.

Widths are those of Times New Roman and the free fonts with its measures, rounded up.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_WIDE = frozenset("WFA")
_NARROW = frozenset("iljtfrI.,;:'|!()[]/- `")
_BROAD = frozenset("MWmw%@&—→")
_WORD = re.compile(r"[!-~\u00c0-\u024f]+|\s+|.", re.DOTALL)
_NEVER_FIRST = frozenset("，。、；：？！）》」』”’％%)]},.;:!?")


def width_em(text: str) -> float:
    """Return the width of a text in em."""
    return sum(_character_em(character) for character in text)


def _character_em(character: str) -> float:
    if unicodedata.east_asian_width(character) in _WIDE:
        return 1.0
    if character in _NARROW:
        return 0.34
    if character in _BROAD:
        return 0.95
    return 0.73 if character.isupper() else 0.51


def line_count(text: str, room_em: float, first_indent_em: float = 0.0) -> int:
    """Return on how many lines a text stands; words of other scripts are broken only where they must be."""
    return sum(
        _lines(part, room_em, first_indent_em if number == 0 else 0.0)
        for number, part in enumerate(text.split("\n"))
    )


def _lines(text: str, room_em: float, used: float) -> int:
    lines = 1
    for piece in _pieces(text):
        width = width_em(piece)
        if used + width_em(piece.rstrip()) > room_em and used > 0:
            lines += 1
            used = 0.0
        while width > room_em:
            lines += 1
            width -= room_em
        used += width
    return lines


def _pieces(text: str) -> list[str]:
    """Return what may not be broken; marks that never begin a line stay with what is before them."""
    pieces = _WORD.findall(text)
    joined: list[str] = pieces[:1]
    for before, piece in pairwise(pieces):
        if piece[0] in _NEVER_FIRST and not before.isspace() and joined:
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined
