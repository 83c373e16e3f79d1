"""Whether a new layer lies where base data has its lines, or a consumer map's shift away from there.

The lines of two layers of one place run together much more often than chance has it: plots along roads, plots
along plots. So each way the new layer can be taken is held against the reference: the share of its vertices
within a few metres of the reference's lines, compared with the share under shifts that mean nothing (as long
as the real ones, all around). A way is believed when it stands out clearly from those and from the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from layers.crs import GEOGRAPHIC_CGCS2000, parse_crs, transform
from layers.gcj02 import from_bd09, from_gcj02
from layers.guard.model import Shift
from layers.guard.sampling import chosen_rows

TOLERANCES_M = (1.5, 5.0, 15.0)
"""How near a vertex must be to a line to count: shared boundaries, drawn ones, the width of a road."""

CLEARLY = 6.0
"""How many standard deviations of the meaningless shifts a way must stand out by."""

AHEAD = 1.25
"""How many times the share of the next way the best way must have."""

MOST_VERTICES = 1500
MOST_REFERENCE_SHAPES = 60_000
MOST_REFERENCE_PARTS = 400_000
LEAST_VERTICES = 20
_LEAST_OVERLAP = 0.3
_AROUND_M = 2500.0
_CONTROL_LENGTHS_M = (330.0, 480.0, 640.0, 860.0, 1250.0, 1500.0)
_CONTROLS_PER_LENGTH = 5
_GOLDEN_ANGLE = 2.399963
_METRES_PER_DEGREE = 111_320.0
_SURE_SHARE = 0.99


@dataclass(frozen=True)
class Reference:
    """Base data of a project: what lies where it should.

    Attributes
    ----------
    geometry : ndarray of shapely geometries
        Lines and polygons count by their lines.
    crs : pyproj.CRS
        On CGCS2000 or WGS 84.
    name : str
        The layer's name, for the reason that is given.
    """

    geometry: NDArray[Any]
    crs: pyproj.CRS
    name: str = ""


@dataclass(frozen=True)
class Fit:
    """How a way of taking coordinates agrees with the reference.

    Attributes
    ----------
    share : float
        Of the vertices, how many lie near a line of the reference.
    by_chance : float
        The same under meaningless shifts, on average.
    stands_out : float
        Difference of the two in standard deviations of the latter.
    """

    share: float
    by_chance: float
    stands_out: float


@dataclass(frozen=True)
class Comparison:
    """Several ways held against a reference.

    Attributes
    ----------
    fits : tuple of Fit
        In the order of the ways that were given.
    best : int or None
        The way that stands out; None where none does, or two are too alike.
    confidence : float
        0 to 1, of the best way.
    """

    fits: tuple[Fit, ...]
    best: int | None
    confidence: float


def fingerprint(sample: NDArray[np.float64], reference: Reference) -> Shift | None:
    """Return the consumer map's shift that degrees carry against base data.

    Parameters
    ----------
    sample : ndarray, shape (n, 2)
        Vertices of the new layer, longitude and latitude as they stand in the file.

    Returns
    -------
    Shift or None
        ``NONE`` where the layer lies on the base data as it is; None where nothing can be told (they lie
        apart, share no lines, or there are too few vertices).
    """
    shifts = (Shift.NONE, Shift.GCJ02, Shift.BD09)
    gcj = np.column_stack(from_gcj02(sample[:, 0], sample[:, 1]))
    baidu = np.column_stack(from_bd09(sample[:, 0], sample[:, 1]))
    found = compare((sample, gcj, baidu), reference)
    return None if found is None or found.best is None else shifts[found.best]


def compare(ways: Sequence[NDArray[np.float64]], reference: Reference) -> Comparison | None:
    """Hold several ways of taking the same vertices against base data.

    Parameters
    ----------
    ways : sequence of ndarray, shape (n, 2)
        Longitude and latitude on CGCS2000, the same vertices each time.

    Returns
    -------
    Comparison or None
        None where the layers lie apart or hold too little.
    """
    tree_source = _lines_around(ways, reference)
    if tree_source is None:
        return None
    lines, latitude, box = tree_source
    scale = np.array([_METRES_PER_DEGREE * np.cos(np.radians(latitude)), _METRES_PER_DEGREE])
    tree = shapely.STRtree(shapely.transform(lines, lambda xy: xy * scale))
    fits: list[Fit] = []
    for degrees in ways:
        near = _inside(degrees, box)
        few = int(near.sum()) < max(LEAST_VERTICES, _LEAST_OVERLAP * len(degrees))
        fits.append(Fit(0.0, 0.0, 0.0) if few else _fit(degrees[near] * scale, tree))
    return _judged(fits)


def _lines_around(
    ways: Sequence[NDArray[np.float64]], reference: Reference
) -> tuple[NDArray[Any], float, NDArray[np.float64]] | None:
    """Return the reference's lines near the new layer as short pieces, a latitude, and the box they fill."""
    known = [degrees[np.isfinite(degrees).all(axis=1)] for degrees in ways]
    points = np.vstack(known) if known else np.zeros((0, 2))
    if len(points) < LEAST_VERTICES:
        return None
    margin = 2 * _AROUND_M / _METRES_PER_DEGREE
    area = shapely.box(*(points.min(axis=0) - margin), *(points.max(axis=0) + margin))
    shapes = np.asarray(reference.geometry, dtype=object)
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    around = transform(np.array([area], dtype=object), parse_crs(GEOGRAPHIC_CGCS2000), reference.crs)[0]
    shapes = shapes[shapely.STRtree(shapes).query(around)] if len(shapes) else shapes
    shapes = shapes[shapely.get_dimensions(shapes) >= 1][:]
    if not len(shapes):
        return None
    shapes = transform(
        shapes[chosen_rows(len(shapes), MOST_REFERENCE_SHAPES)],
        reference.crs,
        parse_crs(GEOGRAPHIC_CGCS2000),
    )
    box = shapely.total_bounds(shapes)
    return _pieces(shapes), float(points[:, 1].mean()), box


def _pieces(shapes: NDArray[Any]) -> NDArray[Any]:
    """Return the lines of shapes cut into their straight pieces, so that a tree of boxes finds them fast."""
    parts = shapely.get_parts(
        shapely.boundary(shapely.get_parts(shapes[shapely.get_dimensions(shapes) == 2]))
    )
    lines = shapely.get_parts(shapes[shapely.get_dimensions(shapes) == 1])
    every = np.concatenate([parts, lines])
    xy, owner = shapely.get_coordinates(every, return_index=True)
    joined = owner[1:] == owner[:-1]
    pairs = np.stack([xy[:-1][joined], xy[1:][joined]], axis=1)
    return np.asarray(shapely.linestrings(pairs[chosen_rows(len(pairs), MOST_REFERENCE_PARTS)]))


def _inside(degrees: NDArray[np.float64], box: NDArray[np.float64]) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        inside = (degrees >= box[:2]) & (degrees <= box[2:])
    return inside[:, 0] & inside[:, 1]


def _fit(metres: NDArray[np.float64], tree: shapely.STRtree) -> Fit:
    metres = metres[chosen_rows(len(metres), MOST_VERTICES)]
    best = Fit(0.0, 0.0, 0.0)
    controls = _controls()
    for tolerance in TOLERANCES_M:
        share = _share_near(metres, tree, tolerance)
        chance = np.array([_share_near(metres + shift, tree, tolerance) for shift in controls])
        # a share of n vertices is uncertain by itself too
        spread = float(np.hypot(chance.std(), np.sqrt(max(chance.mean(), 1 / len(metres)) / len(metres))))
        fit = Fit(share, float(chance.mean()), (share - float(chance.mean())) / spread)
        best = max(best, fit, key=lambda each: each.stands_out)
    return best


def _controls() -> NDArray[np.float64]:
    lengths = np.repeat(_CONTROL_LENGTHS_M, _CONTROLS_PER_LENGTH)
    angles = np.arange(len(lengths)) * _GOLDEN_ANGLE
    return np.column_stack([lengths * np.sin(angles), lengths * np.cos(angles)])


def _share_near(metres: NDArray[np.float64], tree: shapely.STRtree, tolerance: float) -> float:
    found = tree.query(shapely.points(metres), predicate="dwithin", distance=tolerance)
    return len(np.unique(found[0])) / len(metres)


def _judged(fits: Sequence[Fit]) -> Comparison:
    order = sorted(range(len(fits)), key=lambda place: fits[place].stands_out, reverse=True)
    best = order[0]
    ahead = fits[best].stands_out
    next_best = fits[order[1]].stands_out if len(order) > 1 else 0.0
    if ahead < CLEARLY or ahead < AHEAD * next_best:
        return Comparison(tuple(fits), None, 0.0)
    return Comparison(tuple(fits), best, float(min(_SURE_SHARE, 1.0 - CLEARLY / (ahead * ahead))))
