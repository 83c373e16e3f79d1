"""The text of ``coordinates`` and of ``gx:coord`` as numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from operator import methodcaller

import numpy as np
from numpy.typing import NDArray

_COMMAS = re.compile(r"\s*[,，]\s*")
_COUNT_COMMAS = methodcaller("count", ",")
_LONGEST_QUOTED = 40


class CoordinateError(ValueError):
    """Text that is no coordinates; the message is the piece that is wrong."""


def positions(text: str) -> NDArray[np.float64]:
    """Read ``lon,lat[,alt]`` separated by white space.

    Blanks around commas, which people type, and full-width commas are taken too.

    Returns
    -------
    ndarray, shape (n, 3)
        Longitude, latitude (degrees as they stand), altitude in metres: 0 where none is
        given (KML 2.2, 16.9).

    Raises
    ------
    CoordinateError
        With the first piece that is no position.
    """
    tuples = text.split()
    regular = _regular(tuples)
    if regular is not None:
        return regular
    if any(piece.startswith((",", "，")) or piece.endswith((",", "，")) for piece in tuples):
        tuples = _COMMAS.sub(",", text).split()
    return _numbers([piece.replace("，", ",").split(",") for piece in tuples], ",")


def track_positions(texts: Sequence[str]) -> NDArray[np.float64]:
    """Read ``gx:coord`` elements: ``lon lat [alt]``; as :func:`positions`."""
    return _numbers([text.split() for text in texts], " ")


def _regular(tuples: list[str]) -> NDArray[np.float64] | None:
    """Return positions of as many numbers each, as programs write them by the million; None for all else."""
    commas = set(map(_COUNT_COMMAS, tuples))
    if commas not in ({1}, {2}):
        return None
    try:
        flat = list(map(float, ",".join(tuples).split(",")))
    except ValueError:
        return None
    width = commas.pop() + 1
    found = np.zeros((len(tuples), 3))
    found[:, :width] = np.array(flat).reshape(-1, width)
    return found if np.isfinite(found).all() else None


def _numbers(rows: list[list[str]], between: str) -> NDArray[np.float64]:
    found = np.zeros((len(rows), 3))
    for place, row in enumerate(rows):
        try:
            values = [float(value) for value in row if value or len(row) < 3]
        except ValueError:
            values = []
        if not 2 <= len(values) <= 3 or len(row) > 3 or not all(math.isfinite(value) for value in values):
            raise CoordinateError(between.join(row)[:_LONGEST_QUOTED])
        found[place, : len(values)] = values
    return found
