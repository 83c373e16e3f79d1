"""The text of ``coordinates`` and of ``gx:coord`` as numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_COMMAS = re.compile(r"\s*[,，]\s*")
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
    if any(piece.startswith((",", "，")) or piece.endswith((",", "，")) for piece in tuples):
        tuples = _COMMAS.sub(",", text).split()
    return _numbers([piece.replace("，", ",").split(",") for piece in tuples], ",")


def track_positions(texts: Sequence[str]) -> NDArray[np.float64]:
    """Read ``gx:coord`` elements: ``lon lat [alt]``; as :func:`positions`."""
    return _numbers([text.split() for text in texts], " ")


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
