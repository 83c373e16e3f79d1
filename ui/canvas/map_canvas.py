"""The map in the window: looks, moves, answers the mouse and the keys; paints nothing but known pictures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import (
    QCloseEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QApplication, QSizePolicy, QWidget

from layers.drawable import Bounds, DrawableLayer
from layers.words import _
from ui.canvas.furniture import paint_empty, paint_focus, paint_scale_bar
from ui.canvas.picture import MapPicture
from ui.canvas.selected import SelectedRows
from ui.canvas.tiles import STEPS_PER_DOUBLING, aligned, coarser_step, stepped
from ui.painting.fonts import load_fonts
from ui.painting.rings import IntArray
from ui.painting.selection import ACCENT, paint_selection
from ui.painting.view import MM_PER_INCH, MapView
from ui.painting.watermarks import watermark

# A click finds what lies within so many pixels of it.
CLICK_PX = 4.0
_NOTCH = 120
_STEPS_PER_NOTCH = STEPS_PER_DOUBLING // 2
_KEY_PAN_SHARE = 0.15
_FINEST_SCALE = 1.0
_COARSEST_SCALE = 500_000_000.0
# So many outlines are painted within a frame.
_MOST_SELECTED_AT_ONCE = 300
_START_MS = 500


class MapCanvas(QWidget):
    """Shows layers; the pictures come from drawing processes, so the window never waits for them.

    Call :meth:`shut_down` before the program ends (closing the widget or the application does it too).
    """

    view_changed = pyqtSignal(object)
    """The :class:`ui.painting.view.MapView` now shown, in logical pixels."""
    pointer_moved = pyqtSignal(float, float)
    """Map coordinates under the pointer."""
    clicked = pyqtSignal(float, float, float)
    """Map coordinates of a click, and how far around it counts as hit (map units)."""
    picture_complete = pyqtSignal()
    """All of the view has been drawn."""
    trouble = pyqtSignal(str)
    """A sentence for the user: a part of the map could not be drawn."""

    def __init__(self, parent: QWidget | None = None, *, metres_per_unit: float = 1.0) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 90)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(_("Map"))
        self._metres_per_unit = metres_per_unit
        self._layers: tuple[DrawableLayer, ...] = ()
        self._selection = SelectedRows()
        self._selected: dict[str, IntArray] = {}
        self._selection_picture: tuple[MapView, QImage] | None = None
        self._paints_selection = True
        self._watermark = ""
        self._watermark_picture: QImage | None = None
        self._empty_text = ""
        self._accent = ACCENT
        self._fitted: Bounds | None = None
        self._pressed: QPointF | None = None
        self._dragged_from: MapView | None = None
        self._wheel_rest = 0.0
        self._view = MapView(0.0, 0.0, 1.0, self.width(), self.height(), self._px_per_mm(), metres_per_unit)
        self._picture = MapPicture(self)
        self._picture.changed.connect(self._on_picture_changed)
        self._picture.complete.connect(self.picture_complete)
        self._picture.trouble.connect(self.trouble)
        # the window opens first; who opens a project then finds the drawing processes ready
        QTimer.singleShot(_START_MS, self._picture.start)
        self.destroyed.connect(self._picture.shut_down)
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.shut_down)

    # what is shown

    @property
    def view(self) -> MapView:
        """What is looked at, in logical pixels."""
        return self._view

    @property
    def layers(self) -> tuple[DrawableLayer, ...]:
        """The layers shown, top first."""
        return self._layers

    @property
    def is_complete(self) -> bool:
        """Whether all of the view is drawn."""
        return self._picture.is_complete

    @property
    def process_ids(self) -> list[int]:
        """The drawing processes that live now."""
        return self._picture.process_ids

    def set_layers(self, layers: Sequence[DrawableLayer]) -> None:
        """Show these layers, top first; the first ones ever shown are fitted into the window."""
        first = not self._layers and layers
        self._layers = tuple(layers)
        self._picture.set_layers(self._layers)
        self._find_selected()  # another state of a layer has its features in other rows
        if first:
            self.zoom_full()
        self.update()

    def update_layer(self, layer: DrawableLayer) -> None:
        """Show another state of a layer that is already shown (style, opacity, features)."""
        self.set_layers([layer if item.uid == layer.uid else item for item in self._layers])

    def set_selection(self, selection: Mapping[str, Collection[str]]) -> None:
        """Highlight features: ``zs_uid`` by the layer's uid. Names that are not shown are passed over."""
        self._selection.choose(selection)
        self._find_selected()
        self.update()

    def _find_selected(self) -> None:
        """Keep a small selection to be painted at once; have a large one drawn like the map."""
        self._selected = self._selection.in_layers(self._layers)
        self._selection_picture = None
        large = sum(len(rows) for rows in self._selected.values()) > _MOST_SELECTED_AT_ONCE
        self._picture.set_selection(self._selected if large else {})
        self._paints_selection = not large

    def set_watermark(self, text: str) -> None:
        """Show slanted words over the whole map; empty takes them away."""
        if text != self._watermark:
            self._watermark = text
            self._watermark_picture = None
            self.update()

    def set_empty_text(self, text: str) -> None:
        """Say what the map shows while it has no layer."""
        self._empty_text = text
        self.update()

    def set_metres_per_unit(self, metres_per_unit: float) -> None:
        """Say how long a map unit is; 1 unless the map counts degrees."""
        self._metres_per_unit = metres_per_unit
        self._show(replace(self._view, metres_per_unit=metres_per_unit))

    # where one looks

    def zoom_to(self, bounds: Bounds) -> None:
        """Show all of ``bounds`` (xmin, ymin, xmax, ymax), also when the window's size changes next."""
        size = (max(self.width(), 1), max(self.height(), 1))
        view = MapView.fitting(
            bounds, size, px_per_mm=self._px_per_mm(), metres_per_unit=self._metres_per_unit
        )
        ratio = self.devicePixelRatioF()
        self._show(replace(view, units_per_px=coarser_step(view.units_per_px / ratio) * ratio))
        self._fitted = bounds

    def zoom_full(self) -> None:
        """Show everything there is."""
        extents = [layer.extent for layer in self._layers if layer.extent is not None]
        if extents:
            xmin, ymin, xmax, ymax = zip(*extents, strict=True)
            self.zoom_to((min(xmin), min(ymin), max(xmax), max(ymax)))

    def zoom_by_steps(self, steps: int, about: QPointF | None = None) -> None:
        """Enlarge (positive) or reduce by sixteenths of a doubling; what lies under ``about`` stays."""
        ratio = self.devicePixelRatioF()
        units = stepped(self._view.units_per_px / ratio, -steps) * ratio
        scale = units * self._view.px_per_mm * 1000 * self._metres_per_unit
        if _FINEST_SCALE <= scale <= _COARSEST_SCALE:
            point = (about.x(), about.y()) if about is not None else None
            self._show(self._view.zoomed(self._view.units_per_px / units, point))

    def set_scale(self, denominator: float) -> None:
        """Look at the same middle at 1:``denominator``, exactly."""
        self._show(self._view.zoomed(self._view.scale_denominator / denominator))

    def center_on(self, x: float, y: float) -> None:
        """Look at a place at the same scale."""
        self._show(replace(self._view, center_x=x, center_y=y))

    def pan_by(self, dx_px: float, dy_px: float) -> None:
        """Move the map to the right and down by logical pixels."""
        self._show(self._view.panned(dx_px, dy_px))

    def shut_down(self) -> None:
        """End the drawing processes; the canvas shows what it knows from then on."""
        self._picture.shut_down()

    def _show(self, view: MapView) -> None:
        """Look at a view, moved by less than a device pixel so that tiles lie on whole ones."""
        self._fitted = None
        ratio = self.devicePixelRatioF()
        device = aligned(view.at_ratio(ratio))
        self._view = replace(view, center_x=device.center_x, center_y=device.center_y)
        self._picture.look_at(self._device_view())
        self.view_changed.emit(self._view)
        self.update()

    def _device_view(self) -> MapView:
        return self._view.at_ratio(self.devicePixelRatioF())

    def _px_per_mm(self) -> float:
        return self.logicalDpiX() / MM_PER_INCH

    # what Qt asks

    def sizeHint(self) -> QSize:
        """Return the size a map would like."""
        return QSize(900, 600)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep the middle and the scale, or what was fitted."""
        super().resizeEvent(event)
        self._watermark_picture = None
        if self._fitted is not None:
            self.zoom_to(self._fitted)
        else:
            self._show(self._view.resized(self.width(), self.height()))

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """End the drawing processes with the window."""
        self.shut_down()
        super().closeEvent(event)

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Show what is known; nothing is drawn here that takes time."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        painter.fillRect(rect, Qt.GlobalColor.white if self._layers else self.palette().window())
        if self._layers:
            self._paint_map(painter)
            paint_scale_bar(painter, self._view)
        else:
            paint_empty(painter, rect, self._empty_text, self.palette())
        if self.hasFocus():
            paint_focus(painter, rect, self.palette())
        painter.end()

    def _on_picture_changed(self, place: QRectF) -> None:
        ratio = self.devicePixelRatioF()
        part = QRectF(place.x() / ratio, place.y() / ratio, place.width() / ratio, place.height() / ratio)
        self.update(part.toAlignedRect().adjusted(-1, -1, 1, 1))

    def _paint_map(self, painter: QPainter) -> None:
        ratio = self.devicePixelRatioF()
        view = self._device_view()
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        self._picture.paint(painter, view)
        self._paint_selection(painter, view)
        if self._watermark:
            painter.drawImage(0, 0, self._watermark_image(view))
        painter.restore()

    def _paint_selection(self, painter: QPainter, view: MapView) -> None:
        if not self._paints_selection or not any(len(rows) for rows in self._selected.values()):
            return
        if self._selection_picture is None or self._selection_picture[0] != view:
            image = _empty_image(view)
            inner = QPainter(image)
            paint_selection(inner, self._layers, self._selected, view, accent=self._accent)
            inner.end()
            self._selection_picture = (view, image)
        painter.drawImage(0, 0, self._selection_picture[1])

    def _watermark_image(self, view: MapView) -> QImage:
        if self._watermark_picture is None:
            self._watermark_picture = _empty_image(view)
            inner = QPainter(self._watermark_picture)
            area = QRectF(0, 0, view.width_px, view.height_px)
            family = load_fonts().screen
            watermark(inner, area, self._watermark, px_per_mm=view.px_per_mm, family=family)
            inner.end()
        return self._watermark_picture

    # mouse and keys

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Begin a click or a drag."""
        if event is not None and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed, self._dragged_from = event.position(), None
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Drag the map, and tell where the pointer is."""
        if event is None:
            return
        at = event.position()
        if self._pressed is not None:
            moved = at - self._pressed
            if self._dragged_from is None and moved.manhattanLength() >= QApplication.startDragDistance():
                self._dragged_from = self._view
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
            if self._dragged_from is not None:
                self._show(self._dragged_from.panned(moved.x(), moved.y()))
        self.pointer_moved.emit(*self._view.to_map(at.x(), at.y()))

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """End a drag, or tell of a click."""
        if event is None or self._pressed is None:
            return
        dragged, self._dragged_from, self._pressed = self._dragged_from is not None, None, None
        self.setCursor(Qt.CursorShape.CrossCursor)
        if not dragged and event.button() == Qt.MouseButton.LeftButton:
            x, y = self._view.to_map(event.position().x(), event.position().y())
            self.clicked.emit(x, y, CLICK_PX * self._view.units_per_px)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Enlarge about the pointer."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self.zoom_by_steps(STEPS_PER_DOUBLING, event.position())

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Enlarge or reduce about the pointer: two notches double."""
        if event is None:
            return
        self._wheel_rest += event.angleDelta().y() * _STEPS_PER_NOTCH / _NOTCH
        steps = int(self._wheel_rest)
        self._wheel_rest -= steps
        if steps:
            self.zoom_by_steps(steps, event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Move and enlarge by keys: arrows, plus, minus, Home."""
        if event is None:
            return
        across, down = self.width() * _KEY_PAN_SHARE, self.height() * _KEY_PAN_SHARE
        pans = {
            Qt.Key.Key_Left: (across, 0.0),
            Qt.Key.Key_Right: (-across, 0.0),
            Qt.Key.Key_Up: (0.0, down),
            Qt.Key.Key_Down: (0.0, -down),
        }
        key = event.key()
        if key in pans:
            self.pan_by(*pans[Qt.Key(key)])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by_steps(STEPS_PER_DOUBLING // 2)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom_by_steps(-STEPS_PER_DOUBLING // 2)
        elif key == Qt.Key.Key_Home:
            self.zoom_full()
        else:
            super().keyPressEvent(event)


def _empty_image(view: MapView) -> QImage:
    image = QImage(round(view.width_px), round(view.height_px), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image
