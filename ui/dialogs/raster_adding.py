"""The dialog that asks how a raster is put into the map: its name, its coordinate system, its secrecy."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtWidgets import QDialog, QFormLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from layers.crs import describe_crs, parse_crs
from layers.errors import CrsError
from layers.formats.raster_facts import RasterFacts
from layers.words import _
from ui.dialogs.new_project import CRS_CHOICES
from ui.dialogs.rows import button_row
from ui.dialogs.secrecy_choice import SecrecyChoice
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX


@dataclass(frozen=True)
class RasterAnswer:
    """What was said; ``crs`` is a code, empty where the file states its system."""

    name: str
    crs: str
    secrecy: str


class RasterAddingDialog(QDialog):
    """Asks what the file does not say; the file stays where it is."""

    def __init__(self, facts: RasterFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stated = facts.crs
        self.setWindowTitle(_("Add {file}").format(file=facts.path.name))
        self.setMinimumWidth(GRID_PX * 64)
        self.name = QLineEdit(facts.path.stem)
        self.crs = CalmComboBox()
        self.crs.setEditable(True)
        self.crs.setInsertPolicy(CalmComboBox.InsertPolicy.NoInsert)
        for code, title in (*CRS_CHOICES, ("4490", _("CGCS2000, longitude and latitude (EPSG 4490)"))):
            self.crs.addItem(_(title), code)
        self.crs.setCurrentIndex(-1)
        self.secrecy = SecrecyChoice(facts.secrecy)
        self.complaint = QLabel()
        self.complaint.setProperty("role", "danger")
        self.complaint.setWordWrap(True)
        self.add = QPushButton(_("Add to the map"))
        self._lay_out(facts)
        self.name.textChanged.connect(self._revise)
        self.crs.editTextChanged.connect(self._revise)
        self._revise()

    def answer(self) -> RasterAnswer:
        """Return what was said."""
        crs = "" if self._stated is not None else self._crs_text()
        return RasterAnswer(self.name.text().strip(), crs, self.secrecy.value())

    def _lay_out(self, facts: RasterFacts) -> None:
        size = _("{columns} columns, {rows} rows, {bands} bands").format(
            columns=f"{facts.width:,}", rows=f"{facts.height:,}", bands=len(facts.bands)
        )
        system = QLabel(describe_crs(facts.crs) if facts.crs is not None else "")
        note = QLabel(_("The file states none. Choose the one its coordinates are in."))
        for label in (system, note):
            label.setWordWrap(True)
        note.setProperty("role", "muted")
        form = QFormLayout()
        form.setSpacing(GRID_PX)
        form.addRow(_("Name"), self.name)
        form.addRow(_("Size"), QLabel(size))
        if facts.crs is not None:
            form.addRow(_("Coordinate system"), system)
        else:
            form.addRow(_("Coordinate system"), self.crs)
            form.addRow("", note)
        form.addRow(_("Secrecy"), self.secrecy)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(form)
        column.addWidget(self.complaint)
        column.addLayout(button_row(self, self.add))

    def _crs_text(self) -> str:
        typed = self.crs.currentText().strip()
        place = self.crs.findText(typed)
        return str(self.crs.itemData(place)) if place >= 0 else typed

    def _problem(self) -> str:
        if not self.name.text().strip():
            return _("Give the raster a name.")
        if self._stated is None:
            try:
                # the register takes half a second to say that it knows no such name
                parse_crs(_as_number(self._crs_text()))
            except CrsError:
                return _("Choose a coordinate system or type its EPSG number.")
        return ""

    def _revise(self, *_changes: object) -> None:
        problem = self._problem()
        self.complaint.setText(problem)
        self.complaint.setVisible(bool(problem))
        self.add.setEnabled(not problem)


def _as_number(text: str) -> int:
    """Return an EPSG code.

    Raises
    ------
    CrsError
        When the text is none.
    """
    plain = text.upper().removeprefix("EPSG:")
    if not plain.isdecimal():
        raise CrsError(_("Choose a coordinate system or type its EPSG number."))
    return int(plain)
