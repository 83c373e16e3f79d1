"""What stands on each cell of the lattice: forest, water, country, village, city, industry or research."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from zsgis.demo.chance import smooth_noise, stream
from zsgis.demo.lattice import Lattice
from zsgis.demo.seeds import Hill, Towns


class Use(IntEnum):
    """The main use of a cell."""

    FOREST = 0
    RESERVOIR = 1
    FIELDS = 2
    PONDS = 3
    ORCHARDS = 4
    VILLAGE = 5
    SHORE = 6
    EDGE = 7
    MIDDLE = 8
    CORE = 9
    INDUSTRY = 10
    RESEARCH = 11


BUILT = (Use.EDGE, Use.MIDDLE, Use.CORE, Use.INDUSTRY, Use.RESEARCH)
COUNTRY = (Use.FIELDS, Use.PONDS, Use.ORCHARDS, Use.VILLAGE, Use.SHORE)

# Share of all cells that are built-up; with villages and main roads about 40 % of the land is built.
_BUILT_SHARE = 0.414
_VILLAGE_SHARE = 0.20
_REACH_M = 4300.0
_REACH_PEOPLE = 200_000.0


@dataclass(frozen=True)
class Zones:
    """The use of every cell, and how central it is.

    Attributes
    ----------
    use : ndarray of int64, shape (cells,)
        A :class:`Use` per cell.
    pull : ndarray, shape (cells,)
        1 at a town's point, falling to 0 and below outwards.
    hill : ndarray, shape (cells,)
        Above 0 on the hills, up to about 1.3 at their heart.
    """

    use: NDArray[np.int64]
    pull: NDArray[np.float64]
    hill: NDArray[np.float64]


def lay_zones(
    lattice: Lattice, towns: Towns, hills: tuple[Hill, ...], *, water: NDArray[np.float64], seed: int
) -> Zones:
    """Decide the use of every cell but industry and research, which are placed by their counts later.

    Parameters
    ----------
    water : ndarray, shape (cells,)
        Distance to the nearest river in metres.
    """
    east, north = lattice.centers.T
    noise = 0.6 * smooth_noise(seed, "city", east, north, 2600.0)
    noise = noise + 0.4 * smooth_noise(seed, "quarters", east, north, 1100.0)
    pull = _pull(towns, east, north)
    hill = _hill(hills, east, north) + 0.7 * (smooth_noise(seed, "hills", east, north, 1800.0) - 0.5)
    use = np.full(east.size, int(Use.FIELDS), dtype=np.int64)
    ponds = smooth_noise(seed, "ponds", east, north, 4200.0) + 0.2 * (water < 2500.0)
    use[ponds > 0.64] = Use.PONDS
    use[smooth_noise(seed, "orchards", east, north, 2600.0) > 0.70] = Use.ORCHARDS
    forest = (hill > 0.0) & (pull < 0.72)
    score = np.where(forest, -np.inf, 0.75 * pull + 0.9 * noise)
    order = np.argsort(-score, kind="stable")
    built = order[: round(_BUILT_SHARE * east.size)]
    country = order[built.size :]
    chance = stream(seed, "villages").random(east.size)
    use[country[chance[country] < _VILLAGE_SHARE]] = Use.VILLAGE
    use[built] = Use.EDGE
    use[built[: round(0.62 * built.size)]] = Use.MIDDLE
    use[built[: round(0.20 * built.size)]] = Use.CORE
    use[forest] = Use.FOREST
    reservoir = smooth_noise(seed, "reservoirs", east, north, 900.0)
    use[forest & (hill < 0.5) & (reservoir > 0.88)] = Use.RESERVOIR
    rim = _on_rim(lattice) & (east > np.median(east) + 9000.0) & ~np.isin(use, BUILT)
    use[rim] = Use.SHORE
    return Zones(use, pull, hill)


def _pull(towns: Towns, east: NDArray[np.float64], north: NDArray[np.float64]) -> NDArray[np.float64]:
    points_per_town = np.bincount(towns.point_town)
    people = (towns.population / points_per_town)[towns.point_town]
    reach = _REACH_M * np.sqrt(people / _REACH_PEOPLE)
    distance = np.hypot(east[:, None] - towns.points[:, 0], north[:, None] - towns.points[:, 1])
    pull: NDArray[np.float64] = (1.0 - distance / reach).max(axis=1)
    return pull


def _hill(
    hills: tuple[Hill, ...], east: NDArray[np.float64], north: NDArray[np.float64]
) -> NDArray[np.float64]:
    heights = [
        1.0 - ((east - h.east) / h.reach_east) ** 2 - ((north - h.north) / h.reach_north) ** 2 for h in hills
    ]
    highest: NDArray[np.float64] = np.max(heights, axis=0)
    return highest


def _on_rim(lattice: Lattice) -> NDArray[np.bool_]:
    framed = np.pad(lattice.number, 1, constant_values=-1)
    r, c = lattice.row + 1, lattice.column + 1
    rim: NDArray[np.bool_] = (framed[r, c + 1] < 0) | (framed[r - 1, c] < 0) | (framed[r + 1, c] < 0)
    return rim
