"""What stands on top of the folder: what it is, what lies in it, and how to prove it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from layers.formats.secrecy_mark import mark_of
from layers.standing import SCHEMATIC
from layers.words import _
from zsgis.evidence.model import INPUTS, LEDGER, LOG, MANIFEST, RULES, RUNS, SHEETS, SUMS
from zsgis.ledger.standing import RunStanding
from zsgis.ledger.verifying import run_title


def readme_text(manifest: Mapping[str, Any], standings: Sequence[RunStanding], notes: Sequence[str]) -> str:
    """Return the text in the user's language, Windows line ends."""
    made, project = manifest["made"], manifest["project"]
    secrecy = manifest["secrecy"]
    lines = [mark_of(secrecy)] if mark_of(secrecy) else []
    if manifest["demo"]:
        lines.append(_("Demonstration data, not real boundaries"))
    if manifest["schematic"]:
        lines.append(SCHEMATIC)
    lines += [
        _("Evidence folder of “{title}”").format(title=project["title"]),
        "",
        _("Made {moment} by {who} at {machine} with zsgis {version}.").format(
            moment=made["moment"],
            who=made["who"] or "-",
            machine=made["machine"] or "-",
            **manifest["program"],
        ),
    ]
    approval = manifest["approval"]
    if approval["by"]:
        lines.append(_("Approved by {by}: {why}").format(**approval))
    lines += [
        _("Ledger as of {day}; runs {how}.").format(
            day=manifest["ledger_on"],
            how=_("were run again") if manifest["run_again"] else _("were compared, not run again"),
        ),
        "",
        _("What lies where"),
        *(f"  {name}  {text}" for name, text in _contents()),
        "",
        _("Runs"),
    ]
    for standing in standings:
        lines.append(f"  {standing.number:03d}  {run_title(standing.run)}  {standing.verdict.words}")
        lines += [f"       {reason}" for reason in standing.reasons]
    if not standings:
        lines.append("  " + _("No analysis was run in this project yet."))
    if notes:
        lines += ["", _("What is not in the folder"), *(f"  {note}" for note in notes)]
    lines += [
        "",
        _("How to prove it"),
        "  " + _("Unpacked: sha256sum -c {sums}").format(sums=SUMS),
        "  " + _("Against the project: zsgis evidence --check FILE.zip PROJECT"),
        "  " + _("The project's register of exports keeps the SHA-256 of the whole file."),
    ]
    return "\r\n".join(lines) + "\r\n"


def _contents() -> list[tuple[str, str]]:
    return [
        (f"{INPUTS}/", _("layers with version, number of features and SHA-256 of what they hold")),
        (f"{RULES}/", _("rule files and the plan's files, with SHA-256, status and day")),
        (f"{RUNS}/", _("each run: record, tables, parcels behind each row, what is thought of it, pictures")),
        (f"{SHEETS}/", _("sheets that were exported and lie where they were written to")),
        (f"{LEDGER}/", _("the ledger of the day: for programs, as a table, as text")),
        (f"{LOG}/", _("journal, edits, register of exports: who, when, what")),
        (MANIFEST, _("every file with its SHA-256, for programs")),
        (SUMS, _("the same for sha256sum")),
    ]
