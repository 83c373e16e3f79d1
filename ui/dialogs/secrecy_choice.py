"""The choice of a secrecy level (密级), none lower than what a file states of itself."""

from __future__ import annotations

from PyQt6.QtWidgets import QWidget

from layers.secrecy import LEVELS, rank
from layers.words import _
from ui.forms.editors import CalmComboBox


class SecrecyChoice(CalmComboBox):
    """Offers the levels from ``stated`` on; ``chosen`` is shown first where it is one of them."""

    def __init__(self, stated: str, chosen: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for level in LEVELS:
            if rank(level) == rank(stated):
                self.addItem(stated or _("(not stated)"), stated)
            elif rank(level) > rank(stated):
                self.addItem(level, level)
        if stated:
            self.setToolTip(
                _("The file states it; a lower level is given in the menu of the layer afterwards.")
            )
        self.setCurrentIndex(max(self.findData(chosen), 0))

    def value(self) -> str:
        """Return the level that is chosen; empty for none."""
        return str(self.currentData() or "")
