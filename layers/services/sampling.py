"""Where the pixels of a map look in tiles, also in tiles that are shifted as consumer maps are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj
from numpy.typing import NDArray
from PIL import Image

from layers.crs import GEOGRAPHIC_CGCS2000, parse_crs, transform_known_points
from layers.gcj02 import to_gcj02
from layers.pictures.service_models import Frame
from layers.services.grids import Bounds

FloatArray = NDArray[np.float64]
# Nodes of the net stand so many pixels apart. Over so short a way Gauss-Krüger against Mercator bends by
# less than 0.01 pixel at 1:50,000, and the shift of GCJ-02 (shortest wave 37 km) by less than 0.05 m.
_STEP_PX = 32


@dataclass(frozen=True, eq=False)
class Net:
    """Where nodes of a target lie in a source's coordinates.

    Attributes
    ----------
    across, down : ndarray of int
        Pixel edges of the target at which the nodes stand, first 0, last its width and height.
    x, y : ndarray of float64, shape (len(down), len(across))
        Their places in the source's system, as the source draws them; NaN where there is none.
    """

    across: NDArray[np.intp]
    down: NDArray[np.intp]
    x: FloatArray
    y: FloatArray

    @property
    def bounds(self) -> Bounds | None:
        """What the target covers of the source; None where it covers nothing."""
        known = np.isfinite(self.x) & np.isfinite(self.y)
        if not known.any():
            return None
        x, y = self.x[known], self.y[known]
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    @property
    def resolution(self) -> float:
        """Source units to a pixel of the target, in the middle of the cells; NaN where nothing is known."""
        wide, high = np.diff(self.across)[None, :], np.diff(self.down)[:, None]
        right_x, right_y = np.diff(self.x, axis=1)[:-1], np.diff(self.y, axis=1)[:-1]
        down_x, down_y = np.diff(self.x, axis=0)[:, :-1], np.diff(self.y, axis=0)[:, :-1]
        area = np.abs(right_x * down_y - right_y * down_x) / (wide * high)
        known = area[np.isfinite(area) & (area > 0)]
        return float(np.sqrt(np.median(known))) if len(known) else float("nan")


def net_over(
    bounds: Bounds, width: int, height: int, crs: pyproj.CRS, source: pyproj.CRS, frame: Frame
) -> Net:
    """Return where a target looks in a source.

    Parameters
    ----------
    bounds : tuple
        Left, bottom, right, top of the target in ``crs``, north up.
    width, height : int
        Its pixels.
    frame : str
        ``gcj02``: the source shows each place where GCJ-02 puts it.

    Raises
    ------
    CrsError
        When no safe way leads from one system to the other.
    """
    across, down = _nodes(width), _nodes(height)
    left, bottom, right, top = bounds
    x = left + across * ((right - left) / width)
    y = top - down * ((top - bottom) / height)
    mesh_x, mesh_y = (part.ravel() for part in np.meshgrid(x, y))
    if frame == "gcj02":
        degrees = parse_crs(GEOGRAPHIC_CGCS2000)
        shown = to_gcj02(*transform_known_points(mesh_x, mesh_y, crs, degrees))
        found_x, found_y = transform_known_points(*shown, degrees, source)
    else:
        found_x, found_y = transform_known_points(mesh_x, mesh_y, crs, source)
    shape = (len(down), len(across))
    return Net(across, down, found_x.reshape(shape), found_y.reshape(shape))


def drawn_through(
    net: Net, mosaic: Image.Image, corner: tuple[float, float], resolution: tuple[float, float]
) -> NDArray[np.uint8]:
    """Return what a target shows of a mosaic.

    Parameters
    ----------
    mosaic : PIL.Image.Image
        RGBA, north up.
    corner : tuple
        Left and top of the mosaic in the source's coordinates.
    resolution : tuple
        Its pixel's width and height in the source's units.

    Returns
    -------
    ndarray of uint8, shape (height, width, 4)
        Not premultiplied; alpha 0 outside the mosaic.
    """
    columns = (net.x - corner[0]) / resolution[0]
    rows = (corner[1] - net.y) / resolution[1]
    width, height = int(net.across[-1]), int(net.down[-1])
    # a transparent pixel around it: what lies outside fades out instead of repeating the edge
    framed = Image.new("RGBA", (mosaic.width + 2, mosaic.height + 2))
    framed.paste(mosaic, (1, 1))
    mesh = [
        ((int(x0), int(y0), int(x1), int(y1)), quad)
        for row, (y0, y1) in enumerate(zip(net.down[:-1], net.down[1:], strict=True))
        for column, (x0, x1) in enumerate(zip(net.across[:-1], net.across[1:], strict=True))
        if np.isfinite(quad := _quad(columns, rows, row, column)).all()
    ]
    if not mesh:
        return np.zeros((height, width, 4), dtype=np.uint8)
    shown = framed.transform(
        (width, height), Image.Transform.MESH, mesh, resample=Image.Resampling.BILINEAR, fill=0
    )
    return np.array(shown, dtype=np.uint8)


def _nodes(count: int) -> NDArray[np.intp]:
    return np.unique(np.append(np.arange(0, count, _STEP_PX, dtype=np.intp), count))


def _quad(columns: FloatArray, rows: FloatArray, row: int, column: int) -> tuple[float, ...]:
    """Return a cell's corners in the framed mosaic: north-west, south-west, south-east, north-east."""
    corners = ((row, column), (row + 1, column), (row + 1, column + 1), (row, column + 1))
    return tuple(float(value) + 1.0 for at in corners for value in (columns[at], rows[at]))
