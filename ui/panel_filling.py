"""Fills panels before anybody looks at them, in spare time, and at the latest when somebody does."""

from __future__ import annotations

from functools import partial

from PyQt6.QtWidgets import QWidget

from layers.words import _
from ui.flows.project_loading import load_panels
from ui.flows.sheet_templates import template_choices
from ui.jobs import JobBridge
from ui.main_window import MainWindow
from ui.spare_time import SpareTime


class PanelFilling:
    """What analyses and sheets offer is loaded aside, then put into their panels a piece at a time."""

    def __init__(self, window: MainWindow, jobs: JobBridge, spare_time: SpareTime) -> None:
        self._window = window
        self._jobs = jobs
        self._spare_time = spare_time
        self._is_loaded = False
        self._is_wanted = False
        self._computing = {
            "analysis": window.analysis_panel,
            "securing": window.securing_panel.computing,
        }
        window.rail.stage_chosen.connect(self._fill)

    def warm_up(self) -> None:
        """Have the workspace laid out and drawn once, a part at a time, while the start page is shown.

        Looks, letters and icons are then known when a project opens.
        """
        for part in self._window.workspace_parts:
            self._spare_time.add(partial(_draw_unseen, part))

    def begin(self) -> None:
        """Fill the panels of a project that has been opened, once its map stands or somebody looks at one."""
        self._is_wanted = True
        if self._fills(self._window.stage):
            self._load()
        else:
            self._spare_time.add(self._load)

    def _load(self) -> None:
        if self._is_wanted:
            self._is_wanted = False
            self._jobs.start(_("Reading"), load_panels, done=self._have_loaded, quiet=True, derived=True)

    def _have_loaded(self, _nothing: object) -> None:
        self._is_loaded = True
        self._fill(self._window.stage)
        forms = (panel.prepare for panel in self._computing.values())
        for piece in (self._offer_sheets, self._offer_analyses, *forms):
            self._spare_time.add(piece)

    def _fill(self, stage: str) -> None:
        """Fill the panel of a stage that is looked at now."""
        if self._fills(stage):
            self._load()
        if not self._is_loaded:
            return
        if stage == "sheets":
            self._offer_sheets()
        elif stage in self._computing:
            self._offer_analyses()
            self._computing[stage].finish()

    def _fills(self, stage: str) -> bool:
        return stage == "sheets" or stage in self._computing

    def _offer_sheets(self) -> None:
        self._window.sheets_panel.set_templates(template_choices())

    def _offer_analyses(self) -> None:
        from zsgis.registry import CAPABILITIES

        for stage, panel in self._computing.items():
            panel.set_capabilities([each for each in CAPABILITIES.values() if each.stage == stage])


def _draw_unseen(part: QWidget) -> None:
    if not part.isVisible():
        part.grab()
