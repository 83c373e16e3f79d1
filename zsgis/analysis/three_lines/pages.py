"""One page for each parcel on a line: its hits over the lines, its areas by line and clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from layers.style import Symbol
from layers.style.model import Hatch
from layers.words import _
from zsgis.analysis.features import Features
from zsgis.analysis.parcel_pages import OUTLINE, Surroundings
from zsgis.analysis.shares import percent
from zsgis.analysis.three_lines.covering import Covered
from zsgis.analysis.zoned import IntArray, Measuring
from zsgis.charts import MapClass
from zsgis.parcel_pages import PageGround, ParcelPage, ParcelPages
from zsgis.printed_balance import PrintedUnit
from zsgis.result import Column, Row, RowRole, Table


def parcel_pages(
    parcels: Features,
    lines: Sequence[Covered],
    places: Sequence[int],
    unit: PrintedUnit,
    notes: tuple[str, ...],
    how: Measuring,
    most: int,
) -> ParcelPages | None:
    """Return pages of parcels on lines; None where none is wanted or there is none.

    Parameters
    ----------
    places : sequence of int
        The parcels on a line, the weightiest first.
    most : int
        At most so many pages.
    """
    chosen = list(places[:most])
    if not chosen:
        return None
    maker = _Maker(parcels, lines, unit, notes, how)
    return ParcelPages(
        title=_("Sheet of parcels on control lines"),
        crs=how.plane,
        layer_uid=parcels.layer_uid,
        classes=tuple(_hit_class(line) for line in lines),
        pages=tuple(maker.page(place) for place in chosen),
        left_out=len(places) - len(chosen),
    )


def _hit_class(line: Covered) -> MapClass:
    return MapClass(line.item.key, _("Hit: {line}").format(line=line.item.title), line.item.color)


class _Maker:
    """Makes pages; what all of them need is made once."""

    def __init__(
        self,
        parcels: Features,
        lines: Sequence[Covered],
        unit: PrintedUnit,
        notes: tuple[str, ...],
        how: Measuring,
    ) -> None:
        self._all, self._lines = parcels, lines
        self._unit, self._notes = unit, notes
        self._parcels = Surroundings(parcels, how.plane)
        self._around = [Surroundings(line.line, how.plane) for line in lines]

    def page(self, place: int) -> ParcelPage:
        """Return the page of one parcel."""
        outline = self._parcels.shape(place)
        hits = [np.flatnonzero(line.hit & (line.pieces.feature == place)) for line in self._lines]
        parts = tuple(
            (line.item.key, line.pieces.geometry[piece])
            for line, pieces in zip(self._lines, hits, strict=True)
            for piece in pieces.tolist()
        )
        return ParcelPage(
            uid=self._all.uids[place],
            name=self._all.names[place],
            outline=outline,
            parts=parts,
            grounds=tuple(ground for ground in self._grounds(place, outline) if ground is not None),
            table=self._table(place, hits),
        )

    def _grounds(self, place: int, outline: Any) -> Iterator[PageGround | None]:
        yield self._parcels.ground(outline, self._all.layer_name, OUTLINE, without=place)
        for line, around in zip(self._lines, self._around, strict=True):
            name = line.item.values[0] if line.item.values else line.item.title
            yield around.ground(outline, name, _symbol(line))

    def _table(self, place: int, hits: Sequence[IntArray]) -> Table:
        unit, whole = self._unit, self._lines[0].pieces.control_cents[place : place + 1]
        columns = (
            Column("line", _("Line")),
            Column("area", _("Hit"), unit.title, unit.digits),
            Column("share", _("Share"), "%", 2),
            Column("clause", _("Clause")),
        )
        rows = []
        for line, pieces in zip(self._lines, hits, strict=True):
            cents = line.pieces.cents[pieces].sum(keepdims=True).astype(np.int64)
            values = {
                "line": line.item.title,
                "area": unit.value(int(unit.half_up(cents)[0])),
                "share": percent(int(cents[0]), int(whole[0])),
                "clause": line.item.clause,
            }
            rows.append(Row(values, sources=self._all.sources([place])))
        values = {"line": _("Whole parcel"), "area": unit.value(int(unit.half_up(whole)[0]))}
        rows.append(Row(values, RowRole.TOTAL, self._all.sources([place])))
        return Table("parcel", _("Areas by class and clause"), columns, tuple(rows), self._notes)


def _symbol(line: Covered) -> Symbol:
    """Return how a line is drawn around a parcel: hatched, or bordered where its outside is the hit."""
    color = line.item.color
    if line.item.hit == "outside":
        return Symbol(fill=None, stroke=color, stroke_mm=0.5, dash=(3.0, 1.0))
    return Symbol(
        fill=None,
        hatch=Hatch.BACKWARD if line.item.beside else Hatch.FORWARD,
        hatch_color=color,
        hatch_spacing_mm=2.2,
        stroke=color,
        stroke_mm=0.2,
    )
