"""Coordinate systems under the names that services give them."""

from __future__ import annotations

import re

from layers.crs import parse_crs
from layers.errors import CrsError

# Web Mercator has been called many things before it had a code
_MERCATOR = frozenset({900913, 3785, 102100, 102113, 3857, 54004})
_CODE = re.compile(r"(?:^|[:/#])(?:EPSG|ESRI)\b.*?[:/#](\d{3,6})$", re.IGNORECASE)
_LONGEST = 200


def service_crs(text: str) -> str | None:
    """Return a system as ``EPSG:4490``; None where the name is not understood.

    ``urn:ogc:def:crs:EPSG::4490``, ``EPSG:4490``, ``http://www.opengis.net/def/crs/EPSG/0/4490`` and older
    codes of Web Mercator are; ``CRS:84`` is 4326 here, because the order of its axes is told apart elsewhere.
    """
    plain = text.strip()[:_LONGEST]
    if says_east_first(plain):
        return "EPSG:4326"
    found = _CODE.search(plain)
    return code_crs(int(found[1])) if found else None


def code_crs(code: int) -> str | None:
    """Return the system of an EPSG or ESRI code; None where there is none such."""
    if code in _MERCATOR:
        return "EPSG:3857"
    for name in (f"EPSG:{code}", f"ESRI:{code}"):
        try:
            parse_crs(name)
        except CrsError:
            continue
        return name
    return None


def says_east_first(text: str) -> bool:
    """Tell whether a name states that longitude comes first, whatever EPSG says."""
    return bool(re.search(r"CRS:?84$", text.strip(), re.IGNORECASE))
