"""The shapes of point symbols: told apart without colour, of about equal weight to the eye."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainterPath

from layers.style import Marker

# Corners as (degrees clockwise from north, distance from the middle) for a symbol whose half size is 1.
_CORNERS: dict[Marker, tuple[tuple[float, float], ...]] = {
    Marker.TRIANGLE: ((0, 1.2), (120, 1.2), (240, 1.2)),
    Marker.INVERTED_TRIANGLE: ((180, 1.2), (300, 1.2), (60, 1.2)),
    Marker.DIAMOND: ((0, 1.15), (90, 1.15), (180, 1.15), (270, 1.15)),
    Marker.PENTAGON: tuple((72 * k, 1.1) for k in range(5)),
    Marker.STAR: tuple((36 * k, 1.25 if k % 2 == 0 else 0.52) for k in range(10)),
}
# The band of a framed symbol, between these distances from the middle, and the core within.
FRAME_OUTER, FRAME_INNER, FRAME_CORE = 1.1, 0.74, 0.42
_SQUARE_SIDE = 0.88
_ARM, _ARM_HALF_WIDTH = 1.0, 0.36


def marker_path(marker: Marker, size_px: float) -> QPainterPath:
    """Return a symbol's shape around (0, 0)."""
    half = size_px / 2
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    if marker in _CORNERS:
        _add_ring(path, [_at(angle, half * reach) for angle, reach in _CORNERS[marker]])
    elif marker in (Marker.CROSS, Marker.SALTIRE):
        _add_ring(path, _cross(half, 45 if marker is Marker.SALTIRE else 0))
    elif marker in (Marker.RING, Marker.FRAMED_SQUARE):
        for reach in (FRAME_OUTER, FRAME_INNER, FRAME_CORE):
            _add_round_or_square(path, half * reach, is_round=marker is Marker.RING)
    elif marker is Marker.SQUARE:
        _add_round_or_square(path, half * _SQUARE_SIDE, is_round=False)
    else:
        _add_round_or_square(path, half, is_round=True)
    return path


def _at(angle: float, radius: float) -> QPointF:
    turn = math.radians(angle)
    return QPointF(radius * math.sin(turn), -radius * math.cos(turn))


def _add_ring(path: QPainterPath, corners: Sequence[QPointF]) -> None:
    path.moveTo(corners[0])
    for corner in corners[1:]:
        path.lineTo(corner)
    path.closeSubpath()


def _add_round_or_square(path: QPainterPath, half: float, *, is_round: bool) -> None:
    if is_round:
        path.addEllipse(QPointF(0, 0), half, half)
    else:
        path.addRect(QRectF(-half, -half, 2 * half, 2 * half))


def _cross(half: float, turn: float) -> list[QPointF]:
    """Return the corners of a cross of four arms, turned clockwise by some degrees."""
    reach = math.hypot(_ARM, _ARM_HALF_WIDTH) * half
    lean = math.degrees(math.atan2(_ARM_HALF_WIDTH, _ARM))
    inner = math.hypot(_ARM_HALF_WIDTH, _ARM_HALF_WIDTH) * half
    corners = []
    for arm in range(4):
        north = turn + 90 * arm
        corners += [_at(north - lean, reach), _at(north + lean, reach), _at(north + 45, inner)]
    return corners
