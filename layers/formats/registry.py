"""The families of files that are read and written: the one list that import, export and dialogs go by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from layers.errors import InputError, UsageError
from layers.formats.model import ReadOptions, SourceFormat, TargetFormat
from layers.formats.tables.csv_writer import CSV_TABLE
from layers.formats.tables.preview import preview_answer
from layers.formats.tables.reader import TABLES
from layers.formats.tables.xlsx_writer import EXCEL_TABLE
from layers.words import _

READERS: tuple[SourceFormat, ...] = (TABLES,)
"""Tried in this order; the first that recognises a file reads it."""

WRITERS: tuple[TargetFormat, ...] = (EXCEL_TABLE, CSV_TABLE)

QUESTIONS: Mapping[str, Callable[[Path, ReadOptions], Any]] = {"table_preview": preview_answer}
"""What can be asked about a file besides its layers; the answers are JSON-able."""

_HEAD_BYTES = 4096


def format_called(key: str) -> SourceFormat:
    """Return the reader called ``key``.

    Raises
    ------
    UsageError
        When there is none.
    """
    for reader in READERS:
        if reader.key == key:
            return reader
    raise UsageError(
        _("“{name}” is no family of files.").format(name=key),
        remedy=_("Known: {names}").format(names="、".join(reader.key for reader in READERS)),
    )


def format_of(path: Path) -> SourceFormat:
    """Return the reader that recognises a file by its name and its first bytes.

    Raises
    ------
    InputError
        When the file is missing, empty, or of no known family.
    """
    head = _head(path)
    for reader in READERS:
        if reader.recognises(path, head):
            return reader
    raise InputError(
        _("This kind of file is not read."),
        where=str(path),
        remedy=_("Read are: {suffixes}").format(suffixes=" ".join(suffixes_read())),
    )


def suffixes_read() -> tuple[str, ...]:
    """Return the endings of all files that are read, each once, in the order of the list."""
    return tuple(dict.fromkeys(suffix for reader in READERS for suffix in reader.suffixes))


def suffixes_written() -> tuple[str, ...]:
    """Return the endings of all files that are written, each once, in the order of the list."""
    return tuple(dict.fromkeys(suffix for writer in WRITERS for suffix in writer.suffixes))


def writer_of(path: Path) -> TargetFormat:
    """Return the writer for a file's ending.

    Raises
    ------
    UsageError
        When files of this ending are not written.
    """
    name = path.name.lower()
    fitting = [
        (len(suffix), writer) for writer in WRITERS for suffix in writer.suffixes if name.endswith(suffix)
    ]
    if not fitting:
        raise UsageError(
            _("Files of type “{suffix}” are not written.").format(suffix=path.suffix),
            where=str(path),
            remedy=_("Written are: {suffixes}").format(suffixes=" ".join(suffixes_written())),
        )
    return max(fitting, key=lambda pair: pair[0])[1]


def _head(path: Path) -> bytes:
    if not path.exists():
        raise InputError(
            _("There is no such file."), where=str(path), remedy=_("Check the path and the file's name.")
        )
    if path.is_dir():
        return b""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise InputError(
            _("The file cannot be opened."),
            where=str(path),
            remedy=_("Check that you may read it and that no other program holds it."),
            details=str(error),
        ) from error
    if not head:
        raise InputError(_("The file is empty."), where=str(path), remedy=_("Get the file once more."))
    return head
