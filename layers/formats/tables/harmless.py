"""Text that a spreadsheet would calculate: an apostrophe goes in front, and comes off again on reading.

The rule is reversible: of texts that begin with any number of apostrophes and then a sign that starts a
formula, writing adds one apostrophe and reading takes one away. All other texts are left alone.
"""

from __future__ import annotations

import re

_STARTS = re.compile(r"'*[=+\-@\t\r\n]")
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r\n]")


def harmless(text: str) -> str:
    """Return a text as it can stand in a text file for spreadsheets."""
    return f"'{text}" if _STARTS.match(text) else text


def is_neutralised(text: str) -> bool:
    """Tell whether a text was written by :func:`harmless` with an apostrophe."""
    return _NEUTRALISED.match(text) is not None


def restored(text: str) -> str:
    """Return the text that :func:`harmless` was given."""
    return text[1:] if is_neutralised(text) else text
