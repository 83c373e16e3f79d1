"""The secrecy (密级) of a layer on its way out: in the file where there is room, else in a note beside."""

from __future__ import annotations

from pathlib import Path

from layers.secrecy import LEVELS, rank
from layers.words import _

_MARKED_FROM = LEVELS.index("内部")
_ENDING = ".密级.txt"


def mark_of(secrecy: str) -> str:
    """Return the words that a file made from a layer bears; empty where nothing restricts it.

    Raises
    ------
    InputError
        For a word that is no level.
    """
    return _("Secrecy: {secrecy}").format(secrecy=secrecy) if rank(secrecy) >= _MARKED_FROM else ""


def note_beside(path: Path) -> Path:
    """Return where the note about a file lies: beside it, under its name."""
    return path.with_name(f"{path.name}{_ENDING}")


def write_beside(path: Path, mark: str) -> Path:
    """Write the note about a file that has no room for it."""
    note = note_beside(path)
    text = _("{mark}. This holds for {name}, which cannot say it itself; keep the two together.")
    note.write_text(text.format(mark=mark, name=path.name) + "\r\n", encoding="utf-8-sig", newline="")
    return note
