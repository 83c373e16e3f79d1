"""Workbooks are read from their XML: held against openpyxl, and what only a hand-made file holds."""

from __future__ import annotations

import datetime as dt
import warnings
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from layers.errors import InputError
from layers.formats.model import ReadOptions
from layers.formats.tables.grid import CellError, CellValue, Grid
from layers.formats.tables.preview import preview
from layers.formats.tables.reader import TABLES
from layers.formats.tables.workbook_values import number_or_code, plain_time
from layers.formats.tables.xlsx import xlsx_grid, xlsx_sheets
from layers.progress import NoProgress
from tests.layers.formats.tables_samples import corners, ledger, raw_workbook

MOMENT = dt.datetime(2026, 11, 22, 8, 30)
CELLS: tuple[tuple[Any, str], ...] = (
    ("0802", "General"),
    ("石岐 & <东区> “甲”\n乙", "General"),
    (" 前后有空 ", "@"),
    (802, "0000"),
    (802, "0"),
    (-5, "000"),
    (1.5, "000"),
    (12.5, "#,##0.00"),
    (442000001001234, "General"),
    (1e-7, "0.00E+00"),
    (True, "General"),
    (dt.date(2026, 11, 22), "yyyy-mm-dd"),
    (MOMENT, "yyyy/m/d h:mm"),
    (dt.time(8, 30), "h:mm:ss"),
    (dt.timedelta(hours=30), "[h]:mm:ss"),
    (45_000, "yyyy年m月d日"),
    (45_000, '"编号"0'),
    (-3, "yyyy-mm-dd"),
    ("#DIV/0!", "General"),
    (None, "General"),
    (1, "General"),
)


def made(path: Path, *, from_1904: bool = False) -> Path:
    """Write every cell on a diagonal and once more in one row, with gaps, merged cells and a hidden row."""
    book = Workbook()
    if from_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet: Any = book.active
    for number, (value, shown) in enumerate(CELLS, 1):
        for row, column in ((number, number), (40, number * 2)):
            cell = sheet.cell(row, column, value)
            cell.number_format = shown
    sheet.merge_cells("A50:C52")
    sheet["A50"] = "合并"
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("空")
    book.save(path)
    return path


def of_openpyxl(path: Path, sheet: str) -> dict[tuple[int, int], CellValue]:
    """Return every value that openpyxl finds, in our types."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a day before 1900 is an error to both
        found: Any = load_workbook(path, data_only=True)[sheet]
    values: dict[tuple[int, int], CellValue] = {}
    for row in found.iter_rows():
        for cell in row:
            if cell.value is not None:
                values[cell.row - 1, cell.column - 1] = _value(cell)
    return values


def _value(cell: Any) -> CellValue:
    if cell.data_type == "e":
        return CellError(cell.value)
    if isinstance(cell.value, str | bool):
        return cell.value
    if isinstance(cell.value, int | float):
        return number_or_code(cell.value, cell.number_format)
    return plain_time(cell.value)


def of_grid(grid: Grid) -> dict[tuple[int, int], CellValue]:
    return {
        (number, column): value
        for number, row in enumerate(grid.rows)
        for column, value in enumerate(row)
        if value is not None
    }


@pytest.mark.parametrize("from_1904", [False, True])
def test_values_are_those_of_openpyxl(tmp_path: Path, from_1904: bool) -> None:
    path = made(tmp_path / "a.xlsx", from_1904=from_1904)
    for info in xlsx_sheets(path):
        grid = xlsx_grid(path, info.name, NoProgress())
        wanted = of_openpyxl(path, info.name)
        assert of_grid(grid) == wanted
        assert [type(value) for value in of_grid(grid).values()] == [type(value) for value in wanted.values()]
    grid = xlsx_grid(path, "Sheet", NoProgress())
    assert grid.hidden_rows == frozenset({2})
    assert [(one.top, one.left, one.bottom, one.right) for one in grid.blocks] == [(49, 0, 51, 2)]


@pytest.mark.parametrize("make", [ledger, corners])
def test_the_registers_are_read_as_openpyxl_reads_them(tmp_path: Path, make: Any) -> None:
    path = make(tmp_path / "a.xlsx")
    (info,) = xlsx_sheets(path)
    assert of_grid(xlsx_grid(path, info.name, NoProgress())) == of_openpyxl(path, info.name)


@pytest.mark.parametrize(
    ("number", "value"),
    [
        # ECMA-376 part 1, 18.8.30: in Chinese workbooks 31 is yyyy"年"m"月"d"日", 57 yyyy"年"m"月"
        (31, dt.date(2023, 3, 15)),
        (57, dt.date(2023, 3, 15)),
        (14, dt.date(2023, 3, 15)),
        (37, 45_000),
    ],
)
def test_days_in_formats_of_chinese_workbooks_are_days(tmp_path: Path, number: int, value: Any) -> None:
    # day 45,000 from 1899-12-30 is 2023-03-15
    path = raw_workbook(tmp_path / "a.xlsx", '<row r="1"><c r="A1" s="1"><v>45000</v></c></row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    styles = f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs>'
    _with_part(path, "xl/styles.xml", f"{styles}</styleSheet>", "styles")
    (info,) = xlsx_sheets(path)
    assert xlsx_grid(path, info.name, NoProgress()).value(0, 0) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-11-22", dt.date(2026, 11, 22)),
        ("2026-11-22T08:30:00", MOMENT),
        ("2026-11-22T08:30:00Z", MOMENT),
        ("08:30:00", "08:30:00"),
    ],
)
def test_days_written_out(tmp_path: Path, text: str, value: Any) -> None:
    path = raw_workbook(tmp_path / "a.xlsx", f'<row><c t="d"><v>{text}</v></c></row>')
    (info,) = xlsx_sheets(path)
    assert xlsx_grid(path, info.name, NoProgress()).value(0, 0) == value


def test_how_a_text_is_pronounced_is_no_part_of_it(tmp_path: Path) -> None:
    texts = (
        "<sst><si><t>石岐</t><rPh sb='0' eb='1'><t>shiqi</t></rPh></si>"
        "<si><r><t xml:space='preserve'>东 </t></r><r><t>区</t></r></si><si><t>_x005F_x0041_</t></si></sst>"
    )
    cells = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(3))
    inline = '<c t="inlineStr"><is><t>甲</t><rPh><t>jia</t></rPh></is></c>'
    path = raw_workbook(tmp_path / "a.xlsx", f"<row>{cells}{inline}</row>")
    _with_part(path, "xl/sharedStrings.xml", texts, "sharedStrings")
    (info,) = xlsx_sheets(path)
    assert list(xlsx_grid(path, info.name, NoProgress()).rows[0]) == ["石岐", "东 区", "_x0041_", "甲"]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B3"><v>十二</v></c>',
        '<c r="B3" t="s"><v>7</v></c>',
        '<c r="B3" t="s"><v>-1</v></c>',
        '<c r="B3" t="d"><v>昨天</v></c>',
        '<c r="B3" t="b"><v>是</v></c>',
    ],
)
def test_a_value_that_is_none_of_its_type_is_refused_with_its_cell(tmp_path: Path, cell: str) -> None:
    path = raw_workbook(tmp_path / "a.xlsx", f'<row r="3">{cell}</row>')
    with pytest.raises(InputError) as error:
        TABLES.read(path, ReadOptions(), NoProgress())
    assert "B3" in error.value.what
    assert error.value.remedy


def test_listing_the_sheets_walks_through_the_first_rows_only(tmp_path: Path) -> None:
    """What is merged stands behind all rows and is known all the same; a fault far down is the reading's."""
    far = '<row r="900"><c r="A900"><v>x</v></c></row>'
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="str"><v>甲{row}</v></c><c r="B{row}"><v>{row}</v></c></row>'
        for row in range(1, 600)
    )
    merged = '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
    path = raw_workbook(tmp_path / "a.xlsx", rows + far, after=merged)
    (layer,) = TABLES.layers(path, ReadOptions())
    assert layer.feature_count == -1
    assert preview(path, ReadOptions()).merged == ((0, 0, 1, 2),)
    with pytest.raises(InputError, match="A900"):
        TABLES.read(path, ReadOptions(), NoProgress())


def _with_part(path: Path, name: str, text: str, kind: str) -> None:
    """Put a part into a workbook, with its relationship."""
    links = "xl/_rels/workbook.xml.rels"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    link = f'<Relationship Id="rx" Type="{office}/{kind}" Target="{name.removeprefix("xl/")}"/>'
    parts[links] = parts[links].replace(b"</Relationships>", f"{link}</Relationships>".encode())
    with ZipFile(path, "w") as archive:
        for each, data in {**parts, name: text.encode()}.items():
            archive.writestr(each, data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_prefixes_and_encodings_of_the_parts_do_not_matter(tmp_path: Path, encoding: str) -> None:
    path = raw_workbook(tmp_path / "a.xlsx", "<row/>")
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = (
        f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>\n<x:worksheet xmlns:x="{main}">'
        '<x:sheetData><x:row r="2"><x:c r="B2" t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c>'
        '<x:c r="C2"><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    with ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet.encode(encoding)
    with ZipFile(path, "w") as archive:
        for each, data in parts.items():
            archive.writestr(each, data)
    grid = xlsx_grid(path, "表", NoProgress())
    assert of_grid(grid) == {(1, 1): "甲", (1, 2): 2}
