"""The panel of the ledger stage: indicators with their proof, and the assessments of the plan."""

from __future__ import annotations

from PyQt6.QtWidgets import QWidget

from layers.words import N_
from ui.panels.work_panel import WorkPanel, WorkStep

_STEPS = (
    WorkStep(
        N_("Indicators of the plan"),
        N_("Each clause as a figure with target, gap, light, parcels, formula and run."),
        (("ledger", N_("Open ledger")), ("ledger_verify", N_("Verify runs"))),
    ),
    WorkStep(
        N_("Assessment of the plan"),
        N_("Yearly, mid-term, final, or between two days: whole, by platform and by town."),
        (("assess", N_("Assess…")),),
    ),
    WorkStep(
        N_("State of securing"),
        N_("Platforms by stage, quotas used and the lights of the ledger, beside the map."),
        (("dashboard", N_("Dashboard")),),
    ),
)


class LedgerStagePanel(WorkPanel):
    """Leads to ledger, assessment and dashboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_STEPS, parent)
