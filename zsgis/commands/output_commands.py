"""Commands that make files for people: the demonstration, sheets, the web map."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.errors import InputError
from layers.progress import ProgressPart
from layers.words import _
from zsgis.commands.console import Outcome, pairs

if TYPE_CHECKING:
    from layers.progress import Progress
    from layers.store import Project
    from zsgis.commands.ports import Screen
    from zsgis.result import Result

DEMO_PROJECT = "演示工程.gpkg"
DEMO_SHEETS = "专题图"
DEMO_CITY_SHEET = "全市.pdf"
DEMO_PLATFORM_SHEET = "平台.pdf"
DEMO_WEBMAP = "网络地图.html"


@dataclass(frozen=True)
class SheetRequest:
    """What the sheet command is asked for."""

    out: Path
    template: str = ""
    each: str = ""
    settings: tuple[str, ...] = ()
    use: str = "内部工作"
    review: str = ""
    by: str = ""
    reason: str = ""


def sheet(path: Path, request: SheetRequest, screen: Screen, progress: Progress) -> Outcome:
    """Draw a sheet, or one for each feature of a layer."""
    from zsgis.run_records.exports import Approval
    from zsgis.sharing.opening import open_as_allowed
    from zsgis.sheets.clearance import Clearance
    from zsgis.sheets.preflight import SheetFinding, read_review, read_use
    from zsgis.sheets.production import SheetOrder, gather_material, make_sheets, require_sheet_file

    require_sheet_file(request.out)
    override = Approval(request.by, request.reason)
    order = SheetOrder(
        template=request.template,
        each=request.each,
        settings=pairs(list(request.settings), "--set"),
        clearance=Clearance(read_use(request.use), read_review(request.review), override),
    )
    noticed: list[SheetFinding] = []
    with open_as_allowed(path, progress) as project:
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
    done = _written({"preflight": len(noticed), "let_through": [each.text for each in let_through]}, written)
    checked = _("Checked before the export: {count} findings; zsgis preflight lists them.").format(
        count=len(noticed)
    )
    lines = (*done.lines, checked) if noticed else done.lines
    # what is odd about the figures on the sheet is said here as it is where they are counted
    counted = tuple(material.result.findings) if material.result else ()
    return Outcome(done.document, lines, (*(each.told() for each in let_through), *counted))


def webmap(path: Path, out: Path, progress: Progress) -> Outcome:
    """Write the web map."""
    from layers.store import Project
    from zsgis.webmap import write_webmap

    with Project.open(path, read_only=True) as project:
        report = write_webmap(project, out, progress)
    lines = [_("Written: {path}").format(path=report.path)]
    if report.kept_back:
        names = "、".join(report.kept_back)
        lines.append(_("Kept back because they are secret: {names}").format(names=names))
    document = {
        "written": [str(report.path)],
        "layers": list(report.layers),
        "kept_back": list(report.kept_back),
    }
    return Outcome(document, tuple(lines))


def demo(out: Path, screen: Screen, progress: Progress, *, securing: bool = True) -> Outcome:
    """Make the demonstration project and everything that is made from it.

    A demonstration project that is there already is used as it is: somebody may have worked in it.

    Parameters
    ----------
    securing : bool
        Go the whole way from demand to the evidence folder too.
    """
    from zsgis.commands.analysis_commands import make_folder, write_result
    from zsgis.demo.chain import CHAIN_FOLDER, secure_land
    from zsgis.sheets.production import SheetOrder, gather_material, make_sheets
    from zsgis.webmap import write_webmap

    make_folder(out)
    whole, progress = progress, ProgressPart(progress, 0.0, 0.5 if securing else 1.0)
    with _demo_project(out / DEMO_PROJECT, ProgressPart(progress, 0.0, 0.3)) as project:
        material = gather_material(project, "", ProgressPart(progress, 0.3, 0.45))
        if material.result is None:
            raise InputError(_("The project has no classified land layer."), where=str(project.path))
        written = [project.path, *write_result(material.result, out)]
        sheets = out / DEMO_SHEETS
        make_folder(sheets)
        platforms = project.layers_of("platforms")[0]
        orders = {
            DEMO_CITY_SHEET: SheetOrder(),
            DEMO_PLATFORM_SHEET: SheetOrder(each=platforms.uid),
        }
        for number, (name, order) in enumerate(orders.items()):
            part = ProgressPart(progress, 0.45 + 0.2 * number, 0.65 + 0.2 * number)
            written += make_sheets(
                project, sheets / name, order, screen.export_sheet, material=material, progress=part
            )
        written.append(write_webmap(project, out / DEMO_WEBMAP, ProgressPart(progress, 0.85, 1.0)).path)
        document = {"project": str(project.path), "figures": _figures(project, material.result)}
        if securing:
            make_folder(out / CHAIN_FOLDER)
            rest = ProgressPart(whole, 0.5, 1.0)
            written += secure_land(project, out / CHAIN_FOLDER, write_result, (material.result,), rest)
    outcome = _written(document, written)
    return Outcome(outcome.document, outcome.lines, material.result.findings)


def _demo_project(path: Path, progress: Progress) -> Project:
    from layers.store import Project
    from zsgis.demo import build_demo

    return Project.open(path) if path.exists() else build_demo(path, progress)


def _figures(project: Project, result: Result) -> dict[str, Any]:
    """Return the demonstration's figures, down to the parcels: what two installations must agree on.

    Layers go by their names, because their uids are made anew with each project.
    """
    from zsgis.reports import result_json

    names = {info.uid: info.name for info in project.layers()}
    tables = result_json(result)["tables"]
    for table in tables:
        for row in table["rows"]:
            row["sources"] = {names[uid]: uids for uid, uids in row["sources"].items()}
    return {"layers": {info.name: info.feature_count for info in project.layers()}, "tables": tables}


def _written(document: dict[str, Any], files: list[Path]) -> Outcome:
    lines = tuple(_("Written: {path}").format(path=file) for file in files)
    return Outcome({**document, "written": [str(file) for file in files]}, lines)
