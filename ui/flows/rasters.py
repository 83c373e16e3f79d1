"""Putting rasters into the map and changing how they look; files stay where they are and as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from layers.locations import cache_folder
from layers.progress import Progress
from layers.words import N_, _
from ui.actions import FILE, LAYER, ActionSpec
from ui.bench import Bench
from ui.dialogs.port import FileFilter, Verb
from ui.flows.raster_files import RasterFiles
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.formats.model import SourceReader
    from layers.formats.raster_facts import RasterFacts
    from layers.pictures.raster_model import RasterBand, RasterPicture, RasterStyle
    from ui.dialogs.raster_adding import RasterAddingDialog, RasterAnswer
    from ui.dialogs.raster_dialog import RasterDialog

RASTER_FILES = FileFilter(N_("Imagery and terrain"), ("tif", "tiff", "img", "asc", "png", "jpg", "jpeg"))

_SPECS = (
    ActionSpec(
        "add_raster",
        N_("Add imagery or terrain…"),
        FILE,
        "raster",
        "Ctrl+Shift+D",
        "project",
        1,
        tip=N_("Show a raster file in the map: image, scanned map, terrain model"),
    ),
    ActionSpec(
        "raster_look",
        N_("Look of the raster…"),
        LAYER,
        "",
        "Ctrl+F4",
        "project",
        4,
        tip=N_("Bands, stretch, colours and light of the raster chosen in the layer tree"),
    ),
    ActionSpec(
        "raster_overviews",
        N_("Make coarser forms of the raster…"),
        LAYER,
        "",
        "Ctrl+Shift+O",
        "project",
        4,
        tip=N_("A large raster is seen at once as a whole when it has them"),
    ),
)
# where drawing processes look for what is kept aside
_CACHE = "pictures"
_LANE = "rasters"


class RasterFlows:
    """What happens when an officer brings a raster; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._session = bench.desk.session
        self._jobs = bench.desk.jobs
        self._dialogs = bench.desk.dialogs
        self._edits = bench.edits.tree
        self._queue: list[Path] = []
        self._sittings = 0
        self.adding: RasterAddingDialog | None = None
        self.looks: dict[str, RasterDialog] = {}
        self._files = RasterFiles(bench)
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each command does; two of them with the raster that is chosen in the tree."""
        return {
            "add_raster": self.ask,
            "raster_look": partial(self._with_chosen, self.change_look),
            "raster_overviews": partial(self._with_chosen, self.make_overviews),
        }

    def take_files(self, paths: Sequence[Path]) -> tuple[Path, ...]:
        """Take in what are rasters of files that were brought; return the others, photos among them."""
        from layers.formats.photos.finding import is_photo
        from layers.formats.raster import is_raster_file
        from layers.formats.raster_worlds import files_beside

        rasters = tuple(path for path in paths if is_raster_file(path) and not is_photo(path))
        self.add(rasters)
        taken = {*rasters, *files_beside(rasters, paths)}
        return tuple(path for path in paths if path not in taken)

    def ask(self) -> None:
        """Ask for a raster file and take it in."""
        path = self._dialogs.open_file(_("Add imagery or terrain"), (RASTER_FILES,))
        if path is not None:
            self.add((path,))

    def add(self, paths: Sequence[Path]) -> None:
        """Put rasters into the map, one after another."""
        waiting = bool(self._queue)
        self._queue.extend(paths)
        if not waiting:
            self._next()

    def change_look(self, uid: str) -> None:
        """Open the dialog of a raster's look, or bring it to the front."""
        from ui.dialogs.raster_dialog import RasterDialog

        picture = self._raster(uid)
        if picture is None:
            return
        dialog = self.looks.get(uid)
        if dialog is None:
            dialog = RasterDialog(picture, self._bench.window)
            self._sittings += 1
            dialog.look_changed.connect(partial(self._set_look, uid, self._sittings))
            dialog.finished.connect(lambda _result: self._forget(uid))
            self.looks[uid] = dialog
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def make_overviews(self, uid: str) -> None:
        """Make coarser forms of a raster that has none, after asking."""
        picture = self._raster(uid)
        if picture is not None:
            self._jobs.start(
                _("Reading {name}").format(name=picture.name),
                lambda progress: _facts_of(Path(picture.path), progress),
                done=lambda facts: self._offer_overviews(picture, facts, always=True),
                lane=_LANE,
            )

    def _with_chosen(self, do: Callable[[str], None]) -> None:
        uid = self._bench.window.layer_tree.current_node()
        if self._raster(uid) is None:
            self._bench.desk.notice(_("Choose a raster in the layer tree first."), None)
        else:
            do(uid)

    def _raster(self, uid: str) -> RasterPicture | None:
        """Return a raster of the project with an absolute path."""
        from layers.pictures.model import RasterPicture
        from layers.pictures.paths import resolved

        picture, project = self._session.picture(uid), self._session.project
        if picture is None or project is None:
            return None
        whole = resolved(picture, project.path.parent)
        return whole if isinstance(whole, RasterPicture) else None

    def _next(self) -> None:
        if not self._queue or self._session.project is None:
            self._queue = []
            return
        path = self._queue[0]
        self._jobs.start(
            _("Reading {name}").format(name=path.name),
            lambda progress: _looked_at(self._bench.intake.reader, path, progress),
            done=lambda found: self._ask_how(*found),
            failed=self._fail,
            cancelled=self._go_on,
            lane=_LANE,
        )

    def _ask_how(self, facts: RasterFacts, bands: tuple[RasterBand, ...]) -> None:
        from ui.dialogs.raster_adding import RasterAddingDialog

        if self._session.project is None:
            return
        dialog = RasterAddingDialog(facts, self._bench.window)
        dialog.accepted.connect(lambda: self._look_through(facts, bands, dialog.answer()))
        dialog.rejected.connect(self._go_on)
        dialog.finished.connect(lambda _result: dialog.deleteLater())
        self.adding = dialog
        dialog.open()

    def _look_through(self, facts: RasterFacts, bands: tuple[RasterBand, ...], answer: RasterAnswer) -> None:
        project = self._session.project
        if project is None:
            return
        folder = project.path.parent
        self._jobs.start(
            _("Looking through {name}").format(name=answer.name),
            lambda progress: _picture_of(facts, bands, answer, folder, progress),
            done=lambda picture: self._show(project.uid, picture, facts),
            failed=self._fail,
            cancelled=self._go_on,
            lane=_LANE,
        )

    def _show(self, project_uid: str, picture: RasterPicture, facts: RasterFacts) -> None:
        project = self._session.project
        if project is None or project.uid != project_uid:
            return
        self._edits.add_picture(picture)
        self._bench.desk.notice(_("Added “{name}”").format(name=picture.name), None)
        whole = self._raster(picture.uid)
        if whole is not None:
            self._offer_overviews(whole, facts, always=False)
        self._go_on()

    def _offer_overviews(self, picture: RasterPicture, facts: RasterFacts, *, always: bool) -> None:
        from layers.pictures.overviews import build_overviews, has_overviews, needs_overviews

        folder = cache_folder(_CACHE)
        if has_overviews(facts, folder):
            if always:
                self._bench.desk.notice(
                    _("“{name}” has coarser forms already.").format(name=picture.name), None
                )
            return
        if not always and not needs_overviews(facts):
            return
        verb = self._dialogs.choose(
            _("“{name}” has no coarser forms: as a whole it is drawn slowly.").format(name=picture.name),
            _(
                "They are written beside the raster ({file}), or into the program's cache where that folder "
                "cannot be written. The raster itself stays as it is."
            ).format(file=f"{Path(picture.path).name}.ovr"),
            (Verb("leave", _("Leave it")), Verb("make", _("Make coarser forms"))),
        )
        if verb == "make":
            self._jobs.start(
                _("Making coarser forms of {name}").format(name=picture.name),
                lambda progress: build_overviews(picture, folder, progress),
                done=self._tell_written,
                lane=_LANE,
            )

    def _tell_written(self, written: Path) -> None:
        self._bench.desk.notice(_("Written: {name}").format(name=written.name), None)
        self._bench.window.canvas.redraw()

    def _set_look(self, uid: str, sitting: int, style: RasterStyle, opacity: float) -> None:
        picture = self._session.picture(uid)
        if picture is not None:
            changed = picture.model_copy(update={"style": style, "opacity": opacity})
            # one step of undo for all that is tried out while the dialog is open
            self._edits.replace_picture(changed, _("Look of the raster"), f"raster look {uid} {sitting}")

    def _forget(self, uid: str) -> None:
        dialog = self.looks.pop(uid, None)
        if dialog is not None:
            dialog.deleteLater()

    def _fail(self, error: BaseException) -> None:
        """Show why a raster cannot be shown; another one may be chosen in its place."""
        verb = self._dialogs.show_error(error, (Verb("other", _("Choose another file")),))
        other = (
            self._dialogs.open_file(_("Add imagery or terrain"), (RASTER_FILES,)) if verb == "other" else None
        )
        if other is not None:
            self._queue[:1] = [other]
            self._next()
        else:
            self._go_on()

    def _go_on(self) -> None:
        self.adding = None
        self._queue = self._queue[1:]
        self._next()

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._queue = []
            if self.adding is not None:
                adding, self.adding = self.adding, None
                adding.close()
        if change in (Change.PROJECT, Change.PICTURES, Change.LOOK):
            for uid, dialog in tuple(self.looks.items()):
                picture = self._raster(uid)
                if picture is None:
                    dialog.close()
                else:
                    dialog.follow(picture.style, picture.opacity)


def _facts_of(path: Path, progress: Progress) -> RasterFacts:
    from layers.pictures.adding import raster_facts

    progress.step(0.1)
    return raster_facts(path)


def _looked_at(
    reader: SourceReader, path: Path, progress: Progress
) -> tuple[RasterFacts, tuple[RasterBand, ...]]:
    """Have a raster's cells looked at where a damaged file does no harm, before this process opens it."""
    from layers.pictures.adding import raster_facts
    from zsgis.intake.pictures import looked_at

    bands = looked_at(path, reader, progress)
    return raster_facts(path), bands


def _picture_of(
    facts: RasterFacts,
    bands: tuple[RasterBand, ...],
    answer: RasterAnswer,
    folder: Path,
    progress: Progress,
) -> RasterPicture:
    from layers.crs import parse_crs
    from layers.pictures.adding import raster_picture
    from layers.store.uids import new_uid

    return raster_picture(
        facts,
        uid=new_uid(),
        name=answer.name,
        project_folder=folder,
        crs=parse_crs(answer.crs) if answer.crs else None,
        secrecy=answer.secrecy,
        progress=progress,
        bands=bands,
    )
