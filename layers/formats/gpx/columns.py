"""What waypoints, routes and tracks say, as columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from layers.errors import InputError
from layers.formats.gpx.document import GpxPoint, GpxRow
from layers.formats.object_columns import object_column
from layers.formats.xml_columns import typed_column
from layers.words import _

_MOST_COLUMNS = 1_000
# columns of our making: an attribute of that name gets another
_RESERVED = ("geometry", "extensions", "ele", "times", "points")
_NUMBERS = {
    "ele": "double",
    "magvar": "double",
    "geoidheight": "double",
    "sat": "int",
    "hdop": "double",
    "vdop": "double",
    "pdop": "double",
    "ageofdgpsdata": "double",
    "dgpsid": "int",
    "number": "int",
    "speed": "double",
    "course": "double",
}


@dataclass(frozen=True)
class GpxColumns:
    """Columns of one layer.

    Attributes
    ----------
    renamed : mapping
        New name by old name of attributes.
    untyped : tuple of str
        Those that should be numbers and are kept as text.
    """

    values: Mapping[str, Any]
    renamed: Mapping[str, str]
    untyped: tuple[str, ...]


def columns_of(rows: Sequence[GpxRow], where: str) -> GpxColumns:
    """Return the columns of a layer.

    Raises
    ------
    InputError
        When there are more columns than any table has.
    """
    names = dict.fromkeys(name for row in rows for name in row.said)
    if len(names) > _MOST_COLUMNS:
        raise InputError(
            _("The placemarks have more than {count} different attributes.").format(count=_MOST_COLUMNS),
            where=where,
            remedy=_("Have it exported anew with one set of columns."),
        )
    values: dict[str, Any] = {}
    renamed: dict[str, str] = {}
    untyped: list[str] = []
    for name in names:
        cells = [row.said.get(name) for row in rows]
        if name == "extensions":
            values[name] = object_column([None if cell is None else _json(cell) for cell in cells])
            continue
        title, (column, typed) = _column(name, cells)
        values[title] = column
        if title != name.removeprefix("@"):
            renamed[name.removeprefix("@")] = title
        if not typed:
            untyped.append(title)
    _add_made(values, rows)
    return GpxColumns(values, renamed, tuple(untyped))


def _column(name: str, cells: Sequence[Any]) -> tuple[str, tuple[Any, bool]]:
    if not name.startswith("@"):
        return name, typed_column(list(cells), _NUMBERS.get(name, ""))
    # an attribute of our own writing states its type, and wins over a word of the format with its name
    title = name.removeprefix("@")
    kind = next((cell[0] for cell in cells if cell), "")
    texts = [cell[1] if cell else None for cell in cells]
    return (f"{title}_2" if title in _RESERVED else title), typed_column(texts, kind)


def _add_made(values: dict[str, Any], rows: Sequence[GpxRow]) -> None:
    """Add heights of waypoints, times and details of the positions of lines."""
    if rows[0].kind == "wpt":
        heights = [row.segments[0][0].elevation if row.segments else None for row in rows]
        if any(height is not None for height in heights):
            values["ele"] = np.array([np.nan if height is None else height for height in heights])
        return
    for name, texts in (
        ("times", [_times(row) for row in rows]),
        ("points", [_details(row) for row in rows]),
    ):
        if any(texts):
            values[name] = object_column(texts)


def _times(row: GpxRow) -> str | None:
    times = [point.said.get("time") for segment in row.segments for point in segment]
    return _json(times) if any(times) else None


def _details(row: GpxRow) -> str | None:
    """Return all that is said of the points, where neither the shape nor the times hold it."""
    points = [point for segment in row.segments for point in segment]
    heights = {point.elevation is None for point in points}
    plain = all(set(point.said) <= {"time"} for point in points) and len(heights) < 2
    if plain and all(len(segment) > 1 for segment in row.segments):
        return None
    return _json([[_detail(point) for point in segment] for segment in row.segments])


def _detail(point: GpxPoint) -> dict[str, Any]:
    place: dict[str, Any] = {"lon": point.longitude, "lat": point.latitude}
    if point.elevation is not None:
        place["ele"] = point.elevation
    return {**place, **point.said}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
