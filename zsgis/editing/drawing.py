"""From what is drawn to a shape of the layer, refused with a reason where it is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from layers.crs import transform_points
from layers.errors import GeometryError
from layers.kind import GeometryType
from layers.shape_words import fault_words
from layers.words import _

Places = NDArray[np.float64]
"""East and north of corners, shape (n, 2)."""


@dataclass(frozen=True)
class Vertex:
    """A corner of what is being drawn.

    Attributes
    ----------
    x, y : float
        East and north on the map.
    own : tuple of float or None
        East and north in the layer's own system, where they are known better than the map tells: taken from a
        feature, so that both share the corner bit for bit, or computed there. None: they follow from the map.
    """

    x: float
    y: float
    own: tuple[float, float] | None = None

    @property
    def place(self) -> tuple[float, float]:
        """East and north on the map."""
        return self.x, self.y


def own_places(vertices: Sequence[Vertex], map_crs: pyproj.CRS, layer_crs: pyproj.CRS) -> Places:
    """Return corners in the layer's own system.

    Returns
    -------
    ndarray of float64, shape (n, 2)
        East and north; what a vertex has of its own is taken as it is.

    Raises
    ------
    CrsError
        When the layer's system cannot be reached from the map's without guessing.
    """
    if not vertices:
        return np.empty((0, 2))
    known = np.array([vertex.own is not None for vertex in vertices])
    places = np.array([vertex.own or vertex.place for vertex in vertices], dtype=np.float64)
    if not known.all():
        x, y = transform_points(places[~known, 0], places[~known, 1], map_crs, layer_crs)
        places[~known, 0], places[~known, 1] = x, y
    return places


def without_repeats(places: Places) -> Places:
    """Return corners without those that repeat the one before them."""
    if len(places) < 2:
        return places
    moved = np.any(places[1:] != places[:-1], axis=1)
    return places[np.concatenate(([True], moved))]


def drawn_shape(places: Places, geometry: GeometryType) -> Any:
    """Return what corners make: a point, a line or a polygon.

    Parameters
    ----------
    places : ndarray of float64, shape (n, 2)
        In the layer's own system; an outline may be closed or not.

    Raises
    ------
    GeometryError
        When a corner is no place, there are too few corners, they enclose nothing, or the outline crosses
        itself.
    """
    if not np.isfinite(places).all():
        raise GeometryError(
            _("A corner has no usable coordinates."), remedy=_("Take it back and set it again.")
        )
    corners = without_repeats(places)
    if geometry is GeometryType.POINT:
        return _point(corners)
    if geometry is GeometryType.LINE:
        return _line(corners)
    return _polygon(corners)


def _point(corners: Places) -> shapely.Point:
    if not len(corners):
        raise GeometryError(_("There is no place yet."), remedy=_("Click where the point belongs."))
    return shapely.Point(corners[-1])


def _line(corners: Places) -> shapely.LineString:
    if len(corners) < 2:
        raise GeometryError(_("A line needs two different places."), remedy=_("Click one more."))
    return shapely.LineString(corners)


def _polygon(corners: Places) -> shapely.Polygon:
    if len(corners) > 1 and (corners[0] == corners[-1]).all():
        corners = corners[:-1]
    if len(np.unique(corners, axis=0)) < 3:
        raise GeometryError(_("An area needs three different corners."), remedy=_("Click one more."))
    polygon = shapely.Polygon(corners)
    if polygon.area == 0.0:
        raise GeometryError(
            _("The outline has no area."), remedy=_("Click a corner beside the line of the others.")
        )
    if not polygon.is_valid:
        raise GeometryError(
            _("The outline crosses or touches itself ({fault}).").format(
                fault=fault_words(shapely.is_valid_reason(polygon))
            ),
            remedy=_("Take corners back until it does not."),
        )
    return polygon
