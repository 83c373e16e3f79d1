"""Joining a table to a layer: a file, what would happen, and then the writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QWidget

from layers.errors import ZsgisError
from layers.progress import Progress
from layers.words import _
from ui.dialogs.port import FileFilter
from ui.flows.desk import Desk
from ui.layer_edits import PROJECT_LANE
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.edits import EditRecord
    from layers.formats.model import SourceLayer, SourceReader
    from layers.store import LayerInfo, Project
    from ui.dialogs.join_dialog import JoinDialog
    from zsgis.joining.preview import JoinPreview
    from zsgis.joining.report import JoinReport
    from zsgis.joining.request import TableJoin

_LANE = "joining"
_LISTED_FINDINGS = 200
_TABLES = "tables"


class JoinFlows:
    """What happens when an officer brings figures for shapes that are there.

    Parameters
    ----------
    window : QWidget
        The dialog stands over it.
    chosen : callable
        The layer that is chosen in the tree, by its uid.
    note_edit : callable
        Told of the edit by which a join was written, so that it can be taken back.
    """

    def __init__(
        self,
        desk: Desk,
        reader: SourceReader,
        window: QWidget,
        chosen: Callable[[], str],
        note_edit: Callable[[Project, EditRecord], None],
    ) -> None:
        self._session = desk.session
        self._jobs = desk.jobs
        self._dialogs = desk.dialogs
        self._notice = desk.notice
        self._reader = reader
        self._window = window
        self._chosen = chosen
        self._note_edit = note_edit
        self._job: int | None = None
        self.dialog: JoinDialog | None = None
        self._session.subscribe(self._take_change)

    def ask(self) -> None:
        """Ask for a table and show how it would be joined."""
        from layers.formats.registry import format_called

        tables = format_called(_TABLES)
        endings = tuple(suffix.removeprefix(".") for suffix in tables.suffixes)
        path = self._dialogs.open_file(_("Join a table"), (FileFilter(tables.title, endings),))
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Show how a table would be joined."""
        if self._session.project is None:
            return
        self._jobs.start(
            _("Reading {name}").format(name=path.name),
            lambda progress: _sheets(self._reader, path, progress),
            done=lambda sheets: self._show(path, sheets),
            lane=_LANE,
        )

    def _show(self, path: Path, sheets: tuple[SourceLayer, ...]) -> None:
        from ui.dialogs.join_dialog import JoinDialog, JoinOffer

        if self._session.project is None:
            return
        self._close()
        layers = tuple(self._session.layers)
        dialog = JoinDialog(JoinOffer(path, sheets, layers, self._chosen()), _propose, self._window)
        self.dialog = dialog
        dialog.match_asked.connect(self._match)
        dialog.join_asked.connect(self._join)
        dialog.finished.connect(lambda _result: self._forget(dialog))
        dialog.open()
        dialog.ask_first()

    def _match(self, wanted: TableJoin) -> None:
        project, dialog = self._session.project, self.dialog
        if project is None or dialog is None:
            return
        self._jobs.cancel(self._job or 0)
        self._job = self._jobs.start(
            _("Matching rows and features"),
            lambda progress: _preview(project, wanted, self._reader, progress),
            done=lambda preview: self._show_preview(dialog, preview),
            failed=lambda error: self._show_trouble(dialog, error),
            lane=_LANE,
        )

    def _show_preview(self, dialog: JoinDialog, preview: JoinPreview) -> None:
        if dialog is self.dialog:
            dialog.show_preview(preview)

    def _show_trouble(self, dialog: JoinDialog, error: BaseException) -> None:
        if dialog is self.dialog and isinstance(error, ZsgisError):
            dialog.show_trouble(str(error))
        else:
            self._dialogs.show_error(error)

    def _join(self, wanted: TableJoin) -> None:
        project = self._session.project
        if project is None:
            return
        self._jobs.start(
            _("Joining {name}").format(name=wanted.path.name),
            lambda progress: _write(project, wanted, self._reader, progress),
            done=lambda found: self._tell(project, *found),
            lane=PROJECT_LANE,
        )

    def _tell(self, project: Project, report: JoinReport, layers: tuple[LayerInfo, ...]) -> None:
        if project is not self._session.project:
            return
        self._session.renew_layers(layers)
        if report.record is not None:
            self._note_edit(project, report.record)
        text = _("{file} → layer “{layer}”: {count} of {rows} rows joined").format(
            file=report.file, layer=report.layer, count=len(report.plan.matches), rows=report.rows
        )
        self._notice(text, None)
        if report.findings:
            told = [finding.text for finding in report.findings[:_LISTED_FINDINGS]]
            self._dialogs.show_findings(text, told)

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._close()

    def _close(self) -> None:
        if self.dialog is not None:
            self.dialog.reject()

    def _forget(self, dialog: JoinDialog) -> None:
        if self.dialog is dialog:
            self.dialog = None
        dialog.deleteLater()


def _sheets(reader: SourceReader, path: Path, progress: Progress) -> tuple[SourceLayer, ...]:
    from layers.importing.intake import list_source_layers

    return list_source_layers(reader, path, progress=progress)


def _propose(info: LayerInfo, columns: Sequence[str]) -> Mapping[str, str]:
    from zsgis.joining.preview import proposed_keys

    return proposed_keys(info, columns)


def _preview(project: Project, wanted: TableJoin, reader: SourceReader, progress: Progress) -> JoinPreview:
    from zsgis.joining.preview import preview_join

    return preview_join(project, wanted, reader, progress)


def _write(
    project: Project, wanted: TableJoin, reader: SourceReader, progress: Progress
) -> tuple[JoinReport, tuple[LayerInfo, ...]]:
    from zsgis.joining.joining import join_table

    report = join_table(project, wanted, reader, progress)
    return report, project.layers()
