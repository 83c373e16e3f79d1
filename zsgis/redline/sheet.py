"""The red-line check on one sheet: 《用地红线核查表》 beside the overlay map, A3 across, as a layout."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from layers.drawable import DrawableLayer
from layers.style import Symbol
from layers.words import _
from zsgis.charts import AreaLook, ResultMap
from zsgis.redline.model import RedlineReport
from zsgis.redline.table_pages import table_pages
from zsgis.redline.tables import CHECK, report_result
from zsgis.reports.heading import BureauHeading
from zsgis.result import Result
from zsgis.sheets.layout import (
    Box,
    Item,
    SheetLayout,
    SheetPage,
    TextItem,
    WatermarkItem,
)
from zsgis.sheets.maker import WATERMARK
from zsgis.sheets.map_layers import drawn_shapes
from zsgis.sheets.measure import wrap
from zsgis.sheets.result_map import Furniture, area_symbol, furniture, heading_items, map_around
from zsgis.sheets.table import continued, fit, table_content, whole_words
from zsgis.sheets.template import ColumnSpec, TableSpec

_WIDE, _HIGH = 420.0, 297.0
_TITLE = Box(x=12.0, y=10.0, width=396.0, height=10.0)
_MARKS = Box(x=12.0, y=21.0, width=396.0, height=5.0)
_MAP = Box(x=12.0, y=28.0, width=262.0, height=222.0)
_TABLE = Box(x=280.0, y=28.0, width=128.0, height=222.0)
_NOTES = Box(x=280.0, y=255.0, width=128.0, height=32.0)
_WHOLE = Box(x=12.0, y=28.0, width=396.0, height=257.0)
_FURNITURE = Furniture(
    legend=Box(x=12.0, y=255.0, width=140.0, height=32.0),
    scale=Box(x=168.0, y=255.0, width=76.0, height=16.0),
    north=Box(x=258.0, y=255.0, width=12.0, height=18.0),
    crs=Box(x=168.0, y=276.0, width=106.0, height=5.0),
    bar_mm=70.0,
)
_TITLE_MM, _OUTLINE_MM = 6.5, 0.7
_NOTE_MM, _NOTE_LINE_MM = 2.2, 3.3
_COLUMNS = TableSpec(
    kind="table",
    table=CHECK,
    pattern="",
    size_mm=2.4,
    row_mm=4.8,
    least_row_mm=4.0,
    columns=(
        ColumnSpec(key="section", width_mm=38.0, align="left"),
        ColumnSpec(key="class ownership", width_mm=38.0, align="left"),
        ColumnSpec(key="ha", width_mm=16.0),
        ColumnSpec(key="percent", width_mm=16.0),
        ColumnSpec(key="outcome", width_mm=20.0, align="left"),
    ),
)


def redline_sheet(
    report: RedlineReport, result: Result | None = None, heading: BureauHeading | None = None
) -> SheetLayout:
    """Return the sheets: table beside the map on the first, what does not fit and the other tables after it.

    Parameters
    ----------
    result : Result, optional
        The report as tables, where they are made already.

    Raises
    ------
    InputError
        When the red line is too large for any scale of a sheet.
    """
    result = result or report_result(report)
    chart = result.maps[0]
    title = _("Red-line check sheet of {name}").format(name=report.boundary.name)
    drawn = map_around(chart.outline, chart.crs, _MAP, list(_layers(chart)))
    table = result.table(CHECK)
    content = whole_words(
        table_content(_COLUMNS, table, table.rows, title=table.title, width_mm=_TABLE.width)
    )
    first, rest = fit(content, _COLUMNS, _TABLE)
    head = tuple(heading_items(title, result, _TITLE, _MARKS, _TITLE_MM))
    items: list[Item] = [*head, drawn, *furniture(drawn, _FURNITURE), *_notes(report, table.notes)]
    if first is not None:
        items.append(first)
    if report.demo:
        items.append(WatermarkItem(name="watermark", box=drawn.box, text=WATERMARK))
    further = continued(content, rest, _WHOLE)
    return SheetLayout(
        title=title,
        name=title,
        subject=result.title,
        demo=report.demo,
        schematic=report.schematic,
        secrecy=report.secrecy,
        pages=(
            _page(items),
            *(_page([*head, *tables]) for tables in further),
            *table_pages(
                result, [each for each in result.tables if each.key != CHECK], heading or BureauHeading()
            ),
        ),
    )


def _page(items: list[Item]) -> SheetPage:
    return SheetPage(width_mm=_WIDE, height_mm=_HIGH, items=tuple(items))


def _layers(chart: ResultMap) -> Iterator[DrawableLayer]:
    """Yield the red line, then the classes of pieces, the weightiest first: the top of the map."""
    line = Symbol(fill=None, stroke=chart.outline_color, stroke_mm=_OUTLINE_MM)
    yield drawn_shapes("outline", chart.outline_title, [chart.outline], line, chart.crs)
    values = np.array([str(value) for value in chart.columns[chart.color_by]], dtype=object)
    rest, *ground = [entry for entry in chart.classes if entry.look is AreaLook.FILLED]
    over = [entry for entry in chart.classes if entry.look is not AreaLook.FILLED]
    # land classes do not lie over each other and stand in the legend in their standard's order
    for entry in (*reversed(over), *(ground if over else reversed(ground)), rest):
        shapes = chart.geometry[values == entry.value].tolist()
        if shapes:
            yield drawn_shapes(f"class-{entry.value}", entry.title, shapes, area_symbol(entry), chart.crs)


def _notes(report: RedlineReport, notes: tuple[str, ...]) -> Iterator[Item]:
    """Yield the table's notes as far as there is room, and which check the sheet was drawn from."""
    made = _("Drawn from the check of {started} by rules “{rules}”.").format(
        started=report.run.started[:19].replace("T", " "), rules=report.rules.title
    )
    lines = [line for note in (*notes, made) for line in wrap(note, _NOTE_MM, _NOTES.width)]
    yield TextItem(name="notes", box=_NOTES, lines=tuple(lines), size_mm=_NOTE_MM, line_mm=_NOTE_LINE_MM)
