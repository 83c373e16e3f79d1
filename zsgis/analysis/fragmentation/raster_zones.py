"""The zones of a layer as landscapes of a raster."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.crs import transform
from layers.formats.raster_classes import ReadCells, laid_on_grid
from layers.pictures.warp import inverse_affine
from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.analysis.landscape.grid import ClassGrid, class_grid
from zsgis.analysis.landscape.patches import find_patches
from zsgis.analysis.landscape.summaries import Summaries, summarise
from zsgis.analysis.landscape.tables import metric_columns, printed_metrics
from zsgis.analysis.zoned import Zones
from zsgis.result import Column, Row, Table


def zone_tables(read: ReadCells, zones: Zones, progress: Progress, *, corners: bool) -> tuple[Table, ...]:
    """Return the metrics of each zone and of its classes; a zone holds the cells whose centres lie in it.

    Zones over each other each have their cells. A zone without a cell of the raster has a row without
    figures.

    Raises
    ------
    CrsError
        When the zones cannot be brought into the raster's system.
    """
    assert read.crs is not None  # noqa: S101 - the caller has looked
    shapes = transform(zones.geometry, zones.crs, read.crs)
    found: list[tuple[int, ClassGrid | None, Summaries | None]] = []
    for number, shape in enumerate(shapes):
        part = ProgressPart(progress, number / len(shapes), (number + 1) / len(shapes))
        part.step(0.0, _("Computing landscape metrics"))
        grid = _zone_grid(read, shape)
        summaries = None if grid is None else summarise(grid, find_patches(grid, part, corners=corners))
        found.append((number, grid, summaries))
    notes = (_("A zone holds the cells whose centres lie in it, and is a landscape of its own."),)
    return _landscapes(zones, found, notes), _classes(zones, found, notes)


def _zone_grid(read: ReadCells, shape: Any) -> ClassGrid | None:
    if shape is None or shape.is_empty:
        return None
    rows, columns = _window(read, shape)
    known = read.known[rows, columns]
    if not known.size:
        return None
    a, b, c, d, e, f = read.transform
    column, row = columns.start, rows.start
    moved = (a, b, a * column + b * row + c, d, e, d * column + e * row + f)
    inside = laid_on_grid(np.array([shape], dtype=object), np.ones(1, dtype=np.int32), moved, known.shape)
    inside_known: NDArray[np.bool_] = known & (inside > 0)
    if not inside_known.any():
        return None
    return class_grid(read.cells[rows, columns], read.cell, known=inside_known)


def _window(read: ReadCells, shape: Any) -> tuple[slice, slice]:
    """Return the rows and columns around a shape."""
    west, south, east, north = shapely.bounds(shape)
    a, b, c, d, e, f = inverse_affine(read.transform)
    x, y = np.array([west, east, east, west]), np.array([south, south, north, north])
    spans = []
    for places, most in ((d * x + e * y + f, read.cells.shape[0]), (a * x + b * y + c, read.cells.shape[1])):
        first = min(max(math.floor(places.min()), 0), most)
        spans.append(slice(first, max(min(math.ceil(places.max()), most), first)))
    return spans[0], spans[1]


def _landscapes(
    zones: Zones, found: list[tuple[int, ClassGrid | None, Summaries | None]], notes: tuple[str, ...]
) -> Table:
    names: set[str] = set()
    rows = []
    for number, _grid, summaries in found:
        metrics = {} if summaries is None else summaries.landscape
        names |= metrics.keys()
        values = {"zone": zones.names[number], **printed_metrics(metrics)}
        rows.append(Row(values, sources={zones.layer_uid: (zones.uids[number],)}))
    columns = (Column("zone", _("Zone")), *metric_columns(names))
    return Table("zones", _("Metrics by zone"), columns, tuple(rows), notes)


def _classes(
    zones: Zones, found: list[tuple[int, ClassGrid | None, Summaries | None]], notes: tuple[str, ...]
) -> Table:
    names: set[str] = set()
    rows = []
    for number, grid, summaries in found:
        if grid is None or summaries is None:
            continue
        for value, metrics in zip(grid.values, summaries.classes, strict=True):
            names |= metrics.keys()
            values = {"zone": zones.names[number], "class": str(value), **printed_metrics(metrics)}
            rows.append(Row(values, sources={zones.layer_uid: (zones.uids[number],)}))
    columns = (Column("zone", _("Zone")), Column("class", _("Class value")), *metric_columns(names))
    return Table("zone_classes", _("Metrics of classes by zone"), columns, tuple(rows), notes)
