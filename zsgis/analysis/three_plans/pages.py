"""A page for each parcel the plans disagree on: its parts on the control zones, its areas by clause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from layers.kinds import kind
from layers.style import Symbol
from layers.words import _
from zsgis.analysis.parcel_pages import OUTLINE, Surroundings
from zsgis.analysis.three_plans.comparison import Comparison
from zsgis.analysis.three_plans.tables import ParcelFigures
from zsgis.analysis.zone_names import total_name
from zsgis.analysis.zoned import Measuring
from zsgis.charts import MapClass
from zsgis.parcel_pages import PageGround, ParcelPage, ParcelPages
from zsgis.printed_balance import PrintedUnit, balance_table
from zsgis.result import Column, Row, RowRole, Table

_PLOTS = Symbol(fill=None, stroke="#5B7DB1", stroke_mm=0.2, dash=(1.6, 0.8))


@dataclass(frozen=True)
class _Said:
    """What the plans say of a part of a parcel."""

    outcome: int
    old: str
    detailed: str
    territorial: str


def parcel_pages(
    found: Comparison, figures: ParcelFigures, notes: tuple[str, ...], how: Measuring, most: int
) -> ParcelPages | None:
    """Return pages of the parcels with the largest conflicts; None where none is wanted or there is none.

    Parameters
    ----------
    figures : ParcelFigures
        What the table of parcels prints: the pages print the same.
    most : int
        At most so many pages.
    """
    disputed = figures.disputed_places
    chosen = disputed[:most]
    if not chosen:
        return None
    maker = _Maker(found, figures, notes, how)
    return ParcelPages(
        title=_("Sheet of differences between plans"),
        crs=how.plane,
        layer_uid=found.parcels.layer_uid,
        classes=tuple(MapClass(each.key, each.title, each.color) for each in found.kinds if each.conflict),
        pages=tuple(maker.page(place) for place in chosen),
        left_out=len(disputed) - len(chosen),
    )


class _Maker:
    """Makes pages; what all of them need is made once."""

    def __init__(
        self, found: Comparison, figures: ParcelFigures, notes: tuple[str, ...], how: Measuring
    ) -> None:
        self._found, self._figures, self._notes = found, figures, notes
        self._parcels = Surroundings(found.parcels, how.plane)
        self._old = Surroundings(found.plans.old, how.plane)
        self._types = found.plans.old.texts("zone_type")
        detailed = found.plans.detailed
        self._plots = None if detailed is None else Surroundings(detailed.features, how.plane)
        order = np.argsort(found.pieces.feature, kind="stable")
        self._pieces = order
        self._start = np.searchsorted(found.pieces.feature[order], np.arange(len(found.parcels) + 1))

    def page(self, place: int) -> ParcelPage:
        """Return the page of one parcel."""
        found = self._found
        mine = self._pieces[self._start[place] : self._start[place + 1]]
        outline = self._parcels.shape(place)
        parts = tuple(
            (found.kinds[found.outcome[piece]].key, found.pieces.geometry[piece])
            for piece in mine.tolist()
            if found.kinds[found.outcome[piece]].conflict
        )
        return ParcelPage(
            uid=found.parcels.uids[place],
            name=found.parcels.names[place],
            outline=outline,
            parts=parts,
            grounds=tuple(ground for ground in self._grounds(place, outline) if ground is not None),
            table=self._table(place, mine.tolist()),
        )

    def _grounds(self, place: int, outline: Any) -> Iterator[PageGround | None]:
        parcels = self._found.parcels
        yield self._parcels.ground(outline, parcels.layer_name, OUTLINE, without=place)
        detailed = self._found.plans.detailed
        if detailed is not None and self._plots is not None:
            yield self._plots.ground(outline, detailed.features.layer_name, _PLOTS)
        for rule in kind("old_plan_zones").style.rules:
            among = [zone == rule.value for zone in self._types]
            yield self._old.ground(outline, rule.title, rule.symbol, among=among)

    def _table(self, place: int, mine: list[int]) -> Table:
        unit = self._figures.unit
        columns = (
            Column("outcome", _("Kind of difference")),
            Column("old", _("Former land plan")),
            Column("detailed", _("Detailed plan")),
            Column("territorial", _("Territorial plan")),
            Column("area", _("Area"), unit.title, unit.digits),
            Column("clause", _("Clause")),
        )
        cents: dict[_Said, int] = {}
        for piece in mine:
            said = self._said(piece)
            cents[said] = cents.get(said, 0) + int(self._found.pieces.cents[piece])
        rows = []
        for outcome, kind_of in enumerate(self._found.kinds):
            some = {said: area for said, area in cents.items() if said.outcome == outcome}
            ordered = sorted(some, key=lambda said: (-some[said], said.old, said.detailed, said.territorial))
            printed = self._figures.cells[place, outcome]
            steps = _shared([some[said] for said in ordered], int(printed), unit)
            for said, step in zip(ordered, steps, strict=True):
                values = {
                    "outcome": kind_of.title,
                    "old": said.old or _("Not covered"),
                    "detailed": said.detailed or _("Not covered"),
                    "territorial": said.territorial or _("Not covered"),
                    "area": unit.value(step),
                    "clause": kind_of.clause,
                }
                rows.append(Row(values, sources=self._found.parcels.sources([place])))
        total = int(self._figures.cells[place].sum())
        last = {"outcome": total_name(), "area": unit.value(total)}
        rows.append(Row(last, RowRole.TOTAL, self._found.parcels.sources([place])))
        return Table("parcel", _("Areas by class and clause"), columns, tuple(rows), self._notes)

    def _said(self, piece: int) -> _Said:
        found = self._found
        plans = (found.plans.detailed, found.plans.territorial)
        codes = (found.detailed[piece], found.territorial[piece])
        names = [plan.name(code) if plan and code else "" for plan, code in zip(plans, codes, strict=True)]
        return _Said(int(found.outcome[piece]), found.old_type[piece], *names)


def _shared(cents: list[int], printed: int, unit: PrintedUnit) -> list[int]:
    """Return areas in printed steps that add up to what is printed of them together."""
    if not cents:
        return []
    table = balance_table(
        np.array([cents], dtype=np.int64), unit, row_totals=np.array([printed], dtype=np.int64)
    )
    steps: list[int] = table.cells[0].tolist()
    return steps
