"""Where the map looks: at features, at a layer, at a remembered place or at everything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from ui.map_places import city_place, moved_place
from ui.map_ports import Bounds, MapPort

if TYPE_CHECKING:
    from pyproj import CRS

    from layers.drawable_edits import FeatureLayer

_ROOM_SHARE, _ROOM_M = 0.1, 20.0


class MapLooking:
    """Moves the map; a place that is wanted is looked at as soon as there is something to see."""

    def __init__(self, canvas: MapPort) -> None:
        self._canvas = canvas
        self._place: tuple[float, float, float, float] | None = None
        self.is_wanted = False

    @property
    def has_place(self) -> bool:
        """Whether a place is remembered."""
        return self._place is not None

    def begin(self, *, is_wanted: bool) -> None:
        """Look at everything as soon as there is something to see."""
        self.is_wanted = is_wanted
        self._place = None

    def remember(self, place: tuple[float, float, float, float]) -> None:
        """Look at a place (east, north, width, height) instead of everything."""
        self._place = place

    def leave_system(self, before: CRS | None, after: CRS | None) -> None:
        """Find the place again in another coordinate system."""
        if before is not None and after is not None and not self.is_wanted:
            self._place = moved_place(self._canvas.view, before, after)
        self.is_wanted = True

    def look(self, crs: CRS | None, *, is_endless: bool) -> None:
        """Look at the remembered place, at everything, or, where there is no end to it, at the city."""
        self.is_wanted = False
        if self._place is None and crs is not None and is_endless:
            self._place = city_place(crs, self._canvas.view)
        if self._place is None:
            self._canvas.zoom_full()
        else:
            x, y, across, up = self._place
            self._canvas.show_place((x - across / 2, y - up / 2, x + across / 2, y + up / 2))
        self._place = None

    def zoom_to_features(
        self, layers: Mapping[str, FeatureLayer], selection: Mapping[str, Collection[str]]
    ) -> bool:
        """Show these features; False when none of them can be drawn."""
        import numpy as np

        from layers.drawable_edits import bounds_named

        boxes = [bounds_named(layers[uid], chosen) for uid, chosen in selection.items() if uid in layers]
        known = np.concatenate(boxes) if boxes else np.empty((0, 4))
        known = known[np.isfinite(known).all(axis=1)]
        if not len(known):
            return False
        low, high = known[:, :2].min(axis=0), known[:, 2:].max(axis=0)
        return self.zoom_to((float(low[0]), float(low[1]), float(high[0]), float(high[1])))

    def zoom_to(self, extent: Bounds | None) -> bool:
        """Show this rectangle with some land around; False for none."""
        if extent is not None:
            margin = max(span(extent) * _ROOM_SHARE, _ROOM_M / self._canvas.view.metres_per_unit)
            west, south, east, north = extent
            self._canvas.zoom_to((west - margin, south - margin, east + margin, north + margin))
        return extent is not None


def span(bounds: Bounds) -> float:
    """Return the longer side of a rectangle."""
    return max(bounds[2] - bounds[0], bounds[3] - bounds[1])
