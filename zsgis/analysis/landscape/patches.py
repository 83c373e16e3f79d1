"""Patches of a landscape and the metrics of each.

Definitions: McGarigal, Cushman and Ene, FRAGSTATS v4; where its versions differ, as the program prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.analysis.landscape.grid import ClassGrid, FloatArray, IntArray
from zsgis.analysis.landscape.neighbours import nearest_neighbour_cells
from zsgis.analysis.landscape.runs import (
    Meetings,
    Runs,
    filled,
    joined_runs,
    meetings_of,
    runs_of,
    shared_cells,
)

M2_PER_HA = 10_000.0
PI_OF_FRAGSTATS = 3.1415
"""With these digits of pi FRAGSTATS prints CIRCLE; all its published figures are met only by them."""
_CELLS_AT_A_TIME = 2_000_000
_RUNS_AT_A_TIME = 50_000
_CONTIG_TEMPLATE = 13  # 1 for the cell, 2 for each of 4 sides, 1 for each of 4 corners


@dataclass(frozen=True)
class CoreArea:
    """The disjunct core areas: cells with all four neighbours in their own patch, joined over 8 neighbours.

    Attributes
    ----------
    patch, cells : ndarray of int64, shape (n,)
        Patch in which each lies, and how many cells it has.
    """

    patch: IntArray
    cells: IntArray


@dataclass(frozen=True)
class Patches:
    """The patches of a landscape.

    Attributes
    ----------
    place : ndarray of int64, shape (n,)
        Place of the class in the grid's values.
    cells, perimeter : ndarray of int64, shape (n,)
        Cells, and cell sides around them: holes and the landscape's boundary included.
    metrics : mapping of str to ndarray of float64, shape (n,)
        By FRAGSTATS' names: AREA (ha), PERIM (m), GYRATE (m), PARA (m/ha), SHAPE, SHAPE_SQ, FRAC, CIRCLE,
        CONTIG, CORE (ha), NCORE, CAI (%), ENN (m). NaN where a metric is not defined.
    cores : CoreArea
    runs, meetings : Runs, Meetings
        The grid by runs, for what is counted over classes.
    """

    place: IntArray
    cells: IntArray
    perimeter: IntArray
    metrics: Mapping[str, FloatArray]
    cores: CoreArea
    runs: Runs
    meetings: Meetings


def find_patches(grid: ClassGrid, progress: Progress, *, corners: bool = True) -> Patches:
    """Return the patches of a landscape with their metrics.

    Parameters
    ----------
    corners : bool
        Whether cells that share only a corner are one patch (8 neighbours; else 4).

    Notes
    -----
    SHAPE is the perimeter over the least perimeter that so many cells can have, as FRAGSTATS prints it;
    SHAPE_SQ is 0.25 p / sqrt(a), the other formula of its manual. FRAC is 2 ln(0.25 p) / ln(a) with p in m
    and a in m2, and 1 for a single cell of 1 m2, where the quotient is 0 / 0 (pylandstats leaves such
    patches out, so that its means differ); for any other patch of exactly 1 m2 it is not defined. GYRATE
    of a single cell is half its side; of others it is the mean distance of the cell centres from their
    mean, as the manual defines it. FRAGSTATS itself prints up to 3 % of that more or less for crooked
    patches: from which point it measures there is not published (the authors of landscapemetrics find the
    same). CIRCLE is taken over the greatest width of the patch, corner to corner, with pi as 3.1415, as
    FRAGSTATS prints it, and is 0 for a single cell. ENN goes from cell centre to cell centre, NaN for the
    only patch of its class.
    """
    progress.step(0.0, _("Finding patches"))
    rows = grid.places.shape[0]
    runs = runs_of(grid.places)
    meetings = meetings_of(runs)
    patch = joined_runs(runs, meetings, corners=corners)
    count = int(patch.max(initial=-1)) + 1
    progress.step(0.2)
    inside = patch >= 0
    cells = _summed(patch[inside], runs.length[inside], count)
    sides, diagonals = _pairs(runs, meetings, patch, count)
    place = np.zeros(count, dtype=np.int64)
    place[patch[inside]] = runs.value[inside]
    progress.step(0.25)
    image = filled(runs, patch, rows)
    core = _core_cells(image, ProgressPart(progress, 0.25, 0.4))
    cores = _disjunct_cores(image, core)
    progress.step(0.45)
    perimeter = 4 * cells - 2 * sides
    metrics = _simple_metrics(grid.cell_m, cells, perimeter)
    metrics["CONTIG"] = (4.0 * sides + 2.0 * diagonals) / cells / (_CONTIG_TEMPLATE - 1)
    metrics["GYRATE"] = grid.cell_m * _gyration(runs, patch, cells, ProgressPart(progress, 0.45, 0.6))
    metrics["CIRCLE"] = _circles(runs, patch, cells, ProgressPart(progress, 0.6, 0.75))
    core_cells = _summed(cores.patch, cores.cells, count)
    metrics["CORE"] = np.asarray(core_cells * (grid.cell_m2 / M2_PER_HA), dtype=np.float64)
    metrics["NCORE"] = np.bincount(cores.patch, minlength=count).astype(np.float64)
    metrics["CAI"] = 100.0 * core_cells / cells
    nearest = nearest_neighbour_cells(image, core, place, ProgressPart(progress, 0.75, 1.0))
    metrics["ENN"] = grid.cell_m * nearest
    return Patches(place, cells, perimeter, metrics, cores, runs, meetings)


def least_perimeter(cells: IntArray) -> IntArray:
    """Return the fewest cell sides around so many cells: those of a square as far as it goes."""
    side = np.floor(np.sqrt(cells)).astype(np.int64)
    over = cells - side * side
    return 4 * side + np.where(over == 0, 0, np.where(over <= side, 2, 4))


def _summed(place: IntArray, values: IntArray, count: int) -> IntArray:
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, place, values)
    return sums


def _pairs(runs: Runs, meetings: Meetings, patch: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """Return how many pairs of a patch's cells share a side, and how many only a corner."""
    inside = patch >= 0
    same = patch[meetings.above] == patch[meetings.below]
    own = patch[meetings.above][same]
    sides = _summed(patch[inside], runs.length[inside] - 1, count)
    sides += _summed(own, shared_cells(runs, meetings)[same], count)
    crossing = shared_cells(runs, meetings, 1) + shared_cells(runs, meetings, -1)
    return sides, _summed(own, crossing[same], count)


def _simple_metrics(cell_m: float, cells: IntArray, perimeter: IntArray) -> dict[str, FloatArray]:
    area_m2, edge_m = cells * cell_m**2, perimeter * cell_m
    with np.errstate(divide="ignore", invalid="ignore"):
        dimension = 2 * np.log(0.25 * edge_m) / np.log(area_m2)
    flat = np.log(area_m2) == 0
    dimension[flat] = np.where(perimeter[flat] == 4, 1.0, np.nan)
    return {
        "AREA": area_m2 / M2_PER_HA,
        "PERIM": edge_m,
        "PARA": edge_m / (area_m2 / M2_PER_HA),
        "SHAPE": perimeter / least_perimeter(cells),
        "SHAPE_SQ": 0.25 * perimeter / np.sqrt(cells),
        "FRAC": dimension,
    }


def _core_cells(image: NDArray[np.int32], progress: Progress) -> NDArray[np.bool_]:
    """Return the cells whose four neighbours are all of their own patch."""
    rows, columns = image.shape
    core = np.zeros(image.shape, dtype=bool)
    step = max(_CELLS_AT_A_TIME // max(columns, 1), 1)
    for first in range(1, rows - 1, step):
        last = min(first + step, rows - 1)
        progress.step(first / rows)
        own = image[first:last, 1:-1]
        inner = own >= 0
        for other in (
            image[first - 1 : last - 1, 1:-1],
            image[first + 1 : last + 1, 1:-1],
            image[first:last, :-2],
            image[first:last, 2:],
        ):
            inner &= own == other
        core[first:last, 1:-1] = inner
    return core


def _disjunct_cores(image: NDArray[np.int32], core: NDArray[np.bool_]) -> CoreArea:
    runs = runs_of(np.where(core, image, np.int32(-1)))
    number = joined_runs(runs, meetings_of(runs), corners=True)
    inside = number >= 0
    count = int(number.max(initial=-1)) + 1
    patch = np.zeros(count, dtype=np.int64)
    patch[number[inside]] = runs.value[inside]
    return CoreArea(patch, _summed(number[inside], runs.length[inside], count))


def _gyration(runs: Runs, patch: IntArray, cells: IntArray, progress: Progress) -> FloatArray:
    """Return the mean distance of a patch's cells from the mean of their centres, in cells."""
    count = len(cells)
    length = runs.length
    inside = patch >= 0
    middle = (runs.start + runs.stop - 1) / 2
    x = np.bincount(patch[inside], (middle * length)[inside], minlength=count) / cells
    y = np.bincount(patch[inside], (runs.row * length)[inside], minlength=count) / cells
    total = np.zeros(count)
    for runs_now in _portions(length):
        progress.step(runs_now.start / len(length))
        chosen = np.flatnonzero(inside[runs_now]) + runs_now.start
        size = length[chosen]
        own = np.repeat(patch[chosen], size)
        column = np.arange(len(own)) - np.repeat(np.cumsum(size) - size - runs.start[chosen], size)
        distance = np.hypot(column - x[own], np.repeat(runs.row[chosen], size) - y[own])
        total += np.bincount(own, distance, minlength=count)
    return np.where(cells == 1, 0.5, total / cells)


def _portions(length: IntArray) -> Iterator[slice]:
    """Yield stretches of runs of at most so many cells as are worked on at a time, or one run."""
    ends = np.cumsum(length)
    first = 0
    while first < len(length):
        done = ends[first - 1] if first else 0
        last = max(int(np.searchsorted(ends, done + _CELLS_AT_A_TIME, side="right")), first + 1)
        yield slice(first, last)
        first = last


def _circles(runs: Runs, patch: IntArray, cells: IntArray, progress: Progress) -> FloatArray:
    """Return one less the patch's share of the circle over its greatest width; 0 for a single cell."""
    order = np.argsort(patch, kind="stable")
    order = order[patch[order] >= 0]
    ends = np.searchsorted(patch[order], np.arange(len(cells)), side="right")
    width2 = np.empty(len(cells))
    first = 0
    while first < len(cells):
        done = int(ends[first - 1]) if first else 0
        last = max(int(np.searchsorted(ends, done + _RUNS_AT_A_TIME, side="right")), first + 1)
        progress.step(first / len(cells))
        now = order[done : int(ends[last - 1])]
        width2[first:last] = _greatest_width2(runs, now, patch[now] - first)
        first = last
    return np.where(cells == 1, 0.0, 1 - cells / (PI_OF_FRAGSTATS * width2 / 4))


def _greatest_width2(runs: Runs, chosen: IntArray, patch: IntArray) -> FloatArray:
    """Return the square of the greatest distance between two corners of each patch's cells."""
    start, stop, row = runs.start[chosen], runs.stop[chosen], runs.row[chosen]
    x = np.stack([start, stop, start, stop], axis=1).ravel()
    y = np.stack([row, row, row + 1, row + 1], axis=1).ravel()
    points = np.stack([x, y], axis=1).astype(np.float64)
    hulls = shapely.convex_hull(shapely.multipoints(points, indices=np.repeat(patch, 4)))
    corner, owner = shapely.get_coordinates(hulls, return_index=True)
    count = np.bincount(owner)
    partners = count[owner]
    left = np.repeat(np.arange(len(owner)), partners)
    begin = np.repeat((np.cumsum(count) - count)[owner], partners)
    right = begin + np.arange(len(left)) - np.repeat(np.cumsum(partners) - partners, partners)
    apart2 = ((corner[left] - corner[right]) ** 2).sum(axis=1)
    widest = np.zeros(len(count))
    np.maximum.at(widest, owner[left], apart2)
    return widest
