"""Headings of tables: titles, merged cells, units, column numbers, totals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from layers.errors import InputError
from layers.formats.model import ReadOptions, SourceData
from layers.formats.tables.preview import preview_answer
from layers.formats.tables.reader import TABLES
from layers.formats.tables.units import split_unit, stated_units
from layers.progress import NoProgress
from tests.layers.formats.tables_samples import PAGE, ledger, workbook, write_text


def read(path: Path, **choices: str) -> SourceData:
    layer = choices.pop("layer", "")
    return TABLES.read(path, ReadOptions(layer=layer, choices=choices), NoProgress())


def names(data: SourceData) -> list[str]:
    return [str(name) for name in data.frame.columns if name != "geometry"]


def codes(data: SourceData) -> set[str]:
    return {note.code for note in data.notes}


def told(data: SourceData, code: str) -> str:
    return next(note.text for note in data.notes if note.code == code)


def test_a_ledger_with_merged_headings_comes_in_right(tmp_path: Path) -> None:
    data = read(ledger(tmp_path / "a.xlsx"))
    assert names(data) == ["序号", "地块编号", "面积/批准面积", "面积/已供面积", "面积/未供", "价款", "备注"]
    assert data.frame["地块编号"].tolist() == ["0802", "0803"]
    assert data.frame["面积/批准面积"].tolist() == [12.5, 2.5]
    assert data.stated["header_rows"] == "3-4"
    assert data.stated["first_row"] == "6"
    # 亩 and 万元 are stated above the table, 公顷 in the column's own heading
    assert json.loads(data.stated["units"]) == {
        "面积/批准面积": "mu",
        "面积/已供面积": "ha",
        "面积/未供": "mu",
        "价款": "万元",
    }
    assert data.stated["title"].startswith("2025年批而未供土地台账")


def test_rows_that_are_no_features_are_named_by_their_cells(tmp_path: Path) -> None:
    data = read(ledger(tmp_path / "a.xlsx"))
    assert len(data.frame) == 2
    assert "A9" in told(data, "tables.total")
    assert {"tables.total", "tables.remark", "tables.blank_rows"} <= codes(data)


def test_a_chosen_heading_is_obeyed(tmp_path: Path) -> None:
    rows = [["x", "y"], ["甲", "乙"], ["a", 1], ["b", 2]]
    path = workbook(tmp_path / "a.xlsx", {"表": rows})
    assert names(read(path, header_rows="2")) == ["甲", "乙"]
    assert names(read(path, header_rows="1-2")) == ["x/甲", "y/乙"]
    data = read(path, header_rows="2", first_row="4")
    assert data.frame["甲"].tolist() == ["b"]
    assert names(read(path, header_rows="none")) == ["A", "B"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("header_rows", "4-3"),
        ("header_rows", "x"),
        ("first_row", "0"),
        ("geometry", "lines"),
        ("colour", "1"),
    ],
)
def test_choices_that_say_nothing_are_refused(tmp_path: Path, name: str, text: str) -> None:
    path = workbook(tmp_path / "a.xlsx", {"表": [["a"], ["b"]]})
    with pytest.raises(InputError) as error:
        read(path, **{name: text})
    assert error.value.remedy


def test_upper_headings_without_merging_name_the_columns_below(tmp_path: Path) -> None:
    rows = [
        ["镇街", "面积", None, None],
        [None, "耕地", "园地", "林地"],
        ["石岐", 1.5, 2, 3],
        ["东区", 2, 3, 4],
    ]
    data = read(workbook(tmp_path / "a.xlsx", {"表": rows}))
    assert names(data)[0] == "镇街"
    assert [name.rsplit("/", 1)[-1] for name in names(data)[1:]] == ["耕地", "园地", "林地"]
    assert data.frame.iloc[0, 1] == 1.5


def test_a_row_of_units_belongs_to_the_heading(tmp_path: Path) -> None:
    rows = [["镇街", "面积", "长度"], [None, "（亩）", "米"], ["石岐", 1.5, 2]]
    data = read(workbook(tmp_path / "a.xlsx", {"表": rows}))
    assert names(data) == ["镇街", "面积", "长度"]
    assert json.loads(data.stated["units"]) == {"面积": "mu", "长度": "m"}
    assert data.frame["面积"].tolist() == [1.5]


def test_years_as_headings_are_no_data(tmp_path: Path) -> None:
    rows = [["镇街", 2019, 2020, 2021], ["石岐", 11.5, 12.5, 13.5]]
    data = read(workbook(tmp_path / "a.xlsx", {"表": rows}))
    assert names(data) == ["镇街", "2019", "2020", "2021"]


def test_merged_cells_among_the_data_hold_for_their_rows(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    for row in (["镇街", "村", "合同面积"], ["石岐", "甲村", 30], [None, "乙村", None], ["东区", "丙村", 5]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("C2:C3")
    book.save(tmp_path / "a.xlsx")
    data = read(tmp_path / "a.xlsx")
    assert data.frame["镇街"].tolist() == ["石岐", "石岐", "东区"]
    # 30 is for both villages together: counted once, and told
    assert data.frame["合同面积"].sum() == 35
    assert "C2" in told(data, "tables.merged_figures")
    assert "A2" in told(data, "tables.merged_spread")


def test_headings_between_rows_and_repeated_ones_are_left_out(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    for row in (
        ["编号", "名称", "面积"],
        ["石岐街道", None, None],
        ["01", "甲", 1],
        ["编号", "名称", "面积"],
        ["02", "乙", 2],
    ):
        sheet.append(row)
    sheet.merge_cells("A2:C2")
    book.save(tmp_path / "a.xlsx")
    data = read(tmp_path / "a.xlsx")
    assert data.frame["编号"].tolist() == ["01", "02"]
    assert {"tables.section", "tables.repeated"} <= codes(data)
    assert "A2" in told(data, "tables.section")


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    for row in (["编号", "面积"], ["01", 1], ["02", 2]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    book.save(tmp_path / "a.xlsx")
    data = read(tmp_path / "a.xlsx")
    assert len(data.frame) == 2
    note = next(note for note in data.notes if note.code == "tables.hidden_rows")
    assert note.rows == (1,)
    assert "A3" in note.text


def test_sheets_are_chosen_and_hidden_ones_are_not_guessed(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "甲"
    sheet.append(["编号", "面积"])
    sheet.append(["01", 1])
    other: Any = book.create_sheet("旧表")
    other.append(["编号", "面积"])
    other.append(["02", 1])
    other.sheet_state = "hidden"
    book.create_sheet("空表")
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").layer == "甲"
    assert read(tmp_path / "a.xlsx", layer="旧表").frame["编号"].tolist() == ["02"]
    with pytest.raises(InputError):
        read(tmp_path / "a.xlsx", layer="丙")
    assert [layer.name for layer in TABLES.layers(tmp_path / "a.xlsx", ReadOptions())] == ["甲", "旧表"]


def test_several_sheets_ask_which(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"甲": [["a"], ["b"]], "乙": [["a"], ["b"]]})
    with pytest.raises(InputError) as error:
        read(path)
    assert "甲" in error.value.remedy
    assert "乙" in error.value.remedy


def test_a_web_page_under_the_name_of_a_workbook_is_read(tmp_path: Path) -> None:
    data = read(write_text(tmp_path / "a.xls", PAGE, "utf-8"))
    assert names(data) == ["地块", "面积/批准", "面积/已供"]
    assert data.frame.iloc[0].tolist()[:3] == ["0802", 1234.5, 2]
    assert "tables.web_page" in codes(data)


def test_equal_headings_get_distinct_names(tmp_path: Path) -> None:
    data = read(workbook(tmp_path / "a.xlsx", {"表": [["名称", "名称", "geometry"], ["a", "b", "c"]]}))
    assert names(data) == ["名称", "名称_2", "geometry_2"]
    assert data.renamed == {"名称": "名称_2", "geometry": "geometry_2"}


@pytest.mark.parametrize(
    ("heading", "name", "unit"),
    [
        ("面积(亩)", "面积", "mu"),
        ("面积（公顷）", "面积", "ha"),
        ("建筑面积（㎡）", "建筑面积", "m2"),
        ("长度/m", "长度", "m"),
        ("占比（%）", "占比", "percent"),
        ("成交价（万元）", "成交价", "万元"),
        ("规划面积(2020年)", "规划面积(2020年)", ""),
        ("是/否", "是/否", ""),
    ],
)
def test_units_leave_the_heading(heading: str, name: str, unit: str) -> None:
    assert split_unit(heading) == (name, unit)


def test_units_above_the_table() -> None:
    assert stated_units("单位：公顷、万元") == ("ha", "万元")
    assert stated_units("填报单位：石岐街道办事处") == ()


def test_the_preview_shows_what_was_made_of_the_heading(tmp_path: Path) -> None:
    seen = preview_answer(ledger(tmp_path / "a.xlsx"), ReadOptions())
    assert json.loads(json.dumps(seen))["sheet"] == "台账"
    assert seen["header_rows"] == (3, 4)
    assert seen["first_row"] == 6
    assert seen["cells"][2][2] == "面积"
    assert (2, 2, 1, 3) in seen["merged"]
    assert seen["columns"][2] == "面积/批准面积"
    assert seen["units"][3] == "ha"


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        # nothing but whole numbers: the count goes on below, or is not begun anew
        ([["序号", "层数", "户数"], [1, 2, 3], [2, 5, 6], [3, 8, 9]], 3),
        ([["栋数", "层数", "户数"], [1, 2, 3], [4, 5, 6], [7, 8, 9]], 3),
        ([["栋数", "层数", "户数"], [1, 2, 3]], 1),
        # below numbers of the columns the count begins, or text stands
        ([["序号", "层数", "户数"], [1, 2, 3], [1, 5, 6], [2, 8, 9]], 2),
        ([["名称", "层数", "户数"], [1, 2, 3], ["甲", 5, 6], ["乙", 8, 9]], 2),
        ([["栋数", "层数", "面积"], [1, 2, 3], [4, 5, 6.5], [7, 8, 9.5]], 2),
    ],
)
def test_a_first_row_of_1_2_3_is_only_left_out_where_it_numbers_columns(
    tmp_path: Path, rows: list[list[Any]], kept: int
) -> None:
    text = "\n".join(",".join(str(value) for value in row) for row in rows)
    for path in (workbook(tmp_path / "a.xlsx", {"表": rows}), write_text(tmp_path / "a.csv", text, "utf-8")):
        data = read(path)
        assert len(data.frame) == kept
        left_out = len(rows) - 1 - kept
        assert ("tables.index" in codes(data)) is bool(left_out)
        if left_out:
            assert "A2" in told(data, "tables.index")


def test_ten_thousand_square_metres_are_hectares(tmp_path: Path) -> None:
    rows = [["地块", "用地面积（万平方米）", "建筑面积(万㎡)"], ["甲", 1.5, 2.5], ["乙", 2.0, 3.0]]
    data = read(workbook(tmp_path / "a.xlsx", {"表": rows}))
    assert json.loads(data.stated["units"]) == {"用地面积": "ha", "建筑面积": "ha"}
    assert split_unit("面积（万m2）") == ("面积", "ha")
    assert stated_units("单位：万平方米") == ("ha",)


def test_a_code_in_a_merged_cell_holds_for_all_its_rows(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    for row in (["名称", "地类编码", "面积"], ["甲", 1003, 12.5], ["乙", None, None], ["丙", 1001, 3]):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    sheet.merge_cells("C2:C3")
    book.save(tmp_path / "a.xlsx")
    data = read(tmp_path / "a.xlsx")
    assert data.frame["地类编码"].tolist() == ["1003", "1003", "1001"]
    assert data.frame["面积"].isna().tolist() == [False, True, False]
    assert "C2" in told(data, "tables.merged_figures")
    assert "B2" not in told(data, "tables.merged_figures")
