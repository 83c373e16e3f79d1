"""Assessments of the plan (八(五)) in the window: asked for, made aside, shown as a result beside the map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from layers.progress import Progress
from layers.words import N_, _
from ui.actions import WORK, ActionSpec
from ui.bench import Bench
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.store import Project
    from ui.dialogs.assessing import AssessDialog, SpanWish
    from zsgis.result import Result

_Years = tuple[int, int, int]

_SPECS = (
    ActionSpec(
        "assess",
        N_("Assess the plan…"),
        WORK,
        "check",
        "Ctrl+Alt+Shift+B",
        "project",
        2,
        tip=N_("Every indicator on one day held against another: the whole, platforms and towns"),
    ),
)


class AssessingFlows:
    """Asks for an assessment and shows it; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._desk = bench.desk
        self.dialog: AssessDialog | None = None
        bench.desk.session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each command does."""
        return {"assess": self.ask}

    def ask(self) -> None:
        """Ask which assessment is wanted, once the plan is read."""
        if self._desk.session.project is not None and self.dialog is None:
            self._desk.jobs.start(_("Reading the plan"), _years, done=self._open, quiet=True)

    def _open(self, years: _Years) -> None:
        from ui.dialogs.assessing import AssessDialog

        if self._desk.session.project is None or self.dialog is not None:
            return
        dialog = self.dialog = AssessDialog(*years, self._bench.colors, self._bench.window)
        dialog.decided.connect(self._assess)
        dialog.finished.connect(lambda _how: self._forget())
        dialog.open()

    def _assess(self, wish: SpanWish) -> None:
        project = self._desk.session.project
        if project is not None:
            self._desk.jobs.start(
                _("Assessing the plan"),
                lambda progress: _assessed(project, wish, progress),
                done=self._show,
            )

    def _show(self, result: Result) -> None:
        self._desk.session.add_result(result)
        self._desk.notice(_("Done: {title}").format(title=result.title), None)

    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT and self.dialog is not None:
            self.dialog.reject()


def _years(progress: Progress) -> _Years:
    """Return the plan's first and last year, and that of its mid-term assessment."""
    from importlib import import_module

    from zsgis.ledger.assessing import Span, days_of
    from zsgis.ledger.lights import read_lights
    from zsgis.plan import load_plan

    # the window would wait for what the dialog stands on
    import_module("ui.dialogs.assessing")
    progress.step(0.5)
    plan = load_plan()
    _base, midterm = days_of(Span.MIDTERM, plan, read_lights())
    return plan.period.start, plan.period.end, midterm.year


def _assessed(project: Project, wish: SpanWish, progress: Progress) -> Result:
    from zsgis.ledger.assessing import assess, days_of
    from zsgis.ledger.assessment_result import assessment_result
    from zsgis.ledger.lights import read_lights
    from zsgis.plan import load_plan

    plan = load_plan()
    days = dt.date.fromisoformat(wish.earlier), dt.date.fromisoformat(wish.later)
    title = _("Assessment of the plan")
    if wish.span is not None:
        days = days_of(wish.span, plan, read_lights(), wish.year)
        title = wish.span.words
    return assessment_result(assess(project, plan, *days, progress), title)
