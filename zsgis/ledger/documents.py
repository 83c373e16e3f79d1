"""The ledger for programs (JSON) and as lines of text."""

from __future__ import annotations

from typing import Any

from layers.words import _
from zsgis.ledger.assessing import Assessment, Course
from zsgis.ledger.comparing import RunComparison, who_words
from zsgis.ledger.entries import EntryState, Ledger, LedgerEntry, state_of, value_words
from zsgis.ledger.lights import Light
from zsgis.ledger.standing import RunStanding
from zsgis.ledger.verifying import run_title
from zsgis.run_records import Figure, FigureDifference, KeptRun, figures_of

_SHOWN_DIFFERENCES = 20


def standing_document(standing: RunStanding) -> dict[str, Any]:
    """Return a run and what is to be thought of it, JSON-able."""
    run = standing.run
    kept: dict[str, Any] = {}
    if isinstance(run, KeptRun):
        kept = {
            "who": run.who,
            "machine": run.machine,
            "program_version": run.program_version,
            "parameters": dict(run.parameters),
            "inputs": [used.model_dump() for used in run.inputs],
            "rules": dict(run.rules),
            "rule_files": [rule.model_dump() for rule in run.rule_files],
            "figures": len(figures_of(run)),
        }
    return {
        "number": standing.number,
        "uid": run.uid,
        "capability": run.capability,
        "title": run_title(run),
        "started": run.started,
        **kept,
        "verdict": standing.verdict.value,
        "verdict_words": standing.verdict.words,
        "run_again": standing.again,
        "reasons": list(standing.reasons),
        "changed_features": [
            {
                "layer": change.input.name,
                "layer_uid": change.input.layer_uid,
                "gone": change.gone,
                "features": [
                    {"zs_uid": one.zs_uid, "name": one.name, "fate": one.fate.value}
                    for one in change.features
                ],
            }
            for change in standing.inputs
        ],
        "differences": [difference_document(each) for each in standing.differences],
        "tables_that_differ": list(standing.unkept),
    }


def difference_document(difference: FigureDifference) -> dict[str, Any]:
    """Return a figure that is another now, JSON-able."""
    table, row, column = difference.key
    return {
        "table": table,
        "row": row,
        "column": column,
        "title": difference.title,
        "unit": difference.unit,
        "before": None if difference.before is None else difference.before.value,
        "after": None if difference.after is None else difference.after.value,
        "change": difference.change,
    }


def comparison_document(comparison: RunComparison) -> dict[str, Any]:
    """Return two runs side by side, JSON-able."""
    return {
        "first": comparison.first.uid,
        "second": comparison.second.uid,
        "circumstances": [
            {"name": side.name, "first": side.first, "second": side.second, "same": side.same}
            for side in comparison.circumstances
        ],
        "same_figures": comparison.same,
        "differences": [difference_document(each) for each in comparison.differences],
        "tables_that_differ": list(comparison.unkept),
    }


def standing_lines(standing: RunStanding) -> list[str]:
    """Return a run and what is to be thought of it, as text."""
    run = standing.run
    who = who_words(run) if isinstance(run, KeptRun) else "-"
    lines = [f"{standing.number}  {run.started}  {run_title(run)}  {who}  {standing.verdict.words}"]
    lines += [f"    {reason}" for reason in standing.reasons]
    lines += [f"    {line}" for line in difference_lines(standing.differences)]
    for title in standing.unkept:
        lines.append(
            "    " + _("Table “{title}” differs in rows that the record did not keep.").format(title=title)
        )
    if standing.again and standing.inputs and not standing.differences and not standing.unkept:
        lines.append("    " + _("Run again, it gives the same figures."))
    return lines


def difference_lines(differences: tuple[FigureDifference, ...]) -> list[str]:
    """Return figures that are another, before and after, the first twenty."""
    lines = [
        f"{each.title}: {figure_words(each.before)} → {figure_words(each.after)} {each.unit}".rstrip()
        for each in differences[:_SHOWN_DIFFERENCES]
    ]
    more = len(differences) - _SHOWN_DIFFERENCES
    if more > 0:
        lines.append(_("and {count} more figures").format(count=f"{more:,}"))
    return lines


def figure_words(figure: Figure | None) -> str:
    """Return a figure as printed; a dash where there is none."""
    if figure is None or figure.value is None:
        return "-"
    if isinstance(figure.value, dict):
        return str(figure.value.get("not_derivable", "-"))
    if figure.digits is not None and isinstance(figure.value, (int, float)):
        return f"{figure.value:,.{figure.digits}f}"
    return str(figure.value)


def comparison_lines(comparison: RunComparison) -> list[str]:
    """Return two runs side by side, as text; circumstances that are the same are left out."""
    lines = [
        f"{side.name}: {side.first} | {side.second}" for side in comparison.circumstances if not side.same
    ]
    said = _("{same} figures are the same, {other} differ.")
    lines.append(said.format(same=f"{comparison.same:,}", other=f"{len(comparison.differences):,}"))
    lines += difference_lines(comparison.differences)
    for title in comparison.unkept:
        lines.append(_("Table “{title}” differs in rows that the record did not keep.").format(title=title))
    return lines


def entry_document(entry: LedgerEntry) -> dict[str, Any]:
    """Return a value with all that leads to it, JSON-able; a stale one is never under ``value``."""
    indicator, state = entry.indicator, state_of(entry)
    current = state is EntryState.CURRENT
    return {
        "key": indicator.key,
        "name": entry.name,
        "by": entry.line[0],
        "line": entry.line[1],
        "on": entry.on.isoformat(),
        "value": entry.value if current else None,
        "stale_value": entry.value if state is EntryState.STALE else None,
        "unit": indicator.unit,
        "state": state.value,
        "reasons": list(entry.reasons),
        "missing": list(entry.missing),
        "notes": list(entry.notes),
        "target": None if indicator.target is None else indicator.target.model_dump(),
        "gap": entry.gap if current else None,
        "light": entry.judged.light.value if current else Light.NONE.value,
        "light_reason": entry.judged.reason,
        "department": indicator.department,
        "clause": entry.clause_place,
        "clause_text": entry.clause_text,
        "formula": entry.formula,
        "runs": [
            {"uid": run.run.uid, "number": run.number, "verdict": run.verdict.value} for run in entry.runs
        ],
        "parcels": {layer: list(uids) for layer, uids in entry.sources.items()},
        "parcels_left_out": entry.sources_left_out,
    }


def ledger_document(ledger: Ledger) -> dict[str, Any]:
    """Return the ledger of a day, JSON-able."""
    return {
        "plan": ledger.plan.key,
        "on": ledger.on.isoformat(),
        "light_rule": ledger.rule.words,
        "entries": [entry_document(entry) for entry in ledger.entries],
        "runs": [standing_document(run) for run in ledger.runs],
    }


def ledger_lines(ledger: Ledger, *, whole: bool = True) -> list[str]:
    """Return the ledger of a day, as text; ``whole`` leaves out the lines of platforms and towns."""
    lines = [f"{ledger.plan.title}  {ledger.on.isoformat()}"]
    for entry in ledger.entries:
        if whole and entry.line[1]:
            continue
        unit = entry.indicator.unit if entry.value is not None else ""
        light = entry.judged.light.words if shown_light(entry) is not Light.NONE else ""
        lines.append("  ".join(filter(None, (entry.name, f"{value_words(entry)} {unit}".rstrip(), light))))
        lines += [f"    {text}" for text in (*entry.reasons, *entry.notes)]
    lines += ["", *(_run_line(run) for run in ledger.runs)]
    return lines


def shown_light(entry: LedgerEntry) -> Light:
    """Return the light that may be shown: a value that is not current has none."""
    return entry.judged.light if state_of(entry) is EntryState.CURRENT else Light.NONE


def _run_line(standing: RunStanding) -> str:
    return standing_lines(standing)[0]


def assessment_document(assessment: Assessment) -> dict[str, Any]:
    """Return an assessment, JSON-able."""
    return {
        "plan": assessment.plan.key,
        "earlier": assessment.earlier.isoformat(),
        "later": assessment.later.isoformat(),
        "lines": [
            {
                "key": line.key,
                "name": line.name,
                "then": None if line.then is None else entry_document(line.then),
                "now": None if line.now is None else entry_document(line.now),
                "change": line.change if line.current else None,
                "course": (line.course if line.current else Course.UNKNOWN).value,
            }
            for line in assessment.lines
        ],
    }


def assessment_lines(assessment: Assessment) -> list[str]:
    """Return an assessment as text, a line each."""
    lines = [f"{assessment.plan.title}  {assessment.earlier.isoformat()} → {assessment.later.isoformat()}"]
    for line in assessment.lines:
        sides = [_("Data lacking") if one is None else value_words(one) for one in (line.then, line.now)]
        course = (line.course if line.current else Course.UNKNOWN).words
        lines.append(f"{line.name}: {sides[0]} → {sides[1]} {line.entry.indicator.unit}  {course}")
    return lines
