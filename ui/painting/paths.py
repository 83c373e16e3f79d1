"""Rings as Qt's paths and polygons, by memory instead of point by point."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QPainterPath, QPolygonF

from ui.painting.clip import FloatArray
from ui.painting.rings import Rings

_BYTES_PER_POINT = 16
_WINDING = Qt.FillRule.WindingFill


def polygon(xy: FloatArray) -> QPolygonF:
    """Return the points as a QPolygonF, copied in one go."""
    found = QPolygonF()
    if len(xy):
        found.fill(QPointF(), len(xy))
        memory: Any = found.data()  # a buffer at run time; the stubs do not know
        memory.setsize(len(xy) * _BYTES_PER_POINT)
        np.frombuffer(memory, dtype=np.float64).reshape(-1, 2)[:] = xy
    return found


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
