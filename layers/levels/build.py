"""Coarser forms of a polygon layer, made from its arrays."""

from __future__ import annotations

import numpy as np

from layers.drawable import DrawableLayer
from layers.kind import GeometryType
from layers.levels.assembly import make_level
from layers.levels.cells import make_cells
from layers.levels.model import Level, Levels
from layers.levels.skeleton import Skeleton, find_skeleton
from layers.levels.tolerances import arc_tolerances
from layers.levels.topology import Rings, find_topology
from layers.progress import Progress, ProgressPart

# The finest level is drawn where a pixel is 2.25 m, a scale of 1 : 8 000.
_FINEST_M = 0.75
_FACTOR = 2.0
# Below the finest tolerance only shapes narrower than it are told apart.
_LEAST_SHARE = 1 / 16
# Vertices nearer than this, 0.075 mm, are one.
_GRAIN_SHARE = 1e-4
# A level that is hardly smaller than the one before is not worth its memory.
_WORTH = 0.85
# A layer that is seen whole has this many pixels across, or more.
_PIXELS_ACROSS = 200.0
_PIXELS_PER_TOLERANCE = 3.0
# Numbers of four bytes reach no farther; no map does.
_FARTHEST = 1e30
_FEWEST_FEATURES = 2_000
_FEWEST_VERTICES = 50_000


def wants_levels(layer: DrawableLayer) -> bool:
    """Tell whether a layer is so large that coarser forms are of use."""
    return (
        layer.geometry is GeometryType.POLYGON
        and len(layer) >= _FEWEST_FEATURES
        and len(layer.coords) >= _FEWEST_VERTICES
    )


def rings_of(layer: DrawableLayer) -> Rings:
    """Return a polygon layer's rings, as far as they have three corners."""
    parts = np.diff(layer.part_offsets)
    rows = np.repeat(np.arange(len(layer), dtype=np.int64), np.diff(layer.ring_starts))
    shells = np.repeat(layer.part_offsets[:-1], parts)
    return Rings(layer.coords, np.asarray(layer.ring_offsets), rows, shells).proper()


def build_levels(layer: DrawableLayer, metres_per_unit: float, progress: Progress) -> Levels:
    """Return the coarser forms of a polygon layer.

    Parameters
    ----------
    layer : DrawableLayer
        Outer rings counter-clockwise, holes clockwise.
    metres_per_unit : float
        Of the map's coordinate system: 1 for metres, about 111 000 for degrees.
    progress : Progress
        Told the share done; may stop the work.

    Returns
    -------
    Levels
        Empty where the layer has nothing to draw.
    """
    rings = rings_of(layer)
    extent = layer.extent
    if not len(rings) or extent is None or max(map(abs, extent)) > _FARTHEST:
        return Levels()
    cells = make_cells(rings, extent, ProgressPart(progress, 0.0, 0.1).step)
    finest = _FINEST_M / metres_per_unit
    topology = find_topology(rings, finest * _GRAIN_SHARE, ProgressPart(progress, 0.1, 0.4).step)
    origin = (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2
    weighing = ProgressPart(progress, 0.4, 0.55)
    skeleton = find_skeleton(topology, origin, finest * _LEAST_SHARE, weighing.step)
    span = max(extent[2] - extent[0], extent[3] - extent[1])
    tolerances = _worthwhile(
        skeleton, len(rings.coords), finest, span / _PIXELS_ACROSS / _PIXELS_PER_TOLERANCE
    )
    levels: list[Level] = []
    for number, tolerance in enumerate(tolerances):
        progress.step(0.55 + 0.45 * number / len(tolerances))
        finer = arc_tolerances(skeleton, tolerance, len(layer))
        levels.append(make_level(skeleton, tolerance, finer, len(layer)))
    return Levels(tuple(levels), cells)


def _worthwhile(skeleton: Skeleton, vertices: int, finest: float, coarsest: float) -> list[float]:
    """Return the tolerances at which a good deal fewer vertices are left than at the one before."""
    last = vertices
    least = skeleton.count(float(np.finfo(np.float32).max))
    found = []
    tolerance = finest
    while tolerance <= coarsest and least <= _WORTH * last:
        count = skeleton.count(tolerance)
        if count <= _WORTH * last:
            found.append(tolerance)
            last = count
        tolerance *= _FACTOR
    return found
