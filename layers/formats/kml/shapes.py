"""Shapes of a placemark: points, lines, polygons with holes, tracks, and what is nested in MultiGeometry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.formats.kml.coordinates import CoordinateError, positions, track_positions
from layers.words import _

POLYGON, LINE, POINT = "Polygon", "LineString", "Point"
FAMILIES = (POLYGON, LINE, POINT)
_TAGS = {
    "Point": POINT,
    "LineString": LINE,
    "LinearRing": LINE,
    "Track": LINE,
    "Polygon": POLYGON,
}
_MULTI: Mapping[str, Callable[..., Any]] = {
    POLYGON: shapely.multipolygons,
    LINE: shapely.multilinestrings,
    POINT: shapely.multipoints,
}
_NESTED = ("MultiGeometry", "MultiTrack")
_UNREAD = ("Model", "Tour")


@dataclass(frozen=True)
class PlacemarkShape:
    """What of a placemark belongs into one layer.

    Attributes
    ----------
    family : str
        One of :data:`FAMILIES`.
    shape : shapely geometry or None
        With altitudes; of several parts where it has several. None where no part can be read.
    faults : tuple of str
        What is wrong with parts that are left out, in words.
    times : tuple of str
        When each position of a track was taken, as the file writes it.
    """

    family: str
    shape: Any
    faults: tuple[str, ...] = ()
    times: tuple[str, ...] = ()


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def shapes_of(placemark: Element) -> tuple[PlacemarkShape, ...]:
    """Return the shapes of a placemark, one per family, polygons first; empty where it has none."""
    found = list(_parts(placemark))
    result = []
    for family in FAMILIES:
        parts = [(element, tag) for element, tag in found if _TAGS.get(tag) == family]
        if parts:
            result.append(_joined(family, parts))
    return tuple(result)


def unread_shapes(placemark: Element) -> tuple[str, ...]:
    """Return the names of shapes that no map layer can hold (3D models)."""
    return tuple(local(child) for child in placemark if local(child) in _UNREAD)


def _parts(parent: Element) -> Iterator[tuple[Element, str]]:
    # no deeper than the reader of elements lets through
    for child in parent:
        tag = local(child)
        if tag in _NESTED:
            yield from _parts(child)
        elif tag in _TAGS:
            yield child, tag


def _joined(family: str, parts: list[tuple[Element, str]]) -> PlacemarkShape:
    shapes, faults, times = [], [], []
    for element, tag in parts:
        try:
            shapes.append(_shape(element, tag))
            if tag == "Track":
                times += [(when.text or "").strip() for when in element if local(when) == "when"]
        except CoordinateError as fault:
            faults.append(str(fault))
    whole = shapes[0] if len(shapes) == 1 else _MULTI[family](shapes) if shapes else None
    return PlacemarkShape(family, whole, tuple(faults), tuple(times))


def _shape(element: Element, tag: str) -> Any:
    if tag == "Polygon":
        return _polygon(element)
    if tag == "Track":
        at = track_positions([child.text or "" for child in element if local(child) == "coord"])
    else:
        at = _coordinates(element)
    if tag == "Point":
        if len(at) != 1:
            raise CoordinateError(_("{count} positions for a point").format(count=len(at)))
        return shapely.points(at[0])
    if len(at) < 2:
        raise CoordinateError(_("{count} positions for a line").format(count=len(at)))
    return shapely.linestrings(at if tag != "LinearRing" else _closed(at))


def _polygon(element: Element) -> Any:
    outer = [ring for ring in element if local(ring) == "outerBoundaryIs"]
    # several rings in one innerBoundaryIs are against the standard and common
    inner = [ring for ring in element if local(ring) == "innerBoundaryIs"]
    shells = [_ring(ring) for part in outer for ring in part if local(ring) == "LinearRing"]
    if len(shells) != 1:
        raise CoordinateError(_("{count} outer rings for a polygon").format(count=len(shells)))
    holes = [_ring(ring) for part in inner for ring in part if local(ring) == "LinearRing"]
    return shapely.polygons(shells[0], holes or None)


def _ring(element: Element) -> Any:
    at = _closed(_coordinates(element))
    if not _three_differ(at[:, :2]):
        raise CoordinateError(_("{count} positions for a ring").format(count=len(at)))
    return shapely.linearrings(at)


def _three_differ(at: NDArray[np.float64]) -> bool:
    others = at[(at != at[:1]).any(axis=1)]
    return bool(len(others)) and bool((others != others[:1]).any())


def _closed(at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a ring that ends where it begins; what is left open is closed."""
    if len(at) and (at[0, :2] != at[-1, :2]).any():
        return np.vstack([at, at[:1]])
    if len(at):
        at[-1] = at[0]  # heights of one corner that differ would leave the ring open
    return at


def _coordinates(element: Element) -> NDArray[np.float64]:
    texts = [child.text or "" for child in element if local(child) == "coordinates"]
    return positions(" ".join(texts))
