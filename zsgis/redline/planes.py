"""In which plane a red line is cut and measured, and in which system its points are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from layers.crs import require_projected_metres, transform
from layers.datums import central_meridian, is_transverse_mercator, zone_prefix, zone_width
from layers.errors import CrsError
from layers.kind import AreaBasis
from layers.map_systems import gauss_kruger
from layers.words import _
from zsgis.redline.boundary import Boundary

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project


def plane_of_boundary(boundary: Boundary, project: Project) -> pyproj.CRS:
    """Return the plane of a red line: its own system, the project's for one in degrees.

    Raises
    ------
    CrsError
        When neither is a plane in metres.
    """
    return boundary.crs if is_plane(boundary.crs) else _required(project.crs)


def _required(crs: pyproj.CRS) -> pyproj.CRS:
    require_projected_metres(crs)
    return crs


def plane_of_section(info: LayerInfo, basis: AreaBasis, plane: pyproj.CRS) -> pyproj.CRS:
    """Return where a layer is cut: planar areas count in the layer's own projection."""
    return info.crs if basis is AreaBasis.PLANAR and is_plane(info.crs) else plane


def degrees_beyond_zone(boundary: Boundary, plane: pyproj.CRS) -> float:
    """Return by how many degrees of longitude a red line reaches over the edge of its plane's zone.

    Zero within the zone, and where the plane is no Gauss-Krüger zone of certain width.
    """
    meridian, width = central_meridian(plane), zone_width(plane)
    if meridian is None or width is None or not is_transverse_mercator(plane):
        return 0.0
    shape = transform(np.array([boundary.geometry], dtype=object), boundary.crs, pyproj.CRS(4490))
    west, _south, east, _north = (float(value) for value in shapely.bounds(shape[0]))
    return max(0.0, meridian - width / 2 - west, east - meridian - width / 2)


def is_plane(crs: pyproj.CRS) -> bool:
    """Tell whether plane areas can be measured in a system."""
    try:
        require_projected_metres(crs)
    except CrsError:
        return False
    return True


def printed_system(plane: pyproj.CRS, prefix: str) -> pyproj.CRS:
    """Return the system in which points are printed: the plane with or without its zone's number.

    Parameters
    ----------
    prefix : str
        ``keep``, ``with`` or ``without``.

    Raises
    ------
    CrsError
        When the plane is no Gauss-Krüger zone, so that it has no number.
    """
    has = zone_prefix(plane) is not None
    if prefix == "keep" or has == (prefix == "with"):
        return plane
    meridian, width = central_meridian(plane), zone_width(plane)
    if meridian is None or width is None or not is_transverse_mercator(plane):
        raise CrsError(
            _("The system of the red line has no zone number: it is no zone of Gauss-Krüger."),
            remedy=_("Set zone_prefix to keep."),
        )
    return gauss_kruger(meridian, width=width, with_zone=prefix == "with")
