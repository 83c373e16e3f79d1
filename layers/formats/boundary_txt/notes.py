"""What is to be said of a file, with its lines; many of a kind are said once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from layers.findings import Severity
from layers.formats.model import SourceNote
from layers.words import _

_SHOWN = 200


@dataclass(frozen=True)
class LineNote:
    """A note about a line (0 for none) and a row of the frame (-1 for none)."""

    code: str
    severity: Severity
    text: str
    line: int = 0
    row: int = -1


def source_notes(file_name: str, notes: Sequence[LineNote]) -> tuple[SourceNote, ...]:
    """Return the notes as told of a file, ``file:line: sentence``; of a code the first 200 one by one."""
    told: list[SourceNote] = []
    for code in dict.fromkeys(note.code for note in notes):
        same = [note for note in notes if note.code == code]
        told += [
            SourceNote(code, note.severity, _placed(file_name, note), _rows([note])) for note in same[:_SHOWN]
        ]
        rest = same[_SHOWN:]
        if rest:
            text = _("{file}: the same holds for {count} more places.")
            told.append(
                SourceNote(code, rest[0].severity, text.format(file=file_name, count=len(rest)), _rows(rest))
            )
    return tuple(told)


def _placed(file_name: str, note: LineNote) -> str:
    return f"{file_name}:{note.line}: {note.text}" if note.line else f"{file_name}: {note.text}"


def _rows(notes: Iterable[LineNote]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(note.row for note in notes if note.row >= 0))
