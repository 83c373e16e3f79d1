"""Names in the project file: tables and columns that any program can show, quoted wherever they go."""

from __future__ import annotations

import re
from collections.abc import Iterable

RESERVED_COLUMNS = frozenset({"fid", "geom", "geometry", "zs_uid", "zs_version"})
_NOT_IN_COLUMNS = re.compile(r"[\x00-\x1f\x7f\"]+")
# a table's name also serves in file names, links and other programs' layer addresses
_NOT_IN_TABLES = re.compile(r"[\x00-\x1f\x7f\"'`;|\\/:*?<>\[\]]+")
_OWN_PREFIXES = ("gpkg_", "sqlite_", "rtree_", "zs_", "layer_styles")
_LONGEST = 80


def quoted(name: str) -> str:
    """Return ``name`` as an SQL identifier."""
    if "\x00" in name:
        raise ValueError("a NUL character in an SQL identifier")
    return '"' + name.replace('"', '""') + '"'


def unique_name(name: str, taken: Iterable[str]) -> str:
    """Return ``name``, or ``name_2``, ``name_3`` ... where it is taken (letter case does not count)."""
    known = {other.casefold() for other in taken}
    candidate, number = name, 1
    while candidate.casefold() in known:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def table_name(layer_name: str, taken: Iterable[str]) -> str:
    """Return the table name of a layer: its own name where other programs can bear it."""
    name = _clean(layer_name, _NOT_IN_TABLES) or "layer"
    if name.casefold().startswith(_OWN_PREFIXES):
        name = f"layer_{name}"
    return unique_name(name, taken)


def column_name(name: str, taken: Iterable[str]) -> str:
    """Return a column name that clashes neither with the program's own nor with those taken."""
    clean = _clean(name, _NOT_IN_COLUMNS) or "field"
    lower = clean.casefold()
    if lower in RESERVED_COLUMNS or lower.startswith("zs_"):
        clean = f"source_{clean}"
    return unique_name(clean, taken)


def _clean(name: str, unwanted: re.Pattern[str]) -> str:
    # a lone surrogate cannot be written as UTF-8
    text = name.encode("utf-8", "replace").decode("utf-8")
    return unwanted.sub("_", text).strip()[:_LONGEST].strip()
