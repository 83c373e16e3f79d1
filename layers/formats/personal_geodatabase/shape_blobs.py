"""The shapes in a personal geodatabase: ESRI's shape buffers.

Source: ESRI, Extended Shapefile Record Format (2012): type with flags, box, counts, starts of parts, points,
then heights and measures.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from layers.formats.rings import polygon_of

_HAS_Z, _HAS_M, _HAS_CURVES = 0x80000000, 0x40000000, 0x20000000
_POINTS = frozenset({1, 9, 11, 21, 52})
_MULTIPOINTS = frozenset({8, 18, 20, 28, 53})
_LINES = frozenset({3, 10, 13, 23, 50})
_POLYGONS = frozenset({5, 15, 19, 25, 51})
_WITH_Z = frozenset({9, 10, 11, 13, 15, 18, 19, 20})
_GENERAL = frozenset({50, 51, 52, 53})
# what stands for "none" in measures and in the place of an empty point
_NONE = -1e38


class OddShapeError(Exception):
    """Bytes that are no shape, or one of a type that is not read (multipatch)."""


@dataclass(frozen=True)
class ShapeRead:
    """A shape; ``curved`` where it has arcs, of which only the ends of each are kept."""

    shape: Any
    curved: bool = False


def shape_of(body: bytes) -> ShapeRead:
    """Return the shape in a buffer; measures are left out.

    Raises
    ------
    OddShapeError
    """
    try:
        (stated,) = struct.unpack_from("<I", body)
        kind = stated & 0xFF
        has_z = bool(stated & _HAS_Z) if kind in _GENERAL else kind in _WITH_Z
        curved = kind in _GENERAL and bool(stated & _HAS_CURVES)
        if kind == 0:
            return ShapeRead(None)
        if kind in _POINTS:
            return ShapeRead(_point(body, has_z))
        if kind in _MULTIPOINTS:
            (count,) = struct.unpack_from("<i", body, 36)
            return ShapeRead(shapely.multipoints(_coordinates(body, 40, count, has_z)))
        if kind in _LINES | _POLYGONS:
            return ShapeRead(_parts(body, has_z, polygon=kind in _POLYGONS), curved)
    except (struct.error, ValueError, IndexError, shapely.errors.ShapelyError) as error:
        raise OddShapeError(str(error)) from error
    raise OddShapeError(f"type {kind}")


def _point(body: bytes, has_z: bool) -> Any:
    values = struct.unpack_from("<3d" if has_z else "<2d", body, 4)
    if np.isnan(values[0]) or values[0] < _NONE:
        return shapely.Point()
    return shapely.Point(values)


def _parts(body: bytes, has_z: bool, *, polygon: bool) -> Any:
    part_count, count = struct.unpack_from("<ii", body, 36)
    if not 0 < part_count <= count:
        raise ValueError(f"{part_count} parts of {count} points")
    starts = np.frombuffer(body, "<i4", part_count, 44).astype(np.int64)
    points = _coordinates(body, 44 + 4 * part_count, count, has_z)
    ends = np.append(starts[1:], count)
    if starts[0] != 0 or (ends <= starts).any() or ends[-1] != count:
        raise ValueError("parts")
    paths = [points[start:end] for start, end in zip(starts, ends, strict=True)]
    if polygon:
        return polygon_of([shapely.linearrings(path) for path in paths])
    lines = [shapely.linestrings(path) for path in paths]
    return lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)


def _coordinates(body: bytes, at: int, count: int, has_z: bool) -> Any:
    """Return points; heights stand behind all of them, after their lowest and highest."""
    if not 0 < count <= (len(body) - at) // 16:
        raise ValueError(f"{count} points")
    points = np.frombuffer(body, "<f8", 2 * count, at).reshape(count, 2)
    if not has_z:
        return points
    heights = np.frombuffer(body, "<f8", count, at + 16 * count + 16)
    return np.column_stack([points, heights])
