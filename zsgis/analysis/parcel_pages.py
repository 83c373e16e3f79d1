"""What pages of parcels share: how many there are, and what of a plan lies around a parcel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyproj
import shapely
from pydantic import Field

from layers.crs import transform
from layers.style import Symbol
from layers.words import N_
from zsgis.analysis.zoned import GeometryArray, Shapes, ZonedParameters
from zsgis.parcel_pages import PageGround

_REACH, _LEAST_REACH_M = 1.5, 100.0

OUTLINE = Symbol(fill=None, stroke="#9AA0A6", stroke_mm=0.15)
"""Parcels and plots around."""


class PagedParameters(ZonedParameters):
    """Parameters of an analysis that has a page for each parcel it finds something on."""

    pages: int = Field(
        default=50,
        ge=0,
        le=2000,
        title=N_("Pages of parcels"),
        description=N_(
            "So many parcels have a page with their map, the largest first; how many are left out is said."
        ),
        json_schema_extra={"advanced": True},
    )


class Surroundings:
    """Shapes of one layer, in the plane, to be asked for around parcels."""

    def __init__(self, layer: Shapes, plane: pyproj.CRS) -> None:
        shapes = np.asarray(transform(layer.geometry, layer.crs, plane), dtype=object)
        self._places = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))
        self._shapes: GeometryArray = shapes
        self._tree = shapely.STRtree(shapes[self._places])

    def shape(self, place: int) -> Any:
        """Return a feature's whole shape in the plane."""
        return self._shapes[place]

    def ground(
        self,
        outline: Any,
        title: str,
        symbol: Symbol,
        *,
        among: Sequence[bool] | None = None,
        without: int | None = None,
    ) -> PageGround | None:
        """Return what lies around a parcel, cut well outside what a page shows; None where nothing does.

        Parameters
        ----------
        among : sequence of bool, optional
            Features of the layer that are meant.
        without : int, optional
            Place of a feature to leave out.
        """
        box = _around(outline)
        found = np.sort(self._places[self._tree.query(shapely.box(*box))]).tolist()
        chosen = [place for place in found if (among is None or among[place]) and place != without]
        cut = shapely.clip_by_rect(shapely.make_valid(self._shapes[chosen]), *box) if chosen else ()
        parts = [
            part
            for part in shapely.get_parts(np.asarray(cut, dtype=object)).tolist()
            if shapely.get_dimensions(part) == 2 and not part.is_empty
        ]
        return PageGround(title, symbol, tuple(parts)) if parts else None


def _around(outline: Any) -> tuple[float, float, float, float]:
    west, south, east, north = outline.bounds
    reach = _REACH * max(east - west, north - south) + _LEAST_REACH_M
    return (west - reach, south - reach, east + reach, north + reach)
