"""Blocks and their plots: quadrilaterals set back from the streets, cut into strips and strips into plots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_STRIP_SPREAD = 0.22
_PLOT_SPREAD = 0.34
_SCALE_SPREAD = 0.3


def within(quads: NDArray[np.float64], u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the place at share ``u`` along and ``v`` across of each quadrilateral, shape (n, 2)."""
    u, v = u[:, None], v[:, None]
    place: NDArray[np.float64] = (
        quads[:, 0] * (1 - u) * (1 - v)
        + quads[:, 1] * u * (1 - v)
        + quads[:, 2] * u * v
        + quads[:, 3] * (1 - u) * v
    )
    return place


def divide(quads: NDArray[np.float64], along: int, across: int) -> NDArray[np.float64]:
    """Divide each quadrilateral into ``along`` x ``across``.

    Shape (n * along * across, 4, 2), the parts of each quadrilateral together.
    """
    parts = []
    for j in range(across):
        for i in range(along):
            corners = []
            for a, b in ((i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)):
                share = np.full(len(quads), 1.0)
                corners.append(within(quads, share * (a / along), share * (b / across)))
            parts.append(np.stack(corners, axis=1))
    return np.stack(parts, axis=1).reshape(-1, 4, 2)


def set_back(quads: NDArray[np.float64], width_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Move every side of convex, counter-clockwise quadrilaterals inward by ``width_m``."""
    start = quads
    side = np.roll(quads, -1, axis=1) - start
    side = side / np.linalg.norm(side, axis=2, keepdims=True)
    inward = np.stack([-side[..., 1], side[..., 0]], axis=-1)
    point = start + inward * width_m[:, None, None]
    before, before_point = np.roll(side, 1, axis=1), np.roll(point, 1, axis=1)
    gap = point - before_point
    cross = before[..., 0] * side[..., 1] - before[..., 1] * side[..., 0]
    along = (gap[..., 0] * side[..., 1] - gap[..., 1] * side[..., 0]) / cross
    corners: NDArray[np.float64] = before_point + before * along[..., None]
    return np.round(corners, 3)


def sides_m(quads: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean length along and across of each quadrilateral in metres."""
    length = np.linalg.norm(np.roll(quads, -1, axis=1) - quads, axis=2)
    return (length[:, 0] + length[:, 2]) / 2, (length[:, 1] + length[:, 3]) / 2


def share_line(
    counts: NDArray[np.int64], rng: np.random.Generator, spread: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Divide a unit length per group into ``counts`` parts of uneven length.

    Returns
    -------
    group : ndarray of int64
        The group of every part, in order.
    start, end : ndarray
        Where the part begins and ends, 0 to 1; the last part of a group ends at exactly 1.
    """
    group = np.repeat(np.arange(counts.size), counts)
    weight = np.exp(rng.normal(0.0, spread, group.size))
    total = np.bincount(group, weights=weight, minlength=counts.size)
    last = np.cumsum(counts) - 1
    running = np.cumsum(weight / total[group])
    # the shares of each group sum to 1, so the groups before have used up one unit each
    end = running - group
    end[last] = 1.0
    start = np.concatenate([[0.0], end[:-1]])
    start[np.concatenate([[0], last[:-1] + 1])] = 0.0
    return group, start, end


@dataclass(frozen=True)
class Plan:
    """How blocks are to be cut: strips, and the number of plots in each strip."""

    strip_block: NDArray[np.int64]
    strip_start: NDArray[np.float64]
    strip_end: NDArray[np.float64]
    plots: NDArray[np.int64]


def plan_plots(quads: NDArray[np.float64], plot_m2: NDArray[np.float64], rng: np.random.Generator) -> Plan:
    """Lay out strips and plots so that a block's plots are about ``plot_m2`` each.

    Plots are about as deep as wide, and sizes scatter within a block.
    """
    along, across = sides_m(quads)
    strips = np.maximum(1, np.round(across / np.sqrt(plot_m2))).astype(np.int64)
    block, start, end = share_line(strips, rng, _STRIP_SPREAD)
    wanted = plot_m2[block] * np.exp(rng.normal(0.0, _SCALE_SPREAD, block.size))
    plots = np.maximum(1, np.round(along[block] * across[block] * (end - start) / wanted)).astype(np.int64)
    return Plan(block, start, end, plots)


def cut_lines(
    quads: NDArray[np.float64], plan: Plan, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the lines that cut the blocks as planned, shape (lines, 2, 2), and the block of each line."""
    inner = plan.strip_end < 1.0
    strip_quads, strip_v = quads[plan.strip_block[inner]], plan.strip_end[inner]
    zero, one = np.zeros(strip_v.size), np.ones(strip_v.size)
    between = np.stack([within(strip_quads, zero, strip_v), within(strip_quads, one, strip_v)], axis=1)
    strip, _start, end = share_line(plan.plots, rng, _PLOT_SPREAD)
    inside = end < 1.0
    strip, u = strip[inside], end[inside]
    plot_quads = quads[plan.strip_block[strip]]
    across = np.stack(
        [within(plot_quads, u, plan.strip_start[strip]), within(plot_quads, u, plan.strip_end[strip])], axis=1
    )
    lines = np.round(np.concatenate([between, across]), 3)
    return lines, np.concatenate([plan.strip_block[inner], plan.strip_block[strip]])
