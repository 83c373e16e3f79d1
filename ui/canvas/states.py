"""Which state of the map a picture must show: an edit renews only the places it touches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from layers.drawable import Bounds

FloatArray = NDArray[np.float64]

# Of earlier edits it is known together what they touched.
_MOST_EDITS = 64
_MOST_BOXES = 256


class MapStates:
    """Counts the states of the map; a place keeps the number of the last state that changed it."""

    def __init__(self) -> None:
        self._number = 0
        self._everywhere = 0
        self._edits: list[tuple[int, FloatArray]] = []

    @property
    def everywhere(self) -> int:
        """The number of the last state in which all of the map was another."""
        return self._everywhere

    def renew(self) -> None:
        """Note that all of the map is another."""
        self._number += 1
        self._everywhere = self._number
        self._edits.clear()

    def touch(self, boxes: FloatArray) -> int:
        """Note that the map is another within some boxes; return the number of its state.

        Parameters
        ----------
        boxes : ndarray of float64, shape (n, 4)
            xmin, ymin, xmax, ymax in map units; NaN touches nothing.
        """
        self._number += 1
        self._edits.append((self._number, _few(boxes)))
        if len(self._edits) > _MOST_EDITS:
            (_older, first), (number, second) = self._edits[:2]
            self._edits[:2] = [(number, _few(np.concatenate([first, second])))]
        return self._number

    def at(self, bounds: Bounds) -> int:
        """Return the number of the last state that changed anything within some bounds."""
        for number, boxes in reversed(self._edits):
            if meets(boxes, bounds):
                return number
        return self._everywhere


def meets(boxes: FloatArray, bounds: Bounds) -> bool:
    """Tell whether any of some boxes meets the given bounds."""
    xmin, ymin, xmax, ymax = bounds
    return bool(
        ((boxes[:, 0] <= xmax) & (boxes[:, 2] >= xmin) & (boxes[:, 1] <= ymax) & (boxes[:, 3] >= ymin)).any()
    )


def _few(boxes: FloatArray) -> FloatArray:
    known = boxes[np.isfinite(boxes).all(axis=1)]
    if len(known) <= _MOST_BOXES:
        return known
    return np.concatenate([known[:, :2].min(axis=0), known[:, 2:].max(axis=0)])[None]
