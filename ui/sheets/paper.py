"""Paper as a drawing surface: a hundred units a millimetre, the same on PDF and picture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen

from zsgis.sheets.layout import INK, Align, Box

UNITS_PER_MM = 100.0
UNITS_PER_INCH = 2540
_MIDDLE = 0.37
"""Height of a character's middle above the baseline, in ems, for Chinese fonts."""


def rect(box: Box) -> QRectF:
    """Return a box in drawing units."""
    return QRectF(
        box.x * UNITS_PER_MM, box.y * UNITS_PER_MM, box.width * UNITS_PER_MM, box.height * UNITS_PER_MM
    )


def point(x_mm: float, y_mm: float) -> QPointF:
    """Return a place in drawing units."""
    return QPointF(x_mm * UNITS_PER_MM, y_mm * UNITS_PER_MM)


def pen(line_mm: float, color: str = INK) -> QPen:
    """Return a pen of a width in millimetres with square corners."""
    made = QPen(QColor(color), line_mm * UNITS_PER_MM)
    made.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    made.setCapStyle(Qt.PenCapStyle.FlatCap)
    return made


@contextmanager
def kept(painter: QPainter) -> Iterator[None]:
    """Give the painter's settings back afterwards, also when the user stops the drawing."""
    painter.save()
    try:
        yield
    finally:
        painter.restore()


class Paper:
    """A painter with the print font and millimetres.

    Parameters
    ----------
    painter : QPainter
        Set up so that one unit is 0.01 mm.
    family : str
        Family of the print font.
    """

    def __init__(self, painter: QPainter, family: str) -> None:
        self.painter = painter
        self._family = family

    def font(self, size_mm: float) -> QFont:
        """Return the print font; ``size_mm`` is the height of a Chinese character."""
        font = QFont(self._family)
        font.setPixelSize(max(1, round(size_mm * UNITS_PER_MM)))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        font.setStyleStrategy(QFont.StyleStrategy.PreferOutline | QFont.StyleStrategy.NoSubpixelAntialias)
        font.setKerning(False)
        return font

    def text(
        self,
        text: str,
        box: Box,
        size_mm: float,
        *,
        align: Align = "left",
        color: str = INK,
        turn: float = 0.0,
    ) -> None:
        """Draw one line of text, in the vertical middle of a box; text too wide is squeezed, never cut.

        ``turn`` turns text and box about the box's middle, in degrees clockwise.
        """
        if not text:
            return
        painter = self.painter
        font = self.font(size_mm)
        width = QFontMetricsF(font).horizontalAdvance(text)
        room = box.width * UNITS_PER_MM
        squeeze = min(1.0, room / width) if width > 0 else 1.0
        start = {"left": 0.0, "center": (room - width * squeeze) / 2.0, "right": room - width * squeeze}[
            align
        ]
        middle = point(box.x + box.width / 2.0, box.y + box.height / 2.0)
        painter.save()
        painter.setFont(font)
        painter.setPen(QColor(color))
        painter.translate(middle)
        if turn:
            painter.rotate(turn)
        painter.translate(start - room / 2.0, size_mm * UNITS_PER_MM * _MIDDLE)
        if squeeze < 1.0:
            painter.scale(squeeze, 1.0)
        painter.drawText(QPointF(0.0, 0.0), text)
        painter.restore()

    def line(self, x1: float, y1: float, x2: float, y2: float, line_mm: float, color: str = INK) -> None:
        """Draw a straight line between two places in millimetres."""
        self.painter.setPen(pen(line_mm, color))
        self.painter.drawLine(point(x1, y1), point(x2, y2))

    def frame(self, box: Box, line_mm: float, color: str = INK, *, fill: str | None = None) -> None:
        """Draw a rectangle: its line, its ground, or both."""
        self.painter.setPen(pen(line_mm, color) if line_mm > 0 else QPen(Qt.PenStyle.NoPen))
        self.painter.setBrush(QBrush(QColor(fill)) if fill else QBrush(Qt.BrushStyle.NoBrush))
        self.painter.drawRect(rect(box))
