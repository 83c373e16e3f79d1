"""The panel beside the map in which features are filled in."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from layers.words import _
from ui.forms.feature_form import FeatureForm
from ui.panels.parts import ElidedLabel, ScrollColumn, pressed_with_enter, text_label, verb_button
from ui.theme import GRID_PX


class FeatureFormPanel(QWidget):
    """A heading, the form, and below it what can be done; always in sight."""

    apply_asked = pyqtSignal()
    revert_asked = pyqtSignal()
    history_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form: FeatureForm | None = None
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = ElidedLabel()
        self.title.setProperty("role", "heading")
        self.under = ElidedLabel()
        self.under.setProperty("role", "muted")
        self.note = text_label("", "muted")
        self.note.hide()
        self._scroll = ScrollColumn()
        self._scroll.wear_surface()
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.column.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX, GRID_PX)
        self._scroll.column.addStretch(1)
        self.empty = text_label("", "muted")
        self.empty.setContentsMargins(*[GRID_PX * 2] * 4)
        self.summary = text_label("", "muted")
        self.apply_button = verb_button(_("Apply"), primary=True)
        self.apply_button.setToolTip(_("Write what was changed (Ctrl+Enter)"))
        self.revert_button = QPushButton(_("Take back"))
        self.revert_button.setToolTip(_("Show what is stored again"))
        self.history_button = QPushButton(_("History"))
        self.apply_button.clicked.connect(lambda _checked: self.apply_asked.emit())
        self.revert_button.clicked.connect(lambda _checked: self.revert_asked.emit())
        self.history_button.clicked.connect(lambda _checked: self.history_asked.emit())
        self._lay_out()
        self.show_nothing()

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX * 2, 0)
        head.setSpacing(GRID_PX // 2)
        for widget in (self.title, self.under, self.note):
            head.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        for button in (self.apply_button, self.revert_button, self.history_button):
            buttons.addWidget(button)
        self._foot = QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(GRID_PX * 2, GRID_PX, GRID_PX * 2, GRID_PX)
        foot.setSpacing(GRID_PX)
        foot.addWidget(self.summary)
        foot.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.empty)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._foot)

    def set_form(self, form: FeatureForm | None) -> None:
        """Take another form in, for features of another layer."""
        if self.form is not None:
            self._scroll.column.removeWidget(self.form)
            self.form.deleteLater()
        self.form = form
        if form is not None:
            self._scroll.column.insertWidget(0, form)

    def show_nothing(self, why: str = "") -> None:
        """Say how a feature gets here, or why those that are selected do not."""
        how = _("Select a feature of the layer you edit: its fields are filled in here.")
        self.empty.setText(why or how)
        self._show(False)

    def show_form(self, title: str, under: str) -> None:
        """Show the form, with what it is about."""
        self.title.set_whole_text(title)
        self.under.set_whole_text(under)
        self._show(True)

    def show_note(self, text: str) -> None:
        """Say something about the whole form; empty says nothing."""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def show_state(self, *, changed: int, wrong: int, several: int, may_write: str) -> None:
        """Say how many fields are changed and whether they can be written.

        Parameters
        ----------
        wrong : int
            Fields that keep the changes from being written.
        several : int
            Features the form is about.
        may_write : str
            Why nothing can be written at all; empty where it can.
        """
        if may_write:
            text = may_write
        elif wrong:
            text = _("{count} fields must be corrected first").format(count=wrong)
        elif changed:
            text = _("{count} fields changed, not written yet").format(count=changed)
        else:
            text = _("Everything shown is written")
        self.summary.setText(text)
        self.apply_button.setEnabled(changed > 0 and not may_write)
        self.revert_button.setEnabled(changed > 0)
        self.history_button.setEnabled(several == 1)

    def _show(self, shown: bool) -> None:
        for widget in (self.title, self.under, self._scroll, self._foot):
            widget.setVisible(shown)
        self.empty.setVisible(not shown)
        if not shown:
            self.show_note("")

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Write with Ctrl+Enter; Enter presses the button that has the keyboard."""
        if event is None:
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.apply_button.isEnabled():
                self.apply_asked.emit()
        elif not pressed_with_enter(event, self):
            super().keyPressEvent(event)
