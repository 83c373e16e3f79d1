"""The tables of a red-line check as a bureau files them: figures that add up, workbook and Word document."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from shapely import box

from layers.errors import InputError
from tests.zsgis.redline.samples import HUNDRED, add, boundary, project, three_parcels
from tests.zsgis.stock_samples import at
from zsgis.redline import RedlineReport, check_redline, redline_rules
from zsgis.redline.files import write_report
from zsgis.redline.tables import report_result
from zsgis.redline.word import write_word
from zsgis.result import Result, Row, RowRole, Table

HOLE = box(500_040, 2_490_040, 500_060, 2_490_060)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedlineReport]:
    """A red line with a hole, over land, farmland and two batches."""
    made = project(tmp_path_factory.mktemp("p") / "p.gpkg", {"land_use": three_parcels()})
    with made:
        lines = {"line_type": ["永久基本农田"], "name": ["=1+1"], "geometry": [at(-5, -5, 25, 105)]}
        add(made, "control_lines", lines, demo=True, status="演示", secrecy="内部")
        batches = {
            "name": ["批次一", "批次二"],
            "approval_number": ["粤〔2020〕1号", "<&>"],
            "geometry": [at(0, 0, 33.333, 100), at(33.333, 0, 66.666, 100)],
        }
        add(made, "approved", batches)
        yield check_redline(made, boundary(HUNDRED.difference(HOLE)), redline_rules())


@pytest.fixture(scope="module")
def result(report: RedlineReport) -> Result:
    return report_result(report)


def body(table: Table, role: RowRole = RowRole.BODY) -> list[Row]:
    return [row for row in table.rows if row.role is role]


def test_every_section_stands_in_the_table_in_order(report: RedlineReport, result: Result) -> None:
    table = result.table("redline_check")
    titles = [row.values["section"] for row in table.rows if "section" in row.values]
    assert titles == [section.title for section in report.sections]
    unchecked = next(row for row in table.rows if row.values.get("section") == "林地图斑")
    assert unchecked.values["outcome"] == "未核查"
    assert "ha" not in unchecked.values
    assert unchecked.values["source"].startswith("工程中没有这类图层")


def test_printed_rows_add_up_to_their_totals(result: Result) -> None:
    table = result.table("redline_check")
    sums: dict[str, int] = {}
    totals = 0
    for row in table.rows:
        if "section" in row.values:
            sums = dict.fromkeys(("m2", "ha", "percent"), 0)
        steps = {"m2": 100, "ha": 10_000, "percent": 100}
        if row.role is RowRole.SUBTOTAL:
            totals += 1
            assert {key: round(row.values[key] * steps[key]) for key in steps} == sums
        elif "ha" in row.values:
            for key, scale in steps.items():
                sums[key] += round(row.values[key] * scale)
    assert totals == 3


def test_figures_lead_to_their_features(report: RedlineReport, result: Result) -> None:
    table = result.table("redline_check")
    layer = report.section("land_use").layer
    assert layer is not None
    start = next(n for n, row in enumerate(table.rows) if row.values.get("section") == "土地利用现状")
    total = next(row for row in table.rows[start:] if row.role is RowRole.SUBTOTAL)
    assert len(total.sources[layer.uid]) == 3
    assert all(row.sources for row in table.rows if "m2" in row.values)


def test_state_and_collective_stand_apart(result: Result) -> None:
    """Land under 100 x 100 m less the hole of 20 x 20 from 40 to 60, which lies in the factory (40 to 70).

    Field 4000 collective, pond 2000 unclear, factory 3000 - 400 = 2600 state, 1000 without data: 9600 m2.
    """
    table = result.table("redline_land_1")
    keys = ("great", "parent", "name", "national", "collective", "unclear", "total")
    assert [tuple(row.values.get(key) for key in keys) for row in table.rows] == [
        ("农用地", "小计", "", 0.0, 0.4, 0.2, 0.6),
        (None, "耕地", "水田", 0.0, 0.4, 0.0, 0.4),
        (None, "陆地水域", "坑塘水面", 0.0, 0.0, 0.2, 0.2),
        ("建设用地", "小计", "", 0.26, 0.0, 0.0, 0.26),
        (None, "工矿用地", "一类工业用地", 0.26, 0.0, 0.0, 0.26),
        ("数据未覆盖", "", "", 0.0, 0.0, 0.0, 0.1),
        ("总计", "", "", 0.26, 0.4, 0.2, 0.96),
    ]
    assert [column.digits for column in table.columns if column.unit == "公顷"] == [4] * 4


def test_classes_of_one_coarse_class_have_its_subtotal(tmp_path: Path) -> None:
    """Paddy 3333.3 m2 and dry land 3333.3 m2 of 耕地, 3333.4 m2 of garden.

    By themselves 0.3333 ha each; the missing step goes to the largest remainder, the garden.
    """
    strips = {
        "class_code": ["0101", "0103", "0201"],
        "ownership_code": ["30", "20", "30"],
        "geometry": [at(0, 0, 33.333, 100), at(33.333, 0, 66.666, 100), at(66.666, 0, 100, 100)],
    }
    with project(tmp_path / "p.gpkg", {"land_use": strips}) as made:
        table = report_result(check_redline(made, boundary(), redline_rules())).table("redline_land_1")
    keys = ("great", "parent", "code", "national", "collective", "total", "share")
    assert [tuple(row.values.get(key) for key in keys) for row in table.rows] == [
        ("农用地", "小计", "", 0.3333, 0.6667, 1.0, 100.0),
        (None, "耕地", "", 0.3333, 0.3333, 0.6666, 66.66),
        (None, None, "0101", 0.0, 0.3333, 0.3333, 33.33),
        (None, None, "0103", 0.3333, 0.0, 0.3333, 33.33),
        (None, "园地", "0201", 0.0, 0.3334, 0.3334, 33.34),
        ("总计", "", "", 0.3333, 0.6667, 1.0, 100.0),
    ]


def test_points_are_printed_in_order(result: Result) -> None:
    table = result.table("redline_points")
    labels = [row.values["label"] for row in table.rows]
    assert labels == [*("J1", "J2", "J3", "J4", "J1", "周长"), *("J5", "J6", "J7", "J8", "J5", "周长")]
    assert [row.values["ring"] for row in table.rows if "ring" in row.values] == ["1", "2（洞）"]
    assert [row.values["side"] for row in body(table, RowRole.SUBTOTAL)] == [400.0, 80.0]


def test_what_balancing_moved_is_listed(result: Result) -> None:
    """33.333 x 100 m is 0.33333 ha: what is printed otherwise than 0.3333 got a step."""
    for each in result.adjustments:
        assert each.before != each.after
        assert abs(each.after - each.before) <= 0.0001 + 1e-9


def test_the_workbook_holds_the_figures(tmp_path: Path, report: RedlineReport, result: Result) -> None:
    book = openpyxl.load_workbook(write_report(report, tmp_path)[0])
    assert book.sheetnames == ["用地红线核查表", "界址点坐标成果表", "土地分类面积表", "方法与依据"]
    points: Any = book["界址点坐标成果表"]
    first = next(row for row in points.iter_rows() if row[1].value == "J1")
    assert (first[2].value, first[2].number_format) == (2_490_100.0, "0.000")
    check: Any = book["用地红线核查表"]
    assert check.print_title_rows
    # sections read as one: their first cells are joined over their rows
    joined = {
        str(area).split(":")[0][0] for area in check.merged_cells.ranges if area.min_col == area.max_col
    }
    assert {"A", "B"} <= joined
    names = [cell for row in check.iter_rows() for cell in row if cell.value == "永久基本农田"]
    assert names
    assert all(cell.data_type != "f" for row in check.iter_rows() for cell in row)


def test_the_word_document_is_a4_with_named_fonts_and_repeated_heads(
    tmp_path: Path, report: RedlineReport, result: Result
) -> None:
    document = docx.Document(str(write_report(report, tmp_path)[1]))
    sizes = [(round(s.page_width.mm), round(s.page_height.mm)) for s in document.sections]  # type: ignore[union-attr]
    assert sizes == [(297, 210), (210, 297), (210, 297)]
    assert len(document.tables) == len(result.tables)
    for made, table in zip(document.tables, result.tables, strict=True):
        assert len(made.rows) == 1 + len(table.rows)
        assert next(made.rows[0]._tr.iter(qn("w:tblHeader")), None) is not None
        fonts = {node.get(qn("w:eastAsia")) for node in made._tbl.iter(qn("w:rFonts"))}
        assert fonts == {"宋体"}
    titles = [
        p.text for p in document.paragraphs if p.runs and p.runs[0].font.size and p.runs[0].font.size.pt == 16
    ]
    assert titles == [table.title for table in result.tables]
    assert document.tables[1].rows[1].cells[2].text == "2490100.000"
    text = "\n".join(p.text for p in document.paragraphs)
    assert "演示数据" in text
    assert "密级：内部" in text
    assert "禁止占用" in text


def test_text_that_xml_cannot_hold_does_no_harm(tmp_path: Path, result: Result) -> None:
    import dataclasses

    table = dataclasses.replace(result.tables[1], title="表\x00<&>\x1b", notes=("注\ufffe",))
    path = write_word(dataclasses.replace(result, tables=(table,)), tmp_path / "t.docx")
    assert "表<&>" in [p.text for p in docx.Document(str(path)).paragraphs]


def test_the_json_file_tells_everything(tmp_path: Path, report: RedlineReport) -> None:
    document = json.loads(write_report(report, tmp_path)[2].read_text(encoding="utf-8"))
    assert [table["key"] for table in document["tables"]] == [
        "redline_check",
        "redline_points",
        "redline_land_1",
    ]
    assert document["run"]["inputs"][0]["sha256"] == report.boundary.source.sha256
    assert document["demo"] is True


def test_a_file_that_is_open_elsewhere_is_told(tmp_path: Path, report: RedlineReport) -> None:
    with pytest.raises(InputError, match="无法写入"):
        write_report(report, tmp_path / "没有")


@pytest.mark.peer
def test_libreoffice_opens_both_and_shows_the_same_figures(
    tmp_path: Path, libreoffice: Path, report: RedlineReport, result: Result
) -> None:
    workbook, document, _json = write_report(report, tmp_path, "红线")

    def convert(file: Path, kind: str) -> None:
        subprocess.run(
            [
                libreoffice,
                f"-env:UserInstallation=file://{tmp_path}/profile",
                "--headless",
                "--convert-to",
                kind,
                "--outdir",
                str(tmp_path),
                str(file),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )

    convert(workbook, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1")
    lines = list(csv.reader((tmp_path / "红线-土地分类面积表.csv").read_text(encoding="utf-8").splitlines()))
    total = next(line for line in lines if line[0] == "总计")
    assert [float(cell) for cell in total[4:8]] == [0.26, 0.4, 0.2, 0.96]
    convert(document, "pdf")
    assert (tmp_path / "红线.pdf").stat().st_size > 10_000
    convert(document, "txt:Text (encoded):UTF8")
    text = (tmp_path / "红线.txt").read_text(encoding="utf-8")
    for table in result.tables:
        assert table.title in text
    assert "2490100.000" in text
