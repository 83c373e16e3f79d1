"""The rail on the left: the stages of the work in their order."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QToolButton, QVBoxLayout, QWidget

from layers.words import N_, _
from ui.icons import icon
from ui.theme import GRID_PX, Colors


@dataclass(frozen=True)
class Stage:
    """One stage of the work: its key, its word (a message id) and its icon."""

    key: str
    title: str
    icon: str


STAGES = (
    Stage("data", N_("Data"), "data"),
    Stage("analysis", N_("Analysis"), "analysis"),
    Stage("securing", N_("Securing"), "securing"),
    Stage("sheets", N_("Sheets"), "sheets"),
    Stage("ledger", N_("Ledger"), "ledger"),
)


class StageRail(QWidget):
    """Says which stage was chosen; the panel beside it follows, the map never does."""

    stage_chosen = pyqtSignal(str)

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(GRID_PX * 8)
        self._buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX // 2] * 4)
        column.setSpacing(GRID_PX // 2)
        for stage in STAGES:
            button = QToolButton()
            button.setObjectName(f"stage_{stage.key}")
            button.setText(_(stage.title))
            button.setIcon(icon(stage.icon, colors.text))
            button.setIconSize(QSize(24, 24))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setCheckable(True)
            button.setFixedSize(GRID_PX * 7, GRID_PX * 7)
            group.addButton(button)
            column.addWidget(button)
            self._buttons[stage.key] = button
        column.addStretch(1)
        group.buttonClicked.connect(self._tell)

    def choose(self, key: str) -> None:
        """Choose a stage as if its button had been pressed."""
        self._buttons[key].setChecked(True)
        self.stage_chosen.emit(key)

    def _tell(self, *_button: object) -> None:
        self.stage_chosen.emit(next(key for key, button in self._buttons.items() if button.isChecked()))
