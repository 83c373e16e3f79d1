"""The lines of a VCT file, one after another, with their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from layers.errors import InputError
from layers.formats.dbf_encoding import decide, known_encoding, rank_encodings
from layers.progress import Progress
from layers.words import _

_LINE_BYTES = 1_000_000
_SAMPLE_LINES = 20_000
_LINES_PER_STEP = 20_000


class OddObjectError(Exception):
    """Something in an object that cannot be read; the object is left out and the place is told."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class Lines:
    """Lines without blanks at their ends; empty ones and comments are passed over."""

    def __init__(self, file: BinaryIO, path: Path, encoding: str, progress: Progress) -> None:
        self._file = file
        self._path = path
        self._codec = encoding
        self._progress = progress
        self._size = max(path.stat().st_size, 1)
        self._done = 0
        self._held: str | None = None
        self.number = 0

    def next(self) -> str | None:
        """Return the next line; None at the file's end.

        Raises
        ------
        InputError
            When a line is longer than any text of the format.
        JobCancelled
            When the user stopped.
        """
        if self._held is not None:
            held, self._held = self._held, None
            return held
        line = self._read()
        while line is not None and line.casefold() == "commentbegin":
            while line is not None and line.casefold() != "commentend":
                line = self._read()
            line = self._read()
        return line

    def hold(self, line: str) -> None:
        """Give a line back: the next call returns it."""
        self._held = line

    def expected(self) -> str:
        """Return the next line of an object.

        Raises
        ------
        OddObjectError
            When the file or the section ends.
        """
        line = self.next()
        if line is None:
            raise OddObjectError(self.number, _("the file ends within it"))
        if ends_section(line):
            self.hold(line)
            raise OddObjectError(self.number, _("its section ends within it"))
        return line

    def integer(self) -> int:
        """Return the whole number on the next line.

        Raises
        ------
        OddObjectError
            When there is none.
        """
        line = self.expected()
        try:
            return int(line)
        except ValueError:
            raise OddObjectError(
                self.number, _("“{text}” is no whole number").format(text=line[:40])
            ) from None

    def _read(self) -> str | None:
        while True:
            raw = self._file.readline(_LINE_BYTES + 1)
            if not raw:
                return None
            if len(raw) > _LINE_BYTES:
                raise InputError(
                    _("Line {number} is longer than {size} MB; no VCT file has such lines.").format(
                        number=self.number + 1, size=_LINE_BYTES // 1_000_000
                    ),
                    where=str(self._path),
                    remedy=_("Check that the file is what its name says and that it is whole."),
                )
            self.number += 1
            self._done += len(raw)
            if self.number % _LINES_PER_STEP == 0:
                self._progress.step(self._done / self._size, _("Reading features"))
            line = raw.strip()
            if line:
                return line.decode(self._codec, "replace")


def ends_section(line: str) -> bool:
    """Tell whether a line ends a section (``PointEnd``)."""
    return line.isascii() and line.isalpha() and line[-3:].casefold() == "end"


def encoding_of(path: Path, wanted: str) -> tuple[str, bool]:
    """Return the encoding of a VCT file and whether it was guessed: none says what it is in.

    Raises
    ------
    InputError
        When ``wanted`` is no encoding, or nothing fits.
    """
    if wanted:
        return known_encoding(wanted), False
    with path.open("rb") as file:
        sample = [(line,) for line in _first_lines(file)]
    verdict = decide(rank_encodings(sample), "", "", path)
    return verdict.name, verdict.guessed


def _first_lines(file: BinaryIO) -> Iterator[bytes]:
    for _number in range(_SAMPLE_LINES):
        raw = file.readline(_LINE_BYTES)
        if not raw:
            return
        yield raw.strip().removeprefix(b"\xef\xbb\xbf")
