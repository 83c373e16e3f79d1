"""The parcels behind the rows of a run, packed so that a record stays small.

Features are named once for each layer, 16 bytes each; rows point at them. Rows of several tables often stand
on the same parcels, so each set is held once.
"""

from __future__ import annotations

import base64
import json
import uuid
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from zsgis.result import Row, RowRole, Table

MOST_FEATURES = 50_000
"""More than these are not kept with a run: it is run again to get at them."""
_MOST_BYTES = 64_000_000

MOST_ROWS = 1_000
"""Of a longer table only subtotals and totals are kept."""

Sources = Mapping[str, tuple[str, ...]]


def rows_kept(table: Table) -> tuple[Row, ...]:
    """Return the rows of a table that a record keeps."""
    if len(table.rows) <= MOST_ROWS:
        return table.rows
    return tuple(row for row in table.rows if row.role is not RowRole.BODY)


def packed_sources(tables: Sequence[Table]) -> tuple[str, int]:
    """Return the sources of all rows as text, and 0; or nothing and their number where they are too many."""
    places: dict[str, dict[str, int]] = {}
    for table in tables:
        for row in rows_kept(table):
            for layer, uids in row.sources.items():
                known = places.setdefault(layer, {})
                for uid in uids:
                    known.setdefault(uid, len(known))
    count = sum(len(known) for known in places.values())
    if count > MOST_FEATURES:
        return "", count
    if count == 0:
        return "", 0
    layers = list(places)
    sets: dict[str, int] = {}
    rows = {
        table.key: [
            [
                [
                    layers.index(layer),
                    sets.setdefault(_steps([places[layer][uid] for uid in uids]), len(sets)),
                ]
                for layer, uids in row.sources.items()
                if uids
            ]
            for row in rows_kept(table)
        ]
        for table in tables
    }
    document = {
        "layers": {layer: _named(list(known)) for layer, known in places.items()},
        "sets": list(sets),
        "rows": rows,
    }
    packed = zlib.compress(json.dumps(document, separators=(",", ":")).encode(), 6)
    return base64.b64encode(packed).decode(), 0


def unpacked_sources(packed: str) -> dict[str, tuple[Sources, ...]]:
    """Return the sources of each row by the key of its table; nothing for an empty text.

    Raises
    ------
    ValueError
        When the text is none that :func:`packed_sources` makes.
    """
    if not packed:
        return {}
    unzip = zlib.decompressobj()
    try:
        document: Any = json.loads(unzip.decompress(base64.b64decode(packed, validate=True), _MOST_BYTES))
        names = [(layer, _unnamed(uids)) for layer, uids in document["layers"].items()]
        sets = [_places(steps) for steps in document["sets"]]
        return {
            key: tuple(
                {names[layer][0]: tuple(names[layer][1][place] for place in sets[one]) for layer, one in row}
                for row in rows
            )
            for key, rows in document["rows"].items()
        }
    except (zlib.error, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise ValueError("no packed sources") from error


def _named(uids: list[str]) -> list[str]:
    """Return uids as one text of 32 digits each where all are UUIDs, else as they are."""
    try:
        plain = "".join(uuid.UUID(uid).hex for uid in uids)
    except ValueError:
        return uids
    if all(str(uuid.UUID(uid)) == uid for uid in uids):
        return ["", base64.b64encode(bytes.fromhex(plain)).decode()]
    return uids


def _unnamed(named: list[str]) -> list[str]:
    if len(named) == 2 and named[0] == "":
        data = base64.b64decode(named[1], validate=True)
        return [str(uuid.UUID(bytes=data[at : at + 16])) for at in range(0, len(data), 16)]
    return named


def _steps(places: list[int]) -> str:
    """Return rising runs as ``first-last`` in order; a set of parcels is mostly a few runs."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _places(steps: str) -> list[int]:
    places: list[int] = []
    for step in steps.split(","):
        first, _dash, last = step.partition("-")
        places.extend(range(int(first), int(last or first) + 1))
    return places
