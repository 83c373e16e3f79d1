"""Facts of the status bar that answer: the scale, which is typed, and labels that can be clicked."""

from __future__ import annotations

import re
import unicodedata

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PyQt6.QtWidgets import QComboBox, QLabel, QWidget

from layers.words import _
from ui.theme import GRID_PX

ROUND_SCALES = (500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000)
_FINEST, _COARSEST = 1.0, 500_000_000.0
_SCALE = re.compile(r"(?:1\s*[:/]\s*)?(\d[\d,. ]*?)\s*(万|千)?")
_TIMES = {"万": 10_000, "千": 1_000, None: 1}


def scale_of(text: str) -> float | None:
    """Return the denominator of a typed scale: 2000, 1:2,000, 1：2000, 1:5万; None where it is none."""
    found = _SCALE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    try:
        denominator = float(found.group(1).replace(",", "").replace(" ", "")) * _TIMES[found.group(2)]
    except ValueError:
        return None
    return denominator if _FINEST <= denominator <= _COARSEST else None


class Clicks(QObject):
    """Tells of clicks on a label, which looks like something that can be clicked."""

    clicked = pyqtSignal()

    def __init__(self, label: QLabel) -> None:
        super().__init__(label)
        label.setCursor(Qt.CursorShape.PointingHandCursor)
        label.installEventFilter(self)

    def eventFilter(self, _label: QObject | None, event: QEvent | None) -> bool:
        """Watch for the left button."""
        is_click = event is not None and event.type() == QEvent.Type.MouseButtonRelease
        if is_click and isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()
        return False


class ScaleBox(QComboBox):
    """The map's scale: shown while it changes, typed or chosen from round ones."""

    asked = pyqtSignal(float)
    """The denominator that is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setCompleter(None)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFixedWidth(GRID_PX * 15)
        # lower than in a form: the status bar has one line
        self.setStyleSheet("QComboBox { min-height: 22px; }")
        self.setMaxVisibleItems(len(ROUND_SCALES))
        self.setAccessibleName(_("Scale"))
        self.setToolTip(_("Scale: type 2000 or 1:2000 and press Enter"))
        for denominator in ROUND_SCALES:
            self.addItem(f"1:{denominator:,}", denominator)
        self._shown = ""
        self.activated.connect(self._take_chosen)
        self.clear_scale()

    def show_scale(self, denominator: float) -> None:
        """Show the map's scale, unless another one is being typed."""
        self._shown = f"1:{denominator:,.0f}"
        line = self.lineEdit()
        if line is None or not line.isModified():
            self.setEditText(self._shown)
        self.setEnabled(True)

    def clear_scale(self) -> None:
        """Show no scale: there is no map."""
        self._shown = ""
        self.setEditText("")
        self.setEnabled(False)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Take what was typed with Enter, forget it with Esc."""
        if event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take_typed()
        elif event is not None and event.key() == Qt.Key.Key_Escape:
            self._forget()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """Show the map's scale again."""
        super().focusOutEvent(event)
        self._forget()

    def _take_chosen(self, index: int) -> None:
        self._forget()
        self.asked.emit(float(self.itemData(index)))

    def _take_typed(self) -> None:
        wanted = scale_of(self.currentText())
        self._forget()
        if wanted is not None:
            self.asked.emit(wanted)

    def _forget(self) -> None:
        self.setEditText(self._shown)
        line = self.lineEdit()
        if line is not None:
            line.setModified(False)
