"""The dashboard in the window: read aside, refreshed when edits rest, on the one selection of the session."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer

from layers.progress import Progress, ProgressPart
from layers.words import N_, _
from ui.actions import WORK, ActionSpec
from ui.bench import Bench
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.store import Project
    from ui.panels.dashboard_panel import DashboardPage
    from zsgis.dashboard.model import Board

_LANE = "dashboard"
_QUIET_MS = 800
_HEIGHT_PX = 400

_SPECS = (
    ActionSpec(
        "dashboard",
        N_("Dashboard of securing"),
        WORK,
        "dashboard",
        "Ctrl+8",
        "project",
        2,
        tip=N_("Platforms by stage, quotas used, land secured, lights of the ledger; linked with the map"),
    ),
)


class DashboardFlows:
    """Shows the dashboard below the map; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._session = bench.desk.session
        self._jobs = bench.desk.jobs
        self._page: DashboardPage | None = None
        self._job: int | None = None
        # edits come one after the other; the dashboard is read anew when they rest
        self._resting = QTimer(bench.window)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_QUIET_MS)
        self._resting.timeout.connect(self.refresh)
        bench.window.results_panel.page_close_asked.connect(self._close)
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each command does."""
        return {"dashboard": self.open}

    @property
    def page(self) -> DashboardPage | None:
        """The page below the map, once it was asked for."""
        return self._page

    def open(self) -> None:
        """Show the dashboard once it is read; the registers first, the ledger as soon as it is looked at."""
        project = self._session.project
        if project is None:
            return
        if self._page is not None:
            self._bring_to_front(self._page)
            self.refresh()
            return
        # what reads it is loaded aside, too
        self._start(_("Reading the dashboard"), project, _registers, then=lambda: self.refresh(first=True))

    def refresh(self, *, first: bool = False) -> None:
        """Read the dashboard anew; what is shown stays until then."""
        project = self._session.project
        if project is not None and self._page is not None:
            self._resting.stop()
            title = _("Looking at runs and ledger") if first else _("Reading the dashboard")
            self._start(title, project, _everything)

    def _start(
        self,
        title: str,
        project: Project,
        work: Callable[[Project, Progress], Board],
        then: Callable[[], object] = lambda: None,
    ) -> None:
        def take(board: Board) -> None:
            self._job = None
            self._show(project, board)
            then()

        self._jobs.cancel(self._job or 0)
        self._job = self._jobs.start(
            title, lambda progress: work(project, progress), done=take, lane=_LANE, quiet=True
        )

    def _show(self, project: Project, board: Board) -> None:
        if project is not self._session.project:
            return
        page = self._page or self._made_page()
        said = _("A click on a figure selects its projects and parcels on the map and in all tables.")
        if board.lights is None:
            said = _("Runs and ledger are being looked at …")
        page.show_board(board, said)
        page.mark(self._session.selection)

    def _made_page(self) -> DashboardPage:
        from ui.panels.dashboard_panel import DashboardPage

        page = self._page = DashboardPage(self._bench.colors)
        page.features_chosen.connect(self._session.select)
        page.refresh_asked.connect(self.refresh)
        self._bench.window.results_panel.add_page(page, _("Dashboard"), "dashboard")
        self._bring_to_front(page)
        return page

    def _bring_to_front(self, page: DashboardPage) -> None:
        self._bench.window.results_panel.tabs.setCurrentWidget(page)
        self._bench.window.show_results(True)
        self._bench.window.enlarge_results(_HEIGHT_PX)

    def _close(self, page: object) -> None:
        if self._page is not None and page is self._page:
            self._resting.stop()
            self._jobs.cancel(self._job or 0)
            self._bench.window.results_panel.remove_page(self._page)
            self._page = None
            self._bench.window.show_results(self._bench.window.results_panel.has_pages)

    def _take_change(self, change: Change) -> None:
        if self._page is None:
            return
        if change is Change.PROJECT:
            self._close(self._page)
        elif change is Change.SELECTION:
            self._page.mark(self._session.selection)
        elif change in (Change.FEATURES, Change.LAYERS, Change.RESULTS):
            self._resting.start()


def _registers(project: Project, progress: Progress) -> Board:
    """Return the dashboard of the registers alone."""
    from importlib import import_module

    from zsgis.dashboard.reading import read_board
    from zsgis.plan import load_plan

    # the window would wait for what the page stands on
    import_module("ui.panels.dashboard_panel")
    return read_board(project, load_plan(), None, progress)


def _everything(project: Project, progress: Progress) -> Board:
    from zsgis.dashboard.reading import read_board
    from zsgis.ledger.entries import ledger_of
    from zsgis.plan import load_plan

    plan = load_plan()
    ledger = ledger_of(project, plan, progress=ProgressPart(progress, 0.0, 0.8))
    return read_board(project, plan, ledger, ProgressPart(progress, 0.8, 1.0))
