"""In which ways the text of a plain text file (boundary points, CSV) can be read."""

from __future__ import annotations

import codecs
from pathlib import Path

from layers.formats.dbf_encoding import EncodingCandidate, rank_encodings
from layers.formats.file_heads import head_of

_SAMPLE_BYTES = 1_000_000
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def text_candidates(path: Path) -> tuple[EncodingCandidate, ...]:
    """Return the readings of a text file, the likeliest first.

    None where there is nothing to decide: the text is ASCII, its first bytes say what it is in, or the file
    is no plain text (a workbook).

    Raises
    ------
    InputError
        When the file cannot be opened.
    """
    head = head_of(path)
    if head.startswith(_MARKS) or b"\0" in head or head.startswith(b"PK"):
        return ()
    with path.open("rb") as file:
        data = file.read(_SAMPLE_BYTES)
    if len(data) == _SAMPLE_BYTES:
        # the last line may end in the middle of a character
        data = data[: data.rfind(b"\n") + 1] or data
    return rank_encodings([[line] for line in data.splitlines()])
