"""A report made: material gathered, figures held against the last issue, the file written, the issue kept."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from layers.edits import Author
from layers.errors import UsageError
from layers.findings import Finding, Severity
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from zsgis.plan import load_plan
from zsgis.plan.loading import DEFAULT_PLAN
from zsgis.reports.securing.assembling import Assembler, ComparisonPlace
from zsgis.reports.securing.blocks import Content, Report
from zsgis.reports.securing.figures import (
    IssuedFigure,
    Moved,
    figures_of_report,
    marked,
    moved_figures,
    new_tables,
)
from zsgis.reports.securing.issues import Issue, LastIssue, keep_issue, last_issue, packed
from zsgis.reports.securing.material import Material, gather
from zsgis.reports.securing.parts.comparison import comparison
from zsgis.reports.securing.template import Template, read_template
from zsgis.reports.securing.word_file import write_word_report
from zsgis.reports.securing.workbook_file import write_report_workbook
from zsgis.reports.word.fonts import Fonts, chosen_fonts, installed_fonts
from zsgis.run_records.exports import REPORT, ExportNote, FileNote, record_export

if TYPE_CHECKING:
    from layers.store import Project
    from zsgis.reports.securing.blocks import FigureKey

FORMS = ("docx", "xlsx")


@dataclass(frozen=True)
class ReportOrder:
    """What is asked for.

    Attributes
    ----------
    path : Path
        The file to write; its ending chooses the form.
    template : Path or None
        The bureau's own; None takes the one that ships.
    organisation : str
        Goes before the template's; empty leaves the line on the title page to be filled in.
    draft : bool
        The report is not kept as an issue, and changes are marked against the last one all the same.
    """

    path: Path
    template: Path | None = None
    plan: str = ""
    folders: tuple[Path, ...] = ()
    organisation: str = ""
    draft: bool = False


@dataclass(frozen=True)
class MadeReport:
    """A report that was written.

    Attributes
    ----------
    number : int
        Of the issue among those of the project; 0 for one that was not kept.
    moved : tuple of Moved
        Figures that are another than in the last issue.
    """

    path: Path
    report: Report
    number: int
    sha256: str
    figures: int
    moved: tuple[Moved, ...]
    last: LastIssue | None
    findings: tuple[Finding, ...]


def make_report(project: Project, order: ReportOrder, progress: Progress | None = None) -> MadeReport:
    """Write the report of a project, and keep with the project what was issued.

    Raises
    ------
    UsageError
        When the file's ending is none of a report.
    InputError
        When the template, the plan or the indicators cannot be used, or the file cannot be written.
    JobCancelled
        When the user stopped the job; no file is left and nothing is kept.
    """
    form = order.path.suffix.lower().lstrip(".")
    if form not in FORMS:
        raise UsageError(
            _("A report is written as .docx or .xlsx, not as “{ending}”.").format(ending=order.path.suffix),
            remedy=_("Give the file one of these endings."),
        )
    reporter = progress or NoProgress()
    template = read_template(order.template)
    plan = load_plan(order.plan or DEFAULT_PLAN, folders=order.folders)
    material = gather(project, plan, template.runs, ProgressPart(reporter, 0.0, 0.4))
    assembler = Assembler(project, template, material, order.organisation, pictures=form == "docx")
    report = assembler.report(ProgressPart(reporter, 0.4, 0.8))
    figures, last = figures_of_report(report), last_issue(project, form)
    moved = moved_figures(last.figures, figures) if last is not None else ()
    fresh = new_tables(moved, last.figures) if last is not None else {}
    # of a table that is new as a whole it is said once
    single = tuple(each for each in moved if each.key[0] not in fresh)
    titles = {table.key: table.table.title for table in report.tables}
    named = {titles[key]: count for key, count in fresh.items()}
    report = _compared(marked(report, single), comparison(last, single, named))
    reporter.step(0.8, _("Writing {name}").format(name=order.path.name))
    findings = [*assembler.findings]
    if form == "docx":
        fonts, told = _fonts(template)
        findings += told
        closing = tuple(finding.text for finding in told)
        write_word_report(report, template, fonts, order.path, closing, ProgressPart(reporter, 0.8, 0.97))
    else:
        write_report_workbook(report, order.path, ProgressPart(reporter, 0.8, 0.97))
    sha256 = hashlib.sha256(order.path.read_bytes()).hexdigest()
    number, kept = _kept(project, order, template, material, (form, sha256), figures)
    findings += kept
    return MadeReport(order.path, report, number, sha256, len(figures), moved, last, tuple(findings))


def _compared(report: Report, compared: list[Content]) -> Report:
    """Return a report with the comparison in the place that the template gave it."""
    chapters = []
    for chapter in report.chapters:
        contents: list[Content] = []
        for content in chapter.contents:
            contents += compared if isinstance(content, ComparisonPlace) else [content]
        chapters.append(dataclasses.replace(chapter, contents=tuple(contents)))
    return dataclasses.replace(report, chapters=tuple(chapters))


def _fonts(template: Template) -> tuple[Fonts, list[Finding]]:
    specs = template.fonts
    wished: dict[str, Sequence[str]] = {
        "title": specs.title.names,
        "heading": specs.heading.names,
        "subheading": specs.subheading.names,
        "body": specs.body.names,
        "table": specs.table.names,
    }
    fonts = chosen_fonts(wished, installed_fonts())
    if fonts.absent:
        text = _("No font with Chinese is installed here: look at the document where {fonts} are.")
        said = text.format(fonts="、".join(fonts.absent))
        return fonts, [Finding("report.fonts", Severity.WARNING, said)]
    if not fonts.replaced:
        return fonts, []
    pairs = "；".join(f"{wish} → {found}" for wish, found in fonts.replaced.items())
    text = _("Fonts that are not installed here, with what stands in their place: {pairs}.")
    return fonts, [Finding("report.fonts", Severity.NOTE, text.format(pairs=pairs))]


def _kept(
    project: Project,
    order: ReportOrder,
    template: Template,
    material: Material,
    file: tuple[str, str],
    figures: dict[FigureKey, IssuedFigure],
) -> tuple[int, list[Finding]]:
    """Keep the issue with the project and enter it in the register of exports; say so where it was not."""
    if order.draft:
        return 0, []
    if project.read_only:
        text = _("The project is open for reading only: the issue is not kept in it.")
        return 0, [Finding("report.not_kept", Severity.WARNING, text)]
    author = Author.here()
    form, sha256 = file
    issue = Issue(
        form=form,
        issued=datetime.now(UTC).isoformat(timespec="seconds"),
        who=author.name,
        machine=author.machine,
        file=order.path.name,
        sha256=sha256,
        template=f"{template.key} {template.version}",
        secrecy=material.secrecy,
        runs={str(standing.number): standing.run.uid for standing in material.used},
        figures=len(figures),
        packed=packed(figures),
    )
    number = keep_issue(project, issue)
    file_note = FileNote(order.path.name, str(order.path), sha256, order.path.stat().st_size)
    note = ExportNote(REPORT, template.name, (file_note,), material.secrecy, demo=material.demo)
    record_export(project, note)
    return number, []
