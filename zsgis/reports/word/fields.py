"""Fields of Word as XML, each with its result filled in, so that it reads right before it is refreshed."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from zsgis.reports.word.table_setting import clean
from zsgis.reports.word.table_xml import NAMESPACE

CONTENTS = 'TOC \\o "1-2" \\h \\z'


def text_run(text: str, look: str = "") -> str:
    """Return a run of text; ``look`` is what stands in its properties."""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r>'


def field_begin(instruction: str) -> str:
    """Return the runs that begin a field, up to its result."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


def field_end() -> str:
    """Return the run that ends a field."""
    return '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def field(instruction: str, result: str) -> str:
    """Return a field with its result."""
    return f"{field_begin(instruction)}{text_run(result)}{field_end()}"


def bookmarked(name: str, number: int, inner: str) -> str:
    """Return runs with a bookmark around them."""
    return (
        f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(name)}/>{inner}<w:bookmarkEnd w:id="{number}"/>'
    )


def paragraph(style: str, inner: str, properties: str = "") -> str:
    """Return a paragraph in a style, by its id."""
    return f'<w:p {NAMESPACE}><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{inner}</w:p>'


def contents_entry(anchor: str, title: str, page: int) -> str:
    """Return one line of a contents list: title, leader, and the page of what the bookmark holds."""
    return (
        f'<w:hyperlink w:anchor={quoteattr(anchor)} w:history="1">{text_run(title)}<w:r><w:tab/></w:r>'
        f"{field(f'PAGEREF {anchor} ' + chr(92) + 'h', str(page))}</w:hyperlink>"
    )
