"""Printing: sheets at their true size, over several pieces of paper with marks to glue them by."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageStat
from PyQt6.QtWidgets import QApplication

from layers.errors import InputError, JobCancelled
from layers.progress import NoProgress
from tests.sheet_example import WEST_PLATFORM, StopAt, drawables, example_project
from ui.sheet_printer import PrintOrder, print_sheet
from ui.sheets import draw_picture
from zsgis.sheets import SheetLayout, compose

pytestmark = pytest.mark.usefixtures("qapp")

A3, A4 = (297.0, 420.0), (210.0, 297.0)
DPI = 72
MM = 25.4 / DPI


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> SheetLayout:
    with example_project(tmp_path_factory.mktemp("sheet") / "p.gpkg") as project:
        return compose(project, zone=WEST_PLATFORM, drawables=drawables(project))


def pictures(file: Path) -> list[Image.Image]:
    """Return the pages as a PDF reader shows them."""
    subprocess.run(["pdftoppm", "-r", str(DPI), "-png", file, file.with_suffix("")], check=True)
    found = []
    for page in sorted(file.parent.glob(f"{file.stem}-*.png")):
        with Image.open(page) as opened:
            found.append(opened.convert("RGB"))
    return found


def test_a_sheet_that_fits_is_one_piece_of_its_true_size(layout: SheetLayout, tmp_path: Path) -> None:
    file = tmp_path / "print.pdf"
    assert print_sheet(layout, PrintOrder("", file, "A3", A3), NoProgress()) == 1
    with pikepdf.open(file) as pdf:
        (page,) = pdf.pages
        left, low, right, top = (float(edge) / 72 * 25.4 for edge in page.mediabox)
        turned = int(page.get("/Rotate", 0)) % 180 == 90
    size = (top - low, right - left) if turned else (right - left, top - low)
    assert size == pytest.approx((420, 297), abs=0.5)
    (printed,) = pictures(file)
    assert_same(printed, sheet_picture(layout, tmp_path))


def sheet_picture(layout: SheetLayout, folder: Path) -> Image.Image:
    draw_picture(layout.first, DPI).save(str(folder / "sheet.png"))
    with Image.open(folder / "sheet.png") as opened:
        return opened.convert("RGB")


def assert_same(one: Image.Image, other: Image.Image) -> None:
    wide = min(one.width, other.width), min(one.height, other.height)
    reduced = [picture.crop((0, 0, *wide)).reduce(6) for picture in (one, other)]
    difference = ImageChops.difference(*reduced)
    assert max(ImageStat.Stat(difference).mean) < 3.0


def test_the_pieces_glued_together_are_the_sheet(layout: SheetLayout, tmp_path: Path) -> None:
    file = tmp_path / "tiles.pdf"
    order = PrintOrder("", file, "A4", A4)
    tiling = order.tiling(layout.first)
    assert print_sheet(layout, order, NoProgress()) == len(tiling.tiles) == 4
    sheet = sheet_picture(layout, tmp_path)
    glued = Image.new("RGB", sheet.size, "white")
    margin = tiling.margin_mm / MM
    for tile, piece in zip(tiling.tiles, pictures(file), strict=True):
        inner = piece.crop(
            (
                round(margin),
                round(margin),
                round(margin + tile.part.width / MM),
                round(margin + tile.part.height / MM),
            )
        )
        glued.paste(inner, (round(tile.part.x / MM), round(tile.part.y / MM)))
        # something is drawn in the margin: the marks and which piece it is
        assert piece.crop((0, 0, piece.width, round(margin))).convert("L").getextrema()[0] < 200
    assert_same(glued, sheet)


@pytest.mark.qt_log_ignore("Returned false")
def test_a_folder_that_is_missing_is_told(layout: SheetLayout, tmp_path: Path) -> None:
    order = PrintOrder("", tmp_path / "missing" / "print.pdf", "A3", A3)
    with pytest.raises(InputError, match="missing"):
        print_sheet(layout, order, NoProgress())


def test_printing_stops_when_asked(layout: SheetLayout, tmp_path: Path) -> None:
    with pytest.raises(JobCancelled):
        print_sheet(layout, PrintOrder("", tmp_path / "print.pdf", "A4", A4), StopAt(0.4))
