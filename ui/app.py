"""Where the window is put together and shown."""

from __future__ import annotations

import os
import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import platformdirs
from PyQt6.QtCore import QLibraryInfo, QLocale, QProcess, QTimer, QTranslator
from PyQt6.QtWidgets import QApplication

from layers.locations import cache_folder
from layers.progress import Progress
from layers.words import language
from ui.input_method import reach_input_method
from ui.painting.fonts import load_fonts
from ui.theme import Colors, apply_theme
from ui.unused_rings import UnusedRings, keep_what_is_there, look_only_when_told
from zsgis.preferences import PreferenceStore

if TYPE_CHECKING:
    from layers.drawable import DrawableLayer
    from layers.drawable_edits import EditedLayer, FeatureLayer
    from layers.formats.model import SourceReader
    from layers.store import LayerInfo, Project
    from ui.dialogs.port import Dialogs
    from ui.main_window import MainWindow
    from ui.spare_time import SpareTime
    from ui.workbench import Workbench

_DEMO_FOLDER = "zsgis"
# A thread that computes gives way to the window after so long; Python's own 5 ms add up to a stop one sees.
TURN_S = 0.0005
# The window has been painted.
_DRAWN_MS = 200
# The window stands and its drawing processes have been started.
_IDLE_MS = 1_200
# A project that is opened at once has been read and drawn by then.
_OPENED_MS = 5_000
_FOR_PROJECTS = (
    "layers.store.project",
    "layers.store.drawing_cache",
    "zsgis.arrangement",
)
_FOR_PANELS = ("zsgis.registry", "zsgis.sheets.template")
_FOR_FILES = (
    "layers.formats.registry",
    "ui.dialogs.importing.dialog",
    "ui.dialogs.join_dialog",
    "ui.dialogs.datum_parameters.dialog",
    "ui.dialogs.format_choices",
)


class CachedDrawings:
    """The drawing cache in the user's folder, loaded when the first layer is drawn."""

    def get(self, project: Project, info: LayerInfo, map_crs: Any, progress: Progress) -> DrawableLayer:
        """Return a layer ready to be drawn."""
        from layers.store.drawing_cache import DrawingCache

        return DrawingCache(cache_folder("drawings")).get(project, info, map_crs, progress)

    def get_edited(self, project: Project, info: LayerInfo, map_crs: Any, progress: Progress) -> FeatureLayer:
        """Return a layer ready to be drawn, with what was edited beside it."""
        from layers.store.drawing_cache import DrawingCache

        return DrawingCache(cache_folder("drawings")).get_edited(project, info, map_crs, progress)

    def fold(
        self, project: Project, info: LayerInfo, map_crs: Any, layer: EditedLayer, progress: Progress
    ) -> DrawableLayer:
        """Return new arrays of a layer that hold its edits."""
        from layers.store.drawing_cache import DrawingCache

        return DrawingCache(cache_folder("drawings")).fold(project, info, map_crs, layer, progress)

    def wants_levels(self, layer: DrawableLayer) -> bool:
        """Tell whether a layer should have coarser levels and has none yet."""
        from layers.store.drawing_cache import DrawingCache

        return DrawingCache(cache_folder("drawings")).wants_levels(layer)

    def with_levels(self, layer: DrawableLayer, map_crs: Any, progress: Progress) -> DrawableLayer:
        """Return a layer with its coarser levels."""
        from layers.store.drawing_cache import DrawingCache

        return DrawingCache(cache_folder("drawings")).with_levels(layer, map_crs, progress)


def make_dialogs(window: MainWindow, *, colors: Colors, preferences: PreferenceStore) -> Dialogs:
    """Return the dialogs of a real screen."""
    from ui.dialogs.screen import ScreenDialogs

    return ScreenDialogs(
        window,
        colors=colors,
        last_folder=lambda: preferences.current.last_folder or platformdirs.user_documents_path(),
        read_folder=preferences.current.read_folder,
        remember=lambda folder: preferences.change(preferences.current.with_read_folder(folder)),
    )


def make_workbench(
    application: QApplication, preferences: PreferenceStore, reader: SourceReader
) -> Workbench:
    """Return the window with everything behind it, not yet shown."""
    from ui.workbench import Surroundings, Workbench
    from zsgis.intake.tools import IntakeTools, configuration_folder

    colors = apply_theme(application, preferences.current.theme, load_fonts().screen)
    return Workbench(
        Surroundings(
            preferences=preferences,
            drawing=CachedDrawings(),
            demo_folder=platformdirs.user_documents_path() / _DEMO_FOLDER,
            intake=IntakeTools(reader, configuration_folder()),
            rescue_folder=platformdirs.user_data_path("zsgis", appauthor=False) / "unsaved",
            colors=colors,
            dialogs=partial(make_dialogs, colors=colors, preferences=preferences),
        )
    )


def run_window(project: Path | None) -> int:
    """Show the window until it is closed; return the exit code.

    Parameters
    ----------
    project : Path or None
        A project to open at once.
    """
    sys.setswitchinterval(TURN_S)
    look_only_when_told()
    reach_input_method(os.environ)
    QLocale.setDefault(QLocale(language()))
    application = QApplication(sys.argv[:1])
    application.setApplicationName("zsgis")
    translator = QTranslator(application)
    # the words of Qt's own dialogs; English is built in
    if translator.load(
        QLocale(), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    ):
        application.installTranslator(translator)
    from layers.formats.isolated import IsolatedReader

    with IsolatedReader() as reader:
        return _run(application, reader, project)


def _run(application: QApplication, reader: SourceReader, project: Path | None) -> int:
    workbench = make_workbench(application, PreferenceStore(), reader)
    keep_what_is_there()
    UnusedRings(partial(_is_at_rest, workbench), workbench.window)
    workbench.window.showMaximized()
    if project is not None:
        QTimer.singleShot(0, partial(workbench.adopting.open, (project,)))
    else:
        QTimer.singleShot(_DRAWN_MS, workbench.panels.warm_up)
    QTimer.singleShot(_IDLE_MS if project is None else _OPENED_MS, partial(load_aside, workbench.spare_time))
    code = application.exec()
    if workbench.program.restart_wanted:
        start_again(workbench.program.last_project)
    return code


def _is_at_rest(workbench: Workbench) -> bool:
    return workbench.spare_time.is_free and not workbench.jobs.active()


def load_aside(spare_time: SpareTime) -> None:
    """Load what projects need in a thread, while the window waits to be told which; then what comes later.

    Panels and files wait until nobody waits for a project that is being opened: threads take turns.
    """
    first = Thread(target=load_for_projects, name="zsgis-loading", daemon=True)
    first.start()

    def load_rest() -> bool:
        if first.is_alive():
            return True
        Thread(target=_load_the_rest, name="zsgis-loading", daemon=True).start()
        return False

    spare_time.add(load_rest)


def _load_the_rest() -> None:
    load_for_panels()
    load_for_files()
    keep_what_is_there()


def load_for_projects() -> None:
    """Load what opening a project needs."""
    for name in _FOR_PROJECTS:
        import_module(name)


def load_for_panels() -> None:
    """Load what the panels of analyses and sheets offer."""
    for name in _FOR_PANELS:
        import_module(name)


def load_for_files() -> None:
    """Load what taking in files and writing them needs."""
    for name in _FOR_FILES:
        import_module(name)


def start_again(project: Path | None) -> None:
    """Start the program once more, with a project open, and let it go."""
    program = [] if getattr(sys, "frozen", False) else ["-m", "zsgis"]
    QProcess.startDetached(sys.executable, [*program, *(["open", str(project)] if project else [])])
