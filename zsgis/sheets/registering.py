"""Sheets that were written, entered in the project's register of exports."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from layers.secrecy import highest
from zsgis.run_records.exports import SHEET, Approval, ExportNote, FileNote, record_export

if TYPE_CHECKING:
    from layers.store import Project
    from zsgis.sheets.clearance import Clearance
    from zsgis.sheets.preflight import SheetFinding

_CHUNK = 1 << 20


@dataclass(frozen=True)
class SheetEntry:
    """What the register is told of one order of sheets.

    Attributes
    ----------
    secrecy : tuple of str
        Every 密级 that sheets state and that layers shown on them have; the highest is entered.
    found : tuple of SheetFinding
        What the check before the export found; those that would have stopped it are entered.
    """

    title: str
    secrecy: tuple[str, ...]
    clearance: Clearance
    found: tuple[SheetFinding, ...]


def register_sheets(project: Project, entry: SheetEntry, files: Sequence[Path]) -> None:
    """Enter the files of one order as one export; a project that may only be read has no entry.

    Raises
    ------
    ProjectFileError
        When the project cannot be written.
    """
    _register(project, entry, tuple(_note(file) for file in files if file.is_file()))


def register_delivery(project: Project, entry: SheetEntry, where: str) -> None:
    """Enter sheets that left without a file, to a printer for instance; errors as above."""
    _register(project, entry, (FileNote(where, "", "", 0),))


def _register(project: Project, entry: SheetEntry, notes: tuple[FileNote, ...]) -> None:
    if project.read_only or not notes:
        return
    review = entry.clearance.review
    overridden = tuple(finding.told().text for finding in entry.found if finding.blocking)
    record_export(
        project,
        ExportNote(
            SHEET,
            entry.title,
            notes,
            highest(*entry.secrecy),
            entry.clearance.override if overridden else Approval(),
            demo=any(info.demo for info in project.layers()),
            use=str(entry.clearance.use),
            review="" if review.state is None else str(review.state),
            review_word=review.word,
            overridden=overridden,
        ),
    )


def _note(file: Path) -> FileNote:
    digest = hashlib.sha256()
    with file.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return FileNote(file.name, str(file.resolve()), digest.hexdigest(), file.stat().st_size)
