"""Coordinate systems: read, guarded, and changed without guessing. x is east, y is north, always."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray

from layers.crs_reading import parse_crs
from layers.crs_routes import CoordinateChange, Route, find_route
from layers.datums import describe_crs, is_transverse_mercator
from layers.errors import CrsError
from layers.measures import at_places
from layers.words import _

if TYPE_CHECKING:
    from layers.datum_parameters.model import DatumParameters

__all__ = [
    "CoordinateChange",
    "coordinate_change",
    "describe_crs",
    "parse_crs",
    "require_projected_metres",
    "transform",
    "transform_known_points",
    "transform_points",
]

GEOGRAPHIC_CGCS2000 = 4490
# longitudes are counted to 180 both ways, or to 360
_MOST_DEGREES_EAST, _MOST_DEGREES_NORTH = 360.0, 90.0
Points = tuple[NDArray[np.float64], NDArray[np.float64]]


def require_projected_metres(crs: pyproj.CRS | None) -> None:
    """Refuse a coordinate system in which lengths and areas cannot be measured.

    Raises
    ------
    CrsError
        When it is missing, geographic, not in metres, or a Mercator map for looking at only.
    """
    remedy = _("Change the layer to a projected coordinate system, for Zhongshan usually 4547 or 4526.")
    if crs is None:
        raise CrsError(_("The layer has no coordinate system."), remedy=remedy)
    if not crs.is_projected:
        raise CrsError(
            _("{crs}: plane lengths and areas cannot be measured in it.").format(crs=describe_crs(crs)),
            remedy=remedy,
        )
    if any(axis.unit_conversion_factor != 1.0 for axis in crs.axis_info):
        raise CrsError(_("{crs} is not in metres.").format(crs=describe_crs(crs)), remedy=remedy)
    method = crs.coordinate_operation.method_name.lower() if crs.coordinate_operation else ""
    if "mercator" in method and not is_transverse_mercator(crs) and "oblique" not in method:
        raise CrsError(
            _("{crs} is for looking at: areas in it are far too large.").format(crs=describe_crs(crs)),
            remedy=remedy,
        )


def coordinate_change(
    source: pyproj.CRS, target: pyproj.CRS, parameters: Sequence[DatumParameters] = ()
) -> CoordinateChange:
    """Return how coordinates get from ``source`` to ``target``.

    Between projections of one datum the change is exact. WGS 84 and CGCS2000 are taken as one, with an
    uncertainty of 1 m that is stated. Anything else needs a published operation, or the user's
    own parameters.

    Parameters
    ----------
    parameters : sequence of DatumParameters
        The user's own, of which exactly one may lead from the one datum to the other; used forward and back.

    Raises
    ------
    CrsError
        When the way needs parameters that are not public (Xian 1980, Beijing 1954) and none or several were
        given, or only a guess ("ballpark") or a null shift between two datums is known.
    """
    return find_route(source, target, parameters).change


def transform_points(
    x: ArrayLike,
    y: ArrayLike,
    source: pyproj.CRS,
    target: pyproj.CRS,
    parameters: Sequence[DatumParameters] = (),
) -> Points:
    """Change points from one system to another.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        East and north (longitude and latitude in degrees), in ``source``. NaN stays NaN.

    Returns
    -------
    tuple of ndarray, shape (n,)
        East and north in ``target``.

    Raises
    ------
    CrsError
        As :func:`coordinate_change`; also when a point lies outside what ``target`` can show.
    """
    return _moved(x, y, source, find_route(source, target, parameters))


def _moved(x: ArrayLike, y: ArrayLike, source: pyproj.CRS, route: Route) -> Points:
    known = ~(np.isnan(np.atleast_1d(x)) | np.isnan(np.atleast_1d(y)))
    east, north = _through(x, y, source, route)
    lost = known & np.isnan(east)
    if lost.any():
        place = int(np.flatnonzero(lost)[0])
        raise CrsError(
            _("Coordinates do not fit the coordinate system {crs}.").format(crs=describe_crs(source)),
            where=_("vertex {number}").format(number=place + 1),
            remedy=_("Check the layer's coordinate system: zone number, central meridian, order of X and Y."),
            details=f"x={np.ravel(x)[place]!r} y={np.ravel(y)[place]!r}",
        )
    return east, north


def transform_known_points(x: ArrayLike, y: ArrayLike, source: pyproj.CRS, target: pyproj.CRS) -> Points:
    """Change points as :func:`transform_points`; what lies outside what ``target`` can show becomes NaN.

    For the corners of pixels, which may lie anywhere.

    Raises
    ------
    CrsError
        As :func:`coordinate_change`.
    """
    return _through(x, y, source, find_route(source, target))


def _through(x: ArrayLike, y: ArrayLike, source: pyproj.CRS, route: Route) -> Points:
    east = np.array(x, dtype=np.float64, ndmin=1)
    north = np.array(y, dtype=np.float64, ndmin=1)
    known = ~(np.isnan(east) | np.isnan(north))
    if source.is_geographic:
        # PROJ would take 500 degrees for 140
        on_earth = (np.abs(east) <= _MOST_DEGREES_EAST) & (np.abs(north) <= _MOST_DEGREES_NORTH)
        east[~on_earth] = north[~on_earth] = np.nan
        known &= on_earth
    for step in route.steps:
        east[known], north[known] = step.transform(east[known], north[known])
    lost = known & ~(np.isfinite(east) & np.isfinite(north))
    east[lost] = north[lost] = np.nan
    return east, north


def transform(
    geometry: NDArray[Any],
    source: pyproj.CRS,
    target: pyproj.CRS,
    parameters: Sequence[DatumParameters] = (),
) -> NDArray[Any]:
    """Change geometries from one system to another; vertices move, edges stay straight.

    Parameters
    ----------
    geometry : ndarray of shapely geometries, shape (n,)
        None and empty geometries stay as they are; heights and M values are kept unchanged.

    Raises
    ------
    CrsError
        As :func:`transform_points`.
    """
    route = find_route(source, target, parameters)
    result = np.array(geometry, dtype=object, copy=True)
    if route.change.is_identity:
        return result
    heights, measured = shapely.has_z(result), shapely.has_m(result)
    if measured.any():
        places, owner = shapely.get_coordinates(result[measured], return_index=True)
        places[:, 0], places[:, 1] = _moved(places[:, 0], places[:, 1], source, route)
        ends = np.searchsorted(owner, np.arange(int(measured.sum())), side="right")
        parts = np.split(places, ends[:-1])
        result[measured] = [
            at_places(shape, part) for shape, part in zip(result[measured], parts, strict=True)
        ]
    for chosen, include_z in ((~heights & ~measured, False), (heights & ~measured, True)):
        if not chosen.any():
            continue
        coordinates = shapely.get_coordinates(result[chosen], include_z=include_z)
        x, y = _moved(coordinates[:, 0], coordinates[:, 1], source, route)
        coordinates[:, 0], coordinates[:, 1] = x, y
        result[chosen] = shapely.set_coordinates(result[chosen].copy(), coordinates)
    return result


def metres_per_unit(crs: pyproj.CRS) -> float:
    """Return how many metres one unit of a system's coordinates is, for the scale of a map.

    In a geographic system it is a unit along the equator, ``a`` times the unit in radians: a degree of
    longitude is shorter by the cosine of the latitude.
    """
    unit = float(crs.axis_info[0].unit_conversion_factor)
    ellipsoid = crs.ellipsoid
    if crs.is_geographic and ellipsoid is not None:
        return unit * float(ellipsoid.semi_major_metre)
    return unit
