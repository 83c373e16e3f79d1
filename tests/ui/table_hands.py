"""A hand at the attribute table of a small project: what it sees, and what it does by mouse and keys."""

from __future__ import annotations

from pathlib import Path

import geopandas
from PyQt6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from layers.crs import parse_crs
from layers.formats.direct import DirectReader
from layers.locations import cache_folder
from layers.store import NewLayer, Project
from layers.store.drawing_cache import DrawingCache
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_samples import square
from ui.flows.open_table import OpenTable
from ui.flows.tables import TableFlows
from ui.tables.attribute_model import SELECTED_ROLE
from ui.theme import LIGHT
from ui.workbench import Surroundings, Workbench
from zsgis.intake.tools import IntakeTools
from zsgis.preferences import PreferenceStore

WAIT_MS = 60_000
CRS = parse_crs("4547")
TOWNS = ["坦洲镇", "小榄镇", "三乡镇", "坦洲镇", None, "三乡镇"]
AREAS = [9_000.5, 12_000.0, None, 800.25, 800.25, 0.0]
CODES = ["0101", "0307", "0101", "0702", "0307", "0101"]


def uid(row: int) -> str:
    return f"019313a0-0000-7000-8000-00000000000{row}"


def make_project(path: Path) -> None:
    """Write a project of six squares of 100 m in a row, and a platform over all of them."""
    with Project.create(path, CRS) as project:
        parcels = geopandas.GeoDataFrame(
            {
                "zs_uid": [uid(row) for row in range(6)],
                "name": [f"图斑{row}" for row in range(6)],
                "class_code": CODES,
                "town": TOWNS,
                "survey_area_m2": AREAS,
            },
            geometry=[square(100 * row, 0) for row in range(6)],
            crs=CRS,
        )
        project.add_layer(NewLayer("现状图斑", "land_use", CRS, standard="sandiao"), parcels)
        platform = geopandas.GeoDataFrame({"name": ["科学城"]}, geometry=[square(0, 0, 600)], crs=CRS)
        project.add_layer(NewLayer("平台", "platforms", CRS), platform)


class Hands:
    """A window with the project open, and what hands do in its table."""

    def __init__(self, qtbot: QtBot, folder: Path, dialogs: PreparedDialogs) -> None:
        self.qtbot, self.dialogs = qtbot, dialogs
        preferences = PreferenceStore(folder / "preferences.json")
        preferences.change(preferences.current.model_copy(update={"tour_seen": True}))
        self.bench = Workbench(
            Surroundings(
                preferences=preferences,
                drawing=DrawingCache(cache_folder("drawings")),
                demo_folder=folder / "demo",
                intake=IntakeTools(DirectReader(), folder / "configuration"),
                rescue_folder=folder / "unsaved",
                colors=LIGHT,
                dialogs=lambda _window: dialogs,
            )
        )
        self.window, self.session = self.bench.window, self.bench.session
        self.window.resize(1366, 740)
        self.window.show()
        self.open(folder / "work.gpkg")

    def open(self, path: Path) -> None:
        self.bench.projects.open_path(path)
        self.qtbot.waitUntil(lambda: self.session.project is not None, timeout=WAIT_MS)
        self.rest()

    def rest(self) -> None:
        def resting() -> bool:
            waits = any(table.is_busy for table in self.flows._open.values())
            return not waits and not self.bench.jobs.active()

        self.qtbot.waitUntil(resting, timeout=WAIT_MS)

    @property
    def flows(self) -> TableFlows:
        (flows,) = (part for part in self.bench.extensions if isinstance(part, TableFlows))
        return flows

    @property
    def table(self) -> OpenTable:
        table = self.flows.current()
        assert table is not None
        return table

    @property
    def layer_uid(self) -> str:
        return str(next(layer.uid for layer in self.session.layers if layer.kind == "land_use"))

    def show_table(self, *, by_key: bool = False) -> None:
        tree = self.window.layer_tree
        tree.tree.setCurrentItem(tree.item_of(self.layer_uid))
        if by_key:
            self.window.activateWindow()
            self.qtbot.keyClick(self.window, Qt.Key.Key_F3)
        else:
            self.bench.actions["attribute_table"].trigger()
        self.rest()

    def column(self, name: str) -> int:
        return self.table.page.model.number_of(name)

    def cells(self, name: str = "name") -> list[str]:
        model = self.table.page.model
        return [str(model.data(model.index(p, self.column(name)))) for p in range(model.rowCount())]

    def marked(self) -> list[str]:
        model = self.table.page.model
        number = self.column("name")
        places = range(model.rowCount())
        return [
            str(model.data(model.index(place, number)))
            for place in places
            if model.data(model.index(place, 0), SELECTED_ROLE)
        ]

    def point(self, place: int, name: str = "name") -> QPoint:
        view = self.table.page.view
        index = self.table.page.model.index(place, self.column(name))
        view.scrollTo(index)
        return view.visualRect(index).center()

    def click(self, place: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        viewport = self.table.page.view.viewport()
        self.qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, held, self.point(place))
        self.rest()

    def click_heading(self, name: str) -> None:
        view = self.table.page.view
        view.scrollTo(self.table.page.model.index(0, self.column(name)))
        header = view.horizontalHeader()
        assert header is not None
        place = QPoint(header.sectionViewportPosition(self.column(name)) + 12, header.height() // 2)
        self.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        self.rest()

    def type(self, text: str) -> None:
        search = self.table.page.search
        search.clear()
        if text.isascii():
            self.qtbot.keyClicks(search, text)
        else:
            # as an input method commits it
            search.insert(text)
        self.rest()

    def press(self, name: str) -> None:
        self.qtbot.mouseClick(self.table.page.buttons[name], Qt.MouseButton.LeftButton)
        self.rest()

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.table.page.view, key, held)
        self.rest()

    def selected(self) -> list[int]:
        chosen = self.session.selection.get(self.layer_uid, ())
        return sorted(int(name[-1]) for name in chosen)
