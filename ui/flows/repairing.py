"""Repairs in the window: worked out aside, shown before they are done, written, undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from layers.checking.model import CheckReport
from layers.checking.repairs import Choices, Repair, RepairPlan
from layers.edits import EditKind
from layers.progress import Progress
from layers.words import _
from ui.bench import Bench
from ui.dialogs.repair_dialog import RepairDialog

if TYPE_CHECKING:
    from layers.edits import EditRecord
    from layers.store import Project

Settle = Callable[[CheckReport, Sequence[int], bool], None]
"""Told the report, the findings' numbers, and whether they are settled now."""


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
        self._written: dict[str, tuple[CheckReport, tuple[int, ...]]] = {}
        bench.editing.written.connect(self._follow)

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
        if not repairs or self._asked is None:
            return
        report = self._asked[0]
        numbers = tuple(number for repair in repairs for number in repair.numbers)

        def done(record: EditRecord) -> None:
            self._written[record.head.uid] = (report, numbers)
            self.settle(report, numbers, True)

        from zsgis.checking.repairing import repair_edit

        self._bench.editing.submit(repair_edit(report.layer_uid, repairs), done)

    def _follow(self, record: EditRecord) -> None:
        """Settle findings again, or not any more, when their repair is made again or taken back."""
        if record.head.of in self._written:
            report, numbers = self._written[record.head.of]
            self.settle(report, numbers, record.head.kind is EditKind.REDO)


def _plan(
    project: Project, report: CheckReport, numbers: Sequence[int], choices: Choices, progress: Progress
) -> RepairPlan:
    from zsgis.checking.repairing import plan_repairs

    return plan_repairs(project, report, numbers, choices, progress)
