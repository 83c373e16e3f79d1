"""The stage of securing land in the window: its registers at hand, and the forms of what is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from layers.project_demand import KIND as DEMAND
from layers.quotas import KIND as QUOTAS
from layers.words import N_, _
from ui.actions import WORK, ActionSpec
from ui.bench import Bench
from ui.flows.exports import ExportFlows
from ui.flows.project_loading import load_panels
from ui.flows.tables import TableFlows
from zsgis.session import Change

STAGE = "securing"
_REGISTERS = (DEMAND.key, QUOTAS.key)

_SPECS = (
    ActionSpec(
        "demand_table",
        N_("Table of the register of demand"),
        WORK,
        "table",
        "Ctrl+Alt+Shift+T",
        "project",
        3,
    ),
    ActionSpec(
        "demand_list",
        N_("List of demand by priority"),
        WORK,
        "table_statistics",
        "Ctrl+Alt+Shift+D",
        "project",
        3,
        tip=N_("Projects in the order of their rank, their areas added up, and what is at fault with them"),
    ),
    ActionSpec(
        "demand_export",
        N_("Register of demand to Excel…"),
        WORK,
        "export",
        "Ctrl+Alt+Shift+E",
        "project",
        3,
    ),
    ActionSpec(
        "quota_table",
        N_("Table of the register of quotas"),
        WORK,
        "table",
        "Ctrl+Alt+Shift+U",
        "project",
        3,
    ),
    ActionSpec(
        "quota_export",
        N_("Register of quotas to Excel…"),
        WORK,
        "export",
        "Ctrl+Alt+Shift+X",
        "project",
        3,
    ),
    ActionSpec(
        "supply",
        N_("Gather supply of land…"),
        WORK,
        "search",
        "Ctrl+6",
        "project",
        3,
        tip=N_("Which land could be given to projects, by a rule that the bureau may change"),
    ),
    ActionSpec(
        "allocate",
        N_("Allocate land to projects…"),
        WORK,
        "apportion",
        "Ctrl+7",
        "project",
        3,
        tip=N_("Recommended plan and alternatives, with proof, reasons and what each quota would bring"),
    ),
)


class SecuringFlows:
    """What the steps of the securing stage do; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench, tables: TableFlows) -> None:
        self._desk = bench.desk
        self._window = bench.window
        self._tables = tables
        self._exports = ExportFlows(bench.desk)
        bench.desk.session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each command does."""
        return {
            "demand_table": partial(self._with, DEMAND.key, self._tables.open),
            "quota_table": partial(self._with, QUOTAS.key, self._tables.open),
            "demand_export": partial(self._with, DEMAND.key, self._export),
            "quota_export": partial(self._with, QUOTAS.key, self._export),
            "demand_list": partial(self.show_form, "demand"),
            "supply": partial(self.show_form, "supply"),
            "allocate": partial(self.show_form, "allocate"),
        }

    def show_form(self, key: str) -> None:
        """Show the form of a capability of this stage, once what it offers is loaded."""
        self._desk.jobs.start(_("Reading"), load_panels, done=lambda _none: self._show_form(key), quiet=True)

    def _show_form(self, key: str) -> None:
        from zsgis.registry import CAPABILITIES

        panel = self._window.securing_panel
        panel.computing.set_capabilities([each for each in CAPABILITIES.values() if each.stage == STAGE])
        self._window.rail.choose(STAGE)
        panel.show_form(key)

    def _with(self, kind: str, do: Callable[[str], object]) -> None:
        """Do something with the first register of a kind, or say that there is none."""
        session = self._desk.session
        layer = next((each for each in session.layers if each.kind == kind), None)
        if layer is not None:
            do(layer.uid)
        elif session.project is not None:
            self._desk.notice(_("There is no such register yet; the panel “Securing” makes one."), None)
            self._window.rail.choose(STAGE)

    def _export(self, layer_uid: str) -> None:
        self._exports.ask(layer_uid, "xlsx")

    def _take_change(self, change: Change) -> None:
        if change in (Change.PROJECT, Change.LAYERS, Change.FEATURES):
            layers = self._desk.session.layers
            # the first of a kind is the one that counts everywhere
            counts = {
                layer.kind: (layer.name, layer.feature_count)
                for layer in reversed(layers)
                if layer.kind in _REGISTERS
            }
            self._window.securing_panel.steps.show_counts(counts)
        if change is Change.PROJECT:
            self._window.securing_panel.show_steps()
