"""A plan in figures as printed: what each site takes, what each project gets; sums hold as printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zsgis.allocating.joining import Joined, Sources, merged, named
from zsgis.allocation.plan import Assignment, by_project, secured_cents
from zsgis.allocation.problem import Candidate, Project
from zsgis.printed_balance import PrintedTable, PrintedUnit, balance_table

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Site:
    """A candidate given to a project in a year."""

    project: Project
    candidate: Candidate
    year: int


@dataclass(frozen=True)
class Printed:
    """A plan laid out for tables.

    Attributes
    ----------
    sites : tuple of Site
        By rank, then by the project's name.
    kinds : tuple of str
        Quotas that any site draws on.
    areas : PrintedTable
        Area of each site, shape (sites, 1).
    draws : PrintedTable
        What each site draws on, shape (sites, kinds); each quota is balanced by itself.
    secured : dict of str to int
        By project: what counts, up to its need, in 0.01 m2.
    """

    joined: Joined
    unit: PrintedUnit
    sites: tuple[Site, ...]
    kinds: tuple[str, ...]
    areas: PrintedTable
    draws: tuple[PrintedTable, ...]
    secured: dict[str, int]

    def of(self, key: str) -> tuple[int, ...]:
        """Return the places of a project's sites."""
        return tuple(place for place, site in enumerate(self.sites) if site.project.key == key)

    def area(self, places: Sequence[int]) -> float:
        """Return the printed area of some sites together."""
        return self.unit.value(int(self.areas.cells[list(places)].sum()))

    def drawn(self, kind: str, places: Sequence[int]) -> float:
        """Return what some sites draw on a quota, as printed."""
        table = self.draws[self.kinds.index(kind)]
        return self.unit.value(int(table.cells[list(places)].sum()))

    def value(self, cents: int) -> float:
        """Return an amount that stands by itself as printed."""
        return self.unit.value(int(self.unit.half_up(np.array([cents], dtype=np.int64))[0]))

    def text(self, cents: int) -> str:
        """Return an amount in words, with its unit."""
        return f"{self.value(cents):,.{self.unit.digits}f} {self.unit.title}"

    def sources(self, places: Sequence[int]) -> dict[str, tuple[str, ...]]:
        """Return the features behind some sites: their land, and the projects that get it."""
        parts: list[Sources] = []
        for place in places:
            site = self.sites[place]
            parts += [self.joined.wanting[site.project.key], self.joined.land[site.candidate.key]]
        return merged(tuple(parts))


def printed_plan(joined: Joined, assignments: tuple[Assignment, ...], unit: PrintedUnit) -> Printed:
    """Return a plan laid out for tables."""
    projects, candidates = named(joined.problem)
    own = by_project(assignments)
    order = sorted(own, key=lambda key: (projects[key].rank, projects[key].name, key))
    sites = tuple(
        Site(projects[key], candidates[each.candidate], each.year)
        for key in order
        for each in sorted(own[key], key=lambda each: (each.year, candidates[each.candidate].name))
    )
    drawn = [joined.problem.draws_cents(site.project, site.candidate) for site in sites]
    kinds = tuple(dict.fromkeys(quota.kind for quota in joined.problem.quotas))
    kinds += tuple(sorted({kind for each in drawn for kind in each} - set(kinds)))
    taken = tuple(kind for kind in kinds if any(each.get(kind, 0) for each in drawn))
    return Printed(
        joined,
        unit,
        sites,
        taken,
        balance_table(_column([site.candidate.area_cents for site in sites]), unit),
        tuple(balance_table(_column([each.get(kind, 0) for each in drawn]), unit) for kind in taken),
        secured_cents(joined.problem, assignments),
    )


def _column(values: list[int]) -> IntArray:
    return np.array(values, dtype=np.int64).reshape(-1, 1)
