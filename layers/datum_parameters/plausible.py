"""Whether a set of parameters can be right: it moves the city by some hundred metres, not by kilometres."""

from __future__ import annotations

import pyproj

from layers.crs import parse_crs, transform_points
from layers.datum_parameters.model import DatumParameters
from layers.errors import InputError
from layers.words import _

MOST_MOVED_M = 500.0
"""Xi'an 1980 and Beijing 1954 lie within 200 m of CGCS2000 in Guangdong, in degrees taken as they are."""

CITY = (113.4, 22.5)
"""Longitude and latitude of the middle of Zhongshan."""


def moved_m(parameters: DatumParameters, place: tuple[float, float] = CITY) -> float:
    """Return how far a place's degrees move on the ground, metres; NaN where the set does not reach it."""
    source, target = parameters.source_crs.geodetic_crs, parameters.target_crs.geodetic_crs
    if source is None or target is None:
        return float("nan")
    lon, lat = transform_points([place[0]], [place[1]], parse_crs(source), parse_crs(target), (parameters,))
    _there, _back, metres = pyproj.Geod(ellps="GRS80").inv(place[0], place[1], lon[0], lat[0])
    return float(metres)


def require_plausible(parameters: DatumParameters, place: tuple[float, float] = CITY) -> None:
    """Refuse a set that moves the city farther than two datums can lie apart.

    Raises
    ------
    InputError
        When it does: a sign, a unit, or north and east exchanged.
    """
    metres = moved_m(parameters, place)
    if not metres <= MOST_MOVED_M:
        raise InputError(
            _(
                "By the parameters “{name}” the city would move by {metres:,.0f} m; they cannot be right."
            ).format(name=parameters.name, metres=metres),
            remedy=_(
                "Check signs, units (arc seconds, ppm), the direction of rotation, and which of the four "
                "parameters is north."
            ),
        )
