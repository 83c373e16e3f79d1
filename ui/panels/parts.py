"""Small parts that panels are made of."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFontMetrics, QIcon, QKeyEvent, QResizeEvent
from PyQt6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import GRID_PX


class ElidedLabel(QLabel):
    """A label that shortens its text in the middle and shows the whole as a tooltip."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_whole_text(text)

    def set_whole_text(self, text: str) -> None:
        """Show a text as far as there is room."""
        self._whole = text
        self.setToolTip(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Fit the text into the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(self.contentsRect().width() - 2, 0)
        self.setText(QFontMetrics(self.font()).elidedText(self._whole, Qt.TextElideMode.ElideMiddle, room))


def text_label(text: str, role: str = "", *, selectable: bool = False) -> QLabel:
    """Return a wrapping label of plain text in a role of the theme; what is selectable can be copied."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", role)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def repolished(widget: QWidget) -> None:
    """Let a widget look as its role says now."""
    style = widget.style()
    if style is not None:
        style.unpolish(widget)
        style.polish(widget)


def verb_button(text: str, symbol: QIcon | None = None, *, primary: bool = False) -> QPushButton:
    """Return a button that does what it says."""
    button = QPushButton(text)
    if symbol is not None:
        button.setIcon(symbol)
    button.setProperty("primary", primary)
    return button


def pressed_with_enter(event: QKeyEvent | None, page: QWidget) -> bool:
    """Press the button of a page that has the keyboard when the key is Enter; tell whether it was.

    Qt does so in dialogs only.
    """
    focus = page.focusWidget()
    if event is None or event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return False
    if not isinstance(focus, QPushButton):
        return False
    focus.click()
    return True


class StagePanel(QWidget):
    """A column that scrolls, and below it the buttons, which are always in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        scroll = ScrollColumn()
        self.column = scroll.column
        self.buttons = QVBoxLayout()
        self.buttons.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX * 2, GRID_PX * 2)
        self.buttons.setSpacing(GRID_PX)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(scroll, 1)
        page.addLayout(self.buttons)


class ScrollColumn(QScrollArea):
    """A column that scrolls up and down and never sideways."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        self.column = QVBoxLayout(page)
        self.column.setContentsMargins(*[GRID_PX * 2] * 4)
        self.column.setSpacing(GRID_PX)
        self.setWidget(page)

    def wear_surface(self) -> None:
        """Be as light as what is filled in."""
        page = self.takeWidget()
        if page is not None:
            page.setProperty("role", "surface")
            repolished(page)
            self.setWidget(page)
