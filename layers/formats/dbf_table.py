"""The bytes of a dBASE table: its header, and its values as they stand, before anybody said what they mean.

Source: dBASE III/IV table format as ESRI uses it (Shapefile Technical Description, 1998, page 25).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from layers.errors import InputError
from layers.words import _

HEADER_BYTES = 32
_FIELD_BYTES = 32
_FIELDS_END = b"\r"
DELETED = ord("*")
# dBASE and ESRI stop at 255 fields; some programs write up to 2,046
_FIELDS_AT_MOST = 2_046


@dataclass(frozen=True)
class DbfField:
    """A field: its name as bytes, its type (``C``, ``N``, ``F``, ``D``, ``L`` …), its width and decimals."""

    name: bytes
    type: str
    width: int
    decimals: int = 0


@dataclass(frozen=True)
class DbfHeader:
    """What a .dbf says of itself.

    Attributes
    ----------
    records : int
        As the header states; the file may hold fewer.
    header_bytes, record_bytes : int
        Where the records begin, and how long each is, with the mark of deletion.
    language_driver : int
        Byte 29; names a code page, 0 for none.
    """

    records: int
    header_bytes: int
    record_bytes: int
    language_driver: int
    fields: tuple[DbfField, ...]


def read_header(path: Path) -> DbfHeader:
    """Return the header of a .dbf.

    Raises
    ------
    InputError
        When the file is no .dbf, or cut off within its header, or its header contradicts itself.
    """
    with path.open("rb") as file:
        start = file.read(HEADER_BYTES)
        if len(start) < HEADER_BYTES:
            raise _broken(path, f"{len(start)} bytes")
        records, header_bytes, record_bytes = struct.unpack_from("<IHH", start, 4)
        described = file.read(max(min(header_bytes, _FIELD_BYTES * (_FIELDS_AT_MOST + 2)) - HEADER_BYTES, 0))
    fields = tuple(_fields(described))
    width = 1 + sum(field.width for field in fields)
    if header_bytes <= HEADER_BYTES or len(described) < header_bytes - HEADER_BYTES:
        raise _broken(path, f"header of {header_bytes} bytes")
    if not fields or width > record_bytes:
        raise _broken(path, f"fields {len(fields)}, widths {width}, record {record_bytes}")
    return DbfHeader(records, header_bytes, record_bytes, start[29], fields)


def records_present(path: Path, header: DbfHeader) -> int:
    """Return how many whole records the file holds; never more than its header states."""
    room = path.stat().st_size - header.header_bytes
    return max(min(header.records, room // header.record_bytes), 0)


def text_values(path: Path, header: DbfHeader, most_bytes: int) -> Iterator[tuple[bytes, ...]]:
    """Yield the values of text fields of each record at the file's start, blanks at their ends cut off.

    Records that are marked as deleted are left out.
    """
    spans = []
    at = 1
    for field in header.fields:
        if field.type in "CM":
            spans.append((at, at + field.width))
        at += field.width
    count = min(records_present(path, header), max(most_bytes // header.record_bytes, 1))
    with path.open("rb") as file:
        file.seek(header.header_bytes)
        for _number in range(count):
            record = file.read(header.record_bytes)
            if len(record) < header.record_bytes:
                return
            if record[0] != DELETED:
                yield tuple(record[start:end].rstrip(b" \0") for start, end in spans)


def _fields(described: bytes) -> Iterator[DbfField]:
    for at in range(0, len(described) - _FIELD_BYTES + 1, _FIELD_BYTES):
        field = described[at : at + _FIELD_BYTES]
        if field[:1] == _FIELDS_END:
            return
        kind = chr(field[11])
        yield DbfField(field[:11].split(b"\0", 1)[0], kind, field[16], field[17])


def _broken(path: Path, details: str) -> InputError:
    return InputError(
        _("The header of the .dbf is damaged or cut off: its fields cannot be told."),
        where=path.name,
        remedy=_("Get the file once more; the attributes are in the .dbf."),
        details=details,
    )
