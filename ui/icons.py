"""The program's icons: one set of SVG line drawings, coloured by the palette."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PyQt6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PyQt6.QtSvg import QSvgRenderer

from layers.locations import resource_path
from ui.palette import worn

_INK = "#000000"


@lru_cache(maxsize=128)
def _drawing(name: str, color: str) -> bytes:
    text = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
    return text.replace(_INK, color).encode()


class _LineIcon(QIconEngine):
    """Draws an icon when it is needed, in the size that is needed."""

    def __init__(self, name: str, color: str, disabled: str) -> None:
        super().__init__()
        self._given = (name, color, disabled)
        self._drawn: dict[tuple[int, int, str], QPixmap] = {}

    def _ink(self, mode: QIcon.Mode) -> str:
        """Return the colour for a mode, as the palette worn now has it: a change of look recolours icons."""
        _name, color, disabled = self._given
        return disabled if mode is QIcon.Mode.Disabled else worn(color)

    def paint(self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Draw the icon into a rectangle."""
        drawing = _drawing(self._given[0], self._ink(mode))
        QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the icon as a picture of so many device pixels; drawn once, for it is asked for often."""
        key = (size.width(), size.height(), self._ink(mode))
        if key not in self._drawn:
            pixmap = QPixmap(size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
            painter.end()
            self._drawn[key] = pixmap
        return self._drawn[key]

    def clone(self) -> QIconEngine:
        """Return another engine for the same icon."""
        return _LineIcon(*self._given)


def icon(name: str, color: str, disabled: str = "#9AA1A9") -> QIcon:
    """Return the icon called ``name`` in a colour, with its disabled form."""
    return QIcon(_LineIcon(name, color, disabled))


def icon_file(name: str, color: str, folder: Path) -> Path:
    """Write a coloured icon into ``folder`` for style sheets, which take files only; return its path."""
    path = folder / f"{name}-{color.lstrip('#')}.svg"
    drawing = _drawing(name, color)
    if not path.is_file() or path.read_bytes() != drawing:
        path.write_bytes(drawing)
    return path
