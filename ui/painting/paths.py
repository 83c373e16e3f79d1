"""Rings as Qt's paths and polygons, by memory instead of point by point."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from PyQt6.QtCore import QByteArray, QDataStream, QPointF, Qt
from PyQt6.QtGui import QPainterPath, QPolygonF

from ui.painting.clip import FloatArray
from ui.painting.rings import IntArray, Rings

_BYTES_PER_POINT = 16
_WINDING = Qt.FillRule.WindingFill
# How Qt streams a path: the number of elements, the elements, where the last ring starts, the fill rule.
_HEAD = np.dtype("<i4")
_ELEMENT = np.dtype([("type", "<i4"), ("x", "<f8"), ("y", "<f8")])
_FOOT = np.dtype([("last_start", "<i4"), ("fill_rule", "<i4")])
_MOVE_TO, _LINE_TO = 0, 1


def polygon(xy: FloatArray) -> QPolygonF:
    """Return the points as a QPolygonF, copied in one go."""
    found = QPolygonF()
    if len(xy):
        found.fill(QPointF(), len(xy))
        memory: Any = found.data()  # a buffer at run time; the stubs do not know
        memory.setsize(len(xy) * _BYTES_PER_POINT)
        np.frombuffer(memory, dtype=np.float64).reshape(-1, 2)[:] = xy
    return found


def whole_path(xy: FloatArray, offsets: IntArray) -> QPainterPath:
    """Return one path of many rings or lines, read from memory as Qt streams a path.

    Parameters
    ----------
    xy : ndarray of float64, shape (n, 2)
        Pixels.
    offsets : ndarray of int64, shape (rings + 1,)
    """
    path = QPainterPath()
    if not len(xy):
        return path
    data = np.empty(_HEAD.itemsize + len(xy) * _ELEMENT.itemsize + _FOOT.itemsize, dtype=np.uint8)
    data[: _HEAD.itemsize].view(_HEAD)[0] = len(xy)
    elements = data[_HEAD.itemsize : -_FOOT.itemsize].view(_ELEMENT)
    elements["type"] = _LINE_TO
    elements["type"][offsets[:-1][np.diff(offsets) > 0]] = _MOVE_TO
    elements["x"], elements["y"] = xy[:, 0], xy[:, 1]
    data[-_FOOT.itemsize :].view(_FOOT)[0] = (int(offsets[-2]), _WINDING.value)
    stored: Any = data
    stream: Any = QDataStream(QByteArray(stored))
    stream.setByteOrder(QDataStream.ByteOrder.LittleEndian)
    stream >> path  # the stubs do not know that a path can be streamed
    return path


def path_of(rings: Rings) -> QPainterPath:
    """Return one path of all rings; overlapping areas count once."""
    return next(paths_of(rings, as_one=True), QPainterPath())


def paths_of(rings: Rings, *, as_one: bool) -> Iterator[QPainterPath]:
    """Return a path per group of rings, or all rings as one path."""
    if not len(rings):
        return
    points = polygon(rings.xy)
    offsets = rings.offsets.tolist()
    breaks = [] if as_one else (np.flatnonzero(np.diff(rings.groups)) + 1).tolist()
    for first, end in pairwise([0, *breaks, len(rings)]):
        path = QPainterPath()
        path.setFillRule(_WINDING)
        for place in range(first, end):
            path.addPolygon(points[offsets[place] : offsets[place + 1]])
        yield path
