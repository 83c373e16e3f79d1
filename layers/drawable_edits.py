"""A drawable layer with what was edited since its arrays were made, drawn as one.

The arrays stay as they are: some of their features are passed over, and a few others stand beside them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from layers.drawable import Bounds, DrawableLayer, joint_extent
from layers.drawable_parts import along_hilbert, part_of, together
from layers.kind import GeometryType
from layers.progress import NoProgress, Progress, ProgressPart
from layers.style import Style

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Layers with so few vertices are put together at once: then nothing is to be told apart while drawing.
_FEW_VERTICES = 100_000


@dataclass(frozen=True, eq=False)
class EditedLayer:
    """Arrays and the features that have changed since.

    Features are numbered as those of ``base``, then those of ``added``.

    Attributes
    ----------
    base : DrawableLayer
        The layer as it was.
    hidden : ndarray of int64
        Rows of ``base`` that were changed or removed, ascending.
    added : DrawableLayer
        Features that were changed or added, as they are now; made for the same style.
    folder : Path or None
        Where ``hidden`` and ``added`` lie on disk, for other processes to map them too.
    """

    base: DrawableLayer
    hidden: IntArray
    added: DrawableLayer
    folder: Path | None = None

    @property
    def uid(self) -> str:
        """The layer's name for good."""
        return self.base.uid

    @property
    def title(self) -> str:
        """The layer's name for people."""
        return self.base.title

    @property
    def geometry(self) -> GeometryType:
        """The shape of its features."""
        return self.base.geometry

    @property
    def style(self) -> Style:
        """How it is drawn."""
        return self.base.style

    @property
    def opacity(self) -> float:
        """How much it hides, 0 to 1."""
        return self.base.opacity

    @cached_property
    def extent(self) -> Bounds | None:
        """What holds everything that is drawn; not smaller where a feature at the edge was removed."""
        return joint_extent([own.extent for own in (self.base, self.added) if own.extent is not None])

    @property
    def shapeless(self) -> int:
        """How many features have no shape in the data."""
        return max(self.base.shapeless - self._hidden_without_shape, 0) + self.added.shapeless

    def lost(self) -> int:
        """Return how many features have a shape that is not drawn."""
        without = self.base.not_drawable() - self._hidden_without_shape + self.added.not_drawable()
        return max(without - self.shapeless, 0)

    @cached_property
    def _hidden_without_shape(self) -> int:
        return int(np.isnan(self.base.bounds[self.hidden, 0]).sum())

    def __len__(self) -> int:
        return len(self.base) - len(self.hidden) + len(self.added)

    @property
    def edits(self) -> int:
        """How many features were changed, added or removed."""
        return max(len(self.hidden), len(self.added))

    @cached_property
    def is_hidden(self) -> NDArray[np.bool_]:
        """Whether a feature of ``base`` is passed over, by row; the last entry serves row -1."""
        mask = np.zeros(len(self.base) + 1, dtype=np.bool_)
        mask[self.hidden] = True
        return mask

    def rows_of(self, names: Collection[str]) -> IntArray:
        """Return the numbers of named features, ascending; names that are not here are left out."""
        rows = self.base.uids.rows_of(names)
        return np.concatenate([rows[~self.is_hidden[rows]], self.added.uids.rows_of(names) + len(self.base)])

    def staying(self, bounds: Bounds) -> IntArray:
        """Return the rows of ``base`` that meet the given bounds and are as they were."""
        rows = self.base.rows_in(bounds)
        return rows[~self.is_hidden[rows]]

    def looking_like(self, title: str, style: Style, opacity: float) -> EditedLayer:
        """Return the layer with another look that is made from the same values."""
        base, added = (
            replace(own, title=title, style=style, opacity=opacity) for own in (self.base, self.added)
        )
        return replace(self, base=base, added=added)


FeatureLayer = DrawableLayer | EditedLayer
"""What has features to be drawn."""


def without_edits(layer: FeatureLayer) -> EditedLayer:
    """Return a layer as one nothing of which has been edited yet."""
    if isinstance(layer, EditedLayer):
        return layer
    nothing = np.empty(0, dtype=np.int64)
    return EditedLayer(layer, nothing, part_of(layer, nothing))


def parts_of(layer: FeatureLayer) -> tuple[DrawableLayer, ...]:
    """Return the drawable layers a layer consists of, in the order in which features are numbered."""
    return (layer.base, layer.added) if isinstance(layer, EditedLayer) else (layer,)


def apart(layer: FeatureLayer, rows: IntArray) -> list[tuple[DrawableLayer, IntArray]]:
    """Return the drawable layers a layer consists of, each with its own of some rows."""
    if not isinstance(layer, EditedLayer):
        return [(layer, rows)]
    first = len(layer.base)
    return [(layer.base, rows[rows < first]), (layer.added, rows[rows >= first] - first)]


def rows_named(layer: FeatureLayer, names: Collection[str]) -> IntArray:
    """Return the numbers of named features, ascending; names that are not here are left out."""
    return layer.rows_of(names) if isinstance(layer, EditedLayer) else layer.uids.rows_of(names)


def bounds_named(layer: FeatureLayer, names: Collection[str]) -> FloatArray:
    """Return the bounds of named features."""
    found = [own.bounds[rows] for own, rows in apart(layer, rows_named(layer, names))]
    return np.concatenate(found)


def features_in(layer: FeatureLayer, bounds: Bounds) -> tuple[DrawableLayer, IntArray]:
    """Return a drawable layer and the rows of its features that meet the given bounds, as they are now.

    Where nothing was edited there it is the layer's own arrays, else a copy of what meets the bounds.
    """
    if not isinstance(layer, EditedLayer):
        return layer, layer.rows_in(bounds)
    base, added = layer.base, layer.added
    rows, fresh = base.rows_in(bounds), added.rows_in(bounds)
    stays = rows[~layer.is_hidden[rows]]
    if len(stays) == len(rows) and not len(fresh):
        return base, rows
    part = together((base, stays), (added, fresh))
    ranks = np.concatenate([base.rank_in_class[stays], added.rank_in_class[fresh] + len(base)])
    return replace(part, ranks=ranks), np.arange(len(part))


def folded(layer: EditedLayer, progress: Progress | None = None) -> DrawableLayer:
    """Return the layer as it is now in arrays of its own, in memory, sorted along a Hilbert curve."""
    progress = progress or NoProgress()
    stays = np.flatnonzero(~layer.is_hidden[:-1])
    bounds = np.concatenate([layer.base.bounds[stays], layer.added.bounds])
    if not len(layer.added) and not len(layer.hidden):
        return layer.base
    part = ProgressPart(progress, 0.0, 0.5)
    whole = together((layer.base, stays), (layer.added, np.arange(len(layer.added))), part)
    order = along_hilbert(bounds)
    return together((whole, order), (whole, order[:0]), ProgressPart(progress, 0.5, 1.0))


def as_drawn(layer: EditedLayer) -> FeatureLayer:
    """Return what a layer is quickest drawn from: a small one is put together first."""
    few = len(layer.base.coords) <= _FEW_VERTICES and layer.base.levels is None
    return folded(layer) if few else layer
