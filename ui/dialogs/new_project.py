"""The dialog for a new project: name, place, coordinate system."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from layers.words import N_, _
from ui.dialogs.port import NewProjectAnswer
from ui.dialogs.rows import button_row
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX

# What an officer of Zhongshan meets; any other system is typed as its EPSG number.
CRS_CHOICES = (
    ("4547", N_("CGCS2000, 3-degree zone, central meridian 114°E (EPSG 4547)")),
    ("4526", N_("CGCS2000, 3-degree zone 38, with zone number (EPSG 4526)")),
    ("4546", N_("CGCS2000, 3-degree zone, central meridian 111°E (EPSG 4546)")),
    ("32650", N_("WGS 84, UTM zone 50N (EPSG 32650)")),
    ("32649", N_("WGS 84, UTM zone 49N (EPSG 32649)")),
)
_FORBIDDEN = set('\\/:*?"<>|')


class NewProjectDialog(QDialog):
    """Asks for what a project cannot do without.

    Parameters
    ----------
    folder : Path
        Where the file goes unless another place is chosen.
    """

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("New project"))
        self.setMinimumWidth(GRID_PX * 70)
        self.name = QLineEdit()
        self.name.setPlaceholderText(_("for instance: 科学城用地盘点"))
        self.folder = QLineEdit(str(folder))
        browse = QPushButton(_("Choose…"))
        browse.clicked.connect(self._browse)
        place = QHBoxLayout()
        place.setSpacing(GRID_PX)
        place.addWidget(self.folder, 1)
        place.addWidget(browse)
        self.crs = CalmComboBox()
        self.crs.setEditable(True)
        self.crs.setInsertPolicy(CalmComboBox.InsertPolicy.NoInsert)
        for code, title in CRS_CHOICES:
            self.crs.addItem(_(title), code)
        self.crs.setToolTip(_("Choose a system or type an EPSG number"))
        form = QFormLayout()
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setVerticalSpacing(GRID_PX * 2)
        form.addRow(_("Project name"), self.name)
        form.addRow(_("Folder"), place)
        form.addRow(_("Coordinate system"), self.crs)
        self.complaint = QLabel()
        self.complaint.setProperty("role", "danger")
        self.complaint.setWordWrap(True)
        self.make = QPushButton(_("Make the project"))
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(form)
        column.addWidget(self.complaint)
        column.addLayout(button_row(self, self.make))
        self.name.textChanged.connect(self._revise)
        self.folder.textChanged.connect(self._revise)
        self.crs.editTextChanged.connect(self._revise)
        self._revise()

    def answer(self) -> NewProjectAnswer:
        """Return what was asked for."""
        name = self.name.text().strip()
        return NewProjectAnswer(Path(self.folder.text().strip()) / f"{name}.gpkg", name, self._crs_text())

    def propose(self, name: str, crs: str) -> None:
        """Propose a name and the code of a coordinate system; empty ones leave what stands there."""
        if name:
            self.name.setText("".join("_" if sign in _FORBIDDEN else sign for sign in name))
        if crs:
            place = self.crs.findData(crs)
            self.crs.setCurrentIndex(place)
            if place < 0:
                self.crs.setEditText(crs)

    def _crs_text(self) -> str:
        typed = self.crs.currentText().strip()
        place = self.crs.findText(typed)
        return str(self.crs.itemData(place)) if place >= 0 else typed.upper().removeprefix("EPSG:")

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("Folder of the project"), self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def _problem(self) -> str:
        name, folder = self.name.text().strip(), self.folder.text().strip()
        if not name:
            return _("Give the project a name.")
        if _FORBIDDEN & set(name):
            return _("The name becomes a file name: leave out {signs}").format(
                signs=" ".join(sorted(_FORBIDDEN))
            )
        if not folder or not Path(folder).is_dir():
            return _("The folder does not exist.")
        if (Path(folder) / f"{name}.gpkg").exists():
            return _("A file of this name is there already. Choose another name.")
        if not self._crs_text().isdigit():
            return _("Choose a coordinate system or type its EPSG number.")
        return ""

    def _revise(self, *_changes: object) -> None:
        problem = self._problem()
        self.complaint.setText(problem)
        self.make.setEnabled(not problem)
