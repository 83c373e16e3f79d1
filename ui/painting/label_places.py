"""Where labels stand: one pass over the view, large things first, nothing over anything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from layers.drawable import DrawableLayer
from layers.kind import GeometryType
from layers.style import LabelStyle
from ui.painting.classes import by_symbol, shown_rows, symbols_at
from ui.painting.clip import FloatArray
from ui.painting.points import places
from ui.painting.rings import IntArray
from ui.painting.view import MapView

# The most features of a layer for which a place is sought: a screen does not hold more words.
MOST_CANDIDATES = 1500
# A polygon's label may be a little wider than the polygon, never much.
_WIDER_THAN_SHAPE = 1.25
_CELL_PX = 4.0

Measure = Callable[[str, LabelStyle], tuple[float, float]]
"""Returns a text's width and height in pixels."""


@dataclass(frozen=True)
class PlacedLabel:
    """A text and its box: left, top, width, height in pixels."""

    text: str
    style: LabelStyle
    opacity: float
    left: float
    top: float
    width: float
    height: float


class Occupied:
    """Which cells of the view are taken."""

    def __init__(self, view: MapView) -> None:
        self._columns = max(int(view.width_px / _CELL_PX) + 1, 1)
        self._rows = max(int(view.height_px / _CELL_PX) + 1, 1)
        self._taken = np.zeros((self._rows, self._columns), dtype=bool)

    def _window(self, left: float, top: float, width: float, height: float) -> tuple[slice, slice]:
        return (
            slice(max(int(top // _CELL_PX), 0), max(int((top + height) // _CELL_PX) + 1, 0)),
            slice(max(int(left // _CELL_PX), 0), max(int((left + width) // _CELL_PX) + 1, 0)),
        )

    def take(self, left: float, top: float, width: float, height: float) -> None:
        """Mark a box as taken."""
        self._taken[self._window(left, top, width, height)] = True

    def free(self, left: float, top: float, width: float, height: float) -> bool:
        """Tell whether a box is free."""
        return not self._taken[self._window(left, top, width, height)].any()


def place_labels(layers: Sequence[DrawableLayer], view: MapView, measure: Measure) -> list[PlacedLabel]:
    """Choose places for the labels of layers that are given top first.

    Parameters
    ----------
    measure : callable
        Tells the size of a text; the only thing that needs a font.
    """
    occupied = Occupied(view)
    for layer in layers:
        if layer.geometry is GeometryType.POINT:
            _take_symbols(layer, view, occupied)
    found: list[PlacedLabel] = []
    for layer in sorted(layers, key=_turn):
        label = layer.style.label
        if label is None or layer.labels is None or _beyond_scales(label, view):
            continue
        for row, anchor in _candidates(layer, view):
            placed = _place(layer, label, row, anchor, view, occupied, measure)
            if placed is not None:
                found.append(placed)
    return found


def _turn(layer: DrawableLayer) -> tuple[int, float, bool]:
    """Return when a layer has its turn: by priority, larger words first, then points: few places to go."""
    label = layer.style.label
    priority, size = (label.priority, label.size_mm) if label else (0, 0.0)
    return -priority, -size, layer.geometry is not GeometryType.POINT


def _beyond_scales(label: LabelStyle, view: MapView) -> bool:
    least, most = label.min_scale_denominator, label.max_scale_denominator
    scale = view.scale_denominator
    return (most is not None and scale > most) or (least is not None and scale < least)


def _take_symbols(layer: DrawableLayer, view: MapView, occupied: Occupied) -> None:
    for symbol, rows in by_symbol(layer, layer.rows_in(view.bounds), view):
        half = symbol.marker_mm * view.px_per_mm / 2
        for x, y in places(layer, rows, view).tolist():
            occupied.take(x - half, y - half, 2 * half, 2 * half)


def _candidates(layer: DrawableLayer, view: MapView) -> Iterator[tuple[int, FloatArray]]:
    """Return rows with their anchor in pixels: the largest shapes first, points from north to south."""
    rows = shown_rows(layer, layer.rows_in(view.bounds), view)
    size = layer.bounds[rows]
    if layer.geometry is GeometryType.POINT:
        weight = size[:, 1]
    else:
        weight = (size[:, 2] - size[:, 0]) * (size[:, 3] - size[:, 1])
        if layer.geometry is GeometryType.LINE:
            weight = (size[:, 2] - size[:, 0]) + (size[:, 3] - size[:, 1])
    # stable, so that a label does not jump between equals while the map is moved
    rows = rows[np.argsort(-weight, kind="stable")[:MOST_CANDIDATES]]
    anchors = _anchors(layer, rows, view)
    for row, anchor in zip(rows.tolist(), anchors, strict=True):
        if np.isfinite(anchor[0]):
            yield row, anchor


def _anchors(layer: DrawableLayer, rows: IntArray, view: MapView) -> FloatArray:
    anchors = layer.label_points[rows].copy()
    if layer.geometry is GeometryType.POLYGON:
        xmin, ymin, xmax, ymax = view.bounds
        x, y = anchors[:, 0], anchors[:, 1]
        hidden = ~((x >= xmin) & (x <= xmax) & (y >= ymin) & (y <= ymax))
        for place in np.flatnonzero(hidden).tolist():
            anchors[place] = _point_in_view(layer, int(rows[place]), view)
    return view.pixels(anchors)


def _point_in_view(layer: DrawableLayer, row: int, view: MapView) -> FloatArray:
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


def _boxes(
    layer: DrawableLayer, row: int, anchor: FloatArray, view: MapView, size: tuple[float, float]
) -> Iterator[tuple[float, float]]:
    """Return the left upper corners to try, best first."""
    width, height = size
    x, y = float(anchor[0]), float(anchor[1])
    if layer.geometry is not GeometryType.POINT:
        yield from _inside_boxes(layer, row, (x - width / 2, y - height / 2), view, size)
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


def _inside_boxes(
    layer: DrawableLayer, row: int, corner: tuple[float, float], view: MapView, size: tuple[float, float]
) -> Iterator[tuple[float, float]]:
    """Return the best place on a shape, then places a little off it where the shape has room."""
    yield corner
    xmin, ymin, xmax, ymax = (float(edge) / view.units_per_px for edge in layer.bounds[row])
    if layer.geometry is GeometryType.LINE or xmax - xmin < 3 * size[0] or ymax - ymin < 5 * size[1]:
        return
    for across, down in ((0.0, -1.2), (0.0, 1.2), (0.0, -2.4), (0.0, 2.4), (-0.6, 0.0), (0.6, 0.0)):
        yield corner[0] + across * size[0], corner[1] + down * size[1]


def _fits_shape(layer: DrawableLayer, row: int, view: MapView, size: tuple[float, float]) -> bool:
    if layer.geometry is not GeometryType.POLYGON:
        return True
    low, high = np.array(view.bounds[:2]), np.array(view.bounds[2:])
    seen = np.minimum(layer.bounds[row, 2:], high) - np.maximum(layer.bounds[row, :2], low)
    room_x, room_y = (seen / view.units_per_px).tolist()
    return bool(size[0] <= room_x * _WIDER_THAN_SHAPE and size[1] <= room_y * _WIDER_THAN_SHAPE)


def _place(
    layer: DrawableLayer,
    label: LabelStyle,
    row: int,
    anchor: FloatArray,
    view: MapView,
    occupied: Occupied,
    measure: Measure,
) -> PlacedLabel | None:
    text = layer.labels[row].strip() if layer.labels is not None else ""
    if not text:
        return None
    size = measure(text, label)
    if not _fits_shape(layer, row, view, size):
        return None
    for left, top in _boxes(layer, row, anchor, view, size):
        inside = (
            left >= 0 and top >= 0 and left + size[0] <= view.width_px and top + size[1] <= view.height_px
        )
        if inside and occupied.free(left, top, *size):
            occupied.take(left, top, *size)
            return PlacedLabel(text, label, layer.opacity, left, top, *size)
    return None
