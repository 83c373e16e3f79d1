"""Values of tables: codes, identifiers, figures, days, errors, encodings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from layers.errors import InputError
from layers.formats.model import ReadOptions
from layers.formats.tables.numbers import date_of, number_of
from tests.layers.formats.tables_samples import raw_workbook, workbook, write_biff4, write_text
from tests.layers.formats.test_tables_headings import codes, names, read, told


def column(tmp_path: Path, heading: str, values: list[Any], **choices: str) -> list[Any]:
    path = workbook(
        tmp_path / "a.xlsx", {"表": [["号", heading], *([f"r{n}", v] for n, v in enumerate(values))]}
    )
    found = read(path, **choices).frame.iloc[:, 1]
    return [None if gone else value for value, gone in zip(found, found.isna(), strict=True)]


def test_codes_stay_text(tmp_path: Path) -> None:
    assert column(tmp_path, "地类编码", ["0802", "1003"]) == ["0802", "1003"]
    # stored as numbers under a heading that is known for codes: no ".0", and whole
    assert column(tmp_path, "地类编码", [802, 1003.0]) == ["802", "1003"]
    # text stays text under any heading
    assert column(tmp_path, "甲", ["0110", "12"]) == ["0110", "12"]


def test_a_format_of_zeros_is_a_code(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["甲", "乙"])
    sheet.append([802, 5])
    sheet["A2"].number_format = "0000"
    sheet["B2"].number_format = "0"
    book.save(tmp_path / "a.xlsx")
    frame = read(tmp_path / "a.xlsx").frame
    assert frame["甲"].tolist() == ["0802"]
    assert frame["乙"].tolist() == [5]


@pytest.mark.parametrize("value", [442000001001000123, 4.42000001001e17])
@pytest.mark.parametrize("heading", ["电子监管号", "甲"])
def test_a_cut_identifier_is_refused_with_its_cell(tmp_path: Path, value: float, heading: str) -> None:
    with pytest.raises(InputError) as error:
        column(tmp_path, heading, [None, value])
    assert error.value.where == "B3"
    assert "4.42000E+17" in error.value.what
    assert error.value.remedy


def test_fifteen_digits_are_whole(tmp_path: Path) -> None:
    assert column(tmp_path, "甲", [442000001001234]) == [442000001001234]
    assert column(tmp_path, "宗地代码", [442000001001234]) == ["442000001001234"]
    assert column(tmp_path, "宗地代码", ["442000001001GB00012"]) == ["442000001001GB00012"]


def test_a_cut_identifier_in_text_is_refused(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", "标识码,面积\r\n1,2\r\n4.42E+17,3\r\n", "utf-8")
    with pytest.raises(InputError) as error:
        read(path)
    assert error.value.where == "A3"
    # a figure in the same writing is no identifier
    plain = write_text(tmp_path / "b.csv", "面积(平方米),n\r\n1.5E+06,1\r\n", "utf-8")
    assert read(plain).frame["面积"].tolist() == [1.5e6]


def test_a_large_measure_with_a_unit_is_no_identifier(tmp_path: Path) -> None:
    assert column(tmp_path, "面积（平方米）", [2e15]) == [2e15]


def test_codes_in_text_files_keep_their_zeros(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", "甲,乙,DLBM\r\n0802,1.5,21\r\n1003,2,22\r\n", "utf-8")
    frame = read(path).frame
    assert frame["甲"].tolist() == ["0802", "1003"]
    assert frame["乙"].tolist() == [1.5, 2.0]
    assert frame["DLBM"].tolist() == ["21", "22"]


def test_figures_as_people_type_them(tmp_path: Path) -> None:
    assert column(tmp_path, "数量", [1.5, "1,234.5", "１２３", None]) == [1.5, 1234.5, 123.0, None]
    assert column(tmp_path, "数量", [2, "—", 3]) == [2, None, 3]


def test_a_unit_behind_a_figure_keeps_the_column_as_text(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"表": [["号", "规模"], ["a", "12.5亩"], ["b", 3]]})
    data = read(path)
    assert data.frame["规模"].tolist() == ["12.5亩", "3"]
    assert "B2" in told(data, "tables.kept_as_text")


def test_days_in_all_writings(tmp_path: Path) -> None:
    day = dt.date(2026, 11, 22)
    values = ["2026-11-22", "2026/11/22", "2026.11.22", "2026年11月22日", day, dt.datetime(2026, 11, 22)]
    assert column(tmp_path, "日期", values) == [day] * 6
    assert date_of("2026-02-30") is None
    assert date_of("2026-11/22") is None


def test_text_that_looks_like_a_day_stays_text_where_nothing_asks_for_one(tmp_path: Path) -> None:
    plots = ["2023-1-12", "2024-2-3"]
    assert column(tmp_path, "地块", plots) == plots
    assert column(tmp_path, "批准日期", plots) == [dt.date(2023, 1, 12), dt.date(2024, 2, 3)]
    assert column(tmp_path, "甲", ["2024-02-29T00:00:00"]) == ["2024-02-29T00:00:00"]
    text = "地块,录入\n2023-1-12,2024-01-05\n2024-2-3,2024-12-31\n"
    frame = read(write_text(tmp_path / "a.csv", text, "utf-8")).frame
    assert frame["地块"].tolist() == plots
    assert frame["录入"].tolist() == [dt.date(2024, 1, 5), dt.date(2024, 12, 31)]


def test_plots_with_an_e_in_their_number_stay_text(tmp_path: Path) -> None:
    frame = read(write_text(tmp_path / "a.csv", "地块,面积\n12E3,1.5e3\n7E1,1e+2\n", "utf-8")).frame
    assert frame["地块"].tolist() == ["12E3", "7E1"]
    assert frame["面积"].tolist() == [1500.0, 100.0]


def test_days_of_both_calendars(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet: Any = book.active
    sheet.append(["日期"])
    # day 1 of the 1904 system is 2 January 1904 (ECMA-376, 18.17.4.1); of the 1900 system 1 January 1900
    sheet.append([1])
    sheet["A2"].number_format = "yyyy-mm-dd"
    book.save(tmp_path / "mac.xlsx")
    assert read(tmp_path / "mac.xlsx").frame["日期"].tolist() == [dt.date(1904, 1, 2)]
    book = Workbook()
    sheet = book.active
    sheet.append(["日期"])
    sheet.append([46348])
    sheet["A2"].number_format = "yyyy-mm-dd"
    book.save(tmp_path / "win.xlsx")
    # 46348 days after 30 December 1899
    assert read(tmp_path / "win.xlsx").frame["日期"].tolist() == [dt.date(1899, 12, 30) + dt.timedelta(46348)]


SUMS = (
    '<row r="1"><c r="A1" t="str"><v>名称</v></c><c r="B1" t="str"><v>面积</v></c></row>'
    '<row r="2"><c r="A2" t="str"><v>a</v></c><c r="B2"><f>1+1</f></c></row>'
    '<row r="3"><c r="A3" t="str"><v>b</v></c><c r="B3"><f>1+2</f><v>3</v></c></row>'
    '<row r="4"><c r="A4" t="str"><v>c</v></c><c r="B4" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
)


def test_formulas_give_the_values_they_were_saved_with(tmp_path: Path) -> None:
    data = read(raw_workbook(tmp_path / "a.xlsx", SUMS))
    assert data.frame["面积"].isna().tolist() == [True, False, True]
    assert data.frame["面积"].iloc[1] == 3
    assert "B2" in told(data, "tables.uncomputed")
    assert "B4 #DIV/0!" in told(data, "tables.errors")
    assert next(note for note in data.notes if note.code == "tables.errors").rows == (2,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
def test_text_files_of_all_kinds(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["镇街", "编号", "备注"], ["石岐街道", "0802", "甲"], ["东区街道", "0803", "乙"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    data = read(write_text(tmp_path / "a.csv", text, encoding))
    assert names(data) == rows[0]
    assert data.frame["镇街"].tolist() == ["石岐街道", "东区街道"]
    assert data.frame["编号"].tolist() == ["0802", "0803"]


def test_a_wrong_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("名称,面积\r\n石岐,1\r\n".encode() + b"\xff\xff\xff,2\r\n")
    with pytest.raises(InputError) as error:
        read(path)
    assert error.value.where.endswith(":3")


def test_a_chosen_encoding_decides(tmp_path: Path) -> None:
    from layers.formats.tables.reader import TABLES
    from layers.progress import NoProgress

    path = write_text(tmp_path / "a.csv", "名字\r\n一丁\r\n", "big5")
    data = TABLES.read(path, ReadOptions(encoding="big5"), NoProgress())
    assert data.frame["名字"].tolist() == ["一丁"]
    with pytest.raises(InputError):
        TABLES.read(path, ReadOptions(encoding="klingon"), NoProgress())


def test_quoted_cells_hold_delimiters_lines_and_quotes(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", '名称,备注\r\n"a,b","c\nd ""e"""\r\nf,"g\r\n', "utf-8")
    frame = read(path).frame
    assert frame["名称"].tolist() == ["a,b", "f"]
    # the last quote is never closed: it stands for itself, and nothing is lost
    assert frame["备注"].tolist() == ['c\nd "e"', '"g']


def test_old_workbooks_in_chinese_code_pages(tmp_path: Path) -> None:
    rows = [["地类编码", "地类名称"], ["0802", "科研用地"]]
    data = read(write_biff4(tmp_path / "a.xls", rows, codepage=936))
    assert data.frame["地类名称"].tolist() == ["科研用地"]
    assert not data.encoding_guessed
    guessed = read(write_biff4(tmp_path / "b.xls", rows, codepage=None))
    assert guessed.frame["地类名称"].tolist() == ["科研用地"]
    assert guessed.encoding_guessed
    assert "tables.encoding" in codes(guessed)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234", 1234),
        ("12,34", None),
        ("１２．５", 12.5),
        ("-3", -3),
        ("−3", -3),
        ("1e+3", 1000.0),
        ("1.5E3", 1500.0),
        ("1e-07", 1e-7),
        ("12E3", None),
        ("12亩", None),
        ("", None),
    ],
)
def test_numbers_out_of_texts(text: str, number: float | None) -> None:
    assert number_of(text) == number


def test_numbers_of_more_digits_than_a_number_holds_stay_text(tmp_path: Path) -> None:
    text = "流水,甲,乙\n44200011100012345678,4420001110001234567,4420001110001234567\n5,6,0.5\n"
    frame = read(write_text(tmp_path / "a.csv", text, "utf-8")).frame
    # 20 digits are beyond 64 bits; 19 fit, but not beside a fraction
    assert frame["流水"].tolist() == ["44200011100012345678", "5"]
    assert frame["甲"].tolist() == [4420001110001234567, 6]
    assert frame["乙"].tolist() == ["4420001110001234567", "0.5"]
