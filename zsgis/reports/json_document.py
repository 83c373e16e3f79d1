"""A result as JSON: everything in it, under stable English keys."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from layers.whole_file import whole_file
from layers.words import _
from zsgis.result import NotDerivable, Result, Row, Table


def result_json(result: Result) -> dict[str, Any]:
    """Return a result as plain dicts, lists, text and numbers.

    Numbers are the printed ones. No data and not applicable are null; a figure that cannot be derived is
    ``{"not_derivable": reason}``.
    """
    return {
        "capability": result.capability,
        "title": result.title,
        "demo": result.demo,
        "schematic": result.schematic,
        "secrecy": result.secrecy,
        "tables": [_table(table) for table in result.tables],
        "findings": _plain(result.findings),
        "adjustments": _plain(result.adjustments),
        "facts": _plain(result.facts),
        "run": _plain(result.run),
    }


def write_json(result: Result, path: Path) -> Path:
    """Write a result as a JSON file and return it. The file appears whole or not at all.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    text = json.dumps(result_json(result), ensure_ascii=False, indent=1, allow_nan=False)
    with whole_file(path, _("The file cannot be written: {reason}")) as draft:
        draft.write_text(text, encoding="utf-8")
    return path


def _table(table: Table) -> dict[str, Any]:
    return {
        "key": table.key,
        "title": table.title,
        "columns": _plain(table.columns),
        "rows": [_row(row) for row in table.rows],
        "notes": list(table.notes),
    }


def _row(row: Row) -> dict[str, Any]:
    # the uids of half a million features are text already
    sources = {layer: list(uids) for layer, uids in row.sources.items()}
    return {"role": row.role.value, "values": _plain(row.values), "sources": sources}


def _plain(value: Any) -> Any:
    if isinstance(value, NotDerivable):
        return {"not_derivable": value.reason}
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list, set, frozenset)):
        return [_plain(item) for item in value]
    return _plain_number(value)


def _plain_number(value: Any) -> Any:
    """Return a number of any make as Python's own, NaN and infinity as None; anything else as it is."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)
