"""Vector files out: written under another name first, moved into place when whole."""

from __future__ import annotations

import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from layers.errors import InputError, UsageError
from layers.formats.model import WrittenFile
from layers.words import _

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

_DRIVERS = {
    ".gpkg": "GPKG",
    ".shp": "ESRI Shapefile",
    ".geojson": "GeoJSON",
    ".fgb": "FlatGeobuf",
    ".csv": "CSV",
}
_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix")
_NOT_IN_DBF_NAMES = re.compile(r"\W")
SUFFIXES = tuple(_DRIVERS)
_DBF_NAME_BYTES = 10
_DBF_TEXT_BYTES = 254
_DBF_INTEGER = 10**18
_DBF_NUMBER = 1e15  # beyond it GDAL writes fewer digits than a float64 has
_MULTI = {0: 4, 1: 5, 2: 5, 3: 6, 4: 4, 5: 5, 6: 6}
_TYPE_NAMES = {0: "Point", 4: "MultiPoint", 5: "MultiLineString", 6: "MultiPolygon"}
_MAKERS: Mapping[int, Callable[..., Any]] = {
    4: shapely.multipoints,
    5: shapely.multilinestrings,
    6: shapely.multipolygons,
}


def write_vector(
    frame: GeoDataFrame,
    path: Path | str,
    *,
    layer: str,
    names: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> WrittenFile:
    """Write a frame to .gpkg, .shp, .geojson, .fgb or .csv (UTF-8 with BOM, shapes as WKT in a column).

    Parameters
    ----------
    names : mapping, optional
        Short names by column, used where a shapefile's ten bytes do not hold the column's own.

    Raises
    ------
    UsageError
        For another suffix.
    InputError
        When the file exists, or the format cannot hold the data without loss.
    """
    path = Path(path)
    driver = _DRIVERS.get(path.suffix.lower())
    if driver is None:
        raise UsageError(
            _("Files of type “{suffix}” are not written.").format(suffix=path.suffix),
            where=str(path),
            remedy=_("Written are: {suffixes}").format(suffixes=" ".join(SUFFIXES)),
        )
    if path.exists() and not overwrite:
        raise InputError(
            _("The file exists already; it was left as it is."),
            where=str(path),
            remedy=_("Choose another name, or allow overwriting."),
        )
    if not path.parent.is_dir():
        raise InputError(
            _("The folder does not exist."), where=str(path.parent), remedy=_("Make the folder first.")
        )
    columns = [str(name) for name in frame.columns if name != frame.geometry.name]
    renamed = _short_names(columns, names or {}) if driver == "ESRI Shapefile" else {}
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=path.parent) as folder:
        draft = Path(folder) / path.name
        if driver == "CSV":
            _write_csv(frame, draft)
        else:
            _write_gdal(frame, draft, driver=driver, layer=layer, renamed=renamed)
        _move(draft, path)
    return WrittenFile(path, renamed)


def _write_csv(frame: GeoDataFrame, path: Path) -> None:
    import pandas as pd

    plain = pd.DataFrame(frame.drop(columns=[frame.geometry.name]))
    plain["WKT"] = shapely.to_wkt(np.asarray(frame.geometry.array, dtype=object), rounding_precision=-1)
    plain.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _write_gdal(
    frame: GeoDataFrame, path: Path, *, driver: str, layer: str, renamed: Mapping[str, str]
) -> None:
    import pyogrio.raw

    geometry, type_name = _geometry(np.asarray(frame.geometry.array, dtype=object), driver, path)
    attributes = frame.drop(columns=[frame.geometry.name])
    if driver == "ESRI Shapefile":
        _require_dbf(attributes, path)
    fields = [_field(attributes[name]) for name in attributes.columns]
    options = {"SPATIAL_INDEX": "NO"} if driver == "FlatGeobuf" else {}
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
            encoding="UTF-8",
            **options,
        )


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
    if (has_m.any() and driver == "GeoJSON") or (mixed and driver in ("ESRI Shapefile", "FlatGeobuf")):
        raise InputError(
            _("The shapes have heights or measures (Z, M) that this format cannot hold as they are."),
            where=str(path),
            remedy=_("Export as .gpkg, which holds everything."),
        )
    found = set(types[present].tolist())
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


def _field(series: pd.Series[Any]) -> tuple[Any, Any]:
    """Return a column as GDAL's writer takes it, with the mask of missing values."""
    missing = series.isna().to_numpy(dtype=bool)
    kind = series.dtype.kind
    if kind == "M":
        return series.to_numpy().astype("datetime64[D]"), missing
    if kind in "iub":
        plain = np.bool_ if kind == "b" else np.int64
        values = series.astype(object).to_numpy(dtype=object, copy=True)
        values[missing] = 0
        return values.astype(plain), missing
    if kind == "f":
        return series.to_numpy(dtype=np.float64), missing
    values = series.astype(object).to_numpy(dtype=object, copy=True)
    values[missing] = None
    return values, missing


def _short_names(columns: Iterable[str], preferred: Mapping[str, str]) -> dict[str, str]:
    """Return a name of at most ten bytes for each column whose own is longer or occurs twice."""
    taken: set[str] = set()
    renamed: dict[str, str] = {}
    for column in columns:
        short = column if _fits_dbf(column) else preferred.get(column, column)
        short = _cut(_NOT_IN_DBF_NAMES.sub("_", short), _DBF_NAME_BYTES)
        number = 1
        base = short
        while short.casefold() in taken:
            number += 1
            short = _cut(base, _DBF_NAME_BYTES - len(f"_{number}")) + f"_{number}"
        taken.add(short.casefold())
        if short != column:
            renamed[column] = short
    return renamed


def _fits_dbf(name: str) -> bool:
    return len(name.encode()) <= _DBF_NAME_BYTES


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore") or "field"


def _require_dbf(attributes: pd.DataFrame, path: Path) -> None:
    """Refuse values that a .dbf would cut or round."""
    for name in attributes.columns:
        series = attributes[name]
        if _dbf_holds(series):
            continue
        raise InputError(
            _("Column “{name}” holds values that a shapefile would cut or round.").format(name=name),
            where=str(path),
            remedy=_("Export as .gpkg, which holds everything."),
        )


def _dbf_holds(series: pd.Series[Any]) -> bool:
    present = series.dropna()
    if series.dtype.kind in "iu":
        return bool((present.abs() < _DBF_INTEGER).all())
    if series.dtype.kind == "f":
        return bool((present.abs() < _DBF_NUMBER).all())
    if series.dtype.kind in "bM":
        return True
    return all(len(str(value).encode()) <= _DBF_TEXT_BYTES for value in present)


def _move(draft: Path, path: Path) -> None:
    """Move a finished file, and what belongs beside it, into place."""
    if path.suffix.lower() == ".shp":
        for stale in path.parent.iterdir():
            if stale.stem == path.stem and stale.suffix.lower() in _SHAPEFILE_PARTS:
                stale.unlink()
    for part in sorted(draft.parent.iterdir()):
        shutil.move(part, path.parent / part.name)
