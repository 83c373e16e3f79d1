"""Differences between plans: a case by hand, the rule file, what is missing or unknown, balance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pyproj
import pytest
import shapely

from layers.errors import InputError
from layers.locations import resource_path
from layers.store import NewLayer, Project
from tests.zsgis.stock_samples import at
from zsgis.analysis.three_plans.rules import three_plans_rule
from zsgis.result import Result
from zsgis.run import run_capability

NAMES = {
    "industrial_parcels": "工业地块",
    "old_plan_zones": "土规",
    "detailed_plan": "控规",
    "territorial_plan": "国空",
    "towns": "镇街",
    "platforms": "平台",
}
STANDARDS = {"detailed_plan": "gb50137", "territorial_plan": "yd2023"}


def sample() -> dict[str, dict[str, list[Any]]]:
    """Return one row of land, 500 m long and 10 m high, cut by plans every 100 m, by parcels elsewhere."""
    strips = [at(100 * i, 0, 100 * i + 100, 10) for i in range(5)]
    return {
        "industrial_parcels": {
            "name": ["甲", "乙", "丙"],
            "class_code": ["1001", "1001", "1001"],
            "geometry": [at(0, 0, 150, 10), at(150, 0, 400, 10), at(400, 0, 500, 10)],
        },
        "old_plan_zones": {
            "zone_type": ["允许建设区", "允许建设区", "限制建设区", "有条件建设区"],
            "geometry": strips[:4],
        },
        "detailed_plan": {
            "name": ["1", "2", "3", "4", "5"],
            "class_code": ["M1", "E2", "R2", "M1", "M1"],
            "geometry": strips,
        },
        "territorial_plan": {
            "name": ["1", "2", "3"],
            "class_code": ["0701", "1401", "1001"],
            "geometry": [at(0, 0, 50, 10), at(50, 0, 200, 10), at(200, 0, 500, 10)],
        },
        "platforms": {"name": ["东"], "geometry": [at(250, -5, 600, 15)]},
    }


def compared(tmp_path: Path, layers: dict[str, dict[str, list[Any]]], **given: Any) -> Result:
    with Project.create(tmp_path / "p.gpkg", 4547) as project:
        for kind, columns in layers.items():
            frame = geopandas.GeoDataFrame(columns, geometry="geometry", crs=4547)
            new = NewLayer(
                name=NAMES[kind], kind=kind, crs=pyproj.CRS(4547), standard=STANDARDS.get(kind, "")
            )
            project.add_layer(new, frame)
        return run_capability(project, "three_plans", {"unit": "m2", "basis": "planar", **given})


def by_first(result: Result, table: str) -> dict[str, dict[str, Any]]:
    found = result.table(table)
    return {str(row.values[found.columns[0].key]): dict(row.values) for row in found.rows}


def test_every_difference_by_hand(tmp_path: Path) -> None:
    result = compared(tmp_path, sample())
    total = by_first(result, "outcomes")["总计"]
    # 0-50 m: both built, factories against flats: use, 500 m2; 50-100: factories against a park: use, 500 m2
    # 100-200: land plan builds, E2 is no building land: 1,000 m2 land only
    # 200-300: restricted, R2 built: 1,000 m2 city only; 300-400: conditional, built: 1,000 m2
    # 400-500: no control zone there: 1,000 m2 not covered
    assert [total[key] for key in ("land_only", "city_only", "conditional")] == [1000.0] * 3
    assert [total[key] for key in ("use", "not_covered", "same")] == [1000.0, 1000.0, 0.0]
    assert (total["total"], total["conflict_share"], total["parcels"]) == (5000.0, 80.0, 2)


def test_parcels_stand_with_what_each_plan_says_the_largest_conflict_first(tmp_path: Path) -> None:
    result = compared(tmp_path, sample())
    rows = result.table("parcels").rows
    assert [row.values["name"] for row in rows] == ["乙", "甲"]
    second, first = rows[0].values, rows[1].values
    # 甲: 0-100 differs in use, 100-150 land only
    assert (first["use"], first["land_only"], first["outcome"]) == (1000.0, 500.0, "用途不一致")
    # 乙: 150-200 land only, 200-300 city only, 300-400 conditional
    assert (second["land_only"], second["city_only"], second["conditional"]) == (500.0, 1000.0, 1000.0)
    assert first["detailed"] == "M1 一类工业用地、E2 农林用地"
    assert "0701" in first["territorial"]
    assert second["old"].split("、")[-1] == "允许建设区"


def test_zones_cut_parcels_and_each_row_adds_up(tmp_path: Path) -> None:
    result = compared(tmp_path, sample())
    zones = by_first(result, "zones")
    # the platform begins at 250: half of the restricted strip, the conditional one, and what no zone covers
    assert (zones["东"]["city_only"], zones["东"]["conditional"], zones["东"]["not_covered"]) == (
        500.0,
        1000.0,
        1000.0,
    )
    assert (zones["东"]["total"], zones["范围外"]["total"], zones["总计"]["total"]) == (
        2500.0,
        2500.0,
        5000.0,
    )
    matrix = by_first(result, "matrix")
    assert (matrix["允许建设区"]["build"], matrix["允许建设区"]["no"]) == (1000.0, 1000.0)
    assert (matrix["未覆盖"]["build"], matrix["总计"]["total"]) == (1000.0, 5000.0)


def test_the_detailed_plan_speaks_first_and_the_territorial_where_there_is_none(tmp_path: Path) -> None:
    layers = sample()
    layers["detailed_plan"] = {key: values[:1] for key, values in layers["detailed_plan"].items()}
    total = by_first(compared(tmp_path, layers), "outcomes")["总计"]
    # 0-100 as before, its uses differ; 100-200: a park is building land of the city (1401): alike
    # 200-300: 1001 in a restricted zone; 300-400: conditional
    assert (total["use"], total["same"], total["city_only"]) == (1000.0, 1000.0, 1000.0)


def test_a_bureaus_own_rule_file_decides_and_stands_in_the_record(tmp_path: Path) -> None:
    text = resource_path("rules", "three_plans.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(
        text.replace('"有条件建设区" = "conditional"', '"有条件建设区" = "build"').replace(
            "2026-01-01", "自定"
        ),
        encoding="utf-8",
    )
    result = compared(tmp_path, sample(), rule=str(own))
    total = by_first(result, "outcomes")["总计"]
    assert (total["conditional"], total["same"]) == (0.0, 1000.0)
    assert "自定" in result.run.rules["three_plans"]
    assert three_plans_rule().sha256[:12] not in result.run.rules["three_plans"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("clause = ", "claws = "), "clause"),
        (('"build"', '"builds"'), "允许建设区"),
        (("[[outcomes]]", "[[outcomes"), "规则文件不能使用"),
        (('key = "same"', 'key = "same"\nold = ["build"]'), "outcome"),
    ],
)
def test_a_rule_file_with_a_fault_is_refused_with_its_place(
    tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    text = resource_path("rules", "three_plans.toml").read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=told) as refused:
        three_plans_rule(str(tmp_path / "own.toml"))
    assert "own.toml" in str(refused.value.where)


def test_a_control_zone_that_nobody_knows_is_named_and_cannot_be_told(tmp_path: Path) -> None:
    layers = sample()
    layers["old_plan_zones"]["zone_type"][0] = "允建区"
    result = compared(tmp_path, layers)
    (finding,) = [f for f in result.findings if f.code == "three_plans.unknown_zone"]
    assert "允建区" in finding.text
    assert by_first(result, "matrix")["允建区"]["total"] == 1000.0


def test_what_is_missing_is_said_with_what_to_import(tmp_path: Path) -> None:
    layers = sample()
    del layers["old_plan_zones"]
    with pytest.raises(InputError, match="没有土规管制区") as refused:
        compared(tmp_path, layers)
    assert "--as old_plan_zones" in refused.value.remedy


def test_the_map_holds_the_areas_of_the_table(tmp_path: Path) -> None:
    result = compared(tmp_path, sample())
    (shown,) = result.maps
    areas: dict[str, float] = {}
    for key, shape in zip(shown.columns["outcome"], shown.geometry, strict=True):
        areas[key] = areas.get(key, 0.0) + shapely.area(shape)
    assert areas == pytest.approx(
        dict.fromkeys(("land_only", "city_only", "conditional", "use", "not_covered"), 1000.0)
    )
    assert {entry.value for entry in shown.classes} >= set(areas)
    assert all(len(uids) == 1 for uids in shown.sources)


def test_every_row_leads_to_its_parcels(tmp_path: Path) -> None:
    result = compared(tmp_path, sample())
    uids = {row.values["area"]: set(*row.sources.values()) for row in result.table("zones").rows}
    assert (len(uids["东"]), len(uids["范围外"]), len(uids["总计"])) == (2, 2, 3)
