"""What the text of a table is written in: what the file says, else what it can be without a fault."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from layers.errors import InputError
from layers.findings import Severity
from layers.formats.model import SourceNote
from layers.words import _

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CUT_CHARACTER = 3  # bytes of a character that a file may break off in


@dataclass(frozen=True)
class DecodedText:
    """The text of a file.

    Attributes
    ----------
    encoding : str
        What it was read with.
    guessed : bool
        True where neither file nor caller said so.
    """

    text: str
    encoding: str
    guessed: bool
    notes: tuple[SourceNote, ...] = ()


def decode(path: Path, data: bytes, wanted: str = "") -> DecodedText:
    """Return the text of a file: as wanted, by its byte order mark, as UTF-8, as GB 18030.

    Raises
    ------
    InputError
        When it is in none of them; the message gives the line.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return DecodedText(_decoded(path, data[len(mark) :], encoding), encoding, False)
    if wanted:
        return DecodedText(_decoded(path, data, wanted), wanted, False)
    for encoding, place in (("utf-16-le", 1), ("utf-16-be", 0)):
        if data[place:4096:2].count(0) > len(data[:4096]) // 4:
            return DecodedText(_decoded(path, data, encoding), encoding, True)
    return _guess(path, data)


def _guess(path: Path, data: bytes) -> DecodedText:
    try:
        text = data.decode("utf-8")
        return DecodedText(text, "utf-8", not data.isascii())
    except UnicodeDecodeError as error:
        if len(data) - error.start <= _CUT_CHARACTER and error.reason == "unexpected end of data":
            note = SourceNote(
                "tables.cut_off",
                Severity.WARNING,
                _("The file breaks off within a character at its end; that character is missing."),
            )
            return DecodedText(data[: error.start].decode("utf-8"), "utf-8", True, (note,))
    return DecodedText(_decoded(path, data, "gb18030"), "gb18030", True)


def _decoded(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            _("The text in line {line} is not in {encoding}.").format(line=line, encoding=encoding.upper()),
            where=f"{path}:{line}",
            remedy=_("Name its encoding, for instance GBK or UTF-8 (--encoding)."),
            details=str(error),
        ) from error
    except LookupError as error:
        raise InputError(
            _("“{name}” is no encoding of text.").format(name=encoding),
            remedy=_("Name its encoding, for instance GBK or UTF-8 (--encoding)."),
        ) from error
