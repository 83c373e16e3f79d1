"""Joins session, jobs, flows and window: who hears of what. Nothing is decided here either."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QUrl
from PyQt6.QtGui import QDesktopServices, QUndoStack

from layers.words import LANGUAGES, _
from ui.actions import ACTIONS, build_actions, enable_actions
from ui.bench import Bench, FileTaker
from ui.commands import CommandList
from ui.dialogs.port import Dialogs
from ui.editing import Editing
from ui.extensions import make_extensions
from ui.finding import Finding, Ways
from ui.flows.adopting import AdoptingFlows
from ui.flows.coordinates import CoordinateFlows
from ui.flows.desk import Desk
from ui.flows.exports import ExportFlows
from ui.flows.imports import ImportFlows
from ui.flows.joining import JoinFlows
from ui.flows.layer_menu import LayerFlows
from ui.flows.program import ProgramFlows
from ui.flows.project_loading import MapPlace
from ui.flows.projects import ProjectFlows
from ui.flows.results import ResultFlows
from ui.flows.selecting import SelectingFlows
from ui.flows.sheet_printing import SheetPrinting
from ui.flows.sheets import SheetFlows
from ui.jobs import JobBridge
from ui.layer_edits import LayerEdits
from ui.layer_menu import layer_menu
from ui.main_window import MainWindow
from ui.map_layers import MapLayers
from ui.map_ports import DrawingSource
from ui.panel_filling import PanelFilling
from ui.panels.rail import STAGES
from ui.panels.search_box import COMMANDS
from ui.spare_time import SpareTime
from ui.theme import Colors
from zsgis.preferences import PreferenceStore
from zsgis.rescued_edits import RescueFolder
from zsgis.session import Change, Session

if TYPE_CHECKING:
    from layers.coordinates import Place
    from layers.store import Project
    from zsgis.intake.tools import IntakeTools


@dataclass(frozen=True)
class Surroundings:
    """What the workbench is given from outside."""

    preferences: PreferenceStore
    drawing: DrawingSource
    demo_folder: Path
    intake: IntakeTools
    rescue_folder: Path
    colors: Colors
    dialogs: Callable[[MainWindow], Dialogs]


class Workbench:
    """The window with everything behind it."""

    def __init__(self, given: Surroundings) -> None:
        self._given = given
        self.session = Session()
        self.window = MainWindow(given.colors, self._may_close)
        window = self.window
        self.dialogs = given.dialogs(window)
        self.jobs = JobBridge(self.dialogs.show_error, window)
        self.undo_stack = QUndoStack(window)
        self.edits = LayerEdits(self.session, self.jobs, self.undo_stack)
        self.editing = Editing(
            self.session,
            self.jobs,
            self.undo_stack,
            self.dialogs.show_error,
            RescueFolder(given.rescue_folder),
        )
        self.map_layers = MapLayers(window.canvas, self.session, self.jobs, given.drawing)
        self.editing.foretold.connect(self.map_layers.foresee)
        self.spare_time = SpareTime(self._nobody_waits, window)
        self.panels = PanelFilling(window, self.jobs, self.spare_time)
        desk = Desk(self.session, self.jobs, self.dialogs, self.notice)
        self.projects = ProjectFlows(
            desk,
            preferences=given.preferences,
            demo_folder=given.demo_folder,
            flush=self._flush,
            current_view=self._current_view,
            show_view=self.map_layers.show_at_first,
            recent_changed=self._show_start,
        )
        self.joins = JoinFlows(
            desk, given.intake.reader, window, window.layer_tree.current_layer, self.editing.adopt
        )
        self.imports = ImportFlows(desk, given.intake, self.joins.open)
        self.exports = ExportFlows(desk)
        self.adopting = AdoptingFlows(
            desk, given.intake.reader, projects=self.projects, take_in=self.open_files
        )
        self.program = ProgramFlows(
            window,
            dialogs=self.dialogs,
            preferences=given.preferences,
            demo_file=self.projects.demo_file,
            open_project=lambda: self.session.project.path if self.session.project is not None else None,
            commands=lambda: self.specs,
        )
        self.results = ResultFlows(desk)
        self.layers = LayerFlows(desk, edits=self.edits, removed=self.undo_stack.clear)
        self.sheets = SheetFlows(
            desk,
            drawing=given.drawing,
            show_zones=window.sheets_panel.set_zones,
            show_own=window.sheets_panel.set_own_templates,
            flush=self.edits.flush,
        )
        self.sheet_printing = SheetPrinting(desk, self.sheets.deliver)
        self.selecting = SelectingFlows(
            session=self.session,
            jobs=self.jobs,
            inspector=window.inspector,
            preferred_layer=window.layer_tree.current_layer,
            denominator=lambda: window.canvas.view.scale_denominator,
            show_size=window.status.show_selection,
        )
        self.extensions = make_extensions(
            Bench(
                desk,
                window,
                self.map_layers,
                self.edits,
                self.undo_stack,
                given.preferences,
                given.colors,
                given.intake,
                self.projects,
                self.editing,
            )
        )
        self.specs = (*ACTIONS, *(spec for part in self.extensions for spec in part.specs))
        handlers = self._handlers()
        for part in self.extensions:
            handlers |= part.handlers()
        self.actions = build_actions(window, self.specs, handlers, given.colors)
        self.finding = Finding(
            window.search_box,
            session=self.session,
            jobs=self.jobs,
            commands=CommandList(self.specs, self.actions, given.preferences),
            ways=Ways(self._go_to, self.map_layers.zoom_to_layer, self._go_to_place),
        )
        self._connect()
        window.set_actions(self.specs, self.actions)
        self.session.subscribe(self._take_change)
        self._take_change(Change.PROJECT)

    def notice(self, text: str, path: Path | None) -> None:
        """Say once what is done; a file is one click away."""
        jobs = self.window.status.jobs
        if path is None:
            jobs.show_notice(text)
        else:
            jobs.show_notice(text, _("Open"), partial(_open_file, path))

    def open_files(self, paths: Sequence[Path]) -> None:
        """Import what was dropped into the open project; without one, open it or make a project for it."""
        if self.session.project is None:
            self.adopting.open(paths)
            return
        for part in self.extensions:
            if isinstance(part, FileTaker):
                paths = part.take_files(paths)
        if paths:
            self.imports.take_in(paths)

    def _flush(self, project: Project) -> bool:
        """Write whatever waits for a project, looks and edits; tell whether there was anything."""
        return self.edits.flush(project) | self.editing.flush(project)

    def _may_close(self) -> bool:
        return self.projects.leave()

    def _current_view(self) -> MapPlace | None:
        canvas, view = self.window.canvas, self.window.canvas.view
        if not canvas.layers:
            return None
        across, up = view.width_px * view.units_per_px, view.height_px * view.units_per_px
        return view.center_x, view.center_y, across, up

    def _handlers(self) -> dict[str, Callable[[], object]]:
        window, canvas = self.window, self.window.canvas
        chosen = window.layer_tree.current_layer
        return {
            "new_project": self.projects.new_project,
            "open_project": self.adopting.ask_open,
            "open_demo": self.projects.open_demo,
            "close_project": self.projects.close_project,
            "import_file": self.imports.ask_import,
            "import_folder": self.imports.ask_folder,
            "join_table": self.joins.ask,
            "datum_parameters": self.imports.edit_parameters,
            "export_layer": lambda: self.exports.ask(chosen()),
            "export_tables": self._export_tables,
            "quit": window.close,
            "undo": self.editing.undo,
            "redo": self.editing.redo,
            "unselect": lambda: self.session.select({}),
            "search": window.search_box.begin,
            "palette": partial(window.search_box.begin, COMMANDS),
            "zoom_in": lambda: canvas.zoom_by_steps(8),
            "zoom_out": lambda: canvas.zoom_by_steps(-8),
            "zoom_full": canvas.zoom_full,
            "redraw": canvas.redraw,
            "zoom_layer": lambda: self.map_layers.zoom_to_layer(chosen()),
            "zoom_selection": self._zoom_to_selection,
            **{
                f"theme_{name}": partial(self.program.choose_theme, name, self._enable)
                for name in ("system", "light", "dark")
            },
            **{
                f"language_{name}": partial(self.program.choose_language, name, self._enable)
                for name in LANGUAGES
            },
            **{f"stage_{stage.key}": partial(window.rail.choose, stage.key) for stage in STAGES},
            "print_sheet": window.sheets_panel.ask_print,
            "copy_sheet": window.sheets_panel.ask_copy,
            "write_webmap": self.sheets.webmap,
            "help": self.program.show_help,
            "tour": self.program.show_tour,
            "about": self.program.tell_about,
        }

    def _connect(self) -> None:
        window, status = self.window, self.window.status
        self.jobs.changed.connect(status.jobs.show_status)
        status.jobs.cancel_asked.connect(self.jobs.cancel)
        window.files_dropped.connect(self.open_files)
        window.start_page.action_asked.connect(lambda key: self.actions[key].trigger())
        window.start_page.recent_asked.connect(self.projects.open_path)
        self._connect_layers()
        window.canvas.clicked.connect(self.selecting.click)
        window.canvas.trouble.connect(lambda text: self.notice(text, None))
        window.canvas.files_lost.connect(self.map_layers.renew)
        for panel in (window.analysis_panel, window.securing_panel.computing):
            panel.run_asked.connect(self.results.run)
            panel.help_asked.connect(self.program.show_capability_help)
        window.results_panel.features_chosen.connect(self.session.select)
        window.results_panel.export_asked.connect(self.results.export)
        window.results_panel.pages_asked.connect(self.results.export_pages)
        window.results_panel.layer_asked.connect(self.results.make_layer)
        window.results_panel.close_asked.connect(self.session.remove_result)
        window.inspector.other_chosen.connect(self.selecting.select_one)
        window.inspector.zoom_asked.connect(self.actions["zoom_selection"].trigger)
        window.sheets_panel.sheet_asked.connect(self.sheets.export)
        window.sheets_panel.print_asked.connect(self.sheet_printing.print)
        window.sheets_panel.copy_asked.connect(self.sheet_printing.copy)
        window.sheets_panel.webmap_asked.connect(self.sheets.webmap)
        self.undo_stack.indexChanged.connect(self._show_undo)
        self.editing.order.changed.connect(self._show_undo)
        # a stack that is not empty tells that it is emptied when it is gone already
        window.destroyed.connect(self._forget_undo)

    def _connect_layers(self) -> None:
        tree, data = self.window.layer_tree, self.window.data_panel
        tree.menu_asked.connect(self._show_layer_menu)
        tree.layer_chosen.connect(self._enable)
        tree.import_asked.connect(self.imports.ask_import)
        data.import_asked.connect(self.imports.ask_import)
        data.export_asked.connect(self.actions["export_layer"].trigger)

    def _take_change(self, change: Change) -> None:
        window, session = self.window, self.session
        if change is Change.PROJECT:
            self._show_project()
        if change is Change.LOOK:
            return
        if change is Change.FEATURES:
            self._show_facts()
            return
        if change in (Change.PROJECT, Change.LAYERS):
            window.analysis_panel.set_layers(session.layers)
            window.securing_panel.computing.set_layers(session.layers)
            self._show_facts()
            self.finding.begin()
            self.spare_time.add(self.finding.read_small)
        if change in (Change.PROJECT, Change.RESULTS):
            window.results_panel.show_results(session.results)
            window.show_results(window.results_panel.has_pages)
        if change is Change.SELECTION:
            window.results_panel.mark(session.selection)
        if change in (Change.PROJECT, Change.SAVED):
            window.status.show_saved(session.saved_at)
        if change is Change.SAVED:
            return
        self._enable()

    def _show_project(self) -> None:
        window, project = self.window, self.session.project
        self.undo_stack.clear()
        window.show_workspace(project is not None)
        self._show_start()
        if project is None:
            self.spare_time.drop()
            self.program.end_tour()
            window.show_title("")
            window.status.clear_facts()
            return
        name = project.path.stem
        window.show_title(_("{name} (read only)").format(name=name) if project.read_only else name)
        self.spare_time.add(self.program.first_tour)
        self.panels.begin()

    def _nobody_waits(self) -> bool:
        """Tell whether no work is under way that one sees, and the map stands where there is one."""
        map_stands = self.window.canvas.is_complete and not self.map_layers.is_preparing
        return (map_stands or self.session.project is None) and not self.jobs.visible()

    def _show_start(self) -> None:
        page = self.window.start_page
        page.show_recent(self._given.preferences.current.recent)
        page.show_demo_file(self.projects.demo_file)

    def _show_facts(self) -> None:
        project, layers = self.session.project, self.session.layers
        if project is None:
            return
        from layers.crs import describe_crs

        crs = describe_crs(project.crs)
        count = sum(layer.feature_count for layer in layers)
        text = _("{layers}, {count} features").format(layers=len(layers), count=f"{count:,}")
        self.window.data_panel.show_project(file=str(project.path), crs=crs, layers=text)

    def _go_to(self, layer_uid: str, zs_uids: tuple[str, ...]) -> None:
        self.session.select({layer_uid: zs_uids})
        self._zoom_to_selection()

    def _go_to_place(self, place: Place) -> None:
        for part in self.extensions:
            if isinstance(part, CoordinateFlows):
                part.go(place)

    def _zoom_to_selection(self) -> None:
        if not self.map_layers.zoom_to_features(self.session.selection):
            self.notice(_("What is selected has no place on the visible map."), None)

    def _enable(self, *_change: object) -> None:
        session, tree = self.session, self.window.layer_tree
        met = {
            "project": session.project is not None,
            "layer": bool(tree.current_layer()),
            "entry": bool(tree.current_node()),
            "selection": bool(session.selection),
            "result": bool(session.results),
        }
        enable_actions(self.specs, self.actions, met)
        self.window.data_panel.set_layer_chosen(met["layer"])
        self._show_undo()
        chosen = self._given.preferences.current
        for spec in self.specs:
            if spec.choice:
                value = getattr(chosen, spec.choice)
                self.actions[spec.key].setChecked(spec.key == f"{spec.choice}_{value}")

    def _forget_undo(self) -> None:
        self.undo_stack.indexChanged.disconnect(self._show_undo)

    def _show_undo(self, *_state: object) -> None:
        order = self.editing.order
        for key, word, text in (
            ("undo", _("Undo"), order.undo_text),
            ("redo", _("Redo"), order.redo_text),
        ):
            self.actions[key].setText(f"{word} {text or ''}".rstrip())
            self.actions[key].setEnabled(text is not None)

    def _show_layer_menu(self, uid: str, class_value: str, place: QPoint) -> None:
        layer = self.session.layer(uid)
        if layer is None:
            return
        menu = layer_menu(
            self.window, layer, class_value, actions=self.actions, flows=self.layers, edits=self.edits
        )
        menu.popup(place)

    def _export_tables(self) -> None:
        page = self.window.results_panel.current_page()
        if page is not None:
            self.results.export(page.result)


def _open_file(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
