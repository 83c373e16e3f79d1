"""A result as a Word document: A4, Chinese fonts, tables whose heads come again on every page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.whole_file import whole_file
from layers.words import _
from zsgis.reports.heading import BureauHeading
from zsgis.reports.table_sheet import marks
from zsgis.reports.word.table_setting import WESTERN, clean
from zsgis.reports.word.table_xml import table_xml
from zsgis.result import Result, Table

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section
    from docx.text.paragraph import Paragraph

_TITLE, _BODY = "黑体", "仿宋"
_SHORT_MM, _LONG_MM, _MARGIN_MM = 210.0, 297.0, 20.0
_UPRIGHT_COLUMNS = 9
_RED = "C00000"


def write_word(result: Result, path: Path, heading: BureauHeading | None = None) -> Path:
    """Write every table on pages of its own: heading, table, notes, signatures; narrow tables upright.

    The findings follow the last table. The file appears whole or not at all.

    Raises
    ------
    InputError
        When the file cannot be written, for instance because it is open in another program.
    """
    import docx

    document = docx.Document()
    _set_styles(document)
    for number, table in enumerate(result.tables):
        section = document.sections[0] if number == 0 else document.add_section()
        upright = len(table.columns) <= _UPRIGHT_COLUMNS
        _set_page(section, upright=upright)
        room = (_SHORT_MM if upright else _LONG_MM) - 2 * _MARGIN_MM
        _write_table(document, table, result, heading or BureauHeading(), room)
    _write_findings(document, result)
    _number_pages(document.sections[0])
    document.core_properties.title = result.title
    document.core_properties.author = "zsgis"
    with whole_file(path, _("The document cannot be written: {reason}")) as draft:
        document.save(str(draft))
    return path


def _set_styles(document: Document) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = WESTERN, Pt(10.5)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _BODY)
    normal.paragraph_format.space_after = Pt(2)


def _set_page(section: Section, *, upright: bool) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    wide, high = (_SHORT_MM, _LONG_MM) if upright else (_LONG_MM, _SHORT_MM)
    section.orientation = WD_ORIENT.PORTRAIT if upright else WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.left_margin = section.right_margin = Mm(_MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(_MARGIN_MM)


def _number_pages(section: Section) -> None:
    """Put the page and the number of pages into the foot; later sections follow the first."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for place, name in enumerate(("PAGE", "NUMPAGES")):
        if place:
            paragraph.add_run(" / ")
        field: Any = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), name)
        paragraph.paragraph_format.element.append(field)


def _write_table(
    document: Document, table: Table, result: Result, heading: BureauHeading, room_mm: float
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml

    for mark in marks(result):
        _paragraph(document, mark, _BODY, 10.5, bold=True, color=_RED)
    title = _paragraph(document, table.title, _TITLE, 16.0, bold=True)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    units = "、".join(dict.fromkeys(c.unit for c in table.columns if c.unit and c.unit != "%"))
    lines = (
        _("Reporting organisation: {name}").format(name=heading.organisation),
        _("Unit: {units}").format(units=units),
    )
    before = _paragraph(document, "        ".join(lines), _BODY, 10.5)
    before.paragraph_format.element.addnext(parse_xml(table_xml(table, room_mm)))
    for number, note in enumerate(table.notes, start=1):
        _paragraph(document, _("Note {number}: {text}").format(number=number, text=note), _BODY, 9.0)
    signatures = "        ".join(
        (
            _("Prepared by: {name}").format(name=heading.prepared_by),
            _("Checked by: {name}").format(name=heading.checked_by),
            _("Date: {date}").format(date=heading.date),
        )
    )
    _paragraph(document, signatures, _BODY, 10.5)


def _write_findings(document: Document, result: Result) -> None:
    if not result.findings:
        return
    _paragraph(document, _("Findings"), _TITLE, 12.0, bold=True)
    for number, finding in enumerate(result.findings, start=1):
        _paragraph(document, f"{number}. [{finding.severity.words}] {finding.text}", _BODY, 10.5)


def _paragraph(
    document: Document, text: str, font: str, size: float, *, bold: bool = False, color: str = ""
) -> Paragraph:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    paragraph = document.add_paragraph()
    run = paragraph.add_run(clean(text))
    run.font.name, run.font.size, run.bold = WESTERN, Pt(size), bold
    properties: Any = run.element.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if color:
        run.font.color.rgb = RGBColor.from_string(color)
    return paragraph
