"""The findings of a check as a tree: rules, and under each its findings, made when they are looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from PyQt6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PyQt6.QtGui import QBrush, QColor, QIcon

from layers.checking.model import CheckFinding, CheckReport
from layers.checking.rules import Rule
from layers.checking.sentences import figure_text, unit_text
from layers.findings import Severity
from layers.words import N_, _

FINDING = Qt.ItemDataRole.UserRole
"""Role under which an index gives the :class:`Place` of its finding; None for a rule."""

_COLUMNS = (N_("Problem"), N_("Severity"), N_("Size of the fault"))
_PROBLEM, _SEVERITY, _FIGURE = range(3)
_WEIGHT = {
    severity: place for place, severity in enumerate((Severity.ERROR, Severity.WARNING, Severity.NOTE))
}
_AT_ONCE = 500


@dataclass(frozen=True)
class Place:
    """One finding: which report, and its number there."""

    report: int
    number: int


@dataclass
class _Branch:
    """A rule of a report with the numbers of its findings, as far as they are shown."""

    report: int
    rule: Rule
    numbers: Sequence[int]
    shown: int = 0
    settled: set[int] = field(default_factory=set)


class CheckModel(QAbstractItemModel):
    """Reports of checks; several layers stand one after the other."""

    def __init__(self, icons: dict[Severity, QIcon], muted: str) -> None:
        super().__init__()
        self._icons = icons
        self._muted = QBrush(QColor(muted))
        self._reports: tuple[CheckReport, ...] = ()
        self._severity: Severity | None = None
        self._branches: list[_Branch] = []
        self._settled: dict[int, set[int]] = {}
        self._finding = lru_cache(maxsize=4096)(self._make)

    @property
    def reports(self) -> tuple[CheckReport, ...]:
        """What is shown."""
        return self._reports

    def show_reports(self, reports: Sequence[CheckReport]) -> None:
        """Show other reports."""
        self._reports = tuple(reports)
        self._settled = {}
        self._finding.cache_clear()
        self._fill()

    def show_severity(self, severity: Severity | None) -> None:
        """Show only findings that weigh so; None shows all."""
        self._severity = severity
        self._fill()

    def settle(self, report: int, numbers: Collection[int], settled: bool) -> None:
        """Mark findings as repaired, or take the mark away."""
        known = self._settled.setdefault(report, set())
        known |= set(numbers)
        if not settled:
            known -= set(numbers)
        self.layoutChanged.emit()

    def is_settled(self, place: Place) -> bool:
        """Tell whether a finding is repaired."""
        return place.number in self._settled.get(place.report, ())

    def places(self, index: QModelIndex) -> list[Place]:
        """Return the finding of a row, or all of a rule, without those that are repaired."""
        branch, child = self._at(index)
        if branch is None:
            return []
        numbers = branch.numbers if child is None else [branch.numbers[child]]
        found = [Place(branch.report, number) for number in numbers]
        return [place for place in found if not self.is_settled(place)]

    def origin(self, index: QModelIndex) -> str:
        """Return the rule of a row, how it weighs, and where it comes from; empty for no row."""
        branch, _child = self._at(index)
        return "" if branch is None else _origin(branch.rule)

    def finding(self, place: Place) -> CheckFinding:
        """Return a finding."""
        return self._finding(place)

    def _make(self, place: Place) -> CheckFinding:
        return self._reports[place.report].finding(place.number)

    def _fill(self) -> None:
        self.beginResetModel()
        self._branches = [
            _Branch(place, one.rule, report.numbers(one.rule.key))
            for place, report in enumerate(self._reports)
            for one in report.counts()
            if self._severity in (None, one.rule.severity)
        ]
        # what must be mended comes first; reports and rules keep their order
        self._branches.sort(key=lambda branch: (branch.report, _WEIGHT[branch.rule.severity]))
        for branch in self._branches:
            branch.shown = min(_AT_ONCE, len(branch.numbers))
        self.endResetModel()

    def _at(self, index: QModelIndex) -> tuple[_Branch | None, int | None]:
        if not index.isValid():
            return None, None
        if index.internalId() == 0:
            return self._branches[index.row()], None
        return self._branches[index.internalId() - 1], index.row()

    # what Qt asks

    def index(self, row: int, column: int, parent: QModelIndex | None = None) -> QModelIndex:
        """Return the index of a rule, or of a finding under it."""
        parent = parent or QModelIndex()
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: QModelIndex | None = None) -> QModelIndex:  # type: ignore[override]
        """Return the rule of a finding."""
        if index is None or not index.isValid() or index.internalId() == 0:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many rules, or how many findings of a rule, are shown."""
        if parent is None or not parent.isValid():
            return len(self._branches)
        if parent.internalId() != 0 or parent.column() > 0:
            return 0
        return self._branches[parent.row()].shown

    def columnCount(self, _parent: QModelIndex | None = None) -> int:
        """Return the number of columns."""
        return len(_COLUMNS)

    def canFetchMore(self, parent: QModelIndex) -> bool:
        """Tell whether a rule has findings that are not shown yet."""
        branch, child = self._at(parent)
        return branch is not None and child is None and branch.shown < len(branch.numbers)

    def fetchMore(self, parent: QModelIndex) -> None:
        """Show some more findings of a rule."""
        branch, _child = self._at(parent)
        if branch is None:
            return
        last = min(branch.shown + _AT_ONCE, len(branch.numbers))
        self.beginInsertRows(parent, branch.shown, last - 1)
        branch.shown = last
        self.endInsertRows()

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the title of a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(_COLUMNS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole and section == _FIGURE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        branch, child = self._at(index)
        if branch is None:
            return None
        if child is None:
            return self._rule_data(branch, index.column(), role)
        return self._finding_data(Place(branch.report, branch.numbers[child]), index.column(), role)

    def _rule_data(self, branch: _Branch, column: int, role: int) -> Any:
        rule = branch.rule
        if role == Qt.ItemDataRole.DisplayRole:
            return (self._rule_title(branch), rule.severity.words, "")[column]
        if role == Qt.ItemDataRole.DecorationRole and column == _PROBLEM:
            return self._icons[rule.severity]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _origin(rule)
        return None

    def _rule_title(self, branch: _Branch) -> str:
        count = f"{len(branch.numbers):,}"
        if len(self._reports) > 1:
            layer = self._reports[branch.report].layer
            return _("{layer}: {rule} ({count})").format(layer=layer, rule=branch.rule.title, count=count)
        return _("{rule} ({count})").format(rule=branch.rule.title, count=count)

    def _finding_data(self, place: Place, column: int, role: int) -> Any:
        if role == FINDING:
            return place
        if role == Qt.ItemDataRole.ForegroundRole and self.is_settled(place):
            return self._muted
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(place, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            rule = self._reports[place.report].rules[self.finding(place).rule]
            return f"{self._words(place, _PROBLEM)}\n{_origin(rule)}"
        if role == Qt.ItemDataRole.TextAlignmentRole and column == _FIGURE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _words(self, place: Place, column: int) -> str:
        finding = self.finding(place)
        if column == _PROBLEM:
            text = f"{finding.number}. {finding.text}"
            return _("{text} (repaired)").format(text=text) if self.is_settled(place) else text
        if column == _FIGURE:
            return f"{figure_text(finding.figure, finding.unit)} {unit_text(finding.unit)}".strip()
        return finding.severity.words if column == _SEVERITY else ""

    def rules(self) -> Iterator[QModelIndex]:
        """Yield the indexes of the rules."""
        for row in range(len(self._branches)):
            yield self.index(row, 0)


def _origin(rule: Rule) -> str:
    return f"{rule.title} · {rule.severity.words} · {rule.source}（{rule.status}）"
