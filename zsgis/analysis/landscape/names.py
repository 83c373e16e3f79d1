"""What the metrics are called, in which units they are, and the groups tables show them in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from layers.words import N_, _
from zsgis.analysis.landscape.statistics import STATISTICS

AREA, SHAPE, CORE, AGGREGATION, DIVERSITY = (
    N_("Area and edge"),
    N_("Shape"),
    N_("Core area"),
    N_("Aggregation"),
    N_("Diversity"),
)
_STATISTIC_TITLES = {
    "MN": N_("mean"),
    "AM": N_("area-weighted mean"),
    "MD": N_("median"),
    "RA": N_("range"),
    "SD": N_("standard deviation"),
    "CV": N_("coefficient of variation"),
}


@dataclass(frozen=True)
class Metric:
    """One metric: FRAGSTATS' name, words for it, its unit, its group; titles and groups are message ids."""

    name: str
    title: str
    unit: str
    group: str


_LISTED = (
    Metric("AREA", N_("Patch area"), "ha", AREA),
    Metric("PERIM", N_("Patch perimeter"), "m", AREA),
    Metric("GYRATE", N_("Radius of gyration"), "m", AREA),
    Metric("TA", N_("Total area"), "ha", AREA),
    Metric("CA", N_("Class area"), "ha", AREA),
    Metric("PLAND", N_("Share of landscape"), "%", AREA),
    Metric("LPI", N_("Largest patch index"), "%", AREA),
    Metric("TE", N_("Total edge"), "m", AREA),
    Metric("ED", N_("Edge density"), N_("m/ha"), AREA),
    Metric("PARA", N_("Perimeter-area ratio"), N_("m/ha"), SHAPE),
    Metric("SHAPE", N_("Shape index"), "", SHAPE),
    Metric("SHAPE_SQ", N_("Shape index against the square"), "", SHAPE),
    Metric("FRAC", N_("Fractal dimension"), "", SHAPE),
    Metric("CIRCLE", N_("Related circle"), "", SHAPE),
    Metric("CONTIG", N_("Contiguity index"), "", SHAPE),
    Metric("PAFRAC", N_("Perimeter-area fractal dimension"), "", SHAPE),
    Metric("CORE", N_("Core area of the patch"), "ha", CORE),
    Metric("NCORE", N_("Number of core areas"), "", CORE),
    Metric("CAI", N_("Core area index"), "%", CORE),
    Metric("TCA", N_("Total core area"), "ha", CORE),
    Metric("CPLAND", N_("Core share of landscape"), "%", CORE),
    Metric("NDCA", N_("Disjunct core areas"), "", CORE),
    Metric("DCAD", N_("Density of disjunct core areas"), N_("per 100 ha"), CORE),
    Metric("DCORE", N_("Disjunct core area"), "ha", CORE),
    Metric("NP", N_("Number of patches"), "", AGGREGATION),
    Metric("PD", N_("Patch density"), N_("per 100 ha"), AGGREGATION),
    Metric("ENN", N_("Distance to the nearest neighbour"), "m", AGGREGATION),
    Metric("LSI", N_("Landscape shape index"), "", AGGREGATION),
    Metric("NLSI", N_("Normalised landscape shape index"), "", AGGREGATION),
    Metric("CLUMPY", N_("Clumpiness"), "", AGGREGATION),
    Metric("PLADJ", N_("Share of like adjacencies"), "%", AGGREGATION),
    Metric("AI", N_("Aggregation index"), "%", AGGREGATION),
    Metric("COHESION", N_("Patch cohesion"), "%", AGGREGATION),
    Metric("DIVISION", N_("Degree of division"), "", AGGREGATION),
    Metric("MESH", N_("Effective mesh size"), "ha", AGGREGATION),
    Metric("SPLIT", N_("Splitting index"), "", AGGREGATION),
    Metric("IJI", N_("Interspersion and juxtaposition"), "%", AGGREGATION),
    Metric("CONTAG", N_("Contagion"), "%", AGGREGATION),
    Metric("PR", N_("Classes present"), "", DIVERSITY),
    Metric("PRD", N_("Density of classes"), N_("per 100 ha"), DIVERSITY),
    Metric("SHDI", N_("Shannon's diversity"), "", DIVERSITY),
    Metric("SIDI", N_("Simpson's diversity"), "", DIVERSITY),
    Metric("MSIDI", N_("Modified Simpson's diversity"), "", DIVERSITY),
    Metric("SHEI", N_("Shannon's evenness"), "", DIVERSITY),
    Metric("SIEI", N_("Simpson's evenness"), "", DIVERSITY),
    Metric("MSIEI", N_("Modified Simpson's evenness"), "", DIVERSITY),
)
_BY_NAME = {metric.name: metric for metric in _LISTED}
COUNTS = frozenset({"NP", "NCORE", "NDCA", "PR"})
"""Metrics that are whole numbers."""
PATCH_METRICS = tuple(
    name
    for name in (metric.name for metric in _LISTED)
    if name
    in {
        *("AREA", "PERIM", "GYRATE", "PARA", "SHAPE", "SHAPE_SQ"),
        *("FRAC", "CIRCLE", "CONTIG", "CORE", "NCORE", "CAI", "ENN"),
    }
)
"""The metrics of a patch, in the order of tables."""


def metric(name: str) -> Metric:
    """Return a metric, also a statistic of one (``SHAPE_AM``), its title and unit in the user's language.

    Raises
    ------
    KeyError
        When there is no such metric.
    """
    base, _bar, statistic = name.rpartition("_")
    if name in _BY_NAME or statistic not in STATISTICS:
        found = _BY_NAME[name]
        return Metric(name, _(found.title), _(found.unit) if found.unit else "", _(found.group))
    found = _BY_NAME[base]
    title = _("{metric}, {statistic}").format(
        metric=_(found.title), statistic=_(_STATISTIC_TITLES[statistic])
    )
    unit = "%" if statistic == "CV" else found.unit
    return Metric(name, title, _(unit) if unit else "", _(found.group))


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return names of metrics grouped and in the order of tables, statistics behind their metric."""
    groups = (AREA, SHAPE, CORE, AGGREGATION, DIVERSITY)
    place = {listed.name: number for number, listed in enumerate(_LISTED)}

    def key(name: str) -> tuple[int, int, int]:
        base, _bar, statistic = name.rpartition("_")
        plain = name in place or statistic not in STATISTICS
        found = _BY_NAME[name if plain else base]
        return groups.index(found.group), place[found.name], -1 if plain else STATISTICS.index(statistic)

    return tuple(sorted(names, key=key))
