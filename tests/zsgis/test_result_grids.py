"""A result's grid as a raster of the project: where it is kept, how it looks, what it inherits."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pyproj
import pytest
import rasterio

from layers.pictures.adding import raster_facts
from layers.pictures.coloring import value_range
from layers.pictures.raster_model import RasterStyle
from layers.progress import NoProgress
from tests.ui.window_samples import make_project
from zsgis.analysis.layers_used import unsigned_record
from zsgis.charts import MapClass, ResultGrid
from zsgis.result import Result
from zsgis.result_grids import grid_picture, results_folder

CELLS = np.array([[30.0, np.nan], [55.5, 70.0]], dtype=np.float32)


def scores() -> ResultGrid:
    at = (100.0, 0.0, 500_000.0, 0.0, -100.0, 2_490_200.0)
    low = (MapClass("0", "0–100", "#C0562B"),)
    return ResultGrid(
        "scores", "得分栅格", pyproj.CRS(4547), at, CELLS, low, ramp="score", limits=(0.0, 100.0)
    )


def result(secrecy: str = "") -> Result:
    return Result("suitability", "适宜性评价", (), (), (), unsigned_record((), (), {}), secrecy=secrecy)


def test_it_lies_beside_the_project_and_moves_with_it(tmp_path: Path) -> None:
    with make_project(tmp_path / "工程.gpkg") as project:
        assert results_folder(project) == tmp_path / "工程.成果"
        picture = grid_picture(project, result(), scores(), None, NoProgress())
    assert (picture.path, picture.name) == ("工程.成果/适宜性评价_得分栅格.tif", "适宜性评价 得分栅格")
    with rasterio.open(tmp_path / picture.path) as written:
        cells = written.read(1, masked=True).filled(np.nan)
    np.testing.assert_array_equal(cells, CELLS)


def test_its_colours_stand_for_the_scores_and_not_for_what_is_there(tmp_path: Path) -> None:
    with make_project(tmp_path / "p.gpkg") as project:
        picture = grid_picture(project, result(), scores(), None, NoProgress())
    assert (picture.style.mode, picture.style.ramp) == ("single", "score")
    known = picture.bands[0].statistics
    assert known is not None
    assert (known.minimum, known.maximum) == (30.0, 70.0)
    assert value_range(picture.style, picture.bands) == ((0.0, 100.0),)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    with make_project(tmp_path / "p.gpkg") as project:
        first = grid_picture(project, result(), scores(), None, NoProgress())
        before = (tmp_path / first.path).read_bytes()
        other = dataclasses.replace(scores(), cells=CELLS + 1)
        second = grid_picture(project, result(), other, None, NoProgress())
    assert second.path == "p.成果/适宜性评价_得分栅格 2.tif"
    assert (tmp_path / first.path).read_bytes() == before
    assert first.uid != second.uid


def test_it_is_as_secret_as_what_it_came_from(tmp_path: Path) -> None:
    with make_project(tmp_path / "p.gpkg") as project:
        picture = grid_picture(project, result("秘密★10年"), scores(), None, NoProgress())
    assert picture.secrecy == "秘密★10年"
    # the file says so itself, wherever it goes
    assert raster_facts(tmp_path / picture.path).secrecy == "秘密★10年"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    with make_project(tmp_path / "p.gpkg") as project:
        (tmp_path / "p.成果").write_text("a file stands where the folder would be")
        with pytest.raises(OSError, match=r"p\.成果"):
            grid_picture(project, result(), scores(), None, NoProgress())
        with pytest.raises(OSError, match="gone"):
            grid_picture(project, result(), scores(), tmp_path / "gone" / "a.tif", NoProgress())


@pytest.mark.parametrize("limits", [None, (5.0, 5.0), (2.0, 1.0), (float("-inf"), 1.0)])
def test_stated_limits_are_two_numbers_that_rise(limits: tuple[float, float] | None) -> None:
    with pytest.raises(ValueError, match="rise"):
        RasterStyle(stretch="stated", limits=limits)
