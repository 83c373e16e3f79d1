"""The map's picture, or two of them with a divider between: on one side some layers are left out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from PyQt6.QtCore import QObject, QRect, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QPainter

from ui.canvas.divider import Divider
from ui.canvas.edit_cover import ShownEdit
from ui.canvas.picture import MapPicture, Shown
from ui.painting.rings import IntArray
from ui.painting.view import MapView


class MapSides(QObject):
    """Holds the picture of the whole map, and while one swipes the picture without some layers.

    The second picture, with drawing processes of its own, is made when one begins to swipe and ended after.
    Views given to this class count device pixels.

    Parameters
    ----------
    view : callable
        What is looked at, in logical pixels.
    """

    changed = pyqtSignal(QRectF)
    """Something new can be shown there (device pixels)."""
    divided = pyqtSignal()
    """There is a divider now, or none, or it lies elsewhere."""
    complete = pyqtSignal()
    """Everything the view needs has been drawn."""
    trouble = pyqtSignal(str)
    """A sentence for the user."""
    files_lost = pyqtSignal(str)
    """The folder of a layer's arrays, which cannot be read any more: the layer is to be given anew."""
    tiles_missing = pyqtSignal(str, object)
    """A picture's uid and the keys of what is still to be fetched of it."""

    def __init__(self, view: Callable[[], MapView], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._logical_view = view
        self._layers: tuple[Shown, ...] = ()
        self._rows: Mapping[str, IntArray] = {}
        self._view: MapView | None = None
        self._whole = self._make_picture()
        self._reduced: MapPicture | None = None
        self._hidden: frozenset[str] = frozenset()
        self._divider: Divider | None = None

    @property
    def divider(self) -> Divider | None:
        """The divider, while one swipes."""
        return self._divider

    @property
    def hidden(self) -> frozenset[str]:
        """The layers left out right of the divider (or below)."""
        return self._hidden

    def divide(self, hidden: Collection[str]) -> None:
        """Begin to swipe: right of the divider (or below) these layers are left out."""
        self.unite()
        self._hidden = frozenset(hidden)
        self._reduced = self._make_picture()
        self._divider = Divider(self._logical_view, self.divided.emit)
        self.set_layers(self._layers)
        self.set_selection(self._rows)
        if self._view is not None:
            self._reduced.look_at(self._view)
        self.divided.emit()

    def unite(self) -> None:
        """End swiping: one map again."""
        reduced, self._reduced, self._divider = self._reduced, None, None
        self._hidden = frozenset()
        if reduced is not None:
            reduced.shut_down()
            reduced.deleteLater()
            self.divided.emit()

    def start(self) -> None:
        """Start the drawing processes; may be called again."""
        self._whole.start()

    def set_layers(self, layers: Sequence[Shown]) -> None:
        """Show other layers and pictures, top first."""
        changed = tuple(layers) != self._layers
        self._layers = tuple(layers)
        if changed:
            self._whole.set_layers(self._layers)
        if self._reduced is not None:
            self._reduced.set_layers([layer for layer in self._layers if layer.uid not in self._hidden])

    def prepare(self, layers: Sequence[Shown], edit: ShownEdit) -> None:
        """Get ready for :meth:`cover` on the whole map."""
        self._whole.prepare(layers, edit)

    def cover(self, layers: Sequence[Shown], edit: ShownEdit) -> QRect:
        """Paint an edit over what is known; return the pixels it touches. See :meth:`MapPicture.cover`."""
        place = self._whole.cover(layers, edit)
        if self._reduced is not None and edit.uid not in self._hidden:
            self._reduced.cover([layer for layer in layers if layer.uid not in self._hidden], edit)
        return place

    def show_edit(self, layers: Sequence[Shown], edit: ShownEdit) -> None:
        """Show the layers after an edit."""
        self._layers = tuple(layers)
        self._whole.show_edit(self._layers, edit)
        if self._reduced is not None and edit.uid not in self._hidden:
            self._reduced.show_edit([layer for layer in layers if layer.uid not in self._hidden], edit)

    def set_selection(self, rows: Mapping[str, IntArray]) -> None:
        """Have a selection drawn; empty takes the last one away."""
        self._rows = dict(rows)
        self._whole.set_selection(rows)
        if self._reduced is not None:
            shown = {uid: found for uid, found in rows.items() if uid not in self._hidden}
            self._reduced.set_selection(shown)

    def look_at(self, device_view: MapView) -> None:
        """Ask for what a view needs."""
        self._view = device_view
        for picture in self._pictures():
            picture.look_at(device_view)

    def redraw(self) -> None:
        """Have everything drawn anew."""
        for picture in self._pictures():
            picture.redraw()

    def pictures_arrived(self, uid: str) -> None:
        """Have drawn again what lacked a part of a picture: some of it has been fetched."""
        for picture in self._pictures():
            picture.pictures_arrived(uid)

    @property
    def is_complete(self) -> bool:
        """Whether all of the view is on the screen as it should be."""
        return all(picture.is_complete for picture in self._pictures())

    @property
    def process_ids(self) -> list[int]:
        """The drawing processes that live now."""
        return [number for picture in self._pictures() for number in picture.process_ids]

    def shut_down(self) -> None:
        """End the drawing processes; may be called twice."""
        self.unite()
        self._whole.shut_down()

    def covers(self, device_view: MapView) -> bool:
        """Tell whether painting a view leaves nothing of what was there before."""
        return self._divider is None and self._whole.covers(device_view)

    def paint(self, painter: QPainter, device_view: MapView) -> None:
        """Paint what is known of a view, each picture on its side, in device pixels."""
        if self._divider is None or self._reduced is None:
            self._whole.paint(painter, device_view)
            return
        sides = self._divider.sides(device_view)
        for side, picture in zip(sides, (self._whole, self._reduced), strict=True):
            painter.save()
            painter.setClipRect(side)
            painter.fillRect(side, Qt.GlobalColor.white)
            picture.paint(painter, device_view)
            painter.restore()

    def _pictures(self) -> tuple[MapPicture, ...]:
        return (self._whole,) if self._reduced is None else (self._whole, self._reduced)

    def _make_picture(self) -> MapPicture:
        picture = MapPicture(self)
        picture.changed.connect(self.changed)
        picture.complete.connect(self._tell_if_complete)
        picture.trouble.connect(self.trouble)
        picture.files_lost.connect(self.files_lost)
        picture.tiles_missing.connect(self.tiles_missing)
        return picture

    def _tell_if_complete(self) -> None:
        if self.is_complete:
            self.complete.emit()
