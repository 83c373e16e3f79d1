"""The dialog of the user's own datum parameters: the sets in a list, one of them in a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from layers.datum_parameters import DatumParameters, ParameterBook
from layers.errors import ZsgisError
from layers.words import _
from ui.dialogs.datum_parameters.form import ParametersForm
from ui.theme import GRID_PX


class ParametersDialog(QDialog):
    """Every change is kept at once, for its owner alone and outside all projects.

    Parameters
    ----------
    book : ParameterBook
    ask_file, ask_place : callable
        Ask for a file of sets to take over, for a place to hand sets on to; None for neither.
    """

    def __init__(
        self,
        book: ParameterBook,
        *,
        ask_file: Callable[[], Path | None],
        ask_place: Callable[[], Path | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._book = book
        self._ask_file, self._ask_place = ask_file, ask_place
        self._shown = ""
        self.setWindowTitle(_("Own datum parameters"))
        self.resize(GRID_PX * 108, GRID_PX * 78)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Sets of parameters"))
        self.form = ParametersForm()
        self.complaint = QLabel()
        self.complaint.setTextFormat(Qt.TextFormat.PlainText)
        self.complaint.setProperty("role", "danger")
        self.complaint.setWordWrap(True)
        self.new, self.remove = _button(_("New")), _button(_("Remove the set"))
        self.take_over, self.hand_on = _button(_("Take over from a file…")), _button(_("Hand on…"))
        self.keep = QPushButton(_("Keep the set"))
        self.keep.setProperty("primary", True)
        self.keep.setDefault(True)
        self.close_button = _button(_("Close"))
        self._lay_out()
        self.list.currentItemChanged.connect(self._show_chosen)
        self.form.edited.connect(self._edited)
        self.new.clicked.connect(self._begin)
        self.keep.clicked.connect(self._keep)
        self.remove.clicked.connect(self._remove)
        self.take_over.clicked.connect(self._take_over)
        self.hand_on.clicked.connect(self._hand_on)
        self.close_button.clicked.connect(self.accept)
        self._renew("")

    def _lay_out(self) -> None:
        hint = QLabel(
            _(
                "Parameters between Xi'an 1980 or Beijing 1954 and CGCS2000 are not public. What you enter "
                "is kept on this computer for you alone; projects and reports show only a set's name."
            )
        )
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        left = QVBoxLayout()
        left.setSpacing(GRID_PX)
        left.addWidget(self.list, 1)
        for pair in ((self.new, self.remove), (self.take_over, self.hand_on)):
            row = QHBoxLayout()
            row.setSpacing(GRID_PX)
            for button in pair:
                row.addWidget(button, 1)
            left.addLayout(row)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.form)
        self.form.setContentsMargins(0, 0, GRID_PX * 2, 0)
        middle = QHBoxLayout()
        middle.setSpacing(GRID_PX * 3)
        middle.addLayout(left, 2)
        middle.addWidget(scroll, 3)
        closing = QHBoxLayout()
        closing.setSpacing(GRID_PX)
        closing.addStretch(1)
        closing.addWidget(self.close_button)
        closing.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addWidget(hint)
        column.addLayout(middle, 1)
        column.addWidget(self.complaint)
        column.addLayout(closing)

    def _renew(self, name: str) -> None:
        """List the sets anew and show one of them."""
        self.list.blockSignals(True)
        self.list.clear()
        for each in self._sets():
            item = QListWidgetItem(each.label)
            item.setData(Qt.ItemDataRole.UserRole, each.name)
            item.setToolTip(each.label)
            item.setSizeHint(QSize(0, GRID_PX * 4))
            self.list.addItem(item)
            if each.name == name:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._show_chosen()

    def _sets(self) -> Sequence[DatumParameters]:
        try:
            return self._book.sets()
        except ZsgisError as error:
            self.complaint.setText(str(error))
            return ()

    def _chosen(self) -> str:
        item = self.list.currentItem()
        return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))

    def _show_chosen(self, *_items: object) -> None:
        self._shown = self._chosen()
        self.form.show_parameters(next((each for each in self._sets() if each.name == self._shown), None))
        self.remove.setEnabled(bool(self._shown))
        self.hand_on.setEnabled(self.list.count() > 0)
        self.keep.setEnabled(False)

    def _begin(self) -> None:
        self.list.setCurrentRow(-1)
        self._show_chosen()
        self.complaint.setText("")
        self.form.name.setFocus()

    def _edited(self) -> None:
        self.complaint.setText("")
        self.keep.setEnabled(True)

    def _keep(self) -> None:
        def work() -> str:
            parameters = self.form.parameters()
            self._book.put(parameters)
            if self._shown and self._shown != parameters.name:
                self._book.remove(self._shown)
            return parameters.name

        self._try(work)

    def _remove(self) -> None:
        def work() -> str:
            self._book.remove(self._shown)
            return ""

        self._try(work)

    def _take_over(self) -> None:
        path = self._ask_file()
        if path is not None:
            self._try(lambda: next(iter(self._book.take_from(path)), ""))

    def _hand_on(self) -> None:
        """Write the chosen set, or all of them, to a file."""
        path = self._ask_place()
        names = [self._shown] if self._shown else [each.name for each in self._sets()]
        if path is not None:

            def work() -> str:
                self._book.hand_over(names, path)
                return self._shown

            self._try(work)

    def _try(self, work: Callable[[], str]) -> None:
        """Do something with the sets; what is wrong is said in the dialog and nothing is changed."""
        try:
            name = work()
        except ZsgisError as error:
            self.complaint.setText(str(error))
            return
        self.complaint.setText("")
        self._renew(name)


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    return button
