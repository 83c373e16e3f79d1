"""The XML of a workbook's parts, walked once by expat: no tree is built, nothing is expanded."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat

from layers.errors import InputError
from layers.progress import NoProgress, Progress
from layers.words import _

Start = Callable[[str, dict[str, str]], None]
"""Takes an element's name without its prefix, and its attributes."""
End = Callable[[str, str], None]
"""Takes an element's name, and its text where that was to be kept."""

_CHUNK = 2**20


class EnoughRead(Exception):  # noqa: N818 - a signal to stop walking, no error
    """Raised by whoever walks a part and needs no more of it."""


@dataclass(frozen=True)
class WorkbookXml:
    """One part of a workbook.

    Attributes
    ----------
    path : Path
        The workbook, for messages.
    data : bytes
        The part, unpacked.
    """

    path: Path
    data: bytes

    def walk(
        self, start: Start, end: End, *, keeping: Set[str], progress: Progress | None = None, text: str = ""
    ) -> bool:
        """Walk through the elements in their order; tell whether the end was reached.

        Parameters
        ----------
        keeping : set of str
            Names of elements whose text is wanted.
        text : str
            What the progress says.

        Raises
        ------
        InputError
            When the part declares entities.
        xml.parsers.expat.ExpatError
            When it is no well-formed XML.
        """
        reporter = progress or NoProgress()
        parser = self._parser(start, end, keeping)
        try:
            for place in range(0, len(self.data), _CHUNK):
                reporter.step(place / len(self.data), text)
                parser.Parse(self.data[place : place + _CHUNK], False)
            parser.Parse(b"", True)
        except EnoughRead:
            return False
        return True

    def _parser(self, start: Start, end: End, keeping: Set[str]) -> Any:
        kept: list[str] = []
        parser = expat.ParserCreate()
        parser.buffer_text = True

        def begin(name: str, attributes: dict[str, str]) -> None:
            local = name.rpartition(":")[2] if ":" in name else name
            if local in keeping:
                kept.clear()
                parser.CharacterDataHandler = kept.append
            start(local, attributes)

        def finish(name: str) -> None:
            local = name.rpartition(":")[2] if ":" in name else name
            if local in keeping:
                parser.CharacterDataHandler = None
                end(local, "".join(kept))
            else:
                end(local, "")

        parser.StartElementHandler = begin
        parser.EndElementHandler = finish
        parser.StartDoctypeDeclHandler = self._refuse
        return parser

    def _refuse(self, *_declaration: object) -> None:
        raise refused(
            self.path, _("The workbook declares XML entities, as no workbook does; it was not read.")
        )


def refused(path: Path, what: str) -> InputError:
    """Return the sentence for a workbook that says what no workbook says."""
    return InputError(
        what,
        where=str(path),
        remedy=_("Open it in Excel or WPS and save it as .xlsx, or get the file once more."),
    )
