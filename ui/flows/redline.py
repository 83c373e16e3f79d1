"""The red-line check in the window: asked for or dropped, shown below the map, written where wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction

from layers.errors import CrsError, ZsgisError
from layers.importing.request import ImportRequest
from layers.words import _
from ui.actions import ActionSpec
from ui.bench import Bench
from ui.dialogs.file_kinds import map_files
from ui.dialogs.port import Verb
from ui.flows.redline_outline import RedlineOutlines, box_of
from ui.flows.redline_questions import RedlineQuestions
from ui.flows.redline_rules import RuleChoice
from ui.flows.redline_specs import SPECS
from ui.flows.redline_work import (
    MOST_SHOWN,
    Checked,
    FolderDone,
    areas_of,
    check_file,
    check_many,
    check_selected,
    write,
)
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.store import Project
    from zsgis.redline import RedlineReport

_ROOM = 0.25
_LEAST_ROOM_M = 20.0
_LISTED = 200


class RedlineFlows:
    """Reads red lines, has them checked and shows what came of it; an extension that takes files."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._session = bench.desk.session
        self._jobs = bench.desk.jobs
        self._dialogs = bench.desk.dialogs
        self._questions = RedlineQuestions(bench.desk.dialogs)
        self._rules = RuleChoice(bench)
        self._queue: list[ImportRequest] = []
        self._reports: dict[str, RedlineReport] = {}
        self.outlines = RedlineOutlines()
        bench.window.canvas.add_overlay(self.outlines)
        bench.window.results_panel.tabs.currentChanged.connect(lambda _place: self._enable())
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {
            "redline_file": self.ask_file,
            "redline_folder": self.ask_folder,
            "redline_selected": self.check_selection,
            "redline_rules": self._rules.show,
            "redline_write": self.write_current,
        }

    def take_files(self, paths: Sequence[Path]) -> Sequence[Path]:
        """Ask once whether files that may be red lines are to be checked; return what is to be imported."""
        mine = self._questions.red_lines(paths) if self._session.layers else ()
        if not mine:
            return paths
        verb = self._questions.what_to_do(mine)
        if verb == "import":
            return paths
        if verb == "check":
            self.check(mine)
        return self._questions.others(paths, mine)

    def ask_file(self) -> None:
        """Ask for a file and check its red lines."""
        path = self._dialogs.open_file(_("Check a red line"), map_files())
        if path is not None:
            self.check((path,))

    def ask_folder(self) -> None:
        """Ask for a folder of red lines and where to write, and check all of them."""
        path = self._dialogs.open_folder(_("Folder of red lines"))
        if path is not None:
            self._write_many(ImportRequest(path))

    def check(self, paths: Sequence[Path]) -> None:
        """Check the red lines of files, one file after the other."""
        waiting = bool(self._queue)
        self._queue.extend(ImportRequest(path) for path in paths)
        if not waiting:
            self._next()

    def check_selection(self) -> None:
        """Check the areas that are selected; several each by itself, or as one."""
        project = self._session.project
        chosen = areas_of(self._session.layers, self._session.selection)
        if project is None:
            return
        if not chosen:
            self._bench.desk.notice(_("No areas are selected; a red line is an area."), None)
            return
        whole = self._questions.as_one(chosen)
        if whole is not None:
            self._check_selected(project, chosen, whole=whole)

    def _check_selected(self, project: Project, chosen: Mapping[str, Sequence[str]], *, whole: bool) -> None:
        asked, again = self._rules.asked, partial(self._check_selected, project, chosen, whole=whole)
        self._jobs.start(
            _("Red-line check"),
            lambda progress: check_selected(project, chosen, asked, progress, whole=whole),
            done=self._show,
            failed=lambda error: self._fail(error, again),
        )

    def _fail(self, error: BaseException, again: Callable[[], object]) -> None:
        """Show an error; where the rule file is at fault and another is chosen, do it again."""
        if not self._rules.is_at_fault(error):
            self._dialogs.show_error(error)
        elif self._rules.mend(error):
            again()

    def write_current(self) -> None:
        """Write the tables of the red line in front."""
        report = self._current()
        if report is not None:
            self.write(report)

    def write(self, report: RedlineReport) -> None:
        """Ask for a folder and write a red line's tables there."""
        folder = self._dialogs.open_folder(_("Folder for the check tables"))
        if folder is None:
            return
        desk = self._bench.desk
        self._jobs.start(
            _("Writing {name}").format(name=report.boundary.name),
            lambda progress: write(report, folder, progress),
            done=lambda written: desk.notice(
                _("{count} files written: {name}").format(count=len(written), name=written[0].stem), folder
            ),
            failed=lambda error: desk.offer_place(error, folder, partial(self.write, report)),
        )

    def _next(self) -> None:
        """Read and check the first file that waits."""
        project = self._session.project
        if not self._queue or project is None:
            return
        request, tools, asked = self._queue[0], self._bench.intake, self._rules.asked
        self._jobs.start(
            _("Red-line check of {name}").format(name=request.path.name),
            lambda progress: check_file(tools, project, request, asked, progress),
            done=self._take_checked,
            failed=self._take_error,
            cancelled=self._go_on,
        )

    def _take_checked(self, checked: Checked) -> None:
        request = self._queue[0]
        if checked.found > MOST_SHOWN:
            if self._questions.write_many(request.path, checked.found):
                self._write_many(request)
        else:
            self._show(checked)
        self._go_on()

    def _take_error(self, error: BaseException) -> None:
        """Ask what the error leaves open, and read again; else show it and go on."""
        request = self._queue[0]
        if self._rules.is_at_fault(error):
            self._queue[:1] = (request,) if self._rules.mend(error) else ()
        else:
            answers = self._questions.answers(error, request)
            self._queue[:1] = self._other(error, request) if answers is None else answers
        self._next()

    def _other(self, error: BaseException, request: ImportRequest) -> Sequence[ImportRequest]:
        """Show an error; return what is read instead: another file, or this one in another system."""
        remedies = [Verb("other", _("Choose another file"))]
        if isinstance(error, CrsError):
            remedies.append(Verb("system", _("Choose the coordinate system…")))
        verb = self._dialogs.show_error(error, remedies)
        if verb == "system":
            return self._questions.system(request)
        other = self._dialogs.open_file(_("Check a red line"), map_files()) if verb == "other" else None
        return () if other is None else (ImportRequest(other),)

    def _go_on(self) -> None:
        self._queue = self._queue[1:]
        self._next()

    def _show(self, checked: Checked) -> None:
        """Show the tables of what was checked, and the place on the map."""
        if self._session.project is None or not checked.checked:
            return
        for report, result in checked.checked:
            self._reports[result.run.uid] = report
            self._session.add_result(result)
        reports = [report for report, _result in checked.checked]
        self._zoom(reports)
        self._tell(reports)
        if checked.refused:
            self._dialogs.show_findings(
                _("What could not be checked"), [f"{name}: {error}" for name, error in checked.refused]
            )

    def _tell(self, reports: Sequence[RedlineReport]) -> None:
        worst = "、".join(dict.fromkeys(report.worst.words for report in reports))
        names = "、".join(report.boundary.name for report in reports)
        self._bench.window.status.jobs.show_notice(
            _("Red line “{names}”: {worst}").format(names=names, worst=worst),
            _("Write check tables…"),
            partial(self.write, reports[-1]),
        )

    def _zoom(self, reports: Sequence[RedlineReport]) -> None:
        system = self._session.map_crs
        if system is None:
            return
        shapes = [(report.boundary.geometry, report.boundary.crs) for report in reports]
        west, south, east, north = box_of(shapes, system)
        canvas = self._bench.window.canvas
        least = _LEAST_ROOM_M / canvas.view.metres_per_unit
        room = max(_ROOM * max(east - west, north - south), least)
        canvas.zoom_to((west - room, south - room, east + room, north + room))

    def _write_many(self, request: ImportRequest) -> None:
        project, tools, desk = self._session.project, self._bench.intake, self._bench.desk
        out = self._dialogs.open_folder(_("Folder for the check tables"))
        if project is None or out is None:
            return
        asked, again = self._rules.asked, partial(self._write_many, request)

        def failed(error: BaseException) -> None:
            if self._rules.is_at_fault(error):
                self._fail(error, again)
            else:
                desk.offer_place(error, out, again)

        self._jobs.start(
            _("Red-line check of {name}").format(name=request.path.name),
            lambda progress: check_many(tools, project, request, asked, out, progress),
            done=self._show_many,
            failed=failed,
        )

    def _show_many(self, done: FolderDone) -> None:
        checked = sum(account.outcome is not None for account in done.accounts)
        text = _("Red lines checked: {checked} of {count}").format(checked=checked, count=len(done.accounts))
        self._bench.desk.notice(text, done.summary)
        refused = [
            f"{account.file} {account.name}: {account.text}"
            for account in done.accounts
            if account.outcome is None
        ]
        if refused:
            self._dialogs.show_findings(text, refused[:_LISTED])

    def _current(self) -> RedlineReport | None:
        page = self._bench.window.results_panel.current_page()
        return None if page is None else self._reports.get(page.result.run.uid)

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._queue = []
        if change in (Change.PROJECT, Change.RESULTS):
            kept = {result.run.uid for result in self._session.results}
            self._reports = {uid: report for uid, report in self._reports.items() if uid in kept}
        if change in (Change.PROJECT, Change.RESULTS, Change.CRS):
            self._outline()
        self._enable()

    def _outline(self) -> None:
        """Draw the red lines whose tables are open; one that has no place on this map is left out."""
        shapes = [(each.boundary.geometry, each.boundary.crs) for each in self._reports.values()]
        try:
            self.outlines.show(shapes, self._session.map_crs)
        except ZsgisError:
            self.outlines.show((), None)
        self._bench.window.canvas.update()

    def _enable(self) -> None:
        action = self._bench.window.findChild(QAction, "redline_write")
        if action is not None:
            action.setEnabled(self._current() is not None)
