"""Pages of a result, one for each parcel, declared: what is on the map and in the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyproj

from layers.style import Symbol
from zsgis.charts import MapClass

if TYPE_CHECKING:
    from zsgis.result import Table


@dataclass(frozen=True)
class PageGround:
    """What lies under and around the parcel: one plan, line or zone, as it is drawn.

    Attributes
    ----------
    shapes : tuple of Polygon or MultiPolygon
        In the pages' coordinate system; they reach beyond the page's map.
    """

    title: str
    symbol: Symbol
    shapes: tuple[Any, ...]


@dataclass(frozen=True)
class ParcelPage:
    """One parcel.

    Attributes
    ----------
    outline : Polygon or MultiPolygon
        The whole parcel.
    parts : tuple of (str, Polygon or MultiPolygon)
        Its coloured parts, each with the value of its class.
    grounds : tuple of PageGround
        Top first.
    table : Table
        Areas by class and clause.
    """

    uid: str
    name: str
    outline: Any
    parts: tuple[tuple[str, Any], ...]
    grounds: tuple[PageGround, ...]
    table: Table


@dataclass(frozen=True)
class ParcelPages:
    """The pages of a result, the weightiest parcel first.

    Attributes
    ----------
    title : str
        What the pages are called, together and each before its parcel's name.
    crs : pyproj.CRS
        Of all shapes; projected, metres.
    layer_uid : str
        Layer of the parcels.
    classes : tuple of MapClass
        In the order of the legend.
    left_out : int
        Parcels that would have a page, had more been asked for.
    """

    title: str
    crs: pyproj.CRS
    layer_uid: str
    classes: tuple[MapClass, ...]
    pages: tuple[ParcelPage, ...]
    left_out: int = 0
