"""The column beside the map: one page in front, the others behind their tabs."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget


class SidePanel(QWidget):
    """Pages by key; where there is only one, no tabs are shown."""

    page_shown = pyqtSignal(str)
    """The key of the page that came to the front."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: list[str] = []
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.hide()
        self._pages = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self._pages, 1)
        self.tabs.currentChanged.connect(self._show)

    @property
    def current(self) -> str:
        """The key of the page in front."""
        return self._keys[self._pages.currentIndex()] if self._keys else ""

    def add_page(self, key: str, title: str, page: QWidget) -> None:
        """Put a page behind the others."""
        self._keys.append(key)
        self._pages.addWidget(page)
        self.tabs.addTab(title)
        self.tabs.setVisible(len(self._keys) > 1)

    def show_page(self, key: str) -> None:
        """Bring a page to the front."""
        self.tabs.setCurrentIndex(self._keys.index(key))

    def _show(self, place: int) -> None:
        self._pages.setCurrentIndex(place)
        self.page_shown.emit(self._keys[place])
