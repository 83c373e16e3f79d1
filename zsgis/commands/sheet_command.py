"""``zsgis sheet``: a sheet, or one for each feature of a layer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from layers.progress import ProgressPart
from layers.words import _
from zsgis.commands.console import Outcome, pairs, run_command
from zsgis.commands.output_commands import written_outcome
from zsgis.commands.preflight_command import PublicRuleOption, ReviewOption, UseOption

if TYPE_CHECKING:
    from layers.progress import Progress
    from layers.store import Project
    from zsgis.commands.ports import Screen
    from zsgis.sheets.production import SheetOrder


@dataclass(frozen=True)
class SheetRequest:
    """What the command is asked for, as it was typed."""

    out: Path
    template: str = ""
    each: str = ""
    only: tuple[str, ...] = ()
    scale: str = ""
    name: str = ""
    bound: bool = False
    index: bool = False
    resume: bool = False
    dpi: int = 300
    settings: tuple[str, ...] = ()
    use: str = "内部工作"
    review: str = ""
    public_rule: str = ""
    by: str = ""
    reason: str = ""


def add_sheet_command(app: typer.Typer, screen: Screen) -> None:
    """Add ``zsgis sheet`` to the command line."""

    @app.command("sheet", help=_("Draw a sheet: PDF, SVG, PNG, JPG or TIFF by the ending of the file."))
    def sheet(
        project: Annotated[Path, typer.Argument(help=_("The project file (.gpkg)."), metavar="PROJECT")],
        out: Annotated[
            Path, typer.Argument(help=_("The file to write."), metavar="OUT.pdf|.svg|.png|.jpg|.tif")
        ],
        template: Annotated[str, typer.Option(help=_("Which template."))] = "",
        each: Annotated[
            str,
            typer.Option(help=_("A layer: one sheet for each of its features."), metavar="LAYER[:FIELD]"),
        ] = "",
        only: Annotated[
            list[str] | None, typer.Option(help=_("A feature of the series, by its name; may be repeated."))
        ] = None,
        scale: Annotated[
            str, typer.Option(help=_("Scales that the sheets may have: 2000 or 500,1000,2000."))
        ] = "",
        name: Annotated[
            str,
            typer.Option(help=_("Names of a series' files: {number} {sheet} {zone} {title} {scale}.")),
        ] = "",
        bound: Annotated[bool, typer.Option("--bound", help=_("All sheets in one document."))] = False,
        index: Annotated[
            bool, typer.Option("--index", help=_("A sheet before the series that shows where each lies."))
        ] = False,
        resume: Annotated[
            bool, typer.Option("--resume", help=_("Draw only what an interrupted series has not written."))
        ] = False,
        dpi: Annotated[int, typer.Option(help=_("Resolution of pictures."), min=30, max=2400)] = 300,
        setting: Annotated[
            list[str] | None,
            typer.Option("--set", help=_("KEY=VALUE: a text of the sheet, its title for instance.")),
        ] = None,
        use: UseOption = "内部工作",
        review: ReviewOption = "",
        public_rule: PublicRuleOption = "",
        by: Annotated[
            str, typer.Option(help=_("On whose word the sheet leaves although findings stop it."))
        ] = "",
        reason: Annotated[str, typer.Option(help=_("Why it leaves all the same."))] = "",
        as_json: Annotated[
            bool, typer.Option("--json", help=_("Print one JSON document on standard output."))
        ] = False,
    ) -> None:
        request = SheetRequest(
            out=out,
            template=template,
            each=each,
            only=tuple(only or ()),
            scale=scale,
            name=name,
            bound=bound,
            index=index,
            resume=resume,
            dpi=dpi,
            settings=tuple(setting or ()),
            use=use,
            review=review,
            public_rule=public_rule,
            by=by,
            reason=reason,
        )
        run_command(lambda progress: draw_sheets(project, request, screen, progress), as_json=as_json)


def draw_sheets(path: Path, request: SheetRequest, screen: Screen, progress: Progress) -> Outcome:
    """Draw a sheet, or one for each feature of a layer."""
    from zsgis.sharing.opening import open_as_allowed
    from zsgis.sheets.preflight import SheetFinding
    from zsgis.sheets.production import gather_material, make_sheets
    from zsgis.sheets.sheet_files import require_sheet_file

    require_sheet_file(request.out)
    noticed: list[SheetFinding] = []
    with open_as_allowed(path, progress) as project:
        order = _order(project, request)
        material = gather_material(project, order.each, ProgressPart(progress, 0.0, 0.4))
        written = make_sheets(
            project,
            request.out,
            order,
            screen.export_sheet,
            material=material,
            progress=ProgressPart(progress, 0.4, 1.0),
            noticed=noticed.extend,
        )
    let_through = [finding for finding in noticed if finding.blocking]
    document = {"preflight": len(noticed), "let_through": [each.text for each in let_through]}
    done = written_outcome(document, written)
    checked = _("Checked before the export: {count} findings; zsgis preflight lists them.").format(
        count=len(noticed)
    )
    lines = (*done.lines, checked) if noticed else done.lines
    # what is odd about the figures on the sheet is said here as it is where they are counted
    counted = tuple(material.result.findings) if material.result else ()
    return Outcome(done.document, lines, (*(each.told() for each in let_through), *counted))


def _order(project: Project, request: SheetRequest) -> SheetOrder:
    from zsgis.run_records.exports import Approval
    from zsgis.sheets.clearance import Clearance
    from zsgis.sheets.preflight import read_review, read_use
    from zsgis.sheets.production import SheetOrder
    from zsgis.sheets.series import layer_and_field
    from zsgis.sheets.series_rule import SeriesRule, read_scales

    each, titled_by = layer_and_field(project, request.each)
    return SheetOrder(
        template=request.template,
        each=each,
        settings=pairs(list(request.settings), "--set"),
        dpi=request.dpi,
        rule=SeriesRule(titled_by, request.only, read_scales(request.scale)),
        bound=request.bound,
        files=request.name,
        index=request.index,
        resume=request.resume,
        clearance=Clearance(
            read_use(request.use), read_review(request.review), Approval(request.by, request.reason)
        ),
        public_rule=request.public_rule,
    )
