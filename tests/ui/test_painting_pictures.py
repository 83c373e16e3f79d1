"""Rasters on tiles, screens and paper: the painter lays them down in pieces, at its own resolution."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage, QPainter

from layers.crs import parse_crs
from layers.pictures.drawn import DrawnPicture, drawn_picture
from tests.layers.pictures.raster_samples import NORTH, WEST, picture_of, write_raster
from ui.painting import pictures
from ui.painting.pictures import PicturePainter
from ui.painting.view import MapView


def drawn(path: Path, opacity: float = 1.0) -> DrawnPicture:
    picture = picture_of(path).model_copy(update={"opacity": opacity})
    return drawn_picture(picture, parse_crs("4547"), project_folder=path.parent, cache_folder=path.parent)


def painted(painter_of: PicturePainter, view: MapView, ratio: float = 1.0) -> np.ndarray:
    """Return the picture on white, shape (height, width, 3)."""
    size = round(view.width_px * ratio), round(view.height_px * ratio)
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    assert painter_of.paint(painter, view) == ()
    painter.end()
    bits = image.constBits()
    assert bits is not None
    bits.setsize(image.sizeInBytes())
    return np.frombuffer(bits.asstring(), dtype=np.uint8).reshape(size[1], size[0], 4)[..., 2::-1].copy()


@pytest.fixture
def noise(tmp_path: Path) -> tuple[Path, np.ndarray]:
    cells = np.random.default_rng(11).integers(0, 256, (3, 90, 120), dtype=np.uint8)
    return write_raster(tmp_path / "noise.tif", cells, photometric="rgb"), np.moveaxis(cells, 0, -1)


VIEW = MapView(WEST + 600, NORTH - 450, 10.0, 120, 90)


def test_a_cell_is_a_pixel_where_the_view_says_so(noise: tuple[Path, np.ndarray]) -> None:
    path, cells = noise
    np.testing.assert_array_equal(painted(PicturePainter(drawn(path)), VIEW), cells)


def test_pieces_join_without_a_seam(noise: tuple[Path, np.ndarray], monkeypatch: pytest.MonkeyPatch) -> None:
    path, _cells = noise
    odd = MapView(WEST + 431.7, NORTH - 555.1, 7.3, 157, 131)
    at_once = painted(PicturePainter(drawn(path)), odd)
    monkeypatch.setattr(pictures, "_PIECE_PX", 50)
    in_pieces = painted(PicturePainter(drawn(path)), odd)
    assert np.abs(in_pieces.astype(int) - at_once).max() <= 2


def test_opacity_lets_the_ground_through(noise: tuple[Path, np.ndarray]) -> None:
    path, cells = noise
    half = painted(PicturePainter(drawn(path, 0.5)), VIEW).astype(float)
    assert np.abs(half - (cells / 2 + 127.5)).max() <= 2
    assert (painted(PicturePainter(drawn(path, 0.0)), VIEW) == 255).all()


def test_a_dense_screen_gets_its_own_pixels(noise: tuple[Path, np.ndarray]) -> None:
    path, cells = noise
    coarse = MapView(VIEW.center_x, VIEW.center_y, 20.0, 60, 45)
    np.testing.assert_array_equal(painted(PicturePainter(drawn(path)), coarse, ratio=2.0), cells)


def test_a_file_that_is_gone_paints_nothing_and_says_so_until_it_is_back(
    noise: tuple[Path, np.ndarray],
) -> None:
    path, cells = noise
    painter = PicturePainter(drawn(path))
    kept = path.rename(path.with_suffix(".kept"))
    assert (painted(painter, VIEW) == 255).all()
    assert str(path) in painter.trouble
    kept.rename(path)
    np.testing.assert_array_equal(painted(painter, VIEW), cells)
    assert painter.trouble == ""
    painter.close()


def test_a_system_that_cannot_be_reached_is_said(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "old.tif", np.zeros((4, 4), dtype=np.uint8), crs="EPSG:2383")
    picture = picture_of(path)
    given = DrawnPicture(picture, parse_crs("4547").to_wkt(), tmp_path)
    painter = PicturePainter(given)
    assert (painted(painter, VIEW) == 255).all()
    assert "参数" in painter.trouble
