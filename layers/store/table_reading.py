"""A layer's rows for a table: a few at once, or whole columns in blocks that let others read in between."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.errors import InputError
from layers.progress import NoProgress, Progress
from layers.store.blob import decode_parts
from layers.store.database import Database, rows
from layers.store.geometry import from_table
from layers.store.model import LayerInfo
from layers.store.naming import quoted
from layers.text_arrays import UidColumn
from layers.words import _

# A block is read in some 20 ms: who waits for the file does not notice.
_BLOCK_ROWS = 8_000


@dataclass(frozen=True, eq=False)
class LayerKeys:
    """What tells a layer's rows apart, in the order in which they are stored.

    Attributes
    ----------
    fids : ndarray of int64, shape (n,)
        Ascending.
    uids : UidColumn of n names
        Their ``zs_uid``.
    """

    fids: NDArray[np.int64]
    uids: UidColumn


def keys_of(blocks: Iterable[Sequence[tuple[Any, ...]]]) -> LayerKeys:
    """Return the keys of rows that begin with ``fid`` and ``zs_uid``, given block by block."""
    fids: list[NDArray[np.int64]] = []
    uids: list[NDArray[np.bytes_]] = []
    for block in blocks:
        fids.append(np.array([row[0] for row in block], dtype=np.int64))
        uids.append(np.array([row[1].encode("utf-8") for row in block]))
    if not fids:
        return LayerKeys(np.empty(0, dtype=np.int64), UidColumn.of(()))
    names = np.concatenate(uids)
    order = np.argsort(names, kind="stable").astype(np.int64)
    return LayerKeys(np.concatenate(fids), UidColumn(names, order))


class LayerTable:
    """Reads the attributes of one layer; safe to call from several threads.

    Values are as stored: text, int, float or None; dates are text ``YYYY-MM-DD``. Rows stand in the order
    of ``fid``.
    """

    def __init__(self, database: Database, info: LayerInfo) -> None:
        self._database = database
        self.info = info

    def keys(self, progress: Progress | None = None) -> LayerKeys:
        """Return the keys of all rows."""
        return keys_of(self._scan(("zs_uid",), progress or NoProgress()))

    def blocks(
        self, names: Sequence[str], progress: Progress | None = None
    ) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the values of these fields, block by block, all rows in the end."""
        for block in self._scan(names, progress or NoProgress()):
            yield [row[1:] for row in block]

    def page(self, start: int, count: int, names: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return ``count`` rows from a place on: ``zs_uid``, then these fields."""
        with self._database.reading() as connection:
            return rows(
                connection,
                f"SELECT {_columns(('zs_uid', *names))} FROM {quoted(self.info.table)}"
                " ORDER BY fid LIMIT ? OFFSET ?",
                (count, start),
            )

    def rows_at(self, fids: Sequence[int], names: Sequence[str]) -> dict[int, tuple[Any, ...]]:
        """Return rows by their ``fid``: ``zs_uid``, then these fields; those that are gone are left out."""
        with self._database.reading() as connection:
            found = rows(
                connection,
                f"SELECT {_columns(('fid', 'zs_uid', *names))} FROM {quoted(self.info.table)}"
                " WHERE fid IN (SELECT value FROM json_each(?))",
                (json.dumps(list(fids)),),
            )
        return {row[0]: row[1:] for row in found}

    def values_of(self, uids: Sequence[str], name: str) -> dict[str, Any]:
        """Return one field of features by their ``zs_uid``; those that are gone are left out."""
        with self._database.reading() as connection:
            found = rows(
                connection,
                f"SELECT {_columns(('zs_uid', name))} FROM {quoted(self.info.table)}"
                " WHERE zs_uid IN (SELECT value FROM json_each(?))",
                (json.dumps(list(uids)),),
            )
        return dict(found)

    def fids_of(self, uids: Sequence[str]) -> dict[str, int]:
        """Return the ``fid`` of features by their ``zs_uid``; those that are gone are left out."""
        with self._database.reading() as connection:
            found = rows(
                connection,
                f"SELECT zs_uid, fid FROM {quoted(self.info.table)}"
                " WHERE zs_uid IN (SELECT value FROM json_each(?))",
                (json.dumps(list(uids)),),
            )
        return dict(found)

    def shapes(self, fids: Sequence[int]) -> NDArray[Any]:
        """Return the shapes of rows by their ``fid``, ascending: shapely geometries, None where missing.

        Raises
        ------
        InputError
            When a row is gone: the layer was changed since its keys were read.
        """
        with self._database.reading() as connection:
            found = rows(
                connection,
                f"SELECT geom FROM {quoted(self.info.table)}"
                " WHERE fid IN (SELECT value FROM json_each(?)) ORDER BY fid",
                (json.dumps(list(fids)),),
            )
        if len(found) != len(fids):
            raise InputError(
                _("Layer “{layer}” was changed meanwhile.").format(layer=self.info.name),
                remedy=_("Open its table again."),
            )
        return from_table(decode_parts([row[0] for row in found], self.info.name))

    def _scan(self, names: Sequence[str], progress: Progress) -> Iterator[list[tuple[Any, ...]]]:
        """Yield rows that begin with their fid; the file is free between two blocks."""
        query = (
            f"SELECT {_columns(('fid', *names))} FROM {quoted(self.info.table)}"
            f" WHERE fid > ? ORDER BY fid LIMIT {_BLOCK_ROWS}"
        )
        last, done = -(2**63), 0
        while True:
            progress.step(min(done / max(self.info.feature_count, 1), 1.0))
            with self._database.reading() as connection:
                block = rows(connection, query, (last,))
            if block:
                yield block
                last, done = block[-1][0], done + len(block)
            if len(block) < _BLOCK_ROWS:
                return


def _columns(names: Sequence[str]) -> str:
    return ", ".join(quoted(name) for name in names)
