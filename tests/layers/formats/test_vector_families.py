"""Each family of vector files is read by its own driver, whole, and leaves nothing beside the user's file."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from vector_family_samples import CITY, gml, mapinfo, parcels, valid_files

from layers.errors import InputError
from layers.formats.file_heads import head_of
from layers.formats.geoparquet import GEOPARQUET
from layers.formats.model import ReadOptions, SourceData, SourceFormat
from layers.formats.packed import Packed
from layers.formats.shapefile_reading import SHAPEFILE
from layers.formats.vector_families import FILE_GEODATABASE, FLATGEOBUF, GEOJSON, GEOPACKAGE
from layers.formats.vector_gml import GML
from layers.formats.vector_mapinfo import MAPINFO
from layers.progress import NoProgress

PLAIN: tuple[SourceFormat, ...] = (
    GEOPACKAGE,
    SHAPEFILE,
    FILE_GEODATABASE,
    GEOJSON,
    GEOPARQUET,
    FLATGEOBUF,
    MAPINFO,
    GML,
)
READERS: tuple[SourceFormat, ...] = (*PLAIN, Packed(lambda: PLAIN))


def reader_of(path: Path) -> SourceFormat:
    head = head_of(path)
    return next(reader for reader in READERS if reader.recognises(path, head))


def read(path: Path, layer: str = "", encoding: str = "") -> SourceData:
    return reader_of(path).read(path, ReadOptions(layer, encoding), NoProgress())


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_every_family_is_recognised_described_and_read_without_a_trace(tmp_path: Path) -> None:
    paths = valid_files(tmp_path)
    before = files_in(tmp_path)
    keys = []
    for path in paths:
        reader = reader_of(path)
        keys.append(reader.key)
        layers = reader.layers(path, ReadOptions())
        for layer in layers:
            data = reader.read(path, ReadOptions(layer.name), NoProgress())
            columns = tuple(name for name in data.frame.columns if name != "geometry")
            assert data.layer == layer.name
            assert columns == layer.columns
            assert layer.feature_count in (-1, len(data.frame))
            assert bool(layer.geometry) == bool(data.frame.geometry.notna().any())
            assert any(CITY in str(value) for value in data.frame[columns[0]])
    assert keys == [
        "geopackage",
        "geojson",
        "flatgeobuf",
        "file_geodatabase",
        "geoparquet",
        "gml",
        "shapefile",
        "shapefile",
        "mapinfo",
        "packed",
    ]
    assert files_in(tmp_path) == before


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.fgb", "a.gdb", "a.parquet", "土地.shp"])
def test_text_numbers_shapes_and_system_come_over_as_they_are(tmp_path: Path, name: str) -> None:
    valid_files(tmp_path)
    data, given = read(tmp_path / name), parcels()
    assert data.frame["名称"].tolist() == given["名称"].tolist()
    assert data.frame["面积"].tolist() == given["面积"].tolist()
    assert [a.equals(b) for a, b in zip(data.frame.geometry, given.geometry, strict=True)] == [True] * 3
    assert data.crs is not None
    assert data.crs.to_epsg(min_confidence=20) == 4547


@pytest.mark.parametrize("name", ["a.gpkg", "a.fgb", "a.parquet", "土地.shp", "a.zip", "a.gml", "地块.mif"])
def test_a_file_under_another_familys_name_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "valid"
    folder.mkdir()
    valid_files(folder)
    body = (folder / name).read_bytes()
    for suffix in (".gpkg", ".shp", ".geojson", ".fgb", ".parquet", ".gml", ".mif", ".zip", ".gdb"):
        if suffix == Path(name).suffix:
            continue
        (tmp_path / f"b{suffix}").write_bytes(body)
        reader = next(each for each in READERS if suffix in each.suffixes)
        with pytest.raises(InputError) as caught:
            reader.read(tmp_path / f"b{suffix}", ReadOptions(), NoProgress())
        assert f"b{suffix}" in caught.value.where
        assert caught.value.remedy


def test_a_pointer_under_an_innocent_name_reaches_nothing(tmp_path: Path) -> None:
    vrt = "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"
    for suffix in (".gpkg", ".gml", ".geojson", ".mif"):
        path = tmp_path / f"a{suffix}"
        path.write_text(vrt + "</OGRVRTDataSource>")
        with pytest.raises(InputError):
            read(path)


@pytest.mark.parametrize("size", [0, 3, 60, 200])
def test_no_cut_makes_a_crash(tmp_path: Path, size: int) -> None:
    for path in valid_files(tmp_path):
        if path.is_dir() or path.suffix in (".shp", ".dbf"):
            continue
        whole = path.read_bytes()
        path.write_bytes(whole[: min(size, len(whole) - 12)])
        with pytest.raises(InputError):
            read(path)


def test_several_layers_need_a_choice_and_a_table_is_read_when_named(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    parcels(1).to_file(path, layer="甲")
    parcels(2).to_file(path, layer="乙")
    pyogrio.write_dataframe(pd.DataFrame({"代码": ["0802"]}), path, layer="表", append=True)
    with pytest.raises(InputError, match="甲、乙"):
        read(path)
    assert len(read(path, "乙").frame) == 2
    table = read(path, "表")
    assert table.frame["代码"].tolist() == ["0802"]
    assert table.frame.geometry.isna().all()
    with pytest.raises(InputError, match="甲、乙、表"):
        read(path, "丙")


def test_what_another_program_has_not_written_back_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    parcels(1).to_file(path, layer="dk")
    pyogrio.write_dataframe(pd.DataFrame({"名称": ["原来"]}), path, layer="表", append=True)
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("UPDATE 表 SET 名称 = '改过'")
        other.commit()
        before = set(tmp_path.iterdir())
        assert tmp_path / "a.gpkg-wal" in before
        assert read(path, "表").frame["名称"].tolist() == ["改过"]
        assert set(tmp_path.iterdir()) == before
    other.close()


def test_the_old_crs_member_of_geojson_is_honoured(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    parcels().to_file(path)
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::4547"
    data = read(path)
    assert data.crs is not None
    assert data.crs.to_epsg() == 4547
    del content["crs"]
    path.write_text(json.dumps(content), encoding="utf-8")
    data = read(path)
    assert data.crs is not None
    assert data.crs.to_epsg() == 4326


def test_a_plain_json_is_nobodys(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"name": "settings"}')
    assert not GEOJSON.recognises(tmp_path / "a.json", head_of(tmp_path / "a.json"))


def test_a_geodatabase_is_its_folder_or_a_file_in_it(tmp_path: Path) -> None:
    path = tmp_path / "国土.gdb"
    pyogrio.write_dataframe(parcels(), path, driver="OpenFileGDB", layer="地类图斑")
    data = read(path)
    assert data.layer == "地类图斑"
    assert data.frame["名称"].tolist() == parcels()["名称"].tolist()
    assert read(next(path.glob("*.gdbtable"))).layer == "地类图斑"
    for table in path.glob("*.gdbtable"):
        table.unlink()
    with pytest.raises(InputError, match="gdbtable"):
        read(path)


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ('<?xml version="1.0" encoding="UTF-8"?>', "utf-8"),
        ('<?xml version="1.0" encoding="GB2312"?>', "gb18030"),
        ("", "utf-8"),
    ],
)
def test_gml_is_read_in_the_encoding_it_declares(tmp_path: Path, declaration: str, encoding: str) -> None:
    data = read(gml(tmp_path / "a.gml", declaration=declaration))
    assert data.frame["MC"].tolist() == [CITY]
    assert data.frame.geometry.area.tolist() == [10000.0]
    assert data.encoding == encoding


def test_gml_with_entities_is_refused_and_links_in_circles_end(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE c:set [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    with pytest.raises(InputError):
        read(gml(tmp_path / "bomb.gml", prolog=bomb))
    outside = '<!DOCTYPE c:set SYSTEM "file:///etc/passwd">'
    with pytest.raises(InputError):
        read(gml(tmp_path / "outside.gml", prolog=outside))
    path = gml(tmp_path / "circle.gml")
    text = path.read_text(encoding="utf-8")
    link = '<c:dk gml:id="x"><c:w xmlns:l="http://www.w3.org/1999/xlink" l:href="#x"/>'
    path.write_text(text.replace("<c:dk>", link), encoding="utf-8")
    assert len(read(path).frame) == 1


def test_gml_that_breaks_off_gives_what_came_before_and_says_where(tmp_path: Path) -> None:
    path = gml(tmp_path / "a.gml")
    text = path.read_text(encoding="utf-8")
    member = text[text.index("<gml:featureMember>") : text.index("</c:set>")]
    path.write_text(text.replace("</c:set>", f"\n{member}\n{member[:150]}"), encoding="utf-8")
    data = read(path)
    assert data.frame["MC"].tolist() == [CITY] * 2
    (note,) = data.notes
    assert note.code == "gml.broken"
    assert "3" in note.text


@pytest.mark.parametrize("charset", ["WindowsSimpChinese", "Neutral", "WindowsLatin1"])
def test_mapinfo_text_is_right_under_a_true_a_missing_and_a_wrong_character_set(
    tmp_path: Path, charset: str
) -> None:
    data = read(mapinfo(tmp_path, charset))
    assert data.frame["MC"].tolist() == [CITY]
    assert data.frame.geometry.area.tolist() == [6.0]
    assert data.encoding_guessed is (charset == "Neutral")
    assert [note.code for note in data.notes] == (
        ["encoding.contradicted"] if charset == "WindowsLatin1" else []
    )


def test_mapinfo_tables_come_in_with_all_their_parts_or_not_at_all(tmp_path: Path) -> None:
    frame = parcels().rename(columns={"名称": "MC", "面积": "MJ"})
    # a .tab holds whole numbers within its bounds: the narrower they are, the finer
    options = {"ENCODING": "CP936", "BOUNDS": "435000,2490000,437000,2492000"}
    pyogrio.write_dataframe(frame, tmp_path / "a.tab", driver="MapInfo File", **options)
    data = read(tmp_path / "a.tab")
    assert data.frame["MC"].tolist() == frame["MC"].tolist()
    assert data.frame.geometry.area.tolist() == pytest.approx([10000.0] * 3, abs=0.05)
    (tmp_path / "a.dat").unlink()
    with pytest.raises(InputError, match=r"\.dat"):
        read(tmp_path / "a.tab")


@pytest.mark.parametrize("line", ["Type LINKED", '"\\IsSeamless" = "TRUE"'])
def test_a_mapinfo_table_that_only_points_elsewhere_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.tab"
    path.write_text(f"!table\n!version 300\n!charset Neutral\n\nDefinition Table\n  {line}\n")
    path.with_suffix(".dat").write_bytes(b"x")
    with pytest.raises(InputError, match="指向"):
        read(path)


def test_a_choice_that_is_not_known_is_refused(tmp_path: Path) -> None:
    parcels().to_file(tmp_path / "a.gpkg")
    with pytest.raises(InputError, match="header_rows"):
        GEOPACKAGE.read(tmp_path / "a.gpkg", ReadOptions(choices={"header_rows": "2"}), NoProgress())


def test_whole_numbers_with_gaps_stay_exact_in_each_family(tmp_path: Path) -> None:
    # 2**53 + 1 is the first whole number that a float64 cannot hold
    numbers = pd.array([2**53 + 1, None, 7], dtype="Int64")
    frame = geopandas.GeoDataFrame({"编号": numbers}, geometry=parcels().geometry)
    frame.to_file(tmp_path / "a.gpkg")
    frame.to_parquet(tmp_path / "a.parquet")
    for name in ("a.gpkg", "a.parquet"):
        values = read(tmp_path / name).frame["编号"]
        assert [None if pd.isna(v) else int(v) for v in values] == [2**53 + 1, None, 7]


def test_a_geojson_over_its_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    with path.open("wb") as file:
        file.write(b'{"type":"FeatureCollection","features":[')
        file.truncate(500_000_001)
    with pytest.raises(InputError, match="500"):
        read(path)


def test_a_folder_without_tables_is_no_geodatabase(tmp_path: Path) -> None:
    shutil.copytree(tmp_path, tmp_path / "a.gdb")
    with pytest.raises(InputError):
        FILE_GEODATABASE.read(tmp_path / "a.gdb", ReadOptions(), NoProgress())
    assert not FILE_GEODATABASE.recognises(tmp_path, b"")


def test_unreadable_shapes_are_left_empty_and_listed(tmp_path: Path) -> None:
    frame = parcels(2)
    path = tmp_path / "a.parquet"
    frame.to_parquet(path)
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path)
    bodies = table.column("geometry").to_pylist()
    broken = pyarrow.array([bodies[0], b"\x01\x03"], pyarrow.binary())
    pyarrow.parquet.write_table(
        table.set_column(table.column_names.index("geometry"), table.schema.field("geometry"), [broken]), path
    )
    data = read(path)
    assert data.unreadable == (1,)
    assert shapely.area(np.asarray(data.frame.geometry.array, dtype=object)[:1]).tolist() == [10000.0]


def test_text_that_is_no_text_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    parcels(2).assign(note="甲乙丙丁").to_parquet(path, compression=None)
    body = path.read_bytes()
    text = "甲乙丙丁".encode()
    assert text in body
    path.write_bytes(body.replace(text, b"\xff" * len(text)))
    with pytest.raises(InputError) as error:
        read(path)
    assert error.value.where == str(path)


def test_numbers_that_geojson_gives_features_as_their_id_are_kept(tmp_path: Path) -> None:
    def features(*ids: object) -> Path:
        listed = [
            {
                "type": "Feature",
                **({} if one is None else {"id": one}),
                "properties": {"DLBM": "0802"},
                "geometry": {"type": "Point", "coordinates": [113.38, 22.52]},
            }
            for one in ids
        ]
        path = tmp_path / "a.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": listed}), encoding="utf-8")
        return path

    frame = GEOJSON.read(features(442000111000123456, 7), ReadOptions(), NoProgress()).frame
    assert frame["id"].tolist() == [442000111000123456, 7]
    assert frame["DLBM"].tolist() == ["0802", "0802"]
    assert GEOJSON.read(features("0802", "0803"), ReadOptions(), NoProgress()).frame["id"].tolist() == [
        "0802",
        "0803",
    ]
    assert "id" not in GEOJSON.read(features(None, None), ReadOptions(), NoProgress()).frame
