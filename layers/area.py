"""Areas, each on its basis: plane, official ellipsoidal, geodesic (the check)."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from layers.batches import pieces
from layers.cents import share_out, share_out_groups, to_cents, to_units
from layers.crs import GEOGRAPHIC_CGCS2000, parse_crs, require_projected_metres, transform_points
from layers.errors import GeometryError, UsageError
from layers.kind import AreaBasis
from layers.shape_words import type_words
from layers.words import _

__all__ = [
    "M2_PER_HA",
    "M2_PER_MU",
    "areal_scale",
    "ellipsoidal_area_m2",
    "geodesic_area_m2",
    "measure",
    "planar_area_m2",
    "ring_area_m2",
    "share_out",
    "share_out_groups",
    "to_cents",
    "to_units",
]

M2_PER_MU = 2000.0 / 3.0
M2_PER_HA = 10_000.0

SEMI_MAJOR_M = 6_378_137.0
INVERSE_FLATTENING = 298.257222101
_SEMI_MINOR_M = SEMI_MAJOR_M * (1.0 - 1.0 / INVERSE_FLATTENING)
_E2 = 1.0 - (_SEMI_MINOR_M / SEMI_MAJOR_M) ** 2

# 国土调查办发〔2008〕32号, with the ellipsoid of CGCS2000.
SERIES = (
    1 + 3 / 6 * _E2 + 30 / 80 * _E2**2 + 35 / 112 * _E2**3 + 630 / 2304 * _E2**4,
    1 / 6 * _E2 + 15 / 80 * _E2**2 + 21 / 112 * _E2**3 + 420 / 2304 * _E2**4,
    3 / 80 * _E2**2 + 7 / 112 * _E2**3 + 180 / 2304 * _E2**4,
    1 / 112 * _E2**3 + 45 / 2304 * _E2**4,
    5 / 2304 * _E2**4,
)
"""The coefficients A to E of the formula."""

_BLOCK_VERTICES = 1_000_000
_POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)

Areas = NDArray[np.float64]
Indices = NDArray[np.int64]


def planar_area_m2(geometry: NDArray[Any], crs: pyproj.CRS) -> Areas:
    """Return the area in the plane of the layer's own projection (平面面积).

    Parameters
    ----------
    geometry : ndarray of shapely polygons and multipolygons, shape (n,)
    crs : pyproj.CRS
        Projected, in metres.

    Returns
    -------
    ndarray of float64, shape (n,)
        m2; NaN for None, 0 for an empty shape.

    Raises
    ------
    CrsError
        When plane areas cannot be measured in ``crs``.
    GeometryError
        When there are points or lines among the shapes, or a vertex without coordinates.
    """
    require_projected_metres(crs)
    shapes = _polygons(geometry)
    return _finished(shapes, shapely.area(shapes))


def ellipsoidal_area_m2(geometry: NDArray[Any], crs: pyproj.CRS) -> Areas:
    """Return the area on the ellipsoid of CGCS2000 by the official formula (椭球面积).

    Vertices go to latitude and longitude; edges are straight there between the stored vertices, which are
    not densified. Rings are counted without regard to their direction: outer minus holes, parts added.
    Because edges are straight in latitude and longitude, parts of a shape add up to the whole only where
    the cut edges run along meridians and parallels or are short.

    Parameters
    ----------
    geometry : ndarray of shapely polygons and multipolygons, shape (n,)
    crs : pyproj.CRS
        WGS 84 is taken as CGCS2000. Shapes do not cross the meridian of 180°.

    Returns
    -------
    ndarray of float64, shape (n,)
        m2; NaN for None, 0 for an empty shape.

    Raises
    ------
    CrsError
        When CGCS2000 cannot be reached from ``crs`` without guessing.
    GeometryError
        When there are points or lines among the shapes, or a vertex without coordinates.

    References
    ----------
    《图幅理论面积与图斑椭球面积计算公式及要求》, 国土调查办发〔2008〕32号.
    """
    shapes = _polygons(geometry)
    rings, owner, sign = _rings(shapes)
    degrees = _degrees()
    areas = np.empty(len(rings))
    for block in _blocks(rings):
        coordinates, index = shapely.get_coordinates(rings[block], return_index=True)
        lon, lat = transform_points(coordinates[:, 0], coordinates[:, 1], crs, degrees)
        areas[block] = ring_area_m2(lon, lat, index, block.stop - block.start)
    return _add_up(shapes, owner, sign * areas)


def geodesic_area_m2(geometry: NDArray[Any], crs: pyproj.CRS) -> Areas:
    """Return the area inside geodesic edges on the ellipsoid of CGCS2000: the check, not the statutory area.

    It differs from the official area by the edges' course between vertices: below max(0.01 m2, 1e-6 of the
    area) for edges of ordinary parcels, more for long slanting ones.

    Parameters, returns and errors are those of :func:`ellipsoidal_area_m2`; it is slower.
    """
    shapes = _polygons(geometry)
    rings, owner, sign = _rings(shapes)
    degrees = _degrees()
    ellipsoid = pyproj.Geod(a=SEMI_MAJOR_M, rf=INVERSE_FLATTENING)
    coordinates, index = shapely.get_coordinates(rings, return_index=True)
    lon, lat = transform_points(coordinates[:, 0], coordinates[:, 1], crs, degrees)
    ends = np.searchsorted(index, np.arange(len(rings) + 1))
    areas = np.array(
        [
            abs(ellipsoid.polygon_area_perimeter(lon[start:stop], lat[start:stop])[0])
            for start, stop in pairwise(ends)
        ]
    )
    return _add_up(shapes, owner, sign * areas)


def areal_scale(crs: pyproj.CRS, x: float, y: float) -> float:
    """Return how many times too large a planar area is at a point; 1 is true to the ellipsoid.

    Parameters
    ----------
    crs : pyproj.CRS
        Projected.
    x, y : float
        East and north in ``crs``.
    """
    projection = pyproj.Proj(crs)
    return float(projection.get_factors(*projection(x, y, inverse=True)).areal_scale)


def measure(geometry: NDArray[Any], crs: pyproj.CRS, basis: AreaBasis) -> Areas:
    """Return areas in m2 on a basis; a recorded area is read from its field and cannot be measured.

    Raises
    ------
    UsageError
        When ``basis`` is neither planar nor ellipsoidal.
    CrsError, GeometryError
        As the two measures do.
    """
    if basis is AreaBasis.PLANAR:
        return planar_area_m2(geometry, crs)
    if basis is AreaBasis.ELLIPSOIDAL:
        return ellipsoidal_area_m2(geometry, crs)
    raise UsageError(
        _("An area on the basis “{basis}” cannot be measured from shapes.").format(basis=basis.value),
        remedy=_("Choose ellipsoidal or planar."),
    )


def ring_area_m2(
    lon_deg: Areas, lat_deg: Areas, ring: Indices, rings: int, *, reference_deg: float | None = None
) -> Areas:
    """Return the official area of closed rings given in degrees on CGCS2000.

    Parameters
    ----------
    lon_deg, lat_deg : ndarray of float64, shape (n,)
        Vertices of all rings, one ring after the other, each closed by its first vertex.
    ring : ndarray of int, shape (n,)
        Which ring a vertex belongs to; ascending.
    rings : int
        Number of rings; one without vertices has area 0.
    reference_deg : float, optional
        The common meridian L0. It cancels; without one, each ring uses its own first vertex, which keeps
        the terms small and the digits exact.

    Returns
    -------
    ndarray of float64, shape (rings,)
        m2, without sign.
    """
    if not len(ring):
        return np.zeros(rings)
    edge = ring[1:] == ring[:-1]
    owner = ring[:-1][edge]
    lon, lat = np.radians(lon_deg), np.radians(lat_deg)
    if reference_deg is None:
        first = np.searchsorted(ring, np.arange(rings))
        reference = lon[np.minimum(first, len(lon) - 1)][owner]
    else:
        reference = np.full(len(owner), np.radians(reference_deg))
    d_lon = (lon[1:][edge] + lon[:-1][edge]) / 2.0 - reference
    half = (lat[1:][edge] - lat[:-1][edge]) / 2.0
    middle = (lat[1:][edge] + lat[:-1][edge]) / 2.0
    strip = np.zeros(len(owner))
    for place, coefficient in enumerate(SERIES):
        multiple = 2 * place + 1
        strip += (-1) ** place * coefficient * np.sin(multiple * half) * np.cos(multiple * middle)
    terms = 2.0 * _SEMI_MINOR_M**2 * d_lon * strip
    return np.asarray(np.abs(np.bincount(owner, weights=terms, minlength=rings)), dtype=np.float64)


@cache
def _degrees() -> pyproj.CRS:
    return parse_crs(GEOGRAPHIC_CGCS2000)


def _polygons(geometry: NDArray[Any]) -> NDArray[Any]:
    shapes = np.atleast_1d(np.asarray(geometry, dtype=object))
    wrong = ~(_is_polygonal(shapes) | shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise GeometryError(
            _("Only polygons have an area; this shape is of type {type}.").format(
                type=type_words(shapes[place])
            ),
            where=_("feature {number}").format(number=place + 1),
            remedy=_("Choose a polygon layer, or leave this shape out."),
        )
    return shapes


def _is_polygonal(shapes: NDArray[Any]) -> NDArray[np.bool_]:
    types = shapely.get_type_id(shapes)
    return np.asarray(np.logical_or.reduce([types == one for one in _POLYGONAL]))


def _rings(shapes: NDArray[Any]) -> tuple[NDArray[Any], Indices, Areas]:
    """Return all rings, the shape each belongs to, and +1 for outer, -1 for holes."""
    polygonal = shapes.copy()
    polygonal[~_is_polygonal(shapes)] = None  # empty shapes of any type
    parts, part_owner = pieces(shapely.get_parts, polygonal)
    rings, part = pieces(shapely.get_rings, parts)
    outer = np.ones(len(rings), dtype=bool)
    outer[1:] = part[1:] != part[:-1]
    return rings, np.asarray(part_owner[part], dtype=np.int64), np.where(outer, 1.0, -1.0)


def _blocks(rings: NDArray[Any]) -> list[slice]:
    """Return runs of rings with about a million vertices each, so that memory stays bounded."""
    if not len(rings):
        return []
    vertices = np.cumsum(shapely.get_num_coordinates(rings))
    if vertices[-1] <= _BLOCK_VERTICES:
        return [slice(0, len(rings))]
    marks = np.arange(_BLOCK_VERTICES, vertices[-1], _BLOCK_VERTICES)
    ends = np.unique(np.append(np.searchsorted(vertices, marks) + 1, len(rings)))
    return [slice(int(start), int(stop)) for start, stop in pairwise((0, *ends))]


def _add_up(shapes: NDArray[Any], owner: Indices, signed: Areas) -> Areas:
    totals = np.bincount(owner, weights=signed, minlength=len(shapes))
    return _finished(shapes, np.asarray(totals, dtype=np.float64))


def _finished(shapes: NDArray[Any], areas: Areas) -> Areas:
    missing = shapely.is_missing(shapes)
    broken = ~np.isfinite(areas) & ~missing
    if broken.any():
        raise GeometryError(
            _("A vertex has no usable coordinates."),
            where=_("feature {number}").format(number=int(np.flatnonzero(broken)[0]) + 1),
            remedy=_("Repair the shapes, then run it again."),
        )
    return np.asarray(np.where(missing, np.nan, areas), dtype=np.float64)
