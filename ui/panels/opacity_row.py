"""The slider of opacity under the layer tree."""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from layers.words import _
from ui.theme import GRID_PX

# a moving slider asks for a new picture ten times a second, not at every pixel
_STEP_MS = 100


class OpacityRow(QWidget):
    """Shows and changes the opacity of one layer or picture."""

    changed = pyqtSignal(str, float)  # uid, 0 to 1

    def __init__(self) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(10)
        self.slider.setAccessibleName(_("Opacity"))
        self.slider.setToolTip(_("How much the chosen layer hides of what lies below"))
        self.slider.valueChanged.connect(self._moved)
        self._uid = ""
        self._wanted = ("", 1.0)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._tell)
        self._text = QLabel("100 %")
        self._text.setMinimumWidth(GRID_PX * 5)
        self._text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX * 2, GRID_PX)
        row.setSpacing(GRID_PX)
        row.addWidget(QLabel(_("Opacity")))
        row.addWidget(self.slider, 1)
        row.addWidget(self._text)

    def show_opacity(self, uid: str, opacity: float | None) -> None:
        """Show the opacity of ``uid``; None where it has none."""
        self._uid = uid
        self.slider.blockSignals(True)
        self.slider.setEnabled(opacity is not None)
        if not self._timer.isActive():
            self.slider.setValue(round(100 if opacity is None else opacity * 100))
        self.slider.blockSignals(False)
        self._text.setText(f"{self.slider.value()} %" if opacity is not None else "")

    def _moved(self, percent: int) -> None:
        self._text.setText(f"{percent} %")
        self._wanted = (self._uid, percent / 100)
        if not self._timer.isActive():
            self._timer.start()

    def _tell(self) -> None:
        uid, opacity = self._wanted
        if uid:
            self.changed.emit(uid, opacity)
