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

from layers.crs import GEOGRAPHIC_CGCS2000, parse_crs, transform_known_points
from layers.datums import Datum, datum_of
from layers.gcj02 import from_bd09, from_gcj02
from layers.guard.model import Shift
from layers.guard.sampling import chosen_rows

TOLERANCES_M = (1.5, 5.0, 15.0)
"""How near a vertex must be to a line to count: shared boundaries, drawn ones, the width of a road."""

CLEARLY = 6.0
"""How many standard deviations of the meaningless shifts a way must stand out by."""

AHEAD = 1.25
"""How many times the share of the next way the best way must have."""

MOST_VERTICES = 1000
GLANCE_VERTICES, GLANCE_CLEARLY = 250, 9.0
"""Fewer vertices are looked at first; where they speak clearly enough, the others need not."""

LEAST_VERTICES = 20
_LEAST_OVERLAP = 0.3
_CONTROL_LENGTHS_M = (330.0, 480.0, 640.0, 860.0, 1250.0, 1500.0)
_CONTROLS_PER_LENGTH = 4
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
    tried : bool
        False where the way leads away from the reference, or too few vertices lie on it.
    """

    share: float
    by_chance: float
    stands_out: float
    tried: bool


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
        None where the layers lie apart or hold too little, or the reference is on another datum.
    """
    if datum_of(reference.crs) not in (Datum.CGCS2000, Datum.WGS84):
        return None
    lines = _Lines(reference)
    placed = [lines.placed(degrees) for degrees in ways]
    if not any(len(points) for points in placed):
        return None
    glance = _judged([_fit(points, lines, GLANCE_VERTICES) for points in placed], GLANCE_CLEARLY)
    return glance if glance.best is not None else _judged([_fit(points, lines) for points in placed], CLEARLY)


class _Lines:
    """The reference's lines, asked for by place; only the shapes that are met are ever looked at closely."""

    def __init__(self, reference: Reference) -> None:
        shapes = np.asarray(reference.geometry, dtype=object)
        shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
        self._shapes = shapes[shapely.get_dimensions(shapes) >= 1]
        self._outlines = np.full(len(self._shapes), None, dtype=object)
        self._tree = shapely.STRtree(self._shapes)
        self._crs = reference.crs
        self.box = shapely.total_bounds(self._shapes) if len(self._shapes) else np.full(4, np.nan)
        self.metres = np.ones(2)
        if reference.crs.is_geographic and len(self._shapes):
            middle = np.radians((self.box[1] + self.box[3]) / 2)
            self.metres = np.array([_METRES_PER_DEGREE * np.cos(middle), _METRES_PER_DEGREE])

    def placed(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points in the reference's system that lie where it has something; too few mean none."""
        x, y = transform_known_points(degrees[:, 0], degrees[:, 1], parse_crs(GEOGRAPHIC_CGCS2000), self._crs)
        with np.errstate(invalid="ignore"):
            inside = (x >= self.box[0]) & (x <= self.box[2]) & (y >= self.box[1]) & (y <= self.box[3])
        few = int(inside.sum()) < max(LEAST_VERTICES, _LEAST_OVERLAP * len(degrees))
        points = np.column_stack([x, y])[inside]
        return np.zeros((0, 2)) if few else points

    def shares_near(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the share of points near a line, one for each of :data:`TOLERANCES_M`."""
        reach = TOLERANCES_M[-1] / self.metres
        boxes = shapely.box(*(points - reach).T, *(points + reach).T)
        asked, met = self._tree.query(boxes)
        self._outline(np.unique(met))
        spots = np.asarray(shapely.points(points * self.metres), dtype=object)
        apart = shapely.distance(self._outlines[met], spots[asked])
        near = (asked[apart <= tolerance] for tolerance in TOLERANCES_M)
        return np.array([len(np.unique(found)) / len(points) for found in near])

    def _outline(self, met: NDArray[np.int64]) -> None:
        """Make the outlines, in metres, of those shapes that are met for the first time."""
        fresh = met[shapely.is_missing(self._outlines[met])]
        shapes = self._shapes[fresh]
        polygonal = shapely.get_dimensions(shapes) == 2
        shapes[polygonal] = shapely.boundary(shapes[polygonal])
        if self.metres[0] != self.metres[1]:
            shapes = np.asarray(shapely.transform(shapes, lambda xy: xy * self.metres), dtype=object)
        self._outlines[fresh] = shapes


def _fit(points: NDArray[np.float64], lines: _Lines, most: int = MOST_VERTICES) -> Fit:
    if not len(points):
        return Fit(0.0, 0.0, 0.0, tried=False)
    points = points[chosen_rows(len(points), most)]
    shares = lines.shares_near(points)
    chance = np.array([lines.shares_near(points + shift / lines.metres) for shift in _controls()])
    mean = chance.mean(axis=0)
    # a share of n vertices is uncertain by itself too
    spread = np.hypot(chance.std(axis=0), np.sqrt(np.maximum(mean, 1 / len(points)) / len(points)))
    stands_out = (shares - mean) / spread
    best = int(np.argmax(stands_out))
    return Fit(float(shares[best]), float(mean[best]), float(stands_out[best]), tried=True)


def _controls() -> NDArray[np.float64]:
    lengths = np.repeat(_CONTROL_LENGTHS_M, _CONTROLS_PER_LENGTH)
    angles = np.arange(len(lengths)) * _GOLDEN_ANGLE
    return np.column_stack([lengths * np.sin(angles), lengths * np.cos(angles)])


def _judged(fits: Sequence[Fit], clearly: float) -> Comparison:
    order = sorted(range(len(fits)), key=lambda place: fits[place].stands_out, reverse=True)
    best = order[0]
    ahead = fits[best].stands_out
    next_best = fits[order[1]].stands_out if len(order) > 1 else 0.0
    if ahead < clearly or ahead < AHEAD * next_best:
        return Comparison(tuple(fits), None, 0.0)
    return Comparison(tuple(fits), best, float(min(_SURE_SHARE, 1.0 - CLEARLY / (ahead * ahead))))
