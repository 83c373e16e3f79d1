"""What is taken out of a drawing, one piece for each row of a layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layers.formats.drawings.own_data import OwnData

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

AREAS, LINES, POINTS, TEXTS = "面", "线", "点", "文字"
FAMILIES = (AREAS, LINES, POINTS, TEXTS)
"""The families of shapes; these names stay the same in every language, as they name layers of a file."""


@dataclass(frozen=True)
class Look:
    """How an entity is drawn, and what its blocks say about it.

    Attributes
    ----------
    color : int or None
        AutoCAD's colour number, what BYLAYER and BYBLOCK stand for put in.
    rgb : str
        ``#rrggbb``.
    block : str or None
        Name of the outermost block it is part of.
    handle : str or None
        Of the entity, or of the outermost block's reference.
    """

    layer: str
    color: int | None
    rgb: str
    linetype: str
    block: str | None = None
    handle: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Piece:
    """One row.

    Attributes
    ----------
    shape : shapely geometry
        With z only where it differs within the shape.
    elevation : float
        z of all vertices; NaN where it differs within the shape.
    """

    family: str
    shape: BaseGeometry
    entity: str
    look: Look
    elevation: float
    thickness: float = 0.0
    closed: bool | None = None
    text: str | None = None
    text_height: float | None = None
    rotation: float | None = None
    cass_code: str | None = None
    cass_values: str | None = None
    own: OwnData | None = None


@dataclass(frozen=True)
class NearlyClosed:
    """A polyline whose ends nearly meet."""

    piece: Piece
    gap: float
    place: tuple[float, float]


@dataclass
class Taken:
    """All that was taken out of a drawing, and what was not."""

    pieces: list[Piece] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    senseless: list[str] = field(default_factory=list)
    curved: Counter[str] = field(default_factory=Counter)
    nearly_closed: list[NearlyClosed] = field(default_factory=list)
    gaps_closed: int = 0
    missing_drawings: dict[str, str] = field(default_factory=dict)
    circular_blocks: set[str] = field(default_factory=set)


def bounds_fit(points: NDArray[np.float64], largest: float) -> bool:
    """Tell whether all coordinates are numbers, and such as a place can have."""
    return bool(len(points)) and bool(np.all(np.abs(points) < largest))
