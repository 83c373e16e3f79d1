"""Texts that go around folium's template engine.

folium reads its own output as a template again: an attribute value ``{{ … }}`` would be evaluated. What comes
from data is therefore put in after rendering, in place of a name that nobody can guess.
"""

from __future__ import annotations

import re
import secrets


class Placeholders:
    """Stands in for texts while a page is rendered."""

    def __init__(self) -> None:
        self._mark = f"zs{secrets.token_hex(12)}n"
        self._texts: list[str] = []

    def keep(self, text: str) -> str:
        """Return the name that stands for ``text`` until :meth:`fill`."""
        self._texts.append(text)
        return f"{self._mark}{len(self._texts) - 1}e"

    def fill(self, page: str) -> str:
        """Return the page with every name replaced by its text."""
        return re.sub(rf"{self._mark}(\d+)e", lambda match: self._texts[int(match[1])], page)
