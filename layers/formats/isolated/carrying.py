"""A layer as read, put into files by the reading process and taken out by whoever asked for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely

from layers.findings import Severity
from layers.formats.isolated.columns import from_arrow, to_arrow
from layers.formats.model import SourceData, SourceLayer, SourceNote

_TABLE = "layer.arrow"
_SHAPES = "geometry"


def put_layer(layer: SourceLayer) -> dict[str, Any]:
    """Return what a file says of a layer, JSON-able."""
    return {
        "name": layer.name,
        "geometry": layer.geometry,
        "feature_count": layer.feature_count,
        "crs": _wkt(layer.crs),
        "columns": list(layer.columns),
    }


def take_layer(message: dict[str, Any]) -> SourceLayer:
    """Return what :func:`put_layer` was given."""
    return SourceLayer(
        name=str(message["name"]),
        geometry=str(message["geometry"]),
        feature_count=int(message["feature_count"]),
        crs=_crs(message["crs"]),
        columns=tuple(str(name) for name in message["columns"]),
    )


def put_data(data: SourceData, folder: Path) -> dict[str, Any]:
    """Write shapes and columns into a folder; return the rest, JSON-able."""
    import pyarrow as pa

    attributes = data.frame.drop(columns=[data.frame.geometry.name])
    shapes = shapely.to_wkb(np.asarray(data.frame.geometry.array, dtype=object))
    arrays, forms = [pa.array(shapes.tolist(), pa.large_binary())], []
    # by place: names may be anything
    for place in range(attributes.shape[1]):
        array, form = to_arrow(attributes.iloc[:, place])
        arrays.append(array)
        forms.append(form)
    names = [_SHAPES, *(str(place) for place in range(len(forms)))]
    table = pa.Table.from_arrays(arrays, names=names)
    with pa.OSFile(str(folder / _TABLE), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    return {
        "columns": [str(name) for name in attributes.columns],
        "forms": forms,
        "layer": data.layer,
        "crs": _wkt(data.crs),
        "encoding": data.encoding,
        "encoding_guessed": data.encoding_guessed,
        "unreadable": list(data.unreadable),
        "measures_lost": data.measures_lost,
        "curves": list(data.curves),
        "renamed": dict(data.renamed),
        "notes": [[note.code, str(note.severity), note.text, list(note.rows)] for note in data.notes],
        "stated": dict(data.stated),
        "secrecy": data.secrecy,
    }


def take_data(message: dict[str, Any], folder: Path) -> SourceData:
    """Return what :func:`put_data` was given."""
    import geopandas
    import pandas as pd
    import pyarrow as pa

    with pa.memory_map(str(folder / _TABLE)) as file:
        table = pa.ipc.open_file(file).read_all()
        shapes = np.empty(table.num_rows, dtype=object)
        shapes[:] = shapely.from_wkb(table.column(0).to_numpy())
        columns = [from_arrow(table.column(place + 1), form) for place, form in enumerate(message["forms"])]
    crs = _crs(message["crs"])
    frame = pd.DataFrame(dict(enumerate(columns)), index=pd.RangeIndex(len(shapes)))
    frame.columns = pd.Index([str(name) for name in message["columns"]])
    return SourceData(
        frame=geopandas.GeoDataFrame(frame, geometry=shapes, crs=crs),
        layer=str(message["layer"]),
        crs=crs,
        encoding=str(message["encoding"]),
        encoding_guessed=bool(message["encoding_guessed"]),
        unreadable=tuple(int(row) for row in message["unreadable"]),
        measures_lost=bool(message["measures_lost"]),
        curves=tuple(str(name) for name in message["curves"]),
        renamed={str(old): str(new) for old, new in message["renamed"].items()},
        notes=tuple(
            SourceNote(str(code), Severity(severity), str(text), tuple(int(row) for row in rows))
            for code, severity, text, rows in message["notes"]
        ),
        stated={str(key): str(value) for key, value in message["stated"].items()},
        secrecy=str(message["secrecy"]),
    )


def _wkt(crs: pyproj.CRS | None) -> str:
    return "" if crs is None else str(crs.to_wkt())


def _crs(wkt: str) -> pyproj.CRS | None:
    return pyproj.CRS.from_wkt(wkt) if wkt else None
