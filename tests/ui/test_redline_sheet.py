"""The sheet of a red-line check: what stands on it, further pages, text that is found again in the PDF."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import shapely

from tests.zsgis.redline.samples import boundary, project, three_parcels
from tests.zsgis.stock_samples import at
from ui.sheets import export_sheet
from zsgis.redline import RedlineReport, check_redline, redline_rules
from zsgis.redline.files import write_report
from zsgis.redline.overlay_map import RED
from zsgis.redline.sheet import redline_sheet
from zsgis.sheets.layout import LegendItem, MapItem, SheetLayout, TableItem, WatermarkItem

_CHECK_COLUMNS = 5


def checked(tmp_path: Path, strips: int = 0, **layer: bool) -> RedlineReport:
    """Check 100 m x 100 m over three parcels, or over strips of land of as many classes."""
    land = three_parcels()
    if strips:
        width = 100 / strips
        land = {
            "name": [str(n) for n in range(strips)],
            "class_code": [f"{n:04d}" for n in range(9_000, 9_000 + strips)],
            "ownership_code": ["20"] * strips,
            "geometry": [at(n * width, 0, (n + 1) * width, 100) for n in range(strips)],
        }
    farmland = {"line_type": ["永久基本农田"], "geometry": [at(-10, -10, 30, 110)]}
    with project(tmp_path / "p.gpkg", {"land_use": land, "control_lines": farmland}, **layer) as made:
        return check_redline(made, boundary(), redline_rules())


def rows(layout: SheetLayout) -> list[tuple[str, ...]]:
    return [
        row.cells
        for page in layout.pages
        for table in page.items_of(TableItem)
        if len(table.columns) == _CHECK_COLUMNS
        for row in table.rows
    ]


def test_map_table_and_legend_on_one_sheet(tmp_path: Path) -> None:
    layout = redline_sheet(checked(tmp_path))
    page, points, land = layout.pages
    assert (page.width_mm, page.height_mm) == (420.0, 297.0)
    (drawn,) = page.items_of(MapItem)
    (table,) = page.items_of(TableItem)
    assert 1.9 < drawn.box.width / table.box.width < 2.2  # two thirds and one third
    west, south, east, north = drawn.bounds
    assert shapely.box(west, south, east, north).contains(boundary().geometry)
    assert drawn.layers[0].style.symbol.stroke == RED  # the outline is the top of the map
    (legend,) = page.items_of(LegendItem)
    assert [entry.text for entry in legend.entries] == [layer.title for layer in drawn.layers]
    assert not page.items_of(WatermarkItem)
    assert (points.width_mm, points.height_mm) == (210.0, 297.0)  # narrow tables stand upright
    assert (land.width_mm, land.height_mm) == (297.0, 210.0)


def test_a_demonstration_bears_its_mark(tmp_path: Path) -> None:
    layout = redline_sheet(checked(tmp_path, demo=True))
    assert layout.demo
    assert layout.first.items_of(WatermarkItem)


def test_a_long_table_goes_on_further_pages(tmp_path: Path) -> None:
    """80 classes do not fit on the first page; no row of the table is lost."""
    report = checked(tmp_path, strips=80)
    layout = redline_sheet(report)
    assert len(layout.pages) > 1
    printed = sum(len(section.lines) for section in report.sections)
    assert len(rows(layout)) >= printed
    assert sum("90" in cells[1] for cells in rows(layout)) == 80
    assert not layout.pages[1].items_of(MapItem)


@pytest.mark.peer
def test_words_of_the_sheet_are_found_in_the_file(qapp: object, tmp_path: Path) -> None:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("peer missing: pdftotext (make peers)")
    report = checked(tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    written = write_report(report, out, draw=export_sheet)
    pdf = written[-1]
    assert [path.suffix for path in written] == [".xlsx", ".docx", ".json", ".pdf"]
    text = subprocess.run([program, "-raw", str(pdf), "-"], capture_output=True, check=True).stdout.decode()
    assert "试验红线" in text
    assert "永久基本农田" in text
    assert "0.3000" in text  # 30 m x 100 m
