"""VCT objects turned into shapes: lines joined to rings, rings sorted into outlines and holes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import shapely

from layers.formats.rings import polygon_of
from layers.formats.vct.head import VctHead
from layers.formats.vct.lines import OddObjectError
from layers.formats.vct.objects import VctObject
from layers.words import _

# ends of neighbouring lines are written alike; a rounded digit may differ
_MEET_WITHIN = 0.001
# polygons made of polygons made of polygons …: a file may run in circles
_DEEPEST = 20


class Assembly:
    """Makes shapes of objects, which may be made of other objects of the file.

    Coordinates come out with the easting first and without the head's offset.
    """

    def __init__(
        self, head: VctHead, lines: Mapping[str, VctObject], polygons: Mapping[str, VctObject]
    ) -> None:
        self._head = head
        self._lines = lines
        self._polygons = polygons

    def shape(self, each: VctObject, geometry: str) -> Any:
        """Return the shape of an object.

        Raises
        ------
        OddObjectError
            When it cannot be made: lines that are missing or do not meet, rings of too few points, circles.
        """
        makers: dict[str, Callable[[VctObject], Any]] = {
            "point": self._point,
            "annotation": self._point,
            "line": self._line,
            "polygon": self._polygon,
        }
        return makers[geometry](each)

    def _point(self, each: VctObject) -> Any:
        points = shapely.points(self._placed(each.parts[0]))
        return points[0] if len(points) == 1 else shapely.multipoints(points)

    def _line(self, each: VctObject) -> Any:
        if not each.lines:
            return _linestring(self._placed(each.parts[0]), each)
        parts = [_linestring(self._placed(path), each) for path in self._paths(each)]
        return parts[0] if len(parts) == 1 else shapely.multilinestrings(parts)

    def _polygon(self, each: VctObject) -> Any:
        rings = [_ring(self._placed(path), each) for path in self._rings(each, 0)]
        return polygon_of(rings)

    def _rings(self, each: VctObject, depth: int) -> list[Any]:
        if depth > _DEEPEST:
            raise OddObjectError(each.line, _("it is made of itself"))
        if each.lines:
            return self._paths(each)
        rings = list(each.parts)
        for number in each.polygons:
            found = self._polygons.get(number.lstrip("+-"))
            if number != "0" and found is None:
                raise OddObjectError(each.line, _("polygon {number} is missing").format(number=number))
            if found is not None:
                rings += self._rings(found, depth + 1)
        return rings

    def _paths(self, each: VctObject) -> list[Any]:
        """Return the lines an object is made of, joined where they meet; 0 begins a new path."""
        paths: list[Any] = []
        path: Any = None
        for number in (*each.lines, "0"):
            if number == "0":
                if path is not None:
                    paths.append(path)
                path = None
                continue
            line = self._lines.get(number.lstrip("+-"))
            if line is None or not line.parts:
                raise OddObjectError(each.line, _("line {number} is missing").format(number=number))
            points = line.parts[0][::-1] if number.startswith("-") else line.parts[0]
            if path is not None and _meets(path[0], path[-1]) and len(path) > 3:
                paths.append(path)
                path = None
            path = points if path is None else _joined(path, points, each)
        return paths

    def _placed(self, points: Any) -> Any:
        placed = points + np.array([*self._head.offset, 0.0][: points.shape[1]])
        if self._head.x_is_north:
            placed[:, [0, 1]] = placed[:, [1, 0]]
        return placed


def _joined(path: Any, points: Any, each: VctObject) -> Any:
    if path.shape[1] != points.shape[1]:
        raise OddObjectError(each.line, _("some of its points have heights and some have not"))
    if not _meets(path[-1], points[0]):
        # some writers leave the sign away
        if _meets(path[-1], points[-1]):
            points = points[::-1]
        elif _meets(path[0], points[0]) or _meets(path[0], points[-1]):
            return _joined(path[::-1], points, each)
        else:
            raise OddObjectError(each.line, _("the lines it is made of do not meet"))
    return np.concatenate([path, points[1:]])


def _meets(one: Any, other: Any) -> bool:
    return bool(abs(one[0] - other[0]) <= _MEET_WITHIN and abs(one[1] - other[1]) <= _MEET_WITHIN)


def _linestring(points: Any, each: VctObject) -> Any:
    if len(points) < 2:
        raise OddObjectError(each.line, _("a line needs two points"))
    return shapely.linestrings(points)


def _ring(points: Any, each: VctObject) -> Any:
    if not (points[0] == points[-1]).all():
        points = np.concatenate([points, points[:1]])
    if len(points) < 4:
        raise OddObjectError(each.line, _("a ring needs three points"))
    return shapely.linearrings(points)
