"""The page of a check: what was found by rule, the way to it, its repair and the report."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QModelIndex, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStackedLayout,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from layers.checking.model import CheckReport
from layers.findings import Severity
from layers.words import _
from ui.forms.editors import CalmComboBox
from ui.icons import icon
from ui.panels.parts import ElidedLabel, text_label, verb_button
from ui.tables.check_model import FINDING, CheckModel, Place
from ui.theme import GRID_PX, Colors

_WIDTHS_PX = {1: 64, 2: 128}


class CheckPage(QWidget):
    """Shows reports; says which finding was chosen and what is to be done."""

    check_asked = pyqtSignal(str)
    """A layer's uid; empty for all layers."""
    finding_chosen = pyqtSignal(object)
    """A :class:`ui.tables.check_model.Place`."""
    repair_asked = pyqtSignal(list)
    """Places of findings, all of one layer."""
    report_asked = pyqtSignal()

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = CheckModel(
            {
                Severity.ERROR: icon("warning", colors.danger),
                Severity.WARNING: icon("warning", colors.text),
                Severity.NOTE: icon("info", colors.muted),
            },
            colors.muted,
        )
        self.layer = CalmComboBox()
        self.layer.setAccessibleName(_("Layer to check"))
        self.start = verb_button(_("Check"), icon("check_layers", colors.text))
        self.severity = CalmComboBox()
        self.severity.setAccessibleName(_("Show"))
        self.go = verb_button(_("Go to place"), icon("go_to", colors.text))
        self.repair = verb_button(_("Repair…"), icon("repair", colors.text))
        self.repair_rule = verb_button(_("Repair all of this rule…"), icon("repair", colors.text))
        self.report = verb_button(_("Export report…"), icon("export", colors.text))
        self.summary = ElidedLabel()
        self.summary.setProperty("role", "muted")
        self.origin = ElidedLabel()
        self.tree = _make_tree(self.model)
        self._empty = text_label("", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setContentsMargins(*[GRID_PX * 3] * 4)
        self._teach()
        self._lay_out()
        for severity in (None, *reversed(Severity)):
            self.severity.addItem(_("All findings") if severity is None else severity.words, severity)
        self.severity.currentIndexChanged.connect(self._filter)
        self.start.clicked.connect(lambda: self.check_asked.emit(str(self.layer.currentData() or "")))
        self.go.clicked.connect(self._tell_place)
        self.tree.activated.connect(self._tell_place)
        self.repair.clicked.connect(lambda: self.repair_asked.emit(self._chosen()))
        self.repair_rule.clicked.connect(lambda: self.repair_asked.emit(self._chosen_rule()))
        self.report.clicked.connect(self.report_asked)
        selection = self.tree.selectionModel()
        if selection is not None:
            selection.currentChanged.connect(self._tell_chosen)
            selection.selectionChanged.connect(self._enable)
        self._enable()

    def show_layers(self, layers: Sequence[tuple[str, str]], chosen: str = "") -> None:
        """Offer these layers, uid and name each."""
        before = chosen or str(self.layer.currentData() or "")
        self.layer.clear()
        self.layer.addItem(_("All layers"), "")
        for uid, name in layers:
            self.layer.addItem(name, uid)
        self.layer.setCurrentIndex(max(self.layer.findData(before), 0))

    def show_reports(self, reports: Sequence[CheckReport]) -> None:
        """Show what was found."""
        self.model.show_reports(reports)
        total = sum(len(report) for report in reports)
        counted = "  ".join(
            f"{severity.words} {sum(report.weighing(severity) for report in reports):,}"
            for severity in reversed(Severity)
        )
        features = sum(report.features for report in reports)
        self.summary.set_whole_text(
            _("{features} features, {findings} findings: {counted}").format(
                features=f"{features:,}", findings=f"{total:,}", counted=counted
            )
        )
        if not total:
            self._empty.setText(_("Nothing was found: every rule holds."))
        self._stack.setCurrentIndex(1 if total else 0)
        for index in self.model.rules():
            self.tree.setExpanded(index, self.model.rowCount() == 1)
        self._enable()

    def forget(self) -> None:
        """Show nothing: what was checked is no longer open."""
        self.model.show_reports(())
        self.summary.set_whole_text("")
        self._teach()
        self._stack.setCurrentIndex(0)
        self._enable()

    def mark_settled(self, report: int, numbers: Sequence[int], settled: bool) -> None:
        """Mark findings as repaired, or take the mark away."""
        self.model.settle(report, numbers, settled)
        self._enable()

    def _teach(self) -> None:
        self._empty.setText(
            _(
                "Check a layer: fields, codes, areas, gaps and overlaps are held against the standard. "
                "A click on a finding goes to its place; much of it can be repaired here, "
                "and every repair undone."
            )
        )

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX // 2)
        bar.setSpacing(GRID_PX)
        self.layer.setMinimumWidth(GRID_PX * 18)
        self.severity.setMinimumWidth(GRID_PX * 12)
        for widget, stretch in (
            (self.layer, 2),
            (self.start, 0),
            (self.severity, 1),
            (self.go, 0),
            (self.repair, 0),
            (self.repair_rule, 0),
            (self.report, 0),
        ):
            bar.addWidget(widget, stretch)
        found = QWidget()
        column = QVBoxLayout(found)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tree, 1)
        self.origin.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, 0)
        self.summary.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX // 2)
        column.addWidget(self.origin)
        column.addWidget(self.summary)
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(found)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addLayout(bar)
        page.addWidget(pages, 1)

    def _filter(self) -> None:
        self.model.show_severity(self.severity.currentData())
        self._enable()

    def _tell_chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        self.origin.set_whole_text(self.model.origin(index))
        place = index.data(FINDING)
        if isinstance(place, Place):
            self.finding_chosen.emit(place)

    def _tell_place(self, *_index: object) -> None:
        """Go to the current finding, of a rule to its first."""
        index = self.tree.currentIndex().siblingAtColumn(0)
        if index.isValid() and not index.parent().isValid():
            index = self.model.index(0, 0, index)
        self._tell_chosen(index, index)

    def _indexes(self) -> list[QModelIndex]:
        selection = self.tree.selectionModel()
        return [] if selection is None else selection.selectedRows()

    def _chosen(self) -> list[Place]:
        places = [place for index in self._indexes() for place in self.model.places(index)]
        first = places[0].report if places else 0
        return [place for place in dict.fromkeys(places) if place.report == first]

    def _chosen_rule(self) -> list[Place]:
        current = self.tree.currentIndex()
        rule = current.parent() if current.parent().isValid() else current
        return self.model.places(rule)

    def _enable(self, *_selection: object) -> None:
        self.go.setEnabled(bool(self._indexes()))
        self.repair.setEnabled(bool(self._indexes()))
        self.repair_rule.setEnabled(bool(self._indexes()))
        self.report.setEnabled(bool(self.model.reports))


def _make_tree(model: CheckModel) -> QTreeView:
    tree = QTreeView()
    tree.setModel(model)
    tree.setUniformRowHeights(True)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    tree.setAccessibleName(_("Findings of the check"))
    header = tree.header()
    if header is not None:
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS_PX.items():
            header.resizeSection(column, width)
    return tree
