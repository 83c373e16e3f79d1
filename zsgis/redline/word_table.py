"""A table of a result as WordprocessingML, written as one text: thousands of points are parsed at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from layers.formats.tables.sheet_text import display_width
from layers.words import _
from zsgis.reports.table_sheet import head_text
from zsgis.result import Column, NotDerivable, Row, RowRole, Table

FONT, WESTERN = "宋体", "Times New Roman"
COORDINATES = frozenset({"x", "y"})
"""Keys of columns whose figures are coordinates."""

_HALF_POINTS = 18
_TWIPS_PER_MM = 1440 / 25.4
_MARGIN_MM = 1.0
# widths of columns in half characters
_NARROWEST, _WIDEST = 5.0, 30.0
_HEAD_FILL, _TOTAL_FILL = "E7EDF3", "F2F2F2"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def table_xml(table: Table, room_mm: float) -> str:
    """Return a table's XML.

    Heads come again on every page, rows are never torn, and a text cell that a row does not have is joined
    with the one above.

    Parameters
    ----------
    room_mm : float
        Width of the page between its margins.
    """
    widths = [round(share * room_mm * _TWIPS_PER_MM) for share in _shares(table)]
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margin = round(_MARGIN_MM * _TWIPS_PER_MM)
    sides = "".join(f'<w:{side} w:w="{margin}" w:type="dxa"/>' for side in ("left", "right"))
    return "".join(
        (
            f'<w:tbl {_NAMESPACE}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>',
            f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>',
            f"<w:tblCellMar>{sides}</w:tblCellMar></w:tblPr><w:tblGrid>",
            *(f'<w:gridCol w:w="{width}"/>' for width in widths),
            "</w:tblGrid>",
            *_head_rows(table.columns, widths),
            *_body_rows(table, widths),
            "</w:tbl>",
        )
    )


def _head_rows(columns: Sequence[Column], widths: Sequence[int]) -> Iterator[str]:
    grouped = any(column.group for column in columns)
    if grouped:
        yield _row("".join(_group_cells(columns, widths)), head=True)
    cells = [
        _cell(
            "" if grouped and not column.group else head_text(column),
            width,
            "center",
            bold=True,
            fill=_HEAD_FILL,
            joined="continue" if grouped and not column.group else "",
        )
        for column, width in zip(columns, widths, strict=True)
    ]
    yield _row("".join(cells), head=True)


def _group_cells(columns: Sequence[Column], widths: Sequence[int]) -> Iterator[str]:
    place = 0
    while place < len(columns):
        column, stop = columns[place], place + 1
        while column.group and stop < len(columns) and columns[stop].group == column.group:
            stop += 1
        width = sum(widths[place:stop])
        if column.group:
            yield _cell(column.group, width, "center", bold=True, fill=_HEAD_FILL, span=stop - place)
        else:
            yield _cell(head_text(column), width, "center", bold=True, fill=_HEAD_FILL, joined="restart")
        place = stop


def _body_rows(table: Table, widths: Sequence[int]) -> Iterator[str]:
    for number, row in enumerate(table.rows):
        below = table.rows[number + 1] if number + 1 < len(table.rows) else None
        cells = []
        for column, width in zip(table.columns, widths, strict=True):
            value = row.values.get(column.key)
            joined = ""
            if column.digits is None:
                again = below is not None and column.key not in below.values
                joined = "continue" if number and column.key not in row.values else "restart" if again else ""
            cells.append(
                _cell(
                    shown(value, column),
                    width,
                    "right" if isinstance(value, (int, float)) else "left",
                    bold=row.role is not RowRole.BODY,
                    fill=_TOTAL_FILL if row.role is RowRole.TOTAL else "",
                    joined=joined,
                )
            )
        yield _row("".join(cells))


def shown(value: object, column: Column) -> str:
    """Return a value as it is printed; coordinates without signs between their thousands."""
    if value is None:
        return ""
    if isinstance(value, NotDerivable):
        return _("not derivable")
    if isinstance(value, (int, float)):
        plain = column.key in COORDINATES
        return f"{value:{'' if plain else ','}.{column.digits or 0}f}"
    return str(value)


def _row(cells: str, *, head: bool = False) -> str:
    again = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{cells}</w:tr>"


def _cell(
    text: str,
    width: int,
    where: str,
    *,
    bold: bool = False,
    fill: str = "",
    span: int = 1,
    joined: str = "",
) -> str:
    properties = [f'<w:tcW w:w="{width}" w:type="dxa"/>']
    if span > 1:
        properties.append(f'<w:gridSpan w:val="{span}"/>')
    if joined:
        properties.append(f'<w:vMerge w:val="{joined}"/>')
    if fill:
        properties.append(f'<w:shd w:val="clear" w:fill="{fill}"/>')
    properties.append('<w:vAlign w:val="center"/>')
    look = (
        f'<w:rPr><w:rFonts w:ascii="{WESTERN}" w:hAnsi="{WESTERN}" w:eastAsia="{FONT}"/>'
        f"{'<w:b/>' if bold else ''}"
        f'<w:sz w:val="{_HALF_POINTS}"/></w:rPr>'
    )
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean(text).split("\n")
    )
    run = f"<w:r>{look}{lines}</w:r>" if text else ""
    return (
        f'<w:tc><w:tcPr>{"".join(properties)}</w:tcPr><w:p><w:pPr><w:spacing w:after="0"/>'
        f'<w:jc w:val="{where}"/></w:pPr>{run}</w:p></w:tc>'
    )


def _shares(table: Table) -> list[float]:
    """Return each column's share of the width: what its texts need, within reason."""
    widths = [_needed(column, table.rows) for column in table.columns]
    return [width / sum(widths) for width in widths]


def _needed(column: Column, rows: Sequence[Row]) -> float:
    head = max(display_width(line) for line in head_text(column).split("\n"))
    body = max((display_width(shown(row.values.get(column.key), column)) for row in rows), default=0)
    # a head may break, a figure may not
    return min(max(body, min(head, 8), _NARROWEST) + 2.0, _WIDEST)
