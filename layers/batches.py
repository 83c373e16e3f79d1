"""Work on many shapes a batch at a time, so that other threads get their turn in between.

Shapely's functions hold Python's lock while they run: one call for a whole layer would stop the window.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Some milliseconds' work for shapes of usual size.
_BATCH = 1_000

Shapes = NDArray[np.object_]


def batches(count: int) -> list[slice]:
    """Return the runs of rows to work on one after another; one empty run where there are none."""
    return [slice(start, start + _BATCH) for start in range(0, max(count, 1), _BATCH)]


def each(function: Callable[[Any], Any], shapes: NDArray[Any]) -> NDArray[Any]:
    """Return what a function of shapes gives, one row (or block of columns) for each shape."""
    return np.concatenate([function(shapes[part]) for part in batches(len(shapes))])


def pieces(function: Callable[..., Any], shapes: Shapes) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the pieces a function takes shapes apart into, and the row each came from.

    Parameters
    ----------
    function : callable
        One of shapely's with ``return_index``: ``get_parts``, ``get_rings``, ``get_coordinates``.
    """
    found = [(part.start, *function(shapes[part], return_index=True)) for part in batches(len(shapes))]
    rows = [np.asarray(index, dtype=np.int64) + start for start, _pieces, index in found]
    return np.concatenate([taken for _start, taken, _index in found]), np.concatenate(rows)
