from __future__ import annotations

from pathlib import Path

import numpy as np
import pyproj
import pytest
import rasterio
from rasterio.transform import Affine

from layers.crs import parse_crs, transform_points
from layers.errors import CrsError, InputError
from layers.formats.raster import CellWindow, RasterFile, RasterLevel, reading
from layers.pictures.opening import open_source
from layers.pictures.raster import RasterSource
from layers.pictures.raster_model import RasterPicture
from layers.pictures.source import Rgba
from tests.layers.pictures.raster_samples import NORTH, WEST, picture_of, write_raster

OURS = parse_crs("4547")


def render(
    picture: RasterPicture,
    bounds: tuple[float, float, float, float],
    size: tuple[int, int],
    crs: pyproj.CRS = OURS,
) -> Rgba:
    source = open_source(picture, Path("none"))
    try:
        rendered = source.render(bounds, *size, crs)
    finally:
        source.close()
    assert (rendered.missing, rendered.trouble) == ((), "")
    return rendered.rgba


def whole(columns: int, rows: int) -> tuple[float, float, float, float]:
    return WEST, NORTH - 10.0 * rows, WEST + 10.0 * columns, NORTH


def test_bytes_are_shown_as_they_stand_where_a_pixel_is_a_cell(tmp_path: Path) -> None:
    cells = np.random.default_rng(1).integers(0, 256, (3, 7, 5), dtype=np.uint8)
    picture = picture_of(write_raster(tmp_path / "image.tif", cells, photometric="rgb"))
    assert picture.style.mode == "color"
    found = render(picture, whole(5, 7), (5, 7))
    np.testing.assert_array_equal(found[..., :3], np.moveaxis(cells, 0, -1))
    assert (found[..., 3] == 255).all()


def test_a_cell_fills_its_pixels_and_nothing_is_outside(tmp_path: Path) -> None:
    cells = np.array([[10, 20], [30, 40]], dtype=np.uint8)
    picture = picture_of(write_raster(tmp_path / "four.tif", cells))
    xmin, ymin, xmax, ymax = whole(2, 2)
    found = render(picture, (xmin - 10, ymin - 10, xmax + 10, ymax + 10), (8, 8))
    expected = np.zeros((8, 8), dtype=np.uint8)
    expected[2:6, 2:6] = np.repeat(np.repeat(cells, 2, axis=0), 2, axis=1)
    np.testing.assert_array_equal(found[..., 0], expected)
    np.testing.assert_array_equal(found[..., 3] > 0, expected > 0)


def test_stretch_makes_the_ends_of_its_range_black_and_white(tmp_path: Path) -> None:
    # 0 … 100: percentile 2 is 2, percentile 98 is 98; mean 50, deviation sqrt((101² - 1) / 12) = 29.1548
    cells = np.arange(101, dtype=np.float32).reshape(1, 101)
    file = write_raster(tmp_path / "ramp.tif", cells)

    def grays(stretch: str) -> list[int]:
        found = render(picture_of(file, stretch=stretch), whole(101, 1), (101, 1))[0, :, 0]
        return [int(value) for value in found]

    assert grays("minmax") == [int(value * 2.55 + 0.5) for value in range(101)]
    percentile = grays("percentile")
    assert percentile[:4] == [0, 0, 0, 3]  # 255 / 96 = 2.66 a step
    assert percentile[97:] == [252, 255, 255, 255]
    # two deviations reach beyond 0 and 100, and no range is wider than the values
    assert grays("deviation") == grays("minmax")


def test_two_deviations_around_the_mean_where_values_reach_further(tmp_path: Path) -> None:
    # 98 cells of 50, one of 0, one of 100: mean 50, variance 2 * 2500 / 100 = 50, deviation 7.0711
    cells = np.full((1, 100), 50, dtype=np.float32)
    cells[0, :2] = 0, 100
    picture = picture_of(write_raster(tmp_path / "narrow.tif", cells), stretch="deviation")
    known = picture.bands[0].statistics
    assert known is not None
    assert known.deviation == pytest.approx(50**0.5)
    found = render(picture, whole(100, 1), (100, 1))[0, :3, 0]
    assert found.tolist() == [0, 255, 128]


def test_bands_have_ranges_of_their_own_or_one_for_all(tmp_path: Path) -> None:
    cells = np.zeros((3, 1, 2), dtype=np.uint16)
    cells[:, 0, 1] = 100, 200, 400
    file = write_raster(tmp_path / "three.tif", cells)
    own = render(picture_of(file, stretch="minmax", smooth=False), whole(2, 1), (2, 1))
    shared = render(picture_of(file, stretch="minmax", smooth=False, shared=True), whole(2, 1), (2, 1))
    assert own[0, 1, :3].tolist() == [255, 255, 255]
    assert shared[0, 1, :3].tolist() == [64, 128, 255]


def test_bands_are_shown_in_the_chosen_order(tmp_path: Path) -> None:
    cells = np.array([[[1]], [[2]], [[3]], [[4]]], dtype=np.uint8)
    picture = picture_of(
        write_raster(tmp_path / "four.tif", cells, photometric="minisblack"),
        mode="color",
        bands=(4, 2, 1),
        stretch="none",
    )
    assert render(picture, whole(1, 1), (1, 1))[0, 0, :3].tolist() == [4, 2, 1]


@pytest.mark.parametrize("nodata", [-9999.0, 3.4028234663852886e38, float("nan")])
def test_cells_without_data_are_transparent(tmp_path: Path, nodata: float) -> None:
    cells = np.array([[1, nodata, 3]], dtype=np.float32)
    picture = picture_of(write_raster(tmp_path / "holes.tif", cells, nodata=nodata))
    known = picture.bands[0].statistics
    assert known is not None
    assert (known.minimum, known.maximum, known.cells) == (1, 3, 2)
    assert render(picture, whole(3, 1), (3, 1))[0, :, 3].tolist() == [255, 0, 255]


def test_a_value_that_was_chosen_to_mean_nothing_is_transparent_too(tmp_path: Path) -> None:
    cells = np.array([[0, 1, 255]], dtype=np.uint8)
    picture = picture_of(write_raster(tmp_path / "zero.tif", cells), nodata=0)
    assert render(picture, whole(3, 1), (3, 1))[0, :, 3].tolist() == [0, 255, 255]


def test_black_in_one_band_only_is_a_colour(tmp_path: Path) -> None:
    cells = np.array([[[0, 0]], [[0, 9]], [[0, 9]]], dtype=np.uint8)
    picture = picture_of(write_raster(tmp_path / "black.tif", cells, nodata=0))
    assert render(picture, whole(2, 1), (2, 1))[0, :, 3].tolist() == [0, 255]


def test_transparency_of_the_file_is_kept(tmp_path: Path) -> None:
    cells = np.full((4, 1, 3), 200, dtype=np.uint8)
    cells[3, 0] = 0, 128, 255
    picture = picture_of(write_raster(tmp_path / "alpha.tif", cells, photometric="rgb", alpha="yes"))
    assert picture.style.bands == (1, 2, 3)
    assert render(picture, whole(3, 1), (3, 1))[0, :, 3].tolist() == [0, 128, 255]


def test_a_palette_gives_its_colours_and_is_never_mixed(tmp_path: Path) -> None:
    cells = np.array([[1, 2]], dtype=np.uint8)
    file = write_raster(tmp_path / "classes.tif", cells)
    with rasterio.open(file, "r+") as opened:
        opened.write_colormap(1, {1: (255, 0, 0, 255), 2: (0, 0, 255, 255)})
    picture = picture_of(file, smooth=True)
    assert picture.style.mode == "palette"
    found = render(picture, whole(2, 1), (64, 32))
    colors = {tuple(color) for color in found.reshape(-1, 4).tolist()}
    assert colors == {(255, 0, 0, 255), (0, 0, 255, 255)}


def test_smooth_values_lie_between_those_of_the_cells(tmp_path: Path) -> None:
    cells = np.array([[0, 200]], dtype=np.uint8)
    picture = picture_of(write_raster(tmp_path / "two.tif", cells), stretch="none", smooth=True)
    found = render(picture, whole(2, 1), (8, 4))[0, :, 0].astype(int)
    # pixel centres lie at 1/8, 3/8 … of the two cells, whose centres are at 1/2 and 3/2
    expected = [0, 0, 25, 75, 125, 175, 200, 200]
    assert np.abs(found - expected).max() <= 1


def test_turned_rasters_lie_where_their_transform_says(tmp_path: Path) -> None:
    cells = np.arange(1, 13, dtype=np.uint8).reshape(3, 4)
    turned = Affine.translation(WEST, NORTH) @ Affine.rotation(30) @ Affine.scale(10, -10)
    picture = picture_of(write_raster(tmp_path / "turned.tif", cells, transform=turned), stretch="none")
    for (row, column), value in np.ndenumerate(cells):
        x, y = turned @ (column + 0.5, row + 0.5)
        assert render(picture, (x - 1, y - 1, x + 1, y + 1), (1, 1))[0, 0, 0] == value


@pytest.mark.parametrize(("source", "cell"), [("EPSG:4490", 1e-4), ("EPSG:4526", 10.0), ("EPSG:4326", 1e-4)])
def test_another_system_shows_the_cell_that_pyproj_finds(tmp_path: Path, source: str, cell: float) -> None:
    crs = parse_crs(source)
    x, y = transform_points([WEST + 1000], [NORTH - 1000], OURS, crs)
    at = Affine(cell, 0, float(x[0]) - 100 * cell, 0, -cell, float(y[0]) + 100 * cell)
    cells = np.random.default_rng(2).integers(0, 256, (200, 200), dtype=np.uint8)
    picture = picture_of(
        write_raster(tmp_path / "other.tif", cells, crs=source, transform=at), stretch="none"
    )
    bounds, (width, height) = (WEST + 700, NORTH - 1300, WEST + 1300, NORTH - 700), (170, 130)
    found = render(picture, bounds, (width, height))
    px = WEST + 700 + (np.arange(width) + 0.5) * 600 / width
    py = NORTH - 700 - (np.arange(height) + 0.5) * 600 / height
    east, north = np.meshgrid(px, py)
    # the other way than ours: projection by projection, each on its own ellipsoid
    degrees = pyproj.Proj(OURS)(east, north, inverse=True)
    there = degrees if crs.is_geographic else pyproj.Proj(crs)(*degrees)
    columns = (np.asarray(there[0]) - at.c) / at.a
    rows = (np.asarray(there[1]) - at.f) / at.e
    clear = (np.abs(columns % 1 - 0.5) < 0.4) & (np.abs(rows % 1 - 0.5) < 0.4)
    expected = cells[np.floor(rows).astype(int), np.floor(columns).astype(int)]
    assert clear.mean() > 0.5
    np.testing.assert_array_equal(found[..., 0][clear], expected[clear])


def test_systems_without_a_safe_way_are_refused(tmp_path: Path) -> None:
    cells = np.zeros((2, 2), dtype=np.uint8)
    old = write_raster(tmp_path / "xian.tif", cells, crs="EPSG:2383")  # Xian 1980, central meridian 114
    with pytest.raises(CrsError, match="参数"):
        render(picture_of(old), whole(2, 2), (2, 2))


def test_tiles_side_by_side_are_the_whole(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    heights = np.cumsum(np.cumsum(rng.normal(size=(300, 300)), axis=0), axis=1).astype(np.float32)
    file = write_raster(
        tmp_path / "dem.tif", heights, overviews=(2, 4), tiled=True, blockxsize=64, blockysize=64
    )
    for style in ({"mode": "hillshade", "smooth": True}, {"shaded": True}, {"mode": "hillshade"}):
        picture = picture_of(file, **style)
        for pixel in (3.3, 10.0, 27.0):
            x, y, side = WEST + 311.0, NORTH - 2789.0, 96 * pixel
            at_once = render(picture, (x, y, x + side, y + side), (96, 96))
            half = side / 2
            parts = [
                render(picture, (x + dx, y + dy, x + dx + half, y + dy + half), (48, 48))
                for dy in (half, 0)
                for dx in (0, half)
            ]
            joined = np.vstack([np.hstack(parts[:2]), np.hstack(parts[2:])])
            assert np.abs(joined.astype(int) - at_once).max() <= 1, (style, pixel)


class _Counting:
    """Adds up the cells that are read, as they stand in the form they are read from."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cells = 0
        plain = RasterFile.read

        def read(
            file: RasterFile, level: RasterLevel, bands: tuple[int, ...], window: CellWindow, *, mixed: bool
        ) -> np.ndarray:
            self.cells += window.width * window.height * level.steps**2
            return plain(file, level, bands, window, mixed=mixed)

        monkeypatch.setattr(RasterFile, "read", read)


def test_no_more_is_read_than_the_screen_can_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A raster of 3.6 thousand million cells, of which nothing is stored but its outline."""
    path = tmp_path / "huge.tif"
    side = 60_000
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=side,
        height=side,
        count=1,
        dtype="uint8",
        crs="EPSG:4547",
        transform=Affine(0.1, 0, WEST, 0, -0.1, NORTH),
        tiled=True,
        blockxsize=512,
        blockysize=512,
        sparse_ok=True,
        bigtiff="yes",
    ) as written:
        written.write(np.full((1, 64, 64), 7, dtype=np.uint8), window=rasterio.windows.Window(0, 0, 64, 64))
    with rasterio.Env(SPARSE_OK_OVERVIEW="YES"), rasterio.open(path, "r+") as written:
        written.build_overviews([2, 4, 8, 16, 32, 64, 128], rasterio.enums.Resampling.nearest)
    counting = _Counting(monkeypatch)
    picture = picture_of(path)
    # a form is at most twice as fine each way as a million cells over the whole would be
    assert counting.cells <= 4_000_000
    source = RasterSource(picture, tmp_path)
    width, height = 480, 360
    for crs in (OURS, parse_crs("4490"), parse_crs("4526")):
        extent = source.extent(crs)
        assert extent is not None
        middle = (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2
        for share in (1.0, 0.5, 0.3, 0.1, 0.011, 0.001):
            half = (extent[2] - extent[0]) * share / 2
            tall = half * height / width
            bounds = middle[0] - half, middle[1] - tall, middle[0] + half, middle[1] + tall
            counting.cells = 0
            source.render(bounds, width, height, crs)
            # a form is at most twice as fine as the pixels each way; a rim of two cells comes on top
            most = (2.1 * width + 6) * (2.1 * height + 6) * 1.1
            assert 0 < counting.cells <= most, (crs.name, share, counting.cells / width / height)
    source.close()


def test_without_coarser_forms_a_screen_still_gets_its_cells_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = np.zeros((400, 400), dtype=np.uint8)
    cells[:200] = 100
    picture = picture_of(write_raster(tmp_path / "plain.tif", cells), stretch="none")
    found = render(picture, whole(400, 400), (10, 10))
    assert found[:5, :, 0].tolist() == [[100] * 10] * 5
    assert found[5:, :, 0].tolist() == [[0] * 10] * 5
    assert (found[..., 3] == 255).all()


def test_a_file_that_is_gone_or_another_is_said_in_a_sentence(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "gone.tif", np.zeros((2, 2), dtype=np.uint8))
    picture = picture_of(path)
    write_raster(path, np.zeros((3, 2), dtype=np.uint8))
    with pytest.raises(InputError, match="不是当初"):
        open_source(picture, tmp_path)
    path.unlink()
    with pytest.raises(InputError, match="不在") as caught:
        open_source(picture, tmp_path)
    assert str(path) in str(caught.value)


def test_a_file_that_ends_early_leaves_the_map_going(tmp_path: Path) -> None:
    cells = np.random.default_rng(4).integers(0, 256, (400, 400), dtype=np.uint8)
    path = write_raster(tmp_path / "cut.tif", cells, compress="deflate")
    picture = picture_of(path)
    whole_file = path.read_bytes()
    source = RasterSource(picture, tmp_path)
    path.write_bytes(whole_file[:2000])
    rendered = source.render(whole(400, 400), 400, 400, OURS)
    source.close()
    assert str(path) in rendered.trouble
    assert not rendered.rgba[..., 3].any()


def test_a_file_deleted_while_open_and_put_back(tmp_path: Path) -> None:
    cells = np.array([[10, 20]], dtype=np.uint8)
    path = write_raster(tmp_path / "here.tif", cells)
    source = RasterSource(picture_of(path), tmp_path)
    assert source.render(whole(2, 1), 2, 1, OURS).rgba[0, :, 0].tolist() == [10, 20]
    kept = path.rename(tmp_path / "kept.tif")
    for _again in range(2):
        gone = source.render(whole(2, 1), 2, 1, OURS)
        assert str(path) in gone.trouble
        assert "不在原处" in gone.trouble
        assert not gone.rgba.any()
    kept.rename(path)
    back = source.render(whole(2, 1), 2, 1, OURS)
    assert (back.trouble, back.rgba[0, :, 0].tolist()) == ("", [10, 20])
    write_raster(path, cells + 5)
    assert source.render(whole(2, 1), 2, 1, OURS).rgba[0, :, 0].tolist() == [15, 25]
    source.close()


def test_blocks_are_kept_between_reads_and_take_a_bounded_share_of_memory(tmp_path: Path) -> None:
    from rasterio.env import get_gdal_config

    with reading(tmp_path):
        assert get_gdal_config("GDAL_CACHEMAX") == 64 * 1024 * 1024


def test_nothing_is_read_beside_the_raster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = picture_of(write_raster(tmp_path / "away.tif", np.ones((4, 4), dtype=np.uint8)))
    counting = _Counting(monkeypatch)
    found = render(picture, (0.0, 0.0, 100.0, 100.0), (10, 10))
    assert not found.any()
    assert counting.cells == 0
