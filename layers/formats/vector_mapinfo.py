"""MapInfo tables (.tab) and interchange files (.mif), whose text is in the character set they name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from layers.errors import InputError
from layers.findings import Severity
from layers.formats.dbf_encoding import decide, decoded, known_encoding, rank_encodings
from layers.formats.file_heads import HEAD_BYTES, head_of, is_mapinfo, require_head
from layers.formats.model import ReadOptions, SourceData, SourceLayer, SourceNote
from layers.formats.vector_columns import unique_names
from layers.formats.vector_families import refuse_choices
from layers.formats.vector_reading import (
    GdalSource,
    RawLayer,
    as_source_data,
    choose_layer,
    layers_of,
    read_layer,
)
from layers.progress import Progress
from layers.words import N_, _

# names each byte as one character, so that nothing is lost before the encoding is known
BYTEWISE = "ISO-8859-1"
# tables of a database, and tables that only gather others
_POINTERS = (b"type linked", b'isseamless" = "true')
_CHARSET = re.compile(rb"""charset\s+["']?([A-Za-z0-9_]+)""", re.IGNORECASE)
_NAMES = {
    "windowssimpchinese": "GBK",
    "windowstradchinese": "Big5",
    "windowslatin1": "CP1252",
    "utf-8": "UTF-8",
    "utf8": "UTF-8",
    "iso8859_1": "ISO-8859-1",
}
# GDAL recodes these by itself; the bytes are had back from what it makes of them
_RECODED = {"GBK": "gb18030", "Big5": "cp950", "CP1252": "cp1252"}
_PARTS = {".tab": (".dat", ".map", ".id"), ".mif": (".mid",)}


@dataclass(frozen=True)
class MapInfo:
    """MapInfo TAB and MIF/MID; takes no choices.

    Text is taken as bytes and decoded here: a file that names no character set ("Neutral") is read in the
    encoding its bytes fit, and one that names a wrong one is told.
    """

    key = "mapinfo"
    title = N_("MapInfo file")
    suffixes = (".tab", ".mif")

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell by the ending and the first word; a .tab may also be a table of text."""
        if path.suffix.lower() == ".tab":
            return is_mapinfo(head)
        return bool(head) and path.suffix.lower() in self.suffixes

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return the one layer of a file; see :class:`layers.formats.model.SourceFormat`."""
        source = self._source(path, options)
        if not source.encoding:
            return layers_of(source)
        encoding = known_encoding(options.encoding) if options.encoding else charset_of(path) or "GBK"
        return tuple(
            replace(layer, columns=tuple(_text(name, encoding) for name in layer.columns))
            for layer in layers_of(source)
        )

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read the layer; see :class:`layers.formats.model.SourceFormat`."""
        source = self._source(path, options)
        layer = choose_layer(str(path), layers_of(source), options.layer, tables=True)
        raw, stated = read_layer(source, layer, progress), charset_of(path)
        if not source.encoding:
            raw = _as_bytes(raw, _RECODED[stated])
        return decode_layer(raw, path, options.encoding, stated, stated)

    def _source(self, path: Path, options: ReadOptions) -> GdalSource:
        refuse_choices(options)
        require_head(path, _(self.title), is_mapinfo)
        if any(mark in head_of(path).lower() for mark in _POINTERS):
            raise InputError(
                _("The file holds no data, it only points to other files or to a network."),
                where=str(path),
                remedy=_("Import the file that it points to."),
            )
        lacking = [
            suffix for suffix in _PARTS.get(path.suffix.lower(), ()) if not _part(path, suffix).exists()
        ]
        if lacking and not (path.suffix.lower() == ".tab" and lacking == [".map", ".id"]):
            raise InputError(
                _("Parts of the file are missing: {parts}").format(parts=" ".join(lacking)),
                where=str(path),
                remedy=_("Put all parts into one folder under one name."),
            )
        encoding = "" if charset_of(path) in _RECODED else BYTEWISE
        return GdalSource(path.resolve(), str(path), frozenset({"MapInfo File"}), encoding)


def charset_of(path: Path) -> str:
    """Return the encoding that a MapInfo file names; empty where it names none."""
    with path.open("rb") as file:
        found = _CHARSET.search(file.read(HEAD_BYTES))
    return _NAMES.get(found.group(1).decode("ascii").lower(), "") if found else ""


def decode_layer(raw: RawLayer, path: Path, wanted: str, stated: str, word: str) -> SourceData:
    """Return a layer that was read byte by byte, with names and text in the encoding they are in.

    Raises
    ------
    InputError
        When ``wanted`` is no encoding or does not fit; when nothing fits.
    """
    texts = [column for column in raw.columns if isinstance(column, np.ndarray) and column.dtype.kind == "O"]
    if wanted:
        name, guessed, notes = known_encoding(wanted), False, tuple[SourceNote, ...]()
    else:
        lines = [tuple(_bytes(name) for name in raw.names), *_lines(texts)]
        verdict = decide(rank_encodings(lines, stated), stated, word, path)
        name, guessed, notes = verdict.name, verdict.guessed, verdict.notes
    names = [_text(each, name) for each in raw.names]
    columns, wrong = [], np.zeros(len(raw.shapes), dtype=bool)
    for column in raw.columns:
        columns.append(_decoded_column(column, name, wrong))
    if wrong.any():
        notes += (unreadable_text(np.flatnonzero(wrong).tolist(), name, path, named=bool(wanted)),)
    data = as_source_data(replace(raw, names=names, columns=columns, encoding=name))
    _unique, renamed = unique_names(names)
    return replace(data, encoding_guessed=guessed, renamed=renamed, notes=(*data.notes, *notes))


def unreadable_text(rows: Sequence[int], encoding: str, path: Path, *, named: bool) -> SourceNote:
    """Return the note that text of some rows is not valid in the encoding; many such rows are an error.

    Raises
    ------
    InputError
        When the caller named the encoding and it fits so badly that it must be wrong.
    """
    if named and len(rows) > 3:
        raise InputError(
            _("The text in the file is not in the encoding it was read with."),
            where=str(path),
            remedy=_("Name its encoding, for instance GBK or UTF-8 (--encoding)."),
            details=f"{encoding}: {len(rows)} rows",
        )
    return SourceNote(
        "encoding.unreadable_text",
        Severity.WARNING,
        _("{count} rows hold text that is not valid {encoding}; what cannot be read shows as “�”.").format(
            count=len(rows), encoding=encoding
        ),
        tuple(rows),
    )


def _as_bytes(raw: RawLayer, codec: str) -> RawLayer:
    """Return a layer whose text is bytes again, one character for each."""

    def back(text: Any) -> Any:
        return text.encode(codec, "replace").decode(BYTEWISE) if isinstance(text, str) else text

    columns = [
        np.array([back(value) for value in column], dtype=object)
        if isinstance(column, np.ndarray) and column.dtype.kind == "O"
        else column
        for column in raw.columns
    ]
    return replace(raw, names=[back(name) for name in raw.names], columns=columns)


def _lines(columns: Sequence[Any]) -> list[tuple[bytes, ...]]:
    rows = zip(*columns, strict=True) if columns else ()
    return [tuple(_bytes(value) for value in row if isinstance(value, str)) for row in rows]


def _decoded_column(column: Any, encoding: str, wrong: Any) -> Any:
    if not (isinstance(column, np.ndarray) and column.dtype.kind == "O"):
        return column
    values = column.copy()
    for row, value in enumerate(column):
        if isinstance(value, str) and not value.isascii():
            text, whole = decoded(_bytes(value), encoding, fills_field=False)
            values[row] = text
            wrong[row] |= not whole
    return values


def _text(name: str, encoding: str) -> str:
    return decoded(_bytes(name), encoding, fills_field=True)[0]


def _bytes(text: str) -> bytes:
    return text.encode(BYTEWISE, "replace")


def _part(path: Path, suffix: str) -> Path:
    small = path.with_suffix(suffix)
    return small if small.exists() else path.with_suffix(suffix.upper())


MAPINFO = MapInfo()
