"""The map with its tools over the lower left corner."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QAction, QResizeEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from ui.theme import GRID_PX


class MapPanel(QWidget):
    """Holds a canvas; the tools lie over it and do what their actions do."""

    def __init__(self, canvas: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(canvas)
        self._tools = QFrame(self)
        self._tools.setObjectName("map_tools")
        self._tools.setProperty("role", "tools")
        self._row = QHBoxLayout(self._tools)
        self._row.setContentsMargins(2, 2, 2, 2)
        self._row.setSpacing(2)
        self._tools.hide()

    def set_tools(self, actions: Sequence[QAction]) -> None:
        """Offer these actions over the map."""
        for action in actions:
            button = QToolButton(self._tools)
            button.setDefaultAction(action)
            button.setIconSize(QSize(20, 20))
            button.setFixedSize(GRID_PX * 4, GRID_PX * 4)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._row.addWidget(button)
        self._tools.adjustSize()

    def show_tools(self, shown: bool) -> None:
        """Show the tools once there is a map."""
        self._tools.setVisible(shown)
        self._place()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep the tools in their corner."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        self._tools.adjustSize()
        self._tools.move(GRID_PX * 2, self.height() - self._tools.height() - GRID_PX * 2)
        self._tools.raise_()
