"""Layers as CSV for spreadsheets: UTF-8 with its mark, CR LF, text in quotes, numbers bare."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from layers.errors import InputError
from layers.findings import Severity
from layers.formats.model import OutgoingLayer, SourceNote, WrittenFile
from layers.formats.tables.harmless import harmless
from layers.formats.tables.outgoing import TABLE_CHOICES, OutgoingTable, outgoing_table
from layers.progress import Progress
from layers.whole_file import whole_file
from layers.words import N_, _

_STEP_ROWS = 1_000
_NEEDS_QUOTES = frozenset('",\r\n')


class CsvTable:
    """Writes CSV; see :func:`layers.formats.tables.outgoing.outgoing_table` for the choices.

    Text always stands in quotes and numbers never do, so reading it back tells 0802 from 802. Text that a
    spreadsheet would calculate gets an apostrophe in front, which reading takes off again.
    """

    key = "csv"
    title = N_("Table as text (CSV)")
    suffixes = (".csv",)
    choices = TABLE_CHOICES

    def write(
        self, layer: OutgoingLayer, path: Path, choices: Mapping[str, Any], progress: Progress
    ) -> WrittenFile:
        """Write a layer.

        Raises
        ------
        UsageError
            For a choice that is not known.
        InputError
            When a text holds what no text file can, or the file cannot be written.
        JobCancelled
            When the user stopped; there is no file.
        """
        table = outgoing_table(layer, path, choices)
        with (
            whole_file(path, _("The table cannot be written.")) as draft,
            draft.open("w", encoding="utf-8-sig", newline="") as file,
        ):
            file.write(",".join(_heading(column.heading) for column in table.columns) + "\r\n")
            for row in range(table.rows):
                if row % _STEP_ROWS == 0:
                    progress.step(row / table.rows, _("Writing rows"))
                file.write(",".join(_cell(column.values[row], path) for column in table.columns) + "\r\n")
        return WrittenFile(path, table.renamed(), _notes(table))


CSV_TABLE = CsvTable()


def _heading(text: str) -> str:
    plain = harmless(text)
    return _quoted(plain) if _NEEDS_QUOTES & set(plain) or not plain else plain


def _cell(value: Any, path: Path) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, str):
        if "\x00" in value or not _is_unicode(value):
            raise InputError(
                _("A text holds a character that no text file can hold."),
                where=f"{path}: {value[:20]!r}",
                remedy=_("Export as .gpkg, which holds everything."),
            )
        return _quoted(harmless(value))
    return repr(value) if isinstance(value, float) else str(value)


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _notes(table: OutgoingTable) -> tuple[SourceNote, ...]:
    count = sum(
        isinstance(value, str) and harmless(value) != value
        for column in table.columns
        for value in column.values
    )
    if not count:
        return ()
    text = _(
        "{count} texts begin like a formula; an apostrophe was put in front so that no spreadsheet "
        "calculates them. It comes off when the file is read here."
    )
    return (SourceNote("tables.apostrophes", Severity.NOTE, text.format(count=count)),)
