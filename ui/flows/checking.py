"""Checking layers in the window: asked for, shown, gone to, repaired, reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from layers.checking.model import CheckReport
from layers.progress import Progress
from layers.words import N_, _
from ui.actions import LAYER, ActionSpec
from ui.bench import Bench
from ui.dialogs.port import JSON_FILES, WORKBOOK_FILES
from ui.flows.repairing import RepairFlow
from ui.panels.check_panel import CheckPage
from ui.tables.check_model import Place
from zsgis.session import Change

if TYPE_CHECKING:
    import pyproj

    from layers.store import Project

_LANE = "checking"
_ROOM_SHARE = 0.5
_LEAST_ROOM_M = 5.0

_SPECS = (
    ActionSpec(
        "check_layers",
        N_("Check layers"),
        LAYER,
        "check_layers",
        "Ctrl+Alt+Q",
        "project",
        2,
        tip=N_("Look for wrong fields, codes, areas, gaps and overlaps"),
    ),
)


class CheckingFlows:
    """Runs checks and shows them below the map; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._session = bench.desk.session
        self._jobs = bench.desk.jobs
        self._page: CheckPage | None = None
        self._job: int | None = None
        self._repairs = RepairFlow(bench, self._settle)
        bench.window.data_panel.check_asked.connect(self.open)
        bench.window.results_panel.page_close_asked.connect(self._close)
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each command does."""
        return {"check_layers": self.open}

    @property
    def page(self) -> CheckPage | None:
        """The page below the map, once it was asked for."""
        return self._page

    @property
    def repairs(self) -> RepairFlow:
        """What repairs findings."""
        return self._repairs

    def open(self) -> None:
        """Show the page and check the layer that is chosen in the tree; without one, wait to be told."""
        if self._session.project is None:
            return
        chosen = self._bench.window.layer_tree.current_layer()
        page = self._shown_page()
        page.show_layers([(info.uid, info.name) for info in self._session.layers], chosen)
        if chosen:
            self.check(chosen)

    def check(self, layer_uid: str) -> None:
        """Check a layer, or all of them where none is named."""
        project = self._session.project
        if project is None:
            return
        self._jobs.cancel(self._job or 0)
        names = [layer_uid] if layer_uid else []
        self._job = self._jobs.start(
            _("Checking layers"),
            lambda progress: _check(project, names, progress),
            done=lambda reports: self._show(project, reports),
            lane=_LANE,
        )

    def _show(self, project: Project, reports: tuple[CheckReport, ...]) -> None:
        if project is not self._session.project:
            return
        page = self._shown_page()
        page.show_reports(reports)
        self._bench.desk.notice(
            _("Checked: {count} findings").format(count=f"{sum(len(report) for report in reports):,}"), None
        )

    def _shown_page(self) -> CheckPage:
        panel = self._bench.window.results_panel
        if self._page is None:
            page = self._page = CheckPage(self._bench.colors)
            page.check_asked.connect(self.check)
            page.finding_chosen.connect(self._go_to)
            page.repair_asked.connect(self._repair)
            page.report_asked.connect(self._export)
            panel.add_page(page, _("Check"), "check_layers")
        panel.tabs.setCurrentWidget(self._page)
        self._bench.window.show_results(True)
        return self._page

    def _close(self, page: object) -> None:
        if page is self._page and self._page is not None:
            self._jobs.cancel(self._job or 0)
            self._bench.window.results_panel.remove_page(self._page)
            self._page = None
            self._bench.window.canvas.clear_marker()
            self._bench.window.show_results(self._bench.window.results_panel.has_pages)

    def _go_to(self, place: Place) -> None:
        """Select the features of a finding and show its place."""
        if self._page is None:
            return
        report = self._page.model.reports[place.report]
        finding = self._page.model.finding(place)
        uids = report.uids_of(place.number)
        if uids:
            self._session.select({report.layer_uid: uids})
        layer, system = self._session.layer(report.layer_uid), self._session.map_crs
        if finding.box is None or finding.x is None or finding.y is None or layer is None or system is None:
            return
        canvas = self._bench.window.canvas
        west, south, east, north = _in_map(finding.box, layer.crs, system)
        x, y = _in_map((finding.x, finding.y, finding.x, finding.y), layer.crs, system)[:2]
        room = max(_ROOM_SHARE * max(east - west, north - south), _LEAST_ROOM_M / canvas.view.metres_per_unit)
        canvas.zoom_to((west - room, south - room, east + room, north + room))
        canvas.show_marker(x, y)

    def _repair(self, places: Sequence[Place]) -> None:
        if self._page is None or not places:
            return
        report = self._page.model.reports[places[0].report]
        self._repairs.ask(report, [place.number for place in places])

    def _settle(self, report: CheckReport, numbers: Sequence[int], settled: bool) -> None:
        """Mark findings, as long as their report is the one that is shown."""
        if self._page is None:
            return
        for place, shown in enumerate(self._page.model.reports):
            if shown is report:
                self._page.mark_settled(place, numbers, settled)

    def _export(self) -> None:
        """Ask for a place and write the report."""
        if self._page is None or not self._page.model.reports:
            return
        reports = self._page.model.reports
        desk = self._bench.desk
        name = f"{_('Check report')}.xlsx"
        path = desk.dialogs.save_file(_("Export report"), name, (WORKBOOK_FILES, JSON_FILES))
        if path is not None:
            self._jobs.start(
                _("Writing {name}").format(name=path.name),
                lambda progress: _write(reports, path, progress),
                done=lambda written: desk.notice(_("Written: {name}").format(name=written.name), written),
                failed=lambda error: desk.offer_place(error, path, self._export),
            )

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT and self._page is not None:
            self._close(self._page)
        if change is Change.PROJECT:
            self._repairs.close()
        if change is Change.LAYERS and self._page is not None:
            self._page.show_layers([(info.uid, info.name) for info in self._session.layers])


def _check(project: Project, names: Sequence[str], progress: Progress) -> tuple[CheckReport, ...]:
    from zsgis.checking.checking import check_project

    return check_project(project, names, progress)


def _write(reports: Sequence[CheckReport], path: Path, progress: Progress) -> Path:
    progress.step(0.1)
    if path.suffix.lower() == ".json":
        from zsgis.checking.document import write_document

        return write_document(reports, path)
    from zsgis.checking.workbook import write_workbook

    return write_workbook(reports, path)


def _in_map(
    box: tuple[float, float, float, float], source: pyproj.CRS, target: pyproj.CRS
) -> tuple[float, float, float, float]:
    """Return the box on the map that holds the corners of a box of a layer."""
    if source == target:
        return box
    from layers.crs import transform_points

    west, south, east, north = box
    x, y = transform_points([west, east, east, west], [south, south, north, north], source, target)
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())
