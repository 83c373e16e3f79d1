"""The window in which criteria are compared in pairs: matrix, weights as they follow, consistency."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QModelIndex, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from layers.errors import UsageError
from layers.words import _
from ui.dialogs.comparing.model import ComparisonsModel, ScaleDelegate
from ui.panels.parts import ElidedLabel, repolished, text_label, verb_button
from ui.theme import GRID_PX, Colors
from zsgis.analysis.suitability.ahp import (
    Comparison,
    RandomIndex,
    comparison_text,
    matrix_of,
    triangle_of,
    weigh,
    worst_contradiction,
)

_CELL_PX = GRID_PX * 8
_BAR_STEPS = 1000


@dataclass(frozen=True)
class Compared:
    """Comparisons as the analysis takes them.

    Attributes
    ----------
    comparisons : str
        What stands above the diagonal, rows apart by semicolons.
    reason : str
        Why they are taken although they contradict each other; empty where they do not.
    """

    comparisons: str
    reason: str = ""


class ComparisonsDialog(QDialog):
    """Shows a matrix of comparisons; what contradicts itself is taken with a reason only.

    Parameters
    ----------
    titles : tuple of str
        The criteria, in the order of the rule file.
    table : RandomIndex
        Random indices and the limit of the consistency ratio.
    given : Compared
        What stood in the form; comparisons that do not fit the criteria are not shown.
    last : Compared or None
        Of the latest run, to start from.
    """

    decided = pyqtSignal(object)  # Compared

    def __init__(
        self,
        titles: tuple[str, ...],
        table: RandomIndex,
        given: Compared,
        last: Compared | None,
        colors: Colors,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._table, self._last = table, last
        self.comparison: Comparison | None = None
        self.setWindowTitle(_("Compare criteria in pairs (AHP)"))
        self.model = ComparisonsModel(titles, colors)
        self.view = _matrix_view(self.model)
        self.sentence = text_label("", "muted")
        self.weights = _Weights(titles)
        self.verdict = text_label("", "heading")
        self.figures = text_label("", "muted", selectable=True)
        self.advice = text_label("", "muted")
        self.reason = QLineEdit(given.reason)
        self.reason.setAccessibleName(_("Reason for contradictions"))
        self.reason.setPlaceholderText(_("Stands in the record of the run"))
        self._reason_title = QLabel(_("Take them all the same, because"))
        self.last_button = QPushButton(_("Take those of the last run"))
        self.last_button.setEnabled(self._fits(last))
        self.cancel_button = QPushButton(_("Cancel"))
        self.take_button = verb_button(_("Take these weights"), primary=True)
        self._lay_out()
        selection = self.view.selectionModel()
        if selection is not None:
            selection.currentChanged.connect(self._show_sentence)
        self.model.dataChanged.connect(lambda *_places: self._weigh())
        self.model.modelReset.connect(self._weigh)
        self.model.refused.connect(self._show_refused)
        self.reason.textChanged.connect(lambda _text: self._allow())
        self.last_button.clicked.connect(lambda _checked: self._take_last())
        self.cancel_button.clicked.connect(lambda _checked: self.reject())
        self.take_button.clicked.connect(lambda _checked: self._decide())
        if self._fits(given):
            self.model.take(matrix_of(given.comparisons))
        self._weigh()
        self.view.setCurrentIndex(self.model.index(0, min(1, len(titles) - 1)))
        self.view.setFocus()

    def _lay_out(self) -> None:
        legend = text_label(
            _(
                "Row against column, above the diagonal: 1 as much, 3 moderately more, 5 strongly, 7 very "
                "strongly, 9 extremely; 2, 4, 6, 8 in between, 1/3 and so on the other way round."
            ),
            "muted",
        )
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, parts in (
            (left, (self.view, self.sentence)),
            (right, (text_label(_("Weights"), "heading"), self.weights, self.verdict, self.figures)),
        ):
            column.setSpacing(GRID_PX)
            for part in parts:
                column.addWidget(part, 1 if part is self.view else 0)
        for below in (self.advice, self._reason_title, self.reason):
            right.addWidget(below)
        right.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(GRID_PX * 3)
        both.addLayout(left, 3)
        both.addLayout(right, 2)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        buttons.addWidget(self.last_button)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.take_button)
        for button in (self.last_button, self.cancel_button, self.take_button):
            button.setAutoDefault(False)  # Enter ends what is typed in a cell
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*[GRID_PX * 3] * 4)
        whole.setSpacing(GRID_PX * 2)
        whole.addWidget(legend)
        whole.addLayout(both, 1)
        whole.addLayout(buttons)
        count = len(self.model.titles)
        self.resize(min(GRID_PX * 72 + count * _CELL_PX, 1280), min(GRID_PX * 44 + count * GRID_PX * 4, 720))

    def _fits(self, compared: Compared | None) -> bool:
        """Tell whether comparisons are of as many criteria."""
        if compared is None or not compared.comparisons.strip():
            return False
        try:
            return len(matrix_of(compared.comparisons)) == len(self.model.titles)
        except UsageError:
            return False

    def _take_last(self) -> None:
        if self._last is not None:
            self.reason.setText(self._last.reason)
            self.model.take(matrix_of(self._last.comparisons))

    def _weigh(self) -> None:
        try:
            self.comparison = weigh(self.model.matrix, self._table)
        except UsageError as error:
            self.comparison = None
            self._judge(str(error), "danger")
            self._allow()
            return
        found = self.comparison
        self.weights.show_weights([float(weight) for weight in found.weights])
        self.figures.setText(
            _("λmax {value:.4f} · CI {index:.4f} · RI {chance:g}").format(
                value=found.largest_eigenvalue, index=found.consistency_index, chance=found.random_index
            )
        )
        words = {"ratio": found.consistency_ratio, "limit": self._table.limit}
        if found.consistent:
            self._judge(
                _("CR {ratio:.4f}, below {limit:g}: the comparisons agree.").format(**words), "accent"
            )
        else:
            text = _("CR {ratio:.4f}, not below {limit:g}: the comparisons contradict each other.")
            self._judge(text.format(**words), "danger")
        self._advise(found)
        self._show_sentence(self.view.currentIndex())
        self._allow()

    def _advise(self, found: Comparison) -> None:
        """Name the pair that fits the others least, while the comparisons contradict each other."""
        worst = None if found.consistent else worst_contradiction(self.model.matrix, found.weights)
        text = ""
        if worst is not None:
            text = _(
                "Look first at “{first}” against “{second}”: {said}; the others make it about {implied:.2g}."
            )
            text = text.format(
                first=self.model.titles[worst.first],
                second=self.model.titles[worst.second],
                said=comparison_text(worst.said),
                implied=worst.implied,
            )
        self.advice.setText(text)
        for part in (self.advice, self._reason_title, self.reason):
            part.setVisible(not found.consistent)

    def _judge(self, text: str, role: str) -> None:
        self.verdict.setText(text)
        self.verdict.setProperty("role", role)
        repolished(self.verdict)

    def _allow(self) -> None:
        found = self.comparison
        taken = found is not None and (found.consistent or bool(self.reason.text().strip()))
        self.take_button.setEnabled(taken)

    def _show_sentence(self, index: QModelIndex, _former: QModelIndex | None = None) -> None:
        words = self.model.sentence(index.row(), index.column()) if index.isValid() else ""
        self._say(words, "muted")

    def _show_refused(self, text: str) -> None:
        if text:
            self._say(text, "danger")

    def _say(self, text: str, role: str) -> None:
        self.sentence.setText(text)
        self.sentence.setProperty("role", role)
        repolished(self.sentence)

    def _decide(self) -> None:
        found = self.comparison
        if found is None:
            return
        reason = "" if found.consistent else self.reason.text().strip()
        self.decided.emit(Compared(triangle_of(self.model.matrix), reason))
        self.accept()


class _Weights(QWidget):
    """A bar for the weight of each criterion."""

    def __init__(self, titles: tuple[str, ...]) -> None:
        super().__init__()
        rows = QGridLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(GRID_PX)
        rows.setVerticalSpacing(GRID_PX // 2)
        rows.setColumnStretch(0, 1)
        rows.setColumnStretch(1, 1)
        self.bars, self.shares = [], []
        for number, title in enumerate(titles):
            bar, share = QProgressBar(), QLabel()
            bar.setRange(0, _BAR_STEPS)
            bar.setTextVisible(False)
            bar.setAccessibleName(title)
            share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            share.setMinimumWidth(GRID_PX * 7)
            for column, part in enumerate((ElidedLabel(title), bar, share)):
                rows.addWidget(part, number, column)
            self.bars.append(bar)
            self.shares.append(share)

    def show_weights(self, weights: list[float]) -> None:
        """Show weights that add up to 1; the longest bar is the largest weight."""
        largest = max(weights)
        for bar, share, weight in zip(self.bars, self.shares, weights, strict=True):
            bar.setValue(round(_BAR_STEPS * weight / largest))
            share.setText(f"{100 * weight:.2f} %")


def _matrix_view(model: ComparisonsModel) -> QTableView:
    view = QTableView()
    view.setModel(model)
    view.setItemDelegate(ScaleDelegate(view))
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(
        QAbstractItemView.EditTrigger.AnyKeyPressed
        | QAbstractItemView.EditTrigger.DoubleClicked
        | QAbstractItemView.EditTrigger.EditKeyPressed
    )
    view.setAccessibleName(_("Comparisons in pairs (AHP)"))
    across, down = view.horizontalHeader(), view.verticalHeader()
    if across is not None and down is not None:
        across.setDefaultSectionSize(_CELL_PX)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(GRID_PX * 4)
        down.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    view.setMinimumWidth(GRID_PX * 48)
    return view
