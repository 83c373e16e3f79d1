"""Metrics of each class and of the landscape as a whole.

Definitions: McGarigal, Cushman and Ene, FRAGSTATS v4; the landscape's boundary is not counted as edge (TE,
ED, IJI, CONTAG), but belongs to the perimeters that shape and aggregation are judged by (LSI, NLSI, PLADJ,
CLUMPY).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zsgis.analysis.landscape.adjacency import adjacencies
from zsgis.analysis.landscape.grid import ClassGrid, FloatArray, IntArray
from zsgis.analysis.landscape.patches import M2_PER_HA, Patches, least_perimeter
from zsgis.analysis.landscape.statistics import distribution

NAN = float("nan")
_DISTRIBUTED = (
    "AREA",
    "GYRATE",
    "SHAPE",
    "SHAPE_SQ",
    "FRAC",
    "PARA",
    "CIRCLE",
    "CONTIG",
    "CORE",
    "CAI",
    "ENN",
)
_PATCHES_FOR_PAFRAC = 10


@dataclass(frozen=True)
class Summaries:
    """The metrics under FRAGSTATS' names; NaN where one is not defined.

    Attributes
    ----------
    landscape : mapping of str to float
    classes : tuple of mapping of str to float
        One per value of the grid.
    """

    landscape: Mapping[str, float]
    classes: tuple[Mapping[str, float], ...]


@dataclass(frozen=True)
class _Counts:
    """What is counted once for all: cells and cell sides."""

    cells: IntArray
    pairs: IntArray
    perimeter: IntArray
    cell_m: float

    @property
    def total(self) -> int:
        return int(self.cells.sum())

    @property
    def total_ha(self) -> float:
        return self.total * self.cell_m**2 / M2_PER_HA

    @property
    def unlike(self) -> IntArray:
        """Sides between a class and each other one, shape (classes, classes)."""
        return self.pairs - np.diag(np.diag(self.pairs))

    @property
    def boundary(self) -> int:
        """Sides towards the outside."""
        return int(self.perimeter.sum() - self.unlike.sum())


def summarise(grid: ClassGrid, patches: Patches) -> Summaries:
    """Return the metrics of the classes and of the landscape."""
    count = len(grid.values)
    cells = np.bincount(patches.place, patches.cells, count).astype(np.int64)
    pairs = adjacencies(patches.runs, patches.meetings, count)
    perimeter = 4 * cells - 2 * np.diag(pairs)  # joined corners change no side: patches add up to this
    counts = _Counts(cells, pairs, perimeter, grid.cell_m)
    classes = tuple(_class_metrics(counts, patches, number) for number in range(count))
    return Summaries(_landscape_metrics(counts, patches, classes), classes)


def _class_metrics(counts: _Counts, patches: Patches, number: int) -> dict[str, float]:
    mine = patches.place == number
    edge_m = float(counts.unlike[number].sum() * counts.cell_m)
    area_ha = counts.cells[number] * counts.cell_m**2 / M2_PER_HA
    return {
        "CA": area_ha,
        "PLAND": 100.0 * area_ha / counts.total_ha,
        **_shared(counts, patches, mine, edge_m),
        "CPLAND": 100.0 * float(patches.metrics["CORE"][mine].sum()) / counts.total_ha,
        **_class_aggregation(counts, number),
        "IJI": _interspersion(counts.unlike[number][np.arange(len(counts.cells)) != number], None),
    }


def _landscape_metrics(
    counts: _Counts, patches: Patches, classes: tuple[Mapping[str, float], ...]
) -> dict[str, float]:
    everything = np.ones(len(patches.cells), dtype=bool)
    edge_m = float(counts.unlike.sum() / 2 * counts.cell_m)
    share = counts.cells / counts.total
    unlike = counts.unlike[np.triu_indices(len(share), 1)]
    sides = int(unlike.sum()) + counts.boundary
    return {
        "TA": counts.total_ha,
        **_shared(counts, patches, everything, edge_m),
        "LSI": sides / int(least_perimeter(np.array([counts.total]))[0]),
        "CONTAG": _contagion(counts),
        "PLADJ": 100.0 * 2.0 * float(np.diag(counts.pairs).sum()) / (4 * counts.total),
        "AI": float(np.nansum([found["AI"] * part for found, part in zip(classes, share, strict=True)])),
        "IJI": _interspersion(unlike, len(share)),
        **_diversity(share, counts.total_ha),
    }


def _shared(counts: _Counts, patches: Patches, mine: FloatArray, edge_m: float) -> dict[str, float]:
    """Return what classes and landscape have alike, of the patches chosen."""
    total = counts.total
    cells, perimeter = patches.cells[mine], patches.perimeter[mine]
    area_ha = patches.metrics["AREA"][mine]
    part = cells / total
    cores = patches.cores
    core_ha = cores.cells[mine[cores.patch]] * counts.cell_m**2 / M2_PER_HA
    found = {
        "NP": float(len(cells)),
        "PD": len(cells) / counts.total_ha * 100.0,
        "LPI": 100.0 * float(part.max()),
        "TE": edge_m,
        "ED": edge_m / counts.total_ha,
        "PAFRAC": _perimeter_area_dimension(perimeter * counts.cell_m, cells * counts.cell_m**2),
        "TCA": float(patches.metrics["CORE"][mine].sum()),
        "NDCA": float(len(core_ha)),
        "DCAD": len(core_ha) / counts.total_ha * 100.0,
        "COHESION": _cohesion(cells, perimeter, total),
        "DIVISION": 1.0 - float((part**2).sum()),
        "MESH": float((part**2).sum()) * counts.total_ha,
        "SPLIT": 1.0 / float((part**2).sum()),
    }
    for name in _DISTRIBUTED:
        found |= distribution(name, patches.metrics[name][mine], area_ha)
    return found | distribution("DCORE", core_ha, core_ha)


def _class_aggregation(counts: _Counts, number: int) -> dict[str, float]:
    """Return how the cells of a class hold together: LSI, NLSI, CLUMPY, PLADJ, AI."""
    cells, like = int(counts.cells[number]), int(counts.pairs[number, number])
    sides = int(counts.perimeter[number])
    least = int(least_perimeter(np.array([cells]))[0])
    share = cells / counts.total
    # over half of the landscape cells cannot all stand alone: the others are then taken as alone among them
    most = 4 * cells if share <= 0.5 else counts.boundary + 4 * (counts.total - cells)
    most_like = (4 * cells - least) // 2
    return {
        "LSI": sides / least,
        "NLSI": (sides - least) / (most - least) if most != least else NAN,
        "CLUMPY": _clumpiness(2 * like, 4 * cells - least, share),
        "PLADJ": 100.0 * 2 * like / (4 * cells),
        "AI": 100.0 * like / most_like if most_like else NAN,
    }


def _clumpiness(like: int, sides: int, share: float) -> float:
    """Return how far like adjacencies go beyond chance, -1 to 1; NaN where chance leaves no room."""
    if not sides or share == 1.0:
        return NAN
    joined = like / sides
    if joined < share < 0.5:
        return (joined - share) / share
    return (joined - share) / (1.0 - share)


def _cohesion(cells: IntArray, perimeter: IntArray, total: int) -> float:
    """Return 100 (1 - sum p / sum p sqrt(a)) / (1 - 1 / sqrt(Z)), all in cells; NaN for a single cell."""
    if total == 1:
        return NAN
    apart = float(perimeter.sum()) / float((perimeter * np.sqrt(cells)).sum())
    return 100.0 * (1.0 - apart) / (1.0 - 1.0 / float(np.sqrt(total)))


def _perimeter_area_dimension(perimeter_m: FloatArray, area_m2: FloatArray) -> float:
    """Return 2 over the slope of ln area on ln perimeter; NaN for fewer than 10 patches, as FRAGSTATS."""
    if len(area_m2) < _PATCHES_FOR_PAFRAC:
        return NAN
    x, y = np.log(perimeter_m), np.log(area_m2)
    spread = float(((x - x.mean()) ** 2).sum())
    slope = float(((x - x.mean()) * (y - y.mean())).sum()) / spread if spread else 0.0
    return 2.0 / slope if slope else NAN


def _interspersion(sides: IntArray, classes: int | None) -> float:
    """Return how evenly edges are spread over the pairs of classes, in per cent.

    ``classes`` is None for one class against the others. NaN where there are fewer than three classes.
    """
    kinds = len(sides) if classes is None else classes * (classes - 1) // 2
    total = int(sides.sum())
    if kinds < 2 or not total:
        return NAN
    part = sides[sides > 0] / total
    return 100.0 * float(-(part * np.log(part)).sum()) / float(np.log(kinds))


def _contagion(counts: _Counts) -> float:
    """Return CONTAG in per cent from adjacencies counted from both sides; NaN for one class."""
    classes = len(counts.cells)
    both = counts.unlike + 2 * np.diag(np.diag(counts.pairs))
    sides = both.sum(axis=1, keepdims=True)
    if classes < 2 or not both.any():
        return NAN
    share = (counts.cells / counts.total)[:, None] * np.divide(
        both, sides, out=np.zeros(both.shape), where=sides > 0
    )
    part = share[share > 0]
    return 100.0 * (1.0 + float((part * np.log(part)).sum()) / (2.0 * float(np.log(classes))))


def _diversity(share: FloatArray, total_ha: float) -> dict[str, float]:
    """Return richness, diversity and evenness of the classes' shares; evenness is NaN for one class."""
    classes = len(share)
    dominance = float((share**2).sum())
    shannon, modified = float(-(share * np.log(share)).sum()), float(-np.log(dominance))
    most = float(np.log(classes)) if classes > 1 else NAN
    return {
        "PR": float(classes),
        "PRD": classes / total_ha * 100.0,
        "SHDI": shannon,
        "SIDI": 1.0 - dominance,
        "MSIDI": modified,
        "SHEI": shannon / most,
        "SIEI": (1.0 - dominance) / (1.0 - 1.0 / classes) if classes > 1 else NAN,
        "MSIEI": modified / most,
    }
