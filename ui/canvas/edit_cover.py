"""What was edited just now, painted over tiles that do not show it yet."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRect, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen

from layers.drawable import DrawableLayer
from layers.kind import GeometryType
from layers.style import Symbol
from ui.painting.classes import by_symbol
from ui.painting.layers import paint_ground, paint_symbols, pen_margin_px
from ui.painting.points import marker_margin_px, places
from ui.painting.strokes import lines_of, stroke
from ui.painting.view import MapView

_MOST_KEPT = 64
_VEIL = "#FFFFFF"

Stale = Sequence[tuple[QRect, int]]
"""Parts of the view whose picture is old, each with the number of the state it shows."""


@dataclass(frozen=True, eq=False)
class ShownEdit:
    """What an edit did to a layer, few enough vertices to be painted within a frame.

    Attributes
    ----------
    uid : str
        The layer.
    version : int
        The layer's number after the edit.
    boxes : ndarray of float64, shape (n, 4)
        What the features covered and cover, in map units; NaN for what has no place.
    gone, fresh : DrawableLayer
        The features as they were and as they are.
    """

    uid: str
    version: int
    boxes: NDArray[np.float64]
    gone: DrawableLayer
    fresh: DrawableLayer

    @property
    def is_above(self) -> bool:
        """Whether the features are symbols, which stand above tiles."""
        return self.fresh.geometry is GeometryType.POINT


class EditCover:
    """Keeps the last edits and paints each where the map's picture is older than it."""

    def __init__(self) -> None:
        self._edits: deque[tuple[int, ShownEdit]] = deque(maxlen=_MOST_KEPT)
        self._pictures: dict[int, tuple[MapView, QRect, QImage]] = {}

    def add(self, number: int, edit: ShownEdit) -> None:
        """Paint an edit from now on; ``number`` is the map's state that shows it."""
        self._edits.append((number, edit))

    def clear(self) -> None:
        """Forget all edits: another map."""
        self._edits.clear()
        self._pictures.clear()

    def paint(self, painter: QPainter, view: MapView, stale: Stale, *, above: bool) -> None:
        """Paint areas and lines, or with ``above`` symbols, in device pixels."""
        used: dict[int, tuple[MapView, QRect, QImage]] = {}
        for number, edit in self._edits:
            old = [rect for rect, state in stale if state < number] if edit.is_above == above else []
            if not old:
                continue
            kept = self._pictures.get(number)
            if kept is None or kept[0] != view:
                place = _place(edit, view)
                kept = (view, place, _picture(edit, view, place))
            used[number] = kept
            place = kept[1]
            for rect in old:
                part = rect & place
                if not part.isEmpty():
                    painter.drawImage(part.topLeft(), kept[2], part.translated(-place.topLeft()))
        others = {number for number, edit in self._edits if edit.is_above != above}
        self._pictures = {n: one for n, one in self._pictures.items() if n in others} | used


def _place(edit: ShownEdit, view: MapView) -> QRect:
    """Return the pixels of a view that an edit touches."""
    window = QRect(0, 0, round(view.width_px), round(view.height_px))
    boxes = edit.boxes[np.isfinite(edit.boxes).all(axis=1)]
    if not len(boxes):
        return QRect()
    (left, bottom), (right, top) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
    xmin, ymin, xmax, ymax = view.bounds_with(1)
    low_x, low_y = max(left, xmin), max(bottom, ymin)
    high_x, high_y = min(right, xmax), min(top, ymax)
    margin = round(max(pen_margin_px(edit.fresh, view), marker_margin_px(edit.fresh, view))) + 1
    first = view.to_pixel(low_x, high_y)
    last = view.to_pixel(high_x, low_y)
    if last[0] < first[0] - margin or last[1] < first[1] - margin:
        return QRect()
    corner = QRect(round(first[0]), round(first[1]), round(last[0] - first[0]), round(last[1] - first[1]))
    return corner.adjusted(-margin, -margin, margin, margin) & window


def _picture(edit: ShownEdit, view: MapView, place: QRect) -> QImage:
    image = QImage(place.size(), QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        return image
    image.fill(Qt.GlobalColor.transparent)
    part = _part(view, place)
    painter = QPainter(image)
    _veil(painter, edit.gone, part)
    paint_ground(painter, [edit.fresh], part)
    paint_symbols(painter, [edit.fresh], part)
    painter.end()
    return image


def _part(view: MapView, place: QRect) -> MapView:
    """Return the view of some pixels of a view."""
    x, y = view.to_map(place.x() + place.width() / 2, place.y() + place.height() / 2)
    return MapView(
        x, y, view.units_per_px, place.width(), place.height(), view.px_per_mm, view.metres_per_unit
    )


def _veil(painter: QPainter, gone: DrawableLayer, view: MapView) -> None:
    """Hide features as far as they hid what lies under them, until it is drawn again."""
    # large areas with smooth edges take as long again
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, gone.geometry is not GeometryType.POLYGON)
    margin = max(pen_margin_px(gone, view), marker_margin_px(gone, view))
    for symbol, rows in by_symbol(gone, gone.rows_in(view.bounds_with(margin)), view):
        tone = QColor(_VEIL)
        tone.setAlphaF(_strength(symbol, gone))
        if gone.geometry is GeometryType.POINT:
            radius = symbol.marker_mm * view.px_per_mm / 2 + 1
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tone)
            for x, y in places(gone, rows, view).tolist():
                painter.drawEllipse(QPointF(x, y), radius, radius)
            continue
        lines = lines_of(gone, rows, view, vector=False)
        if gone.geometry is GeometryType.POLYGON:
            for path in lines.paths:
                painter.fillPath(path, tone)
        else:
            stroke(painter, lines, QPen(tone, symbol.widest_mm * view.px_per_mm + 2))


def _strength(symbol: Symbol, layer: DrawableLayer) -> float:
    if layer.geometry is not GeometryType.POLYGON:
        return layer.opacity
    return layer.opacity * symbol.fill_opacity if symbol.fill is not None else 0.0
