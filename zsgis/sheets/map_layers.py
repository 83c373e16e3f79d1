"""The layers of a map on paper: cut to the neat line, without detail that paper cannot show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.drawable import Bounds, DrawableLayer
from layers.drawable_making import build_drawable
from layers.kind import GeometryType
from layers.style import Style, Symbol
from layers.text_arrays import TextColumn, UidColumn

Shapes = NDArray[np.object_]

VEIL_UID = "sheet-veil"
DETAIL_MM = 0.02
"""Detail under this size on paper is not drawn."""


def shapes_of(layer: DrawableLayer, rows: NDArray[np.int64]) -> Shapes:
    """Return features of a drawable layer as shapely shapes, multi-part throughout."""
    if layer.geometry is GeometryType.POLYGON:
        kind = shapely.GeometryType.MULTIPOLYGON
        offsets: tuple[NDArray[np.int64], ...] = (
            layer.ring_offsets,
            layer.part_offsets,
            layer.feature_offsets,
        )
    elif layer.geometry is GeometryType.LINE:
        kind = shapely.GeometryType.MULTILINESTRING
        offsets = (layer.ring_offsets, layer.feature_offsets)
    else:
        kind = shapely.GeometryType.MULTIPOINT
        offsets = (layer.feature_offsets,)
    coords = np.ascontiguousarray(layer.coords)
    whole: Shapes = shapely.from_ragged_array(kind, coords, tuple(np.asarray(one) for one in offsets))
    return whole[rows]


def cut(layer: DrawableLayer, bounds: Bounds, detail: float) -> DrawableLayer:
    """Return the part of a layer within ``bounds``, without detail smaller than ``detail``.

    Parameters
    ----------
    layer : DrawableLayer
    bounds : tuple of float
        Xmin, ymin, xmax, ymax in the layer's coordinates.
    detail : float
        Map units; vertices that lie closer than this to the line without them are left out.

    Returns
    -------
    DrawableLayer
        Features that lie outside, or shrink to nothing, are gone; a label of a feature that was cut stands on
        what is left of it.
    """
    rows = layer.rows_in(bounds)
    shapes = shapes_of(layer, rows)
    own = layer.bounds[rows]
    crosses = (
        (own[:, 0] < bounds[0]) | (own[:, 1] < bounds[1]) | (own[:, 2] > bounds[2]) | (own[:, 3] > bounds[3])
    )
    shapes[crosses] = shapely.clip_by_rect(shapes[crosses], *bounds)
    if layer.geometry is not GeometryType.POINT:
        shapes = shapely.simplify(shapes, detail, preserve_topology=False)
    dimension = {GeometryType.POINT: 0, GeometryType.LINE: 1, GeometryType.POLYGON: 2}[layer.geometry]
    left = (shapely.get_dimensions(shapes) == dimension) & ~shapely.is_empty(shapes)
    points = layer.label_points[rows]
    moved = crosses & left
    if layer.labels is not None and moved.any() and layer.geometry is GeometryType.POLYGON:
        inside = shapely.point_on_surface(shapes[moved])
        points[moved] = np.column_stack([shapely.get_x(inside), shapely.get_y(inside)])
    return _rebuilt(layer, rows[left], shapes[left], points[left])


def _rebuilt(
    layer: DrawableLayer, rows: NDArray[np.int64], shapes: Shapes, points: NDArray[np.float64]
) -> DrawableLayer:
    """Return the layer with some of its features in new shapes."""
    parts, part_row = shapely.get_parts(shapes, return_index=True)
    # clipping may leave lines and points where a polygon only touched the edge
    keep = shapely.get_dimensions(parts) == shapely.get_dimensions(shapes)[part_row]
    parts, part_row = parts[keep], part_row[keep]
    if layer.geometry is GeometryType.POLYGON:
        parts = shapely.orient_polygons(parts)
        rings, ring_part = shapely.get_rings(parts, return_index=True)
    else:
        rings, ring_part = parts, np.arange(len(parts), dtype=np.int64)
    coords, coord_ring = shapely.get_coordinates(rings, return_index=True)
    labels = layer.labels
    return replace(
        layer,
        coords=coords,
        ring_offsets=_offsets(coord_ring, len(rings)),
        part_offsets=_offsets(ring_part, len(parts)),
        feature_offsets=_offsets(part_row, len(shapes)),
        bounds=shapely.bounds(shapes),
        class_codes=np.asarray(layer.class_codes[rows]),
        uids=UidColumn.of(layer.uids[int(row)] for row in rows),
        labels=None if labels is None else TextColumn.of(labels[int(row)] for row in rows),
        label_points=points,
        folder=None,
        levels=None,
        class_numbers=None if layer.class_numbers is None else layer.class_numbers[rows],
    )


def _offsets(index: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    offsets = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(index, minlength=count), out=offsets[1:])
    return offsets


def chosen(layer: DrawableLayer, keep: NDArray[np.bool_]) -> DrawableLayer:
    """Return the features of a layer that are marked."""
    rows = np.flatnonzero(keep)
    return _rebuilt(layer, rows, shapes_of(layer, rows), layer.label_points[rows])


@dataclass(frozen=True)
class _Own:
    """A layer that exists on the sheet only."""

    uid: str
    name: str
    geometry: GeometryType
    crs: Any
    style: Style
    opacity: float = 1.0


def drawn_shape(uid: str, title: str, shape: Any, symbol: Symbol, crs: Any) -> DrawableLayer:
    """Return one polygon as a drawable layer of its own."""
    return drawn_shapes(uid, title, [shape], symbol, crs)


def drawn_shapes(uid: str, title: str, shapes: Sequence[Any], symbol: Symbol, crs: Any) -> DrawableLayer:
    """Return polygons of one look as a drawable layer of their own."""
    import geopandas as gpd

    names = [f"{uid}-{number}" if number else uid for number in range(len(shapes))]
    frame = gpd.GeoDataFrame({"geometry": list(shapes)}, index=names, crs=crs)
    return build_drawable(_Own(uid, title, GeometryType.POLYGON, crs, Style(symbol=symbol)), frame, None)


def labelled_shapes(
    uid: str, title: str, shapes: Sequence[Any], labels: Sequence[str], style: Style, crs: Any
) -> DrawableLayer:
    """Return shapes of one kind with a label each as a drawable layer of their own.

    Parameters
    ----------
    style : Style
        Its labels are of the field ``label``.
    """
    import geopandas as gpd

    names = [f"{uid}-{number}" for number in range(len(shapes))]
    frame = gpd.GeoDataFrame({"label": list(labels), "geometry": list(shapes)}, index=names, crs=crs)
    kinds = {0: GeometryType.POINT, 1: GeometryType.LINE, 2: GeometryType.POLYGON}
    geometry = kinds[int(shapely.get_dimensions(shapes[0]))]
    return build_drawable(_Own(uid, title, geometry, crs, style), frame, None)


def veil_outside(zone: Any, bounds: Bounds, opacity: float, crs: Any) -> DrawableLayer:
    """Return the white veil over everything outside a zone."""
    shape = shapely.box(*bounds).difference(zone)
    symbol = Symbol(fill="#FFFFFF", fill_opacity=opacity, stroke=None)
    return drawn_shape(VEIL_UID, "", shape, symbol, crs)


def restyled(layer: DrawableLayer, style: Style | None) -> DrawableLayer:
    """Return the layer in the sheet's own style; labels are drawn only where the layer has their texts."""
    if style is None:
        return layer
    return replace(layer, style=style, opacity=1.0)


def outlined(layer: DrawableLayer, line_mm: float | None) -> DrawableLayer:
    """Return the layer with outlines of another width; 0 leaves them out, None changes nothing."""
    if line_mm is None:
        return layer
    changes = {"stroke_mm": line_mm} if line_mm > 0 else {"stroke_mm": 0.0, "stroke": None}
    return replace(layer, style=layer.style.with_symbols(lambda symbol: symbol.model_copy(update=changes)))


def ordered(
    drawables: Sequence[DrawableLayer], kind_of: Mapping[str, str], kinds: Sequence[str]
) -> list[DrawableLayer]:
    """Return the layers of the wanted kinds, lowest first; within a kind the project's order holds."""
    place = {kind: number for number, kind in enumerate(kinds)}
    wanted = [layer for layer in reversed(drawables) if kind_of.get(layer.uid) in place]
    return sorted(wanted, key=lambda layer: place[kind_of[layer.uid]])


def inside(layer: DrawableLayer, zone: Any) -> NDArray[np.bool_]:
    """Tell for each feature of a point layer whether it lies in the zone."""
    shapely.prepare(zone)
    rows = np.arange(len(layer), dtype=np.int64)
    found: NDArray[np.bool_] = shapely.intersects(zone, shapes_of(layer, rows))
    return found
