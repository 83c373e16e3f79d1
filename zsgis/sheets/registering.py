"""Sheets that were written, entered in the project's register of exports."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from layers.secrecy import highest
from zsgis.run_records.exports import SHEET, ExportNote, FileNote, record_export

if TYPE_CHECKING:
    from layers.store import Project
    from zsgis.sheets.layout import SheetLayout

_CHUNK = 1 << 20


def register_sheets(project: Project, layouts: Sequence[SheetLayout], files: Sequence[Path]) -> None:
    """Enter the files of one order as one export; a project that may only be read has no entry.

    Raises
    ------
    ProjectFileError
        When the project cannot be written.
    """
    notes = tuple(_note(file) for file in files if file.is_file())
    if project.read_only or not notes:
        return
    secrecy = highest(*(layout.secrecy for layout in layouts))
    title = layouts[0].name if len(layouts) == 1 else files[0].stem
    record_export(
        project, ExportNote(SHEET, title, notes, secrecy, demo=any(info.demo for info in project.layers()))
    )


def _note(file: Path) -> FileNote:
    digest = hashlib.sha256()
    with file.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return FileNote(file.name, str(file.resolve()), digest.hexdigest(), file.stat().st_size)
