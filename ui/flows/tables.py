"""The attribute tables of the window: one for each layer that is asked for, beside the results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from layers.progress import Progress
from layers.words import N_, _
from ui.actions import LAYER, SELECT, ActionSpec
from ui.bench import Bench
from ui.flows.open_table import OpenTable, TablePorts
from ui.flows.table_output import TableOutput
from ui.layer_edits import PROJECT_LANE
from ui.panels.attribute_panel import AttributePage
from zsgis.session import Change
from zsgis.tabulation.look import SETTING, TableLook, read_look, with_look
from zsgis.tabulation.shown import shown_fields

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

_SPECS = (
    ActionSpec(
        "attribute_table",
        N_("Attribute table"),
        LAYER,
        "table",
        "F3",
        "layer",
        tip=N_("Show the layer's fields row by row"),
    ),
    ActionSpec("table_find", N_("Find in the attribute table"), LAYER, "search", "Ctrl+F", "layer", 3),
    ActionSpec("table_statistics", N_("Column statistics"), LAYER, "table_statistics", "Alt+F3", "layer", 3),
    ActionSpec("table_export", N_("Export rows…"), LAYER, "export", "Ctrl+Shift+E", "layer", 3),
    ActionSpec(
        "table_first", N_("Go to the first selected row"), SELECT, "table_first", "Ctrl+F3", "layer", 3
    ),
    ActionSpec("table_selected", N_("Selected rows only"), SELECT, "table_selected", "Shift+F3", "layer", 3),
)


class TableFlows:
    """Opens, refreshes and closes attribute tables; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        self._desk = bench.desk
        self._window = bench.window
        self._panel = bench.window.results_panel
        self._map_layers = bench.map_layers
        self._colors = bench.colors
        self._output = TableOutput(bench.desk)
        self._open: dict[str, OpenTable] = {}
        self._looks: dict[str, TableLook] = {}
        self._ports = TablePorts(self._zoom, self._remember)
        self._panel.table_close_asked.connect(self.close)
        self._panel.table_copy_asked.connect(self._copy)
        self._panel.table_export_asked.connect(self._export)
        bench.desk.session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each command does; one that needs a table opens that of the chosen layer."""

        def with_table(do: Callable[[OpenTable], object]) -> None:
            table = self.current()
            if table is not None:
                do(table)

        return {
            "attribute_table": lambda: self.open(self._window.layer_tree.current_layer()),
            "table_find": lambda: with_table(lambda table: table.page.begin_search()),
            "table_statistics": lambda: with_table(partial(_press, "table_statistics")),
            "table_export": lambda: with_table(self._output.export),
            "table_first": lambda: with_table(lambda table: table.selection.show_first()),
            "table_selected": lambda: with_table(partial(_press, "table_selected")),
        }

    def current(self) -> OpenTable | None:
        """Return the table in front; where none is, that of the chosen layer."""
        page = self._panel.current_table()
        if page is None:
            return self.open(self._window.layer_tree.current_layer())
        return self._open.get(page.layer_uid)

    def open(self, layer_uid: str) -> OpenTable | None:
        """Show the table of a layer, and put the keyboard into it."""
        project, layer = self._desk.session.project, self._desk.session.layer(layer_uid)
        if project is None or layer is None:
            return None
        table = self._open.get(layer_uid)
        if table is None:
            with self._desk.jobs.gathered():
                table = self._make(project, layer)
        self._panel.show_table(table.page)
        self._window.show_results(True)
        table.page.view.setFocus()
        return table

    def _make(self, project: Project, layer: LayerInfo) -> OpenTable:
        look = self._looks.get(layer.uid)
        fields = shown_fields(layer)
        page = AttributePage(
            layer.uid, fields, layer.feature_count, self._colors, look if look is not None else TableLook()
        )
        table = OpenTable(self._desk, project, layer, page, self._ports)
        self._open[layer.uid] = table
        self._panel.add_table(page, layer.name)
        table.begin()
        if look is None:
            self._desk.jobs.start(
                _("Reading rows"),
                lambda _progress: project.setting(SETTING),
                done=lambda stored: self._take_looks(layer.uid, stored),
                quiet=True,
            )
        return table

    def _take_looks(self, layer_uid: str, stored: Any) -> None:
        table = self._open.get(layer_uid)
        if table is not None and layer_uid not in self._looks:
            self._looks[layer_uid] = look = read_look(stored, layer_uid)
            table.page.arrange(look)

    def close(self, layer_uid: str) -> None:
        """Put a table away."""
        table = self._open.pop(layer_uid, None)
        if table is not None:
            table.close()
            self._panel.remove_table(table.page)
            self._window.show_results(self._panel.has_pages)

    def _copy(self, layer_uid: str) -> None:
        if layer_uid in self._open:
            self._output.copy(self._open[layer_uid])

    def _export(self, layer_uid: str) -> None:
        if layer_uid in self._open:
            self._output.export(self._open[layer_uid])

    def _zoom(self) -> None:
        if not self._map_layers.zoom_to_features(self._desk.session.selection):
            self._desk.notice(_("What is selected has no place on the visible map."), None)

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            for uid in tuple(self._open):
                self.close(uid)
            self._looks.clear()
        elif change is Change.LAYERS:
            for uid in tuple(self._open):
                self._follow(uid)
        elif change is Change.FEATURES:
            self._take_record()
        elif change is Change.SELECTION:
            for table in self._open.values():
                table.selection.take()

    def _take_record(self) -> None:
        """Keep tables in step with an edit; one that is still being read is read anew."""
        session = self._desk.session
        record, project = session.last_record, session.project
        if record is None or project is None:
            return
        for uid in record.layer_versions:
            layer, table = session.layer(uid), self._open.get(uid)
            if layer is None or table is None:
                continue
            changes = [change for change in record.changes if change.layer_uid == uid]
            if not table.follow(project, layer, changes):
                self._follow(uid)

    def _follow(self, uid: str) -> None:
        """Keep a table in step with its layer: another name, other features, or gone."""
        layer, table = self._desk.session.layer(uid), self._open[uid]
        if layer is None:
            self.close(uid)
        elif _rows_of(layer) != _rows_of(table.layer):
            in_front = self._panel.current_table() is table.page
            self.close(uid)
            project = self._desk.session.project
            if project is not None:
                self._panel.show_table(self._make(project, layer).page, in_front=in_front)
                self._window.show_results(True)
        else:
            self._panel.name_table(table.page, layer.name)

    def _remember(self, layer_uid: str, look: TableLook) -> None:
        """Keep an arrangement with the project; in one that is only read, for this sitting."""
        if self._looks.get(layer_uid) == look or self._desk.session.layer(layer_uid) is None:
            # nothing new, or another project is open by now
            return
        self._looks[layer_uid] = look
        project = self._desk.session.project
        if project is not None and not project.read_only:
            self._desk.jobs.start(
                _("Saving"),
                lambda progress: _store_look(project, layer_uid, look, progress),
                lane=PROJECT_LANE,
                quiet=True,
            )


def _press(name: str, table: OpenTable) -> None:
    table.page.buttons[name].toggle()


def _rows_of(layer: LayerInfo) -> tuple[Any, ...]:
    """Return what a table's rows and headings depend on."""
    return layer.version, layer.table, layer.feature_count, layer.standard, layer.kind, layer.fields


def _store_look(project: Project, layer_uid: str, look: TableLook, progress: Progress) -> None:
    progress.step(0.1)
    project.set_setting(SETTING, with_look(project.setting(SETTING), layer_uid, look))
