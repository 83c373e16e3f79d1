"""``zsgis report``: the report on securing land, as a Word document or an Excel workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from layers.words import _
from zsgis.commands.console import Outcome, run_command

if TYPE_CHECKING:
    from layers.progress import Progress
    from zsgis.reports.securing.making import MadeReport, ReportOrder

_SHOWN = 20


def add_report_command(app: typer.Typer) -> None:
    """Add ``zsgis report`` to the command line."""

    @app.command("report", help=_("Write the report on securing land from ledger and runs: .docx or .xlsx."))
    def report(
        project: Annotated[Path, typer.Argument(help=_("The project file (.gpkg)."), metavar="PROJECT")],
        out: Annotated[Path, typer.Argument(help=_("The file to write."), metavar="OUT.docx|.xlsx")],
        template: Annotated[
            Path | None, typer.Option(help=_("The bureau's own template, a TOML file."))
        ] = None,
        plan: Annotated[str, typer.Option(help=_("Key of the plan. Empty: the plan that ships."))] = "",
        plans: Annotated[Path | None, typer.Option(help=_("Folder with plans of your own."))] = None,
        organisation: Annotated[
            str, typer.Option(help=_("The bureau on the title page; a line to fill in where not given."))
        ] = "",
        draft: Annotated[
            bool, typer.Option("--draft", help=_("Do not keep the report as an issue of the project."))
        ] = False,
        as_json: Annotated[
            bool, typer.Option("--json", help=_("Print one JSON document on standard output."))
        ] = False,
    ) -> None:
        from zsgis.reports.securing.making import ReportOrder

        folders = () if plans is None else (plans,)
        order = ReportOrder(out, template, plan, folders, organisation, draft)
        run_command(lambda progress: write_report(project, order, progress), as_json=as_json)


def write_report(path: Path, order: ReportOrder, progress: Progress) -> Outcome:
    """Write the report of a project."""
    from zsgis.reports.securing.making import make_report
    from zsgis.sharing.opening import open_as_allowed

    with open_as_allowed(path, progress) as project:
        made = make_report(project, order, progress)
    return Outcome(_document(made), tuple(_lines(made)), made.findings)


def _document(made: MadeReport) -> dict[str, Any]:
    return {
        "written": [str(made.path)],
        "issue": made.number,
        "sha256": made.sha256,
        "secrecy": made.report.secrecy,
        "marks": list(made.report.marks),
        "tables": len(made.report.tables),
        "figures": made.figures,
        "last_issue": None if made.last is None else made.last.number,
        "changed": [
            {
                "figure": list(each.key),
                "title": each.figure.title,
                "unit": each.figure.unit,
                "before": None if each.before is None else each.before.words,
                "after": None if each.after is None else each.after.words,
            }
            for each in made.moved
        ],
    }


def _lines(made: MadeReport) -> list[str]:
    lines = [_("Written: {path}").format(path=made.path)]
    if made.number:
        lines.append(
            _("Issue {number}, {figures} figures, SHA-256 {sha256}.").format(
                number=made.number, figures=f"{made.figures:,}", sha256=made.sha256[:12]
            )
        )
    if made.last is not None:
        lines.append(
            _("Against issue {number}: {count} figures changed.").format(
                number=made.last.number, count=f"{len(made.moved):,}"
            )
        )
    for each in made.moved[:_SHOWN]:
        sides = ["-" if side is None else side.words for side in (each.before, each.after)]
        lines.append(f"  {each.figure.title}: {sides[0]} → {sides[1]} {each.figure.unit}".rstrip())
    if len(made.moved) > _SHOWN:
        lines.append(_("  and {count} more").format(count=f"{len(made.moved) - _SHOWN:,}"))
    return lines
