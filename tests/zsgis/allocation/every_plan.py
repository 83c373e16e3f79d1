"""The slow way: every plan of a small problem, by code that shares nothing with the model."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from fractions import Fraction

from zsgis.allocation.problem import Budget, Candidate, Fixed, Group, Problem, Project, Quota

Bundle = tuple[tuple[int, int], ...]
"""Sites of one project: places of candidates, with their years."""


def best_by_hand(problem: Problem) -> tuple[Fraction, ...] | None:
    """Return the best worth of rank 1, 2, 3, suitability and cost; None without any plan."""
    bundles = [list(_bundles(problem, project)) for project in problem.projects]
    best: tuple[Fraction, ...] | None = None
    for plan in _disjoint(bundles, 0, frozenset()):
        worth = _worth(problem, plan)
        if (best is None or worth > best) and _within_limits(problem, plan):
            best = worth
    return best


def _bundles(problem: Problem, project: Project) -> Iterator[Bundle]:
    fixed = {each.candidate: each.year for each in project.fixed}
    if not project.must and not fixed:
        yield ()
    usable = [place for place, each in enumerate(problem.candidates) if _suits(project, each)]
    years = [year for year in problem.years if project.from_year <= year <= project.to_year]
    for size in range(1, project.most_sites + 1):
        for places in itertools.combinations(usable, size):
            sites = [problem.candidates[place] for place in places]
            keys = {site.key for site in sites}
            area = sum(site.area_cents for site in sites)
            if area < project.least_cents or not fixed.keys() <= keys:
                continue
            if project.most_cents is not None and area > project.most_cents:
                continue
            together = size == 1 or any(keys <= set(group.candidates) for group in problem.groups)
            if project.contiguous and not together:
                continue
            for dates in itertools.product(years, repeat=size):
                if all(fixed.get(s.key) in (None, d) for s, d in zip(sites, dates, strict=True)):
                    yield tuple(zip(places, dates, strict=True))


def _suits(project: Project, candidate: Candidate) -> bool:
    return (
        (not project.platforms or candidate.platform in project.platforms)
        and candidate.key not in project.forbidden
        and (candidate.score_permille or 0) >= project.min_score_permille
    )


def _disjoint(bundles: list[list[Bundle]], place: int, gone: frozenset[int]) -> Iterator[tuple[Bundle, ...]]:
    if place == len(bundles):
        yield ()
        return
    for bundle in bundles[place]:
        sites = frozenset(site for site, _year in bundle)
        if not sites & gone:
            for rest in _disjoint(bundles, place + 1, gone | sites):
                yield bundle, *rest


def _within_limits(problem: Problem, plan: tuple[Bundle, ...]) -> bool:
    for quota in problem.quotas:
        carried = 0
        for year in problem.years:
            drawn = sum(
                problem.candidates[site].draws_cents.get(quota.kind, 0)
                for bundle in plan
                for site, when in bundle
                if when == year and (not quota.towns or problem.candidates[site].town in quota.towns)
            )
            fresh = quota.cents_by_year.get(year, 0)
            if drawn > fresh + carried:
                return False
            # what was carried in goes first, and does not last another year
            carried = fresh - max(0, drawn - carried) if quota.carry_years else 0
    for budget in problem.budgets:
        spent = sum(
            problem.candidates[site].cost_yuan or 0
            for bundle in plan
            for site, when in bundle
            if not budget.years or when in budget.years
        )
        if spent > budget.most_yuan:
            return False
    return True


def _worth(problem: Problem, plan: tuple[Bundle, ...]) -> tuple[Fraction, ...]:
    secured = {1: 0, 2: 0, 3: 0}
    suited = cost = 0
    for project, bundle in zip(problem.projects, plan, strict=True):
        sites = [problem.candidates[site] for site, _year in bundle]
        secured[project.rank] += min(project.need_cents, sum(site.area_cents for site in sites))
        suited += sum((site.score_permille or 0) * site.area_cents for site in sites)
        cost += sum(site.cost_yuan or 0 for site in sites)
    levels = (Fraction(secured[rank], 10**6) for rank in (1, 2, 3))
    return (*levels, Fraction(suited, 10**9), Fraction(-cost, 10**4))


def random_problem(seed: int, *, candidates: int = 14) -> Problem:
    """Return a small problem with everything in it: groups, quotas with and without carry-over, a budget."""
    draw = random.Random(seed)  # noqa: S311 - cases, not secrets
    years = tuple(range(2024, 2024 + draw.choice([1, 2])))
    land = tuple(
        Candidate(
            key=f"c{place}",
            area_cents=draw.randrange(20, 120) * 10_000,
            town=draw.choice(["甲镇", "乙镇"]),
            platform=draw.choice("AB"),
            score_permille=draw.choice([300, 500, 600, 700, 900]),
            cost_yuan=draw.randrange(1, 60) * 10_000,
            draws_cents=_draws(draw),
        )
        for place in range(candidates)
    )
    projects = tuple(_random_project(draw, number, years, land) for number in range(3))
    places = [each.key for each in land]
    draw.shuffle(places)
    return Problem(
        years=years,
        candidates=land,
        projects=projects,
        groups=tuple(Group(f"g{n}", tuple(places[4 * n : 4 * n + 4])) for n in range(3)),
        quotas=(
            Quota(
                "新增",
                "新增",
                dict.fromkeys(years, draw.randrange(3) * 600_000),
                carry_years=draw.choice([0, 1]),
            ),
            Quota("林地", "林地", {years[0]: 300_000}, frozenset(("甲镇",)), carry_years=1),
        ),
        budgets=(Budget("资金", draw.randrange(60, 200) * 10_000),) if draw.random() < 0.5 else (),
    )


def _draws(draw: random.Random) -> dict[str, int]:
    kind = draw.random()
    if kind < 0.4:
        return {}
    area = draw.randrange(20, 100) * 10_000
    return {"新增": area} if kind < 0.8 else {"新增": area, "林地": area // 2}


def _random_project(
    draw: random.Random, number: int, years: tuple[int, ...], land: tuple[Candidate, ...]
) -> Project:
    need = draw.randrange(60, 200) * 10_000
    contiguous = draw.random() < 0.4
    accepted = draw.choice([frozenset("A"), frozenset("B")])
    fixed: tuple[Fixed, ...] = ()
    if draw.random() < 0.2:
        own = [each for each in land if each.platform in accepted]
        fixed = tuple(Fixed(each.key) for each in own[number : number + 1])
    return Project(
        key=f"p{number}",
        rank=draw.choice([1, 2, 3]),
        need_cents=need,
        least_cents=need * draw.choice([3, 5, 8]) // 10,
        from_year=years[0] if draw.random() < 0.6 else years[-1],
        to_year=years[-1],
        most_sites=draw.choice([1, 2, 2, 3]),
        most_cents=None if draw.random() < 0.7 else need * 13 // 10,
        min_score_permille=0 if fixed else draw.choice([0, 500]),
        contiguous=contiguous,
        platforms=accepted,
        fixed=fixed,
        forbidden=frozenset() if fixed else frozenset((draw.choice(land).key,)),
    )
