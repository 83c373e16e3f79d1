"""Coordinate systems a map can be shown in: the usual ones, Gauss-Krüger about any meridian, EPSG's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import pyproj
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import TransverseMercatorConversion
from pyproj.database import query_crs_info
from pyproj.enums import PJType

from layers.crs import GEOGRAPHIC_CGCS2000, parse_crs
from layers.errors import CrsError
from layers.words import _

USUAL_SYSTEMS = (4547, 4526, 4490, 4546, 4508, 4497)
"""EPSG codes that are met in Zhongshan (domain facts, section 5)."""

_FALSE_EASTING = 500_000.0
_WIDE = (3, 6)
# first zone, last zone, EPSG code of the first with the zone before the easting, and of the first without
_ZONES = {3: (25, 45, 4513, 4534), 6: (13, 23, 4491, 4502)}
_MOST_FOUND = 100


@dataclass(frozen=True)
class SystemName:
    """A system of the EPSG register: its code, its name there, and where it is used."""

    code: int
    name: str
    area: str


def gauss_kruger(
    meridian: float, *, false_easting: float = _FALSE_EASTING, width: int = 3, with_zone: bool = False
) -> pyproj.CRS:
    """Return Gauss-Krüger on CGCS2000 about a central meridian.

    Parameters
    ----------
    meridian : float
        Central meridian, degrees east, 60 to 150.
    false_easting : float
        Added to all eastings, metres, without the zone number.
    width : int
        3 or 6; only tells the zone.
    with_zone : bool
        Put the zone number before the easting (38500000).

    Returns
    -------
    pyproj.CRS
        EPSG's own where the register has it; scale 1 on the meridian.

    Raises
    ------
    CrsError
        For a meridian that no land in China has, one that is no zone's where the zone is wanted, or a false
        easting that is none.
    """
    if not 60 <= meridian <= 150 or width not in _WIDE:
        raise CrsError(
            _("{degrees}° is no central meridian in China.").format(degrees=f"{meridian:g}"),
            remedy=_("Write a meridian between 60° and 150°, for Zhongshan usually 114°."),
        )
    if not math.isfinite(false_easting) or not 0 <= false_easting < 1_000_000:
        raise CrsError(
            _("A false easting lies between 0 and 1,000,000 m."), remedy=_("It is usually 500,000 m.")
        )
    zone = _zone(meridian, width)
    if with_zone and zone is None:
        raise CrsError(
            _("{degrees}° is not the middle of a {width}-degree zone.").format(
                degrees=f"{meridian:g}", width=width
            ),
            remedy=_("Leave the zone number out, or choose the zone's meridian."),
        )
    first, last, with_code, without_code = _ZONES[width]
    if zone is not None and first <= zone <= last and false_easting == _FALSE_EASTING:
        return parse_crs((with_code if with_zone else without_code) + zone - first)
    easting = false_easting + (1_000_000.0 * zone if with_zone and zone is not None else 0.0)
    return _projected(meridian, easting)


def _zone(meridian: float, width: int) -> int | None:
    place = meridian / 3 if width == 3 else (meridian + 3) / 6
    return int(place) if place == int(place) else None


@lru_cache(maxsize=32)
def _projected(meridian: float, easting: float) -> pyproj.CRS:
    conversion = TransverseMercatorConversion(
        latitude_natural_origin=0.0,
        longitude_natural_origin=meridian,
        false_easting=easting,
        false_northing=0.0,
        scale_factor_natural_origin=1.0,
    )
    name = f"CGCS2000 / Gauss-Kruger CM {meridian:.10g}E"
    own = ProjectedCRS(conversion, name=name, geodetic_crs=parse_crs(GEOGRAPHIC_CGCS2000))
    return parse_crs(own.to_wkt())


@lru_cache(maxsize=1)
def _register() -> tuple[SystemName, ...]:
    kinds = [PJType.PROJECTED_CRS, PJType.GEOGRAPHIC_2D_CRS]
    return tuple(
        SystemName(int(info.code), info.name, (info.area_of_use.name or "") if info.area_of_use else "")
        for info in query_crs_info(auth_name="EPSG", pj_types=kinds)
        if info.code.isdigit() and not info.deprecated
    )


def find_systems(text: str) -> tuple[SystemName, ...]:
    """Return systems of the EPSG register by number or by words of their name, Chinese ones first.

    The first call reads the register, some 0.2 s.
    """
    words = text.upper().replace("EPSG:", " ").split()
    if not words:
        return ()

    def fits(entry: SystemName) -> bool:
        name = f"{entry.code} {entry.name} {entry.area}".upper()
        return all(word in name for word in words)

    found = [entry for entry in _register() if fits(entry)]
    found.sort(key=lambda entry: (str(entry.code) != words[0], "China" not in entry.area, entry.name))
    return tuple(found[:_MOST_FOUND])
