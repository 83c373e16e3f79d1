"""Vector files in and out, whatever their family: what callers use that do not go by the list of families."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from layers.errors import InputError, UsageError
from layers.formats.dbf_encoding import known_encoding
from layers.formats.file_heads import head_of
from layers.formats.model import (
    OutgoingLayer,
    ReadOptions,
    SourceData,
    SourceLayer,
    TargetFormat,
    WrittenFile,
)
from layers.formats.shapefile_reading import SHAPEFILE
from layers.formats.vector_reading import GdalSource, as_source_data, choose_layer, layers_of, read_layer
from layers.formats.vector_targets import (
    FLATGEOBUF_TARGET,
    GEOJSON_TARGET,
    GEOPACKAGE_TARGET,
    SHAPEFILE_TARGET,
)
from layers.formats.vector_writing import draft_folder
from layers.progress import NoProgress, Progress
from layers.words import _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_TARGETS: tuple[TargetFormat, ...] = (GEOPACKAGE_TARGET, SHAPEFILE_TARGET, GEOJSON_TARGET, FLATGEOBUF_TARGET)
_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix")
_SUFFIXES = (*(suffix for target in _TARGETS for suffix in target.suffixes), ".csv")

__all__ = ["list_columns", "list_layers", "read_vector", "write_vector"]


def list_layers(path: Path | str) -> tuple[SourceLayer, ...]:
    """Return the layers of a file, plain tables included.

    Raises
    ------
    InputError
        When the file is missing or no vector file.
    """
    path = Path(path)
    head = head_of(path)
    if SHAPEFILE.recognises(path, head):
        return SHAPEFILE.layers(path, ReadOptions())
    return layers_of(_source(path, ""))


def list_columns(path: Path | str, layer: str, *, encoding: str | None = None) -> tuple[str, ...]:
    """Return the names of a layer's attributes as :func:`read_vector` would give them, without its features.

    Raises
    ------
    InputError
        When the file is missing or no vector file, or its names are not in ``encoding``.
    """
    path = Path(path)
    head = head_of(path)
    if SHAPEFILE.recognises(path, head):
        return SHAPEFILE.layers(path, ReadOptions(encoding=encoding or ""))[0].columns
    source = _source(path, encoding or "")
    return choose_layer(str(path), layers_of(source), layer, tables=True).columns


def read_vector(
    path: Path | str,
    *,
    layer: str | None = None,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> SourceData:
    """Read one layer with shapes of a vector file.

    Parameters
    ----------
    layer : str, optional
        Needed where the file has several layers with shapes.
    encoding : str, optional
        What text is in, for a file that does not say so or says it wrongly.

    Raises
    ------
    InputError
        When the file is missing, no vector file, has no or several such layers, or its text is not in
        ``encoding``.
    JobCancelled
        When the user stopped.
    """
    path = Path(path)
    head = head_of(path)
    reporter = progress or NoProgress()
    if SHAPEFILE.recognises(path, head):
        found = SHAPEFILE.layers(path, ReadOptions(encoding=encoding or ""))
        chosen = choose_layer(str(path), found, layer or "", tables=False)
        return SHAPEFILE.read(path, ReadOptions(chosen.name, encoding or ""), reporter)
    source = _source(path, encoding or "")
    chosen = choose_layer(str(path), layers_of(source), layer or "", tables=False)
    return as_source_data(read_layer(source, chosen, reporter))


def _source(path: Path, encoding: str) -> GdalSource:
    return GdalSource(path.resolve(), str(path), encoding=known_encoding(encoding) if encoding else "")


def write_vector(
    frame: GeoDataFrame,
    path: Path | str,
    *,
    layer: str,
    names: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> WrittenFile:
    """Write a frame to .gpkg, .shp, .geojson, .fgb or .csv (UTF-8 with BOM, shapes as WKT in a column).

    Coordinates stay bit for bit, whatever the format would like.

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
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise UsageError(
            _("Files of type “{suffix}” are not written.").format(suffix=path.suffix),
            where=str(path),
            remedy=_("Written are: {suffixes}").format(suffixes=" ".join(_SUFFIXES)),
        )
    if path.exists() and not overwrite:
        raise InputError(
            _("The file exists already; it was left as it is."),
            where=str(path),
            remedy=_("Choose another name, or allow overwriting."),
        )
    with draft_folder(path) as folder:
        draft = folder / path.name
        if suffix == ".csv":
            _write_csv(frame, draft)
            return WrittenFile(path)
        target = next(each for each in _TARGETS if suffix in each.suffixes)
        choices = {"crs": "layer"} if target is GEOJSON_TARGET else {}
        written = target.write(OutgoingLayer(layer, frame, names or {}), draft, choices, NoProgress())
        if suffix == ".shp":
            _remove_parts(path)
        return WrittenFile(path, written.renamed, written.notes)


def _write_csv(frame: GeoDataFrame, path: Path) -> None:
    import pandas as pd

    plain = pd.DataFrame(frame.drop(columns=[frame.geometry.name]))
    plain["WKT"] = shapely.to_wkt(np.asarray(frame.geometry.array, dtype=object), rounding_precision=-1)
    plain.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _remove_parts(path: Path) -> None:
    """Remove the parts of an older shapefile that the new one may not have."""
    for stale in path.parent.iterdir():
        if stale.stem == path.stem and stale.suffix.lower() in _SHAPEFILE_PARTS:
            stale.unlink()
