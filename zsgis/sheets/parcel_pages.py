"""Pages of a result, an A4 page for each parcel: its map, its areas by class and clause, their sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from layers.drawable import DrawableLayer
from layers.progress import NoProgress, Progress, ProgressPart
from layers.style import Symbol
from layers.words import _
from zsgis.parcel_pages import ParcelPage, ParcelPages
from zsgis.result import Result
from zsgis.sheets.layout import Box, Item, SheetLayout, SheetPage, TextItem, WatermarkItem
from zsgis.sheets.maker import WATERMARK
from zsgis.sheets.map_layers import drawn_shapes
from zsgis.sheets.measure import wrap
from zsgis.sheets.result_map import Furniture, area_symbol, furniture, heading_items, map_around
from zsgis.sheets.sheet_files import file_name
from zsgis.sheets.table import Content, continued, fit, table_content, whole_words
from zsgis.sheets.template import ColumnSpec, TableSpec

if TYPE_CHECKING:
    from zsgis.sheets.production import SheetDrawer

_WIDE, _HIGH = 210.0, 297.0
_TITLE = Box(x=12.0, y=10.0, width=186.0, height=9.0)
_MARKS = Box(x=12.0, y=19.5, width=186.0, height=5.0)
_MAP = Box(x=12.0, y=26.0, width=186.0, height=126.0)
_TABLE = Box(x=12.0, y=186.0, width=186.0, height=72.0)
_WHOLE = Box(x=12.0, y=26.0, width=186.0, height=255.0)
_NOTES = Box(x=12.0, y=260.0, width=186.0, height=24.0)
_FOOT = Box(x=12.0, y=285.0, width=186.0, height=4.0)
_FURNITURE = Furniture(
    legend=Box(x=12.0, y=154.0, width=136.0, height=30.0),
    scale=Box(x=150.0, y=154.0, width=40.0, height=16.0),
    north=Box(x=187.0, y=154.0, width=11.0, height=17.0),
    crs=Box(x=150.0, y=176.0, width=48.0, height=5.0),
    bar_mm=30.0,
)
_OUTLINE = Symbol(fill=None, stroke="#D6331F", stroke_mm=0.7)
_OPACITY = 0.75
_NOTE_MM, _NOTE_LINE_MM = 2.2, 3.2
_FIGURE_MM = 20.0
_TITLE_MM = 5.5


def parcel_sheet(result: Result, pages: ParcelPages, progress: Progress | None = None) -> SheetLayout:
    """Return the pages as one document, in their order.

    Raises
    ------
    InputError
        When a parcel is too large for any scale of a sheet.
    JobCancelled
    """
    progress = progress or NoProgress()
    out: list[SheetPage] = []
    for number, page in enumerate(pages.pages):
        progress.step(number / len(pages.pages), page.name)
        out += _pages_of(result, pages, page, number)
    return SheetLayout(
        title=pages.title,
        name=pages.title,
        subject=result.title,
        demo=result.demo,
        schematic=result.schematic,
        secrecy=result.secrecy,
        pages=tuple(out),
    )


def write_parcel_pages(
    result: Result, pages: ParcelPages, path: Path, draw: SheetDrawer, progress: Progress | None = None
) -> Path:
    """Write the pages into a PDF, whole or not at all, and return the file.

    Raises
    ------
    InputError
        When the file cannot be written.
    JobCancelled
        Nothing is left behind.
    """
    progress = progress or NoProgress()
    layout = parcel_sheet(result, pages, ProgressPart(progress, 0.0, 0.4))
    return draw(layout, path, progress=ProgressPart(progress, 0.4, 1.0))


def pages_file(result: Result, pages: ParcelPages) -> str:
    """Return what the file of the pages is called."""
    return file_name(f"{result.title}_{pages.title}.pdf")


def _pages_of(result: Result, pages: ParcelPages, page: ParcelPage, number: int) -> Iterator[SheetPage]:
    title = _("{title}: {parcel}").format(title=pages.title, parcel=page.name)
    head = list(heading_items(title, result, _TITLE, _MARKS, _TITLE_MM))
    drawn = map_around(page.outline, pages.crs, _MAP, list(_layers(pages, page)))
    spec = _columns(page)
    content = _content(spec, page)
    first, rest = fit(content, spec, _TABLE)
    foot = _foot(pages, number)
    items: list[Item] = [*head, drawn, *furniture(drawn, _FURNITURE), *_notes(result, page), foot]
    if first is not None:
        items.append(first)
    if result.demo:
        items.append(WatermarkItem(name="watermark", box=drawn.box, text=WATERMARK))
    yield SheetPage(width_mm=_WIDE, height_mm=_HIGH, items=tuple(items))
    for tables in continued(content, rest, _WHOLE):
        yield SheetPage(width_mm=_WIDE, height_mm=_HIGH, items=(*head, *tables, foot))


def _layers(pages: ParcelPages, page: ParcelPage) -> Iterator[DrawableLayer]:
    """Yield what the map shows, top first: the parcel's outline, its parts by class, what lies beneath."""
    yield drawn_shapes("outline", _("This parcel"), [page.outline], _OUTLINE, pages.crs)
    for place, entry in enumerate(pages.classes):
        shapes = [shape for value, shape in page.parts if value == entry.value]
        if shapes:
            symbol = area_symbol(entry, _OPACITY)
            yield drawn_shapes(f"class-{place}", entry.title, shapes, symbol, pages.crs)
    for place, ground in enumerate(page.grounds):
        yield drawn_shapes(f"ground-{place}", ground.title, ground.shapes, ground.symbol, pages.crs)


def _columns(page: ParcelPage) -> TableSpec:
    """Return the columns of a page's table: figures narrow, words share what is left by their length."""
    width: dict[str, float] = {}
    for column in page.table.columns:
        texts = [column.title, *(str(row.values.get(column.key) or "") for row in page.table.rows)]
        longest = max(len(text) for text in texts)
        width[column.key] = _FIGURE_MM if column.digits is not None else min(max(longest, 6), 24) * 2.6
    return TableSpec(
        kind="table",
        table=page.table.key,
        pattern="",
        size_mm=2.4,
        row_mm=4.8,
        least_row_mm=3.9,
        columns=tuple(
            ColumnSpec(
                key=column.key,
                width_mm=width[column.key],
                align="right" if column.digits is not None else "left",
            )
            for column in page.table.columns
        ),
    )


def _content(spec: TableSpec, page: ParcelPage) -> Content:
    table = page.table
    return whole_words(table_content(spec, table, table.rows, title=table.title, width_mm=_TABLE.width))


def _notes(result: Result, page: ParcelPage) -> Iterator[Item]:
    """Yield where the figures are from, as far as there is room: sources, rules, the run."""
    run = result.run
    sources = "、".join(
        _("{name} (version {version}, {count} features)").format(
            name=entry.name, version=entry.version, count=f"{entry.feature_count:,}"
        )
        for entry in run.inputs
    )
    notes = (
        *page.table.notes,
        _("Sources: {sources}.").format(sources=sources),
        _("Secrecy: {secrecy}").format(secrecy=result.secrecy or _("not stated")),
        _("Run {uid}, {started}, zsgis {version}.").format(
            uid=run.uid, started=run.started[:19].replace("T", " "), version=run.program_version
        ),
    )
    lines = [line for note in notes for line in wrap(note, _NOTE_MM, _NOTES.width)]
    yield TextItem(name="notes", box=_NOTES, lines=tuple(lines), size_mm=_NOTE_MM, line_mm=_NOTE_LINE_MM)


def _foot(pages: ParcelPages, number: int) -> TextItem:
    words = _("Parcel {number} of {count}, the largest first.").format(
        number=f"{number + 1:,}", count=f"{len(pages.pages):,}"
    )
    if pages.left_out:
        words += _("{count} more have no page; they stand in the table of parcels.").format(
            count=f"{pages.left_out:,}"
        )
    return TextItem(name="foot", box=_FOOT, lines=(words,), size_mm=_NOTE_MM, line_mm=4.0, align="right")
