"""Excel, Word and PDF of one check hold the same figures, read back by others' programs."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import shapely

from tests.zsgis.redline.samples import boundary, project
from tests.zsgis.stock_samples import at
from ui.sheets import export_sheet
from zsgis.redline import RedlineReport, check_redline, redline_rules
from zsgis.redline.files import write_report

pytestmark = pytest.mark.peer

_FIGURE = re.compile(r"-?\d[\d,]*\.\d+")


def odd_report(tmp_path: Path) -> RedlineReport:
    """Check a red line of two parts, one with two holes, over land that is odd in every way.

    Land over land, a code no standard has, ownership nobody told, and ground that no feature covers.
    """
    outer = at(0, 0, 300, 100)
    holes = [at(20, 20, 40, 40), at(60, 20, 90, 80)]
    line = shapely.MultiPolygon([outer.difference(shapely.union_all(holes)), at(400, 0, 433, 77)])
    land: dict[str, Any] = {
        "name": ["田", "厂", "怪", "重", "无"],
        "class_code": ["0101", "100101", "9999", "0301", "1704"],
        "ownership_code": ["30", "20", "20", "32", None],
        "geometry": [
            at(-10, -10, 55.5, 110),
            at(55.5, -10, 120.25, 110),
            at(120.25, 0, 180, 60),
            at(150, 0, 200, 100),
            at(390, -10, 420, 90),
        ],
    }
    farmland = {"line_type": ["永久基本农田"], "geometry": [at(-10, -10, 30, 110)]}
    with project(tmp_path / "p.gpkg", {"land_use": land, "control_lines": farmland}) as made:
        return check_redline(made, boundary(line, name="怪地块"), redline_rules())


def plain(text: str) -> str:
    return text.replace(",", "")


def of_workbook(path: Path) -> dict[str, Counter[str]]:
    """Return the figures with decimals of each sheet, as its number formats print them."""
    found: dict[str, Counter[str]] = {}
    for sheet in openpyxl.load_workbook(path).worksheets:
        figures: Counter[str] = Counter()
        for row in sheet.iter_rows():
            for cell in row:
                value: Any = cell.value
                digits = cell.number_format.partition(".")[2].rstrip(";_ )")
                if isinstance(value, (int, float)) and digits:
                    figures[f"{value:.{len(digits)}f}"] += 1
        found[sheet.title] = figures
    return found


def of_document(path: Path) -> list[Counter[str]]:
    """Return the figures with decimals of each table of a Word document."""
    return [
        Counter(plain(cell.text) for row in table.rows for cell in row.cells if _FIGURE.fullmatch(cell.text))
        for table in docx.Document(str(path)).tables
    ]


def pages_of(path: Path) -> list[str]:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("peer missing: pdftotext (make peers)")
    done = subprocess.run([program, "-layout", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode().split("\f")


def test_three_forms_hold_the_same_figures(qapp: object, tmp_path: Path) -> None:
    report = odd_report(tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    workbook, document, _json, pdf = write_report(report, out, draw=export_sheet)
    sheets = of_workbook(workbook)
    check, points, land = of_document(document)
    assert sheets["用地红线核查表"] == check
    assert sheets["界址点坐标成果表"] == points
    assert sheets["土地分类面积表"] == land
    first, second, third = pages_of(pdf)[:3]
    # figures of the notes and of the map's grid stand there, too: nothing of the tables is missing
    assert "界址点坐标成果表" in second
    assert "土地分类面积表" in third
    printed = Counter(plain(each) for each in _FIGURE.findall(second.partition("注")[0]))
    assert printed == points
    printed = Counter(plain(each) for each in _FIGURE.findall(third.partition("注")[0]))
    assert printed == land
    hectares = Counter(
        f"{line.ha:.4f}" for section in report.sections if section.checked for line in section.lines
    )
    assert not {each for each in hectares if each not in plain(first) and float(each)}


def test_the_odd_case_is_told_and_adds_up(tmp_path: Path) -> None:
    """By hand: outer 300 x 100, holes 20 x 20 and 30 x 60, second part 33 x 77: 30,341 m2 in all.

    Field 55.5 x 100 - 20 x 20 m2 (the first hole lies in it); factory 64.75 x 100 - 30 x 60; the unknown
    class 59.75 x 60, over which the orchard of 50 x 100 lies on 30 x 60; pond 20 x 77.
    """
    report = odd_report(tmp_path)
    section = report.section("land_use")
    by_code = {line.key.code: line.m2 for line in section.lines if line.key.code}
    assert by_code == {"0101": 5_150.0, "100101": 4_675.0, "9999": 3_585.0, "0301": 5_000.0, "1704": 1_540.0}
    others = {line.role.value: line.m2 for line in section.lines if not line.key.code}
    assert others == {"deduction": -1_800.0, "rest": 30_341.0 - 5_150 - 4_675 - 3_585 - 5_000 - 1_540 + 1_800}
    assert report.planar_cents == 3_034_100
    assert sum(line.cents for line in section.lines) == 3_034_100
    assert round(sum(line.ha for line in section.lines), 4) == 3.0341
    assert round(sum(line.percent for line in section.lines), 2) == 100.0
    codes = {each.code for each in report.findings}
    assert {"redline.unknown_code", "redline.ownership", "redline.data_gap"} <= codes
    assert [ring.hole for ring in report.rings] == [False, True, True, False]
