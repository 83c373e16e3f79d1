"""Everything that is asked of a problem, in the time there is: plan, others, reasons, quotas, scenarios."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from layers.errors import JobCancelled
from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.allocating.asking import scenarios_of
from zsgis.allocating.mixing import mixed
from zsgis.allocating.more_quota import QuotaWorth, quota_worths
from zsgis.allocating.parameters import AllocateParameters
from zsgis.allocation.alternatives import Others, alternatives
from zsgis.allocation.near import Near
from zsgis.allocation.plan import Plan
from zsgis.allocation.problem import Problem, Project
from zsgis.allocation.relaxing import GivingWay, Impossible, least_relaxation
from zsgis.allocation.scenarios import Comparison, compare, run_scenarios
from zsgis.allocation.search import Effort, Outcome, attempt
from zsgis.allocation.watch import Watch
from zsgis.allocation.why import Reason

_WAYS = {
    "both": frozenset(GivingWay),
    "amounts": frozenset((GivingWay.QUOTA, GivingWay.BUDGET)),
    "projects": frozenset((GivingWay.POSTPONED,)),
}
_FOR_PLAN, _FOR_OTHERS, _FOR_REASONS, _FOR_QUOTAS = 0.5, 0.15, 0.2, 0.1


@dataclass(frozen=True)
class Answers:
    """What was found out.

    Attributes
    ----------
    outcome : Outcome
        The plan, or that there is none, or that nothing is decided.
    others : Others or None
        None where they were not asked for, or there was no time.
    reasons : mapping of str to Reason
        By key of the project; those that are missing were not asked for, or there was no time.
    lacking : mapping of str to Impossible
        For projects without land: what would let one be served beside those of its rank and before that are.
    impossible : Impossible or None
        Where there is no plan: what would make one possible.
    worths : mapping of (quota key, year) to QuotaWorth
        What 1 ha more would bring.
    scenarios : Comparison or None
    cancelled : bool
        The user stopped it: what was found until then is here.
    """

    outcome: Outcome
    others: Others | None
    reasons: Mapping[str, Reason]
    lacking: Mapping[str, Impossible]
    impossible: Impossible | None
    worths: Mapping[tuple[str, int], QuotaWorth]
    scenarios: Comparison | None
    cancelled: bool

    @property
    def plan(self) -> Plan | None:
        """The plan that is recommended; None where there is none."""
        return self.outcome.plan


class _Listening:
    """Progress that remembers that the user wants to stop."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.cancelled = False

    def step(self, done: float, text: str = "") -> None:
        if self.cancelled:
            raise JobCancelled
        try:
            self._progress.step(done, text)
        except JobCancelled:
            self.cancelled = True
            raise


def answers(problem: Problem, asked: AllocateParameters, progress: Progress) -> Answers:
    """Return what can be found out in the time there is; a stop by the user keeps what there is until then.

    Raises
    ------
    InputError
        When the problem contradicts itself.
    JobCancelled
        When the user stopped it before there was any plan to keep.
    """
    return _Answering(problem, asked, progress).all()


class _Answering:
    def __init__(self, problem: Problem, asked: AllocateParameters, progress: Progress) -> None:
        self._problem, self._asked = problem, asked
        self._listening = _Listening(progress)
        self._until = time.monotonic() + asked.seconds
        self._changes = scenarios_of(asked.scenarios, problem)

    def all(self) -> Answers:
        problem, asked = self._problem, self._asked
        more = asked.explain != "none" or asked.alternatives or self._changes
        share = _FOR_PLAN if more else 1.0
        watch = Watch(self._part(0.0, 0.5), seconds=share * asked.seconds)
        outcome = attempt(problem, self._effort(share * asked.seconds), watch)
        plan = outcome.plan
        others: Others | None = None
        reasons: dict[str, Reason] = {}
        lacking: dict[str, Impossible] = {}
        worths: Mapping[tuple[str, int], QuotaWorth] = {}
        impossible = None
        if plan is None:
            if outcome.impossible and self._goes_on:
                impossible = least_relaxation(
                    problem, self._effort(self._left), self._part(0.5, 1.0), ways=_WAYS[asked.relax]
                )
        elif self._goes_on:
            reasons, lacking = self._reasons(plan)
            others = self._others(plan, reasons)
            worths = self._worths(plan)
        return Answers(
            outcome,
            others,
            reasons,
            lacking,
            impossible,
            worths,
            self._scenarios(outcome),
            self._listening.cancelled,
        )

    @property
    def _left(self) -> float:
        return max(0.0, self._until - time.monotonic())

    @property
    def _goes_on(self) -> bool:
        return not self._listening.cancelled and self._left > 0

    def _part(self, start: float, end: float) -> Progress:
        return ProgressPart(self._listening, start, end)

    def _effort(self, seconds: float) -> Effort:
        asked = self._asked
        # who asks for the best asks for it on every level
        ties = max(asked.gap_pct, asked.tie_gap_pct) / 100
        return Effort(asked.gap_pct / 100, min(seconds, self._left), ties if asked.gap_pct else 0.0)

    def _others(self, plan: Plan, reasons: Mapping[str, Reason]) -> Others | None:
        if not self._asked.alternatives or not self._goes_on:
            return None
        return alternatives(
            self._problem,
            plan,
            self._effort(_FOR_OTHERS * self._asked.seconds),
            self._part(0.7, 0.8),
            count=self._asked.alternatives,
            starts=mixed(self._problem, plan, tuple(reasons.values()), self._asked.alternatives),
        )

    def _reasons(self, plan: Plan) -> tuple[dict[str, Reason], dict[str, Impossible]]:
        reasons: dict[str, Reason] = {}
        lacking: dict[str, Impossible] = {}
        projects = self._asked_about(plan)
        if not projects:
            return reasons, lacking
        try:
            near = Near(self._problem, plan, Watch(self._part(0.5, 0.52)))
        except JobCancelled:
            return reasons, lacking
        until = time.monotonic() + _FOR_REASONS * self._asked.seconds
        for place, project in enumerate(projects):
            seconds = (until - time.monotonic()) / (len(projects) - place)
            if not self._goes_on or seconds <= 0:
                break
            part = self._part(0.52 + 0.18 * place / len(projects), 0.52 + 0.18 * (place + 1) / len(projects))
            reason = near.reason(project.key, self._effort(seconds), Watch(part, seconds=seconds))
            reasons[project.key] = reason
            if not reason.sites and reason.next_plan is None and self._goes_on:
                # nothing is left for it: what is lacking, or who would have to wait?
                lacking[project.key] = least_relaxation(
                    served_too(self._problem, plan, project),
                    self._effort(seconds),
                    part,
                    ways=_WAYS[self._asked.relax],
                    keep=frozenset((project.key,)),
                )
        return reasons, lacking

    def _asked_about(self, plan: Plan) -> tuple[Project, ...]:
        """Return the projects of which reasons are looked for: those without land, then by their rank."""
        if self._asked.explain == "none":
            return ()
        projects = self._problem.projects
        served = {each.project for each in plan.assignments}
        first = min((each.rank for each in projects), default=1)
        chosen = (
            each
            for each in projects
            if self._asked.explain == "all" or each.rank == first or each.key not in served
        )
        return tuple(sorted(chosen, key=lambda each: (each.key in served, each.rank)))

    def _worths(self, plan: Plan) -> Mapping[tuple[str, int], QuotaWorth]:
        if not self._goes_on or self._asked.explain == "none":
            return {}
        effort = self._effort(_FOR_QUOTAS * self._asked.seconds)
        return quota_worths(self._problem, plan, effort, self._part(0.8, 0.9))

    def _scenarios(self, outcome: Outcome) -> Comparison | None:
        if not self._changes or not self._goes_on:
            return None
        seconds = self._left / len(self._changes)
        try:
            solved = run_scenarios(
                self._problem,
                self._changes,
                self._effort(seconds),
                self._part(0.9, 1.0),
                base_name=_("As it is"),
                known=outcome,
            )
        except JobCancelled:
            return None
        return compare(solved)


def served_too(problem: Problem, plan: Plan, project: Project) -> Problem:
    """Return the problem that must serve a project, and all that are served and do not rank after it."""
    served = {each.project for each in plan.assignments}
    return replace(
        problem,
        projects=tuple(
            replace(each, must=True)
            if each.key == project.key or (each.key in served and each.rank <= project.rank)
            else each
            for each in problem.projects
        ),
    )
