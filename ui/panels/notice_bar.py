"""A line above the map: what stands in the way or has changed, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from ui.icons import icon
from ui.panels.parts import ElidedLabel, verb_button
from ui.theme import GRID_PX, Colors


class NoticeBar(QWidget):
    """Says one thing with its verbs; hidden while there is nothing to say.

    Parameters
    ----------
    name : str
        What tells its buttons from those of another bar.
    """

    chosen = pyqtSignal(str)
    """The key of the verb that was pressed."""

    def __init__(self, name: str, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setObjectName(f"{name}_bar")
        self.setProperty("role", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._symbol = QLabel()
        self._symbol.setPixmap(icon("info", colors.accent).pixmap(20, 20))
        self.text = ElidedLabel()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GRID_PX * 2, GRID_PX // 2, GRID_PX * 2, GRID_PX // 2)
        self._row.setSpacing(GRID_PX)
        self._row.addWidget(self._symbol)
        self._row.addWidget(self.text, 1)
        self._buttons: dict[str, QPushButton] = {}
        self.hide()

    @property
    def verbs(self) -> tuple[str, ...]:
        """The keys of the verbs that are offered."""
        return tuple(self._buttons)

    def button(self, key: str) -> QPushButton:
        """Return the button of a verb."""
        return self._buttons[key]

    def say(self, text: str, verbs: Sequence[tuple[str, str]] = ()) -> None:
        """Show a text with verbs, each a key and its words; nothing for an empty text."""
        if text == self.text.toolTip() and tuple(key for key, _words in verbs) == self.verbs:
            self.setVisible(bool(text))
            return
        for button in self._buttons.values():
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = {}
        self.text.set_whole_text(text)
        for key, words in verbs:
            button = verb_button(words)
            button.setObjectName(f"{self._name}_{key}")
            button.clicked.connect(partial(self._tell, key))
            self._row.addWidget(button)
            self._buttons[key] = button
        self.setVisible(bool(text))

    def _tell(self, key: str, *_state: object) -> None:
        self.chosen.emit(key)
