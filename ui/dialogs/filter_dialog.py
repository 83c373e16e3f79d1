"""Select by filter: a layer, what its features must fulfil, and how many do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from layers.filtering import Filter, FilterError, FilterField, parse
from layers.words import _
from ui.dialogs.filter_edit import FilterEdit
from ui.dialogs.selection_buttons import SelectionButtons
from ui.forms.editors import CalmComboBox
from ui.theme import GRID_PX, Colors
from zsgis.selection import KeptFilter
from zsgis.selection.combining import Combination

_PAUSE_MS = 200


class FilterDialog(QDialog):
    """Stays open beside the map; what is typed is checked at once, and what it matches is counted."""

    counting_asked = pyqtSignal(str, object)
    """A layer's uid and a :class:`layers.filtering.Filter` whose matches are to be counted."""
    selection_asked = pyqtSignal(str, object, object)
    """A layer's uid, a filter, and a :class:`zsgis.selection.combining.Combination`."""
    keeping_asked = pyqtSignal(str, str)
    """A layer's uid and the text of a filter that is to have a name."""
    forgetting_asked = pyqtSignal(str, str)
    """A layer's uid and the name of a filter that is not wanted any more."""

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Select by filter"))
        self.setMinimumWidth(GRID_PX * 68)
        self._fields: Mapping[str, Sequence[FilterField]] = {}
        self._filter: Filter | None = None
        self.layer = CalmComboBox()
        self.kept = CalmComboBox()
        self.kept.setPlaceholderText(_("Kept and lately used"))
        self.kept.setToolTip(_("Filters of this layer: those with a name, then those lately used"))
        self.edit = FilterEdit(colors.danger)
        self.edit.setPlaceholderText("地类编码 = '0101' 且 图斑面积 > 10亩")
        self.edit.setToolTip(
            _("Ctrl+Space offers what may follow. Text stands in quotation marks; codes are text.")
        )
        self.report = QLabel()
        self.report.setWordWrap(True)
        self.report.setTextFormat(Qt.TextFormat.PlainText)
        self.report.setMinimumHeight(GRID_PX * 5)
        self.report.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.keep = QPushButton(_("Keep as…"))
        self.forget = QPushButton(_("Forget"))
        self.buttons = SelectionButtons()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._lay_out()
        self._timer.timeout.connect(self._ask_count)
        self.layer.currentIndexChanged.connect(self._change_layer)
        self.kept.activated.connect(self._take_kept)
        self.edit.textChanged.connect(self._revise)
        self.edit.entered.connect(lambda: self._ask(Combination.REPLACE))
        self.buttons.chosen.connect(self._ask)
        self.keep.clicked.connect(lambda: self.keeping_asked.emit(self.layer_uid(), self.text()))
        self.forget.clicked.connect(self._ask_forget)
        self._revise()

    def layer_uid(self) -> str:
        """Return the layer whose features are looked for; empty where there is none."""
        return str(self.layer.currentData() or "")

    def text(self) -> str:
        """Return the filter as it stands."""
        return self.edit.toPlainText().strip()

    def show_layers(
        self, layers: Sequence[tuple[str, str]], fields: Mapping[str, Sequence[FilterField]], chosen: str = ""
    ) -> None:
        """Offer layers (uid and name) with their fields; ``chosen`` or the one that was chosen is shown."""
        wanted = chosen or self.layer_uid()
        self._fields = fields
        self.layer.blockSignals(True)
        self.layer.clear()
        for uid, name in layers:
            self.layer.addItem(name, uid)
        self.layer.setCurrentIndex(max(self.layer.findData(wanted), 0) if layers else -1)
        self.layer.blockSignals(False)
        self._change_layer()

    def show_kept(self, kept: Sequence[KeptFilter]) -> None:
        """Offer the filters that are kept for the layer."""
        self.kept.clear()
        for entry in kept:
            self.kept.addItem(f"{entry.name}   {entry.text}".strip(), entry)
        self.kept.setCurrentIndex(-1)
        self.kept.setEnabled(bool(kept))
        self.forget.setEnabled(False)

    def show_count(self, question: Filter, found: int, total: int) -> None:
        """Say how many features match; an answer to what is no longer asked is passed over."""
        if question is self._filter:
            text = _("{found} of {total} features match.")
            self.report.setText(text.format(found=f"{found:,}", total=f"{total:,}"))

    def show_trouble(self, question: Filter, text: str) -> None:
        """Say why a filter cannot be answered."""
        if question is self._filter:
            self._say_wrong(text)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self.kept, 1)
        for button in (self.keep, self.forget):
            button.setAutoDefault(False)
            row.addWidget(button)
        form = QFormLayout()
        form.setHorizontalSpacing(GRID_PX * 2)
        form.setVerticalSpacing(GRID_PX)
        form.addRow(_("Layer"), self.layer)
        form.addRow(_("Kept"), row)
        form.addRow(_("Filter"), self.edit)
        form.addRow("", self.report)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[GRID_PX * 2] * 4)
        column.setSpacing(GRID_PX * 2)
        column.addLayout(form, 1)
        column.addWidget(self.buttons)

    def _change_layer(self) -> None:
        self.edit.set_fields(self._fields.get(self.layer_uid(), ()))
        self._revise()

    def _revise(self) -> None:
        """Check what stands there."""
        self._filter = None
        self.report.setProperty("role", "muted")
        error: FilterError | None = None
        try:
            if self.text():
                self._filter = parse(self.edit.toPlainText(), self._fields.get(self.layer_uid(), ()))
        except FilterError as found:
            error = found
        self.edit.mark(error)
        usable = self._filter is not None
        self.buttons.set_usable(usable)
        self.keep.setEnabled(usable)
        if error is not None:
            self._say_wrong(str(error))
        elif usable:
            self._say(_("Counting…"), "muted")
            self._timer.start()
        else:
            self._say(_("For instance 权属单位名称 包含 '村' 或 图形面积(椭球) >= 2公顷"), "muted")

    def _say(self, text: str, role: str) -> None:
        self.report.setProperty("role", role)
        style = self.report.style()
        if style is not None:
            style.polish(self.report)
        self.report.setText(text)

    def _say_wrong(self, text: str) -> None:
        self._timer.stop()
        self._say(text, "danger")

    def _ask_count(self) -> None:
        if self._filter is not None:
            self.counting_asked.emit(self.layer_uid(), self._filter)

    def _ask(self, how: Combination) -> None:
        if self._filter is not None:
            self.selection_asked.emit(self.layer_uid(), self._filter, how)

    def _take_kept(self) -> None:
        entry = self.kept.currentData()
        if isinstance(entry, KeptFilter):
            self.edit.set_text(entry.text)
            self.forget.setEnabled(bool(entry.name))

    def _ask_forget(self) -> None:
        entry = self.kept.currentData()
        if isinstance(entry, KeptFilter) and entry.name:
            self.forgetting_asked.emit(entry.layer, entry.name)
