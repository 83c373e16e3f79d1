"""The program's icons: one set of SVG line drawings, coloured by the palette."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PyQt6.QtCore import QByteArray, QRectF, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPixmap
from PyQt6.QtSvg import QSvgRenderer

from layers.locations import resource_path

_INK = "#000000"
_SIZES_PX = (16, 20, 24, 32, 48, 64)


def _drawing(name: str, color: str) -> bytes:
    text = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
    return text.replace(_INK, color).encode()


def _pixmap(drawing: bytes, size_px: int) -> QPixmap:
    pixmap = QPixmap(size_px, size_px)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return pixmap


@lru_cache(maxsize=256)
def icon(name: str, color: str, disabled: str = "#9AA1A9") -> QIcon:
    """Return the icon called ``name`` in a colour, with its disabled form."""
    made = QIcon()
    for size_px in _SIZES_PX:
        made.addPixmap(_pixmap(_drawing(name, color), size_px))
        made.addPixmap(_pixmap(_drawing(name, disabled), size_px), QIcon.Mode.Disabled)
    return made


def icon_file(name: str, color: str, folder: Path) -> Path:
    """Write a coloured icon into ``folder`` for style sheets, which take files only; return its path."""
    path = folder / f"{name}-{color.lstrip('#')}.svg"
    drawing = _drawing(name, color)
    if not path.is_file() or path.read_bytes() != drawing:
        path.write_bytes(drawing)
    return path


def swatch(fill: str | None, stroke: str | None, size_px: int = 16) -> QIcon:
    """Return a small square in a symbol's colours; an outline only where there is no fill."""
    scale = 3
    pixmap = QPixmap(size_px * scale, size_px * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # on paper white, as on the map, whatever the window's own colours are
    place = QRectF(1.5, 2.5, size_px - 3, size_px - 5)
    painter.fillRect(place, Qt.GlobalColor.white)
    painter.setPen(QColor(stroke or fill or "#808080"))
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRect(place)
    painter.end()
    made = QIcon(pixmap)
    # Qt would tint the colour of a selected row
    made.addPixmap(pixmap, QIcon.Mode.Selected)
    return made
