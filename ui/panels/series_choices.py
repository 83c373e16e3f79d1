"""What is asked of a series: names of files, scales, one document, an index, going on where it stopped."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from layers.words import _
from ui.panels.parts import text_label
from ui.theme import GRID_PX


@dataclass(frozen=True)
class SeriesWish:
    """What is asked of one sheet for each feature, as it was typed.

    Attributes
    ----------
    files : str
        Pattern of the files' names; empty leaves them to the program.
    scales : str
        Denominators with commas between; empty means any round scale.
    bound : bool
        All sheets in one document.
    index : bool
        A sheet before them that shows where each lies.
    resume : bool
        Only what an interrupted series has not written.
    """

    files: str = ""
    scales: str = ""
    bound: bool = False
    index: bool = False
    resume: bool = False


class SeriesChoices(QWidget):
    """The part of the sheets panel that holds for one sheet each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.files = QLineEdit()
        self.files.setPlaceholderText("{number}-{zone}")
        self.files.setAccessibleName(_("Names of files"))
        self.files.setToolTip(
            _("In braces: number, sheet, zone, title, scale. Blank: the sheets' own names.")
        )
        self.scales = QLineEdit()
        self.scales.setPlaceholderText(_("any, or 500,1000,2000"))
        self.scales.setAccessibleName(_("Scales"))
        self.scales.setToolTip(_("Each sheet takes the largest of these scales at which it fits."))
        self.bound = QCheckBox(_("All in one document"))
        self.bound.toggled.connect(self._revise)
        self.index = QCheckBox(_("With a sheet that shows where each lies"))
        self.resume = QCheckBox(_("Take up an interrupted series"))
        form = QFormLayout()
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setVerticalSpacing(GRID_PX)
        form.addRow(_("Names of files"), self.files)
        form.addRow(_("Scales"), self.scales)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID_PX, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(text_label(_("One sheet each"), "heading"))
        column.addLayout(form)
        for box in (self.bound, self.index, self.resume):
            column.addWidget(box)

    def wish(self) -> SeriesWish:
        """Return what is asked for."""
        bound = self.bound.isChecked()
        return SeriesWish(
            files="" if bound else self.files.text().strip(),
            scales=self.scales.text().strip(),
            bound=bound,
            index=self.index.isChecked(),
            resume=self.resume.isChecked() and not bound,
        )

    def _revise(self) -> None:
        """One document has one name, and is drawn as a whole."""
        apart = not self.bound.isChecked()
        self.files.setEnabled(apart)
        self.resume.setEnabled(apart)
