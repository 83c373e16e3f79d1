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
_LONGEST_HEAD_EM, _LONGEST_TEXT_EM, _SHORT_TEXT_EM, _CELL_AIR_EM = 4.5, 34.0, 7.0, 0.5
_MOST_FIGURES = 0.85


def shares_by_text(table: Table) -> list[float]:
    """Return each column's share of the width: what its texts need, within reason."""
    widths = [_needed(column, table.rows) for column in table.columns]
    return [width / sum(widths) for width in widths]


def shares_by_need(table: Table, room_mm: float, setting: TableSetting) -> list[float]:
    """Return each column's share of the width: figures get what they need, texts share the rest."""
    room = room_mm * 72 / 25.4 / (setting.half_points / 2)
    air = 2 * MARGIN_MM * 72 / 25.4 / (setting.half_points / 2) + _CELL_AIR_EM
    needs, fixed = [], []
    for column in table.columns:
        words = [shown(row.values.get(column.key), column) for row in table.rows]
        words = [text + setting.look(place, column).sign for place, text in enumerate(words)]
        figure = column.digits is not None or setting.look(0, column).right
        head = max(width_em(line) for line in head_text(column).split("\n"))
        body = max((width_em(line) for text in words for line in text.split("\n")), default=0.0)
        wanted = body if figure else min(body, _LONGEST_TEXT_EM)
        needs.append(max(wanted, min(head, _LONGEST_HEAD_EM)) + air)
        fixed.append(figure or needs[-1] <= _SHORT_TEXT_EM)
    taken = sum(need for need, figure in zip(needs, fixed, strict=True) if figure)
    texts = sum(needs) - taken
    if sum(needs) <= room or not texts or taken >= room * _MOST_FIGURES:
        return [need / sum(needs) for need in needs]
    scale = (room - taken) / texts
    return [(need if figure else need * scale) / room for need, figure in zip(needs, fixed, strict=True)]


def _needed(column: Column, rows: Sequence[Row]) -> float:
    head = max(display_width(line) for line in head_text(column).split("\n"))
    body = max((display_width(shown(row.values.get(column.key), column)) for row in rows), default=0)
    # a head may break, a figure may not
    return min(max(body, min(head, 8), _NARROWEST) + 2.0, _WIDEST)
