"""Features of one layer by where they lie beside features of another: boxes first, then full geometry."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from layers.crs import require_projected_metres, transform
from layers.errors import CrsError, InputError
from layers.progress import NoProgress, Progress
from layers.words import _

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project
    from layers.store.places import LayerPlaces

Shapes = NDArray[np.object_]
Pairs = NDArray[np.int64]
_PORTION = 4_000
_NAMES_AT_ONCE = 40_000
_BOXES_AT_ONCE = 50_000
_HAIR_M = 0.001
_READ_SHARE, _SIFTED_SHARE = 0.1, 0.3


class Relation(StrEnum):
    """How a feature lies to another one."""

    INTERSECTS = "intersects"
    WITHIN = "within"
    CONTAINS = "contains"
    TOUCHES = "touches"
    NEAR = "near"
    CENTROID = "centroid"


@dataclass(frozen=True)
class LocationQuestion:
    """Which features are looked for.

    Attributes
    ----------
    relation : Relation
        Of a feature looked for to one of the others. ``WITHIN`` and ``CONTAINS`` count the edge; a feature is
        within when one other feature alone has all of it.
    layer, beside : str
        Uid of the layer whose features are looked for, and of the layer they are looked at beside.
    chosen : collection of str or None
        Only these features of ``beside``; None means all.
    distance_m : float
        For ``NEAR``: how far away a feature may be, in the plane.
    """

    relation: Relation
    layer: str
    beside: str
    chosen: Collection[str] | None = None
    distance_m: float = 0.0


def found_by_location(
    project: Project, question: LocationQuestion, progress: Progress | None = None
) -> frozenset[str]:
    """Return the ``zs_uid`` of the features that are meant.

    The layers may be in different coordinate systems: the others' vertices are brought into the system of
    the layer that is looked at, with straight edges between them. Distances need metres: where that layer has
    degrees, both go into the project's system.

    Raises
    ------
    CrsError
        When the layers cannot be brought together without guessing, or a distance has no plane to be
        measured in.
    InputError
        When a chosen feature is not there any more.
    JobCancelled
        When the user stopped.
    """
    reporter = progress or NoProgress()
    layer, beside = project.layer(question.layer), project.layer(question.beside)
    plane = _plane(project, layer, question)
    others = _others(project, beside, question.chosen, plane)
    reporter.step(_READ_SHARE)
    if not len(others):
        return frozenset()
    return _Search(project.places(layer.uid), layer, plane, others, question).run(reporter)


def _plane(project: Project, layer: LayerInfo, question: LocationQuestion) -> pyproj.CRS:
    """Return the system in which shapes meet."""
    if question.relation is not Relation.NEAR:
        return layer.crs
    if not np.isfinite(question.distance_m) or question.distance_m < 0:
        raise InputError(
            _("A distance is 0 or more metres."), remedy=_("Write the distance in metres, as 50.")
        )
    for crs in (layer.crs, project.crs):
        try:
            require_projected_metres(crs)
        except CrsError as error:
            missing = error
        else:
            return crs
    raise missing


def _others(project: Project, beside: LayerInfo, chosen: Collection[str] | None, plane: pyproj.CRS) -> Shapes:
    frame = project.read(beside.uid, columns=(), uids=chosen)
    shapes = np.asarray(frame.geometry.to_numpy(), dtype=object)
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return _answerable(transform(shapes, beside.crs, plane))


def _answerable(shapes: Shapes) -> Shapes:
    """Return shapes that can be asked where they lie: a ring that crosses itself has no inside."""
    broken = ~shapely.is_valid(shapes)
    if broken.any():
        shapes = shapes.copy()
        shapes[broken] = shapely.make_valid(shapes[broken])
    return shapes


class _Search:
    """One search; the shapes of both sides are in ``plane``."""

    def __init__(
        self,
        places: LayerPlaces,
        layer: LayerInfo,
        plane: pyproj.CRS,
        others: Shapes,
        question: LocationQuestion,
    ) -> None:
        self._places = places
        self._crs = layer.crs
        self._plane = plane
        self._same = layer.crs.equals(plane, ignore_axis_order=True)
        self._others = others
        self._relation = question.relation
        self._reach = question.distance_m if question.relation is Relation.NEAR else 0.0

    def run(self, progress: Progress) -> frozenset[str]:
        shapely.prepare(self._others)
        fids, boxes = self._boxes()
        sure, pairs = self._sift(boxes, progress)
        found: list[str] = []
        for start in range(0, len(sure), _NAMES_AT_ONCE):
            progress.step(_SIFTED_SHARE)
            found += self._places.uids(fids[sure[start : start + _NAMES_AT_ONCE]])
        rows = np.unique(pairs[0])
        for start in range(0, len(rows), _PORTION):
            progress.step(_SIFTED_SHARE + (1 - _SIFTED_SHARE) * start / len(rows))
            found += self._close(fids, rows[start : start + _PORTION], pairs)
        return frozenset(found)

    def _boxes(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the features that may be meant and their boxes, in the plane."""
        low, high = (
            shapely.bounds(self._others)[:, :2].min(axis=0),
            shapely.bounds(self._others)[:, 2:].max(axis=0),
        )
        west, south, east, north = (float(edge) for edge in (*(low - self._reach), *(high + self._reach)))
        if self._same:
            fids, boxes = self._places.boxes((west, south, east, north))
            # the index knows 32-bit numbers, in order of its own
            order = np.argsort(fids)
            return fids[order], boxes[order]
        # only a layer in degrees is brought elsewhere: all of it, as bent boxes bound nothing
        fids, _boxes = self._places.boxes((-720.0, -720.0, 720.0, 720.0))
        fids = np.sort(fids)
        parts = [np.empty((0, 4))]
        for start in range(0, len(fids), _PORTION):
            _uids, shapes = self._places.shapes(fids[start : start + _PORTION])
            bounds = shapely.bounds(transform(shapes, self._crs, self._plane))
            parts.append(bounds + np.array([-1, -1, 1, 1]) * _HAIR_M)  # a point's box too has an inside
        return fids, np.concatenate(parts)

    def _sift(self, boxes: NDArray[np.float64], progress: Progress) -> tuple[NDArray[np.int64], Pairs]:
        """Return the rows that are meant for sure, and the pairs that must be looked at, shape (2, n)."""
        tree = shapely.STRtree(self._others)
        settled = np.zeros(len(boxes), dtype=bool)
        open_pairs = [np.empty((2, 0), dtype=np.int64)]
        for start in range(0, len(boxes), _BOXES_AT_ONCE):
            progress.step(_READ_SHARE + (_SIFTED_SHARE - _READ_SHARE) * start / len(boxes))
            part = boxes[start : start + _BOXES_AT_ONCE]
            reached = part + np.array([-1, -1, 1, 1]) * self._reach
            pairs = tree.query(shapely.box(*reached.T))
            rectangles = np.asarray(shapely.box(*part.T), dtype=object)
            yes, maybe = self._judge_boxes(rectangles, pairs)
            settled[start + pairs[0][yes]] = True
            open_pairs.append(pairs[:, maybe] + np.array([[start], [0]]))
        pairs = np.concatenate(open_pairs, axis=1)
        return np.flatnonzero(settled), pairs[:, ~settled[pairs[0]]]

    def _judge_boxes(self, boxes: Shapes, pairs: Pairs) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which pairs are settled by the box alone, and which are still open."""
        own, others = boxes[pairs[0]], self._others[pairs[1]]
        if self._relation is Relation.NEAR:
            maybe = shapely.dwithin(others, own, self._reach)
        else:
            maybe = shapely.intersects(others, own)
        # a feature whose box lies well inside another lies well inside it too
        inside = shapely.contains_properly(others, own)
        if self._relation in (Relation.CONTAINS, Relation.TOUCHES):
            return np.zeros(len(own), dtype=bool), maybe & ~inside
        return inside, maybe & ~inside

    def _close(self, fids: NDArray[np.int64], rows: NDArray[np.int64], pairs: Pairs) -> list[str]:
        """Judge full geometry."""
        uids, shapes = self._places.shapes(fids[rows])
        if not self._same:
            shapes = transform(shapes, self._crs, self._plane)
        shapes = _answerable(shapes)
        first, last = np.searchsorted(pairs[0], [rows[0], rows[-1] + 1])
        own_rows, other_rows = pairs[:, first:last]
        places = np.searchsorted(rows, own_rows)
        holds = self._judge(self._others[other_rows], shapes[places])
        taken = np.zeros(len(rows), dtype=bool)
        taken[places[holds]] = True
        return [uid for uid, take in zip(uids, taken.tolist(), strict=True) if take]

    def _judge(self, others: Shapes, own: Shapes) -> NDArray[np.bool_]:
        judged: Any
        match self._relation:
            case Relation.INTERSECTS:
                judged = shapely.intersects(others, own)
            case Relation.WITHIN:
                judged = shapely.covers(others, own)
            case Relation.CONTAINS:
                judged = shapely.covers(own, others)
            case Relation.TOUCHES:
                judged = shapely.touches(others, own)
            case Relation.NEAR:
                judged = shapely.dwithin(others, own, self._reach)
            case Relation.CENTROID:
                judged = shapely.intersects(others, shapely.centroid(own))
        return np.asarray(judged, dtype=bool)
