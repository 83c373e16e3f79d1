"""Parcels against control lines: a case by hand, lines over each other, lines that are missing."""

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
from zsgis.result import Result
from zsgis.run import run_capability

NAMES = {
    "industrial_parcels": "工业地块",
    "control_lines": "控制线",
    "forest_stands": "林地",
    "towns": "镇街",
    "platforms": "平台",
}


def sample() -> dict[str, dict[str, list[Any]]]:
    """Return three parcels of 1,000 m2 in a row and the lines over them."""
    return {
        "industrial_parcels": {
            "name": ["甲", "乙", "丙"],
            "class_code": ["1001"] * 3,
            "geometry": [at(100 * i, 0, 100 * i + 100, 10) for i in range(3)],
        },
        "control_lines": {
            "line_type": ["永久基本农田", "永久基本农田", "生态保护红线", "城镇开发边界"],
            "geometry": [at(50, 0, 120, 10), at(110, 0, 130, 10), at(90, 0, 140, 5), at(0, -10, 250, 20)],
        },
        "forest_stands": {"name": ["1"], "geometry": [at(0, 0, 10, 10)]},
        "platforms": {"name": ["西"], "geometry": [at(-10, -10, 100, 20)]},
    }


def checked(tmp_path: Path, layers: dict[str, dict[str, list[Any]]], **given: Any) -> Result:
    with Project.create(tmp_path / "p.gpkg", 4547) as project:
        for kind, columns in layers.items():
            frame = geopandas.GeoDataFrame(columns, geometry="geometry", crs=4547)
            project.add_layer(NewLayer(name=NAMES[kind], kind=kind, crs=pyproj.CRS(4547)), frame)
        return run_capability(project, "three_lines", {"unit": "m2", "basis": "planar", **given})


def by_first(result: Result, table: str) -> dict[str, dict[str, Any]]:
    found = result.table(table)
    return {str(row.values[found.columns[0].key]): dict(row.values) for row in found.rows}


def test_every_line_by_hand(tmp_path: Path) -> None:
    total = by_first(checked(tmp_path, sample()), "lines")["总计"]
    # farmland 50 to 130 x 10, its two features over each other on 110 to 120 once: 800 m2 of 3,000
    assert (total["farmland"], total["farmland_share"], total["farmland_parcels"]) == (800.0, 26.67, 2)
    # ecology 90 to 140 x 5; the growth boundary ends at 250: 50 x 10 lie outside; forest 10 x 10
    assert (total["ecology"], total["ecology_parcels"]) == (250.0, 2)
    assert (total["growth"], total["growth_parcels"]) == (500.0, 1)
    assert (total["forest"], total["total"]) == (100.0, 3000.0)


def test_parcels_stand_with_the_lines_they_lie_on_those_on_forest_alone_last(tmp_path: Path) -> None:
    layers = sample()
    layers["forest_stands"]["geometry"] = [at(200, 0, 250, 10)]
    layers["control_lines"]["geometry"][3] = at(0, -10, 300, 20)
    rows = checked(tmp_path, layers).table("parcels").rows
    assert [(row.values["name"], row.values["lines"]) for row in rows] == [
        ("甲", "永久基本农田、生态保护红线"),
        ("乙", "永久基本农田、生态保护红线"),
        ("丙", "林地图斑"),
    ]
    # 甲: farmland 50 x 10, ecology 10 x 5; 乙: farmland 30 x 10, ecology 40 x 5
    assert [row.values["farmland"] for row in rows] == [500.0, 300.0, 0.0]
    assert [row.values["ecology_share"] for row in rows] == [5.0, 20.0, 0.0]


def test_zones_take_their_part_of_every_line(tmp_path: Path) -> None:
    zones = by_first(checked(tmp_path, sample()), "zones")
    assert (zones["西"]["farmland"], zones["范围外"]["farmland"]) == (500.0, 300.0)
    assert (zones["西"]["ecology"], zones["西"]["total"], zones["范围外"]["growth"]) == (50.0, 1000.0, 500.0)


def test_a_line_the_project_does_not_hold_is_named_and_no_column_says_nought(tmp_path: Path) -> None:
    layers = sample()
    layers["control_lines"] = {key: values[:2] for key, values in layers["control_lines"].items()}
    del layers["forest_stands"]
    result = checked(tmp_path, layers)
    told = [f.text for f in result.findings if f.code == "three_lines.not_checked"]
    assert [text.split("：")[0] for text in told] == ["生态保护红线", "城镇开发边界外", "林地图斑"]
    assert {column.key for column in result.table("lines").columns} & {"ecology", "growth", "forest"} == set()


def test_features_of_one_line_over_each_other_are_told(tmp_path: Path) -> None:
    result = checked(tmp_path, sample())
    (finding,) = [f for f in result.findings if f.code == "layered.overlap"]
    assert "100.00" in finding.text


def test_without_any_line_it_is_refused(tmp_path: Path) -> None:
    layers = {"industrial_parcels": sample()["industrial_parcels"]}
    with pytest.raises(InputError, match="控制线在工程中都没有") as refused:
        checked(tmp_path, layers)
    assert "--as control_lines" in refused.value.remedy


def test_a_bureaus_rule_adds_a_line(tmp_path: Path) -> None:
    text = resource_path("rules", "three_lines.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.replace('values = ["生态保护红线"]', 'values = ["城市蓝线"]'), encoding="utf-8")
    layers = sample()
    layers["control_lines"]["line_type"][2] = "城市蓝线"
    total = by_first(checked(tmp_path, layers, rule=str(own)), "lines")["总计"]
    assert total["ecology"] == 250.0


def test_maps_hold_what_the_tables_say(tmp_path: Path) -> None:
    result = checked(tmp_path, sample())
    areas = {shown.key: float(shapely.area(shown.geometry).sum()) for shown in result.maps}
    assert areas == pytest.approx({"farmland": 800.0, "ecology": 250.0, "growth": 500.0, "forest": 100.0})
