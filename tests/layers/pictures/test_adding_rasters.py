from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import rasterio
from pydantic import ValidationError
from rasterio.transform import Affine

from layers.crs import coordinate_change, parse_crs
from layers.errors import CrsError, InputError, JobCancelled
from layers.formats.raster import is_raster_file
from layers.pictures.adding import raster_facts, raster_picture, statistics_of
from layers.pictures.drawn import drawn_picture
from layers.pictures.identify import values_at
from layers.pictures.model import picture_from_json, picture_to_json
from layers.pictures.overviews import build_overviews, needs_overviews, overview_file
from layers.pictures.paths import resolved
from layers.pictures.raster import RasterSource
from layers.pictures.raster_model import RasterPicture, RasterStyle
from tests.layers.pictures.raster_samples import NORTH, WEST, picture_of, write_raster

OURS = parse_crs("4547")


def test_a_picture_survives_json(tmp_path: Path) -> None:
    cells = np.array([[1.5, float("nan")]], dtype=np.float32)
    picture = picture_of(write_raster(tmp_path / "nan.tif", cells, nodata=float("nan")), stretch="deviation")
    text = json.dumps(picture_to_json(picture), allow_nan=False)
    assert picture_from_json(json.loads(text)) == picture
    with pytest.raises(ValidationError):
        picture_from_json({**json.loads(text), "surprise": 1})
    with pytest.raises(ValidationError):
        picture_from_json({**json.loads(text), "style": {"bands": [2]}})


def test_statistics_are_those_of_all_cells_of_a_small_raster(tmp_path: Path) -> None:
    cells = np.random.default_rng(6).gamma(2.0, 50.0, (300, 200)).astype(np.float32)
    cells[:20] = -1
    picture = picture_of(write_raster(tmp_path / "gamma.tif", cells, nodata=-1))
    known, values = picture.bands[0].statistics, np.sort(cells[20:].astype(np.float64).ravel())
    assert known is not None
    assert known.cells == len(values) == 56_000
    assert (known.minimum, known.maximum) == (values[0], values[-1])
    assert known.mean == pytest.approx(math.fsum(values) / len(values))
    assert known.deviation == pytest.approx(math.sqrt(math.fsum((values - known.mean) ** 2) / len(values)))
    # 2 % of 55,999 steps is 1119.98
    assert known.low == pytest.approx(values[1119] * 0.02 + values[1120] * 0.98)


def test_statistics_of_a_large_raster_come_from_a_million_cells_at_most(tmp_path: Path) -> None:
    cells = np.random.default_rng(7).integers(0, 1000, (2500, 3000), dtype=np.uint16)
    known = picture_of(write_raster(tmp_path / "large.tif", cells)).bands[0].statistics
    assert known is not None
    assert 200_000 < known.cells <= 1_000_000
    assert known.mean == pytest.approx(cells.mean(), abs=3)
    assert known.high == pytest.approx(980, abs=2)


def test_nothing_has_no_statistics(tmp_path: Path) -> None:
    assert statistics_of(np.array([])) is None
    cells = np.full((3, 3), 9, dtype=np.int16)
    picture = picture_of(write_raster(tmp_path / "void.tif", cells, nodata=9))
    assert picture.bands[0].statistics is None
    source = RasterSource(picture, tmp_path)
    assert not source.render(picture.own_bounds, 3, 3, OURS).rgba[..., 3].any()
    source.close()


def test_values_under_a_click(tmp_path: Path) -> None:
    cells = np.array([[[1, 2], [3, -99]], [[10, 20], [30, 40]]], dtype=np.int16)
    path = write_raster(tmp_path / "two.tif", cells, nodata=-99)
    with rasterio.open(path, "r+") as opened:
        opened.set_band_description(1, "高程")
        opened.set_band_unit(1, "m")
        opened.scales, opened.offsets = (0.5, 1.0), (100.0, 0.0)
    picture = picture_of(path)
    assert values_at(picture, WEST + 5, NORTH - 15, OURS) == [("高程", 101.5, "m"), ("波段 2", 30.0, "")]
    assert values_at(picture, WEST + 15, NORTH - 15, OURS) == [("高程", None, "m"), ("波段 2", 40.0, "")]
    assert values_at(picture, WEST - 0.01, NORTH - 15, OURS) == []
    # 500 km further east by the zone's number in 4526
    assert values_at(picture, WEST + 38_000_005, NORTH - 5, parse_crs("4526"))[1] == ("波段 2", 10.0, "")


def test_a_raster_beside_the_project_moves_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "工程"
    (folder / "影像").mkdir(parents=True)
    path = write_raster(folder / "影像" / "a.tif", np.zeros((2, 2), dtype=np.uint8))
    inside = raster_picture(raster_facts(path), uid="a", name="a", project_folder=folder)
    assert inside.path == "影像/a.tif"
    assert resolved(inside, tmp_path / "elsewhere") == inside.model_copy(
        update={"path": str(tmp_path / "elsewhere" / "影像" / "a.tif")}
    )
    outside = raster_picture(raster_facts(path), uid="a", name="a", project_folder=tmp_path / "工程二")
    assert outside.path == str(path)
    drawn = drawn_picture(inside, OURS, project_folder=folder, cache_folder=tmp_path)
    assert isinstance(drawn.picture, RasterPicture)
    assert drawn.picture.path == str(path)
    assert drawn.extent == pytest.approx((WEST, NORTH - 20, WEST + 20, NORTH))


@pytest.mark.parametrize(
    ("driver", "ending", "world"), [("PNG", "png", "pgw"), ("JPEG", "jpg", "jgw"), ("PNG", "png", "wld")]
)
def test_pictures_with_a_world_file(tmp_path: Path, driver: str, ending: str, world: str) -> None:
    from PIL import Image

    path = tmp_path / f"scan.{ending}"
    Image.fromarray(np.full((4, 6), 99, dtype=np.uint8)).save(path)
    with pytest.raises(InputError, match="没有地理位置"):
        raster_facts(path)
    # the middle of the first cell
    path.with_suffix(f".{world}").write_text(f"10\n0\n0\n-10\n{WEST + 5}\n{NORTH - 5}\n")
    facts = raster_facts(path)
    assert facts.transform == (10, 0, WEST, 0, -10, NORTH)
    assert facts.crs is None
    with pytest.raises(CrsError, match="没有写明坐标系"):
        raster_picture(facts, uid="a", name="a", project_folder=tmp_path)
    assert picture_of(path, crs="4547").own_bounds == (WEST, NORTH - 40, WEST + 60, NORTH)
    path.with_suffix(".prj").write_text(OURS.to_wkt("WKT1_ESRI"))
    found = raster_facts(path).crs
    assert found is not None
    assert coordinate_change(found, OURS).uncertainty_m == 0


def test_a_text_grid(tmp_path: Path) -> None:
    path = tmp_path / "dem.asc"
    path.write_text(
        f"ncols 3\nnrows 2\nxllcorner {WEST}\nyllcorner {NORTH}\ncellsize 5\nNODATA_value -9999\n"
        "1.5 2 -9999\n4 5 6\n"
    )
    path.with_suffix(".prj").write_text(OURS.to_wkt("WKT1_ESRI"))
    picture = picture_of(path)
    assert picture.own_bounds == (WEST, NORTH, WEST + 15, NORTH + 10)
    assert values_at(picture, WEST + 1, NORTH + 9, OURS) == [("波段 1", 1.5, "")]
    assert values_at(picture, WEST + 14, NORTH + 9, OURS) == [("波段 1", None, "")]


def test_an_erdas_image(tmp_path: Path) -> None:
    cells = np.arange(6, dtype=np.float32).reshape(2, 3)
    picture = picture_of(write_raster(tmp_path / "dem.img", cells, driver="HFA"))
    assert values_at(picture, WEST + 25, NORTH - 15, OURS)[0][1] == 5.0


def test_terrain_is_lit_and_images_keep_their_colours(tmp_path: Path) -> None:
    heights = np.arange(4, dtype=np.float32).reshape(2, 2)
    terrain = picture_of(write_raster(tmp_path / "中山DEM.tif", heights)).style
    assert (terrain.mode, terrain.shaded, terrain.ramp) == ("single", True, "terrain")
    plain = picture_of(write_raster(tmp_path / "ndvi.tif", heights)).style
    assert (plain.mode, plain.shaded, plain.stretch) == ("single", False, "percentile")
    deep = picture_of(write_raster(tmp_path / "deep.tif", np.zeros((4, 2, 2), dtype=np.uint16))).style
    assert (deep.mode, deep.bands, deep.stretch) == ("color", (1, 2, 3), "percentile")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text.tif", b"no raster"),
        ("empty.tif", b""),
        ("vrt.tif", b"<VRTDataset rasterXSize='1' rasterYSize='1'></VRTDataset>"),
        ("cut.png", b"\x89PNG\r\n\x1a\n"),
        ("grid.asc", b"ncols 99999999\nnrows 99999999\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2"),
    ],
)
def test_what_is_no_raster_is_refused_with_its_name(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        picture_of(path, crs="4547")
    assert name in str(caught.value)


def test_databases_are_never_opened(tmp_path: Path) -> None:
    """GDAL's own SQLite would drop the locks on the open project."""
    path = tmp_path / "tiles.gpkg"
    write_raster(path, np.zeros((4, 4), dtype=np.uint8), driver="GPKG")
    with pytest.raises(InputError):
        raster_facts(path)
    assert not is_raster_file(path)
    assert is_raster_file(Path("A.TIF"))


def test_complex_cells_are_refused(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "radar.tif", np.zeros((2, 2), dtype=np.complex64))
    with pytest.raises(InputError, match="不是普通数值"):
        raster_facts(path)


def test_a_style_shows_as_many_bands_as_its_mode() -> None:
    with pytest.raises(ValidationError):
        RasterStyle(mode="color", bands=(1,))
    with pytest.raises(ValidationError):
        RasterStyle(mode="single", bands=(0,))


class _Stopping:
    """Asks to stop once so much is done."""

    def __init__(self, at: float) -> None:
        self.at = at
        self.heard: list[float] = []

    def step(self, done: float, _text: str = "") -> None:
        self.heard.append(done)
        if done >= self.at:
            raise JobCancelled


def overview_blocks(path: Path) -> list[int]:
    with rasterio.open(path) as opened:
        return list(opened.overviews(1))


@pytest.mark.parametrize("mixed", [True, False])
def test_coarser_forms_lie_beside_and_show_the_same(tmp_path: Path, mixed: bool) -> None:
    rows, columns = np.mgrid[0:1100, 0:1301]
    cells = (rows / 20 + columns / 20).astype(np.uint8)
    path = write_raster(tmp_path / "big.tif", cells, tiled=True, blockxsize=256, blockysize=256)
    if not mixed:
        with rasterio.open(path, "r+") as opened:
            opened.write_colormap(1, {value: (value, 0, 0, 255) for value in range(256)})
    picture, before = picture_of(path), path.read_bytes()
    source = RasterSource(picture, tmp_path)
    plain = source.render(picture.own_bounds, 160, 135, OURS).rgba.astype(int)
    source.close()
    progress = _Stopping(2)
    written = build_overviews(picture, tmp_path / "cache", progress)
    assert written == path.with_name("big.tif.ovr")
    assert path.read_bytes() == before
    assert sorted(progress.heard) == progress.heard
    assert progress.heard[-1] == 1
    assert overview_blocks(path) == [2, 4, 8]
    with rasterio.open(path, overview_level=0) as opened:
        half = opened.read(1)
    corner = cells[:1100, :1000].reshape(550, 2, 500, 2)
    if mixed:
        assert np.abs(half[:, :500] - corner.mean(axis=(1, 3))).max() <= 0.5
    else:
        assert (half[:, :500, None, None] == corner.transpose(0, 2, 1, 3)).any(axis=(2, 3)).all()
    source = RasterSource(picture, tmp_path)
    coarse = source.render(picture.own_bounds, 160, 135, OURS).rgba.astype(int)
    source.close()
    assert np.abs(coarse - plain).max() <= 2


def test_stopping_leaves_nothing_behind(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "big.tif", np.zeros((600, 600), dtype=np.uint8))
    with pytest.raises(JobCancelled):
        build_overviews(picture_of(path), tmp_path, _Stopping(0.7))
    assert [file.name for file in tmp_path.iterdir()] == ["big.tif"]


def test_coarser_forms_go_to_the_cache_where_the_folder_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, cache = tmp_path / "share", tmp_path / "cache"
    folder.mkdir()
    cells = np.random.default_rng(8).integers(0, 200, (900, 900), dtype=np.uint8)
    path = write_raster(folder / "big.tif", cells)
    picture = picture_of(path)
    monkeypatch.setattr("layers.pictures.overviews.os.access", lambda *_: False)  # root may write anywhere
    written = build_overviews(picture, cache, _Stopping(2))
    assert written == overview_file(path, cache)
    assert [file.name for file in folder.iterdir()] == ["big.tif"]
    source = RasterSource(picture, cache)
    found = source.render(picture.own_bounds, 225, 225, OURS).rgba[..., 0]
    source.close()
    blocks = cells.astype(float).reshape(225, 4, 225, 4).mean(axis=(1, 3))
    spread = picture.style.stretch
    assert spread == "none"
    assert np.abs(found - blocks).max() <= 1.5
    # of a file that has changed the old forms are not shown
    write_raster(path, np.zeros((900, 900), dtype=np.uint8))
    assert overview_file(path, cache) != written


def test_only_large_rasters_need_coarser_forms(tmp_path: Path) -> None:
    small = raster_facts(write_raster(tmp_path / "small.tif", np.zeros((4, 4), dtype=np.uint8)))
    assert not needs_overviews(small)
    from dataclasses import replace

    large = replace(small, width=10_000, height=5_001)
    assert needs_overviews(large)
    assert not needs_overviews(replace(large, height=5_000))
    assert not needs_overviews(replace(large, overviews=(2, 4)))


def test_degenerate_positions_are_refused(tmp_path: Path) -> None:
    path = write_raster(
        tmp_path / "flat.tif", np.zeros((2, 2), dtype=np.uint8), transform=Affine(10, 10, WEST, 10, 10, NORTH)
    )
    with pytest.raises(InputError, match="没有地理位置"):
        raster_facts(path)
