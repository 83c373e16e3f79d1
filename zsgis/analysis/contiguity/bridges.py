"""Which parcels a road or canal parts so narrowly that it can be bridged.

Between two parcels lies a bridge when a circle fits between them that touches both, is no wider than the
limit, and holds nothing but road or canal land. Its diameter is the local thickness of the road in the sense
of T. Hildebrand and P. Rüegsegger (J. Microscopy 185, 1997): a road may be wide elsewhere. A third parcel
between the two, or ground of another class, keeps the circle out, and so does ground that no feature covers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.analysis.contiguity.near import BoolArray, GeometryArray, IndexArray, within
from zsgis.overlay.chunks import run_chunks, slices

FloatArray = NDArray[np.float64]

_PAIR_BLOCK = 500
_QUARTER_SEGMENTS = 8


@dataclass(frozen=True)
class BridgeRule:
    """When a road or canal can be bridged.

    Attributes
    ----------
    width_m : float
        The widest circle; 0 bridges nothing.
    gap_m : float
        The circle may stay away from each parcel by half of this: what counts as no gap between parcels
        counts as none between parcel and road.
    clear_share : float
        How much of the circle must be road or canal; what is missing are slits between drawn edges.
    samples : int
        Crossings are looked for at every corner that faces the other parcel, and at least this often
        along a stretch as long as ``width_m``.
    """

    width_m: float
    gap_m: float
    clear_share: float = 0.95
    samples: int = 4


def valid(geometry: GeometryArray) -> GeometryArray:
    """Return shapes with the broken ones repaired."""
    broken = ~(shapely.is_valid(geometry) | shapely.is_missing(geometry))
    if not broken.any():
        return geometry
    out = geometry.copy()
    out[broken] = shapely.make_valid(geometry[broken], method="structure", keep_collapsed=False)
    return out


class BridgeGround:
    """The roads and canals that can be bridged.

    Parameters
    ----------
    geometry : ndarray of object, shape (n,)
        Polygons in the plane of the parcels; broken ones are repaired for the question.
    """

    def __init__(self, geometry: GeometryArray) -> None:
        self._geometry = valid(geometry)
        self._tree = shapely.STRtree(self._geometry)

    def covers(self, points: GeometryArray) -> BoolArray:
        """Tell which points lie on road or canal land, its edge included."""
        on = np.zeros(len(points), dtype=bool)
        on[self._tree.query(points, predicate="intersects")[0]] = True
        return on

    def clear(self, circles: GeometryArray, sides: GeometryArray, share: float) -> BoolArray:
        """Tell which circles hold, beside the two parcels they lead to, only road or canal.

        Parameters
        ----------
        circles : ndarray of object, shape (n,)
        sides : ndarray of object, shape (n, 2)
            The two parcels of each; ground they take up themselves is no obstacle.
        """
        circle, feature = self._tree.query(circles, predicate="intersects")
        whole = shapely.area(circles)
        pieces = shapely.intersection(circles[circle], self._geometry[feature])
        covered = _union_areas(circle, pieces, len(circles))
        doubtful = np.flatnonzero((covered < share * whole) & (covered > 0))
        if len(doubtful):
            own = shapely.intersection(circles[doubtful, None], sides[doubtful])
            mine = np.isin(circle, doubtful)
            owner = np.concatenate([circle[mine], np.repeat(doubtful, 2)])
            joined = _union_areas(owner, np.concatenate([pieces[mine], own.ravel()]), len(circles))
            covered[doubtful] = joined[doubtful]
        return np.asarray(covered >= share * whole)


def _union_areas(owner: IndexArray, pieces: GeometryArray, count: int) -> FloatArray:
    """Return the area that the pieces of each owner cover together, shape (count,)."""
    areas = np.zeros(count)
    order = np.argsort(owner, kind="stable")
    owners, start, number = np.unique(owner[order], return_index=True, return_counts=True)
    for size in np.unique(number).tolist():
        rows = np.flatnonzero(number == size)
        table = pieces[order][start[rows, None] + np.arange(size)]
        areas[owners[rows]] = shapely.area(table[:, 0] if size == 1 else shapely.union_all(table, axis=1))
    return areas


def bridged(
    geometry: GeometryArray,
    left: IndexArray,
    right: IndexArray,
    ground: BridgeGround,
    rule: BridgeRule,
    progress: Progress,
) -> BoolArray:
    """Tell for each pair of parcels whether a bridge leads from one to the other.

    Parameters
    ----------
    geometry : ndarray of object
        Polygons; broken ones are repaired for the question.
    left, right : ndarray of int64, shape (n,)
        Places in ``geometry``; no pair within the gap.
    """
    out = within(geometry[left], geometry[right], rule.width_m, ProgressPart(progress, 0.0, 0.2))
    asked = np.flatnonzero(out)

    def answer(part: slice) -> BoolArray:
        here, there = valid(geometry[left[asked[part]]]), valid(geometry[right[asked[part]]])
        return _bridged(here, there, ground, rule)

    answers = run_chunks(
        answer,
        slices(len(asked), _PAIR_BLOCK),
        ProgressPart(progress, 0.2, 1.0),
        _("Looking for roads and canals that can be bridged"),
    )
    out[asked] = np.concatenate([np.zeros(0, dtype=bool), *answers])
    return out


def _bridged(left: GeometryArray, right: GeometryArray, ground: BridgeGround, rule: BridgeRule) -> BoolArray:
    """Try the shortest crossing first, then those from points along both edges."""
    out = _crossable(shapely.shortest_line(left, right), left, right, ground, rule)
    rest = np.flatnonzero(~out)
    for here, there in ((left, right), (right, left)):
        pair, lines = _crossings(here[rest], there[rest], rule)
        owner = rest[pair]
        passed = _crossable(lines, left[owner], right[owner], ground, rule)
        out[owner[passed]] = True
    return out


def _crossings(
    here: GeometryArray, there: GeometryArray, rule: BridgeRule
) -> tuple[IndexArray, GeometryArray]:
    """Return the straight ways from points of one parcel's edge to the other parcel, and their pairs."""
    edges = shapely.segmentize(shapely.boundary(here), rule.width_m / rule.samples)
    points, pair = shapely.get_coordinates(edges, return_index=True)
    bounds = shapely.bounds(there)[pair]
    near = (points >= bounds[:, :2] - rule.width_m).all(axis=1)
    near &= (points <= bounds[:, 2:] + rule.width_m).all(axis=1)
    points, pair = points[near], pair[near]
    lines = shapely.shortest_line(shapely.points(points), there[pair])
    return pair.astype(np.int64), np.asarray(lines, dtype=object)


def _crossable(
    lines: GeometryArray,
    left: GeometryArray,
    right: GeometryArray,
    ground: BridgeGround,
    rule: BridgeRule,
) -> BoolArray:
    """Tell for each straight way whether the circle around its middle is clear."""
    length = shapely.length(lines)
    out = (length <= rule.width_m) & (length > rule.gap_m)
    tried = np.flatnonzero(out)
    middle = shapely.line_interpolate_point(lines[tried], 0.5, normalized=True)
    on = ground.covers(middle)
    out[tried[~on]] = False
    tried, middle = tried[on], middle[on]
    circles = shapely.buffer(middle, (length[tried] - rule.gap_m) / 2, quad_segs=_QUARTER_SEGMENTS)
    sides = np.stack([left[tried], right[tried]], axis=1)
    out[tried] = ground.clear(circles, sides, rule.clear_share)
    return out
