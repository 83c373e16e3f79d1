"""The partition of the city: all lines noded at once and closed to faces, so that neighbours fit exactly."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.progress import Progress
from zsgis.demo.blocks import cut_lines
from zsgis.demo.chance import stream
from zsgis.demo.corridors import Bands
from zsgis.demo.lattice import Lattice, cell_edges
from zsgis.demo.layout import Layout
from zsgis.demo.shapes import lines, polygons
from zsgis.demo.towns import Tiles

GRID_M = 0.001
SLIVER_M2 = 260.0
_SMALLEST_BLOCK_M2 = 3000.0
_SQUARE_M = 3000.0
# wider than half a block, so that a block's square holds all of it
_SQUARE_MARGIN_M = 500.0


@dataclass(frozen=True)
class Faces:
    """The faces of the partition in a fixed order.

    Attributes
    ----------
    geometry : ndarray of polygons, shape (faces,)
        Coordinates on a grid of 1 mm; together they cover the city without gap or overlap.
    cell : ndarray of int64, shape (faces,)
        The cell that the face's inner point lies in.
    block : ndarray of int64, shape (faces,)
        The block it is a plot of; -1 for streets, banks, forest and the like.
    band : ndarray of str, shape (faces,)
        Land class of the river, road or railway it is part of; else empty.
    """

    geometry: NDArray[np.object_]
    cell: NDArray[np.int64]
    block: NDArray[np.int64]
    band: NDArray[np.object_]


def make_faces(
    lattice: Lattice,
    layout: Layout,
    ground: NDArray[np.object_],
    bands: Bands,
    *,
    tiles: Tiles,
    seed: int,
    progress: Progress,
) -> Faces:
    """Node all lines and close them to faces, town by town.

    Parameters
    ----------
    ground : ndarray of str, shape (cells,)
        Land class between a cell's blocks (streets, farm tracks, ditches) or of the whole cell where it has
        no blocks; neighbouring cells of one tile with the same ground share it.
    """
    blocks, block_number, cut, cut_block = _block_lines(layout, bands, seed, progress)
    progress.step(0.04)
    border, inner, inner_cell = _ground_lines(lattice, layout, ground, seed)
    # What crosses or lies on a border between towns is noded first, so that both sides get the same nodes.
    pieces = shapely.get_parts(shapely.union_all(np.concatenate([border, bands.outlines]), grid_size=GRID_M))
    progress.step(0.1)
    middle = shapely.get_coordinates(shapely.line_interpolate_point(pieces, 0.5, normalized=True))
    one_side = tiles.town_at(*(middle + 1.0).T)
    other_side = tiles.town_at(*(middle - 1.0).T)
    rings = shapely.boundary(blocks)
    ring_town = lattice.town[layout.cell[block_number]]
    cut_town = lattice.town[layout.cell[cut_block]]
    inner_town = lattice.town[inner_cell]

    def close(town: int) -> NDArray[np.object_]:
        parts = [
            pieces[(one_side == town) | (other_side == town)],
            inner[inner_town == town],
            rings[ring_town == town],
            cut[cut_town == town],
        ]
        noded = shapely.union_all(np.concatenate(parts), grid_size=GRID_M)
        return shapely.get_parts(shapely.polygonize([noded]))

    count = int(lattice.town.max()) + 1
    closed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for done, part in enumerate(pool.map(close, range(count))):
            closed.append(part)
            progress.step(0.15 + 0.6 * done / count)
    geometry = np.concatenate(closed)
    point = shapely.point_on_surface(geometry)
    cell = _container(polygons(lattice.quads), point)
    order = np.lexsort((shapely.get_x(point), shapely.get_y(point), cell))
    order = order[cell[order] >= 0]
    geometry, point, cell = geometry[order], point[order], cell[order]
    progress.step(0.8)
    plot_of = _container(blocks, point)
    block = np.where(plot_of >= 0, block_number[plot_of], -1)
    progress.step(0.85)
    faces = Faces(geometry, cell, block, bands.class_at(point))
    progress.step(0.9)
    return _without_slivers(faces, lattice.town[cell])


def _container(areas: NDArray[np.object_], points: NDArray[np.object_]) -> NDArray[np.int64]:
    found = np.full(points.size, -1, dtype=np.int64)
    which, area = shapely.STRtree(areas).query(points, predicate="within")
    found[which] = area
    return found


def _block_lines(
    layout: Layout, bands: Bands, seed: int, progress: Progress
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.object_], NDArray[np.int64]]:
    """Return blocks cut free of the bands with their numbers, and the lines between plots with theirs."""
    blocks = polygons(layout.quads)
    ends, line_block = cut_lines(layout.quads, layout.plan, stream(seed, "cuts"))
    cuts = lines(ends)
    free = _free_near(blocks, bands.kept_free)
    met = np.asarray(shapely.intersects(blocks, free))
    progress.step(0.01)
    freed = blocks.copy()
    freed[met] = shapely.difference(blocks[met], free[met], grid_size=GRID_M)
    progress.step(0.02)
    clip = met[line_block]
    cuts[clip] = shapely.intersection(cuts[clip], freed[line_block[clip]], grid_size=GRID_M)
    parts, number = shapely.get_parts(freed, return_index=True)
    large = shapely.area(parts) >= _SMALLEST_BLOCK_M2
    parts, number = parts[large], number[large]
    held = ~shapely.is_missing(cuts) & ~shapely.is_empty(cuts)
    return parts, number, cuts[held], line_block[held]


def _free_near(blocks: NDArray[np.object_], kept_free: shapely.Geometry) -> NDArray[np.object_]:
    """Return for every block the part of the free strip about it: cutting with the whole strip is slow."""
    x, y = shapely.get_x(shapely.centroid(blocks)), shapely.get_y(shapely.centroid(blocks))
    square = np.column_stack([np.floor(x / _SQUARE_M), np.floor(y / _SQUARE_M)])
    squares, which = np.unique(square, axis=0, return_inverse=True)
    low, high = squares * _SQUARE_M - _SQUARE_MARGIN_M, (squares + 1) * _SQUARE_M + _SQUARE_MARGIN_M
    pieces = np.asarray(shapely.intersection(kept_free, shapely.box(*low.T, *high.T)))
    near: NDArray[np.object_] = pieces[which.ravel()]
    return near


def _ground_lines(
    lattice: Lattice, layout: Layout, ground: NDArray[np.object_], seed: int
) -> tuple[NDArray[np.object_], NDArray[np.object_], NDArray[np.int64]]:
    """Return the edges between towns, the other edges that are drawn, and a cell of each of the latter."""
    edges = cell_edges(lattice)
    outer = (edges.first < 0) | (edges.second < 0)
    has_blocks = np.isin(np.arange(ground.size), layout.cell)
    bare = ~outer & ~has_blocks[edges.first] & ~has_blocks[edges.second]
    differs = outer | (ground[edges.first] != ground[edges.second])
    other_town = outer | (lattice.town[edges.first] != lattice.town[edges.second])
    # forest runs on across most edges, so that its patches are large and uneven
    parted = stream(seed, "forest edges").random(edges.first.size) < 0.62
    drawn = ~other_town & (differs | np.where(bare, parted, edges.on_tile_border))
    edge_lines = lines(edges.ends)
    return edge_lines[other_town], edge_lines[drawn], edges.first[drawn]


def _without_slivers(faces: Faces, town: NDArray[np.int64]) -> Faces:
    """Join every sliver to the neighbour in the same town with the longest common side."""
    area = shapely.area(faces.geometry)
    sliver = np.flatnonzero(area < SLIVER_M2)
    if not sliver.size:
        return faces
    tree = shapely.STRtree(faces.geometry)
    which, neighbour = tree.query(faces.geometry[sliver], predicate="touches")
    own = sliver[which]
    side = shapely.length(shapely.intersection(faces.geometry[own], faces.geometry[neighbour]))
    allowed = (town[own] == town[neighbour]) & (area[neighbour] >= SLIVER_M2) & (side > 0.0)
    own, neighbour, side = own[allowed], neighbour[allowed], side[allowed]
    order = np.lexsort((neighbour, -side, own))
    own, neighbour = own[order], neighbour[order]
    first = np.concatenate([[True], own[1:] != own[:-1]]) if own.size else np.zeros(0, dtype=bool)
    own, neighbour = own[first], neighbour[first]
    geometry = faces.geometry.copy()
    for host in np.unique(neighbour):
        members = np.concatenate([[host], own[neighbour == host]])
        geometry[host] = shapely.coverage_union_all(faces.geometry[members])
    keep = np.ones(area.size, dtype=bool)
    keep[own] = False
    return Faces(geometry[keep], faces.cell[keep], faces.block[keep], faces.band[keep])
