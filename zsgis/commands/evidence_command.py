"""``zsgis evidence``: the evidence folder written, and one looked at again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from layers.errors import UsageError
from layers.findings import Finding, Severity
from layers.words import _
from zsgis.commands.console import Outcome, run_command
from zsgis.commands.ledger_value_commands import Asked, parse_day

if TYPE_CHECKING:
    from layers.progress import Progress
    from zsgis.evidence import EvidenceCheck, EvidenceReport


@dataclass(frozen=True)
class EvidenceAsked:
    """What the command is asked for beside project and file."""

    plan: Asked
    on: str = ""
    quick: bool = False
    overwrite: bool = False
    by: str = ""
    why: str = ""


def add_evidence_command(app: typer.Typer) -> None:
    """Add ``zsgis evidence`` to the command line."""

    @app.command(
        "evidence",
        help=_(
            "Write inputs' hashes, rules, runs, tables, sheets, ledger and log as one file, or check one."
        ),
    )
    def evidence(
        first: Annotated[
            Path,
            typer.Argument(help=_("The project file; with --check the evidence folder."), metavar="PROJECT"),
        ],
        second: Annotated[
            Path | None,
            typer.Argument(help=_("The file to write; with --check the project."), metavar="OUT.zip"),
        ] = None,
        check: Annotated[
            bool,
            typer.Option("--check", help=_("Prove a folder that was written: --check FILE.zip [PROJECT].")),
        ] = False,
        quick: Annotated[
            bool,
            typer.Option("--quick", help=_("Compare inputs, rules and program only; run nothing again.")),
        ] = False,
        on: Annotated[str, typer.Option(help=_("As of which day (2025-12-31); today where not given."))] = "",
        plan: Annotated[
            str, typer.Option(help=_("Key of the plan; the 14th five-year plan where not given."))
        ] = "",
        plans: Annotated[
            list[Path] | None, typer.Option("--plans", help=_("A bureau's folder of plans; may be repeated."))
        ] = None,
        lights: Annotated[str, typer.Option(help=_("The bureau's own rule for lights (.toml)."))] = "",
        approved_by: Annotated[
            str, typer.Option(help=_("Who approved that something secret is written."))
        ] = "",
        because: Annotated[str, typer.Option(help=_("Why it is written; goes with --approved-by."))] = "",
        overwrite: Annotated[bool, typer.Option(help=_("Replace a file that exists."))] = False,
        as_json: Annotated[
            bool, typer.Option("--json", help=_("Print one JSON document on standard output."))
        ] = False,
    ) -> None:
        asked = EvidenceAsked(
            Asked(plan, tuple(plans or ()), lights), on, quick, overwrite, approved_by, because
        )
        run_command(
            lambda progress: (
                check_folder(first, second, progress) if check else write(first, second, asked, progress)
            ),
            as_json=as_json,
        )


def write(path: Path, out: Path | None, asked: EvidenceAsked, progress: Progress) -> Outcome:
    """Write the evidence folder of a project."""
    from zsgis.evidence import EvidenceOrder, write_evidence
    from zsgis.run_records.exports import Approval
    from zsgis.sharing.opening import open_as_allowed

    if out is None or out.suffix.lower() != ".zip":
        raise UsageError(
            _("Where is the evidence folder written to?"), remedy=_("zsgis evidence PROJECT OUT.zip")
        )
    now = dt.datetime.now().astimezone()
    order = EvidenceOrder(
        out=out,
        plan=asked.plan.load(),
        on=parse_day(asked.on) if asked.on else now.date(),
        moment=now,
        folders=asked.plan.folders,
        lights=asked.plan.lights,
        again=not asked.quick,
        approval=Approval(asked.by, asked.why),
        overwrite=asked.overwrite,
    )
    with open_as_allowed(path, progress) as project:
        report = write_evidence(project, order, progress)
    return Outcome(report_document(report), tuple(report_lines(report)), tuple(_noted(report)))


def report_document(report: EvidenceReport) -> dict[str, object]:
    """Return what was written, JSON-able."""
    return {
        "written": [str(report.path)],
        "sha256": report.sha256,
        "files": report.files,
        "runs": report.runs,
        "holding": report.holding,
        "secrecy": report.secrecy,
        "notes": list(report.notes),
        "registered": report.registered,
    }


def report_lines(report: EvidenceReport) -> list[str]:
    """Return what was written, as text."""
    return [
        _("Written: {path}").format(path=report.path),
        _("{files} files; {holding} of {runs} runs still hold.").format(
            files=report.files, holding=report.holding, runs=report.runs
        ),
        f"SHA-256 {report.sha256}",
        *report.notes,
    ]


def _noted(report: EvidenceReport) -> list[Finding]:
    found = []
    if not report.registered:
        text = _("The project may only be read, so the export is not in its register.")
        found.append(Finding("evidence.unregistered", Severity.WARNING, text))
    if report.holding < report.runs:
        text = _("{count} runs do not hold; the folder says which and why.")
        count = report.runs - report.holding
        found.append(Finding("evidence.stale", Severity.WARNING, text.format(count=count)))
    return found


def check_folder(path: Path, project_path: Path | None, progress: Progress) -> Outcome:
    """Prove a folder, and hold it against its project where one is given."""
    from layers.store import Project
    from zsgis.evidence import check_evidence

    if project_path is None:
        found = check_evidence(path, None, progress)
        return _told(found, against=False)
    with Project.open(project_path, read_only=True) as project:
        found = check_evidence(path, project, progress)
    return _told(found, against=True)


def _told(found: EvidenceCheck, *, against: bool) -> Outcome:
    lines = [
        _("Made {moment}; {files} files are what they were.").format(moment=found.made, files=found.files)
    ]
    findings = [Finding("evidence.damaged", Severity.ERROR, text) for text in found.faults]
    if against:
        findings += [Finding("evidence.changed", Severity.WARNING, text) for text in found.changes]
        if found.registered is None:
            text = _("No entry of the project's register of exports names exactly this file.")
            findings.append(Finding("evidence.unknown", Severity.WARNING, text))
        else:
            text = _("Registered on {day} by {who}.")
            lines.append(text.format(day=found.registered.started[:10], who=found.registered.who or "-"))
    if not findings:
        lines.append(
            _("The evidence folder is whole.") if not against else _("Whole; nothing changed since.")
        )
    document = {
        "made": found.made,
        "files": found.files,
        "whole": found.whole,
        "faults": list(found.faults),
        "changes": list(found.changes),
        "registered": None if found.registered is None else found.registered.uid,
    }
    return Outcome(document, tuple(lines), tuple(findings))
