"""The directory of a zip file: what it says it holds, and whether that is to be believed."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from layers.errors import InputError
from layers.formats.zip_names import fault_of, is_added_by_macos, name_of
from layers.words import _

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_END_64_PLACE = struct.Struct("<4sLQL")
_LONGEST_COMMENT = 65_535
# an entry of the directory has 46 bytes, its name and what programs add
_ENTRY_BYTES = 1_500
_LOCAL_HEADER_BYTES = 30
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


@dataclass(frozen=True)
class ZipLimits:
    """How much a zip file may hold.

    Attributes
    ----------
    members : int
        Files and folders.
    member_bytes, total_bytes : int
        Unpacked: each, and all that are wanted together.
    ratio : int
        Unpacked to packed, all together; looked at only above ``ratio_from_bytes``, as small tables of blanks
        shrink a lot too.
    """

    members: int = 10_000
    member_bytes: int = 4 * 2**30
    total_bytes: int = 8 * 2**30
    ratio: int = 400
    ratio_from_bytes: int = 256 * 2**20


@dataclass(frozen=True)
class ZipMember:
    """A file in a zip file.

    Attributes
    ----------
    name : str
        With ``/`` between folders; relative, and without ``..``.
    size, packed_size : int
        Bytes, as the directory states them.
    """

    name: str
    size: int
    packed_size: int
    info: zipfile.ZipInfo

    @property
    def suffix(self) -> str:
        """Its ending in lower case, with the dot."""
        return PurePosixPath(self.name).suffix.lower()


def check_directory(path: Path, file: io.BufferedReader, limits: ZipLimits) -> None:
    """Refuse what is no zip file, and a directory too large to be read (APPNOTE 4.3.14 to 4.3.16).

    Raises
    ------
    InputError
    """
    size = file.seek(0, io.SEEK_END)
    if size == 0:
        raise InputError(_("The file is empty."), where=str(path), remedy=_("Get the file once more."))
    start = max(size - _END.size - _LONGEST_COMMENT, 0)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > len(tail):
        raise damaged(path, "no end of central directory")
    directory_bytes = _END.unpack_from(tail, at)[5]
    place = start + at - _END_64_PLACE.size
    if place >= 0:
        file.seek(place)
        mark, _disk, offset, _disks = _END_64_PLACE.unpack(file.read(_END_64_PLACE.size))
        if mark == b"PK\x06\x07" and offset <= size - _END_64.size:
            file.seek(offset)
            directory_bytes = _END_64.unpack(file.read(_END_64.size))[8]
    if directory_bytes > size:
        raise damaged(path, f"central directory of {directory_bytes} bytes")
    if directory_bytes > limits.members * _ENTRY_BYTES:
        raise _too_many(path, limits)
    file.seek(0)


def members_of(path: Path, archive: zipfile.ZipFile, limits: ZipLimits) -> tuple[ZipMember, ...]:
    """Return the files of a zip file, without what macOS adds.

    Raises
    ------
    InputError
        When the directory is not to be trusted.
    """
    infos = archive.infolist()
    if len(infos) > limits.members:
        raise _too_many(path, limits)
    _check_places(path, infos)
    found: dict[str, ZipMember] = {}
    for info in infos:
        name = name_of(info)
        _check_member(path, info, name)
        if name.endswith("/") or is_added_by_macos(name):
            continue
        if name in found:
            raise InputError(
                _("The archive holds the file “{name}” twice.").format(name=name),
                where=str(path),
                remedy=_("Have it packed again."),
            )
        found[name] = ZipMember(name, info.file_size, info.compress_size, info)
    return tuple(found.values())


def _check_places(path: Path, infos: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse members that share their packed bytes: so few bytes would unpack to endlessly many."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise damaged(path, f"{info.orig_filename!r} lies over another member")
        end = info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size


def _check_member(path: Path, info: zipfile.ZipInfo, name: str) -> None:
    if fault_of(name):
        raise InputError(
            _("The archive holds a name that leads out of its folder or cannot be used: {name}").format(
                name=ascii(name)[1:-1][:80]
            ),
            where=str(path),
            remedy=_("Do not unpack it; ask where it comes from."),
            details=fault_of(name),
        )
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise InputError(
            _("The archive holds a link or a device in place of a file: {name}").format(name=name),
            where=str(path),
            remedy=_("Have the files themselves packed."),
        )
    if info.flag_bits & 0x1:
        raise InputError(
            _("The archive is locked with a password."),
            where=f"{path} / {name}",
            remedy=_("Unpack it with the password, then import the files in it."),
        )
    if info.compress_type not in _METHODS:
        raise InputError(
            _("The archive is packed in a way that is not read (method {method}).").format(
                method=info.compress_type
            ),
            where=f"{path} / {name}",
            remedy=_("Have it packed again as ordinary zip."),
        )


def damaged(where: Path | str, details: str) -> InputError:
    """Return the complaint about damaged data."""
    return InputError(
        _("The archive is damaged, or no zip file."),
        where=str(where),
        remedy=_("Have it sent again, or unpack it with another program and import the files."),
        details=details,
    )


def _too_many(path: Path, limits: ZipLimits) -> InputError:
    return InputError(
        _("The archive holds more than {count} files.").format(count=limits.members),
        where=str(path),
        remedy=_("Unpack it and import the files that are needed."),
    )


def too_large(where: str, size: int) -> InputError:
    """Return the complaint about more bytes than are unpacked here."""
    return InputError(
        _("Unpacked, the archive would be {size} MB: more than is unpacked here.").format(
            size=size // 2**20 + 1
        ),
        where=where,
        remedy=_("If it can be trusted, unpack it and import the files that are needed."),
    )
