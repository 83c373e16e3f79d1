"""How wide the columns of a table are, as shares of the page."""

from __future__ import annotations

from collections.abc import Sequence

from layers.formats.tables.sheet_text import display_width
from zsgis.reports.table_sheet import head_text
from zsgis.reports.word.measure import width_em
from zsgis.reports.word.table_setting import MARGIN_MM, TableSetting, shown
from zsgis.result import Column, Row, Table

# widths of columns in half characters
_NARROWEST, _WIDEST = 5.0, 30.0
# widths in em of a column whose texts may break
_LONGEST_HEADS_EM = (4.5, 3.1, 2.1)
_LONGEST_TEXT_EM, _SHORT_TEXT_EM, _CELL_AIR_EM = 34.0, 8.5, 0.5
_MOST_FIGURES = 0.85


def shares_by_text(table: Table) -> list[float]:
    """Return each column's share of the width: what its texts need, within reason."""
    widths = [_needed(column, table.rows) for column in table.columns]
    return [width / sum(widths) for width in widths]


def shares_by_need(table: Table, room_mm: float, setting: TableSetting) -> list[float]:
    """Return each column's share of the width: figures get what they need, texts share the rest.

    Where there are so many figures that they would be torn, heads break into shorter lines.
    """
    room = room_mm * 72 / 25.4 / (setting.half_points / 2)
    needs: list[float] = []
    for longest_head_em in _LONGEST_HEADS_EM:
        needs, fixed = _needs(table, setting, longest_head_em)
        taken = sum(need for need, figure in zip(needs, fixed, strict=True) if figure)
        texts = sum(needs) - taken
        if sum(needs) <= room or not texts:
            break
        if taken < room * _MOST_FIGURES:
            scale = (room - taken) / texts
            return [
                (need if figure else need * scale) / room for need, figure in zip(needs, fixed, strict=True)
            ]
    return [need / sum(needs) for need in needs]


def _needs(table: Table, setting: TableSetting, longest_head_em: float) -> tuple[list[float], list[bool]]:
    """Return what each column needs in em, and whether it may not be made narrower."""
    air = 2 * MARGIN_MM * 72 / 25.4 / (setting.half_points / 2) + _CELL_AIR_EM
    needs, fixed = [], []
    for column in table.columns:
        words = [shown(row.values.get(column.key), column) for row in table.rows]
        words = [text + setting.look(place, column).sign for place, text in enumerate(words)]
        figure = column.digits is not None or setting.look(0, column).right
        head = max(width_em(line) for line in head_text(column).split("\n"))
        body = max((width_em(line) for text in words for line in text.split("\n")), default=0.0)
        wanted = body if figure else min(body, _LONGEST_TEXT_EM)
        needs.append(max(wanted, min(head, longest_head_em)) + air)
        fixed.append(figure or needs[-1] <= _SHORT_TEXT_EM)
    return needs, fixed


def _needed(column: Column, rows: Sequence[Row]) -> float:
    head = max(display_width(line) for line in head_text(column).split("\n"))
    body = max((display_width(shown(row.values.get(column.key), column)) for row in rows), default=0)
    # a head may break, a figure may not
    return min(max(body, min(head, 8), _NARROWEST) + 2.0, _WIDEST)
