"""Values and names on their way into the database: what PostgreSQL cannot hold is refused, never bent."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from layers.errors import InputError
from layers.kind import FieldType
from layers.store.naming import unique_name
from layers.store.postgis.plans import LayerPlan
from layers.words import _

LONGEST_NAME = 63
"""How many bytes of a name PostgreSQL keeps."""

_MARK_BYTES = 8


def fitted_name(name: str, taken: Iterable[str]) -> str:
    """Return a name that PostgreSQL keeps whole and that is not taken; a long one ends in its own mark."""
    # the library takes a per cent sign in a name for a parameter
    name = name.replace("%", "_")
    if len(name.encode()) > LONGEST_NAME:
        mark = hashlib.sha256(name.encode()).hexdigest()[:_MARK_BYTES]
        name = name.encode()[: LONGEST_NAME - _MARK_BYTES - 1].decode(errors="ignore") + "_" + mark
    known = set(taken)
    made = unique_name(name, known)
    # a number behind a name of full length would be cut off again
    return made if len(made.encode()) <= LONGEST_NAME else fitted_name(made, known)


def for_column(value: Any, kind: FieldType, where: str) -> Any:
    """Return a value of the project file as a parameter for a column.

    Raises
    ------
    InputError
        For a text with a NUL character, which PostgreSQL cannot hold.
    """
    if value is None:
        return None
    if kind is FieldType.BOOLEAN:
        return bool(value)
    if isinstance(value, float):
        # as in the project file: what is no number is no data, and zero has no sign
        return None if math.isnan(value) else value + 0.0
    if isinstance(value, str) and "\x00" in value:
        raise InputError(
            _("A text holds the character NUL, which a database cannot hold."),
            where=where,
            remedy=_("Remove it from the text."),
        )
    return value


def check_texts(values: Sequence[Any], where: str) -> None:
    """Refuse texts that PostgreSQL cannot hold.

    Raises
    ------
    InputError
    """
    for value in values:
        for_column(value, FieldType.TEXT, where)


def row_values(plan: LayerPlan, text: str | None) -> Mapping[str, Any]:
    """Return the fields of a row that the history keeps as JSON, as the project file holds them."""
    if text is None:
        return {}
    row: dict[str, Any] = json.loads(text)
    return {name: _from_json(row.get(column), plan.type_of(name)) for name, column in plan.columns.items()}


def row_mark(text: str) -> tuple[int, int]:
    """Return version and number of a row that the history keeps as JSON."""
    row = json.loads(text)
    return int(row["zs_version"]), int(row["fid"])


def _from_json(value: Any, kind: FieldType) -> Any:
    if value is None:
        return None
    if kind is FieldType.NUMBER:
        return float(value)  # "Infinity" too
    if kind is FieldType.BOOLEAN:
        return int(value)
    return value
