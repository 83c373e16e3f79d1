"""Tiles in one file: shown where they belong; broken files say so."""

from __future__ import annotations

import math
import sqlite3
from pathlib import Path

import pytest

from layers.errors import InputError
from layers.pictures.opening import open_source
from layers.pictures.service_models import MBTilesPicture
from tests.layers.service_samples import HERE, around, off_by_m
from tests.tile_server import LAT, LON, cross

ZOOM = 16


def _place(zoom: int) -> tuple[float, float]:
    """Return column and row of the known place, from the north, by the OpenStreetMap wiki's formula."""
    tiles = 2**zoom
    return (LON + 180) / 360 * tiles, (1 - math.asinh(math.tan(math.radians(LAT))) / math.pi) / 2 * tiles


def _make(path: Path, *, bounds: str = "113.3,22.4,113.5,22.6", kind: str = "png", side: int = 256) -> Path:
    column, row = _place(ZOOM)
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        database.execute("CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)")
        database.executemany(
            "INSERT INTO metadata VALUES (?, ?)",
            [("format", kind), ("bounds", bounds), ("attribution", '<a href="x">市局</a> 2025')],
        )
        for x in range(int(column) - 1, int(column) + 2):
            for y in range(int(row) - 1, int(row) + 2):
                data = cross((column - x) * side, (row - y) * side, side, side)
                # the file counts rows from the south
                database.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (ZOOM, x, 2**ZOOM - 1 - y, data))
    database.close()
    return path


def _picture(path: Path) -> MBTilesPicture:
    return MBTilesPicture(uid="1", name="底图", path=str(path))


@pytest.mark.parametrize("bounds", ["113.3,22.4,113.5,22.6", "", "1,2,3", "-180,-90,180,90"])
@pytest.mark.parametrize("side", [256, 512])
def test_tiles_lie_where_they_should_whatever_extent_is_declared(
    tmp_path: Path, bounds: str, side: int
) -> None:
    source = open_source(_picture(_make(tmp_path / "a.mbtiles", bounds=bounds, side=side)), tmp_path)
    shown = source.render(*_around(1.0))
    source.close()
    assert shown.missing == ()
    # a pixel of level 16 is 2.2 m here
    assert off_by_m(shown.rgba, 1.0) < 2.2


def _around(metres: float) -> tuple[tuple[float, float, float, float], int, int, object]:
    from tests.tile_server import EAST, NORTH

    return (
        (EAST - 128 * metres, NORTH - 128 * metres, EAST + 128 * metres, NORTH + 128 * metres),
        256,
        256,
        HERE,
    )


def test_the_extent_is_that_of_the_tiles_declared(tmp_path: Path) -> None:
    source = open_source(_picture(_make(tmp_path / "a.mbtiles")), tmp_path)
    found = source.extent(HERE)
    source.close()
    assert found is not None
    # 113.3 to 113.5 degrees are 20.6 km here, tiles of level 16 are 0.57 km on the ground
    assert 20_500 < found[2] - found[0] < 22_500


def test_what_lies_beside_the_tiles_is_transparent(tmp_path: Path) -> None:
    source = open_source(_picture(_make(tmp_path / "a.mbtiles")), tmp_path)
    shown = around(source, 20.0)
    source.close()
    alpha = shown.rgba[..., 3]
    assert alpha[128, 128] == 255
    assert alpha[5, 5] == 0


@pytest.mark.parametrize("case", ["missing", "text", "empty", "vector", "folder", "tables"])
def test_a_file_that_is_none_says_so_with_its_name(tmp_path: Path, case: str) -> None:
    path = tmp_path / "karte.mbtiles"
    if case == "text":
        path.write_text("hello " * 500, encoding="utf-8")
    elif case == "empty":
        _make(path)
        with sqlite3.connect(path) as database:
            database.execute("DELETE FROM tiles")
        database.close()
    elif case == "vector":
        _make(path, kind="pbf")
    elif case == "folder":
        path.mkdir()
    elif case == "tables":
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE other (x)")
        database.close()
    with pytest.raises(InputError, match=r"karte\.mbtiles"):
        open_source(_picture(path), tmp_path)
