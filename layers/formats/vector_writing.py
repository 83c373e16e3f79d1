"""Vector files out through GDAL: of one type, every value as it is, or a refusal."""

from __future__ import annotations

import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from layers.errors import InputError
from layers.formats.gdal_paths import require_plain_path
from layers.words import _

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

_DBF_TEXT_BYTES = 254
_DBF_INTEGER = 10**18
_DBF_NUMBER = 1e15  # beyond it GDAL writes fewer digits than a float64 has
_MULTI = {0: 4, 1: 5, 2: 5, 3: 6, 4: 4, 5: 5, 6: 6}
_TYPE_NAMES = {0: "Point", 4: "MultiPoint", 5: "MultiLineString", 6: "MultiPolygon"}
_ONE_DIMENSION = ("ESRI Shapefile", "FlatGeobuf", "OpenFileGDB")
_MAKERS: Mapping[int, Callable[..., Any]] = {
    4: shapely.multipoints,
    5: shapely.multilinestrings,
    6: shapely.multipolygons,
}
_NOT_IN_GEODATABASE = re.compile(r"\W")


def write_layer(
    frame: GeoDataFrame,
    path: Path,
    *,
    driver: str,
    layer: str,
    renamed: Mapping[str, str],
    encoding: str = "UTF-8",
    options: Mapping[str, str] | None = None,
) -> None:
    """Write a frame to a new file.

    Parameters
    ----------
    renamed : mapping
        The name each column gets in the file, where that differs.
    options : mapping, optional
        Creation options of the driver.

    Raises
    ------
    InputError
        When the format cannot hold the data without loss.
    """
    import pyogrio.raw

    require_plain_path(path, str(path))

    geometry, type_name = _geometry(np.asarray(frame.geometry.array, dtype=object), driver, path)
    attributes = frame.drop(columns=[frame.geometry.name])
    fields = [_field(attributes[name], days=driver != "OpenFileGDB") for name in attributes.columns]
    # whatever GDAL warns about while writing is data it could not write as it is
    with _writing(path):
        pyogrio.raw.write(
            path,
            shapely.to_wkb(geometry, byte_order=1, output_dimension=4, flavor="iso"),
            [values for values, _mask in fields],
            [renamed.get(str(name), str(name)) for name in attributes.columns],
            field_mask=[mask for _values, mask in fields],
            layer=layer,
            driver=driver,
            geometry_type=type_name,
            crs=None if frame.crs is None else _crs_text(frame.crs),
            encoding=encoding,
            **(options or {}),
        )


def require_dbf(attributes: pd.DataFrame, path: Path, encoding: str) -> None:
    """Refuse values that a .dbf would cut or round, or that its encoding does not hold.

    Raises
    ------
    InputError
    """
    for name in attributes.columns:
        series = attributes[name]
        reason = _unfit(series, encoding)
        if reason:
            raise InputError(
                reason.format(name=name, encoding=encoding),
                where=str(path),
                remedy=_("Export as .gpkg, which holds everything."),
            )


def geodatabase_names(columns: list[str]) -> dict[str, str]:
    """Return a name that a file geodatabase takes, for each column whose own it would not take.

    Names hold letters, digits and underscores, begin with a letter, and are none of its own fields.
    """
    taken = {"objectid", "shape", "shape_length", "shape_area"}
    renamed: dict[str, str] = {}
    for column in columns:
        base = _NOT_IN_GEODATABASE.sub("_", column)[:60]
        if not base or not base[0].isalpha():
            base = f"F_{base}"
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add(name.casefold())
        if name != column:
            renamed[column] = name
    return renamed


@contextmanager
def draft_folder(path: Path) -> Iterator[Path]:
    """Lend a folder beside a new file; what is in it at the end is moved to where the file belongs.

    Raises
    ------
    InputError
        When the file's folder does not exist or cannot be written to.
    """
    if not path.parent.is_dir():
        raise InputError(
            _("The folder does not exist."), where=str(path.parent), remedy=_("Make the folder first.")
        )
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=path.parent) as folder:
        yield Path(folder)
        for part in sorted(Path(folder).iterdir()):
            shutil.move(part, path.parent / part.name)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Refuse a file that GDAL could write with losses only."""
    from pyogrio import errors

    details = ""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            yield
        except (
            errors.DataSourceError,
            errors.DataLayerError,
            errors.FeatureError,
            errors.FieldError,
            errors.GeometryError,
            UnicodeError,
        ) as error:
            details = str(error)
    details = details or "; ".join(str(one.message) for one in said if one.category is RuntimeWarning)
    if details:
        raise InputError(
            _("The data could not be written in this format without loss."),
            where=str(path),
            remedy=_("Export as .gpkg, which holds everything."),
            details=details,
        )


def _crs_text(crs: pyproj.CRS) -> str:
    authority = crs.to_authority(min_confidence=100)
    return ":".join(authority) if authority else str(crs.to_wkt())


def _geometry(geometry: Any, driver: str, path: Path) -> tuple[Any, str]:
    """Return shapes of one type, and GDAL's name of it."""
    types = shapely.get_type_id(geometry)
    present = types >= 0
    if not set(types[present].tolist()) <= {0}:
        geometry = _as_multi(geometry, types)
        types = shapely.get_type_id(geometry)
    has_z, has_m = shapely.has_z(geometry), shapely.has_m(geometry)
    with_place = present & ~shapely.is_empty(geometry)
    mixed = any(0 < int(has[with_place].sum()) < int(with_place.sum()) for has in (has_z, has_m))
    if (has_m.any() and driver == "GeoJSON") or (mixed and driver in _ONE_DIMENSION):
        raise InputError(
            _("The shapes have heights or measures (Z, M) that this format cannot hold as they are."),
            where=str(path),
            remedy=_("Export as .gpkg, which holds everything."),
        )
    found = set(types[present].tolist())
    if len(found) > 1 and driver in ("ESRI Shapefile", "OpenFileGDB"):
        raise InputError(
            _("The shapes are of several types; this format holds one type in a layer."),
            where=str(path),
            remedy=_("Export as .gpkg, which holds everything."),
        )
    if len(found) > 1:
        return geometry, "Unknown"
    name = _TYPE_NAMES.get(found.pop(), "Unknown") if found else "Unknown"
    if has_m.any():
        return geometry, f"Measured 3D {name}" if has_z.any() else f"Measured {name}"
    return geometry, f"2.5D {name}" if has_z.any() else name


def _as_multi(geometry: Any, types: Any) -> Any:
    geometry = geometry.copy()
    for multi, make in _MAKERS.items():
        single = np.isin(
            types, [kind for kind, target in _MULTI.items() if target == multi and kind != multi]
        )
        if single.any():
            geometry[single] = make(geometry[single], indices=np.arange(int(single.sum())))
    return geometry


def _field(series: pd.Series[Any], *, days: bool) -> tuple[Any, Any]:
    """Return a column as GDAL's writer takes it, with the mask of missing values.

    Parameters
    ----------
    days : bool
        The format knows days; a file geodatabase knows moments only, so a day becomes its midnight.
    """
    missing = series.isna().to_numpy(dtype=bool)
    kind = series.dtype.kind
    if kind == "M":
        return series.to_numpy().astype("datetime64[D]" if days else "datetime64[ms]"), missing
    if kind in "iub":
        plain = np.bool_ if kind == "b" else np.int32 if series.dtype.name.lower() == "int32" else np.int64
        values = series.astype(object).to_numpy(dtype=object, copy=True)
        values[missing] = 0
        return values.astype(plain), missing
    if kind == "f":
        return series.to_numpy(dtype=np.float64), missing
    values = series.astype(object).to_numpy(dtype=object, copy=True)
    values[missing] = None
    return values, missing


def _unfit(series: pd.Series[Any], encoding: str) -> str:
    """Return why a .dbf does not hold a column; empty where it does."""
    present = series.dropna()
    cut = _("Column “{name}” holds values that a shapefile would cut or round.")
    if series.dtype.kind in "iu":
        return "" if bool((present.abs() < _DBF_INTEGER).all()) else cut
    if series.dtype.kind == "f":
        return "" if bool((present.abs() < _DBF_NUMBER).all()) else cut
    if series.dtype.kind in "bM":
        return ""
    try:
        fits = all(len(str(value).encode(encoding)) <= _DBF_TEXT_BYTES for value in present)
    except UnicodeEncodeError:
        return _("Column “{name}” holds characters that {encoding} does not have.")
    return "" if fits else cut
