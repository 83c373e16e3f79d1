"""Fills the column beside the map: parts below each other, the table between the legend and the foot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from layers.words import _
from zsgis.analysis.zone_names import total_name
from zsgis.result import Result, Row
from zsgis.sheets.fields import filled
from zsgis.sheets.layout import (
    Box,
    FormCell,
    FormItem,
    Item,
    NorthArrowItem,
    ScaleBarItem,
    TableRow,
    TextItem,
)
from zsgis.sheets.legend import Meaning, place_legend
from zsgis.sheets.measure import wrap
from zsgis.sheets.scale import ratio, scale_bar
from zsgis.sheets.table import (
    Content,
    fit,
    result_table,
    shortened_content,
    table_content,
    zone_rows,
)
from zsgis.sheets.template import (
    FormSpec,
    LegendSpec,
    NotesSpec,
    ScaleSpec,
    StackSpec,
    TableSpec,
)


@dataclass(frozen=True)
class ColumnSource:
    """What the column is filled from.

    Attributes
    ----------
    enlarge : float
        How much larger the column comes onto paper than it is laid out.
    meanings : sequence of Meaning
        The legend's entries, as they look before that.
    """

    fields: Mapping[str, str]
    settings: Mapping[str, str]
    scale_denominator: float
    enlarge: float
    meanings: Sequence[Meaning]
    legend_remark: str
    result: Result | None
    zone: str


@dataclass
class Filled:
    """The column's items, and what did not fit.

    Attributes
    ----------
    content, rest : Content, tuple of TableRow
        The table, and its rows that go on.
    legend, meanings : LegendSpec, sequence of Meaning
        The legend that goes on another page; None where it has its place.
    notices : list of str
        What was done so that everything fits.
    overfull : bool
        Whether parts lie over each other: this way of setting the column will not do.
    """

    items: list[Item] = field(default_factory=list)
    content: Content | None = None
    rest: tuple[TableRow, ...] = ()
    legend: LegendSpec | None = None
    meanings: Sequence[Meaning] = ()
    notices: list[str] = field(default_factory=list)
    overfull: bool = False


@dataclass(frozen=True)
class _Way:
    """One way of setting the column.

    Attributes
    ----------
    more_columns : int or None
        Legend columns more than declared; None puts the legend on another page.
    close : bool
        Whether the legend's rows move together.
    content : Content or None
        The table, and whether it ``may_go_on`` on the next page.
    said : tuple of str
        What the sheet says of it.
    """

    more_columns: int | None
    content: Content | None
    close: bool = False
    may_go_on: bool = False
    said: tuple[str, ...] = ()


def fill_column(spec: StackSpec, source: ColumnSource) -> Filled:
    """Place the parts of a column.

    When legend and table are too high together, these ways are tried in turn: a legend with one column
    more; the table without its lowest classes, where the rows left add up to its total as printed; the rest
    of the table on the next page; the legend on the next page. What was done is said in a note.
    """
    content, said = _content(spec, source)
    for way in _ways(content):
        out = _placed(spec, source, replace(way, said=said + way.said))
        if not out.overfull:
            return out
    return out


def _ways(content: Content | None) -> list[_Way]:
    shortened = _("The table tells {level}; finer classes are in the table of results.")
    tables: list[tuple[Content | None, tuple[str, ...]]] = [(content, ())]
    if content is not None:
        for depth, level in ((2, _("second-level classes")), (1, _("first-level classes"))):
            shorter = shortened_content(content, depth)
            if shorter is not None:
                tables.append((shorter, (shortened.format(level=level),)))
    ways = [
        _Way(more, table, close=close, said=said)
        for table, said in tables
        for more, close in ((0, False), (1, False), (1, True))
    ]
    goes_on = _("The table goes on on the next page.")
    legend_on = _("The legend is on the next page.")
    ways += [_Way(more, content, may_go_on=True, said=(goes_on,)) for more in (0, 1)]
    ways += [_Way(None, table, said=(legend_on, *said)) for table, said in tables]
    ways.append(_Way(None, content, may_go_on=True, said=(legend_on, goes_on)))
    return ways


def _placed(spec: StackSpec, source: ColumnSource, way: _Way) -> Filled:
    content = way.content
    out = Filled(content=content, meanings=source.meanings, notices=list(way.said))
    fields = dict(source.fields) | {"fit_note": "\n".join(way.said)}
    if content is not None and content.reasons:
        fields["area_note"] = "\n".join(filter(None, [fields.get("area_note", ""), *content.reasons]))
    bottom = _place_foot(spec, source, fields, out)
    top = _place_head(spec, source, out, way)
    part = next((one for one in spec.parts if isinstance(one, TableSpec)), None)
    out.overfull = top > bottom + spec.gap_mm
    if content is not None and part is not None:
        box = Box(x=spec.box.x, y=top, width=spec.box.width, height=max(0.0, bottom - top))
        item, out.rest = fit(content, part, box)
        out.items += [item] if item is not None else []
        out.overfull = out.overfull or (bool(out.rest) and not way.may_go_on)
    return out


def _content(spec: StackSpec, source: ColumnSource) -> tuple[Content | None, tuple[str, ...]]:
    """Return the table, and what the sheet says of the choice of it."""
    part = next((one for one in spec.parts if isinstance(one, TableSpec)), None)
    if part is None or source.result is None:
        return None, ()
    rows = _rows(part, source.result, source.zone)
    said: tuple[str, ...] = ()
    if len(rows) > part.most_rows and part.instead is not None:
        long = _("{title}: {count} rows, see the table of results.")
        said = (long.format(title=filled(part.pattern, source.fields), count=len(rows)),)
        part = part.instead
        rows = _rows(part, source.result, source.zone or total_name())
    table = result_table(source.result, part.table)
    title = filled(part.pattern, source.fields)
    return table_content(part, table, rows, title=title, width_mm=spec.box.width), said


def _rows(part: TableSpec, result: Result, zone: str) -> tuple[Row, ...]:
    return zone_rows(result_table(result, part.table), part.zone_column, zone)


def _place_head(spec: StackSpec, source: ColumnSource, out: Filled, way: _Way) -> float:
    """Place what stands above the table; return where the space below it begins."""
    top = spec.box.y
    for part in spec.parts:
        box = Box(x=spec.box.x, y=top, width=spec.box.width, height=0.0)
        if isinstance(part, ScaleSpec):
            out.items += _scale_items(part, source, box)
            top += part.height_mm + spec.gap_mm
        elif isinstance(part, LegendSpec) and way.more_columns is None:
            out.legend = part
        elif isinstance(part, LegendSpec):
            row_mm = part.least_row_mm if way.close else part.row_mm
            form = part.model_copy(
                update={"columns": part.columns + (way.more_columns or 0), "row_mm": row_mm}
            )
            legend = place_legend(form, source.meanings, box, remark=source.legend_remark)
            out.items.append(legend)
            top = legend.box.bottom + spec.gap_mm
    return top


def _scale_items(part: ScaleSpec, source: ColumnSource, box: Box) -> list[Item]:
    bar = scale_bar(source.scale_denominator * source.enlarge, most_mm=part.bar_mm)
    arrow = Box(x=box.right - part.arrow_mm - 2.0, y=box.y, width=part.arrow_mm, height=part.height_mm)
    return [
        ScaleBarItem(
            name="scale_bar",
            box=Box(x=box.x, y=box.y + 2.0, width=part.bar_mm + 14.0, height=part.height_mm - 2.0),
            ratio=_("Scale {ratio}").format(ratio=ratio(source.scale_denominator)),
            segment_m=bar.segment_m,
            segment_mm=bar.segment_mm,
            labels=bar.labels,
            unit=_("kilometres") if bar.in_kilometres else _("metres"),
        ),
        NorthArrowItem(name="north_arrow", box=arrow, label=_("North")),
    ]


def _place_foot(spec: StackSpec, source: ColumnSource, fields: Mapping[str, str], out: Filled) -> float:
    """Place what stands at the foot, from below; return where the space above it ends."""
    bottom = spec.box.bottom
    for part in reversed(spec.parts):
        if isinstance(part, FormSpec):
            top = bottom - part.height_mm
            out.items.append(_form(part, source.settings, spec.box.x, top, spec.box.width))
        elif isinstance(part, NotesSpec):
            notes = [
                note for pattern in part.patterns for note in filled(pattern, fields).split("\n") if note
            ]
            lines = [line for note in notes for line in wrap(note, part.size_mm, spec.box.width)]
            top = bottom - part.line_mm * len(lines)
            box = Box(x=spec.box.x, y=top, width=spec.box.width, height=bottom - top)
            out.items.append(
                TextItem(
                    name="notes", box=box, lines=tuple(lines), size_mm=part.size_mm, line_mm=part.line_mm
                )
            )
        else:
            continue
        bottom = top - spec.gap_mm
    return bottom


def _form(part: FormSpec, settings: Mapping[str, str], x: float, y: float, width: float) -> FormItem:
    cells = tuple(
        FormCell(
            box=Box(x=x + cell.x, y=y + cell.y, width=cell.width, height=cell.height),
            label=cell.label,
            value=settings.get(cell.key, ""),
            label_width_mm=cell.label_width_mm,
            stacked=cell.stacked,
        )
        for cell in part.cells
    )
    return FormItem(
        name="form",
        box=Box(x=x, y=y, width=width, height=part.height_mm),
        cells=cells,
        size_mm=part.size_mm,
    )
