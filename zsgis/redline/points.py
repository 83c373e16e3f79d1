"""The boundary points of a red line: numbered J1 …, rings closed, holes apart, sides from printed points."""

from __future__ import annotations

import math
from itertools import groupby, pairwise

import numpy as np
import pyproj
import shapely

from layers.cents import to_units
from layers.crs import transform
from layers.formats.boundary_txt.numbering import BoundaryPoint, boundary_points
from zsgis.redline.boundary import Boundary, RedlinePoint, RedlineRing
from zsgis.redline.rules import RedlineSettings


def rings_of(boundary: Boundary, crs: pyproj.CRS, settings: RedlineSettings) -> tuple[RedlineRing, ...]:
    """Return the rings of a red line, numbered as the writer of boundary TXT numbers them.

    Rings begin at their north-western corner; outer ones run clockwise, holes against it; numbers run
    through the red line. Coordinates are rounded half up, and a side is the distance of its two points as
    printed, so that who computes it from the paper finds the same.

    Parameters
    ----------
    crs : pyproj.CRS
        In which points are printed; a plane in metres.
    """
    shape = transform(np.array([boundary.geometry], dtype=object), boundary.crs, crs)[0]
    holes = [number > 0 for part in shapely.get_parts(shape) for number in range(1 + len(part.interiors))]
    rows = boundary_points(shape)
    rings = []
    for number, group in groupby(rows, key=lambda row: row.ring):
        points = _printed(list(group), settings)
        length = math.fsum(point.side_m or 0.0 for point in points)
        rings.append(RedlineRing(number, holes[number - 1], points, round(length, settings.side_digits)))
    return tuple(rings)


def _printed(rows: list[BoundaryPoint], settings: RedlineSettings) -> tuple[RedlinePoint, ...]:
    digits = settings.coordinate_digits
    north = _rounded([row.x_north for row in rows], digits)
    east = _rounded([row.y_east for row in rows], digits)
    places = list(zip(north, east, strict=True))
    lengths = [math.dist(first, second) for first, second in pairwise(places)]
    sides: list[float | None] = [*_rounded(lengths, settings.side_digits), None]
    return tuple(
        RedlinePoint(row.label, x, y, side) for row, (x, y), side in zip(rows, places, sides, strict=True)
    )


def _rounded(values: list[float], digits: int) -> list[float]:
    return [unit / 10**digits for unit in to_units(values, digits).tolist()] if values else []
