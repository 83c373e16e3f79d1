"""Conflicts of a merge decided one by one: a list, a form, a small map; then what was merged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from layers.errors import InputError
from layers.words import _
from ui.dialogs.merging.conflict_list import ConflictList
from ui.dialogs.merging.own_values import as_value
from ui.dialogs.merging.question_table import QuestionTable
from ui.dialogs.merging.shape_map import ShapeMap, line_icon
from ui.dialogs.merging.summary import MergeSummary
from ui.palette import Colors
from ui.theme import GRID_PX
from zsgis.merging.applying import MergeResult
from zsgis.merging.comparing import rows_of
from zsgis.merging.deciding import Deciding
from zsgis.merging.listing import info_of
from zsgis.merging.model import CHANGED_SIDES, Conflict, Question, Side, Trace
from zsgis.merging.wording import side_words, trace_words

_SIDES = (Side.BASE, Side.MINE, Side.THEIRS)
Traces = Mapping[tuple[str, Side], Trace]


class MergeDialog(QDialog):
    """Tells what is wanted; a flow does it.

    ``shown`` carries the conflict that is looked at, ``place_asked`` one to be shown on the large map;
    ``merge_asked`` and ``list_asked`` say that the merge, or its list, is to be written.
    """

    shown = pyqtSignal(object)
    place_asked = pyqtSignal(object)
    merge_asked = pyqtSignal()
    list_asked = pyqtSignal()

    def __init__(self, deciding: Deciding, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.deciding = deciding
        self._at = -1
        self.setWindowTitle(_("Bring a working copy back"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(GRID_PX * 152, GRID_PX * 82)
        self.list = ConflictList(deciding)
        self.table = QuestionTable(colors)
        self.map = ShapeMap(colors)
        self.summary = MergeSummary()
        self.pages = QStackedWidget()
        self.progress = QProgressBar()
        self.told, self.who, self.complaint = QLabel(), QLabel(), QLabel()
        self.alike = QCheckBox(_("Also what is alike"))
        self.switches = {side: QCheckBox(side_words(side)) for side in _SIDES}
        self.whole = {side: QPushButton(_whole_words(side)) for side in _SIDES}
        self.next = QPushButton(_("Next open one (N)"))
        self.go = QPushButton(_("Show on the large map"))
        self.export = QPushButton(_("Write the list…"))
        self.later = QPushButton(_("Decide later"))
        self.merge = QPushButton(_("Merge now"))
        self._lay_out()
        self._connect()
        self._count()
        self.list.setFocus()
        if deciding.plan.conflicts:
            self.list.show_row(max(deciding.next_open(-1), 0))

    @property
    def conflict(self) -> Conflict | None:
        """The conflict that is looked at."""
        conflicts = self.deciding.plan.conflicts
        return conflicts[self._at] if 0 <= self._at < len(conflicts) else None

    def show_traces(self, conflict: Conflict, traces: Traces) -> None:
        """Say who changed what is looked at, and when."""
        if conflict is self.conflict:
            self.who.setText(_who(conflict, traces))

    def show_result(self, result: MergeResult) -> None:
        """Say what was merged."""
        self.summary.show_result(result)
        self.pages.setCurrentWidget(self.summary)

    def set_busy(self, busy: bool) -> None:
        """Wait while the merge is written."""
        self.merge.setEnabled(not busy and self.deciding.complete)
        self.list.setEnabled(not busy)
        self.table.setEnabled(not busy)
        for button in self.whole.values():
            button.setEnabled(not busy)

    def take(self, side: Side) -> None:
        """Take a side's for the row that is chosen, or for the only question there is."""
        question = self.table.current_question()
        if question is not None:
            self._take(question, side)

    def take_whole(self, side: Side) -> None:
        """Take a side's for the whole conflict, and go on to the next."""
        conflict = self.conflict
        if conflict is None:
            return
        if self.deciding.answer_all(conflict, side):
            self._answered()
            self.show_next()
        else:
            self.complaint.setText(_("This can be decided for mine or for theirs only."))

    def show_next(self) -> None:
        """Go to the next conflict that is open."""
        found = self.deciding.next_open(self._at)
        if found >= 0:
            self.list.show_row(found)

    def _lay_out(self) -> None:
        self.told.setProperty("role", "heading")
        self.who.setProperty("role", "muted")
        self.complaint.setProperty("role", "danger")
        for label in (self.told, self.who, self.complaint):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(label is not self.told)
        self.progress.setTextVisible(False)
        self.progress.setMaximum(max(len(self.deciding.plan.conflicts), 1))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.list)
        split.addWidget(self._right())
        split.setSizes([GRID_PX * 54, GRID_PX * 98])
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(*[GRID_PX * 2] * 4)
        column.setSpacing(GRID_PX)
        column.addLayout(_row(self.told, None, self.next))
        column.addWidget(self.progress)
        column.addWidget(split, 1)
        column.addWidget(self.complaint)
        column.addLayout(_row(self.export, None, self.later, self.merge))
        self.merge.setProperty("primary", True)
        self.merge.setToolTip("Ctrl+Enter")
        self.pages.addWidget(page)
        self.pages.addWidget(self.summary)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.pages)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)

    def _right(self) -> QWidget:
        maps = QWidget()
        below = QVBoxLayout(maps)
        below.setContentsMargins(0, GRID_PX, 0, 0)
        below.setSpacing(GRID_PX)
        below.addWidget(self.map, 1)
        below.addLayout(_row(*self.switches.values(), None, self.go))
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(maps)
        split.setSizes([GRID_PX * 30, GRID_PX * 36])
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(GRID_PX, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(_row(*self.whole.values(), None, self.alike))
        column.addWidget(self.who)
        column.addWidget(split, 1)
        return whole

    def _connect(self) -> None:
        self.list.shown.connect(self._show)
        self.table.taken.connect(self._take)
        self.table.questions.own_given.connect(self._take_own)
        self.alike.toggled.connect(self._renew)
        self.next.clicked.connect(self.show_next)
        self.export.clicked.connect(self.list_asked)
        self.summary.export.clicked.connect(self.list_asked)
        self.summary.close_it.clicked.connect(self.accept)
        self.later.clicked.connect(self.reject)
        self.merge.clicked.connect(self.merge_asked)
        self.go.clicked.connect(lambda: self.place_asked.emit(self.conflict))
        for key, side in zip("123", _SIDES, strict=True):
            self.switches[side].setChecked(True)
            self.switches[side].setIcon(line_icon(*self.map.look_of(side)))
            self.switches[side].toggled.connect(partial(self._switch, side))
            self.whole[side].clicked.connect(partial(self._whole_clicked, side))
            self._key(key, partial(self.take, side))
            self._key(f"Shift+{key}", partial(self.take_whole, side))
        self._key("N", self.show_next)
        self._key("Ctrl+Return", self.merge.click)

    def _key(self, keys: str, call: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(call)

    def _switch(self, side: Side, shown: bool) -> None:
        self.map.show_side(side, shown=shown)

    def _whole_clicked(self, side: Side, *_state: object) -> None:
        self.take_whole(side)

    def _show(self, row: int) -> None:
        self._at = row
        self.complaint.setText("")
        self.who.setText("")
        self.table.clearSelection()
        self.table.setCurrentIndex(self.table.questions.index(-1, -1))
        conflict = self.conflict
        if conflict is None:
            return
        self._renew()
        self.map.show_shapes(
            {
                side: [state.geometry for one in conflict.members if (state := one.sides.on(side))]
                for side in _SIDES
            }
        )
        self.go.setEnabled(self.map.bounds() is not None)
        for side, button in self.whole.items():
            button.setEnabled(all(side in question.sides for question in conflict.questions))
        self.shown.emit(conflict)

    def _renew(self, *_state: object) -> None:
        conflict = self.conflict
        if conflict is None:
            return
        rows = rows_of(self.deciding.plan, conflict, self.deciding.decisions, alike=self.alike.isChecked())
        with QSignalBlocker(self.table):
            self.table.questions.show_rows(rows)

    def _take(self, question: Question, side: Side) -> None:
        if self.deciding.answer(question, side):
            self._answered()
        else:
            self.complaint.setText(_("This can be decided for mine or for theirs only."))

    def _take_own(self, question: Question, text: str) -> None:
        conflict = self.conflict
        if conflict is None:
            return
        try:
            value = as_value(text, question, info_of(self.deciding.plan, conflict.layer_uid))
            self.deciding.answer_with(question, value)
        except InputError as error:
            self.complaint.setText(str(error))
            return
        self._answered()

    def _answered(self) -> None:
        self.complaint.setText("")
        self.list.conflicts.renew(self._at)
        self._renew()
        self._count()

    def _count(self) -> None:
        total, decided = len(self.deciding.plan.conflicts), self.deciding.decided
        self.told.setText(
            _("{merged} features merge by themselves; {total} conflicts, {decided} decided").format(
                merged=len(self.deciding.plan.merged), total=total, decided=decided
            )
        )
        self.progress.setValue(decided)
        self.next.setEnabled(not self.deciding.complete)
        self.merge.setEnabled(self.deciding.complete)


def _whole_words(side: Side) -> str:
    return {
        Side.BASE: _("Take base for all (Shift+1)"),
        Side.MINE: _("Take mine for all (Shift+2)"),
        Side.THEIRS: _("Take theirs for all (Shift+3)"),
    }[side]


def _who(conflict: Conflict, traces: Traces) -> str:
    """Return who changed it last at each side; of several features the last one who did."""
    told = []
    for side in CHANGED_SIDES:
        found = [
            trace
            for member in conflict.members
            if (trace := traces.get((member.sides.zs_uid, side))) is not None and trace.time is not None
        ]
        if found:
            last = max(found, key=lambda trace: trace.time.timestamp() if trace.time else 0.0)
            told.append(f"{side_words(side)}：{trace_words(last)}")
    return "    ".join(told)


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Return widgets in a row; None takes what room is left."""
    row = QHBoxLayout()
    row.setSpacing(GRID_PX)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
