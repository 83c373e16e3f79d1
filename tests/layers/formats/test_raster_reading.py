"""Rasters in every form that is handed in: the right cells on the right place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from layers.datums import Datum, central_meridian, datum_of, false_easting
from layers.errors import InputError
from layers.formats.raster import CellWindow, RasterFile, is_raster_file
from layers.formats.raster_facts import RasterFacts
from tests.layers.formats.raster_samples import (
    CELL,
    NORTH,
    PLACE,
    PRJ,
    WEST,
    colors,
    grid,
    heights,
    valid_files,
    with_world,
    write,
)


def _facts_and_cells(path: Path) -> tuple[RasterFacts, np.ndarray]:
    file = RasterFile(path)
    try:
        facts = file.facts
        bands = tuple(band.number for band in facts.bands)
        window = CellWindow(0, 0, facts.width, facts.height)
        return facts, file.read(file.level(1.0), bands, window, mixed=False)
    finally:
        file.close()


@pytest.mark.parametrize("centre", [False, True])
def test_an_ascii_grid_by_corner_and_by_centre(tmp_path: Path, centre: bool) -> None:
    facts, cells = _facts_and_cells(grid(tmp_path / "a.asc", centre=centre))
    assert cells[0].tolist() == [[1.5, 2.5, 3.5], [4.5, -9999, 6.5]]
    assert facts.transform == pytest.approx((CELL, 0, WEST, 0, -CELL, NORTH))
    assert facts.bands[0].nodata == -9999
    assert facts.crs is None


def test_an_ascii_grid_with_a_prj_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.prj").write_text(PRJ, encoding="utf-8")
    facts, _cells = _facts_and_cells(grid(tmp_path / "a.asc"))
    assert facts.crs is not None
    # in ESRI's words it carries no number: 3-degree zone of 114 degrees east
    assert datum_of(facts.crs) is Datum.CGCS2000
    assert central_meridian(facts.crs) == 114
    assert false_easting(facts.crs) == 500_000


def test_erdas_imagine(tmp_path: Path) -> None:
    path = write(tmp_path / "a.img", heights(), "HFA", crs="EPSG:4547", transform=PLACE, nodata=0.5)
    facts, cells = _facts_and_cells(path)
    assert (cells == heights()).all()
    assert facts.transform == pytest.approx(tuple(PLACE)[:6])
    assert facts.crs is not None
    assert facts.bands[0].nodata == 0.5


@pytest.mark.parametrize(
    ("name", "driver", "ending"),
    [
        ("a.tif", "GTiff", ".tfw"),
        ("a.tif", "GTiff", ".TFW"),
        ("a.tif", "GTiff", ".wld"),
        ("a.png", "PNG", ".pgw"),
        ("a.png", "PNG", ".wld"),
        ("a.jpg", "JPEG", ".jgw"),
        ("a.jpg", "JPEG", ".wld"),
        ("正射影像.jpeg", "JPEG", ".jgw"),
    ],
)
def test_world_files(tmp_path: Path, name: str, driver: str, ending: str) -> None:
    path = with_world(tmp_path / name, driver, ending)
    assert is_raster_file(path)
    facts, cells = _facts_and_cells(path)
    assert facts.transform == pytest.approx((CELL, 0, WEST, 0, -CELL, NORTH))
    assert facts.crs is None
    if driver != "JPEG":  # which keeps no cell as it was
        assert (cells == colors()).all()
    path.with_suffix(".prj").write_text(PRJ, encoding="utf-8")
    assert _facts_and_cells(path)[0].crs is not None


def test_a_jpg_with_nothing_beside_it_is_a_photo(tmp_path: Path) -> None:
    path = with_world(tmp_path / "a.jpg", "JPEG", ".jgw")
    path.with_suffix(".jgw").unlink()
    assert not is_raster_file(path)
    with pytest.raises(InputError, match=r"a\.jpg.*\.jgw"):
        RasterFile(path)


@pytest.mark.real_data
def test_a_real_terrain_model(shared_data: Path) -> None:
    facts, cells = _facts_and_cells(shared_data / "raster" / "rmnp-dem.tif")
    assert facts.crs is not None
    assert facts.crs.to_epsg() == 4326
    assert cells.dtype == np.uint16
    assert cells.shape == (1, facts.height, facts.width)


def test_every_cut_reads_or_complains(tmp_path: Path) -> None:
    for path in valid_files(tmp_path):
        whole = path.read_bytes()
        cut = path.with_name(f"cut{path.suffix}")
        for beside in tmp_path.glob(f"{path.stem}.?gw"):
            beside.rename(cut.with_suffix(beside.suffix))
        for length in range(0, len(whole), max(len(whole) // 12, 1)):
            cut.write_bytes(whole[:length])
            assert _reads_or_complains(cut)


def _reads_or_complains(path: Path) -> bool:
    try:
        return _facts_and_cells(path)[1].size > 0
    except InputError as error:
        return str(path) in error.where


def test_a_world_file_with_an_endless_line_is_told(tmp_path: Path) -> None:
    path = with_world(tmp_path / "photo.jpg", "JPEG", ".jgw")
    # GDAL reads lines of a bounded length there, and says so in its own way where a band is asked about
    (tmp_path / "photo.jgw").write_text("10.0\n0\n0\n-10.0\n436005.0\n2" + "[" * 200 + "\n", "ascii")
    with pytest.raises(InputError) as error:
        RasterFile(path)
    assert error.value.where == str(path)
    assert error.value.remedy
