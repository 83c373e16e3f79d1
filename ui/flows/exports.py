"""Writing layers out: a place, what the family of files lets one choose, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import UsageError
from layers.progress import Progress
from layers.words import _
from ui.dialogs.file_kinds import export_files
from ui.flows.desk import Desk

if TYPE_CHECKING:
    from layers.exporting import ExportReport
    from layers.store import LayerInfo, Project


class ExportFlows:
    """What happens when an officer wants a file."""

    def __init__(self, desk: Desk) -> None:
        self._session = desk.session
        self._jobs = desk.jobs
        self._dialogs = desk.dialogs
        self._notice = desk.notice
        self._offer_place = desk.offer_place
        # what was chosen of each family while the program runs: the next file is mostly written likewise
        self._said: dict[str, dict[str, str]] = {}

    def ask(self, layer_uid: str, ending: str = "gpkg") -> None:
        """Ask for a place and for what may be chosen, and write a layer there; its ending is proposed."""
        layer = self._session.layer(layer_uid)
        if self._session.project is None or layer is None:
            return
        path = self._dialogs.save_file(_("Export layer"), f"{layer.name}.{ending}", export_files())
        if path is None:
            return
        choices = self._choices(path)
        if choices is not None:
            self._write(layer, path, choices)

    def _choices(self, path: Path) -> Mapping[str, str] | None:
        """Return what was chosen for a file; None to leave it."""
        from layers.formats.registry import writer_of

        try:
            writer = writer_of(path)
        except UsageError:
            # the writing itself says what is wrong with the ending
            return {}
        if not writer.choices:
            return {}
        title = _("Export as {format}").format(format=_(writer.title))
        answer = self._dialogs.format_choices(title, writer.choices, self._said.get(writer.key, {}))
        if answer is not None:
            # an empty answer was one too
            self._said[writer.key] = {choice.key: answer.get(choice.key, "") for choice in writer.choices}
        return answer

    def _write(self, layer: LayerInfo, path: Path, choices: Mapping[str, str]) -> None:
        project = self._session.project
        if project is None:
            return
        self._jobs.start(
            _("Writing {name}").format(name=path.name),
            lambda progress: _export(project, layer, path, choices, progress),
            done=self._show_written,
            failed=lambda error: self._offer_place(error, path, lambda: self.ask(layer.uid)),
        )

    def _show_written(self, report: ExportReport) -> None:
        text = _("Written: {name}").format(name=report.path.name)
        self._notice(text, report.path)
        told = [note.text for note in report.notes]
        if report.renamed:
            told.append(
                _("Columns under another name in the file: {names}").format(
                    names="、".join(f"{old} → {new}" for old, new in report.renamed.items())
                )
            )
        if told:
            self._dialogs.show_findings(text, told)


def _export(
    project: Project, layer: LayerInfo, path: Path, choices: Mapping[str, str], progress: Progress
) -> ExportReport:
    from layers.exporting import ExportRequest, export_layer

    # the file dialog has asked before it names a file that exists
    return export_layer(project, layer, ExportRequest(path, choices, overwrite=True), progress)
