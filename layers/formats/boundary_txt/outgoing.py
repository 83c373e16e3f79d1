"""A layer's features as plots of a file: points in order, numbered, rounded, and read back to check."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.errors import GeometryError, UsageError
from layers.findings import Severity
from layers.formats.boundary_txt.areas import UNITS, stated_area
from layers.formats.boundary_txt.document import Plot, PointRow
from layers.formats.boundary_txt.forms import AREA, AREA_M2, COUNT, LABELS, TYPE, Form, field_names
from layers.formats.boundary_txt.notes import LineNote
from layers.formats.boundary_txt.numbering import NumberedRing, first_number_after, numbered_rings
from layers.formats.boundary_txt.shapes import plot_shape
from layers.formats.boundary_txt.target_zone import TargetZone
from layers.formats.model import OutgoingLayer
from layers.progress import Progress
from layers.shape_words import type_words
from layers.words import _

# what the writer finds out itself
_FOLLOWING = (COUNT, AREA, TYPE, AREA_M2, LABELS)
_TYPES = {
    "Point": "点",
    "MultiPoint": "点",
    "LineString": "线",
    "LinearRing": "线",
    "MultiLineString": "线",
    "Polygon": "面",
    "MultiPolygon": "面",
}
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


@dataclass(frozen=True)
class Outgoing:
    """The plots of a file to be written, and what it cannot carry."""

    plots: tuple[Plot, ...]
    notes: tuple[LineNote, ...]


@dataclass(frozen=True)
class _Feature:
    """A feature as its plot's points say it; the area is the one that they enclose."""

    row: int
    kind: str
    rings: tuple[NumberedRing, ...]
    area_m2: float


@dataclass(frozen=True)
class _Task:
    """What holds for all plots of a file."""

    form: Form
    shift: float
    values: Mapping[str, list[Any]]
    as_read: bool


def outgoing_plots(
    layer: OutgoingLayer,
    form: Form,
    zone: TargetZone,
    *,
    columns: Mapping[str, str],
    as_read: bool,
    progress: Progress,
) -> Outgoing:
    """Return a layer's features as plots.

    Parameters
    ----------
    columns : mapping
        Column by field of the record, over what is found by name.
    as_read : bool
        The layer was read from such a file: recorded areas that still hold, and names of points, are kept.

    Raises
    ------
    GeometryError
        When a shape, rounded as the form rounds, would be read as another one.
    UsageError
        When a column is not there.
    JobCancelled
        When the user stopped.
    """
    used = _columns(layer, form, columns, as_read)
    values = {field: layer.frame[column].tolist() for field, column in used.items()}
    task = _Task(form, zone.easting_shift(form.prefix), values, as_read)
    plots: list[Plot] = []
    notes = _column_notes(layer, used)
    number = 1
    shapes = np.asarray(layer.frame.geometry.array, dtype=object)
    for row, shape in enumerate(shapes):
        if row % 50 == 0:
            progress.step(row / len(shapes), _("Writing boundary points"))
        if shape is None or shape.is_empty:
            text = _("Feature {number} has no shape and was left out.").format(number=row + 1)
            notes.append(LineNote("boundary_txt.no_shape", Severity.WARNING, text, row=row))
            continue
        rings = _rings(shape, form, number, row)
        number = first_number_after(rings, form, number)
        plots.append(_plot(task, shape, rings, row, notes))
    return Outgoing(tuple(plots), tuple(notes))


def _columns(layer: OutgoingLayer, form: Form, wanted: Mapping[str, str], as_read: bool) -> dict[str, str]:
    """Return the column for each field of the record that has one."""
    frame = layer.frame
    plain = [str(name) for name in frame.columns if name != frame.geometry.name]
    called: dict[str, str] = {}
    for names in (layer.names, layer.titles, {name: name for name in plain}):
        called |= {_key(names[column]): column for column in reversed(plain) if column in names}
    used = {}
    for field in dict.fromkeys(name for name in (*form.record, LABELS) if name):
        if field in (COUNT, AREA, LABELS) and not as_read:
            continue
        found = [called[_key(name)] for name in field_names().get(field, (field,)) if _key(name) in called]
        if found and field != TYPE:
            used[field] = found[0]
    for field, column in wanted.items():
        if column not in plain or field not in form.record:
            raise UsageError(
                _("“{value}” is no value for “{name}”.").format(value=column, name=field),
                remedy=_("Known: {names}").format(names="、".join(plain)),
            )
        used[field] = column
    return used


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _column_notes(layer: OutgoingLayer, used: Mapping[str, str]) -> list[LineNote]:
    frame = layer.frame
    own = {frame.geometry.name, "zs_uid", "zs_version", *used.values(), *_FOLLOWING}
    left = [layer.titles.get(str(name), str(name)) for name in frame.columns if name not in own]
    notes = []
    if left:
        text = _("These columns have no place in a file of boundary points: {names}")
        notes.append(LineNote("boundary_txt.columns", Severity.NOTE, text.format(names="、".join(left))))
    if shapely.has_z(np.asarray(frame.geometry.array, dtype=object)).any():
        text = _("Heights have no place in a file of boundary points and were left out.")
        notes.append(LineNote("boundary_txt.heights", Severity.NOTE, text))
    return notes


def _rings(shape: BaseGeometry, form: Form, number: int, row: int) -> tuple[NumberedRing, ...]:
    if shape.geom_type not in _TYPES:
        raise GeometryError(
            _("A shape of type {type} has no boundary points.").format(type=type_words(shape)),
            where=_("feature {number}").format(number=row + 1),
            remedy=_("Choose a polygon layer, or leave this shape out."),
        )
    return numbered_rings(shape, form, number)


def _plot(
    task: _Task, shape: BaseGeometry, rings: tuple[NumberedRing, ...], row: int, notes: list[LineNote]
) -> Plot:
    plot = Plot((), True, 0, _points(task, rings, _given_labels(task, rings, row)))
    area_m2 = _area_as_read(plot, shape, task.form, row)
    feature = _Feature(row, _TYPES[shape.geom_type], rings, area_m2)
    tokens = tuple(_token(task, name, feature, notes) for name in task.form.record)
    return replace(plot, tokens=tokens)


def _given_labels(task: _Task, rings: tuple[NumberedRing, ...], row: int) -> list[str]:
    numbered = [label for ring in rings for label in ring.labels]
    given = task.values.get(LABELS, {row: None})[row] if LABELS in task.values else None
    own = given.split(",") if isinstance(given, str) else []
    return own if len(own) == len(numbered) else numbered


def _points(task: _Task, rings: tuple[NumberedRing, ...], labels: list[str]) -> tuple[PointRow, ...]:
    decimals = task.form.decimals
    rows = [(ring.number, corner) for ring in rings for corner in ring.corners.tolist()]
    points = []
    for label, (number, (east, north)) in zip(labels, rows, strict=True):
        x, y = f"{north:.{decimals}f}", f"{east + task.shift:.{decimals}f}"
        points.append(PointRow(label, str(number), x, y, float(x), float(y), 0))
    return tuple(points)


def _token(task: _Task, name: str, feature: _Feature, notes: list[LineNote]) -> str:
    given = _text(task.values[name][feature.row]) if name in task.values else ""
    if name == TYPE:
        return feature.kind
    if name == COUNT:
        return _count(task.form, feature.rings) if given.strip() or name not in task.values else given
    if name == AREA:
        return _area(task, feature, given, notes)
    return _without_signs(given, feature.row, notes)


def _count(form: Form, rings: tuple[NumberedRing, ...]) -> str:
    if form.count == "vertices":
        return str(sum(ring.vertex_count for ring in rings))
    return str(sum(len(ring.corners) for ring in rings))


def _area(task: _Task, feature: _Feature, given: str, notes: list[LineNote]) -> str:
    form = task.form
    if AREA in task.values:
        recorded = stated_area(given)
        if not given.strip() or (recorded is not None and recorded.fits(form.area_unit, feature.area_m2)):
            return given
    places = Decimal(1).scaleb(-form.area_decimals)
    area = Decimal(repr(feature.area_m2)) / Decimal(repr(UNITS[form.area_unit]))
    measured = f"{area.quantize(places, ROUND_HALF_UP):f}"
    if given.strip():
        text = _("Feature {number}: the recorded area {recorded} no longer fits; {measured} was written.")
        words = text.format(number=feature.row + 1, recorded=given, measured=measured)
        notes.append(LineNote("boundary_txt.area", Severity.WARNING, words, row=feature.row))
    return measured


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or str(value) in ("nan", "NaT", "<NA>"):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _without_signs(text: str, row: int, notes: list[LineNote]) -> str:
    """Return a text that divides no record: full-width commas, no line ends."""
    plain = _BREAKS.sub(" ", text.replace(",", "，"))
    if plain != text:
        words = _("Feature {number}: commas or line ends in “{text}” were replaced.")
        told = words.format(number=row + 1, text=plain[:40])
        notes.append(LineNote("boundary_txt.text", Severity.NOTE, told, row=row))
    return plain


def _area_as_read(plot: Plot, shape: BaseGeometry, form: Form, row: int) -> float:
    """Return the area in m2 that a reader of the points finds.

    Raises
    ------
    GeometryError
        When the reader would find another shape: parts lie over each other, or rings are smaller than the
        precision.
    """
    read = plot_shape(plot, _TYPES[shape.geom_type], "north_east")
    half_digit = 0.5 * 10.0**-form.decimals
    allowed = 2.0 * half_digit * shape.length + 1e-6 * abs(shape.area) + 1e-6
    if read.geometry is None or read.notes or abs(read.geometry.area - shape.area) > allowed:
        raise GeometryError(
            _("This shape, rounded to {precision} m, would be read as another one.").format(
                precision=f"{10.0**-form.decimals:g}"
            ),
            where=_("feature {number}").format(number=row + 1),
            remedy=_("Correct or remove this shape."),
            details=" ".join(note.text for note in read.notes),
        )
    return float(read.geometry.area)
