"""Charts and the map of fragmentation."""

from __future__ import annotations

import numpy as np

from layers.words import _
from zsgis.analysis.fragmentation.tables import Printing, size_figures
from zsgis.analysis.zoned import Measuring
from zsgis.charts import BarChart, MapClass, ResultMap, Series

_ZONES_SHOWN = 20


def size_charts(printing: Printing) -> tuple[BarChart, ...]:
    """Return the size classes as bars: their area, how many patches, and zone by zone where zones are few."""
    total, sizes, unit = size_figures(printing, total=True), printing.sizes, printing.unit
    colors = tuple(sizes.color(n) for n in range(len(sizes)))
    name, axis = _("All land looked at"), _("Patch size")
    area = Series(name, tuple(unit.value(steps) for steps in total.printed.cells[0, :-1].tolist()))
    count = Series(name, tuple(float(len(chosen)) for chosen in total.numbers[0][:-1]))
    charts = [
        BarChart(
            "size_area",
            _("Land by patch size"),
            sizes.names,
            (area,),
            unit.title,
            unit.digits,
            colors,
            category_title=axis,
        ),
        BarChart(
            "size_count",
            _("Number of patches by size"),
            sizes.names,
            (count,),
            "",
            0,
            colors,
            category_title=axis,
        ),
    ]
    if 1 < len(printing.lines) <= _ZONES_SHOWN:
        charts.append(_zones_chart(printing))
    return tuple(charts)


def _zones_chart(printing: Printing) -> BarChart:
    """Return the zones as bars, the size classes stacked in each."""
    found, sizes, unit = size_figures(printing, total=False), printing.sizes, printing.unit
    series = tuple(
        Series(name, tuple(unit.value(int(steps)) for steps in found.printed.cells[:, n]), sizes.color(n))
        for n, name in enumerate(sizes.names)
    )
    return BarChart(
        "zones",
        _("Land by zone and patch size"),
        printing.counted.names,
        series,
        unit.title,
        unit.digits,
        stacked=True,
        category_title=_("Zone"),
    )


def patch_map(printing: Printing, how: Measuring) -> ResultMap:
    """Return the patches coloured by their size class."""
    patches = printing.counted.patches
    chosen = patches.of_line(None)
    size = printing.sizes.of(patches.cents[chosen]).tolist()
    order = np.argsort(patches.patch, kind="stable")
    start = np.searchsorted(patches.patch[order], np.arange(len(patches) + 1))
    behind = [
        np.unique(patches.pieces.feature[order[start[place] : start[place + 1]]]).tolist()
        for place in chosen.tolist()
    ]
    title = _("Patch size")
    return ResultMap(
        "patches",
        _("Map of patches by size"),
        how.plane,
        patches.outline[chosen],
        {
            title: tuple(printing.sizes.names[n] for n in size),
            _("Zone"): tuple(printing.counted.names[n] for n in patches.line[chosen].tolist()),
            _("Area"): tuple(printing.printed(c) for c in patches.cents[chosen].tolist()),
        },
        title,
        tuple(
            MapClass(name, name, printing.sizes.color(number))
            for number, name in enumerate(printing.sizes.names)
        ),
        printing.land.layer_uid,
        tuple(tuple(printing.land.uids[i] for i in own) for own in behind),
    )
