"""Rasters out: cloud optimised, every cell as it was, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.transform import Affine

from layers.errors import InputError, JobCancelled
from layers.formats.raster_writing import write_geotiff
from layers.progress import NoProgress
from tests.layers.formats.raster_samples import (
    CELL,
    NORTH,
    PLACE,
    WEST,
    colors,
    grid,
    heights,
    with_world,
    write,
)


def _cells(path: Path) -> np.ndarray:
    with rasterio.open(path) as opened:
        cells: np.ndarray = opened.read()
        return cells


def _large(kind: Any) -> np.ndarray:
    """Return 700 x 1100 cells, more than a tile each way, all different where the type can."""
    return np.arange(700 * 1100).astype(kind).reshape(1, 700, 1100)


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.float32, np.float64])
def test_cells_are_kept_bit_for_bit_and_the_file_is_cloud_optimised(tmp_path: Path, kind: Any) -> None:
    cells = _large(kind)
    if np.dtype(kind).kind == "f":
        cells[0, 0, :4] = np.nan, np.inf, -0.0, np.finfo(kind).smallest_subnormal
    source = write(tmp_path / "a.tif", cells, "GTiff", crs="EPSG:4547", transform=PLACE, nodata=7)
    target = tmp_path / "out.tif"
    assert write_geotiff(source, target, NoProgress()).path == target
    assert _cells(target).tobytes() == cells.tobytes()
    with rasterio.open(target) as opened:
        assert opened.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert opened.block_shapes == [(512, 512)]
        assert opened.overviews(1) == [2, 4]
        assert opened.compression.name == "deflate"
        assert opened.nodata == 7
        assert opened.crs.to_epsg() == 4547
        assert opened.transform == PLACE
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.tif", "out.tif"]


def test_the_words_of_its_secrecy_are_in_the_file(tmp_path: Path) -> None:
    source = write(tmp_path / "a.tif", _large(np.uint8), "GTiff", crs="EPSG:4547", transform=PLACE)
    write_geotiff(source, tmp_path / "out.tif", NoProgress(), mark="密级：内部")
    with rasterio.open(tmp_path / "out.tif") as opened:
        assert opened.tags()["TIFFTAG_IMAGEDESCRIPTION"] == "密级：内部"
        assert opened.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"


def test_what_bands_say_is_kept(tmp_path: Path) -> None:
    source = tmp_path / "a.tif"
    write(source, colors(), "GTiff", crs="EPSG:4547", transform=PLACE, photometric="rgb")
    with rasterio.open(source, "r+") as opened:
        opened.set_band_description(1, "红")
        opened.set_band_unit(2, "m")
        opened.scales, opened.offsets = (1.0, 0.1, 1.0), (0.0, -5.0, 0.0)
    write_geotiff(source, tmp_path / "out.tif", NoProgress())
    with rasterio.open(tmp_path / "out.tif") as opened:
        assert opened.descriptions == ("红", None, None)
        assert opened.units[1] == "m"
        assert (opened.scales, opened.offsets) == ((1.0, 0.1, 1.0), (0.0, -5.0, 0.0))
        assert [one.name for one in opened.colorinterp] == ["red", "green", "blue"]


def test_colours_of_classes_and_masks_are_kept(tmp_path: Path) -> None:
    source = tmp_path / "a.tif"
    cells = (np.arange(48, dtype=np.uint8) % 3).reshape(1, 6, 8)
    write(source, cells, "GTiff", crs="EPSG:4547", transform=PLACE, photometric="palette")
    with rasterio.open(source, "r+") as opened:
        opened.write_colormap(1, {1: (10, 20, 30, 255), 2: (40, 50, 60, 255)})
    write_geotiff(source, tmp_path / "out.tif", NoProgress())
    with rasterio.open(tmp_path / "out.tif") as opened:
        assert opened.colormap(1)[2] == (40, 50, 60, 255)
        assert (opened.read() == cells).all()
    mask = np.full((6, 8), 255, dtype=np.uint8)
    mask[0, :3] = 0
    masked = tmp_path / "m.tif"
    write(masked, heights(), "GTiff", crs="EPSG:4547", transform=PLACE)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(masked, "r+") as opened:
        opened.write_mask(mask)
    write_geotiff(masked, tmp_path / "mout.tif", NoProgress())
    with rasterio.open(tmp_path / "mout.tif") as opened:
        assert (opened.dataset_mask() == mask).all()


def test_a_part_has_the_cells_that_the_box_touches(tmp_path: Path) -> None:
    source = write(tmp_path / "a.tif", heights(), "GTiff", crs="EPSG:4547", transform=PLACE)
    # columns 2 to 4 (436,020 to 436,050, the box ends inside the last), rows 1 to 2
    box = (WEST + 20, NORTH - 30, WEST + 41, NORTH - 15)
    write_geotiff(source, tmp_path / "out.tif", NoProgress(), box=box)
    assert (_cells(tmp_path / "out.tif") == heights()[:, 1:3, 2:5]).all()
    with rasterio.open(tmp_path / "out.tif") as opened:
        assert opened.transform == Affine(CELL, 0, WEST + 20, 0, -CELL, NORTH - 10)
    with pytest.raises(InputError, match="旁边"):
        write_geotiff(source, tmp_path / "b.tif", NoProgress(), box=(0, 0, 10, 10))
    assert not (tmp_path / "b.tif").exists()


@settings(max_examples=20, deadline=None)
@given(
    st.tuples(st.integers(-30, 100), st.integers(1, 60)), st.tuples(st.integers(-30, 80), st.integers(1, 60))
)
def test_any_part_keeps_each_cell_on_its_place(
    tmp_path_factory: pytest.TempPathFactory, across: tuple[int, int], down: tuple[int, int]
) -> None:
    folder = tmp_path_factory.mktemp("part")
    source = write(folder / "a.tif", heights(), "GTiff", crs="EPSG:4547", transform=PLACE)
    box = (WEST + across[0], NORTH - down[0] - down[1], WEST + across[0] + across[1], NORTH - down[0])
    # the slow way: a cell is in where its open square meets the open box
    touched = [
        (row, column)
        for row in range(6)
        for column in range(8)
        if WEST + column * CELL < box[2]
        and WEST + (column + 1) * CELL > box[0]
        and NORTH - row * CELL > box[1]
        and NORTH - (row + 1) * CELL < box[3]
    ]
    if not touched:
        with pytest.raises(InputError):
            write_geotiff(source, folder / "out.tif", NoProgress(), box=box)
        return
    write_geotiff(source, folder / "out.tif", NoProgress(), box=box)
    with rasterio.open(folder / "out.tif") as opened:
        found = opened.read(1)
        assert found.size == len(touched)
        for row, column in touched:
            moved = opened.transform
            place = row - round((NORTH - moved.f) / CELL), column - round((moved.c - WEST) / CELL)
            assert found[place] == heights()[0, row, column]


def test_other_forms_get_the_system_that_was_chosen(tmp_path: Path) -> None:
    crs = pyproj.CRS.from_epsg(4547)
    for source in (grid(tmp_path / "a.asc"), with_world(tmp_path / "b.jpg", "JPEG", ".jgw")):
        target = tmp_path / f"{source.stem}.tif"
        write_geotiff(source, target, NoProgress(), crs=crs)
        assert (_cells(target) == _cells(source)).all()
        with rasterio.open(target) as opened:
            assert opened.crs.to_epsg() == 4547
            assert opened.transform == PLACE


@pytest.mark.real_data
def test_a_real_terrain_model_comes_out_the_same(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "raster" / "rmnp-dem.tif"
    write_geotiff(source, tmp_path / "out.tif", NoProgress())
    assert (_cells(tmp_path / "out.tif") == _cells(source)).all()
    with rasterio.open(source) as ours, rasterio.open(tmp_path / "out.tif") as theirs:
        assert theirs.transform == ours.transform
        assert theirs.crs == ours.crs
        assert theirs.nodata == ours.nodata


class _Stopped:
    def __init__(self, share: float) -> None:
        self._share = share

    def step(self, done: float, text: str = "") -> None:
        if done >= self._share:
            raise JobCancelled(text)


@pytest.mark.parametrize("share", [0.0, 0.4, 0.8])
def test_stopping_at_any_stage_leaves_nothing(tmp_path: Path, share: float) -> None:
    source = write(tmp_path / "a.tif", _large(np.uint16), "GTiff", crs="EPSG:4547", transform=PLACE)
    with pytest.raises(JobCancelled):
        write_geotiff(source, tmp_path / "out.tif", _Stopped(share))
    assert [one.name for one in tmp_path.iterdir()] == ["a.tif"]


def test_what_stood_there_stays_until_the_new_file_is_whole(tmp_path: Path) -> None:
    source = write(tmp_path / "a.tif", heights(), "GTiff", crs="EPSG:4547", transform=PLACE)
    target = tmp_path / "out.tif"
    target.write_bytes(b"old")
    with pytest.raises(JobCancelled):
        write_geotiff(source, target, _Stopped(0.8))
    assert target.read_bytes() == b"old"
    write_geotiff(source, target, NoProgress())
    assert (_cells(target) == heights()).all()


def test_a_raster_is_not_written_over_itself_and_a_damaged_one_not_at_all(tmp_path: Path) -> None:
    source = write(tmp_path / "a.tif", _large(np.uint16), "GTiff", crs="EPSG:4547", transform=PLACE)
    with pytest.raises(InputError, match="自身"):
        write_geotiff(source, source, NoProgress())
    whole = source.read_bytes()
    source.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError):
        write_geotiff(source, tmp_path / "out.tif", NoProgress())
    with pytest.raises(InputError):
        write_geotiff(tmp_path / "none.tif", tmp_path / "out.tif", NoProgress())
    assert [one.name for one in tmp_path.iterdir()] == ["a.tif"]
