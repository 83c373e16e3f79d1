"""What lies over the map's picture and is painted by the window itself: a small selection, slanted words."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QRect, QRectF, Qt
from PyQt6.QtGui import QImage, QPainter

from layers.drawable_edits import FeatureLayer, apart
from ui.canvas.selected import MOST_SELECTED_AT_ONCE
from ui.painting.fonts import load_fonts
from ui.painting.rings import IntArray
from ui.painting.selection import ACCENT, paint_selection, place_of_selection
from ui.painting.view import MapView
from ui.painting.watermarks import watermark

# Outlines of so many vertices together are painted within a frame.
_MOST_VERTICES_AT_ONCE = 20_000

_Picture = tuple[MapView, QRect, QImage]
"""What is painted of a view, and where in it."""


@dataclass(frozen=True, eq=False)
class _Prepared:
    """The picture of a selection that is not shown yet."""

    layers: tuple[FeatureLayer, ...]
    rows: Mapping[str, IntArray]
    picture: _Picture

    def is_of(self, layers: Sequence[FeatureLayer], rows: Mapping[str, IntArray]) -> bool:
        """Tell whether it shows these very rows of these very layers."""
        return (
            len(self.layers) == len(layers)
            and all(map(operator.is_, self.layers, layers))
            and self.rows.keys() == rows.keys()
            and all(found is rows[uid] for uid, found in self.rows.items())
        )


class SelectionCover:
    """A small selection is painted at once and kept; a large one is drawn like the map."""

    def __init__(self) -> None:
        self._rows: Mapping[str, IntArray] = {}
        self._layers: Sequence[FeatureLayer] = ()
        self._picture: _Picture | None = None
        self._prepared: _Prepared | None = None

    def prepare(self, layers: Sequence[FeatureLayer], rows: Mapping[str, IntArray], view: MapView) -> None:
        """Paint a selection that :meth:`take` is soon to show; nothing looks different yet."""
        small = any(len(found) for found in rows.values()) and not _is_large(layers, rows)
        picture = _picture(layers, rows, view) if small else None
        self._prepared = None if picture is None else _Prepared(tuple(layers), rows, picture)

    def take(self, layers: Sequence[FeatureLayer], rows: Mapping[str, IntArray]) -> Mapping[str, IntArray]:
        """Show the selected rows of layers; return those that are too many to be painted here."""
        prepared, self._prepared = self._prepared, None
        self._layers = layers
        self._picture = None
        if prepared is not None and prepared.is_of(layers, rows):
            self._picture = prepared.picture
        large = _is_large(layers, rows)
        self._rows = {} if large else rows
        return rows if large else {}

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint it in device pixels."""
        if not any(len(rows) for rows in self._rows.values()):
            return
        if self._picture is None or self._picture[0] != view:
            self._picture = _picture(self._layers, self._rows, view)
        _view, place, image = self._picture
        if not place.isEmpty():
            painter.drawImage(place.topLeft(), image)


class WatermarkCover:
    """Slanted words over the whole map, painted once for a size."""

    def __init__(self) -> None:
        self.text = ""
        self._picture: tuple[str, tuple[float, float, float], QImage] | None = None

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint them in device pixels."""
        if not self.text:
            return
        size = (view.width_px, view.height_px, view.px_per_mm)
        if self._picture is None or self._picture[:2] != (self.text, size):
            image = _empty_image(view)
            inner = QPainter(image)
            area = QRectF(0, 0, view.width_px, view.height_px)
            watermark(inner, area, self.text, px_per_mm=view.px_per_mm, family=load_fonts().screen)
            inner.end()
            self._picture = (self.text, size, image)
        painter.drawImage(0, 0, self._picture[2])


def _picture(layers: Sequence[FeatureLayer], rows: Mapping[str, IntArray], view: MapView) -> _Picture:
    place = place_of_selection(layers, rows, view)
    image = QImage(place.size(), QImage.Format.Format_ARGB32_Premultiplied)
    if not place.isEmpty():
        image.fill(Qt.GlobalColor.transparent)
        inner = QPainter(image)
        inner.translate(-place.x(), -place.y())
        paint_selection(inner, layers, rows, view, accent=ACCENT)
        inner.end()
    return view, place, image


def _is_large(layers: Sequence[FeatureLayer], rows: Mapping[str, IntArray]) -> bool:
    """Tell whether a selection takes longer to paint than a frame."""
    if sum(len(found) for found in rows.values()) > MOST_SELECTED_AT_ONCE:
        return True
    vertices = sum(_vertices(layer, rows[layer.uid]) for layer in layers if layer.uid in rows)
    return vertices > _MOST_VERTICES_AT_ONCE


def _empty_image(view: MapView) -> QImage:
    image = QImage(round(view.width_px), round(view.height_px), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _vertices(layer: FeatureLayer, rows: IntArray) -> int:
    count = 0
    for part, own in apart(layer, rows):
        first = part.ring_offsets[part.ring_starts[own]], part.ring_offsets[part.ring_starts[own + 1]]
        count += int((first[1] - first[0]).sum())
    return count
