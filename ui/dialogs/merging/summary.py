"""What a merge did, on one page."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTabWidget, QVBoxLayout, QWidget

from layers.words import _
from ui.dialogs.row_lists import RowList
from ui.theme import GRID_PX
from zsgis.merging.applying import MergeResult
from zsgis.merging.listing import Line, conflict_lines, merged_lines

_LISTED = 5_000


class MergeSummary(QWidget):
    """Shows what merged by itself and what was decided; ``export`` and ``close_it`` are to be pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.told, self.more = QLabel(), QLabel()
        self.told.setProperty("role", "title")
        self.more.setProperty("role", "muted")
        for label in (self.told, self.more):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        heads = (
            _("Layer"),
            _("Feature concerned"),
            _("What happened"),
            _("Field"),
            _("Common base"),
            _("Mine"),
            _("Theirs"),
            _("Taken from"),
        )
        self.decided, self.merged = RowList(heads), RowList(heads)
        self.lists = QTabWidget()
        self.lists.addTab(self.merged, _("Merged by itself"))
        self.lists.addTab(self.decided, _("Decided by a person"))
        self.export = QPushButton(_("Write the list…"))
        self.close_it = QPushButton(_("Close"))
        self.close_it.setProperty("primary", True)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self.export)
        row.addStretch(1)
        row.addWidget(self.close_it)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addWidget(self.told)
        column.addWidget(self.more)
        column.addWidget(self.lists, 1)
        column.addLayout(row)

    def show_result(self, result: MergeResult) -> None:
        """Show what a merge did."""
        plan = result.plan
        self.told.setText(
            _("Merged: {merged} features by themselves, {decided} conflicts decided").format(
                merged=len(plan.merged), decided=len(plan.conflicts)
            )
        )
        changed = result.record.head.count if result.record is not None else 0
        notes = [_("{count} features of the project changed; one step of undo.").format(count=changed)]
        notes += [
            _("Layer “{name}” is now “{new}”: the name was taken.").format(name=name, new=new)
            for name, new in result.renamed.items()
        ]
        self.more.setText("\n".join(notes))
        for listed, lines in (
            (self.merged, merged_lines(plan)),
            (self.decided, conflict_lines(plan, result.decisions)),
        ):
            listed.show_rows([_row(line) for line in lines[:_LISTED]])


def _row(line: Line) -> tuple[str, ...]:
    return (
        line.layer,
        line.feature,
        line.what,
        line.field,
        line.base,
        line.mine,
        line.theirs,
        line.taken,
    )
