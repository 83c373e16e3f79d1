"""A layer as arrays, ready to be drawn: coordinates once, offsets in GeoArrow's manner.

Whatever a feature is, it has parts, a part has rings, a ring has coordinates: a line's part has one
ring (the line), a point's part one ring of one coordinate. Painters need one way of walking only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from layers.kind import GeometryType
from layers.levels.model import Levels
from layers.style import Style
from layers.style.ranges import range_index, value_index
from layers.text_arrays import TextColumn, UidColumn

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Bounds = tuple[float, float, float, float]

# Rows whose bounds are known together, so that a view need not look at each of half a million.
_ROWS_PER_BLOCK = 256


class LayerDescription(Protocol):
    """What is known about a layer before its features are read."""

    @property
    def uid(self) -> str:
        """The layer's name for good."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def geometry(self) -> GeometryType:
        """The shape of its features."""

    @property
    def crs(self) -> Any:
        """Its coordinate system."""

    @property
    def style(self) -> Style:
        """How it is drawn."""

    @property
    def opacity(self) -> float:
        """How much it hides, 0 to 1."""


@dataclass(frozen=True, eq=False)
class DrawableLayer:
    """A layer's features as arrays, sorted along a Hilbert curve.

    Attributes
    ----------
    uid, title : str
        The layer's name for good, and for people.
    coords : ndarray of float64, shape (n, 2)
        East and north in the map's coordinate system. Outer rings run counter-clockwise, holes clockwise.
    ring_offsets, part_offsets, feature_offsets : ndarray of int64
        Ring ``r`` is ``coords[ring_offsets[r]:ring_offsets[r + 1]]``; parts index rings, features parts.
    bounds : ndarray of float64, shape (features, 4)
        xmin, ymin, xmax, ymax; NaN for a feature that cannot be drawn (no shape, or not finite).
    class_values : tuple of str
        The different values of the style's class field; empty where there is none, and of a numeric style.
    class_codes : ndarray of int32, shape (features,)
        Index into ``class_values``; -1 for no value.
    uids : UidColumn
        ``zs_uid`` of each feature.
    labels : TextColumn or None
        Text of each feature, where the style has labels.
    label_points : ndarray of float64, shape (features, 2)
        Where a label may stand: on the surface, at half the line, on the point. NaN where there is none.
    folder : Path or None
        Where the arrays lie on disk, for other processes to map them too.
    levels : Levels or None
        Coarser forms for smaller scales; None where there are none (yet).
    class_numbers : ndarray of float64, shape (features,), or None
        Of a numeric style the numbers of its class field; NaN for no data.
    shapeless : int
        How many features have no shape in the data: none was ever given, or an empty one.
    ranks : ndarray of int64, shape (features,), or None
        Where this is a part of a larger layer: :attr:`rank_in_class` there, ascending within a class.
    """

    uid: str
    title: str
    geometry: GeometryType
    style: Style
    opacity: float
    coords: FloatArray
    ring_offsets: IntArray
    part_offsets: IntArray
    feature_offsets: IntArray
    bounds: FloatArray
    class_values: tuple[str, ...]
    class_codes: NDArray[np.int32]
    uids: UidColumn
    labels: TextColumn | None
    label_points: FloatArray
    folder: Path | None = field(default=None)
    levels: Levels | None = field(default=None)
    class_numbers: FloatArray | None = field(default=None)
    shapeless: int = 0
    ranks: IntArray | None = field(default=None)

    def __len__(self) -> int:
        return len(self.feature_offsets) - 1

    @cached_property
    def class_index(self) -> NDArray[np.int32]:
        """Index into ``style.rules`` for each feature; -1 means ``style.symbol``."""
        if self.class_numbers is not None:
            return range_index(self.style.rules, self.class_numbers)
        # the last entry serves code -1
        index = np.append(value_index(self.style, self.class_values), np.int32(-1))
        return index[self.class_codes]

    @cached_property
    def classes_present(self) -> IntArray:
        """What :attr:`class_index` holds, ascending."""
        return np.flatnonzero(np.bincount(self.class_index + 1)) - 1

    @cached_property
    def rank_in_class(self) -> IntArray:
        """The place of each feature among those drawn with the same symbol."""
        if self.ranks is not None:
            return self.ranks
        index = self.class_index
        order = np.argsort(index, kind="stable")
        counts = np.bincount(index + 1)
        firsts = np.concatenate([[0], np.cumsum(counts)])[index[order] + 1]
        rank = np.empty(len(index), dtype=np.int64)
        rank[order] = np.arange(len(index)) - firsts
        return rank

    @cached_property
    def extent(self) -> Bounds | None:
        """Bounds of everything that can be drawn; None for an empty layer."""
        if not len(self):
            return None
        blocks = self._block_bounds
        xmin, ymin = np.fmin.reduce(blocks[:, :2], axis=0).tolist()
        xmax, ymax = np.fmax.reduce(blocks[:, 2:], axis=0).tolist()
        return None if np.isnan(xmin) else (xmin, ymin, xmax, ymax)

    @cached_property
    def ring_starts(self) -> IntArray:
        """First ring of each feature, and one more: features index rings without parts between."""
        return np.asarray(self.part_offsets[self.feature_offsets])

    def rows_in(self, bounds: Bounds) -> IntArray:
        """Return the rows of features whose bounds meet the given ones, in drawing order."""
        if not len(self):
            return np.empty(0, dtype=np.int64)
        blocks = _meeting(self._block_bounds, bounds) * _ROWS_PER_BLOCK
        rows = (blocks[:, None] + np.arange(_ROWS_PER_BLOCK)).ravel()
        rows = rows[rows < len(self)]
        return np.asarray(rows[_meeting(self.bounds[rows], bounds)])

    @cached_property
    def _block_bounds(self) -> FloatArray:
        """Bounds of each run of rows: neighbours on the curve are neighbours on the map."""
        starts = np.arange(0, len(self), _ROWS_PER_BLOCK)
        low = np.fmin.reduceat(self.bounds[:, :2], starts, axis=0)
        high = np.fmax.reduceat(self.bounds[:, 2:], starts, axis=0)
        return np.concatenate([low, high], axis=1)

    def not_drawable(self) -> int:
        """Return how many features have nothing to draw (no shape, or coordinates that are not finite)."""
        return int(np.isnan(self.bounds[:, 0]).sum())

    def lost(self) -> int:
        """Return how many features have a shape that is not drawn: unreadable, or outside the projection."""
        return max(self.not_drawable() - self.shapeless, 0)


def joint_extent(extents: Sequence[Bounds]) -> Bounds | None:
    """Return what holds all extents; None where there is none."""
    if not extents:
        return None
    xmin, ymin, xmax, ymax = zip(*extents, strict=True)
    return min(xmin), min(ymin), max(xmax), max(ymax)


def _meeting(boxes: FloatArray, bounds: Bounds) -> IntArray:
    """Return which boxes meet the given one; a box of NaN meets none."""
    xmin, ymin, xmax, ymax = bounds
    meets = (boxes[:, 0] <= xmax) & (boxes[:, 2] >= xmin) & (boxes[:, 1] <= ymax) & (boxes[:, 3] >= ymin)
    return np.flatnonzero(meets)


def fields_drawn(style: Style) -> tuple[str, ...]:
    """Return the fields whose values a drawing needs: the class field and the label's."""
    label = style.label.field if style.label else ""
    return tuple(dict.fromkeys(name for name in (style.class_field, label) if name))


def values_drawn(style: Style) -> tuple[str, bool, str]:
    """Return what a drawable layer's arrays hold for a style: class field, whether by number, label field."""
    return style.class_field, style.numeric, style.label.field if style.label else ""
