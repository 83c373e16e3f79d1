"""The bar above the map while a layer is edited: which one, what is saved, and the tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QResizeEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from layers.words import _
from ui.actions import ActionSpec, in_menu_order
from ui.icons import icon
from ui.panels.map_panel import ToolStrip
from ui.panels.parts import ElidedLabel, repolished
from ui.theme import GRID_PX, Colors

_ICON_PX = 16


class EditingBar(QFrame):
    """Says which layer is edited and whether everything is on disk; hidden while none is."""

    end_asked = pyqtSignal()

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("editing_bar")
        self.setProperty("role", "bar")
        self._actions: tuple[QAction, ...] = ()
        sign = QLabel()
        sign.setPixmap(icon("edit_layer", colors.accent).pixmap(QSize(_ICON_PX, _ICON_PX)))
        self._name = ElidedLabel()
        self._name.setProperty("role", "heading")
        self._state = QLabel()
        self._state.setObjectName("editing_state")
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._end = QPushButton(_("Finish editing"))
        self._end.setObjectName("end_editing")
        self._end.setProperty("role", "link")
        self._end.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._end.clicked.connect(self.end_asked)
        self._tools = ToolStrip(self)
        self._tools.setProperty("role", "bar-tools")
        self._room = _Room(self._tools)
        head = QHBoxLayout()
        head.setContentsMargins(GRID_PX, 0, 0, 0)
        head.setSpacing(GRID_PX)
        head.addWidget(sign)
        head.addWidget(self._name, 1)
        head.addWidget(self._state)
        head.addWidget(self._end)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX // 2, GRID_PX // 2, GRID_PX // 2, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._room)
        self.hide()

    def set_tools(self, specs: Sequence[ActionSpec], actions: Mapping[str, QAction]) -> None:
        """Offer these commands, in the order and the groups of the menus."""
        groups: dict[tuple[str, int], list[QAction]] = {}
        for spec in in_menu_order(specs):
            groups.setdefault((spec.menu, spec.group), []).append(actions[spec.key])
        self._actions = tuple(actions[spec.key] for spec in specs)
        self._tools.fill(list(groups.values()))
        self._room.fit()
        self._enable()

    def offers(self, action: QAction) -> bool:
        """Tell whether a command stands on the bar."""
        return action in self._actions

    @property
    def layer_text(self) -> str:
        """What is said of the layer that is edited."""
        return self._name.toolTip()

    @property
    def state_text(self) -> str:
        """What is said of the last edit."""
        return self._state.text()

    def show_layer(self, name: str) -> None:
        """Say which layer is edited; none hides the bar, and its commands cannot be chosen."""
        self._name.set_whole_text(_("Editing: {layer}").format(layer=name) if name else "")
        self.setVisible(bool(name))
        self._enable()

    def show_state(self, text: str, *, wrong: bool = False) -> None:
        """Say whether everything is on disk."""
        self._state.setProperty("role", "danger" if wrong else "muted")
        repolished(self._state)
        self._state.setText(text)

    def _enable(self) -> None:
        for action in self._actions:
            action.setEnabled(bool(self.layer_text))


class _Room(QWidget):
    """As high as the rows into which the tools fit."""

    def __init__(self, tools: ToolStrip) -> None:
        super().__init__()
        self._tools = tools
        tools.setParent(self)
        tools.move(0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Lay the tools out anew."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Lay the tools out in rows as wide as there is room."""
        self._tools.fit(self.width())
        if self.height() != self._tools.height():
            self.setFixedHeight(self._tools.height())
