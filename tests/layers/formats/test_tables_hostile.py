"""Broken, false and hostile tables end in one sentence."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest

from layers.errors import InputError
from layers.formats.model import ReadOptions
from layers.formats.tables.containers import OLE2
from layers.formats.tables.delimited import split_rows
from layers.formats.tables.limits import MOST_CELLS
from layers.formats.tables.reader import TABLES
from layers.progress import NoProgress
from tests.layers.formats.tables_samples import raw_workbook, valid_files, workbook, write_text

CELL = '<row r="{row}"><c r="{name}" t="str"><v>a</v></c></row>'


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as error:
        TABLES.read(path, ReadOptions(), NoProgress())
    assert error.value.what
    assert error.value.remedy
    with pytest.raises(InputError):
        TABLES.layers(path, ReadOptions())
    return error.value


def test_empty_and_missing_files(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"")
    refused(tmp_path / "a.xlsx")
    (tmp_path / "b.csv").write_bytes(b"\x00" * 100)
    refused(tmp_path / "b.csv")
    refused(tmp_path / "none.xlsx")


def test_garbage_is_no_table(tmp_path: Path) -> None:
    for name in ("a.xls", "a.xlsx", "a.csv"):
        (tmp_path / name).write_bytes(random.Random(4).randbytes(5000))  # noqa: S311 - chance that can be repeated
        refused(tmp_path / name)


def test_a_locked_workbook_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(OLE2 + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600)
    error = refused(path)
    assert "密码" in error.what


def test_a_word_document_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(OLE2 + b"\x00" * 600 + "WordDocument".encode("utf-16-le") + b"\x00" * 600)
    refused(path)


def test_zip_files_that_are_no_workbooks(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("readme.txt", "x")
    refused(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("xl/workbook.bin", "x")
    assert "xlsb" in refused(tmp_path / "b.xlsx").what


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_workbook_that_is_cut_off_says_so(tmp_path: Path, share: float) -> None:
    path = valid_files(tmp_path)[0]
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    error = refused(path)
    assert "不完整" in error.what
    assert "Excel" in error.remedy


def test_a_zip_bomb_is_measured_before_it_is_unpacked(tmp_path: Path) -> None:
    path = raw_workbook(tmp_path / "a.xlsx", "<row><c><v>1</v></c></row>")
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/more.xml", "w") as part,
    ):
        for _ in range(100):
            part.write(b" " * 2**20)
    refused(path)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    path = raw_workbook(tmp_path / "a.xlsx", '<row><c t="str"><v>&b;</v></c></row>', before=bomb)
    refused(path)


@pytest.mark.parametrize(
    "sheet",
    [
        CELL.format(row=1, name="A1") + CELL.format(row=99999999999, name="A2"),
        CELL.format(row=2, name="A2") + CELL.format(row=1, name="A1"),
        CELL.format(row=1, name="A7"),
        CELL.format(row=1, name="XFE1"),
        CELL.format(row=1, name="ZZZZ1"),
        CELL.format(row=1, name="ALM1"),
        CELL.format(row="x", name="A1"),
        CELL.format(row=1, name="A1") + CELL.format(row=1_048_576, name="AAA1048576"),
    ],
)
def test_impossible_places_of_cells(tmp_path: Path, sheet: str) -> None:
    refused(raw_workbook(tmp_path / "a.xlsx", sheet))


def test_a_stated_size_means_nothing(tmp_path: Path) -> None:
    path = raw_workbook(
        tmp_path / "a.xlsx",
        CELL.format(row=1, name="A1") + CELL.format(row=2, name="A2"),
        after='<dimension ref="A1:XFD1048576"/>',
    )
    assert len(TABLES.read(path, ReadOptions(), NoProgress()).frame) == 1


def test_blank_cells_far_out_mean_nothing(tmp_path: Path) -> None:
    styled = '<row r="3"><c r="XFD3" s="0"/></row><row r="1048576"><c r="XFD1048576"/></row>'
    path = raw_workbook(
        tmp_path / "a.xlsx", CELL.format(row=1, name="A1") + CELL.format(row=2, name="A2") + styled
    )
    assert len(TABLES.read(path, ReadOptions(), NoProgress()).frame) == 1


def test_two_cells_may_not_claim_a_billion(tmp_path: Path) -> None:
    path = raw_workbook(
        tmp_path / "a.xlsx", CELL.format(row=1, name="ZZ1") + CELL.format(row=1_048_576, name="A1048576")
    )
    assert f"{MOST_CELLS:,}" in refused(path).what


def test_web_pages_with_impossible_spans(tmp_path: Path) -> None:
    page = "<table>" + "<tr>" + '<td colspan="999999999" rowspan="99999999">a</td>' * 20 + "</table>"
    refused(write_text(tmp_path / "a.xls", page, "utf-8"))


def test_a_csv_under_the_name_of_a_workbook_is_read(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.xlsx", "编号,名称\r\n01,甲\r\n", "gb18030")
    data = TABLES.read(path, ReadOptions(), NoProgress())
    assert data.frame["编号"].tolist() == ["01"]
    assert "tables.renamed" in {note.code for note in data.notes}
    renamed = workbook(tmp_path / "b.xlsx", {"表": [["编号"], ["01"]]}).rename(tmp_path / "b.csv")
    assert TABLES.read(renamed, ReadOptions(), NoProgress()).frame["编号"].tolist() == ["01"]


def test_a_file_that_breaks_off_within_a_character(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("编号,名称\r\n01,石岐".encode()[:-1])
    data = TABLES.read(tmp_path / "a.csv", ReadOptions(), NoProgress())
    assert data.frame["名称"].tolist() == ["石"]
    assert "tables.cut_off" in {note.code for note in data.notes}


def test_unclosed_quotes_cost_no_time() -> None:
    text = '"a\n' * 20_000
    assert sum(len(cells) for cells, _quoted in split_rows(text, ",")) == 20_000


def test_what_is_recognised(tmp_path: Path) -> None:
    files = valid_files(tmp_path)
    assert all(TABLES.recognises(path, path.read_bytes()[:4096]) for path in files)
    nameless = files[0].rename(tmp_path / "ledger")
    assert TABLES.recognises(nameless, nameless.read_bytes()[:4096])
    assert not TABLES.recognises(tmp_path / "a.txt", b"1,2,3")
    assert not TABLES.recognises(tmp_path, b"")


def test_valid_files_are_read(tmp_path: Path) -> None:
    for path in valid_files(tmp_path):
        assert len(TABLES.read(path, ReadOptions(), NoProgress()).frame) > 0


@pytest.mark.parametrize("number", range(6))
def test_mutated_files_give_a_table_or_a_sentence(tmp_path: Path, number: int) -> None:
    whole = valid_files(tmp_path)[number]
    data = whole.read_bytes()
    chance = random.Random(number)  # noqa: S311 - chance that can be repeated
    said: list[str] = []
    for _ in range(60):
        broken = bytearray(data[: chance.randrange(1, len(data))] if chance.random() < 0.3 else data)
        for _change in range(chance.randrange(1, 20)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        whole.write_bytes(broken)
        for task in (
            lambda: TABLES.read(whole, ReadOptions(), NoProgress()),
            lambda: TABLES.layers(whole, ReadOptions()),
        ):
            try:
                task()
            except InputError as error:
                said.append(error.what)
    assert all(said)


def test_a_heading_merged_beyond_the_last_row_ends_with_it(tmp_path: Path) -> None:
    page = "<html><table><tr><th rowspan=5>地块</th><th>面积</th></tr><tr><td>0802</td></tr></table></html>"
    path = write_text(tmp_path / "a.xls", page, "utf-8")
    (layer,) = TABLES.layers(path, ReadOptions())
    assert layer.columns == ("地块", "面积/0802")
    assert len(TABLES.read(path, ReadOptions(), NoProgress()).frame) == 0


def test_a_heading_chosen_beyond_the_last_row_is_refused(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", "编号,面积\n1,2\n", "utf-8")
    with pytest.raises(InputError):
        TABLES.read(path, ReadOptions(choices={"header_rows": "90"}), NoProgress())
