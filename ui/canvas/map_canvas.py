"""The map in the window: hands mouse and keys to its tool, and paints nothing but known pictures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from weakref import WeakSet

from PyQt6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import (
    QCloseEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PyQt6.QtWidgets import QApplication, QSizePolicy, QWidget

from layers.drawable import joint_extent
from layers.drawable_edits import FeatureLayer
from layers.pictures.drawn import DrawnPicture
from layers.words import _
from ui.canvas.covers import SelectionCover, WatermarkCover
from ui.canvas.divider import Divider
from ui.canvas.edit_cover import ShownEdit
from ui.canvas.furniture import paint_empty, paint_focus, paint_scale_bar
from ui.canvas.hands import Hands
from ui.canvas.overlays import Marker, Overlay
from ui.canvas.selected import SelectionSearch
from ui.canvas.sides import MapSides
from ui.canvas.tools.pan import PanTool
from ui.canvas.tools.tool import Pointer, Tool
from ui.canvas.viewport import Viewport
from ui.painting.rings import IntArray
from ui.painting.view import MapView

# A click finds what lies within so many pixels of it.
CLICK_PX = 4.0
_START_MS = 500

_Layers = tuple[FeatureLayer | DrawnPicture, ...]


class MapCanvas(Viewport):
    """Shows layers; the pictures come from drawing processes, so the window never waits for them.

    Call :meth:`shut_down` before the program ends (closing the widget or the application does it too).
    """

    pointer_moved = pyqtSignal(float, float)
    """Map coordinates under the pointer."""
    clicked = pyqtSignal(float, float, float)
    """Map coordinates of a click, and how far around it counts as hit (map units)."""
    tool_changed = pyqtSignal(str)
    """The key of the tool now in hand."""
    hint_changed = pyqtSignal()
    """The tool in hand says something else of itself."""
    picture_complete = pyqtSignal()
    """All of the view has been drawn."""
    trouble = pyqtSignal(str)
    """A sentence for the user: a part of the map could not be drawn."""
    files_lost = pyqtSignal(str)
    """The folder of a layer's arrays, which cannot be read any more: the layer is to be given anew."""
    tiles_missing = pyqtSignal(str, object)
    """A picture's uid and the keys of what the map lacks of it; see :meth:`pictures_arrived`."""

    edit_shown = pyqtSignal(str, int)
    """A layer's uid and its version: a frame has been painted that shows the edit which made it."""

    def __init__(self, parent: QWidget | None = None, *, metres_per_unit: float = 1.0) -> None:
        super().__init__(parent, metres_per_unit)
        self._layers: tuple[FeatureLayer | DrawnPicture, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 90)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(_("Map"))
        self._search = SelectionSearch(self)
        self._search.found.connect(self._show_selected)
        self._selection = SelectionCover()
        self._watermark = WatermarkCover()
        self._overlays: tuple[Overlay, ...] = ()
        self._marker: Marker | None = None
        self._empty_text = ""
        self._credit = ""
        self._edits_to_tell: list[ShownEdit] = []
        self._told_ahead: WeakSet[ShownEdit] = WeakSet()
        # an edit to come, the layers as they were without it, and with it
        self._prepared: tuple[ShownEdit, _Layers, _Layers] | None = None
        self._hint = ""
        self._pan_tool = PanTool(self)
        self._hands = Hands(self, self._pan_tool)
        self.setCursor(self._hands.cursor)
        self._picture = MapSides(lambda: self._view, self)
        self._picture.changed.connect(self._on_picture_changed)
        self._picture.divided.connect(self._take_divider)
        self._picture.complete.connect(self.picture_complete)
        self._for_complete: list[Callable[[], None]] = []
        self.picture_complete.connect(self._call_who_waits)
        self._picture.trouble.connect(self.trouble)
        self._picture.files_lost.connect(self.files_lost)
        self._picture.tiles_missing.connect(self.tiles_missing)
        # the window opens first; who opens a project then finds the drawing processes ready
        QTimer.singleShot(_START_MS, self._picture.start)
        self.destroyed.connect(self._picture.shut_down)
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.shut_down)

    # what is shown

    @property
    def layers(self) -> tuple[FeatureLayer | DrawnPicture, ...]:
        """The layers and pictures shown, top first."""
        return self._layers

    @property
    def is_complete(self) -> bool:
        """Whether all of the view is drawn."""
        return self._picture.is_complete and not self._search.is_looking

    def when_complete(self, call: Callable[[], None]) -> None:
        """Call something once, soon, when all of the view is drawn."""
        self._for_complete.append(call)
        if self.is_complete:
            QTimer.singleShot(0, self._call_who_waits)

    def _call_who_waits(self) -> None:
        waiting, self._for_complete = self._for_complete, []
        for call in waiting:
            call()

    @property
    def process_ids(self) -> list[int]:
        """The drawing processes that live now."""
        return self._picture.process_ids

    def set_layers(self, layers: Sequence[FeatureLayer | DrawnPicture]) -> None:
        """Show these layers and pictures, top first; the first ones ever shown are fitted into the window."""
        first = not self._layers and layers
        self._layers = tuple(layers)
        self._has_map = bool(self._layers)
        self._extent = joint_extent([layer.extent for layer in self._layers if layer.extent is not None])
        self._picture.set_layers(self._layers)
        self._find_selected()  # another state of a layer has its features in other rows
        if first:
            self.zoom_full()
        self.update()

    def prepare_edit(self, layer: FeatureLayer, edit: ShownEdit) -> None:
        """Get ready for an edit that :meth:`cover_edit` is soon to paint; nothing looks different yet."""
        layers = tuple(layer if item.uid == layer.uid else item for item in self._layers)
        self._picture.prepare(layers, edit)
        if self._search.is_quick:
            features = [item for item in layers if not isinstance(item, DrawnPicture)]
            self._selection.prepare(features, self._search.rows_in(features), self._device_view())
        self._prepared = edit, self._layers, layers

    def cover_edit(self, layer: FeatureLayer, edit: ShownEdit) -> None:
        """Paint an edit of a layer that is shown, here and now; :meth:`show_edit` is to follow soon.

        Parameters
        ----------
        layer : FeatureLayer
            The layer with the edit; it need not lie in files.
        """
        prepared, self._prepared = self._prepared, None
        if prepared is not None and prepared[0] is edit and prepared[1] is self._layers:
            layers = prepared[2]
        else:
            layers = tuple(layer if item.uid == layer.uid else item for item in self._layers)
        place = QRectF(self._picture.cover(layers, edit))
        if self._search.is_quick:
            features = [item for item in layers if not isinstance(item, DrawnPicture)]
            self._selection.take(features, self._search.rows_in(features))
        self._edits_to_tell.append(edit)
        self._told_ahead.add(edit)
        self.repaint(self._logical(place))

    def show_edit(self, layers: Sequence[FeatureLayer | DrawnPicture], edit: ShownEdit) -> None:
        """Show the layers after an edit of one of them: at once; what it does not touch stays."""
        self._layers = tuple(layers)
        self._extent = joint_extent([layer.extent for layer in self._layers if layer.extent is not None])
        self._picture.show_edit(self._layers, edit)
        self._find_selected()
        if edit not in self._told_ahead:
            self._edits_to_tell.append(edit)
        self._told_ahead.discard(edit)
        self.update()

    def update_layer(self, layer: FeatureLayer) -> None:
        """Show another state of a layer that is already shown (style, opacity, features)."""
        self.set_layers([layer if item.uid == layer.uid else item for item in self._layers])

    def set_selection(self, selection: Mapping[str, Collection[str]]) -> None:
        """Highlight features: ``zs_uid`` by the layer's uid. Names that are not shown are passed over."""
        self._search.choose(selection)
        self._find_selected()

    def _find_selected(self) -> None:
        layers = [layer for layer in self._layers if not isinstance(layer, DrawnPicture)]
        self._search.find(layers)

    def _show_selected(self, layers: Sequence[FeatureLayer], rows: Mapping[str, IntArray]) -> None:
        self._picture.set_selection(self._selection.take(layers, rows))
        self.update()

    def redraw(self) -> None:
        """Draw everything anew."""
        self._picture.redraw()

    def pictures_arrived(self, uid: str) -> None:
        """Draw again what lacked a part of a picture: some of it has been fetched."""
        self._picture.pictures_arrived(uid)

    def set_watermark(self, text: str) -> None:
        """Show slanted words over the whole map; empty takes them away."""
        self._watermark.text = text
        self.update()

    def set_credit(self, text: str) -> None:
        """Say whose pictures are shown; empty for nobody's."""
        self._credit = text
        self.update()

    def set_empty_text(self, text: str) -> None:
        """Say what the map shows while it has no layer."""
        self._empty_text = text
        self.update()

    def add_overlay(self, overlay: Overlay) -> None:
        """Paint something over the map from now on; call :meth:`update` when it looks different."""
        self._overlays = (*self._overlays, overlay)
        self.update()

    @property
    def marker(self) -> Marker | None:
        """The pin on the map, if there is one."""
        return self._marker

    def show_marker(self, x: float, y: float) -> None:
        """Stand a pin on a place of the map; there is one at most."""
        self._marker = Marker(x, y)
        self.update()

    def clear_marker(self) -> None:
        """Take the pin away."""
        self._marker = None
        self.update()

    def _take_view(self, device_view: MapView) -> None:
        self._picture.look_at(device_view)

    @property
    def divider(self) -> Divider | None:
        """The divider between two states of the map, while one swipes."""
        return self._picture.divider

    def begin_swipe(self, hidden: Collection[str]) -> None:
        """Show a divider; right of it (or below) these layers are left out."""
        self._picture.divide(hidden)

    def end_swipe(self) -> None:
        """Show one map again."""
        self._picture.unite()

    def _take_divider(self) -> None:
        self._hands.set_handle(self._picture.divider)
        self.update()

    # the tool in hand

    @property
    def tool(self) -> Tool:
        """The tool in hand."""
        return self._hands.tool

    def take_tool(self, tool: Tool | None = None) -> None:
        """Take a tool in hand, or the hand that moves the map; keys go to the map from then on."""
        self._hands.take(tool or self._pan_tool)
        self._hint = self.tool.hint
        self.setCursor(self._hands.cursor)
        if self.isVisible():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.tool_changed.emit(self._hands.tool.key)
        self.update()

    def tell_click(self, at: Pointer) -> None:
        """Tell of a click on a place."""
        self.clicked.emit(at.x, at.y, CLICK_PX * self._view.units_per_px)

    def repaint_tool(self) -> None:
        """Paint what the tool shows anew."""
        self.update()
        if self.tool.hint != self._hint:
            self._hint = self.tool.hint
            self.hint_changed.emit()

    # what Qt asks

    def sizeHint(self) -> QSize:
        """Return the size a map would like."""
        return QSize(900, 600)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """End the drawing processes with the window."""
        self.shut_down()
        super().closeEvent(event)

    def shut_down(self) -> None:
        """End the drawing processes; the canvas shows what it knows from then on."""
        self._search.shut_down()
        self._picture.shut_down()

    def event(self, event: QEvent | None) -> bool:
        """Keep a key that the tool needs from the window's commands."""
        asked = event is not None and event.type() == QEvent.Type.ShortcutOverride
        taken = super().event(event)
        if asked and isinstance(event, QKeyEvent) and self._hands.wants(event):
            event.accept()
        return taken

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Show what is known; nothing is drawn here that takes time."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if not (self._layers and self._picture.covers(self._device_view())):
            painter.fillRect(rect, Qt.GlobalColor.white if self._layers else self.palette().window())
        if self._layers:
            self.paint_map(painter)
            self._hands.tool.paint(painter, self._view)
            if self.divider is not None:
                self.divider.paint(painter, self._view)
        else:
            paint_empty(painter, rect, self._empty_text, self.palette())
        if self.hasFocus():
            paint_focus(painter, rect, self.palette())
        painter.end()
        shown, self._edits_to_tell = self._edits_to_tell, []
        for edit in shown:
            self.edit_shown.emit(edit.uid, edit.version)

    def _on_picture_changed(self, place: QRectF) -> None:
        self.update(self._logical(place))

    def _logical(self, place: QRectF) -> QRect:
        """Return the logical pixels that device pixels touch."""
        ratio = self.devicePixelRatioF()
        part = QRectF(place.x() / ratio, place.y() / ratio, place.width() / ratio, place.height() / ratio)
        return part.toAlignedRect().adjusted(-1, -1, 1, 1)

    def paint_map(self, painter: QPainter) -> None:
        """Paint the map with all that belongs to it, in logical pixels; what a tool shows does not."""
        ratio = self.devicePixelRatioF()
        view = self._device_view()
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        self._picture.paint(painter, view)
        self._selection.paint(painter, view)
        self._watermark.paint(painter, view)
        painter.restore()
        for overlay in self._overlays:
            overlay.paint(painter, self._view)
        if self._marker is not None:
            self._marker.paint(painter, self._view)
        paint_scale_bar(painter, self._view, self._credit)

    # mouse and keys

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Hand a press to the tool."""
        if event is not None:
            event.setAccepted(self._hands.press(event))
            self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Hand a move to the tool, and tell where the pointer is."""
        if event is not None:
            at = self._hands.move(event)
            self._show_cursor()
            self.pointer_moved.emit(*self._view.to_map(at.place.x(), at.place.y()))

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """Hand the end of a press to the tool."""
        if event is not None:
            self._hands.release(event)
            self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Hand a double click to the tool."""
        if event is not None:
            self._hands.double_click(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Hand a key to the tool or move the map; Home shows all, Backspace goes back, Esc leaves off."""
        if event is None:
            return
        if self._hands.key_press(event, self._view):
            self._show_cursor()
        elif event.key() == Qt.Key.Key_Home:
            self.zoom_full()
        elif event.key() == Qt.Key.Key_Backspace:
            self.look_back()
        elif event.key() == Qt.Key.Key_Escape and self.tool is not self._pan_tool:
            self.take_tool()
        elif event.key() == Qt.Key.Key_Escape and self._marker is not None:
            self.clear_marker()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent | None) -> None:
        """Take the end of a key."""
        if event is not None and self._hands.key_release(event):
            self._show_cursor()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """Forget the keys that are held."""
        self._hands.lose()
        self._show_cursor()
        super().focusOutEvent(event)

    def _show_cursor(self) -> None:
        if self.cursor().shape() != self._hands.cursor:
            self.setCursor(self._hands.cursor)
