"""What is to be allocated: candidates of land, projects that want some, and the limits on it.

Everything is whole numbers so that a plan can be proved right without rounding: areas and what is drawn on a
quota in 0.01 m2, scores in thousandths, money in yuan, distances in m, years as calendar years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from zsgis.allocation.objective import SCI_TECH_FIRST, Objective

NONE_DRAWN: Mapping[str, int] = MappingProxyType({})
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _empty() -> MappingProxyType[_Key, _Value]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Candidate:
    """One parcel that could be given, whole, to one project in one year.

    Attributes
    ----------
    key : str
        Names it in plans and messages; unique.
    area_cents : int
        Area in 0.01 m2 on the basis that the caller chose; positive.
    town, platform : str
        Where it lies; empty where it lies in none.
    score_permille : int or None
        Suitability in thousandths, 0 to 1000; None where it is unknown.
    cost_yuan : int or None
        What it costs to make it ready; None where it is unknown.
    draws_cents : mapping of str to int
        What it takes of each kind of quota, in 0.01 m2. Land of 三旧 takes none: it is land and no quota.
    source : str
        What it was found as (批而未供, 闲置, 三旧 …).
    land_classes : frozenset of str
        Codes it may be used for; empty means any.
    distances_m : mapping of str to int
        Distance to named places; a place that is missing is at an unknown distance.
    from_year, to_year : int or None
        When it can be given; None means whenever.
    """

    key: str
    area_cents: int
    town: str = ""
    platform: str = ""
    score_permille: int | None = None
    cost_yuan: int | None = None
    draws_cents: Mapping[str, int] = field(default_factory=_empty)
    source: str = ""
    land_classes: frozenset[str] = frozenset()
    distances_m: Mapping[str, int] = field(default_factory=_empty)
    from_year: int | None = None
    to_year: int | None = None
    title: str = ""

    @property
    def name(self) -> str:
        """Return what it is called in words."""
        return self.title or self.key


@dataclass(frozen=True)
class Group:
    """Candidates that count as one piece of land: a contiguous project takes sites of one group only."""

    key: str
    candidates: tuple[str, ...]


@dataclass(frozen=True)
class Fixed:
    """A decision that stands already: the candidate goes to the project, in the year where one is given."""

    candidate: str
    year: int | None = None


@dataclass(frozen=True)
class Project:
    """One project that wants land; it gets at least its least area in all, or nothing.

    Attributes
    ----------
    key : str
        Names it in plans and messages; unique.
    rank : int
        1 goes first (重大科技创新载体), then 2, 3 …; what ranks mean is the objective's.
    need_cents, least_cents : int
        Area wanted, and the least that is of use, in 0.01 m2. What goes beyond the need counts for nothing.
    from_year, to_year : int
        Years in which it may be given land, both included.
    most_sites : int
        It lies on at most so many candidates.
    most_cents : int or None
        It is given at most so much; None means no limit.
    min_score_permille : int
        Candidates below it, or of unknown score where it is positive, are not for this project.
    contiguous : bool
        All its sites lie in one group.
    platforms, towns, sources, land_classes : frozenset of str
        What it accepts; empty means any.
    within_m : mapping of str to int
        Greatest distance to named places; a candidate at an unknown distance is not taken.
    must : bool
        A plan that does not serve it is no plan.
    fixed : tuple of Fixed
        Candidates it is given in every plan; it is served then.
    forbidden : frozenset of str
        Candidates it is never given.
    draws_on : mapping of str to str
        Kinds of quota it draws on instead of those its candidates name (a major project draws on
        重大项目用地指标 instead of 新增建设用地计划指标); an empty kind: on none.
    """

    key: str
    rank: int
    need_cents: int
    least_cents: int
    from_year: int
    to_year: int
    most_sites: int = 1
    most_cents: int | None = None
    min_score_permille: int = 0
    contiguous: bool = False
    platforms: frozenset[str] = frozenset()
    towns: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    land_classes: frozenset[str] = frozenset()
    within_m: Mapping[str, int] = field(default_factory=_empty)
    must: bool = False
    fixed: tuple[Fixed, ...] = ()
    forbidden: frozenset[str] = frozenset()
    draws_on: Mapping[str, str] = field(default_factory=_empty)
    title: str = ""

    @property
    def name(self) -> str:
        """Return what it is called in words."""
        return self.title or self.key


@dataclass(frozen=True)
class Quota:
    """How much of one kind may be drawn, by year.

    Attributes
    ----------
    key : str
        Names it in plans and messages; unique.
    kind : str
        What the candidates' ``draws_cents`` name (新增建设用地计划指标, 占用征收林地定额 …).
    cents_by_year : mapping of int to int
        In 0.01 m2; a year that is missing has none.
    towns : frozenset of str
        Only draws by candidates in these towns count against it; empty means the whole city.
    carry_years : int
        How many years what was not used stays good for; 0 means it lapses at the year's end. The oldest is
        used first.
    """

    key: str
    kind: str
    cents_by_year: Mapping[int, int]
    towns: frozenset[str] = frozenset()
    carry_years: int = 0
    title: str = ""

    @property
    def name(self) -> str:
        """Return what it is called in words."""
        return self.title or self.key


@dataclass(frozen=True)
class Budget:
    """How much may be spent on land in some years together; ``years`` empty means all years of the plan.

    Land of unknown cost is not given to projects under a budget. ``projects`` empty means all of them.
    """

    key: str
    most_yuan: int
    years: frozenset[int] = frozenset()
    projects: frozenset[str] = frozenset()
    title: str = ""

    @property
    def name(self) -> str:
        """Return what it is called in words."""
        return self.title or self.key


@dataclass(frozen=True)
class PairTerms:
    """What differs for one project on one candidate; None keeps what the candidate says."""

    cost_yuan: int | None = None
    draws_cents: Mapping[str, int] | None = None
    score_permille: int | None = None


@dataclass(frozen=True)
class Problem:
    """Everything an allocation is made from.

    Attributes
    ----------
    years : tuple of int
        Years of the plan, rising.
    pair_terms : mapping of (project key, candidate key) to PairTerms
        Exceptions for single pairs.
    """

    years: tuple[int, ...]
    candidates: tuple[Candidate, ...]
    projects: tuple[Project, ...]
    groups: tuple[Group, ...] = ()
    quotas: tuple[Quota, ...] = ()
    budgets: tuple[Budget, ...] = ()
    objective: Objective = SCI_TECH_FIRST
    pair_terms: Mapping[tuple[str, str], PairTerms] = field(default_factory=_empty)

    def cost_yuan(self, project: Project, candidate: Candidate) -> int | None:
        """Return what a candidate costs for a project; None where it is unknown."""
        terms = self.pair_terms.get((project.key, candidate.key))
        return candidate.cost_yuan if terms is None or terms.cost_yuan is None else terms.cost_yuan

    def score_permille(self, project: Project, candidate: Candidate) -> int | None:
        """Return how well a candidate suits a project; None where it is unknown."""
        terms = self.pair_terms.get((project.key, candidate.key))
        return (
            candidate.score_permille
            if terms is None or terms.score_permille is None
            else terms.score_permille
        )

    def draws_cents(self, project: Project, candidate: Candidate) -> Mapping[str, int]:
        """Return what a candidate takes of each kind of quota when a project is given it, in 0.01 m2."""
        terms = self.pair_terms.get((project.key, candidate.key))
        draws = candidate.draws_cents if terms is None or terms.draws_cents is None else terms.draws_cents
        if not project.draws_on:
            return draws
        out: dict[str, int] = {}
        for kind, cents in draws.items():
            drawn_on = project.draws_on.get(kind, kind)
            if drawn_on:
                out[drawn_on] = out.get(drawn_on, 0) + cents
        return out
