"""Annexes: the runs with inputs and rules, and what was left out of the figures."""

from __future__ import annotations

from collections.abc import Iterator

from layers.words import _
from zsgis.ledger.comparing import who_words
from zsgis.ledger.verifying import run_title
from zsgis.reports.securing.blocks import Content, Paragraph
from zsgis.reports.securing.material import Material, kept_of
from zsgis.reports.securing.parts.making import made_table
from zsgis.result import Column

_SHORT = 12


def runs(material: Material) -> list[Content]:
    """Return the runs that figures came from, each with what is to be thought of it."""
    if not material.used:
        return [Paragraph(_("No analysis was run in this project yet."))]
    columns = (
        Column("number", _("Number of the run")),
        Column("title", _("Analysis")),
        Column("started", _("When (UTC)")),
        Column("who", _("Who")),
        Column("program", _("Program")),
        Column("verdict", _("Verdict")),
        Column("uid", _("Identifier")),
        Column("inputs", _("Inputs: version, SHA-256")),
    )
    rows = []
    for standing in material.used:
        run = kept_of(standing)
        inputs = {f"{item.name} v{item.version} {item.sha256[:_SHORT]}": None for item in run.inputs}
        rows.append(
            {
                "number": str(standing.number),
                "title": run_title(run),
                "started": run.started[:16].replace("T", " "),
                "who": who_words(run),
                "program": run.program_version,
                "verdict": standing.verdict.words,
                "uid": run.uid[:8],
                "inputs": "；".join(inputs),
            }
        )
    return [made_table("runs", _("Runs that figures came from"), columns, rows)]


def rules(material: Material) -> list[Content]:
    """Return the rule files that decided something, with their status."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    used: dict[tuple[str, str], list[str]] = {}
    for standing in material.used:
        for rule in kept_of(standing).rule_files:
            key = (rule.file, rule.sha256)
            used.setdefault(key, []).append(str(standing.number))
            found.setdefault(
                key,
                {
                    "title": rule.title,
                    "version": rule.version,
                    "status": rule.status,
                    "source": rule.source,
                    "sha256": rule.sha256[:_SHORT],
                },
            )
    if not found:
        return []
    columns = (
        Column("title", _("Rule")),
        Column("version", _("Version")),
        Column("status", _("Status")),
        Column("source", _("Where it comes from")),
        Column("sha256", _("SHA-256 (first 12)")),
        Column("runs", _("Runs")),
    )
    rows = [{**row, "runs": "、".join(dict.fromkeys(used[key]))} for key, row in found.items()]
    return [made_table("rules", _("Rules that decided something"), columns, rows)]


def left_out(material: Material) -> list[Content]:
    """Return what the ledger and the runs say they did not count or did not keep."""
    sentences = list(dict.fromkeys([*_not_kept(material), *_noted(material)]))
    if not sentences:
        return [Paragraph(_("Ledger and runs name nothing that was left out."))]
    return [Paragraph(text, listed=True) for text in sentences]


def _not_kept(material: Material) -> Iterator[str]:
    for standing in material.used:
        for table in kept_of(standing).tables:
            if table.left_out:
                yield _("Run {number}, table “{table}”: {count} rows were not kept with the run.").format(
                    number=standing.number, table=table.title, count=f"{table.left_out:,}"
                )


def _noted(material: Material) -> Iterator[str]:
    for entry in material.ledger.entries:
        for note in entry.notes:
            yield _("Indicator “{name}”: {missing}").format(name=entry.name, missing=note)
