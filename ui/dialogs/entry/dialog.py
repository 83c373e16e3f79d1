"""Shapes typed or pasted, seen on the map before they are taken; stays open beside the map."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from layers.words import _
from ui.dialogs.entry.coordinates_page import CoordinatesPage
from ui.dialogs.entry.text_page import TextPage
from ui.dialogs.entry.traverse_page import TraversePage
from ui.panels.parts import repolished, text_label
from ui.theme import GRID_PX
from zsgis.editing.entry import Entered

TRAVERSE, COORDINATES, TEXT = "traverse", "coordinates", "text"
_SETTLE_MS = 150
_SIZE = (GRID_PX * 66, GRID_PX * 66)


class EntryDialog(QDialog):
    """Three ways to enter a shape; what comes of it is told to it.

    Parameters
    ----------
    systems : sequence of (str, str)
        Systems a text's numbers may be taken in: code and name.
    """

    asked = pyqtSignal(object)
    """An :class:`~zsgis.editing.entry.EntryRequest` to be worked out, or None where nothing is typed."""
    take_asked = pyqtSignal()
    look_asked = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self, systems: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Enter shapes"))
        self.resize(*_SIZE)
        self.pages: dict[str, TraversePage | CoordinatesPage | TextPage] = {
            TRAVERSE: TraversePage(),
            COORDINATES: CoordinatesPage(),
            TEXT: TextPage(systems),
        }
        self.tabs = QTabWidget()
        titles = {
            TRAVERSE: _("Bearings and distances"),
            COORDINATES: _("Coordinates"),
            TEXT: _("Boundary TXT"),
        }
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self._ask)
        for key, page in self.pages.items():
            self.tabs.addTab(page, titles[key])
            page.changed.connect(self._timer.start)
        self.tabs.currentChanged.connect(lambda _index: self._timer.start())
        self.report = text_label("", "muted", selectable=True)
        self.report.setObjectName("entry_report")
        self.report.setMinimumHeight(GRID_PX * 8)
        self.look = QPushButton(_("Show on the map"))
        self.look.setObjectName("entry_look")
        self.take = QPushButton(_("Add to the layer"))
        self.take.setObjectName("entry_take")
        self.take.setProperty("primary", True)
        self._lay_out()
        self.look.clicked.connect(self.look_asked)
        self.take.clicked.connect(self.take_asked)
        self.show_nothing()

    @property
    def page(self) -> TraversePage | CoordinatesPage | TextPage:
        """The page in front."""
        return self.pages[list(self.pages)[self.tabs.currentIndex()]]

    def begin(self, way: str) -> None:
        """Bring a page to the front."""
        self.tabs.setCurrentIndex(list(self.pages).index(way))
        self.show()
        self.raise_()
        self.activateWindow()

    def show_layer(self, name: str) -> None:
        """Say into which layer shapes are entered."""
        self.setWindowTitle(_("Enter shapes: {layer}").format(layer=name))

    def show_entered(self, entered: Entered) -> None:
        """Show what came of what is typed."""
        self.page.show_entered(entered)
        lines = [f"{title}：{figure}" for title, figure in entered.facts]
        self._say("\n".join((*lines, *entered.notes)), "muted")
        self._offer(bool(entered.features))

    def show_trouble(self, text: str) -> None:
        """Say why nothing comes of it yet."""
        self.page.show_entered(None)
        self._say(text, "danger")
        self._offer(False)

    def show_nothing(self) -> None:
        """Say what is waited for."""
        self.page.show_entered(None)
        self._say(_("Type, or paste from Excel; what it makes is seen on the map at once."), "muted")
        self._offer(False)

    def wait(self) -> None:
        """Take nothing more until what is typed has been written."""
        self._offer(False)

    def begin_anew(self) -> None:
        """Begin anew on the page in front: what was typed is in the layer."""
        self.page.clear()

    def show_refusal(self, reason: str) -> None:
        """Keep what is typed, and say why it was not taken."""
        self._say(reason, "danger")
        self._offer(True)

    def reject(self) -> None:
        """Close; what was typed stays for the next time."""
        super().reject()
        self.closed.emit()

    def _ask(self) -> None:
        self.asked.emit(self.page.request())

    def _offer(self, usable: bool) -> None:
        self.look.setEnabled(usable)
        self.take.setEnabled(usable)

    def _say(self, text: str, role: str) -> None:
        self.report.setProperty("role", role)
        repolished(self.report)
        self.report.setText(text)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        leave = QPushButton(_("Close"))
        leave.clicked.connect(self.reject)
        for button in (leave, self.look, self.take):
            button.setAutoDefault(False)
        row.addWidget(self.look)
        row.addStretch(1)
        row.addWidget(leave)
        row.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 2] * 4)
        column.setSpacing(GRID_PX)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.report)
        column.addLayout(row)
