"""The printed tables: parcels by rank with the reasons of their scores, weights, and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.words import _
from zsgis.analysis.features import Features
from zsgis.analysis.suitability.measuring import MeasuredParcels
from zsgis.analysis.suitability.rules import SuitabilityRule
from zsgis.analysis.suitability.scoring import Scores, Swing
from zsgis.analysis.suitability.weighting import Weighting
from zsgis.analysis.zone_names import total_name
from zsgis.analysis.zoned import LineTable
from zsgis.column_rows import SharedColumn, SharedValues
from zsgis.printed_balance import PrintedTable, PrintedUnit, balance_table
from zsgis.result import Column, Row, RowRole, Table

CLASS_EDGES = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
CLASS_COLORS = ("#C0562B", "#DFA15A", "#EFD98E", "#A9C57E", "#4C8C4A")
EXCLUDED, UNKNOWN = len(CLASS_COLORS), len(CLASS_COLORS) + 1
EXCLUDED_COLOR, UNKNOWN_COLOR = "#6B6F76", "#C8CCD1"


@dataclass(frozen=True)
class Scored:
    """Parcels with their scores and all that explains them."""

    parcels: Features
    rule: SuitabilityRule
    weighting: Weighting
    measured: MeasuredParcels
    scores: Scores

    @cached_property
    def classes(self) -> NDArray[np.int64]:
        """The class of each parcel's score, shape (parcels,); a score on an edge is in the class above."""
        total = self.total
        out = np.clip(np.searchsorted(CLASS_EDGES, np.nan_to_num(total), side="right") - 1, 0, UNKNOWN - 2)
        out = np.where(np.isnan(total), UNKNOWN, out)
        return np.where(self.scores.excluded, EXCLUDED, out).astype(np.int64)

    @cached_property
    def total(self) -> NDArray[np.float64]:
        """The weighted score, shape (parcels,); NaN where there is none."""
        return self.scores.total

    @cached_property
    def rank(self) -> NDArray[np.int64]:
        """The rank of each parcel, shape (parcels,); 0 where there is no score."""
        return self.scores.rank

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """Why each parcel has no score; empty for one that has."""
        out = [""] * len(self.total)
        for place in np.flatnonzero(np.isnan(self.total)).tolist():
            out[place] = self._reason(place)
        return tuple(out)

    def _reason(self, place: int) -> str:
        """Return the limits that a parcel lies on, or the criteria that cannot be told."""
        if self.scores.excluded[place]:
            hit = self.measured.limits[place]
            return "、".join(
                _("{limit} {share:.2f} %").format(limit=limit.title, share=share)
                for limit, share in zip(self.rule.limits, hit, strict=True)
                if share > limit.most_share_pct
            )
        missing = np.isnan(self.measured.parts[place])
        names = [c.title for c, gone in zip(self.rule.criteria, missing, strict=True) if gone]
        return _("Not known: {names}").format(names="、".join(names)) if names else ""


def class_words() -> tuple[str, ...]:
    """Return the classes of scores in the user's language, the excluded and the unknown ones last."""
    between = [f"{low:g}–{high:g}" for low, high in pairwise(CLASS_EDGES)]
    return (*between, _("Excluded by a limit"), _("Not known"))


def parcel_table(scored: Scored, notes: tuple[str, ...]) -> Table:
    """Return the parcels, the best first, with value, score and contribution of every criterion."""
    columns = [
        Column("rank", _("Rank"), "", 0),
        Column("name", _("Parcel")),
        Column("score", _("Score"), "", 2),
        Column("reason", _("Why there is no score")),
    ]
    for criterion, used in zip(scored.rule.criteria, scored.measured.used.tolist(), strict=True):
        if used:
            columns += [
                Column(f"{criterion.key}_value", _("Value"), criterion.unit_text, 2, criterion.title),
                Column(f"{criterion.key}_score", _("Score"), "", 2, criterion.title),
                Column(f"{criterion.key}_part", _("Adds"), "", 2, criterion.title),
            ]
    shared = _parcel_columns(scored)
    # the best first, those without a score last
    order = np.argsort(np.where(scored.rank == 0, len(scored.rank) + 1, scored.rank), kind="stable")
    layer, uids = scored.parcels.layer_uid, scored.parcels.uids
    rows = tuple(
        Row(SharedValues(shared, place), RowRole.BODY, {layer: (uids[place],)}) for place in order.tolist()
    )
    return Table("parcels", _("Parcels by suitability"), tuple(columns), rows, notes)


def _parcel_columns(scored: Scored) -> dict[str, SharedColumn]:
    """Return what all parcels say, by column key."""
    measured = scored.measured
    columns = {
        "rank": SharedColumn(np.where(scored.rank == 0, np.nan, scored.rank)),
        "name": SharedColumn(np.array(scored.parcels.names, dtype=object)),
        "score": SharedColumn(scored.total, 2),
        "reason": SharedColumn(np.array(scored.reasons, dtype=object)),
    }
    for number, criterion in enumerate(scored.rule.criteria):
        if measured.used[number]:
            part = measured.parts[:, number]
            columns[f"{criterion.key}_value"] = SharedColumn(measured.values[:, number], 2)
            columns[f"{criterion.key}_score"] = SharedColumn(part, 2)
            columns[f"{criterion.key}_part"] = SharedColumn(part * scored.weighting.weights[number], 2)
    return columns


def weight_table(scored: Scored) -> Table:
    """Return the criteria with their weights and curves."""
    columns = (
        Column("criterion", _("Criterion")),
        Column("weight", _("Weight"), "%", 2),
        Column("curve", _("Score by value")),
        Column("used", _("Measured")),
    )
    rows = []
    for number, criterion in enumerate(scored.rule.criteria):
        values = {
            "criterion": criterion.title,
            "weight": round(100.0 * float(scored.weighting.weights[number]), 2),
            "curve": criterion.scoring_lines(),
            "used": _("Yes") if scored.measured.used[number] else _("No"),
        }
        rows.append(Row(values))
    return Table("weights", _("Criteria and weights"), columns, tuple(rows), scored.weighting.words)


def swing_table(scored: Scored, found: tuple[Swing, ...]) -> Table:
    """Return how much the order hangs on each weight."""
    columns = (
        Column("criterion", _("Criterion")),
        Column("change", _("Weight changed by"), "%", 0),
        Column("correlation", _("Rank correlation (Spearman)"), "", 4),
        Column("kept", _("Best tenth kept"), "%", 2),
        Column("move", _("Most places moved"), "", 0),
    )
    rows = tuple(
        Row(
            {
                "criterion": scored.rule.criteria[swing.criterion].title,
                "change": round(100.0 * swing.change),
                "correlation": None if np.isnan(swing.correlation) else round(swing.correlation, 4),
                "kept": round(100.0 * swing.kept, 2),
                "move": swing.largest_move,
            }
        )
        for swing in found
        if scored.measured.used[swing.criterion]
    )
    note = _("One weight at a time; the others share the rest in their proportion.")
    return Table("swings", _("What hangs on the weights"), columns, rows, (note,))


def zone_table(
    scored: Scored, table: LineTable, unit: PrintedUnit, notes: tuple[str, ...]
) -> tuple[Table, PrintedTable]:
    """Return a row per zone with the area of each class of scores."""
    words = class_words()
    balanced = balance_table(table.cents, unit)
    columns = (
        Column("zone", _("Zone")),
        *(Column(f"class_{number}", name, unit.title, unit.digits) for number, name in enumerate(words)),
        Column("total", _("Total"), unit.title, unit.digits),
        Column("count", _("Parcels"), "", 0),
    )
    rows = []
    for number in (*range(len(table.lines)), None):
        cells = balanced.columns if number is None else balanced.cells[number]
        values: dict[str, Any] = {f"class_{place}": unit.value(int(cell)) for place, cell in enumerate(cells)}
        behind = table.behind(number)
        values |= {
            "zone": total_name() if number is None else table.lines[number].name,
            "total": unit.value(int(cells.sum())),
            "count": len(behind),
        }
        role = RowRole.TOTAL if number is None else RowRole.BODY
        rows.append(Row(values, role, scored.parcels.sources(behind)))
    return Table("zones", _("Suitability by zone"), columns, tuple(rows), notes), balanced
