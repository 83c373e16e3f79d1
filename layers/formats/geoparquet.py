"""GeoParquet: read in row groups within bounds, written as version 1.1.

Source: GeoParquet 1.0.0 and 1.1.0 (metadata key ``geo``; ``crs`` absent means OGC:CRS84, null means unknown).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from layers.errors import InputError
from layers.formats.file_heads import require_head
from layers.formats.model import (
    FormatChoice,
    OutgoingLayer,
    ReadOptions,
    SourceData,
    SourceLayer,
    WrittenFile,
)
from layers.formats.object_columns import object_column
from layers.formats.secrecy_mark import secrecy_in
from layers.formats.vector_columns import unique_names
from layers.formats.vector_families import refuse_choices
from layers.formats.vector_reading import choose_layer
from layers.formats.vector_targets import check_choices
from layers.formats.vector_writing import draft_folder
from layers.progress import Progress
from layers.words import N_, _

if TYPE_CHECKING:
    from pyarrow import Table
    from pyarrow.parquet import ParquetFile

# unpacked, as the footer states; a hostile file may state less, then the reading process' memory is the bound
_BYTES_AT_MOST = 4 * 2**30
_ROWS_AT_MOST = 20_000_000
_COLUMNS_AT_MOST = 10_000
_FOOTER_BYTES = 64 * 2**20
_MAGIC = b"PAR1"
_DESCRIPTION = b"description"
_WKB_FIRST = ("wkb",)


@dataclass(frozen=True)
class _Geometry:
    """The column of shapes, as the metadata describe it."""

    column: str
    type: str
    crs: pyproj.CRS | None


@dataclass(frozen=True)
class GeoParquet:
    """GeoParquet with shapes in WKB; a Parquet file without them is a plain table. Takes no choices."""

    key = "geoparquet"
    title = N_("GeoParquet")
    suffixes = (".parquet", ".geoparquet")

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell by the ending or the first bytes."""
        return head.startswith(_MAGIC) or (bool(head) and path.suffix.lower() in self.suffixes)

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return the one layer of a file; see :class:`layers.formats.model.SourceFormat`."""
        refuse_choices(options)
        with _opened(path) as file:
            return (_layer(path, file, _geometry_of(file, path)),)

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read the layer; see :class:`layers.formats.model.SourceFormat`."""
        import geopandas
        import pandas as pd

        refuse_choices(options)
        with _opened(path) as file:
            geometry = _geometry_of(file, path)
            layer = choose_layer(str(path), (_layer(path, file, geometry),), options.layer, tables=True)
            table = _table(file, progress)
            shape_column = geometry.column if geometry else ""
            names = [name for name in table.column_names if name != shape_column]
            unique, renamed = unique_names(names)
            # damaged text shows only where it is looked at
            columns = {new: _values(table, old) for new, old in zip(unique, names, strict=True)}
            shapes, unreadable = _shapes(table, shape_column)
            secrecy = secrecy_in(_description(file))
        frame = geopandas.GeoDataFrame(
            pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows)), geometry=shapes, crs=layer.crs
        )
        return SourceData(
            frame=frame,
            layer=layer.name,
            crs=layer.crs,
            encoding="",
            unreadable=unreadable,
            renamed=renamed,
            secrecy=secrecy,
        )


@dataclass(frozen=True)
class GeoParquetTarget:
    """GeoParquet 1.1, shapes in WKB with a box for each, compressed with zstd; takes no choices."""

    key = "geoparquet"
    title = N_("GeoParquet")
    suffixes = (".parquet", ".geoparquet")
    choices: tuple[FormatChoice, ...] = ()

    def write(
        self, layer: OutgoingLayer, path: Path, choices: Mapping[str, Any], progress: Progress
    ) -> WrittenFile:
        """Write a new file; see :class:`layers.formats.model.TargetFormat`."""
        check_choices(choices, {})
        shapes = np.asarray(layer.frame.geometry.array, dtype=object)
        if shapely.has_m(shapes).any():
            raise InputError(
                _("The shapes have heights or measures (Z, M) that this format cannot hold as they are."),
                where=str(path),
                remedy=_("Export as .gpkg, which holds everything."),
            )
        progress.step(0.1, _("Writing features"))
        with draft_folder(path) as folder:
            layer.frame.to_parquet(
                folder / path.name,
                index=False,
                compression="zstd",
                geometry_encoding="WKB",
                write_covering_bbox=True,
                schema_version="1.1.0",
            )
            progress.step(0.8)
            if layer.mark:
                _put_mark(folder / path.name, layer.mark)
            progress.step(0.9)
        return WrittenFile(path, marked=True)


def _description(file: ParquetFile) -> str:
    return ((file.schema_arrow.metadata or {}).get(_DESCRIPTION) or b"").decode("utf-8", "replace")


def _put_mark(path: Path, mark: str) -> None:
    """Put the words of a layer's secrecy into a file's metadata, which geopandas gives no way to."""
    from pyarrow.parquet import ParquetFile, ParquetWriter

    marked = path.with_name(f"{path.name}.marked")
    with ParquetFile(path) as file:
        schema = file.schema_arrow.with_metadata(
            {**(file.schema_arrow.metadata or {}), _DESCRIPTION: mark.encode()}
        )
        with ParquetWriter(marked, schema, compression="zstd") as writer:
            for number in range(file.metadata.num_row_groups):
                writer.write_table(file.read_row_group(number).replace_schema_metadata(schema.metadata))
    marked.replace(path)


@contextmanager
def _opened(path: Path) -> Iterator[ParquetFile]:
    import pyarrow
    import pyarrow.parquet

    require_head(path, _(GEOPARQUET.title), lambda head: head.startswith(_MAGIC))
    try:
        with pyarrow.parquet.ParquetFile(
            path, thrift_string_size_limit=_FOOTER_BYTES, thrift_container_size_limit=_FOOTER_BYTES
        ) as file:
            _check_bounds(path, file)
            yield file
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise InputError(
            _("The Parquet file is damaged or cut off."),
            where=str(path),
            remedy=_("Get the file once more."),
            details=str(error),
        ) from error


def _check_bounds(path: Path, file: ParquetFile) -> None:
    meta = file.metadata
    size = sum(meta.row_group(number).total_byte_size for number in range(meta.num_row_groups))
    if size > _BYTES_AT_MOST or meta.num_rows > _ROWS_AT_MOST or meta.num_columns > _COLUMNS_AT_MOST:
        raise InputError(
            _("The file states more than is read at once: {rows} rows, {columns} columns, {size} MB.").format(
                rows=meta.num_rows, columns=meta.num_columns, size=size // 2**20
            ),
            where=str(path),
            remedy=_("Have it delivered in parts."),
        )


def _geometry_of(file: ParquetFile, path: Path) -> _Geometry | None:
    """Return what the metadata say of the shapes; None for a plain table."""
    raw = (file.schema_arrow.metadata or {}).get(b"geo")
    if raw is None:
        return None
    try:
        meta = json.loads(raw)
        name = str(meta["primary_column"])
        about = meta["columns"][name]
        encoding = str(about.get("encoding", "WKB"))
        types = [str(each) for each in about.get("geometry_types", [])]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            _("What the file says of its shapes (metadata “geo”) cannot be read."),
            where=str(path),
            remedy=_("Have it written again as GeoParquet."),
            details=str(error),
        ) from error
    if encoding.lower() not in _WKB_FIRST or name not in file.schema_arrow.names:
        raise InputError(
            _("The shapes are stored in a form that is not read: {encoding}.").format(encoding=encoding),
            where=str(path),
            remedy=_("Have it written again as GeoParquet with shapes in WKB."),
        )
    return _Geometry(name, types[0] if len(types) == 1 else "Unknown", _crs(about))


def _crs(about: Mapping[str, Any]) -> pyproj.CRS | None:
    if "crs" not in about:
        # the default of the format: longitude, latitude in degrees of WGS 84
        return pyproj.CRS.from_user_input("OGC:CRS84")
    if about["crs"] is None:
        return None
    try:
        return pyproj.CRS.from_user_input(about["crs"])
    except (pyproj.exceptions.CRSError, TypeError, ValueError):
        return None


def _layer(path: Path, file: ParquetFile, geometry: _Geometry | None) -> SourceLayer:
    names = [name for name in _columns(file) if geometry is None or name != geometry.column]
    return SourceLayer(
        path.stem,
        geometry.type if geometry else "",
        file.metadata.num_rows,
        geometry.crs if geometry else None,
        tuple(unique_names(names)[0]),
    )


def _columns(file: ParquetFile) -> list[str]:
    """Return the columns that are read: the boxes of shapes (``bbox``) say nothing new."""
    raw = (file.schema_arrow.metadata or {}).get(b"geo", b"")
    names = [str(name) for name in file.schema_arrow.names]
    return [name for name in names if name != "bbox" or b'"covering"' not in raw]


def _table(file: ParquetFile, progress: Progress) -> Table:
    import pyarrow

    columns = _columns(file)
    groups = []
    for number in range(file.metadata.num_row_groups):
        progress.step(number / max(file.metadata.num_row_groups, 1), _("Reading features"))
        groups.append(file.read_row_group(number, columns=columns, use_threads=False))
    if not groups:
        return file.schema_arrow.empty_table().select(columns)
    # which index pandas had, and other programs' notes, play no part
    return pyarrow.concat_tables([group.replace_schema_metadata(None) for group in groups])


def _values(table: Table, name: str) -> Any:
    """Return a column as numbers, days or Python objects with None for gaps."""
    import pandas as pd
    import pyarrow.types as kinds

    column = table.column(name)
    if kinds.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if kinds.is_boolean(column.type):
        return pd.array(column.to_pylist(), dtype="boolean")
    if kinds.is_integer(column.type) and column.null_count:
        return pd.array(column.to_pylist(), dtype="Int64")
    if kinds.is_integer(column.type) or kinds.is_floating(column.type):
        return column.to_numpy()
    if kinds.is_date(column.type):
        return np.array(column.to_pylist(), dtype="datetime64[s]")
    if kinds.is_timestamp(column.type) and column.type.tz is None and _all_midnight(column.to_pylist()):
        return np.array(column.to_pylist(), dtype="datetime64[s]")
    return object_column([_plain(value) for value in column.to_pylist()])


def _all_midnight(moments: list[Any]) -> bool:
    """Tell whether moments are days, as programs without a type for days write them."""
    present = [moment for moment in moments if moment is not None]
    return bool(present) and all(moment.time() == datetime.time() for moment in present)


def _plain(value: Any) -> Any:
    """Return a value as text or as it is: lists and records as JSON, times and decimals as written."""
    if value is None or isinstance(value, str | bytes | int | float):
        return value
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _shapes(table: Table, column: str) -> tuple[Any, tuple[int, ...]]:
    bodies = np.empty(table.num_rows, dtype=object)
    if column:
        bodies[:] = table.column(column).to_pylist()
    shapes = shapely.from_wkb(bodies, on_invalid="ignore")
    lost = [row for row, body in enumerate(bodies) if body is not None and shapes[row] is None]
    return shapes, tuple(lost)


GEOPARQUET = GeoParquet()
GEOPARQUET_TARGET = GeoParquetTarget()
