"""Editors of values that name a source: a raster of the project, something that is offered, or a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from layers.words import _
from ui.forms.editors import CalmComboBox, Editor
from ui.forms.fields import FieldSpec
from ui.icons import icon
from ui.palette import colors_now
from ui.theme import GRID_PX
from zsgis.pairs import pairs_of, pairs_text

Offered = Sequence[tuple[str, str]]
"""What may be named: the value, and what people call it."""


class SourceChooser(QWidget):
    """A box of what is offered, and a button that asks for a file; a file can be dropped on it, too.

    Parameters
    ----------
    spec : FieldSpec
        Its ``empty``, ``offered`` and ``endings``.
    """

    changed = pyqtSignal()
    file_asked = pyqtSignal(object)
    """This chooser, which wants a file."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__()
        self._spec = spec
        self._rasters: Offered = ()
        self._other = ""
        self.box = CalmComboBox()
        self.box.setAccessibleName(spec.title)
        self.browse = QPushButton(_("File…"))
        self.browse.setToolTip(_("Choose a file; it can be dropped here, too"))
        self.browse.setAccessibleName(_("{title}: choose a file").format(title=spec.title))
        self.browse.clicked.connect(lambda _checked: self.file_asked.emit(self))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.box, 1)
        row.addWidget(self.browse)
        self.setFocusProxy(self.box)
        self.setAcceptDrops(True)
        self._fill("")
        self.box.currentIndexChanged.connect(self._take_choice)

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings of files that fit."""
        return self._spec.endings

    @property
    def title(self) -> str:
        """What is chosen."""
        return self._spec.title

    def value(self) -> str:
        """Return what is named; empty for what the program takes by itself."""
        return str(self.box.currentData() or "")

    def set_value(self, value: str) -> None:
        """Name a source; what is not offered is taken as a file."""
        self._fill(value)

    def set_rasters(self, rasters: Offered) -> None:
        """Offer these rasters of the project; one that was chosen and is gone is no longer named."""
        if not self._spec.rasters:
            return
        chosen, former = self.value(), {value for value, _title in self._rasters}
        self._rasters = tuple(rasters)
        gone = chosen in former and chosen not in {value for value, _title in rasters}
        self._fill("" if gone else chosen)
        if gone:
            self.changed.emit()

    def take_file(self, path: Path) -> None:
        """Name a file that a person chose."""
        self._fill(str(path))
        self.changed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Welcome one file that fits; what does not is left to the window."""
        if event is None:
            return
        if _dropped(event, self.endings) is None:
            event.ignore()
        else:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Take the file."""
        path = None if event is None else _dropped(event, self.endings)
        if event is not None and path is not None:
            event.acceptProposedAction()
            self.take_file(path)

    def _fill(self, value: str) -> None:
        offered = [*self._spec.offered, *self._rasters]
        if self._spec.empty or not self._spec.offered:
            offered.insert(0, ("", self._spec.empty or _("(none chosen)")))
        known = {key for key, _title in offered}
        if value and value not in known:
            self._other = value
        self.box.blockSignals(True)
        self.box.clear()
        for key, title in offered:
            self.box.addItem(title, key)
        if self._other and self._other not in known:
            self.box.addItem(Path(self._other).name, self._other)
        self.box.setCurrentIndex(max(self.box.findData(value), 0))
        self.box.blockSignals(False)
        self._explain()

    def _take_choice(self, _place: int) -> None:
        self._explain()
        self.changed.emit()

    def _explain(self) -> None:
        """Show the whole path of a file, whose name alone stands in the box."""
        value = self.value()
        self.box.setToolTip(value if value and value == self._other else self._spec.help)


def _dropped(event: QDropEvent, endings: Sequence[str]) -> Path | None:
    """Return the one file that is carried, if it fits."""
    data = event.mimeData()
    urls = data.urls() if data is not None else []
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower().removeprefix(".") in endings else None


class SourceEditor(Editor):
    """A raster of the project, one of what is offered, or a file."""

    def __init__(self, spec: FieldSpec) -> None:
        self.chooser = SourceChooser(spec)
        super().__init__(spec, self.chooser)
        self.chooser.changed.connect(self.edited)

    def value(self) -> str:
        """Return what is named."""
        return self.chooser.value()

    def set_value(self, value: Any) -> None:
        """Name a source."""
        self.chooser.set_value("" if value is None else str(value))


class SourcesEditor(Editor):
    """A source for each of several keys, as rows; the value is their text (:mod:`zsgis.pairs`)."""

    keys_asked = pyqtSignal(str)
    """A row is wanted for this parameter: which keys are there?"""
    chooser_made = pyqtSignal(object)
    """A new row's :class:`SourceChooser`."""

    def __init__(self, spec: FieldSpec) -> None:
        whole = QWidget()
        self._rasters: Offered = ()
        self._titles: dict[str, str] = {}
        self.rows: list[KeyedSource] = []
        self._column = QVBoxLayout(whole)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID_PX)
        self.add_button = QPushButton(_("Add one"))
        self.add_button.clicked.connect(lambda _checked: self.keys_asked.emit(spec.name))
        self._column.addWidget(self.add_button)
        super().__init__(spec, whole)
        whole.setFocusProxy(self.add_button)

    def value(self) -> str:
        """Return the text of the rows that name a source."""
        return pairs_text((row.key, row.chooser.value()) for row in self.rows if row.chooser.value())

    def set_value(self, value: Any) -> None:
        """Show a text as rows."""
        for row in tuple(self.rows):
            self._take_out(row)
        for key, source in pairs_of("" if value is None else str(value)):
            self._add(key).chooser.set_value(source)

    def set_rasters(self, rasters: Offered) -> None:
        """Offer these rasters of the project in every row."""
        self._rasters = tuple(rasters)
        for row in self.rows:
            row.chooser.set_rasters(rasters)

    def add_row(self, keys: Offered) -> bool:
        """Add a row for the first of these keys that has none; False when all have one."""
        self._titles = dict(keys)
        for row in self.rows:
            row.name(self._titles)
        taken = {row.key for row in self.rows}
        free = next((key for key, _title in keys if key not in taken), None)
        if free is None:
            return False
        self._add(free).chooser.setFocus()
        self.edited.emit()
        return True

    def _add(self, key: str) -> KeyedSource:
        row = KeyedSource(self.spec, key)
        row.name(self._titles)
        row.chooser.set_rasters(self._rasters)
        row.chooser.changed.connect(self.edited)
        row.remove.clicked.connect(lambda _checked: self._drop(row))
        self._column.insertWidget(len(self.rows), row)
        self.rows.append(row)
        self.chooser_made.emit(row.chooser)
        return row

    def _drop(self, row: KeyedSource) -> None:
        self._take_out(row)
        self.edited.emit()
        self.add_button.setFocus()

    def _take_out(self, row: KeyedSource) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()


class KeyedSource(QWidget):
    """What a source is for, a button that takes it out, and below them its chooser."""

    def __init__(self, spec: FieldSpec, key: str) -> None:
        super().__init__()
        self.key = key
        self._label = QLabel(key)
        self.chooser = SourceChooser(spec)
        self._label.setBuddy(self.chooser)
        self.remove = QToolButton()
        self.remove.setIcon(icon("close", colors_now().text))
        self.remove.setAutoRaise(True)
        self.remove.setToolTip(_("Take it out"))
        head = QHBoxLayout()
        head.setSpacing(GRID_PX)
        head.addWidget(self._label, 1)
        head.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.chooser)
        self.name({})

    def name(self, titles: dict[str, str]) -> None:
        """Show what people call the key."""
        title = titles.get(self.key, self.key)
        self._label.setText(title)
        self.chooser.box.setAccessibleName(title)
        self.remove.setAccessibleName(_("{title}: take it out").format(title=title))
