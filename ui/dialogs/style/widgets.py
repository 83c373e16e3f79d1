"""Small editors of the style dialog: a colour, a length, a denominator, samples of lines and symbols."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPointF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QIcon, QPainter, QPixmap, QPolygonF, QWheelEvent
from PyQt6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from layers.style import Marker, Symbol
from layers.style.ramps import Ramp
from layers.words import _
from ui.painting.markers import marker_path
from ui.painting.strokes import pens_of
from ui.painting.view import MapView
from ui.theme import GRID_PX

AskColor = Callable[[str, str], str | None]

_LINE_SAMPLE_PX = QSize(88, 16)
_MARKER_SAMPLE_PX = QSize(18, 18)
# sharp on dense screens
_RATIO = 3


class ColorButton(QPushButton):
    """Shows a colour and asks for another; None is no colour, where that may be."""

    edited = pyqtSignal()

    def __init__(self, title: str, ask: AskColor) -> None:
        super().__init__()
        self._title = title
        self._ask = ask
        self._color = "#808080"
        self.setAccessibleName(title)
        self.setToolTip(title)
        self.setFixedWidth(GRID_PX * 14)
        self.setAutoDefault(False)
        self.clicked.connect(self._choose)

    def value(self) -> str:
        """Return ``#RRGGBB``."""
        return self._color

    def set_value(self, color: str) -> None:
        """Show a colour."""
        self._color = color.upper()
        self.setText(self._color)
        self.setIcon(color_icon(self._color))

    def _choose(self) -> None:
        chosen = self._ask(self._title, self._color)
        if chosen is not None and chosen.upper() != self._color:
            self.set_value(chosen)
            self.edited.emit()


class RowSwitch(QCheckBox):
    """Heads a row of a form and stands at the height of its words."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        # a form sets what may not grow at the top of its row
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)


class LengthBox(QDoubleSpinBox):
    """Millimetres on paper; leaves the wheel to what it lies in."""

    def __init__(self, title: str, *, most: float, step: float = 0.1, least: float = 0.0) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setDecimals(2)
        self.setRange(least, most)
        self.setSingleStep(step)
        self.setSuffix(" " + _("mm"))
        self.setFixedWidth(GRID_PX * 14)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Pass the wheel on."""
        if event is not None:
            event.ignore()


class WholeBox(QSpinBox):
    """A whole number; leaves the wheel to what it lies in."""

    def __init__(self, title: str, least: int, most: int, suffix: str = "") -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setRange(least, most)
        self.setSuffix(suffix)
        self.setFixedWidth(GRID_PX * 14)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Pass the wheel on."""
        if event is not None:
            event.ignore()


class DenominatorBox(WholeBox):
    """The number behind 1: of a scale; 0 is shown as no limit."""

    def __init__(self, title: str) -> None:
        super().__init__(title, 0, 100_000_000)
        self.setPrefix("1:")
        self.setSpecialValueText(_("no limit"))
        self.setGroupSeparatorShown(True)
        self.setSingleStep(1000)
        self.setFixedWidth(GRID_PX * 18)

    def limit(self) -> float | None:
        """Return the denominator; None for no limit."""
        return float(self.value()) or None

    def set_limit(self, denominator: float | None) -> None:
        """Show a limit."""
        self.setValue(round(denominator or 0))


def in_row(*widgets: QWidget | str) -> QWidget:
    """Return widgets side by side; a text becomes a label."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID_PX)
    for widget in widgets:
        row.addWidget(QLabel(widget) if isinstance(widget, str) else widget)
    row.addStretch(1)
    return holder


def color_icon(color: str) -> QIcon:
    """Return a square of a colour."""
    pixmap = _blank(QSize(14, 14))
    painter = QPainter(pixmap)
    painter.setPen(QColor("#80808080"))
    painter.setBrush(QColor(color))
    painter.drawRect(0, 0, 13, 13)
    painter.end()
    return QIcon(pixmap)


def marker_icon(marker: Marker, color: str) -> QIcon:
    """Return a marker's shape."""
    pixmap = _blank(_MARKER_SAMPLE_PX)
    painter = _painter(pixmap)
    painter.translate(_MARKER_SAMPLE_PX.width() / 2, _MARKER_SAMPLE_PX.height() / 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawPath(marker_path(marker, 13))
    painter.end()
    return QIcon(pixmap)


def line_icon(symbol: Symbol) -> QIcon:
    """Return a piece of a symbol's line, on white as on the map."""
    pixmap = _blank(_LINE_SAMPLE_PX)
    pixmap.fill(Qt.GlobalColor.white)
    painter = _painter(pixmap)
    width, middle = _LINE_SAMPLE_PX.width(), _LINE_SAMPLE_PX.height() / 2
    for pen in pens_of(symbol, MapView(0, 0, 1.0, width, middle * 2)):
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([QPointF(3, middle), QPointF(width - 3, middle)]))
    painter.end()
    return QIcon(pixmap)


def ramp_icon(ramp: Ramp) -> QIcon:
    """Return a ramp's colours side by side."""
    pixmap = _blank(_LINE_SAMPLE_PX)
    painter = QPainter(pixmap)
    width = _LINE_SAMPLE_PX.width()
    for place, color in enumerate(ramp.colors(width)):
        painter.fillRect(place, 0, 1, _LINE_SAMPLE_PX.height(), QColor(color))
    painter.end()
    return QIcon(pixmap)


def ramp_icon_size() -> QSize:
    """Return the size of :func:`ramp_icon`."""
    return _LINE_SAMPLE_PX


def line_icon_size() -> QSize:
    """Return the size of :func:`line_icon`."""
    return _LINE_SAMPLE_PX


def _blank(size: QSize) -> QPixmap:
    pixmap = QPixmap(size * _RATIO)
    pixmap.setDevicePixelRatio(_RATIO)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _painter(pixmap: QPixmap) -> QPainter:
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter
