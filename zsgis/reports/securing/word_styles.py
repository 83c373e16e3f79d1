"""The styles and pages of the report as a Word document: fonts, sizes and distances from the template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zsgis.reports.securing.template import FontSpec, Template
from zsgis.reports.word.table_setting import WESTERN

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

SHORT_MM, LONG_MM = 210.0, 297.0
HEADING_PT, SUBHEADING_PT = 34.0, 26.0
SUBHEADING_BEFORE, SUBHEADING_AFTER = 6.0, 4.0
SUBHEADING_ROOM = SUBHEADING_BEFORE + SUBHEADING_PT + SUBHEADING_AFTER
CAPTION_BEFORE, GAP_PT = 4.0, 6.0
HEADING_AFTER = 10.0
CAPTION_PT, SOURCE_PT, NOTICE_PT = 20.0, 13.0, 17.0
SOURCE_AFTER, NOTICE_AFTER = 10.0, 8.0
CONTENTS_PT = 22.0
CAPTION, SOURCE, NOTICE, LISTED, FIRST_LINE = "zsCaption", "zsSource", "zsNotice", "zsListed", "zsText"
GAP = "zsGap"
NO_GAP = '<w:spacing w:after="40"/><w:jc w:val="center"/>'
TITLE, PLAIN = "zsTitle", "zsPlain"
SMALL = 9.0
NOTICE_SIZE = 10.5


def set_styles(document: Document, template: Template, names: Mapping[str, str]) -> None:
    """Make the report's styles: headings, text, captions, sources, notices, lines of the contents list."""
    fonts, line = template.fonts, template.page.line
    _font(document.styles["Normal"], names["body"], fonts.body.size)
    _spaced(document.styles["Normal"], line, 0.0)
    _style(document, FIRST_LINE, names["body"], fonts.body, line, indent=2.0)
    _style(document, LISTED, names["body"], fonts.body, line)
    _style(document, PLAIN, names["body"], fonts.body, 0.0)
    _style(document, TITLE, names["title"], fonts.title, 0.0)
    heading = document.styles["Heading 1"]
    _font(heading, names["heading"], fonts.heading.size)
    _spaced(heading, HEADING_PT, HEADING_AFTER)
    subheading = document.styles["Heading 2"]
    _font(subheading, names["subheading"], fonts.subheading.size)
    _spaced(subheading, SUBHEADING_PT, SUBHEADING_AFTER, SUBHEADING_BEFORE)
    caption = FontSpec(names=("-",), size=10.5)
    _style(document, CAPTION, names["heading"], caption, CAPTION_PT, before=CAPTION_BEFORE, centred=True)
    _style(document, GAP, names["table"], FontSpec(names=("-",), size=7), GAP_PT)
    _style(
        document, SOURCE, names["table"], FontSpec(names=("-",), size=SMALL), SOURCE_PT, after=SOURCE_AFTER
    )
    _style(
        document,
        NOTICE,
        names["table"],
        FontSpec(names=("-",), size=NOTICE_SIZE),
        NOTICE_PT,
        after=NOTICE_AFTER,
    )
    for name in ("TOC 1", "TOC 2"):
        _style(document, name, names["body"], FontSpec(names=("-",), size=12), CONTENTS_PT)


def _style(
    document: Document,
    name: str,
    font: str,
    spec: FontSpec,
    line: float,
    *,
    before: float = 0.0,
    after: float = 0.0,
    indent: float = 0.0,
    centred: bool = False,
) -> Any:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    _font(style, font, spec.size)
    _spaced(style, line, after, before)
    if indent:
        style.paragraph_format.first_line_indent = Pt(indent * spec.size)
    if centred:
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return style


def _font(style: Any, name: str, size: float) -> None:
    """Set a style's font for both scripts; themes, colour and slant of the shipped styles go."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size = WESTERN, Pt(size)
    style.font.bold = style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), name)


def _spaced(style: Any, line: float, after: float, before: float = 0.0) -> None:
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    form = style.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.widow_control = True
    form.line_spacing_rule = WD_LINE_SPACING.SINGLE
    if line:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)


def set_page(section: Section, template: Template, *, wide: bool) -> None:
    """Set paper, direction and margins of a section; across, the margins turn with the page."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    page = template.page
    across, high = (LONG_MM, SHORT_MM) if wide else (SHORT_MM, LONG_MM)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(across), Mm(high)
    top, right, bottom, left = page.top, page.right, page.bottom, page.left
    if wide:
        top, right, bottom, left = left, top, right, bottom
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    section.header_distance, section.footer_distance = Mm(min(12.0, top / 2)), Mm(min(12.0, bottom / 2))


def room_mm(template: Template, *, wide: bool) -> tuple[float, float]:
    """Return width and height of a page between its margins."""
    page = template.page
    across, along = page.left + page.right, page.top + page.bottom
    if wide:
        return LONG_MM - along, SHORT_MM - across
    return SHORT_MM - across, LONG_MM - along
