"""A sheet's PDF tells other programs where its map lies."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest

from layers.progress import NoProgress
from tests.sheet_example import WEST_PLATFORM, drawables, example_project
from ui.sheets import export_sheet
from zsgis.analysis.stock import CAPABILITY
from zsgis.sheets import SheetLayout, compose
from zsgis.sheets.layout import MapItem

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> SheetLayout:
    with example_project(tmp_path_factory.mktemp("placed") / "p.gpkg", demo=True) as project:
        result = CAPABILITY.run(project, CAPABILITY.parameters(level="full"), NoProgress())
        return compose(project, zone=WEST_PLATFORM, drawables=drawables(project), result=result)


@pytest.fixture(scope="module")
def written(layout: SheetLayout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_sheet(layout, tmp_path_factory.mktemp("pdf") / "placed.pdf")


@pytest.mark.skipif(shutil.which("gdalinfo") is None, reason="needs GDAL's programs")
def test_gdal_reads_the_corners_of_the_map_to_a_tenth_of_a_millimetre(
    layout: SheetLayout, written: Path
) -> None:
    answer = subprocess.run(["gdalinfo", "-json", str(written)], capture_output=True, check=True, text=True)
    told = json.loads(answer.stdout)
    (item,) = layout.first.items_of(MapItem)
    x0, dx, turn_x, y0, turn_y, dy = told["geoTransform"]
    width_px, height_px = told["size"]
    xmin, ymin, xmax, ymax = item.bounds
    # a tenth of a millimetre on paper, in metres on the ground
    near = 0.1 * item.scale_denominator / 1000.0
    corners = (
        (item.neat.x, item.neat.bottom, xmin, ymin),
        (item.neat.x, item.neat.y, xmin, ymax),
        (item.neat.right, item.neat.y, xmax, ymax),
        (item.neat.right, item.neat.bottom, xmax, ymin),
    )
    for paper_x, paper_y, x, y in corners:
        column = paper_x / layout.first.width_mm * width_px
        row = paper_y / layout.first.height_mm * height_px
        assert x0 + column * dx + row * turn_x == pytest.approx(x, abs=near)
        assert y0 + column * turn_y + row * dy == pytest.approx(y, abs=near)


def test_the_viewport_is_the_neat_line_and_the_file_is_sound(layout: SheetLayout, written: Path) -> None:
    (item,) = layout.first.items_of(MapItem)
    with pikepdf.open(written) as pdf:
        assert pdf.check_pdf_syntax() == []
        (viewport,) = pdf.pages[0].obj.VP
        left, low, right, top = (float(edge) / 72 * 25.4 for edge in viewport.BBox)
        assert viewport.Measure.Subtype == "/GEO"
        assert len(viewport.Measure.GPTS) == len(viewport.Measure.LPTS) == 8
    assert (right - left, top - low) == pytest.approx((item.neat.width, item.neat.height), abs=0.001)
