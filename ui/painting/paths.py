"""Rings as Qt's paths and polygons, by memory instead of point by point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QPainterPath, QPolygonF

from ui.painting.clip import FloatArray
from ui.painting.rings import Rings

_BYTES_PER_POINT = 16


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
    return next(paths_of(rings, len(rings) or 1), QPainterPath())


def paths_of(rings: Rings, rings_per_path: int) -> Iterator[QPainterPath]:
    """Return paths of so many rings each."""
    points = polygon(rings.xy)
    offsets = rings.offsets.tolist()
    for first in range(0, len(rings), rings_per_path):
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        for place in range(first, min(first + rings_per_path, len(rings))):
            path.addPolygon(points[offsets[place] : offsets[place + 1]])
        yield path
