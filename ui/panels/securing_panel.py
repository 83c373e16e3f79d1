"""The panel of the securing stage: from the demand for land to the plan that secures it, and its report."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from layers.project_demand import KIND as DEMAND
from layers.quotas import KIND as QUOTAS
from layers.words import N_, _
from ui.icons import icon
from ui.panels.analysis_panel import AnalysisPanel
from ui.panels.parts import verb_button
from ui.panels.work_panel import WorkPanel, WorkStep
from ui.theme import GRID_PX, Colors

_STEPS = (
    WorkStep(
        N_("Register of demand"),
        "",
        (
            ("fill_demand", N_("Fill from plan")),
            ("demand_table", N_("Open table")),
            ("new_demand", N_("Add project")),
            ("demand_list", N_("By priority")),
            ("import_file", N_("From Excel…")),
            ("demand_export", N_("To Excel…")),
        ),
        DEMAND.key,
        N_("No register yet. Fill it with the projects that the plan names, or import an Excel table."),
    ),
    WorkStep(
        N_("Register of quotas"),
        "",
        (
            ("new_quotas", N_("New register")),
            ("quota_table", N_("Open table")),
            ("new_quota", N_("Add quota")),
            ("import_file", N_("From Excel…")),
            ("quota_export", N_("To Excel…")),
        ),
        QUOTAS.key,
        N_("No quotas yet: an allocation would be limited by none. Make a register and enter documents."),
    ),
    WorkStep(
        N_("Where land could come from"),
        N_("Approved and unsupplied, idle, redevelopment, reserve and little used land, by rule."),
        (("supply", N_("Gather supply…")),),
    ),
    WorkStep(
        N_("Recommended plan"),
        N_("Which land for which project in which year, under which quota, and why not another."),
        (("allocate", N_("Allocate land…")),),
    ),
    WorkStep(
        N_("Overview and report"),
        N_("Platforms by stage, quotas used, land secured; a click shows the projects on the map."),
        (("dashboard", N_("Dashboard")), ("report", N_("Report…"))),
    ),
)


class SecuringPanel(QStackedWidget):
    """The steps of securing land; a step that is computed shows its form in their place."""

    def __init__(self, colors: Colors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps = WorkPanel(_STEPS)
        self.form = _FormPage(colors)
        self.addWidget(self.steps)
        self.addWidget(self.form)
        self.form.left.connect(self.show_steps)

    @property
    def computing(self) -> AnalysisPanel:
        """The forms of what is computed."""
        return self.form.panel

    def set_actions(self, actions: Mapping[str, QAction]) -> None:
        """Give the steps their commands."""
        self.steps.set_actions(actions)

    def show_steps(self) -> None:
        """Show the steps."""
        self.setCurrentWidget(self.steps)

    def show_form(self, key: str) -> bool:
        """Show the form of a capability; False where it is not offered."""
        chooser = self.computing.chooser
        place = chooser.findData(key)
        if place < 0:
            return False
        chooser.setCurrentIndex(place)
        self.setCurrentWidget(self.form)
        return True


class _FormPage(QWidget):
    left = pyqtSignal()

    def __init__(self, colors: Colors) -> None:
        super().__init__()
        self.panel = AnalysisPanel(colors)
        self.back = verb_button(_("All steps"), icon("look_back", colors.accent))
        self.back.setProperty("role", "link")
        self.back.clicked.connect(self.left)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID_PX, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.back)
        column.addWidget(self.panel, 1)
