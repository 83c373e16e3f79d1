"""Fills the column beside the map: parts below each other, the table between the legend and the foot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from layers.words import _
from zsgis.result import Result
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
    coarse_content,
    detail_codes,
    fit,
    result_table,
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
    meanings : sequence of Meaning
        The legend's entries.
    told : frozenset of str
        Classes whose area and share the legend tells.
    """

    fields: Mapping[str, str]
    settings: Mapping[str, str]
    scale_denominator: float
    meanings: Sequence[Meaning]
    told: frozenset[str]
    legend_remark: str
    result: Result | None
    zone: str


@dataclass
class Filled:
    """The column's items, and what did not fit.

    Attributes
    ----------
    content, rest : Content, tuple of TableRow
        The table that goes on, and its rows.
    notices : list of str
        What was done so that everything fits.
    """

    items: list[Item] = field(default_factory=list)
    content: Content | None = None
    rest: tuple[TableRow, ...] = ()
    notices: list[str] = field(default_factory=list)


def fill_column(spec: StackSpec, source: ColumnSource) -> Filled:
    """Place the parts of a column.

    When legend and table are too high together, these ways are tried in turn: a legend with one column
    more, the table's coarse rows where they add up to its total as printed (the legend then tells the
    classes), and last the rest of the table on the next page. What was done is said in a note.
    """
    content = _content(spec, source)
    part = next((one for one in spec.parts if isinstance(one, TableSpec)), None)
    if content is None or part is None:
        return _placed(spec, source, None, None, 0)
    coarse = coarse_content(content)
    ways: list[tuple[Content, int]] = [(content, 0), (content, 1)]
    if coarse is not None and source.told.issuperset(detail_codes(content)):
        ways += [(coarse, 0), (coarse, 1)]
    for way, more in ways:
        notice = (
            _("The table tells first-level classes; the legend tells every class.") if way is coarse else ""
        )
        filled_column = _placed(spec, source, way, part, more, notice=notice)
        if not filled_column.rest:
            return filled_column
    return _placed(spec, source, content, part, 0, notice=_("The table goes on on the next page."))


def _placed(
    spec: StackSpec,
    source: ColumnSource,
    content: Content | None,
    part: TableSpec | None,
    more_columns: int,
    *,
    notice: str = "",
) -> Filled:
    out = Filled(content=content, notices=[notice] if notice else [])
    fields = dict(source.fields) | {"fit_note": notice}
    if content is not None and content.reasons:
        fields["area_note"] = "\n".join(filter(None, [fields.get("area_note", ""), *content.reasons]))
    bottom = _place_foot(spec, source, fields, out)
    top = _place_head(spec, source, out, more_columns)
    if content is not None and part is not None:
        box = Box(x=spec.box.x, y=top, width=spec.box.width, height=max(0.0, bottom - top))
        fitted = fit(content, part, box)
        out.items.append(fitted.item)
        out.rest = fitted.rest
    return out


def _content(spec: StackSpec, source: ColumnSource) -> Content | None:
    part = next((one for one in spec.parts if isinstance(one, TableSpec)), None)
    if part is None or source.result is None:
        return None
    table = result_table(source.result, part.table)
    rows = zone_rows(table, part.zone_column, source.zone)
    return table_content(
        part, table, rows, title=filled(part.pattern, source.fields), width_mm=spec.box.width
    )


def _place_head(spec: StackSpec, source: ColumnSource, out: Filled, more_columns: int) -> float:
    """Place what stands above the table; return where the space below it begins."""
    top = spec.box.y
    for part in spec.parts:
        box = Box(x=spec.box.x, y=top, width=spec.box.width, height=0.0)
        if isinstance(part, ScaleSpec):
            out.items += _scale_items(part, source, box)
            top += part.height_mm + spec.gap_mm
        elif isinstance(part, LegendSpec):
            form = part.model_copy(update={"columns": part.columns + more_columns})
            legend = place_legend(form, source.meanings, box, remark=source.legend_remark)
            out.items.append(legend)
            top = legend.box.bottom + spec.gap_mm
    return top


def _scale_items(part: ScaleSpec, source: ColumnSource, box: Box) -> list[Item]:
    bar = scale_bar(source.scale_denominator, most_mm=part.bar_mm)
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
