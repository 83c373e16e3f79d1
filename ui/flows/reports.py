"""The report on securing land from the window: a place, a job, the file one click away; its template."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import InputError
from layers.progress import Progress
from layers.words import N_, _
from ui.actions import WORK, ActionSpec
from ui.bench import Bench
from ui.dialogs.port import WORKBOOK_FILES, FileFilter, Verb

if TYPE_CHECKING:
    from zsgis.reports.securing.making import MadeReport
    from zsgis.reports.securing.template import Template

_LANE = "report"
_WORD_FILES = FileFilter(N_("Word document"), ("docx",))
_TEMPLATE_FILES = FileFilter(N_("Template of a report"), ("toml",))
_OWN, _SHIPPED, _COPY = "own", "shipped", "copy"

_SPECS = (
    ActionSpec(
        "report",
        N_("Report on securing land…"),
        WORK,
        "report",
        "Ctrl+9",
        "project",
        3,
        tip=N_("From ledger and runs, as Word or Excel; figures changed since the last issue are marked"),
    ),
    ActionSpec(
        "report_template",
        N_("Template of the report…"),
        WORK,
        "",
        "Ctrl+Shift+F9",
        "",
        3,
        tip=N_("Chapters, titles, texts, fonts and sizes of the report, as a file the bureau may change"),
    ),
)


class ReportFlows:
    """Writes the report of the open project; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._desk = bench.desk
        self._preferences = bench.preferences

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each command does."""
        return {"report": self.write, "report_template": self.show_template}

    def write(self) -> None:
        """Ask for a place and write the report there, with what waits to be written."""
        project = self._desk.session.project
        if project is None:
            return
        name = _("{project} report on securing land.docx").format(project=project.path.stem)
        path = self._desk.dialogs.save_file(_("Write report"), name, (_WORD_FILES, WORKBOOK_FILES))
        if path is None:
            return
        template = self._template
        flush = (self._bench.edits.flush, self._bench.editing.flush)

        def work(progress: Progress) -> MadeReport:
            from zsgis.reports.securing.making import ReportOrder, make_report

            for part in flush:
                part(project)
            return make_report(project, ReportOrder(path, template), progress)

        self._desk.jobs.start(
            _("Writing {name}").format(name=path.name),
            work,
            done=self._tell,
            failed=lambda error: self._not_written(error, path),
            lane=_LANE,
        )

    @property
    def _template(self) -> Path | None:
        return self._preferences.current.report_template

    def _not_written(self, error: BaseException, path: Path) -> None:
        own = self._template
        if own is None or not isinstance(error, InputError) or not error.where.startswith(str(own)):
            self._desk.offer_place(error, path, self.write)
            return
        verb = self._desk.dialogs.show_error(
            error, (Verb(_SHIPPED, _("Use the template of the program")), Verb(_OWN, _("Choose another…")))
        )
        if self._take(verb):
            self.write()

    def _tell(self, made: MadeReport) -> None:
        text = _("Written: {name}").format(name=made.path.name)
        if made.last is not None:
            text += " · " + _("{count} figures changed since issue {number}").format(
                count=f"{len(made.moved):,}", number=made.last.number
            )
        self._desk.notice(text, made.path)
        if made.findings:
            told = [finding.text for finding in made.findings]
            self._desk.dialogs.show_findings(_("What is to be known of the report"), told)

    def show_template(self) -> None:
        """Tell which template is in use, and let another be chosen or the shipped one be copied."""
        own = self._template

        def work(_progress: Progress) -> Template:
            from zsgis.reports.securing.template import read_template

            return read_template(own)

        self._desk.jobs.start(
            _("Reading the template"), work, done=self._choose, failed=self._template_at_fault, quiet=True
        )

    def _template_at_fault(self, error: BaseException) -> None:
        verb = self._desk.dialogs.show_error(
            error, (Verb(_SHIPPED, _("Use the template of the program")), Verb(_OWN, _("Choose another…")))
        )
        if self._take(verb):
            self.show_template()

    def _choose(self, template: Template) -> None:
        own = self._template
        back = (Verb(_SHIPPED, _("Use the template of the program")),) if own else ()
        chapters = "、".join(chapter.title for chapter in template.chapters)
        verb = self._desk.dialogs.choose(
            _("The report is made by “{name}” of {version}").format(
                name=template.name, version=template.version
            ),
            "\n".join(
                (
                    _("File: {file}").format(file=own or _("comes with the program")),
                    _("Chapters: {chapters}").format(chapters=chapters),
                )
            ),
            (
                Verb("", _("Leave it so")),
                *back,
                Verb(_COPY, _("Save a copy to change…")),
                Verb(_OWN, _("Choose the bureau's template…")),
            ),
        )
        if verb == _COPY:
            self._copy()
        elif self._take(verb):
            self.show_template()

    def _take(self, verb: str) -> bool:
        """Remember what was chosen; tell whether anything was."""
        path = None
        if verb == _OWN:
            path = self._desk.dialogs.open_file(_("Template of the report"), (_TEMPLATE_FILES,))
        if verb != _SHIPPED and path is None:
            return False
        self._preferences.change(self._preferences.current.model_copy(update={"report_template": path}))
        return True

    def _copy(self) -> None:
        name = _("Template of the report") + ".toml"
        path = self._desk.dialogs.save_file(_("Save a copy of the template"), name, (_TEMPLATE_FILES,))
        if path is None:
            return
        self._desk.jobs.start(
            _("Writing {name}").format(name=path.name),
            lambda _progress: _copied(path),
            done=lambda written: self._desk.notice(_("Written: {name}").format(name=written.name), written),
            failed=lambda error: self._desk.offer_place(error, path, self._copy),
            quiet=True,
        )


def _copied(path: Path) -> Path:
    from layers.locations import resource_path
    from layers.whole_file import whole_file
    from zsgis.reports.securing.template import SHIPPED

    with whole_file(path, _("The file cannot be written: {reason}")) as draft:
        shutil.copyfile(resource_path("reports", f"{SHIPPED}.toml"), draft)
    return path
