"""A plot's rows to its shape: polygon, line or point, or none with the reason and the line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import LineString, MultiLineString, MultiPoint, Point
from shapely.geometry.base import BaseGeometry

from layers.errors import GeometryError
from layers.findings import Severity
from layers.formats.boundary_txt.document import Plot
from layers.formats.boundary_txt.notes import LineNote
from layers.formats.boundary_txt.rings import Ring, UnclearRingError, even_odd, rings_of, runs_of
from layers.formats.boundary_txt.systems import is_exchanged
from layers.words import _

_NO_SHAPE = "boundary_txt.no_shape"
ORDERS = ("north_east", "east_north")


@dataclass(frozen=True)
class PlotShape:
    """What a plot's points make.

    Attributes
    ----------
    geometry : geometry or None
        x east, y north; None where the points do not say for certain what it is.
    rings : tuple of Ring
        Empty where there is no shape.
    exchanged : bool
        The rows give east before north.
    """

    geometry: BaseGeometry | None
    rings: tuple[Ring, ...]
    exchanged: bool
    notes: tuple[LineNote, ...]


def plot_shape(plot: Plot, geometry_type: str, order: str = "") -> PlotShape:
    """Make a plot's shape.

    Parameters
    ----------
    geometry_type : str
        点, 线 or 面; another text means 面.
    order : str
        ``north_east`` or ``east_north`` where the caller knows; empty for the format's rule, X north and Y
        east, unless that is impossible in China.
    """
    if plot.unreadable:
        text = _("This row cannot be read: “{row}”. The plot is left without a shape.")
        return _without_shape(
            [
                LineNote(_NO_SHAPE, Severity.ERROR, text.format(row=row.text), row.line)
                for row in plot.unreadable
            ]
        )
    if not plot.points:
        text = _("The plot has no points.")
        return _without_shape([LineNote(_NO_SHAPE, Severity.ERROR, text, plot.line)])
    try:
        rings = _rings(plot, geometry_type)
        figures = np.array([(point.x, point.y) for point in plot.points])
        exchanged = order == "east_north" or (not order and is_exchanged(figures[:, 0], figures[:, 1]))
        places = [_places(ring, exchanged) for ring in rings]
        geometry, crossing = _geometry(places, geometry_type, rings)
    except UnclearRingError as error:
        return _without_shape([LineNote(_NO_SHAPE, Severity.ERROR, error.text, error.line)])
    except GeometryError as error:
        return _without_shape([LineNote(_NO_SHAPE, Severity.ERROR, str(error), plot.line)])
    notes = []
    if crossing:
        text = _("Rings of the plot cross each other; each is taken as a part.")
        notes.append(LineNote("boundary_txt.crossing", Severity.WARNING, text, plot.line))
    return PlotShape(geometry, rings, exchanged, tuple(notes))


def _rings(plot: Plot, geometry_type: str) -> tuple[Ring, ...]:
    if geometry_type in ("点", "线"):
        return tuple(Ring(rows, None) for rows in runs_of(plot.points))
    return rings_of(plot.points)


def _without_shape(notes: list[LineNote]) -> PlotShape:
    return PlotShape(None, (), False, tuple(notes))


def _places(ring: Ring, exchanged: bool) -> NDArray[np.float64]:
    """Return a ring's corners, shape (n, 2), east and north."""
    if exchanged:
        return np.array([(row.x, row.y) for row in ring.rows])
    return np.array([(row.y, row.x) for row in ring.rows])


def _geometry(
    places: list[NDArray[np.float64]], geometry_type: str, rings: tuple[Ring, ...]
) -> tuple[BaseGeometry, bool]:
    if geometry_type == "点":
        points = np.concatenate(places)
        return (Point(points[0]) if len(points) == 1 else MultiPoint(points)), False
    if geometry_type == "线":
        _require_corners(rings, 2)
        lines = [LineString(corners) for corners in places]
        return (lines[0] if len(lines) == 1 else MultiLineString(lines)), False
    _require_corners(rings, 3)
    return even_odd(places)


def _require_corners(rings: tuple[Ring, ...], least: int) -> None:
    for ring in rings:
        different: set[tuple[float, float]] = set()
        for row in ring.rows:
            different.add((row.x, row.y))
            if len(different) == least:
                break
        else:
            text = _("A ring of fewer than {count} different points; the plot is left without a shape.")
            raise UnclearRingError(text.format(count=least), ring.rows[0].line)
