"""The commands and their options. Each only reads its options and hands over to the work floor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from layers.words import _
from zsgis import __version__
from zsgis.commands.backup_commands import add_backup_commands
from zsgis.commands.console import pairs, run_command
from zsgis.commands.db_commands import add_db_commands
from zsgis.commands.demand_commands import add_demand_commands
from zsgis.commands.evidence_command import add_evidence_command
from zsgis.commands.history_commands import add_history_commands
from zsgis.commands.join_command import add_join_command
from zsgis.commands.ledger_commands import add_ledger_commands
from zsgis.commands.merge_command import add_merge_command
from zsgis.commands.ports import Screen
from zsgis.commands.preflight_command import add_preflight_command
from zsgis.commands.redline_command import add_redline_command
from zsgis.commands.report_command import add_report_command
from zsgis.commands.sheet_command import add_sheet_command

JsonOption = Annotated[bool, typer.Option("--json", help=_("Print one JSON document on standard output."))]
ProjectArgument = Annotated[Path, typer.Argument(help=_("The project file (.gpkg)."), metavar="PROJECT")]


def build_app(screen: Screen) -> typer.Typer:
    """Return the command line.

    Parameters
    ----------
    screen : Screen
        What the screen floor does for commands: the window, and drawing without a display.
    """
    app = typer.Typer(
        name="zsgis",
        help=_("Land securing and spatial planning for Zhongshan. Without a command, the window opens."),
        no_args_is_help=False,
        invoke_without_command=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # a help text at once: rich costs half of the answer's time
    )
    _add_start(app, screen)
    _add_project_commands(app)
    _add_check(app)
    add_join_command(app)
    add_history_commands(app)
    add_backup_commands(app)
    add_merge_command(app)
    add_db_commands(app)
    add_demand_commands(app)
    add_redline_command(app, screen)
    add_ledger_commands(app)
    add_evidence_command(app)
    _add_analysis_commands(app, screen)
    _add_output_commands(app, screen)
    add_report_command(app)
    add_sheet_command(app, screen)
    add_preflight_command(app)
    return app


def _add_start(app: typer.Typer, screen: Screen) -> None:
    @app.callback()
    def start(
        context: typer.Context,
        version: Annotated[bool, typer.Option("--version", help=_("Print the version."))] = False,
    ) -> None:
        if version:
            typer.echo(__version__)
            raise typer.Exit
        if context.invoked_subcommand is None:
            raise typer.Exit(screen.open_window(None))

    @app.command("open", help=_("Open the window with a project."))
    def open_project(project: ProjectArgument) -> None:
        raise typer.Exit(screen.open_window(project))


def _add_project_commands(app: typer.Typer) -> None:
    from zsgis.commands import intake_commands
    from zsgis.commands import project_commands as commands

    @app.command("new", help=_("Make an empty project."))
    def new(
        project: ProjectArgument,
        crs: Annotated[str, typer.Option(help=_("Coordinate system, an EPSG number."))] = "4547",
        as_json: JsonOption = False,
    ) -> None:
        run_command(lambda progress: commands.new(project, crs, progress), as_json=as_json)

    @app.command("import", help=_("Bring a file, or every data set of a folder, into the project."))
    def import_(
        project: ProjectArgument,
        file: Annotated[Path, typer.Argument(help=_("The file or folder to read."), metavar="FILE")],
        kind: Annotated[
            str,
            typer.Option("--as", help=_("What it holds: land_use, zones, points …; guessed where not said.")),
        ] = "",
        name: Annotated[str, typer.Option(help=_("Name of the new layer."))] = "",
        source_layer: Annotated[str, typer.Option(help=_("Which layer of the file."))] = "",
        file_format: Annotated[
            str, typer.Option("--format", help=_("Family of files, where it is not recognised."))
        ] = "",
        crs: Annotated[
            str,
            typer.Option(help=_("What the coordinates are: 4547, gk:114.5, utm49, gcj02, 4547+swapped …")),
        ] = "",
        encoding: Annotated[str, typer.Option(help=_("Text encoding, GBK for instance."))] = "",
        mapping: Annotated[
            list[str] | None,
            typer.Option("--map", help=_("FIELD=COLUMN: which column fills which field; may be repeated.")),
        ] = None,
        unit: Annotated[
            list[str] | None,
            typer.Option(help=_("COLUMN=UNIT: unit of a column's areas (m2, ha, mu, km2); may be repeated.")),
        ] = None,
        choose: Annotated[
            list[str] | None,
            typer.Option(help=_("NAME=VALUE: what the family of files lets one choose; may be repeated.")),
        ] = None,
        remembered: Annotated[
            str, typer.Option("--mapping", help=_("Name of a remembered mapping to use."))
        ] = "",
        remember: Annotated[str, typer.Option(help=_("Remember the mapping under this name."))] = "",
        standard: Annotated[
            str,
            typer.Option(help=_("Land-class standard: yd2023, yd2020, sandiao, gbt21010, gb50137, custom.")),
        ] = "",
        secrecy: Annotated[
            str, typer.Option(help=_("Secrecy (密级) of the layer, 秘密★10年 for instance."))
        ] = "",
        status: Annotated[str, typer.Option(help=_("Status (数据状态): 示意, 待核实 or 法定."))] = "",
        as_json: JsonOption = False,
    ) -> None:
        plain = {
            "path": file,
            "kind": kind,
            "name": name,
            "source_layer": source_layer,
            "format": file_format,
            "crs": crs,
            "encoding": encoding,
            "standard": standard,
            "secrecy": secrecy,
            "status": status,
        }
        options = intake_commands.ImportOptions(
            plain, mapping or (), unit or (), choose or (), remembered, remember
        )
        run_command(lambda progress: intake_commands.import_(project, options, progress), as_json=as_json)

    @app.command("layers", help=_("List the layers of a project."))
    def layers(project: ProjectArgument, as_json: JsonOption = False) -> None:
        run_command(lambda progress: commands.layers(project, progress), as_json=as_json)

    @app.command("export", help=_("Write a layer to a file; the ending chooses the format."))
    def export(
        project: ProjectArgument,
        layer: Annotated[str, typer.Argument(help=_("Name of the layer."), metavar="LAYER")],
        out: Annotated[Path, typer.Argument(help=_("The file to write."), metavar="OUT")],
        choose: Annotated[
            list[str] | None,
            typer.Option(help=_("NAME=VALUE: what the family of files lets one choose; may be repeated.")),
        ] = None,
        as_json: JsonOption = False,
    ) -> None:
        run_command(
            lambda progress: commands.export(project, layer, out, pairs(choose or (), "--choose"), progress),
            as_json=as_json,
        )


def _add_check(app: typer.Typer) -> None:
    from zsgis.commands import checking_commands as commands

    @app.command("check", help=_("Check a file, or the layers of a project, and list what is wrong."))
    def check(
        path: Annotated[Path, typer.Argument(help=_("A file or a project."), metavar="FILE|PROJECT")],
        kind: Annotated[
            str, typer.Option(help=_("What a file holds: land_use, zones …; guessed where not given."))
        ] = "",
        layer: Annotated[str, typer.Option(help=_("Which layer; all of a project where not given."))] = "",
        crs: Annotated[str, typer.Option(help=_("Coordinate system, where a file states none."))] = "",
        encoding: Annotated[str, typer.Option(help=_("Text encoding, GBK for instance."))] = "",
        standard: Annotated[
            str,
            typer.Option(help=_("Land-class standard: yd2023, yd2020, sandiao, gbt21010, gb50137, custom.")),
        ] = "",
        report: Annotated[
            Path | None, typer.Option(help=_("Where to write the report: .xlsx or .json."))
        ] = None,
        as_json: JsonOption = False,
    ) -> None:
        request = commands.CheckRequest(path, kind, layer, crs, encoding, standard)
        run_command(lambda progress: commands.check(request, report, progress), as_json=as_json)


def _add_analysis_commands(app: typer.Typer, screen: Screen) -> None:
    from zsgis.commands import analysis_commands as commands

    @app.command("run", help=_("Run an analysis on a project."))
    def run(
        capability: Annotated[
            str, typer.Argument(help=_("Which analysis; --list names them."), metavar="CAPABILITY")
        ] = "",
        project: Annotated[
            Path | None, typer.Argument(help=_("The project file (.gpkg)."), metavar="PROJECT")
        ] = None,
        parameter: Annotated[
            list[str] | None,
            typer.Option("-p", help=_("NAME=VALUE: a parameter of the analysis; may be repeated.")),
        ] = None,
        out: Annotated[Path | None, typer.Option(help=_("Folder for the Excel and JSON files."))] = None,
        list_all: Annotated[
            bool, typer.Option("--list", help=_("List the analyses and their parameters."))
        ] = False,
        as_json: JsonOption = False,
    ) -> None:
        if list_all:
            run_command(lambda _progress: commands.list_capabilities(), as_json=as_json)
        run_command(
            lambda progress: commands.run(capability, project, parameter or [], out, progress, screen),
            as_json=as_json,
        )


def _add_output_commands(app: typer.Typer, screen: Screen) -> None:
    from zsgis.commands import output_commands as commands

    @app.command("demo", help=_("Make the demonstration project, its tables, sheets and web map."))
    def demo(
        out: Annotated[Path, typer.Argument(help=_("The folder to write into."), metavar="OUTDIR")],
        as_json: JsonOption = False,
    ) -> None:
        run_command(lambda progress: commands.demo(out, screen, progress), as_json=as_json)

    @app.command("webmap", help=_("Write the project as one web page that needs no network."))
    def webmap(
        project: ProjectArgument,
        out: Annotated[Path, typer.Argument(help=_("The file to write."), metavar="OUT.html")],
        as_json: JsonOption = False,
    ) -> None:
        run_command(lambda progress: commands.webmap(project, out, progress), as_json=as_json)
