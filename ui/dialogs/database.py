"""The dialog that connects to a bureau-wide database and offers its projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from layers.errors import UsageError
from layers.store.postgis.address import SSL_MODES, DatabaseAddress
from layers.words import N_, _
from ui.dialogs.rows import button_row
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX

_PORT = 5432
_SSL_WORDS = {
    "disable": N_("not encrypted"),
    "allow": N_("encrypted only where the server insists"),
    "prefer": N_("encrypted where the server can"),
    "require": N_("always encrypted"),
    "verify-ca": N_("encrypted, certificate checked"),
    "verify-full": N_("encrypted, certificate and name of the server checked"),
}
_ADDRESS_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class DatabaseEntry:
    """What was typed: an address, a password that is not part of it, and whether to keep that."""

    address: DatabaseAddress
    password: str
    keep: bool


@dataclass(frozen=True)
class OfferedProject:
    """A project of the database, as it is listed."""

    schema: str
    title: str
    layers: int


class DatabaseDialog(QDialog):
    """Asks for a database and shows which projects it has; waits for nobody.

    Parameters
    ----------
    addresses : sequence of str
        Addresses that were used before, the latest first; none holds a password.
    """

    look_asked = pyqtSignal(object)
    """A :class:`DatabaseEntry`: its projects are wanted."""
    open_asked = pyqtSignal(object)
    """A :class:`DatabaseEntry` with the schema of the project that is to be opened."""
    address_changed = pyqtSignal(object)
    """A :class:`DatabaseAddress` taken from those used before."""

    def __init__(self, addresses: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Connect to a database"))
        self.setMinimumWidth(GRID_PX * 68)
        self.earlier = CalmComboBox()
        self.earlier.addItem(_("another database"), "")
        for url in addresses:
            self.earlier.addItem(url, url)
        self.host = QLineEdit()
        self.host.setPlaceholderText(_("for instance: 10.0.0.8"))
        self.port = QLineEdit(str(_PORT))
        self.database = QLineEdit()
        self.user = QLineEdit()
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.keep = QCheckBox(_("Keep the password in the system's key store"))
        self.sslmode = CalmComboBox()
        for mode in SSL_MODES:
            self.sslmode.addItem(_(_SSL_WORDS[mode]), mode)
        self.sslmode.setCurrentIndex(SSL_MODES.index("prefer"))
        self.certificate = QLineEdit()
        self.certificate.setPlaceholderText(_("only where the certificate is checked"))
        self.look = QPushButton(_("Connect and list projects"))
        self.projects = QListWidget()
        self.projects.setMinimumHeight(GRID_PX * 16)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.take = QPushButton(_("Open the project"))
        self._lay_out()
        self._connect()
        self.earlier.setCurrentIndex(1 if addresses else 0)
        self._revise()

    def entry(self) -> DatabaseEntry | None:
        """Return what was typed; None where it makes no address yet."""
        try:
            return DatabaseEntry(self._address(), self.password.text(), self.keep.isChecked())
        except UsageError:
            return None

    def allow_keeping(self, possible: bool) -> None:
        """Offer to keep the password, or say that this system has no store for it."""
        self.keep.setEnabled(possible)
        self.keep.setToolTip("" if possible else _("This system has no key store; the password is not kept."))
        if not possible:
            self.keep.setChecked(False)

    def show_password(self, password: str) -> None:
        """Fill in the password that is kept, as dots."""
        self.password.setText(password)
        self.keep.setChecked(bool(password))

    def show_busy(self, busy: bool) -> None:
        """Show that the database is being asked."""
        if busy:
            self._say(_("Asking the database…"), "")
        self.look.setEnabled(not busy and self.entry() is not None)

    def show_projects(self, projects: Sequence[OfferedProject]) -> None:
        """Show the projects that the database has."""
        self.show_busy(False)
        self.projects.clear()
        for project in projects:
            text = _("{title} · {schema} · {count} layers").format(
                title=project.title, schema=project.schema, count=project.layers
            )
            item = QListWidgetItem(text)
            item.setData(_ADDRESS_ROLE, project.schema)
            self.projects.addItem(item)
        if projects:
            self.projects.setCurrentRow(0)
            self._say(_("Connected. Choose a project."), "")
        else:
            self._say(_("Connected, but there is no project here that you may read."), "danger")
        self._revise()

    def show_trouble(self, text: str) -> None:
        """Show why the database cannot be used."""
        self.show_busy(False)
        self.projects.clear()
        self._say(text, "danger")
        self._revise()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setVerticalSpacing(GRID_PX)
        for title, widget in (
            (_("Used before"), self.earlier),
            (_("Server"), self.host),
            (_("Port"), self.port),
            (_("Database"), self.database),
            (_("User"), self.user),
            (_("Password"), self.password),
            ("", self.keep),
            (_("Encryption"), self.sslmode),
            (_("Certificate file"), self.certificate),
        ):
            form.addRow(title, widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(form)
        column.addWidget(self.look, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.projects, 1)
        column.addWidget(self.message)
        column.addLayout(button_row(self, self.take))

    def _connect(self) -> None:
        for field in (self.host, self.port, self.database, self.user, self.certificate):
            field.textChanged.connect(self._forget_projects)
        self.sslmode.currentIndexChanged.connect(self._forget_projects)
        self.earlier.currentIndexChanged.connect(self._take_earlier)
        self.projects.currentRowChanged.connect(self._revise)
        self.projects.itemDoubleClicked.connect(lambda _item: self._ask_open())
        self.look.clicked.connect(self._ask_look)
        self.accepted.connect(self._ask_open)

    def _take_earlier(self, _index: int) -> None:
        url = str(self.earlier.currentData() or "")
        if not url:
            return
        try:
            address = DatabaseAddress.parse(url)
        except UsageError:
            return
        self.host.setText(address.host)
        self.port.setText(str(address.port))
        self.database.setText(address.database)
        self.user.setText(address.user)
        self.certificate.setText(address.root_certificate)
        self.sslmode.setCurrentIndex(SSL_MODES.index(address.sslmode))
        self.password.clear()
        self.address_changed.emit(address)

    def _address(self) -> DatabaseAddress:
        port = self.port.text().strip()
        return DatabaseAddress(
            host=self.host.text().strip(),
            database=self.database.text().strip(),
            user=self.user.text().strip(),
            port=int(port) if port.isdecimal() else 0,
            sslmode=str(self.sslmode.currentData()),
            root_certificate=self.certificate.text().strip(),
        )

    def _schema(self) -> str:
        item = self.projects.currentItem()
        return "" if item is None else str(item.data(_ADDRESS_ROLE))

    def _ask_look(self) -> None:
        entry = self.entry()
        if entry is not None:
            self.show_busy(True)
            self.look_asked.emit(entry)

    def _ask_open(self) -> None:
        entry, schema = self.entry(), self._schema()
        if entry is not None and schema:
            whole = DatabaseEntry(entry.address.with_schema(schema), entry.password, entry.keep)
            self.open_asked.emit(whole)

    def _forget_projects(self, *_changes: object) -> None:
        self.projects.clear()
        self._revise()

    def _revise(self, *_changes: object) -> None:
        self.look.setEnabled(self.entry() is not None)
        ready = bool(self._schema())
        self.take.setEnabled(ready)
        # the Enter key does what can be done next
        (self.take if ready else self.look).setDefault(True)

    def _say(self, text: str, role: str) -> None:
        self.message.setProperty("role", role)
        self.message.setText(text)
        style = self.message.style()
        if style is not None:
            style.unpolish(self.message)
            style.polish(self.message)
