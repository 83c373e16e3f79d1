"""The dialogs port on a real screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QApplication, QColorDialog, QDialog, QFileDialog, QInputDialog, QWidget

from layers.words import _
from ui.dialogs.choosing import ChoosingDialog
from ui.dialogs.errors import ErrorDialog, report_of
from ui.dialogs.help_dialog import HelpDialog
from ui.dialogs.new_project import NewProjectDialog
from ui.dialogs.port import (
    PARAMETER_FILES,
    SHEET_FILES,
    FileFilter,
    HelpSection,
    ImportTurns,
    NewProjectAnswer,
    SystemOffer,
    Verb,
)
from ui.dialogs.question import FindingsDialog, QuestionDialog
from ui.theme import Colors

if TYPE_CHECKING:
    from layers.datum_parameters import ParameterBook
    from layers.formats.model import FormatChoice
    from ui.dialogs.print_sheet import PrintOffer
    from ui.sheet_printer import PrintOrder
    from zsgis.intake.offer import ImportOffer


class ScreenDialogs:
    """Asks with real dialogs over the window.

    Parameters
    ----------
    last_folder : callable
        Where file dialogs open the first time.
    read_folder : Path or None
        Where a file was last looked for when the program ran before; None: nowhere yet.
    remember : callable
        Told the folder that a file was chosen in.
    """

    def __init__(
        self,
        parent: QWidget,
        *,
        colors: Colors,
        last_folder: Callable[[], Path],
        read_folder: Path | None,
        remember: Callable[[Path], object],
    ) -> None:
        self._parent = parent
        self._colors = colors
        self._last_folder = last_folder
        # files that belong together lie together: the next one is looked for where the last one was
        self._read_from = read_folder
        self._remember = remember
        self._write_to: Path | None = None

    def open_file(self, title: str, filters: Sequence[FileFilter]) -> Path | None:
        """Ask for a file that exists."""
        folder = self._read_from or self._last_folder()
        chosen, _filter = QFileDialog.getOpenFileName(
            self._parent, title, str(folder), ";;".join(_filter_text(entry) for entry in filters)
        )
        if not chosen:
            return None
        self._looked_in(Path(chosen).parent)
        return Path(chosen)

    def save_file(self, title: str, name: str, filters: Sequence[FileFilter]) -> Path | None:
        """Ask for a place to write to; an ending that is missing is that of the chosen format."""
        texts = {_filter_text(entry): entry for entry in filters}
        chosen, used = QFileDialog.getSaveFileName(
            self._parent, title, str((self._write_to or self._last_folder()) / name), ";;".join(texts)
        )
        if not chosen:
            return None
        path = Path(chosen)
        self._write_to = path.parent
        allowed = {ending for entry in filters for ending in entry.endings}
        if path.suffix.lower().lstrip(".") in allowed:
            return path
        return path.with_name(f"{path.name}.{texts.get(used, filters[0]).endings[0]}")

    def new_project(self, name: str = "", crs: str = "") -> NewProjectAnswer | None:
        """Ask for the place and coordinate system of a new project."""
        dialog = NewProjectDialog(self._last_folder(), self._parent)
        dialog.propose(name, crs)
        return dialog.answer() if dialog.exec() == QDialog.DialogCode.Accepted else None

    def open_folder(self, title: str) -> Path | None:
        """Ask for a folder that exists."""
        chosen = QFileDialog.getExistingDirectory(
            self._parent, title, str(self._read_from or self._last_folder())
        )
        if not chosen:
            return None
        self._looked_in(Path(chosen).parent)
        return Path(chosen)

    def _looked_in(self, folder: Path) -> None:
        if folder != self._read_from:
            self._read_from = folder
            self._remember(folder)

    def import_file(self, offer: ImportOffer, turns: ImportTurns) -> None:
        """Show what a file is and let it be confirmed or corrected; does not wait for the answer."""
        from ui.dialogs.importing.dialog import ImportDialog

        dialog = ImportDialog(offer, self._colors, self._parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.answered.connect(turns.take)
        dialog.reread_asked.connect(turns.reread)
        dialog.rejected.connect(turns.leave)
        page = dialog.coordinates
        page.parameters_asked.connect(lambda: page.show_sets(turns.parameters()))
        dialog.open()

    def choose_several(
        self, question: str, explanation: str, choices: Sequence[tuple[str, str]]
    ) -> tuple[str, ...]:
        """Ask which of several things are wanted."""
        dialog = ChoosingDialog(question, explanation, choices, self._parent)
        return dialog.chosen() if dialog.exec() == QDialog.DialogCode.Accepted else ()

    def print_order(self, offer: PrintOffer) -> PrintOrder | None:
        """Ask how a sheet is printed."""
        from ui.dialogs.print_sheet import PrintSheetDialog

        dialog = PrintSheetDialog(offer, self._parent)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return None
        if not dialog.wants_file:
            return dialog.order()
        path = self.save_file(_("Print into a PDF"), f"{offer.layout.name}.pdf", SHEET_FILES[:1])
        return dialog.order(path) if path is not None else None

    def datum_parameters(self, book: ParameterBook) -> None:
        """Show the user's own datum parameters and let them be changed."""
        from ui.dialogs.datum_parameters.dialog import ParametersDialog

        ParametersDialog(
            book,
            ask_file=lambda: self.open_file(_("Take over datum parameters"), (PARAMETER_FILES,)),
            ask_place=lambda: self.save_file(
                _("Hand on datum parameters"), f"{_('Datum parameters')}.json", (PARAMETER_FILES,)
            ),
            parent=QApplication.activeModalWidget() or self._parent,
        ).exec()

    def format_choices(
        self, title: str, choices: Sequence[FormatChoice], said: Mapping[str, str]
    ) -> dict[str, str] | None:
        """Ask what a family of files lets one choose when it is written."""
        from ui.dialogs.format_choices import FormatChoicesDialog

        dialog = FormatChoicesDialog(title, choices, said, self._parent)
        return dialog.answer() if dialog.exec() == QDialog.DialogCode.Accepted else None

    def text(self, title: str, label: str, value: str) -> str | None:
        """Ask for one line of text."""
        text, agreed = QInputDialog.getText(self._parent, title, label, text=value)
        return text.strip() if agreed and text.strip() else None

    def color(self, title: str, value: str) -> str | None:
        """Ask for a colour."""
        chosen = QColorDialog.getColor(QColor(value), self._parent, title)
        return chosen.name().upper() if chosen.isValid() else None

    def choose(self, question: str, explanation: str, verbs: Sequence[Verb]) -> str:
        """Ask a question that is answered with a verb."""
        dialog = QuestionDialog(question, explanation, verbs, self._parent)
        dialog.exec()
        return dialog.chosen

    def coordinate_system(self, question: str, explanation: str, offered: Sequence[SystemOffer]) -> str:
        """Ask what coordinates are."""
        from ui.dialogs.redline_system import RedlineSystemDialog

        dialog = RedlineSystemDialog(question, explanation, offered, self._parent)
        return dialog.value() if dialog.exec() == QDialog.DialogCode.Accepted else ""

    def show_error(self, error: BaseException, remedies: Sequence[Verb] = ()) -> str:
        """Say what is wrong, where, and what to do; return the remedy that was chosen."""
        dialog = ErrorDialog(report_of(error), self._colors.danger, self._parent, remedies=remedies)
        dialog.exec()
        return dialog.chosen

    def show_findings(self, title: str, lines: Sequence[str]) -> None:
        """Show what was noticed while something was done."""
        FindingsDialog(title, lines, self._parent).exec()

    def show_help(self, sections: Sequence[HelpSection]) -> None:
        """Show the help."""
        HelpDialog(sections, self._parent).exec()


def _filter_text(entry: FileFilter) -> str:
    return f"{_(entry.title)} ({' '.join(f'*.{ending}' for ending in entry.endings)})"
