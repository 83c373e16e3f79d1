"""Columns of a table after some of its rows were changed, added or removed; most of them stay."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.array_runs import offsets_of
from layers.text_arrays import TextColumn, UidColumn
from zsgis.tabulation.columns import (
    NO_WORD,
    Column,
    NumberColumn,
    Numbers,
    Rows,
    WordColumn,
    narrow_codes,
    word_of,
)
from zsgis.tabulation.shelf import ColumnShelf

if TYPE_CHECKING:
    from layers.edits import FeatureChange, FeatureState
    from layers.store.table_reading import LayerKeys, LayerTable

_NEW = -1


@dataclass(frozen=True, eq=False)
class EditedTable:
    """A table after an edit.

    Attributes
    ----------
    shelf : ColumnShelf
        Its columns, as far as they were known.
    places : ndarray of int64, shape (rows before,)
        Which row each row is now; -1 for one that is gone.
    """

    shelf: ColumnShelf
    places: Rows


def edited_table(
    shelf: ColumnShelf, table: LayerTable, changes: Sequence[FeatureChange], fids: Mapping[str, int]
) -> EditedTable:
    """Return a table after edits of its layer.

    Parameters
    ----------
    shelf : ColumnShelf
        The table before, its keys read.
    table : LayerTable
        The layer as it is in the file now.
    changes : sequence of FeatureChange
        Of this layer, in their order.
    fids : mapping of str to int
        Keys of the changed features that are in the file now.
    """
    keys, columns = shelf.keys(), shelf.known_columns
    last = {change.zs_uid: change.after for change in changes}
    known = {keys.uids[row]: row for row in keys.uids.rows_of(last).tolist()}
    held = {
        uid for uid, row in known.items() if last[uid] and fids.get(uid, keys.fids[row]) == keys.fids[row]
    }
    gone = np.array(sorted(row for uid, row in known.items() if uid not in held), dtype=np.int64)
    fresh = [uid for uid, after in last.items() if after is not None and uid not in held and uid in fids]
    taken = _rows_taken(keys, gone, np.array([fids[uid] for uid in fresh], dtype=np.int64))
    renewed = _keys_of(keys, taken, fresh, fids)
    states = {uid: after for uid, after in last.items() if after is not None}
    same_rows = not len(gone) and not fresh
    fields = _fields_changed(changes)
    found = {}
    for name, column in columns.items():
        if same_rows and name not in fields:
            found[name] = column
            continue
        edited = _edited(column, taken, _values(renewed.uids, states, name))
        if edited is not None:
            found[name] = edited
    places = np.full(len(keys.fids), _NEW, dtype=np.int64)
    places[taken[taken != _NEW]] = np.flatnonzero(taken != _NEW)
    return EditedTable(ColumnShelf(table, keys=renewed, columns=found), places)


def _rows_taken(keys: LayerKeys, gone: Rows, fresh: Rows) -> Rows:
    """Return for each row after the edit the row it was before, -1 for a new one, in the order of keys."""
    rows = np.delete(np.arange(len(keys.fids)), gone)
    where = np.searchsorted(keys.fids[rows], np.sort(fresh))
    return np.insert(rows, where, _NEW)


def _keys_of(keys: LayerKeys, taken: Rows, fresh: Sequence[str], fids: Mapping[str, int]) -> LayerKeys:
    from layers.store.table_reading import LayerKeys

    if not fresh and len(taken) == len(keys.fids):
        return keys
    order = sorted(fresh, key=lambda uid: fids[uid])
    new = taken == _NEW
    width = max([keys.uids.names.dtype.itemsize, *(len(uid.encode()) for uid in order)])
    names = (
        keys.uids.names.astype(f"S{width}")[taken] if len(keys.fids) else np.empty(len(taken), f"S{width}")
    )
    numbers = keys.fids[taken] if len(keys.fids) else np.empty(len(taken), dtype=np.int64)
    names[new] = [uid.encode() for uid in order]
    numbers[new] = [fids[uid] for uid in order]
    return LayerKeys(numbers, UidColumn(names, np.argsort(names, kind="stable").astype(np.int64)))


def _fields_changed(changes: Sequence[FeatureChange]) -> set[str]:
    found: set[str] = set()
    for change in changes:
        before = change.before.values if change.before is not None else {}
        after = change.after.values if change.after is not None else {}
        found |= {name for name in {*before, *after} if before.get(name) != after.get(name)}
    return found


def _values(uids: UidColumn, states: Mapping[str, FeatureState], name: str) -> dict[int, Any]:
    """Return the values of changed features by their row now."""
    rows = uids.rows_of(states)
    return {row: states[uids[row]].values.get(name) for row in rows.tolist()}


def _edited(column: Column, taken: Rows, values: Mapping[int, Any]) -> Column | None:
    """Return a column after an edit; None where it must be read anew."""
    if isinstance(column, NumberColumn):
        return _edited_numbers(column, taken, values)
    return _edited_words(column, taken, values)


def _edited_numbers(column: NumberColumn, taken: Rows, values: Mapping[int, Any]) -> NumberColumn | None:
    kinds = {type(value) for value in values.values()} - {type(None)}
    if not kinds <= {int, float}:
        return None
    kind = np.float64 if float in kinds else column.values.dtype
    known: Numbers = np.zeros(len(taken), dtype=kind)
    missing = np.ones(len(taken), dtype=bool)
    old = taken != _NEW
    known[old], missing[old] = column.values[taken[old]], column.missing[taken[old]]
    for row, value in values.items():
        missing[row] = value is None or math.isnan(value)
        known[row] = 0 if missing[row] else value
    return NumberColumn(known, missing)


def _edited_words(column: WordColumn, taken: Rows, values: Mapping[int, Any]) -> WordColumn:
    codes = np.full(len(taken), NO_WORD, dtype=np.int32)
    old = taken != _NEW
    codes[old] = column.codes[taken[old]]
    texts = {row: word_of(value) for row, value in values.items()}
    wanted = {text for text in texts.values() if text}
    # the words before are looked through once, however many rows have changed
    places = {text: number for number, text in enumerate(column.words) if text in wanted}
    fresh = [text for text in dict.fromkeys(texts.values()) if text and text not in places]
    places |= {text: len(column.words) + number for number, text in enumerate(fresh)}
    for row, text in texts.items():
        codes[row] = places[text] if text else NO_WORD
    words = _with_words(column.words, fresh)
    return WordColumn(narrow_codes(codes, len(words)), words)


def _with_words(words: TextColumn, fresh: Sequence[str]) -> TextColumn:
    if not fresh:
        return words
    more = TextColumn.of(fresh)
    counts = np.concatenate([np.diff(words.offsets), np.diff(more.offsets)])
    return TextColumn(np.concatenate([words.data, more.data]), offsets_of(counts))
