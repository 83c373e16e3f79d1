"""How shapes of a layer are held: one table type per layer, nothing dropped on the way.

Lines and polygons are held as multi-geometries (that is what other programs expect of a land layer), points
as points unless one of them has several parts. On reading, a multi-geometry of one part comes back as that
part. Coordinates, Z and M included, stay bit for bit what they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from layers.errors import GeometryError, InputError
from layers.kind import GeometryType
from layers.store.blob import Geometries
from layers.words import _

SINGLE_TYPES = {GeometryType.POINT: 0, GeometryType.LINE: 1, GeometryType.POLYGON: 3}
_MULTI = {GeometryType.POINT: 4, GeometryType.LINE: 5, GeometryType.POLYGON: 6}
MULTI_MAKERS: Mapping[GeometryType, Any] = {
    GeometryType.POINT: shapely.multipoints,
    GeometryType.LINE: shapely.multilinestrings,
    GeometryType.POLYGON: shapely.multipolygons,
}
"""Functions that make a multi-geometry of parts, by the type of the parts."""

_LINEAR_RING = 2
_NAMES = {
    0: "POINT",
    1: "LINESTRING",
    2: "LINEARRING",
    3: "POLYGON",
    4: "MULTIPOINT",
    5: "MULTILINESTRING",
    6: "MULTIPOLYGON",
    7: "GEOMETRYCOLLECTION",
}


@dataclass(frozen=True)
class TableGeometry:
    """What ``gpkg_geometry_columns`` says: type name, and 0 none, 1 all, 2 some for Z and M."""

    type_name: str
    z: int
    m: int


def type_name(geometry: shapely.Geometry) -> str:
    """Return the name of a geometry's type as GeoPackage writes it, ``POLYGON``."""
    return _NAMES.get(int(shapely.get_type_id(geometry)), "GEOMETRY")


def check_geometries(geometry: Geometries, wanted: GeometryType, layer: str) -> None:
    """Refuse geometries that the layer cannot hold.

    Raises
    ------
    InputError
        When one is of another type than ``wanted``.
    GeometryError
        When a coordinate east or north is not a finite number.
    """
    types = shapely.get_type_id(geometry)
    wrong = (types >= 0) & (types != SINGLE_TYPES[wanted]) & (types != _MULTI[wanted])
    if wanted is GeometryType.LINE:
        wrong &= types != _LINEAR_RING
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise InputError(
            _("Layer “{layer}” takes {wanted} only; {count} features are of another type.").format(
                layer=layer, wanted=geometry_words(wanted), count=int(wrong.sum())
            ),
            where=_("feature {number} ({type})").format(number=first + 1, type=type_name(geometry[first])),
            remedy=_("Choose another kind for the layer, or separate the shapes by type first."),
        )
    points, owner = shapely.get_coordinates(geometry, return_index=True)
    broken = np.unique(owner[~np.isfinite(points).all(axis=1)])
    if broken.size:
        raise GeometryError(
            _("{count} features of layer “{layer}” have a coordinate that is not a number.").format(
                count=int(broken.size), layer=layer
            ),
            where=_("feature {number}").format(number=int(broken[0]) + 1),
            remedy=_("Correct or remove these shapes in the source."),
        )


def geometry_words(wanted: GeometryType) -> str:
    """Return what a geometry type is called in the user's language, in the plural."""
    return {
        GeometryType.POINT: _("points"),
        GeometryType.LINE: _("lines"),
        GeometryType.POLYGON: _("polygons"),
    }[wanted]


def for_table(geometry: Geometries, wanted: GeometryType) -> tuple[Geometries, TableGeometry]:
    """Return geometries as the layer's table holds them, and the table's type."""
    types = shapely.get_type_id(geometry)
    if wanted is GeometryType.POINT and not (types == _MULTI[wanted]).any():
        return geometry, TableGeometry("POINT", *_dimensions(geometry))
    single = (types >= 0) & (types != _MULTI[wanted])
    held = geometry.copy()
    if single.any():
        held[single] = _as_multi(geometry[single], wanted)
    return held, TableGeometry(_NAMES[_MULTI[wanted]], *_dimensions(geometry))


def from_table(geometry: Geometries) -> Geometries:
    """Return geometries as the program works with them: a multi-geometry of one part as that part."""
    one_part = (shapely.get_type_id(geometry) >= 4) & (shapely.get_num_geometries(geometry) == 1)
    if one_part.any():
        geometry = geometry.copy()
        geometry[one_part] = shapely.get_geometry(geometry[one_part], 0)
    return geometry


def one_from_table(geometry: Any | None) -> Any | None:
    """Return one geometry as :func:`from_table` does many."""
    if geometry is not None and hasattr(geometry, "geoms") and shapely.get_num_geometries(geometry) == 1:
        return shapely.get_geometry(geometry, 0)
    return geometry


def _as_multi(geometry: Geometries, wanted: GeometryType) -> Geometries:
    multi: Geometries = MULTI_MAKERS[wanted](geometry, indices=np.arange(geometry.size))
    return multi


def _dimensions(geometry: Geometries) -> tuple[int, int]:
    present = ~shapely.is_missing(geometry)
    return _share(shapely.has_z(geometry)[present]), _share(shapely.has_m(geometry)[present])


def _share(has: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    if not has.any():
        return 0
    return 1 if has.all() else 2
