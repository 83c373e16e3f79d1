"""The report as a Word document: title page, contents list, chapters, annexes, page by page."""

from __future__ import annotations

import io
import re
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.progress import NoProgress, Progress
from layers.whole_file import whole_file
from layers.words import _
from zsgis.reports.securing import word_styles as styles
from zsgis.reports.securing.blocks import (
    Chapter,
    Content,
    Heading,
    Notice,
    Paragraph,
    Report,
    ReportPicture,
    ReportTable,
)
from zsgis.reports.securing.numbering import bookmark, chapter_titles, heading_titles, numbers
from zsgis.reports.securing.template import Template
from zsgis.reports.securing.word_front import (
    ContentsLine,
    count_on,
    write_contents,
    write_furniture,
    write_title_page,
)
from zsgis.reports.securing.word_tables import cut_table, table_setting, with_broken_heads
from zsgis.reports.word.fields import bookmarked, field, paragraph, text_run
from zsgis.reports.word.flow import Flow
from zsgis.reports.word.fonts import Fonts
from zsgis.reports.word.measure import line_count
from zsgis.reports.word.table_xml import row_heights, table_xml

if TYPE_CHECKING:
    from docx.document import Document

_PT_PER_MM = 72 / 25.4
_REFERENCE = re.compile(r"\{ref:([^{}]+)\}")
_PICTURE_AIR_PT = 4.0
_NOTICE_LINES = 6


def write_word_report(
    report: Report,
    template: Template,
    fonts: Fonts,
    path: Path,
    closing: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> Path:
    """Write a report as a Word file and return it. The file appears whole or not at all.

    Parameters
    ----------
    closing : tuple of str
        Lines at the end of the last page: which fonts stand in for which.

    Raises
    ------
    InputError
        When the file cannot be written, for instance because it is open in another program.
    """
    import docx

    document = docx.Document()
    styles.set_styles(document, template, fonts.names)
    writer = _Writer(document, report, template, fonts, progress or NoProgress())
    writer.write(closing)
    document.core_properties.title = report.title
    document.core_properties.author = "zsgis"
    document.core_properties.comments = ""
    with whole_file(path, _("The document cannot be written: {reason}")) as draft:
        document.save(str(draft))
    return path


class _Writer:
    """Writes chapters one after the other and keeps count of the pages."""

    def __init__(
        self, document: Document, report: Report, template: Template, fonts: Fonts, progress: Progress
    ) -> None:
        self._document, self._report, self._template, self._fonts = document, report, template, fonts
        self._progress = progress
        self._numbers = numbers(report)
        self._titles = chapter_titles(report)
        self._flow = Flow(styles.room_mm(template, wide=False)[1] * _PT_PER_MM)
        self._wide = False
        self._marks = 0
        self._entries: list[ContentsLine] = []

    def write(self, closing: tuple[str, ...]) -> None:
        section = self._document.sections[0]
        styles.set_page(section, self._template, wide=False)
        write_title_page(self._document, self._report, self._template)
        place = self._document.element.body.sectPr
        contents = place.getprevious()
        for number, chapter in enumerate(self._report.chapters):
            self._progress.step(number / len(self._report.chapters), chapter.title)
            self._chapter(number, chapter)
        for text in closing:
            self._add(paragraph(styles.SOURCE, text_run(text)))
        self._flow.new_page()
        write_contents(contents, self._entries, styles.room_mm(self._template, wide=False)[0])

    def _chapter(self, number: int, chapter: Chapter) -> None:
        first = number == 0
        turned = chapter.wide != self._wide
        if first or turned:
            section = self._document.add_section()
            styles.set_page(section, self._template, wide=chapter.wide)
            if first:
                write_furniture(section, self._report)
            else:
                count_on(section)
            self._wide = chapter.wide
        self._flow.new_page(styles.room_mm(self._template, wide=self._wide)[1] * _PT_PER_MM)
        before = "" if first or turned else "<w:pageBreakBefore/>"
        room = styles.HEADING_PT + styles.HEADING_AFTER
        self._heading(1, self._titles[number], room, before)
        headings = iter(heading_titles(chapter))
        for content, following in zip_longest(chapter.contents, chapter.contents[1:]):
            if isinstance(content, Notice):
                kept = following is not None and not isinstance(following, (Heading, Notice))
                self._notice(content.text, kept=kept)
            elif isinstance(content, Heading):
                self._heading(2, next(headings), styles.SUBHEADING_ROOM, "")
            else:
                self._content(content)

    def _heading(self, level: int, title: str, room_pt: float, before: str) -> None:
        self._marks += 1
        anchor = f"_Toc{900000 + self._marks}"
        inner = bookmarked(anchor, self._marks, text_run(title))
        self._add(paragraph(f"Heading{level}", inner, f"<w:keepNext/>{before}"))
        self._flow.take(
            room_pt,
            keep_next=True,
            told=lambda page: self._entries.append(ContentsLine(level, anchor, title, page)),
        )

    def _content(self, content: Content) -> None:
        if isinstance(content, Paragraph):
            self._paragraph(content)
        elif isinstance(content, ReportTable):
            self._table(content)
        elif isinstance(content, ReportPicture):
            self._picture(content)

    def _paragraph(self, content: Paragraph) -> None:
        size = self._template.fonts.body.size
        room = self._room_pt() / size
        text = ("• " if content.listed else "") + content.text
        shown = _REFERENCE.sub(lambda met: self._called(met.group(1)), text)
        count = line_count(shown, room, 0.0 if content.listed else 2.0)
        self._flow.lines(count, self._template.page.line)
        style = styles.LISTED if content.listed else styles.FIRST_LINE
        self._add(paragraph(style, self._with_references(text)))

    def _with_references(self, text: str) -> str:
        """Return a text's runs; what refers to a table or picture is a field that leads there."""
        parts = _REFERENCE.split(text)
        runs = []
        for place, part in enumerate(parts):
            if place % 2 and part in self._numbers:
                runs.append(field(f"REF {bookmark(part)} \\h", self._called(part)))
            elif part:
                runs.append(text_run(part))
        return "".join(runs)

    def _called(self, key: str) -> str:
        number = self._numbers.get(key)
        if number is None:
            return ""
        word = _("Table") if any(table.key == key for table in self._report.tables) else _("Fig.")
        return f"{word} {number}"

    def _notice(self, text: str, *, kept: bool) -> None:
        """Write what must not be overlooked, where it can on one page with what it is about."""
        # the frame takes room on both sides
        room = self._room_pt() / styles.NOTICE_SIZE - 1.0
        count = line_count(text, room)
        kept = kept and count <= _NOTICE_LINES
        if kept:
            self._flow.take(count * styles.NOTICE_PT + styles.NOTICE_AFTER, keep_next=True)
        else:
            self._flow.lines(count, styles.NOTICE_PT, styles.NOTICE_AFTER)
        edges = "".join(
            f'<w:{edge} w:val="single" w:sz="6" w:space="1" w:color="C00000"/>'
            for edge in ("top", "left", "bottom", "right")
        )
        keep = "<w:keepNext/>" if kept else ""
        frame = f'{keep}<w:pBdr>{edges}</w:pBdr><w:shd w:val="clear" w:fill="FDECEA"/>'
        self._add(paragraph(styles.NOTICE, text_run(text), frame))

    def _table(self, content: ReportTable) -> None:
        room = styles.room_mm(self._template, wide=self._wide)[0]
        shown, more = cut_table(content)
        setting = table_setting(shown, self._template.fonts.table.size, self._fonts.names["table"])
        title = _("{title} (stale)").format(title=shown.table.title) if shown.stale else shown.table.title
        self._flow.take(styles.CAPTION_PT + styles.CAPTION_BEFORE, keep_next=True)
        self._caption(_("Table"), content.key, title, "<w:keepNext/>")
        if shown.source:
            # above the table, so that no page begins with it
            count = line_count(shown.source, self._room_pt() / styles.SMALL)
            self._flow.take(count * styles.SOURCE_PT, keep_next=True)
            above = f"<w:keepNext/>{styles.NO_GAP}"
            self._add(paragraph(styles.SOURCE, text_run(shown.source), above))
        printed = with_broken_heads(shown.table)
        heads, rows = row_heights(printed, room, setting)
        self._flow.table(heads, rows)
        self._add(table_xml(printed, room, setting))
        notes = [*shown.table.notes, *more]
        if notes:
            self._source("\n".join(notes))
        else:
            # two tables in a row would become one
            self._flow.lines(1, styles.GAP_PT)
            self._add(paragraph(styles.GAP, ""))

    def _source(self, text: str, properties: str = "") -> None:
        room = self._room_pt() / styles.SMALL
        self._flow.lines(line_count(text, room), styles.SOURCE_PT, styles.SOURCE_AFTER)
        runs = "<w:r><w:br/></w:r>".join(text_run(line) for line in text.split("\n"))
        self._add(paragraph(styles.SOURCE, runs, properties))

    def _caption(self, word: str, key: str, title: str, properties: str) -> None:
        self._marks += 1
        number = field(f"SEQ {word} \\* ARABIC", str(self._numbers[key]))
        inner = bookmarked(bookmark(key), self._marks, text_run(f"{word} ") + number)
        self._add(paragraph(styles.CAPTION, inner + text_run(f"  {title}"), properties))

    def _picture(self, content: ReportPicture) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Mm

        room = styles.room_mm(self._template, wide=self._wide)
        scale = min(1.0, room[0] / content.width_mm, (room[1] - 30.0) / content.height_mm)
        height = content.height_mm * scale
        self._flow.take(height * _PT_PER_MM + _PICTURE_AIR_PT, keep_next=True)
        self._flow.take(styles.CAPTION_PT + styles.CAPTION_BEFORE, keep_next=bool(content.source))
        added: Any = self._document.add_paragraph(style=styles.PLAIN)
        added.alignment = WD_ALIGN_PARAGRAPH.CENTER
        added.paragraph_format.keep_with_next = True
        run = added.add_run()
        picture = run.add_picture(
            io.BytesIO(content.png), width=Mm(content.width_mm * scale), height=Mm(height)
        )
        picture._inline.docPr.set("descr", content.title)
        keep = "<w:keepNext/>" if content.source else ""
        self._caption(_("Fig."), content.key, content.title, keep)
        if content.source:
            self._source(content.source, '<w:jc w:val="center"/>')

    def _room_pt(self) -> float:
        return styles.room_mm(self._template, wide=self._wide)[0] * _PT_PER_MM

    def _add(self, xml: str) -> None:
        from docx.oxml import parse_xml

        self._document.element.body.sectPr.addprevious(parse_xml(xml))
