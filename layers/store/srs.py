"""Coordinate systems in the project file: rows of ``gpkg_spatial_ref_sys``."""

from __future__ import annotations

import apsw
import pyproj
from pyproj.enums import WktVersion

from layers.errors import CrsError
from layers.store.database import one
from layers.words import _

_FIRST_OWN_ID = 100_000


def crs_text(crs: pyproj.CRS) -> str:
    """Return a coordinate system as text that gives it back: ``EPSG:4547``, otherwise WKT 2."""
    authority = crs.to_authority(min_confidence=100)
    if authority is not None and pyproj.CRS.from_authority(*authority) == crs:
        return ":".join(authority)
    return crs.to_wkt(WktVersion.WKT2_2019)


def ensure_srs(connection: apsw.Connection, crs: pyproj.CRS) -> int:
    """Return the ``srs_id`` of a coordinate system, adding its row where it is missing.

    A system of EPSG keeps its number; another one gets the next free number from 100,000.

    Raises
    ------
    CrsError
        When GeoPackage 1.3 cannot express the system (its table holds WKT 1).
    """
    definition = _wkt1(crs)
    text = crs_text(crs)
    if text.startswith("EPSG:"):
        srs_id, organization = int(text.removeprefix("EPSG:")), "EPSG"
        known = one(connection, "SELECT 1 FROM gpkg_spatial_ref_sys WHERE srs_id = ?", (srs_id,))
        if known is not None:
            return srs_id
    else:
        found = one(
            connection,
            "SELECT srs_id FROM gpkg_spatial_ref_sys WHERE definition = ? AND organization = 'NONE'"
            " AND srs_id > 0",
            (definition,),
        )
        if found is not None:
            return int(found[0])
        last = one(connection, "SELECT max(srs_id) FROM gpkg_spatial_ref_sys")
        srs_id = max(_FIRST_OWN_ID, int(last[0]) + 1 if last else 0)
        organization = "NONE"
    connection.execute(
        "INSERT INTO gpkg_spatial_ref_sys"
        " (srs_name, srs_id, organization, organization_coordsys_id, definition) VALUES (?, ?, ?, ?, ?)",
        (crs.name, srs_id, organization, srs_id, definition),
    )
    return srs_id


def _wkt1(crs: pyproj.CRS) -> str:
    try:
        return str(crs.to_wkt(WktVersion.WKT1_GDAL))
    except pyproj.exceptions.CRSError as error:
        raise CrsError(
            _("Coordinate system “{name}” cannot be written to a GeoPackage.").format(name=crs.name),
            remedy=_("Use a two-dimensional system from the EPSG list."),
            details=str(error),
        ) from error
