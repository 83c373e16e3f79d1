"""“Base maps and services”: the services of the project, one of them beside, and what can be added."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from layers.words import _
from ui.dialogs.services.adding import AddingPage
from ui.dialogs.services.details import ServiceDetails
from ui.dialogs.services.rows import ServiceRow, state_words
from ui.panels.parts import text_label
from ui.theme import GRID_PX
from zsgis.services.presets import Preset

_SIZE = QSize(GRID_PX * 102, GRID_PX * 66)
_LIST_PX = GRID_PX * 34
_LINE_PX = GRID_PX * 6


class ServicesDialog(QDialog):
    """Shows what it is given and says what is wanted; it changes nothing itself and stays beside the map.

    Parameters
    ----------
    known : sequence of Preset
        Services known beforehand.
    systems : sequence of str
        Coordinate systems proposed first.
    """

    offline_changed = pyqtSignal(bool)

    def __init__(
        self,
        known: Sequence[Preset],
        systems: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Base maps and services"))
        self.setModal(False)
        self.resize(_SIZE)
        self.services = QListWidget()
        self.services.setFixedWidth(_LIST_PX)
        self.details = ServiceDetails()
        self.nothing = text_label(
            _(
                "The project has no base map yet.\n\nWhatever is added is asked nothing until you switch it "
                "on, and only on this machine."
            ),
            "muted",
        )
        self.adding = AddingPage(known, systems)
        self.add = QPushButton(_("Add…"))
        self.offline = QCheckBox(_("Work offline: show only what was fetched before"))
        self.leave = QPushButton(_("Close"))
        self._rows: tuple[ServiceRow, ...] = ()
        self._pages = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self.show_rows(())

    def show_rows(self, rows: Sequence[ServiceRow], chosen: str = "") -> None:
        """Show the services of the project; ``chosen`` is looked at, else the one looked at before."""
        before = chosen or (self.details.row.uid if self.details.row is not None else "")
        self._rows = tuple(rows)
        self.services.blockSignals(True)
        self.services.clear()
        for row in self._rows:
            item = QListWidgetItem(f"{row.name}\n{state_words(row.state)}")
            item.setSizeHint(QSize(0, _LINE_PX))
            item.setData(Qt.ItemDataRole.UserRole, row.uid)
            item.setToolTip(row.name)
            self.services.addItem(item)
        uids = [row.uid for row in self._rows]
        self.services.setCurrentRow(uids.index(before) if before in uids else 0 if uids else -1)
        self.services.blockSignals(False)
        self._show_chosen()

    def show_offline(self, offline: bool) -> None:
        """Show whether nobody is asked."""
        self.offline.blockSignals(True)
        self.offline.setChecked(offline)
        self.offline.blockSignals(False)

    def show_services(self) -> None:
        """Show the services of the project."""
        self._pages.setCurrentIndex(0)

    def show_adding(self) -> None:
        """Show what can be added."""
        self._pages.setCurrentIndex(1)
        self.adding.choices.setFocus()

    @property
    def is_adding(self) -> bool:
        """Tell whether the page for adding is shown."""
        return self._pages.currentIndex() == 1

    def _show_chosen(self, *_changes: object) -> None:
        place = self.services.currentRow()
        row = self._rows[place] if 0 <= place < len(self._rows) else None
        self.details.show_row(row)
        self.nothing.setVisible(row is None)

    def _connect(self) -> None:
        self.services.currentRowChanged.connect(self._show_chosen)
        self.add.clicked.connect(self.show_adding)
        self.adding.left.connect(self.show_services)
        self.offline.toggled.connect(self.offline_changed)
        self.leave.clicked.connect(self.close)

    def _lay_out(self) -> None:
        self.add.setAutoDefault(False)
        self.leave.setAutoDefault(False)
        right = QVBoxLayout()
        right.addWidget(self.nothing)
        right.addWidget(self.details, 1)
        body = QHBoxLayout()
        body.setSpacing(GRID_PX)
        body.addWidget(self.services)
        body.addLayout(right, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX * 2)
        buttons.addWidget(self.add)
        buttons.addWidget(self.offline, 1)
        buttons.addWidget(self.leave)
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(body, 1)
        column.addLayout(buttons)
        self._pages.addWidget(shown)
        self._pages.addWidget(self.adding)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*[GRID_PX * 2] * 4)
        whole.addWidget(self._pages)
