"""Until the right tiles come, those of other scales are shown: without a gap, and each place painted once."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PyQt6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from ui.canvas import tiles as tiles_module
from ui.canvas.tile_grid import TileKey, aligned, stepped
from ui.canvas.tiles import TileStore
from ui.painting.view import MapView

SIZE = (700, 500)
NOTHING = 0xFFFF00FF
COLORS = ("#102030", "#405060", "#708090", "#a0b0c0")


def view_at(units_per_px: float, east: float = 0.0, north: float = 0.0) -> MapView:
    return aligned(MapView(500_000.0 + east, 2_490_000.0 + north, units_per_px, *SIZE))


def put_all(store: TileStore, view: MapView) -> list[TileKey]:
    """Know all tiles of a view and around it, neighbours of different colours."""
    keys = store.grid(view).tiles(view, 3)
    for key, color in zip(keys, itertools.cycle(COLORS), strict=False):
        image = QImage(key.width, key.height, QImage.Format.Format_RGB32)
        image.fill(QColor(color))
        store.put(key, image)
    return keys


def painted(store: TileStore, view: MapView) -> np.ndarray:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(NOTHING)
    painter = QPainter(image)
    store.paint(painter, view)
    painter.end()
    bits = image.constBits()
    assert bits is not None
    return np.frombuffer(bits.asarray(image.sizeInBytes()), dtype=np.uint32).reshape(SIZE[1], SIZE[0]).copy()


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("steps", [-9, -4, -1, 1, 3, 7])
@pytest.mark.parametrize(("east", "north"), [(0.0, 0.0), (3.3, 7.7), (41.9, -58.1)])
def test_tiles_of_another_scale_leave_no_pixel_between_them(steps: int, east: float, north: float) -> None:
    store = TileStore()
    units = stepped(2.0)
    put_all(store, view_at(units))
    assert not (painted(store, view_at(stepped(units, steps), east, north)) == NOTHING).any()


@pytest.mark.usefixtures("qapp")
def test_what_the_last_scale_covers_is_not_painted_from_an_earlier_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = TileStore()
    units = stepped(2.0)
    put_all(store, view_at(stepped(units, 5)))
    latest = set(put_all(store, view_at(stepped(units, 3))))
    laid: list[float] = []
    really = tiles_module.lay

    def noting(painter: QPainter, image: QImage, part: MapView, view: MapView) -> None:
        laid.append(part.units_per_px)
        really(painter, image, part, view)

    monkeypatch.setattr(tiles_module, "lay", noting)
    found = painted(store, view_at(units, 3.3, 7.7))
    assert not (found == NOTHING).any()
    assert set(laid) == {key.units_per_px for key in latest}


def test_a_view_is_covered_once_all_its_tiles_are_known(qtbot: QtBot) -> None:
    del qtbot
    store, view = TileStore(), view_at(stepped(2.0))
    assert not store.covers(view)
    keys = put_all(store, view)
    assert store.covers(view)
    assert not store.covers(view_at(stepped(2.0, 1)))
    store.age()
    # older than the map, and still nothing shines through
    assert store.covers(view)
    store.clear()
    assert not store.covers(view)
    assert not (painted(TileStore(), view) != NOTHING).any()
    assert keys
