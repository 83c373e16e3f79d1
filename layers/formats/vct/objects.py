"""The objects of a VCT file as they stand: points, lines, polygons made of rings or of lines, texts.

Source: GB/T 17798-2007, 5.6 and 5.7: number, feature code, style, kind, then coordinates or the numbers of
other objects; 0 ends an object. Kinds of lines: 11 straight, 12 arc through three points; of rings: 11
straight, 12 circle through three points; of indirect polygons: 21 made of lines (0 between rings, minus for
reversed), 22 made of polygons.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from layers.formats.vct.head import VctHead
from layers.formats.vct.lines import Lines, OddObjectError
from layers.words import _

_INDIRECT = 100
_STRAIGHT, _THREE_POINTS = 11, 12
_OF_LINES, _OF_POLYGONS = 21, 22
_POINTS_AT_MOST = 10_000_000
_REFERENCES_AT_MOST = 1_000_000
# chords of an arc: 128 for a full circle, 0.03 % off in length
_CHORDS = 128


@dataclass(frozen=True)
class VctObject:
    """An object.

    Attributes
    ----------
    parts : tuple of ndarray, each shape (n, 2) or (n, 3)
        Points of a point object; a line; rings of a polygon: as the file orders the coordinates.
    lines, polygons : tuple of str
        Numbers of other objects that it is made of; ``0`` between rings.
    curved : bool
        It has arcs or circles, here as short straight lines.
    """

    number: str
    code: str
    line: int
    parts: tuple[Any, ...] = ()
    lines: tuple[str, ...] = ()
    polygons: tuple[str, ...] = ()
    text: str = ""
    angle: float = 0.0
    curved: bool = False


@dataclass(frozen=True)
class _Coordinates:
    points: tuple[Any, ...]
    curved: bool = field(default=False)


def read_object(lines: Lines, first: str, section: str, head: VctHead) -> VctObject:
    """Read an object whose first line has been read.

    Parameters
    ----------
    section : str
        ``point``, ``line``, ``polygon`` or ``annotation``.

    Raises
    ------
    OddObjectError
        When it does not follow the standard.
    """
    start = lines.number
    code = lines.expected()
    lines.expected()
    kind = lines.integer()
    readers = {"point": _point, "line": _line, "polygon": _polygon, "annotation": _annotation}
    body = readers[section](lines, kind, head)
    _end(lines)
    return VctObject(number=first, code=code, line=start, **body)


def pass_to_end(lines: Lines) -> None:
    """Go on behind the object that could not be read, or to the end of its section."""
    try:
        while lines.expected() != "0":
            pass
    except OddObjectError:
        return


def _point(lines: Lines, kind: int, head: VctHead) -> dict[str, Any]:
    line = lines.expected()
    if len(head.parts(line)) > 1:
        points = [_numbers(line, head, lines.number)]
    else:
        lines.hold(line)
        points = _points(lines, head, _count(lines))
    # of a directed point the second one only says where it looks
    return {"parts": (_array(points[:1] if kind == 3 else points, lines),)}


def _line(lines: Lines, kind: int, head: VctHead) -> dict[str, Any]:
    if kind == _INDIRECT:
        return {"lines": _references(lines, head)}
    drawn = [_segment(lines, head) for _number in range(_count(lines))]
    points = [row for segment in drawn for row in segment.points]
    return {"parts": (_array(points, lines),), "curved": any(segment.curved for segment in drawn)}


def _segment(lines: Lines, head: VctHead) -> _Coordinates:
    kind = lines.integer()
    points = _points(lines, head, _count(lines))
    if kind == _STRAIGHT:
        return _Coordinates(tuple(points))
    if kind == _THREE_POINTS and len(points) == 3:
        return _Coordinates(tuple(_arc(points, lines.number, whole=False)), curved=True)
    raise OddObjectError(lines.number, _("curves of kind {kind} are not read").format(kind=kind))


def _polygon(lines: Lines, kind: int, head: VctHead) -> dict[str, Any]:
    _numbers(lines.expected(), head, lines.number)
    if kind == _INDIRECT:
        of = lines.integer()
        if of not in (_OF_LINES, _OF_POLYGONS):
            raise OddObjectError(lines.number, _("polygons of kind {kind} are not read").format(kind=of))
        return {"lines" if of == _OF_LINES else "polygons": _references(lines, head)}
    rings = [_ring(lines, head) for _number in range(_count(lines))]
    parts = tuple(_array(list(ring.points), lines) for ring in rings)
    return {"parts": parts, "curved": any(ring.curved for ring in rings)}


def _ring(lines: Lines, head: VctHead) -> _Coordinates:
    kind = lines.integer()
    points = _points(lines, head, _count(lines))
    if kind == _STRAIGHT:
        return _Coordinates(tuple(points))
    if kind == _THREE_POINTS and len(points) == 3:
        return _Coordinates(tuple(_arc(points, lines.number, whole=True)), curved=True)
    raise OddObjectError(lines.number, _("curves of kind {kind} are not read").format(kind=kind))


def _annotation(lines: Lines, kind: int, head: VctHead) -> dict[str, Any]:
    text = lines.expected()
    count = 1 if kind == 1 else _count(lines)
    rows = _points(lines, head, count)
    angle = rows[0][2] if len(rows[0]) > 2 else 0.0
    return {"parts": (_array([row[:2] for row in rows[:1]], lines),), "text": text, "angle": angle}


def _points(lines: Lines, head: VctHead, count: int) -> list[tuple[float, ...]]:
    points = []
    for _number in range(count):
        line = lines.expected()
        points.append(_numbers(line, head, lines.number))
    return points


def _numbers(line: str, head: VctHead, place: int) -> tuple[float, ...]:
    try:
        values = tuple(float(part) for part in head.parts(line))
    except ValueError:
        values = ()
    if len(values) < 2 or not all(math.isfinite(value) for value in values):
        raise OddObjectError(place, _("“{text}” is no point").format(text=line[:40]))
    return values


def _references(lines: Lines, head: VctHead) -> tuple[str, ...]:
    """Return the numbers of the objects that one is made of; writers count the zeros between rings or not."""
    count = _count(lines, _REFERENCES_AT_MOST)
    found: list[str] = []
    while True:
        line = lines.expected()
        if len(found) >= count and line == "0":
            lines.hold(line)
            return tuple(found)
        parts = [part for part in head.parts(line) if part]
        if len(found) + len(parts) > 2 * count + 1:
            raise OddObjectError(lines.number, _("it names more objects than it states"))
        if not all(part.lstrip("+-").isdigit() for part in parts):
            raise OddObjectError(lines.number, _("“{text}” is no number of an object").format(text=line[:40]))
        found += parts


def _count(lines: Lines, most: int = _POINTS_AT_MOST) -> int:
    count = lines.integer()
    if not 0 < count <= most:
        raise OddObjectError(lines.number, _("a count of {count} cannot be").format(count=count))
    return count


def _end(lines: Lines) -> None:
    line = lines.expected()
    if line != "0":
        raise OddObjectError(lines.number, _("the 0 that ends an object is missing"))


def _array(points: list[tuple[float, ...]], lines: Lines) -> Any:
    if len({len(point) for point in points}) != 1:
        raise OddObjectError(lines.number, _("some of its points have heights and some have not"))
    return np.array(points, dtype=np.float64)[:, :3]


def _arc(points: list[tuple[float, ...]], place: int, *, whole: bool) -> list[tuple[float, ...]]:
    """Return the arc (or circle) through three points as chords; its given points are among them."""
    (ax, ay), (bx, by), (cx, cy) = (point[:2] for point in points)
    twice = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by))
    if twice == 0:
        raise OddObjectError(place, _("the three points of an arc lie on one line"))
    squares = (ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy)
    x = (squares[0] * (by - cy) + squares[1] * (cy - ay) + squares[2] * (ay - by)) / twice
    y = (squares[0] * (cx - bx) + squares[1] * (ax - cx) + squares[2] * (bx - ax)) / twice
    radius = math.hypot(ax - x, ay - y)
    start, through, stop = (math.atan2(py - y, px - x) for px, py in ((ax, ay), (bx, by), (cx, cy)))
    turn = 1.0 if twice > 0 else -1.0
    first = (turn * (through - start)) % (2 * math.pi)
    second = (turn * (stop - through)) % (2 * math.pi)
    pieces = [(start, first, (ax, ay)), (through, second, (bx, by))]
    if whole:
        pieces.append((stop, 2 * math.pi - first - second, (cx, cy)))
    arc: list[tuple[float, ...]] = []
    for angle, width, corner in pieces:
        steps = max(int(_CHORDS * width / (2 * math.pi)), 1)
        arc.append(corner)
        for step in range(1, steps):
            at = angle + turn * width * step / steps
            arc.append((x + radius * math.cos(at), y + radius * math.sin(at)))
    arc.append((ax, ay) if whole else (cx, cy))
    return arc
