"""The ledger of a day: every indicator with its value, light, clause, formula, parcels and runs.

A report prints an entry as current only where :func:`state_of` says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import N_, _
from zsgis.ledger.evaluating import Evaluator
from zsgis.ledger.formulas import formula_words
from zsgis.ledger.indicators import LedgerIndicator, all_indicators
from zsgis.ledger.lights import Judged, Light, LightRule, judged, read_lights
from zsgis.ledger.standing import RunStanding
from zsgis.ledger.terms import AREA, WHOLE, Line, Term, area_factor
from zsgis.ledger.typed_values import TypedValue, typed_values
from zsgis.ledger.verifying import standings
from zsgis.plan import Plan
from zsgis.run_records import KeptRun

if TYPE_CHECKING:
    from layers.store import Project


class EntryState(StrEnum):
    """Whether an entry's value may be printed."""

    CURRENT = "current"
    STALE = "stale"
    MISSING = "missing"

    @property
    def words(self) -> str:
        """The state in the user's language."""
        return _(_STATES[self])


_STATES = {
    EntryState.CURRENT: N_("Current"),
    EntryState.STALE: N_("Stale"),
    EntryState.MISSING: N_("Data lacking"),
}


@dataclass(frozen=True)
class LedgerEntry:
    """One value of an indicator, of the whole or of a line, on a day.

    Attributes
    ----------
    line : tuple of str
        What the value is by (``platform``) and of; empty texts for the whole.
    value : float or None
        In the indicator's unit; None where something is missing.
    judged : Judged
        Its light; only the whole has one.
    clause_place, clause_text : str
        Where the plan says it, and what, in our words.
    sources : mapping
        The parcels behind it, ``zs_uid`` by layer uid; ``sources_left_out`` more were not kept with the run.
    runs : tuple of RunStanding
        The runs it came from, each with what is to be thought of it.
    typed : TypedValue or None
        The entry of a department it is, where it is one.
    """

    indicator: LedgerIndicator
    line: Line
    on: dt.date
    value: float | None
    judged: Judged
    clause_place: str
    clause_text: str
    formula: str
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    sources: Mapping[str, tuple[str, ...]]
    sources_left_out: int
    runs: tuple[RunStanding, ...]
    typed: TypedValue | None = None

    @property
    def name(self) -> str:
        """What the entry is called, its line included."""
        return f"{self.indicator.name} · {self.line[1]}" if self.line[1] else self.indicator.name

    @property
    def gap(self) -> float | None:
        """Value less target, in the indicator's unit; below 0 is behind where more is better."""
        target = self.indicator.target
        if self.value is None or target is None or target.kind != "level" or self.line != WHOLE:
            return None
        return self.value - target.value

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the value may not be printed as current, a sentence each."""
        return (*self.missing, *(text for run in self.runs if not run.current for text in _run_reasons(run)))


def state_of(entry: LedgerEntry) -> EntryState:
    """Tell whether an entry's value may be printed as current."""
    if entry.value is None:
        return EntryState.MISSING
    return EntryState.CURRENT if all(run.current for run in entry.runs) else EntryState.STALE


def value_words(entry: LedgerEntry) -> str:
    """Return an entry's value as printed; one that is stale says so, and one that is lacking never is 0."""
    if entry.value is None:
        return _("Data lacking")
    said = f"{entry.value:,.{entry.indicator.digits}f}"
    return said if state_of(entry) is EntryState.CURRENT else _("{value} (stale)").format(value=said)


def _run_reasons(run: RunStanding) -> tuple[str, ...]:
    text = _("Run {number} of {day}: {verdict}.")
    said = text.format(number=run.number, day=run.run.started[:10], verdict=run.verdict.words)
    return (said, *run.reasons)


@dataclass(frozen=True)
class Ledger:
    """All entries of a day, the whole of each indicator before its lines; and all runs."""

    plan: Plan
    on: dt.date
    entries: tuple[LedgerEntry, ...]
    runs: tuple[RunStanding, ...]
    rule: LightRule

    def entry(self, key: str, line: Line = WHOLE) -> LedgerEntry | None:
        """Return an indicator's entry; None where there is none such."""
        found = (one for one in self.entries if one.indicator.key == key and one.line == line)
        return next(found, None)


def ledger_of(
    project: Project,
    plan: Plan,
    on: dt.date | None = None,
    progress: Progress | None = None,
    *,
    folders: Sequence[Path] = (),
    lights: str = "",
    found: tuple[RunStanding, ...] | None = None,
) -> Ledger:
    """Return the ledger of a project for a plan, on a day (today).

    Parameters
    ----------
    lights : str
        The bureau's own rule for lights, by its path.
    found : tuple of RunStanding
        What is known of the runs already, after running them again for instance.

    Raises
    ------
    InputError
        When indicators or the rule cannot be used.
    """
    reporter = progress or NoProgress()
    rule = read_lights(lights)
    indicators = all_indicators(project, plan, folders)
    known = standings(project, ProgressPart(reporter, 0.0, 0.7)) if found is None else found
    today = dt.datetime.now().astimezone().date()
    maker = _Maker(project, plan, on or today, today, known, rule)
    entries: list[LedgerEntry] = []
    for number, indicator in enumerate(indicators):
        reporter.step(0.7 + 0.3 * number / len(indicators), indicator.name)
        entries += maker.entries(indicator)
    return Ledger(plan, on or today, tuple(entries), known, rule)


class _Maker:
    def __init__(
        self,
        project: Project,
        plan: Plan,
        on: dt.date,
        today: dt.date,
        known: tuple[RunStanding, ...],
        rule: LightRule,
    ) -> None:
        self._plan, self._on, self._rule = plan, on, rule
        self._standings = {standing.run.uid: standing for standing in known}
        self._typed = [value for value in typed_values(project) if value.on <= on]
        runs = [standing.run for standing in known if isinstance(standing.run, KeptRun)]
        self._evaluator = Evaluator(project, runs, self._typed, on, today)

    def entries(self, indicator: LedgerIndicator) -> list[LedgerEntry]:
        lines = self._evaluator.lines(indicator)
        ordered = sorted(lines.terms, key=lambda line: line != WHOLE)
        return [self._entry(indicator, line, lines.terms[line]) for line in ordered]

    def _entry(self, indicator: LedgerIndicator, line: Line, term: Term) -> LedgerEntry:
        value, missing = in_unit(indicator, term)
        series = [one for one in self._typed if one.series in indicator.series]
        light = Judged(Light.NONE, "")
        if line == WHOLE:
            rates = {one.on.year: one.value for one in series}
            light = judged(indicator, value, self._on, self._rule, rates)
        place, text = self._clause(indicator.clause)
        return LedgerEntry(
            indicator=indicator,
            line=line,
            on=self._on,
            value=value,
            judged=light,
            clause_place=place,
            clause_text=text,
            formula=formula_words(indicator.formula),
            missing=missing,
            notes=term.notes,
            sources=term.sources,
            sources_left_out=term.sources_left_out,
            runs=tuple(self._standings[uid] for uid in term.runs),
            typed=series[-1] if series else None,
        )

    def _clause(self, key: str) -> tuple[str, str]:
        for clause in self._plan.clauses:
            if clause.key == key:
                return clause.place, clause.summary
        return key, _("Main indicators of the plan")


def in_unit(indicator: LedgerIndicator, term: Term) -> tuple[float | None, tuple[str, ...]]:
    """Return a term's value in its indicator's unit and digits, or what is missing for it."""
    if term.value is None:
        return None, term.missing or (_("Nothing to compute it from."),)
    factor = area_factor(indicator.unit)
    if (term.unit == AREA) != (factor is not None) or term.unit not in ("", AREA, indicator.unit):
        text = _("The formula gives {unit}, the indicator is in {wanted}.")
        return None, (text.format(unit=term.unit or "-", wanted=indicator.unit or "-"),)
    return round(term.value / (factor or 1.0), indicator.digits), ()
