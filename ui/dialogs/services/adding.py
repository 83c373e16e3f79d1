"""The page on which a base map or service is chosen: one known beforehand, or one whose address is typed."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from layers.words import N_, _
from ui.dialogs.services.typed import TypedService
from ui.panels.parts import text_label
from ui.theme import GRID_PX
from zsgis.services.drafts import ServiceKind
from zsgis.services.presets import Preset

_LIST_PX = GRID_PX * 34
_LINE_PX = GRID_PX * 3
_TYPED: tuple[tuple[ServiceKind, str], ...] = (
    ("xyz", N_("Tiles (XYZ)…")),
    ("wmts", N_("WMTS service…")),
    ("wms", N_("WMS service…")),
    ("arcgis", N_("ArcGIS map service (一张图)…")),
)
_FILE = "mbtiles"


class AddingPage(QWidget):
    """Lets choose what is added.

    Parameters
    ----------
    known : sequence of Preset
        Services known beforehand.
    systems : sequence of str
        Coordinate systems proposed first where a server leaves the choice.
    """

    made = pyqtSignal(object, str)
    """A picture, off until it is switched on, and the key typed with it."""
    file_wanted = pyqtSignal()
    left = pyqtSignal()

    def __init__(
        self, known: Sequence[Preset], systems: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.choices = QListWidget()
        self.choices.setFixedWidth(_LIST_PX)
        self.typed = TypedService(systems)
        self.about = text_label("")
        self.add = QPushButton(_("Add to the project"))
        self.add.setProperty("primary", True)
        self.add.setAutoDefault(False)
        self.back = QPushButton(_("Back"))
        self.back.setAutoDefault(False)
        for preset in known:
            self._choice(preset.title, preset)
        for kind, title in _TYPED:
            self._choice(_(title), kind)
        self._choice(_("Tile file (MBTiles)…"), _FILE)
        self._lay_out()
        self.choices.currentItemChanged.connect(self._show)
        self.typed.changed.connect(self._revise)
        self.add.clicked.connect(self._add)
        self.back.clicked.connect(self.left)
        self.choices.setCurrentRow(0)

    def _choice(self, title: str, data: object) -> None:
        item = QListWidgetItem(title)
        item.setData(Qt.ItemDataRole.UserRole, data)
        item.setSizeHint(QSize(0, _LINE_PX))
        self.choices.addItem(item)

    def _chosen(self) -> object:
        item = self.choices.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item is not None else None

    def _show(self, *_changes: object) -> None:
        chosen = self._chosen()
        if isinstance(chosen, Preset):
            self.about.setText(
                _(
                    "{title}\n\nIt needs a key of your own of the kind 服务器端, which 天地图 gives on its "
                    "web site. The key is entered after adding and never written into the project. Nothing "
                    "is asked until you switch the service on."
                ).format(title=chosen.title)
            )
        elif chosen == _FILE:
            self.about.setText(_("Map tiles in one file on this machine; no network is needed."))
        kind = next((kind for kind, _title in _TYPED if kind == chosen), None)
        if kind is not None:
            self.typed.show_kind(kind)
        self._pages.setCurrentIndex(0 if kind is None else 1)
        self.add.setText(_("Choose the file…") if chosen == _FILE else _("Add to the project"))
        self._revise()

    def _revise(self) -> None:
        is_typed = self._pages.currentIndex() == 1
        self.add.setEnabled(not is_typed or self.typed.picture() is not None)

    def _add(self) -> None:
        chosen = self._chosen()
        if chosen == _FILE:
            self.file_wanted.emit()
        elif isinstance(chosen, Preset):
            self.made.emit(chosen.picture(), "")
        elif (picture := self.typed.picture()) is not None:
            self.made.emit(picture, self.typed.take_secret())

    def _lay_out(self) -> None:
        self._pages = QStackedWidget()
        plain = QWidget()
        words = QVBoxLayout(plain)
        words.setContentsMargins(GRID_PX * 2, 0, 0, 0)
        words.addWidget(self.about)
        words.addStretch(1)
        self._pages.addWidget(plain)
        self._pages.addWidget(self.typed)
        body = QHBoxLayout()
        body.addWidget(self.choices)
        body.addWidget(self._pages, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        buttons.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(body, 1)
        column.addLayout(buttons)
