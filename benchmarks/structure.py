"""Damages that keep a file's form: members of a zip file, rows of a database, numbers and lines of a text."""

from __future__ import annotations

import io
import random
import re
import sqlite3
import warnings
import zipfile
import zlib

from benchmarks.mutations import damaged

_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_ODD_NUMBERS = (
    b"0",
    b"-1",
    b"1e308",
    b"-1e999",
    b"NaN",
    b"inf",
    b"",
    b"4294967296",
    b"99999999999999999999",
    b"0.0000000001",
    b"1,5",
    b"12e",
    b"0x10",
    "１２".encode(),
    b"abc",
    b"-",
    b"--5",
)
_ODD_VALUES = (None, 0, -1, 2**62, 1e308, float("inf"), "", "中山", "\x00", b"", b"\x00" * 8, b"GP\x00\x01")
_MOST_NUMBERS = 3


def damaged_inside(data: bytes, chance: random.Random) -> bytes:
    """Return a file whose form still stands but whose content is damaged.

    Parameters
    ----------
    data : bytes
        Of a good file; one that is neither zip file nor SQLite database is taken as lines of text.
    chance : random.Random
        The same state gives the same damage.
    """
    if data.startswith(b"PK\x03\x04"):
        return _zip_damaged(data, chance)
    if data.startswith(b"SQLite format 3\0"):
        return _database_damaged(data, chance)
    return _text_damaged(data, chance)


def _zip_damaged(data: bytes, chance: random.Random) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error):
        return damaged(data, chance)
    if not members:
        return damaged(data, chance)
    at = chance.randrange(len(members))
    name, content = members[at]
    deed = chance.random()
    if deed < 0.8:
        members[at] = (name, chance.choice((_text_damaged, damaged))(content, chance))
    elif deed < 0.9:
        del members[at]
    else:
        other = chance.choice(("../" + name, name.upper(), name + "/", "中山/" + name, members[0][0]))
        members[at] = (other, content)
    packed = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # two members of one name are what is wanted
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _database_damaged(data: bytes, chance: random.Random) -> bytes:
    """Put an odd value into a cell of a random table, or damage what stands there."""
    book = sqlite3.connect(":memory:")
    try:
        book.deserialize(data)
        # the triggers of a GeoPackage call functions that SQLite alone does not have
        for (name,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            book.execute(f"DROP TRIGGER {_quoted(name)}")
        tables = [
            name
            for (name,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith(("sqlite_", "rtree_"))
        ]
        table = _quoted(chance.choice(tables))
        column = _quoted(chance.choice([row[1] for row in book.execute(f"PRAGMA table_info({table})")]))
        cells = book.execute(f"SELECT rowid, {column} FROM {table} ORDER BY rowid").fetchall()  # noqa: S608 - quoted above
        row, value = chance.choice(cells)
        if isinstance(value, bytes | str) and chance.random() < 0.7:
            plain = value if isinstance(value, bytes) else value.encode()
            broken = damaged(plain, chance)
            new: object = broken if isinstance(value, bytes) else broken.decode("utf-8", "replace")
        else:
            new = chance.choice(_ODD_VALUES)
        book.execute(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE rowid = ?", (new, row))  # noqa: S608 - quoted above
        book.commit()
        return bytes(book.serialize())
    except (sqlite3.Error, IndexError):
        return damaged(data, chance)
    finally:
        book.close()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text_damaged(data: bytes, chance: random.Random) -> bytes:
    return chance.choice((_numbers_damaged, _numbers_damaged, _lines_damaged))(data, chance)


def _numbers_damaged(data: bytes, chance: random.Random) -> bytes:
    for _count in range(chance.randint(1, _MOST_NUMBERS)):
        found = list(_NUMBER.finditer(data))
        if not found:
            return damaged(data, chance)
        place = chance.choice(found)
        data = data[: place.start()] + chance.choice(_ODD_NUMBERS) + data[place.end() :]
    return data


def _lines_damaged(data: bytes, chance: random.Random) -> bytes:
    end = b"\r\n" if b"\r\n" in data else b"\n" if b"\n" in data else b">"
    lines = data.split(end)
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    deed = chance.randrange(4)
    if deed == 0:
        del lines[at]
    elif deed == 1:
        lines.insert(other, lines[at])
    elif deed == 2:
        lines[at], lines[other] = lines[other], lines[at]
    else:
        lines[at] = damaged(lines[at], chance)
    return end.join(lines)
