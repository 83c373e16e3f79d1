"""Entries of the journal about features, and a feature taken through them, forward and back."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import apsw

from layers.store.database import rows
from layers.store.edits.deltas import DeltaMismatchError, after_of, before_of, shape_delta
from layers.store.edits.journal_values import load_state

_COLUMNS = "id, time, who, action, layer_uid, feature_uid, before, after, edit_uid, layer_version, shape"
FEATURE_ACTIONS = ("add_feature", "change_feature", "remove_feature")


@dataclass(frozen=True)
class Row:
    """A feature as its table holds it, without its identifier."""

    version: int
    blob: bytes | None
    values: Mapping[str, Any]
    fid: int = 0


@dataclass(frozen=True)
class Entry:
    """One entry about one feature.

    Attributes
    ----------
    before, after : mapping
        ``version``, ``values`` and, for features that came or went, ``fid``; empty where there was none.
    shape : bytes or None
        The difference of the shapes; see :mod:`layers.store.edits.deltas`.
    """

    number: int
    time: str
    who: str
    action: str
    layer_uid: str
    zs_uid: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    edit_uid: str
    layer_version: int
    shape: bytes | None

    @property
    def changed(self) -> tuple[str, ...]:
        """Fields that are said to have changed, ``geometry`` among them."""
        names = dict.fromkeys([*self.before.get("values", {}), *self.after.get("values", {})])
        return (*names, *(("geometry",) if self.shape is not None else ()))

    @property
    def parents(self) -> tuple[str, ...]:
        """The features it was made from or took land from."""
        return tuple(self.after.get("parents", ()))

    def back(self, row: Row | None) -> Row | None:
        """Return the feature before the entry, from the feature after it.

        Raises
        ------
        DeltaMismatchError
            When the feature is not as the entry left it.
        """
        return self._turned(row, self.after, self.before, before_of)

    def forward(self, row: Row | None) -> Row | None:
        """Return the feature after the entry, from the feature before it; raises as :meth:`back`."""
        return self._turned(row, self.before, self.after, after_of)

    def _turned(
        self, row: Row | None, known: Mapping[str, Any], wanted: Mapping[str, Any], turn: Any
    ) -> Row | None:
        if (row is None) != (not known):
            raise DeltaMismatchError("a feature that should not be there, or one that should")
        held = {} if row is None else row.values
        for name, value in known.get("values", {}).items():
            if name not in held or not same_value(held[name], value):
                raise DeltaMismatchError(f"another value in {name}")
        blob = None if row is None else row.blob
        if self.shape is not None:
            blob = turn(self.shape, blob)
        if not wanted:
            return None
        fid = int(wanted.get("fid", 0)) or (row.fid if row is not None else 0)
        return Row(int(wanted["version"]), blob, {**held, **wanted["values"]}, fid)


def same_value(first: Any, second: Any) -> bool:
    """Tell whether two stored values are alike, type included; two that are no numbers are."""
    return type(first) is type(second) and (first == second or _is_nan(first, second))


def _is_nan(*values: Any) -> bool:
    return all(isinstance(value, float) and math.isnan(value) for value in values)


def entries(connection: apsw.Connection, condition: str, values: Iterable[Any]) -> list[Entry]:
    """Return the entries that meet a condition on ``zs_journal``, with its order."""
    return [
        _entry(row)
        for row in rows(connection, f"SELECT {_COLUMNS} FROM zs_journal WHERE {condition}", tuple(values))
    ]


def entries_of_edit(connection: apsw.Connection, edit_uid: str) -> list[Entry]:
    """Return what an edit did, in its order."""
    return entries(connection, "edit_uid = ? ORDER BY id", (edit_uid,))


def _entry(row: tuple[Any, ...]) -> Entry:
    number, time, who, action, layer, zs_uid, before, after, edit_uid, layer_version, shape = row
    known = action in FEATURE_ACTIONS
    old, new = (load_state(before), load_state(after)) if known else ({}, {})
    if shape is None and known:
        shape = _shape_of_first_format(old, new)
    return Entry(
        number,
        time,
        who,
        action,
        layer or "",
        zs_uid or "",
        old,
        new,
        edit_uid or "",
        layer_version or 0,
        shape,
    )


def _shape_of_first_format(before: Mapping[str, Any], after: Mapping[str, Any]) -> bytes | None:
    """Return the difference of shapes that an entry of format 1 holds whole, in base 64."""
    if "geometry" not in after:
        return None
    old = base64.b64decode(before["geometry"]) if "geometry" in before else None
    return shape_delta(old, base64.b64decode(after["geometry"]))
