"""A short tour: a card beside one part of the window after another; it can be left at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QEvent, QObject, QPoint, QRect, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from layers.words import _
from ui.panels.parts import pressed_with_enter, text_label
from ui.theme import GRID_PX


@dataclass(frozen=True)
class TourStop:
    """One step: what is said, in the user's language, and the part of the window it is said of."""

    title: str
    text: str
    target: QWidget


class Tour(QFrame):
    """The card of the tour, and a frame about the part it speaks of; both are children of the window.

    Parameters
    ----------
    stops : sequence of TourStop
        At least one.
    """

    ended = pyqtSignal()

    def __init__(self, stops: Sequence[TourStop], window: QWidget) -> None:
        super().__init__(window)
        self._stops = tuple(stops)
        self._window = window
        self._place = 0
        self._frame = QFrame(window)
        self._frame.setProperty("role", "tour-frame")
        self._frame.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setProperty("role", "tour")
        self.setFixedWidth(GRID_PX * 40)
        self._title, self._text = text_label("", "heading"), text_label("")
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        self.leave = QPushButton(_("Leave the tour"))
        self.leave.clicked.connect(self.end)
        self.further = QPushButton()
        self.further.setProperty("primary", True)
        self.further.clicked.connect(self._go_on)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.further)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 2] * 4)
        column.setSpacing(GRID_PX)
        for widget in (self._title, self._text):
            column.addWidget(widget)
        column.addSpacing(GRID_PX)
        column.addLayout(row)
        for watched in {window, *(stop.target for stop in self._stops)}:
            watched.installEventFilter(self)
        self._show_stop()

    @property
    def place(self) -> int:
        """The number of the step that is shown, from 0."""
        return self._place

    def end(self) -> None:
        """Take the card away."""
        for watched in {self._window, *(stop.target for stop in self._stops)}:
            watched.removeEventFilter(self)
        for widget in (self._frame, self):
            widget.hide()
            widget.deleteLater()
        self.ended.emit()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Leave with Escape; Enter presses the button that has the keyboard."""
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.end()
        elif not pressed_with_enter(event, self):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Stay beside a part that moved."""
        if event is not None and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._lay()
        return super().eventFilter(watched, event)

    def _go_on(self) -> None:
        if self._place + 1 == len(self._stops):
            self.end()
            return
        self._place += 1
        self._show_stop()

    def _show_stop(self) -> None:
        stop, last = self._stops[self._place], self._place + 1 == len(self._stops)
        self._title.setText(stop.title)
        self._text.setText(stop.text)
        self._count.setText(f"{self._place + 1} / {len(self._stops)}")
        self.further.setText(_("Begin to work") if last else _("Next"))
        self.leave.setVisible(not last)
        self._lay()
        for widget in (self._frame, self):
            widget.show()
            widget.raise_()
        self.further.setFocus()

    def _lay(self) -> None:
        """Put the frame about the part and the card where there is room beside it, within the window."""
        target, gap = self._stops[self._place].target, GRID_PX
        shown = QRect(target.mapTo(self._window, QPoint(0, 0)), target.size())
        self._frame.setGeometry(shown)
        self.adjustSize()
        x = shown.right() + gap
        if x + self.width() > self._window.width():
            x = shown.left() - gap - self.width()
        y = shown.top() + gap
        if x < 0:
            x, y = shown.center().x() - self.width() // 2, shown.bottom() + gap
        self.move(
            max(min(x, self._window.width() - self.width() - gap), gap),
            max(min(y, self._window.height() - self.height() - gap), gap),
        )
