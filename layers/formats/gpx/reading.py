"""GPX in: waypoints, routes and tracks as a layer each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from layers.errors import InputError, UsageError
from layers.formats.choosing_layer import chosen_layer
from layers.formats.gpx.columns import columns_of
from layers.formats.gpx.document import KINDS, GpxDocument, GpxPoint, GpxRow, read_document
from layers.formats.gpx.notes import file_notes, row_notes
from layers.formats.model import ReadOptions, SourceData, SourceLayer
from layers.formats.secrecy_mark import secrecy_in
from layers.formats.xml_guard import XmlText, decoded, read_bounded
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import N_, _

WGS84 = 4326
# names of layers are data that a later call names again: they do not change with the language
_NAMES = {"wpt": "航点", "rte": "航线", "trk": "航迹"}


class GpxFormat:
    """GPX 1.0 and 1.1; coordinates are degrees of WGS 84 by the schema."""

    key = "gpx"
    title = N_("GPX of receivers and phones")
    suffixes = (".gpx",)

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell whether the name says GPX, or the first bytes do."""
        return path.suffix.lower() in self.suffixes or b"<gpx" in head

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return a layer for waypoints, routes and tracks each, as far as the file has them."""
        document, _text = _open(path, options, NoProgress())
        crs = pyproj.CRS.from_epsg(WGS84)
        return tuple(
            SourceLayer(name, _declared(rows), len(rows), crs, tuple(columns_of(rows, str(path)).values))
            for name, rows in _named(path, document).items()
        )

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read waypoints, routes or tracks.

        A track of several segments is a line of several parts. Columns have the format's names (``name``,
        ``desc``, ``sym``, ``hdop`` …; ``link``, ``link_text``, ``link_type``); ``extensions`` is JSON.
        Heights are Z where every position has one. ``times`` (JSON) has the time of each position, ``points``
        (JSON, by segment) everything about them where there is more, or where a segment is no line.

        Raises
        ------
        InputError
            When the file is no GPX or broken before anything can be read, or the layer is not there or not
            chosen.
        JobCancelled
            When the user stopped.
        """
        document, text = _open(path, options, ProgressPart(progress, 0.0, 0.8))
        named = _named(path, document)
        name = chosen_layer(str(path), tuple(named), options.layer)
        rows = named[name]
        progress.step(0.8)
        columns = columns_of(rows, str(path))
        shapes = np.empty(len(rows), dtype=object)
        shapes[:] = [_shape(row) for row in rows]
        import geopandas
        import pandas as pd

        frame = pd.DataFrame(columns.values, index=pd.RangeIndex(len(rows)))
        crs = pyproj.CRS.from_epsg(WGS84)
        progress.step(1.0)
        return SourceData(
            frame=geopandas.GeoDataFrame(frame, geometry=shapes, crs=crs),
            layer=name,
            crs=crs,
            encoding=text.encoding,
            encoding_guessed=text.guessed,
            renamed=columns.renamed,
            notes=(*file_notes(document, text, columns.untyped), *row_notes(rows, shapes)),
            stated={**document.metadata, **_counts(document), "crs": "WGS 84 (GPX)"},
            secrecy=secrecy_in(document.metadata.get("desc", "")),
        )


GPX = GpxFormat()


def _open(path: Path, options: ReadOptions, progress: Progress) -> tuple[GpxDocument, XmlText]:
    if options.choices:
        raise UsageError(
            _("For this kind of file there is nothing to choose: {names}").format(
                names="、".join(options.choices)
            ),
            where=str(path),
        )
    text = decoded(read_bounded(path), str(path), options.encoding)
    document = read_document(text.body, str(path), progress)
    if not document.rows:
        raise InputError(
            _("The GPX holds no waypoints, routes or tracks."),
            where=str(path),
            remedy=_("Have it sent again, or exported anew."),
        )
    return document, text


def _named(path: Path, document: GpxDocument) -> dict[str, list[GpxRow]]:
    present = {kind: document.of(kind) for kind in KINDS}
    kinds = [kind for kind, rows in present.items() if rows]
    stem = path.stem
    return {stem if len(kinds) == 1 else f"{stem}_{_NAMES[kind]}": present[kind] for kind in kinds}


def _declared(rows: Sequence[GpxRow]) -> str:
    if rows[0].kind == "wpt":
        return "Point"
    several = any(sum(len(segment) > 1 for segment in row.segments) > 1 for row in rows)
    return "MultiLineString" if several else "LineString"


def _shape(row: GpxRow) -> Any:
    whole = [segment for segment in row.segments if len(segment) > (row.kind != "wpt")]
    if not whole:
        return None
    heights = all(point.elevation is not None for segment in whole for point in segment)
    parts = [_positions(segment, heights=heights) for segment in whole]
    if row.kind == "wpt":
        return shapely.points(parts[0][0])
    lines: list[Any] = [shapely.linestrings(part) for part in parts]
    return lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)


def _positions(segment: Sequence[GpxPoint], *, heights: bool) -> NDArray[np.float64]:
    """Return positions, shape (n, 2), or (n, 3) with heights."""
    places = [(point.longitude, point.latitude, point.elevation if heights else 0.0) for point in segment]
    return np.array(places, dtype=np.float64)[:, : 3 if heights else 2]


def _counts(document: GpxDocument) -> dict[str, str]:
    tracks = [segment for row in document.of("trk") for segment in row.segments]
    routes = [segment for row in document.of("rte") for segment in row.segments]
    return {
        "waypoints": str(len(document.of("wpt"))),
        "routes": str(len(document.of("rte"))),
        "route_points": str(sum(map(len, routes))),
        "tracks": str(len(document.of("trk"))),
        "segments": str(len(tracks)),
        "track_points": str(sum(map(len, tracks))),
        "single_point_segments": str(sum(len(segment) == 1 for segment in tracks)),
    }
