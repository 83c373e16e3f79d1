"""A finished file put where it belongs, with the parts that belong to it."""

from __future__ import annotations

import shutil
from pathlib import Path

from layers.errors import InputError
from layers.formats.secrecy_mark import note_beside
from layers.words import _


def move_into_place(drafts: Path, out: Path) -> None:
    """Move all that was written into a folder beside ``out``; parts of an older file of that name go.

    Parameters
    ----------
    drafts : Path
        A folder on the same file system that holds the new file and its parts (.shx, .prj, .fields.csv).

    Raises
    ------
    InputError
        When a file cannot be replaced, for instance because another program holds it.
    """
    parts = sorted(drafts.iterdir())
    try:
        for old in _parts_of(out):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        for part in parts:
            part.replace(out.parent / part.name)
    except OSError as error:
        raise InputError(
            _("The file could not be put in its place ({reason}).").format(reason=error.strerror or error),
            where=str(out),
            remedy=_("Close it in other programs, or choose another name."),
            details=str(error),
        ) from error


_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".fields.csv")


def _parts_of(out: Path) -> list[Path]:
    """Return what exists of a file that is to be replaced."""
    names = [out.name, note_beside(out).name]
    if out.suffix.lower() == ".shp":
        names += [out.stem + ending for ending in _PARTS]
    return [out.parent / name for name in dict.fromkeys(names) if (out.parent / name).exists()]
