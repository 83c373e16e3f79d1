"""Vector files in, through GDAL: every value as it stands, and a word about what GDAL cannot hand over."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

from layers.errors import InputError
from layers.formats.dbf_encoding import sniff_encoding, states_encoding
from layers.formats.model import SourceData, SourceLayer
from layers.formats.vector_columns import whole_column
from layers.formats.vector_writing import write_vector
from layers.progress import NoProgress, Progress
from layers.words import _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = ["list_columns", "list_layers", "read_vector", "write_vector"]

_CHUNK = 20_000
_CHUNKS_AT_MOST = 10
# formats that cannot hold curves: the file need not be read once more to look for them
_NEVER_CURVED = frozenset(
    {"ESRI Shapefile", "GeoJSON", "GeoJSONSeq", "TopoJSON", "ESRIJSON", "KML", "LIBKML", "GPX"}
)
_CURVES = frozenset(
    {"CIRCULARSTRING", "COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE", "CURVE", "SURFACE"}
)
# files that are only a pointer to other files or to the network
_POINTERS = (b"<OGRVRT", b"<OGRWFS", b"<VRTDataset", b"<GDALTileIndex", b"gdal_streamed_alg", b"<OGCAPI")


def list_layers(path: Path | str) -> tuple[SourceLayer, ...]:
    """Return the layers of a file, plain tables included.

    Raises
    ------
    InputError
        When the file is missing or no vector file.
    """
    import pyogrio

    path = _local(path)
    with _reading(path):
        names = pyogrio.list_layers(path)[:, 0].tolist()
        return tuple(_describe(path, str(name)) for name in names)


def list_columns(path: Path | str, layer: str, *, encoding: str | None = None) -> tuple[str, ...]:
    """Return the names of a layer's attributes as :func:`read_vector` would give them, without its features.

    Raises
    ------
    InputError
        When the file is missing or no vector file, or its names are not in ``encoding``.
    """
    import pyogrio

    path = _local(path)
    if encoding is None and path.suffix.lower() == ".shp" and not states_encoding(path):
        encoding = sniff_encoding(path) or None
    with _reading(path):
        info = pyogrio.read_info(path, layer=layer, encoding=encoding)
    return tuple(_unique_names([str(name) for name in info["fields"]])[0])


def read_vector(
    path: Path | str,
    *,
    layer: str | None = None,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> SourceData:
    """Read one layer of a vector file.

    Parameters
    ----------
    layer : str, optional
        Needed where the file has several layers with shapes.
    encoding : str, optional
        What text is in, for a shapefile that does not say so or says it wrongly.

    Raises
    ------
    InputError
        When the file is missing, no vector file, has no or several such layers, or its text is not in
        ``encoding``.
    JobCancelled
        When the user stopped.
    """
    path = _local(path)
    chosen = _choose(path, list_layers(path), layer or "")
    guessed = False
    if encoding is None and path.suffix.lower() == ".shp" and not states_encoding(path):
        encoding = sniff_encoding(path) or None
        guessed = encoding is not None
    with _reading(path) as lost:
        meta, shapes, values = _read_in_steps(path, chosen, encoding, progress or NoProgress())
        columns = [whole_column(path, chosen.name, meta, i, part) for i, part in enumerate(values)]
        curves = _curves(path, chosen.name)
    frame, renamed, unreadable = _frame(meta, shapes, columns, chosen.crs)
    return SourceData(
        frame=frame,
        layer=chosen.name,
        crs=chosen.crs,
        encoding=encoding or str(meta["encoding"]),
        encoding_guessed=guessed,
        unreadable=unreadable,
        measures_lost=bool(lost),
        curves=curves,
        renamed=renamed,
    )


def _local(path: Path | str) -> Path:
    path = Path(path)
    if not path.exists():
        raise InputError(
            _("There is no such file."), where=str(path), remedy=_("Check the path and the file's name.")
        )
    if path.is_file():
        with path.open("rb") as file:
            head = file.read(4096)
        if not head:
            raise InputError(_("The file is empty."), where=str(path), remedy=_("Get the file once more."))
        if any(mark in head for mark in _POINTERS):
            raise InputError(
                _("The file holds no data, it only points to other files or to a network."),
                where=str(path),
                remedy=_("Import the file that it points to."),
            )
    return path.resolve()


@contextmanager
def _reading(path: Path) -> Iterator[list[str]]:
    """Turn GDAL's errors into sentences; lend the list of warnings about measures (M)."""
    import pyogrio

    pyogrio.set_gdal_config_options(
        # nothing is fetched from a network, whatever a file asks for
        {"GML_DOWNLOAD_SCHEMA": "NO", "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none", "GDAL_HTTP_TIMEOUT": "1"}
    )
    lost: list[str] = []
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            yield lost
        lost += [str(one.message) for one in said if "Measured (M)" in str(one.message)]
    except UnicodeError as error:
        raise InputError(
            _("The text in the file is not in the encoding it was read with."),
            where=str(path),
            remedy=_("Name its encoding, for instance GBK or UTF-8 (--encoding)."),
            details=str(error),
        ) from error
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
    ) as error:
        raise InputError(
            _("The file cannot be read as map data."),
            where=str(path),
            remedy=_("Check that it is what its name says and that it is whole."),
            details=str(error),
        ) from error


def _describe(path: Path, name: str) -> SourceLayer:
    import pyogrio

    info = pyogrio.read_info(path, layer=name)
    return SourceLayer(name, str(info["geometry_type"] or ""), int(info["features"]), _crs(info["crs"]))


def _crs(text: str | None) -> pyproj.CRS | None:
    if not text:
        return None
    try:
        crs = pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        return None
    # a drawing's own plane says nothing about where on earth it lies
    return None if crs.is_engineering else crs


def _choose(path: Path, layers: tuple[SourceLayer, ...], wanted: str) -> SourceLayer:
    names = "、".join(layer.name for layer in layers)
    spatial = [layer for layer in layers if layer.geometry]
    if wanted:
        for layer in layers:
            if layer.name == wanted:
                spatial = [layer]
                break
        else:
            raise InputError(
                _("The file has no layer “{name}”.").format(name=wanted),
                where=str(path),
                remedy=_("Its layers: {names}").format(names=names or "-"),
            )
    if not spatial or not spatial[0].geometry:
        raise InputError(
            _("The file has no layer with shapes."),
            where=str(path),
            remedy=_("Choose a file with points, lines or polygons. Tables in it: {names}").format(
                names=names or "-"
            ),
        )
    if len(spatial) > 1:
        raise InputError(
            _("The file has {count} layers.").format(count=len(spatial)),
            where=str(path),
            remedy=_("Choose one (--source-layer): {names}").format(
                names="、".join(layer.name for layer in spatial)
            ),
        )
    return spatial[0]


def _read_in_steps(
    path: Path, layer: SourceLayer, encoding: str | None, progress: Progress
) -> tuple[dict[str, Any], list[Any], list[list[Any]]]:
    """Return GDAL's description, the shapes as WKB, and a list of values per column."""
    import pyogrio.raw

    step = max(_CHUNK, -(-layer.feature_count // _CHUNKS_AT_MOST))
    shapes: list[Any] = []
    values: list[list[Any]] = []
    while True:
        progress.step(min(len(shapes) / max(layer.feature_count, 1), 1.0), _("Reading features"))
        meta, _fids, wkb, columns = pyogrio.raw.read(
            path,
            layer=layer.name,
            encoding=encoding,
            datetime_as_string=True,
            skip_features=len(shapes),
            max_features=step,
        )
        values = values or [[] for _column in columns]
        for collected, part in zip(values, columns, strict=True):
            collected.append(part)
        shapes.extend(wkb)
        if len(wkb) < step:
            return meta, shapes, values


def _curves(path: Path, layer: str) -> tuple[str, ...]:
    import pyogrio

    if _driver(path, layer) in _NEVER_CURVED:
        return ()
    quoted_layer = layer.replace("\\", "\\\\").replace('"', '\\"')
    _meta, _fids, _wkb, columns = pyogrio.raw.read(
        path,
        sql=f'SELECT DISTINCT OGR_GEOMETRY FROM "{quoted_layer}"',  # noqa: S608 - escaped
        sql_dialect="OGRSQL",
        read_geometry=False,
    )
    types = {str(name).split(" ")[0].upper() for name in columns[0] if name}
    return tuple(sorted(types & _CURVES))


def _driver(path: Path, layer: str) -> str:
    import pyogrio

    return str(pyogrio.read_info(path, layer=layer)["driver"])


def _frame(
    meta: dict[str, Any], shapes: list[Any], columns: list[Any], crs: pyproj.CRS | None
) -> tuple[GeoDataFrame, dict[str, str], tuple[int, ...]]:
    import geopandas
    import pandas as pd
    import shapely

    wkb = np.empty(len(shapes), dtype=object)
    wkb[:] = shapes
    geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    unreadable = [i for i, body in enumerate(shapes) if body is not None and geometry[i] is None]
    names, renamed = _unique_names([str(name) for name in meta["fields"]])
    attributes = dict(zip(names, columns, strict=True))
    frame = geopandas.GeoDataFrame(
        pd.DataFrame(attributes, index=pd.RangeIndex(len(shapes))), geometry=geometry, crs=crs
    )
    return frame, renamed, tuple(unreadable)


def _unique_names(names: list[str]) -> tuple[list[str], dict[str, str]]:
    taken = {"geometry"}
    unique: list[str] = []
    renamed: dict[str, str] = {}
    for name in names:
        new, number = name, 1
        while new in taken:
            number += 1
            new = f"{name}_{number}"
        if new != name:
            renamed[name] = new
        taken.add(new)
        unique.append(new)
    return unique, renamed
