"""Shapefiles and tables in .dbf: text by what its bytes say, damaged parts made anew, full names restored."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from layers.findings import Severity
from layers.formats.choosing_layer import no_such_layer
from layers.formats.dbf_encoding import EncodingVerdict, choose_encoding, decoded
from layers.formats.dbf_numbers import exact_numbers
from layers.formats.dbf_table import read_header
from layers.formats.file_heads import head_of, is_shapefile, require_head
from layers.formats.model import ReadOptions, SourceData, SourceLayer, SourceNote
from layers.formats.shapefile_names import read_full_names
from layers.formats.shapefile_parts import TITLE, ShapefileParts, find_parts
from layers.formats.shapefile_repair import SoundShapefile, make_sound
from layers.formats.vector_columns import unique_names
from layers.formats.vector_families import refuse_choices
from layers.formats.vector_mapinfo import BYTEWISE, unreadable_text
from layers.formats.vector_reading import GdalSource, RawLayer, as_source_data, layers_of, read_layer
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _


@dataclass(frozen=True)
class Shapefile:
    """ESRI shapefile, or a .dbf by itself as a plain table; takes no choices.

    The encoding is the caller's, else what .cpg or header state unless the bytes say otherwise, else what the
    bytes fit. Without .prj there is no coordinate system.
    """

    key = "shapefile"
    title = TITLE
    suffixes = (".shp", ".dbf")

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell by the ending, or a .shp of another ending by its first bytes."""
        named = path.suffix.lower()
        return named in self.suffixes or (is_shapefile(head) and named not in (".shx", ".sbn", ".sbx"))

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return the one layer of a file; see :class:`layers.formats.model.SourceFormat`."""
        with _opened(path, options, NoProgress()) as opened:
            (layer,) = layers_of(opened.source)
            columns = _names(layer.columns, opened)
            return (replace(layer, name=path.stem, columns=tuple(unique_names(columns)[0])),)

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read the layer; see :class:`layers.formats.model.SourceFormat`."""
        if options.layer and options.layer != path.stem:
            raise no_such_layer(str(path), [path.stem], options.layer)
        with _opened(path, options, ProgressPart(progress, 0.0, 0.2)) as opened:
            (layer,) = layers_of(opened.source)
            raw = read_layer(opened.source, layer, ProgressPart(progress, 0.2, 0.9))
            return _decoded_layer(raw, opened, named=bool(options.encoding))


@dataclass(frozen=True)
class _Opened:
    path: Path
    parts: ShapefileParts
    sound: SoundShapefile
    source: GdalSource
    verdict: EncodingVerdict


SHAPEFILE = Shapefile()


@contextmanager
def _opened(path: Path, options: ReadOptions, progress: Progress) -> Iterator[_Opened]:
    refuse_choices(options)
    if path.suffix.lower() == ".dbf":
        head_of(path)
    else:
        require_head(path, _(TITLE), is_shapefile)
    parts = find_parts(path)
    with tempfile.TemporaryDirectory(prefix="zsgis-") as folder:
        sound = make_sound(parts, Path(folder), progress)
        # bytes as they stand: GDAL drops what it cannot recode
        source = GdalSource(sound.path.resolve(), str(path), frozenset({"ESRI Shapefile"}), BYTEWISE)
        verdict = (
            EncodingVerdict("", guessed=False)
            if parts.dbf is None
            else choose_encoding(parts.dbf, options.encoding)
        )
        yield _Opened(path, parts, sound, source, verdict)


def _names(columns: Sequence[str], opened: _Opened) -> list[str]:
    names = [_text(name, opened.verdict.name) for name in columns]
    full = read_full_names(opened.parts.fields, names)
    return [full.get(name, name) for name in names]


def _decoded_layer(raw: RawLayer, opened: _Opened, *, named: bool) -> SourceData:
    encoding = opened.verdict.name
    names = _names(raw.names, opened)
    wrong = np.zeros(len(raw.shapes), dtype=bool)
    widths = _widths(opened.parts, len(raw.names))
    exact = _exact(opened.parts, raw)
    columns = [
        _decoded_column(column, encoding, width, wrong) for column, width in zip(exact, widths, strict=True)
    ]
    notes = [*_in_rows(opened.sound.notes, raw.numbers), *_left_out(opened.parts, raw)]
    notes += opened.verdict.notes
    if wrong.any():
        notes.append(unreadable_text(np.flatnonzero(wrong).tolist(), encoding, opened.path, named=named))
    given = [_text(name, encoding) for name in raw.names]
    if names != given:
        restored = "、".join(f"{a} → {b}" for a, b in zip(given, names, strict=True) if a != b)
        text = _("Full names of fields were taken from {file}: {names}")
        beside = opened.parts.fields.name if opened.parts.fields else ""
        notes.append(
            SourceNote("shapefile.names_restored", Severity.NOTE, text.format(file=beside, names=restored))
        )
    layer = replace(raw.layer, name=opened.path.stem)
    data = as_source_data(replace(raw, layer=layer, names=names, columns=columns, encoding=encoding))
    stated = {"encoding": opened.verdict.stated} if opened.verdict.stated else {}
    return replace(data, encoding_guessed=opened.verdict.guessed, notes=tuple(notes), stated=stated)


def _in_rows(notes: Sequence[SourceNote], numbers: Any) -> list[SourceNote]:
    """Return notes about records as notes about rows: records marked as deleted are no rows."""
    row_of = {int(number): row for row, number in enumerate(numbers)}
    return [
        replace(note, rows=tuple(row_of[record] for record in note.rows if record in row_of))
        for note in notes
    ]


def _left_out(parts: ShapefileParts, raw: RawLayer) -> list[SourceNote]:
    count = (int(raw.numbers.max()) + 1 if len(raw.numbers) else 0) - len(raw.numbers)
    if parts.dbf is None or count <= 0:
        return []
    text = _("{count} records are marked as deleted in the .dbf and were left out.").format(count=count)
    return [SourceNote("shapefile.deleted", Severity.NOTE, text)]


def _exact(parts: ShapefileParts, raw: RawLayer) -> list[Any]:
    if parts.dbf is None:
        return raw.columns
    header = read_header(parts.dbf)
    if len(header.fields) != len(raw.columns):
        return raw.columns
    return exact_numbers(parts.dbf, header, raw.columns, np.asarray(raw.numbers, dtype=np.int64))


def _widths(parts: ShapefileParts, count: int) -> list[int]:
    if parts.dbf is None:
        return [0] * count
    widths = [field.width for field in read_header(parts.dbf).fields]
    return widths if len(widths) == count else [0] * count


def _decoded_column(column: Any, encoding: str, width: int, wrong: Any) -> Any:
    if not (isinstance(column, np.ndarray) and column.dtype.kind == "O"):
        return column
    values = column.copy()
    for row, value in enumerate(column):
        if isinstance(value, str) and not value.isascii():
            raw = value.encode(BYTEWISE, "replace")
            values[row], whole = decoded(raw, encoding, fills_field=len(raw) >= width > 0)
            wrong[row] |= not whole
    return values


def _text(name: str, encoding: str) -> str:
    if name.isascii():
        return name
    return decoded(name.encode(BYTEWISE, "replace"), encoding, fills_field=True)[0]
