"""Values made comparable: codes to the last sign, names without what people write differently."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from typing import Any

_NOT_IN_NAMES = re.compile(r"[\s()\[\]{}【】〔〕〈〉《》「」\"'“”‘’·・,.。、;:_\-—－/\\]+")


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
    """Return what a name is compared by: no blanks, brackets or signs, one width and one case of letters."""
    return _NOT_IN_NAMES.sub("", code_key(value)).casefold()
