"""What is checked: a layer's shapes as arrays, its columns by field, and what it says it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.array_runs import runs
from layers.checking.model import FeatureNames, FloatArray, Hits, IntArray
from layers.crs import metres_per_unit
from layers.kind import GeometryType, Kind
from layers.ragged import Ragged, shapes_of

if TYPE_CHECKING:
    import pandas as pd
    import pyproj

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Columns:
    """A layer's attributes.

    Attributes
    ----------
    values : mapping of str to pandas.Series
        By the kind's name of the field, n rows each; missing values as pandas has them.
    unread : mapping of str to ndarray of bool
        Where a field's value is not of its type, with ``unread_values`` as it stands.
    """

    values: Mapping[str, pd.Series[Any]]
    unread: Mapping[str, Mask] = field(default_factory=dict)
    unread_values: Mapping[str, pd.Series[Any]] = field(default_factory=dict)

    def has(self, *names: str) -> bool:
        """Tell whether all these fields are there."""
        return all(name in self.values for name in names)


@dataclass(frozen=True, eq=False)
class Subject:
    """A layer to be checked.

    Attributes
    ----------
    shapes : Ragged of n features
        In the layer's own coordinate system, x east, y north.
    crs : pyproj.CRS or None
        None where it is not known: lengths then count as metres, areas on the ellipsoid are not checked.
    standard : str
        Key of the land-class standard; empty where none is stated.
    secrecy : str
        密级 of the layer, which its report carries on.
    elsewhere : mapping
        The name of another layer of the project that has a feature of the same ``zs_uid``, by ``zs_uid``.
    """

    name: str
    kind: Kind
    shapes: Ragged
    columns: Columns
    called: FeatureNames
    crs: pyproj.CRS | None
    standard: str = ""
    uid: str = ""
    secrecy: str = ""
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.shapes)

    @property
    def polygonal(self) -> bool:
        """Whether its features are areas."""
        return self.kind.geometry is GeometryType.POLYGON


class Ground:
    """Shapes measured in metres: whatever the layer's coordinates are, lengths and areas come out in metres.

    Coordinates in degrees are stretched about the middle of the layer (x by the cosine of the latitude): an
    affine picture, so what touches, crosses or contains stays as it is, and places come back exactly but for
    the last digits. It is good to 0.5 % over a city; figures that count are measured on the layer itself.
    """

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.factors = _factors(subject)
        self.scaled = self.factors != (1.0, 1.0)
        shapes = subject.shapes
        if self.scaled:
            shapes = Ragged(
                shapes.coords * np.array(self.factors),
                shapes.ring_offsets,
                shapes.part_offsets,
                shapes.feature_offsets,
            )
        self.bounds = shapes.bounds()
        lost = np.isnan(self.bounds[:, 0]) & (np.diff(shapes.coord_offsets) > 0)
        self.not_finite = np.flatnonzero(lost)
        if lost.any():
            shapes = shapes.taken(np.arange(len(shapes)), without=lost)
        self.shapes = shapes

    @cached_property
    def ring_areas(self) -> FloatArray:
        """Signed area of each ring, m2; positive counter-clockwise."""
        return self.shapes.ring_areas()

    @cached_property
    def ring_parts(self) -> IntArray:
        """Part of each ring."""
        return np.repeat(np.arange(len(self.shapes.part_offsets) - 1), np.diff(self.shapes.part_offsets))

    @cached_property
    def ring_features(self) -> IntArray:
        """Row of each ring's feature."""
        parts = np.diff(self.shapes.feature_offsets)
        return np.repeat(np.arange(len(self.shapes)), parts)[self.ring_parts]

    @cached_property
    def outer(self) -> Mask:
        """Which rings are outer ones."""
        mask = np.zeros(len(self.shapes.ring_offsets) - 1, dtype=np.bool_)
        mask[self.shapes.part_offsets[:-1][np.diff(self.shapes.part_offsets) > 0]] = True
        return mask

    def turned_rings(self) -> Mask:
        """Tell which rings run the wrong way: outer ones clockwise, holes counter-clockwise."""
        return np.where(self.outer, self.ring_areas < 0, self.ring_areas > 0)

    @cached_property
    def areas(self) -> FloatArray:
        """Area of each feature, m2: outer rings less holes."""
        signed = np.where(self.outer, 1.0, -1.0) * np.abs(self.ring_areas)
        totals = np.bincount(self.ring_features, weights=signed, minlength=len(self.shapes))
        return np.asarray(totals, dtype=np.float64)

    def rows_of_coords(self, places: IntArray) -> IntArray:
        """Return the feature each vertex belongs to."""
        rings = np.searchsorted(self.shapes.ring_offsets, places, side="right") - 1
        return np.asarray(self.ring_features[rings])

    def polygons(self, rows: IntArray) -> NDArray[Any]:
        """Return some features as shapely geometries in metres, a single part as that part; None for none."""
        taken = shapes_of(self.shapes.taken(rows), GeometryType.POLYGON)
        counts = np.diff(self.shapes.feature_offsets)[rows]
        taken[counts == 1] = shapely.get_geometry(taken[counts == 1], 0)
        taken[counts == 0] = None
        return taken

    def back(self, coords: FloatArray) -> FloatArray:
        """Return coordinates in metres, shape (n, 2) or boxes (n, 4), in the layer's own system."""
        if not self.scaled:
            return coords
        own: FloatArray = coords / np.tile(self.factors, coords.shape[1] // 2)
        return own

    def shapes_back(self, shapes: NDArray[Any]) -> NDArray[Any]:
        """Return shapes in metres in the layer's own system."""
        if not self.scaled:
            return shapes
        moved: NDArray[Any] = shapely.transform(shapes, self.back)
        return moved

    def hits(
        self,
        rule: str,
        rows: IntArray,
        *,
        places: FloatArray | None = None,
        figures: FloatArray | None = None,
        unit: str = "",
        others: IntArray | None = None,
        boxes: FloatArray | None = None,
        shapes: NDArray[Any] | None = None,
    ) -> Hits:
        """Return hits about shapes; places and boxes are given in metres, by default the feature's own."""
        count = len(rows)
        around = self.bounds[rows] if boxes is None else boxes
        middle = (around[:, :2] + around[:, 2:]) / 2
        return Hits(
            rule=rule,
            rows=np.asarray(rows, dtype=np.int64),
            places=self.back(middle if places is None else places),
            boxes=self.back(around),
            figures=np.full(count, np.nan) if figures is None else np.asarray(figures, dtype=np.float64),
            others=np.full(count, -1, dtype=np.int64) if others is None else np.asarray(others),
            unit=unit,
            shapes=None if shapes is None else self.shapes_back(shapes),
        )


def _factors(subject: Subject) -> tuple[float, float]:
    """Return how many metres one unit of x and of y is."""
    crs = subject.crs
    if crs is None:
        return 1.0, 1.0
    unit = metres_per_unit(crs)
    if not crs.is_geographic:
        return unit, unit
    north = subject.shapes.coords[:, 1]
    north = north[np.isfinite(north)]
    middle = float(north.min() + north.max()) / 2 if len(north) else 0.0
    return unit * float(np.cos(np.radians(min(max(middle, -80.0), 80.0)))), unit


def ring_places(shapes: Ragged, rings: IntArray) -> tuple[IntArray, IntArray]:
    """Return the vertices of some rings, one behind the other, and the rings' offsets among them."""
    counts = np.diff(shapes.ring_offsets)[rings]
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    return runs(shapes.ring_offsets[:-1][rings], offsets), offsets
