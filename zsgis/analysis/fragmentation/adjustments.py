"""Who got what: parcels whose parts were forced to the whole, and printed figures that balance moved."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from layers.words import _
from zsgis.analysis.fragmentation.tables import Printing, SizeFigures, size_figures
from zsgis.analysis.zone_names import total_name
from zsgis.analysis.zoned import Measured
from zsgis.printed_balance import Figure
from zsgis.result import Adjustment

_FORCED_M2 = 0.005


def adjustments(printing: Printing, measured: Measured) -> Iterator[Adjustment]:
    """Yield parcels forced to their whole area, then figures not printed as each would be by itself."""
    whole = (measured.control_cents + measured.overlap_cents) / 100
    for index in np.flatnonzero(np.abs(measured.correction_m2) >= _FORCED_M2).tolist():
        before = round(float(whole[index] - measured.correction_m2[index]), 4)
        yield Adjustment("parcels", printing.land.names[index], _("m²"), before, float(whole[index]))
    names = (*printing.counted.names, printing.counted.deduction)
    unit = printing.unit
    for change in printing.areas.changed():
        if change.figure in (Figure.CELL, Figure.TOTAL):
            name = total_name() if change.figure is Figure.TOTAL else names[change.row]
            before, after = unit.value(change.before), unit.value(change.after)
            yield Adjustment("summary", name, unit.title, before, after)
    yield from _moved_sizes(printing, size_figures(printing, total=False), printing.counted.names)
    if not printing.single:
        yield from _moved_sizes(printing, size_figures(printing, total=True), (total_name(),))


def _moved_sizes(printing: Printing, found: SizeFigures, names: tuple[str, ...]) -> Iterator[Adjustment]:
    """Yield the moved cells of size classes; sums over zones stand in no table."""
    titles, unit = (*printing.sizes.names, _("Land in slivers")), printing.unit
    for change in found.printed.changed():
        if change.figure is Figure.CELL:
            item = f"{names[change.row]} · {titles[change.column]}"
            before, after = unit.value(change.before), unit.value(change.after)
            yield Adjustment("sizes", item, unit.title, before, after)
