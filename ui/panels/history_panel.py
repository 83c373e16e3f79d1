"""The history of one feature beside the map: entry by entry what was, what is, and a way back."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from layers.words import _
from ui.panels.parts import ElidedLabel, ScrollColumn, text_label, verb_button
from ui.panels.shape_preview import ShapePreview
from ui.theme import GRID_PX, Colors
from zsgis.forms.history import HistoryEntry, author_words, head_words, time_words
from zsgis.merging.origins import origin_line

_PREVIEW_PX = 176
_SHOWN_RELATED = 12


class HistoryPanel(QWidget):
    """A list of entries, the latest first; below it what the chosen one changed."""

    entry_chosen = pyqtSignal(object)
    """The :class:`HistoryEntry` that is looked at; None for none."""
    restore_asked = pyqtSignal(object)
    """The entry after which the feature is to stand again."""
    related_asked = pyqtSignal(str)
    """The ``zs_uid`` of a feature that this one came from, or that came from it."""
    edits_asked = pyqtSignal()

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: tuple[HistoryEntry, ...] = ()
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = ElidedLabel()
        self.title.setProperty("role", "heading")
        self.note = text_label(_("Select one feature: who changed it, when and how is shown here."), "muted")
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setSpacing(GRID_PX // 4)
        self.list.currentRowChanged.connect(self._choose)
        self._scroll = ScrollColumn()
        self._scroll.wear_surface()
        self._scroll.column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        self.steps = text_label("", selectable=True)
        self.preview = ShapePreview(colors, whole=True)
        self.preview.setFixedHeight(_PREVIEW_PX)
        self._related = QVBoxLayout()
        for part in (self.steps, self.preview):
            self._scroll.column.addWidget(part)
        self._scroll.column.addLayout(self._related)
        self._scroll.column.addStretch(1)
        self.restore_button = verb_button(_("Put back to this state"), primary=True)
        self.edits_button = QPushButton(_("All edits"))
        self.restore_button.clicked.connect(lambda _checked: self._ask_restore())
        self.edits_button.clicked.connect(lambda _checked: self.edits_asked.emit())
        self._lay_out()
        self.show_nothing()

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX * 2, GRID_PX)
        head.addWidget(self.title)
        head.addWidget(self.note)
        self._body = QSplitter(Qt.Orientation.Vertical)
        self._body.addWidget(self.list)
        self._body.addWidget(self._scroll)
        self._body.setChildrenCollapsible(False)
        self._body.setSizes([240, 260])
        buttons = QHBoxLayout()
        buttons.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX * 2, GRID_PX)
        buttons.setSpacing(GRID_PX)
        buttons.addWidget(self.restore_button, 1)
        buttons.addWidget(self.edits_button)
        self._rest = QWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._body, 1)
        column.addWidget(self._rest, 1)
        column.addLayout(buttons)

    @property
    def current(self) -> HistoryEntry | None:
        """The entry that is looked at."""
        place = self.list.currentRow()
        return self.entries[place] if 0 <= place < len(self.entries) else None

    @property
    def related(self) -> list[str]:
        """What is offered of features that belong together with this one."""
        items = (self._related.itemAt(place) for place in range(self._related.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget.text() for widget in widgets if isinstance(widget, QPushButton)]

    def show_nothing(self) -> None:
        """Say how a history gets here."""
        self._fill((), "")
        self._body.hide()
        self._rest.show()
        self.note.show()
        self.title.hide()

    def show_history(self, title: str, entries: Sequence[HistoryEntry]) -> None:
        """Show the history of a feature, the latest entry first."""
        self.title.set_whole_text(title)
        self.title.show()
        self.note.hide()
        self._rest.hide()
        self._body.show()
        self._fill(tuple(entries), title)

    def _fill(self, entries: tuple[HistoryEntry, ...], _title: str) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        self.entries = entries
        for entry in entries:
            self.list.addItem(QListWidgetItem(_entry_words(entry)))
        self.list.setCurrentRow(0 if entries else -1)
        self.list.blockSignals(False)
        self._choose(self.list.currentRow())

    def _choose(self, _place: int) -> None:
        entry = self.current
        self.restore_button.setEnabled(entry is not None and entry.restorable)
        self.steps.setText(_steps_words(entry) if entry is not None else "")
        self._show_shapes(entry)
        self._show_related(entry)
        self.entry_chosen.emit(entry)

    def _show_shapes(self, entry: HistoryEntry | None) -> None:
        shown = entry is not None and entry.shape_changed and _has_ground(entry)
        self.preview.setVisible(shown)
        if entry is not None and shown and entry.before is not None and entry.after is not None:
            self.preview.show_shapes(entry.before.geometry, entry.after.geometry)
        else:
            self.preview.show_shapes(None, None)

    def _show_related(self, entry: HistoryEntry | None) -> None:
        while (item := self._related.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if entry is None:
            return
        for words, relatives in (
            (_("Came from {name}"), entry.parents),
            (_("Became {name}"), entry.children),
        ):
            for one in relatives[:_SHOWN_RELATED]:
                button = QPushButton(words.format(name=one.title))
                button.setToolTip(one.uid)
                button.setProperty("role", "link")
                button.clicked.connect(lambda _checked, uid=one.uid: self.related_asked.emit(uid))
                self._related.addWidget(button)

    def _ask_restore(self) -> None:
        entry = self.current
        if entry is not None and entry.restorable:
            self.restore_asked.emit(entry)


def _entry_words(entry: HistoryEntry) -> str:
    now = _("  (as it stands now)") if entry.is_now and entry.certain else ""
    return f"{time_words(entry.head.time)}  {author_words(entry.head)}\n{head_words(entry.head)}{now}"


def _steps_words(entry: HistoryEntry) -> str:
    lines = []
    if not entry.certain:
        lines.append(_("Another program changed the feature later: how it stood here is not known."))
    elif entry.after is None:
        lines.append(_("The feature was removed with this entry."))
    elif entry.before is None:
        lines.append(_("The feature came in with this entry."))
    if entry.shape_changed:
        lines.append(_("The shape changed: dashed as it was, drawn through as it became."))
    for step in entry.steps:
        if entry.before is None:
            lines.append(f"{step.title}：{step.after}")
        elif entry.after is None:
            lines.append(f"{step.title}：{step.before}")
        else:
            lines.append(f"{step.title}：{step.before} → {step.after}")
    if entry.head.reason:
        lines.append(_("Reason: {reason}").format(reason=entry.head.reason))
    lines += [origin_line(origin) for origin in entry.origins]
    return "\n".join(lines)


def _has_ground(entry: HistoryEntry) -> bool:
    states = [state for state in (entry.before, entry.after) if state is not None]
    return all(
        state.geometry is not None and state.geometry.geom_type in ("Polygon", "MultiPolygon")
        for state in states
    )
