"""Texts as the XML of QGIS's style files can hold them."""

from __future__ import annotations

import re

# Characters that XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def holds(text: str) -> bool:
    """Tell whether XML can hold a text as it is."""
    return _NOT_XML.search(text) is None


def clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)
