"""What a table file really is, by its content: its ending is often wrong."""

from __future__ import annotations

import mmap
import re
from enum import StrEnum
from pathlib import Path

from layers.errors import InputError
from layers.words import _

ZIP = b"PK\x03\x04"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# a BIFF stream without a container: the record BOF of Excel 2, 3, 4 (OpenOffice's file format documents)
BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|meta|table)\b", re.IGNORECASE)
_SPREADSHEET_ML = (b"urn:schemas-microsoft-com:office:spreadsheet", b'progid="Excel.Sheet"')
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK_STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book", "WORKBOOK", "BOOK"))
_BINARY = frozenset(range(9)) | frozenset(range(14, 27)) | frozenset(range(28, 32))
_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")


class Container(StrEnum):
    """What the bytes of a table file are."""

    WORKBOOK = "xlsx"
    OLD_WORKBOOK = "xls"
    HTML = "html"
    TEXT = "text"


def container_of(path: Path) -> Container:
    """Return what a file is by its content.

    Raises
    ------
    InputError
        When it is locked with a password, empty, or nothing that a table is read from.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\x00"):
        what = _("The file holds nothing but zeros.") if head else _("The file is empty.")
        raise InputError(what, where=str(path), remedy=_("Get the file once more."))
    if head.startswith(ZIP):
        return Container.WORKBOOK
    if head.startswith(OLE2):
        _require_workbook_stream(path)
        return Container.OLD_WORKBOOK
    if head.startswith(BIFF):
        return Container.OLD_WORKBOOK
    if any(mark in head for mark in _SPREADSHEET_ML):
        raise InputError(
            _("The file is an XML spreadsheet of 2003, which is not read."),
            where=str(path),
            remedy=_("Open it in Excel or WPS and save it as .xlsx."),
        )
    if _HTML.search(head.replace(b"\x00", b"")):
        return Container.HTML
    if not looks_like_text(head):
        raise InputError(
            _("The file is no table: it begins with binary data of an unknown kind."),
            where=str(path),
            remedy=_("Check that it is what its name says and that it is whole."),
        )
    return Container.TEXT


def looks_like_text(head: bytes) -> bool:
    """Tell whether bytes can be text: marked as such, or without control characters but those of UTF-16."""
    if head.startswith(_MARKS):
        return True
    odd = head[1::2].count(0)
    if odd > len(head) // 5 and not head[0::2].count(0):
        return True
    return not any(byte in _BINARY for byte in head)


def _require_workbook_stream(path: Path) -> None:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find(_ENCRYPTED) >= 0:
            raise locked(path)
        if not any(data.find(name) >= 0 for name in _WORKBOOK_STREAMS):
            raise InputError(
                _("The file is an Office document, but no workbook."),
                where=str(path),
                remedy=_("Check that it is what its name says; a Word table is copied into Excel first."),
            )


def locked(path: Path) -> InputError:
    """Return the sentence for a workbook that is locked with a password."""
    return InputError(
        _("The workbook is locked with a password."),
        where=str(path),
        remedy=_("Open it in Excel or WPS, take the password off and save it again."),
    )


def broken(path: Path, error: BaseException, *, what: str = "") -> InputError:
    """Return the sentence for a table file that its reader cannot make sense of."""
    return InputError(
        what or _("The workbook is damaged or no workbook."),
        where=str(path),
        remedy=_("Open it in Excel or WPS and save it as .xlsx, or get the file once more."),
        details=f"{type(error).__name__}: {error}",
    )
