"""What is behind, lacking or no longer holds: facts that follow from ledger and runs, no words of advice."""

from __future__ import annotations

from collections.abc import Iterator

from layers.words import _
from zsgis.ledger.entries import EntryState, LedgerEntry, state_of, value_words
from zsgis.ledger.lights import Light
from zsgis.ledger.terms import WHOLE
from zsgis.ledger.verifying import run_title
from zsgis.reports.securing.blocks import Content, Heading, Paragraph
from zsgis.reports.securing.material import Material, analysis_title, stale_reasons
from zsgis.reports.securing.parts.making import made_table
from zsgis.reports.securing.run_tables import run_table
from zsgis.result import Column, RowRole


def problems(material: Material, wanted: tuple[str, ...]) -> list[Content]:
    """Return what is to be told, in groups; one sentence says so where there is nothing."""
    groups = (
        (_("Indicators behind their target"), list(_behind(material))),
        (_("What an allocation lacks"), list(_lacking(material))),
        (_("Data to be entered"), list(_to_enter(material))),
        (_("Figures to be made again"), list(_again(material, wanted))),
    )
    tables = {_("Data to be entered"): _missing(material)}
    contents: list[Content] = []
    for title, sentences in groups:
        table = tables.get(title, [])
        if sentences or table:
            contents.append(Heading(title))
            contents += [Paragraph(text, listed=True) for text in sentences]
            contents += table
    return contents or [Paragraph(_("Ledger and runs show nothing that is behind, lacking or stale."))]


def _whole(material: Material) -> Iterator[LedgerEntry]:
    return (entry for entry in material.ledger.entries if entry.line == WHOLE)


def _behind(material: Material) -> Iterator[str]:
    for entry in _whole(material):
        behind = entry.judged.light in (Light.RED, Light.YELLOW)
        if behind and state_of(entry) is EntryState.CURRENT:
            yield _("{light} {name}: {value} {unit}. {reason} (plan, {place})").format(
                light=entry.judged.light.words,
                name=entry.name,
                value=value_words(entry),
                unit=entry.indicator.unit,
                reason=entry.judged.reason,
                place=entry.clause_place,
            )


def _lacking(material: Material) -> Iterator[str]:
    standing = material.latest.get("allocate")
    kept = None if standing is None else run_table(standing, "lacking")
    if standing is None or kept is None or not standing.current:
        return
    for row in kept.rows:
        if row.role == RowRole.BODY.value:
            said = [
                f"{column.title} {_said(row.values[column.key], column.digits)}{column.unit}"
                for column in kept.columns
                if row.values.get(column.key) not in (None, "")
                and not isinstance(row.values[column.key], dict)
            ]
            yield _("{facts} (run {number})").format(facts="，".join(said), number=standing.number)


def _said(value: object, digits: int | None) -> str:
    return f"{value:,.{digits or 0}f}" if isinstance(value, (int, float)) else str(value)


def _to_enter(material: Material) -> Iterator[str]:
    standing = material.latest.get("demand")
    kept = None if standing is None else run_table(standing, "projects")
    if standing is not None and kept is not None and standing.current:
        body = [row for row in kept.rows if row.role == RowRole.BODY.value]
        without = sum(not isinstance(row.values.get("wanted_m2"), (int, float)) for row in body)
        if without:
            yield _("{without} of {count} projects have no area wanted yet (run {number}).").format(
                without=without, count=len(body), number=standing.number
            )


def _missing(material: Material) -> list[Content]:
    """Return the indicators that cannot be computed, each with what is missing for it."""
    rows = [
        {
            "name": entry.name,
            "missing": "；".join(text.rstrip("。.") for text in entry.missing),
            "clause": entry.clause_place,
        }
        for entry in _whole(material)
        if state_of(entry) is EntryState.MISSING
    ]
    if not rows:
        return []
    columns = (
        Column("name", _("Indicator")),
        Column("missing", _("What is missing")),
        Column("clause", _("Place in the plan")),
    )
    title = _("Indicators that cannot be computed yet")
    return [made_table("problems.missing", title, columns, rows)]


def _again(material: Material, wanted: tuple[str, ...]) -> Iterator[str]:
    for key in wanted:
        if key not in material.latest:
            yield _("“{title}” was not run yet (zsgis run {key} PROJECT).").format(
                title=analysis_title(key), key=key
            )
    for standing in material.used:
        if not standing.current:
            yield _("{title}: {reasons}").format(
                title=run_title(standing.run), reasons=" ".join(stale_reasons(standing))
            )
