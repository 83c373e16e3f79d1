"""``zsgis ledger``: what a project's runs and indicators say, whether it still holds, and how it moved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from layers.words import _
from zsgis.commands.console import Outcome, run_command
from zsgis.commands.ledger_value_commands import add_indicator_commands, add_value_commands

if TYPE_CHECKING:
    from layers.findings import Finding
    from layers.progress import Progress
    from zsgis.ledger.standing import RunStanding

_Project = Annotated[Path, typer.Argument(help=_("The project file (.gpkg)."), metavar="PROJECT")]
_Json = Annotated[bool, typer.Option("--json", help=_("Print one JSON document on standard output."))]


def add_ledger_commands(app: typer.Typer) -> None:
    """Add ``zsgis ledger`` with its commands to the command line."""
    ledger = typer.Typer(
        help=_("The ledger (台账): runs that can be proved, and the indicators of the plan.")
    )
    app.add_typer(ledger, name="ledger")
    _add_runs(ledger)
    add_value_commands(ledger)
    add_indicator_commands(ledger)


def _add_runs(ledger: typer.Typer) -> None:
    @ledger.command(
        "verify", help=_("Run the recorded runs again and say which still hold, and what changed.")
    )
    def verify(
        project: _Project,
        run: Annotated[
            list[str] | None,
            typer.Option(help=_("Only this run, by its number or identifier; may be repeated.")),
        ] = None,
        quick: Annotated[
            bool,
            typer.Option("--quick", help=_("Compare inputs, rules and program only; run nothing again.")),
        ] = False,
        as_json: _Json = False,
    ) -> None:
        run_command(lambda progress: verify_runs(project, run or [], progress, quick=quick), as_json=as_json)

    @ledger.command("compare", help=_("Put two runs side by side."))
    def compare(
        project: _Project,
        first: Annotated[str, typer.Argument(help=_("A run, by its number or identifier."), metavar="RUN1")],
        second: Annotated[str, typer.Argument(help=_("The other run."), metavar="RUN2")],
        as_json: _Json = False,
    ) -> None:
        run_command(lambda _progress: compare_two(project, first, second), as_json=as_json)


def verify_runs(path: Path, chosen: list[str], progress: Progress, *, quick: bool) -> Outcome:
    """Look at the runs of a project; those that do not hold make the exit code 1."""
    from zsgis.ledger.comparing import find_run
    from zsgis.ledger.documents import standing_document, standing_lines
    from zsgis.ledger.verifying import standings, verify
    from zsgis.run_records import kept_runs
    from zsgis.sharing.opening import open_as_allowed

    with open_as_allowed(path, progress) as project:
        runs = kept_runs(project.runs())
        uids = [find_run(runs, said).uid for said in chosen]
        found = standings(project, progress) if quick else verify(project, progress, runs=uids)
    if uids:
        found = tuple(standing for standing in found if standing.run.uid in uids)
    holding = sum(1 for standing in found if standing.current)
    lines = [line for standing in found for line in standing_lines(standing)]
    lines.append(
        _("{holding} of {count} runs still hold.").format(holding=holding, count=len(found))
        if found
        else _("No analysis was run in this project yet.")
    )
    document = {
        "runs": [standing_document(standing) for standing in found],
        "holding": holding,
        "count": len(found),
    }
    return Outcome(document, tuple(lines), _findings(found))


def _findings(found: tuple[RunStanding, ...]) -> tuple[Finding, ...]:
    from layers.findings import Finding, Severity
    from zsgis.ledger.verifying import run_title

    return tuple(
        Finding(
            f"ledger.{standing.verdict.value}",
            Severity.WARNING,
            _("Run {number} ({title}): {verdict}.").format(
                number=standing.number, title=run_title(standing.run), verdict=standing.verdict.words
            ),
            {
                change.input.layer_uid: tuple(feature.zs_uid for feature in change.features)
                for change in standing.inputs
            },
        )
        for standing in found
        if not standing.current
    )


def compare_two(path: Path, first: str, second: str) -> Outcome:
    """Put two runs of a project side by side."""
    from layers.store import Project
    from zsgis.ledger.comparing import compare_runs, find_run
    from zsgis.ledger.documents import comparison_document, comparison_lines
    from zsgis.run_records import kept_runs

    with Project.open(path, read_only=True) as project:
        runs = kept_runs(project.runs())
    comparison = compare_runs(find_run(runs, first), find_run(runs, second))
    return Outcome(comparison_document(comparison), tuple(comparison_lines(comparison)))
