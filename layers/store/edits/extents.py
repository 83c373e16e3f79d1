"""The extent of a layer after an edit, exact, without a look at all of its features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import apsw

from layers.store.blob import envelope
from layers.store.database import one
from layers.store.naming import quoted

Box = tuple[float, float, float, float]
"""West, south, east, north."""

_FIRST_SHARE = 1.0 / 1024.0


@dataclass(frozen=True)
class _Side:
    """A side of a box: its place in it, its column and function, and which way is outward."""

    place: int
    column: str
    function: str
    outward: int


_SIDES = (
    _Side(0, "minx", "ST_MinX", -1),
    _Side(1, "miny", "ST_MinY", -1),
    _Side(2, "maxx", "ST_MaxX", 1),
    _Side(3, "maxy", "ST_MaxY", 1),
)


def box_of(blob: bytes | None) -> Box | None:
    """Return the box of a stored shape; None where it has no place."""
    if blob is None:
        return None
    try:
        found = envelope(blob)
    except ValueError:
        return None
    return None if found is None else (found[0], found[2], found[1], found[3])


def renewed_extent(
    connection: apsw.Connection, table: str, extent: Box | None, gone: Sequence[Box], come: Sequence[Box]
) -> Box | None:
    """Return a layer's extent after its features' boxes ``gone`` became ``come``.

    The features themselves are written already. A side is looked for anew only where a shape that is gone
    touched it.
    """
    if extent is None:
        return _joined(come)
    sides = list(extent)
    grown = _joined([extent, *come]) or extent
    for side in _SIDES:
        sides[side.place] = grown[side.place]
        reached = any(box[side.place] * side.outward >= extent[side.place] * side.outward for box in gone)
        if reached and grown[side.place] == extent[side.place]:
            found = _outermost(connection, table, side, extent)
            if found is None:
                return None
            sides[side.place] = found
    return (sides[0], sides[1], sides[2], sides[3])


def _joined(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _outermost(connection: apsw.Connection, table: str, side: _Side, extent: Box) -> float | None:
    """Return how far a layer reaches on one side, looking from outside inward.

    The R-tree holds 32-bit numbers rounded outward, so what it finds first need not be the outermost: all
    that could reach as far are asked for their exact boxes.
    """
    opposite = extent[(side.place + 2) % 4]
    reach = abs(extent[side.place] - opposite) * _FIRST_SHARE or 1.0
    end = abs(extent[side.place] - opposite) * 2 + 2.0
    while True:
        found = _exact(connection, table, side, extent[side.place] - side.outward * reach)
        if found is not None:
            return _exact(connection, table, side, found)
        if reach > end:
            return None
        reach *= 4


def _exact(connection: apsw.Connection, table: str, side: _Side, limit: float) -> float | None:
    """Return the outermost exact place among features whose box in the R-tree reaches beyond ``limit``."""
    word, beyond = ("min", "<=") if side.outward < 0 else ("max", ">=")
    found = one(
        connection,
        f"SELECT {word}({side.function}(geom)) FROM {quoted(table)} WHERE fid IN"
        f" (SELECT id FROM {quoted(f'rtree_{table}_geom')} WHERE {side.column} {beyond} ?)",
        (limit,),
    )
    return None if found is None or found[0] is None else float(found[0])
