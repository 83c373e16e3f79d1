"""Texts on the map with a halo; in a PDF they stay text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from layers.drawable_edits import FeatureLayer
from layers.style import LabelStyle
from ui.painting.label_places import PlacedLabel, place_labels
from ui.painting.strokes import color
from ui.painting.view import MapView

# Smaller Chinese is not read on a screen.
_SMALLEST_PX = 9


def label_font(label: LabelStyle, family: str, px_per_mm: float) -> QFont:
    """Return the font of a label style at a resolution."""
    return _font(family, max(round(label.size_mm * px_per_mm), _SMALLEST_PX), label.bold)


@lru_cache(maxsize=64)
def _font(family: str, size_px: int, bold: bool) -> QFont:
    font = QFont(family)
    font.setPixelSize(size_px)
    font.setBold(bold)
    return font


def paint_labels(
    painter: QPainter,
    layers: Sequence[FeatureLayer],
    view: MapView,
    *,
    family: str,
    margin_px: float = 0.0,
) -> list[PlacedLabel]:
    """Place and paint the labels of layers given top first; needs a running QGuiApplication.

    Parameters
    ----------
    margin_px : float
        See :func:`ui.painting.label_places.place_labels`.

    Returns
    -------
    list of PlacedLabel
        What was painted where.
    """

    def measure(text: str, label: LabelStyle) -> tuple[float, float]:
        metrics = QFontMetricsF(label_font(label, family, view.px_per_mm))
        halo = 2 * label.halo_mm * view.px_per_mm if label.halo else 0.0
        return metrics.horizontalAdvance(text) + halo, metrics.height() + halo

    placed = place_labels(layers, view, measure, margin_px=margin_px)
    for label in placed:
        _paint(painter, label, view, family)
    return placed


def _paint(painter: QPainter, placed: PlacedLabel, view: MapView, family: str) -> None:
    style = placed.style
    font = label_font(style, family, view.px_per_mm)
    halo = style.halo_mm * view.px_per_mm if style.halo else 0.0
    at = QPointF(placed.left + halo, placed.top + halo + QFontMetricsF(font).ascent())
    if style.halo and halo > 0:
        outline = QPainterPath()
        outline.addText(at, font, placed.text)
        pen = QPen(color(style.halo, placed.opacity), 2 * halo)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.strokePath(outline, pen)
    painter.setFont(font)
    painter.setPen(color(style.color, placed.opacity))
    painter.drawText(at, placed.text)
