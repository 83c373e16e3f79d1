"""Where the map looks when nobody has said it: the same place in another system, or the city."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyproj import CRS

    from ui.painting.view import MapView

Place = tuple[float, float, float, float]
"""East and north of the middle, width and height, in map units."""


def moved_place(view: MapView, source: CRS, target: CRS) -> Place | None:
    """Return what a view shows (east, north, width, height), in another system at the same scale.

    None where the middle of the view has no place there.
    """
    from layers.crs import metres_per_unit, transform_points
    from layers.errors import CrsError

    try:
        x, y = transform_points([view.center_x], [view.center_y], source, target)
    except CrsError:
        return None
    units = view.units_per_px * metres_per_unit(source) / metres_per_unit(target)
    return float(x[0]), float(y[0]), view.width_px * units, view.height_px * units


def city_place(crs: CRS, view: MapView) -> Place | None:
    """Return a place that shows all of Zhongshan; None where the system does not reach there."""
    from layers.coordinates import ZHONGSHAN
    from layers.crs import parse_crs, transform_points
    from layers.errors import CrsError

    west, south, east, north = ZHONGSHAN
    try:
        x, y = transform_points([west, east], [south, north], parse_crs(4490), crs)
    except CrsError:
        return None
    across, up = float(x[1] - x[0]), float(y[1] - y[0])
    if not (across > 0 and up > 0):
        return None
    return float(x.mean()), float(y.mean()), max(across, up * view.width_px / max(view.height_px, 1)), up
