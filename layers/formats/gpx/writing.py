"""GPX out: points as waypoints, lines as tracks, every attribute by its name in the extensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pyproj
import shapely

from layers.crs import coordinate_change, transform
from layers.errors import CrsError, InputError, UsageError
from layers.findings import Severity
from layers.formats.gpx.document import ATTRIBUTES
from layers.formats.gpx.reading import WGS84
from layers.formats.model import FormatChoice, OutgoingLayer, SourceNote, WrittenFile
from layers.formats.xml_fields import XmlField, fields_of
from layers.progress import Progress
from layers.whole_file import whole_file
from layers.words import N_, _

POLYGONS = "polygons"
AS_BOUNDARY = "boundary"
_ROWS_PER_STEP = 500
_ENTITIES = {'"': "&quot;", "\r": "&#13;"}
_IN_ATTRIBUTES = {**_ENTITIES, "\n": "&#10;", "\t": "&#9;"}


class GpxTarget:
    """Writes GPX 1.1.

    Choice ``polygons``: ``boundary`` writes their rings as tracks; without it polygons are refused.
    """

    key = "gpx"
    title = N_("GPX of receivers and phones")
    suffixes = (".gpx",)
    choices = (
        FormatChoice(
            POLYGONS,
            N_("Polygons"),
            (
                ("", N_("Refuse them: GPX holds points and lines only")),
                (AS_BOUNDARY, N_("Write their boundaries as tracks")),
            ),
        ),
    )

    def write(
        self, layer: OutgoingLayer, path: Path, choices: Mapping[str, Any], progress: Progress
    ) -> WrittenFile:
        """Write a layer; the file appears only when it is whole.

        Coordinates become degrees of WGS 84, written with all digits; WGS 84 and CGCS2000 are taken as one,
        and a note says so. A feature without shape has no place in the format and is listed.

        Raises
        ------
        InputError
            When there are polygons and they were not chosen as boundaries, the layer has no coordinate system
            or no way leads to WGS 84, or text holds characters that XML cannot carry.
        JobCancelled
            When the user stopped; nothing is left behind.
        """
        boundaries = _boundaries(choices, path)
        crs = layer.frame.crs
        if crs is None:
            raise CrsError(
                _("The layer has no coordinate system; GPX needs longitude and latitude."),
                where=layer.name,
                remedy=_("Set the layer's coordinate system first."),
            )
        target = pyproj.CRS.from_epsg(WGS84)
        change = coordinate_change(crs, target)
        shapes = np.asarray(layer.frame.geometry.array, dtype=object)
        _require_lines_and_points(layer.name, shapes, boundaries=boundaries)
        shapes = transform(shapes, crs, target)
        fields = fields_of(layer, "GPX")
        with (
            whole_file(path, _("The file cannot be written: {reason}")) as draft,
            draft.open("w", encoding="utf-8", newline="\n") as file,
        ):
            file.writelines(_lines(layer, fields, shapes, progress))
        notes = []
        if not change.is_identity:
            notes.append(SourceNote("gpx.transformed", Severity.NOTE, change.description))
        notes += _left_out(shapes)
        return WrittenFile(path, notes=tuple(notes), marked=True)


GPX_OUT = GpxTarget()


def _boundaries(choices: Mapping[str, Any], path: Path) -> bool:
    unknown = [name for name in choices if name != POLYGONS]
    chosen = choices.get(POLYGONS, "")
    if unknown or chosen not in ("", AS_BOUNDARY):
        raise UsageError(
            _("For this kind of file there is nothing to choose: {names}").format(
                names="、".join([*unknown, *([] if unknown else [f"{POLYGONS}={chosen}"])])
            ),
            where=str(path),
        )
    return bool(chosen == AS_BOUNDARY)


def _require_lines_and_points(layer: str, shapes: Any, *, boundaries: bool) -> None:
    kinds = shapely.get_type_id(shapes)
    collections = np.flatnonzero(kinds == 7)
    polygons = np.flatnonzero(np.isin(kinds, (3, 6)))
    if collections.size or (polygons.size and not boundaries):
        row = int(collections[0] if collections.size else polygons[0])
        raise InputError(
            _("GPX holds points and lines only."),
            where=_("{layer}, row {row}").format(layer=layer, row=row + 1),
            remedy=_("Export the boundaries as tracks, or the layer as KML, which holds polygons."),
        )


def _left_out(shapes: Any) -> list[SourceNote]:
    rows = tuple(int(row) for row in np.flatnonzero(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    if not rows:
        return []
    text = _("{count} features have no shape and were left out.").format(count=len(rows))
    return [SourceNote("gpx.left_out", Severity.WARNING, text, rows)]


def _lines(
    layer: OutgoingLayer, fields: Sequence[XmlField], shapes: Any, progress: Progress
) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<gpx version="1.1" creator="zsgis" xmlns="http://www.topografix.com/GPX/1/1" '
    yield f'xmlns:zs="{ATTRIBUTES}">\n<metadata><name>{escape(layer.name, _ENTITIES)}</name>'
    yield f"<desc>{escape(layer.mark, _ENTITIES)}</desc></metadata>\n" if layer.mark else "</metadata>\n"
    # the schema wants waypoints before tracks
    points = np.isin(shapely.get_type_id(shapes), (0, 4))
    done = 0
    for chosen, write in ((points, _waypoints), (~points, _track)):
        for row in np.flatnonzero(chosen).tolist():
            if done % _ROWS_PER_STEP == 0:
                progress.step(done / len(shapes), _("Writing features"))
            done += 1
            if shapes[row] is not None and not shapely.is_empty(shapes[row]):
                label = layer.labels[row] if layer.labels is not None else ""
                yield from write(shapes[row], label, fields, row)
    yield "</gpx>\n"


def _waypoints(shape: Any, label: str, fields: Sequence[XmlField], row: int) -> Iterator[str]:
    for point in shapely.get_parts(shape):
        x, y, z = shapely.get_coordinates(point, include_z=True)[0].tolist()
        yield f'<wpt lat="{y!r}" lon="{x!r}">\n{_height(z)}{_words(label, fields, row)}</wpt>\n'


def _track(shape: Any, label: str, fields: Sequence[XmlField], row: int) -> Iterator[str]:
    yield f"<trk>\n{_words(label, fields, row)}"
    for part in shapely.get_parts(shape):
        for line in shapely.get_rings(part) if part.geom_type == "Polygon" else (part,):
            yield "<trkseg>\n"
            for x, y, z in shapely.get_coordinates(line, include_z=True).tolist():
                yield f'<trkpt lat="{y!r}" lon="{x!r}">{_height(z)}</trkpt>\n'
            yield "</trkseg>\n"
    yield "</trk>\n"


def _height(z: float) -> str:
    return "" if np.isnan(z) else f"<ele>{z!r}</ele>"


def _words(label: str, fields: Sequence[XmlField], row: int) -> str:
    """Return name, description and extensions, in the order of the schema."""
    shown, exact = [], []
    for field in fields:
        text = field.texts[row]
        if text is None:
            continue
        name = escape(field.name, _IN_ATTRIBUTES)
        exact.append(f'<zs:value name="{name}" type="{field.kind}">{escape(text, _ENTITIES)}</zs:value>\n')
        if text and field.name != "zs_uid":
            shown.append(f"{field.title or field.name}：{text}")
    named = f"<name>{escape(label, _ENTITIES)}</name>\n" if label else ""
    described = escape("\n".join(shown), _ENTITIES)
    return f"{named}<desc>{described}</desc>\n<extensions>\n{''.join(exact)}</extensions>\n"
