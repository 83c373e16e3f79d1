"""What a layer is: its kind, its name, the standard of its codes, its secrecy; and what is open still."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFormLayout, QLabel, QLineEdit, QWidget

from layers.formats.registry import format_called
from layers.kind import Kind
from layers.kinds import KINDS
from layers.standing import STANDINGS
from layers.words import N_, _
from ui.dialogs.secrecy_choice import SecrecyChoice
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX
from zsgis.intake.offer import ImportOffer

STANDARD_CHOICES = (
    ("yd2023", N_("Land and sea use classification 2023")),
    ("yd2020", N_("Land and sea use classification 2020 (trial)")),
    ("sandiao", N_("Third national land survey")),
    ("gbt21010", N_("GB/T 21010-2017")),
    ("gb50137", N_("GB 50137-2011")),
    ("custom", N_("As the codes stand in the file")),
)


class WhatPage(QWidget):
    """``kind_changed`` carries the kind; ``changed`` tells of every other choice."""

    kind_changed = pyqtSignal(object)
    changed = pyqtSignal()

    def __init__(self, offer: ImportOffer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer = offer
        self._verdict = offer.intake.examination.standard
        self.kind = CalmComboBox()
        self.name = QLineEdit(offer.request.name or offer.request.path.stem)
        self.standard = CalmComboBox()
        self.standard_reason = QLabel()
        self.standard_reason.setProperty("role", "muted")
        self.standard_reason.setWordWrap(True)
        self.secrecy = SecrecyChoice(offer.intake.data.secrecy, offer.request.secrecy)
        self.status = CalmComboBox()
        self.coordinates = QLabel()
        self.coordinates.setWordWrap(True)
        self.text = QLabel()
        self._fill()
        self._lay_out()
        self.kind.currentIndexChanged.connect(lambda _index: self._kind_chosen())
        self.name.textChanged.connect(lambda _text: self.changed.emit())
        self.standard.currentIndexChanged.connect(lambda _index: self._show_reason())

    def current_kind(self) -> Kind:
        """Return the kind that is chosen."""
        return KINDS[str(self.kind.currentData())]

    def chosen_standard(self) -> str:
        """Return the standard that is chosen; empty where the kind has no codes."""
        return str(self.standard.currentData() or "") if self.current_kind().class_field else ""

    def problem(self, has_codes: bool) -> str:
        """Return what must be said, empty for nothing; ``has_codes`` tells whether a column holds codes."""
        declared = self.current_kind()
        if self._offer.geometry not in ("", declared.geometry):
            return _("“{kind}” cannot be taken from this file: its shapes are of another type.").format(
                kind=_(declared.title)
            )
        if not self.name.text().strip():
            return _("Give the layer a name.")
        if declared.class_field and has_codes and not self.standard.currentData():
            return _("Choose the land-class standard of the codes: a code alone does not tell.")
        return ""

    def show_summary(self, coordinates: str, text: str) -> None:
        """Show in words what the other pages say."""
        self.coordinates.setText(coordinates)
        self.text.setText(text)

    def _fill(self) -> None:
        for declared in KINDS.values():
            self.kind.addItem(_(declared.title), declared.key)
        self.kind.setCurrentIndex(max(self.kind.findData(self._offer.intake.kind.key), 0))
        self.standard.addItem(_("(choose)"), "")
        for key, title in STANDARD_CHOICES:
            self.standard.addItem(_(title), key)
        chosen = self._verdict.chosen
        said = self._offer.request.standard or (chosen.value if chosen is not None else "")
        self.standard.setCurrentIndex(max(self.standard.findData(said), 0))
        self.status.addItem(_("As the features say"), "")
        for standing in STANDINGS:
            if standing:
                self.status.addItem(standing, standing)
        self.status.setCurrentIndex(max(self.status.findData(self._offer.request.status), 0))

    def _lay_out(self) -> None:
        data = self._offer.intake.data
        source = _("{format} · layer “{layer}” · {count} features").format(
            format=_(format_called(self._offer.intake.format_key).title),
            layer=data.layer,
            count=f"{len(data.frame):,}",
        )
        about = QLabel(source)
        about.setWordWrap(True)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, GRID_PX * 2, 0, 0)
        self._form.setHorizontalSpacing(GRID_PX * 2)
        self._form.setVerticalSpacing(GRID_PX)
        self._form.addRow(_("The file"), about)
        self._form.addRow(_("What it holds"), self.kind)
        self._form.addRow(_("Name in the project"), self.name)
        self._form.addRow(_("Land-class standard"), self.standard)
        self._form.addRow("", self.standard_reason)
        self._form.addRow(_("Coordinate system"), self.coordinates)
        self._form.addRow(_("Text encoding"), self.text)
        self._form.addRow(_("Secrecy"), self.secrecy)
        stated = self._offer.intake.data.secrecy
        if stated:
            told = QLabel(_("The file states {secrecy}.").format(secrecy=stated))
            told.setProperty("role", "muted")
            self._form.addRow("", told)
        self._form.addRow(_("Status of the data"), self.status)
        self._show_kind_rows()
        self._show_reason()

    def _kind_chosen(self) -> None:
        self._show_kind_rows()
        self.kind_changed.emit(self.current_kind())

    def _show_kind_rows(self) -> None:
        has_classes = bool(self.current_kind().class_field)
        self._form.setRowVisible(self.standard, has_classes)
        self._form.setRowVisible(self.standard_reason, has_classes)

    def _show_reason(self) -> None:
        candidate = self._verdict.find(str(self.standard.currentData() or "")) or self._verdict.likeliest
        self.standard_reason.setText(
            "" if candidate is None else f"{candidate.title} ({candidate.confidence:.0%}): {candidate.reason}"
        )
        self.changed.emit()
