"""Where a layer's shapes come to lie once its coordinates are taken as something, to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.crs import coordinate_change, parse_crs, transform
from layers.errors import CrsError
from layers.guard.applying import apply, current_grid
from layers.guard.placing import is_legacy
from layers.guard.taken_as import TakenAs, parse_taken_as

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.datum_parameters import DatumParameters
    from layers.guard.model import CrsCandidate

_DEGREES = 4490


def some_shapes(shapes: NDArray[Any], most: int) -> NDArray[Any]:
    """Return at most so many of the shapes that are there, spread over all of them."""
    present = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    chosen: NDArray[Any] = present[:: max(-(-len(present) // most), 1)]
    return chosen


def outline_of(
    value: str, shapes: NDArray[Any], parameters: Sequence[DatumParameters] = ()
) -> NDArray[Any] | None:
    """Return shapes where a way to take their coordinates puts them.

    Parameters
    ----------
    value : str
        As ``layers.guard.taken_as.parse_taken_as`` reads it.
    shapes : ndarray of shapely geometries
        As they stand in the file.

    Returns
    -------
    ndarray of shapely geometries or None
        Degrees on CGCS2000; None where the text is not understood or leads nowhere.
    """
    try:
        placed = apply(parse_taken_as(value), shapes, parameters)
        return transform(placed.geometry, placed.crs, parse_crs(_DEGREES))
    except CrsError:
        return None


def outlines_of(
    candidates: Sequence[CrsCandidate], shapes: NDArray[Any], parameters: Sequence[DatumParameters]
) -> dict[str, NDArray[Any]]:
    """Return the outline of each candidate by its ``value``; one that leads nowhere is missing.

    On a legacy datum, which only the user's parameters lead on from, the box stands for the shapes: where it
    lies is known to some hundred metres (``extent_uncertainty_m``).
    """
    found: dict[str, NDArray[Any]] = {}
    for candidate in candidates:
        outline = outline_of(candidate.value, shapes, parameters)
        if outline is not None:
            found[candidate.value] = outline
        elif candidate.extent is not None:
            found[candidate.value] = np.array([shapely.box(*candidate.extent)], dtype=object)
    return found


def needs_parameters(taken_as: TakenAs) -> bool:
    """Tell whether coordinates are on a legacy datum and no set of parameters is named."""
    return is_legacy(taken_as.crs) and not taken_as.parameters


def fitting_sets(taken_as: TakenAs, sets: Sequence[DatumParameters]) -> tuple[DatumParameters, ...]:
    """Return the user's sets that lead from a system on a legacy datum to the grid it is brought to."""
    fitting = []
    for each in sets:
        try:
            coordinate_change(taken_as.crs, current_grid(taken_as.crs), (each,))
        except CrsError:
            continue
        fitting.append(each)
    return tuple(fitting)
