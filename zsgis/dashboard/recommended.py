"""The recommended plan of the latest run: what it gives each project, and what it draws on quotas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from layers.area import to_cents
from layers.quotas import QUOTAS
from layers.words import _
from zsgis.dashboard.model import Sources, merged
from zsgis.dashboard.projects import Planned
from zsgis.ledger.standing import RunStanding
from zsgis.ledger.terms import area_factor
from zsgis.run_records import KeptColumn, KeptRow, KeptRun, KeptTable, unpacked_sources

CAPABILITY = "allocate"
_PLAN, _AREA, _YEAR = "plan", "area", "year"


@dataclass(frozen=True)
class Recommended:
    """What the latest run recommends.

    Attributes
    ----------
    planned : mapping
        By ``zs_uid`` of the project.
    drawn, drawing : mapping
        By quota and year: 0.01 m2, and the projects and parcels that draw.
    reasons : tuple of str
        Why it no longer holds; empty where it does.
    words : str
        Which run it is, a sentence; empty without one.
    """

    planned: Mapping[str, Planned] = field(default_factory=dict)
    drawn: Mapping[tuple[str, int], int] = field(default_factory=dict)
    drawing: Mapping[tuple[str, int], Sources] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    words: str = ""


def recommended(runs: Sequence[RunStanding], register: str) -> Recommended:
    """Return what the latest allocation recommends, of the runs of a project.

    Parameters
    ----------
    register : str
        Uid of the register of demand; rows that name no feature of it are nobody's.
    """
    standing = next(
        (
            each
            for each in reversed(runs)
            if isinstance(each.run, KeptRun) and each.run.capability == CAPABILITY
        ),
        None,
    )
    if standing is None or not isinstance(standing.run, KeptRun):
        return Recommended()
    run = standing.run
    said = _("Recommended plan: run {number} of {day}, {verdict}.").format(
        number=standing.number, day=run.started[:10], verdict=standing.verdict.words
    )
    reasons = () if standing.current else (said, *standing.reasons)
    table = run.table(_PLAN)
    if table is None:
        return Recommended(reasons=reasons, words=said)
    planned: dict[str, Planned] = {}
    drawn: dict[tuple[str, int], int] = {}
    drawing: dict[tuple[str, int], Sources] = {}
    for row, sources in _sites(run, table):
        parcels = {layer: uids for layer, uids in sources.items() if layer != register}
        for uid in sources.get(register, ()):
            before = planned.get(uid, Planned(0))
            cents = before.cents + _cents(row, _column(table, _AREA))
            planned[uid] = Planned(cents, merged([before.parcels, parcels]))
        for quota, cents in _draws(table, row):
            key = quota, int(row.values.get(_YEAR) or 0)
            drawn[key] = drawn.get(key, 0) + cents
            drawing[key] = merged([drawing.get(key, {}), sources])
    return Recommended(planned, drawn, drawing, reasons, said)


def _sites(run: KeptRun, table: KeptTable) -> Iterator[tuple[KeptRow, Sources]]:
    """Yield the rows of land given, with the project and the parcels behind each."""
    behind = unpacked_sources(run.sources).get(table.key, ())
    for place, row in enumerate(table.rows):
        if row.role == "body":
            yield row, behind[place] if place < len(behind) else {}


def _draws(table: KeptTable, row: KeptRow) -> Iterator[tuple[str, int]]:
    for column in table.columns:
        quota = next((name for name in QUOTAS if name in column.title), None)
        if quota is not None and (cents := _cents(row, column)):
            yield quota, cents


def _column(table: KeptTable, key: str) -> KeptColumn | None:
    return next((column for column in table.columns if column.key == key), None)


def _cents(row: KeptRow, column: KeptColumn | None) -> int:
    """Return an area of a row in 0.01 m2; 0 where it states none."""
    value = None if column is None else row.values.get(column.key)
    factor = None if column is None else area_factor(column.unit)
    if factor is None or not isinstance(value, (int, float)):
        return 0
    return int(to_cents(value * factor)[0])
