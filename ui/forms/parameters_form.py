"""A form made from a capability's declared parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from layers.words import _
from ui.forms.editors import Editor, LayerEditor, editor_for
from ui.forms.fields import field_specs
from ui.theme import GRID_PX
from zsgis.capability import Parameters

if TYPE_CHECKING:
    from layers.store import LayerInfo


class ParametersForm(QWidget):
    """One line per parameter: its title, its widget, its unit; what is wrong stands under it.

    Parameters
    ----------
    model : type of Parameters
        The declaration; the form adds nothing to it.
    """

    changed = pyqtSignal()

    def __init__(self, model: type[Parameters], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._editors: dict[str, Editor] = {}
        self._complaints: dict[str, QLabel] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX // 2)
        for spec in field_specs(model):
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
        self.changed.emit()
