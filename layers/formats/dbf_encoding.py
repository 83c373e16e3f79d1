"""Which encoding the text of a shapefile is in, where the file does not say so itself.

A .dbf names its encoding in a .cpg beside it or in byte 29 of its header (the language driver). Without
either, readers fall back to Latin-1 and Chinese turns into garbage.
"""

from __future__ import annotations

import struct
from pathlib import Path

from layers.errors import InputError
from layers.words import _

_SAMPLE_BYTES = 4_000_000
_HEADER_BYTES = 32
_LANGUAGE_DRIVER = 29


def states_encoding(path: Path) -> bool:
    """Tell whether a shapefile says itself what its text is in."""
    if any(path.with_suffix(suffix).exists() for suffix in (".cpg", ".CPG")):
        return True
    with _dbf(path).open("rb") as file:
        header = file.read(_HEADER_BYTES)
    return len(header) == _HEADER_BYTES and header[_LANGUAGE_DRIVER] != 0


def sniff_encoding(path: Path) -> str:
    """Return the encoding that the text of a silent shapefile is valid in; empty when all of it is ASCII.

    UTF-8 is tried first: Chinese in GB 18030 is practically never valid UTF-8.

    Raises
    ------
    InputError
        When neither UTF-8 nor GB 18030 fits.
    """
    values = _text(path)
    if values.isascii():
        return ""
    for encoding in ("UTF-8", "GB18030"):
        if _is_valid(values, encoding):
            return encoding
    raise InputError(
        _("The encoding of the text in the file is not stated and cannot be recognised."),
        where=str(path),
        remedy=_("Name it, for instance GBK or UTF-8 (--encoding)."),
    )


def _text(path: Path) -> bytes:
    """Return field names and values, each cut from its neighbours by a line end."""
    with _dbf(path).open("rb") as file:
        data = file.read(_SAMPLE_BYTES)
    if len(data) < _HEADER_BYTES:
        return b""
    start, length = struct.unpack_from("<HH", data, 8)
    names, widths = [], []
    for at in range(_HEADER_BYTES, min(start, len(data)) - 1, 32):
        field = data[at : at + 32]
        if field[:1] == b"\r" or len(field) < 32:
            break
        names.append(field[:11].split(b"\0", 1)[0])
        widths.append(field[16])
    values = []
    for record in range(start, len(data) - length + 1, max(length, 1)):
        at = record + 1
        for width in widths:
            values.append(data[at : at + width].rstrip(b" \0"))
            at += width
    return b"\n".join([*names, *values])


def _is_valid(values: bytes, encoding: str) -> bool:
    try:
        values.decode(encoding)
    except UnicodeDecodeError:
        # writers cut long text at the width of its field, in the middle of a character
        wrong = sum(not _decodes(value, encoding) for value in values.split(b"\n"))
        return encoding != "UTF-8" and wrong * 100 <= values.count(b"\n")
    return True


def _decodes(value: bytes, encoding: str) -> bool:
    try:
        value.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _dbf(path: Path) -> Path:
    for suffix in (".dbf", ".DBF"):
        if path.with_suffix(suffix).exists():
            return path.with_suffix(suffix)
    raise InputError(
        _("The shapefile lacks its .dbf: it has shapes but no attributes."),
        where=str(path),
        remedy=_("Put .shp, .shx, .dbf and .prj into one folder under one name."),
    )
