"""Numbers of shapefiles keep all their digits."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from layers.formats.model import ReadOptions, SourceData
from layers.formats.shapefile_reading import SHAPEFILE
from layers.progress import NoProgress

Rows = list[tuple[str, ...]]


def written(path: Path, fields: list[tuple[str, str, int, int]], rows: Rows, deleted: int = -1) -> SourceData:
    """Write a .dbf by hand and read it."""
    head = struct.pack(
        "<B3BIHH20x", 3, 26, 1, 1, len(rows), 33 + 32 * len(fields), 1 + sum(f[2] for f in fields)
    )
    for name, kind, width, decimals in fields:
        head += (
            name.encode().ljust(11, b"\0") + kind.encode() + bytes(4) + bytes([width, decimals]) + bytes(14)
        )
    body = b""
    for number, row in enumerate(rows):
        body += b"*" if number == deleted else b" "
        body += b"".join(text.rjust(field[2]).encode() for text, field in zip(row, fields, strict=True))
    path.write_bytes(head + b"\r" + body + b"\x1a")
    return SHAPEFILE.read(path, ReadOptions(), NoProgress())


@pytest.mark.parametrize("kind", ["N", "F"])
def test_whole_numbers_of_19_digits_and_more_keep_them(tmp_path: Path, kind: str) -> None:
    fields = [("QSDWDM", kind, 19, 0), ("LONG", kind, 30, 0), ("BSM", kind, 18, 0), ("TBMJ", kind, 20, 2)]
    rows: Rows = [
        ("4420001012030000123", "442000101203000012345678", "442000111000123456", "12.34"),
        ("4420001012030000124", "", "442000111000123457", "0.00"),
        ("", "7", "", ""),
    ]
    frame = written(tmp_path / "a.dbf", fields, rows).frame
    assert frame["QSDWDM"].tolist()[:2] == [4420001012030000123, 4420001012030000124]
    assert frame["LONG"].tolist() == ["442000101203000012345678", None, "7"]
    assert frame["BSM"].tolist()[:2] == [442000111000123456, 442000111000123457]
    assert frame["TBMJ"].tolist()[:2] == [12.34, 0.0]
    assert frame.isna().sum().tolist() == [1, 1, 1, 1, 3]


def test_rows_behind_a_deleted_record_keep_their_own_numbers(tmp_path: Path) -> None:
    rows: Rows = [("4420001012030000121",), ("4420001012030000122",), ("4420001012030000123",)]
    frame = written(tmp_path / "a.dbf", [("QSDWDM", "N", 19, 0)], rows, deleted=1).frame
    assert frame["QSDWDM"].tolist() == [4420001012030000121, 4420001012030000123]


def test_small_whole_numbers_in_wide_fields_stay_numbers(tmp_path: Path) -> None:
    frame = written(tmp_path / "a.dbf", [("N", "N", 20, 0)], [("12",), ("",), ("1.5",)]).frame
    assert frame["N"].tolist()[0::2] == [12.0, 1.5]


def test_asterisks_are_no_number(tmp_path: Path) -> None:
    data = written(tmp_path / "a.dbf", [("QSDWDM", "N", 19, 0)], [("*" * 19,), ("4420001012030000123",)])
    assert data.frame["QSDWDM"].tolist()[1] == 4420001012030000123
    assert data.frame["QSDWDM"].isna().tolist() == [True, False]
    assert data.notes == ()
