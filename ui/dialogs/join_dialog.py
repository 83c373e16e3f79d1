"""A table joined to a layer: by what, and what would happen to each row, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from layers.words import N_, _
from ui.dialogs.row_lists import RowList
from ui.dialogs.rows import button_row
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX
from zsgis.joining.request import OnConflict, TableJoin

if TYPE_CHECKING:
    from layers.formats.model import SourceLayer
    from layers.store import LayerInfo
    from zsgis.joining.preview import JoinPreview

_KEYS = 2
_ON_CONFLICT = (
    (OnConflict.REFUSE, N_("(choose)")),
    (OnConflict.KEEP, N_("Keep the layer's values")),
    (OnConflict.REPLACE, N_("Take the table's values")),
)


@dataclass(frozen=True)
class JoinOffer:
    """What may be joined: the sheets of a file, and the layers of the project.

    Attributes
    ----------
    layer_uid : str
        The layer that is proposed.
    """

    path: Path
    sheets: tuple[SourceLayer, ...]
    layers: tuple[LayerInfo, ...]
    layer_uid: str = ""


class JoinDialog(QDialog):
    """``match_asked`` carries a join to be worked out, ``join_asked`` one to be written.

    Parameters
    ----------
    propose : callable
        Returns the column by field for a layer and the columns of a table.
    """

    match_asked = pyqtSignal(object)
    join_asked = pyqtSignal(object)

    def __init__(
        self,
        offer: JoinOffer,
        propose: Callable[[LayerInfo, Sequence[str]], Mapping[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._offer, self._propose = offer, propose
        self._preview: JoinPreview | None = None
        self.setWindowTitle(_("Join {file} to a layer").format(file=offer.path.name))
        self.resize(GRID_PX * 108, GRID_PX * 78)
        self.sheet, self.layer = CalmComboBox(), CalmComboBox()
        self.fields = [CalmComboBox() for _key in range(_KEYS)]
        self.columns = [CalmComboBox() for _key in range(_KEYS)]
        self.by_place = QCheckBox(_("By place, for what is left (the table has coordinates)"))
        self.distance = QLineEdit("0")
        self.distance.setMaximumWidth(GRID_PX * 12)
        self.distance.setAccessibleName(_("How far a feature may be, metres"))
        self.match = QPushButton(_("Match"))
        self.match.setAutoDefault(False)
        self.lists = QTabWidget()
        self.matched = RowList((_("Row of the table"), _("Feature"), _("Met by")))
        self.unmatched = RowList((_("Row of the table"), _("Features with a name like it")))
        self.unclear = RowList((_("Row of the table"), _("Features it fits")))
        self.differing = RowList((_("Row of the table"), _("Field"), _("In the layer"), _("In the table")))
        self.leave_out = QCheckBox(_("Leave out what is not clear"))
        self.of_conflict = QLabel(_("Values that differ"))
        self.on_conflict = CalmComboBox()
        self.complaint = QLabel()
        self.complaint.setTextFormat(Qt.TextFormat.PlainText)
        self.complaint.setProperty("role", "danger")
        self.complaint.setWordWrap(True)
        self.join = QPushButton(_("Join"))
        self._fill()
        self._lay_out()
        self._connect()
        self._propose_keys()

    def request(self) -> TableJoin:
        """Return the join as it stands in the dialog."""
        keys = {
            str(field.currentData()): str(column.currentData())
            for field, column in zip(self.fields, self.columns, strict=True)
            if field.currentData() and column.currentData()
        }
        return TableJoin(
            layer=str(self.layer.currentData() or ""),
            path=self._offer.path,
            keys=keys,
            by_place=self.by_place.isChecked(),
            distance=_metres(self.distance.text()) or 0.0,
            on_conflict=OnConflict(self.on_conflict.currentData()),
            leave_out=self.leave_out.isChecked(),
            source_layer=str(self.sheet.currentData() or ""),
        )

    def show_preview(self, preview: JoinPreview) -> None:
        """Show what the join would do."""
        self._preview = preview
        told = (preview.matched, preview.unmatched, preview.unclear, preview.differing)
        for place, (listed, rows, title) in enumerate(zip(self._lists(), told, _titles(), strict=True)):
            listed.show_rows(rows)
            self.lists.setTabText(place, f"{title} {len(rows):,}")
        self.leave_out.setVisible(bool(preview.unclear))
        self.of_conflict.setVisible(bool(preview.differing))
        self.on_conflict.setVisible(bool(preview.differing))
        self._revise()

    def show_trouble(self, text: str) -> None:
        """Say why the join could not be worked out."""
        self._preview = None
        self.complaint.setText(text)
        self.join.setEnabled(False)

    def _fill(self) -> None:
        for sheet in self._offer.sheets:
            self.sheet.addItem(sheet.name, sheet.name)
        for info in self._offer.layers:
            self.layer.addItem(info.name, info.uid)
        self.layer.setCurrentIndex(max(self.layer.findData(self._offer.layer_uid), 0))
        for choice, words in _ON_CONFLICT:
            self.on_conflict.addItem(_(words), choice)
        self.on_conflict.setAccessibleName(_("Values that differ"))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setVerticalSpacing(GRID_PX)
        form.addRow(_("Sheet"), self.sheet)
        form.setRowVisible(self.sheet, self.sheet.count() > 1)
        form.addRow(_("Joined to layer"), self.layer)
        for title, field, of_table in zip(
            (_("First by field"), _("Then by field")), self.fields, self.columns, strict=True
        ):
            form.addRow(title, _across(field, QLabel(_("= column")), of_table))
        form.addRow("", _across(self.by_place, self.distance, QLabel("m"), None, self.match))
        for listed, title in zip(self._lists(), _titles(), strict=True):
            self.lists.addTab(listed, title)
        hint = QLabel(
            _(
                "A join is written down in the journal with what stood there before. Undo takes its values "
                "back; fields that it adds stay, empty."
            )
        )
        hint.setProperty("role", "muted")
        self.on_conflict.setMinimumWidth(GRID_PX * 24)
        below = _across(self.leave_out, self.of_conflict, self.on_conflict, None)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 3] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(form)
        column.addWidget(self.lists, 1)
        column.addLayout(below)
        column.addWidget(hint)
        column.addWidget(self.complaint)
        column.addLayout(button_row(self, self.join))
        for widget in (self.leave_out, self.of_conflict, self.on_conflict):
            widget.hide()

    def _connect(self) -> None:
        self.sheet.currentIndexChanged.connect(self._propose_keys)
        self.layer.currentIndexChanged.connect(self._propose_keys)
        for combo in (*self.fields, *self.columns):
            combo.activated.connect(self._forget)
        self.by_place.toggled.connect(self._forget)
        self.distance.textEdited.connect(self._forget)
        self.match.clicked.connect(self.ask_match)
        self.leave_out.toggled.connect(self._revise)
        self.on_conflict.currentIndexChanged.connect(self._revise)
        self.accepted.connect(lambda: self.join_asked.emit(self.request()))

    def ask_match(self) -> None:
        """Have the join worked out."""
        self.complaint.setText("")
        self.match_asked.emit(self.request())

    def ask_first(self) -> None:
        """Have the proposed join worked out, where there is one."""
        self._ask_if_possible()

    def _propose_keys(self, *_index: object) -> None:
        """Offer fields and columns, and by which of them rows most likely find their features."""
        info = next((each for each in self._offer.layers if each.uid == self.layer.currentData()), None)
        sheet = next((each for each in self._offer.sheets if each.name == self.sheet.currentData()), None)
        if info is None or sheet is None:
            return
        keys = list(self._propose(info, sheet.columns).items())
        for place, (fields, columns) in enumerate(zip(self.fields, self.columns, strict=True)):
            chosen = keys[place] if place < len(keys) else ("", "")
            _offer_values(fields, [(each.alias or each.name, each.name) for each in info.fields], chosen[0])
            _offer_values(columns, [(name, name) for name in sheet.columns], chosen[1])
        self.by_place.setEnabled(bool(sheet.geometry))
        self.by_place.setChecked(bool(sheet.geometry) and not keys)
        self._forget()
        self._ask_if_possible()

    def _ask_if_possible(self) -> None:
        request = self.request()
        if request.keys or request.by_place:
            self.ask_match()

    def _forget(self, *_change: object) -> None:
        """Drop what was worked out: it holds no more."""
        self._preview = None
        for place, (listed, title) in enumerate(zip(self._lists(), _titles(), strict=True)):
            listed.show_rows(())
            self.lists.setTabText(place, title)
        self.distance.setEnabled(self.by_place.isChecked())
        self._revise()

    def _lists(self) -> tuple[RowList, ...]:
        return self.matched, self.unmatched, self.unclear, self.differing

    def _problem(self) -> str:
        request = self.request()
        if not request.keys and not request.by_place:
            return _("Say by which field and column rows find their features.")
        if _metres(self.distance.text()) is None:
            return _("The distance is a number of metres, 0 for features that hold the point.")
        if self._preview is None:
            return _("Match first: what would be joined is shown before anything is written.")
        return self._preview.problem(leave_out=request.leave_out, on_conflict=request.on_conflict)

    def _revise(self, *_change: object) -> None:
        problem = self._problem()
        self.complaint.setText(problem)
        self.join.setEnabled(not problem)


def _titles() -> tuple[str, ...]:
    return _("Matched"), _("Without a feature"), _("Not clear"), _("Differing values")


def _across(*widgets: QWidget | None) -> QHBoxLayout:
    """Return widgets in a row; None takes what room is left."""
    row = QHBoxLayout()
    row.setSpacing(GRID_PX)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row


def _offer_values(combo: CalmComboBox, values: Sequence[tuple[str, str]], chosen: str) -> None:
    combo.clear()
    combo.addItem(_("(none)"), "")
    for words, value in values:
        combo.addItem(words, value)
    combo.setCurrentIndex(max(combo.findData(chosen), 0))


def _metres(text: str) -> float | None:
    try:
        value = float(text.strip() or "0")
    except ValueError:
        return None
    return value if 0.0 <= value < float("inf") else None
