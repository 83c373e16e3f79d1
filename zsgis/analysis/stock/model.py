"""What the stock of land is computed from, and the figures before they are printed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.classification import LandClass3Rules, Standard
from layers.kind import AreaBasis
from zsgis.overlay import Overlay, SliverPolicy

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
GeometryArray = NDArray[np.object_]

UNCLASSIFIED = ""
"""Code of a parcel without a class."""


@dataclass(frozen=True)
class Land:
    """The land layer's parcels.

    Attributes
    ----------
    uids, names : tuple of str, length n
        A parcel without a name of its own is called by its place in the layer.
    geometry : ndarray of object, shape (n,)
    crs : pyproj.CRS
        May be geographic.
    codes : tuple of str
        Class code of each, as the standard writes it; :data:`UNCLASSIFIED` where there is none.
    recorded_m2 : ndarray of float64, shape (n,), or None
        Recorded area; NaN where none is written down. None where the kind has no such field.
    """

    layer_uid: str
    layer_name: str
    uids: tuple[str, ...]
    names: tuple[str, ...]
    geometry: GeometryArray
    crs: pyproj.CRS
    codes: tuple[str, ...]
    recorded_m2: FloatArray | None = None


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
class Rules:
    """How classes are told apart and counted."""

    standard: Standard
    level: str
    land_class3: LandClass3Rules


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
    """Parcels cut by zones, with every piece's area in 0.01 m2 on the chosen basis.

    Attributes
    ----------
    zone : ndarray of int64, shape (pieces,)
        Position of the zone; -1 outside the zones.
    cents : ndarray of int64, shape (pieces,)
        The pieces of a parcel add up to its ``control_cents`` and ``overlap_cents``, exactly.
    control_cents, overlap_cents : ndarray of int64, shape (parcels,)
        The parcel's whole area, and what its pieces cover more than once.
    correction_m2 : ndarray of float64, shape (parcels,)
        The whole's area less the sum of the pieces as measured: what was forced.
    """

    overlay: Overlay
    zone: IntArray
    cents: IntArray
    control_cents: IntArray
    overlap_cents: IntArray
    correction_m2: FloatArray
