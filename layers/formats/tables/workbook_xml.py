"""The XML of a workbook's parts, walked once by expat: no tree is built, nothing is expanded."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat

from layers.errors import InputError
from layers.progress import NoProgress, Progress
from layers.words import _

Start = Callable[[str, dict[str, str]], None]
"""Takes an element's name without the workbook's prefix, and its attributes."""
End = Callable[[str], None]
"""Takes an element's name."""
Text = Callable[[str], object]
"""Takes the text between two tags."""

_PREFIXED = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<[?!][^>]*>\s*)*<[\w.-]+:")
_CHUNK = 2**20
_WIDE = 8  # among these there is a zero where a character takes two bytes


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
        self, start: Start, end: End, text: Text | None = None, *, progress: Progress | None = None
    ) -> bool:
        """Walk through the elements in their order; tell whether the end was reached.

        Raises
        ------
        InputError
            When the part declares entities.
        xml.parsers.expat.ExpatError
            When it is no well-formed XML.
        """
        reporter = progress or NoProgress()
        parser = self._parser(start, end)
        if text is not None:
            parser.CharacterDataHandler = text
        try:
            for place in range(0, len(self.data), _CHUNK):
                reporter.step(place / len(self.data), _("Reading rows"))
                parser.Parse(self.data[place : place + _CHUNK], False)
            parser.Parse(b"", True)
        except EnoughRead:
            return False
        return True

    def _parser(self, start: Start, end: End) -> Any:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        # a call more for each of a million elements: only where there may be prefixes, as few workbooks have
        if _PREFIXED.match(self.data) or b"\0" in self.data[:_WIDE]:
            parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
            parser.EndElementHandler = lambda name: end(_local(name))
        else:
            parser.StartElementHandler, parser.EndElementHandler = start, end
        return parser

    def _refuse(self, *_declaration: object) -> None:
        raise refused(
            self.path, _("The workbook declares XML entities, as no workbook does; it was not read.")
        )


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def refused(path: Path, what: str) -> InputError:
    """Return the sentence for a workbook that says what no workbook says."""
    return InputError(
        what,
        where=str(path),
        remedy=_("Open it in Excel or WPS and save it as .xlsx, or get the file once more."),
    )
