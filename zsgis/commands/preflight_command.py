"""``zsgis preflight``: what is wrong with a project's sheets before they are exported."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from layers.progress import ProgressPart
from layers.words import _
from zsgis.commands.console import Outcome, pairs, run_command

if TYPE_CHECKING:
    from layers.progress import Progress


UseOption = Annotated[
    str, typer.Option(help=_("What the sheet is for: 内部工作, 会议汇报, 公示公告 or 公开出版展示."))
]
ReviewOption = Annotated[
    str,
    typer.Option(help=_("State of the 审图号: 不需要=REASON, 引用标准地图=NUMBER, 送审中 or 已取得=NUMBER.")),
]

PublicRuleOption = Annotated[
    str, typer.Option(help=_("The bureau's own rule file on sheets for the public."), metavar="FILE.toml")
]


@dataclass(frozen=True)
class PreflightRequest:
    """What the command is asked for, as it was typed."""

    template: str
    each: str = ""
    use: str = "内部工作"
    review: str = ""
    settings: tuple[str, ...] = field(default=())
    public_rule: str = ""


def add_preflight_command(app: typer.Typer) -> None:
    """Add ``zsgis preflight`` to the command line."""

    @app.command("preflight", help=_("Check a sheet before it is exported, and list what is wrong."))
    def preflight(
        project: Annotated[Path, typer.Argument(help=_("The project file (.gpkg)."), metavar="PROJECT")],
        template: Annotated[str, typer.Argument(help=_("Which template."), metavar="TEMPLATE")],
        each: Annotated[str, typer.Option(help=_("A layer: one sheet for each of its features."))] = "",
        use: UseOption = "内部工作",
        review: ReviewOption = "",
        public_rule: PublicRuleOption = "",
        setting: Annotated[
            list[str] | None,
            typer.Option("--set", help=_("KEY=VALUE: a text of the sheet, its title for instance.")),
        ] = None,
        as_json: Annotated[
            bool, typer.Option("--json", help=_("Print one JSON document on standard output."))
        ] = False,
    ) -> None:
        request = PreflightRequest(template, each, use, review, tuple(setting or ()), public_rule)
        run_command(lambda progress: check_sheets(project, request, progress), as_json=as_json)


def check_sheets(path: Path, request: PreflightRequest, progress: Progress) -> Outcome:
    """Compose the sheets as an export would, and check them; nothing is written."""
    from zsgis.sharing.opening import open_as_allowed
    from zsgis.sheets.clearance import Clearance, checked
    from zsgis.sheets.preflight import read_review, read_use
    from zsgis.sheets.production import SheetOrder, compose_sheets, gather_material

    use, review = read_use(request.use), read_review(request.review)
    clearance = Clearance(use, review)
    order = SheetOrder(
        template=request.template,
        each=request.each,
        settings=pairs(list(request.settings), "--set"),
        clearance=clearance,
        public_rule=request.public_rule,
    )
    with open_as_allowed(path, progress) as project:
        material = gather_material(project, order.each, ProgressPart(progress, 0.0, 0.6))
        layouts = compose_sheets(project, order, material, ProgressPart(progress, 0.6, 1.0))
        found = checked(project, layouts, clearance, order.limits)
    blocking = sum(finding.blocking for finding in found)
    document = {
        "use": str(use),
        "sheets": [layout.name for layout in layouts],
        "blocking": blocking,
        "list": [asdict(finding) | {"box": finding.box and finding.box.model_dump()} for finding in found],
    }
    line = _("{sheets} sheets checked: {count} findings, {blocking} of them stop the export.").format(
        sheets=len(layouts), count=len(found), blocking=blocking
    )
    return Outcome(document, (line,), tuple(finding.told() for finding in found))
