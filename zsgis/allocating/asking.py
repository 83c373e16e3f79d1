"""What was asked for by name, brought into the problem: decisions that stand, pairs, budgets, scenarios."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from layers.errors import InputError, UsageError
from layers.words import _
from zsgis.allocating.parameters import AllocateParameters
from zsgis.allocation.bars import bar
from zsgis.allocation.problem import Budget, Candidate, Fixed, Problem, Project
from zsgis.allocation.scenarios import Change, quota_times, without_source
from zsgis.pairs import pairs_of

_ALL_YEARS = ("all", "合计")
_QUOTA, _WITHOUT = ("quota", "指标"), ("without", "不用")
Codes = Mapping[str, tuple[str, ...]]


def asked_for(
    asked: AllocateParameters, problem: Problem, codes: Codes, exempt: tuple[str, ...] = ()
) -> Problem:
    """Return the problem with what was asked for in words.

    Parameters
    ----------
    codes : mapping of str to tuple of str
        By name, number or uid of a project: the keys of those called so.
    exempt : tuple of str
        Quotas on which temporary use does not draw.

    Raises
    ------
    InputError
        When a name is that of no project or candidate, or of several, or a decision that stands is against a
        project's own conditions.
    UsageError
        When an amount or a year is none.
    """
    asking = _Asking(problem, codes)
    problem = dataclasses.replace(
        problem,
        projects=tuple(
            asking.project(each, asked.must, pairs_of(asked.fixed), pairs_of(asked.forbidden))
            for each in problem.projects
        ),
    )
    asking.all_known(asked)
    temporary = {key_of(codes, name) for name in listed(asked.temporary)}
    problem = dataclasses.replace(
        problem,
        projects=tuple(
            dataclasses.replace(each, draws_on={**each.draws_on, **dict.fromkeys(exempt, "")})
            if each.key in temporary
            else each
            for each in problem.projects
        ),
    )
    problem = dataclasses.replace(problem, budgets=_budgets(asked.budgets, problem.years))
    _check_fixed(problem)
    return problem


def listed(text: str) -> tuple[str, ...]:
    """Return the names of a text, parted by 、 or a comma or semicolon."""
    for sign in "，,;；":
        text = text.replace(sign, "、")
    return tuple(part.strip() for part in text.split("、") if part.strip())


def key_of(codes: Codes, name: str) -> str:
    """Return the key of the one project that is called so.

    Raises
    ------
    InputError
        When there is none, or there are several.
    """
    keys = codes.get(name, ())
    if len(keys) == 1:
        return keys[0]
    text = (
        _("The register has no project “{name}”.") if not keys else _("Several projects are called “{name}”.")
    )
    raise InputError(text.format(name=name), remedy=_("Name it by its number (需求编号) or identifier."))


class _Asking:
    def __init__(self, problem: Problem, codes: Codes) -> None:
        self._codes = codes
        self._projects = {each.key for each in problem.projects}
        self._years = problem.years
        self._called: dict[str, list[Candidate]] = {}
        for each in problem.candidates:
            for name in {each.key, each.name, each.name.removeprefix(f"{each.source} ")}:
                self._called.setdefault(name, []).append(each)

    def project(
        self,
        project: Project,
        must: str,
        fixed: Iterable[tuple[str, str]],
        forbidden: Iterable[tuple[str, str]],
    ) -> Project:
        """Return a project with what was asked for it."""
        stand = tuple(
            self._fixed(part)
            for name, value in fixed
            if self._key(name) == project.key
            for part in listed(value)
        )
        out = frozenset(
            self._candidate(part).key
            for name, value in forbidden
            if self._key(name) == project.key
            for part in listed(value)
        )
        given = sum(self._candidate(each.candidate).area_cents for each in stand)
        return dataclasses.replace(
            project,
            must=any(self._key(name) == project.key for name in listed(must)),
            fixed=stand,
            forbidden=out,
            # what somebody decided is not held against the limits that stand for undecided land
            most_sites=max(project.most_sites, len(stand)),
            most_cents=None if project.most_cents is None else max(project.most_cents, given),
        )

    def all_known(self, asked: AllocateParameters) -> None:
        """Raise for what was asked for a project that takes no part."""
        names = [
            *listed(asked.must),
            *listed(asked.temporary),
            *(name for name, _v in (*pairs_of(asked.fixed), *pairs_of(asked.forbidden))),
        ]
        for name in names:
            if self._key(name) not in self._projects:
                raise InputError(
                    _("Something is asked for {project}, which takes no part in the allocation.").format(
                        project=name
                    ),
                    remedy=_("Look at the table of what takes no part; enter what is missing."),
                )

    def _key(self, name: str) -> str:
        return key_of(self._codes, name)

    def _candidate(self, name: str) -> Candidate:
        found = self._called.get(name, [])
        if len(found) == 1:
            return found[0]
        text = (
            _("There is no candidate “{name}”.")
            if not found
            else _("Several candidates are called “{name}”.")
        )
        raise InputError(
            text.format(name=name),
            remedy=_("Name it as the table of supply does, with its source before it."),
        )

    def _fixed(self, text: str) -> Fixed:
        name, sign, year = text.rpartition("@")
        if not sign:
            return Fixed(self._candidate(text).key)
        if not year.isdecimal() or int(year) not in self._years:
            raise UsageError(
                _("“{year}” is no year of the plan.").format(year=year),
                remedy=_("Years: {years}").format(years="、".join(map(str, self._years))),
            )
        return Fixed(self._candidate(name.strip()).key, int(year))


def _check_fixed(problem: Problem) -> None:
    candidates = {each.key: each for each in problem.candidates}
    for project in problem.projects:
        for each in project.fixed:
            against = bar(problem, project, candidates[each.candidate])
            if against is not None:
                raise InputError(
                    _(
                        "{project} is to have {candidate}, which is against its own conditions: {reason}."
                    ).format(
                        project=project.name,
                        candidate=candidates[each.candidate].name,
                        reason=_(against.words),
                    ),
                    remedy=_("Change the conditions of the project, or the decision."),
                )


def _budgets(text: str, years: tuple[int, ...]) -> tuple[Budget, ...]:
    made = []
    for key, value in pairs_of(text):
        yuan = int(_amount(key, value) * 10_000)
        if key in _ALL_YEARS:
            made.append(Budget("all", yuan, title=_("Budget of all years")))
        elif key.isdecimal() and int(key) in years:
            title = _("Budget of {year}").format(year=key)
            made.append(Budget(key, yuan, frozenset((int(key),)), title=title))
        else:
            raise UsageError(
                _("“{year}” is no year of the plan.").format(year=key),
                remedy=_("Years: {years}").format(years="、".join(map(str, years))),
            )
    return tuple(made)


def _amount(key: str, value: str) -> Decimal:
    try:
        amount = Decimal(value.strip().rstrip("%％"))
    except InvalidOperation as error:
        raise UsageError(_("{key}: “{value}” is no number.").format(key=key, value=value)) from error
    if not amount.is_finite():
        raise UsageError(_("{key}: “{value}” is no number.").format(key=key, value=value))
    return amount


def scenarios_of(text: str, problem: Problem) -> dict[str, Change]:
    """Return the changes of a text by their names: ``quota=+20; 占用征收林地定额=-50; without=三旧改造用地``.

    Raises
    ------
    UsageError
        When a quota, source or amount is none.
    """
    made: dict[str, Change] = {}
    kinds = {each.kind for each in problem.quotas}
    for key, value in pairs_of(text):
        if key in _QUOTA or key in kinds:
            per_cent = _amount(key, value)
            made[f"{key if key in kinds else _('All quotas')} {per_cent:+}%"] = _more(
                [each.key for each in problem.quotas if key in (each.kind, *_QUOTA)],
                max(Fraction(0), 1 + Fraction(per_cent) / 100),
            )
        elif key in _WITHOUT:
            sources = {each.source for each in problem.candidates}
            if value not in sources:
                raise _unknown(value, sources)
            made[_("Without {source}").format(source=value)] = without_source(value)
        else:
            raise UsageError(
                _("“{key}” is no scenario.").format(key=key),
                remedy=_("Scenarios are: quota=+20; without=三旧改造用地; or one of: {names}").format(
                    names=", ".join(sorted(kinds))
                ),
            )
    return made


def _unknown(name: str, known: Iterable[str]) -> UsageError:
    return UsageError(
        _("No scenario can be made of “{name}”.").format(name=name),
        remedy=_("Known: {names}").format(names=", ".join(sorted(known))),
    )


def _more(keys: list[str], factor: Fraction) -> Callable[[Problem], Problem]:
    def change(problem: Problem) -> Problem:
        for key in keys:
            problem = quota_times(key, factor)(problem)
        return problem

    return change
