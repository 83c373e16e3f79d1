"""The form for a service whose address is typed: address, key, and the choices its server leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QWidget,
)

from layers.crs import describe_crs, parse_crs
from layers.errors import InputError
from layers.pictures.service_models import Door, NetworkPicture, ServiceKey
from layers.services.addresses import without_key
from layers.services.arcgis_description import ArcgisOffer
from layers.services.wms_capabilities import WmsOffer
from layers.services.wmts_capabilities import WmtsOffer
from layers.words import N_, _
from ui.forms.editors import CalmComboBox
from ui.panels.parts import text_label
from ui.theme import GRID_PX
from zsgis.services.drafts import (
    Offer,
    ServiceDraft,
    ServiceKind,
    arcgis_service,
    draft_of,
    systems_of,
    wms_service,
    wmts_service,
    xyz_service,
)

_EXAMPLES = {
    "xyz": "https://…/{z}/{x}/{y}.png",
    "wmts": "https://…/wmts",
    "wms": "https://…/wms",
    "arcgis": "https://…/rest/services/…/MapServer",
}
_DOORS: tuple[tuple[Door, str], ...] = (
    ("open", N_("Nothing")),
    ("parameter", N_("A key or token")),
    ("basic", N_("User and password")),
)
_USUAL_PARAMETER = {"arcgis": "token"}
_FINEST = 18


class TypedService(QWidget):
    """Takes an address; a service comes out once its server has said what it offers.

    Parameters
    ----------
    systems : sequence of str
        Coordinate systems proposed first where a server leaves the choice.
    """

    changed = pyqtSignal()
    asked = pyqtSignal(object, str)  # ServiceDraft, secret

    def __init__(self, systems: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._systems = tuple(systems)
        self._kind: ServiceKind = "xyz"
        self._offer: Offer | None = None
        self._asked: ServiceDraft | None = None
        self.name = QLineEdit()
        self.address = QLineEdit()
        self.door = CalmComboBox()
        for door, title in _DOORS:
            self.door.addItem(_(title), door)
        self.parameter = QLineEdit()
        self.secret = QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.ask = QPushButton(_("Ask the server what it offers"))
        self.ask.setToolTip(_("Makes one request to the address above"))
        self.ask.setAutoDefault(False)
        self.layer = CalmComboBox()
        self.layers = QListWidget()
        self.layers.setMaximumHeight(GRID_PX * 16)
        self.grid = CalmComboBox()
        self.system = CalmComboBox()
        self.finest = QSpinBox()
        self.finest.setRange(1, 24)
        self.finest.setValue(_FINEST)
        self.shifted = QCheckBox(_("The map is shifted (GCJ-02), as those of 高德 and 腾讯 are"))
        self.complaint = text_label("", "danger")
        self._lay_out()
        self._connect()

    def show_kind(self, kind: ServiceKind) -> None:
        """Begin anew with a kind of service."""
        self._kind = kind
        self._offer = self._asked = None
        for field in (self.name, self.address, self.secret):
            field.clear()
        self.address.setPlaceholderText(_EXAMPLES[kind])
        self.door.setCurrentIndex(0)
        self.parameter.setText(_USUAL_PARAMETER.get(kind, "key"))
        self.shifted.setChecked(False)
        self.complaint.clear()
        self._show_choices()

    def show_offer(self, offer: Offer) -> None:
        """Show what the server offers, to choose from."""
        self._offer = offer
        self.complaint.clear()
        self.layer.clear()
        self.layers.clear()
        if isinstance(offer, WmtsOffer):
            for layer in offer.layers:
                self.layer.addItem(layer.title, layer)
        elif isinstance(offer, WmsOffer):
            for shown in offer.layers:
                self._add_layer("  " * shown.depth + shown.title, shown)
        else:
            for number, title in offer.layers:
                self._add_layer(title, number)
        self._show_choices()
        self._show_grids()

    def complain(self, text: str) -> None:
        """Say why a server said nothing."""
        self.complaint.setText(text)

    def picture(self) -> NetworkPicture | None:
        """Return the service as it is chosen now; None while something is missing."""
        try:
            return self._chosen()
        except InputError as error:
            self.complaint.setText(str(error) if self.address.text().strip() else "")
            return None

    def take_secret(self) -> str:
        """Return the key that was typed, and forget it here."""
        secret = self.secret.text().strip() if self.door.currentData() != "open" else ""
        self.secret.clear()
        return secret

    def draft(self) -> ServiceDraft:
        """Return what is typed.

        Raises
        ------
        InputError
        """
        door: Door = self.door.currentData()
        bare = draft_of(self._kind, self.address.text(), self.name.text(), ServiceKey(), "true")
        key = ServiceKey()
        if door != "open":
            try:
                key = ServiceKey(
                    door=door,
                    label=bare.name[:80],
                    parameter=self.parameter.text().strip() if door == "parameter" else "",
                )
            except ValueError as error:
                raise InputError(
                    _("The name of the key's parameter has letters, digits and _ only.")
                ) from error
        return replace(bare, key=key, frame="gcj02" if self.shifted.isChecked() else "true")

    def _chosen(self) -> NetworkPicture | None:
        draft = self.draft()
        if self._kind == "xyz":
            return xyz_service(draft, self.finest.value())
        offer = self._offer
        if offer is None or self._asked is None or self._asked.address != draft.address:
            return None
        if isinstance(offer, WmtsOffer):
            layer = self.layer.currentData()
            grid = self.grid.currentData()
            return wmts_service(draft, offer, layer, grid) if layer is not None and grid else None
        ticked = self._ticked()
        if isinstance(offer, ArcgisOffer):
            return arcgis_service(draft, offer, ticked)
        system = self.system.currentData()
        return wms_service(draft, offer, ticked, system) if ticked and system else None

    def _ask(self) -> None:
        try:
            draft = self.draft()
        except InputError as error:
            self.complaint.setText(str(error))
            return
        self._asked = draft
        self.complaint.setText(_("Asking {host} …").format(host=draft.origin.partition("//")[2]))
        self.asked.emit(draft, self.secret.text().strip())

    def _take_address(self) -> None:
        """Take a key out of an address that was pasted with it."""
        address, parameter, secret = without_key(self.address.text())
        if secret:
            self.address.setText(address)
            self.door.setCurrentIndex(self.door.findData("parameter"))
            self.parameter.setText(parameter)
            self.secret.setText(secret)
        self._revise()

    def _show_grids(self) -> None:
        offer, layer = self._offer, self.layer.currentData()
        self.grid.clear()
        if isinstance(offer, WmtsOffer) and layer is not None:
            for name in layer.grids:
                self.grid.addItem(f"{name} · {_crs_words(offer.grid(name).crs)}", name)
        self._show_systems()

    def _show_systems(self) -> None:
        offer = self._offer
        if isinstance(offer, WmsOffer):
            before = self.system.currentData()
            self.system.clear()
            for crs in systems_of(self._ticked(), self._systems):
                self.system.addItem(_crs_words(crs), crs)
            self.system.setCurrentIndex(max(self.system.findData(before), 0))
        self._revise()

    def _ticked(self) -> list[Any]:
        """Return what the ticked lines stand for: layers of a WMS, numbers of an ArcGIS service."""
        items = [self.layers.item(row) for row in range(self.layers.count())]
        return [
            item.data(Qt.ItemDataRole.UserRole)
            for item in items
            if item is not None and item.checkState() == Qt.CheckState.Checked
        ]

    def _add_layer(self, title: str, data: object) -> None:
        item = QListWidgetItem(title)
        item.setData(Qt.ItemDataRole.UserRole, data)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Unchecked)
        self.layers.addItem(item)

    def _show_choices(self) -> None:
        offer, kind = self._offer, self._kind
        door = self.door.currentData()
        shown = {
            self.parameter: door == "parameter",
            self.secret: door != "open",
            self.ask: kind != "xyz",
            self.layer: isinstance(offer, WmtsOffer),
            self.grid: isinstance(offer, WmtsOffer),
            self.layers: isinstance(offer, WmsOffer | ArcgisOffer) and self.layers.count() > 0,
            self.system: isinstance(offer, WmsOffer),
            self.finest: kind == "xyz",
        }
        for field, visible in shown.items():
            self._form.setRowVisible(field, visible)

    def _revise(self, *_changes: object) -> None:
        if self._asked is not None and self._asked.address != without_key(self.address.text())[0]:
            self._offer = self._asked = None
        self._show_choices()
        self.changed.emit()

    def _lay_out(self) -> None:
        self._form = QFormLayout(self)
        self._form.setContentsMargins(GRID_PX * 2, 0, 0, 0)
        self._form.setHorizontalSpacing(GRID_PX * 2)
        self._form.setVerticalSpacing(GRID_PX)
        for title, field in (
            (_("Address"), self.address),
            (_("Name"), self.name),
            (_("It asks for"), self.door),
            (_("Parameter"), self.parameter),
            (_("Key, or user:password"), self.secret),
        ):
            self._form.addRow(title, field)
        self._form.addRow("", self.ask)
        for title, choice in (
            (_("Layer"), self.layer),
            (_("Layers"), self.layers),
            (_("Tile grid"), self.grid),
            (_("Coordinate system"), self.system),
            (_("Finest level"), self.finest),
        ):
            self._form.addRow(title, choice)
        self._form.addRow("", self.shifted)
        self._form.addRow(self.complaint)

    def _connect(self) -> None:
        self.address.textChanged.connect(self._take_address)
        for line in (self.name, self.parameter, self.secret):
            line.textChanged.connect(self._revise)
        self.door.currentIndexChanged.connect(self._revise)
        self.shifted.toggled.connect(self._revise)
        self.finest.valueChanged.connect(self._revise)
        self.ask.clicked.connect(self._ask)
        self.layer.currentIndexChanged.connect(self._show_grids)
        self.layers.itemChanged.connect(self._show_systems)
        self.grid.currentIndexChanged.connect(self._revise)
        self.system.currentIndexChanged.connect(self._revise)


def _crs_words(crs: str) -> str:
    """Return a system's code, ``EPSG:4526``, and its name in words."""
    return f"{crs} · {describe_crs(parse_crs(crs))}"
