"""Intensity of use on small drawn cases, worked out by hand, and what odd input does to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyproj
import pytest
import shapely

from layers.errors import InputError, ZsgisError
from layers.store import NewLayer, Project
from tests.zsgis.stock_samples import at, project_with
from zsgis.analysis.intensity.rules import intensity_rule
from zsgis.analysis.judging import Verdict, judge
from zsgis.analysis.zone_names import deduction_name, outside_name, total_name
from zsgis.result import NotDerivable, Result, RowRole
from zsgis.run import run_capability

FIELD, FACTORY, HOUSE = "0101", "100101", "070102"


def land(*parcels: tuple[Any, str]) -> dict[str, list[Any]]:
    return {
        "name": [str(number) for number, _parcel in enumerate(parcels, start=1)],
        "class_code": [code for _shape, code in parcels],
        "geometry": [shape for shape, _code in parcels],
    }


def three() -> dict[str, list[Any]]:
    """Return a field of 5000 m2, a factory of 3000 m2 and houses of 2000 m2, side by side: one hectare."""
    return land((at(0, 0, 50, 100), FIELD), (at(50, 0, 80, 100), FACTORY), (at(80, 0, 100, 100), HOUSE))


def zones(**areas: Any) -> dict[str, list[Any]]:
    return {"name": list(areas), "geometry": list(areas.values())}


def add(project: Project, layer: str, kind: str, **columns: list[Any]) -> None:
    frame = geopandas.GeoDataFrame(columns, geometry="geometry", crs=4547)
    project.add_layer(NewLayer(name=layer, kind=kind, crs=pyproj.CRS(4547)), frame)


def add_sides(project: Project) -> None:
    add(project, "批地", "approved", name=["一批"], geometry=[at(0, 0, 60, 100)])
    add(project, "供地", "supplied", supervision_number=["1"], geometry=[at(40, 0, 80, 80)])
    add(
        project,
        "闲置",
        "idle",
        name=["认定", "疑似"],
        finding_number=["闲认〔2026〕1号", None],
        geometry=[at(70, 0, 80, 40), at(50, 0, 60, 40)],
    )
    add(
        project,
        "工业",
        "industrial_parcels",
        class_code=[FACTORY],
        floor_area_m2=[4500.0],
        tax_10k_yuan=[60.0],
        geometry=[at(50, 0, 80, 100)],
    )
    add(
        project,
        "建筑",
        "buildings",
        storeys=[5, 3],
        floor_area_m2=[None, 700.0],
        geometry=[at(55, 10, 65, 30), at(85, 10, 95, 30)],
    )


def run(project: Project, **parameters: Any) -> Result:
    return run_capability(project, "intensity", {"basis": "planar", "unit": "m2", **parameters})


def values(result: Result, zone: str) -> dict[str, Any]:
    rows = [row.values for row in result.table("indicators").rows if row.values["zone"] == zone]
    return {row["indicator"]: row["value"] for row in rows}


def land_row(result: Result, zone: str) -> dict[str, Any]:
    (found,) = [row for row in result.table("land").rows if row.values["zone"] == zone]
    return dict(found.values)


def codes(result: Result) -> list[str]:
    return [finding.code for finding in result.findings]


def test_three_parcels_by_hand(tmp_path: Path) -> None:
    with project_with(tmp_path / "p.gpkg", three(), zones(甲=at(0, 0, 100, 100))) as project:
        add_sides(project)
        result = run(project, zones="范围")
    found = values(result, "甲")
    assert found == {
        # 3000 + 2000 of 10000
        "开发强度": 50.0,
        # 3000 of 5000
        "工业用地占建设用地比例": 60.0,
        # 20 x 80 of the supplied 40 x 80 lie in the approved 60 x 100: 1600 / 6000
        "土地供应率": 26.67,
        # built land within the supplied: 30 x 80 = 2400 of 3200
        "土地建成率": 75.0,
        # 3000 of the built 5000
        "工业用地率": 60.0,
        # (200 x 5 storeys + 700) / 5000
        "综合容积率": 0.34,
        # 4500 / 3000
        "工业用地综合容积率": 1.5,
        # 60 x 10,000 yuan on 0.3 ha
        "工业用地地均税收": 200.0,
        # 10 x 40 established of 3200; what is suspected does not count
        "土地闲置率": 12.5,
    }
    assert "intensity.suspected_idle" in codes(result)
    row = land_row(result, "甲")
    assert [row[key] for key in ("land", "construction", "industrial", "other")] == [10000, 5000, 3000, 5000]
    assert (row["development"], row["industrial_share"]) == (50.0, 60.0)


def test_what_is_recorded_is_shared_out_over_zones_by_area(tmp_path: Path) -> None:
    cut = zones(西=at(0, 0, 60, 100), 东=at(60, 0, 100, 100))
    with project_with(tmp_path / "p.gpkg", three(), cut) as project:
        add_sides(project)
        result = run(project, zones="范围")
    rows = {
        (row.values["zone"], row.values["indicator"]): row.values for row in result.table("indicators").rows
    }
    west = rows["西", "工业用地综合容积率"]
    # a third of the factory: 4500 / 3 on 1000 m2
    assert (west["above_amount"], west["below_amount"], west["value"]) == (1500.0, 1000.0, 1.5)
    assert west["amount_unit"] == "平方米"
    # the building of 55..65 lies half in each: 500 and 500 + 700
    assert rows["西", "综合容积率"]["above_amount"] == 500.0
    assert rows["东", "综合容积率"]["above_amount"] == 1200.0
    assert rows[total_name(), "综合容积率"]["above_amount"] == 1700.0


def test_every_figure_leads_to_its_features(tmp_path: Path) -> None:
    with project_with(tmp_path / "p.gpkg", three(), zones(甲=at(0, 0, 60, 100))) as project:
        add_sides(project)
        result = run(project, zones="范围")
        uids = {info.kind: [str(uid) for uid in project.read(info.uid).index] for info in project.layers()}
        of = {info.kind: info.uid for info in project.layers()}
    assert all(row.sources for table in result.tables for row in table.rows if row.values["zone"] != "")
    row = next(r for r in result.table("indicators").rows if r.values["indicator"] == "土地供应率")
    assert row.sources == {
        of["approved"]: tuple(uids["approved"]),
        of["supplied"]: tuple(uids["supplied"]),
    }
    industry = next(r for r in result.table("indicators").rows if r.values["indicator"] == "工业用地率")
    # the factory alone is built land in the zone
    assert industry.sources == {of["land_use"]: (uids["land_use"][1],)}


def test_limits_only_hint_unless_in_force(tmp_path: Path) -> None:
    rule = tmp_path / "rule.toml"
    text = 'key="x"\ntitle="t"\nversion="2026"\nstatus="现行"\nsource="s"\n'
    for indicator, high, status in (("development", 50.0, "现行"), ("industrial_share", 59.0, "征求意见稿")):
        text += f'[[limits]]\nindicator="{indicator}"\nhigh={high}\nstatus="{status}"\n'
        text += 'source="文"\nclause="第一条"\n'
    text += '[[limits]]\nindicator="tax_yield"\nlow=1.0\nsource="文"\nstatus="现行"\n'
    rule.write_text(text, encoding="utf-8")
    with project_with(tmp_path / "p.gpkg", three()) as project:
        result = run(project, zones="-", rule=str(rule))
    rows = {row.values["indicator"]: row.values for row in result.table("indicators").rows}
    development, share, tax = (rows[k] for k in ("开发强度", "工业用地占建设用地比例", "工业用地地均税收"))
    # exactly at the limit is allowed
    assert (development["verdict"], development["margin"]) == ("符合", 0.0)
    assert (share["verdict"], share["margin"]) == ("提示：不符合", -1.0)
    assert (tax["verdict"], tax["margin"]) == ("缺资料", None)
    assert development["source"] == "文 第一条（现行）"
    # the rule names no classes of industry of this standard
    assert isinstance(rows["工业用地率"]["value"], NotDerivable)
    assert result.run.rules["intensity"].startswith("t 2026 (现行)")


@pytest.mark.parametrize(
    ("value", "low", "high", "verdict", "margin"),
    [
        (2.0, 2.0, 3.5, Verdict.MEETS, 0.0),
        (3.0, 2.0, 3.5, Verdict.MEETS, 0.5),
        (4.0, 2.0, 3.5, Verdict.FAILS, -0.5),
        (1.0, 2.0, None, Verdict.FAILS, -1.0),
        (float("nan"), 2.0, None, Verdict.MISSING, None),
        (None, None, 1.0, Verdict.MISSING, None),
    ],
)
def test_a_margin_is_the_way_to_the_nearer_limit(
    value: float | None, low: float | None, high: float | None, verdict: Verdict, margin: float | None
) -> None:
    judged = judge(value, low, high, "现行")
    assert (judged.verdict, judged.margin) == (verdict, margin)


def test_without_the_other_layers_their_indicators_say_why(tmp_path: Path) -> None:
    with project_with(tmp_path / "p.gpkg", three()) as project:
        result = run(project)
    found = values(result, "土地利用")
    assert (found["开发强度"], found["工业用地率"]) == (50.0, 60.0)
    reasons = {name: value.reason for name, value in found.items() if isinstance(value, NotDerivable)}
    assert len(reasons) == 6
    assert "批地红线" in reasons["土地供应率"]
    assert "建筑" in reasons["综合容积率"]


def test_missing_fields_and_records_are_told(tmp_path: Path) -> None:
    with project_with(tmp_path / "p.gpkg", three()) as project:
        add(
            project,
            "工业",
            "industrial_parcels",
            class_code=[FACTORY, FACTORY, FACTORY],
            floor_area_m2=[4500.0, None, -1.0],
            geometry=[at(50, 0, 80, 100), at(0, 0, 50, 100), at(80, 0, 100, 100)],
        )
        result = run(project, zones="-")
        silent = [f for f in result.findings if f.code == "intensity.unrecorded"]
    found = values(result, "土地利用")
    # neither the parcel without a record nor the one with a negative one counts: 4500 / 3000
    assert found["工业用地综合容积率"] == 1.5
    assert "没有图形登记" in found["工业用地地均税收"].reason
    assert [len(uids) for finding in silent for uids in finding.sources.values()] == [2]


def test_zones_over_each_other_empty_zones_and_what_lies_outside(tmp_path: Path) -> None:
    areas = zones(甲=at(0, 0, 60, 100), 乙=at(40, 0, 90, 100), 空=at(500, 0, 600, 100))
    with project_with(tmp_path / "p.gpkg", three(), areas) as project:
        add_sides(project)
        result = run(project, zones="范围")
    first, second, empty = (values(result, zone) for zone in ("甲", "乙", "空"))
    # 甲: 10 x 100 of the factory on 6000; 乙: all 3000 of it and 10 x 100 of the houses on 5000
    assert (first["开发强度"], second["开发强度"]) == (16.67, 80.0)
    assert isinstance(empty["开发强度"], NotDerivable)
    # all zones once: 9000 m2, of which 3000 + 1000 are construction land
    assert values(result, total_name())["开发强度"] == 44.44
    assert land_row(result, outside_name())["land"] == 1000
    # 甲 and 乙 share 20 x 100
    assert land_row(result, deduction_name())["land"] == -2000
    assert land_row(result, total_name())["land"] == 10000
    assert "overlay.zones_overlap" in codes(result)
    (left,) = [f for f in result.findings if f.code == "intensity.zone_not_covered"]
    assert "空" in left.text
    assert "100.00" in left.text


def test_a_class_that_does_not_tell_stands_apart(tmp_path: Path) -> None:
    # 23 holds vacant land (construction) and reserve farmland (none); 9999 is in no standard
    parcels = land((at(0, 0, 50, 100), "23"), (at(50, 0, 80, 100), "9999"), (at(80, 0, 100, 100), FACTORY))
    with project_with(tmp_path / "p.gpkg", parcels) as project:
        result = run(project, zones="-")
    row = land_row(result, "土地利用")
    assert (row["construction"], row["untold"], row["other"]) == (2000, 8000, 0)
    assert "class.unknown_code" in codes(result)


def test_vacant_land_is_construction_land_and_not_built(tmp_path: Path) -> None:
    parcels = land((at(0, 0, 50, 100), "2301"), (at(50, 0, 100, 100), FACTORY))
    with project_with(tmp_path / "p.gpkg", parcels) as project:
        result = run(project, zones="-")
    found = values(result, "土地利用")
    assert (found["开发强度"], found["工业用地占建设用地比例"], found["工业用地率"]) == (100.0, 50.0, 100.0)


def test_parcels_without_a_class_stand_apart_and_no_standard_is_refused(tmp_path: Path) -> None:
    frame = {"name": ["1"], "geometry": [at(0, 0, 50, 100)]}
    with project_with(tmp_path / "a.gpkg", frame) as project:
        result = run(project, zones="-")
    assert land_row(result, "土地利用")["untold"] == 5000
    assert "class.none" in codes(result)
    assert isinstance(values(result, "土地利用")["工业用地率"], NotDerivable)
    with (
        project_with(tmp_path / "b.gpkg", three(), standard="custom") as project,
        pytest.raises(InputError) as told,
    ):
        run(project, zones="-")
    assert told.value.where == "土地利用"
    with Project.create(tmp_path / "c.gpkg", 4547) as project, pytest.raises(InputError, match="地类"):
        run(project)


def test_shapes_missing_broken_or_with_nan(tmp_path: Path) -> None:
    bow = shapely.Polygon(
        [(500_000, 2_490_200), (500_010, 2_490_210), (500_010, 2_490_200), (500_000, 2_490_210)]
    )
    odd = land((at(0, 0, 50, 100), FACTORY), (None, FACTORY), (bow, FIELD))
    with project_with(tmp_path / "a.gpkg", odd) as project:
        result = run(project, zones="-")
    # the bow tie's two triangles: 2 x 10 x 5 / 2 = 50 m2
    assert land_row(result, "土地利用")["land"] == 5050
    assert {"overlay.no_shape", "overlay.repaired_ring"} <= set(codes(result))
    corner = np.array([500_000, 2_490_000])  # not the one at which the ring closes
    nowhere = shapely.transform(
        at(0, 0, 10, 10), lambda places: np.where((places == corner).all(axis=1)[:, None], np.nan, places)
    )
    broken = land((at(0, 0, 50, 100), FACTORY), (nowhere, FIELD))
    # they do not even come into a project
    with pytest.raises(ZsgisError) as told:
        project_with(tmp_path / "b.gpkg", broken)
    assert "土地利用" in str(told.value)


def test_degrees_give_the_same_shares(tmp_path: Path) -> None:
    with project_with(
        tmp_path / "p.gpkg", three(), zones(甲=at(0, 0, 70, 100)), crs=4490, zones_crs=4490
    ) as project:
        add_sides(project)
        result = run(project, zones="范围")
    # (20 x 100) / (70 x 100), coordinates changed to 0.1 mm
    assert values(result, "甲")["开发强度"] == pytest.approx(28.57, abs=0.01)


def test_neither_order_nor_place_matters(tmp_path: Path) -> None:
    parcels = three()
    turned = {key: column[::-1] for key, column in parcels.items()}
    moved = {
        **parcels,
        "geometry": [shapely.affinity.translate(s, 3000, -2000) for s in parcels["geometry"]],
    }
    area = at(10, 10, 70, 90)
    found = []
    for number, (frame, zone) in enumerate(
        ((parcels, area), (turned, area), (moved, shapely.affinity.translate(area, 3000, -2000)))
    ):
        with project_with(tmp_path / f"{number}.gpkg", frame, zones(甲=zone)) as project:
            found.append(land_row(run(project, zones="范围"), "甲"))
    assert found[0] == found[1] == found[2]


def test_random_land_agrees_with_geopandas_and_adds_up(tmp_path: Path) -> None:
    chance = np.random.default_rng(7)
    x, y = (np.sort(np.r_[0, chance.uniform(0, 1000, 20), 1000]) for _axis in range(2))
    cells = [
        (at(x[i], y[j], x[i + 1], y[j + 1]), str(chance.choice([FIELD, FACTORY, HOUSE, "2301"])))
        for i in range(21)
        for j in range(21)
    ]
    areas = zones(甲=at(100, 100, 600, 700), 乙=at(600, 100, 900, 900))
    with project_with(tmp_path / "p.gpkg", land(*cells), areas) as project:
        result = run(project, zones="范围")
    # the other library cuts and sums by itself
    frame = geopandas.GeoDataFrame(land(*cells), geometry="geometry", crs=4547)
    pieces = geopandas.overlay(frame, geopandas.GeoDataFrame(areas, geometry="geometry", crs=4547))
    for zone in ("甲", "乙"):
        mine = pieces[pieces["name_2"] == zone]
        area = mine.geometry.area.groupby(mine["class_code"]).sum()
        row = land_row(result, zone)
        assert row["industrial"] == pytest.approx(area[FACTORY], abs=0.01 * len(cells))
        built = area.drop(FIELD).sum()
        assert row["development"] == pytest.approx(100 * built / area.sum(), abs=0.0051)
        assert values(result, zone)["工业用地率"] == pytest.approx(
            100 * area[FACTORY] / (area[FACTORY] + area[HOUSE]), abs=0.0051
        )
    rows = result.table("land").rows
    for key in ("land", "construction", "industrial", "other"):
        body = sum(round(100 * row.values[key]) for row in rows if row.role is RowRole.BODY)
        (total,) = [round(100 * row.values[key]) for row in rows if row.role is RowRole.TOTAL]
        assert body == total, key


def test_chart_and_map_show_what_the_tables_say(tmp_path: Path) -> None:
    with project_with(tmp_path / "p.gpkg", three(), zones(甲=at(0, 0, 100, 100))) as project:
        result = run(project, zones="范围")
    (chart,) = result.charts
    (picture,) = result.maps
    assert [series.values for series in chart.series] == [(50.0,), (60.0,)]  # type: ignore[union-attr]
    assert picture.columns[picture.color_by] == ("50%以上",)
    assert "50%以上" in {each.value for each in picture.classes}


def test_rules_that_are_none_are_refused(tmp_path: Path) -> None:
    assert intensity_rule().limit("development") is not None
    for text in ("no = toml = file", 'key = "x"', '[[limits]]\nindicator = "no_such"'):
        path = tmp_path / "rule.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError):
            intensity_rule(str(path))
    with pytest.raises(InputError):
        intensity_rule("no such rule")
