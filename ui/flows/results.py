"""Running an analysis, showing its result, writing it to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from layers.progress import Progress
from layers.words import _
from ui.dialogs.port import JSON_FILES, SHEET_FILES, WORKBOOK_FILES
from ui.flows.desk import Desk
from zsgis.capability import Parameters

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project
    from zsgis.charts import ResultMap
    from zsgis.result import Result


class ResultFlows:
    """What happens when an officer wants a figure."""

    def __init__(self, desk: Desk) -> None:
        self._session = desk.session
        self._jobs = desk.jobs
        self._dialogs = desk.dialogs
        self._notice = desk.notice
        self._offer_place = desk.offer_place

    def run(self, key: str, parameters: Parameters) -> None:
        """Run a capability on the open project; its result is shown when it is done."""
        from zsgis.registry import capability

        project = self._session.project
        if project is None:
            return
        self._jobs.start(
            _(capability(key).title),
            lambda progress: _run(project, key, parameters, progress),
            done=self._show,
        )

    def export(self, result: Result) -> None:
        """Ask for a place and write a result as a workbook, charts beside it, or as a JSON document."""
        path = self._dialogs.save_file(
            _("Export tables"), f"{result.title}.xlsx", (WORKBOOK_FILES, JSON_FILES)
        )
        if path is not None:
            self._jobs.start(
                _("Writing {name}").format(name=path.name),
                lambda progress: _write(result, path, progress),
                done=self._tell_written,
                failed=lambda error: self._offer_place(error, path, lambda: self.export(result)),
            )

    def export_pages(self, result: Result) -> None:
        """Ask for a place and draw a page for each parcel of the result there."""
        pages = result.pages
        if pages is None:
            return
        from zsgis.sheets.parcel_pages import pages_file

        path = self._dialogs.save_file(
            _("Export pages of parcels"), pages_file(result, pages), SHEET_FILES[:1]
        )
        if path is not None:
            self._jobs.start(
                _("Writing {name}").format(name=path.name),
                lambda progress: _write_pages(result, path, progress),
                done=self._tell_written,
                failed=lambda error: self._offer_place(error, path, lambda: self.export_pages(result)),
            )

    def make_layer(self, result: Result, chart: ResultMap) -> None:
        """Add a map of a result to the project as a layer."""
        project = self._session.project
        if project is None or project.read_only:
            self._notice(_("This project is open for reading only."), None)
            return
        self._jobs.start(
            _("Making layer “{name}”").format(name=chart.title),
            lambda progress: _made_layer(project, result, chart, progress),
            done=self._show_layer,
        )

    def _show_layer(self, made: tuple[LayerInfo, tuple[LayerInfo, ...]]) -> None:
        layer, layers = made
        if self._session.project is not None:
            self._session.renew_layers(layers)
        self._notice(_("Layer “{name}” was made.").format(name=layer.name), None)

    def _show(self, result: Result) -> None:
        self._session.add_result(result)
        self._notice(_("Done: {title}").format(title=result.title), None)

    def _tell_written(self, path: Path) -> None:
        self._notice(_("Written: {name}").format(name=path.name), path)


def _run(project: Project, key: str, parameters: Parameters, progress: Progress) -> Result:
    from zsgis.run import run_capability

    return run_capability(project, key, parameters, progress)


def _write(result: Result, path: Path, progress: Progress) -> Path:
    from zsgis.reports import BureauHeading, write_json, write_workbook
    from zsgis.reports.charts import write_pictures
    from zsgis.result_grids import write_grid_file

    progress.step(0.1)
    if path.suffix.lower() == ".json":
        write_json(result, path)
    else:
        write_workbook(result, path, BureauHeading())
        progress.step(0.5)
        write_pictures(result, path.parent)
        for grid in result.grids:
            write_grid_file(result, grid, path.parent, progress)
    return path


def _write_pages(result: Result, path: Path, progress: Progress) -> Path:
    from ui.sheets import export_sheet
    from zsgis.sheets.parcel_pages import write_parcel_pages

    if result.pages is None:
        raise ValueError("the result has no pages")
    return write_parcel_pages(result, result.pages, path, export_sheet, progress)


def _made_layer(
    project: Project, result: Result, chart: ResultMap, progress: Progress
) -> tuple[LayerInfo, tuple[LayerInfo, ...]]:
    from zsgis.result_layers import add_to_project

    layer = add_to_project(project, result, chart, progress)
    return layer, project.layers()
