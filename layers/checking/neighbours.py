"""Which features lie near which: boxes in a tree, polygons made only for the few that are asked for."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.checking.model import FloatArray, IntArray
from layers.checking.spread import spread
from layers.checking.subject import Ground
from layers.progress import Progress

_ROWS_AT_ONCE = 2_000
_ROWS_A_TREE = 100_000


class Neighbours:
    """The features of a layer by place."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._rows = np.flatnonzero(np.isfinite(ground.bounds[:, 0]))
        self._made: dict[int, Any] = {}

    @cached_property
    def _trees(self) -> list[tuple[IntArray, shapely.STRtree]]:
        """Several smaller trees: making one holds Python's lock."""
        rows = self._rows
        parts = [rows[start : start + _ROWS_A_TREE] for start in range(0, len(rows), _ROWS_A_TREE)]
        bounds = self.ground.bounds
        return [(part, shapely.STRtree(np.asarray(shapely.box(*bounds[part].T)))) for part in parts]

    def pairs(self, rows: IntArray, reach: float) -> tuple[IntArray, IntArray]:
        """Return pairs (one of ``rows``, any other feature) whose boxes share more than ``reach`` either way.

        A negative ``reach`` finds boxes that far apart.
        """
        return self.meeting(self.ground.bounds[rows], reach, rows)

    def meeting(
        self, boxes: FloatArray, reach: float, own: IntArray | None = None
    ) -> tuple[IntArray, IntArray]:
        """Return pairs (a box's number, or its own row where given, and a feature) that share ground."""
        if not len(boxes) or not len(self._rows):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        grown = boxes + max(-reach, 0.0) * np.array([-1.0, -1.0, 1.0, 1.0])
        wanted = np.asarray(shapely.box(*grown.T))
        found = [(part, *tree.query(wanted)) for part, tree in self._trees]
        which = np.concatenate([number for _part, number, _place in found])
        others = np.concatenate([part[place] for part, _number, place in found])
        there, here = self.ground.bounds[others], boxes[which]
        across = np.minimum(there[:, 2], here[:, 2]) - np.maximum(there[:, 0], here[:, 0])
        up = np.minimum(there[:, 3], here[:, 3]) - np.maximum(there[:, 1], here[:, 1])
        near = (across > reach) & (up > reach)
        ones: IntArray = which if own is None else own[which]
        if own is not None:
            near &= ones != others
        return ones[near], others[near]

    def usable(self, rows: IntArray, progress: Progress) -> NDArray[Any]:
        """Return features as valid polygons to be compared, invalid ones put in order in a copy."""
        missing = np.array([row for row in np.unique(rows).tolist() if row not in self._made], dtype=np.int64)

        def make(start: int) -> NDArray[Any]:
            made = self.ground.polygons(missing[start : start + _ROWS_AT_ONCE])
            for place in np.flatnonzero(~shapely.is_valid(made)).tolist():
                valid = shapely.make_valid(made[place], method="structure", keep_collapsed=False)
                made[place] = areas_of(valid)
            return made

        starts = range(0, len(missing), _ROWS_AT_ONCE)
        for start, made in zip(starts, spread(make, starts, progress), strict=True):
            self._made.update(zip(missing[start : start + len(made)].tolist(), made, strict=True))
        found = np.empty(len(rows), dtype=object)
        found[:] = [self._made[row] for row in rows.tolist()]
        return found


def areas_of(shape: Any) -> Any:
    """Return the polygons of a shape as one shape; lines and points go."""
    parts = shapely.get_parts(shape)
    while (shapely.get_type_id(parts) > 3).any():
        parts = shapely.get_parts(parts)
    areas = parts[shapely.get_type_id(parts) == 3]
    areas = areas[~shapely.is_empty(areas)]
    return areas[0] if len(areas) == 1 else shapely.multipolygons(areas)
