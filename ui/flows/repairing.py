"""Repairs in the window: worked out aside, shown before they are done, written, undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PyQt6.QtGui import QUndoCommand

from layers.checking.model import CheckReport
from layers.checking.repairs import Choices, Repair, RepairPlan
from layers.progress import Progress
from layers.words import _
from ui.bench import Bench
from ui.dialogs.repair_dialog import RepairDialog
from ui.layer_edits import PROJECT_LANE

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project
    from layers.store.feature_editing import FeatureEdit

Settle = Callable[[CheckReport, Sequence[int], bool], None]
"""Told the report, the findings' numbers, and whether they are settled now."""


class _RepairCommand(QUndoCommand):
    """Repairs of one layer that go in and out together.

    What turns the last change round is only known once that is written: each step is a job, and jobs that
    write stand in one lane, so a step finds what the one before it left.
    """

    def __init__(self, flow: RepairFlow, repairs: Sequence[Repair], report: CheckReport) -> None:
        super().__init__(_("Repair of {count} features").format(count=f"{len(repairs):,}"))
        self._flow = flow
        self._report = report
        self._repairs = tuple(repairs)
        self._numbers = tuple(number for repair in repairs for number in repair.numbers)
        self._back: tuple[FeatureEdit, ...] | None = None

    def redo(self) -> None:
        """Write the repairs."""
        self._flow.write(self._turn, lambda: self._flow.settle(self._report, self._numbers, True), self)

    def undo(self) -> None:
        """Take them back."""
        self._flow.write(self._turn, lambda: self._flow.settle(self._report, self._numbers, False), self)

    def _turn(self, project: Project, progress: Progress) -> tuple[LayerInfo, ...]:
        from zsgis.checking.repairing import apply_repairs, take_back

        uid = self._report.layer_uid
        if self._back is None:
            self._back = apply_repairs(project, uid, self._repairs, progress)
        else:
            self._back = take_back(project, uid, self._back, progress)
        return project.layers()


class RepairFlow:
    """Works repairs out, shows them and writes those that are wanted.

    Parameters
    ----------
    settle : callable
        Marks findings as repaired, or takes the mark away.
    """

    def __init__(self, bench: Bench, settle: Settle) -> None:
        self._bench = bench
        self._jobs = bench.desk.jobs
        self.settle = settle
        self.dialog: RepairDialog | None = None
        self._asked: tuple[CheckReport, tuple[int, ...]] | None = None

    def ask(self, report: CheckReport, numbers: Sequence[int], choices: Choices | None = None) -> None:
        """Work out what would repair some findings of a report, and show it."""
        project = self._bench.desk.session.project
        if project is None:
            return
        shown = self.dialog is not None and self.dialog.isVisible()
        wanted = choices or (self.dialog.cut.currentData() if self.dialog and shown else Choices())
        self._jobs.start(
            _("Working out repairs"),
            lambda progress: _plan(project, report, numbers, wanted, progress),
            done=lambda plan: self._show(project, report, numbers, plan),
        )

    def close(self) -> None:
        """Put the dialog away."""
        if self.dialog is not None:
            self.dialog.close()
            self.dialog = None

    def write(
        self,
        turn: Callable[[Project, Progress], tuple[LayerInfo, ...]],
        done: Callable[[], None],
        command: QUndoCommand,
    ) -> None:
        """Write a step aside and show what the project holds then; one that fails is no step of undo."""
        project = self._bench.desk.session.project
        if project is None:
            return

        def take(layers: tuple[LayerInfo, ...]) -> None:
            if project is self._bench.desk.session.project:
                self._bench.desk.session.renew_layers(layers)
                self._bench.desk.session.mark_saved(datetime.now())
                done()

        def fail(error: BaseException) -> None:
            command.setObsolete(True)
            self._bench.desk.dialogs.show_error(error)

        self._jobs.start(
            _("Writing changes"),
            lambda progress: turn(project, progress),
            done=take,
            failed=fail,
            lane=PROJECT_LANE,
        )

    def _show(self, project: Project, report: CheckReport, numbers: Sequence[int], plan: RepairPlan) -> None:
        if project is not self._bench.desk.session.project:
            return
        dialog = self.dialog
        self._asked = (report, tuple(numbers))
        if dialog is None or not dialog.isVisible():
            self.close()
            dialog = self.dialog = RepairDialog(self._bench.colors, self._bench.window)
            dialog.repair_asked.connect(self._push)
            dialog.choices_changed.connect(self._ask_again)
        dialog.show_plan(plan, report.rules, report.aliases)
        dialog.take.setToolTip(_("The project is open for reading only.") if project.read_only else "")
        if project.read_only:
            dialog.take.setEnabled(False)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _ask_again(self, choices: Choices) -> None:
        if self._asked is not None:
            report, numbers = self._asked
            self.ask(report, numbers, choices)

    def _push(self, repairs: Sequence[Repair]) -> None:
        if repairs and self._asked is not None:
            self._bench.undo_stack.push(_RepairCommand(self, repairs, self._asked[0]))


def _plan(
    project: Project, report: CheckReport, numbers: Sequence[int], choices: Choices, progress: Progress
) -> RepairPlan:
    from zsgis.checking.repairing import plan_repairs

    return plan_repairs(project, report, numbers, choices, progress)
