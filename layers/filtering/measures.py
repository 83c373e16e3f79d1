"""What a filter may ask of a shape itself: areas and lengths, each on its stated basis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from layers.kind import AreaBasis

if TYPE_CHECKING:
    import pyproj

MEASURES: Mapping[tuple[str, str], tuple[str, str]] = MappingProxyType(
    {
        ("area", "ellipsoidal"): ("@area_ellipsoidal_m2", "m2"),
        ("area", "planar"): ("@area_planar_m2", "m2"),
        ("length", "ellipsoidal"): ("@length_ellipsoidal_m", "m"),
        ("length", "planar"): ("@length_planar_m", "m"),
    }
)
"""Column and unit of each function with its basis; no field can have such a name."""


def measured(shapes: NDArray[Any], crs: pyproj.CRS, columns: Iterable[str]) -> dict[str, NDArray[np.float64]]:
    """Return what is asked of shapes, by column.

    Parameters
    ----------
    shapes : ndarray of shapely geometries, shape (n,)
        In ``crs``; None gives NaN.
    columns : iterable of str
        Columns of :data:`MEASURES`. Areas are those of :mod:`layers.area`. A planar length is the sum of the
        edges in ``crs``, an ellipsoidal one the sum of geodesics between the vertices; of a polygon it is the
        length of all its rings.

    Raises
    ------
    CrsError, GeometryError
        As the measures of :mod:`layers.area`; a planar length too needs plane coordinates in metres.
    """
    return {column: _MEASURED[column](shapes, crs) for column in columns}


def _area(shapes: NDArray[Any], crs: pyproj.CRS, basis: AreaBasis) -> NDArray[np.float64]:
    import shapely

    from layers.area import measure

    areas = np.full(len(shapes), np.nan)
    # points and lines have no area: 0 would be a figure nobody measured
    surfaces = shapely.get_dimensions(shapes) == 2
    areas[surfaces] = measure(shapes[surfaces], crs, basis)
    return areas


def _planar_length(shapes: NDArray[Any], crs: pyproj.CRS) -> NDArray[np.float64]:
    import shapely

    from layers.crs import require_projected_metres

    require_projected_metres(crs)
    return np.asarray(shapely.length(shapes), dtype=np.float64)


def _geodesic_length(shapes: NDArray[Any], crs: pyproj.CRS) -> NDArray[np.float64]:
    import shapely

    from layers.crs import transform

    geographic = crs.geodetic_crs
    geod = crs.get_geod()
    if geographic is None or geod is None:
        return np.full(len(shapes), np.nan)
    degrees = transform(shapes, crs, geographic.to_2d())
    lengths = np.full(len(shapes), np.nan)
    present = np.flatnonzero(~(shapely.is_missing(degrees) | shapely.is_empty(degrees)))
    lengths[present] = 0.0
    lines, feature = _lines(degrees, present)
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    if len(coordinates) < 2:
        return lengths
    same = line[1:] == line[:-1]
    _forth, _back, metres = geod.inv(
        coordinates[:-1, 0], coordinates[:-1, 1], coordinates[1:, 0], coordinates[1:, 1]
    )
    np.add.at(lengths, feature[line[1:][same]], np.asarray(metres)[same])
    return lengths


def _lines(shapes: NDArray[Any], rows: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the lines and rings of shapes, and the row each belongs to."""
    import shapely

    parts, part_of = shapely.get_parts(shapes[rows], return_index=True)
    polygons = shapely.get_type_id(parts) == 3
    rings, ring_of = shapely.get_rings(parts[polygons], return_index=True)
    lines = np.concatenate([parts[~polygons], rings])
    owner = np.concatenate([part_of[~polygons], part_of[polygons][ring_of]])
    return lines, rows[owner]


_MEASURED = {
    "@area_ellipsoidal_m2": lambda shapes, crs: _area(shapes, crs, AreaBasis.ELLIPSOIDAL),
    "@area_planar_m2": lambda shapes, crs: _area(shapes, crs, AreaBasis.PLANAR),
    "@length_ellipsoidal_m": _geodesic_length,
    "@length_planar_m": _planar_length,
}
