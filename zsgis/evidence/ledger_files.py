"""The ledger of the day: for programs, as a table, and as text."""

from __future__ import annotations

from layers.words import _
from zsgis.evidence.model import LEDGER
from zsgis.evidence.packing import Packer
from zsgis.ledger.documents import ledger_document, ledger_lines, shown_light
from zsgis.ledger.entries import Ledger, LedgerEntry, state_of, value_words


def pack_ledger(packer: Packer, ledger: Ledger) -> None:
    """Write the ledger; a value that is stale or lacking says so."""
    packer.json(f"{LEDGER}/ledger.json", ledger_document(ledger))
    packer.text(f"{LEDGER}/ledger.txt", "\n".join(ledger_lines(ledger, whole=False)) + "\n", marked=True)
    heading = [
        _("Indicator"),
        _("Value"),
        _("Unit"),
        _("State"),
        _("Target"),
        _("Traffic light"),
        _("Clause of the plan"),
        _("Department"),
        _("Formula"),
        _("Runs"),
        _("Why"),
    ]
    packer.rows(f"{LEDGER}/ledger.csv", [heading, *(_row(entry) for entry in ledger.entries)])


def _row(entry: LedgerEntry) -> list[object]:
    target = entry.indicator.target
    return [
        entry.name,
        value_words(entry).replace(",", ""),
        entry.indicator.unit,
        state_of(entry).words,
        "" if target is None else f"{target.value:g} ({target.year})",
        shown_light(entry).words,
        entry.clause_place,
        entry.indicator.department,
        entry.formula,
        " ".join(str(run.number) for run in entry.runs),
        " ".join((*entry.reasons, *entry.notes)),
    ]
