"""Workbooks as LibreOffice saves them: old ones, and formulas with their results."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.layers.formats.tables_samples import ledger
from tests.layers.formats.test_tables_headings import names, read

pytestmark = pytest.mark.peer


def saved_as(office: Path, source: Path, kind: str, folder: Path) -> Path:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", kind, "--outdir", folder, source]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / f"{source.stem}.{kind}"


def formulas(path: Path) -> Path:
    book = Workbook()
    sheet: Any = book.active
    for row in (["地类编码", "甲", "乙", "和", "日期"], [802, 1, 2, "=B2+C2", dt.date(2026, 11, 22)]):
        sheet.append(row)
    sheet.append(["0803", 1, 0, "=B3/C3", dt.date(1999, 12, 31)])
    sheet["A2"].number_format = "0000"
    book.save(path)
    return path


@pytest.mark.parametrize("kind", ["xls", "xlsx"])
def test_formulas_errors_days_and_padded_codes(libreoffice: Path, tmp_path: Path, kind: str) -> None:
    source = formulas(tmp_path / "in.xlsx").rename(tmp_path / "f.xlsx")
    (tmp_path / "out").mkdir()
    data = read(saved_as(libreoffice, source, kind, tmp_path / "out"))
    assert data.frame["地类编码"].tolist() == ["0802", "0803"]
    assert data.frame["和"].iloc[0] == 3
    assert data.frame["和"].isna().tolist() == [False, True]
    assert data.frame["日期"].tolist() == [dt.date(2026, 11, 22), dt.date(1999, 12, 31)]
    assert "D3 #DIV/0!" in next(note.text for note in data.notes if note.code == "tables.errors")


def test_merged_headings_of_an_old_workbook(libreoffice: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    new = read(ledger(tmp_path / "a.xlsx"))
    old = read(saved_as(libreoffice, tmp_path / "a.xlsx", "xls", tmp_path / "out"))
    assert names(old) == names(new)
    assert old.frame.drop(columns="geometry").equals(new.frame.drop(columns="geometry"))
    assert old.stated["units"] == new.stated["units"]
