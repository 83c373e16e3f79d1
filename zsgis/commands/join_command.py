"""The command that joins a table to a layer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from layers.words import _
from zsgis.commands.console import Outcome, pairs, run_command

if TYPE_CHECKING:
    from layers.progress import Progress
    from zsgis.joining.request import OnConflict, TableJoin


def add_join_command(app: typer.Typer) -> None:
    """Add ``zsgis join`` to the command line."""

    @app.command("join", help=_("Join a table (Excel, CSV) to a layer by a field or by place."))
    def join(
        project: Annotated[Path, typer.Argument(help=_("The project file (.gpkg)."), metavar="PROJECT")],
        layer: Annotated[str, typer.Argument(help=_("Name of the layer."), metavar="LAYER")],
        file: Annotated[Path, typer.Argument(help=_("The file to read."), metavar="FILE")],
        by: Annotated[
            list[str] | None,
            typer.Option("--by", help=_("FIELD=COLUMN: what rows find their features by; may be repeated.")),
        ] = None,
        by_place: Annotated[
            bool, typer.Option("--by-place", help=_("Rows find their features where their coordinates lie."))
        ] = False,
        distance: Annotated[
            float, typer.Option(help=_("How far the nearest feature may be, in the unit of the layer."))
        ] = 0.0,
        crs: Annotated[
            str, typer.Option(help=_("Coordinate system of the table, where not the layer's."))
        ] = "",
        column: Annotated[
            list[str] | None, typer.Option("--column", help=_("A column to bring; all where none is named."))
        ] = None,
        on_conflict: Annotated[
            str, typer.Option(help=_("Values that are there and differ: refuse, keep or replace."))
        ] = "refuse",
        leave_out: Annotated[
            bool, typer.Option("--leave-out", help=_("Leave out what does not belong together one to one."))
        ] = False,
        source_layer: Annotated[str, typer.Option(help=_("Which sheet of the workbook."))] = "",
        encoding: Annotated[str, typer.Option(help=_("Text encoding, GBK for instance."))] = "",
        choose: Annotated[
            list[str] | None,
            typer.Option(
                "--choose", help=_("NAME=VALUE: how the table is read, header_rows=3-4 for instance.")
            ),
        ] = None,
        as_json: Annotated[
            bool, typer.Option("--json", help=_("Print one JSON document on standard output."))
        ] = False,
    ) -> None:
        def work(progress: Progress) -> Outcome:
            from zsgis.joining.request import TableJoin

            wanted = TableJoin(
                layer=layer,
                path=file,
                keys=pairs(by or [], "--by"),
                by_place=by_place,
                distance=distance,
                crs=crs,
                columns=tuple(column or ()),
                on_conflict=_conflict(on_conflict),
                leave_out=leave_out,
                source_layer=source_layer,
                encoding=encoding,
                choices=pairs(choose or [], "--choose"),
            )
            return join_file(project, wanted, progress)

        run_command(work, as_json=as_json)


def join_file(path: Path, wanted: TableJoin, progress: Progress) -> Outcome:
    """Join a table to a layer of the project at ``path``."""
    from layers.formats.isolated import IsolatedReader
    from zsgis.joining.joining import join_table
    from zsgis.sharing.opening import open_to_write

    with open_to_write(path, progress) as project, IsolatedReader() as reader:
        report = join_table(project, wanted, reader, progress)
    line = _("{file} → layer “{layer}”: {count} of {rows} rows joined").format(
        file=wanted.path.name, layer=report.layer, count=len(report.plan.matches), rows=report.rows
    )
    return Outcome(report.document(), (line,), report.findings)


def _conflict(text: str) -> OnConflict:
    from layers.errors import UsageError
    from zsgis.joining.request import OnConflict

    try:
        return OnConflict(text)
    except ValueError as error:
        raise UsageError(
            _("“{text}” does not say “{name}”.").format(text=text, name="--on-conflict"),
            remedy=_("Say for instance: {example}").format(example="refuse、keep、replace"),
        ) from error
