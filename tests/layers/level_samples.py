"""Layers for the tests about levels of detail: a wavy partition of the plane, and any shapes at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from layers.drawable import DrawableLayer
from layers.drawable_making import build_drawable
from layers.kind import GeometryType
from layers.levels.model import Level
from layers.style import Style


@dataclass(frozen=True)
class Plain:
    """A polygon layer without classes or labels."""

    uid: str = "layer-1"
    name: str = "图斑"
    geometry: GeometryType = GeometryType.POLYGON
    style: Style = field(default_factory=Style)
    opacity: float = 1.0
    crs: Any = None


def layer_of(shapes: Sequence[Any]) -> DrawableLayer:
    """Return shapes as a drawable layer; shape ``i`` is called ``str(i)``."""
    frame = gpd.GeoDataFrame(geometry=list(shapes), index=[str(i) for i in range(len(shapes))])
    return build_drawable(Plain(), frame, None)


def wavy_parcels(
    across: int, down: int, *, side: float = 50.0, points: int = 8, seed: int = 1
) -> list[shapely.Polygon]:
    """Return a partition into crooked cells that share every vertex of their wavy boundaries.

    Parameters
    ----------
    across, down : int
        Cells in a row, and rows.
    side : float
        Usual side of a cell.
    points : int
        Stretches of each side of a cell.
    """
    rng = np.random.default_rng(seed)
    corners = np.stack(np.meshgrid(np.arange(across + 1.0), np.arange(down + 1.0)), axis=-1) * side
    corners += rng.uniform(-0.25, 0.25, corners.shape) * side

    def wave(start: np.ndarray, end: np.ndarray) -> np.ndarray:
        share = np.linspace(0, 1, points + 1)[:-1, None]
        offset = rng.uniform(-0.02, 0.02, (points, 2)) * side
        offset[0] = 0
        return np.vstack([start + share * (end - start) + offset, end])

    flat = [[wave(corners[j, i], corners[j, i + 1]) for i in range(across)] for j in range(down + 1)]
    steep = [[wave(corners[j, i], corners[j + 1, i]) for i in range(across + 1)] for j in range(down)]
    return [
        shapely.Polygon(
            np.vstack([flat[j][i], steep[j][i + 1][1:], flat[j + 1][i][::-1][1:], steep[j][i][::-1][1:]])
        )
        for j in range(down)
        for i in range(across)
    ]


def rings_of(level: Level, row: int) -> list[np.ndarray]:
    """Return the rings of one feature of a level, in its own coordinates."""
    first, last = level.ring_starts[row], level.ring_starts[row + 1]
    return [
        level.coords[level.ring_offsets[ring] : level.ring_offsets[ring + 1]] for ring in range(first, last)
    ]


def lines_of(level: Level) -> list[np.ndarray]:
    """Return the boundaries of a level, in its own coordinates."""
    ends = level.line_offsets
    return [level.line_coords[a:b] for a, b in pairwise(ends.tolist())]


def signed_area(ring: np.ndarray) -> float:
    """Return a closed ring's area, positive when it runs counter-clockwise."""
    x, y = (ring.astype(float) - ring[0]).T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def lengths(lines: Iterable[np.ndarray]) -> float:
    """Return the length of all lines together."""
    return sum(float(np.hypot(*np.diff(line.astype(float), axis=0).T).sum()) for line in lines)
