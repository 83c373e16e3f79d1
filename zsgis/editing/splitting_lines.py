"""Splitting lines where another line or a point meets them; their own corners stay as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.errors import GeometryError
from layers.words import _

_ROUNDINGS = 16.0


def split_line(line: Any, cutter: Any) -> tuple[Any, ...]:
    """Return the pieces into which a line is divided, the longest first; one where it is not met.

    Pieces of one part follow each other from the same new corner. Parts that are not met stay with the
    longest piece.

    Parameters
    ----------
    line : LineString or MultiLineString
    cutter : Point, LineString or MultiLineString
        A point divides only a line it lies on (:func:`point_on` brings it there).

    Raises
    ------
    GeometryError
        When the line carries M values, which a new corner cannot have.
    """
    if line is None or line.is_empty:
        return ()
    if shapely.has_m(line):
        raise GeometryError(
            _("The line carries M values, which would be lost."), remedy=_("Divide a copy without them.")
        )
    whole_parts: list[Any] = []
    pieces: list[Any] = []
    for part in shapely.get_parts(line):
        found = _split_part(part, cutter)
        if len(found) == 1:
            whole_parts.append(part)
        else:
            pieces += found
    if not pieces:
        return (line,)
    pieces.sort(key=lambda piece: -float(piece.length))
    if whole_parts:
        pieces[0] = shapely.MultiLineString([pieces[0], *whole_parts])
    return tuple(sorted(pieces, key=lambda piece: -float(piece.length)))


def point_on(line: Any, point: Any) -> shapely.Point:
    """Return the place of a line that is nearest to a point."""
    nearest: shapely.Point = shapely.get_point(shapely.shortest_line(line, point), 0)
    return nearest


def _split_part(part: Any, cutter: Any) -> list[Any]:
    coordinates = shapely.get_coordinates(part, include_z=bool(part.has_z))
    ends = np.stack([coordinates[:-1, :2], coordinates[1:, :2]], axis=1)
    segments: NDArray[Any] = np.array(shapely.linestrings(ends), dtype=object)
    cuts = _cuts(segments, cutter)
    return _cut(coordinates, cuts) if cuts else [part]


def _cuts(segments: NDArray[Any], cutter: Any) -> list[tuple[int, float, float, float]]:
    """Return where a line is cut: number of the segment, way along it, east, north; in order."""
    if shapely.get_type_id(cutter) == shapely.GeometryType.POINT:
        # a point set on an edge lies off it by a rounding
        reach = _ROUNDINGS * float(np.spacing(np.abs(shapely.get_coordinates(segments)).max()))
        away = shapely.distance(segments, cutter)
        hit = np.flatnonzero(away <= reach)[:1]
        places = [shapely.get_coordinates(cutter)] * len(hit)
    else:
        hit = np.sort(shapely.STRtree(segments).query(cutter, predicate="intersects"))
        places = [shapely.get_coordinates(each) for each in shapely.intersection(segments[hit], cutter)]
    found: set[tuple[int, float, float, float]] = set()
    for number, meeting in zip(hit.tolist(), places, strict=True):
        start, end = shapely.get_coordinates(segments[number])
        way = end - start
        length = float(way @ way)
        for x, y in meeting.tolist():
            share = float((np.array([x, y]) - start) @ way) / length if length else 0.0
            found.add((number, min(max(share, 0.0), 1.0), x, y))
    return sorted(found)


def _cut(coordinates: NDArray[np.float64], cuts: list[tuple[int, float, float, float]]) -> list[Any]:
    pieces: list[Any] = []
    current = [coordinates[0]]
    reached = 0
    for number, share, x, y in cuts:
        here = _corner(coordinates, number, share, (x, y))
        current = _followed(current, [*coordinates[reached + 1 : number + 1], here])
        reached = max(reached, number)
        if len(current) > 1:
            pieces.append(shapely.LineString(current))
        current = [here]
    current = _followed(current, coordinates[reached + 1 :])
    if len(current) > 1:
        pieces.append(shapely.LineString(current))
    return pieces


def _followed(
    corners: list[NDArray[np.float64]], more: Iterable[NDArray[np.float64]]
) -> list[NDArray[np.float64]]:
    """Return corners with others after them; one that repeats the one before it is left out."""
    followed = list(corners)
    for corner in more:
        if corner[0] != followed[-1][0] or corner[1] != followed[-1][1]:
            followed.append(corner)
    return followed


def _corner(
    coordinates: NDArray[np.float64], number: int, share: float, place: tuple[float, float]
) -> NDArray[np.float64]:
    """Return the corner at a cut: a corner of the line itself where it is met, else a new one."""
    before, after = coordinates[number], coordinates[number + 1]
    for corner in (before, after):
        if corner[0] == place[0] and corner[1] == place[1]:
            return np.asarray(corner, dtype=np.float64)
    height = before[2:] + share * (after[2:] - before[2:])
    return np.concatenate((np.array(place), height))
