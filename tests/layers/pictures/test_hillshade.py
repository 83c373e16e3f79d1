"""Light on terrain against the formula in its other form: slope and aspect, cell by cell."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pyproj
import pytest
from rasterio.transform import Affine

from layers.crs import parse_crs
from layers.pictures.adding import raster_facts, raster_picture
from layers.pictures.hillshade import cell_vectors, illumination
from layers.pictures.raster_model import Relief
from tests.layers.pictures.raster_samples import NORTH, WEST, picture_of, write_raster
from tests.layers.pictures.test_raster_drawing import render, whole


def slow_light(heights: np.ndarray, across: float, down: float, relief: Relief) -> np.ndarray:
    """Horn's slope and aspect in a loop, then the light as cartographers' books give it."""
    found = np.empty((heights.shape[0] - 2, heights.shape[1] - 2))
    zenith = math.radians(90 - relief.altitude)
    light_from = math.radians(90 - relief.azimuth)  # counted from east, anticlockwise
    for row in range(found.shape[0]):
        for column in range(found.shape[1]):
            (a, b, c), (d, _e, f), (g, h, i) = heights[row : row + 3, column : column + 3].tolist()
            dx = ((c + 2 * f + i) - (a + 2 * d + g)) / (8 * across)
            dy = ((a + 2 * b + c) - (g + 2 * h + i)) / (8 * down)
            slope = math.atan(relief.z_factor * math.hypot(dx, dy))
            downhill = math.atan2(-dy, -dx)
            found[row, column] = max(
                math.cos(zenith) * math.cos(slope)
                + math.sin(zenith) * math.sin(slope) * math.cos(light_from - downhill),
                0.0,
            )
    return found


@pytest.mark.parametrize(
    "relief",
    [
        Relief(),
        Relief(azimuth=0, altitude=30),
        Relief(azimuth=200, altitude=80, z_factor=3),
        Relief(altitude=90),
    ],
)
def test_light_is_horns(relief: Relief) -> None:
    heights = np.random.default_rng(5).normal(100, 20, (12, 15))
    cell = cell_vectors((10.0, 0.0, WEST, 0.0, -12.0, NORTH), parse_crs("4547"), np.arange(10.0) + 0.5, 7)
    np.testing.assert_allclose(
        illumination(heights, relief, cell), slow_light(heights, 10, 12, relief), atol=1e-12
    )


def test_a_degree_has_the_length_of_the_ellipsoid_there() -> None:
    # cells of a thousandth of a degree whose first centre is at 22.5 N
    cell = cell_vectors((0.001, 0.0, 113.0, 0.0, -0.001, 22.5005), parse_crs("4490"), np.array([0.5]), 0.5)
    geod = pyproj.Geod(ellps="GRS80")
    east = geod.inv(113.0, 22.5, 113.001, 22.5)[2]
    north = geod.inv(113.0, 22.4995, 113.0, 22.5005)[2]
    assert cell[0].item() == pytest.approx(east, rel=1e-7)
    assert cell[3].item() == pytest.approx(-north, rel=1e-7)
    assert cell[1].item() == cell[2].item() == 0


def test_the_same_slope_is_lit_alike_in_degrees_and_in_metres(tmp_path: Path) -> None:
    # a plane that rises 0.5 m a metre to the east, in both systems
    columns = np.arange(40, dtype=np.float64)
    metres = np.tile(columns * 10 * 0.5, (40, 1))
    geod = pyproj.Geod(ellps="GRS80")
    step = 1e-4
    across = geod.inv(113.38, 22.5, 113.38 + step, 22.5)[2]
    degrees = np.tile(columns * across * 0.5, (40, 1))
    flat = picture_of(write_raster(tmp_path / "metres.tif", metres), mode="hillshade", smooth=False)
    geographic = picture_of(
        write_raster(
            tmp_path / "degrees.tif",
            degrees,
            crs="EPSG:4490",
            transform=Affine(step, 0, 113.38, 0, -step, 22.5 + 20 * step),
        ),
        mode="hillshade",
        smooth=False,
    )
    bounds = (113.38, 22.5 - 20 * step, 113.38 + 40 * step, 22.5 + 20 * step)
    first = render(flat, whole(40, 40), (40, 40))[5:-5, 5:-5, 0].astype(int)
    second = render(geographic, bounds, (40, 40), parse_crs("4490"))[5:-5, 5:-5, 0].astype(int)
    # sin 45 cos s + cos 45 sin s cos(315 - 270), tan s = 0.5: the slope faces west, the light comes from 315
    expected = (math.sqrt(0.5) + math.sqrt(0.5) * 0.5 * math.sqrt(0.5)) / math.sqrt(1.25) * 255
    assert np.abs(first - expected).max() <= 1
    assert np.abs(second - expected).max() <= 1


def test_a_hole_does_not_darken_its_neighbours(tmp_path: Path) -> None:
    heights = np.full((5, 5), 100, dtype=np.float32)
    heights[2, 2] = -9999
    picture = picture_of(
        write_raster(tmp_path / "hole.tif", heights, nodata=-9999), mode="hillshade", smooth=False
    )
    found = render(picture, whole(5, 5), (5, 5))
    level = round(math.sqrt(0.5) * 255)
    assert found[2, 2, 3] == 0
    assert set(found[..., 0][found[..., 3] > 0].tolist()) == {level}


@pytest.mark.real_data
def test_the_real_terrain_is_lit_as_the_loop_says(shared_data: Path) -> None:
    path = shared_data / "raster" / "rmnp-dem.tif"
    picture = raster_picture(raster_facts(path), uid="dem", name="dem", project_folder=shared_data)
    assert picture.path == "raster/rmnp-dem.tif"
    picture = picture.model_copy(
        update={
            "path": str(path),
            "style": picture.style.model_copy(update={"mode": "hillshade", "smooth": False}),
        }
    )
    crs = parse_crs("4326")
    found = render(picture, picture.own_bounds, (picture.width, picture.height), crs)[1:-1, 1:-1, 0]
    import rasterio

    with rasterio.open(path) as opened:
        heights = opened.read(1).astype(float)
    geod = pyproj.Geod(ellps="WGS84")
    for row in (0, 90, 180):
        latitude = picture.transform[5] + (row + 1.5) * picture.transform[4]
        across = geod.inv(-105.0, latitude, -105.0 + picture.transform[0], latitude)[2]
        half = picture.transform[4] / 2
        down = geod.inv(-105.0, latitude - half, -105.0, latitude + half)[2]
        expected = slow_light(heights[row : row + 3], across, down, Relief())[0] * 255
        assert np.abs(found[row].astype(float) - expected).max() <= 0.51
