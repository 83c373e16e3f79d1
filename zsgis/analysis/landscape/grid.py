"""A raster of classes: what landscape metrics are computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.errors import InputError
from layers.words import _

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

OUTSIDE = -1
"""Place of a cell without data: it lies outside the landscape."""
CLASSES_AT_MOST = 1000


@dataclass(frozen=True)
class ClassGrid:
    """A landscape of square cells.

    Attributes
    ----------
    places : ndarray of int32, shape (rows, columns)
        Place of each cell's class in ``values``; :data:`OUTSIDE` for a cell without data.
    values : tuple of int
        The classes, rising.
    cell_m : float
        Side of a cell in metres.
    """

    places: NDArray[np.int32]
    values: tuple[int, ...]
    cell_m: float

    @property
    def cell_m2(self) -> float:
        """Area of a cell in m2."""
        return self.cell_m * self.cell_m


def class_grid(
    cells: NDArray[Any], cell_m: float, *, known: NDArray[np.bool_] | None = None, where: str = ""
) -> ClassGrid:
    """Return the landscape that a raster's cells show.

    Parameters
    ----------
    cells : ndarray of numbers, shape (rows, columns)
        Class of each cell; NaN and infinity are no data.
    cell_m : float
        Side of a cell in metres.
    known : ndarray of bool, shape (rows, columns), optional
        False where a cell has no data.
    where : str
        File, for the messages.

    Raises
    ------
    InputError
        When no cell has data, when a value is no whole number, or when there are more than
        :data:`CLASSES_AT_MOST` values: then it is no raster of classes.
    """
    shown = np.ones(cells.shape, dtype=bool) if known is None else known.copy()
    if cells.dtype.kind == "f":
        shown &= np.isfinite(cells)
    inside = cells[shown]
    if not inside.size:
        raise InputError(
            _("The raster has no cell with data."),
            where=where,
            remedy=_("Look at its no-data value, or choose another file."),
        )
    if inside.dtype.kind == "f" and (np.abs(inside) >= 2.0**53).any():
        raise _no_classes(where)
    if inside.dtype.kind == "f" and (inside != np.rint(inside)).any():
        raise _no_classes(where)
    values, place = np.unique(inside, return_inverse=True)
    if len(values) > CLASSES_AT_MOST:
        raise _no_classes(where)
    places = np.full(cells.shape, OUTSIDE, dtype=np.int32)
    places[shown] = place
    return ClassGrid(places, tuple(int(value) for value in values), cell_m)


def _no_classes(where: str) -> InputError:
    return InputError(
        _("The raster does not hold classes: its values are no whole numbers, or too many different ones."),
        where=where,
        remedy=_("Choose a raster of land classes; group measured values into classes first."),
    )
