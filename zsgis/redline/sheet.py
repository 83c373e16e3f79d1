"""The red-line check on one sheet: 《用地红线核查表》 beside the overlay map, A3 across, as a layout."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from layers.crs import describe_crs
from layers.drawable import DrawableLayer
from layers.kind import GeometryType
from layers.style import Symbol
from layers.words import _
from zsgis.charts import ResultMap
from zsgis.redline.model import RedlineReport
from zsgis.redline.table_pages import table_pages
from zsgis.redline.tables import CHECK, report_result
from zsgis.reports.heading import BureauHeading
from zsgis.reports.table_sheet import marks
from zsgis.result import Result
from zsgis.sheets.layout import (
    Box,
    Item,
    LegendEntry,
    LegendItem,
    MapItem,
    NorthArrowItem,
    ScaleBarItem,
    SheetLayout,
    SheetPage,
    TextItem,
    WatermarkItem,
)
from zsgis.sheets.maker import WATERMARK
from zsgis.sheets.map_frame import grid_ticks
from zsgis.sheets.map_layers import drawn_shapes
from zsgis.sheets.measure import wrap
from zsgis.sheets.scale import choose_scale, grid_interval_m, ratio, scale_bar
from zsgis.sheets.table import continued, fit, table_content, whole_words
from zsgis.sheets.template import ColumnSpec, TableSpec

_WIDE, _HIGH = 420.0, 297.0
_TITLE = Box(x=12.0, y=10.0, width=396.0, height=10.0)
_MARKS = Box(x=12.0, y=21.0, width=396.0, height=5.0)
_MAP = Box(x=12.0, y=28.0, width=262.0, height=222.0)
_TABLE = Box(x=280.0, y=28.0, width=128.0, height=222.0)
_FOOT = Box(x=12.0, y=255.0, width=262.0, height=32.0)
_NOTES = Box(x=280.0, y=255.0, width=128.0, height=32.0)
_WHOLE = Box(x=12.0, y=28.0, width=396.0, height=257.0)
_GAP_MM, _ROOM = 6.0, 0.12
_OUTLINE_MM, _EDGE_MM = 0.7, 0.1
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
    drawn = _map(chart)
    table = result.table(CHECK)
    content = whole_words(
        table_content(_COLUMNS, table, table.rows, title=table.title, width_mm=_TABLE.width)
    )
    first, rest = fit(content, _COLUMNS, _TABLE)
    head = tuple(_heading(title, result))
    items: list[Item] = [*head, drawn, *_furniture(drawn), *_notes(report, table.notes)]
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


def _heading(title: str, result: Result) -> Iterator[Item]:
    yield TextItem(name="title", box=_TITLE, lines=(title,), size_mm=6.5, line_mm=10.0, align="center")
    words = "    ".join(marks(result))
    if words:
        yield TextItem(
            name="marks",
            box=_MARKS,
            lines=(words,),
            size_mm=3.2,
            line_mm=5.0,
            align="center",
            color="#C00000",
        )


def _map(chart: ResultMap) -> MapItem:
    west, south, east, north = chart.outline.bounds
    room = _ROOM * max(east - west, north - south)
    neat = _MAP.inset(_GAP_MM)
    bounds = (west - room, south - room, east + room, north + room)
    denominator = choose_scale(bounds, neat.width, neat.height)
    interval = grid_interval_m(denominator)
    item = MapItem(
        name="map",
        box=_MAP,
        neat=neat,
        center_x=(west + east) / 2.0,
        center_y=(south + north) / 2.0,
        scale_denominator=denominator,
        crs=describe_crs(chart.crs),
        grid_interval_m=interval,
        layers=tuple(_layers(chart)),
    )
    return item.model_copy(update={"ticks": tuple(grid_ticks(item, interval))})


def _layers(chart: ResultMap) -> Iterator[DrawableLayer]:
    """Yield the red line, then the classes of pieces, the weightiest first: the top of the map."""
    line = Symbol(fill=None, stroke=chart.outline_color, stroke_mm=_OUTLINE_MM)
    yield drawn_shapes("outline", chart.outline_title, [chart.outline], line, chart.crs)
    values = np.array([str(value) for value in chart.columns[chart.color_by]], dtype=object)
    for place, entry in reversed(list(enumerate(chart.classes))):
        shapes = chart.geometry[values == entry.value].tolist()
        if shapes:
            yield drawn_shapes(f"class-{place}", entry.title, shapes, _area(entry.color), chart.crs)


def _area(color: str) -> Symbol:
    return Symbol(fill=color, stroke="#FFFFFF", stroke_mm=_EDGE_MM)


def _furniture(drawn: MapItem) -> Iterator[Item]:
    """Yield legend, scale bar, north arrow and the coordinate system below the map."""
    meanings = [(layer.title, layer.style.symbol) for layer in drawn.layers]
    entries = []
    for place, (title, symbol) in enumerate(meanings):
        left, top = _FOOT.x + 46.0 * (place // 3), _FOOT.y + 8.0 + 7.0 * (place % 3)
        entries.append(
            LegendEntry(
                box=Box(x=left + 12.0, y=top, width=32.0, height=5.0),
                swatch=Box(x=left, y=top, width=9.0, height=5.0),
                geometry=GeometryType.POLYGON,
                symbol=symbol,
                text=title,
            )
        )
    yield LegendItem(
        name="legend",
        box=Box(x=_FOOT.x, y=_FOOT.y, width=140.0, height=_FOOT.height),
        title=_("Legend"),
        entries=tuple(entries),
    )
    bar = scale_bar(drawn.scale_denominator, most_mm=70.0)
    yield ScaleBarItem(
        name="scale",
        box=Box(x=_FOOT.x + 156.0, y=_FOOT.y, width=76.0, height=16.0),
        ratio=_("Scale {ratio}").format(ratio=ratio(drawn.scale_denominator)),
        segment_m=bar.segment_m,
        segment_mm=bar.segment_mm,
        labels=bar.labels,
        unit=_("kilometres") if bar.in_kilometres else _("metres"),
    )
    yield NorthArrowItem(
        name="north", box=Box(x=_FOOT.right - 16.0, y=_FOOT.y, width=12.0, height=18.0), label=_("North")
    )
    yield TextItem(
        name="crs",
        box=Box(x=_FOOT.x + 156.0, y=_FOOT.y + 21.0, width=_FOOT.width - 156.0, height=5.0),
        lines=(drawn.crs,),
        size_mm=2.6,
        line_mm=5.0,
    )


def _notes(report: RedlineReport, notes: tuple[str, ...]) -> Iterator[Item]:
    """Yield the table's notes as far as there is room, and which check the sheet was drawn from."""
    made = _("Drawn from the check of {started} by rules “{rules}”.").format(
        started=report.run.started[:19].replace("T", " "), rules=report.rules.title
    )
    lines = [line for note in (*notes, made) for line in wrap(note, _NOTE_MM, _NOTES.width)]
    yield TextItem(name="notes", box=_NOTES, lines=tuple(lines), size_mm=_NOTE_MM, line_mm=_NOTE_LINE_MM)
