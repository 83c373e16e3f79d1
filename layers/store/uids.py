"""Unique identifiers that are never used twice (UUID version 7, RFC 9562)."""

from __future__ import annotations

import os
import re
import time

_UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_COUNTER_BITS = 26
_TAIL_BITS = 48


def new_uids(count: int) -> list[str]:
    """Return ``count`` new identifiers in rising order.

    The time in milliseconds leads, a counter of 26 bits with a random start keeps a batch in order,
    48 random bits end each one (RFC 9562, section 6.2, method 1).
    """
    milliseconds = time.time_ns() // 1_000_000
    start = int.from_bytes(os.urandom(4)) & ((1 << (_COUNTER_BITS - 1)) - 1)
    tails = os.urandom(6 * count)
    uids = []
    for index in range(count):
        overflow, counter = divmod(start + index, 1 << _COUNTER_BITS)
        tail = int.from_bytes(tails[6 * index : 6 * index + 6])
        uids.append(_compose(milliseconds + overflow, counter, tail))
    return uids


def new_uid() -> str:
    """Return one new identifier."""
    return new_uids(1)[0]


def is_uid(text: object) -> bool:
    """Tell whether ``text`` is a UUID written the way the project file holds it (lower case)."""
    return isinstance(text, str) and _UID.fullmatch(text) is not None


def _compose(milliseconds: int, counter: int, tail: int) -> str:
    high, low = divmod(counter, 1 << 14)
    value = milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low << _TAIL_BITS | tail
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
