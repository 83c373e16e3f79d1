"""Parameters that say something for each of several keys, as one line of text: ``key=value; key=value``."""

from __future__ import annotations

import re
from collections.abc import Iterable

# a file's name may hold a semicolon: one parts two pairs only where a key and its sign follow
_BETWEEN = re.compile(r"[;；]\s*(?=[^\s;；=/\\:]+\s*=|$)")


def pairs_of(text: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a text, in its order; what holds no sign is a key with an empty value."""
    parts = (part.partition("=") for part in _BETWEEN.split(text.strip()) if part.strip(" ;；"))
    return tuple((key.strip(), value.strip()) for key, _sign, value in parts)


def pairs_text(pairs: Iterable[tuple[str, str]]) -> str:
    """Return pairs as :func:`pairs_of` reads them."""
    return "; ".join(f"{key}={value}" for key, value in pairs)
