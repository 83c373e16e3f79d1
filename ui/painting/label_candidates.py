"""Which features want a label, how badly, and where it may stand; the same wherever the view lies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from layers.drawable import DrawableLayer
from layers.drawable_edits import FeatureLayer, features_in, parts_of
from layers.kind import GeometryType
from layers.style import LabelStyle
from ui.painting.classes import shown_rows, symbols_at
from ui.painting.clip import FloatArray
from ui.painting.rings import IntArray
from ui.painting.view import MapView

# Of the features whose labels begin in one square of this side only the first has its turn.
_CROWD_PX = 16.0
# A polygon's label may be a little wider than the polygon, never much.
_WIDER_THAN_SHAPE = 1.25
# A shape that fills so much of the view is named where it is seen, in squares of this side fixed to the map.
_LARGE_PX = 240.0
_SQUARE_PX = 128.0

Measure = Callable[[str, LabelStyle], tuple[float, float]]
"""Returns a text's width and height in pixels."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A label that wants a place.

    Attributes
    ----------
    corners : tuple of (left, top)
        Where its box may stand, in pixels, best first.
    """

    text: str
    style: LabelStyle
    opacity: float
    width: float
    height: float
    corners: tuple[tuple[float, float], ...]


def candidates(
    layers: Sequence[FeatureLayer], view: MapView, margin_px: float, measure: Measure
) -> list[Candidate]:
    """Return the labels of layers given top first, in the order of their turns.

    Parameters
    ----------
    margin_px : float
        How far around the view labels are looked for too.
    """
    found: list[Candidate] = []
    around = view.resized(view.width_px + 2 * margin_px, view.height_px + 2 * margin_px)
    for layer in sorted(layers, key=_turn):
        label = layer.style.label
        if label is None or _beyond_scales(label, view):
            continue
        if any(own.labels is not None for own in parts_of(layer)):
            part, rows = features_in(layer, around.bounds)
            found.extend(_of_layer(part, rows, label, view, around, measure))
    return found


def map_phase(view: MapView, step_px: float) -> tuple[float, float]:
    """Return how far the view's corner lies behind a line of a grid that is fixed to the map."""
    return (view.left / view.units_per_px) % step_px, (-view.top / view.units_per_px) % step_px


def _turn(layer: FeatureLayer) -> tuple[int, float, bool]:
    """Return when a layer has its turn: by priority, larger words first, then points: few places to go."""
    label = layer.style.label
    priority, size = (label.priority, label.size_mm) if label else (0, 0.0)
    return -priority, -size, layer.geometry is not GeometryType.POINT


def _beyond_scales(label: LabelStyle, view: MapView) -> bool:
    least, most = label.min_scale_denominator, label.max_scale_denominator
    scale = view.scale_denominator
    return (most is not None and scale > most) or (least is not None and scale < least)


def _of_layer(
    layer: DrawableLayer,
    rows: IntArray,
    label: LabelStyle,
    view: MapView,
    around: MapView,
    measure: Measure,
) -> Iterator[Candidate]:
    rows = shown_rows(layer, rows, view)
    rows = rows[np.argsort(-_weights(layer, rows), kind="stable")]
    if layer.geometry is GeometryType.POLYGON:
        rows = _roomy(layer, rows, view, label)
    anchors = view.pixels(_anchors(layer, rows, view, around))
    rows, anchors = _first_of_crowds(rows, anchors, view)
    for row, anchor in zip(rows.tolist(), anchors.tolist(), strict=True):
        text = layer.labels[row].strip() if layer.labels is not None else ""
        if not text:
            continue
        size = measure(text, label)
        if _fits_shape(layer, row, around, size):
            corners = tuple(_corners(layer, row, (anchor[0], anchor[1]), view, size))
            yield Candidate(text, label, layer.opacity, *size, corners)


def _weights(layer: DrawableLayer, rows: IntArray) -> FloatArray:
    """Return what comes first: classes in order where the style says so, large shapes, northern points."""
    size = layer.bounds[rows]
    if layer.geometry is GeometryType.POINT:
        weight = size[:, 1]
    elif layer.geometry is GeometryType.LINE:
        weight = (size[:, 2] - size[:, 0]) + (size[:, 3] - size[:, 1])
    else:
        weight = (size[:, 2] - size[:, 0]) * (size[:, 3] - size[:, 1])
    if layer.style.label is None or not layer.style.label.by_class or not len(rows):
        return np.asarray(weight)
    index = layer.class_index[rows]
    place = np.where(index < 0, len(layer.style.rules), index)
    order = np.lexsort((-weight, place))
    ranked = np.empty(len(rows))
    ranked[order] = -np.arange(len(rows))
    return ranked


def _roomy(layer: DrawableLayer, rows: IntArray, view: MapView, label: LabelStyle) -> IntArray:
    """Leave out polygons that are smaller than one character: their texts are not even read."""
    size_px = label.size_mm * view.px_per_mm / _WIDER_THAN_SHAPE
    size = (layer.bounds[rows, 2:] - layer.bounds[rows, :2]) / view.units_per_px
    return rows[(size >= size_px).all(axis=1)]


def _first_of_crowds(rows: IntArray, anchors: FloatArray, view: MapView) -> tuple[IntArray, FloatArray]:
    """Keep the first of each square of a grid fixed to the map, in the order given; none without a place."""
    known = np.isfinite(anchors).all(axis=1)
    rows, anchors = rows[known], anchors[known]
    squares = np.floor((anchors + map_phase(view, _CROWD_PX)) / _CROWD_PX).astype(np.int64)
    _squares, first = np.unique(squares, axis=0, return_index=True)
    first.sort()
    return rows[first], anchors[first]


def _anchors(layer: DrawableLayer, rows: IntArray, view: MapView, around: MapView) -> FloatArray:
    """Return each label's own point; of a large shape whose point is not seen, a point where it is seen."""
    anchors = layer.label_points[rows].copy()
    if layer.geometry is not GeometryType.POLYGON or not len(rows):
        return anchors
    xmin, ymin, xmax, ymax = view.bounds
    hidden = ~((anchors >= (xmin, ymin)) & (anchors <= (xmax, ymax))).all(axis=1)
    if around is not view:
        low = np.maximum(layer.bounds[rows, :2], (xmin, ymin))
        high = np.minimum(layer.bounds[rows, 2:], (xmax, ymax))
        hidden &= ((high - low) >= _LARGE_PX * view.units_per_px).all(axis=1)
    for place in np.flatnonzero(hidden).tolist():
        seen = _point_in(layer, int(rows[place]), _whole_squares(view))
        if not np.isfinite(seen[0]):
            seen = _point_in(layer, int(rows[place]), view)
        anchors[place] = seen
    return anchors


def _whole_squares(view: MapView) -> MapView:
    """Return the part of a view made of whole squares of the map: it does not move with every pixel."""
    behind = map_phase(view, _SQUARE_PX)
    left, top = (-phase % _SQUARE_PX for phase in behind)
    width = (view.width_px - left) // _SQUARE_PX * _SQUARE_PX
    height = (view.height_px - top) // _SQUARE_PX * _SQUARE_PX
    if width <= 0 or height <= 0:
        return view
    x, y = view.to_map(left + width / 2, top + height / 2)
    return replace(view, center_x=x, center_y=y, width_px=width, height_px=height)


def _point_in(layer: DrawableLayer, row: int, view: MapView) -> FloatArray:
    """Return a point on the part of a polygon that is seen; NaN when the polygon is not seen."""
    import shapely

    starts, offsets = layer.ring_starts, layer.ring_offsets
    rings = [
        shapely.LinearRing(layer.coords[offsets[ring] : offsets[ring + 1]])
        for ring in range(int(starts[row]), int(starts[row + 1]))
    ]
    outer = [ring for ring in rings if shapely.is_ccw(ring)]
    holes = [ring for ring in rings if not shapely.is_ccw(ring)]
    try:
        seen = [shapely.clip_by_rect(shapely.Polygon(ring), *view.bounds) for ring in outer]
        largest = max(seen, key=shapely.area)
        open_part = shapely.difference(largest, shapely.union_all([shapely.Polygon(hole) for hole in holes]))
        point = shapely.point_on_surface(open_part)
    except (shapely.errors.GEOSException, ValueError):  # a shape that crosses itself has no label here
        return np.array([np.nan, np.nan])
    xy = shapely.get_coordinates(point)
    return xy[0] if len(xy) else np.array([np.nan, np.nan])


def _corners(
    layer: DrawableLayer, row: int, anchor: tuple[float, float], view: MapView, size: tuple[float, float]
) -> Iterator[tuple[float, float]]:
    """Return the left upper corners to try, best first."""
    width, height = size
    x, y = anchor
    if layer.geometry is not GeometryType.POINT:
        yield from _inside_corners(layer, row, (x - width / 2, y - height / 2), view, size)
        return
    symbol = symbols_at(layer.style, view)[layer.class_index[row]] or layer.style.symbol
    away = symbol.marker_mm * view.px_per_mm * 0.6 + 0.5 * view.px_per_mm
    middle = y - height / 2
    yield x + away, middle
    yield x - away - width, middle
    yield x - width / 2, y - away - height
    yield x - width / 2, y + away
    yield x + away * 0.8, y - away * 0.8 - height
    yield x + away * 0.8, y + away * 0.8
    yield x - away * 0.8 - width, y - away * 0.8 - height
    yield x - away * 0.8 - width, y + away * 0.8


def _inside_corners(
    layer: DrawableLayer, row: int, corner: tuple[float, float], view: MapView, size: tuple[float, float]
) -> Iterator[tuple[float, float]]:
    """Return the best place on a shape, then places a little off it where the shape has room."""
    yield corner
    xmin, ymin, xmax, ymax = (float(edge) / view.units_per_px for edge in layer.bounds[row])
    if layer.geometry is GeometryType.LINE or xmax - xmin < 3 * size[0] or ymax - ymin < 5 * size[1]:
        return
    for across, down in ((0.0, -1.2), (0.0, 1.2), (0.0, -2.4), (0.0, 2.4), (-0.6, 0.0), (0.6, 0.0)):
        yield corner[0] + across * size[0], corner[1] + down * size[1]


def _fits_shape(layer: DrawableLayer, row: int, around: MapView, size: tuple[float, float]) -> bool:
    if layer.geometry is not GeometryType.POLYGON:
        return True
    low, high = np.array(around.bounds[:2]), np.array(around.bounds[2:])
    seen = np.minimum(layer.bounds[row, 2:], high) - np.maximum(layer.bounds[row, :2], low)
    room_x, room_y = (seen / around.units_per_px).tolist()
    return bool(size[0] <= room_x * _WIDER_THAN_SHAPE and size[1] <= room_y * _WIDER_THAN_SHAPE)
