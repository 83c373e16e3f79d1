"""The command that checks a file or the layers of a project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.errors import InputError, NotAProjectError, UsageError
from layers.findings import Finding
from layers.words import _
from zsgis.checking.request import CheckRequest
from zsgis.commands.console import Outcome

__all__ = ["CheckRequest", "check"]

if TYPE_CHECKING:
    from layers.checking.model import CheckReport
    from layers.progress import Progress

_LISTED = 100
_SHOWN = 5


def check(request: CheckRequest, out: Path | None, progress: Progress) -> Outcome:
    """Check a project or a file; write the report where one is asked for.

    Parameters
    ----------
    request : CheckRequest
        ``path`` may be a project; ``layer`` then names one of its layers.
    out : Path or None
        ``.xlsx`` or ``.json``.
    """
    if out is not None and out.suffix.lower() not in (".xlsx", ".json"):
        raise UsageError(
            _("A report is an Excel or a JSON file."),
            where=str(out),
            remedy=_("Let it end in .xlsx or .json."),
        )
    reports, told = _reports(request, progress)
    from zsgis.checking.document import report_document

    document: dict[str, Any] = {"reports": [report_document(report, _LISTED) for report in reports]}
    lines = [line for report in reports for line in _lines(report)]
    if out is not None:
        _write(reports, out)
        document["written"] = [str(out)]
        lines.append(_("Written: {path}").format(path=out))
    findings = [one for report in reports for one in _findings(report)]
    return Outcome(document, tuple(lines), (*told, *findings))


def _reports(request: CheckRequest, progress: Progress) -> tuple[Sequence[CheckReport], tuple[Finding, ...]]:
    """Return the reports, and what was told while a file was read."""
    from layers.store import Project
    from zsgis.checking.checking import check_project

    if request.path.suffix.lower() == ".gpkg" and request.path.is_file():
        try:
            project = Project.open(request.path, read_only=True)
        except NotAProjectError:
            return _file_report(request, progress)
        with project:
            if request.kind or request.crs or request.standard or request.encoding:
                raise InputError(
                    _("The layers of a project say themselves what they are."),
                    where=str(request.path),
                    remedy=_("Leave out --kind, --crs, --standard and --encoding."),
                )
            return check_project(project, [request.layer] if request.layer else [], progress), ()
    return _file_report(request, progress)


def _file_report(
    request: CheckRequest, progress: Progress
) -> tuple[Sequence[CheckReport], tuple[Finding, ...]]:
    from layers.formats.isolated import IsolatedReader
    from zsgis.checking.files import check_file
    from zsgis.intake.tools import IntakeTools, configuration_folder

    with IsolatedReader() as reader:
        book = IntakeTools(reader, configuration_folder()).book
        checked = check_file(reader, request, progress, book.sets())
    return (checked.report,), checked.told


def _write(reports: Sequence[CheckReport], out: Path) -> None:
    if out.suffix.lower() == ".json":
        from zsgis.checking.document import write_document

        write_document(reports, out)
        return
    from zsgis.checking.workbook import write_workbook

    write_workbook(reports, out)


def _lines(report: CheckReport) -> list[str]:
    from layers.kinds import kind

    lines = [
        _("{layer}: checked as {kind}, {features} features, {findings} findings, {seconds} s").format(
            layer=report.layer,
            kind=_(kind(report.kind).title),
            features=f"{report.features:,}",
            findings=f"{len(report):,}",
            seconds=f"{report.seconds:.1f}",
        )
    ]
    for one in report.counts():
        lines.append(
            f"  [{one.rule.severity.words}] {one.rule.title}  {one.findings:,}  （{one.rule.source}）"
        )
        numbers = report.numbers(one.rule.key)
        lines += [f"      {number}. {report.finding(number).text}" for number in numbers[:_SHOWN]]
        if len(numbers) > _SHOWN:
            lines.append(_("      and {count} more").format(count=f"{len(numbers) - _SHOWN:,}"))
    for key, reason in report.skipped.items():
        rule = report.rules[key].title
        lines.append(_("  not applied: {rule}. {reason}").format(rule=rule, reason=reason))
    return lines


def _findings(report: CheckReport) -> list[Finding]:
    return [
        Finding(
            f"check.{one.rule.key}",
            one.rule.severity,
            _("{layer}: {rule}, {count} findings").format(
                layer=report.layer, rule=one.rule.title, count=f"{one.findings:,}"
            ),
        )
        for one in report.counts()
    ]
