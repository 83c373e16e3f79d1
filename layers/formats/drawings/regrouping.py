"""Features that were written into a drawing here, put together again from their lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import shapely

from layers.formats.drawings.own_data import SHAPE
from layers.formats.drawings.pieces import AREAS, LINES, POINTS, Piece

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_MANY: Mapping[str, Any] = {
    AREAS: shapely.MultiPolygon,
    LINES: shapely.MultiLineString,
    POINTS: shapely.MultiPoint,
}


def regrouped(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces, those of one feature as one row, where all of them are still there.

    Fillings of features written here are left out: they repeat the feature. A feature of which a line is
    missing or stands twice, as after copying in CAD, stays as its single lines.
    """
    groups: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        if piece.own is not None and piece.own.role == SHAPE:
            groups[piece.own.feature].append(piece)
    whole = {feature: joined for feature, group in groups.items() if (joined := _joined(group)) is not None}
    rows: list[Piece] = []
    placed: set[int] = set()
    for piece in pieces:
        own = piece.own
        if own is None:
            rows.append(piece)
        elif own.role == SHAPE and own.feature not in whole:
            rows.append(replace(piece, own=None))
        elif own.role == SHAPE and own.feature not in placed:
            placed.add(own.feature)
            rows.append(whole[own.feature])
        elif piece.family != AREAS:
            # a label; what is not a label and no first line of its feature is in the feature already
            rows += [] if own.role == SHAPE else [replace(piece, own=None)]
    return rows


def _joined(group: list[Piece]) -> Piece | None:
    owns = [piece.own for piece in group if piece.own is not None]
    places = {(own.part, own.ring) for own in owns}
    families = {piece.family for piece in group}
    values = [own.values for own in owns if own.values is not None]
    if len(places) != len(group) or len(group) != owns[0].pieces or len(families) != 1 or len(values) != 1:
        return None
    parts: dict[int, dict[int, BaseGeometry]] = defaultdict(dict)
    for piece, own in zip(group, owns, strict=True):
        parts[own.part][own.ring] = piece.shape
    if any(0 not in rings for rings in parts.values()):
        return None
    family = families.pop()
    shapes = [_with_holes(parts[number]) for number in sorted(parts)]
    shape = _MANY[family](shapes) if owns[0].multiple else shapes[0]
    return replace(group[0], shape=shape, own=replace(owns[0], values=values[0]))


def _with_holes(rings: Mapping[int, BaseGeometry]) -> BaseGeometry:
    if len(rings) == 1:
        return rings[0]
    shell = shapely.get_exterior_ring(rings[0])
    holes = [shapely.get_exterior_ring(rings[number]) for number in sorted(rings) if number]
    return shapely.Polygon(shell, holes)
