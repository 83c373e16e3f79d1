"""Metrics as tables, printed as FRAGSTATS prints them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from layers.words import _
from zsgis.analysis.landscape.grid import ClassGrid
from zsgis.analysis.landscape.names import COUNTS, PATCH_METRICS, in_order, metric
from zsgis.analysis.landscape.patches import Patches
from zsgis.analysis.landscape.summaries import Summaries
from zsgis.result import Column, Row, Table

DIGITS = 4
PATCHES_AT_MOST = 10_000
"""A raster can hold more patches than anybody reads; beyond these only the largest are listed."""


def metric_columns(names: Iterable[str]) -> list[Column]:
    """Return a column per metric under its group, named as FRAGSTATS does and in words."""
    columns = []
    for name in in_order(names):
        found = metric(name)
        digits = 0 if name in COUNTS else DIGITS
        columns.append(Column(name, f"{found.title} {name}", found.unit, digits, found.group))
    return columns


def printed_metrics(found: Mapping[str, float]) -> dict[str, Any]:
    """Return metrics as printed: four digits, halves up; None where one is not defined."""
    return {name: _printed(name, value) for name, value in found.items()}


def _printed(name: str, value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    if name in COUNTS:
        return round(value)
    steps: int = math.floor(value * 1e4 + 0.5)
    return steps / 1e4


def landscape_table(summaries: Summaries, title: str, notes: Sequence[str]) -> Table:
    """Return the metrics of the landscape, one a row."""
    columns = (
        Column("group", _("Kind of metric")),
        Column("metric", _("Metric")),
        Column("title", _("Meaning")),
        Column("value", _("Value"), "", DIGITS),
        Column("unit", _("Unit")),
    )
    rows = []
    for name in in_order(summaries.landscape):
        found = metric(name)
        values = {"group": found.group, "metric": name, "title": found.title, "unit": found.unit}
        rows.append(Row({**values, "value": _printed(name, summaries.landscape[name])}))
    return Table("landscape", title, columns, tuple(rows), tuple(notes))


def class_table(grid: ClassGrid, summaries: Summaries, title: str, notes: Sequence[str]) -> Table:
    """Return the metrics of the classes, a class a row."""
    columns = [Column("class", _("Class value")), *metric_columns(summaries.classes[0])]
    rows = tuple(
        Row({"class": str(value), **printed_metrics(found)})
        for value, found in zip(grid.values, summaries.classes, strict=True)
    )
    return Table("classes", title, tuple(columns), rows, tuple(notes))


def patch_table(grid: ClassGrid, patches: Patches, title: str, notes: Sequence[str]) -> Table:
    """Return the metrics of the patches, the largest first; beyond :data:`PATCHES_AT_MOST` a note says so."""
    columns = [
        Column("patch", _("Patch ID"), "", 0),
        Column("class", _("Class value")),
        *metric_columns(PATCH_METRICS),
    ]
    order = np.argsort(-patches.cells, kind="stable")
    listed = order[:PATCHES_AT_MOST].tolist()
    rows = []
    for place in listed:
        found = {name: float(patches.metrics[name][place]) for name in PATCH_METRICS}
        values = {"patch": place + 1, "class": str(grid.values[int(patches.place[place])])}
        rows.append(Row({**values, **printed_metrics(found)}))
    said = list(notes)
    if len(order) > len(listed):
        said.append(
            _("Listed are the {listed} largest of {count} patches; the other tables count all.").format(
                listed=len(listed), count=len(order)
            )
        )
    return Table("patches", title, tuple(columns), tuple(rows), tuple(said))
