"""Which files of a folder are photos."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from layers.errors import InputError
from layers.formats.raster_worlds import has_position_beside
from layers.progress import Progress
from layers.words import _

JPEG = (".jpg", ".jpeg")
NOT_READ = (".heic", ".heif")
_MOST_FILES = 100_000
_DEEPEST = 32


@dataclass(frozen=True)
class PhotoFolder:
    """What lies in a folder: photos in the order of their paths, and how many other files."""

    photos: tuple[Path, ...]
    others: int


def photos_in(folder: Path, progress: Progress) -> PhotoFolder:
    """Return the photos in a folder; where it has none itself, those of the folders inside it.

    Links and hidden folders are not followed.

    Raises
    ------
    InputError
        When there are too many files to be a folder of photos.
    JobCancelled
        When the user stopped.
    """
    photos: list[Path] = []
    others = 0
    for place, folders, files in os.walk(folder):
        progress.step(0.0, _("Looking for photos"))
        depth = len(Path(place).relative_to(folder).parts)
        folders[:] = sorted(name for name in folders if depth < _DEEPEST and not name.startswith("."))
        beside = {name.lower() for name in files}
        for name in files:
            path = Path(place, name)
            if is_photo(path, beside):
                photos.append(path)
            elif not name.startswith("."):
                others += 1
        if photos and Path(place) == folder:
            folders.clear()
        if len(photos) + others > _MOST_FILES:
            raise InputError(
                _("The folder holds more than {count} files.").format(count=_MOST_FILES),
                where=str(folder),
                remedy=_("Choose a folder that holds the photos of one job."),
            )
    return PhotoFolder(tuple(sorted(photos)), others)


def holds_photos(folder: Path) -> bool:
    """Tell whether any file in a folder itself is a photo."""
    names = [one.name for one in folder.iterdir() if one.is_file()]
    beside = {name.lower() for name in names}
    return any(is_photo(folder / name, beside) for name in names)


def is_photo(path: Path, beside: Collection[str] | None = None) -> bool:
    """Tell by name whether a file is a photo and no picture with a place of its own on the map.

    Parameters
    ----------
    beside : collection of str, optional
        Lower-case names of the files in its folder, where the caller has them.
    """
    if path.name.startswith("."):
        return False
    suffix = path.suffix.lower()
    return suffix in NOT_READ or (suffix in JPEG and not has_position_beside(path, beside))
