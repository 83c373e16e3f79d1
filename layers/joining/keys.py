"""Values made comparable: codes to the last sign, names without what people write differently."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from typing import Any

_SIGNS = r"[\s()\[\]{}【】〔〕〈〉《》「」\"'“”‘’·・,.。、;:_\-—－/\\]+"
_NOT_IN_NAMES = re.compile(_SIGNS)
_BETWEEN_DIGITS = re.compile(rf"(?<=\d){_SIGNS}(?=\d)")


def code_key(value: Any) -> str:
    """Return what a code is compared by: its text without blanks around it; whole numbers without ``.0``."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return unicodedata.normalize("NFKC", str(value)).strip()


def name_key(value: Any) -> str:
    """Return what a name is compared by: no blanks, brackets or signs, one width and one case of letters.

    Signs between two digits stay, all as one: 3-1号地 is not 31号地.
    """
    pieces = (_NOT_IN_NAMES.sub("", piece) for piece in _BETWEEN_DIGITS.split(code_key(value)))
    return "-".join(pieces).casefold()
