"""A layer's rows for a table, and where its features lie, as for a project file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from layers.errors import InputError
from layers.progress import NoProgress, Progress
from layers.store.blob import decode_parts, decode_readable
from layers.store.geometry import from_table
from layers.store.places import Boxes, Keys
from layers.store.postgis.connecting import Connection
from layers.store.postgis.connections import Connections
from layers.store.postgis.plans import LayerPlan
from layers.store.postgis.reading import pages, rows
from layers.store.reading import Bounds
from layers.store.table_reading import LayerKeys, keys_of
from layers.words import _

_BLOCK_ROWS = 8_000


class PostgisTable:
    """Reads the attributes of one layer; see :class:`layers.store.table_reading.LayerTable`."""

    def __init__(self, connections: Connections, plan: LayerPlan) -> None:
        self._connections = connections
        self._plan = plan
        self.info = plan.info

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
        return self._rows(("zs_uid", *names), "ORDER BY fid LIMIT %s OFFSET %s", (count, start))

    def rows_at(self, fids: Sequence[int], names: Sequence[str]) -> dict[int, tuple[Any, ...]]:
        """Return rows by their ``fid``: ``zs_uid``, then these fields; those that are gone are left out."""
        found = self._rows(("fid", "zs_uid", *names), "WHERE fid = ANY(%s)", (_numbers(fids),))
        return {row[0]: row[1:] for row in found}

    def values_of(self, uids: Sequence[str], name: str) -> dict[str, Any]:
        """Return one field of features by their ``zs_uid``; those that are gone are left out."""
        return dict(self._rows(("zs_uid", name), "WHERE zs_uid = ANY(%s)", (list(uids),)))

    def shapes(self, fids: Sequence[int]) -> NDArray[Any]:
        """Return the shapes of rows by their ``fid``, ascending: shapely geometries, None where missing.

        Raises
        ------
        InputError
            When a row is gone: the layer was changed since its keys were read.
        """
        found = self._rows(("geom",), "WHERE fid = ANY(%s) ORDER BY fid", (_numbers(fids),))
        if len(found) != len(fids):
            raise InputError(
                _("Layer “{layer}” was changed meanwhile.").format(layer=self.info.name),
                remedy=_("Open its table again."),
            )
        return from_table(decode_parts([row[0] for row in found], self.info.name))

    def _rows(self, names: Sequence[str], condition: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        return self._connections.reading(lambda lent: rows(lent, self._plan, names, condition, values))

    def _scan(self, names: Sequence[str], progress: Progress) -> Iterator[list[tuple[Any, ...]]]:
        done = 0
        for block in pages(self._connections, self._plan, names, _BLOCK_ROWS):
            progress.step(min(done / max(self.info.feature_count, 1), 1.0))
            yield block
            done += len(block)


class PostgisPlaces:
    """Answers where the features of one layer are; see :class:`layers.store.places.LayerPlaces`."""

    def __init__(self, connections: Connections, plan: LayerPlan) -> None:
        self._connections = connections
        self._plan = plan

    def boxes(self, bounds: Bounds) -> tuple[Keys, Boxes]:
        """Return the features whose box meets west, south, east, north: their fids, and their boxes."""
        query = sql.SQL(
            "SELECT fid, {p}.ST_XMin(geom), {p}.ST_YMin(geom), {p}.ST_XMax(geom), {p}.ST_YMax(geom)"
            " FROM {table}"
            " WHERE geom OPERATOR({p}.&&)"
            " {p}.ST_MakeEnvelope(%s::float8, %s::float8, %s::float8, %s::float8, %s) ORDER BY fid"
        ).format(p=sql.Identifier(self._plan.postgis), table=self._plan.table)

        def read(lent: Connection) -> list[tuple[Any, ...]]:
            with lent.cursor(binary=True) as cursor:
                return cursor.execute(query, (*map(float, bounds), self._plan.srid)).fetchall()

        table = np.array(self._connections.reading(read), dtype=np.float64).reshape(-1, 5)
        return table[:, 0].astype(np.int64), table[:, 1:]

    def uids(self, fids: Keys) -> list[str]:
        """Return the ``zs_uid`` of features; their order is that of the table."""
        return [row[0] for row in self._rows(("zs_uid",), fids)]

    def shapes(self, fids: Keys) -> tuple[list[str], NDArray[Any]]:
        """Return the ``zs_uid`` of features and their shapes, None for what cannot be read."""
        found = self._rows(("zs_uid", "geom"), fids)
        return [row[0] for row in found], decode_readable([row[1] for row in found])

    def _rows(self, names: Sequence[str], fids: Keys) -> list[tuple[Any, ...]]:
        condition, values = "WHERE fid = ANY(%s) ORDER BY fid", (_numbers(fids),)
        return self._connections.reading(lambda lent: rows(lent, self._plan, names, condition, values))


def _numbers(fids: Any) -> list[int]:
    return [int(fid) for fid in fids]
