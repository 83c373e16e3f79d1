"""Pictures drawn in strips: the same as drawn at once, placed on earth, complete or not at all."""

from __future__ import annotations

import resource
import signal
from pathlib import Path

import numpy as np
import pytest
import rasterio
from PIL import Image

from layers.errors import InputError
from layers.progress import NoProgress
from layers.store import Project
from tests.sheet_example import example_project
from ui.sheets import draw_picture, export_sheet
from ui.sheets.strips import picture_size, write_strips
from zsgis.sheets.layout import MapItem, SheetLayout
from zsgis.sheets.production import SheetOrder, compose_sheets, gather_material

pytestmark = pytest.mark.usefixtures("qapp")

DPI = 72


@pytest.fixture(scope="module")
def layout(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> SheetLayout:
    with example_project(tmp_path_factory.mktemp("strips") / "work.gpkg") as project:
        return sheet_of(project)


def sheet_of(project: Project) -> SheetLayout:
    order = SheetOrder(each=project.layers_of("platforms")[0].uid)
    return compose_sheets(project, order, gather_material(project, order.each), NoProgress())[0]


def whole_picture(layout: SheetLayout, folder: Path) -> np.ndarray:
    """Return the first page drawn at once, shape (rows, columns, 3)."""
    file = folder / "whole.png"
    assert draw_picture(layout.pages[0], DPI).save(str(file))
    return np.asarray(Image.open(file).convert("RGB"))


@pytest.mark.parametrize("ending", ["tif", "png"])
def test_strips_make_the_picture_that_is_drawn_at_once(
    layout: SheetLayout, tmp_path: Path, ending: str
) -> None:
    page = layout.pages[0]
    size = picture_size(page, DPI)
    file = tmp_path / f"图.{ending}"
    # an odd number of rows at a time, the last strip shorter than the others
    write_strips(page, file, size, layout.title, NoProgress(), strip_pixels=size.width * 101)
    strips = np.asarray(Image.open(file).convert("RGB"))
    whole = whole_picture(layout, tmp_path)
    assert strips.shape == whole.shape == (size.height, size.width, 3)
    apart = np.abs(strips.astype(int) - whole.astype(int)).max(axis=2)
    # turned glyphs are placed to parts of a pixel: moved by whole rows, a shade may come out differently
    assert apart.max() <= 32
    assert (apart > 0).mean() < 0.002
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([file.name, "whole.png"])


def test_a_png_and_a_jpg_of_strips_say_how_large_they_are_on_paper(
    layout: SheetLayout, tmp_path: Path
) -> None:
    page = layout.pages[0]
    size = picture_size(page, DPI)
    for name in ("图.png", "图.jpg"):
        write_strips(page, tmp_path / name, size, layout.title, NoProgress(), strip_pixels=size.width * 101)
        with Image.open(tmp_path / name) as picture:
            picture.load()
            assert picture.size == (size.width, size.height)
            assert picture.info["dpi"] == pytest.approx((DPI, DPI), abs=0.02)


def test_a_tif_is_placed_by_its_map(layout: SheetLayout, tmp_path: Path) -> None:
    file = export_sheet(layout, tmp_path / "图.tif", dpi=DPI)
    (item,) = layout.pages[0].items_of(MapItem)
    with rasterio.open(file) as source:
        assert source.crs.to_epsg() == 4547
        assert source.tags()["TIFFTAG_XRESOLUTION"] == str(DPI)
        # corners of the neat line, in pixels of 25.4 / 72 mm, must be the corners of what the map shows
        across = item.neat.x * DPI / 25.4, item.neat.right * DPI / 25.4
        down = item.neat.bottom * DPI / 25.4, item.neat.y * DPI / 25.4
        low, high = source.transform @ (across[0], down[0]), source.transform @ (across[1], down[1])
    # a pixel is 0.35 mm of paper; at 1:100,000 a thousandth of it is 4 cm
    assert (*low, *high) == pytest.approx(item.bounds, abs=0.001)


def test_a_full_disk_leaves_no_half_file(layout: SheetLayout, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    former = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        for name in ("图.tif", "图.png", "图.pdf"):
            resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, hard))
            with pytest.raises(InputError):
                export_sheet(layout, tmp_path / name, dpi=DPI)
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            assert list(tmp_path.iterdir()) == []
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, former)
