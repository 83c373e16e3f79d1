"""The ledger in the window: shown, refreshed, verified, values entered; a click leads to parcels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer

from layers.errors import UsageError
from layers.progress import Progress, ProgressPart
from layers.words import N_, _
from ui.actions import WORK, ActionSpec
from ui.bench import Bench
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.store import Project
    from ui.panels.ledger_panel import LedgerPage, ValueWish
    from zsgis.ledger.entries import Ledger

_LANE = "ledger"
_QUIET_MS = 800

_SPECS = (
    ActionSpec(
        "ledger",
        N_("Ledger"),
        WORK,
        "ledger",
        "Ctrl+Shift+T",
        "project",
        2,
        tip=N_("Indicators of the plan, each with its parcels, formula, clause and run"),
    ),
    ActionSpec(
        "ledger_verify",
        N_("Verify the recorded runs"),
        WORK,
        "check",
        "Ctrl+Alt+Shift+K",
        "project",
        2,
        tip=N_("Run the recorded analyses again and say which figures still hold"),
    ),
)


class LedgerFlows:
    """Shows the ledger below the map; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._session = bench.desk.session
        self._jobs = bench.desk.jobs
        self._page: LedgerPage | None = None
        self._job: int | None = None
        # edits come one after the other; the ledger is looked at when they rest
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
        return {"ledger": self.open, "ledger_verify": self.open_and_verify}

    @property
    def page(self) -> LedgerPage | None:
        """The page below the map, once it was asked for."""
        return self._page

    def open(self) -> None:
        """Show the page and look at the ledger."""
        if self._session.project is not None:
            self._with_page(self.refresh)

    def open_and_verify(self) -> None:
        """Show the page and run the recorded analyses again."""
        if self._session.project is not None:
            self._with_page(self.verify)

    def refresh(self) -> None:
        """Look at indicators and runs anew; nothing is run again."""
        self._start(_("Looking at the ledger"), _looked_at, verified=False)

    def verify(self) -> None:
        """Run the recorded analyses again, then look at the indicators."""
        self._start(_("Verifying the recorded runs"), _verified, verified=True)

    def enter(self, wish: ValueWish) -> None:
        """Keep a department's value."""
        project = self._session.project
        if project is None:
            return
        if project.read_only:
            self._bench.desk.notice(_("This project is open for reading only."), None)
            return
        self._jobs.start(
            _("Keeping the value"),
            lambda progress: _entered(project, wish, progress),
            done=lambda ledger: self._show(project, ledger, verified=False),
            lane=_LANE,
        )

    def _start(self, title: str, work: Callable[[Project, Progress], Ledger], *, verified: bool) -> None:
        project = self._session.project
        if project is None or self._page is None:
            return
        self._resting.stop()
        self._jobs.cancel(self._job or 0)
        self._job = self._jobs.start(
            title,
            lambda progress: work(project, progress),
            done=lambda ledger: self._show(project, ledger, verified=verified),
            lane=_LANE,
            quiet=not verified,
        )

    def _show(self, project: Project, ledger: Ledger, *, verified: bool) -> None:
        if project is not self._session.project or self._page is None:
            return
        self._page.show_ledger(ledger, verified=verified)
        self._page.mark(self._session.selection)
        if verified:
            holding = sum(1 for run in ledger.runs if run.current)
            text = _("{holding} of {count} runs still hold.")
            self._bench.desk.notice(text.format(holding=holding, count=len(ledger.runs)), None)

    def _with_page(self, do: Callable[[], object]) -> None:
        """Do something once the page stands; what it is made of is loaded aside at first."""

        def go_on(_nothing: object) -> None:
            if self._session.project is not None:
                self._shown_page()
                do()

        if self._page is None:
            self._jobs.start(_("Reading"), _load, done=go_on, quiet=True)
        else:
            go_on(None)

    def _shown_page(self) -> LedgerPage:
        from ui.panels.ledger_panel import LedgerPage

        panel = self._bench.window.results_panel
        if self._page is None:
            page = self._page = LedgerPage(self._bench.colors)
            page.features_chosen.connect(self._session.select)
            page.refresh_asked.connect(self.refresh)
            page.verify_asked.connect(self.verify)
            page.value_asked.connect(self.enter)
            panel.add_page(page, _("Ledger"), "ledger")
        panel.tabs.setCurrentWidget(self._page)
        self._bench.window.show_results(True)
        return self._page

    def _close(self, page: object) -> None:
        if page is self._page and self._page is not None:
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


def _load(progress: Progress) -> None:
    """Load the page and the analyses that stand behind a ledger."""
    import_module("zsgis.ledger.entries")
    progress.step(0.7)
    import_module("ui.panels.ledger_panel")


def _looked_at(project: Project, progress: Progress) -> Ledger:
    from zsgis.ledger.entries import ledger_of
    from zsgis.plan import load_plan

    return ledger_of(project, load_plan(), progress=progress)


def _verified(project: Project, progress: Progress) -> Ledger:
    from zsgis.ledger.entries import ledger_of
    from zsgis.ledger.verifying import verify
    from zsgis.plan import load_plan

    found = verify(project, ProgressPart(progress, 0.0, 0.9))
    return ledger_of(project, load_plan(), progress=ProgressPart(progress, 0.9, 1.0), found=found)


def _entered(project: Project, wish: ValueWish, progress: Progress) -> Ledger:
    from zsgis.ledger.indicators import all_indicators
    from zsgis.ledger.typed_values import enter_value
    from zsgis.plan import load_plan

    try:
        value = float(wish.value.replace(",", "").replace("，", ""))
    except ValueError as error:
        raise UsageError(
            _("“{value}” is no value.").format(value=wish.value), remedy=_("Type a number.")
        ) from error
    known = tuple(key for one in all_indicators(project, load_plan()) for key in one.series)
    on = dt.date(wish.on.year(), wish.on.month(), wish.on.day())
    enter_value(project, wish.series, on, value, wish.source, known=known)
    return _looked_at(project, progress)
