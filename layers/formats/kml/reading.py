"""KML and KMZ in: one layer for each family of shapes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from layers.errors import InputError, UsageError
from layers.findings import Severity
from layers.formats.choosing_layer import chosen_layer
from layers.formats.kml.columns import Columns, columns_of
from layers.formats.kml.document import KmlDocument, Placemark, read_document
from layers.formats.kml.notes import layer_notes, table_notes
from layers.formats.kml.opening import OpenedKml, open_kml
from layers.formats.kml.shapes import FAMILIES, LINE, POINT, POLYGON, PlacemarkShape
from layers.formats.model import ReadOptions, SourceData, SourceLayer, SourceNote
from layers.formats.object_columns import object_column
from layers.formats.secrecy_mark import secrecy_in
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import N_, _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

WGS84 = 4326
# longitudes are counted to 180 both ways, or to 360
_MOST_EAST, _MOST_NORTH = 360.0, 90.0
# names of layers are data that a later call names again: they do not change with the language
_NAMES = {POLYGON: "面", LINE: "线", POINT: "点"}


@dataclass(frozen=True)
class _Row:
    placemark: Placemark
    shape: PlacemarkShape | None


@dataclass(frozen=True)
class _Opened:
    """A file taken apart: its rows by the name of their layer."""

    file: OpenedKml
    document: KmlDocument
    layers: dict[str, tuple[str, list[_Row]]]


class KmlFormat:
    """KML and KMZ; coordinates are degrees of WGS 84 by the standard (OGC 12-007r2, 6.2)."""

    key = "kml"
    title = N_("KML and KMZ")
    suffixes = (".kml", ".kmz")

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell whether the name says KML, or the first bytes do."""
        return path.suffix.lower() in self.suffixes or b"<kml" in head

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return a layer for each family of shapes in the file."""
        opened = _open(path, options, NoProgress())
        return tuple(
            SourceLayer(
                name,
                _declared([row.shape for row in rows if row.shape], family),
                len(rows),
                _crs([row.shape.shape for row in rows if row.shape]),
                tuple(columns_of(opened.document, [row.placemark for row in rows], opened.file.where).values),
            )
            for name, (family, rows) in opened.layers.items()
        )

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read the placemarks of one family.

        Columns: ``name``; where the file has them ``folder`` (names joined), ``description`` (HTML as it
        stands), ``time``, ``begin``, ``end``, ``address``, ``phoneNumber``, ``snippet``; the attributes;
        those of two-column tables in the description; ``color`` (#rrggbb), ``times`` (JSON list, one of each
        position of a track). Heights stay where any of the layer is not 0.

        Raises
        ------
        InputError
            When the file is no KML or broken before its first placemark, or the layer is not there or not
            chosen.
        JobCancelled
            When the user stopped.
        """
        opened = _open(path, options, ProgressPart(progress, 0.0, 0.8))
        name = chosen_layer(str(path), tuple(opened.layers), options.layer)
        family, rows = opened.layers[name]
        progress.step(0.8)
        columns = columns_of(opened.document, [row.placemark for row in rows], opened.file.where)
        shapes = np.empty(len(rows), dtype=object)
        shapes[:] = [row.shape.shape if row.shape else None for row in rows]
        crs = _crs(list(shapes))
        frame = _frame(opened.document, family, rows, columns, shapes, crs)
        progress.step(1.0)
        return SourceData(
            frame=frame,
            layer=name,
            crs=crs,
            encoding=opened.file.text.encoding,
            encoding_guessed=opened.file.text.guessed,
            renamed=columns.renamed,
            notes=(*_file_notes(opened, crs), *_row_notes(rows), *table_notes(columns)),
            stated=_stated(opened.document),
            secrecy=secrecy_in(*opened.document.descriptions),
        )


KML = KmlFormat()


def _open(path: Path, options: ReadOptions, progress: Progress) -> _Opened:
    if options.choices:
        raise UsageError(
            _("For this kind of file there is nothing to choose: {names}").format(
                names="、".join(options.choices)
            ),
            where=str(path),
        )
    file = open_kml(path, options.encoding, progress)
    document = read_document(file.text.body, file.where, progress)
    if not document.placemarks:
        raise _nothing(document, file.where)
    by_family: dict[str, list[_Row]] = {}
    without = []
    for placemark in document.placemarks:
        for shape in placemark.shapes:
            by_family.setdefault(shape.family, []).append(_Row(placemark, shape))
        if not placemark.shapes:
            without.append(_Row(placemark, None))
    families = [family for family in FAMILIES if family in by_family] or [""]
    if without:  # a row without shape is kept too: with the first layer
        first = by_family.setdefault(families[0], [])
        first.extend(without)
        first.sort(key=lambda row: row.placemark.number)
    stem = path.stem
    named = {
        (stem if len(families) == 1 else f"{stem}_{_NAMES[family]}"): (family, by_family[family])
        for family in families
    }
    return _Opened(file, document, named)


def _nothing(document: KmlDocument, where: str) -> InputError:
    if document.links:
        return InputError(
            _("The KML holds no placemarks, it only points to other files: {names}").format(
                names="、".join(document.links[:5])
            ),
            where=where,
            remedy=_("Import the file that it points to."),
        )
    return InputError(
        _("The KML holds no placemarks."),
        where=where,
        remedy=_("Choose a file with points, lines or polygons. What else it holds: {names}").format(
            names="、".join(document.overlays[:5]) or "-"
        ),
    )


def _declared(shapes: list[PlacemarkShape], family: str) -> str:
    if not family:
        return ""
    bodies = [one.shape for one in shapes if one.shape is not None]
    several = any(body.geom_type.startswith("Multi") for body in bodies)
    return ("Multi" if several else "") + family + (" Z" if _has_heights(bodies) else "")


def _has_heights(bodies: list[Any]) -> bool:
    heights = shapely.get_coordinates(bodies, include_z=True)[:, 2]
    return bool((heights != 0).any())


def _crs(shapes: list[Any]) -> pyproj.CRS | None:
    """Return WGS 84; None where numbers stand that are no degrees, whatever the standard says."""
    at = shapely.get_coordinates([shape for shape in shapes if shape is not None])
    degrees = (np.abs(at[:, 0]) <= _MOST_EAST) & (np.abs(at[:, 1]) <= _MOST_NORTH)
    return pyproj.CRS.from_epsg(WGS84) if degrees.all() else None


def _frame(
    document: KmlDocument,
    family: str,
    rows: list[_Row],
    columns: Columns,
    shapes: Any,
    crs: pyproj.CRS | None,
) -> GeoDataFrame:
    import geopandas
    import pandas as pd

    if not _has_heights([shape for shape in shapes if shape is not None]):
        shapes = shapely.force_2d(shapes)
    values = dict(columns.values)
    if family:
        colors = [document.styles.color(row.placemark.colors, row.placemark.style, family) for row in rows]
        _add(values, "color", colors)
    times = [json.dumps(row.shape.times) if row.shape and row.shape.times else None for row in rows]
    _add(values, "times", times)
    frame = pd.DataFrame(values, index=pd.RangeIndex(len(rows)))
    return geopandas.GeoDataFrame(frame, geometry=shapes, crs=crs)


def _add(values: dict[str, Any], name: str, texts: list[str | None]) -> None:
    if any(texts):
        values[name] = object_column(texts)


def _file_notes(opened: _Opened, crs: pyproj.CRS | None) -> Iterator[SourceNote]:
    yield from layer_notes(opened.document, opened.file)
    split = sum(len(placemark.shapes) > 1 for placemark in opened.document.placemarks)
    if split:
        yield SourceNote(
            "kml.split",
            Severity.NOTE,
            _(
                "{count} placemarks hold shapes of several kinds; each kind is in its own layer: {names}"
            ).format(count=split, names="、".join(opened.layers)),
        )
    if crs is None:
        yield SourceNote(
            "kml.no_degrees",
            Severity.WARNING,
            _("The coordinates are no degrees, against the KML standard; their system has to be chosen."),
        )


def _row_notes(rows: list[_Row]) -> Iterator[SourceNote]:
    for number, row in enumerate(rows):
        faults = row.shape.faults if row.shape else row.placemark.unread
        if faults:
            yield SourceNote(
                "kml.coordinates" if row.shape else "kml.unread_shape",
                Severity.WARNING,
                _("{place}: a part of its shape cannot be read ({fault}) and is missing.").format(
                    place=row.placemark.place, fault="；".join(faults[:3])
                ),
                (number,),
            )
    empty = [number for number, row in enumerate(rows) if row.shape is None and not row.placemark.unread]
    if empty:
        yield SourceNote(
            "kml.no_shape",
            Severity.WARNING,
            _("{count} placemarks have no shape; their attributes are kept.").format(count=len(empty)),
            tuple(empty),
        )


def _stated(document: KmlDocument) -> dict[str, str]:
    stated = {"crs": "WGS 84 (OGC KML 2.2)"}
    if document.titles:
        stated["titles"] = json.dumps(document.titles, ensure_ascii=False)
    return stated
