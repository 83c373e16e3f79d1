"""The divider between two states of the map: upright or across, dragged with the mouse."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from ui.canvas.tools.tool import Pointer
from ui.painting.view import MapView

_GRIP_PX = 6.0
_KNOB_PX = 11.0
_EDGE_SHARE = 0.02
_KEY_SHARE = 0.02
_LINE = "#1E2227"
_PAPER = "#FFFFFF"


class Divider:
    """A line over the map.

    Parameters
    ----------
    view : callable
        What is looked at, in logical pixels.
    moved : callable
        Told when it lies elsewhere.

    Attributes
    ----------
    is_upright : bool
    share : float
        How far to the right (or down) it lies, as a share of the map.
    """

    def __init__(self, view: Callable[[], MapView], moved: Callable[[], None]) -> None:
        self._view = view
        self._moved = moved
        self.is_upright = True
        self.share = 0.5

    def turn(self) -> None:
        """Lay an upright divider across, and the other way round."""
        self.is_upright = not self.is_upright
        self._moved()

    def move_by(self, share: float) -> None:
        """Move the divider by a share of the map, to the right or down."""
        self.share = min(max(self.share + share, _EDGE_SHARE), 1.0 - _EDGE_SHARE)
        self._moved()

    @property
    def cursor(self) -> Qt.CursorShape:
        """The pointer over the divider."""
        return Qt.CursorShape.SplitHCursor if self.is_upright else Qt.CursorShape.SplitVCursor

    def is_under(self, at: Pointer) -> bool:
        """Tell whether a place is on the divider."""
        length, _other = self._lengths(self._view())
        return abs(self._along(at) - self.share * length) <= _GRIP_PX

    def drag(self, at: Pointer) -> None:
        """Move the divider under the pointer."""
        length, _other = self._lengths(self._view())
        self.move_by(self._along(at) / max(length, 1.0) - self.share)

    def key(self, key: Qt.Key) -> bool:
        """Move by an arrow held with Ctrl; tells whether the key was one that moves it."""
        back, on = (
            (Qt.Key.Key_Left, Qt.Key.Key_Right) if self.is_upright else (Qt.Key.Key_Up, Qt.Key.Key_Down)
        )
        if key in (back, on):
            self.move_by(_KEY_SHARE if key == on else -_KEY_SHARE)
        return key in (back, on)

    def sides(self, device_view: MapView) -> tuple[QRectF, QRectF]:
        """Return the two parts of a view, on whole device pixels: left and right, or above and below."""
        width, height = device_view.width_px, device_view.height_px
        if self.is_upright:
            cut = round(self.share * width)
            return QRectF(0, 0, cut, height), QRectF(cut, 0, width - cut, height)
        cut = round(self.share * height)
        return QRectF(0, 0, width, cut), QRectF(0, cut, width, height - cut)

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Paint the divider with its knob, in logical pixels."""
        length, other = self._lengths(view)
        place = self.share * length
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for color, width in ((_PAPER, 4.0), (_LINE, 1.6)):
            painter.setPen(QPen(QColor(color), width))
            painter.drawLine(self._at(place, 0.0), self._at(place, other))
        painter.setPen(QPen(QColor(_LINE), 1.6))
        painter.setBrush(QColor(_PAPER))
        painter.drawEllipse(self._at(place, other / 2), _KNOB_PX, _KNOB_PX)
        for side in (-1, 1):
            tip = self._at(place + side * 6.5, other / 2)
            for wing in (-3.0, 3.0):
                painter.drawLine(tip, self._at(place + side * 3.5, other / 2 + wing))
        painter.restore()

    def _at(self, place: float, far: float) -> QPointF:
        return QPointF(place, far) if self.is_upright else QPointF(far, place)

    def _along(self, at: Pointer) -> float:
        return at.place.x() if self.is_upright else at.place.y()

    def _lengths(self, view: MapView) -> tuple[float, float]:
        """Return how far the divider can go, and how long it is."""
        across = (view.width_px, view.height_px)
        return across if self.is_upright else (across[1], across[0])
