"""Change by zone: the pieces of both dates cut once more by the zones, each forced to its own area."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.area import share_out_groups, to_cents
from layers.crs import transform
from layers.errors import GeometryError
from layers.progress import Progress
from layers.words import _
from zsgis.analysis.change.model import Changes, Kind
from zsgis.analysis.zone_names import total_name
from zsgis.analysis.zoned import LineTable, Measured, Measuring, Zones, line_table
from zsgis.overlay import ShapeError, balanced_overlay
from zsgis.printed_balance import PrintedTable, PrintedUnit, balance_table
from zsgis.result import Column, Row, RowRole, Table


def kind_titles() -> tuple[str, ...]:
    """Return what happened to land, in the order of the columns."""
    return (
        _("Same class"),
        _("New construction land"),
        _("Construction land given up"),
        _("Other change of class"),
        _("Drawing noise"),
        _("Outside the later data"),
        _("Outside the earlier data"),
    )


def cut_by_zones(changes: Changes, zones: Zones, how: Measuring, progress: Progress) -> Measured:
    """Cut the pieces by zones; the parts of a piece add up to the piece exactly.

    Zones over each other count land in each; ``overlap_cents`` of a piece is what is to be deducted.

    Raises
    ------
    GeometryError
        Names the zone that cannot be used.
    """
    pieces = changes.pieces
    try:
        overlay = balanced_overlay(
            pieces.geometry,
            transform(zones.geometry, zones.crs, how.plane),
            sliver_m2=how.sliver_m2,
            sliver_width_m=how.sliver_width_m,
            sliver_policy=how.sliver_policy,
            progress=progress,
        )
    except ShapeError as error:
        name = zones.names[error.index] if error.index < len(zones.names) else ""
        raise GeometryError(
            error.what, where=f"{zones.layer_name}: {name}", remedy=error.remedy, details=error.details
        ) from error
    whole = overlay.input_m2
    ratio = np.divide(pieces.cents / 100, whole, out=np.ones_like(whole), where=whole > 0)
    overlap = to_cents(overlay.overlap_m2 * ratio)
    has = np.bincount(overlay.feature, minlength=len(pieces.cents)) > 0
    control = np.where(has, pieces.cents, 0)
    cents = share_out_groups(
        overlay.area_m2 * ratio[overlay.feature], overlay.feature, control + overlap, limit_share=None
    )
    return Measured(overlay, overlay.zone, cents, control, overlap, np.zeros(len(control)))


def zone_lines(changes: Changes, zones: Zones, measured: Measured) -> LineTable:
    """Return the exact table of zones by what happened to land."""
    return line_table(changes.earlier.features, zones, measured, changes.kind, len(Kind))


def zones_table(
    changes: Changes, table: LineTable, unit: PrintedUnit, title: str, notes: tuple[str, ...]
) -> tuple[Table, PrintedTable]:
    """Return what happened to the land of each zone, as printed."""
    printed = balance_table(table.cents, unit)
    titles = kind_titles()
    used = [number for number in range(len(titles)) if table.cents[:, number].any()]
    columns = [
        Column("zone", _("Zone")),
        *(Column(Kind(n).name.lower(), titles[n], unit.title, unit.digits) for n in used),
        Column("total", _("Total"), unit.title, unit.digits),
    ]
    rows = []
    for number in (*range(len(table.lines)), None):
        cells = printed.columns if number is None else printed.cells[number]
        values: dict[str, Any] = {
            "zone": total_name() if number is None else table.lines[number].name,
            **{Kind(n).name.lower(): unit.value(int(cells[n])) for n in used},
            "total": unit.value(int(cells.sum())),
        }
        role = RowRole.TOTAL if number is None else RowRole.BODY
        rows.append(Row(values, role, changes.sources(table.behind(number))))
    return Table("zones", title, tuple(columns), tuple(rows), notes), printed
