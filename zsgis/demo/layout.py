"""Which cells hold industry and research, and how every built or farmed cell is cut into blocks and plots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zsgis.demo.blocks import Plan, divide, plan_plots, set_back, sides_m
from zsgis.demo.chance import smooth_noise, stream
from zsgis.demo.lattice import Lattice
from zsgis.demo.zones import COUNTRY, Use, Zones

M2_PER_MU = 2000.0 / 3.0

# Sizes of industrial plots: the typical size of a block's plots in mu and the share of plots that come from
# such blocks. The published figures are about half under 5 mu and about 70 % under 10 mu; the table keeps
# both when sizes scatter within a block.
_INDUSTRY_MU = np.array([1.6, 3.1, 6.8, 16.0, 40.0, 110.0])
_INDUSTRY_PLOT_SHARE = np.array([0.16, 0.298, 0.244, 0.166, 0.09, 0.042])
_INDUSTRIAL_PLOTS = 6260
_RESEARCH_MU = np.array([8.0, 25.0, 70.0])
_RESEARCH_PLOT_SHARE = np.array([0.45, 0.35, 0.20])
_RESEARCH_PLOTS = 265
_GOLDEN = (5.0**0.5 - 1.0) / 2.0

_PLOT_HA = {
    Use.CORE: 6.5,
    Use.MIDDLE: 10.5,
    Use.EDGE: 14.0,
    Use.VILLAGE: 13.0,
    Use.FIELDS: 30.0,
    Use.PONDS: 30.0,
    Use.ORCHARDS: 30.0,
    Use.SHORE: 30.0,
}
_SET_BACK_M = {
    Use.CORE: 11.0,
    Use.MIDDLE: 10.0,
    Use.EDGE: 8.0,
    Use.INDUSTRY: 8.0,
    Use.RESEARCH: 9.0,
    Use.VILLAGE: 4.0,
    Use.FIELDS: 3.5,
    Use.PONDS: 5.0,
    Use.ORCHARDS: 3.5,
    Use.SHORE: 6.0,
}


@dataclass(frozen=True)
class Layout:
    """The blocks of the whole city and how they are to be cut.

    Attributes
    ----------
    use : ndarray of int64, shape (cells,)
        The use of every cell, industry and research placed.
    quads : ndarray, shape (blocks, 4, 2)
        Corners of every block, set back from the streets.
    cell : ndarray of int64, shape (blocks,)
        The cell of every block.
    plot_m2 : ndarray, shape (blocks,)
        Typical size of the block's plots.
    plan : Plan
        Strips and plots.
    """

    use: NDArray[np.int64]
    quads: NDArray[np.float64]
    cell: NDArray[np.int64]
    plot_m2: NDArray[np.float64]
    plan: Plan


def lay_out(lattice: Lattice, zones: Zones, favoured: NDArray[np.float64], seed: int) -> Layout:
    """Place industry and research among the built-up cells and lay out all blocks.

    Parameters
    ----------
    favoured : ndarray, shape (cells,)
        How much industry is favoured in a cell, 0 to 1 (more in the platforms' parks).
    """
    quads = lattice.quads
    use = zones.use.copy()
    parts: list[tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]] = []
    for target, rank in (
        (_RESEARCH, _research_rank(lattice, zones, favoured, seed)),
        (_INDUSTRY, _industry_rank(lattice, zones, favoured, seed)),
    ):
        built = rank[np.isin(use[rank], (Use.CORE, Use.MIDDLE, Use.EDGE))]
        cells, blocks = _take_cells(quads, built, target, seed)
        use[cells] = target.use
        parts.append(blocks)
    for kind in (Use.CORE, Use.MIDDLE, Use.EDGE, *COUNTRY):
        cells = np.flatnonzero(use == kind)
        shape = (2, 2) if kind is Use.CORE else (2, 1) if kind is Use.MIDDLE else (1, 1)
        size = np.full(cells.size, _PLOT_HA[kind] * 1e4)
        parts.append(_blocks(quads, cells, shape, size))
    every_quad = np.concatenate([part[0] for part in parts])
    every_cell = np.concatenate([part[1] for part in parts])
    every_size = np.concatenate([part[2] for part in parts])
    width = np.array([_SET_BACK_M.get(Use(k), 0.0) for k in range(len(Use))])
    set_in = set_back(every_quad, width[use[every_cell]])
    plan = plan_plots(set_in, every_size, stream(seed, "plots"))
    return Layout(use, set_in, every_cell, every_size, plan)


@dataclass(frozen=True)
class _Target:
    use: Use
    sizes_mu: NDArray[np.float64]
    plot_share: NDArray[np.float64]
    plots: int


_INDUSTRY = _Target(Use.INDUSTRY, _INDUSTRY_MU, _INDUSTRY_PLOT_SHARE, _INDUSTRIAL_PLOTS)
_RESEARCH = _Target(Use.RESEARCH, _RESEARCH_MU, _RESEARCH_PLOT_SHARE, _RESEARCH_PLOTS)


def _industry_rank(
    lattice: Lattice, zones: Zones, favoured: NDArray[np.float64], seed: int
) -> NDArray[np.int64]:
    east, north = lattice.centers.T
    score = (
        1.1 * smooth_noise(seed, "industry", east, north, 1700.0)
        + 0.35 * favoured
        - 0.5 * (zones.use == Use.CORE)
        + 0.12 * stream(seed, "industry cells").random(east.size)
    )
    return np.argsort(-score, kind="stable")


def _research_rank(
    lattice: Lattice, zones: Zones, favoured: NDArray[np.float64], seed: int
) -> NDArray[np.int64]:
    east, north = lattice.centers.T
    score = smooth_noise(seed, "research", east, north, 1100.0) + 0.5 * favoured - 0.2 * zones.pull
    return np.argsort(-score, kind="stable")


def _take_cells(
    quads: NDArray[np.float64], rank: NDArray[np.int64], target: _Target, seed: int
) -> tuple[NDArray[np.int64], tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]]:
    """Take cells in order of rank until their blocks hold the wanted number of plots."""
    rng = stream(seed, f"sizes {target.use.name}")
    # a cell of small plots holds many: cells are drawn by the land their plots take, not by the plots' number
    land_share = target.plot_share * target.sizes_mu
    # steps of the golden section spread the sizes evenly over the few cells, so that shares hold for any seed
    spread = (rng.random() + _GOLDEN * np.arange(rank.size)) % 1.0
    size_class = np.searchsorted(np.cumsum(land_share) / land_share.sum(), spread, side="right")
    size_m2 = target.sizes_mu[size_class] * M2_PER_MU
    along, across = sides_m(quads[rank])
    expected = 0.88 * along * across / size_m2
    taken = int(np.searchsorted(np.cumsum(expected), target.plots)) + 1
    cells, size_m2 = rank[:taken], size_m2[:taken]
    fine, coarse = size_m2 < 20 * M2_PER_MU, size_m2 >= 60 * M2_PER_MU
    blocks = [
        _blocks(quads, cells[chosen], shape, size_m2[chosen])
        for chosen, shape in ((fine, (2, 2)), (~fine & ~coarse, (2, 1)), (coarse, (1, 1)))
    ]
    return cells, (
        np.concatenate([part[0] for part in blocks]),
        np.concatenate([part[1] for part in blocks]),
        np.concatenate([part[2] for part in blocks]),
    )


def _blocks(
    quads: NDArray[np.float64], cells: NDArray[np.int64], shape: tuple[int, int], size_m2: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    count = shape[0] * shape[1]
    return divide(quads[cells], *shape), np.repeat(cells, count), np.repeat(size_m2, count)
