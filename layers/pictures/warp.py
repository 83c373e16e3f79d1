"""Brings a picture into another coordinate system: where each pixel looks, and what it finds there.

The way between two systems is ours (:mod:`layers.crs`): exact between projections of one datum, WGS 84 and
CGCS2000 taken as one, no guesses. It is walked on a net of nodes and interpolated in between, where that is
right to a twentieth of a pixel.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.crs import coordinate_change, transform_known_points
from layers.drawable import Bounds
from layers.pictures.mixing import mixed_cells, picked_cells
from layers.pictures.source import Rgba, empty_rgba

FloatArray = NDArray[np.float64]
Affine6 = tuple[float, float, float, float, float, float]
Resampling = Literal["nearest", "bilinear"]
Walk = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]

# Nodes of the net stand so many pixels apart; 1 means every pixel is walked.
_STEPS_PX = (32, 8, 1)
_TOLERANCE_PX = 0.05
_POINTS_PER_SIDE = 21


@dataclass(frozen=True, eq=False)
class Positions:
    """Where in a picture the centres of target pixels lie, in its columns and rows.

    Attributes
    ----------
    columns, rows : ndarray of float64
        Counted from the outer corner of the first cell: its centre is 0.5. Shapes (1, width) and (height, 1)
        where columns do not depend on the row, else (height, width) both. NaN: nowhere.
    """

    columns: FloatArray
    rows: FloatArray

    def moved(self, column: float, row: float, scale_x: float = 1.0, scale_y: float = 1.0) -> Positions:
        """Return the positions in a part that begins at ``column``, ``row`` and has cells ``scale`` times."""
        return Positions((self.columns - column) / scale_x, (self.rows - row) / scale_y)


def inverse_affine(transform: Affine6) -> Affine6:
    """Return the way from x, y to column, row.

    Raises
    ------
    ZeroDivisionError
        When the cells have no area.
    """
    a, b, c, d, e, f = transform
    det = a * e - b * d
    return e / det, -b / det, (b * f - c * e) / det, -d / det, a / det, (c * d - a * f) / det


def positions_in(
    bounds: Bounds, size: tuple[int, int], crs: pyproj.CRS, source_crs: pyproj.CRS, transform: Affine6
) -> Positions:
    """Return where the pixel centres of a target look in a picture.

    Parameters
    ----------
    bounds : tuple
        The target's edges in ``crs``, north up.
    size : tuple of int
        The target's width and height in pixels.
    transform : tuple of 6 floats
        x = t0 * column + t1 * row + t2, y = t3 * column + t4 * row + t5, in ``source_crs``.

    Raises
    ------
    CrsError
        When no safe way leads from one system to the other.
    """
    width, height = size
    xmin, ymin, xmax, ymax = bounds
    x: FloatArray = xmin + (np.arange(width, dtype=np.float64) + 0.5) * ((xmax - xmin) / width)
    y: FloatArray = ymax - (np.arange(height, dtype=np.float64) + 0.5) * ((ymax - ymin) / height)
    a, b, c, d, e, f = inverse_affine(transform)
    if coordinate_change(crs, source_crs).is_identity and b == 0 and d == 0:
        return Positions((a * x + c)[None, :], (e * y + f)[:, None])

    def walk(xs: FloatArray, ys: FloatArray) -> tuple[FloatArray, FloatArray]:
        shape = len(ys), len(xs)
        across, up = np.tile(xs, len(ys)), np.repeat(ys, len(xs))
        east, north = transform_known_points(across, up, crs, source_crs)
        return (a * east + b * north + c).reshape(shape), (d * east + e * north + f).reshape(shape)

    for step in _STEPS_PX[:-1]:
        if step < min(width, height):
            found = _interpolated(x, y, step, walk)
            if found is not None:
                return Positions(*found)
    return Positions(*walk(x, y))


def _interpolated(
    x: FloatArray, y: FloatArray, step: int, walk: Walk
) -> tuple[FloatArray, FloatArray] | None:
    """Return columns and rows from a net of nodes; None where the way is too crooked for it."""
    at_x, at_y = _nodes(len(x), step), _nodes(len(y), step)
    ways = walk(_between(x, at_x), _between(y, at_y))
    exact = walk(_between(x, (at_x[:-1] + at_x[1:]) / 2), _between(y, (at_y[:-1] + at_y[1:]) / 2))
    for nodes, middles in zip(ways, exact, strict=True):
        if not np.isfinite(nodes).all():
            return None
        corners = (nodes[:-1, :-1] + nodes[:-1, 1:] + nodes[1:, :-1] + nodes[1:, 1:]) / 4
        reach = max(np.abs(np.diff(nodes, axis=0)).max(), np.abs(np.diff(nodes, axis=1)).max())
        if np.abs(corners - middles).max() > _TOLERANCE_PX * reach / step:
            return None
    columns, rows = (_filled(_filled(nodes, at_y, len(y)).T, at_x, len(x)).T for nodes in ways)
    return columns, rows


def _nodes(count: int, step: int) -> FloatArray:
    """Return the pixels that carry nodes: evenly from the first to the last, at most ``step`` apart."""
    return np.linspace(0.0, count - 1.0, -(-(count - 1) // step) + 1)


def _between(values: FloatArray, at: FloatArray) -> FloatArray:
    return np.interp(at, np.arange(len(values)), values)


def _filled(nodes: FloatArray, at: FloatArray, count: int) -> FloatArray:
    """Return the rows between nodes, shape (count, columns)."""
    pixels = np.arange(count)
    place = np.clip(np.searchsorted(at, pixels, side="right") - 1, 0, len(at) - 2)
    share = ((pixels - at[place]) / (at[place + 1] - at[place]))[:, None]
    found: FloatArray = nodes[place] + (nodes[place + 1] - nodes[place]) * share
    return found


def sampled(rgba: Rgba, at: Positions, resampling: Resampling) -> Rgba:
    """Return what a picture shows at positions; alpha 0 outside and where it shows nothing.

    ``bilinear`` mixes the four nearest cells, each as much as it hides: what is transparent lends no colour.
    """
    height, width = rgba.shape[:2]
    shape = np.broadcast_shapes(at.columns.shape, at.rows.shape)
    if not (height and width and shape[0] and shape[1]):
        return empty_rgba(shape[1], shape[0])
    columns, rows = _cells(at.columns, width), _cells(at.rows, height)
    if resampling == "bilinear":
        found = mixed_cells(rgba, at)
    else:
        packed = np.ascontiguousarray(rgba).view(np.uint32)[..., 0]
        picked = picked_cells(packed, np.maximum(rows, 0), np.maximum(columns, 0))
        found = picked[..., None].view(np.uint8)
    outside = (columns < 0) | (rows < 0)
    if outside.any():
        found[outside] = 0
    return found


def _cells(at: FloatArray, count: int) -> NDArray[np.intp]:
    """Return the cell each position falls into; -1 outside."""
    with np.errstate(invalid="ignore"):
        known = (at >= 0) & (at < count)
    return np.where(known, at, -1.0).astype(np.intp)


def warped(
    rgba: Rgba,
    bounds: Bounds,
    crs: pyproj.CRS,
    target_bounds: Bounds,
    target_size: tuple[int, int],
    target_crs: pyproj.CRS,
    resampling: Resampling,
) -> Rgba:
    """Return a picture in another place, size and coordinate system.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
        Not premultiplied; north up inside ``bounds`` (of ``crs``).
    target_size : tuple of int
        Width and height in pixels.

    Returns
    -------
    ndarray of uint8, shape (target height, target width, 4)
        Alpha 0 outside ``bounds``.

    Raises
    ------
    CrsError
        When no safe way leads from one system to the other.
    """
    height, width = rgba.shape[:2]
    xmin, ymin, xmax, ymax = bounds
    transform = ((xmax - xmin) / width, 0.0, xmin, 0.0, (ymin - ymax) / height, ymax)
    return sampled(rgba, positions_in(target_bounds, target_size, target_crs, crs, transform), resampling)


def bounds_in(
    outline: tuple[tuple[float, float], ...], crs: pyproj.CRS, target_crs: pyproj.CRS
) -> Bounds | None:
    """Return the rectangle in another system around an outline; None where nothing of it can be shown there.

    Raises
    ------
    CrsError
        When no safe way leads from one system to the other.
    """
    corners = np.asarray(outline)
    along = np.linspace(0, 1, _POINTS_PER_SIDE)[:, None]
    sides = [
        start + along * (end - start) for start, end in zip(corners, np.roll(corners, -1, 0), strict=True)
    ]
    points = np.concatenate([*sides, corners.mean(axis=0, keepdims=True)])
    x, y = transform_known_points(points[:, 0], points[:, 1], crs, target_crs)
    known = np.isfinite(x)
    if not known.any():
        return None
    return float(x[known].min()), float(y[known].min()), float(x[known].max()), float(y[known].max())
