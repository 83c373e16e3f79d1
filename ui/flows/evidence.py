"""The evidence folder from the window: how it is proved, where it goes, on whose word; then a job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import SecrecyError
from layers.progress import Progress
from layers.secrecy import highest, is_secret
from layers.words import N_, _
from ui.actions import WORK, ActionSpec
from ui.bench import Bench
from ui.dialogs.port import FileFilter, Verb

if TYPE_CHECKING:
    from layers.store import Project
    from zsgis.evidence import EvidenceOrder, EvidenceReport
    from zsgis.result import Result
    from zsgis.run_records.exports import Approval

ZIP_FILES = FileFilter(N_("Evidence folder"), ("zip",))
_AGAIN, _COMPARED = "again", "compared"

_SPECS = (
    ActionSpec(
        "evidence",
        N_("Evidence folder…"),
        WORK,
        "evidence",
        "Ctrl+Shift+U",
        "project",
        2,
        tip=N_("Inputs, rules, runs, tables, sheets, ledger and log in one file that proves itself"),
    ),
)


class EvidenceFlows:
    """Writes the evidence folder of the open project; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._session = bench.desk.session
        self._dialogs = bench.desk.dialogs

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each command does."""
        return {"evidence": self.write}

    def write(self) -> None:
        """Ask for everything that is to be decided, and write the folder."""
        from zsgis.run_records.exports import Approval

        project = self._session.project
        if project is None:
            return
        how = self._how()
        if not how:
            return
        secrecy = highest(*(info.secrecy for info in self._session.layers))
        approval = self._approval(secrecy) if is_secret(secrecy) else Approval()
        if approval is None:
            return
        name = _("Evidence {title} {day}.zip").format(
            title=project.path.stem, day=f"{dt.datetime.now().astimezone():%Y%m%d}"
        )
        path = self._dialogs.save_file(_("Write evidence folder"), name, (ZIP_FILES,))
        if path is not None:
            self._start(project, path, approval, again=how == _AGAIN)

    def _how(self) -> str:
        return self._dialogs.choose(
            _("How are the recorded runs proved?"),
            _("Run again, their figures are held against the recorded ones, and charts and maps are put in."),
            (
                Verb(_AGAIN, _("Run again and write")),
                Verb(_COMPARED, _("Compare inputs and rules only")),
            ),
        )

    def _approval(self, secrecy: str) -> Approval | None:
        """Ask on whose word something secret is written; None to leave it."""
        from zsgis.run_records.exports import Approval

        title = _("The evidence folder would be {secrecy}").format(secrecy=secrecy or _("secret"))
        by = self._dialogs.text(title, _("Approved by"), "")
        why = self._dialogs.text(title, _("Why it is written"), "") if by else None
        return Approval(by.strip(), why.strip()) if by and by.strip() and why and why.strip() else None

    def _start(self, project: Project, path: Path, approval: Approval, *, again: bool) -> None:
        results = {result.run.uid: result for result in self._session.results}
        flush = (self._bench.edits.flush, self._bench.editing.flush)

        def work(progress: Progress) -> EvidenceReport:
            from zsgis.evidence import write_evidence

            for part in flush:
                part(project)
            return write_evidence(project, _order(path, approval, results, again=again), progress)

        self._bench.desk.jobs.start(
            _("Evidence folder {name}").format(name=path.name),
            work,
            done=self._tell,
            failed=lambda error: self._not_written(error, path, approval, again=again),
        )

    def _not_written(self, error: BaseException, path: Path, approval: Approval, *, again: bool) -> None:
        project = self._session.project
        if not isinstance(error, SecrecyError) or approval.given or project is None or project.read_only:
            self._bench.desk.offer_place(error, path, self.write)
            return
        # no layer is secret any more, but runs were made from such
        asked = self._approval("")
        if asked is not None:
            self._start(project, path, asked, again=again)

    def _tell(self, report: EvidenceReport) -> None:
        text = _("{files} files; {holding} of {runs} runs still hold.").format(
            files=report.files, holding=report.holding, runs=report.runs
        )
        self._bench.desk.notice(f"{_('Written: {name}').format(name=report.path.name)} · {text}", report.path)
        told = list(report.notes)
        if not report.registered:
            told.append(_("The project may only be read, so the export is not in its register."))
        if told:
            self._dialogs.show_findings(_("What is not in the folder"), told)


def _order(path: Path, approval: Approval, results: Mapping[str, Result], *, again: bool) -> EvidenceOrder:
    from zsgis.evidence import EvidenceOrder
    from zsgis.plan import load_plan

    now = dt.datetime.now().astimezone()
    # the file dialog has asked before it names a file that exists
    return EvidenceOrder(
        out=path,
        plan=load_plan(),
        on=now.date(),
        moment=now,
        again=again,
        approval=approval,
        results=results,
        overwrite=True,
    )
