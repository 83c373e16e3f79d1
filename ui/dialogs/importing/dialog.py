"""The import dialog: what the file is, where it lies, which column is what; it asks only where not sure."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QDialog, QLabel, QPushButton, QTabWidget, QVBoxLayout, QWidget

from layers.importing.request import ImportRequest
from layers.kind import Kind
from layers.words import _
from ui.dialogs.importing.coordinates_page import CoordinatesPage
from ui.dialogs.importing.fields_page import FieldsPage
from ui.dialogs.importing.text_page import TextPage
from ui.dialogs.importing.what_page import WhatPage
from ui.dialogs.rows import button_row
from ui.palette import Colors
from ui.theme import GRID_PX
from zsgis.intake.offer import ImportOffer


class ImportDialog(QDialog):
    """Confirms or corrects what an import does.

    ``answered`` carries the request as confirmed, and the name to remember its mapping under (or nothing).
    ``reread_asked`` carries the request with which the file is to be read again: another encoding or header
    changes everything else, so the dialog is then opened anew.
    """

    answered = pyqtSignal(object, str)
    reread_asked = pyqtSignal(object)

    def __init__(self, offer: ImportOffer, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer = offer
        self.setWindowTitle(_("Import {file}").format(file=offer.request.path.name))
        self.resize(GRID_PX * 120, GRID_PX * 76)
        self.what = WhatPage(offer)
        self.coordinates = CoordinatesPage(offer, colors)
        self.fields = FieldsPage(offer)
        self.text = TextPage(offer, colors)
        self.tabs = QTabWidget()
        self._pages = (
            (self.what, _("What it is")),
            (self.coordinates, _("Coordinates")),
            (self.fields, _("Columns")),
            (self.text, _("Text and header")),
        )
        for page, title in self._pages:
            self.tabs.addTab(page, title)
        self.complaint = QLabel()
        self.complaint.setProperty("role", "danger")
        self.complaint.setWordWrap(True)
        self.complaint.setTextFormat(Qt.TextFormat.PlainText)
        self.take = QPushButton(_("Import"))
        self._lay_out()
        self.fields.show_kind(self.what.current_kind())
        self.what.kind_changed.connect(self._kind_changed)
        for page in (self.what, self.coordinates, self.fields):
            page.changed.connect(self._revise)
        self.tabs.currentChanged.connect(lambda _place: self._revise())
        self.text.reread_asked.connect(self._reread)
        self.accepted.connect(lambda: self.answered.emit(self.answer(), self.remember_as()))
        self._revise()
        self._open_first_question()

    def answer(self) -> ImportRequest:
        """Return what was confirmed."""
        return replace(
            self._offer.request,
            kind=self.what.current_kind().key,
            name=self.what.name.text().strip(),
            crs=self.coordinates.value(),
            encoding=self.text.value() or self._offer.request.encoding,
            standard=self.what.chosen_standard(),
            mapping=self.fields.mapping(),
            units=self.fields.units(),
            choices=self.text.choices(),
            secrecy=self.what.secrecy.value(),
            status=str(self.what.status.currentData() or ""),
        )

    def remember_as(self) -> str:
        """Return the name under which the mapping is to be kept; empty for not."""
        return self.fields.keep_as.text().strip()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.complaint)
        column.addLayout(button_row(self, self.take))

    def _problems(self) -> tuple[str, ...]:
        """Return what is open on each page, in the order of the pages."""
        declared = self.what.current_kind()
        has_codes = bool(declared.class_field and self.fields.mapping()[declared.class_field])
        return (
            self.what.problem(has_codes),
            self.coordinates.problem(),
            self.fields.problem(),
            self.text.problem(),
        )

    def _revise(self) -> None:
        problems = self._problems()
        for place, ((_page, title), problem) in enumerate(zip(self._pages, problems, strict=True)):
            self.tabs.setTabText(place, f"{title}  ●" if problem else title)
            self.tabs.setTabToolTip(place, problem)
        # what is open on the page one looks at comes first
        here = problems[max(self.tabs.currentIndex(), 0)]
        first = here or next((problem for problem in problems if problem), "")
        self.complaint.setText(first or self.fields.warning())
        self.take.setEnabled(not first)
        self.what.show_summary(self.coordinates.summary() or _("not chosen yet"), self._text_summary())

    def _text_summary(self) -> str:
        return self.text.value() or self._offer.intake.data.encoding or _("The format leaves no choice")

    def _open_first_question(self) -> None:
        for place, problem in enumerate(self._problems()):
            if problem:
                self.tabs.setCurrentIndex(place)
                return

    def _kind_changed(self, kind: Kind) -> None:
        self.fields.show_kind(kind)
        self._revise()

    def _reread(self, encoding: str, choices: dict[str, str]) -> None:
        request = replace(self.answer(), encoding=encoding, choices=choices, mapping={}, units={})
        # neither accepted nor rejected: this offer is over, the next one follows
        self.hide()
        self.deleteLater()
        self.reread_asked.emit(request)
