"""What two typed numbers can mean: in which system, and in which order; the likely ones first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyproj

from layers.coordinates.typed import TypedNumber, typed_pair
from layers.crs import GEOGRAPHIC_CGCS2000, coordinate_change, describe_crs, parse_crs, transform_points
from layers.datums import false_easting, is_transverse_mercator, zone_prefix
from layers.errors import CrsError
from layers.words import _

Region = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

ZHONGSHAN: Region = (113.1, 22.2, 113.8, 22.8)
"""Where places are expected (domain facts, section 5)."""

_PLANE_SYSTEMS = (4547, 4526, 4546, 4508)
_FIRST_ZONE_3, _FIRST_ZONE_6 = (25, 45, 4513), (13, 23, 4491)
# half a zone of six degrees is 334 km wide at the equator, a quarter of the earth 10,002 km long
_FARTHEST_EAST_M, _FARTHEST_NORTH_M = 400_000.0, 10_010_000.0
_MOST = 8
_SAME_DEG = 1e-8


@dataclass(frozen=True)
class Place:
    """A place that typed numbers can mean.

    Attributes
    ----------
    longitude, latitude : float
        Degrees on CGCS2000.
    crs : pyproj.CRS
        The system the numbers are taken for.
    x, y : float
        East and north in ``crs``.
    exchanged : bool
        They were taken in the other order than is usual or was said: latitude before longitude and X (north)
        before Y (east) is usual.
    expected : bool
        It lies where places are expected.
    """

    longitude: float
    latitude: float
    crs: pyproj.CRS
    x: float
    y: float
    exchanged: bool
    expected: bool

    @property
    def description(self) -> str:
        """What the numbers are taken for, in the user's language."""
        text = _("as {crs}").format(crs=describe_crs(self.crs))
        return _("{taken}, order exchanged").format(taken=text) if self.exchanged else text


def places_of(
    text: str, map_crs: pyproj.CRS | None, expected: Sequence[Region] = (ZHONGSHAN,)
) -> tuple[Place, ...]:
    """Return the places a text can mean, the likely ones first; empty where it is no place.

    Parameters
    ----------
    map_crs : pyproj.CRS or None
        The map's system: plane coordinates may be in it as well as in the usual ones of CGCS2000.
    expected : sequence of Region
        Where places are looked for. When some of them lie there, the others are left out: that tells the
        order and the system apart. Otherwise all are returned, and whoever typed chooses.
    """
    pair = typed_pair(text)
    if pair is None:
        return ()
    found: list[Place] = []
    for crs, x, y, exchanged in _readings(pair, map_crs):
        place = _place(crs, (x, y), exchanged, expected)
        if place is not None and not any(_same(place, known) for known in found):
            found.append(place)
    likely = [place for place in found if place.expected]
    return tuple((likely or sorted(found, key=lambda place: place.exchanged))[:_MOST])


def _readings(
    pair: tuple[TypedNumber, TypedNumber], map_crs: pyproj.CRS | None
) -> Iterator[tuple[pyproj.CRS, float, float, bool]]:
    """Yield system, east, north, and whether that is the unusual order."""
    first, second = pair
    for north, east, exchanged in ((first, second, False), (second, first, True)):
        said = _said_order(north, east)
        unusual = exchanged if said is None else not said
        if said is False and (north.is_angle or north.axis in ("E", "W")):
            continue  # a letter for the east is no latitude
        if abs(north.value) <= 90 and abs(east.value) <= 180:
            yield _degrees(map_crs), east.value, north.value, unusual
        elif not (north.is_angle or east.is_angle):
            for crs in _plane_systems(east.value, map_crs):
                yield crs, east.value, north.value, unusual


def _said_order(north: TypedNumber, east: TypedNumber) -> bool | None:
    """Tell whether the axes that were said are these; None where nothing was said.

    X is north with surveyors and east with mathematicians: in degrees it says nothing.
    """
    if north.axis in ("N", "S") or east.axis in ("E", "W"):
        return True
    if north.axis in ("E", "W") or east.axis in ("N", "S"):
        return False
    if abs(north.value) <= 180 and abs(east.value) <= 180:
        return None
    if north.axis == "X" or east.axis == "Y":
        return True
    return False if north.axis == "Y" or east.axis == "X" else None


def _degrees(map_crs: pyproj.CRS | None) -> pyproj.CRS:
    if map_crs is not None and map_crs.is_geographic:
        return map_crs
    return _system(GEOGRAPHIC_CGCS2000)


def _plane_systems(easting: float, map_crs: pyproj.CRS | None) -> Iterator[pyproj.CRS]:
    """Yield the systems an easting can be of; the number before it tells its zone."""
    zone = int(easting // 1_000_000) if easting >= 10_000_000 else None
    own = map_crs if map_crs is not None and map_crs.is_projected else None
    if own is not None and zone_prefix(own) == zone:
        yield own
    if zone is None:
        yield from (_system(code) for code in _PLANE_SYSTEMS if zone_prefix(_system(code)) is None)
    for first, last, code in (_FIRST_ZONE_3, _FIRST_ZONE_6):
        if zone is not None and first <= zone <= last:
            yield _system(code + zone - first)


@lru_cache(maxsize=64)
def _system(code: int) -> pyproj.CRS:
    return parse_crs(code)


def _place(
    crs: pyproj.CRS, numbers: tuple[float, float], exchanged: bool, expected: Iterable[Region]
) -> Place | None:
    x, y = numbers
    middle = false_easting(crs) if crs.is_projected and is_transverse_mercator(crs) else None
    if middle is not None and (abs(x - middle) > _FARTHEST_EAST_M or abs(y) > _FARTHEST_NORTH_M):
        return None
    degrees = _system(GEOGRAPHIC_CGCS2000)
    try:
        east, north = transform_points([x], [y], crs, degrees)
    except CrsError:
        return None
    longitude, latitude = float(east[0]), float(north[0])
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        return None
    inside = any(
        west <= longitude <= right and south <= latitude <= top for west, south, right, top in expected
    )
    return Place(longitude, latitude, crs, x, y, exchanged, inside)


def _same(first: Place, second: Place) -> bool:
    return (
        abs(first.longitude - second.longitude) < _SAME_DEG
        and abs(first.latitude - second.latitude) < _SAME_DEG
    )


def on_map(place: Place, map_crs: pyproj.CRS) -> tuple[float, float]:
    """Return a place's east and north on the map.

    Raises
    ------
    CrsError
        When the map's system cannot be reached without guessing, or does not show the place.
    """
    coordinate_change(place.crs, map_crs)
    x, y = transform_points([place.x], [place.y], place.crs, map_crs)
    return float(x[0]), float(y[0])
