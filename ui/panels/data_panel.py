"""The panel of the data stage: what comes in, what goes out, and what the project is."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QWidget

from layers.words import _
from ui.icons import icon
from ui.panels.parts import ElidedLabel, ScrollColumn, text_label, verb_button
from ui.theme import GRID_PX, Colors


class DataPanel(ScrollColumn):
    """Offers import and export and states what is open."""

    import_asked = pyqtSignal()
    export_asked = pyqtSignal()
    check_asked = pyqtSignal()

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.importing = verb_button(_("Import a file…"), icon("import", colors.on_accent), primary=True)
        self.importing.clicked.connect(self.import_asked)
        self.exporting = verb_button(_("Export the chosen layer…"), icon("export", colors.text))
        self.exporting.clicked.connect(self.export_asked)
        self.exporting.setEnabled(False)
        self.checking = verb_button(_("Check layers"), icon("check_layers", colors.text))
        self.checking.clicked.connect(self.check_asked)
        self._facts: dict[str, ElidedLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID_PX * 2)
        grid.setVerticalSpacing(GRID_PX // 2)
        grid.setColumnStretch(1, 1)
        titles = (("file", _("File")), ("crs", _("Coordinate system")), ("layers", _("Layers")))
        for row, (key, title) in enumerate(titles):
            name = text_label(title, "muted")
            name.setWordWrap(False)
            grid.addWidget(name, row, 0)
            self._facts[key] = ElidedLabel()
            grid.addWidget(self._facts[key], row, 1)
        self.column.addWidget(self.importing)
        self.column.addWidget(self.exporting)
        self.column.addWidget(self.checking)
        self.column.addSpacing(GRID_PX)
        self.column.addWidget(text_label(_("This project"), "heading"))
        self.column.addLayout(grid)
        self.column.addStretch(1)

    def show_project(self, *, file: str, crs: str, layers: str) -> None:
        """State what is open."""
        for key, text in (("file", file), ("crs", crs), ("layers", layers)):
            self._facts[key].set_whole_text(text)

    def set_layer_chosen(self, chosen: bool) -> None:
        """Say whether a layer is chosen that could be exported."""
        self.exporting.setEnabled(chosen)
