"""Which state of the map a picture must show: an edit renews only the places it touches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from layers.drawable import Bounds

FloatArray = NDArray[np.float64]

# Of the earliest of so many boxes it is known together what they touched.
_MOST_BOXES = 512


class MapStates:
    """Counts the states of the map; a place keeps the number of the last state that changed it."""

    def __init__(self) -> None:
        self._number = 0
        self._everywhere = 0
        self._boxes: FloatArray = np.empty((0, 4))
        self._numbers = np.empty(0, dtype=np.int64)

    @property
    def newest(self) -> int:
        """The number of the state in which the map is now."""
        return self._number

    @property
    def everywhere(self) -> int:
        """The number of the last state in which all of the map was another."""
        return self._everywhere

    def renew(self) -> None:
        """Note that all of the map is another."""
        self._number += 1
        self._everywhere = self._number
        self._boxes, self._numbers = self._boxes[:0], self._numbers[:0]

    def touch(self, boxes: FloatArray) -> int:
        """Note that the map is another within some boxes; return the number of its state.

        Parameters
        ----------
        boxes : ndarray of float64, shape (n, 4)
            xmin, ymin, xmax, ymax in map units; NaN touches nothing.
        """
        self._number += 1
        known = boxes[np.isfinite(boxes).all(axis=1)]
        self._boxes = np.concatenate([self._boxes, known])
        self._numbers = np.concatenate([self._numbers, np.full(len(known), self._number, dtype=np.int64)])
        if len(self._boxes) > _MOST_BOXES:
            self._join_earliest(len(self._boxes) - _MOST_BOXES // 2)
        return self._number

    def at(self, bounds: Bounds) -> int:
        """Return the number of the last state that changed anything within some bounds."""
        if not len(self._boxes):  # asked of every tile, many times while tiles come in
            return self._everywhere
        found = np.flatnonzero(_meeting(self._boxes, bounds))
        return int(self._numbers[found[-1]]) if len(found) else self._everywhere

    def _join_earliest(self, count: int) -> None:
        """Take the earliest boxes for one: more is drawn anew than need be, never less."""
        early = self._boxes[:count]
        joint = np.concatenate([early[:, :2].min(axis=0), early[:, 2:].max(axis=0)])
        self._boxes = np.concatenate([joint[None], self._boxes[count:]])
        self._numbers = self._numbers[count - 1 :]


def meets(boxes: FloatArray, bounds: Bounds) -> bool:
    """Tell whether any of some boxes meets the given bounds."""
    return bool(_meeting(boxes, bounds).any())


def _meeting(boxes: FloatArray, bounds: Bounds) -> NDArray[np.bool_]:
    xmin, ymin, xmax, ymax = bounds
    west, south, east, north = boxes.T
    return np.asarray((west <= xmax) & (east >= xmin) & (south <= ymax) & (north >= ymin))
