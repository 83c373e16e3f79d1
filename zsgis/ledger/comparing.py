"""Two runs side by side: what went in, by which rules, and every figure that is another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from layers.errors import UsageError
from layers.words import _
from zsgis.ledger.verifying import run_title
from zsgis.run_records import FigureDifference, KeptRun, UnreadableRun, differences, figures_of
from zsgis.run_records.figures import changed_unkept

_SHORTEST_UID = 8
"""Fewer digits are a number in the list."""


@dataclass(frozen=True)
class Side:
    """One line of the comparison: the same thing of both runs."""

    name: str
    first: str
    second: str

    @property
    def same(self) -> bool:
        """Whether both are the same."""
        return self.first == self.second


@dataclass(frozen=True)
class RunComparison:
    """Two runs.

    Attributes
    ----------
    circumstances : tuple of Side
        When, who, program, parameters, inputs, rules; those that are the same too.
    differences : tuple of FigureDifference
        Figures that are another; ``same`` counts the others.
    unkept : tuple of str
        Titles of tables that differ in rows the records did not keep.
    """

    first: KeptRun
    second: KeptRun
    circumstances: tuple[Side, ...]
    differences: tuple[FigureDifference, ...]
    same: int
    unkept: tuple[str, ...]


def find_run(runs: tuple[KeptRun | UnreadableRun, ...], said: str) -> KeptRun:
    """Return a run by its number in the list, or by its uid or the beginning of it.

    Raises
    ------
    UsageError
        When there is none, several begin so, or its record cannot be read.
    """
    if said.isascii() and said.isdigit() and len(said) < _SHORTEST_UID:
        found = [run for number, run in enumerate(runs, start=1) if number == int(said)]
    else:
        found = [run for run in runs if said and run.uid.startswith(said)]
    if len(found) != 1:
        raise UsageError(
            _("{count} runs of the project are called “{name}”.").format(count=len(found), name=said),
            remedy=_("Say a run by its number or identifier; zsgis ledger show lists them."),
        )
    run = found[0]
    if isinstance(run, UnreadableRun):
        raise UsageError(
            _("The record of the run cannot be read: {reason}").format(reason=run.reason),
            remedy=_("Choose another run; zsgis ledger show lists them."),
        )
    return run


def compare_runs(first: KeptRun, second: KeptRun) -> RunComparison:
    """Return two runs side by side; the second is held against the first."""
    different = differences(first, second)
    gone = sum(1 for each in different if each.before is not None)
    return RunComparison(
        first,
        second,
        tuple(_circumstances(first, second)),
        different,
        len(figures_of(first)) - gone,
        changed_unkept(first, second),
    )


def _circumstances(first: KeptRun, second: KeptRun) -> list[Side]:
    lines = [
        Side(_("Analysis"), run_title(first), run_title(second)),
        Side(_("When"), first.started, second.started),
        Side(_("Who"), who_words(first), who_words(second)),
        Side(_("Program"), first.program_version, second.program_version),
    ]
    for name in dict.fromkeys((*first.parameters, *second.parameters)):
        title = _("Parameter {name}").format(name=name)
        lines.append(Side(title, _said(first.parameters.get(name)), _said(second.parameters.get(name))))
    lines += _inputs(first, second)
    for role in dict.fromkeys((*first.rules, *second.rules)):
        title = _("Rule {name}").format(name=role)
        lines.append(Side(title, first.rules.get(role, "-"), second.rules.get(role, "-")))
    return lines


def _inputs(first: KeptRun, second: KeptRun) -> list[Side]:
    sides = []
    for run in (first, second):
        sides.append(
            {used.role: f"{used.name} · {used.feature_count:,} · {used.sha256[:12]}" for used in run.inputs}
        )
    return [
        Side(_("Input {name}").format(name=role), sides[0].get(role, "-"), sides[1].get(role, "-"))
        for role in dict.fromkeys((*sides[0], *sides[1]))
    ]


def who_words(run: KeptRun) -> str:
    """Return who made a run, and at which computer; a dash where the record does not say."""
    return "@".join(part for part in (run.who, run.machine) if part) or "-"


def _said(value: Any) -> str:
    return "-" if value is None else str(value)
