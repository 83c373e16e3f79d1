"""Fills panels before anybody looks at them, in spare time, and at the latest when somebody does."""

from __future__ import annotations

from functools import partial

from PyQt6.QtWidgets import QWidget

from layers.words import _
from ui.flows.project_loading import load_panels
from ui.flows.sheets import template_choices
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
        window.rail.stage_chosen.connect(self._fill)

    def warm_up(self) -> None:
        """Have the workspace laid out and drawn once, a part at a time, while the start page is shown.

        Looks, letters and icons are then known when a project opens.
        """
        for part in self._window.workspace_parts:
            self._spare_time.add(partial(_draw_unseen, part))

    def begin(self) -> None:
        """Fill the panels of a project that has been opened."""
        self._jobs.start(_("Reading"), load_panels, done=self._have_loaded, quiet=True, derived=True)

    def _have_loaded(self, _nothing: object) -> None:
        self._is_loaded = True
        self._fill(self._window.stage)
        for piece in (self._offer_sheets, self._offer_analyses, self._window.analysis_panel.prepare):
            self._spare_time.add(piece)

    def _fill(self, stage: str) -> None:
        """Fill the panel of a stage that is looked at now."""
        if not self._is_loaded:
            return
        if stage == "sheets":
            self._offer_sheets()
        elif stage == "analysis":
            self._offer_analyses()
            self._window.analysis_panel.finish()

    def _offer_sheets(self) -> None:
        self._window.sheets_panel.set_templates(template_choices())

    def _offer_analyses(self) -> None:
        from zsgis.registry import CAPABILITIES

        # securing land has no panel of its own on the rail; what it answers is offered after the analyses
        stages = ("analysis", "securing")
        offered = [each for stage in stages for each in CAPABILITIES.values() if each.stage == stage]
        self._window.analysis_panel.set_capabilities(offered)


def _draw_unseen(part: QWidget) -> None:
    if not part.isVisible():
        part.grab()
