"""What lies over the map's picture and is painted by the window itself: a small selection, slanted words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QImage, QPainter

from layers.drawable_edits import FeatureLayer, apart
from ui.canvas.selected import MOST_SELECTED_AT_ONCE
from ui.painting.fonts import load_fonts
from ui.painting.rings import IntArray
from ui.painting.selection import ACCENT, paint_selection
from ui.painting.view import MapView
from ui.painting.watermarks import watermark

# Outlines of so many vertices together are painted within a frame.
_MOST_VERTICES_AT_ONCE = 20_000


class SelectionCover:
    """A small selection is painted at once and kept; a large one is drawn like the map."""

    def __init__(self) -> None:
        self._rows: Mapping[str, IntArray] = {}
        self._layers: Sequence[FeatureLayer] = ()
        self._picture: tuple[MapView, QImage] | None = None

    def take(self, layers: Sequence[FeatureLayer], rows: Mapping[str, IntArray]) -> Mapping[str, IntArray]:
        """Show the selected rows of layers; return those that are too many to be painted here."""
        self._layers = layers
        self._picture = None
        large = sum(len(found) for found in rows.values()) > MOST_SELECTED_AT_ONCE or (
            sum(_vertices(layer, rows[layer.uid]) for layer in layers if layer.uid in rows)
            > _MOST_VERTICES_AT_ONCE
        )
        self._rows = {} if large else rows
        return rows if large else {}

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint it in device pixels."""
        if not any(len(rows) for rows in self._rows.values()):
            return
        if self._picture is None or self._picture[0] != view:
            image = _empty_image(view)
            inner = QPainter(image)
            paint_selection(inner, self._layers, self._rows, view, accent=ACCENT)
            inner.end()
            self._picture = (view, image)
        painter.drawImage(0, 0, self._picture[1])


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
