"""What the flows may ask a person; the screen answers it with dialogs, a test with prepared answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from layers.words import N_

if TYPE_CHECKING:
    from layers.datum_parameters import DatumParameters, ParameterBook
    from layers.formats.model import FormatChoice
    from layers.importing.request import ImportRequest
    from ui.dialogs.print_sheet import PrintOffer
    from ui.sheet_printer import PrintOrder
    from zsgis.intake.offer import ImportOffer


@dataclass(frozen=True)
class FileFilter:
    """One entry of a file dialog: a message id and the endings, ``("gpkg",)``."""

    title: str
    endings: tuple[str, ...]


PROJECT_FILES = FileFilter(N_("zsgis project"), ("gpkg",))
WORKBOOK_FILES = FileFilter(N_("Excel workbook"), ("xlsx",))
PARAMETER_FILES = FileFilter(N_("Datum parameters"), ("json",))
JSON_FILES = FileFilter(N_("JSON document"), ("json",))
WEB_FILES = FileFilter(N_("Web page"), ("html",))
SHEET_FILES = (
    FileFilter(N_("PDF document"), ("pdf",)),
    FileFilter(N_("SVG drawing"), ("svg",)),
    FileFilter(N_("PNG picture"), ("png",)),
    FileFilter(N_("JPG picture"), ("jpg",)),
    FileFilter(N_("GeoTIFF picture"), ("tif",)),
)


@dataclass(frozen=True)
class NewProjectAnswer:
    """Where and in which coordinate system a new project is made."""

    path: Path
    title: str
    crs: str


@dataclass(frozen=True)
class ImportTurns:
    """What may follow when a file is offered for import; exactly one of the first three is called.

    ``take`` brings it in as confirmed and keeps the mapping under a name, if one is given; ``reread`` reads
    the file in another way and offers it anew; ``leave`` leaves it. ``parameters`` lets the user's own datum
    parameters be changed meanwhile, and returns them.
    """

    take: Callable[[ImportRequest, str], None]
    reread: Callable[[ImportRequest], None]
    leave: Callable[[], None]
    parameters: Callable[[], Sequence[DatumParameters]]


@dataclass(frozen=True)
class Verb:
    """One answer to a question: what will be done, in words."""

    key: str
    text: str


@dataclass(frozen=True)
class SystemOffer:
    """A coordinate system that is offered: what names it, its words, and what speaks for it, if anything."""

    value: str
    title: str
    reason: str = ""


@dataclass(frozen=True)
class HelpSection:
    """One part of the help: a heading, and in each row what it is about and what is said of it."""

    title: str
    rows: tuple[tuple[str, str], ...]


class Dialogs(Protocol):
    """Everything that waits for a person."""

    def open_file(self, title: str, filters: Sequence[FileFilter]) -> Path | None:
        """Ask for a file that exists."""
        ...

    def save_file(self, title: str, name: str, filters: Sequence[FileFilter]) -> Path | None:
        """Ask for a place to write to; ``name`` is proposed."""
        ...

    def new_project(self, name: str = "", crs: str = "") -> NewProjectAnswer | None:
        """Ask for the place and coordinate system of a new project; a name and a system may be proposed."""
        ...

    def open_folder(self, title: str) -> Path | None:
        """Ask for a folder that exists."""
        ...

    def import_file(self, offer: ImportOffer, turns: ImportTurns) -> None:
        """Show what a file is and let it be confirmed or corrected; does not wait for the answer."""
        ...

    def choose_several(
        self, question: str, explanation: str, choices: Sequence[tuple[str, str]]
    ) -> tuple[str, ...]:
        """Ask which of several things are wanted, each a key and its words; none means: leave it."""
        ...

    def datum_parameters(self, book: ParameterBook) -> None:
        """Show the user's own datum parameters and let them be changed."""
        ...

    def format_choices(
        self, title: str, choices: Sequence[FormatChoice], said: Mapping[str, str]
    ) -> dict[str, str] | None:
        """Ask what a family of files lets one choose when it is written; None means: do not write."""
        ...

    def print_order(self, offer: PrintOffer) -> PrintOrder | None:
        """Show how a sheet lies on paper, and ask where it is printed; None means: do not print."""
        ...

    def text(self, title: str, label: str, value: str) -> str | None:
        """Ask for one line of text."""
        ...

    def color(self, title: str, value: str) -> str | None:
        """Ask for a colour, ``#RRGGBB``."""
        ...

    def choose(self, question: str, explanation: str, verbs: Sequence[Verb]) -> str:
        """Ask a question that is answered with a verb; an empty key means: leave things as they are."""
        ...

    def coordinate_system(self, question: str, explanation: str, offered: Sequence[SystemOffer]) -> str:
        """Ask what coordinates are, one of those offered or typed; an empty text means: leave it."""
        ...

    def show_error(self, error: BaseException, remedies: Sequence[Verb] = ()) -> str:
        """Say what is wrong, where, and what to do; return which of the remedies was chosen, if any."""
        ...

    def show_findings(self, title: str, lines: Sequence[str]) -> None:
        """Show what was noticed while something was done."""
        ...

    def show_help(self, sections: Sequence[HelpSection]) -> None:
        """Show the help."""
        ...
