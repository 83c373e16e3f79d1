"""Title page, contents list, running head and page numbers of the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layers.words import _
from zsgis.reports.securing import word_styles as styles
from zsgis.reports.securing.blocks import Report
from zsgis.reports.securing.template import Template
from zsgis.reports.word.fields import (
    CONTENTS,
    contents_entry,
    field_begin,
    field_end,
    paragraph,
    text_run,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

_TWIPS_PER_MM = 1440 / 25.4
_CENTRE = '<w:jc w:val="center"/>'
_RED = '<w:color w:val="C00000"/>'
_BLANK = "＿" * 14


@dataclass(frozen=True)
class ContentsLine:
    """A heading in the contents list: its level, bookmark, title and page."""

    level: int
    anchor: str
    title: str
    page: int


def write_title_page(document: Document, report: Report, template: Template) -> None:
    """Write the title page; the bureau's line stays empty unless it is stated."""
    body = document.element.body.sectPr
    secrecy = _("Secrecy: {secrecy}").format(secrecy=report.secrecy or _("to be filled in"))
    lines = [
        _line(secrecy, styles.PLAIN, 14, after=40, where="right"),
        *(_line(mark, styles.PLAIN, 16, after=6, look=_RED + "<w:b/>") for mark in report.marks),
        _line(report.title, styles.TITLE, template.fonts.title.size, before=110, after=24),
    ]
    if report.subtitle:
        lines.append(_line(report.subtitle, styles.PLAIN, 16, after=220))
    lines += [
        _line(report.organisation or _BLANK, styles.PLAIN, 16, after=14),
        _line(report.date, styles.PLAIN, 16),
        paragraph(styles.TITLE, text_run(_("Contents"), '<w:sz w:val="36"/>'), _contents_head()),
    ]
    from docx.oxml import parse_xml

    for line in lines:
        body.addprevious(parse_xml(line))


def _line(
    text: str,
    style: str,
    size: float,
    *,
    before: float = 0,
    after: float = 0,
    look: str = "",
    where: str = "center",
) -> str:
    spacing = f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"/>'
    half_points = f'<w:sz w:val="{round(size * 2)}"/>'
    return paragraph(style, text_run(text, f"{look}{half_points}"), f'{spacing}<w:jc w:val="{where}"/>')


def _contents_head() -> str:
    return f'<w:pageBreakBefore/><w:spacing w:after="240"/>{_CENTRE}'


def write_contents(after: Any, entries: Sequence[ContentsLine], room_mm: float) -> None:
    """Write the contents list behind a paragraph: one field, each line with its page.

    Parameters
    ----------
    entries : sequence of ContentsLine
    room_mm : float
        Width between the margins, where the page numbers end.
    """
    from docx.oxml import parse_xml

    end = round(room_mm * _TWIPS_PER_MM)
    tabs = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{end}"/></w:tabs>'
    for number, entry in enumerate(entries):
        inner = field_begin(CONTENTS) if number == 0 else ""
        inner += contents_entry(entry.anchor, entry.title, entry.page)
        inner += field_end() if number == len(entries) - 1 else ""
        indent = f'<w:ind w:left="{(entry.level - 1) * 440}"/>'
        line = parse_xml(paragraph(f"TOC{entry.level}", inner, f"{tabs}{indent}"))
        after.addnext(line)
        after = line


def write_furniture(section: Section, report: Report) -> None:
    """Write the running head and page numbers, from 1 on; later sections follow."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    marks = [report.header]
    if report.secrecy:
        marks.append(_("Secrecy: {secrecy}").format(secrecy=report.secrecy))
    head: Any = section.header.paragraphs[0]
    runs = text_run("    ".join(marks), '<w:sz w:val="18"/>')
    if report.marks:
        runs += text_run("    " + "    ".join(report.marks), f'{_RED}<w:sz w:val="18"/>')
    line = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="808080"/></w:pBdr>'
    head._p.getparent().replace(head._p, parse_xml(paragraph(styles.PLAIN, runs, f"{line}{_CENTRE}")))
    foot: Any = section.footer.paragraphs[0]
    number = text_run("— ", '<w:sz w:val="21"/>') + _page_number() + text_run(" —", '<w:sz w:val="21"/>')
    foot._p.getparent().replace(foot._p, parse_xml(paragraph(styles.PLAIN, number, _CENTRE)))
    numbered = parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>')
    properties: Any = section._sectPr
    properties.find("{*}pgMar").addnext(numbered)


def count_on(section: Section) -> None:
    """Let a section's pages be counted on from the section before, whose properties it was made from."""
    properties: Any = section._sectPr
    for numbered in properties.findall("{*}pgNumType"):
        properties.remove(numbered)


def _page_number() -> str:
    shown = '<w:r><w:rPr><w:sz w:val="21"/></w:rPr><w:t>1</w:t></w:r>'
    return f'<w:fldSimple w:instr=" PAGE ">{shown}</w:fldSimple>'
