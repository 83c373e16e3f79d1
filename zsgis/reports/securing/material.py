"""What a report is made from: plan, ledger of today, the latest run of each analysis, the last issue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layers.secrecy import highest
from layers.words import _
from zsgis.ledger.comparing import who_words
from zsgis.ledger.entries import Ledger, ledger_of
from zsgis.ledger.standing import RunStanding
from zsgis.ledger.verifying import run_title
from zsgis.registry import CAPABILITIES
from zsgis.run_records import KeptRun

if TYPE_CHECKING:
    from layers.progress import Progress
    from layers.store import LayerInfo, Project
    from zsgis.plan import Plan


@dataclass(frozen=True)
class Material:
    """What a report is made from.

    Attributes
    ----------
    latest : mapping
        The latest recorded run of each analysis that can be read, by its key.
    """

    plan: Plan
    ledger: Ledger
    latest: Mapping[str, RunStanding]
    layers: tuple[LayerInfo, ...]
    title: str
    today: dt.date

    @property
    def used(self) -> tuple[RunStanding, ...]:
        """The runs that figures come from: the latest ones and those behind the ledger, by number."""
        found = {standing.number: standing for standing in self.latest.values()}
        for entry in self.ledger.entries:
            found.update({each.number: each for each in entry.runs if isinstance(each.run, KeptRun)})
        return tuple(found[number] for number in sorted(found))

    @property
    def secrecy(self) -> str:
        """The highest secrecy of all runs and layers the report is made from."""
        runs = (kept_of(standing).secrecy for standing in self.used)
        return highest("", *runs, *(info.secrecy or "" for info in self.layers if info.uid in self._layers))

    @property
    def demo(self) -> bool:
        """Whether demonstration data took part."""
        runs = any(kept_of(standing).demo for standing in self.used)
        return runs or any(info.demo for info in self.layers if info.uid in self._layers)

    @property
    def schematic(self) -> bool:
        """Whether schematic boundaries took part."""
        return any(kept_of(standing).schematic for standing in self.used)

    @property
    def _layers(self) -> frozenset[str]:
        """The layers behind runs and behind the ledger's figures."""
        runs = {item.layer_uid for standing in self.used for item in kept_of(standing).inputs}
        return frozenset(runs.union(*(entry.sources for entry in self.ledger.entries)))


def gather(project: Project, plan: Plan, wanted: Sequence[str], progress: Progress) -> Material:
    """Look at the ledger and runs of a project; nothing is run again.

    Parameters
    ----------
    wanted : sequence of str
        Analyses whose latest runs the report draws on.
    """
    ledger = ledger_of(project, plan, progress=progress)
    latest = {}
    for standing in ledger.runs:
        if standing.run.capability in wanted and isinstance(standing.run, KeptRun):
            latest[standing.run.capability] = standing
    return Material(plan, ledger, latest, project.layers(), project.title, ledger.on)


def kept_of(standing: RunStanding) -> KeptRun:
    """Return the record of a run that is known to be readable."""
    assert isinstance(standing.run, KeptRun)  # noqa: S101 - those that are not never become material
    return standing.run


def stale_reasons(standing: RunStanding) -> tuple[str, ...]:
    """Return why a run's figures are no longer current, a sentence each; nothing where they are."""
    if standing.current:
        return ()
    said = _("Run {number} of {day}: {verdict}.").format(
        number=standing.number, day=standing.run.started[:10], verdict=standing.verdict.words
    )
    return (said, *standing.reasons)


def source_words(standing: RunStanding) -> str:
    """Return which run figures come from, one line."""
    run = kept_of(standing)
    return _("Source: run {number}, {title}, {day}, {who}, {uid}").format(
        number=standing.number,
        title=run_title(run),
        day=run.started[:10],
        who=who_words(run),
        uid=run.uid[:8],
    )


def run_words(standings: Sequence[RunStanding]) -> str:
    """Return the numbers of runs as a cell shows them."""
    return "、".join(str(standing.number) for standing in standings)


def analysis_title(key: str) -> str:
    """Return what an analysis is called; its key where this program does not have it."""
    known = CAPABILITIES.get(key)
    return _(known.title) if known is not None else key


def missing_words(key: str) -> str:
    """Return that an analysis was never run, and what makes the run."""
    return _(
        "“{title}” was not run in this project yet, so there are no figures here. To run it: “{title}” in "
        "the window, or zsgis run {key} PROJECT."
    ).format(title=analysis_title(key), key=key)
