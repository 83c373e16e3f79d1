"""Hands for tests that edit shapes with mouse and keys in the whole window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pyproj
import shapely
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from layers.store import NewLayer, Project
from tests.ui.window_desk import WAIT_MS, Desk
from tests.zsgis.coverage_samples import CELL, EAST, NORTH, grid
from ui.flows.editing_vertices.aiming import Aimer
from ui.flows.editing_vertices.extension import VertexCommands

CRS = pyproj.CRS.from_epsg(4547)
LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


def write_cells(path: Path, columns: int = 3, rows: int = 3) -> None:
    """Write a project of cells in a layer of land use, and of others of towns."""
    with Project.create(path, CRS) as project:
        cells = grid(columns, rows, [])
        frame = geopandas.GeoDataFrame(
            {"name": [f"{number}号" for number in range(len(cells))], "class_code": ["0601"] * len(cells)},
            geometry=cells,
            crs=CRS,
        )
        project.add_layer(NewLayer("图斑", "land_use", CRS, standard="yd2023"), frame)
        far = geopandas.GeoDataFrame(
            {"name": ["甲"]},
            geometry=[shapely.box(EAST + 400, NORTH + 10, EAST + 500, NORTH + 90)],
            crs=CRS,
        )
        project.add_layer(NewLayer("其他", "zones", CRS), far)


class Hands:
    """Edits the layer of land use."""

    def __init__(self, desk: Desk, qtbot: QtBot, folder: Path) -> None:
        self.desk, self.qtbot = desk, qtbot
        write_cells(folder / "work.gpkg")
        desk.open(qtbot, folder / "work.gpkg", 2)
        self.land = next(layer.uid for layer in desk.session.layers if layer.kind == "land_use")
        self.other = next(layer.uid for layer in desk.session.layers if layer.kind == "zones")
        assert desk.bench.editing.set_layer(self.land)
        self.idle()

    @property
    def canvas(self) -> Any:
        return self.desk.window.canvas

    @property
    def project(self) -> Any:
        return self.desk.session.project

    @property
    def commands(self) -> VertexCommands:
        return next(part for part in self.desk.bench.extensions if isinstance(part, VertexCommands))

    @property
    def aimer(self) -> Aimer:
        return self.commands.vertices._aimer

    def idle(self) -> None:
        self.qtbot.waitUntil(
            lambda: self.desk.idle() and not self.desk.bench.editing.waiting, timeout=WAIT_MS
        )

    def take(self, key: str) -> None:
        """Take a tool by its command, and wait until what lies near is known."""
        self.desk.bench.actions[key].trigger()
        self.qtbot.waitUntil(lambda: self.aimer.index is not None, timeout=WAIT_MS)
        self.idle()

    def pixel(self, column: float, row: float) -> QPoint:
        """Return where a place of the grid is seen; the nodes are whole numbers."""
        x, y = self.canvas.view.to_pixel(EAST + column * CELL, NORTH + row * CELL)
        return QPointF(x, y).toPoint()

    def click(self, column: float, row: float) -> None:
        QTest.mouseClick(self.canvas, LEFT, NO_KEYS, self.pixel(column, row))
        self.idle()

    def double_click(self, column: float, row: float) -> None:
        QTest.mouseClick(self.canvas, LEFT, NO_KEYS, self.pixel(column, row))
        QTest.mouseDClick(self.canvas, LEFT, NO_KEYS, self.pixel(column, row))
        self.idle()

    def hover(self, column: float, row: float) -> None:
        QTest.mouseMove(self.canvas, self.pixel(column, row))

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, drop: bool = True) -> None:
        first, last = self.pixel(*start), self.pixel(*end)
        QTest.mousePress(self.canvas, LEFT, NO_KEYS, first)
        for step in (0.4, 0.8, 1.0):
            QTest.mouseMove(self.canvas, _on_way(first, last, step))
        if drop:
            QTest.mouseRelease(self.canvas, LEFT, NO_KEYS, last)
            self.idle()

    def key(self, keys: str) -> None:
        combination = QKeySequence(keys)[0]
        QTest.keyClick(self.canvas, combination.key(), combination.keyboardModifiers())
        self.idle()

    def uids(self, layer: str = "") -> list[str]:
        return [str(uid) for uid in self.project.read(layer or self.land).index]

    def shapes(self, layer: str = "") -> list[Any]:
        return list(self.project.read(layer or self.land).geometry)

    def select(self, *numbers: int) -> None:
        uids = self.uids()
        self.desk.session.select({self.land: [uids[number] for number in numbers]})
        self.idle()


def _on_way(first: QPoint, last: QPoint, share: float) -> QPoint:
    return QPointF(
        first.x() + (last.x() - first.x()) * share, first.y() + (last.y() - first.y()) * share
    ).toPoint()
