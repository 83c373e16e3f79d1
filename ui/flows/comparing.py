"""Criteria compared in pairs, for the form of an analysis that is weighed so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from layers.words import _
from ui.actions import ActionSpec
from ui.bench import Bench
from ui.dialogs.comparing.dialog import Compared, ComparisonsDialog
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.progress import Progress
    from layers.store import Project
    from zsgis.analysis.suitability.ahp import RandomIndex

_Prepared = tuple[tuple[str, ...], "RandomIndex", "Compared | None"]


class Comparing(QObject):
    """Opens the matrix for a form and hands it back; an :class:`~ui.bench.Extension` without commands."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self._panel = bench.window.analysis_panel
        self.dialog: ComparisonsDialog | None = None
        self._panel.comparisons_asked.connect(self._prepare)
        bench.desk.session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """It has no commands: the form asks."""
        return ()

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return nothing."""
        return {}

    def _prepare(self, key: str) -> None:
        project, form = self._bench.desk.session.project, self._panel.form
        if project is None or form is None or self.dialog is not None:
            return
        rule = str(form.values().get("rule", ""))
        self._bench.desk.jobs.start(
            _("Reading the criteria"),
            lambda progress: _prepared(project, key, rule, progress),
            done=partial(self._open, key),
            quiet=True,
        )

    def _open(self, key: str, prepared: _Prepared) -> None:
        form = self._panel.form
        if form is None or self._panel.chosen_key != key or self.dialog is not None:
            return
        titles, table, last = prepared
        given = Compared(str(form.editor("comparisons").value()), str(form.editor("reason").value()))
        dialog = ComparisonsDialog(titles, table, given, last, self._bench.colors, self._bench.window)
        dialog.decided.connect(partial(self._take, key))
        dialog.finished.connect(lambda _how: self._forget())
        self.dialog = dialog
        dialog.open()

    def _take(self, key: str, compared: Compared) -> None:
        form = self._panel.form
        if form is not None and self._panel.chosen_key == key:
            form.put({"comparisons": compared.comparisons, "reason": compared.reason})

    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT and self.dialog is not None:
            self.dialog.reject()


def _prepared(project: Project, key: str, rule: str, progress: Progress) -> _Prepared:
    """Return the criteria of a rule, the table of random indices, and what the latest run compared."""
    from zsgis.analysis.suitability.ahp import random_indices
    from zsgis.analysis.suitability.rules import suitability_rule

    progress.step(0.1)
    titles = tuple(criterion.title for criterion in suitability_rule(rule).criteria)
    last = None
    for run in project.runs():
        given = run.get("parameters", {}) if run.get("capability") == key else {}
        if given.get("comparisons"):
            last = Compared(str(given["comparisons"]), str(given.get("reason", "")))
    return titles, random_indices(), last
