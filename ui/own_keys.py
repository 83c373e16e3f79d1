"""Keys that a widget keeps to itself although a command of the window has them too."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QWidget


class OwnKeys(QObject):
    """Lets a widget that has the focus take some keys before the window's commands.

    Parameters
    ----------
    widget : QWidget
    wants : callable
        Tells whether a key is the widget's.
    """

    def __init__(self, widget: QWidget, wants: Callable[[QKeyEvent], bool]) -> None:
        super().__init__(widget)
        self._wants = wants
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Say yes when Qt asks whether a key is the widget's."""
        asked = event is not None and event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and self._wants(event):
            event.accept()
            return True
        return super().eventFilter(watched, event)
