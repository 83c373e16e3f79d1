"""The page of the ledger below the map: indicators, and what stands behind the one that is chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from PyQt6.QtCore import QDate, QModelIndex, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDateEdit,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from layers.plain_numbers import plain_number
from layers.words import _
from ui.forms.editors import CalmComboBox
from ui.icons import icon
from ui.panels.parts import ElidedLabel, verb_button
from ui.tables.ledger_model import ENTRY, NAME, LedgerModel
from ui.theme import GRID_PX, Colors
from zsgis.ledger.entries import EntryState, Ledger, LedgerEntry, state_of, value_words

_WIDTHS_PX = (184, 104, 56, 72, 104, 88, 72, 104, 72)


@dataclass(frozen=True)
class ValueWish:
    """A department's value that is to be kept, as it was typed."""

    series: str
    on: QDate
    value: str
    source: str


class LedgerPage(QWidget):
    """Shows a ledger; says what was chosen and what is to be done."""

    features_chosen = pyqtSignal(object)
    refresh_asked = pyqtSignal()
    verify_asked = pyqtSignal()
    value_asked = pyqtSignal(object)
    """A :class:`ValueWish`."""

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = LedgerModel(colors.muted, colors.danger)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Filter: indicator, clause or department"))
        self.search.setClearButtonEnabled(True)
        self.state = CalmComboBox()
        self.state.setAccessibleName(_("State"))
        self.state.addItem(_("All states"), "")
        for state in EntryState:
            self.state.addItem(state.words, state.value)
        self.lines = QCheckBox(_("By platform, town and zone"))
        self.refresh = verb_button(_("Refresh"), icon("undo", colors.text))
        self.verify = verb_button(_("Verify"), icon("check", colors.text))
        self.verify.setToolTip(_("Run the recorded analyses again and compare the figures"))
        self.table = _make_table(self.model)
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setAccessibleName(_("Where the value comes from"))
        self.entry_row = _EntryRow(colors)
        self.summary = ElidedLabel()
        self.summary.setProperty("role", "muted")
        self._lay_out()
        self.search.textChanged.connect(self._filter)
        self.state.currentIndexChanged.connect(self._filter)
        self.lines.toggled.connect(self._filter)
        self.refresh.clicked.connect(self.refresh_asked)
        self.verify.clicked.connect(self.verify_asked)
        self.entry_row.value_asked.connect(self.value_asked)
        self.table.clicked.connect(self._choose)
        self.table.activated.connect(self._choose)
        selection = self.table.selectionModel()
        if selection is not None:
            selection.currentRowChanged.connect(self._tell)
        self._show_details(None)

    def show_ledger(self, ledger: Ledger, *, verified: bool = False) -> None:
        """Show a ledger; the row that was chosen stays so."""
        chosen = self.current()
        self.model.show_entries(ledger.entries, self._passes)
        holding = sum(1 for run in ledger.runs if run.current)
        said = _("{holding} of {count} runs hold (inputs, rules and program compared).")
        if verified:
            said = _("{holding} of {count} runs hold (run again just now).")
        parts = [
            f"{state.words} {sum(1 for one in ledger.entries if state_of(one) is state):,}"
            for state in EntryState
        ]
        parts += [said.format(holding=holding, count=len(ledger.runs)), ledger.rule.words]
        self.summary.set_whole_text(" · ".join([ledger.on.isoformat(), *parts]))
        if chosen is not None:
            self._go_to(chosen)

    def mark(self, selection: Mapping[str, Collection[str]]) -> None:
        """Mark the indicators that stand on what is selected, and bring the first of them into sight."""
        self.model.mark(selection)
        rows = self.model.marked_rows
        if rows and self.table.currentIndex().row() not in rows:
            self.table.scrollTo(self.model.index(rows[0], NAME))

    def current(self) -> LedgerEntry | None:
        """Return the entry that is chosen; None for none."""
        found = self.table.currentIndex().data(ENTRY)
        return found if isinstance(found, LedgerEntry) else None

    def _go_to(self, wanted: LedgerEntry) -> None:
        for row, entry in enumerate(self.model.entries):
            if (entry.indicator.key, entry.line) == (wanted.indicator.key, wanted.line):
                self.table.setCurrentIndex(self.model.index(row, NAME))
                self._show_details(entry)
                return
        self._show_details(None)

    def _passes(self, entry: LedgerEntry) -> bool:
        if entry.line[1] and not self.lines.isChecked():
            return False
        state = str(self.state.currentData() or "")
        if state and state_of(entry).value != state:
            return False
        sought = self.search.text().strip().casefold()
        texts = (entry.name, entry.clause_place, entry.clause_text, entry.indicator.department)
        return not sought or any(sought in text.casefold() for text in texts)

    def _filter(self, *_value: object) -> None:
        chosen = self.current()
        self.model.filter(self._passes)
        if chosen is not None:
            self._go_to(chosen)

    def _choose(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY)
        if isinstance(entry, LedgerEntry):
            self.features_chosen.emit(dict(entry.sources))

    def _tell(self, index: QModelIndex, _before: QModelIndex) -> None:
        entry = index.data(ENTRY)
        self._show_details(entry if isinstance(entry, LedgerEntry) else None)

    def _show_details(self, entry: LedgerEntry | None) -> None:
        if entry is None:
            self.details.setPlainText(
                _("Choose a value: its parcels are selected on the map; formula, clause and run stand here.")
            )
            self.entry_row.offer({})
            return
        self.details.setPlainText("\n".join(detail_lines(entry)))
        self.entry_row.offer(entry.indicator.series)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX // 2)
        bar.setSpacing(GRID_PX)
        bar.addWidget(self.search, 2)
        self.state.setMinimumWidth(GRID_PX * 12)
        for widget in (self.state, self.lines, self.refresh, self.verify):
            bar.addWidget(widget)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.details, 1)
        column.addWidget(self.entry_row)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.addWidget(self.table)
        halves.addWidget(side)
        halves.setStretchFactor(0, 5)
        halves.setStretchFactor(1, 2)
        halves.setChildrenCollapsible(False)
        self.summary.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX // 2)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addLayout(bar)
        page.addWidget(halves, 1)
        page.addWidget(self.summary)


class _EntryRow(QWidget):
    """The line in which a department's value is typed; hidden where nothing is typed in."""

    value_asked = pyqtSignal(object)

    def __init__(self, colors: Colors) -> None:
        super().__init__()
        self.series = CalmComboBox()
        self.series.setAccessibleName(_("Series"))
        self.on = QDateEdit(QDate(QDate.currentDate().year() - 1, 12, 31))
        self.on.setDisplayFormat("yyyy-MM-dd")
        self.on.setAccessibleName(_("The day it holds for"))
        self.value = QLineEdit()
        self.value.setPlaceholderText(_("Value"))
        self.source = QLineEdit()
        self.source.setPlaceholderText(_("Source: document or statement"))
        self.enter = verb_button(_("Enter value"), icon("fill_field", colors.text))
        above, below = QHBoxLayout(), QHBoxLayout()
        for widget, stretch in ((self.series, 2), (self.on, 1), (self.value, 1)):
            above.addWidget(widget, stretch)
        below.addWidget(self.source, 1)
        below.addWidget(self.enter)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX // 2] * 4)
        column.setSpacing(GRID_PX // 2)
        column.addLayout(above)
        column.addLayout(below)
        self.enter.clicked.connect(self._ask)
        self.value.returnPressed.connect(self.source.setFocus)
        self.source.returnPressed.connect(self._ask)

    def offer(self, series: dict[str, str]) -> None:
        """Offer these series, each with its unit."""
        self.setVisible(bool(series))
        self.series.clear()
        for key, unit in series.items():
            self.series.addItem(f"{key} ({unit})" if unit else key, key)
        self.series.setVisible(len(series) > 1)
        self.value.clear()

    def _ask(self) -> None:
        if self.value.text().strip():
            self.value_asked.emit(
                ValueWish(
                    str(self.series.currentData()), self.on.date(), self.value.text(), self.source.text()
                )
            )


def detail_lines(entry: LedgerEntry) -> list[str]:
    """Return all that leads to a value, as lines of text."""
    indicator = entry.indicator
    value = value_words(entry)
    if entry.value is not None:
        value = f"{entry.value:,.{indicator.digits}f} {indicator.unit} · {state_of(entry).words}"
    lines = [f"{entry.name}: {value}"]
    if entry.judged.reason:
        lines.append(entry.judged.reason)
    if indicator.base is not None and not entry.line[1]:
        lines.append(
            _("Base: {value} ({year})").format(
                value=plain_number(indicator.base.value), year=indicator.base.year
            )
        )
    lines += [*entry.reasons, *entry.notes]
    lines += ["", _("Clause {place}: {text}").format(place=entry.clause_place, text=entry.clause_text)]
    lines.append(_("Formula: {formula}").format(formula=entry.formula))
    if indicator.note:
        lines.append(indicator.note)
    lines.append(_parcels(entry))
    lines += [
        _("Run {number} · {started} · {verdict}").format(
            number=run.number, started=run.run.started, verdict=run.verdict.words
        )
        for run in entry.runs
    ]
    return lines


def _parcels(entry: LedgerEntry) -> str:
    count = sum(len(uids) for uids in entry.sources.values())
    if entry.sources_left_out:
        text = _(
            "{count} features stand behind the run, too many to be kept with it; run the analysis again."
        )
        return text.format(count=f"{entry.sources_left_out:,}")
    return _("Features behind it: {count}").format(count=f"{count:,}")


def _make_table(model: LedgerModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName(_("Indicators of the ledger"))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    rows, columns = table.verticalHeader(), table.horizontalHeader()
    if rows is not None:
        rows.hide()
        rows.setDefaultSectionSize(GRID_PX * 3)
    if columns is not None:
        columns.setStretchLastSection(True)
        columns.setMinimumSectionSize(GRID_PX * 5)
        for column, width in enumerate(_WIDTHS_PX):
            columns.resizeSection(column, width)
    return table
