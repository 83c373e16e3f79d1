"""The sheets that were exported, as the register of exports knows them, where they still lie unchanged."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from layers.progress import Progress
from layers.words import _
from zsgis.evidence.model import SHEETS
from zsgis.evidence.packing import Packer, safe_name
from zsgis.run_records.exports import SHEET, KeptFile, exports_of

if TYPE_CHECKING:
    from layers.store import Project

MOST_BYTES = 500_000_000
_CHUNK = 1 << 20


def pack_sheets(packer: Packer, project: Project, progress: Progress) -> tuple[str, ...]:
    """Write the sheets that are where they were written to, as they were written; return what is not in it.

    Of sheets written to one place again the latest counts.
    """
    latest: dict[str, KeptFile] = {}
    for export in exports_of(project, SHEET):
        for file in export.files:
            latest.pop(file.path, None)
            latest[file.path] = file
    room = MOST_BYTES
    notes = []
    for number, file in enumerate(latest.values(), start=1):
        progress.step(number / len(latest), _("Sheet {name}").format(name=file.name))
        why = _why_not(file, room, progress)
        if why:
            text = _("Sheet “{name}” is not in the folder: {why}")
            notes.append(text.format(name=file.name, why=why))
            continue
        path = Path(file.path)
        packer.file(f"{SHEETS}/{number:03d}-{safe_name(path.stem)}{path.suffix}", path)
        room -= file.size
    return tuple(notes)


def _why_not(file: KeptFile, room: int, progress: Progress) -> str:
    """Return why a sheet is left out; empty where it is put in."""
    if file.size > room:
        return _("the sheets are too large together.")
    try:
        same = _sha256(Path(file.path), progress) == file.sha256
    except OSError:
        return _("it is no longer where it was written to.")
    return "" if same else _("it was changed since it was exported.")


def _sha256(path: Path, progress: Progress) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            progress.step(0.0)
            digest.update(chunk)
    return digest.hexdigest()
