"""A shapefile that lacks parts or is cut off: what can be read is offered, what is missing is listed."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest
from vector_family_samples import parcels, shapefile, table

from layers.errors import InputError
from layers.formats.model import ReadOptions, SourceData
from layers.formats.shapefile_reading import SHAPEFILE
from layers.formats.shapefile_repair import ranges_of
from layers.progress import NoProgress

# a polygon of one part and five corners: 8 bytes of heading, 44 + 4 + 5 * 16 of content
RECORD = 8 + 44 + 4 + 80


def read(path: Path) -> SourceData:
    before = {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}
    data = SHAPEFILE.read(path, ReadOptions(), NoProgress())
    after = {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}
    assert before == after
    return data


def codes(data: SourceData) -> list[str]:
    return [note.code for note in data.notes]


def test_a_missing_or_foreign_index_is_made_anew_in_a_copy(tmp_path: Path) -> None:
    path = shapefile(tmp_path, cpg="GBK")
    index = path.with_suffix(".shx").read_bytes()
    path.with_suffix(".shx").unlink()
    data = read(path)
    assert codes(data) == ["shapefile.index_rebuilt"]
    assert data.frame.geometry.area.tolist() == [10000.0] * 3
    assert data.crs is not None
    wrong = bytearray(index)
    struct.pack_into(">i", wrong, 104, 9999)
    path.with_suffix(".shx").write_bytes(wrong)
    data = read(path)
    assert codes(data) == ["shapefile.index_rebuilt"]
    assert data.frame.geometry.area.tolist() == [10000.0] * 3


def test_a_shp_that_is_cut_off_gives_what_is_whole(tmp_path: Path) -> None:
    path = shapefile(tmp_path, cpg="GBK", count=6)
    whole = path.read_bytes()
    assert len(whole) == 100 + 6 * RECORD
    path.write_bytes(whole[: 100 + 4 * RECORD - 10])
    data = read(path)
    assert data.frame.geometry.area.fillna(-1).tolist() == [10000.0] * 3 + [-1] * 3
    assert data.frame["名称"].tolist() == parcels(6)["名称"].tolist()
    (note,) = data.notes
    assert (note.code, note.rows) == ("shapefile.damaged_shapes", (3, 4, 5))
    assert "4-6" in note.text


def test_a_dbf_that_is_cut_off_leaves_shapes_without_attributes(tmp_path: Path) -> None:
    path = shapefile(tmp_path, cpg="GBK", count=6)
    dbf = path.with_suffix(".dbf")
    body = dbf.read_bytes()
    start, length = struct.unpack_from("<HH", body, 8)
    dbf.write_bytes(body[: start + 2 * length + 5])
    data = read(path)
    assert data.frame["名称"].isna().tolist() == [False, False, True, True, True, True]
    assert data.frame.geometry.area.tolist() == [10000.0] * 6
    (note,) = data.notes
    assert (note.code, note.rows) == ("shapefile.damaged_table", (2, 3, 4, 5))


def test_rows_without_shapes_are_kept_and_listed(tmp_path: Path) -> None:
    path = shapefile(tmp_path, cpg="GBK", count=4)
    index = path.with_suffix(".shx").read_bytes()
    short = bytearray(index[:-16])
    struct.pack_into(">i", short, 24, len(short) // 2)
    path.with_suffix(".shx").write_bytes(short)
    data = read(path)
    assert data.frame.geometry.isna().tolist() == [False, False, True, True]
    assert [note.rows for note in data.notes] == [(2, 3)]


def test_a_missing_dbf_or_prj_is_said(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".dbf").unlink()
    path.with_suffix(".prj").unlink()
    data = read(path)
    assert codes(data) == ["shapefile.no_table"]
    assert data.crs is None
    assert data.frame.geometry.area.tolist() == [10000.0] * 3


def test_a_record_that_claims_more_points_than_it_has_room_for_is_left_empty(tmp_path: Path) -> None:
    path = shapefile(tmp_path, cpg="GBK", count=3)
    body = bytearray(path.read_bytes())
    struct.pack_into("<i", body, 100 + RECORD + 8 + 40, 2**31 - 1)
    path.write_bytes(body)
    data = read(path)
    assert data.frame.geometry.area.fillna(-1).tolist() == [10000.0, -1, 10000.0]
    assert [note.rows for note in data.notes] == [(1,)]


def test_records_marked_as_deleted_are_left_out_and_counted(tmp_path: Path) -> None:
    path = shapefile(tmp_path, cpg="GBK", count=4)
    dbf = path.with_suffix(".dbf")
    body = bytearray(dbf.read_bytes())
    start, length = struct.unpack_from("<HH", body, 8)
    body[start + length] = ord("*")
    dbf.write_bytes(body)
    data = read(path)
    assert data.frame["名称"].tolist() == [parcels(4)["名称"].iloc[i] for i in (0, 2, 3)]
    assert codes(data) == ["shapefile.deleted"]
    path.write_bytes(path.read_bytes()[:-10])
    (damaged,) = [note for note in read(path).notes if note.code == "shapefile.damaged_shapes"]
    assert damaged.rows == (2,)


def test_names_in_capitals_and_mixed_case_belong_together(tmp_path: Path) -> None:
    path = shapefile(tmp_path, cpg="GBK")
    for part in list(tmp_path.iterdir()):
        part.rename(part.with_suffix(part.suffix.title()))
    data = read(tmp_path / "土地.Shp")
    assert data.frame["名称"].tolist() == parcels()["名称"].tolist()
    assert data.crs is not None
    assert path.stem == "土地"


def test_a_table_that_claims_four_thousand_million_records_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = table(tmp_path / "a.dbf", [b"a", b"b"], 5, claims=2**32 - 1)
    data = read(path)
    assert data.frame["MC"].tolist() == ["a", "b"]
    assert codes(data) == ["shapefile.damaged_table"]
    assert "4294967295" in data.notes[0].text


@pytest.mark.parametrize("size", [0, 1, 31, 99, 104, 140])
@pytest.mark.parametrize("suffix", [".shp", ".shx", ".dbf"])
def test_no_cut_makes_a_crash(tmp_path: Path, suffix: str, size: int) -> None:
    path = shapefile(tmp_path, cpg="GBK")
    part = path.with_suffix(suffix)
    whole = part.read_bytes()
    part.write_bytes(whole[:size])
    try:
        told = bool(read(path).notes)
    except InputError as error:
        told = bool(error.where and error.remedy)
    assert told or size >= len(whole)


def test_a_renamed_file_is_told_for_what_it_is(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    shutil.make_archive(str(tmp_path / "z"), "zip", tmp_path)
    (tmp_path / "z.zip").replace(path)
    with pytest.raises(InputError, match="压缩"):
        read(path)


def test_record_numbers_are_written_as_ranges() -> None:
    assert ranges_of([0, 1, 2, 4, 9, 10]) == "1-3、5、10-11"
    assert ranges_of(list(range(0, 40, 2))).endswith("19…")


def test_a_prj_with_a_damaged_projection_is_named(tmp_path: Path) -> None:
    path = shapefile(tmp_path, cpg="GBK")
    prj = path.with_suffix(".prj")
    text = prj.read_bytes()
    start = text.index(b"Gauss")
    prj.write_bytes(text[:start] + bytes(range(0x80, 0x8C)) + text[start + 12 :])
    with pytest.raises(InputError) as error:
        read(path)
    assert ".prj" in error.value.remedy
    prj.unlink()
    assert read(path).crs is None
