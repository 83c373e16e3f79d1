"""How tests read a text of boundary points and look at what was told of it."""

from __future__ import annotations

from pathlib import Path

from layers.formats.boundary_txt import BOUNDARY_TXT
from layers.formats.model import ReadOptions, SourceData
from layers.progress import NoProgress


def read(folder: Path, text: str | bytes, **options: object) -> SourceData:
    path = folder / "红线.txt"
    path.write_bytes(text.encode("gb18030") if isinstance(text, str) else text)
    return BOUNDARY_TXT.read(path, ReadOptions(**options), NoProgress())  # type: ignore[arg-type]


def codes(data: SourceData) -> list[str]:
    return [note.code for note in data.notes]


def only(data: SourceData, code: str) -> str:
    (text,) = [note.text for note in data.notes if note.code == code]
    return text
