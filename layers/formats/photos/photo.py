"""A photo as a file: its bytes, its checksum, and what its header says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from layers.formats.photos.exif import PhotoFacts, UnreadablePhotoError, photo_facts
from layers.formats.photos.finding import NOT_READ
from layers.words import _

_BYTES_AT_MOST = 512 * 2**20


@dataclass(frozen=True)
class Photo:
    """A photo; ``facts`` is None and ``fault`` says why where it cannot be read."""

    path: Path
    facts: PhotoFacts | None
    sha256: str
    fault: str = ""


def take_photo(path: Path) -> Photo:
    """Return a photo, or what is wrong with it."""
    try:
        if path.stat().st_size > _BYTES_AT_MOST:
            return Photo(path, None, "", _("larger than {size} MB").format(size=_BYTES_AT_MOST // 2**20))
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return Photo(path, None, "", str(error.strerror or error))
    if path.suffix.lower() in NOT_READ:
        return Photo(path, None, sha256, _("HEIC is not read"))
    try:
        return Photo(path, photo_facts(path), sha256)
    except UnreadablePhotoError as error:
        return Photo(path, None, sha256, _("no JPG, or damaged") + (f" ({error})" if str(error) else ""))
