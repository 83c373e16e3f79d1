"""What the stock of land says about its inputs: names, layers taken unasked, planes, recorded areas."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pyproj
import pytest
import shapely
from stock_samples import at, project_with, three_parcels

from layers.area import areal_scale
from layers.errors import CrsError, UsageError
from layers.progress import NoProgress
from layers.store import NewLayer
from zsgis.result import Finding, Result
from zsgis.run import run_capability
from zsgis.sheets.place import find_place, places


def finding(result: Result, code: str) -> Finding:
    (found,) = [each for each in result.findings if each.code == code]
    return found


def test_a_zone_called_like_a_line_of_the_table_keeps_its_own_figures(tmp_path: Path) -> None:
    # each zone holds one parcel of 100 m2; the third parcel lies outside
    zones = {"name": ["总计", "范围外"], "geometry": [at(0, 0, 10, 10), at(10, 0, 20, 10)]}
    with project_with(tmp_path / "p.gpkg", three_parcels(), zones) as project:
        result = run_capability(project, "stock", {"basis": "planar", "unit": "m2"})
        (layer,) = project.layers_of("zones")
        named = [place.name for place in places(project, layer)]
        found = find_place(project, layer, "总计")
    totals = {row.values["zone"]: row.values["total"] for row in result.table("summary").rows}
    assert totals == {"总计 (2)": 100.0, "范围外 (2)": 100.0, "范围外": 100.0, "总计": 300.0}
    assert named == ["总计 (2)", "范围外 (2)"], "sheets call zones as tables do"
    assert found.name == "总计 (2)"
    told = finding(result, "input.zone_names")
    assert "总计 (2)" in told.text
    assert len(told.sources[layer.uid]) == 2


def test_zones_without_a_name_or_with_the_same_are_named_in_a_finding(tmp_path: Path) -> None:
    squares = [at(0, 0, 10, 10), at(10, 0, 20, 10), at(20, 0, 30, 10)]
    zones = {"name": ["北\n区", None, "北 区"], "geometry": squares}
    with project_with(tmp_path / "p.gpkg", three_parcels(), zones) as project:
        result = run_capability(project, "stock", {})
    names = [row.values["zone"] for row in result.table("summary").rows]
    assert names == ["北 区", "第 2 号", "北 区 (2)", "总计"]
    assert finding(result, "input.zone_names").text.startswith("范围 有 2 个范围")


def test_zones_with_names_of_their_own_raise_nothing(tmp_path: Path) -> None:
    zones = {"name": ["甲"], "geometry": [at(0, 0, 30, 10)]}
    land = three_parcels() | {"survey_area_m2": [100.0, 99.0, None]}
    with project_with(tmp_path / "p.gpkg", land, zones) as project:
        result = run_capability(project, "stock", {"basis": "planar"})
    assert result.findings == ()


def test_of_two_land_layers_the_one_taken_unasked_is_named(tmp_path: Path) -> None:
    with project_with(tmp_path / "p.gpkg", three_parcels()) as project:
        (first,) = project.layers_of("land_use")
        older = NewLayer(name="2020年图斑", kind="land_use", crs=project.crs, standard="yd2023")
        project.add_layer(older, project.read(first.uid).reset_index(drop=True), NoProgress())
        taken = project.layers_of("land_use")[0].name
        silent = run_capability(project, "stock", {"land": first.uid})
        result = run_capability(project, "stock", {})
    text = finding(result, "input.layer_chosen").text
    assert f"“{taken}”" in text
    assert "土地利用" in text
    assert "2020年图斑" in text
    assert [f.code for f in silent.findings if f.code == "input.layer_chosen"] == []


def test_planar_areas_in_a_foreign_zone_are_a_finding(tmp_path: Path) -> None:
    # UTM zone 50 has its meridian at 117 degrees. At 114 east, 22.5 north: k = 0.9996 (1 + x^2 / 2) with
    # x = 3 deg in radians times cos 22.5 deg = 0.05236 * 0.9239 = 0.04837; k^2 = 0.99920 * 1.00234 = 1.00154.
    with project_with(tmp_path / "p.gpkg", three_parcels(), crs=32650) as project:
        planar = run_capability(project, "stock", {"basis": "planar"})
        official = run_capability(project, "stock", {"basis": "ellipsoidal"})
    assert "+0.15" in finding(planar, "input.plane_distorts").text
    assert "input.plane_distorts" not in {f.code for f in official.findings}


def test_the_scale_of_a_plane_is_one_on_its_meridian() -> None:
    crs = pyproj.CRS(4547)
    assert areal_scale(crs, 500_000, 2_490_000) == pytest.approx(1.0, abs=1e-9)
    # 93 km west of it, at Zhongshan's western edge, plane exceeds ellipsoid by 213 millionths
    assert areal_scale(crs, 407_192, 2_456_222) == pytest.approx(1.000213, abs=1e-6)


@pytest.mark.parametrize(("m2_per_unit", "told"), [(10_000.0, "0.0001 倍"), (2000 / 3, "0.0015 倍")])
def test_recorded_areas_typed_in_another_unit_are_a_finding(
    tmp_path: Path, m2_per_unit: float, told: str
) -> None:
    land = three_parcels() | {"survey_area_m2": [100.0 / m2_per_unit] * 3}
    with project_with(tmp_path / "p.gpkg", land) as project:
        result = run_capability(project, "stock", {"basis": "planar"})
        (layer,) = project.layers_of("land_use")
    text = finding(result, "input.recorded_differs")
    assert told in text.text
    assert len(text.sources[layer.uid]) == 3


def test_one_recorded_area_far_off_is_named(tmp_path: Path) -> None:
    # 94 of 100 m2 is 6 % off; 99 is 1 % off
    land = three_parcels() | {"survey_area_m2": [94.0, 99.0, None]}
    with project_with(tmp_path / "p.gpkg", land) as project:
        result = run_capability(project, "stock", {"basis": "planar"})
    assert finding(result, "input.recorded_differs").text.endswith("5%：1")


def test_the_method_names_the_plane_of_planar_areas(tmp_path: Path) -> None:
    with project_with(tmp_path / "p.gpkg", three_parcels(), crs=4490) as project:
        result = run_capability(project, "stock", {"basis": "planar"})
    assert any("中央经线114° 下的平面面积" in line for line in result.run.method)


def test_long_edges_of_zones_in_degrees_are_a_finding(tmp_path: Path) -> None:
    # A parallel is a curve on the plane: over an edge of length s its arrow is s^2 tan(B) / 8 R. For 0.1
    # degrees at 22.5 north s = 10 287 m, so 10 287^2 * 0.4142 / (8 * 6 378 137) = 0.86 m.
    edge = shapely.box(113.3, 22.5, 113.4, 22.501)
    small = shapely.box(113.3, 22.502, 113.301, 22.503)
    with project_with(tmp_path / "p.gpkg", three_parcels()) as project:
        frame = geopandas.GeoDataFrame({"name": ["长", "短"]}, geometry=[edge, small], crs=4490)
        layer = project.add_layer(NewLayer(name="范围", kind="zones", crs=pyproj.CRS(4490)), frame)
        result = run_capability(project, "stock", {})
    told = finding(result, "input.bent_edges")
    assert "0.86 米：长。" in told.text
    assert len(told.sources[layer.uid]) == 1


def test_parcels_too_small_to_be_counted_are_named(tmp_path: Path) -> None:
    # 0.07 x 0.07 = 0.0049 m2 rounds to 0.00; three of them are 0.0147 m2
    squares = [at(i, 0, i + 0.07, 0.07) for i in range(3)]
    land = {"name": ["1", "2", "3"], "class_code": ["0101"] * 3, "geometry": squares}
    with project_with(tmp_path / "p.gpkg", land) as project:
        result = run_capability(project, "stock", {"basis": "planar"})
        (layer,) = project.layers_of("land_use")
    told = finding(result, "overlay.too_small")
    assert "合计 0.0147 平方米" in told.text
    assert len(told.sources[layer.uid]) == 3


def test_a_layer_in_which_every_parcel_stands_many_times_is_told_in_a_few_lines(tmp_path: Path) -> None:
    # 120 copies of one parcel make 120 * 119 / 2 = 7140 pairs: fifty are named, the rest counted
    land = {"name": ["1"] * 120, "class_code": ["0101"] * 120, "geometry": [at(0, 0, 10, 10)] * 120}
    with project_with(tmp_path / "p.gpkg", land) as project:
        result = run_capability(project, "stock", {"basis": "planar"})
        (layer,) = project.layers_of("land_use")
    told = [f for f in result.findings if f.code == "overlay.features_overlap"]
    assert len(told) == 51
    assert "7090" in told[-1].text
    assert len(told[-1].sources[layer.uid]) == len(set(told[-1].sources[layer.uid])) <= 120


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"unit": "acre"}, "单位（unit）只能是：m2, ha, mu。"),
        ({"digits": "9"}, "小数位数（digits）不得大于 4。"),
        ({"sliver_m2": "-1"}, "碎片面积（sliver_m2）不得小于 0"),
        ({"sliver_m2": "多"}, "“多”不能作为碎片面积（sliver_m2）的值。"),
        ({"colour": "red"}, "没有参数“colour”；可用的有：zones, land"),
    ],
)
def test_a_parameter_that_does_not_fit_is_told_with_what_it_may_be(
    tmp_path: Path, given: dict[str, str], told: str
) -> None:
    with project_with(tmp_path / "p.gpkg", three_parcels()) as project, pytest.raises(UsageError) as caught:
        run_capability(project, "stock", given)
    assert told in caught.value.remedy


def test_a_plane_that_does_not_serve_is_told_with_its_layer(tmp_path: Path) -> None:
    zones = {"name": ["甲"], "geometry": [at(0, 0, 10, 10)]}
    mercator = project_with(tmp_path / "mercator.gpkg", three_parcels(), crs=3857)
    with mercator as project, pytest.raises(CrsError) as land:
        run_capability(project, "stock", {})
    assert land.value.where == "土地利用"
    with project_with(tmp_path / "xian.gpkg", three_parcels(), zones) as project:
        old = project.read(project.layers_of("zones")[0].uid).set_crs(2383, allow_override=True)
        layer = project.add_layer(
            NewLayer(name="老范围", kind="zones", crs=pyproj.CRS(2383)), old.reset_index(drop=True)
        )
        with pytest.raises(CrsError) as legacy:
            run_capability(project, "stock", {"zones": layer.uid})
    assert legacy.value.where == "老范围"
