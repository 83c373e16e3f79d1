"""The SQL functions that the R-tree triggers of a GeoPackage call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import apsw

from layers.store.blob import envelope

_POSITIONS = {"ST_MinX": 0, "ST_MaxX": 1, "ST_MinY": 2, "ST_MaxY": 3}


def register_functions(connection: apsw.Connection) -> None:
    """Make ``ST_MinX`` .. ``ST_MaxY`` and ``ST_IsEmpty`` known; what is no geometry gives NULL."""
    # innocuous: allowed inside triggers although the file's schema is not trusted
    flags = apsw.SQLITE_INNOCUOUS
    for name, position in _POSITIONS.items():
        connection.create_scalar_function(name, _bound(position), 1, deterministic=True, flags=flags)
    connection.create_scalar_function("ST_IsEmpty", _is_empty, 1, deterministic=True, flags=flags)


def _bound(position: int) -> Callable[..., Any]:
    def bound(*values: Any) -> Any:
        (blob,) = values
        box = _envelope(blob)
        return None if box is None else box[position]

    return bound


def _is_empty(*values: Any) -> Any:
    (blob,) = values
    if not isinstance(blob, bytes):
        return None
    return int(_envelope(blob) is None)


def _envelope(blob: Any) -> tuple[float, float, float, float] | None:
    if not isinstance(blob, bytes):
        return None
    try:
        return envelope(blob)
    except ValueError:
        return None
