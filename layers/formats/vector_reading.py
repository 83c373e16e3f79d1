"""Reading a layer through GDAL, by one named driver: every value as it stands, and what GDAL loses."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

from layers.errors import InputError
from layers.formats.choosing_layer import no_such_layer, several_layers
from layers.formats.gdal_paths import require_plain_path
from layers.formats.model import SourceData, SourceLayer
from layers.formats.object_columns import object_column
from layers.formats.vector_columns import quoted, unique_names, whole_column
from layers.progress import Progress
from layers.words import _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_CHUNK = 20_000
_CHUNKS_AT_MOST = 10
# formats that cannot hold curves: the file need not be read once more to look for them
_NEVER_CURVED = frozenset(
    {"ESRI Shapefile", "GeoJSON", "GeoJSONSeq", "TopoJSON", "ESRIJSON", "KML", "LIBKML", "GPX"}
)
_CURVES = frozenset(
    {"CIRCULARSTRING", "COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE", "CURVE", "SURFACE"}
)
_SETTINGS = {
    # nothing is fetched from a network, whatever a file asks for
    "GML_DOWNLOAD_SCHEMA": "NO",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_HTTP_TIMEOUT": "1",
    # nothing is written beside the user's file
    "SHAPE_RESTORE_SHX": "NO",
    "GDAL_PAM_ENABLED": "NO",
    # links between elements may run in circles
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    # in megabytes: one feature
    "OGR_GEOJSON_MAX_OBJ_SIZE": "200",
}
# columns and layers a hostile file may claim
_COLUMNS_AT_MOST = 10_000
_LAYERS_AT_MOST = 2_000


@dataclass(frozen=True)
class GdalSource:
    """What GDAL is to open, and how.

    Attributes
    ----------
    path : Path
        What is opened; a copy where the file itself is not to be touched.
    shown : str
        What errors call it.
    drivers : frozenset of str
        GDAL's drivers that may open it; empty for any.
    encoding : str
        What text is read with; empty for what GDAL makes of it.
    options : mapping
        Open options of the driver.

    Raises
    ------
    InputError
        When the path cannot be handed to GDAL.
    """

    path: Path
    shown: str
    drivers: frozenset[str] = frozenset()
    encoding: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_plain_path(self.path, self.shown)


@dataclass(frozen=True)
class RawLayer:
    """A layer as GDAL hands it over.

    Attributes
    ----------
    numbers : ndarray of int64, shape (n,)
        GDAL's number of each feature; records of a shapefile count from 0.
    shapes : list of bytes or None, n
        WKB.
    """

    layer: SourceLayer
    names: list[str]
    columns: list[Any]
    numbers: Any
    shapes: list[Any]
    encoding: str
    measures_lost: bool
    curves: tuple[str, ...]


def layers_of(source: GdalSource) -> tuple[SourceLayer, ...]:
    """Return the layers of a file, plain tables included.

    Raises
    ------
    InputError
        When GDAL cannot read it, or another driver than expected would.
    """
    import pyogrio

    with reading(source.shown):
        names = pyogrio.list_layers(source.path)[:, 0].tolist()
        if len(names) > _LAYERS_AT_MOST:
            raise InputError(
                _("The file claims {count} layers; more than {most} are not read.").format(
                    count=len(names), most=_LAYERS_AT_MOST
                ),
                where=source.shown,
                remedy=_("Check that the file is whole."),
            )
        return tuple(_describe(source, str(name)) for name in names)


def read_layer(source: GdalSource, layer: SourceLayer, progress: Progress) -> RawLayer:
    """Read all features of a layer.

    Raises
    ------
    InputError
        When GDAL cannot read it, or its text is not in the encoding given.
    JobCancelled
        When the user stopped.
    """
    with reading(source.shown) as lost:
        meta, numbers, shapes, values = _read_in_steps(source, layer, progress)

        def query(expression: str) -> Any:
            return _query(source, expression, layer.name)

        columns = [whole_column(meta, i, part, query) for i, part in enumerate(values)]
        curves = _curves(source, layer.name) if layer.geometry else ()
    return RawLayer(
        layer=layer,
        names=[str(name) for name in meta["fields"]],
        columns=columns,
        numbers=numbers,
        shapes=shapes,
        encoding=source.encoding or str(meta["encoding"] or ""),
        measures_lost=bool(lost),
        curves=curves,
    )


def descriptions_of(source: GdalSource, layer: str) -> tuple[str, ...]:
    """Return what a file says of itself and of a layer in words (GDAL's metadata)."""
    import pyogrio

    with reading(source.shown):
        info = pyogrio.read_info(source.path, layer=layer, encoding=source.encoding or None, **source.options)
    told = [info.get("dataset_metadata") or {}, info.get("layer_metadata") or {}]
    return tuple(str(text) for each in told for text in each.values())


def as_source_data(raw: RawLayer) -> SourceData:
    """Return a layer in the form that all readers hand over."""
    frame, renamed, unreadable = _frame(raw)
    return SourceData(
        frame=frame,
        layer=raw.layer.name,
        crs=raw.layer.crs,
        encoding=raw.encoding,
        unreadable=unreadable,
        measures_lost=raw.measures_lost,
        curves=raw.curves,
        renamed=renamed,
    )


def choose_layer(shown: str, layers: tuple[SourceLayer, ...], wanted: str, *, tables: bool) -> SourceLayer:
    """Return the layer that is wanted, or the only one.

    Parameters
    ----------
    tables : bool
        A plain table may be read, if it is named or nothing else is there.

    Raises
    ------
    InputError
        When it is not there, or several are and none was chosen.
    """
    names = "、".join(layer.name for layer in layers)
    chosen = [layer for layer in layers if layer.geometry]
    if wanted:
        chosen = [layer for layer in layers if layer.name == wanted][:1]
        if not chosen:
            raise no_such_layer(shown, [layer.name for layer in layers], wanted)
    elif tables and not chosen:
        chosen = list(layers)
    if not layers:
        raise InputError(
            _("The file holds no layer: it is damaged or was never filled."),
            where=shown,
            remedy=_("Get the file once more."),
        )
    if not chosen or not (chosen[0].geometry or tables):
        raise InputError(
            _("The file has no layer with shapes."),
            where=shown,
            remedy=_("Choose a file with points, lines or polygons. Tables in it: {names}").format(
                names=names or "-"
            ),
        )
    if len(chosen) > 1:
        raise several_layers(shown, [layer.name for layer in chosen])
    return chosen[0]


@contextmanager
def reading(shown: str) -> Iterator[list[str]]:
    """Turn GDAL's errors into sentences; lend the list of warnings about measures (M)."""
    import pyogrio

    pyogrio.set_gdal_config_options(_SETTINGS)
    lost: list[str] = []
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            yield lost
        lost += [str(one.message) for one in said if "Measured (M)" in str(one.message)]
    except UnicodeError as error:
        raise InputError(
            _("The text in the file is not in the encoding it was read with."),
            where=shown,
            remedy=_("Name its encoding, for instance GBK or UTF-8 (--encoding)."),
            details=str(error),
        ) from error
    except UnboundLocalError as error:
        # pyogrio's own fault where GDAL cannot say a coordinate system (pyogrio._io.get_crs)
        raise InputError(
            _("The coordinate system that the file states is damaged."),
            where=shown,
            remedy=_("Take the .prj away if there is one, and state the system when importing."),
            details=str(error),
        ) from error
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        pyogrio.errors.FieldError,
        pyogrio.errors.GeometryError,
    ) as error:
        raise InputError(
            _("The file cannot be read as map data."),
            where=shown,
            remedy=_("Check that it is what its name says and that it is whole."),
            details=str(error),
        ) from error


def _describe(source: GdalSource, name: str) -> SourceLayer:
    import pyogrio

    info = pyogrio.read_info(source.path, layer=name, encoding=source.encoding or None, **source.options)
    if source.drivers and info["driver"] not in source.drivers:
        raise InputError(
            _("The file is not what its name says."),
            where=source.shown,
            remedy=_("Give it the ending of its own format, and import it again."),
            details=str(info["driver"]),
        )
    columns = tuple(unique_names([str(field) for field in info["fields"]])[0])
    if len(columns) > _COLUMNS_AT_MOST:
        raise InputError(
            _("The file claims {count} columns; more than {most} are not read.").format(
                count=len(columns), most=_COLUMNS_AT_MOST
            ),
            where=source.shown,
            remedy=_("Check that the file is whole."),
        )
    return SourceLayer(
        name, str(info["geometry_type"] or ""), int(info["features"]), _crs(info["crs"]), columns
    )


def _crs(text: str | None) -> pyproj.CRS | None:
    if not text:
        return None
    try:
        crs = pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        return None
    # a drawing's own plane says nothing about where on earth it lies
    return None if crs.is_engineering else crs


def _read_in_steps(
    source: GdalSource, layer: SourceLayer, progress: Progress
) -> tuple[dict[str, Any], Any, list[Any], list[list[Any]]]:
    """Return GDAL's description, the features' numbers, their shapes as WKB, and the values per column."""
    import pyogrio.raw

    step = max(_CHUNK, -(-layer.feature_count // _CHUNKS_AT_MOST))
    numbers: list[Any] = []
    shapes: list[Any] = []
    values: list[list[Any]] = []
    while True:
        progress.step(min(len(shapes) / max(layer.feature_count, 1), 1.0), _("Reading features"))
        meta, fids, wkb, columns = pyogrio.raw.read(
            source.path,
            layer=layer.name,
            encoding=source.encoding or None,
            datetime_as_string=True,
            return_fids=True,
            skip_features=len(shapes),
            max_features=step,
            **source.options,
        )
        values = values or [[] for _column in columns]
        for collected, part in zip(values, columns, strict=True):
            collected.append(part)
        numbers.append(fids)
        shapes.extend([None] * len(fids) if wkb is None else wkb)
        if len(fids) < step:
            return meta, np.concatenate(numbers), shapes, values


def _query(source: GdalSource, expression: str, layer: str) -> Any:
    import pyogrio.raw

    _meta, _fids, _wkb, columns = pyogrio.raw.read(
        source.path,
        sql=f"SELECT {expression} FROM {quoted(layer)}",  # noqa: S608 - escaped
        sql_dialect="OGRSQL",
        read_geometry=False,
        encoding=source.encoding or None,
        **source.options,
    )
    return columns[0]


def _curves(source: GdalSource, layer: str) -> tuple[str, ...]:
    import pyogrio

    info = pyogrio.read_info(source.path, layer=layer, encoding=source.encoding or None, **source.options)
    if info["driver"] in _NEVER_CURVED:
        return ()
    kinds = _query(source, "DISTINCT OGR_GEOMETRY", layer)
    types = {str(name).split(" ")[0].upper() for name in kinds if name}
    return tuple(sorted(types & _CURVES))


def _frame(raw: RawLayer) -> tuple[GeoDataFrame, dict[str, str], tuple[int, ...]]:
    import geopandas
    import pandas as pd
    import shapely

    wkb = np.empty(len(raw.shapes), dtype=object)
    wkb[:] = raw.shapes
    geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    unreadable = [i for i, body in enumerate(raw.shapes) if body is not None and geometry[i] is None]
    names, renamed = unique_names(raw.names)
    attributes = {
        name: object_column(column) if column.dtype == object else column
        for name, column in zip(names, raw.columns, strict=True)
    }
    frame = geopandas.GeoDataFrame(
        pd.DataFrame(attributes, index=pd.RangeIndex(len(raw.shapes))), geometry=geometry, crs=raw.layer.crs
    )
    return frame, renamed, tuple(unreadable)
