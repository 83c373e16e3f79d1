"""The report as an Excel workbook: a sheet for each chapter with tables; values as printed, no formulas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl.styles import Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from layers.formats.tables.sheet_text import display_width, sheet_name
from layers.progress import NoProgress, Progress
from layers.whole_file import whole_file
from layers.words import _
from zsgis.reports.cells import (
    BODY_FONT,
    BOLD_FONT,
    BORDER,
    CENTRE,
    HEAD_FILL,
    LEFT,
    MARK_FONT,
    RIGHT,
    TITLE_FONT,
    TOTAL_FILL,
    number_format,
    put,
)
from zsgis.reports.securing.blocks import Chapter, Notice, Paragraph, Report, ReportTable
from zsgis.reports.securing.figures import number_of
from zsgis.reports.securing.numbering import chapter_titles, numbers
from zsgis.reports.securing.word_tables import CHANGED_FILL
from zsgis.reports.table_sheet import head_text
from zsgis.reports.word.table_setting import shown
from zsgis.result import Column, RowRole

_WIDEST, _NARROWEST = 44.0, 9.0
_TEXT_WIDTH = 110.0
_PITCH, _AIR = 1.35, 4.0
_A4, _A3 = 9, 8
_A4_COLUMNS = 12
_CHANGED = PatternFill("solid", fgColor=CHANGED_FILL)
_STALE = Font(name="宋体", size=10, italic=True, color="7F7F7F")


def write_report_workbook(report: Report, path: Path, progress: Progress | None = None) -> Path:
    """Write a report as a workbook and return it. The file appears whole or not at all.

    Text never becomes a formula. Figures that changed have a yellow ground and a sign; every row names the
    run of its figures and whether they are current.

    Raises
    ------
    InputError
        When the file cannot be written, for instance because it is open in another program.
    """
    reporter = progress or NoProgress()
    book = Workbook()
    taken: set[str] = set()
    first: Any = book.active
    first.title = sheet_name(_("Cover"), taken)
    _fill_cover(first, report)
    known = numbers(report)
    for number, (chapter, title) in enumerate(zip(report.chapters, chapter_titles(report), strict=True)):
        reporter.step(number / len(report.chapters), chapter.title)
        tables = [content for content in chapter.contents if isinstance(content, ReportTable)]
        for place, table in enumerate(tables):
            name = chapter.title if len(tables) == 1 else f"{chapter.title} {place + 1}"
            sheet: Any = book.create_sheet(sheet_name(name, taken))
            _Sheet(sheet, book, report).fill(table, known[table.key])
        if not tables:
            _fill_words(book.create_sheet(sheet_name(chapter.title, taken)), report, chapter, title)
    book.properties.title = report.title
    book.properties.creator = "zsgis"
    with whole_file(path, _("The workbook cannot be written.")) as draft:
        book.save(draft)
    return path


def _fill_cover(sheet: Worksheet, report: Report) -> None:
    """Write title, bureau, date, secrecy, marks, and what the chapters say in words."""
    lines: list[tuple[str, Font]] = [(mark, MARK_FONT) for mark in report.marks]
    lines += [(report.title, TITLE_FONT), (report.subtitle, BODY_FONT)]
    secrecy = report.secrecy or _("to be filled in")
    lines += [
        (_("Secrecy: {secrecy}").format(secrecy=secrecy), BOLD_FONT),
        (_("Reporting organisation: {name}").format(name=report.organisation), BODY_FONT),
        (_("Date: {date}").format(date=report.date), BODY_FONT),
    ]
    for chapter in report.chapters:
        words = [content for content in chapter.contents if isinstance(content, (Notice, Paragraph))]
        if words:
            lines.append((chapter.title, BOLD_FONT))
            lines += [(_plain(report, each.text), _word_font(each)) for each in words]
    for row, (text, font) in enumerate((line for line in lines if line[0]), start=1):
        cell = put(sheet, row, 1, text)
        cell.font, cell.alignment = font, LEFT
        sheet.row_dimensions[row].height = _height(font.size or 10.0, _lines(text, _TEXT_WIDTH))
    sheet.column_dimensions["A"].width = _TEXT_WIDTH
    _set_page(sheet, report, wide=False)


def _word_font(content: Notice | Paragraph) -> Font:
    return MARK_FONT if isinstance(content, Notice) else BODY_FONT


def _plain(report: Report, text: str) -> str:
    """Return a text with what refers to tables as words."""
    for key, number in numbers(report).items():
        text = text.replace(f"{{ref:{key}}}", f"{_('Table')} {number}")
    return text


def _fill_words(sheet: Any, report: Report, chapter: Chapter, title: str) -> None:
    """Write a chapter without tables, so that a reader sees that it has none."""
    cell = put(sheet, 1, 1, title)
    cell.font = TITLE_FONT
    words = [content for content in chapter.contents if isinstance(content, (Notice, Paragraph))]
    for row, content in enumerate(words, start=2):
        cell = put(sheet, row, 1, content.text)
        cell.font, cell.alignment = _word_font(content), LEFT
        sheet.row_dimensions[row].height = _height(10.0, _lines(content.text, _TEXT_WIDTH))
    sheet.column_dimensions["A"].width = _TEXT_WIDTH
    _set_page(sheet, report, wide=False)


def _lines(text: str, width: float) -> int:
    """Return on how many lines a text stands in a column."""
    return sum(max(1, -(-(display_width(line) + 1) // max(int(width), 1))) for line in text.split("\n"))


def _height(size: float, lines: int) -> float:
    """Return the height of a row in points."""
    return lines * size * _PITCH + _AIR


class _Sheet:
    """One table on a sheet of its own."""

    def __init__(self, sheet: Worksheet, book: Workbook, report: Report) -> None:
        self._sheet, self._book, self._report = sheet, book, report

    def fill(self, content: ReportTable, number: int) -> None:
        sheet, columns = self._sheet, content.table.columns
        extra = self._extra(content)
        row = 1
        for mark in self._report.marks:
            put(sheet, row, 1, mark).font = MARK_FONT
            row += 1
        title = f"{_('Table')} {number}  {content.table.title}"
        put(sheet, row, 1, title).font = TITLE_FONT
        sheet.row_dimensions[row].height = 26
        for text in content.stale:
            row += 1
            put(sheet, row, 1, text).font = MARK_FONT
        head = row + 1
        for place, text in enumerate([*(head_text(column) for column in columns), *extra], start=1):
            cell = put(sheet, head, place, text)
            cell.font, cell.fill, cell.border, cell.alignment = BOLD_FONT, HEAD_FILL, BORDER, CENTRE
        widths = self._widths(content, len(extra))
        heads = [_lines(head_text(column), width) for column, width in zip(columns, widths, strict=True)]
        sheet.row_dimensions[head].height = _height(10.0, max(heads))
        for place in range(len(content.table.rows)):
            self._row(content, place, head + 1 + place, extra=bool(extra))
            sheet.row_dimensions[head + 1 + place].height = self._row_height(content, place, widths)
        foot = head + 1 + len(content.table.rows)
        for text in (*content.table.notes, content.source):
            if text:
                put(sheet, foot, 1, text)
                foot += 1
        sheet.freeze_panes = f"B{head + 1}"
        sheet.print_title_rows = f"{head}:{head}"
        _set_page(sheet, self._report, wide=len(columns) + len(extra) > _A4_COLUMNS)

    def _extra(self, content: ReportTable) -> tuple[str, ...]:
        """Return the heads of the columns that every row of figures gets: its run, and whether it holds."""
        named = {column.key for column in content.table.columns}
        if not content.runs or "run" in named:
            return ()
        return _("Runs"), _("State")

    def _row(self, content: ReportTable, place: int, row: int, *, extra: bool) -> None:
        line, columns = content.table.rows[place], content.table.columns
        total = line.role is not RowRole.BODY
        for number, column in enumerate(columns, start=1):
            value, form = self._value(content, place, column)
            change = content.changes.get((place, column.key))
            numeric = isinstance(value, (int, float))
            if change is not None:
                form, value = self._signed(form, value, change.mark)
            cell = put(self._sheet, row, number, value, look=self._look(numeric, total, form))
            if change is not None:
                cell.fill = _CHANGED
            if numeric and content.is_stale(place):
                cell.font = _STALE
        if extra:
            run = (
                content.row_runs[place]
                if content.row_runs
                else "、".join(str(s.number) for s in content.runs)
            )
            state = _("Stale") if content.is_stale(place) else _("Current")
            for number, text in enumerate((run, state), start=len(columns) + 1):
                put(self._sheet, row, number, text, look=self._look(False, total, ""))

    @staticmethod
    def _signed(form: str, value: Any, sign: str) -> tuple[str, Any]:
        """Return a number's form with a sign behind it, so that the cell stays a number; or text with it."""
        if isinstance(value, (int, float)):
            return f'{form}"{sign}"', value
        return form, f"{value}{sign}"

    @staticmethod
    def _value(content: ReportTable, place: int, column: Column) -> tuple[Any, str]:
        value = content.table.rows[place].values.get(column.key)
        if isinstance(value, (int, float)):
            return value, number_format(column.digits)
        text = shown(value, column)
        figure = number_of(text) if column.key in content.figures and not content.is_stale(place) else None
        if figure is None:
            return text, ""
        form = number_format(len(text.partition(".")[2]))
        return figure, f"+{form};-{form}" if text.startswith(("+", "-")) else form

    def _look(self, numeric: bool, total: bool, form: str) -> str:
        """Return the name of a style; half a million cells share a few."""
        name = f"report {'number' if numeric else 'text'} {'total' if total else 'body'} {form}".strip()
        if name not in self._book.named_styles:
            style = NamedStyle(name, font=BOLD_FONT if total else BODY_FONT, border=BORDER)
            style.alignment = RIGHT if numeric else LEFT
            if form:
                style.number_format = form
            if total:
                style.fill = TOTAL_FILL
            self._book.add_named_style(style)
        return name

    @staticmethod
    def _row_height(content: ReportTable, place: int, widths: list[float]) -> float:
        """Return the height of a row: a text that does not fit its column breaks."""
        row = content.table.rows[place]
        lines = [
            _lines(shown(row.values.get(column.key), column), width)
            for column, width in zip(content.table.columns, widths, strict=True)
            if column.digits is None
        ]
        return _height(10.0, max(lines, default=1))

    def _widths(self, content: ReportTable, extra: int) -> list[float]:
        """Set the columns' widths and return those of the table's own columns."""
        widths = []
        for number, column in enumerate(content.table.columns, start=1):
            texts = [shown(row.values.get(column.key), column) for row in content.table.rows]
            head = min(display_width(head_text(column).split("\n")[0]), 16)
            width = max([head, *(display_width(text) for text in texts)]) + 3.0
            widths.append(min(max(width, _NARROWEST), _WIDEST))
            self._sheet.column_dimensions[get_column_letter(number)].width = widths[-1]
        for number in range(extra):
            letter = get_column_letter(len(widths) + 1 + number)
            self._sheet.column_dimensions[letter].width = _NARROWEST + 2.0
        return widths


def _set_page(sheet: Worksheet, report: Report, *, wide: bool) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A3 if wide else _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    footer: Any = sheet.oddFooter
    footer.center.text = "&P / &N"
    marks = [*report.marks]
    if report.secrecy:
        marks.append(_("Secrecy: {secrecy}").format(secrecy=report.secrecy))
    if marks:
        header: Any = sheet.oddHeader
        header.center.text = "  ".join(marks).replace("&", "&&")
