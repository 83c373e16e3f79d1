"""A table of a result as WordprocessingML, written as one text: thousands of points are parsed at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from zsgis.reports.table_sheet import head_text
from zsgis.reports.word.column_widths import shares_by_need, shares_by_text
from zsgis.reports.word.measure import line_count
from zsgis.reports.word.table_setting import DEFAULT, MARGIN_MM, WESTERN, TableSetting, clean, shown
from zsgis.result import Column, Row, RowRole, Table

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

_TWIPS_PER_MM = 1440 / 25.4
_HEAD_FILL, _TOTAL_FILL = "E7EDF3", "F2F2F2"
_STALE_COLOR = '<w:color w:val="7F7F7F"/>'
_ROW_AIR_PT = 4.0
# heights stated must hold what is in the row: lines are counted for a little less room than there is
_SAFE_EM = 0.25


def table_xml(table: Table, room_mm: float, setting: TableSetting = DEFAULT) -> str:
    """Return a table's XML.

    Heads come again on every page, rows are never torn, and a text cell that a row does not have is joined
    with the one above.

    Parameters
    ----------
    room_mm : float
        Width of the page between its margins.
    """
    return _Writer(table, room_mm, setting).xml()


def row_heights(table: Table, room_mm: float, setting: TableSetting) -> tuple[list[float], list[float]]:
    """Return the heights in points of the head's rows and of the body's, as :func:`table_xml` states them."""
    return _Writer(table, room_mm, setting).heights()


class _Writer:
    def __init__(self, table: Table, room_mm: float, setting: TableSetting) -> None:
        self._table, self._setting = table, setting
        shares = shares_by_need(table, room_mm, setting) if setting.pitch_pt else shares_by_text(table)
        self._widths = [round(share * room_mm * _TWIPS_PER_MM) for share in shares]
        self._grouped = any(column.group for column in table.columns)

    def xml(self) -> str:
        edges = "".join(
            f'<w:{edge} w:val="single" w:sz="4" w:color="000000"/>'
            for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        margin = round(MARGIN_MM * _TWIPS_PER_MM)
        sides = "".join(f'<w:{side} w:w="{margin}" w:type="dxa"/>' for side in ("left", "right"))
        width = sum(self._widths)
        return "".join(
            (
                f'<w:tbl {NAMESPACE}><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/>',
                f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>',
                f"<w:tblCellMar>{sides}</w:tblCellMar></w:tblPr><w:tblGrid>",
                *(f'<w:gridCol w:w="{width}"/>' for width in self._widths),
                "</w:tblGrid>",
                *self._head_rows(),
                *self._body_rows(),
                "</w:tbl>",
            )
        )

    def heights(self) -> tuple[list[float], list[float]]:
        heads = [self._row_height([head_text(column) for column in self._table.columns])]
        if self._grouped:
            heads.insert(0, self._row_height([]))
        body = [
            self._row_height([self._text(number, row, column) for column in self._table.columns])
            for number, row in enumerate(self._table.rows)
        ]
        return heads, body

    def _row_height(self, texts: Sequence[str]) -> float:
        """Return the height of a row in points: as many lines as its fullest cell has."""
        if not self._setting.pitch_pt:
            return 0.0
        em = self._setting.half_points * 10  # twentieths of a point
        margins = 2 * MARGIN_MM * _TWIPS_PER_MM
        lines = max(
            (
                line_count(text, (width - margins) / em - _SAFE_EM)
                for text, width in zip(texts, self._widths, strict=False)
                if text
            ),
            default=1,
        )
        return lines * self._setting.pitch_pt + _ROW_AIR_PT

    def _text(self, number: int, row: Row, column: Column) -> str:
        return shown(row.values.get(column.key), column) + self._setting.look(number, column).sign

    def _head_rows(self) -> Iterator[str]:
        columns = self._table.columns
        if self._grouped:
            yield self._row("".join(self._group_cells()), self._row_height([]), head=True)
        cells = [
            self._cell(
                "" if self._grouped and not column.group else head_text(column),
                width,
                "center",
                bold=True,
                fill=_HEAD_FILL,
                joined="continue" if self._grouped and not column.group else "",
            )
            for column, width in zip(columns, self._widths, strict=True)
        ]
        height = self._row_height([head_text(column) for column in columns])
        yield self._row("".join(cells), height, head=True)

    def _group_cells(self) -> Iterator[str]:
        columns, place = self._table.columns, 0
        while place < len(columns):
            column, stop = columns[place], place + 1
            while column.group and stop < len(columns) and columns[stop].group == column.group:
                stop += 1
            width = sum(self._widths[place:stop])
            if column.group:
                yield self._cell(column.group, width, "center", bold=True, fill=_HEAD_FILL, span=stop - place)
            else:
                yield self._cell(
                    head_text(column), width, "center", bold=True, fill=_HEAD_FILL, joined="restart"
                )
            place = stop

    def _body_rows(self) -> Iterator[str]:
        for number, row in enumerate(self._table.rows):
            cells = [
                self._body_cell(number, row, column, width)
                for column, width in zip(self._table.columns, self._widths, strict=True)
            ]
            texts = [self._text(number, row, column) for column in self._table.columns]
            yield self._row("".join(cells), self._row_height(texts))

    def _body_cell(self, number: int, row: Row, column: Column, width: int) -> str:
        rows = self._table.rows
        below = rows[number + 1] if number + 1 < len(rows) else None
        value = row.values.get(column.key)
        joined = ""
        if column.digits is None:
            again = below is not None and column.key not in below.values
            joined = "continue" if number and column.key not in row.values else "restart" if again else ""
        look = self._setting.look(number, column)
        return self._cell(
            self._text(number, row, column),
            width,
            "right" if look.right or isinstance(value, (int, float)) else "left",
            bold=row.role is not RowRole.BODY or bool(look.sign),
            fill=look.fill or (_TOTAL_FILL if row.role is RowRole.TOTAL else ""),
            joined=joined,
            stale=look.stale,
        )

    def _row(self, cells: str, height_pt: float, *, head: bool = False) -> str:
        again = "<w:tblHeader/>" if head else ""
        high = f'<w:trHeight w:val="{round(height_pt * 20)}" w:hRule="atLeast"/>' if height_pt else ""
        return f"<w:tr><w:trPr><w:cantSplit/>{high}{again}</w:trPr>{cells}</w:tr>"

    def _cell(
        self,
        text: str,
        width: int,
        where: str,
        *,
        bold: bool = False,
        fill: str = "",
        span: int = 1,
        joined: str = "",
        stale: bool = False,
    ) -> str:
        properties = [f'<w:tcW w:w="{width}" w:type="dxa"/>']
        if span > 1:
            properties.append(f'<w:gridSpan w:val="{span}"/>')
        if joined:
            properties.append(f'<w:vMerge w:val="{joined}"/>')
        if fill:
            properties.append(f'<w:shd w:val="clear" w:fill="{fill}"/>')
        properties.append('<w:vAlign w:val="center"/>')
        font = self._setting.font
        look = (
            f'<w:rPr><w:rFonts w:ascii="{WESTERN}" w:hAnsi="{WESTERN}" w:eastAsia="{escape(font)}"/>'
            f"{'<w:b/>' if bold else ''}{'<w:i/>' if stale else ''}"
            f"{_STALE_COLOR if stale else ''}"
            f'<w:sz w:val="{self._setting.half_points}"/></w:rPr>'
        )
        lines = "<w:br/>".join(
            f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean(text).split("\n")
        )
        run = f"<w:r>{look}{lines}</w:r>" if text else ""
        return (
            f"<w:tc><w:tcPr>{''.join(properties)}</w:tcPr><w:p><w:pPr>{self._spacing()}"
            f'<w:jc w:val="{where}"/></w:pPr>{run}</w:p></w:tc>'
        )

    def _spacing(self) -> str:
        pitch = self._setting.pitch_pt
        if not pitch:
            return '<w:spacing w:after="0"/>'
        # in a paragraph of its own: what the text's style indents would indent the cell
        return (
            f'<w:spacing w:before="0" w:after="0" w:line="{round(pitch * 20)}" w:lineRule="exact"/>'
            '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
        )
