"""Coordinate systems read from codes, names and WKT."""

from __future__ import annotations

import unicodedata

import pyproj

from layers.errors import CrsError
from layers.words import _


def parse_crs(text: str | int | pyproj.CRS) -> pyproj.CRS:
    """Read a coordinate system.

    Parameters
    ----------
    text : str, int or pyproj.CRS
        ``4547``, ``"4547"``, ``"EPSG:4547"``, WKT, or what a file's reader gave.

    Returns
    -------
    pyproj.CRS
        Two-dimensional: heights of a 3D or compound system are left out.

    Raises
    ------
    CrsError
        When the text names no coordinate system, or one without a horizontal part.
    """
    try:
        crs = _read_crs(text)
    except (pyproj.exceptions.CRSError, ValueError, TypeError, OverflowError) as error:
        raise CrsError(
            _("“{text}” is not a known coordinate system.").format(text=str(text)[:80]),
            remedy=_("Give an EPSG code, for Zhongshan usually 4547 or 4526."),
            details=str(error),
        ) from error
    if crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    crs = crs.to_2d()
    if not (crs.is_geographic or crs.is_projected):
        raise CrsError(
            _("“{name}” has no map coordinates.").format(name=crs.name),
            remedy=_("Give an EPSG code, for Zhongshan usually 4547 or 4526."),
        )
    return crs


def _read_crs(text: str | int | pyproj.CRS) -> pyproj.CRS:
    if isinstance(text, pyproj.CRS):
        return text
    if isinstance(text, bool):
        raise TypeError(text)
    if isinstance(text, int):
        return pyproj.CRS.from_epsg(text)
    plain = unicodedata.normalize("NFKC", text).strip()
    return pyproj.CRS.from_epsg(int(plain)) if plain.isdigit() else pyproj.CRS.from_user_input(plain)
