"""Personal geodatabases as layers: tables with shapes, and plain tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj

from layers.findings import Severity
from layers.formats.file_heads import require_head
from layers.formats.model import ReadOptions, SourceData, SourceLayer, SourceNote
from layers.formats.object_columns import object_column
from layers.formats.personal_geodatabase.jet import JetFile, is_access
from layers.formats.personal_geodatabase.shape_blobs import OddShapeError, shape_of
from layers.formats.vector_columns import unique_names
from layers.formats.vector_families import refuse_choices
from layers.formats.vector_reading import choose_layer
from layers.progress import NoProgress, Progress
from layers.words import N_, _

# as GDB_GeomColumns counts them
_SHAPES = {1: "Point", 2: "MultiPoint", 3: "MultiLineString", 4: "MultiPolygon"}
_OWN = ("GDB_",)
_OWN_ENDINGS = ("_Shape_Index", "_SHAPE_Index")
_DECIMAL = (5, 6, 7, 16)


@dataclass(frozen=True)
class _ShapeColumn:
    """What GDB_GeomColumns says of a table's shapes."""

    column: str
    geometry: str
    crs: pyproj.CRS | None


@dataclass(frozen=True)
class PersonalGeodatabase:
    """Personal geodatabase (.mdb) and other Access files (.mdb, .accdb) as plain tables; takes no choices.

    Read are files of Access 2000 and later. Arcs come as straight lines between their ends, which is told.
    """

    key = "personal_geodatabase"
    title = N_("Personal geodatabase")
    suffixes = (".mdb", ".accdb")

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell by the ending or the first bytes."""
        return is_access(head) or (bool(head) and path.suffix.lower() in self.suffixes)

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return tables with shapes first; see :class:`layers.formats.model.SourceFormat`."""
        return _layers(*self._opened(path, options))

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read one table; see :class:`layers.formats.model.SourceFormat`."""
        file, shapes = self._opened(path, options)
        layer = choose_layer(str(path), _layers(file, shapes), options.layer, tables=True)
        return _read(file, layer, shapes.get(layer.name), progress)

    def _opened(self, path: Path, options: ReadOptions) -> tuple[JetFile, dict[str, _ShapeColumn]]:
        refuse_choices(options)
        require_head(path, _(self.title), is_access)
        file = JetFile(path)
        return file, _shape_columns(file)


PERSONAL_GEODATABASE = PersonalGeodatabase()


def _layers(file: JetFile, shapes: dict[str, _ShapeColumn]) -> tuple[SourceLayer, ...]:
    names = [name for name in file.names if not name.startswith(_OWN) and not name.endswith(_OWN_ENDINGS)]
    layers = []
    for name in sorted(names, key=lambda each: (each not in shapes, each)):
        table, shape = file.table(name), shapes.get(name)
        columns = [column.name for column in table.columns if shape is None or column.name != shape.column]
        layers.append(
            SourceLayer(
                name,
                shape.geometry if shape else "",
                table.stated_rows,
                shape.crs if shape else None,
                tuple(unique_names(columns)[0]),
            )
        )
    return tuple(layers)


def _shape_columns(file: JetFile) -> dict[str, _ShapeColumn]:
    systems = {row.get("SRID"): _crs(row.get("SRTEXT")) for row in _records(file, "GDB_SpatialRefs")}
    found = {}
    for row in _records(file, "GDB_GeomColumns"):
        name, column = row.get("TableName"), row.get("FieldName")
        if name in file.names and any(each.name == column for each in file.table(name).columns):
            geometry = _SHAPES.get(row.get("ShapeType", 0), "Unknown")
            found[str(name)] = _ShapeColumn(str(column), geometry, systems.get(row.get("SRID")))
    return found


def _records(file: JetFile, name: str) -> list[dict[str, Any]]:
    if name not in file.names:
        return []
    columns = [column.name for column in file.table(name).columns]
    rows = file.rows(name, NoProgress())
    return [dict(zip(columns, row, strict=True)) for _number, row in rows if row is not None]


def _crs(text: Any) -> pyproj.CRS | None:
    try:
        return pyproj.CRS.from_user_input(text) if isinstance(text, str) and text else None
    except pyproj.exceptions.CRSError:
        return None


def _read(file: JetFile, layer: SourceLayer, shape: _ShapeColumn | None, progress: Progress) -> SourceData:
    import geopandas
    import pandas as pd

    table = file.table(layer.name)
    rows: list[list[Any]] = []
    odd: list[int] = []
    for number, row in file.rows(layer.name, progress):
        if row is None:
            odd.append(number)
        else:
            rows.append(row)
    place = next((i for i, column in enumerate(table.columns) if shape and column.name == shape.column), -1)
    geometry, unreadable, curved = _shapes([row[place] for row in rows] if place >= 0 else [None] * len(rows))
    kept = [i for i in range(len(table.columns)) if i != place]
    names, renamed = unique_names([table.columns[i].name for i in kept])
    columns = {
        name: _column([row[i] for row in rows], table.columns[i].type)
        for name, i in zip(names, kept, strict=True)
    }
    frame = geopandas.GeoDataFrame(
        pd.DataFrame(columns, index=pd.RangeIndex(len(rows))), geometry=geometry, crs=layer.crs
    )
    return SourceData(
        frame=frame,
        layer=layer.name,
        crs=layer.crs,
        encoding="",
        unreadable=tuple(unreadable),
        renamed=renamed,
        notes=tuple(_notes(odd, curved)),
    )


def _shapes(bodies: Sequence[Any]) -> tuple[Any, list[int], list[int]]:
    """Return shapes, the rows whose bytes are none, and the rows with arcs."""
    shapes = np.empty(len(bodies), dtype=object)
    unreadable, curved = [], []
    for row, body in enumerate(bodies):
        if not isinstance(body, bytes) or not body:
            continue
        try:
            read = shape_of(body)
        except OddShapeError:
            unreadable.append(row)
            continue
        shapes[row] = read.shape
        if read.curved:
            curved.append(row)
    return shapes, unreadable, curved


def _column(values: list[Any], kind: int) -> Any:
    if kind in _DECIMAL:
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return object_column(values)


def _notes(odd: list[int], curved: list[int]) -> list[SourceNote]:
    notes = []
    if odd:
        text = _("{count} rows of the table cannot be read and were left out (no. {numbers}).")
        numbers = "、".join(str(row + 1) for row in odd[:10]) + ("…" if len(odd) > 10 else "")
        words = text.format(count=len(odd), numbers=numbers)
        notes.append(SourceNote("mdb.odd_rows", Severity.WARNING, words))
    if curved:
        text = _("{count} shapes have arcs; these came as straight lines between their ends.")
        words = text.format(count=len(curved))
        notes.append(SourceNote("mdb.arcs", Severity.WARNING, words, tuple(curved)))
    return notes
