from __future__ import annotations

import numpy as np
import pyproj
import pytest

from layers.crs import parse_crs
from layers.errors import CrsError
from layers.pictures.mixing import mixed_cells
from layers.pictures.warp import Positions, bounds_in, positions_in, sampled, warped

GAUSS, MERCATOR = parse_crs("4547"), parse_crs("3857")
BOX = (436_000.0, 2_490_000.0, 436_640.0, 2_490_480.0)


def slow_mix(rgba: np.ndarray, column: float, row: float) -> np.ndarray:
    """Mix the four neighbours' colours by their shares of area and of what they hide, in floating point."""
    height, width = rgba.shape[:2]
    total, weight = np.zeros(3), 0.0
    for r, share_r in ((int(row - 0.5), 1 - (row - 0.5) % 1), (int(row - 0.5) + 1, (row - 0.5) % 1)):
        for c, share_c in (
            (int(column - 0.5), 1 - (column - 0.5) % 1),
            (int(column - 0.5) + 1, (column - 0.5) % 1),
        ):
            cell = rgba[min(max(r, 0), height - 1), min(max(c, 0), width - 1)].astype(float)
            part = share_r * share_c * cell[3] / 255
            total += part * cell[:3]
            weight += part
    return np.array([*(total / weight if weight else total), weight * 255])


@pytest.mark.parametrize("alphas", [(255,), (0, 255), (0, 60, 128, 255)])
def test_mixing_is_that_of_floating_point(alphas: tuple[int, ...]) -> None:
    rng = np.random.default_rng(9)
    rgba = rng.integers(0, 256, (6, 7, 4), dtype=np.uint8)
    rgba[..., 3] = rng.choice(alphas, (6, 7))
    columns, rows = rng.uniform(0.5, 6.5, (40, 1)), rng.uniform(0.5, 5.5, (40, 1))
    found = mixed_cells(rgba, Positions(columns, rows))[:, 0].astype(float)
    for place in range(40):
        expected = slow_mix(rgba, columns[place, 0], rows[place, 0])
        assert abs(found[place, 3] - expected[3]) <= 2.5
        if expected[3] > 100:  # of what hardly hides anything the colour is coarse
            assert np.abs(found[place, :3] - expected[:3]).max() <= 5


def test_a_picture_in_its_own_place_stays_as_it_is() -> None:
    rgba = np.random.default_rng(10).integers(0, 256, (48, 64, 4), dtype=np.uint8)
    rgba[..., 3] = 255
    for resampling in ("nearest", "bilinear"):
        np.testing.assert_array_equal(warped(rgba, BOX, GAUSS, BOX, (64, 48), GAUSS, resampling), rgba)


def test_the_net_of_nodes_is_as_good_as_every_pixel() -> None:
    """Positions in Web Mercator against PROJ's own pipeline, which takes the two datums as one too."""
    width, height = 300, 200
    xmin, ymin, xmax, ymax = BOX
    at = positions_in(BOX, (width, height), GAUSS, MERCATOR, (1.0, 0.0, 12_600_000.0, 0.0, -1.0, 2_600_000.0))
    x = xmin + (np.arange(width) + 0.5) * (xmax - xmin) / width
    y = ymax - (np.arange(height) + 0.5) * (ymax - ymin) / height
    east, north = np.meshgrid(x, y)
    plain = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +inv +proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 "
        "+step +proj=webmerc +lat_0=0 +lon_0=0 +x_0=0 +y_0=0 +ellps=WGS84"
    )
    there_x, there_y = plain.transform(east, north)
    # 0.05 of a pixel of 2.13 m, at 1.08 Mercator metres a metre
    assert np.abs(at.columns + 12_600_000 - there_x).max() < 0.01
    assert np.abs(2_600_000 - at.rows - there_y).max() < 0.01


def test_a_crooked_way_is_walked_pixel_by_pixel() -> None:
    """A whole continent in one small picture."""
    albers = parse_crs("+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +ellps=GRS80 +units=m")
    lonlat = pyproj.CRS(albers.geodetic_crs)
    bounds = (70.0, 5.0, 140.0, 55.0)
    at = positions_in(bounds, (70, 50), lonlat, albers, (1000.0, 0.0, 0.0, 0.0, -1000.0, 0.0))
    lon, lat = np.meshgrid(np.arange(70) + 70.5, 54.5 - np.arange(50))
    x, y = pyproj.Proj(albers)(lon, lat)
    # 0.05 of a pixel of about 110 cells
    assert np.abs(at.columns - x / 1000).max() < 5.5
    assert np.abs(at.rows + y / 1000).max() < 5.5


def test_outside_nothing_is_shown() -> None:
    rgba = np.full((4, 4, 4), 255, dtype=np.uint8)
    xmin, ymin, xmax, ymax = BOX
    beside = (xmax, ymin, xmax + (xmax - xmin), ymax)
    for resampling in ("nearest", "bilinear"):
        assert not warped(rgba, BOX, GAUSS, beside, (8, 8), GAUSS, resampling).any()
    nowhere = Positions(np.full((2, 2), np.nan), np.full((2, 2), np.nan))
    assert not sampled(rgba, nowhere, "bilinear").any()


def test_what_a_projection_cannot_show_is_left_empty() -> None:
    rgba = np.full((90, 180, 4), 255, dtype=np.uint8)
    world = (-180.0, -90.0, 180.0, 90.0)
    far = (-3e7, -2e7, 3e7, 2e7)
    found = warped(rgba, world, parse_crs("4326"), far, (60, 40), MERCATOR, "nearest")
    assert found[20, 30, 3] == 255
    corner = (np.nan, np.nan)
    assert bounds_in((corner, corner, corner, corner), GAUSS, MERCATOR) is None


def test_no_way_is_guessed() -> None:
    rgba = np.zeros((2, 2, 4), dtype=np.uint8)
    with pytest.raises(CrsError):
        warped(rgba, BOX, GAUSS, BOX, (2, 2), parse_crs("2383"), "nearest")


def test_an_outline_is_followed_between_its_corners() -> None:
    # a parallel is curved in a zone: its middle lies further south than its ends
    crs = parse_crs("4490")
    box = ((112.0, 22.0), (116.0, 22.0), (116.0, 23.0), (112.0, 23.0))
    found = bounds_in(box, crs, GAUSS)
    assert found is not None
    x, y = pyproj.Proj(GAUSS)(114.0, 22.0)
    assert found[1] == pytest.approx(y, abs=1e-3)
    assert found[1] < pyproj.Proj(GAUSS)(112.0, 22.0)[1] - 1000
    assert x == pytest.approx(500_000)
