"""Where a layer's features lie, out of the R-tree, and their shapes in small portions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.store.blob import decode_readable
from layers.store.database import Database, rows
from layers.store.layer_table import box_values, rtree_boxes_query
from layers.store.model import LayerInfo
from layers.store.naming import quoted
from layers.store.reading import Bounds

_PORTION = 10_000

Keys = NDArray[np.int64]
Boxes = NDArray[np.float64]


class LayerPlaces:
    """Answers where the features of one layer are; safe to call from several threads.

    Every call holds the file only for itself: who has much to ask lets others in between.
    """

    def __init__(self, database: Database, info: LayerInfo) -> None:
        self._database = database
        self._info = info

    def boxes(self, bounds: Bounds) -> tuple[Keys, Boxes]:
        """Return the features whose box meets west, south, east, north.

        Returns
        -------
        fids : ndarray of int64, shape (n,)
        boxes : ndarray of float64, shape (n, 4)
            West, south, east, north in the layer's own system; rounded outward to 32 bits, so a little
            larger than the features.
        """
        parts = [np.empty((0, 5))]
        with self._database.reading() as connection:
            found = connection.execute(rtree_boxes_query(self._info.table), box_values(*bounds))
            # in portions: turning rows into an array keeps other threads of Python waiting
            while portion := list(islice(found, _PORTION)):
                parts.append(np.array(portion, dtype=np.float64))
        table = np.concatenate(parts)
        return table[:, 0].astype(np.int64), table[:, 1:]

    def uids(self, fids: Keys) -> list[str]:
        """Return the ``zs_uid`` of features; their order is that of the file."""
        return [row[0] for row in self._rows("zs_uid", fids)]

    def shapes(self, fids: Keys) -> tuple[list[str], NDArray[Any]]:
        """Return the ``zs_uid`` of features and their shapes (None: not to be read), as the file has them."""
        found = self._rows("zs_uid, geom", fids)
        return [row[0] for row in found], decode_readable([row[1] for row in found])

    def _rows(self, columns: str, fids: Keys) -> Sequence[tuple[Any, ...]]:
        sql = (
            f"SELECT {columns} FROM {quoted(self._info.table)}"
            " WHERE fid IN (SELECT value FROM json_each(?)) ORDER BY fid"
        )
        with self._database.reading() as connection:
            return rows(connection, sql, (json.dumps(fids.tolist()),))
