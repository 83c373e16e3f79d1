"""Zip files from outside, opened safely: counted and measured before a byte is unpacked, names made right.

Nothing is believed beyond what has been looked at: members are bounded in number, size and ratio, may not lie
over one another, and may not lead out of the folder they are unpacked into.
"""

from __future__ import annotations

import lzma
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from layers.errors import InputError
from layers.formats.zip_directory import (
    ZipLimits,
    ZipMember,
    check_directory,
    damaged,
    members_of,
    too_large,
)
from layers.progress import NoProgress, Progress
from layers.words import _

__all__ = [
    "DISK_LIMITS",
    "MEMORY_LIMITS",
    "ZipLimits",
    "ZipMember",
    "extract_to",
    "holds_archives",
    "list_members",
    "open_members",
]

ARCHIVES = (".zip", ".kmz", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_CHUNK = 2**20
# what zipfile says of damaged data, by way of its decompressors
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error, ValueError, RuntimeError)


# what is read into memory at once
MEMORY_LIMITS = ZipLimits(member_bytes=256 * 2**20, total_bytes=512 * 2**20, ratio_from_bytes=64 * 2**20)
DISK_LIMITS = ZipLimits()


def list_members(path: Path, *, limits: ZipLimits = DISK_LIMITS) -> tuple[ZipMember, ...]:
    """Return the files in a zip file, without what macOS adds; nothing is unpacked.

    Raises
    ------
    InputError
        When the file is no zip file or damaged, locked with a password, or its directory is not to be
        trusted: too many members, names that lead out of the folder, links, two members of one name or place.
    """
    with _opened(path, limits) as archive:
        return members_of(path, archive, limits)


def open_members(
    path: Path,
    *,
    wanted: Sequence[str] = (),
    limits: ZipLimits = MEMORY_LIMITS,
    progress: Progress | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield the names of files in a zip file and what is in them, in the order of its directory.

    Parameters
    ----------
    wanted : sequence of str
        Endings in lower case with the dot; empty for all files.

    Raises
    ------
    InputError
        As :func:`list_members`; also when what is wanted is larger than ``limits`` or damaged.
    JobCancelled
        When the user stopped.
    """
    progress = progress or NoProgress()
    with _opened(path, limits) as archive:
        chosen = _chosen(path, members_of(path, archive, limits), wanted, limits)
        for number, member in enumerate(chosen):
            progress.step(number / len(chosen), _("Unpacking {name}").format(name=member.name))
            yield member.name, b"".join(_unpacked(path, archive, member))


def extract_to(
    path: Path,
    folder: Path,
    *,
    wanted: Sequence[str] = (),
    limits: ZipLimits = DISK_LIMITS,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Unpack files into a folder that exists, under the names they have in the zip file; return their paths.

    Where it fails, files that are already unpacked stay: give it a folder of its own.

    Raises
    ------
    InputError
        As :func:`open_members`; also when the folder's disk has no room for it.
    JobCancelled
        When the user stopped.
    """
    progress = progress or NoProgress()
    with _opened(path, limits) as archive:
        chosen = _chosen(path, members_of(path, archive, limits), wanted, limits)
        total = sum(member.size for member in chosen)
        if total > shutil.disk_usage(folder).free:
            raise InputError(
                _("There is no room on the disk to unpack it: {size} MB.").format(size=total // 2**20 + 1),
                where=str(path),
                remedy=_("Make room on the disk, or unpack it elsewhere and import the files."),
            )
        return tuple(_extracted(path, archive, chosen, folder, progress))


def holds_archives(members: Iterable[ZipMember]) -> tuple[str, ...]:
    """Return the names of archives among the files of a zip file; those are never opened in turn."""
    return tuple(member.name for member in members if member.suffix in ARCHIVES)


@contextmanager
def _opened(path: Path, limits: ZipLimits) -> Iterator[zipfile.ZipFile]:
    try:
        with path.open("rb") as file:
            check_directory(path, file, limits)
            with zipfile.ZipFile(file) as archive:
                yield archive
    except OSError as error:
        raise InputError(
            _("The file cannot be read."),
            where=str(path),
            remedy=_("Look whether it is still there and may be read."),
            details=str(error),
        ) from error
    except (*_DAMAGED, NotImplementedError) as error:
        raise damaged(path, str(error)) from error


def _chosen(
    path: Path, members: Sequence[ZipMember], wanted: Sequence[str], limits: ZipLimits
) -> tuple[ZipMember, ...]:
    chosen = tuple(member for member in members if not wanted or member.suffix in wanted)
    for member in chosen:
        if member.size > limits.member_bytes:
            raise too_large(f"{path} / {member.name}", member.size)
    total = sum(member.size for member in chosen)
    packed = sum(member.packed_size for member in chosen)
    bomb = total > limits.ratio_from_bytes and total > limits.ratio * max(packed, 1)
    if total > limits.total_bytes or bomb:
        raise too_large(str(path), total)
    return chosen


def _unpacked(path: Path, archive: zipfile.ZipFile, member: ZipMember) -> Iterator[bytes]:
    """Yield a member in pieces, never more than its stated size."""
    left = member.size
    try:
        with archive.open(member.info) as stream:
            while piece := stream.read(_CHUNK):
                left -= len(piece)
                if left < 0:
                    raise damaged(f"{path} / {member.name}", "longer than stated")
                yield piece
    except (*_DAMAGED, NotImplementedError) as error:
        raise damaged(f"{path} / {member.name}", str(error)) from error
    if left:
        raise damaged(f"{path} / {member.name}", "shorter than stated")


def _extracted(
    path: Path,
    archive: zipfile.ZipFile,
    members: Sequence[ZipMember],
    folder: Path,
    progress: Progress,
) -> Iterator[Path]:
    total, done = max(sum(member.size for member in members), 1), 0
    inside = folder.resolve()
    for member in members:
        target = inside.joinpath(*member.name.split("/"))
        if not target.resolve().is_relative_to(
            inside
        ):  # the names are checked; this holds should a check fail
            raise damaged(f"{path} / {member.name}", "outside the folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            for piece in _unpacked(path, archive, member):
                progress.step(done / total, _("Unpacking {name}").format(name=member.name))
                file.write(piece)
                done += len(piece)
        yield target
