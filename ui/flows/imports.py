"""Taking files in: one after another, each shown before it is brought in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import InputError, ZsgisError
from layers.importing.request import ImportRequest
from layers.progress import Progress
from layers.words import _
from ui.dialogs.file_kinds import map_files
from ui.dialogs.port import ImportTurns, Verb
from ui.flows.desk import Desk
from ui.layer_edits import PROJECT_LANE
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.datum_parameters import DatumParameters
    from layers.formats.model import SourceLayer
    from layers.importing.bringing import ImportReport
    from layers.store import LayerInfo, Project
    from zsgis.intake.accounts import FileAccount
    from zsgis.intake.offer import ImportOffer
    from zsgis.intake.tools import IntakeTools

_LISTED_FINDINGS = 200
_PHOTOS = "photos"


class ImportFlows:
    """What happens when an officer brings a file.

    Parameters
    ----------
    join : callable
        Joins a table without shapes to a layer.
    """

    def __init__(self, desk: Desk, tools: IntakeTools, join: Callable[[Path], None]) -> None:
        self._session = desk.session
        self._jobs = desk.jobs
        self._dialogs = desk.dialogs
        self._notice = desk.notice
        self._tools = tools
        self._join = join
        self._queue: list[ImportRequest] = []
        desk.session.subscribe(self._take_change)

    def ask_import(self) -> None:
        """Ask for a file and take it in."""
        path = self._dialogs.open_file(_("Import a file"), map_files())
        if path is not None:
            self.take_in((path,))

    def ask_folder(self) -> None:
        """Ask for a folder and take in what it holds."""
        path = self._dialogs.open_folder(_("Import a folder"))
        if path is not None:
            self.take_in((path,))

    def take_in(self, paths: Sequence[Path]) -> None:
        """Take files and folders in, one after another."""
        waiting = bool(self._queue)
        self._queue.extend(self._requests(paths))
        if not waiting:
            self._next()

    def _requests(self, paths: Sequence[Path]) -> list[ImportRequest]:
        """Return a request for each file; several photos of one folder may come as one layer."""
        by_folder: dict[Path, list[Path]] = {}
        for path in paths:
            if _is_photo(path):
                by_folder.setdefault(path.parent, []).append(path)
        whole = {folder for folder, photos in by_folder.items() if len(photos) > 1 and self._wants(folder)}
        requests = [ImportRequest(path) for path in paths if not (path.parent in whole and _is_photo(path))]
        return requests + [ImportRequest(folder, format=_PHOTOS) for folder in sorted(whole)]

    def _wants(self, folder: Path) -> bool:
        verb = self._dialogs.choose(
            _("Several photos of the folder “{name}”").format(name=folder.name),
            _("All photos of a folder can become one layer, a point for each that knows its place."),
            (
                Verb("each", _("A layer for each of these")),
                Verb("folder", _("One layer of the whole folder")),
            ),
        )
        return verb == "folder"

    def edit_parameters(self) -> Sequence[DatumParameters]:
        """Let the user's own datum parameters be changed; return them as they are then."""
        self._dialogs.datum_parameters(self._tools.book)
        try:
            return self._tools.book.sets()
        except ZsgisError as error:
            self._dialogs.show_error(error)
            return ()

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._queue = []

    def _next(self) -> None:
        if not self._queue or self._session.project is None:
            return
        request = self._queue[0]
        if request.path.is_dir() and not request.format and not _is_data_folder(request.path):
            self._take_folder(request)
            return
        self._jobs.start(
            _("Reading {name}").format(name=request.path.name),
            lambda progress: _layers(self._tools, request, progress),
            done=self._choose_layers,
            failed=self._fail,
            cancelled=self._go_on,
        )

    def _choose_layers(self, layers: tuple[SourceLayer, ...]) -> None:
        """Ask which of several layers are wanted; each then has its turn."""
        request = self._queue[0]
        names = tuple(layer.name for layer in layers)
        chosen = (
            names
            if len(names) < 2
            else self._dialogs.choose_several(
                _("“{file}” holds several layers").format(file=request.path.name),
                _("Choose what to import."),
                tuple((layer.name, _layer_words(layer)) for layer in layers),
            )
        )
        several = len(names) > 1
        self._queue[:1] = [
            replace(request, source_layer=name, name=_title(request.path, name) if several else "")
            for name in chosen
        ]
        if self._queue:
            self._prepare(self._queue[0])

    def _prepare(self, request: ImportRequest) -> None:
        """Read a layer and show what it is."""
        project = self._session.project
        if project is None:
            return
        self._jobs.start(
            _("Reading {name}").format(name=request.path.name),
            lambda progress: _offer(self._tools, project, request, progress),
            done=self._ask_how,
            failed=self._fail,
            cancelled=self._go_on,
            lane=PROJECT_LANE,
        )

    def _ask_how(self, offer: ImportOffer) -> None:
        self._dialogs.import_file(
            offer,
            ImportTurns(
                take=lambda request, remember: self._bring(offer, request, remember),
                reread=self._prepare,
                leave=self._go_on,
                parameters=self.edit_parameters,
            ),
        )

    def _bring(self, offer: ImportOffer, request: ImportRequest, remember: str) -> None:
        project = self._session.project
        if project is None:
            return
        self._jobs.start(
            _("Importing {name}").format(name=request.name or request.path.name),
            lambda progress: _import(self._tools, project, offer, request, remember, progress),
            done=self._show,
            failed=lambda error: self._offer_correction(error, request),
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

    def _take_folder(self, request: ImportRequest) -> None:
        project = self._session.project
        if project is None:
            return
        self._jobs.start(
            _("Importing the folder {name}").format(name=request.path.name),
            lambda progress: _import_folder(self._tools, project, request, progress),
            done=lambda found: self._show_accounts(request.path, *found),
            failed=self._fail,
            cancelled=self._go_on,
            lane=PROJECT_LANE,
        )

    def _show_accounts(
        self, folder: Path, accounts: tuple[FileAccount, ...], layers: tuple[LayerInfo, ...]
    ) -> None:
        self._session.renew_layers(layers)
        self._session.mark_saved(datetime.now())
        taken = sum("uid" in account.facts for account in accounts)
        text = _("Folder “{name}”: {taken} of {count} taken in").format(
            name=folder.name, taken=taken, count=len(accounts)
        )
        self._notice(text, None)
        self._dialogs.show_findings(text, [account.line(folder) for account in accounts])
        self._go_on()

    def _offer_correction(self, error: BaseException, request: ImportRequest) -> None:
        """Show why a file was not taken in; most often another column, system or standard helps."""
        remedies = (Verb("again", _("Back to the import")),) if isinstance(error, InputError) else ()
        if self._dialogs.show_error(error, remedies) == "again":
            self._prepare(request)
        else:
            self._go_on()

    def _fail(self, error: BaseException) -> None:
        """Show why a file cannot be read; another one may be chosen in its place, or a table be joined."""
        path = self._queue[0].path if self._queue else None
        remedies = [Verb("other", _("Choose another file"))]
        if _is_table(error) and path is not None:
            remedies.append(Verb("join", _("Join it to a layer")))
        verb = self._dialogs.show_error(error, remedies)
        other = self._dialogs.open_file(_("Import a file"), map_files()) if verb == "other" else None
        if other is not None:
            self._queue[:1] = [ImportRequest(other)]
            self._next()
            return
        if verb == "join" and path is not None:
            self._join(path)
        self._go_on()

    def _go_on(self) -> None:
        self._queue = self._queue[1:]
        if self._queue and self._queue[0].source_layer:
            self._prepare(self._queue[0])
        else:
            self._next()


def _is_table(error: BaseException) -> bool:
    from layers.importing.intake import NoShapesError

    return isinstance(error, NoShapesError)


def _is_photo(path: Path) -> bool:
    from layers.formats.photos.finding import is_photo

    return is_photo(path)


def _is_data_folder(path: Path) -> bool:
    from zsgis.intake.sources import is_data_folder

    return is_data_folder(path)


def _title(path: Path, layer: str) -> str:
    from zsgis.intake.folder import layer_title

    return layer_title(path.stem, layer)


def _layer_words(layer: SourceLayer) -> str:
    """Return a layer in one line: name, shapes, how many."""
    count = _("{count} features").format(count=f"{layer.feature_count:,}") if layer.feature_count >= 0 else ""
    return " · ".join(filter(None, (layer.name, layer.geometry or _("table without shapes"), count)))


def _layers(tools: IntakeTools, request: ImportRequest, progress: Progress) -> tuple[SourceLayer, ...]:
    from zsgis.intake.offer import layers_with_shapes

    return layers_with_shapes(tools.reader, request, progress)


def _offer(tools: IntakeTools, project: Project, request: ImportRequest, progress: Progress) -> ImportOffer:
    from zsgis.intake.offer import make_offer
    from zsgis.intake.surroundings import surroundings_of

    return make_offer(
        tools.reader, request, surroundings_of(project), tools.shelf, progress, parameters=tools.book.sets()
    )


def _import(
    tools: IntakeTools,
    project: Project,
    offer: ImportOffer,
    request: ImportRequest,
    remember: str,
    progress: Progress,
) -> tuple[ImportReport, tuple[LayerInfo, ...]]:
    from layers.importing.bringing import bring_in, check_request
    from layers.importing.mappings import NamedMapping
    from layers.kinds import kind

    check_request(project, request)
    intake = replace(offer.intake, kind=kind(request.kind))
    report = bring_in(project, request, intake, progress, parameters=tools.book.sets())
    if remember:
        tools.shelf.keep(NamedMapping(name=remember, kind=request.kind, columns=request.mapping))
    return report, project.layers()


def _import_folder(
    tools: IntakeTools, project: Project, request: ImportRequest, progress: Progress
) -> tuple[tuple[FileAccount, ...], tuple[LayerInfo, ...]]:
    from zsgis.intake.folder import import_folder

    accounts = import_folder(
        project, request.path, request, tools.reader, progress, parameters=tools.book.sets()
    )
    return accounts, project.layers()
