"""A raster of the map written as a file of its own, with the tree, the menu and the answers of a person."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from layers.pictures.model import RasterPicture
from layers.store.uids import new_uid
from tests.layers.formats.raster_samples import with_world
from tests.layers.pictures.raster_samples import picture_of, write_raster
from tests.ui.window_desk import WAIT_MS, Desk
from ui.flows.layer_tree import LayerTreeFlows
from ui.flows.rasters import RasterFlows

# the sample project's parcels lie at 500,000 to 500,200 and 2,490,000 to 2,490,100; the raster around them
CORNER = rasterio.Affine(10, 0, 499_900, 0, -10, 2_490_200)
CELLS = np.arange(1200, dtype=np.uint16).reshape(30, 40)


def _with_raster(desk: Desk, qtbot: QtBot, tmp_path: Path) -> RasterPicture:
    path = write_raster(tmp_path / "dem.tif", CELLS, transform=CORNER)
    picture = picture_of(path).model_copy(update={"uid": new_uid(), "name": "高程"})
    desk.bench.edits.tree.add_picture(picture)
    qtbot.waitUntil(lambda: len(desk.window.canvas.layers) == 3, timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    _put_cursor(desk, picture.uid)
    return picture


def _put_cursor(desk: Desk, uid: str) -> None:
    panel = desk.window.layer_tree
    panel.tree.setCurrentItem(panel.item_of(uid))


def _export(desk: Desk, qtbot: QtBot, verb: str, target: Path) -> None:
    desk.dialogs.verb = verb
    desk.dialogs.files = [target]
    desk.bench.actions["export_raster"].trigger()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)


def test_the_whole_raster(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    _with_raster(desk, qtbot, tmp_path)
    _export(desk, qtbot, "whole", tmp_path / "out.tif")
    assert desk.dialogs.errors == []
    assert "高程.tif" in desk.dialogs.asked
    with rasterio.open(tmp_path / "out.tif") as opened:
        assert (opened.read(1) == CELLS).all()
        assert opened.transform == CORNER
        assert opened.crs.to_epsg() == 4547


def test_what_the_map_shows(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    _with_raster(desk, qtbot, tmp_path)
    desk.window.canvas.zoom_to((500_000, 2_490_000, 500_100, 2_490_050))
    west, south, east, north = desk.window.canvas.view.bounds
    _export(desk, qtbot, "shown", tmp_path / "out.tif")
    with rasterio.open(tmp_path / "out.tif") as opened:
        left, bottom, right, top = opened.bounds
        # no more than the cell that the edge of the view lies in, and never more than the raster
        assert 0 <= max(west, 499_900) - left < 10
        assert 0 <= right - min(east, 500_300) < 10
        assert 0 <= max(south, 2_489_900) - bottom < 10
        assert 0 <= top - min(north, 2_490_200) < 10
        row, column = round((2_490_200 - top) / 10), round((left - 499_900) / 10)
        cells = opened.read(1)
        assert (cells == CELLS[row : row + cells.shape[0], column : column + cells.shape[1]]).all()
        assert cells.size < CELLS.size


def test_a_view_beside_the_raster_is_told_and_nothing_is_written(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    _with_raster(desk, qtbot, tmp_path)
    desk.window.canvas.zoom_to((510_000, 2_480_000, 510_100, 2_480_050))
    _export(desk, qtbot, "shown", tmp_path / "out.tif")
    assert "旁边" in str(desk.dialogs.errors[0])
    assert not (tmp_path / "out.tif").exists()


def test_without_a_raster_chosen_the_map_says_so(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    _put_cursor(desk, desk.session.layers[0].uid)
    _export(desk, qtbot, "whole", tmp_path / "out.tif")
    assert desk.dialogs.asked == []
    assert not (tmp_path / "out.tif").exists()


def test_it_stands_in_the_rasters_own_menu(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    picture = _with_raster(desk, qtbot, tmp_path)
    flows = next(part for part in desk.bench.extensions if isinstance(part, LayerTreeFlows))
    assert desk.bench.actions["export_raster"] in flows.menu(picture.uid).actions()


def test_the_look_of_the_raster_that_is_chosen_opens_from_the_menu(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    picture = _with_raster(desk, qtbot, tmp_path)
    flows = next(part for part in desk.bench.extensions if isinstance(part, RasterFlows))
    desk.bench.actions["raster_look"].trigger()
    assert set(flows.looks) == {picture.uid}
    flows.looks[picture.uid].close()
    qtbot.waitUntil(lambda: not flows.looks, timeout=WAIT_MS)


def test_a_world_file_dropped_with_its_picture_is_no_file_of_its_own(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    path = with_world(tmp_path / "正射.jpg", "JPEG", ".jgw")
    flows = next(part for part in desk.bench.extensions if isinstance(part, RasterFlows))
    other = tmp_path / "别的.jgw"
    left = flows.take_files((path.with_suffix(".jgw"), path, other))
    assert left == (other,)
    qtbot.waitUntil(lambda: flows.adding is not None, timeout=WAIT_MS)
    dialog = flows.adding
    assert dialog is not None
    assert dialog.name.text() == "正射"
    assert not dialog.add.isEnabled()  # no system is stated: the person chooses
    dialog.crs.lineEdit().selectAll()
    qtbot.keyClicks(dialog.crs.lineEdit(), "4547")
    qtbot.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(desk.session.pictures) == 1, timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
