"""What file dialogs offer: every family that is read or written, the usual ones first."""

from __future__ import annotations

from layers.words import N_
from ui.dialogs.port import FileFilter


def map_files() -> tuple[FileFilter, ...]:
    """Return the entries of a dialog for data to read: all of it, then each family."""
    # the families bring much with them: the window stands before they are loaded
    from layers.formats.registry import READERS, suffixes_read

    families = (FileFilter(reader.title, _endings(reader.suffixes)) for reader in READERS if reader.suffixes)
    return FileFilter(N_("Map data and tables"), _endings(suffixes_read())), *families


def export_files() -> tuple[FileFilter, ...]:
    """Return the entries of a dialog for a file to write."""
    from layers.formats.registry import WRITERS

    return tuple(FileFilter(writer.title, _endings(writer.suffixes)) for writer in WRITERS)


def _endings(suffixes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(suffix.removeprefix(".") for suffix in suffixes)
