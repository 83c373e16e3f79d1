"""How a stock of land came about, in words, figures and the list of what was forced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from layers.kind import AreaBasis
from layers.ownership import ownership_words
from layers.words import _
from zsgis.analysis.stock.figures import Purposes
from zsgis.analysis.stock.great_classes import GreatClasses
from zsgis.analysis.stock.model import Land, Rules
from zsgis.analysis.stock.tables import Printed
from zsgis.analysis.zone_names import total_name
from zsgis.analysis.zoned import Measured, Measuring, Zones, measuring_words
from zsgis.overlay import REMAINDER
from zsgis.printed_balance import Changed, Figure, PrintedTable
from zsgis.result import Adjustment

PARCELS_TABLE = "parcels"


def method(land: Land, zones: Zones | None, rules: Rules, how: Measuring) -> tuple[str, ...]:
    """Return the method in sentences for the run record and the report."""
    return (
        *measuring_words(land, zones, how),
        _("Classes: {standard} {version}.").format(
            standard=rules.standard.title, version=rules.standard.version
        ),
        _(
            "Printed figures are forced to balance in each unit: the total is rounded half up, the spare "
            "steps go to the largest remainders, and the list says who got what."
        ),
    )


def rule_versions(rules: Rules, how: Measuring) -> dict[str, str]:
    """Return the versions of every rule that decided something."""
    versions = {
        "standard": f"{rules.standard.key} {rules.standard.title} {rules.standard.version}".strip(),
        "land_class3": f"{rules.land_class3.title} {rules.land_class3.version} ({rules.land_class3.status})",
    }
    if how.basis is AreaBasis.ELLIPSOIDAL:
        versions["ellipsoidal_area"] = "国土调查办发〔2008〕32号, CGCS2000"
    return versions


def facts(land: Land, zones: Zones | None, measured: Measured) -> dict[str, Any]:
    """Return the balance in m2, planar and on the basis, per zone and in total, and the counts."""
    overlay = measured.overlay
    pieces = measured.zone != REMAINDER
    balance = {
        "input_m2": float(overlay.input_m2.sum()),
        "pieces_m2": float(overlay.area_m2[pieces].sum()),
        "overlap_m2": float(overlay.overlap_m2.sum()),
        "remainder_m2": float(overlay.area_m2[~pieces].sum()),
    }
    balance["imbalance_m2"] = balance["input_m2"] - (
        balance["pieces_m2"] - balance["overlap_m2"] + balance["remainder_m2"]
    )
    balance["largest_imbalance_m2"] = float(np.abs(overlay.imbalance_m2).max(initial=0.0))
    names = (land.layer_name,) if zones is None else zones.names
    planar = np.bincount(measured.zone[pieces], weights=overlay.area_m2[pieces], minlength=len(names))
    cents = np.zeros(len(names), dtype=np.int64)
    np.add.at(cents, measured.zone[pieces], measured.cents[pieces])
    number = np.bincount(measured.zone[pieces], minlength=len(names))
    return {
        "planar_balance": balance,
        "zones": [
            {
                "zone": name,
                "planar_m2": float(planar[i]),
                "area_m2": int(cents[i]) / 100,
                "pieces": int(number[i]),
            }
            for i, name in enumerate(names)
        ],
        "counts": {
            "parcels": len(land.uids),
            "zones": 0 if zones is None else len(zones.uids),
            "pieces": len(measured.zone),
            "whole_parcels": int(overlay.whole.sum()),
            "repairs": len(overlay.repairs),
            "snapped": len(overlay.snapped),
            "zone_overlaps": len(overlay.zone_overlaps),
            "slivers_kept": overlay.slivers.kept,
            "slivers_merged": overlay.slivers.merged,
        },
        "control_m2": int(measured.control_cents.sum()) / 100,
        "forced_m2": float(np.abs(measured.correction_m2).sum()),
        "largest_forced_m2": float(np.abs(measured.correction_m2).max(initial=0.0)),
    }


def adjustments(printed: Printed, by_purpose: Purposes, summary: PrintedTable) -> tuple[Adjustment, ...]:
    """Return who got what: parcels whose pieces were forced, then every printed figure that balance moved."""
    return (
        *_forced_parcels(printed),
        *(a for table in printed.tables.values() for a in _moved(printed, table)),
        *_moved_summary(printed, by_purpose, summary),
    )


def _forced_parcels(printed: Printed) -> Iterator[Adjustment]:
    measured = printed.figures.table.measured
    whole = (measured.control_cents + measured.overlap_cents) / 100
    for index in np.flatnonzero(np.abs(measured.correction_m2) >= 0.005).tolist():
        before = round(float(whole[index] - measured.correction_m2[index]), 4)
        yield Adjustment(PARCELS_TABLE, printed.land.names[index], _("m²"), before, float(whole[index]))


def _moved(printed: Printed, table: PrintedTable) -> Iterator[Adjustment]:
    tree = printed.figures.tree
    for change in table.changed():
        name = ""
        if change.figure in (Figure.CELL, Figure.COLUMN):
            name = printed.class_name(tree.codes[change.column])
        elif change.figure in (Figure.GROUP, Figure.GROUP_TOTAL):
            name = printed.class_name(tree.group_codes[change.level][change.column])
        yield _adjustment("stock", _line(printed, change), name, table, change)


def _moved_summary(printed: Printed, by_purpose: Purposes, table: PrintedTable) -> Iterator[Adjustment]:
    """Yield what balance moved in the parts of the summary; row totals stand under the class table."""
    for change in table.changed() if len(by_purpose.kinds) > 1 else ():
        if change.figure in (Figure.CELL, Figure.COLUMN):
            name = _purpose_words(by_purpose.kinds[change.column])
            yield _adjustment("summary", _line(printed, change), name, table, change)


def great_class_adjustments(
    printed: Printed, exact: GreatClasses, table: PrintedTable
) -> Iterator[Adjustment]:
    """Yield what balance moved in the table of great classes; row totals stand under the class table."""
    for change in table.changed():
        if change.figure in (Figure.CELL, Figure.COLUMN):
            great, owner = exact.columns[change.column]
            words = [great or _("Class does not tell"), *([ownership_words(owner)] if owner else [])]
            yield _adjustment("great_classes", _line(printed, change), " ".join(words), table, change)


def _purpose_words(told: tuple[bool | None, bool | None, bool | None]) -> str:
    construction, industrial, research = told
    if industrial:
        return _("Industrial land")
    if research:
        return _("Research land")
    if construction:
        return _("Other construction land")
    return _("Land other than construction land") if construction is False else _("Class does not tell")


def _line(printed: Printed, change: Changed) -> str:
    return total_name() if change.row < 0 else printed.figures.table.lines[change.row].name


def _adjustment(key: str, line: str, name: str, table: PrintedTable, change: Changed) -> Adjustment:
    unit = table.unit
    item = f"{line} · {name or _('All classes')}"
    return Adjustment(key, item, unit.title, unit.value(change.before), unit.value(change.after))
