"""Commands that make files for people: the demonstration, the web map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.errors import InputError
from layers.progress import ProgressPart
from layers.words import _
from zsgis.commands.console import Outcome

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
    outcome = written_outcome(document, written)
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


def written_outcome(document: dict[str, Any], files: list[Path]) -> Outcome:
    """Return what is told of files that were written."""
    lines = tuple(_("Written: {path}").format(path=file) for file in files)
    return Outcome({**document, "written": [str(file) for file in files]}, lines)
