"""What a drawing needs of a layer, read a page at a time: shapes as arrays, and few columns."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from layers.drawable_making import DrawingRows
from layers.kind import GeometryType
from layers.progress import Progress
from layers.ragged import Ragged
from layers.ragged_pages import RaggedPages
from layers.store.blob import is_shapeless
from layers.store.blob_arrays import read_blobs
from layers.store.database import Database, rows
from layers.store.model import LayerInfo
from layers.store.naming import quoted
from layers.store.values import to_series

# Between two pages others may use the file: some milliseconds' work.
_PAGE = 10_000


def read_for_drawing(
    database: Database, info: LayerInfo, columns: Sequence[str], progress: Progress
) -> DrawingRows:
    """Return a layer's shapes and some of its columns; what cannot be read as a shape is none.

    Parameters
    ----------
    columns : sequence of str
        Names of the layer's fields.
    progress : Progress
        Told the share done after every page; may stop the work.
    """
    names = ", ".join(quoted(name) for name in ("fid", "zs_uid", "geom", *columns))
    query = f"SELECT {names} FROM {quoted(info.table)} WHERE fid > ? ORDER BY fid LIMIT {_PAGE}"
    shapes = RaggedPages(info.feature_count)
    uids: list[str] = []
    values: list[list[Any]] = [[] for _name in columns]
    last, shapeless = -(2**63), 0
    with ThreadPoolExecutor(1) as pool:  # a page's shapes are read while the next page comes from the disk
        reading: Future[tuple[Ragged, int]] | None = None
        while True:
            with database.reading() as connection:
                page = rows(connection, query, (last,))
            if reading is not None:
                shape, without = reading.result()
                shapes.add(shape)
                del shape
                shapeless += without
            if not page:
                break
            fids, names_read, blobs, *read = zip(*page, strict=True)
            del page
            last = fids[-1]
            reading = pool.submit(_shapes, blobs, info.geometry)
            del blobs
            uids.extend(names_read)
            for column, more in zip(values, read, strict=True):
                column.extend(more)
            progress.step(len(uids) / max(info.feature_count, len(uids)))
    types = {field.name: field.type for field in info.fields}
    series = {name: to_series(stored, types[name]) for name, stored in zip(columns, values, strict=True)}
    return DrawingRows(uids, shapes.whole(), series, shapeless)


def _shapes(blobs: Sequence[bytes | None], geometry: GeometryType) -> tuple[Ragged, int]:
    """Return the shapes in blobs, and how many of those that came out empty are none in the data either."""
    read = read_blobs(blobs, geometry)
    empty = np.flatnonzero(np.diff(read.feature_offsets) == 0)
    return read, sum(is_shapeless(blobs[row]) for row in empty.tolist())
