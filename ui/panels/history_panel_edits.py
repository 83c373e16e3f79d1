"""All edits of the project below the map, by layer, person and day; and what was removed from a layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from layers.edits import EditHead
from layers.words import _
from ui.panels.parts import text_label
from ui.theme import GRID_PX
from zsgis.forms.history import RemovedFeature, author_words, filtered_heads, head_words, time_words

_DAY_LETTERS = 10


class EditListPage(QWidget):
    """Two tables: the edits, and the features of a layer that are not there any more."""

    more_asked = pyqtSignal()
    """Earlier edits are wanted."""
    features_asked = pyqtSignal(str)
    """The features that the edit of this uid touched are to be selected."""
    removed_asked = pyqtSignal(str)
    """The removed features of the layer of this uid are wanted; empty for none."""
    restore_asked = pyqtSignal(object)
    """A :class:`RemovedFeature` is to be put back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads: tuple[EditHead, ...] = ()
        self._shown: tuple[EditHead, ...] = ()
        self._removed: tuple[RemovedFeature, ...] = ()
        self._names: Mapping[str, str] = {}
        self.layer, self.author, self.day, self.removed_layer = (QComboBox() for _each in range(4))
        self.edits = _table((_("Time"), _("Person"), _("What was done"), _("Features"), _("Layers")), 2)
        self.removed = _table((_("Feature"), _("Removed at"), _("Person"), _("What was done")), 3)
        self.more_button = QPushButton(_("Earlier edits"))
        self.select_button = QPushButton(_("Select its features"))
        self.restore_button = QPushButton(_("Put back"))
        self.said = text_label("", "muted")
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        filters = (self.layer, self.author, self.day)
        self.tabs.addTab(
            _page((*filters, self.select_button, self.more_button), self.edits), _("Edits of the project")
        )
        self.tabs.addTab(
            _page((self.removed_layer, self.said, self.restore_button), self.removed), _("Removed features")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        self._connect()

    def _connect(self) -> None:
        for choice in (self.layer, self.author, self.day):
            choice.currentIndexChanged.connect(lambda _place: self._fill_edits())
        self.removed_layer.currentIndexChanged.connect(lambda _place: self._ask_removed())
        self.tabs.currentChanged.connect(lambda _place: self._ask_removed())
        self.more_button.clicked.connect(lambda _checked: self.more_asked.emit())
        self.select_button.clicked.connect(lambda _checked: self._ask_features())
        self.edits.cellDoubleClicked.connect(lambda _row, _column: self._ask_features())
        self.edits.itemSelectionChanged.connect(self._enable)
        self.removed.itemSelectionChanged.connect(self._enable)
        self.restore_button.clicked.connect(lambda _checked: self._ask_restore())

    @property
    def shown(self) -> tuple[EditHead, ...]:
        """The edits in the table, the latest first."""
        return self._shown

    def show_layers(self, names: Mapping[str, str]) -> None:
        """Offer layers by uid."""
        self._names = dict(names)
        _offer(self.layer, _("All layers"), names.items())
        _offer(self.removed_layer, _("Choose a layer"), names.items())

    def show_edits(self, heads: Sequence[EditHead], *, more: bool) -> None:
        """Show edits, the latest first; ``more`` where there are earlier ones."""
        self._heads = tuple(heads)
        people = sorted({author_words(head) for head in heads})
        days = sorted({time_words(head.time)[:_DAY_LETTERS] for head in heads}, reverse=True)
        _offer(self.author, _("Everybody"), ((one, one) for one in people))
        _offer(self.day, _("All days"), ((one, one) for one in days))
        self.more_button.setEnabled(more)
        self._fill_edits()

    def show_removed(self, removed: Sequence[RemovedFeature]) -> None:
        """Show features that are not there any more."""
        self._removed = tuple(removed)
        self.said.setText(_("{count} removed features").format(count=len(removed)) if removed else "")
        _fill(
            self.removed,
            [
                (one.title, time_words(one.head.time), author_words(one.head), head_words(one.head))
                for one in self._removed
            ],
        )
        self._enable()

    def say(self, text: str) -> None:
        """Say something of the removed features."""
        self.said.setText(text)

    def _fill_edits(self) -> None:
        chosen = (str(one.currentData() or "") for one in (self.layer, self.author, self.day))
        layer_uid, author, day = chosen
        self._shown = filtered_heads(self._heads, layer_uid=layer_uid, author=author, day=day)
        _fill(
            self.edits,
            [
                (
                    time_words(head.time),
                    author_words(head),
                    head_words(head),
                    f"{head.count:,}",
                    "、".join(self._names.get(uid, "—") for uid in head.layer_uids),
                )
                for head in self._shown
            ],
        )
        self._enable()

    def _enable(self) -> None:
        self.select_button.setEnabled(self._row(self.edits) >= 0)
        self.restore_button.setEnabled(self._row(self.removed) >= 0)

    @staticmethod
    def _row(table: QTableWidget) -> int:
        return table.currentRow() if table.selectedItems() else -1

    def _ask_features(self) -> None:
        place = self._row(self.edits)
        if 0 <= place < len(self._shown):
            self.features_asked.emit(self._shown[place].uid)

    def _ask_removed(self) -> None:
        if self.tabs.currentIndex() == 1:
            self.removed_asked.emit(str(self.removed_layer.currentData() or ""))

    def _ask_restore(self) -> None:
        place = self._row(self.removed)
        if 0 <= place < len(self._removed):
            self.restore_asked.emit(self._removed[place])


def _table(headings: Sequence[str], wide: int) -> QTableWidget:
    table = QTableWidget(0, len(headings))
    table.setHorizontalHeaderLabels(list(headings))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setWordWrap(False)
    rows, columns = table.verticalHeader(), table.horizontalHeader()
    if rows is not None:
        rows.hide()
    if columns is not None:
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        for place in range(len(headings)):
            if place != wide:
                columns.resizeSection(place, GRID_PX * 18)
    return table


def _fill(table: QTableWidget, lines: Sequence[Sequence[str]]) -> None:
    table.clearSelection()
    table.setRowCount(len(lines))
    for row, texts in enumerate(lines):
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            table.setItem(row, column, item)


def _page(controls: Sequence[QWidget], table: QTableWidget) -> QWidget:
    page = QWidget()
    bar = QHBoxLayout()
    bar.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX // 2)
    bar.setSpacing(GRID_PX)
    for control in controls:
        if isinstance(control, QComboBox):
            control.setMinimumWidth(GRID_PX * 16)
        bar.addWidget(control)
    bar.addStretch(1)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addLayout(bar)
    column.addWidget(table, 1)
    return page


def _offer(choice: QComboBox, everything: str, entries: Iterable[tuple[str, str]]) -> None:
    """Offer keys with their words; what was chosen stays chosen."""
    chosen = choice.currentData()
    choice.blockSignals(True)
    choice.clear()
    choice.addItem(everything, "")
    for key, words in entries:
        choice.addItem(words, key)
    choice.setCurrentIndex(max(choice.findData(chosen), 0))
    choice.blockSignals(False)
