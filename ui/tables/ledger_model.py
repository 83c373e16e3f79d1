"""The ledger as a table: an indicator or one of its lines a row, with value, target, light and state."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PyQt6.QtGui import QBrush, QColor, QFont

from layers.plain_numbers import plain_number
from layers.words import N_, _
from zsgis.dashboard.model import touches
from zsgis.ledger.documents import shown_light
from zsgis.ledger.entries import EntryState, LedgerEntry, state_of, value_words
from zsgis.ledger.lights import Light

ENTRY = Qt.ItemDataRole.UserRole
"""Role under which an index gives its :class:`LedgerEntry`."""

_COLUMNS = (
    N_("Indicator"),
    N_("Value"),
    N_("Unit"),
    N_("Progress light"),
    N_("Target"),
    N_("Gap to target"),
    N_("State"),
    N_("Department"),
    N_("Clause of the plan"),
)
NAME, VALUE, UNIT, LIGHT, TARGET, GAP, STATE, DEPARTMENT, CLAUSE = range(len(_COLUMNS))
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_FIGURES = (VALUE, TARGET, GAP)


class LedgerModel(QAbstractTableModel):
    """Entries of the ledger, those that a filter lets pass.

    Parameters
    ----------
    muted, warning : str
        Colours of what is lacking, and of what is stale or behind; each has words of its own, too.
    """

    def __init__(self, muted: str, warning: str) -> None:
        super().__init__()
        self._muted, self._warning = QBrush(QColor(muted)), QBrush(QColor(warning))
        self._all: tuple[LedgerEntry, ...] = ()
        self._shown: tuple[LedgerEntry, ...] = ()
        self._selection: Mapping[str, Collection[str]] = {}
        self._marked: tuple[int, ...] = ()
        self._bold = QFont()
        self._bold.setBold(True)

    @property
    def marked_rows(self) -> tuple[int, ...]:
        """The rows that stand on what is selected."""
        return self._marked

    def mark(self, selection: Mapping[str, Collection[str]]) -> None:
        """Mark the rows that stand on what is selected."""
        self._selection = {uid: frozenset(chosen) for uid, chosen in selection.items()}
        before, self._marked = self._marked, self._touched()
        if self._marked == before:
            return
        last = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), last, [])

    def _touched(self) -> tuple[int, ...]:
        if not self._selection:
            return ()
        return tuple(row for row, entry in enumerate(self._shown) if touches(entry.sources, self._selection))

    @property
    def entries(self) -> tuple[LedgerEntry, ...]:
        """The entries that are shown."""
        return self._shown

    def show_entries(self, entries: Sequence[LedgerEntry], passes: Callable[[LedgerEntry], bool]) -> None:
        """Show those of the entries that pass."""
        self.beginResetModel()
        self._all = tuple(entries)
        self._shown = tuple(filter(passes, self._all))
        self._marked = self._touched()
        self.endResetModel()

    def filter(self, passes: Callable[[LedgerEntry], bool]) -> None:
        """Show other ones of the same entries."""
        self.show_entries(self._all, passes)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own form
        """Return how many entries are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own form
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in _FIGURES else _LEFT
        return _(_COLUMNS[section]) if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if not index.isValid():
            return None
        entry, column = self._shown[index.row()], index.column()
        marked = column == NAME and index.row() in self._marked
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            # not by weight alone
            return ("▸ " if marked else "") + cell_text(entry, column)
        answers: dict[int, Any] = {
            ENTRY: entry,
            Qt.ItemDataRole.TextAlignmentRole: _RIGHT if column in _FIGURES else _LEFT,
            Qt.ItemDataRole.ForegroundRole: self._brush(entry, column),
            Qt.ItemDataRole.FontRole: self._bold if marked else None,
        }
        return answers.get(role)

    def _brush(self, entry: LedgerEntry, column: int) -> QBrush | None:
        state = state_of(entry)
        if column in (VALUE, STATE) and state is not EntryState.CURRENT:
            return self._muted if state is EntryState.MISSING else self._warning
        if column == LIGHT and shown_light(entry) is Light.RED:
            return self._warning
        return None


def cell_text(entry: LedgerEntry, column: int) -> str:
    """Return the text of one cell."""
    indicator, current = entry.indicator, state_of(entry) is EntryState.CURRENT
    if column == NAME:
        return f"　{entry.line[1]}" if entry.line[1] else indicator.name
    if column == TARGET:
        return _target(entry)
    if column == GAP:
        return f"{entry.gap:+,.{indicator.digits}f}" if current and entry.gap is not None else ""
    if column == LIGHT:
        light = shown_light(entry)
        return light.words if light is not Light.NONE else ""
    texts = {
        VALUE: value_words(entry),
        UNIT: indicator.unit,
        STATE: state_of(entry).words,
        DEPARTMENT: indicator.department,
        CLAUSE: entry.clause_place,
    }
    return texts[column]


def _target(entry: LedgerEntry) -> str:
    target = entry.indicator.target
    if target is None or entry.line[1]:
        return ""
    text = _("{value} per year") if target.kind == "annual_growth_rate" else "{value}"
    return f"{text.format(value=plain_number(target.value))} ({target.year})"
