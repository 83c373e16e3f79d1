"""Terrain in light: slopes by Horn (1981), lengths in metres in every coordinate system."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.pictures.raster_model import Affine6, Relief

FloatArray = NDArray[np.float64]
Heights = NDArray[np.floating[Any]]


def illumination(heights: Heights, relief: Relief, cell: tuple[FloatArray, ...]) -> Heights:
    """Return how much light falls on each inner cell: the cosine between normal and light, at least 0.

    Parameters
    ----------
    heights : ndarray, shape (rows + 2, columns + 2)
        In metres, with one cell around; a NaN beside a cell counts as the cell's own height.
    cell : tuple of 4 ndarray, shapes (rows, 1)
        As :func:`cell_vectors` gives them, for the inner rows.

    Returns
    -------
    ndarray, shape (rows, columns)
        0 to 1; NaN where the height is NaN.

    Notes
    -----
    B. K. P. Horn, "Hill shading and the reflectance map", Proceedings of the IEEE 69 (1981), 14-47: the
    neighbours' differences weigh 1, 2, 1.
    """
    by_column, by_row = _differences(heights)
    column_x, row_x, column_y, row_y = (step.astype(heights.dtype) for step in cell)
    # the gradient east and north: the inverse of the transposed cell vectors
    factor = relief.z_factor / (column_x * row_y - row_x * column_y)
    east = by_column * (row_y * factor) - by_row * (column_y * factor)
    north = by_row * (column_x * factor) - by_column * (row_x * factor)
    azimuth, altitude = math.radians(relief.azimuth), math.radians(relief.altitude)
    light = east * (-math.sin(azimuth) * math.cos(altitude))
    light -= north * (math.cos(azimuth) * math.cos(altitude))
    light += math.sin(altitude)
    east *= east
    north *= north
    east += north
    east += 1.0
    light /= np.sqrt(east, out=east)
    np.maximum(light, 0.0, out=light)
    return light


def _differences(heights: Heights) -> tuple[Heights, Heights]:
    """Return how much the inner cells rise a column and a row."""
    across = heights[:-2] + 2 * heights[1:-1] + heights[2:]
    down = heights[:, :-2] + 2 * heights[:, 1:-1] + heights[:, 2:]
    by_column, by_row = (across[:, 2:] - across[:, :-2]) / 8, (down[2:] - down[:-2]) / 8
    middle = heights[1:-1, 1:-1]
    rows, columns = np.nonzero((np.isnan(by_column) | np.isnan(by_row)) & ~np.isnan(middle))
    if len(rows):  # beside a hole
        own = middle[rows, columns]
        around = {
            (down, right): _known(heights[rows + 1 + down, columns + 1 + right], own)
            for down in (-1, 0, 1)
            for right in (-1, 0, 1)
        }
        by_column[rows, columns] = sum((2 - abs(i)) * (around[i, 1] - around[i, -1]) for i in (-1, 0, 1)) / 8
        by_row[rows, columns] = sum((2 - abs(i)) * (around[1, i] - around[-1, i]) for i in (-1, 0, 1)) / 8
    return by_column, by_row


def _known(heights: Heights, own: Heights) -> Heights:
    return np.where(np.isnan(heights), own, heights)


def cell_vectors(
    transform: Affine6, crs: pyproj.CRS, rows: NDArray[np.float64], column: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return a step of one column and one row in metres: column east, row east, column north, row north.

    Parameters
    ----------
    transform : tuple of 6 floats
        From columns and rows to coordinates of ``crs``.
    rows : ndarray, shape (n,)
        Of the cells' centres.
    column : float
        In the middle of the part, for systems in degrees that are turned.

    Returns
    -------
    tuple of 4 ndarray, shape (n, 1)
        In degrees a step's length follows the ellipsoid's radii of curvature at each row's latitude.
    """
    a, b, _c, d, e, f = transform
    unit = float(crs.axis_info[0].unit_conversion_factor)
    if not crs.is_geographic:
        east = north = np.full(len(rows), unit)
    else:
        ellipsoid = crs.ellipsoid
        major = float(ellipsoid.semi_major_metre) if ellipsoid is not None else 6378137.0
        flattening = (
            1 / float(ellipsoid.inverse_flattening) if ellipsoid and ellipsoid.inverse_flattening else 0.0
        )
        squared = flattening * (2 - flattening)
        latitude = np.clip((d * column + e * rows + f) * unit, -1.5707, 1.5707)
        root = np.sqrt(1 - squared * np.sin(latitude) ** 2)
        east = unit * major / root * np.cos(latitude)
        north = unit * major * (1 - squared) / root**3
    return (a * east)[:, None], (b * east)[:, None], (d * north)[:, None], (e * north)[:, None]
