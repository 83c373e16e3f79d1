"""Running jobs in the status bar: share done, time left, a way to stop; and what has just finished."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QToolButton, QWidget

from layers.words import _
from ui.icons import icon
from ui.panels.parts import ElidedLabel
from ui.theme import GRID_PX, Colors
from zsgis.jobs import JobStatus

_SHOWN = 2
_NOTICE_MS = 15_000
_BAR_PX = 96
_TITLE_PX, _LONE_TITLE_PX = GRID_PX * 26, GRID_PX * 44


def time_left_text(seconds: float | None) -> str:
    """Return how long a job will still take, rounded as people say it."""
    if seconds is None:
        return ""
    if seconds < 60:
        return _("{seconds} s left").format(seconds=max(1, round(seconds)))
    return _("{minutes} min left").format(minutes=round(seconds / 60))


class _JobRow(QWidget):
    def __init__(self, status: JobStatus, colors: Colors) -> None:
        super().__init__()
        self.title = ElidedLabel()
        self.title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.title.setFixedWidth(_TITLE_PX)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_BAR_PX)
        self.left = QLabel()
        self.left.setMinimumWidth(GRID_PX * 14)
        self.stop = QToolButton()
        self.stop.setIcon(icon("close", colors.text))
        self.stop.setToolTip(_("Stop this job"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        for widget in (self.title, self.bar, self.left, self.stop):
            row.addWidget(widget)
        self.show_status(status)

    def show_status(self, status: JobStatus) -> None:
        text = f"{status.title} · {status.text}" if status.text else status.title
        self.title.set_whole_text(text)
        # a bar paints at once whatever waits to be painted in the window, unless it is told not to
        self.bar.setUpdatesEnabled(False)
        self.bar.setValue(round(status.done * 1000))
        self.bar.setUpdatesEnabled(True)
        self.left.setText(f"{status.done:.0%}  {time_left_text(status.seconds_left)}")


class JobsWidget(QWidget):
    """The jobs that run, the newest on the right, and one line about what finished."""

    cancel_asked = pyqtSignal(int)

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = colors
        self._rows: dict[int, _JobRow] = {}
        self._open: Callable[[], None] | None = None
        self._more = QLabel()
        self._more.hide()
        self._notice = QLabel()
        self._verb = QPushButton()
        self._verb.setProperty("role", "link")
        self._verb.clicked.connect(self._do)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear_notice)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, GRID_PX, 0)
        self._line.setSpacing(GRID_PX)
        for widget in (self._notice, self._verb, self._more):
            self._line.addWidget(widget)
        self.clear_notice()

    def show_status(self, status: JobStatus) -> None:
        """Take note of a job's progress or end."""
        if status.quiet:
            return
        if status.finished:
            row = self._rows.pop(status.uid, None)
            if row is not None:
                # a dialog may open before Qt comes round to deleting it
                row.hide()
                self._line.removeWidget(row)
                row.deleteLater()
        elif status.uid in self._rows:
            self._rows[status.uid].show_status(status)
        else:
            row = _JobRow(status, self._colors)
            uid = status.uid
            row.stop.clicked.connect(lambda: self.cancel_asked.emit(uid))
            self._rows[uid] = row
            self._line.addWidget(row)
        self._arrange()

    def stop_button(self, uid: int) -> QToolButton:
        """Return the button that stops a running job."""
        return self._rows[uid].stop

    def running(self) -> tuple[int, ...]:
        """Return the numbers of the jobs that are shown as running."""
        return tuple(self._rows)

    def notice_text(self) -> str:
        """Return what is said about what finished last."""
        return self._notice.text()

    def show_notice(self, text: str, verb: str = "", do: Callable[[], None] | None = None) -> None:
        """Say once what finished, with its result one click away."""
        self._notice.setText(text)
        self._notice.setToolTip(text)
        self._notice.setVisible(bool(text))
        self._open = do
        self._verb.setText(verb)
        self._verb.setVisible(bool(verb) and do is not None)
        self._timer.start(_NOTICE_MS)

    def clear_notice(self) -> None:
        """Stop saying what finished."""
        self._notice.hide()
        self._notice.setText("")
        self._verb.hide()
        self._open = None

    def _do(self) -> None:
        if self._open is not None:
            self._open()

    def _arrange(self) -> None:
        for place, row in enumerate(reversed(list(self._rows.values()))):
            row.setVisible(place < _SHOWN)
            # one alone has the room to say how far it is from proved
            row.title.setFixedWidth(_LONE_TITLE_PX if len(self._rows) == 1 else _TITLE_PX)
        hidden = len(self._rows) - _SHOWN
        self._more.setText(_("and {count} more").format(count=hidden))
        self._more.setVisible(hidden > 0)
