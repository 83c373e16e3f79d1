"""The balanced overlay that every analysis stands on: arrays of shapes in, arrays of pieces out."""

from zsgis.overlay.balanced import GRID_M, balanced_overlay, zones_over_each_other
from zsgis.overlay.model import (
    REMAINDER,
    Overlay,
    Repair,
    ShapeError,
    Side,
    SliverPolicy,
    Slivers,
    SnappedCut,
    ZoneOverlap,
)

__all__ = [
    "GRID_M",
    "REMAINDER",
    "Overlay",
    "Repair",
    "ShapeError",
    "Side",
    "SliverPolicy",
    "Slivers",
    "SnappedCut",
    "ZoneOverlap",
    "balanced_overlay",
    "zones_over_each_other",
]
