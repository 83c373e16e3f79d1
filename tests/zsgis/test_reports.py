"""A result as a bureau files it in Excel, and as JSON."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from stock_samples import project_with, three_parcels, two_zones

from layers.errors import InputError
from zsgis.commands.analysis_commands import write_result
from zsgis.reports import BureauHeading, result_json, write_json, write_workbook
from zsgis.result import (
    Adjustment,
    Column,
    Finding,
    NotDerivable,
    Result,
    Row,
    RowRole,
    RunRecord,
    Severity,
    Table,
)
from zsgis.run import run_capability


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    path = tmp_path_factory.mktemp("reports") / "p.gpkg"
    with project_with(path, three_parcels(), two_zones(), standard="sandiao", demo=True) as project:
        return run_capability(project, "stock", {"basis": "planar"})


def made_up(*rows: Row, columns: tuple[Column, ...]) -> Result:
    record = RunRecord("u", "stock", "", 0.0, "", {}, (), ())
    table = Table("t", "表[1]: a/b*?" + "长" * 40, columns, rows)
    return Result("stock", "试", (table, table), (), (), record)


def cells(sheet: Any) -> list[str]:
    return [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]


def test_the_sheet_carries_what_a_bureau_puts_on_it(tmp_path: Path, result: Result) -> None:
    heading = BureauHeading(
        table_numbers={"summary": "表2"},
        organisation="某局",
        prepared_by="张三",
        checked_by="李四",
        date="2021-12-31",
    )
    book = openpyxl.load_workbook(write_workbook(result, tmp_path / "t.xlsx", heading))
    assert book.sheetnames[-1] == "方法与依据"
    sheet = book["各范围用地汇总表"]
    text = cells(sheet)
    for words in ("演示数据 非真实界线", "表号：表2", "填报单位：某局", "单位：公顷"):
        assert words in text
    assert any("制表人：张三" in t and "审核人：李四" in t and "日期：2021-12-31" in t for t in text)
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$5:$6", "$A:$A")
    assert sheet.freeze_panes == "B7"
    assert "演示数据 非真实界线" in sheet.oddHeader.center.text


def test_heads_are_merged_over_their_columns(tmp_path: Path, result: Result) -> None:
    book = openpyxl.load_workbook(write_workbook(result, tmp_path / "t.xlsx"))
    sheet = book["各范围用地汇总表"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A5:A6", "D5:E5", "F5:G5", "H5:I5"} <= merged
    assert [sheet["D5"].value, sheet["D6"].value, sheet["E6"].value] == [
        "建设用地",
        "面积\n(公顷)",
        "占比\n(%)",
    ]


def test_numbers_are_numbers_with_the_digits_printed(tmp_path: Path, result: Result) -> None:
    book = openpyxl.load_workbook(write_workbook(result, tmp_path / "t.xlsx"))
    sheet = book["各范围用地汇总表"]
    assert (sheet["C7"].value, sheet["C7"].number_format) == (0.014, "#,##0.0000")
    assert (sheet["B7"].value, sheet["B7"].number_format) == (2, "#,##0")
    last = 7 + len(result.table("summary").rows) - 1
    assert sheet.cell(last, 1).value == "总计"
    assert sheet.cell(last, 1).font.b
    assert not sheet["A7"].font.b


def test_what_cannot_be_derived_stands_in_words_with_its_reason(tmp_path: Path, result: Result) -> None:
    book = openpyxl.load_workbook(write_workbook(result, tmp_path / "t.xlsx"))
    text = cells(book["各范围用地汇总表"])
    assert "不可得" in text
    assert any(t.startswith("注") and "08H2" in t for t in text)


def test_signatures_stay_blank_unless_given(tmp_path: Path, result: Result) -> None:
    book = openpyxl.load_workbook(write_workbook(result, tmp_path / "t.xlsx"))
    text = cells(book["各范围用地汇总表"])
    assert "填报单位：" in text
    assert "制表人：        审核人：        日期：" in text


def test_the_method_sheet_lets_the_table_be_defended(tmp_path: Path, result: Result) -> None:
    book = openpyxl.load_workbook(write_workbook(result, tmp_path / "t.xlsx"))
    text = cells(book["方法与依据"])
    for item in result.run.inputs:
        assert {item.sha256, item.name, item.crs} <= set(text)
    assert result.run.uid in text
    assert set(result.run.method) <= set(text)
    assert set(result.run.rules.values()) <= set(text)
    assert {finding.text for finding in result.findings} <= set(text)
    assert {adjustment.item for adjustment in result.adjustments} <= set(text)


def test_the_method_sheet_speaks_the_officers_language(tmp_path: Path, result: Result) -> None:
    forced = replace(result, adjustments=(Adjustment("stock", "甲 · 耕地", "亩", 0.1, 0.2),))
    book = openpyxl.load_workbook(write_workbook(forced, tmp_path / "t.xlsx"))
    text = cells(book["方法与依据"])
    words = [word for value in text for word in re.findall("[A-Za-z_.]{4,}", value)]
    versions = {"sandiao", "CGCS"}
    hashes = {item.sha256 for item in result.run.inputs} | {result.run.uid, result.run.started}
    codes = {finding.code for finding in result.findings}
    english = [w for w in words if w not in versions and not any(w in known for known in hashes | codes)]
    assert english == []
    assert {"参数 单位", "公顷", "用地现状分类面积统计表", "不平衡差（平方米）"} <= set(text)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", '=HYPERLINK("x")', "\t=1", "a\x00\x0bb"])
def test_text_never_becomes_a_formula(tmp_path: Path, text: str) -> None:
    book = openpyxl.load_workbook(
        write_workbook(made_up(Row({"a": text}), columns=(Column("a", text),)), tmp_path / "t.xlsx")
    )
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    body = [
        c for row in book.worksheets[0].iter_rows() for c in row if c.value == text.replace("\x00\x0b", "")
    ]
    assert body
    assert all(cell.quotePrefix for cell in body if text[0] in "=+-@\t")


def test_odd_titles_make_good_sheet_names(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(
        write_workbook(made_up(Row({"a": "x"}), columns=(Column("a", "A"),)), tmp_path / "t.xlsx")
    )
    assert len(set(book.sheetnames)) == 3
    assert all(len(name) <= 31 for name in book.sheetnames)


def test_a_workbook_that_cannot_be_written_says_so_and_leaves_nothing(tmp_path: Path, result: Result) -> None:
    target = tmp_path / "taken.xlsx"
    target.mkdir()
    with pytest.raises(InputError) as caught:
        write_workbook(result, target)
    assert str(target) in caught.value.where
    assert [p.name for p in tmp_path.iterdir()] == ["taken.xlsx"]


def test_a_json_file_is_whole_or_not_there(tmp_path: Path, result: Result) -> None:
    written = write_json(result, tmp_path / "t.json")
    assert json.loads(written.read_text(encoding="utf-8")) == result_json(result)
    taken = tmp_path / "taken.json"
    taken.mkdir()
    with pytest.raises(InputError) as caught:
        write_json(result, taken)
    assert str(taken) in caught.value.where
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.json", "taken.json"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, result: Result) -> None:
    (tmp_path / "a").write_text("a file")
    with pytest.raises(InputError, match="文件夹"):
        write_result(result, tmp_path / "a")


def test_json_holds_everything_and_no_nan(result: Result) -> None:
    document = json.loads(json.dumps(result_json(result), allow_nan=False, ensure_ascii=False))
    assert list(document) == [
        "capability",
        "title",
        "demo",
        "schematic",
        "secrecy",
        "tables",
        "findings",
        "adjustments",
        "facts",
        "run",
    ]
    summary = next(t for t in document["tables"] if t["key"] == "summary")
    assert summary["rows"][0]["values"]["total"] == 0.014
    assert "08H2" in summary["rows"][0]["values"]["research"]["not_derivable"]
    assert summary["rows"][-1]["role"] == "total"
    assert document["run"]["inputs"][0]["sha256"] == result.run.inputs[0].sha256


def test_json_turns_missing_numbers_into_null() -> None:
    row = Row({"a": float("nan"), "b": NotDerivable("why")}, RowRole.BODY)
    result = made_up(row, columns=(Column("a", "A", "", 2), Column("b", "B", "", 2)))
    finding = Finding("c", Severity.NOTE, "t", {"layer": ("u",)})
    full = Result(
        **{**vars(result), "findings": (finding,), "adjustments": (Adjustment("t", "i", "ha", 1.0, 2.0),)}
    )
    document = result_json(full)
    assert document["tables"][0]["rows"][0]["values"] == {"a": None, "b": {"not_derivable": "why"}}
    assert document["findings"][0]["sources"] == {"layer": ["u"]}


@pytest.mark.peer
def test_libreoffice_shows_the_same_figures(tmp_path: Path, libreoffice: Path, result: Result) -> None:
    book = write_workbook(result, tmp_path / "t.xlsx")
    for kind in ("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1", "pdf"):
        subprocess.run(
            [
                libreoffice,
                f"-env:UserInstallation=file://{tmp_path}/profile",
                "--headless",
                "--convert-to",
                kind,
                "--outdir",
                str(tmp_path),
                str(book),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
    assert (tmp_path / "t.pdf").stat().st_size > 10_000
    for table in result.tables:
        (file,) = tmp_path.glob(f"t-{table.title}.csv")
        lines = list(csv.reader(file.read_text(encoding="utf-8").splitlines(keepends=True)))
        first = next(
            n for n, line in enumerate(lines) if line[0] == table.rows[0].values[table.columns[0].key]
        )
        for line, row in zip(lines[first:], table.rows, strict=False):
            for shown, column in zip(line, table.columns, strict=False):
                value = row.values.get(column.key)
                if isinstance(value, (int, float)):
                    assert shown == f"{value:,.{column.digits}f}"
                elif isinstance(value, NotDerivable):
                    assert shown == "不可得"
                else:
                    assert shown == (value or "")
