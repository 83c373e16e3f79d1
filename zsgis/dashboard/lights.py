"""The lights of the ledger: indicators that are behind first, then close, on course, stale."""

from __future__ import annotations

from collections import Counter

from layers.words import _
from zsgis.dashboard.model import BoardCell, BoardColumn, BoardPart, BoardRow
from zsgis.ledger.documents import shown_light
from zsgis.ledger.entries import EntryState, Ledger, LedgerEntry, state_of, value_words
from zsgis.ledger.lights import Light

_ORDER = (Light.RED, Light.YELLOW, Light.GREEN)


def light_part(ledger: Ledger) -> BoardPart:
    """Return the indicators that have a light or are stale; those without either are counted in the note."""
    whole = [entry for entry in ledger.entries if not entry.line[1]]
    shown = [entry for entry in whole if _rank(entry) is not None]
    shown.sort(key=lambda entry: _rank(entry) or 0)
    lights = Counter(shown_light(entry) for entry in whole)
    states = Counter(state_of(entry) for entry in whole)
    counts = [f"{light.words} {lights[light]:,}" for light in _ORDER]
    counts += [f"{state.words} {states[state]:,}" for state in (EntryState.STALE, EntryState.MISSING)]
    columns = (
        BoardColumn(_("Indicator")),
        BoardColumn(_("Value"), digits=0),
        BoardColumn(_("Unit")),
        BoardColumn(_("Progress light")),
    )
    title = _("Lights of the ledger")
    return BoardPart("lights", title, columns, tuple(map(_row, shown)), " · ".join(counts))


def _rank(entry: LedgerEntry) -> int | None:
    """Return where an entry stands in the list; None for one that is not in it."""
    light = shown_light(entry)
    if light in _ORDER:
        return _ORDER.index(light)
    return len(_ORDER) if state_of(entry) is EntryState.STALE else None


def _row(entry: LedgerEntry) -> BoardRow:
    light, stale = shown_light(entry), state_of(entry) is EntryState.STALE
    note = "\n".join(filter(None, (entry.judged.reason, *entry.reasons)))
    said = state_of(entry).words if stale else light.words
    return BoardRow(
        (
            BoardCell(None, entry.name, entry.sources, entry.clause_place),
            BoardCell(entry.value, value_words(entry), entry.sources, note, stale),
            BoardCell(None, entry.indicator.unit, entry.sources),
            BoardCell(None, said, entry.sources, note, stale),
        )
    )
