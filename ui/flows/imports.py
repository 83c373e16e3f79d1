"""Taking files in and writing layers out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import InputError
from layers.importing.request import ImportRequest
from layers.progress import Progress
from layers.words import _
from ui.dialogs.port import EXPORT_FILES, MAP_FILES, SourceColumns, Verb
from ui.flows.desk import Desk
from ui.layer_edits import PROJECT_LANE
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.importing.bringing import ImportReport
    from layers.store import LayerInfo, Project

_LISTED_FINDINGS = 200


class ImportFlows:
    """What happens when an officer brings a file, or wants one."""

    def __init__(self, desk: Desk) -> None:
        self._session = desk.session
        self._jobs = desk.jobs
        self._dialogs = desk.dialogs
        self._notice = desk.notice
        self._offer_place = desk.offer_place
        self._queue: list[Path] = []
        desk.session.subscribe(self._take_change)

    def ask_import(self) -> None:
        """Ask for a file and take it in."""
        path = self._dialogs.open_file(_("Import a file"), (MAP_FILES,))
        if path is not None:
            self.take_in((path,))

    def take_in(self, paths: Sequence[Path]) -> None:
        """Take files in, one after another."""
        self._queue.extend(paths)
        if len(self._queue) == len(paths):
            self._next()

    def ask_export(self, layer_uid: str) -> None:
        """Ask for a place and write a layer there."""
        project, layer = self._session.project, self._session.layer(layer_uid)
        if project is None or layer is None:
            return
        path = self._dialogs.save_file(_("Export layer"), f"{layer.name}.gpkg", EXPORT_FILES)
        if path is not None:
            self._jobs.start(
                _("Writing {name}").format(name=path.name),
                lambda progress: _export(project, layer, path, progress),
                done=lambda written: self._notice(_("Written: {name}").format(name=written.name), written),
                failed=lambda error: self._offer_place(error, path, lambda: self.ask_export(layer_uid)),
            )

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._queue = []

    def _next(self) -> None:
        if not self._queue:
            return
        path = self._queue[0]
        self._jobs.start(
            _("Reading {name}").format(name=path.name),
            lambda progress: sources_of(path, progress),
            done=self._ask_how,
            failed=self._fail,
            cancelled=self._go_on,
        )

    def _ask_how(self, sources: tuple[SourceColumns, ...], earlier: ImportRequest | None = None) -> None:
        project = self._session.project
        answer = self._dialogs.import_file(self._queue[0], sources, earlier) if project is not None else None
        if answer is None or project is None:
            self._go_on()
            return
        self._jobs.start(
            _("Importing {name}").format(name=answer.name),
            lambda progress: _import(project, answer, progress),
            done=self._show,
            failed=lambda error: self._offer_correction(error, sources, answer),
            cancelled=self._go_on,
            lane=PROJECT_LANE,
        )

    def _show(self, found: tuple[ImportReport, tuple[LayerInfo, ...]]) -> None:
        report, layers = found
        self._session.renew_layers(layers)
        self._session.mark_saved(datetime.now())
        text = _("Imported “{layer}”: {count} features").format(
            layer=report.layer.name, count=f"{report.written:,}"
        )
        self._notice(text, None)
        if report.findings:
            self._dialogs.show_findings(
                text, [finding.text for finding in report.findings[:_LISTED_FINDINGS]]
            )
        self._go_on()

    def _offer_correction(
        self, error: BaseException, sources: tuple[SourceColumns, ...], answer: ImportRequest
    ) -> None:
        """Show why a file was not taken in; most often another column, system or standard helps."""
        remedies = (Verb("again", _("Back to the import")),) if isinstance(error, InputError) else ()
        if self._dialogs.show_error(error, remedies) == "again":
            self._ask_how(sources, answer)
        else:
            self._go_on()

    def _fail(self, error: BaseException) -> None:
        """Show why a file cannot be read; another one may be chosen in its place."""
        verb = self._dialogs.show_error(error, (Verb("other", _("Choose another file")),))
        other = self._dialogs.open_file(_("Import a file"), (MAP_FILES,)) if verb == "other" else None
        if other is not None:
            self._queue[:1] = [other]
            self._next()
        else:
            self._go_on()

    def _go_on(self) -> None:
        self._queue = self._queue[1:]
        self._next()


def sources_of(path: Path, progress: Progress) -> tuple[SourceColumns, ...]:
    """Return the layers of a file that have shapes, with what the import dialog needs to know of them.

    Raises
    ------
    InputError
        When the file cannot be read or holds no shapes.
    """
    from layers.crs import describe_crs
    from layers.formats.vector import list_columns, list_layers

    progress.step(0.1)
    found = [layer for layer in list_layers(path) if layer.geometry]
    if not found:
        raise InputError(
            _("The file holds no shapes."),
            where=str(path),
            remedy=_("Choose a file with points, lines or polygons."),
        )
    sources = []
    for number, layer in enumerate(found):
        progress.step(0.2 + 0.8 * number / len(found), layer.name)
        sources.append(
            SourceColumns(
                name=layer.name,
                geometry=_plain_geometry(layer.geometry),
                feature_count=layer.feature_count,
                crs=describe_crs(layer.crs) if layer.crs is not None else "",
                columns=list_columns(path, layer.name),
            )
        )
    return tuple(sources)


def _plain_geometry(declared: str) -> str:
    """Return the plain shape of a type as files declare it, ``MultiPolygon Z``; empty for a mixture."""
    name = declared.lower().replace("multi", "")
    for word, plain in (("point", "point"), ("line", "line"), ("polygon", "polygon"), ("surface", "polygon")):
        if name.startswith(word):
            return plain
    return ""


def _import(
    project: Project, answer: ImportRequest, progress: Progress
) -> tuple[ImportReport, tuple[LayerInfo, ...]]:
    from layers.importing.bringing import import_file

    report = import_file(project, answer, progress)
    return report, project.layers()


def _export(project: Project, layer: LayerInfo, path: Path, progress: Progress) -> Path:
    from layers.exporting import export_with_report

    # the file dialog has asked before it names a file that exists
    return export_with_report(project, layer, path, progress, overwrite=True).path
