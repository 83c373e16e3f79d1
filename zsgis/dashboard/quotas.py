"""Quotas by kind and year: assigned, used, left, drawn by the recommended plan. Kinds are never added up."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from layers.area import M2_PER_HA, to_cents
from layers.quotas import QUOTAS
from layers.words import _
from zsgis.analysis.features import Features
from zsgis.dashboard.model import BoardCell, BoardColumn, BoardPart, BoardRow, QuotaMeasure, Sources, merged
from zsgis.dashboard.wording import DIGITS, stale_text
from zsgis.printed_balance import PrintedUnit, balance_table, printed_unit

Drawn = Mapping[tuple[str, int], int]
"""What a recommended plan draws of a quota in a year, in 0.01 m2."""


def quota_part(
    features: Features,
    measure: QuotaMeasure,
    unit_key: str,
    drawn: Drawn,
    drawing: Mapping[tuple[str, int], Sources],
    reasons: tuple[str, ...] = (),
) -> BoardPart:
    """Return a row for each quota and a column for each year that the register states.

    An entry without a year, or of a name that is none of the five quotas, is in none of them, and is counted
    in the note; so is one whose amount is to be entered. Used where nothing is stated is nothing.

    Parameters
    ----------
    drawing : mapping
        The projects and parcels that draw, by quota and year.
    """
    years, names = features.numbers("year"), features.texts("quota")
    usable = [place for place, name in enumerate(names) if name in QUOTAS and not math.isnan(years[place])]
    columns = sorted({*(int(years[place]) for place in usable), *(year for _name, year in drawn)})
    unit = printed_unit(unit_key, DIGITS)
    places: dict[tuple[str, int], list[int]] = {}
    for place in usable:
        places.setdefault((names[place], int(years[place])), []).append(place)
    rows = []
    for quota in QUOTAS:
        entries = [places.get((quota, year), []) for year in columns]
        if not any(entries) and not any((quota, year) in drawn for year in columns):
            continue
        rows.append(_row(features, quota, columns, entries, measure, unit, drawn, drawing, reasons))
    lacking = [place for place in usable if math.isnan(features.numbers("amount_ha")[place])]
    said = [
        _("{count} entries of the register count for nothing: no year, or none of the five quotas.").format(
            count=len(features) - len(usable)
        )
        if len(usable) < len(features)
        else "",
        _("{count} entries: amount to be entered").format(count=len(lacking)) if lacking else "",
        *(reasons if measure is QuotaMeasure.PLANNED else ()),
    ]
    titled = (
        BoardColumn(_("Quota")),
        *(BoardColumn(str(year), unit.title, DIGITS) for year in columns),
        BoardColumn(_("Total"), unit.title, DIGITS),
    )
    return BoardPart("quotas", _("Quotas used"), titled, tuple(rows), " ".join(filter(None, said)))


def _row(
    features: Features,
    quota: str,
    years: Sequence[int],
    entries: Sequence[Sequence[int]],
    measure: QuotaMeasure,
    unit: PrintedUnit,
    drawn: Drawn,
    drawing: Mapping[tuple[str, int], Sources],
    reasons: tuple[str, ...],
) -> BoardRow:
    assigned = [_sum(features, "amount_ha", places) for places in entries]
    used = [_sum(features, "used_ha", places) or 0 for places in entries]
    planned = [drawn.get((quota, year)) for year in years]
    values = {
        QuotaMeasure.ASSIGNED: assigned,
        QuotaMeasure.USED: [None if a is None else u for a, u in zip(assigned, used, strict=True)],
        QuotaMeasure.LEFT: [None if a is None else a - u for a, u in zip(assigned, used, strict=True)],
        QuotaMeasure.PLANNED: planned,
    }[measure]
    filled = np.array([[value or 0 for value in values]], dtype=np.int64)
    steps = balance_table(filled, unit).cells[0].tolist()
    why = reasons if measure is QuotaMeasure.PLANNED else ()
    sources = [
        merged([features.sources(places) if places else {}, drawing.get((quota, year), {})])
        for year, places in zip(years, entries, strict=True)
    ]
    cells = [
        _cell(value, step, unit, behind, _share(one, gone), why)
        for value, step, behind, one, gone in zip(values, steps, sources, assigned, used, strict=True)
    ]
    known = [value for value in values if value is not None]
    everything = sum(one for one in assigned if one is not None)
    total = _cell(
        sum(known) if known else None, sum(steps), unit, merged(sources), _share(everything, sum(used)), why
    )
    return BoardRow((BoardCell(None, quota, merged(sources)), *cells, total))


def _sum(features: Features, field: str, places: Sequence[int]) -> int | None:
    """Return what entries state together in 0.01 m2; None where none of them states anything."""
    values = features.numbers(field)[list(places)] if places else np.array([])
    stated = values[~np.isnan(values)]
    return int(to_cents(stated * M2_PER_HA).sum()) if len(stated) else None


def _share(assigned: int | None, used: int) -> float | None:
    return used / assigned if assigned else None


def _cell(
    value: int | None,
    steps: int,
    unit: PrintedUnit,
    sources: Sources,
    share: float | None,
    reasons: tuple[str, ...],
) -> BoardCell:
    said = _("Used: {share} %").format(share=f"{100 * share:,.1f}") if share is not None else ""
    note = "\n".join(filter(None, (said, *reasons)))
    if value is None:
        return BoardCell(None, "", sources, note, share=share)
    figure, stale = unit.value(steps), bool(reasons)
    return BoardCell(
        figure, stale_text(f"{figure:,.{unit.digits}f}", stale=stale), sources, note, stale, share
    )
