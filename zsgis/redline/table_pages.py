"""界址点坐标成果表 and 土地分类面积表 as printed pages: A4, heading, table, notes, signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from layers.words import _
from zsgis.redline.tables import POINTS
from zsgis.reports.heading import BureauHeading
from zsgis.reports.table_sheet import marks
from zsgis.reports.word.table_setting import shown
from zsgis.result import Column, Result, Row, RowRole, Table
from zsgis.sheets.layout import Align, Box, Item, SheetPage, TableColumn, TableItem, TableRow, TextItem
from zsgis.sheets.measure import text_width_mm, wrap

_SHORT, _LONG = 210.0, 297.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 25.0, 15.0, 14.0, 14.0
_UPRIGHT_COLUMNS = 6
_TITLE_MM, _MARK_MM, _LINE_MM = 10.0, 5.0, 5.0
_SIZE_MM, _ROW_MM, _HEAD_LINE_MM = 2.8, 5.4, 4.6
_NOTE_MM, _NOTE_LINE_MM = 2.4, 4.0
_SIGN_MM, _GAP_MM, _PAD_MM = 9.0, 3.0, 2.4
_MARK_COLOR = "#C00000"


def table_pages(result: Result, tables: Sequence[Table], heading: BureauHeading) -> list[SheetPage]:
    """Return the pages of tables, each table on pages of its own; notes and signatures on its last page.

    Parameters
    ----------
    result : Result
        Of which the tables are; its marks stand on every page.
    """
    return [page for table in tables for page in _Printed(table, result, heading).pages()]


@dataclass(frozen=True)
class _Printed:
    table: Table
    result: Result
    heading: BureauHeading

    @property
    def _paper(self) -> tuple[float, float]:
        upright = len(self.table.columns) <= _UPRIGHT_COLUMNS
        return (_SHORT, _LONG) if upright else (_LONG, _SHORT)

    @property
    def _width(self) -> float:
        return self._paper[0] - _LEFT - _RIGHT

    @property
    def _marks(self) -> str:
        return "    ".join(marks(self.result))

    def pages(self) -> Iterator[SheetPage]:
        """Yield the pages; rows that belong to the last page's foot go with it."""
        wide, high = self._paper
        columns = tuple(_columns(self.table, self._width))
        header = _HEAD_LINE_MM * (1 + any(column.unit for column in columns))
        top = _TOP + _TITLE_MM + (_MARK_MM if self._marks else 0.0) + _LINE_MM
        notes = tuple(self._notes())
        foot = _GAP_MM + _NOTE_LINE_MM * len(notes) + _SIGN_MM
        room = high - _BOTTOM - _LINE_MM - top - header
        texts = _texts(self.table)
        heads = self.table.key != POINTS
        cuts = _cuts(self.table.rows, int(room / _ROW_MM), int((room - foot) / _ROW_MM), heads=heads)
        for number, (start, stop) in enumerate(cuts, start=1):
            rows = texts[start:stop]
            place = Box(x=_LEFT, y=top, width=self._width, height=header + _ROW_MM * len(rows))
            items: list[Item] = [*self._head()]
            if rows:
                items.append(
                    TableItem(
                        name=self.table.key,
                        box=place,
                        title="",
                        columns=columns,
                        rows=rows,
                        title_height_mm=0.0,
                        header_mm=header,
                        row_mm=_ROW_MM,
                        size_mm=_SIZE_MM,
                    )
                )
            if number == len(cuts):
                items += self._foot(place.bottom if rows else top, notes)
            items.append(self._number(number, len(cuts)))
            yield SheetPage(width_mm=wide, height_mm=high, items=tuple(items))

    def _head(self) -> Iterator[Item]:
        title = Box(x=_LEFT, y=_TOP, width=self._width, height=_TITLE_MM)
        yield TextItem(
            name="title", box=title, lines=(self.table.title,), size_mm=5.0, line_mm=_TITLE_MM, align="center"
        )
        below = title.bottom
        if self._marks:
            box = Box(x=_LEFT, y=below, width=self._width, height=_MARK_MM)
            yield TextItem(
                name="marks",
                box=box,
                lines=(self._marks,),
                size_mm=3.0,
                line_mm=_MARK_MM,
                align="center",
                color=_MARK_COLOR,
            )
            below = box.bottom
        line = Box(x=_LEFT, y=below, width=self._width, height=_LINE_MM)
        words = _("Reporting organisation: {name}").format(name=self.heading.organisation)
        yield TextItem(name="organisation", box=line, lines=(words,), size_mm=_NOTE_MM, line_mm=_LINE_MM)
        yield TextItem(
            name="subject",
            box=line,
            lines=(self.result.title,),
            size_mm=_NOTE_MM,
            line_mm=_LINE_MM,
            align="right",
        )

    def _notes(self) -> Iterator[str]:
        for number, note in enumerate(self.table.notes, start=1):
            text = _("Note {number}: {text}").format(number=number, text=note)
            yield from wrap(text, _NOTE_MM, self._width)

    def _foot(self, below: float, notes: tuple[str, ...]) -> Iterator[Item]:
        height = _NOTE_LINE_MM * len(notes)
        box = Box(x=_LEFT, y=below + _GAP_MM, width=self._width, height=height)
        if notes:
            yield TextItem(name="notes", box=box, lines=notes, size_mm=_NOTE_MM, line_mm=_NOTE_LINE_MM)
        signs = (
            _("Prepared by: {name}").format(name=self.heading.prepared_by),
            _("Checked by: {name}").format(name=self.heading.checked_by),
            _("Date: {date}").format(date=self.heading.date),
        )
        for place, words in enumerate(signs):
            third = self._width / len(signs)
            sign = Box(x=_LEFT + place * third, y=box.bottom + 2.0, width=third, height=_SIGN_MM - 2.0)
            yield TextItem(name=f"sign-{place}", box=sign, lines=(words,), size_mm=_SIZE_MM, line_mm=7.0)

    def _number(self, number: int, count: int) -> Item:
        wide, high = self._paper
        box = Box(x=_LEFT, y=high - _BOTTOM, width=wide - _LEFT - _RIGHT, height=_LINE_MM)
        words = f"{number} / {count}"
        return TextItem(
            name="page", box=box, lines=(words,), size_mm=_NOTE_MM, line_mm=_LINE_MM, align="center"
        )


def _columns(table: Table, width_mm: float) -> Iterator[TableColumn]:
    """Yield the columns, as wide as their texts need and stretched to the page."""
    needed = [_needed(column, table.rows) for column in table.columns]
    stretch = width_mm / sum(needed)
    for column, wide in zip(table.columns, needed, strict=True):
        align: Align = "left" if column.digits is None else "right"
        yield TableColumn(title=column.title, unit=column.unit, width_mm=wide * stretch, align=align)


def _needed(column: Column, rows: Sequence[Row]) -> float:
    texts = (column.title, *(_text(row.values, column) for row in rows))
    return max(text_width_mm(text, _SIZE_MM) for text in texts) + _PAD_MM


def _text(values: Mapping[str, object], column: Column) -> str:
    return shown(values.get(column.key), column)


def _texts(table: Table) -> tuple[TableRow, ...]:
    return tuple(
        TableRow(cells=tuple(_text(row.values, column) for column in table.columns), role=row.role)
        for row in table.rows
    )


def _cuts(rows: Sequence[Row], full: int, last: int, *, heads: bool) -> list[tuple[int, int]]:
    """Return from where to where each page's rows go.

    Parameters
    ----------
    full, last : int
        Rows that fit on a page, and on the last page, above notes and signatures.
    heads : bool
        Subtotals stand above their rows, and none is left as the last row of a page.
    """
    full, last = max(full, 2), max(last, 1)
    starts = [0]
    while len(rows) - starts[-1] > last:
        stop = min(starts[-1] + full, len(rows) - 1)
        while heads and stop > starts[-1] + 1 and rows[stop - 1].role is RowRole.SUBTOTAL:
            stop -= 1
        starts.append(stop)
    return list(pairwise([*starts, len(rows)]))
