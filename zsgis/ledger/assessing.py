"""Assessment of a plan (八(五)): every indicator on one day held against another, whole and by line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import UsageError
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import N_, _
from zsgis.ledger.entries import EntryState, LedgerEntry, ledger_of, state_of
from zsgis.ledger.lights import LightRule
from zsgis.plan import Plan

if TYPE_CHECKING:
    from layers.store import Project


class Span(StrEnum):
    """Which assessment it is."""

    YEARLY = "yearly"
    MIDTERM = "midterm"
    FINAL = "final"

    @property
    def words(self) -> str:
        """The assessment in the user's language."""
        return _(_SPANS[self])


_SPANS = {
    Span.YEARLY: N_("Yearly assessment"),
    Span.MIDTERM: N_("Mid-term assessment"),
    Span.FINAL: N_("Final assessment"),
}


class Course(StrEnum):
    """How a value moved."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    MOVED = "moved"
    UNKNOWN = "unknown"

    @property
    def words(self) -> str:
        """The course in the user's language."""
        return _(_COURSES[self])


_COURSES = {
    Course.BETTER: N_("Better"),
    Course.WORSE: N_("Worse"),
    Course.SAME: N_("Unchanged"),
    Course.MOVED: N_("Changed"),
    Course.UNKNOWN: N_("Cannot be told"),
}


@dataclass(frozen=True)
class AssessedLine:
    """An indicator, or one line of it, on two days; None on a day on which it has no such line."""

    key: str
    name: str
    then: LedgerEntry | None
    now: LedgerEntry | None

    @property
    def entry(self) -> LedgerEntry:
        """The later entry; the earlier where there is no later."""
        found = self.now or self.then
        if found is None:
            raise ValueError("a line without entries")
        return found

    @property
    def change(self) -> float | None:
        """Later less earlier value; None where one of them is missing, and never from nothing."""
        if self.then is None or self.now is None or self.then.value is None or self.now.value is None:
            return None
        return round(self.now.value - self.then.value, self.entry.indicator.digits)

    @property
    def course(self) -> Course:
        """Whether it became better."""
        change, good = self.change, self.entry.indicator.good
        if change is None:
            return Course.UNKNOWN
        if change == 0:
            return Course.SAME
        if not good:
            return Course.MOVED
        return Course.BETTER if (change > 0) == (good == "more") else Course.WORSE

    @property
    def current(self) -> bool:
        """Whether both values may be printed as current."""
        return all(one is not None and state_of(one) is EntryState.CURRENT for one in (self.then, self.now))


@dataclass(frozen=True)
class Assessment:
    """All indicators on two days."""

    plan: Plan
    earlier: dt.date
    later: dt.date
    lines: tuple[AssessedLine, ...]


def days_of(span: Span, plan: Plan, rule: LightRule, year: int | None = None) -> tuple[dt.date, dt.date]:
    """Return the days that an assessment compares: year's ends.

    Raises
    ------
    UsageError
        For a yearly one without a year, or a year outside the plan's period.
    """
    base = plan.period.start - 1
    if span is Span.YEARLY:
        if year is None or not plan.period.start <= year <= plan.period.end:
            raise UsageError(
                _("A yearly assessment needs a year of the plan's period {period}.").format(
                    period=plan.period
                ),
                remedy=_("Say which (--year 2024)."),
            )
        return _end(year - 1), _end(year)
    last = plan.period.end
    if span is Span.MIDTERM:
        last = min(base + rule.midterm_year, plan.period.end)
    return _end(base), _end(last)


def _end(year: int) -> dt.date:
    return dt.date(year, 12, 31)


def assess(
    project: Project,
    plan: Plan,
    earlier: dt.date,
    later: dt.date,
    progress: Progress | None = None,
    *,
    folders: Sequence[Path] = (),
    lights: str = "",
) -> Assessment:
    """Return every indicator on two days.

    A series gives the last value up to a day, the figure of an analysis that of the last run recorded up to
    it; a run's day is when it was made, and the data it stood on are those of that day. A main indicator's
    base value stands for its base year where nothing was typed.

    Raises
    ------
    UsageError
        When the days are not in order.
    InputError
        When indicators or the rule cannot be used.
    """
    if earlier >= later:
        raise UsageError(
            _("The earlier day {earlier} is not before the later day {later}.").format(
                earlier=earlier, later=later
            ),
            remedy=_("Give the days in their order."),
        )
    reporter = progress or NoProgress()
    now = ledger_of(project, plan, later, ProgressPart(reporter, 0.0, 0.7), folders=folders, lights=lights)
    then = ledger_of(
        project,
        plan,
        earlier,
        ProgressPart(reporter, 0.7, 1.0),
        folders=folders,
        lights=lights,
        found=now.runs,
    )
    old = {(one.indicator.key, one.line): one for one in then.entries}
    new = {(one.indicator.key, one.line): one for one in now.entries}
    ordered = [*new, *(key for key in old if key not in new)]
    order = {key: place for place, key in enumerate(dict.fromkeys(key for key, _line in ordered))}
    ordered.sort(key=lambda each: order[each[0]])
    lines = tuple(
        AssessedLine(
            key, (new.get((key, line)) or old[key, line]).name, old.get((key, line)), new.get((key, line))
        )
        for key, line in ordered
    )
    return Assessment(plan, earlier, later, lines)
