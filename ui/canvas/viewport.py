"""The part of the map that is looked at: moved, enlarged, gone back to."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtCore import QEvent, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QNativeGestureEvent, QResizeEvent, QWheelEvent
from PyQt6.QtWidgets import QWidget

from layers.drawable import Bounds
from ui.canvas.history import Look, SettledViews
from ui.canvas.tile_grid import aligned, coarser_step, stepped
from ui.canvas.wheel import WheelSteps
from ui.painting.view import MM_PER_INCH, MapView

_FINEST_SCALE = 1.0
_COARSEST_SCALE = 500_000_000.0


class Viewport(QWidget):
    """A widget that looks at a map; what it shows is said by the class made of it.

    Parameters
    ----------
    metres_per_unit : float
        How long a map unit is; 1 unless the map counts degrees.
    """

    view_changed = pyqtSignal(object)
    """The :class:`ui.painting.view.MapView` now shown, in logical pixels."""
    history_changed = pyqtSignal()
    """Whether there is a view before or after may be another."""

    def __init__(self, parent: QWidget | None, metres_per_unit: float) -> None:
        super().__init__(parent)
        self._metres_per_unit = metres_per_unit
        self._has_map = False
        self._extent: Bounds | None = None
        self._fitted: Bounds | None = None
        self._wheel = WheelSteps()
        self._settled = SettledViews(self)
        self._settled.changed.connect(self.history_changed)
        self._view = MapView(0.0, 0.0, 1.0, self.width(), self.height(), self._px_per_mm(), metres_per_unit)

    def _take_view(self, device_view: MapView) -> None:
        """Get ready to show another view, given in device pixels."""

    @property
    def view(self) -> MapView:
        """What is looked at, in logical pixels."""
        return self._view

    @property
    def device_view(self) -> MapView:
        """What is looked at, in device pixels."""
        return self._device_view()

    def set_metres_per_unit(self, metres_per_unit: float) -> None:
        """Say how long a map unit is; 1 unless the map counts degrees."""
        self._metres_per_unit = metres_per_unit
        self.look(replace(self._view, metres_per_unit=metres_per_unit))

    def zoom_to(self, bounds: Bounds) -> None:
        """Show all of ``bounds`` (xmin, ymin, xmax, ymax), also when the window's size changes next."""
        self._fit(bounds)
        if self._has_map:
            self._settled.note(self._view)

    def _fit(self, bounds: Bounds) -> None:
        size = (max(self.width(), 1), max(self.height(), 1))
        view = MapView.fitting(
            bounds, size, px_per_mm=self._px_per_mm(), metres_per_unit=self._metres_per_unit
        )
        ratio = self.devicePixelRatioF()
        self._show(replace(view, units_per_px=coarser_step(view.units_per_px / ratio) * ratio))
        self._fitted = bounds

    def show_place(self, bounds: Bounds) -> None:
        """Look at a place kept earlier: just that, in a window of the same shape."""
        size = (max(self.width(), 1), max(self.height(), 1))
        px_per_mm, unit = self._px_per_mm(), self._metres_per_unit
        self.look(MapView.fitting(bounds, size, px_per_mm=px_per_mm, margin=0.0, metres_per_unit=unit))

    def zoom_full(self) -> None:
        """Show everything there is."""
        if self._extent is not None:
            self.zoom_to(self._extent)

    def zoom_by_steps(self, steps: int, about: QPointF | None = None) -> None:
        """Enlarge (positive) or reduce by sixteenths of a doubling; what lies under ``about`` stays."""
        ratio = self.devicePixelRatioF()
        units = stepped(self._view.units_per_px / ratio, -steps) * ratio
        scale = units * self._view.px_per_mm * 1000 * self._metres_per_unit
        if _FINEST_SCALE <= scale <= _COARSEST_SCALE:
            point = (about.x(), about.y()) if about is not None else None
            self.look(self._view.zoomed(self._view.units_per_px / units, point))

    def set_scale(self, denominator: float) -> None:
        """Look at the same middle at 1:``denominator``, exactly."""
        self.look(self._view.zoomed(self._view.scale_denominator / denominator))

    def center_on(self, x: float, y: float) -> None:
        """Look at a place at the same scale."""
        self.look(replace(self._view, center_x=x, center_y=y))

    def pan_by(self, dx_px: float, dy_px: float) -> None:
        """Move the map to the right and down by logical pixels."""
        self.look(self._view.panned(dx_px, dy_px))

    def look(self, view: MapView) -> None:
        """Look at a view, moved by less than a device pixel so that tiles lie on whole ones."""
        self._show(view)
        if self._has_map:
            self._settled.note(self._view)

    def look_back(self) -> None:
        """Look where one looked before."""
        self._look_again(self._settled.step(back=True))

    def look_forward(self) -> None:
        """Look where one looked before going back."""
        self._look_again(self._settled.step(back=False))

    def forget_views(self) -> None:
        """Forget where one has looked: another map begins."""
        self._settled.forget()

    @property
    def can_look_back(self) -> bool:
        """Whether there is a view before."""
        return self._settled.history.can_go_back

    @property
    def can_look_forward(self) -> bool:
        """Whether there is a view after."""
        return self._settled.history.can_go_forward

    def _look_again(self, look: Look | None) -> None:
        if look is not None:
            view = self._view
            self._show(replace(view, center_x=look.x, center_y=look.y, units_per_px=look.units_per_px))

    def _show(self, view: MapView) -> None:
        self._fitted = None
        ratio = self.devicePixelRatioF()
        device = aligned(view.at_ratio(ratio))
        self._view = replace(view, center_x=device.center_x, center_y=device.center_y)
        self._take_view(self._device_view())
        self.view_changed.emit(self._view)
        self.update()

    def _device_view(self) -> MapView:
        return self._view.at_ratio(self.devicePixelRatioF())

    def _px_per_mm(self) -> float:
        return self.logicalDpiX() / MM_PER_INCH

    # what Qt asks

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep the middle and the scale, or what was fitted."""
        super().resizeEvent(event)
        fitted = self._fitted
        if fitted is None:
            self._show(self._view.resized(self.width(), self.height()))
        else:
            self._fit(fitted)
        self._settled.note_resized(self._view)

    def event(self, event: QEvent | None) -> bool:
        """Take two fingers drawn apart."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_by_steps(self._wheel.pinch(event), event.position())
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Enlarge or reduce about the pointer: two notches double."""
        if event is not None:
            steps = self._wheel.turn(event)
            if steps:
                self.zoom_by_steps(steps, event.position())
            event.accept()
