"""Whether a text is like a pattern. Time grows with the length of both only, whatever the pattern is."""

from __future__ import annotations

import re
from collections.abc import Callable

# the case of Latin letters does not count, as in SQL
_FOLD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_WILD = str.maketrans("％＿", "%_")


def searched(text: str) -> str:
    """Return a text as it is searched: Latin letters small."""
    return text.lower() if text.isascii() else text.translate(_FOLD)


def matcher(way: str, pattern: str) -> Callable[[str], object]:
    """Return what tells whether a searched text matches: ``like``, ``contains``, ``starts`` or ``ends``."""
    wanted = searched(pattern)
    if way == "contains":
        return lambda text: wanted in text
    if way == "starts":
        return lambda text: text.startswith(wanted)
    if way == "ends":
        return lambda text: text.endswith(wanted)
    return _like(wanted.translate(_WILD)).match


def _like(pattern: str) -> re.Pattern[str]:
    first, *rest = (_letters(piece) for piece in pattern.split("%"))
    if not rest:
        return re.compile(rf"{first}\Z", re.DOTALL)
    # The first place where a piece fits leaves the most room for the rest, so nothing need be tried again.
    middle = "".join(f"(?>.*?{piece})" for piece in rest[:-1] if piece)
    return re.compile(rf"{first}{middle}.*{rest[-1]}\Z", re.DOTALL)


def _letters(piece: str) -> str:
    return "".join("." if letter == "_" else re.escape(letter) for letter in piece)
