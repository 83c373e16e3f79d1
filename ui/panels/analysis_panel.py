"""The panel of the analysis stage: a capability, its form, the button that runs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from layers.words import _
from ui.forms.editors import CalmComboBox
from ui.forms.parameters_form import ParametersForm
from ui.forms.source_editors import Offered
from ui.icons import icon
from ui.panels.parts import StagePanel, text_label, verb_button
from ui.theme import Colors
from zsgis.capability import Capability

if TYPE_CHECKING:
    from layers.store import LayerInfo


class AnalysisPanel(StagePanel):
    """Shows the chosen capability as its declaration describes it."""

    run_asked = pyqtSignal(str, object)  # capability key, Parameters
    help_asked = pyqtSignal(str)  # capability key
    comparisons_asked = pyqtSignal(str)
    """The form of this capability wants its comparisons in pairs shown as a matrix."""
    file_asked = pyqtSignal(object)
    """A :class:`~ui.forms.source_editors.SourceChooser` of the form wants a file."""
    keys_asked = pyqtSignal(str, str)
    """The form of this capability wants the keys of this parameter."""

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._capabilities: dict[str, Capability] = {}
        self._layers: tuple[LayerInfo, ...] = ()
        self._rasters: Offered = ()
        self._form: ParametersForm | None = None
        self._draft: ParametersForm | None = None
        self.chooser = CalmComboBox()
        self.chooser.setAccessibleName(_("Analysis"))
        self.chooser.currentIndexChanged.connect(self._show_capability)
        self._summary = text_label("", "muted")
        self._missing = text_label("", "danger")
        self.run_button = verb_button(_("Run"), icon("run", colors.on_accent), primary=True)
        self.run_button.clicked.connect(self._ask_run)
        self.help_button = QToolButton()
        self.help_button.setIcon(icon("question", colors.text))
        self.help_button.setToolTip(_("What this analysis does, its definitions and settings"))
        self.help_button.setAccessibleName(_("Help on this analysis"))
        self.help_button.clicked.connect(lambda: self.help_asked.emit(str(self.chooser.currentData())))
        row = QHBoxLayout()
        row.addWidget(self.chooser, 1)
        row.addWidget(self.help_button)
        self.column.addLayout(row)
        self.column.addWidget(self._summary)
        self.column.addStretch(1)
        self.buttons.addWidget(self._missing)
        self.buttons.addWidget(self.run_button)

    @property
    def form(self) -> ParametersForm | None:
        """The form of the chosen capability."""
        self.finish()
        return self._form

    @property
    def chosen_key(self) -> str:
        """The key of the chosen capability."""
        return str(self.chooser.currentData())

    def set_capabilities(self, capabilities: Sequence[Capability]) -> None:
        """Offer these capabilities; nothing happens when they are offered already.

        The form of the first is made by :meth:`prepare`, or at once when the panel is looked at.
        """
        offered = {capability.key: capability for capability in capabilities}
        if offered == self._capabilities:
            return
        self._capabilities = offered
        self.chooser.blockSignals(True)
        self.chooser.clear()
        for capability in capabilities:
            self.chooser.addItem(_(capability.title), capability.key)
        self.chooser.blockSignals(False)
        self._begin_form()

    def prepare(self) -> bool:
        """Make a little more of the form; False when it stands."""
        if self._draft is not None and not self._draft.add_line():
            self._take_form(self._draft)
        return self._draft is not None

    def finish(self) -> None:
        """Make all of the form that is missing."""
        while self.prepare():
            pass

    def showEvent(self, event: QShowEvent | None) -> None:
        """Have the form stand when the panel is looked at."""
        self.finish()
        super().showEvent(event)

    def set_layers(self, layers: Sequence[LayerInfo]) -> None:
        """Offer these layers in the form."""
        self._layers = tuple(layers)
        if self._form is not None:
            self._form.set_layers(self._layers)

    def set_rasters(self, rasters: Offered) -> None:
        """Offer these rasters of the project, uid and name, in the form."""
        self._rasters = tuple(rasters)
        if self._form is not None:
            self._form.set_rasters(self._rasters)

    def _show_capability(self, *_index: object) -> None:
        self._begin_form()
        self.finish()

    def _begin_form(self) -> None:
        capability = self._capabilities.get(str(self.chooser.currentData()))
        for former in (self._form, self._draft):
            if former is not None:
                self.column.removeWidget(former)
                # it would be painted below the new one until it is deleted
                former.hide()
                former.deleteLater()
        self._form = self._draft = None
        self._summary.setText(_(capability.summary) if capability else "")
        if capability is not None:
            self._draft = ParametersForm(capability.parameters, at_once=False)
        self._revise()

    def _take_form(self, form: ParametersForm) -> None:
        self._form, self._draft = form, None
        form.changed.connect(self._revise)
        form.comparisons_asked.connect(lambda: self.comparisons_asked.emit(self.chosen_key))
        form.file_asked.connect(self.file_asked)
        form.keys_asked.connect(lambda name: self.keys_asked.emit(self.chosen_key, name))
        self.column.insertWidget(2, form)
        form.set_layers(self._layers)
        form.set_rasters(self._rasters)
        self._revise()

    def _revise(self) -> None:
        complaints = self._form.complaints() if self._form is not None else {}
        text = next(iter(complaints.values()), "")
        self._missing.setText(text)
        self._missing.setVisible(bool(text))
        self.run_button.setEnabled(self._form is not None and not complaints)

    def _ask_run(self) -> None:
        parameters = self.form.parameters() if self.form is not None else None
        if parameters is not None:
            self.run_asked.emit(str(self.chooser.currentData()), parameters)
