"""Scores as a raster: every criterion evaluated at the centres of cells, hard limits as a mask."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.crs import transform
from layers.errors import InputError
from layers.formats.raster_classes import laid_on_grid
from layers.kinds import kind
from layers.pictures.raster_model import Affine6
from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.analysis.classes import class_codes, class_standard
from zsgis.analysis.features import Features
from zsgis.analysis.rasters.means import centres_inside
from zsgis.analysis.suitability.gridded import raster_values_at
from zsgis.analysis.suitability.layer_criteria import ClassScore, Density, Distance
from zsgis.analysis.suitability.rules import SuitabilityRule
from zsgis.analysis.suitability.sources import GridSource, LayerSource, NoSource, Sources
from zsgis.analysis.suitability.values import has_shape, nearest_score
from zsgis.analysis.zoned import Measuring

if TYPE_CHECKING:
    from layers.store import Project

FloatArray = NDArray[np.float64]
_CELLS_BY_ITSELF = 2_000_000
_CELLS_AT_MOST = 20_000_000
_POINTS_AT_ONCE = 100_000


@dataclass(frozen=True)
class Surface:
    """A grid of scores in the plane of the measuring, north up.

    Attributes
    ----------
    cells : ndarray of float32, shape (rows, columns)
        The weighted score at the cell's centre; NaN outside the parcels, on a limit, and where a criterion
        has no value.
    transform : tuple of 6 floats
        From columns and rows to coordinates; edges lie on multiples of the cell's side.
    masked : int
        Cells in parcels whose centres lie on a limit.
    """

    cells: NDArray[np.float32]
    transform: Affine6
    cell_m: float
    masked: int


@dataclass(frozen=True)
class _Grid:
    """The cells whose centres lie in parcels, in the plane.

    Attributes
    ----------
    inside : ndarray of bool, shape (rows, columns)
    x, y : ndarray of float64, shape (k,)
        Centres of the cells inside, row by row.
    """

    transform: Affine6
    inside: NDArray[np.bool_]
    x: FloatArray
    y: FloatArray

    def over(self, features: Features, how: Measuring) -> NDArray[np.int64]:
        """Return which feature lies over each centre, shape (k,); -1 for none, the oldest of several."""
        shapes = transform(features.geometry, features.crs, how.plane)
        # the last one laid stays: the oldest, as where parcels are cut
        order = sorted(range(len(features)), key=lambda place: features.uids[place], reverse=True)
        laid = laid_on_grid(
            shapes[order], np.array(order, dtype=np.int32) + 1, self.transform, self.inside.shape
        )
        return laid[self.inside].astype(np.int64) - 1


def score_surface(
    project: Project,
    parcels: Features,
    rule: SuitabilityRule,
    sources: Sources,
    weights: FloatArray,
    how: Measuring,
    cell_m: float | None,
    progress: Progress,
) -> Surface | None:
    """Return the scores at the centres of cells that lie in parcels.

    Distances and densities are those of the centre, ``inside`` is 100 or 0, a class scores as it stands at
    the centre, a raster and its slope by the cell under it. A centre on a limit's features has no score.

    Parameters
    ----------
    weights : ndarray of float64, shape (criteria,)
    cell_m : float or None
        Side of a cell; None for a round one with which at most about two million cells cover the parcels.

    Returns
    -------
    Surface or None
        None where no parcel has a shape.

    Raises
    ------
    InputError
        For more than twenty million cells.
    """
    grid, side = _grid(parcels, how, cell_m, ProgressPart(progress, 0.0, 0.2))
    if grid is None:
        return None
    score = np.zeros(len(grid.x))
    masked = np.zeros(len(grid.x), dtype=bool)
    for number, source in enumerate(sources.all):
        part = ProgressPart(
            progress, 0.2 + 0.8 * number / len(sources.all), 0.2 + 0.8 * (number + 1) / len(sources.all)
        )
        part.step(0.0, _("Scoring cells"))
        if isinstance(source, NoSource):
            continue
        if number >= len(rule.criteria):
            assert isinstance(source, LayerSource)  # noqa: S101 - limits are measured on layers alone
            masked |= grid.over(source.features, how) >= 0
        elif weights[number] > 0:
            values = _at_centres(project, source, grid, how, part)
            score += weights[number] * rule.criteria[number].score(values)
    score[masked] = np.nan
    cells = np.full(grid.inside.shape, np.nan, dtype=np.float32)
    cells[grid.inside] = score
    return Surface(cells, grid.transform, side, int(masked.sum()))


def _grid(
    parcels: Features, how: Measuring, cell_m: float | None, progress: Progress
) -> tuple[_Grid | None, float]:
    shapes = transform(parcels.geometry, parcels.crs, how.plane)
    if not len(shapes):
        return None, 0.0
    west, south, east, north = shapely.total_bounds(shapes)
    if not math.isfinite(west):
        return None, 0.0
    side = _round_side(east - west, north - south) if cell_m is None else cell_m
    left, top = math.floor(west / side), math.ceil(north / side)
    columns, rows = max(math.ceil(east / side) - left, 1), max(top - math.floor(south / side), 1)
    if columns * rows > _CELLS_AT_MOST:
        raise InputError(
            _("A raster of scores with cells of {side:g} m would have {count:,} cells.").format(
                side=side, count=columns * rows
            ),
            remedy=_("Take larger cells (-p cell_m=…), or leave them to the program."),
        )
    at: Affine6 = (side, 0.0, left * side, 0.0, -side, top * side)
    inside = centres_inside(shapes, at, (rows, columns), progress)
    row, column = np.nonzero(inside)
    x: FloatArray = (column + left + 0.5).astype(np.float64) * side
    y: FloatArray = (top - row - 0.5).astype(np.float64) * side
    return _Grid(at, inside, x, y), side


def _round_side(width: float, height: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20 … m with which few enough cells cover a rectangle."""
    least = max(math.sqrt(width * height / _CELLS_BY_ITSELF), 1.0)
    step = 10.0 ** math.floor(math.log10(least))
    return next(factor * step for factor in (1.0, 2.0, 5.0, 10.0) if factor * step >= least * (1 - 1e-9))


def _at_centres(
    project: Project, source: LayerSource | GridSource, grid: _Grid, how: Measuring, progress: Progress
) -> FloatArray:
    """Return what a criterion measures at the centres, shape (k,)."""
    if isinstance(source, GridSource):
        return raster_values_at(source, grid.x, grid.y, how.plane, progress)
    entry = source.entry
    if isinstance(entry, (Distance, Density)):
        return _near(source, grid, how, progress)
    over = grid.over(source.features, how)
    if isinstance(entry, ClassScore):
        of = class_standard(project, source.info)
        codes = class_codes(source.features.columns[kind(source.info.kind).class_field], of)
        by_code = {code: nearest_score(code, of, entry.scores.get(of.key, {})) for code in set(codes)}
        # the last stands for -1: no class
        scores = np.array([*(by_code[code] for code in codes), entry.uncovered])
        return scores[over]
    return np.where(over >= 0, 100.0, 0.0)


def _near(source: LayerSource, grid: _Grid, how: Measuring, progress: Progress) -> FloatArray:
    """Return distances in m to the nearest feature, or densities per km2, at the centres."""
    entry = source.entry
    shapes = transform(source.features.geometry, source.features.crs, how.plane)
    tree = shapely.STRtree(shapes[has_shape(shapes)])
    out = np.full(len(grid.x), np.nan if isinstance(entry, Distance) else 0.0)
    if not len(tree.geometries):
        return out
    for first in range(0, len(out), _POINTS_AT_ONCE):
        progress.step(first / len(out))
        chosen = slice(first, first + _POINTS_AT_ONCE)
        points = np.array(shapely.points(np.column_stack([grid.x[chosen], grid.y[chosen]])), dtype=object)
        if isinstance(entry, Density):
            place, _other = tree.query(points, predicate="dwithin", distance=entry.radius_m)
            circle = math.pi * (entry.radius_m / 1000.0) ** 2
            out[chosen] = np.bincount(place, minlength=len(points)) / circle
        else:
            (place, _nearest), distance = tree.query_nearest(points, return_distance=True, all_matches=False)
            out[first + place] = distance
    return out
