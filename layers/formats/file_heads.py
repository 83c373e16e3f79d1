"""What a file is by its first bytes, so that a renamed one is told for what it is."""

from __future__ import annotations

import stat
import struct
from collections.abc import Callable
from pathlib import Path

from layers.errors import InputError
from layers.words import N_, _

HEAD_BYTES = 4096
SHAPEFILE_CODE = 9994
# files that are only a pointer to other files or to the network
_POINTERS = (b"<OGR", b"<VRTDataset", b"<GDAL", b"gdal_streamed_alg")
_LOOKS = (
    (b"PK\x03\x04", N_("a zip file")),
    (b"SQLite format 3\0", N_("a database (SQLite, GeoPackage)")),
    (b"\x00\x00\x27\x0a", N_("a shapefile")),
    (b"%PDF", N_("a PDF")),
    (b"Rar!", N_("a RAR archive")),
    (b"7z\xbc\xaf", N_("a 7z archive")),
    (b"fgb", N_("a FlatGeobuf file")),
    (b"PAR1", N_("a Parquet file")),
    (b"\xd0\xcf\x11\xe0", N_("an old Office file")),
    (b"\xff\xd8\xff", N_("a photo")),
    (b"\x89PNG", N_("a picture")),
    (b"AC10", N_("a drawing (DWG)")),
)


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file; empty for a folder.

    Raises
    ------
    InputError
        When it is missing, empty, no file of data (a pipe, a device), cannot be opened, or only points to
        other files or to a network.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            next(path.iterdir(), None)  # tells a folder that must not be looked into
            return b""
        _require_plain(path, mode)
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(
            _("There is no such file."), where=str(path), remedy=_("Check the path and the file's name.")
        ) from error
    except (OSError, ValueError) as error:
        raise InputError(
            _("The file cannot be opened."),
            where=str(path),
            remedy=_("Check that you may read it and that no other program holds it."),
            details=str(error),
        ) from error
    if not head:
        raise InputError(_("The file is empty."), where=str(path), remedy=_("Get the file once more."))
    if any(mark in head for mark in _POINTERS):
        raise InputError(
            _("The file holds no data, it only points to other files or to a network."),
            where=str(path),
            remedy=_("Import the file that it points to."),
        )
    return head


def _require_plain(path: Path, mode: int) -> None:
    """Refuse pipes, devices and sockets: opening one may wait for ever, reading one may never end."""
    if not stat.S_ISREG(mode):
        raise InputError(
            _("This is no file with data but a device, a pipe or a socket."),
            where=str(path),
            remedy=_("Copy the data into a plain file and import that."),
        )


def require_head(path: Path, title: str, is_one: Callable[[bytes], bool]) -> None:
    """Refuse a file whose first bytes are not those of its format.

    Raises
    ------
    InputError
        As :func:`head_of`; also for another file, with what it looks like.
    """
    head = head_of(path)
    if is_one(head):
        return
    if path.is_dir():
        raise InputError(
            _("This is a folder, not {title}.").format(title=title),
            where=str(path),
            remedy=_("Choose the file itself."),
        )
    looks = next((words for mark, words in _LOOKS if head.startswith(mark)), "")
    text = (
        _("The file is not {title} but {other}.").format(title=title, other=_(looks))
        if looks
        else _("The file is not {title}: its first bytes are not those of one.").format(title=title)
    )
    raise InputError(
        text,
        where=str(path),
        remedy=_("Give it the ending of its own format and import it again, or get the file once more."),
    )


def is_shapefile(head: bytes) -> bool:
    """Tell whether bytes begin a .shp or a .shx."""
    return len(head) >= 100 and struct.unpack_from(">i", head)[0] == SHAPEFILE_CODE


def is_geopackage(head: bytes) -> bool:
    """Tell whether bytes begin an SQLite database, which a GeoPackage is; application id as in 1.0 to 1.4."""
    return head.startswith(b"SQLite format 3\0")


def is_flatgeobuf(head: bytes) -> bool:
    """Tell whether bytes begin a FlatGeobuf file, version 3."""
    return head.startswith(b"fgb\x03fgb")


def is_json(head: bytes) -> bool:
    """Tell whether bytes begin a JSON object."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def is_mapinfo(head: bytes) -> bool:
    """Tell whether bytes begin a MapInfo table or interchange file."""
    start = head.lstrip()[:10].lower()
    return start.startswith((b"!table", b"version"))


def is_xml(head: bytes) -> bool:
    """Tell whether bytes begin an XML text, in UTF-8, UTF-16 or a national encoding."""
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t\0")
    return start.startswith((b"<", b"\0<"))
