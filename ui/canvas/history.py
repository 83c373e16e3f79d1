"""Where one has looked: settled views, back and forward."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from ui.painting.view import MapView

_SETTLED_MS = 500
_MOST = 100
_SAME_PX = 0.5
_SAME_SHARE = 1e-6


@dataclass(frozen=True)
class Look:
    """A place and a scale, whatever the size of the window."""

    x: float
    y: float
    units_per_px: float

    @classmethod
    def at(cls, view: MapView) -> Look:
        """Return what a view looks at."""
        return cls(view.center_x, view.center_y, view.units_per_px)

    def is_like(self, other: Look) -> bool:
        """Tell whether nobody would see a difference."""
        near = _SAME_PX * self.units_per_px
        return (
            abs(self.x - other.x) <= near
            and abs(self.y - other.y) <= near
            and abs(self.units_per_px / other.units_per_px - 1) <= _SAME_SHARE
        )


class ViewHistory:
    """Views in the order they were looked at, and which of them is looked at now."""

    def __init__(self) -> None:
        self._looks: list[Look] = []
        self._now = -1

    @property
    def can_go_back(self) -> bool:
        """Whether there is an earlier view."""
        return self._now > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether a later view was left by going back."""
        return self._now + 1 < len(self._looks)

    def add(self, look: Look) -> None:
        """Take in a view that settled; what lay ahead is forgotten."""
        if self._looks and self._looks[self._now].is_like(look):
            return
        self._looks = [*self._looks[: self._now + 1], look][-_MOST:]
        self._now = len(self._looks) - 1

    def amend(self, look: Look) -> None:
        """Take another view for the present one: the window's size changed, not where one looks."""
        if self._looks:
            self._looks[self._now] = look

    def back(self) -> Look | None:
        """Return the view before, or None at the first."""
        return self._go(-1) if self.can_go_back else None

    def forward(self) -> Look | None:
        """Return the view after, or None at the last."""
        return self._go(1) if self.can_go_forward else None

    def _go(self, step: int) -> Look:
        self._now += step
        return self._looks[self._now]


class SettledViews(QObject):
    """Notes a view once it stands; wheel steps and drags on the way are none."""

    changed = pyqtSignal()
    """Whether one can go back or forward may be another."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = ViewHistory()
        self._waiting: Look | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLED_MS)
        self._timer.timeout.connect(self.settle)

    def note(self, view: MapView) -> None:
        """Take note of a view; it settles when no other comes soon."""
        self._waiting = Look.at(view)
        self._timer.start()

    def note_resized(self, view: MapView) -> None:
        """Take note of the same view in a window of another size."""
        if self._waiting is not None:
            self._waiting = Look.at(view)
        else:
            self.history.amend(Look.at(view))

    def settle(self) -> None:
        """Take the last view noted as settled now."""
        self._timer.stop()
        look, self._waiting = self._waiting, None
        if look is not None:
            self.history.add(look)
            self.changed.emit()

    def step(self, *, back: bool) -> Look | None:
        """Go back or forward from the view now looked at."""
        self.settle()
        look = self.history.back() if back else self.history.forward()
        self.changed.emit()
        return look

    def forget(self) -> None:
        """Begin anew: another map is looked at."""
        self._timer.stop()
        self._waiting = None
        self.history = ViewHistory()
        self.changed.emit()
