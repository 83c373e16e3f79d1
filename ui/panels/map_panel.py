"""The map with what lies over it: tools in the lower left corner, a hint above them, a card at the top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtGui import QAction, QResizeEvent
from PyQt6.QtWidgets import QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from ui.actions import ActionSpec, in_menu_order
from ui.theme import GRID_PX

_EDGE_PX = GRID_PX * 2
_BUTTON_PX = GRID_PX * 4
_PAD_PX = 3
_RULE_PX = 7
# padding and frame of the hint, across and down
_HINT_PX = (22, 12)
# the scale bar stands in the lower right corner
_SCALE_BAR_PX = 172


class MapPanel(QWidget):
    """Holds a canvas; the tools lie over it and do what their actions do. Bars may stand above it."""

    def __init__(
        self, canvas: QWidget, parent: QWidget | None = None, *, bars: Sequence[QWidget] = ()
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar in bars:
            column.addWidget(bar)
        column.addWidget(canvas, 1)
        self._canvas = canvas
        self._tools = ToolStrip(self)
        self._hint = QLabel(self)
        self._hint.setObjectName("map_hint")
        self._hint.setProperty("role", "hint")
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._hint.setWordWrap(True)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hints: dict[str, str] = {}
        self._card: QWidget | None = None
        self._card_left = False
        self._tools.hide()
        self._hint.hide()

    def set_tools(self, specs: Sequence[ActionSpec], actions: Mapping[str, QAction]) -> None:
        """Offer these commands over the map, in the order and the groups of the menus."""
        groups: dict[tuple[str, int], list[QAction]] = {}
        for spec in in_menu_order(specs):
            groups.setdefault((spec.menu, spec.group), []).append(actions[spec.key])
        self._tools.fill(list(groups.values()))
        self._place()

    def show_tools(self, shown: bool) -> None:
        """Show the tools once there is a map."""
        self._tools.setVisible(shown)
        self._show_hint()

    def set_hint(self, about: str, text: str) -> None:
        """Say in one line what the mouse does now; empty says nothing more about it."""
        if self._hints.get(about, "") == text:
            return
        self._hints.pop(about, None)
        if text:
            self._hints[about] = text
        self._show_hint()

    def set_card(self, card: QWidget | None) -> None:
        """Lay a card over the upper right corner; None takes it away."""
        if self._card is not None and self._card is not card:
            self._card.hide()
        if card is None:
            self._card_left = False
        self._card = card
        if card is not None:
            card.setParent(self)
            card.show()
        self._place()

    def keep_clear(self, x: float, y: float) -> None:
        """Have the card go to the other corner if it lies over a place (pixels of the canvas)."""
        top = self._canvas.y()
        if self._card is not None and self._card.geometry().contains(round(x), round(y) + top):
            self._card_left = not self._card_left
            self._place()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep everything in its corner."""
        super().resizeEvent(event)
        self._place()

    def _show_hint(self) -> None:
        text = "\n".join(self._hints.values())
        self._hint.setText(text)
        self._hint.setVisible(bool(text) and self._tools.isVisibleTo(self))
        self._place()

    def _place(self) -> None:
        self._tools.fit(self.width() - 2 * _EDGE_PX - _SCALE_BAR_PX)
        top = self.height() - self._tools.height() - _EDGE_PX
        self._tools.move(_EDGE_PX, top)
        self._tools.raise_()
        room = max(self.width() - 2 * _EDGE_PX, 1)
        self._place_hint(room, top - GRID_PX)
        if self._card is not None:
            self._card.adjustSize()
            upper = self._canvas.y() + _EDGE_PX
            height = min(self._card.sizeHint().height(), max(top - upper - GRID_PX, 1))
            self._card.resize(min(self._card.sizeHint().width(), room), height)
            right = self.width() - self._card.width() - _EDGE_PX
            self._card.move(_EDGE_PX if self._card_left else right, upper)
            self._card.raise_()

    def _place_hint(self, room: int, foot: int) -> None:
        inner = QRect(0, 0, max(room - _HINT_PX[0], 1), 1 << 14)
        wrap = int(Qt.TextFlag.TextWordWrap)
        text = self._hint.fontMetrics().boundingRect(inner, wrap, self._hint.text())
        self._hint.resize(text.width() + _HINT_PX[0], text.height() + _HINT_PX[1])
        self._hint.move(_EDGE_PX, foot - self._hint.height())
        self._hint.raise_()


class ToolStrip(QFrame):
    """Tools in groups with a line between; as many rows as there is need for."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("map_tools")
        self.setProperty("role", "tools")
        self._groups: list[list[QToolButton]] = []
        self._rules: list[QFrame] = []

    def fill(self, groups: Sequence[Sequence[QAction]]) -> None:
        """Make a button for every action."""
        for actions in groups:
            self._groups.append([self._button(action) for action in actions])
            rule = QFrame(self)
            rule.setProperty("role", "upright-rule")
            self._rules.append(rule)

    def fit(self, width: int) -> None:
        """Lay the groups out in rows no wider than ``width``; a group stays together."""
        left = top = _PAD_PX
        widest = 0
        for buttons, rule in zip(self._groups, self._rules, strict=True):
            wide = len(buttons) * _BUTTON_PX
            begins = left == _PAD_PX
            if not begins and left + _RULE_PX + wide + _PAD_PX > width:
                left, top, begins = _PAD_PX, top + _BUTTON_PX, True
            rule.setVisible(not begins)
            if not begins:
                rule.setGeometry(left + _RULE_PX // 2 - 1, top + GRID_PX // 2, 1, _BUTTON_PX - GRID_PX)
                left += _RULE_PX
            for button in buttons:
                button.move(left, top)
                left += _BUTTON_PX
            widest = max(widest, left)
        self.resize(widest + _PAD_PX, top + _BUTTON_PX + _PAD_PX)

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setIconSize(QSize(20, 20))
        button.setFixedSize(_BUTTON_PX, _BUTTON_PX)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button
