"""The zone that a file is written in: Gauss-Krüger, so that header and figures say the same."""

from __future__ import annotations

from dataclasses import dataclass

import pyproj

from layers.datums import (
    Datum,
    central_meridian,
    datum_of,
    describe_crs,
    false_easting,
    is_transverse_mercator,
    projection_parameter,
    zone_width,
)
from layers.errors import CrsError
from layers.formats.boundary_txt.systems import FALSE_EASTING, PREFIX, ZONES
from layers.words import _

NAMES = {
    Datum.CGCS2000: "2000国家大地坐标系",
    Datum.XIAN80: "1980西安坐标系",
    Datum.BEIJING54: "1954北京坐标系",
}


@dataclass(frozen=True)
class TargetZone:
    """A zone, and what is added to eastings of the layer to get eastings without the zone number."""

    datum: Datum
    width: int
    zone: int
    shift: float

    def easting_shift(self, prefix: bool) -> float:
        """Return what is added to the layer's eastings for Y with the zone number, or without."""
        return self.shift + (PREFIX * self.zone if prefix else 0.0)


def target_zone(crs: pyproj.CRS | None) -> TargetZone:
    """Return the zone of a layer's coordinate system.

    Raises
    ------
    CrsError
        When it is no Gauss-Krüger zone on CGCS2000, Xian 1980 or Beijing 1954.
    """
    remedy = _("Change the layer to a zone of CGCS2000, for Zhongshan usually 4547 or 4526, then write it.")
    if crs is None:
        raise CrsError(_("The layer has no coordinate system."), remedy=remedy)
    datum, width = datum_of(crs), zone_width(crs) if crs.is_projected else None
    meridian, easting = central_meridian(crs), false_easting(crs)
    if datum not in NAMES or width is None or meridian is None or easting is None or not _is_plain(crs):
        raise CrsError(
            _("Boundary point files give zone numbers; {crs} is no Gauss-Krüger zone.").format(
                crs=describe_crs(crs)
            ),
            remedy=remedy,
        )
    zone = round(meridian / 3) if width == 3 else round((meridian + 3) / 6)
    if zone not in ZONES[width]:
        raise CrsError(
            _("Boundary point files give zone numbers; {crs} is no Gauss-Krüger zone.").format(
                crs=describe_crs(crs)
            ),
            remedy=remedy,
        )
    return TargetZone(datum, width, zone, FALSE_EASTING - easting)


def _is_plain(crs: pyproj.CRS) -> bool:
    """Tell whether scale, false northing and unit are those of Gauss-Krüger."""
    scale = projection_parameter(crs, "scale factor at natural origin", "scale_factor")
    northing = projection_parameter(crs, "false northing", "false_northing")
    metres = all(axis.unit_conversion_factor == 1.0 for axis in crs.axis_info)
    return is_transverse_mercator(crs) and scale in (None, 1.0) and northing in (None, 0.0) and metres
