"""Whether a problem can be worked on: the first thing wrong is named, with its project or candidate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from layers.errors import InputError
from layers.words import _
from zsgis.allocation.problem import Candidate, Problem, Project


def validate(problem: Problem) -> None:
    """Raise for what no plan could be made from.

    Raises
    ------
    InputError
        Keys that occur twice or are unknown, areas that are not positive, years outside the plan, a least
        area above the need, and so on; the message names the project, candidate, quota or group.
    """
    _check_years(problem)
    _check_keys(problem)
    for candidate in problem.candidates:
        _check_candidate(candidate)
    candidates = {candidate.key for candidate in problem.candidates}
    for project in problem.projects:
        _check_project(project, problem.years)
        _check_known(_("Project {name}"), project.name, (f.candidate for f in project.fixed), candidates)
    for group in problem.groups:
        _check_known(_("Group {name}"), group.key, group.candidates, candidates)
    _check_limits(problem)
    _check_pairs(problem, candidates)
    _check_fixed_once(problem)
    if not problem.objective.levels or any(not level.terms for level in problem.objective.levels):
        raise InputError(_("The objective has no level, or a level without terms."))


def _check_years(problem: Problem) -> None:
    if not problem.years or list(problem.years) != sorted(set(problem.years)):
        raise InputError(_("The years of the plan must rise, and there must be one at least."))


def _check_keys(problem: Problem) -> None:
    kinds: tuple[tuple[str, Iterable[str]], ...] = (
        (_("Candidate"), (each.key for each in problem.candidates)),
        (_("Demand project"), (each.key for each in problem.projects)),
        (_("Group of candidates"), (each.key for each in problem.groups)),
        (_("Quota"), (each.key for each in problem.quotas)),
        (_("Budget"), (each.key for each in problem.budgets)),
    )
    for kind, keys in kinds:
        for key, times in Counter(keys).items():
            if times > 1 or not key:
                raise InputError(
                    _("{kind} {key}: the key is empty or occurs {times} times.").format(
                        kind=kind, key=key, times=times
                    ),
                    remedy=_("Give each one a key of its own."),
                )


def _first_wrong(rules: Iterable[tuple[bool, Callable[[], str]]]) -> str | None:
    return next((words() for wrong, words in rules if wrong), None)


def _check_candidate(candidate: Candidate) -> None:
    score = candidate.score_permille
    wrong = _first_wrong(
        (
            (candidate.area_cents <= 0, lambda: _("its area is not positive")),
            (score is not None and not 0 <= score <= 1000, lambda: _("its score is not between 0 and 1")),
            (
                candidate.cost_yuan is not None and candidate.cost_yuan < 0,
                lambda: _("its cost is negative"),
            ),
            (
                any(cents < 0 for cents in candidate.draws_cents.values()),
                lambda: _("it draws a negative amount on a quota"),
            ),
        )
    )
    if wrong:
        raise InputError(_("Candidate {name}: {wrong}.").format(name=candidate.name, wrong=wrong))


def _check_project(project: Project, years: tuple[int, ...]) -> None:
    wrong = _first_wrong(
        (
            (project.rank < 1, lambda: _("its rank is below 1")),
            (project.need_cents <= 0, lambda: _("its area wanted is not positive")),
            (
                not 0 < project.least_cents <= project.need_cents,
                lambda: _("its least area is not positive, or above the area wanted"),
            ),
            (
                project.most_cents is not None and project.most_cents < project.least_cents,
                lambda: _("its greatest area is below its least area"),
            ),
            (project.most_sites < 1, lambda: _("it may lie on no site at all")),
            (
                not any(project.from_year <= year <= project.to_year for year in years),
                lambda: _("none of its years is a year of the plan"),
            ),
            (
                any(fixed.candidate in project.forbidden for fixed in project.fixed),
                lambda: _("a candidate is both fixed and forbidden"),
            ),
            (
                any(
                    fixed.year is not None
                    and (fixed.year not in years or not project.from_year <= fixed.year <= project.to_year)
                    for fixed in project.fixed
                ),
                lambda: _("a fixed year is none of its years"),
            ),
        )
    )
    if wrong:
        raise InputError(_("Project {name}: {wrong}.").format(name=project.name, wrong=wrong))


def _check_known(where: str, name: str, keys: Iterable[str], known: set[str]) -> None:
    for key in keys:
        if key not in known:
            raise InputError(
                _("{where} names a candidate {key} that does not exist.").format(
                    where=where.format(name=name), key=key
                )
            )


def _check_limits(problem: Problem) -> None:
    for quota in problem.quotas:
        if quota.carry_years < 0 or any(cents < 0 for cents in quota.cents_by_year.values()):
            raise InputError(
                _("Quota {name}: an amount or its carry-over is negative.").format(name=quota.name)
            )
        first = problem.years[0] - quota.carry_years
        if not any(first <= year <= problem.years[-1] for year in quota.cents_by_year):
            raise InputError(_("Quota {name} has no amount in any year of the plan.").format(name=quota.name))
    projects = {project.key for project in problem.projects}
    for budget in problem.budgets:
        if budget.most_yuan < 0 or not budget.projects <= projects or not budget.years <= set(problem.years):
            raise InputError(
                _(
                    "Budget {name}: it is negative, or names a project or year that is not in the plan."
                ).format(name=budget.name)
            )


def _check_pairs(problem: Problem, candidates: set[str]) -> None:
    projects = {project.key for project in problem.projects}
    for project, candidate in problem.pair_terms:
        if project not in projects or candidate not in candidates:
            raise InputError(
                _(
                    "Terms are given for project {project} on candidate {candidate}, which do not exist."
                ).format(project=project, candidate=candidate)
            )


def _check_fixed_once(problem: Problem) -> None:
    owner: dict[str, str] = {}
    for project in problem.projects:
        for fixed in project.fixed:
            other = owner.setdefault(fixed.candidate, project.name)
            if other != project.name:
                raise InputError(
                    _("Candidate {candidate} is fixed to {one} and to {other}.").format(
                        candidate=fixed.candidate, one=other, other=project.name
                    ),
                    remedy=_("Leave it to one of them."),
                )
