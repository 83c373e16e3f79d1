"""The secrecy (密级) of a layer as files carry it: in the file where there is room, else in a note beside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from layers.formats.model import ReadOptions, SourceData, SourceFormat
from layers.progress import Progress
from layers.secrecy import FIRST_MARKED, LEVELS, highest, rank
from layers.words import _

_ENDING = ".密级.txt"
_NOTE_BYTES = 4_000
# what mark_of writes, in any language of the program, and what others write by hand
_WORDS = re.compile(
    rf"(?:密\s*级|Secrecy)\s*[:：]\s*({'|'.join(LEVELS[1:])})(?:\s*★\s*([^\s。.,，;；<>()（）]{{1,20}}))?"
)


def mark_of(secrecy: str) -> str:
    """Return the words that a file made from a layer bears; empty where nothing restricts it.

    Raises
    ------
    InputError
        For a word that is no level.
    """
    return _("Secrecy: {secrecy}").format(secrecy=secrecy) if rank(secrecy) >= rank(FIRST_MARKED) else ""


def note_beside(path: Path) -> Path:
    """Return where the note about a file lies: beside it, under its name."""
    return path.with_name(f"{path.name}{_ENDING}")


def is_note(path: Path) -> bool:
    """Tell whether a file is such a note about another."""
    return path.name.endswith(_ENDING)


def write_beside(path: Path, mark: str) -> Path:
    """Write the note about a file that has no room for it."""
    note = note_beside(path)
    text = _("{mark}. This holds for {name}, which cannot say it itself; keep the two together.")
    note.write_text(text.format(mark=mark, name=path.name) + "\r\n", encoding="utf-8-sig", newline="")
    return note


def secrecy_in(*texts: str) -> str:
    """Return the highest secrecy that words of a file state (``密级：内部★10年`` gives ``内部★10年``).

    Empty where they state none.
    """
    return highest(*_stated(texts))


def read_marked(reader: SourceFormat, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
    """Read a layer; a note beside the file about its secrecy counts as if the file said it."""
    data = reader.read(path, options, progress)
    return replace(data, secrecy=highest(data.secrecy, secrecy_beside(path)))


def secrecy_beside(path: Path) -> str:
    """Return the secrecy that a note beside a file states; empty where there is no such note."""
    note = note_beside(path)
    if not note.is_file():
        return ""
    with note.open("rb") as file:
        return secrecy_in(file.read(_NOTE_BYTES).decode("utf-8-sig", "replace"))


def _stated(texts: Iterable[str]) -> list[str]:
    found = [match.groups() for text in texts for match in _WORDS.finditer(text)]
    return [f"{level}★{term}" if term else level for level, term in found]
