"""Repairs before they are done: each with its before and after, to be taken one by one or all together."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from layers.checking.repairs import Choices, Repair, RepairPlan, complete_only
from layers.checking.rules import RuleSet
from layers.checking.sentences import called
from layers.words import _
from ui.forms.editors import CalmComboBox
from ui.panels.parts import text_label, verb_button
from ui.panels.shape_preview import ShapePreview
from ui.theme import GRID_PX, Colors

_MOST_ROWS = 1_000
_MOST_REASONS = 200


class RepairDialog(QDialog):
    """Shows a plan of repairs; nothing is done before the button is pressed."""

    repair_asked = pyqtSignal(list)
    """The repairs that are wanted."""
    choices_changed = pyqtSignal(object)
    """Other :class:`layers.checking.repairs.Choices`: the plan is to be worked out anew."""

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Repairs"))
        self.setModal(False)
        self._plan = RepairPlan((), ())
        self._later = 0
        self._rules: RuleSet | None = None
        self._aliases: Mapping[str, str] = {}
        self.head = text_label("", "heading")
        self.table = _make_table()
        self.preview = ShapePreview(colors)
        self.legend = text_label(
            _("Red dashes: as it is. Blue: as it will be. What changes is thick."), "muted"
        )
        self.cut = CalmComboBox()
        self.cut.setMinimumWidth(GRID_PX * 32)
        self.cut.addItem(_("Take overlaps from the larger feature"), Choices(cut_larger=True))
        self.cut.addItem(_("Take overlaps from the smaller feature"), Choices(cut_larger=False))
        self.reasons = QPlainTextEdit()
        self.reasons.setReadOnly(True)
        self.reasons.setMaximumHeight(GRID_PX * 12)
        self.take = verb_button("", primary=True)
        self.leave = verb_button(_("Leave as it is"))
        self._lay_out()
        self.resize(GRID_PX * 128, GRID_PX * 72)
        self.table.itemChanged.connect(self._count)
        self.table.currentCellChanged.connect(lambda row, *_rest: self._show_row(row))
        self.cut.currentIndexChanged.connect(lambda _row: self.choices_changed.emit(self.cut.currentData()))
        self.take.clicked.connect(self._tell)
        self.leave.clicked.connect(self.reject)

    def show_plan(self, plan: RepairPlan, rules: RuleSet, aliases: Mapping[str, str]) -> None:
        """Show what is proposed and what is left to a person.

        Parameters
        ----------
        aliases : mapping
            What fields are called, by name.
        """
        self._plan = RepairPlan(complete_only(plan.repairs[:_MOST_ROWS]), plan.refusals)
        self._later = len(plan.repairs) - len(self._plan.repairs)
        self._rules, self._aliases = rules, aliases
        self.table.blockSignals(True)
        self.table.setRowCount(len(self._plan.repairs))
        for row, repair in enumerate(self._plan.repairs):
            self._fill_row(row, repair)
        self.table.blockSignals(False)
        cuts = any("topology.overlap" in repair.rules for repair in plan.repairs)
        self.cut.setVisible(cuts or self.cut.currentIndex() > 0)
        self._show_reasons()
        self._count()
        if plan.repairs:
            self.table.setCurrentCell(0, 0)
            self._show_row(0)
        else:
            self.preview.show_shapes(None, None)

    def wanted(self) -> list[Repair]:
        """Return the repairs that are ticked, without those that make no sense alone."""
        ticked = (
            repair
            for row, repair in enumerate(self._plan.repairs)
            if (item := self.table.item(row, 0)) is not None and item.checkState() is Qt.CheckState.Checked
        )
        return list(complete_only(ticked))

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(GRID_PX * 2)
        middle.addWidget(self.table, 2)
        right = QVBoxLayout()
        right.setSpacing(GRID_PX)
        right.addWidget(self.preview, 1)
        right.addWidget(self.legend)
        middle.addLayout(right, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        buttons.addWidget(self.cut)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 2] * 4)
        column.setSpacing(GRID_PX)
        column.addWidget(self.head)
        column.addLayout(middle, 1)
        column.addWidget(self.reasons)
        column.addLayout(buttons)

    def _fill_row(self, row: int, repair: Repair) -> None:
        first = QTableWidgetItem(called(repair.row, repair.name))
        first.setFlags(first.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        first.setCheckState(Qt.CheckState.Checked)
        titles = [self._rules[rule].title for rule in repair.rules] if self._rules is not None else []
        change = "" if repair.area_change_m2 is None else f"{repair.area_change_m2:+,.4f}"
        self.table.setItem(row, 0, first)
        for column, text in enumerate(("、".join(titles), self._values(repair), change), start=1):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            if column == 3:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, column, item)

    def _values(self, repair: Repair) -> str:
        if repair.removed:
            return _("the feature is deleted")
        words = []
        for name, now in repair.values_after.items():
            was = repair.values_before[name]
            words.append(f"{self._aliases.get(name, name)}：{'' if was is None else was} → {now}")
        if repair.area_before_m2 is not None and repair.area_change_m2 is not None:
            before, after = repair.area_before_m2, repair.area_before_m2 + repair.area_change_m2
            words.insert(
                0, _("shape: {before} → {after} m²").format(before=f"{before:,.2f}", after=f"{after:,.2f}")
            )
        return "、".join(words)

    def _show_reasons(self) -> None:
        refusals = self._plan.refusals
        self.reasons.setVisible(bool(refusals) or self._later > 0)
        lines = []
        if self._later:
            text = _("{count} more features are not in this list; repair them in a next step.")
            lines.append(text.format(count=f"{self._later:,}"))
        if refusals:
            lines.append(_("{count} findings are left to you:").format(count=f"{len(refusals):,}"))
        lines += [f"{refusal.number}. {refusal.reason}" for refusal in refusals[:_MOST_REASONS]]
        if len(refusals) > _MOST_REASONS:
            lines.append("…")
        self.reasons.setPlainText("\n".join(lines))

    def _count(self, *_item: object) -> None:
        wanted = self.wanted()
        area = sum(repair.area_change_m2 or 0.0 for repair in wanted)
        self.head.setText(
            _("{count} features will be changed, area {area} m² in all").format(
                count=f"{len(wanted):,}", area=f"{area:+,.4f}"
            )
        )
        self.take.setText(_("Repair {count} features").format(count=f"{len(wanted):,}"))
        self.take.setEnabled(bool(wanted))

    def _show_row(self, row: int) -> None:
        if 0 <= row < len(self._plan.repairs):
            repair = self._plan.repairs[row]
            self.preview.show_shapes(repair.before, repair.after)

    def _tell(self) -> None:
        self.repair_asked.emit(self.wanted())
        self.accept()


def _make_table() -> QTableWidget:
    table = QTableWidget(0, 4)
    table.setHorizontalHeaderLabels([_("Feature"), _("Rule"), _("Before → after"), _("Area change (m²)")])
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setAccessibleName(_("Repairs"))
    rows, header = table.verticalHeader(), table.horizontalHeader()
    if rows is not None:
        rows.setVisible(False)
    if header is not None:
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 152), (1, 160), (3, 112)):
            header.resizeSection(column, width)
    return table
