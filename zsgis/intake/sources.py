"""Which files of a folder are data: the parts of one data set count once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from layers.errors import InputError
from layers.formats.raster import is_raster_file
from layers.formats.registry import suffixes_read
from layers.formats.secrecy_mark import is_note
from layers.words import _

_MOST_FILES = 20_000
_MOST_DEPTH = 20
# lie beside a data set and are read with it
_BESIDE = frozenset(
    {".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".fix", ".ovr", ".aux", ".rrd", ".dat", ".map"}
    | {".id", ".mid", ".ind", ".tfw", ".jgw", ".pgw", ".wld", ".gfs", ".xsd", ".lyr", ".qml", ".sld", ".lock"}
)
_BESIDE_ENDINGS = (".aux.xml", ".shp.xml", ".fields.csv", ".gpkg-wal", ".gpkg-shm", ".gpkg-journal")
_PHOTOS = frozenset({".jpg", ".jpeg"})


@dataclass(frozen=True)
class FolderSources:
    """What a folder holds.

    Attributes
    ----------
    data : tuple of Path
        Files and folders (.gdb, folders of photos) that are data sets.
    rasters : tuple of Path
        Imagery and terrain.
    other : tuple of Path
        Files that are neither data nor part of a data set; nothing is done with them.
    """

    data: tuple[Path, ...]
    rasters: tuple[Path, ...]
    other: tuple[Path, ...]


def sources_of_folder(folder: Path) -> FolderSources:
    """Return what a folder and the folders in it hold, in order of name; links are not followed.

    Raises
    ------
    InputError
        When it holds more files than can be meant.
    """
    data: list[Path] = []
    rasters: list[Path] = []
    other: list[Path] = []
    known = set(suffixes_read())
    photo_folders: set[Path] = set()
    for path in _walk(folder):
        suffix = path.suffix.lower()
        if path.is_dir():
            data.append(path)
        elif _is_beside(path):
            continue
        elif suffix in _PHOTOS and not _has_world_file(path):
            if path.parent not in photo_folders:
                photo_folders.add(path.parent)
                data.append(path.parent)
        elif is_raster_file(path):
            rasters.append(path)
        elif suffix in known:
            data.append(path)
        else:
            other.append(path)
    return FolderSources(tuple(data), tuple(rasters), tuple(other))


def is_data_folder(path: Path) -> bool:
    """Tell whether a folder is a data set itself (a file geodatabase)."""
    return path.is_dir() and path.suffix.lower() == ".gdb"


def _walk(folder: Path) -> Iterator[Path]:
    seen = 0
    for place, folders, files in os.walk(folder):
        here = Path(place)
        if len(here.relative_to(folder).parts) >= _MOST_DEPTH:
            folders.clear()
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in [name for name in folders if is_data_folder(here / name)]:
            folders.remove(name)
            yield here / name
        for name in sorted(files):
            path = here / name
            if name.startswith((".", "~$")) or path.is_symlink():
                continue
            seen += 1
            if seen > _MOST_FILES:
                raise InputError(
                    _("The folder holds more than {count} files.").format(count=f"{_MOST_FILES:,}"),
                    where=str(folder),
                    remedy=_("Name a folder further down."),
                )
            yield path


def _is_beside(path: Path) -> bool:
    name = path.name.lower()
    if name.endswith(_BESIDE_ENDINGS) or path.suffix.lower() in _BESIDE or is_note(path):
        return True
    # a .dbf by itself is a table
    return path.suffix.lower() == ".dbf" and _has_sibling(path, ".shp")


def _has_world_file(path: Path) -> bool:
    return any(_has_sibling(path, suffix) for suffix in (".jgw", ".wld"))


def _has_sibling(path: Path, suffix: str) -> bool:
    return any(path.with_suffix(each).exists() for each in (suffix, suffix.upper()))
