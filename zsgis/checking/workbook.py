"""Reports of checks as an Excel workbook: a summary by rule, the findings with all columns, the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import NamedStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from layers.checking.model import CheckFinding, CheckReport
from layers.checking.sentences import unit_text
from layers.formats.secrecy_mark import mark_of
from layers.formats.tables.sheet_text import sheet_name
from layers.formats.tables.xlsx_writer import mark_workbook
from layers.kinds import kind
from layers.secrecy import highest
from layers.whole_file import whole_file
from layers.words import _
from zsgis import __version__
from zsgis.checking.document import LISTED_PER_RULE
from zsgis.reports.cells import (
    BODY_FONT,
    BOLD_FONT,
    BORDER,
    CENTRE,
    HEAD_FILL,
    LEFT,
    RIGHT,
    TITLE_FONT,
    TOTAL_FILL,
    put,
)

_A3, _A4 = 8, 9
_LINE_PT = 15.0
_MOST_LINES = 8
_LAST_NARROW = 0x2FF


@dataclass(frozen=True)
class _Column:
    """A column of a sheet: its head, its width in Latin letters, how its cells look."""

    title: str
    width: float
    look: str


def write_workbook(reports: Sequence[CheckReport], path: Path) -> Path:
    """Write reports; of each rule the first findings are listed, all are counted and summed.

    The highest secrecy of the layers stands on top of every page.

    Raises
    ------
    InputError
        When the file cannot be written, for instance because it is open in another program.
    """
    book = Workbook()
    _add_looks(book)
    taken: set[str] = set()
    first: Any = book.active
    first.title = sheet_name(_("Summary"), taken)
    mark = mark_of(highest(*(report.secrecy for report in reports)))
    _fill_summary(first, reports, mark)
    for report in reports:
        title = _("Findings") if len(reports) == 1 else _("Findings {layer}").format(layer=report.layer)
        _fill_findings(book.create_sheet(sheet_name(title, taken)), report)
    _fill_rules(book.create_sheet(sheet_name(_("Rules and parameters"), taken)), reports)
    book.properties.title = _("Check report")
    book.properties.creator = "zsgis"
    if mark:
        for each in book.worksheets:
            mark_workbook(book, each, mark)
    with whole_file(path, _("The workbook cannot be written.")) as draft:
        book.save(draft)
    return path


def _add_looks(book: Workbook) -> None:
    for name, alignment, font, fill, digits in (
        ("head", CENTRE, BOLD_FONT, HEAD_FILL, ""),
        ("text", LEFT, BODY_FONT, None, ""),
        ("middle", CENTRE, BODY_FONT, None, ""),
        ("whole", RIGHT, BODY_FONT, None, "#,##0"),
        ("figure", RIGHT, BODY_FONT, None, "#,##0.00"),
        ("place", RIGHT, BODY_FONT, None, "0.000###"),
        ("sum", RIGHT, BOLD_FONT, TOTAL_FILL, "#,##0"),
        ("sum figure", RIGHT, BOLD_FONT, TOTAL_FILL, "#,##0.00"),
        ("sum text", LEFT, BOLD_FONT, TOTAL_FILL, ""),
    ):
        look = NamedStyle(f"check {name}", font=font, border=BORDER, alignment=alignment)
        if fill is not None:
            look.fill = fill
        if digits:
            look.number_format = digits
        book.add_named_style(look)


def _head(sheet: Worksheet, title: str, lines: Sequence[str], columns: Sequence[_Column]) -> int:
    """Write title, lines and column heads; return the row of the first entry."""
    for row, text in enumerate((title, *lines), start=1):
        cell: Any = put(sheet, row, 1, text)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(columns))
        cell.alignment = CENTRE if row == 1 else LEFT
    sheet["A1"].font = TITLE_FONT
    sheet.row_dimensions[1].height = 28
    head = len(lines) + 2
    for number, column in enumerate(columns, start=1):
        put(sheet, head, number, column.title, look="check head")
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.freeze_panes = f"A{head + 1}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return head + 1


def _put_rows(sheet: Worksheet, first: int, columns: Sequence[_Column], rows: Iterable[Sequence[Any]]) -> int:
    row = first
    for values in rows:
        for number, (column, value) in enumerate(zip(columns, values, strict=True), start=1):
            put(sheet, row, number, value, look=f"check {column.look}")
        lines = max(_lines(column, value) for column, value in zip(columns, values, strict=True))
        sheet.row_dimensions[row].height = _LINE_PT * min(lines, _MOST_LINES)
        row += 1
    return row


def _lines(column: _Column, value: Any) -> int:
    """Return how many lines a text takes in its column; a Chinese sign is as wide as two Latin letters."""
    if not isinstance(value, str):
        return 1
    width = sum(2 if ord(sign) > _LAST_NARROW else 1 for sign in value)
    return max(1, ceil(width / (column.width - 1)))


def _fill_summary(sheet: Worksheet, reports: Sequence[CheckReport], mark: str) -> None:
    columns = (
        _Column(_("Layer"), 28, "text"),
        _Column(_("Severity"), 8, "middle"),
        _Column(_("Rule"), 34, "text"),
        _Column(_("Findings count"), 12, "whole"),
        _Column(_("Features concerned"), 12, "whole"),
        _Column(_("Sum of figures (m²)"), 18, "figure"),
        _Column(_("Source"), 48, "text"),
        _Column(_("State of the rule"), 10, "middle"),
    )
    lines = [
        _("{layer}: {kind}, {crs}, {features} features").format(
            layer=report.layer,
            kind=_(kind(report.kind).title),
            crs=report.crs or "-",
            features=f"{report.features:,}",
        )
        for report in reports
    ]
    lines += [mark] if mark else []
    moment = datetime.now().isoformat(" ", "minutes")
    lines.append(_("Checked {moment} with zsgis {version}").format(moment=moment, version=__version__))
    first = _head(sheet, _("Check report"), lines, columns)
    rows = [
        (
            report.layer,
            one.rule.severity.words,
            one.rule.title,
            one.findings,
            one.features,
            one.total,
            one.rule.source,
            one.rule.status,
        )
        for report in reports
        for one in report.counts()
    ]
    last = _put_rows(sheet, first, columns, rows)
    _put_sums(sheet, first, last, len(columns))
    _put_notes(sheet, last + 2, len(columns), reports)


def _put_sums(sheet: Worksheet, first: int, last: int, width: int) -> None:
    for number in range(1, width + 1):
        put(sheet, last, number, None, look="check sum text")
    put(sheet, last, 1, _("Total"), look="check sum text")
    letter = get_column_letter(4)
    whole: Any = put(sheet, last, 4, None, look="check sum")
    whole.value = f"=SUM({letter}{first}:{letter}{last - 1})" if last > first else 0


def _put_notes(sheet: Worksheet, row: int, width: int, reports: Sequence[CheckReport]) -> None:
    notes = [
        _("Not applied to {layer}: {rule}. {reason}").format(
            layer=report.layer, rule=report.rules[key].title, reason=reason
        )
        for report in reports
        for key, reason in report.skipped.items()
    ]
    if not any(len(report) for report in reports):
        notes.insert(0, _("Nothing was found."))
    for number, text in enumerate(notes):
        cell: Any = put(sheet, row + number, 1, text)
        sheet.merge_cells(start_row=row + number, start_column=1, end_row=row + number, end_column=width)
        cell.alignment = LEFT


def _fill_findings(sheet: Worksheet, report: CheckReport) -> None:
    columns = (
        _Column(_("No."), 8, "whole"),
        _Column(_("Severity"), 8, "middle"),
        _Column(_("Rule"), 24, "text"),
        _Column(_("Row"), 8, "whole"),
        _Column(_("Name"), 16, "text"),
        _Column(_("Other row"), 10, "whole"),
        _Column(_("Other name"), 16, "text"),
        _Column(_("Field"), 14, "text"),
        _Column(_("Present value"), 18, "text"),
        _Column(_("Should be"), 18, "text"),
        _Column(_("Size of the fault"), 12, "figure"),
        _Column(_("Unit"), 8, "middle"),
        _Column(_("East"), 15, "place"),
        _Column(_("North coordinate"), 15, "place"),
        _Column(_("What was found"), 46, "text"),
        _Column(_("Source"), 34, "text"),
        _Column("zs_uid", 38, "text"),
    )
    first = _head(sheet, report.layer, _cut_lines(report), columns)
    last = _put_rows(sheet, first, columns, (_finding_row(one) for one in report.listed(LISTED_PER_RULE)))
    # who reads it on paper needs no key
    sheet.print_area = f"A1:{get_column_letter(len(columns) - 1)}{last}"
    sheet.page_setup.paperSize = _A3
    if last > first:
        sheet.auto_filter.ref = f"A{first - 1}:{get_column_letter(len(columns))}{last - 1}"


def _cut_lines(report: CheckReport) -> list[str]:
    return [
        _("{rule}: {found} found, the first {listed} are listed.").format(
            rule=one.rule.title, found=f"{one.findings:,}", listed=f"{LISTED_PER_RULE:,}"
        )
        for one in report.counts()
        if one.findings > LISTED_PER_RULE
    ]


def _finding_row(finding: CheckFinding) -> tuple[Any, ...]:
    return (
        finding.number,
        finding.severity.words,
        finding.title,
        finding.row + 1 if finding.row >= 0 else None,
        finding.name,
        finding.other_row + 1 if finding.other_row >= 0 else None,
        finding.other_name,
        finding.field,
        finding.value,
        finding.wanted,
        finding.figure,
        unit_text(finding.unit),
        finding.x,
        finding.y,
        finding.text,
        finding.source,
        finding.uid,
    )


def _fill_rules(sheet: Worksheet, reports: Sequence[CheckReport]) -> None:
    columns = (
        _Column(_("Rule"), 40, "text"),
        _Column(_("Severity"), 8, "middle"),
        _Column(_("Parameters"), 48, "text"),
        _Column(_("Source"), 60, "text"),
        _Column(_("State of the rule"), 10, "middle"),
    )
    rules = reports[0].rules
    line = _("{title}, version {version}, {status}").format(
        title=rules.title, version=rules.version, status=rules.status
    )
    first = _head(sheet, _("Rules and parameters"), [line], columns)
    rows = [
        (
            rule.title,
            rule.severity.words,
            "、".join(f"{name} = {value:g}" for name, value in rule.parameters.items()),
            rule.source,
            rule.status,
        )
        for rule in rules.rules.values()
    ]
    _put_rows(sheet, first, columns, rows)
