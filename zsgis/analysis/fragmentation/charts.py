"""Charts and the map of fragmentation."""

from __future__ import annotations

import numpy as np

from layers.words import _
from zsgis.analysis.fragmentation.tables import Printing, size_figures
from zsgis.analysis.zoned import Measuring
from zsgis.charts import BarChart, MapClass, ResultMap, Series

_ZONES_SHOWN = 8


def size_charts(printing: Printing) -> tuple[BarChart, ...]:
    """Return the size classes as bars: their area and how many patches, by zone where zones are few."""
    by_line, total = size_figures(printing, total=False), size_figures(printing, total=True)
    several = 1 < len(printing.lines) <= _ZONES_SHOWN
    lines = [(printing.counted.names[n], by_line, n) for n in printing.lines] if several else []
    shown = lines or [(_("All land looked at"), total, 0)]
    colors = tuple(printing.sizes.color(n) for n in range(len(printing.sizes)))
    unit = printing.unit
    areas, counts = [], []
    for name, found, row in shown:
        cells = found.printed.cells[row, :-1].tolist()
        areas.append(Series(name, tuple(unit.value(steps) for steps in cells)))
        counts.append(Series(name, tuple(float(len(n)) for n in found.numbers[row][:-1])))
    plain = () if several else colors
    return (
        BarChart(
            "size_area",
            _("Land by patch size"),
            printing.sizes.names,
            tuple(areas),
            unit.title,
            unit.digits,
            plain,
            stacked=several,
            category_title=_("Patch size"),
        ),
        BarChart(
            "size_count",
            _("Number of patches by size"),
            printing.sizes.names,
            tuple(counts),
            "",
            0,
            plain,
            stacked=several,
            category_title=_("Patch size"),
        ),
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
