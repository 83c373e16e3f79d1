"""Land that could be supplied: each piece once, derived by hand, with odd input and an independent sum.

The worked case, metres, a strip 100 m deep (areas: widths in x times 100 m):

    x        0     40              100     110  120  130 135 140
    approved |------------------------|                              100 x 100 = 10 000 m2
    supplied |------|                                                 40 x 100
    left            |-----------------|                               60 x 100 =  6 000   批而未供
    reserve                     |80-------------------------|         50 x 100, of it 20 x 100 found already
    left                              |---------------------|         30 x 100 =  3 000   储备用地
    三旧                                                    |-------| 10 x 100 =  1 000
    basic farmland                                              |----      5 x 100 =    500 of it forbidden
    land use                          |-- 0101 --------|1001|         new land 100 to 120: 20 x 100 = 2 000
    forest stand                            |---------|               110 to 120: 10 x 100 = 1 000

Together 10 000 m2, of which 9 500 can be used; the three touch, so they are one group.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from layers.crs import parse_crs, transform
from layers.errors import GeometryError, InputError
from layers.progress import NoProgress
from layers.quotas import CONSTRUCTION_SCALE, FARMLAND_BALANCE, FOREST, NEW_CONSTRUCTION
from layers.store import NewLayer, Project
from tests.zsgis.odd_input_samples import spoil_shape
from zsgis.allocation.problem import Problem
from zsgis.allocation.validation import validate
from zsgis.result import Result
from zsgis.run import run_capability
from zsgis.supply.candidates import SupplyCandidates, supply_candidates
from zsgis.supply.finding import find_supply
from zsgis.supply.parameters import SupplyParameters
from zsgis.supply.rules import supply_rule

CRS = parse_crs("4547")
X, Y = 436000.0, 2491000.0
Rows = Iterable[tuple[Any, Mapping[str, Any]]]


def strip(left: float, right: float, *, east: float = 0.0, north: float = 0.0) -> shapely.Polygon:
    return shapely.box(X + left + east, Y + north, X + right + east, Y + 100 + north)


def add(project: Project, key: str, rows: Rows, *, name: str = "", standard: str = "", crs: Any = CRS) -> str:
    listed = list(rows)
    columns = {field for _shape, values in listed for field in values}
    frame = geopandas.GeoDataFrame(
        {field: [values.get(field) for _shape, values in listed] for field in sorted(columns)},
        geometry=np.array([shape for shape, _values in listed], dtype=object),
        crs=crs,
    )
    return project.add_layer(NewLayer(name or key, key, crs, standard=standard), frame).uid


def worked(folder: Path, *, east: float = 0.0, north: float = 0.0, turned: bool = False) -> Project:
    def at(left: float, right: float) -> shapely.Polygon:
        return strip(left, right, east=east, north=north)

    project = Project.create(folder / "供给.gpkg", CRS, title="供给")
    layers: list[tuple[str, str, list[tuple[Any, dict[str, Any]]]]] = [
        ("approved", "", [(at(0, 100), {"name": "批次一"})]),
        ("supplied", "", [(at(0, 40), {"name": "甲厂", "supervision_number": "1"})]),
        ("reserve", "", [(at(80, 130), {"name": "储备一"})]),
        (
            "redevelopment",
            "",
            [
                (at(130, 140), {"name": "旧厂一", "map_number": "1", "progress": "未启动"}),
                (at(300, 400), {"name": "旧厂二", "map_number": "2", "progress": "已完成"}),
            ],
        ),
        ("control_lines", "", [(at(135, 200), {"line_type": "永久基本农田", "name": "田"})]),
        (
            "land_use",
            "yd2023",
            [(at(100, 120), {"class_code": "0101"}), (at(120, 140), {"class_code": "1001"})],
        ),
        ("forest_stands", "", [(at(110, 120), {"name": "小班"})]),
        ("towns", "", [(at(-10, 125), {"name": "南区街道"}), (at(125, 500), {"name": "板芙镇"})]),
        ("platforms", "", [(at(0, 105), {"name": "中山科学城"})]),
    ]
    for key, standard, rows in layers:
        add(project, key, reversed(rows) if turned else rows, standard=standard)
    return project


def gathered(project: Project, **asked: Any) -> Any:
    return find_supply(
        project, supply_rule(), SupplyParameters(on="2026-11-23", **asked), NoProgress()
    ).supply


def by_name(supply: Any) -> dict[str, int]:
    return {name: place for place, name in enumerate(supply.land.names)}


def handed_over(project: Project) -> SupplyCandidates:
    return supply_candidates(gathered(project), supply_rule())


def result_of(project: Project, **asked: Any) -> Result:
    return run_capability(project, "supply", {"on": "2026-11-23", **asked})


def codes(result: Result) -> set[str]:
    return {each.code for each in result.findings}


def test_the_worked_case(tmp_path: Path) -> None:
    with worked(tmp_path) as project:
        supply = gathered(project)
        place = by_name(supply)
        assert set(place) == {"批次一", "储备一", "旧厂一"}
        areas = {name: int(supply.land.cents[i]) / 100 for name, i in place.items()}
        assert areas == {"批次一": 6000.0, "储备一": 3000.0, "旧厂一": 1000.0}
        left, held, old = (supply.placed[place[name]] for name in ("批次一", "储备一", "旧厂一"))
        assert (left.usable_cents, held.usable_cents, old.usable_cents) == (600_000, 300_000, 50_000)
        assert old.lines == {"永久基本农田": 50_000}
        # land of the stock draws on nothing, whatever its class
        assert (left.draws_cents, old.draws_cents) == ({}, {})
        assert held.draws_cents == {
            NEW_CONSTRUCTION: 200_000,
            CONSTRUCTION_SCALE: 200_000,
            FARMLAND_BALANCE: 200_000,
            FOREST: 100_000,
        }
        assert (left.town, held.town, old.town) == ("南区街道", "南区街道", "板芙镇")
        assert (left.platform, held.platform, old.platform) == ("中山科学城", "中山科学城", "")
        assert held.class_code == "0101"
        assert {left.group, held.group, old.group} == {0}
        assert left.cost_yuan is None


def test_land_found_twice_is_one_candidate_with_two_reasons_and_counts_once(tmp_path: Path) -> None:
    with worked(tmp_path) as project:
        supply = gathered(project)
        reasons = supply.land.reasons[by_name(supply)["批次一"]]
        assert [(each.source.key, each.name, each.cents) for each in reasons] == [
            ("unsupplied", "批次一", 600_000),
            ("reserve", "储备一", 200_000),
        ]
        told = [each for each in supply.findings if each.code == "supply.found_again"]
        assert len(told) == 1
        assert "储备一" in told[0].text
        assert len(told[0].sources) == 2
        # another way: the union of everything that counts
        union = shapely.union_all([strip(40, 100), strip(80, 130), strip(130, 140)])
        assert int(supply.land.cents.sum()) == round(100 * union.area) == 1_000_000


def test_an_allocation_gets_what_can_be_used_with_its_draws_and_groups(tmp_path: Path) -> None:
    with worked(tmp_path) as project:
        given = handed_over(project)
        by_source = {each.source: each for each in given.candidates}
        assert {name: each.area_cents for name, each in by_source.items()} == {
            "批而未供": 600_000,
            "储备用地": 300_000,
            "三旧改造用地": 50_000,
        }
        assert dict(by_source["储备用地"].draws_cents)[FOREST] == 100_000
        assert by_source["三旧改造用地"].draws_cents == {}
        assert [set(group.candidates) for group in given.groups] == [{each.key for each in given.candidates}]
        validate(Problem((2026,), given.candidates, (), given.groups))
        approved = project.layers_of("approved")[0]
        assert given.sources[by_source["批而未供"].key][approved.uid] == (
            str(project.read(approved.uid).index[0]),
        )


def test_the_tables_lead_to_their_features_and_add_up(tmp_path: Path) -> None:
    with worked(tmp_path) as project:
        result = result_of(project, zones="towns")
        sources = {row.values["source"]: row for row in result.table("sources").rows}
        assert sources["批而未供"].values["area"] == 0.6  # ha
        assert (sources["储备用地"].values["area"], sources["储备用地"].values["again"]) == (0.3, 0.2)
        assert sources["总计"].values["area"] == 1.0
        zones = {row.values["zone"]: row.values["area"] for row in result.table("zones").rows}
        # 南区街道 40 to 125: 85 x 100; 板芙镇 125 to 140: 15 x 100
        assert (zones["南区街道"], zones["板芙镇"], zones["总计"]) == (0.85, 0.15, 1.0)
        quotas = {row.values["quota"]: row.values["drawn"] for row in result.table("quotas").rows}
        assert (quotas[NEW_CONSTRUCTION], quotas[FOREST], quotas["重大项目用地指标"]) == (0.2, 0.1, None)
        assert all(row.sources for row in result.table("candidates").rows)
        assert result.run.inputs
        assert len({each.layer_uid for each in result.run.inputs}) == len(result.run.inputs)
        assert "supply" in result.run.rules


@pytest.mark.parametrize(("east", "north", "turned"), [(1234.0, -567.0, False), (0.0, 0.0, True)])
def test_neither_place_nor_order_of_rows_changes_anything(
    tmp_path: Path, east: float, north: float, turned: bool
) -> None:
    (tmp_path / "a").mkdir()
    with worked(tmp_path / "a") as first, worked(tmp_path, east=east, north=north, turned=turned) as other:
        one, two = gathered(first), gathered(other)
        for name, place in by_name(one).items():
            there = by_name(two)[name]
            assert one.land.cents[place] == two.land.cents[there]
            assert one.placed[place].draws_cents == two.placed[there].draws_cents
            assert one.placed[place].lines == two.placed[there].lines


def test_finds_of_one_source_over_each_other_count_once(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS, title="p") as project:
        add(project, "reserve", [(strip(0, 50), {"name": "一"}), (strip(30, 80), {"name": "二"})])
        supply = gathered(project)
        assert int(supply.land.cents.sum()) == 800_000
        place = by_name(supply)
        assert int(supply.land.cents[place["一"]]) == 500_000
        assert [each.name for each in supply.land.reasons[place["一"]]] == ["一", "二"]
        assert supply.land.reasons[place["一"]][1].cents == 200_000


def test_a_project_without_any_source_says_what_to_import(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS, title="p") as project, pytest.raises(InputError) as error:
        result_of(project)
    assert "批地红线" in error.value.remedy


def test_what_is_missing_is_named_and_nothing_is_assumed(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS, title="p") as project:
        add(project, "approved", [(strip(0, 50), {"name": "一"}), (None, {"name": "无图形"})])
        add(project, "reserve", [(strip(60, 100), {"name": "二"})])
        result = result_of(project)
        assert {
            "supply.no_supplied",
            "supply.no_lines",
            "supply.no_land_use",
            "supply.no_layer",
            "supply.no_score",
        } <= codes(result)
        rows = {row.values["name"]: row.values for row in result.table("candidates").rows}
        assert set(rows) == {"一", "二", "总计"}
        assert rows["二"]["score"] is None
        assert rows["二"][NEW_CONSTRUCTION] is None
        assert rows["二"]["cost"] is None


def test_unknown_codes_draw_on_nothing_and_are_told(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS, title="p") as project:
        add(project, "reserve", [(strip(0, 50), {"name": "一"})])
        add(project, "land_use", [(strip(0, 50), {"class_code": "9999"})], standard="yd2023")
        supply = gathered(project)
        assert supply.placed[0].draws_cents == {}
        assert supply.placed[0].untold_cents == 500_000
        assert "supply.class_unknown" in {each.code for each in supply.findings}


def test_small_remainders_are_counted_and_are_no_candidates(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS, title="p") as project:
        add(project, "reserve", [(strip(0, 4), {"name": "小"}), (strip(50, 60), {"name": "大"})])
        supply = gathered(project)
        assert supply.land.names == ("大",)  # 4 x 100 = 400 m2 is below the rule's 500
        assert any(each.code == "supply.too_small" and "400.00" in each.text for each in supply.findings)


def test_layers_in_degrees_are_cut_in_the_projects_plane(tmp_path: Path) -> None:
    degrees = parse_crs("4490")
    with Project.create(tmp_path / "p.gpkg", CRS, title="p") as project:
        shape = transform(np.array([strip(0, 50)], dtype=object), CRS, degrees)[0]
        add(project, "reserve", [(shape, {"name": "一"})], crs=degrees)
        supply = gathered(project)
        assert supply.land.cents[0] == pytest.approx(500_000, abs=200)


def test_a_coordinate_that_is_no_number_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    with Project.create(path, CRS, title="p") as project:
        rows = [(strip(60, 100), {"name": "好地块"}), (strip(200, 250), {"name": "坏地块"})]
        add(project, "reserve", rows, name="储备")
    spoil_shape(path, "储备")
    with Project.open(path, read_only=True) as project:
        with pytest.raises(GeometryError) as error:
            gathered(project)
        assert "坏地块" in error.value.where


def test_rooms_are_no_land(tmp_path: Path) -> None:
    with worked(tmp_path) as project:
        add(
            project,
            "buildings",
            [
                (strip(0, 10), {"name": "老厂房", "use_name": "厂房", "floor_area_m2": 800.0}),
                (strip(20, 30), {"name": "住宅楼", "use_name": "住宅", "floor_area_m2": 9000.0}),
            ],
        )
        result = result_of(project)
        rows = [row.values for row in result.table("rooms").rows]
        assert [row["name"] for row in rows] == ["老厂房", "总计"]
        assert rows[-1]["floor_m2"] == 800.0
        assert result.facts["area_m2"] == 10_000.0


def test_idle_land_is_established_or_suspected(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS, title="p") as project:
        add(
            project,
            "idle",
            [(strip(0, 50), {"name": "一", "finding_number": "示意1号"}), (strip(60, 90), {"name": "二"})],
        )
        late = {"name": "三", "supervision_number": "3", "start_due": "2024-01-01"}
        begun = {
            "name": "四",
            "supervision_number": "4",
            "start_due": "2024-01-01",
            "started_on": "2024-02-01",
        }
        add(project, "supplied", [(strip(100, 150), late), (strip(160, 200), begun)])
        supply = gathered(project)
        found = {supply.land.names[i]: each[0].source.title for i, each in enumerate(supply.land.reasons)}
        assert found == {"一": "闲置土地", "二": "疑似闲置", "三": "疑似闲置（供地红线初判）"}


def test_low_use_is_told_from_ratio_area_and_class(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.gpkg", CRS, title="p") as project:
        rows = [
            # 100 x 100 m2 = 15 亩; 3 000 m2 floor: ratio 0.3
            (strip(0, 100), {"name": "低", "class_code": "1001", "floor_area_m2": 3000.0}),
            (strip(200, 300), {"name": "高", "class_code": "1001", "floor_area_m2": 30000.0}),
            (strip(400, 500), {"name": "学", "class_code": "0802", "floor_area_m2": 3000.0}),
            (strip(600, 700), {"name": "不详", "class_code": "1001"}),
            (strip(800, 830), {"name": "小", "class_code": "1001", "floor_area_m2": 30.0}),
        ]
        add(project, "industrial_parcels", rows, standard="yd2023")
        assert gathered(project).land.names == ("低",)


def test_a_rule_that_cannot_be_used_names_its_entry(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'key="x"\ntitle="x"\nversion="1"\nstatus="现行"\nsource="x"\nleast_m2=1.0\n'
        '[[sources]]\nkey="a"\ntitle="a"\nhow="unsupplied"\nkind="reserve"\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="approved"):
        supply_rule(str(own))


def test_costs_are_only_what_the_bureau_states(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'key="x"\ntitle="x"\nversion="1"\nstatus="现行"\nsource="x"\nleast_m2=1.0\n'
        '[[sources]]\nkey="a"\ntitle="储备"\nhow="features"\nkind="reserve"\ncost_10k_yuan_per_mu=20.0\n',
        encoding="utf-8",
    )
    with Project.create(tmp_path / "p.gpkg", CRS, title="p") as project:
        add(project, "reserve", [(strip(0, 100), {"name": "一"})])
        supply = find_supply(project, supply_rule(str(own)), SupplyParameters(), NoProgress()).supply
        # 10 000 m2 = 15 亩, 15 x 20 = 300 万元
        assert supply.placed[0].cost_yuan == 3_000_000
