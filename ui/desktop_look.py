"""Follows the desktop between light and dark."""

from __future__ import annotations

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QGuiApplication

from ui.theme import wear
from zsgis.preferences import PreferenceStore


class DesktopLook(QObject):
    """Lets the program wear what the desktop wears, where that was chosen; ends with its parent."""

    def __init__(self, preferences: PreferenceStore, parent: QObject) -> None:
        super().__init__(parent)
        self._preferences = preferences
        hints = QGuiApplication.styleHints()
        if hints is not None:
            hints.colorSchemeChanged.connect(self._follow)

    def _follow(self, _scheme: Qt.ColorScheme) -> None:
        if self._preferences.current.theme == "system":
            wear("system")
