"""A later date of a layer, made by edits that are known: what every parcel's fate ought to be.

Each edit takes parcels that no other edit touches. Shares are of all parcels: 3 % get another class, 1 % are
cut in two across the middle of their box, 1 % are joined with a neighbour, 1 % give a strip to a neighbour,
and of 5 % every corner is drawn up to a centimetre elsewhere. The same seed makes the same edits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Geometry = NDArray[np.object_]
Places = NDArray[np.int64]

SHARES = {"merged": 0.01, "reshaped": 0.01, "split": 0.01, "reclassified": 0.03, "noise": 0.05}
NOISE_M = 0.01
LEAST_M = 10.0
"""Parcels narrower than this are not cut: what is left might be as narrow as drawing noise."""
LEAST_WALL_M = 5.0
POLYGON = 3


@dataclass
class LaterDate:
    """The later layer while it is edited.

    Attributes
    ----------
    geometry : ndarray of object
        None for a parcel that was joined to another.
    codes : ndarray of object
    added : list of (int, Geometry)
        Further parcels, with the earlier one that each comes from.
    fates : dict
        The expected fate of each earlier parcel that was edited.
    """

    geometry: Geometry
    codes: NDArray[np.object_]
    added: list[tuple[int, shapely.Geometry]] = field(default_factory=list)
    fates: dict[int, str] = field(default_factory=dict)

    def free(self, *places: int) -> bool:
        """Tell whether no edit has touched these parcels."""
        return not any(place in self.fates for place in places)


def later_date(earlier: Geometry, codes: NDArray[np.object_], seed: int) -> LaterDate:
    """Return an edited copy of the parcels.

    Parameters
    ----------
    earlier : ndarray of object
        Valid polygons in metres.
    codes : ndarray of object
        Class of each.
    """
    rng = np.random.default_rng(seed)
    later = LaterDate(earlier.copy(), codes.copy())
    walls = _walls(earlier)
    edits: dict[str, Callable[[LaterDate, int], bool]] = {
        "merged": lambda date, place: _merge(date, place, walls),
        "reshaped": lambda date, place: _give_strip(date, place, walls),
        "split": _split,
        "reclassified": lambda date, place: _reclassify(date, place, rng),
        "noise": lambda date, place: _redraw(date, place, rng),
    }
    for name, edit in edits.items():
        wanted = round(SHARES[name] * len(earlier))
        for place in rng.permutation(len(earlier)).tolist():
            if wanted <= 0:
                break
            if later.free(place) and shapely.get_type_id(earlier[place]) == POLYGON:
                wanted -= edit(later, place)
    return later


def _walls(shapes: Geometry) -> dict[int, list[int]]:
    """Return the neighbours of each parcel whose box meets its own."""
    tree = shapely.STRtree(shapes)
    one, other = tree.query(shapes)
    out: dict[int, list[int]] = {}
    for place, neighbour in zip(one.tolist(), other.tolist(), strict=True):
        if place != neighbour:
            out.setdefault(place, []).append(neighbour)
    return out


def _neighbour(date: LaterDate, place: int, walls: dict[int, list[int]]) -> int | None:
    """Return an untouched neighbour with a common wall and no common land."""
    own = date.geometry[place]
    for other in walls.get(place, []):
        shape = date.geometry[other]
        if not date.free(other) or shapely.get_type_id(shape) != POLYGON:
            continue
        if shapely.relate_pattern(own, shape, "F***1****"):
            wall = shapely.length(shapely.intersection(own.boundary, shape.boundary))
            if wall > LEAST_WALL_M:
                return other
    return None


def _merge(date: LaterDate, place: int, walls: dict[int, list[int]]) -> bool:
    other = _neighbour(date, place, walls)
    if other is None or _width(date.geometry[place]) < LEAST_M or _width(date.geometry[other]) < LEAST_M:
        return False
    joined = shapely.union(date.geometry[place], date.geometry[other])
    if shapely.get_type_id(joined) != POLYGON:
        return False
    date.geometry[place], date.geometry[other] = joined, None
    date.fates[place] = date.fates[other] = "merged"
    return True


def _give_strip(date: LaterDate, place: int, walls: dict[int, list[int]]) -> bool:
    """Give land within a tenth of the parcel's width of its neighbour to it."""
    other = _neighbour(date, place, walls)
    if other is None:
        return False
    own, taker = date.geometry[place], date.geometry[other]
    if min(_width(own), _width(taker)) < 3 * LEAST_M:
        return False
    strip = shapely.intersection(own, shapely.buffer(taker, 3.0))
    left = shapely.difference(own, strip)
    grown = shapely.union(taker, strip)
    kept = {shapely.get_type_id(shape) for shape in (left, grown)} == {POLYGON}
    if not kept or 3 * shapely.area(strip) > min(shapely.area(own), shapely.area(taker)):
        return False
    date.geometry[place], date.geometry[other] = left, grown
    date.fates[place] = date.fates[other] = "reshaped"
    return True


def _split(date: LaterDate, place: int) -> bool:
    own = date.geometry[place]
    if _width(own) < LEAST_M:
        return False
    west, south, east, north = own.bounds
    middle = (west + east) / 2
    halves = [
        shapely.intersection(own, shapely.box(*frame))
        for frame in ((west - 1, south - 1, middle, north + 1), (middle, south - 1, east + 1, north + 1))
    ]
    if any(shapely.get_type_id(half) != POLYGON or _width(half) < LEAST_M / 2 for half in halves):
        return False
    date.geometry[place] = halves[0]
    date.added.append((place, halves[1]))
    date.fates[place] = "split"
    return True


def _reclassify(date: LaterDate, place: int, rng: np.random.Generator) -> bool:
    others = [code for code in sorted(set(date.codes.tolist())) if code[:2] != date.codes[place][:2]]
    date.codes[place] = others[int(rng.integers(len(others)))]
    date.fates[place] = "reclassified"
    return True


def _redraw(date: LaterDate, place: int, rng: np.random.Generator) -> bool:
    def moved(ring: Any) -> NDArray[np.float64]:
        corners = shapely.get_coordinates(ring)[:-1]
        return corners + rng.uniform(-NOISE_M, NOISE_M, corners.shape)

    own = date.geometry[place]
    redrawn = shapely.Polygon(moved(own.exterior), [moved(hole) for hole in own.interiors])
    if not shapely.is_valid(redrawn):
        return False
    date.geometry[place] = redrawn
    date.fates[place] = "same"
    return True


def _width(shape: shapely.Geometry) -> float:
    """Return the width of a long strip of the same area and perimeter."""
    return 2.0 * float(shapely.area(shape)) / max(float(shapely.length(shape)), 1e-9)
