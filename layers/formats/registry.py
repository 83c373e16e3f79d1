"""The families of files that are read and written: the one list that import, export and dialogs go by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from layers.errors import UnknownFormatError, UsageError
from layers.formats.boundary_txt import BOUNDARY_TXT, BOUNDARY_TXT_WRITER
from layers.formats.dbf_encoding import encoding_candidates
from layers.formats.drawings import DRAWINGS, DXF, drawing_layers
from layers.formats.file_heads import head_of, is_shapefile, require_head
from layers.formats.geoparquet import GEOPARQUET, GEOPARQUET_TARGET
from layers.formats.gpx.reading import GPX
from layers.formats.gpx.writing import GPX_OUT
from layers.formats.kml import KML, KML_OUT
from layers.formats.model import ReadOptions, SourceFormat, TargetFormat
from layers.formats.packed import Packed
from layers.formats.personal_geodatabase.reading import PERSONAL_GEODATABASE
from layers.formats.photos import PHOTOS
from layers.formats.shapefile_reading import SHAPEFILE
from layers.formats.tables.csv_writer import CSV_TABLE
from layers.formats.tables.preview import preview_answer
from layers.formats.tables.reader import TABLES
from layers.formats.tables.xlsx_writer import EXCEL_TABLE
from layers.formats.text_readings import text_candidates
from layers.formats.vct.reading import VCT
from layers.formats.vector_families import FILE_GEODATABASE, FLATGEOBUF, GEOJSON, GEOPACKAGE
from layers.formats.vector_gml import GML
from layers.formats.vector_mapinfo import MAPINFO
from layers.formats.vector_targets import (
    FILE_GEODATABASE_TARGET,
    FLATGEOBUF_TARGET,
    GEOJSON_TARGET,
    GEOPACKAGE_TARGET,
    SHAPEFILE_TARGET,
)
from layers.progress import NoProgress
from layers.words import _


def _encodings(path: Path, _options: ReadOptions) -> list[dict[str, Any]]:
    suffix = path.suffix.lower()
    if suffix == ".shp":
        require_head(path, _(SHAPEFILE.title), is_shapefile)
    found = encoding_candidates(path) if suffix in SHAPEFILE.suffixes else text_candidates(path)
    return [asdict(candidate) for candidate in found]


def _raster(path: Path, _options: ReadOptions) -> list[dict[str, Any]]:
    from layers.pictures.adding import raster_facts, with_statistics

    bands = with_statistics(raster_facts(path), NoProgress())
    return [band.model_dump(mode="json") for band in bands]


_PLAIN: tuple[SourceFormat, ...] = (
    GEOPACKAGE,
    SHAPEFILE,
    FILE_GEODATABASE,
    BOUNDARY_TXT,
    DRAWINGS,
    KML,
    GPX,
    GEOPARQUET,
    FLATGEOBUF,
    MAPINFO,
    GML,
    GEOJSON,
    VCT,
    PERSONAL_GEODATABASE,
    TABLES,
)

READERS: tuple[SourceFormat, ...] = (*_PLAIN, PHOTOS, Packed(lambda: _PLAIN))
"""Tried in this order; the first that recognises a file reads it."""

WRITERS: tuple[TargetFormat, ...] = (
    GEOPACKAGE_TARGET,
    SHAPEFILE_TARGET,
    FILE_GEODATABASE_TARGET,
    EXCEL_TABLE,
    CSV_TABLE,
    BOUNDARY_TXT_WRITER,
    DXF,
    KML_OUT,
    GPX_OUT,
    GEOJSON_TARGET,
    GEOPARQUET_TARGET,
    FLATGEOBUF_TARGET,
)

QUESTIONS: Mapping[str, Callable[[Path, ReadOptions], Any]] = {
    "table_preview": preview_answer,
    "encodings": _encodings,
    "drawing_layers": drawing_layers,
    "raster": _raster,
}
"""What can be asked about a file besides its layers; the answers are JSON-able."""

WITH_READINGS = frozenset({SHAPEFILE.key, BOUNDARY_TXT.key, TABLES.key})
"""Families that can tell in which ways their text can be read (question ``encodings``)."""


def format_called(key: str) -> SourceFormat:
    """Return the reader called ``key``.

    Raises
    ------
    UsageError
        When there is none.
    """
    for reader in READERS:
        if reader.key == key:
            return reader
    raise UsageError(
        _("“{name}” is no family of files.").format(name=key),
        remedy=_("Known: {names}").format(names="、".join(reader.key for reader in READERS)),
    )


def format_of(path: Path) -> SourceFormat:
    """Return the reader that recognises a file by its name and its first bytes.

    Raises
    ------
    UnknownFormatError
        When the file is of no known family.
    InputError
        When it is missing, empty, no file of data, or cannot be opened.
    """
    head = head_of(path)
    for reader in READERS:
        if reader.recognises(path, head):
            return reader
    raise UnknownFormatError(
        _("This kind of file is not read."),
        where=str(path),
        remedy=_("Read are: {suffixes}").format(suffixes=" ".join(suffixes_read())),
    )


def suffixes_read() -> tuple[str, ...]:
    """Return the endings of all files that are read, each once, in the order of the list."""
    return tuple(dict.fromkeys(suffix for reader in READERS for suffix in reader.suffixes))


def suffixes_written() -> tuple[str, ...]:
    """Return the endings of all files that are written, each once, in the order of the list."""
    return tuple(dict.fromkeys(suffix for writer in WRITERS for suffix in writer.suffixes))


def writer_of(path: Path) -> TargetFormat:
    """Return the writer for a file's ending.

    Raises
    ------
    UsageError
        When files of this ending are not written.
    """
    name = path.name.lower()
    fitting = [
        (len(suffix), writer) for writer in WRITERS for suffix in writer.suffixes if name.endswith(suffix)
    ]
    if not fitting:
        raise UsageError(
            _("Files of type “{suffix}” are not written.").format(suffix=path.suffix),
            where=str(path),
            remedy=_("Written are: {suffixes}").format(suffixes=" ".join(suffixes_written())),
        )
    return max(fitting, key=lambda pair: pair[0])[1]
