"""Features counted by zones: both sides, how they are measured, and the measured pieces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.kind import AreaBasis
from zsgis.overlay import Overlay, SliverPolicy

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
GeometryArray = NDArray[np.object_]


class Shapes(Protocol):
    """A layer's features as an overlay and its findings need them; all sequences are parallel."""

    @property
    def layer_uid(self) -> str:
        """The layer's uid."""
        ...

    @property
    def layer_name(self) -> str:
        """What people call the layer."""
        ...

    @property
    def uids(self) -> tuple[str, ...]:
        """The features' ``zs_uid``."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """What people call the features (:mod:`zsgis.analysis.zone_names`)."""
        ...

    @property
    def geometry(self) -> GeometryArray:
        """Their shapes, shape (n,)."""
        ...

    @property
    def crs(self) -> pyproj.CRS:
        """The system of the shapes; may be geographic."""
        ...


@dataclass(frozen=True)
class Zones:
    """The zones to count by.

    Attributes
    ----------
    names : tuple of str
        What tables call them: distinct, and none is the name of a line of the table.
    own_names : tuple of str
        The names in the layer; empty where there is none.
    """

    layer_uid: str
    layer_name: str
    uids: tuple[str, ...]
    names: tuple[str, ...]
    geometry: GeometryArray
    crs: pyproj.CRS
    own_names: tuple[str, ...]


@dataclass(frozen=True)
class Measuring:
    """How areas are measured and cut.

    Attributes
    ----------
    plane : pyproj.CRS
        The projected system in which parcels are cut.
    """

    basis: AreaBasis
    plane: pyproj.CRS
    sliver_m2: float
    sliver_width_m: float
    sliver_policy: SliverPolicy


@dataclass(frozen=True)
class Measured:
    """Features cut by zones, with every piece's area in 0.01 m2 on the chosen basis.

    Attributes
    ----------
    zone : ndarray of int64, shape (pieces,)
        Position of the zone; -1 outside the zones.
    cents : ndarray of int64, shape (pieces,)
        The pieces of a feature add up to its ``control_cents`` and ``overlap_cents``, exactly.
    control_cents, overlap_cents : ndarray of int64, shape (features,)
        The feature's whole area, and what its pieces cover more than once.
    correction_m2 : ndarray of float64, shape (features,)
        The whole's area less the sum of the pieces as measured: what was forced.
    """

    overlay: Overlay
    zone: IntArray
    cents: IntArray
    control_cents: IntArray
    overlap_cents: IntArray
    correction_m2: FloatArray
