"""Charts and maps of the report, from tables and parcels that runs kept."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.crs import transform
from layers.words import _
from zsgis.charts import AreaLook, BarChart, MapClass, ResultMap, Series
from zsgis.ledger.standing import RunStanding
from zsgis.reports.charts.files import chart_png
from zsgis.reports.securing.blocks import ReportPicture
from zsgis.reports.securing.material import kept_of, source_words
from zsgis.reports.securing.template import ChartBlock, MapBlock
from zsgis.result import RowRole
from zsgis.run_records import KeptColumn, KeptTable
from zsgis.run_records.sources import unpacked_sources

if TYPE_CHECKING:
    from layers.store import Project

_DPI = 200
_WIDTH_MM, _CHART_MM, _MAP_MM = 155.0, 78.0, 120.0
_ROW_MM = 4.2
_MOST_AREAS = 20_000
_GROUND = "ground"
# told apart by lightness too, so that a copy in grey can be read
_COLORS = (
    "#1D5C9E",
    "#E0A030",
    "#3F8F4F",
    "#B5473C",
    "#7A4FA0",
    "#4FB3BF",
    "#8C6D3F",
    "#D77FB3",
    "#6B7A2E",
    "#555E68",
)
_STEPS = ("#C6DBEF", "#6BAED6", "#2171B5", "#08306B", "#041B3D")


def chart_picture(standing: RunStanding, kept: KeptTable, block: ChartBlock) -> ReportPicture | None:
    """Return a bar chart of a run's table; None where it has nothing to show."""
    columns = {column.key: column for column in kept.columns}
    body = [row for row in kept.rows if row.role == RowRole.BODY.value][: block.most]
    known = [columns[name] for name in block.values if name in columns]
    if not body or not known:
        return None
    series = tuple(
        Series(column.title, tuple(_number(row.values.get(column.key)) for row in body)) for column in known
    )
    categories = tuple(str(row.values.get(block.category) or "") for row in body)
    chart = BarChart(
        f"{block.run}.{block.table}",
        "",
        categories,
        series,
        unit=known[0].unit,
        digits=known[0].digits or 0,
        stacked=block.stacked,
    )
    height = max(_CHART_MM, 22.0 + _ROW_MM * len(body) * (1 if block.stacked else len(series)))
    return ReportPicture(
        f"chart:{block.run}.{block.table}.{block.title}",
        block.title,
        chart_png(chart, _WIDTH_MM, min(height, 190.0), _DPI),
        _WIDTH_MM,
        min(height, 190.0),
        source_words(standing),
    )


def map_picture(
    project: Project, standing: RunStanding, kept: KeptTable, block: MapBlock
) -> ReportPicture | str:
    """Return a map of the parcels behind a run's rows, or why there is none."""
    if not standing.current:
        return _(
            "Map “{title}” is not drawn: the run no longer holds, and its parcels may have moved."
        ).format(title=block.title)
    run = kept_of(standing)
    column = next((each for each in kept.columns if each.key == block.by), None)
    rows = unpacked_sources(run.sources).get(kept.key, ())
    if column is None or not rows:
        return _("Map “{title}” is not drawn: the run did not keep the parcels behind its rows.").format(
            title=block.title
        )
    classes, groups = _grouped(kept, rows, column, block)
    if not groups:
        return _("Map “{title}” is not drawn: no parcels stand behind its rows.").format(title=block.title)
    if sum(len(uids) for _c, _l, uids in groups) > _MOST_AREAS:
        return _("Map “{title}” is not drawn: it would have over {count} areas.").format(
            title=block.title, count=f"{_MOST_AREAS:,}"
        )
    drawn = _map(project, block, classes, groups)
    png = chart_png(drawn, _WIDTH_MM, _MAP_MM, _DPI)
    return ReportPicture(
        f"map:{block.run}.{block.table}.{block.title}",
        block.title,
        png,
        _WIDTH_MM,
        _MAP_MM,
        source_words(standing),
    )


_Group = tuple[str, str, tuple[str, ...]]


def _grouped(
    kept: KeptTable, rows: Any, column: KeptColumn, block: MapBlock
) -> tuple[tuple[MapClass, ...], list[_Group]]:
    """Return the classes, and which features of which layer belong to which."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    met: dict[str, None] = {}
    taken: set[tuple[str, str]] = set()
    for row, sources in zip(kept.rows, rows, strict=True):
        value = row.values.get(column.key)
        if row.role != RowRole.BODY.value or value in (None, ""):
            continue
        name = str(bisect_right(block.steps, float(value))) if block.steps else str(value)
        for layer, uids in sources.items():
            fresh = [uid for uid in uids if (layer, uid) not in taken]
            if fresh:
                met.setdefault(name)
                taken.update((layer, uid) for uid in fresh)
                found.setdefault((name, layer), {}).update(dict.fromkeys(fresh))
    groups = [(name, layer, tuple(uids)) for (name, layer), uids in found.items()]
    if block.steps:
        return _step_classes(block.steps, column), groups
    if len(met) > len(_COLORS):
        return (MapClass("*", column.title, _COLORS[0]),), [("*", layer, uids) for _n, layer, uids in groups]
    return tuple(MapClass(name, name, color) for name, color in zip(met, _COLORS, strict=False)), groups


def _step_classes(steps: tuple[float, ...], column: KeptColumn) -> tuple[MapClass, ...]:
    names = [
        f"< {steps[0]:g}",
        *(f"{low:g} - {high:g}" for low, high in pairwise(steps)),
        f"≥ {steps[-1]:g}",
    ]
    return tuple(
        MapClass(str(number), f"{name} {column.unit}".strip(), _STEPS[min(number, len(_STEPS) - 1)])
        for number, name in enumerate(names)
    )


def _map(project: Project, block: MapBlock, classes: tuple[MapClass, ...], groups: list[_Group]) -> ResultMap:
    shapes: list[Any] = []
    values: list[str] = []
    grounds = project.layers_of(block.ground) if block.ground else ()
    if grounds:
        shapes += _shapes(project, grounds[0].uid, None)
        values += [_GROUND] * len(shapes)
        classes = (MapClass(_GROUND, grounds[0].name, "#8A929B", AreaLook.OUTLINED), *classes)
    for name, layer, uids in groups:
        found = _shapes(project, layer, uids)
        shapes += found
        values += [name] * len(found)
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    return ResultMap("map", "", project.crs, geometry, {"class": tuple(values)}, "class", classes)


def _shapes(project: Project, layer: str, uids: tuple[str, ...] | None) -> list[Any]:
    """Return the areas of a layer, of some features or all, in the project's system."""
    frame = project.read(layer, columns=(), uids=uids)
    source = project.layer(layer).crs
    there = [shape for shape in frame.geometry if shape is not None and not shape.is_empty]
    plain = np.empty(len(there), dtype=object)
    plain[:] = there
    return list(transform(plain, source, project.crs))


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) else float("nan")
