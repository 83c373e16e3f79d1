"""A form made from a capability's declared parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from layers.words import _
from ui.forms.editors import ComparisonsEditor, Editor, LayerEditor
from ui.forms.fields import FieldSpec, field_specs
from ui.forms.making import editor_for
from ui.forms.source_editors import Offered, SourceChooser, SourceEditor, SourcesEditor
from ui.theme import GRID_PX
from zsgis.capability import Parameters, is_advanced

if TYPE_CHECKING:
    from layers.store import LayerInfo


class ParametersForm(QWidget):
    """One line per parameter: its title, its widget, its unit; what is wrong stands under it.

    Advanced parameters are folded away until asked for, or until one of them is wrong.

    Parameters
    ----------
    model : type of Parameters
        The declaration; the form adds nothing to it.
    at_once : bool
        False leaves the lines to :meth:`add_line`, for a form that is made before anybody asks for it.
    """

    changed = pyqtSignal()
    comparisons_asked = pyqtSignal()
    """The comparisons in pairs are to be shown as a matrix."""
    file_asked = pyqtSignal(object)
    """A :class:`~ui.forms.source_editors.SourceChooser` wants a file."""
    keys_asked = pyqtSignal(str)
    """A parameter that names sources by key wants to know the keys."""

    def __init__(
        self, model: type[Parameters], parent: QWidget | None = None, *, at_once: bool = True
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._editors: dict[str, Editor] = {}
        self._complaints: dict[str, QLabel] = {}
        self.more: QToolButton | None = None
        self._lines = self._made_lines(field_specs(model))
        if at_once:
            self.finish()

    def add_line(self) -> bool:
        """Make one more line; False when the form is whole."""
        return next(self._lines, False)

    def finish(self) -> None:
        """Make all lines that are missing."""
        while self.add_line():
            pass

    def _made_lines(self, specs: Sequence[FieldSpec]) -> Iterator[bool]:
        column = _column(self)
        for spec in specs:
            if not spec.advanced:
                self._add(spec, column)
                yield True
        behind = [spec for spec in specs if spec.advanced]
        if behind:
            whole, within = self._fold()
            for spec in behind:
                self._add(spec, within)
                yield True
            column.addWidget(whole)

    def _fold(self) -> tuple[QWidget, QVBoxLayout]:
        """Return what advanced parameters are folded away in, under a button, and the column for them."""
        whole, inner = QWidget(), QWidget()
        self.more = QToolButton()
        self.more.setText(_("More settings"))
        self.more.setCheckable(True)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setAutoRaise(True)
        self.more.toggled.connect(lambda shown: self._show_more(inner, shown=shown))
        column, within = _column(whole), _column(inner)
        column.addWidget(self.more)
        column.addWidget(inner)
        inner.hide()
        return whole, within

    def _show_more(self, inner: QWidget, *, shown: bool) -> None:
        inner.setVisible(shown)
        if self.more is not None:
            self.more.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)

    def _add(self, spec: FieldSpec, column: QVBoxLayout) -> None:
        editor = editor_for(spec)
        if spec.form != "layer":
            editor.set_value(spec.default)
        if spec.form != "flag":
            label = QLabel(spec.title)
            label.setToolTip(spec.help)
            label.setBuddy(editor.widget)
            column.addWidget(label)
        complaint = QLabel()
        complaint.setProperty("role", "danger")
        complaint.setWordWrap(True)
        complaint.hide()
        column.addWidget(editor)
        column.addWidget(complaint)
        column.addSpacing(GRID_PX // 2)
        editor.edited.connect(self._revise)
        if isinstance(editor, ComparisonsEditor):
            editor.asked.connect(self.comparisons_asked)
        if isinstance(editor, SourceEditor):
            self._listen(editor.chooser)
        if isinstance(editor, SourcesEditor):
            editor.chooser_made.connect(self._listen)
            editor.keys_asked.connect(self.keys_asked)
        self._editors[spec.name] = editor
        self._complaints[spec.name] = complaint

    def editor(self, name: str) -> Editor:
        """Return the widget of a parameter."""
        return self._editors[name]

    def set_layers(self, layers: Sequence[LayerInfo]) -> None:
        """Offer these layers wherever a parameter names one."""
        for editor in self._editors.values():
            if isinstance(editor, LayerEditor):
                editor.set_layers(layers)

    def set_rasters(self, rasters: Offered) -> None:
        """Offer these rasters of the project, uid and name, wherever a parameter names one."""
        for editor in self._editors.values():
            if isinstance(editor, SourceEditor):
                editor.chooser.set_rasters(rasters)
            elif isinstance(editor, SourcesEditor):
                editor.set_rasters(rasters)

    def add_source(self, name: str, keys: Offered) -> bool:
        """Add a row to a parameter that names sources by key; False when every key has one."""
        editor = self._editors[name]
        return isinstance(editor, SourcesEditor) and editor.add_row(keys)

    def _listen(self, chooser: SourceChooser) -> None:
        chooser.file_asked.connect(self.file_asked)

    def put(self, values: Mapping[str, Any]) -> None:
        """Show values that were found elsewhere, by parameter."""
        for name, value in values.items():
            self._editors[name].set_value(value)
        self._revise()

    def values(self) -> dict[str, Any]:
        """Return what stands in the form."""
        return {name: editor.value() for name, editor in self._editors.items()}

    def parameters(self) -> Parameters | None:
        """Return the checked parameters, or None while something in the form is wrong."""
        try:
            return self._model.model_validate(self.values())
        except ValidationError:
            return None

    def complaints(self) -> dict[str, str]:
        """Return what is wrong, by parameter."""
        found = {
            name: _("Choose a layer. None of this kind is in the project yet.")
            for name, editor in self._editors.items()
            if isinstance(editor, LayerEditor) and not editor.value()
        }
        try:
            self._model.model_validate(self.values())
        except ValidationError as error:
            for problem in error.errors():
                name = str(problem["loc"][0]) if problem["loc"] else ""
                found.setdefault(name, str(problem["msg"]))
        return found

    def _revise(self) -> None:
        complaints = self.complaints()
        for name, label in self._complaints.items():
            editor = self._editors[name]
            text = "" if isinstance(editor, LayerEditor) else complaints.get(name, "")
            label.setText(text)
            label.setVisible(bool(text))
            if text and self.more is not None and self._advanced(name):
                self.more.setChecked(True)
        self.changed.emit()

    def _advanced(self, name: str) -> bool:
        return is_advanced(self._model.model_fields[name])


def _column(parent: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GRID_PX // 2)
    return column
