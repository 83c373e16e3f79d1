"""Which datum a coordinate system stands on, and the words for a coordinate system."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from layers.words import N_, _

if TYPE_CHECKING:
    from pyproj import CRS


class Datum(StrEnum):
    """The datums that land data in Guangdong stands on."""

    CGCS2000 = "cgcs2000"
    WGS84 = "wgs84"
    XIAN80 = "xian80"
    BEIJING54 = "beijing54"
    NEW_BEIJING = "new_beijing"


LEGACY = frozenset({Datum.XIAN80, Datum.BEIJING54, Datum.NEW_BEIJING})

# The names are those of EPSG and of ArcGIS, without blanks and signs; the flattening must agree too,
# because a hand-made .prj can call anything China 2000. Newer names first: one contains the other.
_SIGNS = (
    (Datum.NEW_BEIJING, ("newbeijing",), 298.3),
    (Datum.CGCS2000, ("china2000", "chinageodeticcoordinatesystem2000", "cgcs2000"), 298.257222101),
    (Datum.WGS84, ("worldgeodeticsystem1984", "wgs1984", "wgs84"), 298.257223563),
    (Datum.XIAN80, ("xian1980", "xian80"), 298.257),
    (Datum.BEIJING54, ("beijing1954", "beijing54"), 298.3),
)

_NAMES = {
    Datum.CGCS2000: N_("CGCS2000"),
    Datum.WGS84: N_("WGS 84"),
    Datum.XIAN80: N_("Xian 1980"),
    Datum.BEIJING54: N_("Beijing 1954"),
    Datum.NEW_BEIJING: N_("New Beijing 1954"),
}


def datum_of(crs: CRS) -> Datum | None:
    """Return the datum of a coordinate system; None where it is not one of ours or is not clear."""
    geographic = crs.geodetic_crs
    if geographic is None or geographic.datum is None or geographic.ellipsoid is None:
        return None
    if geographic.prime_meridian is not None and geographic.prime_meridian.longitude != 0.0:
        return None
    name = re.sub(r"[^a-z0-9]", "", geographic.datum.name.lower())
    for datum, signs, flattening in _SIGNS:
        if any(sign in name for sign in signs):
            # 1e-7 tells CGCS2000 (…2101) from WGS 84 (…3563); files write up to nine decimals.
            same = abs(geographic.ellipsoid.inverse_flattening - flattening) < 5e-7
            return datum if same else None
    return None


def projection_parameter(crs: CRS, *names: str) -> float | None:
    """Return a projection's parameter by any of its names, in its own unit; None where it has none."""
    operation = crs.coordinate_operation
    if operation is None:
        return None
    for parameter in operation.params:
        if parameter.name.lower() in names:
            return float(parameter.value)
    return None


def central_meridian(crs: CRS) -> float | None:
    """Return a projection's central meridian in degrees east; None where it has none."""
    return projection_parameter(crs, "longitude of natural origin", "central_meridian")


def false_easting(crs: CRS) -> float | None:
    """Return a projection's false easting in its own unit; None where it has none."""
    return projection_parameter(crs, "false easting", "false_easting")


def is_transverse_mercator(crs: CRS) -> bool:
    """Tell whether a projected system is Gauss-Krüger or UTM."""
    operation = crs.coordinate_operation
    name = operation.method_name.lower() if operation is not None else ""
    return "transverse mercator" in name.replace("_", " ") or "gauss" in name


def datum_name(crs: CRS) -> str:
    """Return the datum's name in the user's language."""
    datum = datum_of(crs)
    if datum is not None:
        return _(_NAMES[datum])
    geographic = crs.geodetic_crs
    return geographic.name if geographic is not None else crs.name


def same_numbers(first: CRS, second: CRS) -> bool:
    """Tell whether two systems give every place the same numbers, whatever they are called.

    4508 and 4546 are such a pair: the meridian 111° is the middle of a 6-degree and of a 3-degree zone.
    """
    datum = datum_of(first)
    if datum is not datum_of(second) or first.is_geographic != second.is_geographic:
        return False
    if datum is not None and first.is_geographic:
        return True
    if datum is None or not (is_transverse_mercator(first) and is_transverse_mercator(second)):
        return bool(first.equals(second, ignore_axis_order=True))
    return _grid(first) == _grid(second) and _metric(first) and _metric(second)


def _grid(crs: CRS) -> tuple[float | None, ...]:
    north = projection_parameter(crs, "false northing", "false_northing") or 0.0
    origin = projection_parameter(crs, "latitude of natural origin", "latitude_of_origin") or 0.0
    return central_meridian(crs), false_easting(crs), north, origin, scale_of(crs)


def scale_of(crs: CRS) -> float:
    """Return a projection's scale on its meridian; 1 where it has none."""
    scale = projection_parameter(crs, "scale factor at natural origin", "scale_factor")
    return 1.0 if scale is None else scale


def _metric(crs: CRS) -> bool:
    return all(axis.unit_conversion_factor == 1.0 for axis in crs.axis_info)


def zone_width(crs: CRS) -> int | None:
    """Return 3 or 6 for a Gauss-Krüger system whose zone width is certain, else None.

    The name says it, or the zone number before the easting, or the meridian: 114° is no 6° zone's.
    """
    meridian, easting = central_meridian(crs), false_easting(crs)
    if meridian is None or easting is None:
        return None
    if re.search(r"3[ _-]?deg", crs.name.lower()):
        return 3
    zone = zone_prefix(crs)
    if zone is not None:
        return 3 if zone * 3 == meridian else 6 if zone * 6 - 3 == meridian else None
    if meridian % 3 != 0:
        return None
    if (meridian + 3) % 6 != 0:
        return 3
    return 6 if "gauss-kruger cm" in crs.name.lower() or "_gk_cm" in crs.name.lower() else None


def zone_prefix(crs: CRS) -> int | None:
    """Return the zone number that stands before the easting (38 of 38500000), None where none does."""
    easting = false_easting(crs)
    if easting is None or easting < 1_000_000 or easting % 1_000_000 != 500_000:
        return None
    return int(easting // 1_000_000)


def describe_crs(crs: CRS) -> str:
    """Return a coordinate system in words: datum, zone, central meridian."""
    name = datum_name(crs)
    if crs.is_geographic:
        return _("{datum}, longitude and latitude").format(datum=name)
    if not crs.is_projected:
        return crs.name
    if _is_web_mercator(crs):
        return _("{datum}, Web Mercator").format(datum=name)
    meridian = central_meridian(crs)
    if not is_transverse_mercator(crs) or meridian is None:
        return crs.name
    degrees = f"{meridian:.10g}"
    utm = crs.utm_zone
    if utm:
        return _("{datum} UTM zone {zone}, central meridian {degrees}°").format(
            datum=name, zone=utm, degrees=degrees
        )
    return _gauss_kruger(crs, name, degrees)


def _gauss_kruger(crs: CRS, name: str, degrees: str) -> str:
    width, zone = zone_width(crs), zone_prefix(crs)
    if width is None:
        return _("{datum}, transverse Mercator, central meridian {degrees}°").format(
            datum=name, degrees=degrees
        )
    if zone is None:
        return _("{datum}, {width}-degree zone, central meridian {degrees}°").format(
            datum=name, width=width, degrees=degrees
        )
    return _("{datum}, {width}-degree zone {zone}, central meridian {degrees}°").format(
        datum=name, width=width, zone=zone, degrees=degrees
    )


def _is_web_mercator(crs: CRS) -> bool:
    operation = crs.coordinate_operation
    name = operation.method_name.lower().replace("_", " ") if operation is not None else ""
    return "pseudo mercator" in name or "auxiliary sphere" in name
