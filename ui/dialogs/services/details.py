"""One service of the project: its state, its key, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from layers.words import _
from ui.dialogs.services.rows import ServiceRow, ServiceState, kind_words, state_words
from ui.panels.parts import text_label
from ui.theme import GRID_PX


class ServiceDetails(QWidget):
    """Shows one service; every button says what it would do to the service that is shown."""

    switched = pyqtSignal(str, bool)
    key_entered = pyqtSignal(str, str)
    tested = pyqtSignal(str)
    area_wanted = pyqtSignal(str)
    emptied = pyqtSignal(str)
    removed = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: ServiceRow | None = None
        self.name = text_label("", "heading")
        self.about = text_label("", "muted")
        self.state = text_label("")
        self.said = text_label("")
        self.switch = QPushButton()
        self.test = QPushButton(_("Test"))
        self.test.setToolTip(_("Makes one request and says what came of it"))
        self.area = QPushButton(_("Fetch an area…"))
        self.area.setToolTip(_("Fetches the map now shown for work without a network"))
        self.empty = QPushButton(_("Empty the cache"))
        self.remove = QPushButton(_("Remove from the project"))
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.enter_key = QPushButton(_("Keep the key"))
        self.key_note = text_label("", "muted")
        self._keeps_keys = True
        self._lay_out()
        self._connect()
        self.show_row(None)

    @property
    def row(self) -> ServiceRow | None:
        """The service that is shown."""
        return self._row

    def show_row(self, row: ServiceRow | None) -> None:
        """Show a service; None shows nothing."""
        if row is None or self._row is None or row.uid != self._row.uid:
            self.key.clear()
        self._row = row
        self.setVisible(row is not None)
        if row is None:
            return
        is_file = row.state is ServiceState.FILE
        self.name.setText(row.name)
        self.about.setText(f"{kind_words(row.kind)} · {row.host}")
        self.state.setText(state_words(row.state))
        self.said.setText(row.said)
        self.said.setVisible(bool(row.said))
        self.switch.setText(_("Switch off") if row.is_on else _("Switch on"))
        self.switch.setProperty("primary", not row.is_on)
        # a property of the sheet is only looked at again when told so
        style = self.switch.style()
        if style is not None:
            style.unpolish(self.switch)
            style.polish(self.switch)
        for part in (self.switch, self.test, self.area, self.empty):
            part.setVisible(not is_file)
        self.test.setEnabled(row.is_on)
        self.area.setEnabled(row.is_on)
        self.empty.setText(_("Empty the cache ({size:.1f} MB)").format(size=row.cached_mb))
        self.empty.setEnabled(row.cached_mb > 0)
        self._show_key(row)

    def show_keeping(self, keeps_keys: bool) -> None:
        """Say whether keys outlive the sitting on this machine."""
        self._keeps_keys = keeps_keys
        self.show_row(self._row)

    def _show_key(self, row: ServiceRow) -> None:
        self._key_box.setVisible(bool(row.key_label))
        self._key_title.setText(_("Key “{label}”").format(label=row.key_label))
        self.key.setPlaceholderText(_("entered; type another to replace it") if row.key_known else "")
        self.key_note.setText(
            _("The key is kept in the key store of this machine, never in the project.")
            if self._keeps_keys
            else _("This machine has no key store: the key is known until the program is closed.")
        )

    def _lay_out(self) -> None:
        self._key_box = QWidget()
        self._key_title = text_label("")
        key_row = QHBoxLayout()
        key_row.setSpacing(GRID_PX)
        key_row.addWidget(self.key, 1)
        key_row.addWidget(self.enter_key)
        key_form = QFormLayout(self._key_box)
        key_form.setContentsMargins(0, 0, 0, 0)
        key_form.setVerticalSpacing(GRID_PX)
        key_form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        key_form.addRow(self._key_title, key_row)
        key_form.addRow(self.key_note)
        verbs = QHBoxLayout()
        verbs.setSpacing(GRID_PX)
        for button in (self.switch, self.test, self.area):
            verbs.addWidget(button)
        verbs.addStretch(1)
        last = QHBoxLayout()
        last.setSpacing(GRID_PX)
        last.addWidget(self.empty)
        last.addWidget(self.remove)
        last.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX * 2, 0, 0, 0)
        column.setSpacing(GRID_PX * 2)
        column.addWidget(self.name)
        column.addWidget(self.about)
        column.addWidget(self.state)
        column.addLayout(verbs)
        column.addWidget(self.said)
        column.addWidget(self._key_box)
        column.addStretch(1)
        column.addLayout(last)

    def _connect(self) -> None:
        self.switch.clicked.connect(self._switch)
        for button, say in (
            (self.test, self.tested.emit),
            (self.area, self.area_wanted.emit),
            (self.empty, self.emptied.emit),
            (self.remove, self.removed.emit),
        ):
            button.clicked.connect(partial(self._say, say))
        self.enter_key.clicked.connect(self._enter_key)
        self.key.returnPressed.connect(self._enter_key)
        for button in (self.switch, self.test, self.area, self.empty, self.remove, self.enter_key):
            button.setAutoDefault(False)

    def _say(self, say: Callable[[str], None], *_state: object) -> None:
        if self._row is not None:
            say(self._row.uid)

    def _switch(self) -> None:
        if self._row is not None:
            self.switched.emit(self._row.uid, not self._row.is_on)

    def _enter_key(self) -> None:
        secret = self.key.text().strip()
        if self._row is not None and secret:
            self.key.clear()
            self.key_entered.emit(self._row.uid, secret)
