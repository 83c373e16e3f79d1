"""Terrain in light: slopes by Horn (1981), lengths in metres in every coordinate system."""

from __future__ import annotations

import math

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.pictures.raster_model import Affine6, Relief

FloatArray = NDArray[np.float64]


def illumination(heights: FloatArray, relief: Relief, cell: tuple[FloatArray, ...]) -> FloatArray:
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
    middle = heights[1:-1, 1:-1]

    def beside(down: int, right: int) -> FloatArray:
        part = heights[1 + down : heights.shape[0] - 1 + down, 1 + right : heights.shape[1] - 1 + right]
        return np.where(np.isnan(part), middle, part)

    northwest, northeast, southwest, southeast = (
        beside(-1, -1),
        beside(-1, 1),
        beside(1, -1),
        beside(1, 1),
    )
    by_column = (northeast + 2 * beside(0, 1) + southeast - northwest - 2 * beside(0, -1) - southwest) / 8
    by_row = (southwest + 2 * beside(1, 0) + southeast - northwest - 2 * beside(-1, 0) - northeast) / 8
    column_x, row_x, column_y, row_y = cell
    det = column_x * row_y - row_x * column_y
    # the gradient east and north: the inverse of the transposed cell vectors
    east = relief.z_factor * (row_y * by_column - column_y * by_row) / det
    north = relief.z_factor * (column_x * by_row - row_x * by_column) / det
    azimuth, altitude = math.radians(relief.azimuth), math.radians(relief.altitude)
    toward = -east * math.sin(azimuth) - north * math.cos(azimuth)
    light = (math.sin(altitude) + math.cos(altitude) * toward) / np.sqrt(1 + east**2 + north**2)
    return np.maximum(light, 0.0)


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
