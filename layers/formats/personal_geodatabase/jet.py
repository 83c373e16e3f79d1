"""Access files (Jet 4 and ACE): their tables, with access-parser for what lies where."""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.errors import InputError
from layers.formats.personal_geodatabase.jet_values import BINARY, JetColumn, OddRowError, row_values
from layers.progress import Progress
from layers.words import _

_PAGE = 4096
# the format ends at 2 GB; the library holds a file twice in memory
_BYTES_AT_MOST = 1_000_000_000
_MARKS = (b"\x00\x01\x00\x00Standard Jet DB\0", b"\x00\x01\x00\x00Standard ACE DB\0")
_HEAD_KEY = b"\xc7\xda\x39\x6b"
_HEAD_AT, _HEAD_BYTES = 0x18, 128
_FILE_KEY_AT, _PASSWORD_AT, _PASSWORD_BYTES, _DATE_AT = 0x3E, 0x42, 40, 0x72
_DELETED, _ELSEWHERE, _OFFSET = 0x8000, 0x4000, 0x1FFF
_ROWS_PER_STEP = 2_000
_LONG_AT_MOST = 256 * 2**20
_TABLE, _FIXED_FLAG = 1, "fixed_length"
_COLUMNS_AT_MOST = 2_000


@dataclass(frozen=True)
class JetTable:
    """A table: its fields and how many rows its definition states."""

    name: str
    columns: tuple[JetColumn, ...]
    stated_rows: int


class JetFile:
    """An Access file, read whole.

    Raises
    ------
    InputError
        When it is none, of an older version (Access 97), locked with a password, damaged, or too large.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._body = _body_of(path)
        self._parser = _parser_of(path)
        self._tables = {name: self._definition(name, place) for name, place in self._catalogue().items()}

    @property
    def names(self) -> tuple[str, ...]:
        """The tables that users made; the program's own begin with MSys."""
        return tuple(self._tables)

    def table(self, name: str) -> JetTable:
        """Return a table."""
        return self._tables[name][0]

    def rows(self, name: str, progress: Progress) -> Iterator[tuple[int, list[Any] | None]]:
        """Yield rows with their number from 0; None for one that cannot be read."""
        table, definition = self._tables[name]
        columns = list(table.columns)
        has_variable = definition.table_header.variable_columns > 0
        number = 0
        pages = definition.table.linked_pages
        for done, page in enumerate(pages):
            for record in self._records(page):
                if number % _ROWS_PER_STEP == 0:
                    progress.step(done / len(pages), _("Reading features"))
                try:
                    yield number, row_values(record, columns, has_variable, self._long_value)
                except OddRowError:
                    yield number, None
                number += 1

    def _catalogue(self) -> dict[str, int]:
        """Return the page of each table that users made."""
        found = {}
        definition = self._table_at(2, "MSysObjects")
        columns = list(definition[0].columns)
        wanted = [
            next((i for i, column in enumerate(columns) if column.name == name), -1)
            for name in ("Id", "Name", "Type", "Flags")
        ]
        if -1 in wanted:
            raise _damaged(self._path, "catalogue")
        for page in definition[1].table.linked_pages:
            for record in self._records(page):
                try:
                    row = row_values(record, columns, True, self._long_value)
                except OddRowError:
                    continue
                place, name, kind, flags = (row[i] for i in wanted)
                own = isinstance(flags, int) and flags & 0x80000002
                if kind != _TABLE or own or not isinstance(name, str) or not isinstance(place, int):
                    continue
                if name and not name.startswith(("MSys", "~")):
                    found[name] = place & 0xFFFFFF
        return found

    def _definition(self, name: str, page: int) -> tuple[JetTable, Any]:
        return self._table_at(page, name)

    def _table_at(self, page: int, name: str) -> tuple[JetTable, Any]:
        """Return a table's definition, in our form and in the library's."""
        from access_parser.access_parser import AccessTable, TableObj
        from construct import ConstructError

        self._require_end(page, name)
        parser = self._parser
        raw = parser._tables_with_data.get(page * _PAGE)
        try:
            if raw is None:
                raw = TableObj(page * _PAGE, parser._table_defs[page * _PAGE])
            found = AccessTable(raw, parser.version, _PAGE, parser._data_pages, parser._table_defs)
        except (ConstructError, KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise _damaged(self._path, f"{name}: {error}") from error
        columns = sorted(found.columns.values(), key=lambda column: int(column.column_id))
        if len(columns) > _COLUMNS_AT_MOST:
            raise _damaged(self._path, name)
        return (
            JetTable(name, tuple(_column(column) for column in columns), found.table_header.number_of_rows),
            found,
        )

    def _require_end(self, page: int, name: str) -> None:
        """Refuse a definition whose pages go round in a circle, which the library would follow for ever."""
        seen: set[int] = set()
        while page:
            if page in seen:
                raise _damaged(self._path, f"{name}: circular definition")
            seen.add(page)
            content = self._parser._table_defs.get(page * _PAGE) or b""
            page = struct.unpack_from("<I", content, 4)[0] if len(content) >= 8 else 0

    def _records(self, page: bytes) -> Iterator[bytes]:
        """Yield the records of a data page; those that were moved elsewhere from there."""
        (count,) = struct.unpack_from("<H", page, 12)
        if 14 + 2 * count > len(page):
            return
        for offset, end in _spans(page, count):
            if offset & _DELETED:
                continue
            record = page[offset & _OFFSET : end]
            if offset & _ELSEWHERE and len(record) >= 4:
                record = self._record_at(struct.unpack_from("<I", record)[0])
            if record:
                yield record

    def _record_at(self, pointer: int) -> bytes:
        start = (pointer >> 8) * _PAGE
        page = self._body[start : start + _PAGE]
        number = pointer & 0xFF
        if len(page) < _PAGE or page[:1] != b"\x01":
            return b""
        (count,) = struct.unpack_from("<H", page, 12)
        if number >= count or 14 + 2 * count > len(page):
            return b""
        offset, end = list(_spans(page, count))[number]
        return page[offset & _OFFSET : end]

    def _long_value(self, raw: bytes) -> bytes:
        """Return a value that stands in the row, on one page or on several."""
        if len(raw) < 12:
            raise OddRowError("long value")
        length, pointer = struct.unpack_from("<II", raw)
        size = length & 0x3FFFFFFF
        if length & 0x80000000:
            return raw[12 : 12 + size]
        if length & 0x40000000:
            return self._record_at(pointer)[:size]
        pieces: list[bytes] = []
        held = 0
        # pages may point at each other in a circle: what is stated is the bound
        while pointer and held < min(size, _LONG_AT_MOST):
            record = self._record_at(pointer)
            if len(record) <= 4:
                raise OddRowError("long value")
            (pointer,) = struct.unpack_from("<I", record)
            pieces.append(record[4:])
            held += len(record) - 4
        return b"".join(pieces)[:size]


def is_access(head: bytes) -> bool:
    """Tell whether bytes begin an Access file."""
    return head.startswith(_MARKS)


def _spans(page: bytes, count: int) -> Iterator[tuple[int, int]]:
    """Yield where each record begins, with its marks, and where it ends: records stand last first."""
    end = len(page)
    for offset in struct.unpack_from(f"<{count}H", page, 14):
        yield offset, end
        end = offset & _OFFSET


def _column(column: Any) -> JetColumn:
    fixed = bool(column.column_flags[_FIXED_FLAG])
    scale = int(column.various.get("scale", 0)) if hasattr(column.various, "get") else 0
    return JetColumn(
        name=str(column.col_name_str),
        type=int(column.type),
        number=int(column.column_id),
        fixed_at=int(column.fixed_offset) if fixed and column.type != BINARY else -1,
        variable=int(column.variable_column_number),
        scale=scale,
    )


def _body_of(path: Path) -> bytes:
    size = path.stat().st_size
    if size > _BYTES_AT_MOST:
        raise InputError(
            _("The file is larger than {size} MB.").format(size=_BYTES_AT_MOST // 1_000_000),
            where=str(path),
            remedy=_("Have it delivered as file geodatabase (.gdb)."),
        )
    body = path.read_bytes()
    if len(body) < 3 * _PAGE:
        raise _damaged(path, f"{len(body)} bytes")
    if body[0x14] == 0:
        raise InputError(
            _("The file is of Access 97; only files of Access 2000 and later are read."),
            where=str(path),
            remedy=_("Open it in a newer Access or ArcGIS and save it there, or have it delivered as .gdb."),
        )
    if _is_locked(body):
        raise InputError(
            _("The file is locked with a password."),
            where=str(path),
            remedy=_("Have the password removed, or the data delivered as file geodatabase (.gdb)."),
        )
    return body


def _parser_of(path: Path) -> Any:
    """Return the library's view of the file: which pages there are, and whose."""
    from access_parser import AccessParser
    from construct import ConstructError

    class Pages(AccessParser):  # type: ignore[misc]  # the library states no types
        """Without the library's own reading of the catalogue, whose texts it may garble."""

        def _parse_catalog(self) -> dict[str, int]:
            return {}

        def parse_msys_table(self) -> None:
            return None

    logging.getLogger("access_parser").setLevel(logging.CRITICAL)
    try:
        return Pages(str(path))
    except (ConstructError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise _damaged(path, str(error)) from error


def _is_locked(body: bytes) -> bool:
    """Tell whether pages are encrypted or a password is set; both stand in the scrambled part of the head."""
    head = bytearray(body[:_PAGE])
    head[_HEAD_AT : _HEAD_AT + _HEAD_BYTES] = _rc4(_HEAD_KEY, bytes(head[_HEAD_AT : _HEAD_AT + _HEAD_BYTES]))
    (key,) = struct.unpack_from("<I", head, _FILE_KEY_AT)
    (date,) = struct.unpack_from("<d", head, _DATE_AT)
    mask = struct.pack("<i", int(date)) if abs(date) < 2**31 else bytes(4)
    password = bytes(
        byte ^ mask[i % 4] for i, byte in enumerate(head[_PASSWORD_AT : _PASSWORD_AT + _PASSWORD_BYTES])
    )
    unreadable = body[2 * _PAGE : 2 * _PAGE + 2] != b"\x02\x01"
    return unreadable and bool(key or any(password))


def _rc4(key: bytes, data: bytes) -> bytes:
    """Return data scrambled or unscrambled; no secret is kept with it, the key is the same in every file."""
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 0xFF
        state[i], state[j] = state[j], state[i]
    i = j = 0
    result = bytearray()
    for byte in data:
        i = (i + 1) & 0xFF
        j = (j + state[i]) & 0xFF
        state[i], state[j] = state[j], state[i]
        result.append(byte ^ state[(state[i] + state[j]) & 0xFF])
    return bytes(result)


def _damaged(path: Path, details: str) -> InputError:
    return InputError(
        _("The Access file is damaged or cut off: its tables cannot be told."),
        where=str(path),
        remedy=_("Get the file once more, or have it delivered as file geodatabase (.gdb)."),
        details=details,
    )
