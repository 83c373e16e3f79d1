"""A layer as rows of a table: headings with titles and units, shapes as coordinates or WKT."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from layers.errors import UsageError
from layers.formats.model import FormatChoice, OutgoingLayer
from layers.store.naming import unique_name
from layers.store.values import plain_values
from layers.words import N_, _

SHAPES = ("wkt", "xy", "none")
_UNIT_WORDS = {
    "m2": "平方米",
    "ha": "公顷",
    "mu": "亩",
    "km2": "平方公里",
    "m": "米",
    "km": "公里",
    "percent": "%",
}
_DEGREES = (N_("Longitude"), N_("Latitude"))
# the survey's names: 纵坐标 X points north, 横坐标 Y east
_PLANE = (N_("Easting Y (m)"), N_("Northing X (m)"))
_EXACT = 10**15
TABLE_CHOICES = (
    FormatChoice(
        "geometry",
        N_("Shapes"),
        (
            ("", N_("Points as two columns, other shapes as text (WKT)")),
            ("xy", N_("As two columns of coordinates (points only)")),
            ("wkt", N_("As text (WKT)")),
            ("none", N_("Leave out")),
        ),
    ),
)


@dataclass(frozen=True)
class OutgoingColumn:
    """A column of the file.

    Attributes
    ----------
    name : str
        The layer's own name of it; empty for coordinates.
    values : list
        ``str``, ``int``, ``float``, ``bool``, days and moments, None for no data.
    """

    name: str
    heading: str
    values: list[Any]


@dataclass(frozen=True)
class OutgoingTable:
    """What is to be written: columns of one length."""

    columns: tuple[OutgoingColumn, ...]
    rows: int

    def renamed(self) -> dict[str, str]:
        """Return the heading of each column that does not stand under its own name."""
        return {
            column.name: column.heading
            for column in self.columns
            if column.name and column.heading != column.name
        }


def outgoing_table(layer: OutgoingLayer, path: Path, choices: Mapping[str, Any]) -> OutgoingTable:
    """Return a layer as a table.

    Parameters
    ----------
    choices : mapping
        ``geometry``: ``wkt``, ``xy`` (two columns, for points) or ``none``; without it points are written as
        ``xy`` and other shapes as ``wkt``. ``units``: unit by column, for the headings.

    Raises
    ------
    UsageError
        For a choice that is not known, or ``xy`` for shapes that are no points.
    """
    for name in choices:
        if name not in ("geometry", "units"):
            raise UsageError(
                _("Tables have no choice “{name}”.").format(name=name),
                remedy=_("Known: {names}").format(names="geometry、units"),
            )
    units: Mapping[str, str] = choices.get("units") or {}
    frame = layer.frame
    taken: list[str] = []
    columns: list[OutgoingColumn] = []
    for name in (str(column) for column in frame.columns if column != frame.geometry.name):
        title = layer.titles.get(name, name)
        unit = units.get(name, "")
        heading = unique_name(f"{title}（{_UNIT_WORDS.get(unit, unit)}）" if unit else title, taken)
        taken.append(heading)
        columns.append(OutgoingColumn(name, heading, [_plain(value) for value in plain_values(frame[name])]))
    columns += _shape_columns(layer, path, str(choices.get("geometry", "")), taken)
    return OutgoingTable(tuple(columns), len(frame))


def _shape_columns(layer: OutgoingLayer, path: Path, wanted: str, taken: list[str]) -> list[OutgoingColumn]:
    geometry = np.asarray(layer.frame.geometry.array, dtype=object)
    there = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    plain_points = bool(there.any() and (shapely.get_type_id(geometry[there]) == 0).all())
    plain_points = plain_points and not (shapely.has_z(geometry) | shapely.has_m(geometry)).any()
    if wanted and wanted not in SHAPES:
        raise UsageError(
            _("“{text}” does not say “{name}”.").format(text=wanted, name="geometry"),
            remedy=_("Say for instance: {example}").format(example="、".join(SHAPES)),
        )
    if wanted == "xy" and there.any() and not plain_points:
        raise UsageError(
            _("Only points without heights are written as two columns of coordinates."),
            where=str(path),
            remedy=_("Choose WKT for the shapes."),
        )
    if wanted == "none" or not there.any():
        return []
    if wanted == "xy" or (not wanted and plain_points):
        return _coordinate_columns(layer, geometry, there, taken)
    texts = shapely.to_wkt(geometry, rounding_precision=-1)
    return [
        OutgoingColumn("", unique_name("WKT", taken), [None if text is None else str(text) for text in texts])
    ]


def _coordinate_columns(
    layer: OutgoingLayer, geometry: Any, there: Any, taken: list[str]
) -> list[OutgoingColumn]:
    crs = layer.frame.crs
    names = _DEGREES if crs is not None and crs.is_geographic else _PLANE
    # an empty point has no coordinates to ask for
    known = np.asarray(there) & ~shapely.is_empty(geometry)
    corners = np.full((len(geometry), 2), np.nan)
    corners[known] = shapely.get_coordinates(geometry[known])
    return [
        OutgoingColumn(
            "",
            unique_name(_(name), taken),
            [float(value) if there else None for value, there in zip(values, known, strict=True)],
        )
        for name, values in zip(names, corners.T, strict=True)
    ]


def _plain(value: Any) -> Any:
    """Return a value as the file can hold it; whole numbers beyond 15 digits become text."""
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < _EXACT else str(value)
    if isinstance(value, float):
        return value if np.isfinite(value) else str(value)
    if isinstance(value, dt.datetime):
        moment = value.to_pydatetime(warn=False) if hasattr(value, "to_pydatetime") else value
        if moment.tzinfo is not None:
            return moment.isoformat()
        return moment.date() if moment.time() == dt.time() else moment
    return value if isinstance(value, dt.date) else str(value)
