"""The vector files that are written: GeoPackage, shapefile, file geodatabase, GeoJSON and FlatGeobuf."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

from layers.crs import coordinate_change, transform
from layers.errors import UsageError
from layers.findings import Severity
from layers.formats.model import FormatChoice, OutgoingLayer, SourceNote, WrittenFile
from layers.formats.shapefile_names import short_names, write_full_names
from layers.formats.vector_geojson import write_geojson
from layers.formats.vector_writing import draft_folder, geodatabase_names, require_dbf, write_layer
from layers.progress import Progress
from layers.words import N_, _

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

_WGS84 = 4326
# what the language driver (byte 29 of a .dbf) and the .cpg say: ESRI and GDAL both know 936
_GBK_DRIVER, _GBK_PAGE = 0x4D, "936"
_INT32 = 2**31 - 1


@dataclass(frozen=True)
class VectorTarget:
    """A family of files that GDAL writes as they are; takes no choices."""

    key: str
    title: str
    suffixes: tuple[str, ...]
    driver: str
    options: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[FormatChoice, ...] = ()

    def write(
        self, layer: OutgoingLayer, path: Path, choices: Mapping[str, Any], progress: Progress
    ) -> WrittenFile:
        """Write a new file; see :class:`layers.formats.model.TargetFormat`."""
        check_choices(choices, {})
        progress.step(0.1, _("Writing features"))
        with draft_folder(path) as folder:
            write_layer(
                layer.frame,
                folder / path.name,
                driver=self.driver,
                layer=layer.name,
                renamed={},
                options={**self.options, **({"DESCRIPTION": layer.mark} if layer.mark else {})},
            )
            progress.step(0.9)
        return WrittenFile(path, marked=True)


@dataclass(frozen=True)
class ShapefileTarget:
    """ESRI shapefile. Choice ``encoding``: ``UTF-8`` (default) or ``GBK``.

    Names over ten bytes are shortened; the full ones lie beside the file and are taken back on import.
    """

    key = "shapefile"
    title = N_("Shapefile")
    suffixes = (".shp",)
    choices = (
        FormatChoice(
            "encoding",
            N_("Text encoding"),
            (("UTF-8", N_("UTF-8 (every program of today)")), ("GBK", N_("GBK (old ArcGIS and CAD)"))),
            "UTF-8",
        ),
    )

    def write(
        self, layer: OutgoingLayer, path: Path, choices: Mapping[str, Any], progress: Progress
    ) -> WrittenFile:
        """Write a new file; see :class:`layers.formats.model.TargetFormat`."""
        encoding = check_choices(choices, {"encoding": ("UTF-8", "GBK")}).get("encoding", "UTF-8")
        columns = attribute_names(layer.frame)
        renamed = short_names(columns, layer.names, encoding)
        attributes = layer.frame.drop(columns=[layer.frame.geometry.name])
        require_dbf(attributes, path, encoding)
        progress.step(0.1, _("Writing features"))
        with draft_folder(path) as folder:
            draft = folder / path.name
            write_layer(
                layer.frame,
                draft,
                driver="ESRI Shapefile",
                layer=path.stem,
                renamed=renamed,
                encoding=encoding,
            )
            if encoding == "GBK":
                _say_gbk(draft)
            if renamed:
                write_full_names(draft, renamed, layer.titles)
            progress.step(0.9)
        return WrittenFile(path, renamed, _blanks_lost(attributes))


@dataclass(frozen=True)
class FileGeodatabaseTarget:
    """Folder of a file geodatabase (.gdb), or a zip file of it (.gdb.zip); takes no choices.

    ArcGIS 10 to Pro 3.1 know whole numbers up to 2,147,483,647; where larger ones occur the file needs ArcGIS
    Pro 3.2, which is noted.
    """

    key = "file_geodatabase"
    title = N_("File geodatabase")
    suffixes = (".gdb", ".gdb.zip")
    choices: tuple[FormatChoice, ...] = ()

    def write(
        self, layer: OutgoingLayer, path: Path, choices: Mapping[str, Any], progress: Progress
    ) -> WrittenFile:
        """Write a new file; see :class:`layers.formats.model.TargetFormat`."""
        check_choices(choices, {})
        renamed = geodatabase_names(attribute_names(layer.frame))
        name = geodatabase_names([layer.name]).get(layer.name, layer.name)
        frame, large = _small_integers(layer.frame)
        notes = []
        options = {"LAYER_ALIAS": layer.name, "TARGET_ARCGIS_VERSION": "ALL", "TIME_IN_UTC": "NO"}
        if large:
            options["TARGET_ARCGIS_VERSION"] = "ARCGIS_PRO_3_2_OR_LATER"
            text = _("Columns with very large whole numbers ({names}) need ArcGIS Pro 3.2 or later.")
            words = text.format(names="、".join(large))
            notes.append(SourceNote("geodatabase.large_integers", Severity.WARNING, words))
        if any(layer.titles.get(column, column) != column for column in attribute_names(layer.frame)):
            text = _(
                "The Chinese titles of the fields are not in the file; its fields have their names only."
            )
            notes.append(SourceNote("geodatabase.no_titles", Severity.NOTE, text))
        progress.step(0.1, _("Writing features"))
        packed = path.name.lower().endswith(".zip")
        with draft_folder(path) as folder:
            draft = folder / (path.name[: -len(".zip")] if packed else path.name)
            write_layer(frame, draft, driver="OpenFileGDB", layer=name, renamed=renamed, options=options)
            if packed:
                _pack(draft, folder / path.name)
            progress.step(0.9)
        return WrittenFile(path, renamed, tuple(notes))


@dataclass(frozen=True)
class GeoJsonTarget:
    """GeoJSON. Choice ``crs``: ``wgs84`` (default, as RFC 7946 demands) or ``layer``.

    With ``layer`` coordinates stay bit for bit and the system stands in a ``crs`` member (GeoJSON 2008),
    which many programs ignore.
    """

    key = "geojson"
    title = N_("GeoJSON")
    suffixes = (".geojson",)
    choices = (
        FormatChoice(
            "crs",
            N_("Coordinates"),
            (
                ("wgs84", N_("Longitude and latitude on WGS 84 (the standard)")),
                ("layer", N_("As in the layer (many programs take them for degrees)")),
            ),
            "wgs84",
        ),
    )

    def write(
        self, layer: OutgoingLayer, path: Path, choices: Mapping[str, Any], progress: Progress
    ) -> WrittenFile:
        """Write a new file; see :class:`layers.formats.model.TargetFormat`."""
        wanted = check_choices(choices, {"crs": ("wgs84", "layer")}).get("crs", "wgs84")
        frame, notes = layer.frame, tuple[SourceNote, ...]()
        standard = wanted == "wgs84" and frame.crs is not None
        if standard:
            frame, notes = _in_wgs84(frame)
        with draft_folder(path) as folder:
            head = {"name": layer.name, **({"description": layer.mark} if layer.mark else {})}
            write_geojson(frame, folder / path.name, head=head, standard=standard, progress=progress)
        return WrittenFile(path, {}, notes, marked=True)


def check_choices(choices: Mapping[str, Any], known: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return choices as texts.

    Raises
    ------
    UsageError
        For a choice or a value that the format does not know.
    """
    for name, value in choices.items():
        if value not in known.get(name, ()):
            raise UsageError(
                _("“{value}” is no choice for “{name}”.").format(value=value, name=name),
                remedy=_("Known: {names}").format(
                    names="、".join(f"{key}={value}" for key, values in known.items() for value in values)
                    or "-"
                ),
            )
    return {name: str(value) for name, value in choices.items()}


def attribute_names(frame: GeoDataFrame) -> list[str]:
    """Return the names of a frame's columns without the one of its shapes."""
    return [str(name) for name in frame.columns if name != frame.geometry.name]


def _blanks_lost(attributes: pd.DataFrame) -> tuple[SourceNote, ...]:
    """Tell of texts that a .dbf, which fills its fields with blanks, gives back otherwise."""
    lost = {
        str(name): rows
        for name in attributes.columns
        if attributes[name].dtype.kind == "O"
        and (rows := [row for row, text in enumerate(attributes[name]) if _blank_at_an_end(text)])
    }
    if not lost:
        return ()
    text = _(
        "{count} texts are empty or have blanks at an end; a shapefile keeps neither, they are read back as "
        "no data or without the blanks: {names}"
    )
    words = text.format(count=sum(map(len, lost.values())), names="、".join(lost))
    places = tuple(sorted({row for rows in lost.values() for row in rows}))
    return (SourceNote("shapefile.blanks", Severity.NOTE, words, places),)


def _blank_at_an_end(text: Any) -> bool:
    return isinstance(text, str) and (not text or text.strip(" \0") != text)


def _say_gbk(path: Path) -> None:
    path.with_suffix(".cpg").write_text(_GBK_PAGE, encoding="ascii")
    with path.with_suffix(".dbf").open("r+b") as file:
        file.seek(29)
        file.write(bytes([_GBK_DRIVER]))


def _small_integers(frame: GeoDataFrame) -> tuple[GeoDataFrame, list[str]]:
    """Return a frame whose whole numbers have 32 bits where they fit, and the columns where they do not."""
    large = []
    frame = frame.copy()
    for name in attribute_names(frame):
        series = frame[name]
        if series.dtype.kind not in "iu":
            continue
        if bool((series.dropna().abs() <= _INT32).all()):
            frame[name] = series.astype("Int32")
        else:
            large.append(name)
    return frame, large


def _pack(folder: Path, path: Path) -> None:
    """Put a folder into a zip file and remove it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, f"{folder.name}/{part.name}")
    for part in folder.iterdir():
        part.unlink()
    folder.rmdir()


def _in_wgs84(frame: GeoDataFrame) -> tuple[GeoDataFrame, tuple[SourceNote, ...]]:
    source, target = pyproj.CRS.from_user_input(frame.crs), pyproj.CRS.from_epsg(_WGS84)
    change = coordinate_change(source, target)
    shapes = transform(np.asarray(frame.geometry.array, dtype=object), source, target)
    changed = frame.set_geometry(shapes, crs=None).set_crs(target, allow_override=True)
    if change.is_identity and not change.one_datum_assumed:
        return changed, ()
    text = _("Coordinates were changed to WGS 84, as GeoJSON demands: {change}")
    words = text.format(change=change.description)
    return changed, (SourceNote("geojson.transformed", Severity.NOTE, words),)


GEOPACKAGE_TARGET = VectorTarget("geopackage", N_("GeoPackage"), (".gpkg",), "GPKG")
FLATGEOBUF_TARGET = VectorTarget(
    "flatgeobuf", N_("FlatGeobuf"), (".fgb",), "FlatGeobuf", {"SPATIAL_INDEX": "NO"}
)
SHAPEFILE_TARGET = ShapefileTarget()
FILE_GEODATABASE_TARGET = FileGeodatabaseTarget()
GEOJSON_TARGET = GeoJsonTarget()
