"""XML from outside: in whatever encoding it is, without entities, no deeper than it needs to be."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from layers.errors import InputError
from layers.progress import Progress
from layers.words import _

# field files are a few megabytes; a whole city's parcels as KML are some hundred
FILE_BYTES_AT_MOST = 512 * 2**20
_DEEPEST = 200
_EVENTS_PER_STEP = 2_000
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CHINESE = ("gb2312", "gbk", "gb18030", "936", "cp936")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class XmlText:
    """An XML file in UTF-8, with as many lines as it had.

    Attributes
    ----------
    guessed : bool
        The file's words do not fit what it declares, so the encoding was found by trying.
    replaced : int
        How many characters were put as ``?``, as XML does not allow them or no encoding fits.
    """

    body: bytes
    encoding: str
    guessed: bool
    replaced: int


class XmlError(Exception):
    """XML that ends or breaks off at a line; what came before has been handed over."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def read_bounded(path: Path) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    InputError
        When it is missing, empty, or larger than any file of its family.
    """
    try:
        with path.open("rb") as file:
            body = file.read(FILE_BYTES_AT_MOST + 1)
    except OSError as error:
        raise InputError(
            _("The file cannot be read."),
            where=str(path),
            remedy=_("Look whether it is still there and may be read."),
            details=str(error),
        ) from error
    if not body:
        raise InputError(_("The file is empty."), where=str(path), remedy=_("Get the file once more."))
    if len(body) > FILE_BYTES_AT_MOST:
        raise InputError(
            _("The file is larger than {size} MB.").format(size=FILE_BYTES_AT_MOST // 2**20),
            where=str(path),
            remedy=_("Have it delivered in parts, or as GeoPackage or shapefile."),
        )
    return body


def decoded(body: bytes, where: str, encoding: str = "") -> XmlText:
    """Bring XML into UTF-8; expat knows no Chinese encoding but UTF-8 and UTF-16.

    Parameters
    ----------
    encoding : str
        What it is in, over what it declares; empty to go by the declaration.

    Raises
    ------
    InputError
        When the encoding is unknown.
    """
    text, used, guessed = _text(body, where, encoding)
    clean, removed = _NOT_IN_XML.subn("?", text)
    replaced = removed + text.count("\ufffd")
    utf8 = clean.lstrip("\ufeff").encode("utf-8", errors="replace")
    found = _DECLARATION.match(utf8)
    if found:
        utf8 = b"\n" * found.group().count(b"\n") + utf8[found.end() :]
    return XmlText(utf8, used, guessed, replaced)


def elements(body: bytes, where: str, progress: Progress) -> Iterator[tuple[str, Element]]:
    """Yield ``start`` and ``end`` events of XML in UTF-8.

    Raises
    ------
    InputError
        For a document type, entities, or elements nested without end.
    XmlError
        When the XML breaks off.
    JobCancelled
        When the user stopped.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    stream = io.BytesIO(body)
    depth = 0
    try:
        for number, (event, element) in enumerate(iterparse(stream, ("start", "end"), forbid_dtd=True)):
            depth += 1 if event == "start" else -1
            if depth > _DEEPEST:
                raise InputError(
                    _("The file's folders or shapes lie more than {count} deep in one another.").format(
                        count=_DEEPEST
                    ),
                    where=where,
                    remedy=_("Have it exported anew with fewer levels."),
                )
            if number % _EVENTS_PER_STEP == 0:
                progress.step(min(stream.tell() / len(body), 1.0), _("Reading features"))
            yield event, element
    except DefusedXmlException as error:
        raise InputError(
            _("The file defines entities of its own, which can be used to attack; it was not read."),
            where=where,
            remedy=_("Ask where it comes from, and have it exported anew."),
            details=str(error),
        ) from error
    except ParseError as error:
        raise XmlError(error.position[0], str(error)) from error


def _text(body: bytes, where: str, encoding: str) -> tuple[str, str, bool]:
    """Return the text, what it was read with, and whether that was guessed."""
    if encoding:
        try:
            return body.decode(encoding, errors="replace"), encoding, False
        except LookupError as error:
            raise _unknown(where, encoding) from error
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace"), name, False
    for mark, name in ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be")):
        if body.startswith(mark):
            return body.decode(name, errors="replace"), name, False
    declared = _declared(body)
    for number, name in enumerate(dict.fromkeys((declared, "utf-8", "gb18030"))):
        try:
            return body.decode(name), name, number > 0
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            raise _unknown(where, name) from error
    return body.decode(declared, errors="replace"), declared, True


def _declared(body: bytes) -> str:
    head = _DECLARATION.match(body[:400])
    named = _ENCODING.search(head.group()) if head else None
    name = named.group(1).decode("ascii").lower() if named else "utf-8"
    # each of them is a part of the next larger, and files use more than they declare
    return "gb18030" if name in _CHINESE else name


def _unknown(where: str, encoding: str) -> InputError:
    return InputError(
        _("The encoding “{name}” is not known.").format(name=encoding[:40]),
        where=where,
        remedy=_("Name its encoding, for instance GBK or UTF-8 (--encoding)."),
    )
