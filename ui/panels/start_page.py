"""What is shown before a project is open: three ways to begin, and the recent projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from layers.words import N_, _
from ui.icons import icon
from ui.panels.parts import ElidedLabel, pressed_with_enter, text_label
from ui.theme import GRID_PX, Colors


@dataclass(frozen=True)
class StartCard:
    """One way to begin: the key of its action, words (message ids) and icon."""

    action: str
    title: str
    text: str
    icon: str


CARDS = (
    StartCard(
        "open_demo",
        N_("Demonstration project"),
        N_("Platforms, incubators, institutes and land of Zhongshan, schematic. To try everything."),
        "demo",
    ),
    StartCard(
        "new_project",
        N_("New project"),
        N_("An empty project file. Then drag your data onto the window."),
        "new",
    ),
    StartCard(
        "open_project",
        N_("Open project"),
        N_("Go on with a project where you left it."),
        "open",
    ),
)


class _Card(QPushButton):
    def __init__(self, card: StartCard, colors: Colors) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setObjectName(card.action)
        self.setAccessibleName(_(card.title))
        self.setFixedSize(GRID_PX * 31, GRID_PX * 22)
        picture = QLabel()
        picture.setPixmap(icon(card.icon, colors.accent).pixmap(QSize(40, 40)))
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX)
        column.addWidget(picture)
        column.addWidget(text_label(_(card.title), "heading"))
        column.addWidget(text_label(_(card.text), "muted"))
        column.addStretch(1)
        for label in self.findChildren(QLabel):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class StartPage(QWidget):
    """Three cards and the recent projects."""

    action_asked = pyqtSignal(str)
    recent_asked = pyqtSignal(object)  # Path

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = colors
        self.cards: dict[str, QPushButton] = {}
        cards = QHBoxLayout()
        cards.setSpacing(GRID_PX * 2)
        for card in CARDS:
            button = _Card(card, colors)
            button.clicked.connect(partial(self._ask, card.action))
            cards.addWidget(button)
            self.cards[card.action] = button
        self._recent_title = text_label(_("Recent projects"), "heading")
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        self.recent_buttons: list[QPushButton] = []
        inner = QVBoxLayout()
        inner.setSpacing(GRID_PX * 2)
        inner.addWidget(text_label(_("Where do we begin?"), "title"))
        inner.addLayout(cards)
        self._demo_place = ElidedLabel()
        self._demo_place.setProperty("role", "muted")
        inner.addWidget(self._demo_place)
        inner.addSpacing(GRID_PX)
        inner.addWidget(self._recent_title)
        inner.addLayout(self._recent)
        grid = QGridLayout(self)
        grid.addLayout(inner, 1, 1)
        for side in (0, 2):
            grid.setColumnStretch(side, 1)
            grid.setRowStretch(side, 1)
        grid.setRowStretch(2, 2)
        self.show_recent(())

    def show_demo_file(self, file: Path) -> None:
        """Say where the demonstration project is written, and that it is kept."""
        text = (
            _("The demonstration project is opened from {file}")
            if file.exists()
            else _("The demonstration project will be written to {file}")
        )
        self._demo_place.set_whole_text(text.format(file=file))

    def show_recent(self, projects: Sequence[Path]) -> None:
        """List the recent projects that are still there, the last first."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.recent_buttons = []
        for project in projects:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(GRID_PX * 2)
            button = QPushButton(project.stem)
            button.setProperty("role", "link")
            button.setToolTip(str(project))
            button.clicked.connect(partial(self._ask_recent, project))
            folder = ElidedLabel(str(project.parent))
            folder.setProperty("role", "muted")
            line.addWidget(button)
            line.addWidget(folder, 1)
            self._recent.addWidget(row)
            self.recent_buttons.append(button)
        self._recent_title.setVisible(bool(projects))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Let Enter press the card or project that has the keyboard."""
        if not pressed_with_enter(event, self):
            super().keyPressEvent(event)

    def _ask(self, action: str, *_state: object) -> None:
        self.action_asked.emit(action)

    def _ask_recent(self, project: Path, *_state: object) -> None:
        self.recent_asked.emit(project)
