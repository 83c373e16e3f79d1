"""Charts and map of change."""

from __future__ import annotations

import numpy as np
import pyproj

from layers.words import _
from zsgis.analysis.change.by_zone import kind_titles
from zsgis.analysis.change.fates import Fate
from zsgis.analysis.change.matrix import class_title
from zsgis.analysis.change.model import NOBODY, Changes, Kind
from zsgis.analysis.change.tables import fate_title
from zsgis.charts import BarChart, MapClass, ResultMap, Series
from zsgis.printed_balance import PrintedUnit
from zsgis.result import Table

COLORS = {
    Kind.NEW_CONSTRUCTION: "#d7301f",
    Kind.LOST_CONSTRUCTION: "#2c7fb8",
    Kind.OTHER: "#f0b03c",
    Kind.ONLY_EARLIER: "#8c8c8c",
    Kind.ONLY_LATER: "#7a4ea3",
}


def fates_chart(table: Table) -> BarChart:
    """Return the number of changed parcels of both dates by fate, as the table prints it."""
    unchanged = fate_title(Fate.SAME)
    rows = [row for row in table.rows[:-1] if row.values["fate"] != unchanged]

    def bars(label: str, column: str, color: str) -> Series:
        return Series(label, tuple(float(row.values[column]) for row in rows), color)

    return BarChart(
        key="fates",
        title=_("Changed parcels by fate"),
        categories=tuple(str(row.values["fate"]) for row in rows),
        series=(
            bars(_("Earlier date"), "earlier_count", "#8c8c8c"),
            bars(_("Later date"), "later_count", "#2c7fb8"),
        ),
        digits=0,
        category_title=_("Fate"),
    )


def change_map(changes: Changes, plane: pyproj.CRS, unit: PrintedUnit) -> ResultMap:
    """Return the land that changed, coloured by what happened to it; drawing noise is not shown."""
    pieces = changes.pieces
    chosen = np.flatnonzero(np.isin(changes.kind, tuple(COLORS)))
    kinds, titles = changes.kind[chosen], kind_titles()
    steps = unit.half_up(pieces.cents[chosen])

    def classes(later: bool) -> tuple[str, ...]:
        dated = changes.later if later else changes.earlier
        standard = changes.how.later if later else changes.how.earlier
        places = (pieces.later if later else pieces.earlier)[chosen]
        return tuple(
            "" if place == NOBODY else class_title(dated.codes[place], standard) for place in places.tolist()
        )

    present = [kind for kind in COLORS if (kinds == kind).any()]
    earlier = changes.earlier.features
    behind = pieces.earlier[chosen].tolist()
    return ResultMap(
        key="change",
        title=_("Land that changed"),
        crs=plane,
        geometry=pieces.geometry[chosen],
        columns={
            _("What happened"): tuple(str(kind) for kind in kinds.tolist()),
            _("Earlier class"): classes(later=False),
            _("Later class"): classes(later=True),
            f"{_('Area')} ({unit.title})": tuple(unit.value(int(step)) for step in steps),
        },
        color_by=_("What happened"),
        classes=tuple(MapClass(str(int(kind)), titles[kind], COLORS[kind]) for kind in present),
        layer_uid=earlier.layer_uid,
        sources=tuple(() if place == NOBODY else (earlier.uids[place],) for place in behind),
    )
