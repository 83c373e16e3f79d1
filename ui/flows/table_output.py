"""Rows of an attribute table on their way out: to the clipboard, to a workbook, to a text file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtGui import QGuiApplication

from layers.formats.secrecy_mark import mark_of
from layers.progress import Progress, ProgressPart
from layers.words import N_, _
from ui.dialogs.port import WORKBOOK_FILES, FileFilter, Verb
from ui.flows.desk import Desk
from ui.flows.open_table import OpenTable
from zsgis.tabulation.clipping import tab_separated
from zsgis.tabulation.columns import Rows
from zsgis.tabulation.shelf import ColumnShelf
from zsgis.tabulation.writing import sheet_columns, write_rows

if TYPE_CHECKING:
    from layers.store import LayerInfo

TEXT_FILES = FileFilter(N_("Text table (CSV)"), ("csv",))
_QUIET_CELLS = 50_000


class TableOutput:
    """Copies and writes what a table shows: the columns that are shown, in their order."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def copy(self, table: OpenTable) -> None:
        """Put the selected rows, or all shown where none is selected, on the clipboard."""
        model = table.page.model
        rows = model.selected_rows() if model.selected_count else _shown(table)
        shelf, names = table.shelf, table.page.view.headings.shown_names()
        self._desk.jobs.start(
            _("Copying rows"),
            lambda progress: _text(shelf, names, rows, progress),
            done=lambda text: self._take_text(text, len(rows)),
            quiet=len(rows) * len(names) < _QUIET_CELLS,
        )

    def _take_text(self, text: str, count: int) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(text)
            self._desk.notice(_("Copied: {count} rows").format(count=f"{count:,}"), None)

    def export(self, table: OpenTable) -> None:
        """Ask which rows and where to, and write them."""
        rows = self._choose_rows(table)
        if rows is None:
            return
        path = self._desk.dialogs.save_file(
            _("Export rows"), f"{table.layer.name}.xlsx", (WORKBOOK_FILES, TEXT_FILES)
        )
        if path is not None:
            self._write(table, rows, path)

    def _choose_rows(self, table: OpenTable) -> Rows | None:
        """Return the rows to write; the officer is asked only where there is a choice."""
        model = table.page.model
        counts = {
            "selected": (_("Selected rows ({count})"), model.selected_count),
            "shown": (_("Rows shown ({count})"), model.rowCount()),
            "all": (_("All rows ({count})"), model.row_count),
        }
        if not model.selected_count:
            del counts["selected"]
        if model.rowCount() == model.row_count:
            del counts["shown"]
        chosen = "all"
        if len(counts) > 1:
            verbs = [Verb(key, text.format(count=f"{count:,}")) for key, (text, count) in counts.items()]
            chosen = self._desk.dialogs.choose(
                _("Which rows of “{name}” are written?").format(name=table.layer.name),
                _("The columns that are shown are written, in the order in which they stand."),
                verbs,
            )
        if chosen == "selected":
            return model.selected_rows()
        if chosen == "shown":
            return _shown(table)
        if chosen != "all":
            return None
        return _shown(table) if model.rowCount() == model.row_count else np.arange(model.row_count)

    def _write(self, table: OpenTable, rows: Rows, path: Path) -> None:
        shelf, names = table.shelf, table.page.view.headings.shown_names()
        layer = table.layer
        self._desk.jobs.start(
            _("Writing {name}").format(name=path.name),
            lambda progress: _file(shelf, names, rows, path, layer, progress),
            done=lambda written: self._desk.notice(_("Written: {name}").format(name=written.name), written),
            failed=lambda error: self._desk.offer_place(error, path, lambda: self.export(table)),
        )


def _shown(table: OpenTable) -> Rows:
    model = table.page.model
    return np.arange(model.row_count) if model.rows is None else model.rows


def _text(shelf: ColumnShelf, names: tuple[str, ...], rows: Rows, progress: Progress) -> str:
    columns = shelf.columns(names, ProgressPart(progress, 0.0, 0.3))
    fields = [shelf.field(name) for name in names]
    return tab_separated(fields, columns, rows, ProgressPart(progress, 0.3, 1.0))


def _file(
    shelf: ColumnShelf, names: tuple[str, ...], rows: Rows, path: Path, layer: LayerInfo, progress: Progress
) -> Path:
    columns = shelf.columns(names, ProgressPart(progress, 0.0, 0.1))
    cells = sheet_columns([shelf.field(name) for name in names], columns)
    rest = ProgressPart(progress, 0.1, 1.0)
    return write_rows(cells, rows, path, layer.name, rest, mark=mark_of(layer.secrecy))
