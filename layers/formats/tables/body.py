"""Which rows below the heading are features: blank rows, totals and remarks are not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from layers.findings import Severity
from layers.formats.model import SourceNote
from layers.formats.tables.code_columns import is_code_column
from layers.formats.tables.grid import Block, CellValue, Grid, Place, cell_name, is_blank, shown
from layers.formats.tables.headings import Heading
from layers.progress import Progress
from layers.words import N_, _

_TOTAL = re.compile(
    r"(?:.{0,12})?(?:合计|小计|总计|共计|累计)(?:数|面积)?|(?:grand|sub)?\s*total|sum", re.IGNORECASE
)
_REMARK = re.compile(
    r"(?:备注|注|说明|注释|填表人|制表人?|审核人?|复核人?|负责人|填报人|统计人|单位负责人|填表日期|制表日期|填报日期)\s*:"
)
_LOOK_AT_CELLS = 3
_NAMED_AT_MOST = 12
_STEP_ROWS = 2000


class LeftOut(StrEnum):
    """Why a row is no feature."""

    TOTAL = N_("totals")
    REMARK = N_("remarks")
    SECTION = N_("headings between rows")
    REPEATED = N_("the heading once more")
    INDEX = N_("numbers of the columns")


@dataclass(frozen=True)
class TableBody:
    """The rows of data.

    Attributes
    ----------
    rows : tuple of int
        Rows of the sheet, from 0, in their order; each becomes a row of the frame.
    filled : mapping
        Values of cells that are covered by a merged cell above them, by place.
    """

    rows: tuple[int, ...]
    filled: dict[Place, CellValue]
    notes: tuple[SourceNote, ...]


def read_body(grid: Grid, heading: Heading, progress: Progress) -> TableBody:
    """Return the rows of data, and a note about every row that was left out."""
    kept: list[int] = []
    left_out: dict[LeftOut, list[Place]] = {}
    blank = 0
    names = {column.position: column.heading for column in heading.columns}
    header = [_texts(grid, row) for row in heading.rows.header]
    openings = {texts[0] for texts in header if texts}
    if heading.rows.index_rows:
        left_out[LeftOut.INDEX] = [(row, _first_filled(grid, row)) for row in heading.rows.index_rows]
    for row in range(heading.rows.first_row, len(grid.rows)):
        if row % _STEP_ROWS == 0:
            progress.step(row / len(grid.rows), _("Making out the table"))
        cells = [(column, value) for column, value in enumerate(grid.rows[row]) if not is_blank(value)]
        if not cells:
            blank += 1
            continue
        reason = _reason(cells, len(names))
        if reason is None and _is_section(grid, row, cells, len(names)):
            reason = LeftOut.SECTION
        # the first cell decides nearly always: all texts of all rows would take as long as reading them
        if reason is None and len(cells) > 1 and shown(cells[0][1]).strip() in openings:
            reason = LeftOut.REPEATED if _texts(grid, row) in header else None
        if reason is None:
            kept.append(row)
        else:
            left_out.setdefault(reason, []).append((row, cells[0][0]))
    codes = {column.position for column in heading.columns if is_code_column(column.name)}
    filled, fill_notes = _fill_merged(grid, kept, codes)
    notes = [_left_out_note(grid, reason, places) for reason, places in left_out.items()]
    if blank:
        text = _("{count} blank rows within the table were left out.").format(count=blank)
        notes.append(SourceNote("tables.blank_rows", Severity.NOTE, text))
    hidden = [number for number, row in enumerate(kept) if row in grid.hidden_rows]
    if hidden:
        text = _("{count} rows are hidden in the sheet and were read all the same: {cells}.")
        cells_of = cell_list([(kept[number], 0) for number in hidden])
        notes.append(
            SourceNote(
                "tables.hidden_rows",
                Severity.WARNING,
                text.format(count=len(hidden), cells=cells_of),
                tuple(hidden),
            )
        )
    return TableBody(tuple(kept), filled, (*notes, *fill_notes))


def cell_list(places: Sequence[Place]) -> str:
    """Return names of cells for a sentence; beyond a dozen the others are counted."""
    names = "、".join(cell_name(*place) for place in places[:_NAMED_AT_MOST])
    more = len(places) - _NAMED_AT_MOST
    return names if more <= 0 else _("{names} and {count} more").format(names=names, count=more)


def _reason(cells: list[tuple[int, CellValue]], width: int) -> LeftOut | None:
    for number, (_column, value) in enumerate(cells[:_LOOK_AT_CELLS]):
        if not isinstance(value, str):
            continue
        plain = unicodedata.normalize("NFKC", value)
        if _TOTAL.fullmatch("".join(plain.split()).rstrip(":")):
            return LeftOut.TOTAL
        if number == 0 and _REMARK.match(plain.strip()) and len(cells) * 2 <= max(width, 2):
            return LeftOut.REMARK
    return None


def _is_section(grid: Grid, row: int, cells: list[tuple[int, CellValue]], width: int) -> bool:
    """Tell whether a row is one text over most of the table's width (石岐街道 above its plots)."""
    if len(cells) != 1 or width < 3:
        return False
    column = cells[0][0]
    return any(
        block.top == row == block.bottom and block.left == column and block.right - block.left + 1 > width / 2
        for block in grid.blocks
    )


def _first_filled(grid: Grid, row: int) -> int:
    return next(column for column, value in enumerate(grid.rows[row]) if not is_blank(value))


def _texts(grid: Grid, row: int) -> tuple[str, ...]:
    return tuple(shown(value).strip() for value in grid.rows[row] if not is_blank(value))


def _fill_merged(
    grid: Grid, kept: list[int], codes: Set[int]
) -> tuple[dict[Place, CellValue], list[SourceNote]]:
    """Return the values of merged cells for the rows below their first.

    Text, days and codes (``codes``: their columns) hold for all rows; a figure belongs to all of them
    together and stays in the first.
    """
    rows = set(kept)
    filled: dict[Place, CellValue] = {}
    figures: list[Place] = []
    spread: list[Place] = []
    for block in grid.blocks:
        value = grid.value(block.top, block.left)
        below = [row for row in range(block.top + 1, _end(block, grid) + 1) if row in rows]
        if is_blank(value) or not below or block.top not in rows:
            continue
        figure = isinstance(value, int | float) and not isinstance(value, bool)
        if figure and block.left not in codes:
            figures.append((block.top, block.left))
            continue
        spread.append((block.top, block.left))
        filled.update({(row, block.left): value for row in below})
    notes: list[SourceNote] = []
    if spread:
        text = _("Merged cells hold for every row they cover: {cells}.").format(cells=cell_list(spread))
        notes.append(SourceNote("tables.merged_spread", Severity.NOTE, text))
    if figures:
        text = _("Figures in merged cells are for several rows together; they stand in the first: {cells}.")
        notes.append(
            SourceNote(
                "tables.merged_figures",
                Severity.WARNING,
                text.format(cells=cell_list(figures)),
                tuple(number for number, row in enumerate(kept) if row in {place[0] for place in figures}),
            )
        )
    return filled, notes


def _end(block: Block, grid: Grid) -> int:
    return min(block.bottom, len(grid.rows) - 1)


def _left_out_note(grid: Grid, reason: LeftOut, places: list[Place]) -> SourceNote:
    examples = "、".join(f"{cell_name(*place)} “{shown(grid.value(*place))[:20]}”" for place in places[:5])
    if len(places) > 5:
        examples = _("{names} and {count} more").format(names=examples, count=len(places) - 5)
    text = _("{count} rows are no features and were left out ({reason}): {cells}.").format(
        count=len(places), reason=_(reason.value), cells=examples
    )
    return SourceNote(f"tables.{reason.name.lower()}", Severity.NOTE, text)
