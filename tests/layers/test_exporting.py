"""What leaves the project is whole, in place only when finished, and never a secret on the web."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pyogrio
import pytest
import shapely
from store_samples import CRS, X, Y, add_parcels, new_project, parcels, square

from layers.errors import InputError, SecrecyError, UsageError
from layers.exporting import ExportRequest, export_layer
from layers.formats.direct import DirectReader
from layers.importing.bringing import import_file
from layers.importing.request import ImportRequest
from layers.secrecy import highest, is_secret, rank, require_exportable
from layers.store import LayerInfo, NewLayer, Project


def _rich(project: Project) -> LayerInfo:
    frame = parcels(4).assign(
        name=["甲", None, "“丙”, 'x'", "0802"],
        survey_area_m2=[1 / 3, None, 2.5, 0.0],
        data_year=pd.array([2020, None, 2021, 2022], dtype="Int64"),
        日期=pd.to_datetime(["2021-12-31", None, "1899-01-01", "2026-11-22"]),
        是否=pd.array([True, None, False, True], dtype="boolean"),
    )
    frame.geometry = [square(0), shapely.MultiPolygon([square(1), square(3)]), square(5), square(7)]
    return project.add_layer(NewLayer("土地", "land_use", CRS, standard="yd2023"), frame)


def _out(project: Project, layer: LayerInfo, path: Path, **options: Any) -> Path:
    return export_layer(project, layer, ExportRequest(path, **options)).path


def _blank(value: Any) -> Any:
    return None if pd.isna(value) else value


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".geojson", ".shp"])
def test_a_layer_goes_out_and_comes_back_the_same(tmp_path: Path, suffix: str) -> None:
    with new_project(tmp_path) as project:
        before = project.read(_rich(project).uid)
        # GeoJSON is in WGS 84 otherwise
        choices = {"crs": "layer"} if suffix == ".geojson" else {}
        out = _out(project, project.layer("土地"), tmp_path / f"出{suffix}", choices=choices)
        # a .prj does not name EPSG 4547 in so many words, and the text forms differ
        back = import_file(
            project, ImportRequest(out, "land_use", name="回", standard="yd2023", crs="4547"), DirectReader()
        ).layer
        after = project.read(back.uid)
    assert out.is_file()
    assert after["source_zs_uid"].tolist() == before.index.tolist()
    # a shapefile holds fifteen digits after the point
    assert after["survey_area_m2"].tolist() == pytest.approx(
        before["survey_area_m2"].tolist(), 0, 1e-15, nan_ok=True
    )
    for column in ("name", "class_code", "data_year", *([] if suffix == ".shp" else ["survey_area_m2"])):
        assert [_blank(v) for v in after[column]] == [_blank(v) for v in before[column]]
    assert [_blank(v) for v in pd.to_datetime(after["日期"])] == [_blank(v) for v in before["日期"]]
    assert back.crs == CRS
    if suffix == ".shp":
        # a shapefile turns its rings clockwise
        assert [a.equals(b) for a, b in zip(after.geometry, before.geometry, strict=True)] == [True] * 4
    else:
        assert shapely.to_wkb(after.geometry).tolist() == shapely.to_wkb(before.geometry).tolist()


def test_a_csv_opens_in_a_chinese_spreadsheet_with_shapes_as_text(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        before = project.read(_rich(project).uid)
        out = _out(project, project.layer("土地"), tmp_path / "出.csv")
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(out, dtype=str)
    assert table["地类编码"].tolist() == ["0802"] * 4
    assert table["日期"].fillna("-").tolist() == ["2021-12-31", "-", "1899-01-01", "2026-11-22"]
    assert shapely.to_wkb(shapely.from_wkt(table["WKT"])).tolist() == shapely.to_wkb(before.geometry).tolist()


def test_a_shapefile_gets_the_standards_short_names_and_says_which(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        frame = parcels(1).assign(很长的字段名称=1, 很长的字段名字=2)
        project.add_layer(NewLayer("土地", "land_use", CRS), frame)
        report = export_layer(project, project.layer("土地"), ExportRequest(tmp_path / "出.shp"))
    assert report.renamed["survey_area_m2"] == "TBMJ"
    fields = pyogrio.read_info(report.path)["fields"].tolist()
    # three Chinese characters are nine bytes; the second one makes room for its number
    assert (report.renamed["很长的字段名称"], report.renamed["很长的字段名字"]) == ("很长的", "很长_2")
    assert {"TBMJ", "class_code", "很长的", "很长_2"} <= set(fields)
    assert all(len(name.encode()) <= 10 for name in fields)


@pytest.mark.parametrize(
    "values",
    [{"remark": "备" * 85}, {"编号": 10**18}, {"survey_area_m2": 1e16}],
    ids=["255 bytes of text", "19 digits", "beyond 15 digits"],
)
def test_what_a_shapefile_would_cut_is_refused(tmp_path: Path, values: dict[str, Any]) -> None:
    with new_project(tmp_path) as project:
        layer = project.add_layer(NewLayer("土地", "land_use", CRS), parcels(1).assign(**values))
        with pytest.raises(InputError):
            _out(project, layer, tmp_path / "出.shp")
        assert _out(project, layer, tmp_path / "出.gpkg").exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["出.gpkg", "工程.gpkg"]


@pytest.mark.parametrize(
    ("wkts", "suffix"),
    [
        (["LINESTRING M (0 0 1, 1 1 2)"], ".geojson"),
        (["LINESTRING Z (0 0 1, 1 1 2)", "LINESTRING (0 0, 1 1)"], ".shp"),
    ],
)
def test_heights_and_measures_a_format_cannot_hold_are_refused(
    tmp_path: Path, wkts: list[str], suffix: str
) -> None:
    frame = geopandas.GeoDataFrame({"name": ["x"] * len(wkts)}, geometry=shapely.from_wkt(wkts), crs=CRS)
    with new_project(tmp_path) as project:
        layer = project.add_layer(NewLayer("线", "lines", CRS), frame)
        with pytest.raises(InputError):
            _out(project, layer, tmp_path / f"出{suffix}")
        assert not (tmp_path / f"出{suffix}").exists()
        out = _out(project, layer, tmp_path / "出.csv")
    assert shapely.from_wkt(pd.read_csv(out)["WKT"]).tolist() == shapely.from_wkt(wkts).tolist()


def test_a_file_is_replaced_only_when_that_was_said(tmp_path: Path) -> None:
    out = tmp_path / "出.gpkg"
    out.write_bytes(b"mine")
    with new_project(tmp_path) as project:
        layer = add_parcels(project)
        with pytest.raises(InputError):
            _out(project, layer, out)
        assert out.read_bytes() == b"mine"
        _out(project, layer, out, overwrite=True)
        assert len(geopandas.read_file(out)) == 3
        for bad, error in (
            (project.path, InputError),
            (tmp_path / "出.xyz", UsageError),
            (tmp_path / "无此夹" / "出.gpkg", InputError),
        ):
            with pytest.raises(error):
                _out(project, layer, bad, overwrite=True)
        assert project.layer(layer.uid).feature_count == 3
    assert sorted(each.name for each in tmp_path.iterdir()) == ["出.gpkg", "工程.gpkg"]


def test_missing_and_empty_shapes_go_out_too(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"name": ["甲", "乙", "丙"]}, geometry=[shapely.Point(X, Y), None, shapely.Point()], crs=CRS
    )
    with new_project(tmp_path) as project:
        layer = project.add_layer(NewLayer("点", "points", CRS), frame)
        for suffix in (".gpkg", ".fgb", ".geojson", ".shp", ".csv"):
            out = _out(project, layer, tmp_path / f"出{suffix}")
            assert len(pyogrio.read_dataframe(out, read_geometry=False)) == 3


def test_a_secret_layer_is_not_written_for_the_web(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        secret = project.add_layer(NewLayer("密", "land_use", CRS, secrecy="秘密★10年"), parcels())
        inner = project.add_layer(NewLayer("内", "land_use", CRS, secrecy="内部"), parcels())
        with pytest.raises(SecrecyError):
            _out(project, secret, tmp_path / "出.geojson")
        assert not (tmp_path / "出.geojson").exists()
        assert _out(project, secret, tmp_path / "出.gpkg").exists()
        assert _out(project, inner, tmp_path / "出.geojson").exists()


def test_the_highest_secrecy_wins_and_an_unknown_word_is_refused() -> None:
    assert highest("内部", "机密★20年", "", "秘密") == "机密★20年"
    assert highest() == ""
    assert [is_secret(level) for level in ("", "公开", "内部", "秘密", "机密", "绝密★30年")] == [
        False
    ] * 3 + [True] * 3
    with pytest.raises(InputError):
        rank("很秘密")
    require_exportable("内部", layer="a", target="KML")
    with pytest.raises(SecrecyError, match="KML"):
        require_exportable("秘密", layer="a", target="KML")
