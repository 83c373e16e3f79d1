"""Vector files are written so that they come back the same, or are refused; short names come back whole."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vector_family_samples import CITY, EAST, NORTH, parcels

from layers.errors import CrsError, InputError, UsageError
from layers.formats.geoparquet import GEOPARQUET, GEOPARQUET_TARGET
from layers.formats.model import (
    OutgoingLayer,
    ReadOptions,
    SourceData,
    SourceFormat,
    TargetFormat,
    WrittenFile,
)
from layers.formats.packed import Packed
from layers.formats.shapefile_names import read_full_names, short_names
from layers.formats.shapefile_reading import SHAPEFILE
from layers.formats.vector_families import FILE_GEODATABASE, FLATGEOBUF, GEOJSON, GEOPACKAGE
from layers.formats.vector_targets import (
    FILE_GEODATABASE_TARGET,
    FLATGEOBUF_TARGET,
    GEOJSON_TARGET,
    GEOPACKAGE_TARGET,
    SHAPEFILE_TARGET,
)
from layers.progress import NoProgress

PAIRS: list[tuple[str, TargetFormat, SourceFormat]] = [
    (".gpkg", GEOPACKAGE_TARGET, GEOPACKAGE),
    (".shp", SHAPEFILE_TARGET, SHAPEFILE),
    (".gdb", FILE_GEODATABASE_TARGET, FILE_GEODATABASE),
    (".gdb.zip", FILE_GEODATABASE_TARGET, Packed(lambda: (FILE_GEODATABASE,))),
    (".fgb", FLATGEOBUF_TARGET, FLATGEOBUF),
    (".parquet", GEOPARQUET_TARGET, GEOPARQUET),
]


def rich() -> geopandas.GeoDataFrame:
    frame = parcels(4).rename(columns={"面积": "survey_area_m2"})
    frame.insert(0, "zs_uid", [f"uid-{i}" for i in range(4)])
    return frame.assign(
        name=["甲", None, "“丙”, 'x'", "0802"],
        data_year=pd.array([2020, None, 2021, 2022], dtype="Int64"),
        日期=pd.to_datetime(["2021-12-31", None, "1899-01-01", "2026-11-22"]),
        survey_area_m2=[1 / 3, None, 2.5, 0.0],
    )


def write(target: TargetFormat, path: Path, frame: Any, **choices: str) -> WrittenFile:
    layer = OutgoingLayer("土地", frame, {"survey_area_m2": "TBMJ"}, {"survey_area_m2": "图斑面积"})
    return target.write(layer, path, choices, NoProgress())


def read(reader: SourceFormat, path: Path) -> SourceData:
    return reader.read(path, ReadOptions(), NoProgress())


def blank(value: Any) -> Any:
    return None if pd.isna(value) else value


@pytest.mark.parametrize(("suffix", "target", "reader"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_a_layer_comes_back_as_it_went(
    tmp_path: Path, suffix: str, target: TargetFormat, reader: SourceFormat
) -> None:
    given = rich()
    written = write(target, tmp_path / f"土地{suffix}", given)
    back = read(reader, written.path)
    full = {short: name for name, short in written.renamed.items()}
    frame = back.frame.rename(columns=full)
    for column in ("zs_uid", "名称", "name", "data_year"):
        assert [blank(v) for v in frame[column]] == [blank(v) for v in given[column]]
    assert [blank(v) for v in frame["日期"]] == [blank(v) for v in given["日期"]]
    assert frame["survey_area_m2"].tolist() == pytest.approx(
        given["survey_area_m2"].tolist(), abs=1e-15, nan_ok=True
    )
    # a file geodatabase holds coordinates in steps of a tenth of a millimetre, ESRI's own precision
    close = 0.0002 if "gdb" in suffix else 0.0
    assert all(
        a.normalize().equals_exact(b.normalize(), close)
        or a.normalize().geoms[0].equals_exact(b.normalize(), close)
        for a, b in zip(frame.geometry, given.geometry, strict=True)
    )
    assert back.crs is not None
    assert back.crs.to_epsg(min_confidence=20) == 4547
    assert not list(tmp_path.glob(".writing-*"))


def test_a_shapefiles_short_names_lie_beside_it_and_come_back_whole(tmp_path: Path) -> None:
    frame = parcels(1).assign(很长的字段名称=1, 很长的字段名字=2, survey_area_m2=3.0)
    written = write(SHAPEFILE_TARGET, tmp_path / "土地.shp", frame)
    assert written.renamed == {
        "survey_area_m2": "TBMJ",
        "很长的字段名称": "很长的",
        "很长的字段名字": "很长_2",
    }
    listed = (tmp_path / "土地.fields.csv").read_bytes()
    assert listed.startswith(b"\xef\xbb\xbf")
    assert "TBMJ,survey_area_m2,图斑面积" in listed.decode("utf-8-sig")
    assert pyogrio.read_info(written.path)["fields"].tolist() == ["名称", "面积", "很长的", "很长_2", "TBMJ"]
    data = read(SHAPEFILE, written.path)
    assert list(data.frame.columns) == [*(name for name in frame.columns if name != "geometry"), "geometry"]
    assert [note.code for note in data.notes] == ["shapefile.names_restored"]
    assert SHAPEFILE.layers(written.path, ReadOptions())[0].columns == tuple(
        name for name in frame.columns if name != "geometry"
    )


def test_names_of_another_file_are_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "a.fields.csv"
    path.write_text("a,b\r\nX,Y\r\n", encoding="utf-8-sig")
    assert read_full_names(path, ["X", "Z"]) == {"X": "Y"}
    assert read_full_names(path, ["Z"]) == {}
    assert read_full_names(path, ["X", "Y"]) == {}
    path.write_bytes(b"\xff\xfe\x00junk")
    assert read_full_names(path, ["X"]) == {}
    assert read_full_names(None, ["X"]) == {}


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12),
        unique=True,
        max_size=12,
    )
)
def test_short_names_fit_and_differ(columns: list[str]) -> None:
    for encoding in ("UTF-8", "GBK"):
        renamed = short_names(columns, {}, encoding)
        names = [renamed.get(column, column) for column in columns]
        assert all(len(name.encode(encoding, "replace")) <= 10 for name in names)
        assert len({name.casefold() for name in names}) == len(names)


def test_a_gbk_shapefile_says_so_in_both_places_and_has_longer_names(tmp_path: Path) -> None:
    frame = parcels(2).assign(五个字的名=["中", "山"])
    written = write(SHAPEFILE_TARGET, tmp_path / "a.shp", frame, encoding="GBK")
    assert written.renamed == {}
    assert (tmp_path / "a.cpg").read_text() == "936"
    table = (tmp_path / "a.dbf").read_bytes()
    assert table[29] == 0x4D
    assert CITY.encode("gbk") in table
    data = read(SHAPEFILE, written.path)
    assert (data.encoding, data.encoding_guessed, data.notes) == ("GBK", False, ())
    assert data.frame["五个字的名"].tolist() == ["中", "山"]
    with pytest.raises(InputError, match="GBK"):
        write(SHAPEFILE_TARGET, tmp_path / "b.shp", parcels(1).assign(字=["𠮷"]), encoding="GBK")
    assert not list(tmp_path.glob("b.*"))


def test_unknown_choices_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="UTF-8"):
        write(SHAPEFILE_TARGET, tmp_path / "a.shp", parcels(), encoding="EBCDIC")
    with pytest.raises(UsageError):
        write(GEOPACKAGE_TARGET, tmp_path / "a.gpkg", parcels(), encoding="GBK")
    assert list(tmp_path.iterdir()) == []


def test_geojson_is_in_wgs_84_unless_the_layers_own_system_is_wanted(tmp_path: Path) -> None:
    written = write(GEOJSON_TARGET, tmp_path / "a.geojson", parcels())
    assert [note.code for note in written.notes] == ["geojson.transformed"]
    content = json.loads(written.path.read_text(encoding="utf-8"))
    assert "crs" not in content
    data = read(GEOJSON, written.path)
    # CGCS2000 and WGS 84 are taken as one: PROJ's own inverse projection is the check
    inverse = pyproj.Transformer.from_crs(4547, 4490, always_xy=True)
    east, north = inverse.transform(EAST, NORTH)
    corner = shapely.get_coordinates(data.frame.geometry.iloc[0])
    assert min(abs(corner[:, 0] - east) + abs(corner[:, 1] - north)) < 1e-9
    own = write(GEOJSON_TARGET, tmp_path / "b.geojson", parcels(), crs="layer")
    back = read(GEOJSON, own.path)
    assert back.crs is not None
    assert back.crs.to_epsg() == 4547
    assert shapely.to_wkb(back.frame.geometry).tolist() == shapely.to_wkb(parcels().geometry).tolist()
    assert back.frame["名称"].tolist() == parcels()["名称"].tolist()


def test_geojson_is_as_rfc_7946_demands(tmp_path: Path) -> None:
    frame = rich()
    hole = shapely.box(EAST + 9, NORTH + 9, EAST + 19, NORTH + 19)
    holed = shapely.box(EAST, NORTH, EAST + 90, NORTH + 90) - hole
    frame.geometry = [holed, None, shapely.Point(EAST, NORTH, 5.5), shapely.Point()]
    frame["survey_area_m2"] = [1 / 3, None, float("inf"), 0.0]
    written = write(GEOJSON_TARGET, tmp_path / "a.geojson", frame)
    features = json.loads(written.path.read_text(encoding="utf-8"))["features"]
    outline, inner = features[0]["geometry"]["coordinates"]
    assert shapely.LinearRing(outline).is_ccw
    assert not shapely.LinearRing(inner).is_ccw
    assert [features[1]["geometry"], features[3]["geometry"]] == [None, None]
    assert features[2]["geometry"]["coordinates"][2] == 5.5
    values = [each["properties"] for each in features]
    assert [each["survey_area_m2"] for each in values] == [1 / 3, None, None, 0.0]
    assert [each["日期"] for each in values] == ["2021-12-31", None, "1899-01-01", "2026-11-22"]
    assert [each["data_year"] for each in values] == [2020, None, 2021, 2022]
    assert all(len(str(number).split(".")[1]) <= 10 for number in outline[0])


def test_geojson_names_no_system_that_has_no_number(tmp_path: Path) -> None:
    own = parcels().set_crs("+proj=tmerc +lon_0=113.4 +x_0=500000 +ellps=GRS80 +units=m", allow_override=True)
    with pytest.raises(InputError, match="EPSG"):
        write(GEOJSON_TARGET, tmp_path / "a.geojson", own, crs="layer")
    assert list(tmp_path.iterdir()) == []


def test_a_layer_whose_way_to_wgs_84_is_a_guess_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CrsError):
        write(GEOJSON_TARGET, tmp_path / "a.geojson", parcels().set_crs(2383, allow_override=True))
    assert list(tmp_path.iterdir()) == []


def test_a_file_geodatabase_takes_chinese_and_says_what_it_changed(tmp_path: Path) -> None:
    frame = parcels(2).assign(**{"1号": [2**40, None], "a-b": ["x", "y"]}, Shape_Area=[1.0, 2.0])
    frame["1号"] = pd.array([2**40, None], dtype="Int64")
    written = FILE_GEODATABASE_TARGET.write(
        OutgoingLayer("2023-土地", frame, {}, {"a-b": "甲乙"}), tmp_path / "a.gdb", {}, NoProgress()
    )
    assert written.renamed == {"1号": "F_1号", "a-b": "a_b", "Shape_Area": "Shape_Area_2"}
    assert [note.code for note in written.notes] == ["geodatabase.large_integers", "geodatabase.no_titles"]
    data = read(FILE_GEODATABASE, written.path)
    assert data.layer == "F_2023_土地"
    assert [blank(v) for v in data.frame["F_1号"]] == [2**40, None]


def test_geoparquet_says_its_version_and_its_boxes_are_no_column(tmp_path: Path) -> None:
    import pyarrow.parquet

    written = write(GEOPARQUET_TARGET, tmp_path / "a.parquet", parcels())
    meta = json.loads(pyarrow.parquet.read_metadata(written.path).metadata[b"geo"])
    assert meta["version"] == "1.1.0"
    assert meta["columns"]["geometry"]["covering"]
    assert GEOPARQUET.layers(written.path, ReadOptions())[0].columns == ("名称", "面积")
    assert list(read(GEOPARQUET, written.path).frame.columns) == ["名称", "面积", "geometry"]
    assert read(GEOPARQUET, written.path).crs == pyproj.CRS.from_epsg(4547)


@pytest.mark.parametrize(
    "geo",
    [
        b"{",
        b"[]",
        b'{"primary_column":"geometry","columns":{}}',
        b'{"primary_column":"x","columns":{"x":{}}}',
    ],
)
def test_a_parquet_with_false_metadata_is_refused(tmp_path: Path, geo: bytes) -> None:
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.table({"geometry": [b"\x00"]}).replace_schema_metadata({b"geo": geo})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(InputError):
        read(GEOPARQUET, tmp_path / "a.parquet")


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    mixed = geopandas.GeoDataFrame(
        {"n": [1, 2]}, geometry=[shapely.Point(1, 2), shapely.box(0, 0, 1, 1)], crs=4547
    )
    for target, suffix in ((SHAPEFILE_TARGET, ".shp"), (FILE_GEODATABASE_TARGET, ".gdb")):
        with pytest.raises(InputError):
            write(target, tmp_path / f"a{suffix}", mixed)
    long = parcels(1).assign(备注=["备" * 85])
    with pytest.raises(InputError, match="备注"):
        write(SHAPEFILE_TARGET, tmp_path / "a.shp", long)
    with pytest.raises(InputError):
        write(GEOPACKAGE_TARGET, tmp_path / "无" / "a.gpkg", parcels())
    assert list(tmp_path.iterdir()) == []


def test_blanks_that_a_shapefile_loses_are_told(tmp_path: Path) -> None:
    frame = parcels().assign(name=["甲  ", None, ""], remark=[" 乙", "丙", None])
    written = write(SHAPEFILE_TARGET, tmp_path / "a.shp", frame)
    (note,) = written.notes
    assert (note.code, note.rows) == ("shapefile.blanks", (0, 2))
    assert "name" in note.text
    assert "remark" in note.text
    assert "名称" not in note.text
    back = read(SHAPEFILE, written.path).frame
    assert [blank(text) for text in back["name"]] == ["甲", None, None]
    assert back["remark"].tolist()[:2] == ["乙", "丙"]


def test_moments_stay_moments_and_midnights_are_days(tmp_path: Path) -> None:
    for moments, days in ((["2024-05-01 08:30:00", "2024-05-02"], False), (["2024-05-01", None], True)):
        frame = parcels(2).assign(time=pd.to_datetime(pd.Series(moments), format="mixed"))
        path = tmp_path / f"{days}.gpkg"
        pyogrio.write_dataframe(frame, path)
        found = read(GEOPACKAGE, path).frame["time"]
        assert (found.dtype.kind == "M") is days
        assert str(found[0])[:10] == "2024-05-01"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="gbk", exclude_categories=["Cc", "Zs", "Co", "Cn"]), max_size=20),
            st.floats(-1e6, 1e6),
            st.floats(-1e7, 1e7),
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(["UTF-8", "GBK"]),
)
def test_any_text_and_place_survives_a_shapefile(
    tmp_path: Path, rows: list[tuple[str, float, float]], encoding: str
) -> None:
    for old in tmp_path.iterdir():
        old.unlink()
    frame = geopandas.GeoDataFrame(
        {"名称": [text for text, _x, _y in rows]},
        geometry=[shapely.Point(x, y) for _text, x, y in rows],
        crs=4547,
    )
    data = read(SHAPEFILE, write(SHAPEFILE_TARGET, tmp_path / "a.shp", frame, encoding=encoding).path)
    assert [value or "" for value in data.frame["名称"]] == [text for text, _x, _y in rows]
    assert [(p.x, p.y) for p in data.frame.geometry] == [(x, y) for _text, x, y in rows]
    assert struct.unpack_from("<I", (tmp_path / "a.dbf").read_bytes(), 4)[0] == len(rows)
