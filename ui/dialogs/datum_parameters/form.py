"""The form of one set of datum parameters."""

from __future__ import annotations

import unicodedata
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from layers.datum_parameters import DatumParameters, read_parameters
from layers.datums import describe_crs
from layers.errors import CrsError
from layers.guard.taken_as import crs_text
from layers.words import N_, _
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX
from zsgis.intake.typed_systems import read_typed

METHODS = (
    ("7", N_("Seven (Bursa-Wolf)")),
    ("3", N_("Three (translation)")),
    ("4", N_("Four (between two planes)")),
)
CONVENTIONS = (
    ("", N_("(choose)")),
    ("coordinate_frame", N_("Axes are turned (coordinate frame)")),
    ("position_vector", N_("Points are turned (position vector)")),
)
# name, words, unit, and with how many parameters it belongs
NUMBERS = (
    ("dx", N_("Translation X"), "m", ("3", "7")),
    ("dy", N_("Translation Y"), "m", ("3", "7")),
    ("dz", N_("Translation Z"), "m", ("3", "7")),
    ("rx", N_("Rotation X"), "″", ("7",)),
    ("ry", N_("Rotation Y"), "″", ("7",)),
    ("rz", N_("Rotation Z"), "″", ("7",)),
    ("north_m", N_("Translation north (X)"), "m", ("4",)),
    ("east_m", N_("Translation east (Y)"), "m", ("4",)),
    ("rotation_arcsec", N_("Rotation, north towards east"), "″", ("4",)),
    ("scale_ppm", N_("Change of scale"), "ppm", ("4", "7")),
)
_SOURCES = ("4610", "4214", "2383", "2362", "gk:114:500000:beijing54", "2435")
_TARGETS = ("4490", "4547", "4526")


class ParametersForm(QWidget):
    """``edited`` tells of every change."""

    edited = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.method = _combo(METHODS)
        self.source, self.target = _systems(_SOURCES), _systems(_TARGETS)
        self.numbers = {name: QLineEdit() for name, *_rest in NUMBERS}
        self.convention = _combo(CONVENTIONS)
        self.accuracy = QLineEdit()
        self.region = QLineEdit()
        self.region.setMaxLength(400)
        self._rows: dict[str, QWidget] = {}
        self._lay_out()
        for line in (self.name, self.accuracy, self.region, *self.numbers.values()):
            line.textEdited.connect(self._tell)
        for combo in (self.source, self.target):
            combo.editTextChanged.connect(self._tell)
        self.method.currentIndexChanged.connect(self._show_rows)
        self.convention.currentIndexChanged.connect(self._tell)
        self._show_rows()

    def parameters(self) -> DatumParameters:
        """Return the set as it stands in the form.

        Raises
        ------
        InputError
            When something is missing or cannot be right.
        CrsError
            When a system is not understood.
        """
        method = self._method()
        values: dict[str, Any] = {"method": method}
        values |= {name: _plain(self.numbers[name]) for name, _t, _u, methods in NUMBERS if method in methods}
        if method == "7":
            values["convention"] = str(self.convention.currentData())
        return read_parameters(
            {
                "name": self.name.text().strip(),
                "source": _system(self.source),
                "target": _system(self.target),
                "values": values,
                "region": self.region.text().strip(),
                "accuracy_m": _plain(self.accuracy),
            }
        )

    def show_parameters(self, parameters: DatumParameters | None) -> None:
        """Show a set; nothing but what is usual where there is none."""
        self.blockSignals(True)
        values = {} if parameters is None else parameters.values.model_dump(mode="json")
        self.method.setCurrentIndex(max(self.method.findData(values.get("method", "7")), 0))
        self.name.setText("" if parameters is None else parameters.name)
        self.region.setText("" if parameters is None else parameters.region)
        self.accuracy.setText("" if parameters is None else f"{parameters.accuracy_m:.15g}")
        for name, line in self.numbers.items():
            line.setText(f"{values[name]:.15g}" if name in values else "")
        self.convention.setCurrentIndex(max(self.convention.findData(values.get("convention", "")), 0))
        for combo, text in (
            (self.source, _SOURCES[0] if parameters is None else crs_text(parameters.source_crs)),
            (self.target, _TARGETS[0] if parameters is None else crs_text(parameters.target_crs)),
        ):
            place = combo.findData(text)
            combo.setCurrentIndex(place)
            if place < 0:
                combo.setEditText(text)
        self._show_rows()
        self.blockSignals(False)

    def _lay_out(self) -> None:
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(GRID_PX * 2)
        self._form.setVerticalSpacing(GRID_PX)
        self._form.addRow(_("Name"), self.name)
        self._form.addRow(_("Parameters"), self.method)
        self._form.addRow(_("Lead from"), self.source)
        self._form.addRow(_("Lead to"), self.target)
        for name, title, unit, _methods in NUMBERS:
            self._rows[name] = _with_unit(self.numbers[name], unit)
            self.numbers[name].setAccessibleName(_(title))
            self._form.addRow(_(title), self._rows[name])
        self._form.addRow(_("Direction of rotation"), self.convention)
        self._form.addRow(_("Accuracy"), _with_unit(self.accuracy, "m"))
        self._form.addRow(_("Where they hold"), self.region)

    def _method(self) -> str:
        return str(self.method.currentData())

    def _show_rows(self, *_index: object) -> None:
        method = self._method()
        for name, _title, _unit, methods in NUMBERS:
            self._form.setRowVisible(self._rows[name], method in methods)
        self._form.setRowVisible(self.convention, method == "7")
        self._tell()

    def _tell(self, *_text: object) -> None:
        self.edited.emit()


def _combo(choices: tuple[tuple[str, str], ...]) -> CalmComboBox:
    combo = CalmComboBox()
    for key, words in choices:
        combo.addItem(_(words), key)
    return combo


def _systems(texts: tuple[str, ...]) -> CalmComboBox:
    combo = CalmComboBox()
    combo.setEditable(True)
    combo.setInsertPolicy(CalmComboBox.InsertPolicy.NoInsert)
    for text in texts:
        combo.addItem(f"{describe_crs(read_typed(text).crs)} ({text})", text)
    return combo


def _system(combo: CalmComboBox) -> str:
    """Return the chosen or typed system as the sets keep it: an EPSG code, or WKT."""
    typed = combo.currentText().strip()
    place = combo.findText(typed)
    text = str(combo.itemData(place)) if place >= 0 else typed
    taken = read_typed(text)
    if taken.text != crs_text(taken.crs):
        raise CrsError(
            _("“{text}” is no plain coordinate system.").format(text=text[:80]),
            remedy=_("Write an EPSG code, or gk:114:500000:xian80."),
        )
    code = crs_text(taken.crs)
    return code if code.isdigit() else str(taken.crs.to_wkt())


def _plain(line: QLineEdit) -> str:
    """Return a number as typed, in plain digits: full-width ones are met in tables that are copied."""
    return unicodedata.normalize("NFKC", line.text()).replace("−", "-").replace(",", "").strip()


def _with_unit(line: QLineEdit, unit: str) -> QWidget:
    row = QWidget()
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(GRID_PX)
    across.addWidget(line, 1)
    label = QLabel(unit)
    label.setProperty("role", "unit")
    label.setMinimumWidth(GRID_PX * 4)
    across.addWidget(label)
    return row
