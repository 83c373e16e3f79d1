"""The command that checks red lines: one file, or a folder of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from layers.words import _
from zsgis.commands.console import ExitCode, Outcome, pairs, run_command

if TYPE_CHECKING:
    from layers.formats.isolated import IsolatedReader
    from layers.importing.request import ImportRequest
    from layers.progress import Progress
    from zsgis.commands.ports import Screen
    from zsgis.redline.folder import RedlineAccount, RedlineRun
    from zsgis.redline.rules import RedlineRules
    from zsgis.sheets.production import SheetDrawer


@dataclass(frozen=True)
class RedlineOptions:
    """What the command was told; empty texts mean "not said"."""

    project: Path
    file: Path
    out: Path
    rules: str
    plain: Mapping[str, str]
    choices: Sequence[str]
    settings: Sequence[str]


def add_redline_command(app: typer.Typer, screen: Screen | None = None) -> None:
    """Add ``zsgis check-redline`` to the command line."""

    @app.command("check-redline", help=_("Check what lies under a red line, or under each of a folder."))
    def check_redline(
        project: Annotated[Path, typer.Argument(help=_("The project file (.gpkg)."), metavar="PROJECT")],
        file: Annotated[Path, typer.Argument(help=_("The file or folder of red lines."), metavar="FILE")],
        out: Annotated[Path, typer.Option("--out", help=_("Folder for the tables and documents."))],
        rules: Annotated[
            str, typer.Option(help=_("Name of a rule file, or the path of the bureau's own."))
        ] = "redline",
        source_layer: Annotated[str, typer.Option(help=_("Which layer of the file."))] = "",
        crs: Annotated[
            str,
            typer.Option(help=_("What the coordinates are: 4547, gk:114.5, utm49, gcj02, 4547+swapped …")),
        ] = "",
        encoding: Annotated[str, typer.Option(help=_("Text encoding, GBK for instance."))] = "",
        choose: Annotated[
            list[str] | None,
            typer.Option(help=_("NAME=VALUE: what the family of files lets one choose; may be repeated.")),
        ] = None,
        setting: Annotated[
            list[str] | None,
            typer.Option("--set", help=_("NAME=VALUE: a setting of the rules, sliver_m2 for instance.")),
        ] = None,
        as_json: Annotated[
            bool, typer.Option("--json", help=_("Print one JSON document on standard output."))
        ] = False,
    ) -> None:
        plain = {"source_layer": source_layer, "crs": crs, "encoding": encoding}
        options = RedlineOptions(project, file, out, rules, plain, choose or (), setting or ())
        run_command(lambda progress: check(options, progress, screen), as_json=as_json)


def check(options: RedlineOptions, progress: Progress, screen: Screen | None = None) -> Outcome:
    """Check the red lines of a file or folder and write a workbook, a document and a JSON file for each.

    Where a screen floor can draw, the sheet of table and overlay map is written as PDF too.
    """
    from layers.formats.isolated import IsolatedReader

    draw = screen.export_sheet if screen is not None else None
    with IsolatedReader() as reader:
        reader.prepare()  # it loads its libraries while this process loads its own
        return _checked(options, draw, reader, progress)


def _checked(
    options: RedlineOptions, draw: SheetDrawer | None, reader: IsolatedReader, progress: Progress
) -> Outcome:
    from zsgis.commands.analysis_commands import make_folder
    from zsgis.intake.tools import IntakeTools, configuration_folder
    from zsgis.redline.folder import RedlineRun, is_folder_of_files
    from zsgis.sharing.opening import open_as_allowed

    rules, wanted = _rules(options), _request(options)
    make_folder(options.out)
    with open_as_allowed(options.project, progress) as project:
        parameters = IntakeTools(reader, configuration_folder()).book.sets()
        run = RedlineRun(project, rules, reader, options.out, wanted, parameters, draw)
        if is_folder_of_files(options.file):
            summary = run.check_folder(options.file, progress)
            return _folder_outcome(run, summary)
        run.check_file(options.file, progress)
    return _file_outcome(run)


def _rules(options: RedlineOptions) -> RedlineRules:
    from zsgis.redline.rules import redline_rules

    rules = redline_rules(options.rules)
    given = pairs(options.settings, "--set")
    return rules.with_settings(**given) if given else rules


def _request(options: RedlineOptions) -> ImportRequest:
    from layers.guard.taken_as import parse_taken_as
    from layers.importing.request import ImportRequest

    if options.plain["crs"]:
        parse_taken_as(options.plain["crs"])  # a wrong call is told before a file is opened
    return ImportRequest(
        path=options.file,
        source_layer=options.plain["source_layer"],
        crs=options.plain["crs"],
        encoding=options.plain["encoding"],
        choices=pairs(options.choices, "--choose"),
    )


def _file_outcome(run: RedlineRun) -> Outcome:
    accounts = run.accounts
    findings = tuple(finding for account in accounts for finding in account.findings)
    refused = any(account.outcome is None for account in accounts)
    return Outcome(
        {"red_lines": [_document(account) for account in accounts]},
        tuple(line for account in accounts for line in _lines(account)),
        findings,
        ExitCode.UNUSABLE_INPUT if refused else None,
    )


def _folder_outcome(run: RedlineRun, summary: Path) -> Outcome:
    """Return the account of a folder; findings stand with the red line that they are of."""
    accounts = run.accounts
    code = ExitCode.FINDINGS if any(account.weighty for account in accounts) else ExitCode.DONE
    if any(account.outcome is None for account in accounts):
        code = ExitCode.UNUSABLE_INPUT
    document = {
        "summary": str(summary),
        "red_lines": [
            {**_document(account), "findings": [_finding(each) for each in account.findings]}
            for account in accounts
        ],
    }
    lines = tuple(
        "\t".join((a.file, a.name, a.fate.words, a.outcome.words if a.outcome else a.text)) for a in accounts
    )
    return Outcome(document, (*lines, _("Written: {path}").format(path=summary)), (), code)


def _document(account: RedlineAccount) -> dict[str, Any]:
    return {
        "file": account.file,
        "name": account.name,
        "fate": str(account.fate),
        "text": account.text,
        "outcome": None if account.outcome is None else str(account.outcome),
        "planar_m2": account.planar_m2,
        "ellipsoidal_m2": account.ellipsoidal_m2,
        "forbidden": list(account.forbidden),
        "forbidden_m2": account.forbidden_m2,
        "warned": list(account.warned),
        "warned_m2": account.warned_m2,
        "not_checked": list(account.not_checked),
        "written": [str(path) for path in account.written],
    }


def _finding(each: Any) -> dict[str, str]:
    return {"code": each.code, "severity": str(each.severity), "text": each.text}


def _lines(account: RedlineAccount) -> tuple[str, ...]:
    said = account.outcome.words if account.outcome is not None else account.text
    head = "\t".join((account.name, account.fate.words, said))
    return (head, *(_("Written: {path}").format(path=path) for path in account.written))
