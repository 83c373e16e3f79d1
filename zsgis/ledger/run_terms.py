"""Terms from recorded runs: figures of tables, several rows added up, and figures outside tables."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from layers.words import _
from zsgis.ledger.formulas import FactRef, FigureRef
from zsgis.ledger.terms import AREA, WHOLE, Line, Lines, Term, area_factor, lacking, merged
from zsgis.run_records import KeptColumn, KeptRow, KeptRun, KeptTable, figures_of, unpacked_sources
from zsgis.run_records.sources import Sources


class RunTerms:
    """Reads figures from the runs recorded up to a day.

    Parameters
    ----------
    runs : sequence of KeptRun
        Oldest first.
    """

    def __init__(self, runs: Sequence[KeptRun], on: dt.date) -> None:
        dated = [(_day(run), run) for run in runs]
        self._runs = [run for day, run in dated if day is not None and day <= on]
        self._sources: dict[str, Mapping[str, tuple[Sources, ...]]] = {}

    def figure(self, wanted: FigureRef) -> Lines:
        """Return the figures of a table, the whole and each of its lines."""
        run = self._run(wanted.capability, wanted.parameters, wanted.run)
        if isinstance(run, str):
            return lacking(run)
        table = run.table(wanted.table)
        column = _column(table, wanted.column)
        if table is None or column is None:
            text = _("The run of {started} keeps no figure {table}/{column}.")
            said = text.format(started=run.started[:10], table=wanted.table, column=wanted.column)
            return lacking(said, runs=(run.uid,))
        rows: dict[Line, list[int]] = {WHOLE: []}
        for place, row in enumerate(table.rows):
            for line in _lines_of(row, wanted):
                rows.setdefault(line, []).append(place)
        if not rows[WHOLE] and not wanted.where and len(table.rows) == 1:
            # a table of one line is printed without its total
            rows[WHOLE] = [0]
        if len(rows[WHOLE]) > 1 and not wanted.where:
            text = _("The run of {started} has several totals in “{table}”; the formula must name a row.")
            said = text.format(started=run.started[:10], table=table.title)
            return lacking(said, runs=(run.uid,))
        return Lines({line: self._added(run, table, column, places) for line, places in rows.items()})

    def fact(self, wanted: FactRef) -> Lines:
        """Return a figure outside the tables."""
        run = self._run(wanted.capability, wanted.parameters, wanted.run)
        if isinstance(run, str):
            return lacking(run)
        for figure in figures_of(run):
            if figure.table == "" and ".".join(filter(None, (figure.row, figure.column))) == wanted.key:
                factor = area_factor(figure.unit)
                value = float(figure.value) * (factor or 1.0)
                return Lines({WHOLE: Term(value, AREA if factor else figure.unit, runs=(run.uid,))})
        text = _("The run of {started} keeps no figure {key}.")
        return lacking(text.format(started=run.started[:10], key=wanted.key), runs=(run.uid,))

    def _run(self, capability: str, parameters: Mapping[str, Any], which: str) -> KeptRun | str:
        found = [
            run
            for run in self._runs
            if run.capability == capability
            and all(run.parameters.get(name) == value for name, value in parameters.items())
        ]
        if not found:
            return _("“{analysis}” was not run yet (zsgis run {key} PROJECT).").format(
                analysis=_title(capability), key=capability
            )
        if which == "first" and len(found) == 1:
            return _("“{analysis}” was run once only; a change needs two runs.").format(
                analysis=_title(capability)
            )
        return found[0] if which == "first" else found[-1]

    def _added(self, run: KeptRun, table: KeptTable, column: KeptColumn, places: Sequence[int]) -> Term:
        if not places:
            text = _("The run of {started} has no such row in “{table}”.")
            said = text.format(started=run.started[:10], table=table.title)
            return Term(missing=(said,), runs=(run.uid,))
        values = [table.rows[place].values.get(column.key) for place in places]
        missing = tuple(dict.fromkeys(text for value in values if (text := _lack(value, column))))
        factor = area_factor(column.unit)
        numbers = [float(value) for value in values if isinstance(value, (int, float))]
        value = None if missing else math.fsum(numbers) * (factor or 1.0)
        behind = self._behind(run).get(table.key, ())
        sources = merged([behind[place] for place in places if place < len(behind)])
        unit = AREA if factor else column.unit
        return Term(value, unit, missing, (), sources, (run.uid,), run.sources_left_out)

    def _behind(self, run: KeptRun) -> Mapping[str, tuple[Sources, ...]]:
        if run.uid not in self._sources:
            try:
                self._sources[run.uid] = unpacked_sources(run.sources)
            except ValueError:
                self._sources[run.uid] = {}
        return self._sources[run.uid]


def _day(run: KeptRun) -> dt.date | None:
    try:
        return dt.datetime.fromisoformat(run.started).astimezone().date()
    except ValueError:
        return None


def _column(table: KeptTable | None, key: str) -> KeptColumn | None:
    columns = () if table is None else table.columns
    return next((column for column in columns if column.key == key), None)


def _lines_of(row: KeptRow, wanted: FigureRef) -> list[Line]:
    """Return the lines that a row counts to: the whole, and what it is of."""
    for column, said in wanted.where.items():
        allowed = (said,) if isinstance(said, str) else said
        if str(row.values.get(column, "")) not in allowed:
            return []
    total = row.role == "total"
    if wanted.each:
        label = str(row.values.get(wanted.each) or "")
        return [WHOLE] if total else [(wanted.each, label)] if row.role == "body" else []
    return [WHOLE] if wanted.where or total else []


def _lack(value: Any, column: KeptColumn) -> str:
    """Return what is missing where a cell is no number."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return ""
    if isinstance(value, Mapping):
        return str(value.get("not_derivable", ""))
    return _("There is no figure in “{column}”.").format(column=column.title)


def _title(capability: str) -> str:
    from zsgis.registry import CAPABILITIES

    return _(CAPABILITIES[capability].title) if capability in CAPABILITIES else capability
