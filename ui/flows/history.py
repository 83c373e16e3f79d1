"""The history of features: looked at, shown on the map, put back; and the list of all edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PyQt6.QtCore import QObject

from layers.crs import transform_points
from layers.edits import Edit, EditRecord
from layers.errors import CrsError
from layers.progress import Progress
from layers.words import N_, _
from ui.actions import EDIT, ActionSpec
from ui.bench import Bench
from ui.canvas.shape_ghost import Lines, ShapeGhost, lines_of
from ui.flows.history_edits import EditListFlow
from ui.flows.newest import NewestJobs
from ui.panels.history_panel import HistoryPanel
from zsgis.forms.history import HistoryEntry, feature_history, feature_title, restoring, time_words
from zsgis.map_crs import map_crs
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

PAGE = "history"
_LANE = "feature history"
_SPECS = (
    ActionSpec(
        "feature_history",
        N_("History of the feature"),
        EDIT,
        "history",
        "F12",
        "selection",
        5,
        tip=N_("Show who changed the selected feature, when and how; put it back"),
    ),
    ActionSpec(
        "edit_list",
        N_("All edits of the project"),
        EDIT,
        "",
        "Shift+F12",
        "project",
        5,
        tip=N_("List every edit, and the features that were removed"),
    ),
)


class HistoryFlows(QObject):
    """What happens when an officer looks back; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self._desk = bench.desk
        self._session = bench.desk.session
        self._editing = bench.editing
        self._newest = NewestJobs(bench.desk.jobs)
        self._shown: tuple[str, str] = ("", "")
        self._ghost = ShapeGhost()
        self.panel = HistoryPanel(bench.colors)
        self.edits = EditListFlow(bench)
        bench.window.side.add_page(PAGE, _("History"), self.panel)
        bench.window.canvas.add_overlay(self._ghost)
        self._connect()

    def _connect(self) -> None:
        self.panel.entry_chosen.connect(self._show_ghost)
        self.panel.restore_asked.connect(self._restore)
        self.panel.related_asked.connect(self._go_to_related)
        self.panel.edits_asked.connect(self.edits.open)
        self._bench.window.side.page_shown.connect(lambda _key: self._follow())
        self._editing.written.connect(self._take_written)
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each command does."""
        return {"feature_history": self.open, "edit_list": self.edits.open}

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be read."""
        return self._newest.is_busy or self.edits.is_busy

    def open(self) -> None:
        """Show the history of the selected feature."""
        self._bench.window.side.show_page(PAGE)
        self._follow()

    def show(self, layer_uid: str, zs_uid: str) -> None:
        """Show the history of a feature, be it there or not."""
        project, layer = self._session.project, self._session.layer(layer_uid)
        if project is None or layer is None:
            return
        self._shown = (layer_uid, zs_uid)
        self._newest.start(
            "reading",
            _("Reading the history"),
            partial(_read, project, layer, zs_uid),
            lambda entries: self._show_entries(layer, zs_uid, entries),
            lane=_LANE,
            failed=self._desk.dialogs.show_error,
        )

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._clear()
            self.edits.close()
        elif change is Change.SELECTION:
            self._follow()
        elif change is Change.CRS:
            self._show_ghost(self.panel.current)

    def _follow(self) -> None:
        if self._bench.window.side.current != PAGE:
            self._hide_ghost()
            return
        selection = self._session.selection
        chosen = [(layer, uid) for layer, uids in selection.items() for uid in uids]
        if len(chosen) == 1:
            if chosen[0] != self._shown:
                self.show(*chosen[0])
            else:
                self._show_ghost(self.panel.current)
        elif chosen or self._shown == ("", ""):
            self._clear()

    def _clear(self) -> None:
        self._newest.stop("reading")
        self._shown = ("", "")
        self.panel.show_nothing()
        self._hide_ghost()

    def _show_entries(self, layer: LayerInfo, zs_uid: str, entries: tuple[HistoryEntry, ...]) -> None:
        last = next(
            (state for one in entries for state in (one.after, one.before) if state is not None), None
        )
        name = feature_title(layer, last) if last is not None else f"…{zs_uid[-12:]}"
        self.panel.show_history(f"{name} · {layer.name}", entries)

    def _take_written(self, record: EditRecord) -> None:
        if any((one.layer_uid, one.zs_uid) == self._shown for one in record.changes):
            self.show(*self._shown)

    def _go_to_related(self, zs_uid: str) -> None:
        layer_uid = self._shown[0]
        self.show(layer_uid, zs_uid)
        # it may be gone: its history is shown all the same
        self._session.select({layer_uid: (zs_uid,)})

    # putting back

    def _restore(self, entry: HistoryEntry) -> None:
        project, layer = self._session.project, self._session.layer(self._shown[0])
        target = entry.after
        if project is None or layer is None or target is None:
            return
        title = _("as it stood at {time}").format(time=time_words(entry.head.time))

        def think(_progress: Progress) -> Edit | None:
            now = next(iter(project.states(layer.uid, [target.zs_uid])), None)
            return restoring(layer, target, now, title)

        def submit(edit: Edit | None) -> None:
            if edit is None:
                self._desk.notice(_("The feature stands as it did then."), None)
            else:
                self._editing.submit(edit, self._tell_restored)

        self._newest.start(
            "restoring",
            _("Putting back"),
            think,
            submit,
            lane=_LANE,
            failed=self._desk.dialogs.show_error,
        )

    def _tell_restored(self, record: EditRecord) -> None:
        self._desk.notice(_("Put back. Undo takes it back again."), None)
        (change,) = record.changes
        self._session.select({change.layer_uid: (change.zs_uid,)})

    # on the map

    def _show_ghost(self, entry: HistoryEntry | None) -> None:
        layer = self._session.layer(self._shown[0])
        if entry is None or layer is None or self._bench.window.side.current != PAGE:
            self._hide_ghost()
            return
        old, new = (state.geometry if state is not None else None for state in (entry.before, entry.after))
        try:
            self._ghost.show(self._lines(layer, old), self._lines(layer, new))
        except CrsError:
            self._ghost.show((), ())
        self._bench.window.canvas.update()

    def _hide_ghost(self) -> None:
        if self._ghost.is_shown:
            self._ghost.show((), ())
            self._bench.window.canvas.update()

    def _lines(self, layer: LayerInfo, shape: Any | None) -> Lines:
        target = map_crs(self._session)
        if target is None:
            return ()

        def moved(line: Any) -> Any:
            return np.column_stack(transform_points(line[:, 0], line[:, 1], layer.crs, target))

        return lines_of(shape, moved)


def _read(project: Project, layer: LayerInfo, zs_uid: str, progress: Progress) -> tuple[HistoryEntry, ...]:
    return feature_history(project, layer, zs_uid, progress)
