"""The dialog that asks how a file is taken in, with the proposed field mapping for confirmation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from layers.importing.request import ImportRequest
from layers.kind import Kind
from layers.kinds import KINDS
from layers.words import N_, _
from ui.dialogs.new_project import CRS_CHOICES
from ui.dialogs.port import SourceColumns
from ui.dialogs.rows import button_row
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX

Propose = Callable[[Kind, Sequence[str]], Mapping[str, str]]

STANDARD_CHOICES = (
    ("yd2023", N_("Land and sea use classification 2023")),
    ("yd2020", N_("Land and sea use classification 2020 (trial)")),
    ("sandiao", N_("Third national land survey")),
    ("gbt21010", N_("GB/T 21010-2017")),
    ("gb50137", N_("GB 50137-2011")),
    ("custom", N_("As the codes stand in the file")),
)
_ENCODINGS = ("", "UTF-8", "GBK", "GB18030", "BIG5")
_UNMAPPED = ""
_GENERIC = ("zones", "points", "lines")


class ImportDialog(QDialog):
    """Asks for kind, name, coordinate system, encoding, standard, and shows which column fills which field.

    Parameters
    ----------
    sources : sequence of SourceColumns
        The layers of the file, at least one.
    propose : callable
        Proposes a mapping, field to column, for a kind and the columns of a source.
    """

    def __init__(
        self, path: Path, sources: Sequence[SourceColumns], propose: Propose, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._path = path
        self._sources = tuple(sources)
        self._propose = propose
        self._named = False
        self._fields: list[str] = []
        self.setWindowTitle(_("Import {file}").format(file=path.name))
        self.setMinimumWidth(GRID_PX * 80)
        self.source = CalmComboBox()
        self.kind = CalmComboBox()
        self.name = QLineEdit(path.stem)
        self.crs = CalmComboBox()
        self.crs.setEditable(True)
        self.crs.setInsertPolicy(CalmComboBox.InsertPolicy.NoInsert)
        self.standard = CalmComboBox()
        self.encoding = CalmComboBox()
        self.mapping = self._make_mapping()
        self.crs_note = QLabel()
        self.crs_note.setWordWrap(True)
        self.complaint = QLabel()
        self.complaint.setProperty("role", "danger")
        self.complaint.setWordWrap(True)
        self.take = QPushButton(_("Import"))
        self._fill_choices()
        self._lay_out()
        self.source.currentIndexChanged.connect(self._source_changed)
        self.kind.currentIndexChanged.connect(self._kind_changed)
        self.name.textEdited.connect(self._note_named)
        self.crs.editTextChanged.connect(self._revise)
        self.standard.currentIndexChanged.connect(self._revise)
        self._source_changed()

    def answer(self) -> ImportRequest:
        """Return what was asked for."""
        source = self._current_source()
        return ImportRequest(
            path=self._path,
            kind=self._current_kind().key,
            name=self.name.text().strip(),
            source_layer=source.name if len(self._sources) > 1 else "",
            crs="" if source.crs else self._crs_text(),
            encoding=str(self.encoding.currentData() or ""),
            standard=str(self.standard.currentData() or "") if self._current_kind().class_field else "",
            mapping=self._chosen_mapping(),
        )

    def show_answer(self, answer: ImportRequest) -> None:
        """Show an earlier answer for the same file, to be corrected."""
        for chooser, value in (
            (self.source, answer.source_layer or self._current_source().name),
            (self.kind, answer.kind),
            (self.standard, answer.standard),
            (self.encoding, answer.encoding),
        ):
            chooser.setCurrentIndex(max(chooser.findData(value), 0))
        self.name.setText(answer.name)
        self._named = True
        place = self.crs.findData(answer.crs)
        if place >= 0:
            self.crs.setCurrentIndex(place)
        else:
            self.crs.setEditText(answer.crs)
        for field in self._fields:
            chooser = self.column_chooser(field)
            chooser.setCurrentIndex(max(chooser.findData(answer.mapping.get(field, _UNMAPPED)), 0))
        self._revise()

    def column_chooser(self, field: str) -> CalmComboBox:
        """Return the widget in which the column of a field is chosen."""
        chooser = self.mapping.cellWidget(self._fields.index(field), 1)
        if not isinstance(chooser, CalmComboBox):
            raise KeyError(field)
        return chooser

    def _make_mapping(self) -> QTableWidget:
        table = QTableWidget(0, 2)
        table.setHorizontalHeaderLabels([_("Field"), _("Filled from column")])
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        table.setShowGrid(False)
        table.setMinimumHeight(GRID_PX * 26)
        columns, rows = table.horizontalHeader(), table.verticalHeader()
        if columns is not None and rows is not None:
            columns.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            rows.hide()
            rows.setDefaultSectionSize(GRID_PX * 4)
        return table

    def _fill_choices(self) -> None:
        for source in self._sources:
            count = _("{count} features").format(count=f"{source.feature_count:,}")
            self.source.addItem(f"{source.name} · {count}", source.name)
        for declared in KINDS.values():
            self.kind.addItem(_(declared.title), declared.key)
        self.crs.addItem("", "")
        for code, title in CRS_CHOICES:
            self.crs.addItem(_(title), code)
        self.standard.addItem(_("(choose)"), "")
        for key, title in STANDARD_CHOICES:
            self.standard.addItem(_(title), key)
        for encoding in _ENCODINGS:
            self.encoding.addItem(encoding or _("As the file says"), encoding)

    def _lay_out(self) -> None:
        form = QFormLayout()
        self._form = form
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setVerticalSpacing(GRID_PX)
        form.addRow(_("Layer of the file"), self.source)
        form.addRow(_("What it holds"), self.kind)
        form.addRow(_("Name in the project"), self.name)
        form.addRow(_("Coordinate system"), self.crs_note)
        form.addRow("", self.crs)
        form.addRow(_("Land-class standard"), self.standard)
        form.addRow(_("Text encoding"), self.encoding)
        form.setRowVisible(self.source, len(self._sources) > 1)
        hint = QLabel(_("The program found these columns for the fields. Correct what is wrong."))
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX)
        column.addLayout(form)
        column.addSpacing(GRID_PX)
        column.addWidget(hint)
        column.addWidget(self.mapping, 1)
        column.addWidget(self.complaint)
        column.addLayout(button_row(self, self.take))

    def _current_source(self) -> SourceColumns:
        return self._sources[max(self.source.currentIndex(), 0)]

    def _current_kind(self) -> Kind:
        return KINDS[str(self.kind.currentData())]

    def _source_changed(self, *_index: object) -> None:
        source = self._current_source()
        if not self._named:
            self.name.setText(source.name if len(self._sources) > 1 else self._path.stem)
        self.crs_note.setText(source.crs or _("The file states none. Choose the one its coordinates are in."))
        self._form.setRowVisible(self.crs, not source.crs)
        fitting = [
            place
            for place, declared in enumerate(KINDS.values())
            if source.geometry in ("", declared.geometry)
        ]
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(self._best_kind(fitting, source))
        self.kind.blockSignals(False)
        self._kind_changed()

    def _best_kind(self, places: Sequence[int], source: SourceColumns) -> int:
        """Return the kind the file is named after, else that most of whose fields are found.

        On a draw a generic kind is taken.
        """
        kinds = list(KINDS.values())
        for place in places:
            names = (kinds[place].key, _(kinds[place].title))
            if any(name in f"{self._path.stem} {source.name}".lower() for name in names):
                return place
        found = [len(self._propose(kinds[place], source.columns)) for place in places]
        best = [place for place, count in zip(places, found, strict=True) if count == max(found)]
        generic = [place for place in best if kinds[place].key in _GENERIC]
        return (generic or best)[0]

    def _kind_changed(self, *_index: object) -> None:
        declared = self._current_kind()
        columns = self._current_source().columns
        proposed = self._propose(declared, columns)
        # what matters first: what must be filled, then what was found
        fields = sorted(declared.fields, key=lambda field: (not field.required, field.name not in proposed))
        self._fields = [field.name for field in fields]
        self.mapping.setRowCount(len(fields))
        for row, field in enumerate(fields):
            title = QTableWidgetItem(field.alias + (" *" if field.required else ""))
            title.setToolTip(field.name)
            self.mapping.setItem(row, 0, title)
            chooser = CalmComboBox()
            chooser.addItem(_("(left empty)"), _UNMAPPED)
            for name in columns:
                chooser.addItem(name, name)
            chooser.setCurrentIndex(max(chooser.findData(proposed.get(field.name, _UNMAPPED)), 0))
            chooser.currentIndexChanged.connect(self._revise)
            self.mapping.setCellWidget(row, 1, chooser)
        self._form.setRowVisible(self.standard, bool(declared.class_field))
        self._revise()

    def _chosen_mapping(self) -> dict[str, str]:
        """Return the column of every field; an empty one leaves the field empty."""
        fields = (field.name for field in self._current_kind().fields)
        return {name: str(self.column_chooser(name).currentData() or _UNMAPPED) for name in fields}

    def _warning(self) -> str:
        """Return what should not be missing, but may."""
        mapping = self._chosen_mapping()
        required = (field for field in self._current_kind().fields if field.required)
        missing = [field.alias for field in required if not mapping[field.name]]
        return _("These fields should be filled: {names}").format(names="、".join(missing)) if missing else ""

    def _crs_text(self) -> str:
        typed = self.crs.currentText().strip()
        place = self.crs.findText(typed)
        return str(self.crs.itemData(place)) if place >= 0 else typed.upper().removeprefix("EPSG:")

    def _problem(self) -> str:
        declared, source = self._current_kind(), self._current_source()
        if source.geometry not in ("", declared.geometry):
            return _("“{kind}” cannot be taken from this file: its shapes are of another type.").format(
                kind=_(declared.title)
            )
        if not self.name.text().strip():
            return _("Give the layer a name.")
        if not source.crs and not self._crs_text().isdigit():
            return _("Choose a coordinate system or type its EPSG number.")
        if (
            declared.class_field
            and self._chosen_mapping()[declared.class_field]
            and not self.standard.currentData()
        ):
            return _("Choose the land-class standard of the codes: a code alone does not tell.")
        return ""

    def _note_named(self) -> None:
        self._named = True
        self._revise()

    def _revise(self, *_changes: object) -> None:
        problem = self._problem()
        self.complaint.setText(problem or self._warning())
        self.take.setEnabled(not problem)
