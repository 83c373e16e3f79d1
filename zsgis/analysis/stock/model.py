"""What the stock of land is computed from, and the rules its classes are counted by."""

from __future__ import annotations

from dataclasses import dataclass

import pyproj

from layers.classification import LandClass3Rules, Standard
from layers.ownership import Ownership
from zsgis.analysis.zoned import FloatArray, GeometryArray


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
        Class code of each, as the standard writes it; empty where there is none.
    recorded_m2 : ndarray of float64, shape (n,), or None
        Recorded area; NaN where none is written down. None where the kind has no such field.
    ownership : tuple of Ownership, length n
        Whose land each parcel is; empty where the layer does not tell.
    """

    layer_uid: str
    layer_name: str
    uids: tuple[str, ...]
    names: tuple[str, ...]
    geometry: GeometryArray
    crs: pyproj.CRS
    codes: tuple[str, ...]
    recorded_m2: FloatArray | None = None
    ownership: tuple[Ownership, ...] = ()


@dataclass(frozen=True)
class Rules:
    """How classes are told apart and counted."""

    standard: Standard
    level: str
    land_class3: LandClass3Rules
