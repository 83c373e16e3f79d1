"""Small valid tables, made where they are needed: workbooks old and new, and text."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

LEDGER_HEADER = (
    ("序号", "地块编号", "面积", None, None, "价款", "备注"),
    (None, None, "批准面积", "已供面积（公顷）", "未供", None, None),
)
LEDGER_MERGED = ("A1:G1", "A3:A4", "B3:B4", "C3:E3", "F3:F4", "G3:G4")


def valid_files(folder: Path) -> list[Path]:
    """Write one small valid file of each kind."""
    return [
        ledger(folder / "ledger.xlsx"),
        corners(folder / "corners.xlsx"),
        write_biff4(folder / "old.xls", [["地类编码", "面积"], ["0802", 12.5], ["0803", 3.0]], codepage=936),
        write_text(folder / "gbk.csv", "编号,经度,纬度\r\n1,113.38,22.52\r\n2,113.4,22.5\r\n", "gb18030"),
        write_text(folder / "tabs.tsv", "code\tname\n0802\t石岐\n", "utf-8"),
        write_text(folder / "page.xls", PAGE, "utf-8"),
    ]


PAGE = (
    '<html><meta charset="utf-8"><table><tr><th rowspan=2>地块</th><th colspan=2>面积（亩）</th></tr>'
    "<tr><th>批准</th><th>已供</th></tr><tr><td>0802</td><td>1,234.5</td><td>2</td></tr></table></html>"
)


def ledger(path: Path) -> Path:
    """Write a ledger as bureaus keep it: title, unit line, two rows of heading, column numbers, totals."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "台账"
    sheet["A1"] = "2025年批而未供土地台账"
    sheet["A2"], sheet["G2"] = "填报单位：石岐街道", "单位：亩、万元"
    for row, texts in enumerate(LEDGER_HEADER, 3):
        for column, text in enumerate(texts, 1):
            sheet.cell(row, column, text)
    for merged in LEDGER_MERGED:
        sheet.merge_cells(merged)
    sheet.append([1, 2, 3, 4, 5, 6, 7])
    sheet.append([1, "0802", 12.5, 1.2, 3, 100, "甲"])
    sheet.append([])
    sheet.append([2, "0803", 2.5, 0.8, 0, 50, None])
    sheet.append(["合 计", None, 15, 2, 3, 150, None])
    sheet.append(["注：面积以批复为准"])
    book.save(path)
    return path


def corners(path: Path) -> Path:
    """Write two plots corner by corner, the second with a hole; X north, Y east as surveyors write it."""
    square = [(2490000, 38436000), (2490100, 38436000), (2490100, 38436100), (2490000, 38436100)]
    hole = [(2490020, 38436220), (2490040, 38436220), (2490040, 38436240), (2490020, 38436240)]
    rows: list[list[Any]] = [["地块编号", "圈号", "点号", "X", "Y"]]
    rows += [["D1", 1, f"J{n}", x, y] for n, (x, y) in enumerate(square, 1)]
    rows += [["D2", 1, f"J{n}", x, y + 200] for n, (x, y) in enumerate(square, 1)]
    rows += [["D2", 2, f"J{n}", x, y] for n, (x, y) in enumerate(hole, 5)]
    return workbook(path, {"界址点": rows})


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """Write a workbook of plain rows."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def write_text(path: Path, text: str, encoding: str) -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def write_biff4(path: Path, rows: Sequence[Sequence[Any]], *, codepage: int | None) -> Path:
    """Write an Excel 4 worksheet: BOF, CODEPAGE, LABEL and NUMBER records, EOF (text as GBK)."""
    data = _record(0x0409, struct.pack("<HHH", 0, 0x10, 0))
    if codepage is not None:
        data += _record(0x0042, struct.pack("<H", codepage))
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(value, str):
                text = value.encode("gbk")
                data += _record(0x0204, place + struct.pack("<H", len(text)) + text)
            elif value is not None:
                data += _record(0x0203, place + struct.pack("<d", float(value)))
    path.write_bytes(data + _record(0x000A, b""))
    return path


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def raw_workbook(path: Path, sheet_data: str, *, after: str = "", before: str = "") -> Path:
    """Write a workbook whose sheet is given as XML, for what no library would write."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{office}/relationships"><sheets>'
            '<sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": (
            f'{before}<worksheet xmlns="{main}"><sheetData>{sheet_data}</sheetData>{after}</worksheet>'
        ),
    }
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return path
