"""The lines in which a feature's values are typed: plain ones, and ones that offer what may be chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QModelIndex, QStringListModel, Qt, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QKeyEvent
from PyQt6.QtWidgets import QApplication, QCompleter, QLineEdit, QListView

from layers.forms.choices import Choices
from layers.forms.model import Choice
from layers.kind import FieldType
from layers.words import _
from ui.forms.editors import Editor
from ui.forms.fields import FieldSpec
from ui.icons import icon
from ui.palette import colors_now
from ui.panels.parts import repolished
from zsgis.finding.spelling import spelled_like, spelling

_SHOWN = 10
_CONTROL = Qt.KeyboardModifier.ControlModifier
_FIGURES = (FieldType.INTEGER, FieldType.NUMBER)


class ValueLine(QLineEdit):
    """A line that tells when its text is finished and which way to go on."""

    left = pyqtSignal()
    """The keyboard is somewhere else now."""
    list_asked = pyqtSignal()
    """The arrow downwards was pressed."""

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """Let who comes with the keyboard type over what stands there."""
        super().focusInEvent(event)
        if event is not None and event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.OtherFocusReason,
        ):
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """Tell that typing is over, unless a list hangs from the line."""
        super().focusOutEvent(event)
        if event is None or event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Open the list with the arrow downwards; Enter goes on, with Ctrl it is the panel's."""
        if event is None:
            return
        if event.key() == Qt.Key.Key_Down and not self.isReadOnly():
            self.list_asked.emit()
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # a list that hangs from the line takes Enter for what is chosen in it
            if QApplication.activePopupWidget() is not None or event.modifiers() & _CONTROL:
                event.ignore()
            else:
                self.returnPressed.emit()
                event.accept()
        else:
            super().keyPressEvent(event)


class ValueEditor(Editor):
    """One value as text; what it means is read elsewhere."""

    def __init__(self, spec: FieldSpec, kind: FieldType) -> None:
        self.line = ValueLine()
        super().__init__(spec, self.line)
        self._figure = kind in _FIGURES
        if self._figure:
            self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        if kind is FieldType.DATE:
            self.line.setPlaceholderText(_DATE_SHAPE)
        self._hint = self.line.placeholderText()
        self.line.textEdited.connect(self._take_text)

    def value(self) -> str:
        """Return what is typed."""
        return self.line.text().strip()

    def set_value(self, value: object) -> None:
        """Show a text."""
        self.line.setText("" if value is None else str(value))
        if not self._figure:
            # the beginning of a long text says what it is
            self.line.setCursorPosition(0)

    def _take_text(self, _text: str) -> None:
        self.edited.emit()

    def show_several(self, several: bool) -> None:
        """Say in an empty line that the features differ here."""
        self.line.setPlaceholderText(_("Several values") if several else self._hint)

    def show_wrong(self, wrong: bool) -> None:
        """Mark the line."""
        if bool(self.line.property("wrong")) != wrong:
            self.line.setProperty("wrong", wrong)
            repolished(self.line)

    def show_computed(self, computed: bool) -> None:
        """Let nobody type what is computed."""
        if self.line.isReadOnly() != computed:
            self.line.setReadOnly(computed)
            self.line.setFocusPolicy(Qt.FocusPolicy.ClickFocus if computed else Qt.FocusPolicy.StrongFocus)
            repolished(self.line)


_DATE_SHAPE = "2026-11-22"


class ChoiceLineEditor(ValueEditor):
    """Offers values as one types: by code, by name, by initials or pinyin of the name.

    Parameters
    ----------
    offered : callable
        What may be chosen at this moment.
    """

    def __init__(self, spec: FieldSpec, kind: FieldType, offered: Callable[[], Choices]) -> None:
        super().__init__(spec, kind)
        self._offered = offered
        self._shown: list[Choice] = []
        self._value = ""
        self._model = QStringListModel(self)
        self._completer: QCompleter | None = None
        unfold = self.line.addAction(
            icon("chevron_down", colors_now().muted), QLineEdit.ActionPosition.TrailingPosition
        )
        if unfold is not None:
            unfold.setToolTip(_("Show the list (arrow down)"))
            unfold.triggered.connect(lambda _checked: self.unfold())
        self.line.list_asked.connect(self.unfold)
        self.line.left.connect(self._settle)

    def _list(self) -> QCompleter:
        """Return the list that hangs from the line, made when it is first wanted: a form has many lines."""
        if self._completer is None:
            self._completer = completer = QCompleter(self._model, self)
            completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
            completer.setMaxVisibleItems(_SHOWN)
            popup = QListView()
            popup.setProperty("role", "popup")
            popup.setUniformItemSizes(True)
            completer.setPopup(popup)
            completer.setWidget(self.line)
            completer.activated[QModelIndex].connect(self._choose)
        return self._completer

    @property
    def offered_texts(self) -> list[str]:
        """What the list shows now."""
        return self._model.stringList()

    def value(self) -> str:
        """Return the code, or what is typed where it is none."""
        return self._value

    def set_value(self, value: object) -> None:
        """Show a value with its name."""
        self._value = "" if value is None else str(value)
        super().set_value(self._text_of(self._value))

    def unfold(self) -> None:
        """Show everything that may be chosen."""
        self._show(self._offered().options)

    def _take_text(self, text: str) -> None:
        self._value = self._read(text)
        self._show_like(text)
        super()._take_text(text)

    def _show_like(self, text: str) -> None:
        word, offered = text.strip(), self._offered()
        found = [one for one in offered.options if spelled_like(word, one.text)]
        found.sort(key=lambda one: _far(word, one))
        # where anything may stand, what is typed is not replaced by what is like it
        self._show(found if word else offered.options, choose_first=bool(word) and offered.closed)

    def _show(self, options: Sequence[Choice], *, choose_first: bool = False) -> None:
        self._shown = list(options)
        self._model.setStringList([one.text for one in self._shown])
        completer = self._list()
        popup = completer.popup()
        if popup is None:
            return
        if self._shown and not self.line.isReadOnly():
            completer.complete()
            popup.setCurrentIndex(self._model.index(0) if choose_first else QModelIndex())
        else:
            popup.hide()

    def _choose(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self._shown):
            self.set_value(_plain(self._shown[index.row()]))
            self.edited.emit()

    def _settle(self) -> None:
        """Show the name beside a code that was typed."""
        super().set_value(self._text_of(self._value))

    def _read(self, text: str) -> str:
        """Return the value that is meant by a text: one offered, by its code, its name or both."""
        plain = text.strip()
        for one in self._offered().options:
            if plain and plain in (_plain(one), one.name, one.text):
                return _plain(one)
        return plain

    def _text_of(self, value: str) -> str:
        return next((one.text for one in self._offered().options if _plain(one) == value), value)


def _far(word: str, one: Choice) -> tuple[bool, bool, bool]:
    """Return how far a choice is from what is typed: first the code itself, then what begins so."""
    name = spelling(one.name)
    begins = name.text.startswith(word.lower()) or name.initials.startswith(word.lower())
    return _plain(one) != word, not _plain(one).startswith(word), not begins


def _plain(one: Choice) -> str:
    return one.name if isinstance(one.value, bool) else str(one.value)
