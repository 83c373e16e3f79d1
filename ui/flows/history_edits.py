"""The list of all edits of the project, and of what was removed, below the map."""

from __future__ import annotations

from functools import partial

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QWidget

from layers.edits import EditHead, EditRecord, FeatureChange
from layers.errors import InputError
from layers.words import _
from ui.bench import Bench
from ui.flows.newest import NewestJobs
from ui.panels.history_panel_edits import EditListPage
from zsgis.forms.history import RemovedFeature, removed_features, restoring, time_words

_LANE = "edit list"
_AT_ONCE = 300


class EditListFlow(QObject):
    """Fills an :class:`EditListPage` and does what is asked in it."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self._desk = bench.desk
        self._session = bench.desk.session
        self._newest = NewestJobs(bench.desk.jobs)
        self._heads: tuple[EditHead, ...] = ()
        self.page: EditListPage | None = None
        bench.window.results_panel.page_close_asked.connect(self._take_close)
        bench.editing.written.connect(self._take_written)

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be read."""
        return self._newest.is_busy

    def open(self) -> None:
        """Show the list, the latest edits first."""
        if self._session.project is None:
            return
        panel = self._bench.window.results_panel
        if self.page is None:
            self.page = page = EditListPage()
            page.more_asked.connect(self._read_more)
            page.features_asked.connect(self._select_features)
            page.removed_asked.connect(self._read_removed)
            page.restore_asked.connect(self._restore)
            panel.add_page(page, _("Edits"), "history")
        panel.tabs.setCurrentWidget(self.page)
        self._bench.window.show_results(True)
        self.page.show_layers({layer.uid: layer.name for layer in self._session.layers})
        self._read(())

    def close(self) -> None:
        """Put the list away."""
        for sort in ("reading", "selecting", "removed"):
            self._newest.stop(sort)
        self._heads = ()
        if self.page is not None:
            self._bench.window.results_panel.remove_page(self.page)
            self.page = None

    def _take_close(self, page: QWidget) -> None:
        if page is self.page:
            self.close()
            self._bench.window.show_results(self._bench.window.results_panel.has_pages)

    def _take_written(self, record: EditRecord) -> None:
        if self.page is not None:
            self._heads = (record.head, *self._heads)
            self.page.show_edits(self._heads, more=self.page.more_button.isEnabled())
            if self.page.tabs.currentIndex() == 1:
                self._read_removed(str(self.page.removed_layer.currentData() or ""))

    # reading

    def _read(self, known: tuple[EditHead, ...]) -> None:
        project = self._session.project
        if project is None:
            return
        before = known[-1].number if known else 0
        self._newest.start(
            "reading",
            _("Reading the list of edits"),
            lambda _progress: project.edits(limit=_AT_ONCE, before=before),
            partial(self._show, known),
            lane=_LANE,
            failed=self._desk.dialogs.show_error,
        )

    def _read_more(self) -> None:
        self._read(self._heads)

    def _show(self, known: tuple[EditHead, ...], found: tuple[EditHead, ...]) -> None:
        self._heads = (*known, *found)
        if self.page is not None:
            self.page.show_edits(self._heads, more=len(found) == _AT_ONCE)

    def _read_removed(self, layer_uid: str) -> None:
        project, layer, page = self._session.project, self._session.layer(layer_uid), self.page
        if page is None:
            return
        if project is None or layer is None:
            page.show_removed(())
            return
        page.say(_("Looking through the edits…"))
        self._newest.start(
            "removed",
            _("Looking for removed features"),
            lambda progress: removed_features(project, layer, progress),
            self._show_removed,
            lane=_LANE,
            quiet=False,
            failed=self._desk.dialogs.show_error,
            cancelled=lambda: self._show_removed(()),
        )

    def _show_removed(self, removed: tuple[RemovedFeature, ...]) -> None:
        if self.page is not None:
            self.page.show_removed(removed)
            if not removed:
                self.page.say(_("No feature of this layer was removed, or all were put back."))

    # what is asked

    def _select_features(self, edit_uid: str) -> None:
        project = self._session.project
        if project is None:
            return
        self._newest.start(
            "selecting",
            _("Selecting rows"),
            lambda _progress: project.changes_of(edit_uid),
            self._select,
            lane=_LANE,
            failed=self._desk.dialogs.show_error,
        )

    def _select(self, changes: tuple[FeatureChange, ...]) -> None:
        chosen: dict[str, list[str]] = {}
        for change in changes:
            if change.after is not None:
                chosen.setdefault(change.layer_uid, []).append(change.zs_uid)
        if chosen:
            self._session.select(chosen)
            self._bench.map_layers.zoom_to_features(self._session.selection)
        else:
            self._desk.notice(_("The features of this edit are not there any more."), None)

    def _restore(self, one: RemovedFeature) -> None:
        layer = self._session.layer(one.layer_uid)
        if layer is None:
            return
        title = _("as it stood at {time}").format(time=time_words(one.head.time))
        try:
            edit = restoring(layer, one.state, None, title)
        except InputError as error:
            self._desk.dialogs.show_error(error)
            return
        if edit is not None:
            self._bench.editing.submit(edit, self._tell_restored)

    def _tell_restored(self, record: EditRecord) -> None:
        self._desk.notice(_("Put back. Undo takes it back again."), None)
        (change,) = record.changes
        self._session.select({change.layer_uid: (change.zs_uid,)})
        self._bench.map_layers.zoom_to_features(self._session.selection)
