"""The chart of the stock of land."""

from __future__ import annotations

import numpy as np

from layers.words import _
from zsgis.analysis.classes import UNCLASSIFIED
from zsgis.analysis.stock.tables import Printed
from zsgis.charts import BarChart, Series

MOST_ZONES = 20
"""So many bars are told apart at a glance; the table has them all."""


def class_chart(printed: Printed) -> BarChart:
    """Return the land of each zone as bars of first-level classes in the standard's colours.

    Of many zones the :data:`MOST_ZONES` with most land, in the order of the table; figures as printed.
    """
    table, tree, unit = printed.tables[printed.unit.key], printed.figures.tree, printed.unit
    lines = printed.figures.table.lines
    zones = [number for number, line in enumerate(lines) if line.zone_uid] or [
        number for number, line in enumerate(lines) if not line.deduction
    ]
    if len(zones) > MOST_ZONES:
        largest = np.argsort(-table.rows[zones], kind="stable")[:MOST_ZONES]
        zones = [zones[place] for place in sorted(largest.tolist())]
    standard = printed.rules.standard
    above = np.array([standard.ancestor(code, 1) if code else UNCLASSIFIED for code in tree.codes])
    series = []
    for code in dict.fromkeys(above.tolist()):
        steps = table.cells[zones][:, above == code].sum(axis=1)
        if steps.any():
            values = tuple(unit.value(int(each)) for each in steps.tolist())
            series.append(Series(printed.class_name(code), values, standard.color(code)))
    return BarChart(
        "classes",
        _("Land by zone and class"),
        tuple(lines[number].name for number in zones),
        tuple(series),
        unit=unit.title,
        digits=unit.digits,
        stacked=True,
        category_title=_("Zone"),
    )
