"""Cutting shapes that reach far beyond the picture, before Qt sees their coordinates.

Qt's rasteriser counts in fixed point: coordinates of a district outline seen at 1:500 would overflow it,
and a dashed line of a million pixels would be dashed to its end. Both cuts keep what is inside exactly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Rect = tuple[float, float, float, float]


def _cut_ring(ring: FloatArray, axis: int, limit: float, sign: float) -> FloatArray:
    """Keep of a closed ring what lies where ``sign * (coordinate - limit) >= 0`` (Sutherland and Hodgman)."""
    distance = sign * (ring[:, axis] - limit)
    inside = distance >= 0
    if inside.all():
        return ring
    if not inside.any():
        return ring[:0]
    crossing = np.flatnonzero(inside[:-1] != inside[1:])
    share = distance[crossing] / (distance[crossing] - distance[crossing + 1])
    cuts = ring[crossing] + share[:, None] * (ring[crossing + 1] - ring[crossing])
    cuts[:, axis] = limit
    kept = np.flatnonzero(inside[:-1])
    # positions along the ring: vertex i at i, the cut of edge i at i + 0.5
    order = np.argsort(np.concatenate([kept, crossing + 0.5]), kind="stable")
    points = np.concatenate([ring[kept], cuts])[order]
    return np.concatenate([points, points[:1]])


def clip_ring(ring: FloatArray, rect: Rect) -> FloatArray:
    """Cut a closed ring to a rectangle; its direction stays.

    Parameters
    ----------
    ring : ndarray, shape (n, 2)
        First and last point equal.
    rect : tuple
        xmin, ymin, xmax, ymax.

    Returns
    -------
    ndarray, shape (m, 2)
        Closed; may run along the rectangle's edges. Empty when nothing is inside.
    """
    for axis, limit, sign in ((0, rect[0], 1.0), (1, rect[1], 1.0), (0, rect[2], -1.0), (1, rect[3], -1.0)):
        if len(ring) < 4:
            return ring[:0]
        ring = _cut_ring(ring, axis, limit, sign)
    return ring


def _visible_shares(line: FloatArray, rect: Rect) -> tuple[FloatArray, FloatArray]:
    """Return where each segment enters and leaves, as shares of its length (Liang and Barsky)."""
    start, step = line[:-1], np.diff(line, axis=0)
    enter, leave = np.zeros(len(step)), np.ones(len(step))
    for axis, limit, sign in ((0, rect[0], 1.0), (1, rect[1], 1.0), (0, rect[2], -1.0), (1, rect[3], -1.0)):
        room = sign * (start[:, axis] - limit)
        gain = sign * step[:, axis]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = -room / gain
        enter = np.where(gain > 0, np.maximum(enter, share), enter)
        leave = np.where(gain < 0, np.minimum(leave, share), leave)
        leave = np.where((gain == 0) & (room < 0), -1.0, leave)
    return enter, leave


def clip_line(line: FloatArray, rect: Rect) -> list[tuple[FloatArray, float]]:
    """Cut a line to a rectangle.

    Returns
    -------
    list of (points, start)
        The runs inside, each with its distance from the line's own start, so that dashes keep their phase.
    """
    enter, leave = _visible_shares(line, rect)
    step = np.diff(line, axis=0)
    length = np.hypot(step[:, 0], step[:, 1])
    behind = np.concatenate([[0.0], np.cumsum(length)])
    seen = np.flatnonzero(enter < leave)
    if not len(seen):
        return []
    # a run goes on where the next segment is seen from its very start
    broken = (np.diff(seen) > 1) | (leave[seen[:-1]] < 1) | (enter[seen[1:]] > 0)
    runs: list[tuple[FloatArray, float]] = []
    for run in np.split(seen, np.flatnonzero(broken) + 1):
        first, last = run[0], run[-1]
        begin = line[first] + enter[first] * step[first]
        end = line[last] + leave[last] * step[last]
        points = np.concatenate([begin[None], line[run[1:]], end[None]])
        runs.append((points, float(behind[first] + enter[first] * length[first])))
    return runs
