"""KML and KMZ out: folders by class, colours, every attribute with its title, degrees of WGS 84."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely

from layers.crs import coordinate_change, transform
from layers.errors import CrsError, UsageError
from layers.findings import Severity
from layers.formats.kml.elements import attribute_lines, escaped, shape_text
from layers.formats.kml.reading import WGS84
from layers.formats.model import FormatChoice, OutgoingLayer, SourceNote, WrittenFile
from layers.formats.xml_fields import XmlField, fields_of
from layers.progress import Progress
from layers.whole_file import whole_file
from layers.words import N_, _

_ROWS_PER_STEP = 500
_FILL = "66"  # two fifths: the imagery below stays visible
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'


class KmlTarget:
    """Writes KML 2.2, or KMZ with a ``doc.kml`` inside."""

    key = "kml"
    title = N_("KML and KMZ")
    suffixes = (".kml", ".kmz")
    choices: tuple[FormatChoice, ...] = ()

    def write(
        self, layer: OutgoingLayer, path: Path, choices: Mapping[str, Any], progress: Progress
    ) -> WrittenFile:
        """Write a layer; the file appears only when it is whole.

        Coordinates become degrees of WGS 84, written with all digits; WGS 84 and CGCS2000 are taken as one,
        and a note says so.

        Raises
        ------
        InputError
            When the layer has no coordinate system or no way leads to WGS 84, or text holds characters that
            XML cannot carry.
        JobCancelled
            When the user stopped; nothing is left behind.
        """
        if choices:
            raise UsageError(
                _("For this kind of file there is nothing to choose: {names}").format(
                    names="、".join(choices)
                ),
                where=str(path),
            )
        crs = layer.frame.crs
        if crs is None:
            raise CrsError(
                _("The layer has no coordinate system; KML needs longitude and latitude."),
                where=layer.name,
                remedy=_("Set the layer's coordinate system first."),
            )
        target = pyproj.CRS.from_epsg(WGS84)
        change = coordinate_change(crs, target)
        shapes = transform(np.asarray(layer.frame.geometry.array, dtype=object), crs, target)
        fields = fields_of(layer, "KML")
        with whole_file(path, _("The file cannot be written: {reason}")) as draft:
            _save(draft, path, _lines(layer, fields, shapes, progress))
        notes = (
            () if change.is_identity else (SourceNote("kml.transformed", Severity.NOTE, change.description),)
        )
        return WrittenFile(path, notes=notes, marked=True)


KML_OUT = KmlTarget()


def _save(draft: Path, path: Path, lines: Iterator[str]) -> None:
    if path.suffix.lower() == ".kmz":
        with (
            zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("doc.kml", "w") as body,
        ):
            for line in lines:
                body.write(line.encode())
        return
    with draft.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)


def _lines(
    layer: OutgoingLayer, fields: tuple[XmlField, ...], shapes: Any, progress: Progress
) -> Iterator[str]:
    yield _HEAD
    yield f"<name>{escaped(layer.name)}</name>\n"
    if layer.mark:
        yield f"<description>{escaped(layer.mark)}</description>\n"
    yield '<Schema name="fields" id="fields">\n'
    for field in fields:
        title = f"<displayName>{escaped(field.title)}</displayName>" if field.title else ""
        yield f'<SimpleField type="{field.kind}" name="{escaped(field.name)}">{title}</SimpleField>\n'
    yield "</Schema>\n"
    colors = _colors(layer)
    for color in dict.fromkeys(color for color in colors if color):
        yield _style(color)
    written = 0
    for name, rows in _folders(layer).items():
        if name:
            yield f"<Folder>\n<name>{escaped(name)}</name>\n"
        for row in rows:
            if written % _ROWS_PER_STEP == 0:
                progress.step(written / len(shapes), _("Writing features"))
            yield from _placemark(layer, fields, row, shapes[row], colors[row])
            written += 1
        if name:
            yield "</Folder>\n"
    yield "</Document>\n</kml>\n"


def _placemark(
    layer: OutgoingLayer, fields: tuple[XmlField, ...], row: int, shape: Any, color: str
) -> Iterator[str]:
    yield "<Placemark>\n"
    label = layer.labels[row] if layer.labels is not None else ""
    if label:
        yield f"<name>{escaped(label)}</name>\n"
    if color:
        yield f"<styleUrl>#c{color}</styleUrl>\n"
    yield '<ExtendedData><SchemaData schemaUrl="#fields">\n'
    yield from attribute_lines(fields, row)
    yield "</SchemaData></ExtendedData>\n"
    if shape is not None and not shapely.is_empty(shape):
        yield shape_text(shape)
    yield "</Placemark>\n"


def _folders(layer: OutgoingLayer) -> dict[str, list[int]]:
    """Return the rows of each class, in the order in which classes first occur; without class come last."""
    if layer.classes is None:
        return {"": list(range(len(layer.frame)))}
    found: dict[str, list[int]] = {}
    for row, name in enumerate(layer.classes):
        found.setdefault(name or "", []).append(row)
    if "" in found:
        found[""] = found.pop("")
    return found


def _colors(layer: OutgoingLayer) -> list[str]:
    """Return ``rrggbb`` of each feature; empty without colours."""
    if layer.colors is None:
        return [""] * len(layer.frame)
    return [f"{red:02x}{green:02x}{blue:02x}" for red, green, blue in layer.colors.tolist()]


def _style(color: str) -> str:
    swapped = color[4:6] + color[2:4] + color[0:2]
    return (
        f'<Style id="c{color}"><IconStyle><color>ff{swapped}</color></IconStyle>'
        f"<LineStyle><color>ff{swapped}</color><width>2</width></LineStyle>"
        f"<PolyStyle><color>{_FILL}{swapped}</color></PolyStyle></Style>\n"
    )
