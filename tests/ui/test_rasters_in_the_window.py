"""Rasters brought into the window with mouse and keys: added, shown, changed, gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QImage
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.pictures.model import RasterPicture
from layers.store import Project
from tests.layers.pictures.raster_samples import write_raster
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk
from ui.dialogs.raster_adding import RasterAddingDialog
from ui.dialogs.raster_dialog import RasterDialog
from ui.flows.rasters import RasterFlows

# the sample project's parcels lie at 500,000 to 500,200 and 2,490,000 to 2,490,100; the raster around them
CORNER = rasterio.Affine(10, 0, 499_900, 0, -10, 2_490_200)
BLUE = (10, 20, 200)


def flows(desk: Desk) -> RasterFlows:
    return next(part for part in desk.bench.extensions if isinstance(part, RasterFlows))


def blue_image(path: Path, **profile: Any) -> Path:
    cells = np.empty((3, 30, 40), dtype=np.uint8)
    cells[:] = np.array(BLUE, dtype=np.uint8)[:, None, None]
    return write_raster(path, cells, transform=CORNER, photometric="rgb", **profile)


def add(
    desk: Desk, qtbot: QtBot, path: Path, fill: Callable[[RasterAddingDialog], None] = lambda _dialog: None
) -> RasterPicture:
    """Choose a file in the menu's dialog and confirm with the mouse."""
    count = len(desk.session.pictures)
    desk.dialogs.files = [path]
    desk.bench.actions["add_raster"].trigger()
    qtbot.waitUntil(lambda: flows(desk).adding is not None, timeout=WAIT_MS)
    dialog = flows(desk).adding
    assert dialog is not None
    fill(dialog)
    qtbot.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(desk.session.pictures) == count + 1, timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    picture = desk.session.pictures[0]
    assert isinstance(picture, RasterPicture)
    return picture


def color_at(desk: Desk, x: float, y: float) -> tuple[int, int, int]:
    """Return the colour of the map under a point."""
    canvas = desk.window.canvas
    image: QImage = canvas.grab().toImage()
    px, py = canvas.view.to_pixel(x, y)
    ratio = image.width() / canvas.view.width_px
    color: QColor = image.pixelColor(round(px * ratio), round(py * ratio))
    return color.red(), color.green(), color.blue()


def look_at_all(desk: Desk, qtbot: QtBot) -> None:
    """Wait until both layers and the raster are in the map, then look at them."""
    qtbot.waitUntil(lambda: len(desk.window.canvas.layers) == 3, timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    desk.window.canvas.zoom_to((499_900, 2_489_950, 500_300, 2_490_200))


def wait_for_color(
    desk: Desk, qtbot: QtBot, wanted: tuple[int, int, int], place: tuple[float, float]
) -> None:
    def is_there() -> bool:
        return max(abs(a - b) for a, b in zip(color_at(desk, *place), wanted, strict=True)) <= 3

    qtbot.waitUntil(is_there, timeout=WAIT_MS)


# a place on the raster that no parcel covers
FREE = (499_950.0, 2_490_150.0)


def test_an_image_is_added_drawn_below_the_layers_and_taken_back_by_undo(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    picture = add(desk, qtbot, blue_image(tmp_path / "正射.tif"))
    assert (picture.name, picture.path, picture.style.mode) == ("正射", "正射.tif", "color")
    assert desk.session.tree.order()[-1] == picture.uid
    look_at_all(desk, qtbot)
    wait_for_color(desk, qtbot, BLUE, FREE)
    assert color_at(desk, 500_050, 2_490_050) != pytest.approx(BLUE, abs=3)  # a parcel lies over it
    desk.bench.undo_stack.undo()
    assert desk.session.pictures == ()
    desk.bench.undo_stack.redo()
    assert desk.session.pictures == (picture,)
    wait_for_color(desk, qtbot, BLUE, FREE)


def test_a_dropped_raster_goes_to_the_map_and_its_system_is_asked_for(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    path = blue_image(tmp_path / "scan.tif", crs=None)
    desk.window.files_dropped.emit((path,))
    qtbot.waitUntil(lambda: flows(desk).adding is not None, timeout=WAIT_MS)
    dialog = flows(desk).adding
    assert dialog is not None
    assert not dialog.add.isEnabled()
    assert "坐标系" in dialog.complaint.text()
    dialog.crs.setFocus()
    qtbot.keyClicks(dialog.crs.lineEdit(), "999999")
    assert not dialog.add.isEnabled()
    dialog.crs.lineEdit().selectAll()
    qtbot.keyClicks(dialog.crs.lineEdit(), "4547")
    dialog.secrecy.setCurrentIndex(dialog.secrecy.findData("内部"))
    assert dialog.add.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(desk.session.pictures) == 1, timeout=WAIT_MS)
    picture = desk.session.pictures[0]
    assert picture.secrecy == "内部"
    assert "4547" in picture.crs or "114" in picture.crs
    look_at_all(desk, qtbot)
    wait_for_color(desk, qtbot, BLUE, FREE)


def test_a_file_that_is_no_raster_is_refused_and_another_may_be_chosen(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.tif"
    broken.write_bytes(b"nothing")
    desk.dialogs.files = [broken, blue_image(tmp_path / "whole.tif")]
    desk.dialogs.remedy = "other"
    desk.bench.actions["add_raster"].trigger()
    qtbot.waitUntil(lambda: flows(desk).adding is not None, timeout=WAIT_MS)
    assert "broken.tif" in str(desk.dialogs.errors[0])
    dialog = flows(desk).adding
    assert dialog is not None
    assert dialog.name.text() == "whole"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.session.pictures == ()


def open_look(desk: Desk, picture: RasterPicture) -> RasterDialog:
    flows(desk).change_look(picture.uid)
    dialog = flows(desk).looks[picture.uid]
    QApplication.processEvents()
    return dialog


def test_the_look_changes_on_the_map_at_once_and_is_one_step_of_undo(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    picture = add(desk, qtbot, blue_image(tmp_path / "ortho.tif"))
    look_at_all(desk, qtbot)
    wait_for_color(desk, qtbot, BLUE, FREE)
    steps = desk.bench.undo_stack.count()
    dialog = open_look(desk, picture)
    # blue where red was, by the keyboard
    dialog.bands[0].setFocus()
    qtbot.keyClick(dialog.bands[0], Qt.Key.Key_Down)
    qtbot.keyClick(dialog.bands[0], Qt.Key.Key_Down)
    wait_for_color(desk, qtbot, (200, 20, 200), FREE)
    dialog.opacity.setFocus()
    qtbot.keyClick(dialog.opacity, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: desk.session.pictures[0].opacity == 0, timeout=WAIT_MS)
    assert desk.session.pictures[0].style.bands == (3, 2, 3)
    assert desk.bench.undo_stack.count() == steps + 1
    desk.bench.undo_stack.undo()
    assert desk.session.pictures == (picture,)
    assert dialog.opacity.value() == 100
    assert dialog.bands[0].currentIndex() == 0
    wait_for_color(desk, qtbot, BLUE, FREE)
    dialog.close()
    qtbot.waitUntil(lambda: not flows(desk).looks, timeout=WAIT_MS)


def test_what_was_tried_out_goes_back_to_what_was(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    heights = np.arange(1200, dtype=np.float32).reshape(30, 40)
    picture = add(desk, qtbot, write_raster(tmp_path / "dem.tif", heights, transform=CORNER))
    dialog = open_look(desk, picture)
    assert (dialog.mode.currentData(), dialog.ramp.currentData()) == ("single", "terrain")
    assert "1,199" in dialog.facts.text()
    assert dialog.azimuth.isVisible()
    dialog.shaded.setFocus()
    qtbot.keyClick(dialog.shaded, Qt.Key.Key_Space)
    assert not dialog.azimuth.isVisible()
    dialog.nodata.setFocus()
    qtbot.keyClicks(dialog.nodata, "x")
    assert dialog.complaint.isVisible()
    qtbot.keyClick(dialog.nodata, Qt.Key.Key_Backspace)
    qtbot.keyClicks(dialog.nodata, "0")
    qtbot.waitUntil(lambda: desk.session.pictures[0].style.nodata == 0, timeout=WAIT_MS)
    assert desk.session.pictures[0].style.shaded is False
    qtbot.mouseClick(dialog.as_before, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.session.pictures == (picture,), timeout=WAIT_MS)
    qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not flows(desk).looks, timeout=WAIT_MS)


def test_values_are_shown_between_two_that_are_typed(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    heights = np.arange(1200, dtype=np.float32).reshape(30, 40)
    picture = add(desk, qtbot, write_raster(tmp_path / "value.tif", heights, transform=CORNER))
    dialog = open_look(desk, picture)
    assert not dialog.between.isVisible()
    dialog.stretch.setFocus()
    qtbot.keyClick(dialog.stretch, Qt.Key.Key_End)
    assert dialog.between.isVisible()
    low, high = dialog.limits
    # it begins between the least and the greatest value there is
    assert (low.text(), high.text()) == ("0", "1199")
    high.selectAll()
    qtbot.keyClicks(high, "-5")
    assert dialog.complaint.isVisible()
    high.selectAll()
    qtbot.keyClicks(high, "600.5")
    assert not dialog.complaint.isVisible()
    qtbot.waitUntil(lambda: desk.session.pictures[0].style.limits == (0.0, 600.5), timeout=WAIT_MS)
    assert desk.session.pictures[0].style.stretch == "stated"
    dialog.close()
    qtbot.waitUntil(lambda: not flows(desk).looks, timeout=WAIT_MS)


def test_a_raster_is_remembered_by_the_project(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    picture = add(desk, qtbot, blue_image(tmp_path / "kept.tif"))
    desk.bench.projects.close_project()
    qtbot.waitUntil(lambda: desk.session.project is None, timeout=WAIT_MS)
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("work.gpkg", "kept.tif"):
        (tmp_path / name).rename(moved / name)
    desk.bench.projects.open_path(moved / "work.gpkg")
    qtbot.waitUntil(lambda: len(desk.session.pictures) == 1, timeout=WAIT_MS)
    assert desk.session.pictures == (picture,)
    look_at_all(desk, qtbot)
    wait_for_color(desk, qtbot, BLUE, FREE)


def test_a_file_that_goes_is_said_and_the_map_goes_on(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    picture = add(desk, qtbot, blue_image(tmp_path / "here.tif"))
    look_at_all(desk, qtbot)
    wait_for_color(desk, qtbot, BLUE, FREE)
    kept = (tmp_path / "here.tif").rename(tmp_path / "kept.bin")
    qtbot.waitUntil(lambda: picture.uid in desk.session.troubles, timeout=WAIT_MS)
    assert "here.tif" in desk.session.troubles[picture.uid]
    qtbot.waitUntil(lambda: max(color_at(desk, *FREE)) > 220, timeout=WAIT_MS)
    parcel = color_at(desk, 500_050, 2_490_050)
    assert max(parcel) > 0
    kept.rename(tmp_path / "here.tif")
    qtbot.waitUntil(lambda: picture.uid not in desk.session.troubles, timeout=WAIT_MS)
    wait_for_color(desk, qtbot, BLUE, FREE)


def test_coarser_forms_are_made_after_asking(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    path = blue_image(tmp_path / "big.tif")
    before = path.read_bytes()
    picture = add(desk, qtbot, path)
    flows(desk).make_overviews(picture.uid)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert not path.with_name("big.tif.ovr").exists()  # nobody said yes
    desk.dialogs.verb = "make"
    flows(desk).make_overviews(picture.uid)
    qtbot.waitUntil(path.with_name("big.tif.ovr").exists, timeout=WAIT_MS)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert path.read_bytes() == before


def test_a_raster_without_a_project_gets_one(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> None:
    from ui.dialogs.port import NewProjectAnswer

    made = Desk(tmp_path, prepared_dialogs)
    prepared_dialogs.verb = "new"
    prepared_dialogs.project = NewProjectAnswer(tmp_path / "new.gpkg", "new", "4547")
    made.window.files_dropped.emit((blue_image(tmp_path / "first.tif"),))
    qtbot.waitUntil(lambda: flows(made).adding is not None, timeout=WAIT_MS)
    assert prepared_dialogs.proposed == ("first", "4547")
    dialog = flows(made).adding
    assert dialog is not None
    qtbot.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(made.session.pictures) == 1, timeout=WAIT_MS)
    qtbot.waitUntil(made.idle, timeout=WAIT_MS)
    made.close()
    with Project.open(tmp_path / "new.gpkg", read_only=True) as project:
        assert [picture["path"] for picture in project.setting("pictures")] == ["first.tif"]
