"""Several problems solved and laid side by side: as it is, with more quota, without some land …."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from layers.progress import NoProgress, Progress, ProgressPart
from zsgis.allocation.plan import Assignment, Plan, by_project, secured_cents
from zsgis.allocation.problem import Problem
from zsgis.allocation.search import Effort, Outcome, attempt
from zsgis.allocation.watch import Watch

Change = Callable[[Problem], Problem]


@dataclass(frozen=True)
class Scenario:
    """One problem and its plan.

    Attributes
    ----------
    impossible : bool
        It is proved that there is no plan; without a plan and without this nothing was decided in the time.
    """

    name: str
    problem: Problem
    plan: Plan | None
    impossible: bool = False


@dataclass(frozen=True)
class ProjectAcross:
    """What one project gets in each scenario, in their order: sites, and area up to its need in 0.01 m2."""

    project: str
    sites: tuple[tuple[Assignment, ...], ...]
    secured_cents: tuple[int, ...]

    @property
    def differs(self) -> bool:
        """Tell whether it gets other land in one scenario than in another."""
        return len({frozenset(each.candidate for each in sites) for sites in self.sites}) > 1


@dataclass(frozen=True)
class Comparison:
    """Scenarios side by side.

    Attributes
    ----------
    levels : tuple of (title, worth in each scenario)
        None where the scenario has no plan.
    """

    scenarios: tuple[Scenario, ...]
    levels: tuple[tuple[str, tuple[Fraction | None, ...]], ...]
    projects: tuple[ProjectAcross, ...]


def run_scenarios(
    base: Problem,
    changes: Mapping[str, Change],
    effort: Effort | None = None,
    progress: Progress | None = None,
    *,
    base_name: str = "",
    known: Outcome | None = None,
) -> tuple[Scenario, ...]:
    """Solve a problem as it is and with each change made to it.

    Parameters
    ----------
    effort : Effort, optional
        For each of them.
    known : Outcome, optional
        What is known of the problem as it is; it is not solved again then.

    Raises
    ------
    JobCancelled
        When the user stopped it before a scenario had any plan to keep.
    """
    effort = effort or Effort()
    problems = {base_name: base, **{name: change(base) for name, change in changes.items()}}
    made = []
    for place, (name, problem) in enumerate(problems.items()):
        if place == 0 and known is not None:
            outcome = known
        else:
            part = ProgressPart(progress or NoProgress(), place / len(problems), (place + 1) / len(problems))
            outcome = attempt(problem, effort, Watch(part, seconds=effort.seconds))
        made.append(Scenario(name, problem, outcome.plan, outcome.impossible))
    return tuple(made)


def compare(scenarios: tuple[Scenario, ...]) -> Comparison:
    """Lay scenarios side by side; projects and levels are those of the first."""
    first = scenarios[0].problem
    plans = [each.plan.assignments if each.plan else () for each in scenarios]
    sites = [by_project(plan) for plan in plans]
    secured = [secured_cents(each.problem, plan) for each, plan in zip(scenarios, plans, strict=True)]
    return Comparison(
        scenarios,
        tuple(
            (level.title, tuple(each.plan.values[place] if each.plan else None for each in scenarios))
            for place, level in enumerate(first.objective.levels)
        ),
        tuple(
            ProjectAcross(
                project.key,
                tuple(own.get(project.key, ()) for own in sites),
                tuple(own.get(project.key, 0) for own in secured),
            )
            for project in first.projects
        ),
    )


def without_source(source: str) -> Change:
    """Return the change that leaves out land found as something (三旧, 闲置 …), unless it is fixed."""

    def change(problem: Problem) -> Problem:
        fixed = {each.candidate for project in problem.projects for each in project.fixed}
        kept = tuple(c for c in problem.candidates if c.source != source or c.key in fixed)
        keys = {candidate.key for candidate in kept}
        return replace(
            problem,
            candidates=kept,
            groups=tuple(
                replace(group, candidates=tuple(key for key in group.candidates if key in keys))
                for group in problem.groups
            ),
            pair_terms={pair: terms for pair, terms in problem.pair_terms.items() if pair[1] in keys},
        )

    return change


def quota_times(quota: str, factor: Fraction) -> Change:
    """Return the change that multiplies a quota in all years; rounded down to 0.01 m2."""

    def change(problem: Problem) -> Problem:
        return replace(
            problem,
            quotas=tuple(
                replace(
                    each,
                    cents_by_year={year: int(cents * factor) for year, cents in each.cents_by_year.items()},
                )
                if each.key == quota
                else each
                for each in problem.quotas
            ),
        )

    return change
