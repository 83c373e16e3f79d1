"""The whole window with prepared answers, for tests that act in it with mouse and keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from layers.formats.direct import DirectReader
from layers.locations import cache_folder
from layers.store.drawing_cache import DrawingCache
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_samples import make_project
from ui.theme import LIGHT
from ui.workbench import Surroundings, Workbench
from zsgis.intake.tools import IntakeTools
from zsgis.preferences import PreferenceStore

WAIT_MS = 60_000


class Desk:
    """A workbench with prepared answers, shown."""

    def __init__(self, folder: Path, dialogs: PreparedDialogs) -> None:
        self.dialogs = dialogs
        self.preferences = PreferenceStore(folder / "preferences.json")
        self.preferences.change(self.preferences.current.model_copy(update={"tour_seen": True}))
        self.bench = Workbench(
            Surroundings(
                preferences=self.preferences,
                drawing=DrawingCache(cache_folder("drawings")),
                demo_folder=folder / "demo",
                intake=IntakeTools(DirectReader(), folder / "configuration"),
                rescue_folder=folder / "unsaved",
                colors=LIGHT,
                dialogs=lambda _window: dialogs,
            )
        )
        self.window = self.bench.window
        self.window.resize(1366, 740)
        self.window.show()

    @property
    def session(self) -> Any:
        return self.bench.session

    def idle(self) -> bool:
        return not self.bench.jobs.active() and not self.bench.spare_time.has_work

    def open(self, qtbot: QtBot, path: Path, layers: int) -> None:
        """Open a project and wait until so many layers are drawn; a window that fails to is closed."""
        self.bench.projects.open_path(path)
        try:
            qtbot.waitUntil(lambda: len(self.window.canvas.layers) == layers, timeout=WAIT_MS)
            qtbot.waitUntil(self.idle, timeout=WAIT_MS)
        except BaseException:
            # its threads would fail every test after this one
            self.close()
            raise

    def close(self) -> None:
        self.dialogs.verb = "stop"
        self.window.close()
        self.window.deleteLater()


def open_sample(desk: Desk, qtbot: QtBot, folder: Path) -> None:
    """Open the small project of one platform over two parcels."""
    make_project(folder / "work.gpkg").close()
    desk.open(qtbot, folder / "work.gpkg", 2)


def layer_uid(desk: Desk, kind: str) -> str:
    return str(next(layer.uid for layer in desk.session.layers if layer.kind == kind))
