"""The values in a row of an Access table (Jet 4 and ACE).

access-parser finds tables, fields and rows; values are read here, since its texts lose Chinese characters
that stand between compressed ones. Source: the notes on the format of the mdbtools project (HACKING.md).
"""

from __future__ import annotations

import datetime
import struct
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

BOOLEAN, TEXT, OLE, MEMO, BINARY, GUID, NUMERIC = 1, 10, 11, 12, 9, 15, 16
_FIXED: Mapping[int, struct.Struct] = {
    2: struct.Struct("<B"),
    3: struct.Struct("<h"),
    4: struct.Struct("<i"),
    5: struct.Struct("<q"),
    6: struct.Struct("<f"),
    7: struct.Struct("<d"),
    8: struct.Struct("<d"),
    18: struct.Struct("<i"),
    19: struct.Struct("<q"),
}
_MONEY, _TIME, _SINGLE = 5, 8, 6
_COMPRESSED = b"\xff\xfe"
_EPOCH = datetime.datetime(1899, 12, 30)
_DAYS_AT_MOST = 2_958_465  # 9999-12-31


@dataclass(frozen=True)
class JetColumn:
    """A field: where its values stand in a row.

    Attributes
    ----------
    number : int
        Its bit among those that say which values there are.
    fixed_at : int
        Where a value of fixed length stands, from the start of the fixed part; -1 for one of varying length.
    variable : int
        Which of the values of varying length it is.
    scale : int
        Digits after the point, of an exact number.
    """

    name: str
    type: int
    number: int
    fixed_at: int
    variable: int
    scale: int


class OddRowError(Exception):
    """A row that does not follow the format."""


def row_values(
    record: bytes, columns: list[JetColumn], has_variable: bool, long_value: Callable[[bytes], bytes]
) -> list[Any]:
    """Return a row's values, one for each column.

    Parameters
    ----------
    has_variable : bool
        The table has fields of varying length.
    long_value : callable
        Takes the reference of a long value and returns its bytes.

    Raises
    ------
    OddRowError
    """
    try:
        (count,) = struct.unpack_from("<H", record)
        mask_at = len(record) - (count + 7) // 8
        mask = record[mask_at:]
        offsets = _offsets(record, mask_at) if has_variable else []
        if mask_at < 2:
            raise OddRowError("mask")
        return [_value(record, column, mask, offsets, long_value) for column in columns]
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise OddRowError(str(error)) from error


def text_of(raw: bytes) -> str:
    """Return a text: UTF-16, or in stretches of one byte a character and of two, a zero byte between them."""
    if not raw.startswith(_COMPRESSED):
        return raw.decode("utf-16-le", "replace")
    text: list[str] = []
    at, compressed = len(_COMPRESSED), True
    while at < len(raw):
        if compressed:
            end = raw.find(b"\0", at)
            end = len(raw) if end < 0 else end
            text.append(raw[at:end].decode("latin-1"))
        else:
            # two bytes a character until a zero byte stands where a character would begin
            end = at
            while end + 1 < len(raw) and raw[end] != 0:
                end += 2
            text.append(raw[at:end].decode("utf-16-le", "replace"))
        at, compressed = end + 1, not compressed
    return "".join(text)


def _offsets(record: bytes, mask_at: int) -> list[int]:
    (count,) = struct.unpack_from("<H", record, mask_at - 2)
    if mask_at - 4 - 2 * count < 0:
        raise OddRowError("offsets")
    return [struct.unpack_from("<H", record, mask_at - 4 - 2 * i)[0] for i in range(count + 1)]


def _value(
    record: bytes,
    column: JetColumn,
    mask: bytes,
    offsets: list[int],
    long_value: Callable[[bytes], bytes],
) -> Any:
    # fields that were added later are not in older rows
    given = column.number < 8 * len(mask) and bool(mask[column.number // 8] >> (column.number % 8) & 1)
    if column.type == BOOLEAN:
        return given
    if given and column.fixed_at >= 0:
        return _fixed(record, 2 + column.fixed_at, column)
    if not given or column.variable + 1 >= len(offsets):
        return None
    raw = record[offsets[column.variable] : offsets[column.variable + 1]]
    return _varying(raw, column, long_value)


def _varying(raw: bytes, column: JetColumn, long_value: Callable[[bytes], bytes]) -> Any:
    if column.type in (OLE, MEMO):
        raw = long_value(raw) if raw else b""
    if column.type in (TEXT, MEMO):
        return text_of(raw)
    return _exact(raw, column.scale) if column.type == NUMERIC else raw


def _fixed(record: bytes, at: int, column: JetColumn) -> Any:
    if column.type == GUID:
        return "{" + str(uuid.UUID(bytes_le=record[at : at + 16])).upper() + "}"
    if column.type == NUMERIC:
        return _exact(record[at : at + 17], column.scale)
    value = _FIXED[column.type].unpack_from(record, at)[0] if column.type in _FIXED else None
    if value is not None and column.type in _MEANINGS:
        return _MEANINGS[column.type](value)
    return value


def _time(days: float) -> str | None:
    """Return a moment as ISO text, a day without its midnight; days before 1899-12-30 count back."""
    if not abs(days) <= _DAYS_AT_MOST:
        return None
    whole = int(days)
    moment = _EPOCH + datetime.timedelta(days=whole, seconds=round(abs(days - whole) * 86_400))
    plain = moment.isoformat()
    return plain.removesuffix("T00:00:00")


def _exact(raw: bytes, scale: int) -> float | None:
    """Return a number of 128 bits; its four words stand most significant first."""
    if len(raw) != 17:
        return None
    words = struct.unpack("<4I", raw[1:])
    number = 0
    for word in words:
        number = number << 32 | word
    value = float(number) / 10.0**scale
    return -value if raw[0] & 0x80 else value


_MEANINGS: Mapping[int, Callable[[Any], Any]] = {
    _MONEY: lambda value: value / 10_000,
    _TIME: _time,
    # the shortest decimal that means this 32-bit number: 0.1, not 0.10000000149
    _SINGLE: lambda value: float(f"{value:.7g}"),
}
