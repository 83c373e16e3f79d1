"""Selecting by filter, by location, all of a layer, and what is not selected; reading is done aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence, QShortcut, QUndoCommand

from layers.filtering import Filter, fields_of
from layers.progress import Progress
from layers.words import N_, _
from ui.actions import SELECT, ActionSpec
from ui.bench import Bench
from ui.dialogs.filter_dialog import FilterDialog
from ui.dialogs.location_dialog import LocationDialog
from zsgis.selection import (
    KeptFilters,
    LayerColumns,
    LocationQuestion,
    all_features,
    found_by_location,
    inverted,
)
from zsgis.selection.combining import Combination, combined
from zsgis.selection.kept_filters import SETTING
from zsgis.session import Change, Selection

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

_LANE = "filters"
Found = Mapping[str, frozenset[str]]


class _KeptCommand(QUndoCommand):
    """The filters a project keeps, before and after."""

    def __init__(self, flows: FilterFlows, before: KeptFilters, after: KeptFilters, text: str) -> None:
        super().__init__(text)
        self._flows = flows
        self._before, self._after = before, after

    def redo(self) -> None:
        """Keep the new filters."""
        self._flows.keep(self._after)

    def undo(self) -> None:
        """Keep the old filters."""
        self._flows.keep(self._before)


class FilterFlows:
    """What happens when an officer selects by saying which features."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._session = bench.desk.session
        self._jobs = bench.desk.jobs
        self._kept = KeptFilters()
        self._is_read = False
        self._columns: LayerColumns | None = None
        self._count_job = 0
        self.filter_dialog: FilterDialog | None = None
        self.location_dialog: LocationDialog | None = None
        # on the map only: in tables and text it means their own all
        everything = QShortcut(QKeySequence(QKeySequence.StandardKey.SelectAll), bench.window.canvas)
        everything.setContext(Qt.ShortcutContext.WidgetShortcut)
        everything.activated.connect(self.select_all)
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> tuple[ActionSpec, ...]:
        """The commands."""
        return (
            ActionSpec("select_filter", N_("Select by filter…"), SELECT, "filter", "F7", "project", 1),
            ActionSpec(
                "select_location",
                N_("Select by location…"),
                SELECT,
                "select_location",
                "Shift+F7",
                "project",
                1,
            ),
            ActionSpec(
                "select_layer",
                N_("Select all of the layer"),
                SELECT,
                shortcut="Ctrl+Alt+I",
                needs="layer",
                group=2,
                tip=N_("Select all features of the chosen layer (Ctrl+A on the map)"),
            ),
            ActionSpec(
                "invert_selection",
                N_("Invert selection"),
                SELECT,
                "invert",
                "Ctrl+Shift+I",
                "selection",
                2,
                tip=N_("Select what is not selected, in the layers that have a selection"),
            ),
        )

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each command does."""
        return {
            "select_filter": self.open_filter,
            "select_location": self.open_location,
            "select_layer": self.select_all,
            "invert_selection": self.invert,
        }

    def open_filter(self) -> None:
        """Show the filter beside the map; the chosen layer is offered first."""
        project = self._session.project
        if project is None:
            return
        if self.filter_dialog is None:
            dialog = FilterDialog(self._bench.colors, self._bench.window)
            dialog.counting_asked.connect(self._count)
            dialog.selection_asked.connect(self._select)
            dialog.keeping_asked.connect(self._ask_name)
            dialog.forgetting_asked.connect(self._forget)
            dialog.layer.currentIndexChanged.connect(self._show_kept)
            self.filter_dialog = dialog
        self._show_layers(self._bench.window.layer_tree.current_layer())
        if not self._is_read:
            # once for a project: what is kept later may still be on its way into the file
            self._jobs.start(
                _("Filters"),
                lambda _progress: KeptFilters.of(project),
                done=partial(self._take_kept, project),
                quiet=True,
            )
        self._show_kept()
        self.filter_dialog.show()
        self.filter_dialog.raise_()
        self.filter_dialog.activateWindow()
        self.filter_dialog.edit.setFocus()

    def open_location(self) -> None:
        """Show the question by location beside the map."""
        if self._session.project is None:
            return
        if self.location_dialog is None:
            self.location_dialog = LocationDialog(self._bench.window)
            self.location_dialog.selection_asked.connect(self._select_by_location)
        self._show_layers(self._bench.window.layer_tree.current_layer())
        self._show_selected()
        self.location_dialog.show()
        self.location_dialog.raise_()
        self.location_dialog.activateWindow()

    def select_all(self) -> None:
        """Select every feature of the chosen layer."""
        project = self._session.project
        info = self._session.layer(self._bench.window.layer_tree.current_layer())
        if project is not None and info is not None:
            self._start(_("Selecting"), lambda progress: {info.uid: all_features(project, info, progress)})

    def invert(self) -> None:
        """Select what is not selected, in the layers that have a selection."""
        project, selection = self._session.project, self._session.selection
        if project is not None and selection:
            layers = [info for info in self._session.layers if info.uid in selection]
            self._start(_("Selecting"), lambda progress: inverted(project, selection, layers, progress))

    def keep(self, kept: KeptFilters) -> None:
        """Keep these filters in the project; what was lately used stays as it is."""
        self._kept = KeptFilters(named=kept.named, used=self._kept.used)
        self._write_kept()

    # answers

    def _count(self, uid: str, question: Filter) -> None:
        project, info = self._session.project, self._session.layer(uid)
        if project is None or info is None:
            return
        self._jobs.cancel(self._count_job)
        self._count_job = self._jobs.start(
            _("Counting"),
            lambda progress: int(self._columns_of(project, info).matches(question, progress).sum()),
            done=lambda found: self._show_count(question, found, info.feature_count),
            failed=lambda error: self._show_trouble(question, error),
            lane=_LANE,
            quiet=info.feature_count < 50_000,
        )

    def _show_count(self, question: Filter, found: int, total: int) -> None:
        if self.filter_dialog is not None:
            self.filter_dialog.show_count(question, found, total)

    def _show_trouble(self, question: Filter, error: BaseException) -> None:
        if self.filter_dialog is not None:
            self.filter_dialog.show_trouble(question, str(error))

    def _select(self, uid: str, question: Filter, how: Combination) -> None:
        project, info = self._session.project, self._session.layer(uid)
        if project is None or info is None:
            return
        before = self._session.selection
        self._start(
            _("Selecting by filter"),
            lambda progress: self._found(project, info, question, before, how, progress),
        )
        self._kept = self._kept.with_used(uid, question.text)
        self._write_kept()

    def _found(
        self,
        project: Project,
        info: LayerInfo,
        question: Filter,
        before: Selection,
        how: Combination,
        progress: Progress,
    ) -> Found:
        columns = self._columns_of(project, info)
        found = {info.uid: columns.uids(columns.matches(question, progress), progress)}
        return combined(before, found, how)

    def _select_by_location(self, question: LocationQuestion, how: Combination) -> None:
        project, before = self._session.project, self._session.selection
        if project is None:
            return
        if question.chosen is not None:
            question = replace(question, chosen=before.get(question.beside, frozenset()))
        self._start(
            _("Selecting by location"),
            lambda progress: combined(
                before, {question.layer: found_by_location(project, question, progress)}, how
            ),
        )

    def _start(self, title: str, work: Callable[[Progress], Found]) -> None:
        project = self._session.project
        self._jobs.start(title, work, done=partial(self._take_found, project), lane=_LANE)

    def _take_found(self, project: Project | None, found: Found) -> None:
        if project is not self._session.project:
            return
        if not any(found.values()):
            self._bench.desk.notice(_("No feature matches; nothing is selected."), None)
        self._session.select(found)

    def _columns_of(self, project: Project, info: LayerInfo) -> LayerColumns:
        """Return the layer's columns; called in the one thread of this lane only."""
        held = self._columns
        if held is None or (held.info.uid, held.info.version) != (info.uid, info.version):
            held = self._columns = LayerColumns(project, info)
        return held

    # kept filters

    def _take_kept(self, project: Project, kept: KeptFilters) -> None:
        if self._is_read or project is not self._session.project:
            return
        earlier, self._is_read = self._kept, True
        for used in reversed(earlier.used):
            kept = kept.with_used(used.layer, used.text)
        self._kept = kept
        if earlier.used:
            self._write_kept()
        self._show_kept()

    def _write_kept(self) -> None:
        """Write what is kept; never over what has not been read yet."""
        if self._is_read:
            self._bench.edits.write_setting(SETTING, self._kept.model_dump(mode="json"))
        self._show_kept()

    def _show_kept(self, *_index: object) -> None:
        dialog = self.filter_dialog
        if dialog is not None:
            dialog.show_kept(self._kept.of_layer(dialog.layer_uid()))

    def _ask_name(self, uid: str, text: str) -> None:
        if not self._is_read:
            self._bench.desk.notice(_("The kept filters are still being read; try again in a moment."), None)
            return
        name = self._bench.desk.dialogs.text(_("Keep the filter"), _("Name"), "")
        if name:
            after = self._kept.with_named(name[:200], uid, text)
            self._bench.undo_stack.push(_KeptCommand(self, self._kept, after, _("Keep a filter")))

    def _forget(self, uid: str, name: str) -> None:
        after = self._kept.without(name, uid)
        self._bench.undo_stack.push(_KeptCommand(self, self._kept, after, _("Forget a filter")))

    # what is open

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._columns, self._kept, self._is_read = None, KeptFilters(), False
            for dialog in (self.filter_dialog, self.location_dialog):
                if dialog is not None:
                    dialog.close()
        if change is Change.LAYERS:
            self._show_layers()
        if change is Change.SELECTION:
            self._show_selected()

    def _show_layers(self, chosen: str = "") -> None:
        layers = [(info.uid, info.name) for info in self._session.layers]
        if self.filter_dialog is not None:
            fields = {info.uid: fields_of(info) for info in self._session.layers}
            self.filter_dialog.show_layers(layers, fields, chosen)
        if self.location_dialog is not None:
            self.location_dialog.show_layers(layers, chosen)

    def _show_selected(self) -> None:
        if self.location_dialog is not None:
            counts = {uid: len(chosen) for uid, chosen in self._session.selection.items()}
            self.location_dialog.show_selected(counts)
