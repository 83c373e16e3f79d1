"""Personal geodatabases give their shapes, Chinese texts, numbers and days; what is locked says so.

The files are written page by page here; mdbtools, where it is installed, must read them the same.
"""

from __future__ import annotations

import csv
import io
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
import shapely
from jet_samples import (
    DAY,
    DOUBLE,
    EAST,
    HOLED,
    LONG,
    NORTH,
    OLE,
    PAGE,
    SQUARE,
    TEXT,
    Table,
    polygon_blob,
    scrambled,
    tables,
    write,
)

from layers.errors import InputError
from layers.formats.model import ReadOptions, SourceData
from layers.formats.personal_geodatabase.jet_values import JetColumn, row_values, text_of
from layers.formats.personal_geodatabase.reading import PERSONAL_GEODATABASE
from layers.formats.personal_geodatabase.shape_blobs import OddShapeError, shape_of
from layers.progress import NoProgress


def read(path: Path, layer: str = "地类图斑") -> SourceData:
    return PERSONAL_GEODATABASE.read(path, ReadOptions(layer), NoProgress())


def test_tables_with_shapes_come_first_and_the_programs_own_are_not_offered(tmp_path: Path) -> None:
    layers = PERSONAL_GEODATABASE.layers(write(tmp_path / "a.mdb"), ReadOptions())
    assert [(each.name, each.geometry, each.feature_count) for each in layers] == [
        ("地类图斑", "MultiPolygon", 3),
        ("控制点", "Point", 3),
        ("权利人", "", 2),
    ]
    assert layers[0].columns == ("OBJECTID", "DLBM", "地类名称", "TBMJ", "调查日期", "FRDBS", "BZ")


def test_shapes_texts_numbers_and_days_are_what_was_written(tmp_path: Path) -> None:
    data = read(write(tmp_path / "a.mdb"))
    first, second, third = data.frame.geometry
    assert first.equals(SQUARE)
    assert second.equals(HOLED)
    assert second.area == 9600.0
    assert shapely.get_coordinates(second, include_z=True)[:, 2].tolist() == [7.5] * 10
    assert third is None
    assert data.crs is not None
    assert data.crs.to_epsg(min_confidence=20) == 4526
    assert data.frame["DLBM"].tolist() == ["0802", "0101", None]
    assert data.frame["地类名称"].tolist() == ["工业用地", "水田", None]
    assert data.frame["TBMJ"].fillna(-1).tolist() == [10000.0, 9600.0, -1]
    assert data.frame["调查日期"].tolist() == ["2023-01-01", "2023-01-01T12:00:00", None]
    assert data.frame["FRDBS"].tolist() == [True, False, False]
    # the second one lies on four pages
    assert data.frame["BZ"].tolist() == ["备注" * 50, "长" * 5000, None]
    assert data.frame["OBJECTID"].tolist() == [1, 2, 3]
    assert (data.unreadable, data.notes) == ((), ())


def test_points_empty_points_and_junk(tmp_path: Path) -> None:
    data = read(write(tmp_path / "a.mdb"), "控制点")
    point, empty, junk = data.frame.geometry
    assert (point.x, point.y) == (EAST + 1, NORTH + 2)
    assert empty.is_empty
    assert junk is None
    assert data.unreadable == (2,)


def test_a_plain_table_is_read_when_named(tmp_path: Path) -> None:
    data = read(write(tmp_path / "a.mdb"), "权利人")
    assert data.frame["XM"].tolist() == ["张三", None]
    assert data.frame.geometry.isna().all()
    assert data.crs is None


def test_many_rows_over_many_pages_keep_their_order(tmp_path: Path) -> None:
    made = [
        Table("表", [("N", LONG), ("X", DOUBLE), ("T", TEXT)], [(i, i / 3, f"第{i}行") for i in range(3000)])
    ]
    frame = read(write(tmp_path / "a.mdb", made), "表").frame
    assert frame["N"].tolist() == list(range(3000))
    assert frame["X"].tolist() == [i / 3 for i in range(3000)]
    assert frame["T"].iloc[2999] == "第2999行"


def test_texts_that_are_partly_compressed_keep_their_chinese() -> None:
    # FF FE begins a compressed stretch, a zero byte ends it and begins the next
    assert text_of(b"\xff\xfeDLTB") == "DLTB"
    assert text_of("中山".encode("utf-16-le")) == "中山"
    assert text_of(b"\xff\xfeab\0" + "中山".encode("utf-16-le") + b"\0cd") == "ab中山cd"
    assert text_of(b"") == ""


def test_numbers_of_every_kind() -> None:
    columns = [
        JetColumn("byte", 2, 0, 0, 0, 0),
        JetColumn("short", 3, 1, 1, 0, 0),
        JetColumn("money", 5, 2, 3, 0, 0),
        JetColumn("single", 6, 3, 11, 0, 0),
        JetColumn("exact", 16, 4, 15, 0, 2),
        JetColumn("later", 4, 9, 40, 0, 0),
    ]
    # an exact number: sign, then 128 bits, most significant word first: -12345.67
    exact = struct.pack("<B4I", 0x80, 0, 0, 0, 1234567)
    record = struct.pack("<HBhqf", 6, 200, -5, 12_345_600, 0.1) + exact + b"\x1f"
    assert row_values(record, columns, False, bytes) == [200, -5, 1234.56, 0.1, -12345.67, None]


def test_a_shape_with_arcs_is_told(tmp_path: Path) -> None:
    blob = bytearray(polygon_blob(SQUARE, general=True))
    struct.pack_into("<I", blob, 0, 51 | 0x20000000)
    blob += struct.pack("<i", 0)
    rows = [(1, bytes(blob), "0802", "x", 1.0, float(DAY), True, None)]
    data = read(write(tmp_path / "a.mdb", tables(rows)))
    assert data.frame.geometry.iloc[0].equals(SQUARE)
    (note,) = data.notes
    assert (note.code, note.rows) == ("mdb.arcs", (0,))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x05",
        struct.pack("<I4dii", 5, 0, 0, 1, 1, 2**31 - 1, 2**31 - 1),
        struct.pack("<I4dii", 5, 0, 0, 1, 1, -1, 4),
        struct.pack("<I4diii", 3, 0, 0, 1, 1, 1, 1, 7) + bytes(16),
        struct.pack("<I", 32),
        struct.pack("<I", 77),
    ],
)
def test_bytes_that_are_no_shape_are_refused(body: bytes) -> None:
    with pytest.raises(OddShapeError):
        shape_of(body)


def test_lines_and_multipoints_of_all_versions() -> None:
    points = [(0.0, 0.0), (3.0, 4.0), (3.0, 10.0), (9.0, 10.0)]
    flat = b"".join(struct.pack("<2d", *point) for point in points)
    line = struct.pack("<I4dii2i", 3, 0, 0, 9, 10, 2, 4, 0, 2) + flat
    assert shape_of(line).shape.length == 5.0 + 6.0
    heights = struct.pack("<2d4d", 1, 4, 1, 2, 3, 4)
    for kind in (10, 13):
        shape = shape_of(struct.pack("<I", kind) + line[4:] + heights).shape
        assert shapely.get_coordinates(shape, include_z=True)[:, 2].tolist() == [1, 2, 3, 4]
    many = struct.pack("<I4di", 8, 0, 0, 9, 10, 4) + flat
    assert len(shape_of(many).shape.geoms) == 4
    assert shape_of(struct.pack("<I", 0)).shape is None


def test_an_access_97_file_and_a_locked_one_get_one_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mdb")
    body = bytearray(path.read_bytes())
    body[0x14] = 0
    path.write_bytes(body)
    with pytest.raises(InputError, match="97"):
        read(path)
    body[0x14] = 1
    clear = bytearray(128)
    struct.pack_into("<I", clear, 0x3E - 0x18, 0x12345678)
    body[0x18 : 0x18 + 128] = scrambled(bytes(clear))
    rng = np.random.default_rng(7)
    body[PAGE:] = rng.integers(0, 256, len(body) - PAGE, dtype=np.uint8).tobytes()
    path.write_bytes(body)
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(path) in caught.value.where
    assert "locked" in caught.value.what or "密码" in caught.value.what


@pytest.mark.parametrize("share", [0.0, 0.01, 0.2, 0.5, 0.9])
def test_no_cut_makes_a_crash(tmp_path: Path, share: float) -> None:
    path = write(tmp_path / "a.mdb")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    try:
        read(path)
    except InputError as error:
        told = bool(error.where and error.remedy)
    else:
        told = share > 0.1
    assert told


def test_no_changed_page_makes_a_crash_or_a_circle(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mdb")
    whole = path.read_bytes()
    rng = np.random.default_rng(3)
    for _round in range(25):
        body = bytearray(whole)
        for at in rng.integers(2 * PAGE, len(body), 12):
            body[at] = rng.integers(0, 256)
        path.write_bytes(body)
        try:
            for layer in PERSONAL_GEODATABASE.layers(path, ReadOptions()):
                read(path, layer.name)
        except InputError as error:
            assert error.remedy  # noqa: PT017 - either outcome is right


def test_long_values_that_point_in_a_circle_end(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mdb", [Table("表", [("B", OLE)], [(b"x" * 7000,)])])
    body = bytearray(path.read_bytes())
    pages = [
        at
        for at in range(0, len(body), PAGE)
        if body[at + 4 : at + 8] == b"VALL"[::1] or body[at + 4 : at + 8] == b"LVAL"
    ]
    assert len(pages) == 3
    for at in pages:
        (offset,) = struct.unpack_from("<H", body, at + 14)
        struct.pack_into("<I", body, at + offset, (at // PAGE) << 8)
    path.write_bytes(body)
    assert len(read(path, "表").frame["B"].iloc[0]) == 7000


def test_a_definition_that_goes_round_in_a_circle_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mdb")
    body = bytearray(path.read_bytes())
    # page 2 defines the catalogue; its bytes 4 to 7 name the page where the definition goes on
    struct.pack_into("<I", body, 2 * PAGE + 4, 2)
    path.write_bytes(body)
    with pytest.raises(InputError):
        PERSONAL_GEODATABASE.layers(path, ReadOptions())


@pytest.mark.peer
def test_mdbtools_reads_the_same(tmp_path: Path) -> None:
    if not shutil.which("mdb-export"):
        pytest.skip("peer missing: mdbtools (make peers)")
    path = write(tmp_path / "a.mdb")
    shown = subprocess.run(
        ["mdb-export", "-b", "hex", path, "地类图斑"], capture_output=True, check=True, text=True
    ).stdout
    rows = list(csv.DictReader(io.StringIO(shown)))
    frame = read(path).frame
    assert [row["地类名称"] or None for row in rows] == frame["地类名称"].tolist()
    assert [row["BZ"] or None for row in rows] == frame["BZ"].tolist()
    assert [float(row["TBMJ"] or "nan") for row in rows] == pytest.approx(frame["TBMJ"].tolist(), nan_ok=True)
    bodies = [bytes.fromhex(row["Shape"]) for row in rows]
    assert bodies == [polygon_blob(SQUARE), polygon_blob(HOLED, general=True, z=7.5), b""]
