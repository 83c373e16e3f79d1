"""An assessment as a result: tables of the whole, of platforms and of towns, each row with its parcels."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from layers.secrecy import highest
from layers.words import N_, _
from zsgis import __version__
from zsgis.ledger.assessing import AssessedLine, Assessment, Course
from zsgis.ledger.documents import shown_light
from zsgis.ledger.entries import EntryState, LedgerEntry, state_of, value_words
from zsgis.ledger.lights import Light
from zsgis.result import Column, InputRecord, Result, Row, RunRecord, Table
from zsgis.run_records import KeptRun

ASSESSMENT = "assessment"
_DIGITS = 2
_AXES = {"platform": N_("By platform"), "town": N_("By town"), "": N_("The whole")}
_OTHERS = N_("By zone")


def assessment_result(assessment: Assessment, title: str) -> Result:
    """Return an assessment as tables; a stale value stands as text that says so, a lacking one as none.

    Tables are those of the whole, of platforms, of towns and of other lines, as far as there are any. The
    result is signed with the runs behind it as inputs; it is none that a project records, for its figures
    are those of the ledger.

    Parameters
    ----------
    title : str
        What the assessment is called.
    """
    days = assessment.earlier.isoformat(), assessment.later.isoformat()
    by_axis: dict[str, list[AssessedLine]] = {"": []}
    for line in assessment.lines:
        axis = line.entry.line[0]
        by_axis.setdefault(axis if axis in _AXES else "zone", []).append(line)
    tables = tuple(
        _table(axis, by_axis[axis], days) for axis in ("", "platform", "town", "zone") if by_axis.get(axis)
    )
    run = RunRecord(
        uid=str(uuid.uuid4()),
        capability=ASSESSMENT,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=0.0,
        program_version=__version__,
        parameters={"plan": assessment.plan.key, "from": days[0], "to": days[1]},
        inputs=tuple(_inputs(assessment.lines)),
        method=(
            _("A series gives its last value up to a day, an analysis its last run recorded up to it."),
            _("No change is reckoned from a value that is lacking or stale."),
        ),
        rules={"plan": f"{assessment.plan.title}（{assessment.plan.period}）"},
    )
    behind = list(_kept_runs(assessment.lines))
    return Result(
        ASSESSMENT,
        f"{title} {days[0]} → {days[1]}",
        tables,
        (),
        (),
        run,
        demo=any(kept.demo for kept in behind),
        schematic=any(kept.schematic for kept in behind),
        secrecy=highest(*(kept.secrecy for kept in behind)),
    )


def _table(axis: str, lines: list[AssessedLine], days: tuple[str, str]) -> Table:
    name = _AXES.get(axis, _OTHERS)
    of = (Column("of", _("Of")),) if axis else ()
    columns = (
        Column("indicator", _("Indicator")),
        *of,
        Column("unit", _("Unit")),
        Column("then", days[0], "", _DIGITS),
        Column("now", days[1], "", _DIGITS),
        Column("change", _("Change"), "", _DIGITS),
        Column("course", _("Course")),
        Column("light", _("Progress light")),
        Column("department", _("Department")),
        Column("clause", _("Clause of the plan")),
        Column("formula", _("Formula")),
        Column("run", _("Runs behind it")),
        Column("reason", _("What is lacking or stale")),
    )
    return Table(axis or "whole", _(name), columns, tuple(map(_row, lines)), whole=True)


def _row(line: AssessedLine) -> Row:
    entry, change = line.entry, line.change if line.current else None
    light = shown_light(entry)
    course = line.course if line.current else Course.UNKNOWN
    sides = [side for side in (line.then, line.now) if side is not None]
    values: dict[str, Any] = {
        "indicator": entry.indicator.name,
        "of": entry.line[1],
        "unit": entry.indicator.unit,
        "then": _value(line.then),
        "now": _value(line.now),
        "change": change,
        "course": course.words,
        "light": light.words if light is not Light.NONE else "",
        "department": entry.indicator.department,
        "clause": entry.clause_place,
        "formula": entry.formula,
        "run": "；".join(dict.fromkeys(words for side in sides for words in _run_words(side))),
        "reason": "；".join(dict.fromkeys(text for side in sides for text in side.reasons)),
    }
    return Row(values, sources=entry.sources)


def _value(entry: LedgerEntry | None) -> Any:
    """Return a value as a number, one that is stale as words; None where it is lacking."""
    if entry is None or entry.value is None:
        return None
    return entry.value if state_of(entry) is EntryState.CURRENT else value_words(entry)


def _run_words(entry: LedgerEntry) -> list[str]:
    said = [
        _("Run {number} · {started} · {verdict}").format(
            number=run.number, started=run.run.started, verdict=run.verdict.words
        )
        for run in entry.runs
    ]
    typed = entry.typed
    if typed is not None and not said:
        said.append(_("Typed in for {day}: {source}").format(day=typed.on.isoformat(), source=typed.source))
    return said


def _inputs(lines: Iterable[AssessedLine]) -> Iterable[InputRecord]:
    """Yield the layers that the runs behind the values stood on, each state of one once."""
    seen: set[tuple[str, str]] = set()
    for kept in _kept_runs(lines):
        for used in kept.inputs:
            key = used.layer_uid, used.sha256
            if key not in seen:
                seen.add(key)
                yield InputRecord(**used.model_dump())


def _kept_runs(lines: Iterable[AssessedLine]) -> Iterable[KeptRun]:
    found = (
        run.run for line in lines for side in (line.then, line.now) if side is not None for run in side.runs
    )
    return {kept.uid: kept for kept in found if isinstance(kept, KeptRun)}.values()
