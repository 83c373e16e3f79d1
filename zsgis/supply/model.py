"""Land that could be supplied: each piece once, with every reason for which it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from zsgis.analysis.features import Features
from zsgis.result import Finding
from zsgis.supply.rules import Source


@dataclass(frozen=True)
class Lot:
    """What one source found: shapes in the plane of the cutting, and the feature behind each.

    Attributes
    ----------
    source : Source
    layer_uid, layer_name : str
        Of the layer it was found in.
    shapes : Features
        One for each feature that counts; ``crs`` is the plane.
    """

    source: Source
    layer_uid: str
    layer_name: str
    shapes: Features


@dataclass(frozen=True)
class Reason:
    """One finding of a piece of land.

    Attributes
    ----------
    source : Source
    layer_uid, uid, name : str
        The feature that was found.
    cents : int
        How much of the candidate it covers, in 0.01 m2 on the basis.
    """

    source: Source
    layer_uid: str
    uid: str
    name: str
    cents: int


@dataclass(frozen=True)
class Land:
    """Pieces of land, none of which lies over another.

    Attributes
    ----------
    keys, names : tuple of str, length n
        ``source:zs_uid`` of the first reason, and what the feature is called.
    geometry : ndarray of object, shape (n,)
        In ``plane``.
    cents : ndarray of int64, shape (n,)
        Area in 0.01 m2 on the basis.
    reasons : tuple of tuple of Reason, length n
        The first is the one it counts under.
    """

    plane: pyproj.CRS
    keys: tuple[str, ...]
    names: tuple[str, ...]
    geometry: NDArray[np.object_]
    cents: NDArray[np.int64]
    reasons: tuple[tuple[Reason, ...], ...]
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.keys)

    def features(self, name: str) -> Features:
        """Return the land as features of a layer called ``name``; their uids are the keys."""
        return Features("", name, "zones", self.keys, self.names, self.geometry, self.plane, {})


@dataclass(frozen=True)
class Placed:
    """Where a piece of land lies and what stands against it.

    Attributes
    ----------
    town, platform : str
        The one with most of it; empty where it lies in none.
    class_code, class_name, planned_code : str
        Class of most of it today, and in the plan; empty where no layer tells.
    lines : mapping of str to int
        By title of the line: how much of it the line concerns, in 0.01 m2.
    usable_cents : int
        What no forbidding line concerns.
    draws_cents : mapping of str to int
        What using it draws on each quota, in 0.01 m2; empty for land of the stock.
    untold_cents : int
        How much of it draws on quotas that cannot be told, because its class is not known.
    score : float
        Suitability, 0 to 100; NaN where it is unknown, or a hard limit excludes it.
    excluded : bool
        A hard limit of the suitability rule excludes it.
    group : int
        Contiguous land has one number, 0 for the largest group; -1 for land that stands alone.
    cost_yuan : int or None
    """

    town: str = ""
    platform: str = ""
    class_code: str = ""
    class_name: str = ""
    planned_code: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)
    usable_cents: int = 0
    draws_cents: Mapping[str, int] = field(default_factory=dict)
    untold_cents: int = 0
    score: float = float("nan")
    excluded: bool = False
    group: int = -1
    cost_yuan: int | None = None


@dataclass(frozen=True)
class Room:
    """A building that could be converted: rooms, not land.

    Attributes
    ----------
    floor_area_m2 : float
        As recorded; NaN where nothing is.
    """

    layer_uid: str
    uid: str
    name: str
    conclusion: str
    floor_area_m2: float
    town: str


@dataclass(frozen=True)
class Supply:
    """Everything that could be supplied."""

    land: Land
    placed: tuple[Placed, ...]
    rooms: tuple[Room, ...]
    findings: tuple[Finding, ...]
    used: tuple[Any, ...] = ()
    missing: tuple[str, ...] = ()
