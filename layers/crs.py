"""Coordinate systems: read, guarded, and changed without guessing. x is east, y is north, always."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj.transformer import TransformerGroup

from layers.datums import LEGACY, Datum, datum_of, describe_crs, is_transverse_mercator
from layers.errors import CrsError
from layers.words import _

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
_SAME_DATUM_UNCERTAINTY_M = 1.0
# longitudes are counted to 180 both ways, or to 360
_MOST_DEGREES_EAST, _MOST_DEGREES_NORTH = 360.0, 90.0
_ONE_FRAME = frozenset({Datum.CGCS2000, Datum.WGS84})
Points = tuple[NDArray[np.float64], NDArray[np.float64]]


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


@dataclass(frozen=True)
class CoordinateChange:
    """What happens to coordinates on their way from one system to another.

    Attributes
    ----------
    description : str
        One sentence in the user's language, for the run record and the screen.
    uncertainty_m : float
        0 where the change is exact; 1 where WGS 84 and CGCS2000 are taken as one.
    is_identity : bool
        The numbers come out as they went in.
    one_datum_assumed : bool
        WGS 84 and CGCS2000 were taken as one.
    """

    source: pyproj.CRS
    target: pyproj.CRS
    description: str
    uncertainty_m: float
    is_identity: bool
    one_datum_assumed: bool = False


@dataclass(frozen=True)
class _Route:
    """A change and the steps that carry it out, each in x, y order."""

    change: CoordinateChange
    steps: tuple[pyproj.Transformer, ...]


def coordinate_change(source: pyproj.CRS, target: pyproj.CRS) -> CoordinateChange:
    """Return how coordinates get from ``source`` to ``target``.

    Between projections of one datum the change is exact. WGS 84 and CGCS2000 are taken as one, with an
    uncertainty of 1 m that is stated. Anything else needs a published operation.

    Raises
    ------
    CrsError
        When the way needs parameters that are not public (Xian 1980, Beijing 1954), or only a guess
        ("ballpark") or a null shift between two datums is known.
    """
    return _route(source, target).change


def transform_points(x: ArrayLike, y: ArrayLike, source: pyproj.CRS, target: pyproj.CRS) -> Points:
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
    known = ~(np.isnan(np.atleast_1d(x)) | np.isnan(np.atleast_1d(y)))
    east, north = transform_known_points(x, y, source, target)
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
    east = np.array(x, dtype=np.float64, ndmin=1)
    north = np.array(y, dtype=np.float64, ndmin=1)
    known = ~(np.isnan(east) | np.isnan(north))
    if source.is_geographic:
        # PROJ would take 500 degrees for 140
        on_earth = (np.abs(east) <= _MOST_DEGREES_EAST) & (np.abs(north) <= _MOST_DEGREES_NORTH)
        east[~on_earth] = north[~on_earth] = np.nan
        known &= on_earth
    for step in _route(source, target).steps:
        east[known], north[known] = step.transform(east[known], north[known])
    lost = known & ~(np.isfinite(east) & np.isfinite(north))
    east[lost] = north[lost] = np.nan
    return east, north


def transform(geometry: NDArray[Any], source: pyproj.CRS, target: pyproj.CRS) -> NDArray[Any]:
    """Change geometries from one system to another; vertices move, edges stay straight.

    Parameters
    ----------
    geometry : ndarray of shapely geometries, shape (n,)
        None and empty geometries stay as they are; heights are kept unchanged.

    Raises
    ------
    CrsError
        As :func:`transform_points`.
    """
    route = _route(source, target)
    result = np.array(geometry, dtype=object, copy=True)
    if route.change.is_identity:
        return result
    heights = shapely.has_z(result)
    for chosen, include_z in ((~heights, False), (heights, True)):
        if not chosen.any():
            continue
        coordinates = shapely.get_coordinates(result[chosen], include_z=include_z)
        coordinates[:, 0], coordinates[:, 1] = transform_points(
            coordinates[:, 0], coordinates[:, 1], source, target
        )
        result[chosen] = shapely.set_coordinates(result[chosen].copy(), coordinates)
    return result


@lru_cache(maxsize=64)
def _route(source: pyproj.CRS, target: pyproj.CRS) -> _Route:
    return _find_route(parse_crs(source), parse_crs(target))


def _find_route(source: pyproj.CRS, target: pyproj.CRS) -> _Route:
    words = {"source": describe_crs(source), "target": describe_crs(target)}
    if source.equals(target, ignore_axis_order=True):
        return _Route(CoordinateChange(source, target, _("No change of coordinates."), 0.0, True), ())
    ours = datum_of(source), datum_of(target)
    if ours[0] is not None and ours[0] == ours[1]:
        text = _("{source} → {target}: exact.").format(**words)
        return _through_degrees(source, target, CoordinateChange(source, target, text, 0.0, False))
    if set(ours) == _ONE_FRAME:
        text = _("{source} → {target}: WGS 84 and CGCS2000 taken as one, uncertainty 1 m.").format(**words)
        change = CoordinateChange(source, target, text, _SAME_DATUM_UNCERTAINTY_M, False, True)
        return _through_degrees(source, target, change)
    return _published(source, target, words)


def _through_degrees(source: pyproj.CRS, target: pyproj.CRS, change: CoordinateChange) -> _Route:
    """Unproject and project: the degrees between the two steps are handed over as they are."""
    steps = []
    if source.is_projected:
        steps.append(pyproj.Transformer.from_crs(source, _degrees_of(source), always_xy=True))
    if target.is_projected:
        steps.append(pyproj.Transformer.from_crs(_degrees_of(target), target, always_xy=True))
    same = CoordinateChange(
        source, target, change.description, change.uncertainty_m, not steps, change.one_datum_assumed
    )
    return _Route(same, tuple(steps))


def _degrees_of(crs: pyproj.CRS) -> pyproj.CRS:
    geographic = crs.geodetic_crs
    if geographic is None:
        raise CrsError(_("“{name}” has no map coordinates.").format(name=crs.name))
    return geographic.to_2d()


def _published(source: pyproj.CRS, target: pyproj.CRS, words: dict[str, str]) -> _Route:
    if LEGACY & {datum_of(source), datum_of(target)} and not _one_datum(source, target):
        raise CrsError(
            _("{source} cannot be changed to {target}: the parameters are not public.").format(**words),
            remedy=_(
                "Have the surveying authority change the data to CGCS2000 with the local parameters, then "
                "import the result."
            ),
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a missing grid is judged by best_available
        group = TransformerGroup(source, target, always_xy=True)
    if not group.transformers or not group.best_available or _is_guess(group.transformers[0], source, target):
        raise CrsError(
            _("No reliable way leads from {source} to {target}.").format(**words),
            remedy=_(
                "Have the data changed to CGCS2000 by a program that has the parameters, then import it."
            ),
            details="; ".join(step.description for step in group.transformers[:3]),
        )
    best = group.transformers[0]
    text = _("{source} → {target}: {operation}, uncertainty {metres:g} m.").format(
        **words, operation=best.description, metres=best.accuracy
    )
    return _Route(CoordinateChange(source, target, text, float(best.accuracy), False), (best,))


def _one_datum(source: pyproj.CRS, target: pyproj.CRS) -> bool:
    first, second = source.geodetic_crs, target.geodetic_crs
    return first is not None and second is not None and first.equals(second, ignore_axis_order=True)


def _is_guess(step: pyproj.Transformer, source: pyproj.CRS, target: pyproj.CRS) -> bool:
    if _one_datum(source, target):
        return False
    if step.accuracy is None or step.accuracy < 0 or "ballpark" in step.description.lower():
        return True
    shifts = [value for name, value in _parameters(step.to_json_dict()) if _is_shift(name)]
    return bool(shifts) and not any(shifts)


def _is_shift(name: str) -> bool:
    return any(word in name.lower() for word in ("translation", "rotation", "scale difference", "offset"))


def _parameters(node: object) -> Iterator[tuple[str, float]]:
    if isinstance(node, dict):
        if isinstance(node.get("value"), int | float) and isinstance(node.get("name"), str):
            yield node["name"], float(node["value"])
        for value in node.values():
            yield from _parameters(value)
    elif isinstance(node, list):
        for value in node:
            yield from _parameters(value)


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
