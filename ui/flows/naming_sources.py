"""Sources that parameters of analyses name: the project's rasters are offered, files are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PyQt6 import sip

from layers.progress import Progress
from layers.words import N_, _
from ui.actions import ActionSpec
from ui.bench import Bench
from ui.dialogs.port import FileFilter
from ui.forms.source_editors import SourceChooser
from ui.panels.analysis_panel import AnalysisPanel
from zsgis.session import Change

_Keys = tuple[tuple[str, str], ...]


class NamingSources:
    """Keeps the choosers of a panel's forms in step with the project.

    An :class:`~ui.bench.Extension` without commands.
    """

    def __init__(self, bench: Bench, panel: AnalysisPanel) -> None:
        self._desk = bench.desk
        self._panel = panel
        self._panel.file_asked.connect(self._ask_file)
        self._panel.keys_asked.connect(self._ask_keys)
        bench.desk.session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """It has no commands: the form asks."""
        return ()

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return nothing."""
        return {}

    def _ask_file(self, chooser: SourceChooser) -> None:
        path = self._desk.dialogs.open_file(
            chooser.title, (FileFilter(N_("Files that fit"), chooser.endings),)
        )
        # the form may be another one by the time that a file is chosen
        if path is not None and not sip.isdeleted(chooser):
            chooser.take_file(path)

    def _ask_keys(self, key: str, name: str) -> None:
        form = self._panel.form
        if form is None:
            return
        values = form.values()
        self._desk.jobs.start(
            _("Reading the rule file"),
            lambda progress: _keys(key, name, values, progress),
            done=partial(self._add, key, name),
            quiet=True,
        )

    def _add(self, key: str, name: str, keys: _Keys) -> None:
        form = self._panel.form
        if form is None or self._panel.chosen_key != key:
            return
        if not form.add_source(name, keys):
            self._desk.notice(_("There is nothing else to name a source for."), None)

    def _take_change(self, change: Change) -> None:
        if change in (Change.PROJECT, Change.PICTURES):
            pictures = self._desk.session.pictures
            self._panel.set_rasters(
                [(picture.uid, picture.name) for picture in pictures if picture.type == "raster"]
            )


def _keys(key: str, name: str, values: Mapping[str, Any], progress: Progress) -> _Keys:
    from zsgis.registry import capability

    progress.step(0.1)
    return capability(key).keys[name](values)
