"""Bringing a working copy back, and merging any three files of one project."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from layers.errors import InputError, StaleEditError, UsageError
from layers.progress import Progress
from layers.words import N_, _
from ui.actions import FILE, ActionSpec
from ui.bench import Bench
from ui.dialogs.port import PROJECT_FILES, WORKBOOK_FILES
from zsgis.arrangement import read_arrangement
from zsgis.merging.sitting import MergeFiles, Sitting, begin, finish
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.edits import EditRecord
    from layers.store import LayerInfo, Project
    from ui.dialogs.merging.dialog import MergeDialog
    from zsgis.arrangement import Arrangement
    from zsgis.merging.applying import MergeResult
    from zsgis.merging.model import Conflict, Decisions
    from zsgis.sharing.handing_in import HandIn

_LANE = "merging"
_FOLDER = "merging"


class MergeFlows:
    """What happens when two people changed one project apart."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._session = bench.desk.session
        self._jobs = bench.desk.jobs
        self._dialogs = bench.desk.dialogs
        self._folder = platformdirs.user_data_path("zsgis", appauthor=False) / _FOLDER
        self._sitting: Sitting | None = None
        self.dialog: MergeDialog | None = None
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return (
            ActionSpec(
                "merge_projects",
                N_("Merge project files…"),
                FILE,
                "merge_projects",
                "Ctrl+Shift+K",
                "",
                2,
                tip=N_("Two files of one project and the state both began with, feature by feature"),
            ),
        )

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {"merge_projects": self.ask_files}

    def ask_files(self) -> None:
        """Ask for base, mine and theirs, and merge them."""
        titles = (_("Base: the state both began with"), _("Mine: the copy"), _("Theirs: the project now"))
        paths: list[Path] = []
        for title in titles:
            path = self._dialogs.open_file(title, (PROJECT_FILES,))
            if path is None:
                return
            paths.append(path)
        self.merge(MergeFiles(*paths))

    def hand_in(self, asked: HandIn) -> None:
        """Bring a working copy back into its project, which is opened where it is not open."""
        files = MergeFiles(asked.base, asked.mine, asked.theirs)
        project = self._session.project
        if project is not None and project.holds(files.theirs):
            self.merge(files)
        else:
            self._bench.projects.open_path(files.theirs, opened=lambda: self.merge(files))

    def merge(self, files: MergeFiles) -> None:
        """Work a merge out and show it; into the open project where that is theirs."""
        project = self._session.project
        target = project if project is not None and project.holds(files.theirs) else None
        if target is not None and target.read_only:
            self._dialogs.show_error(_no_right(target))
            return
        self._leave()
        self._jobs.start(
            _("Working the merge out"),
            lambda progress: begin(files, target, self._folder, progress),
            done=self._show,
            lane=_LANE,
        )

    def _show(self, sitting: Sitting) -> None:
        from ui.dialogs.merging.dialog import MergeDialog
        from zsgis.merging.deciding import Deciding

        if sitting.target is not None and sitting.target is not self._session.project:
            sitting.close()
            return
        self._leave()
        self._sitting = sitting
        deciding = Deciding(sitting.plan, sitting.decisions, partial(self._keep, sitting))
        dialog = self.dialog = MergeDialog(deciding, self._bench.colors, self._bench.window)
        dialog.shown.connect(self._look_up)
        dialog.place_asked.connect(self._go_to)
        dialog.merge_asked.connect(self._write)
        dialog.list_asked.connect(self._write_list)
        dialog.finished.connect(partial(self._closed, dialog))
        dialog.show()
        if dialog.conflict is not None:
            self._look_up(dialog.conflict)

    def _keep(self, sitting: Sitting, decisions: Decisions) -> None:
        self._jobs.start(
            _("Keeping decisions"),
            lambda _progress: sitting.book.keep(decisions),
            lane=_LANE,
            quiet=True,
            lasting=True,
        )

    def _look_up(self, conflict: Conflict) -> None:
        """Find who changed the features of a conflict, and what lies around them."""
        from zsgis.merging.planning import traces

        sitting, dialog = self._sitting, self.dialog
        if sitting is None or dialog is None or not conflict.members:
            return
        bounds = dialog.map.bounds()
        self._jobs.start(
            _("Looking up who changed it"),
            lambda _progress: (traces(sitting.sources, conflict), _around(sitting, conflict, bounds)),
            done=lambda found: self._tell(dialog, conflict, *found),
            failed=lambda _error: None,
            lane=_LANE,
            quiet=True,
            derived=True,
        )

    def _tell(self, dialog: MergeDialog, conflict: Conflict, found: Any, around: Sequence[Any]) -> None:
        if dialog is self.dialog and dialog.conflict is conflict:
            dialog.show_traces(conflict, found)
            dialog.map.show_around(around)

    def _go_to(self, conflict: Conflict) -> None:
        """Select what a conflict is about in the open project, and show it on the large map."""
        uids = {member.sides.zs_uid for member in conflict.members if member.sides.theirs is not None}
        if self._sitting is not None and self._sitting.target is not None and uids:
            self._session.select({conflict.layer_uid: uids})
            self._bench.map_layers.zoom_to_features({conflict.layer_uid: uids})

    def _write(self) -> None:
        sitting, dialog = self._sitting, self.dialog
        if sitting is None or dialog is None:
            return
        decisions = dialog.deciding.decisions
        if sitting.target is None:
            self._write_file(sitting, dialog, decisions)
            return
        dialog.set_busy(True)
        self._bench.editing.run(_("Bring a working copy back"), partial(self._into, sitting, decisions))

    def _into(
        self, sitting: Sitting, decisions: Decisions, _project: Project, progress: Progress
    ) -> EditRecord | None:
        """Write the merge, aside; what became of it is told on the window's thread."""
        try:
            result = sitting.write(decisions, progress)
        except StaleEditError:
            self._jobs.post(lambda: self._again(sitting))
            return None
        except BaseException:
            self._jobs.post(self._not_written)
            raise
        self._jobs.post(lambda: self._written(sitting, result))
        return result.record

    def _write_file(self, sitting: Sitting, dialog: MergeDialog, decisions: Decisions) -> None:
        proposed = f"{sitting.files.theirs.stem}_{_('merged')}.gpkg"
        out = self._dialogs.save_file(_("Merge project files"), proposed, (PROJECT_FILES,))
        if out is None:
            return
        dialog.set_busy(True)
        self._jobs.start(
            _("Writing the merged project"),
            lambda progress: sitting.write_to(out, decisions, progress),
            done=lambda result: self._file_written(sitting, result, out),
            failed=self._refused,
            cancelled=self._not_written,
            lane=_LANE,
        )

    def _file_written(self, sitting: Sitting, result: MergeResult, out: Path) -> None:
        self._bench.desk.notice(_("Merged into {name}").format(name=out.name), out)
        self._written(sitting, result)

    def _written(self, sitting: Sitting, result: MergeResult) -> None:
        if self.dialog is not None and self._sitting is sitting:
            self.dialog.show_result(result)
            self._sitting = None
        moment = datetime.now().astimezone()
        self._jobs.start(
            _("Putting the merge away"),
            lambda _progress: _put_away(sitting, moment),
            done=lambda found: self._renew(sitting, found),
            lane=_LANE,
            quiet=True,
            lasting=True,
        )

    def _renew(self, sitting: Sitting, found: _PutAway) -> None:
        if found.now is not None and sitting.target is self._session.project:
            layers, arrangement = found.now
            self._session.set_layers(layers)
            self._session.arrange(arrangement.tree, arrangement.pictures)
        if found.unmarked is not None:
            copy = sitting.files.mine
            self._bench.desk.notice(
                _("Merged; but it could not be noted in {name} that it came back: {why}").format(
                    name=copy.name, why=found.unmarked.what
                ),
                copy.parent,
            )

    def _again(self, sitting: Sitting) -> None:
        """Work the merge out anew: the project was changed meanwhile."""
        if self._sitting is sitting:
            self._bench.desk.notice(
                _("The project was changed meanwhile: the merge is worked out again."), None
            )
            self.merge(sitting.files)

    def _refused(self, error: BaseException) -> None:
        self._not_written()
        self._dialogs.show_error(error)

    def _not_written(self) -> None:
        if self.dialog is not None:
            self.dialog.set_busy(False)

    def _write_list(self) -> None:
        dialog = self.dialog
        if dialog is None:
            return
        plan, decisions = dialog.deciding.plan, dialog.deciding.decisions
        path = self._dialogs.save_file(
            _("List of a merge"), _("List of a merge") + ".xlsx", (WORKBOOK_FILES,)
        )
        if path is not None:
            self._jobs.start(
                _("Writing the list"),
                lambda _progress: _workbook(plan, decisions, path),
                done=lambda _path: self._bench.desk.notice(_("Written: {name}").format(name=path.name), path),
            )

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._leave()

    def _leave(self) -> None:
        """Put the window away; what was decided is kept."""
        if self.dialog is not None:
            self.dialog.reject()

    def _closed(self, dialog: MergeDialog, _result: int) -> None:
        if self.dialog is dialog:
            self.dialog = None
            sitting, self._sitting = self._sitting, None
            if sitting is not None:
                # after what is kept and looked up in the same lane
                self._jobs.start(
                    _("Putting the merge away"),
                    lambda _progress: sitting.close(),
                    lane=_LANE,
                    quiet=True,
                    lasting=True,
                )
        dialog.deleteLater()


def _around(
    sitting: Sitting, conflict: Conflict, bounds: tuple[float, float, float, float] | None
) -> Sequence[Any]:
    from zsgis.merging.model import Side

    theirs = sitting.sources[Side.THEIRS]
    if bounds is None or conflict.layer_uid not in {info.uid for info in theirs.layers()}:
        return ()
    own = {member.sides.zs_uid for member in conflict.members}
    frame = theirs.read(conflict.layer_uid, columns=(), bounds=bounds)
    return [shape for uid, shape in zip(frame.index, frame.geometry, strict=True) if uid not in own]


@dataclass(frozen=True)
class _PutAway:
    """A merge that is finished: the layers as they are now, where the open project took it in."""

    now: tuple[tuple[LayerInfo, ...], Arrangement] | None
    unmarked: InputError | None


def _put_away(sitting: Sitting, moment: datetime) -> _PutAway:
    from zsgis.sharing.opening import open_to_write

    unmarked = finish(sitting, moment, open_to_write)
    target = sitting.target
    return _PutAway(None if target is None else (target.layers(), read_arrangement(target)), unmarked)


def _workbook(plan: Any, decisions: Decisions, path: Path) -> Path:
    from zsgis.merging.workbook import write_merge_workbook

    return write_merge_workbook(plan, decisions, path)


def _no_right(project: Project) -> UsageError:
    return UsageError(
        _("The project is open for reading only."),
        where=str(project.path),
        remedy=_("Bring the copy back as soon as nobody else works in the project."),
    )
