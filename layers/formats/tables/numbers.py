"""Numbers and days as officers type them: 1,234.5, １２３, 2026年11月22日."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

# programs write exponents with a sign or behind a point; 12E3 is the number of a plot
_NUMBER = re.compile(
    r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*(?:[eE][+-]?\d{1,3})?|[eE][+-]\d{1,3})?|[+-]?\.\d+"
)
_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日)"
    r"(?:[ T]0?0:00(?::00(?:\.0+)?)?)?"
)
# what stands for "nothing" in a column of figures
NO_FIGURE = frozenset({"-", "--", "—", "——", "－", "/", "／", "\\", "无", "…", "……"})
_LONGEST = 60


def number_of(text: str) -> int | float | None:
    """Return the number a text is, None where it is none; digits may be full-width or grouped by commas."""
    if len(text) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    if _NUMBER.fullmatch(plain) is None:
        return None
    digits = plain.replace(",", "")
    try:
        return int(digits)
    except ValueError:
        number = float(digits)
        return number if abs(number) < float("inf") else None


def date_of(text: str) -> dt.date | None:
    """Return the day a text is, None where it is none or names a day that is not in the calendar."""
    if len(text) > _LONGEST:
        return None
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
