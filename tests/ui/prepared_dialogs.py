"""Answers in place of a person: dialogs prepared in advance, for tests that act in the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from layers.datum_parameters import ParameterBook
from layers.formats.model import FormatChoice
from layers.importing.request import ImportRequest
from ui.dialogs.port import FileFilter, HelpSection, ImportTurns, NewProjectAnswer, SystemOffer, Verb
from ui.dialogs.print_sheet import PrintOffer
from ui.sheet_printer import PrintOrder
from zsgis.intake.offer import ImportOffer


@dataclass
class PreparedDialogs:
    """Answers in place of a person, and keeps what was asked and shown."""

    files: list[Path | None] = field(default_factory=list)
    project: NewProjectAnswer | None = None
    importing: Callable[[ImportOffer], ImportRequest | None] = lambda _offer: None
    several: Callable[[Sequence[str]], Sequence[str]] = tuple
    line: str | None = None
    picked: str | None = None
    earlier: ImportRequest | None = None
    remember: str = ""
    verb: str = ""
    system: str = ""
    systems: list[list[str]] = field(default_factory=list)
    remedy: str = ""
    proposed: tuple[str, str] = ("", "")
    offered: list[list[str]] = field(default_factory=list)
    help: tuple[HelpSection, ...] = ()
    asked: list[str] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    chosen_of_format: Callable[[Sequence[str]], dict[str, str] | None] = lambda _keys: {}
    said: list[dict[str, str]] = field(default_factory=list)
    books: list[ParameterBook] = field(default_factory=list)
    printing: PrintOrder | None = None
    offers: list[PrintOffer] = field(default_factory=list)

    def open_file(self, title: str, _filters: Sequence[FileFilter]) -> Path | None:
        self.asked.append(title)
        return self.files.pop(0) if self.files else None

    def save_file(self, _title: str, name: str, _filters: Sequence[FileFilter]) -> Path | None:
        self.asked.append(name)
        return self.files.pop(0) if self.files else None

    def new_project(self, name: str = "", crs: str = "") -> NewProjectAnswer | None:
        self.proposed = (name, crs)
        return self.project

    def open_folder(self, title: str) -> Path | None:
        return self.open_file(title, ())

    def import_file(self, offer: ImportOffer, turns: ImportTurns) -> None:
        self.earlier = offer.request
        answer = self.importing(offer)
        if answer is None:
            turns.leave()
        else:
            turns.take(answer, self.remember)

    def choose_several(
        self, question: str, _explanation: str, choices: Sequence[tuple[str, str]]
    ) -> tuple[str, ...]:
        self.asked.append(question)
        return tuple(self.several([key for key, _words in choices]))

    def datum_parameters(self, book: ParameterBook) -> None:
        self.books.append(book)

    def format_choices(
        self, title: str, choices: Sequence[FormatChoice], said: Mapping[str, str]
    ) -> dict[str, str] | None:
        self.asked.append(title)
        self.said.append(dict(said))
        return self.chosen_of_format([choice.key for choice in choices])

    def print_order(self, offer: PrintOffer) -> PrintOrder | None:
        self.offers.append(offer)
        return self.printing

    def text(self, _title: str, _label: str, _value: str) -> str | None:
        return self.line

    def color(self, _title: str, _value: str) -> str | None:
        return self.picked

    def choose(self, question: str, explanation: str, _verbs: Sequence[Verb]) -> str:
        self.asked.append(question)
        self.explained.append(explanation)
        return self.verb

    def coordinate_system(self, question: str, explanation: str, offered: Sequence[SystemOffer]) -> str:
        self.asked.append(question)
        self.explained.append(explanation)
        self.systems.append([each.value for each in offered])
        return self.system

    def show_error(self, error: BaseException, remedies: Sequence[Verb] = ()) -> str:
        self.errors.append(error)
        offered = [verb.key for verb in remedies]
        self.offered.append(offered)
        return self.remedy if self.remedy in offered else ""

    def show_help(self, sections: Sequence[HelpSection]) -> None:
        self.help = tuple(sections)

    def show_findings(self, _title: str, lines: Sequence[str]) -> None:
        self.findings.extend(lines)
