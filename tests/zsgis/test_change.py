"""What changed between two dates: worked by hand, and what goes wrong elsewhere."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas
import pyproj
import pytest
from change_samples import assert_balances, at, cells, change, fates, rows, two_dates
from shapely import Polygon

from layers.errors import InputError
from layers.store import NewLayer
from zsgis.result import Result

FIELD, POND, FACTORY, HOUSES = "0101", "1704", "1001", "0701"


def codes(result: Result) -> set[str]:
    return {finding.code for finding in result.findings}


def test_three_parcels_by_hand(tmp_path: Path) -> None:
    # Earlier: a field of 10 x 10 m (0 to 10), a pond (10 to 20) and houses (20 to 30), 100 m2 each.
    # Later: a factory over the field's west half and houses over the rest of it; the pond as it was; houses
    # as they were but for their east 2 m, which no later data covers; a new field beyond them, 5 m wide.
    #   field -> factory 50, field -> houses 50, pond -> pond 100, houses -> houses 80, houses -> nothing 20,
    #   nothing -> field 50. Rows 100, 100, 100, 50; columns: factory 50, houses 130, pond 100, field 50,
    #   outside 20; 350 in all. New construction land: 50 + 50.
    earlier = [(FIELD, at(0, 0, 10, 10)), (POND, at(10, 0, 20, 10)), (HOUSES, at(20, 0, 30, 10))]
    later = [
        (FACTORY, at(0, 0, 5, 10)),
        (HOUSES, at(5, 0, 10, 10)),
        (POND, at(10, 0, 20, 10)),
        (HOUSES, at(20, 0, 28, 10)),
        (FIELD, at(30, 0, 35, 10)),
    ]
    result = change(two_dates(tmp_path / "p.gpkg", earlier, later), tolerance_m=0.5)
    farmland, houses, factory, water = "01 耕地", "07 居住用地", "10 工矿用地", "17 陆地水域"
    assert cells(result) == {
        (farmland, factory): 50.0,
        (farmland, houses): 50.0,
        (water, water): 100.0,
        (houses, houses): 80.0,
        (houses, "后期数据范围外"): 20.0,
        ("前期数据范围外", farmland): 50.0,
    }
    assert rows(result, "matrix", "before", "total") == [
        (farmland, 100.0),
        (houses, 100.0),
        (water, 100.0),
        ("前期数据范围外", 50.0),
        ("总计", 350.0),
    ]
    assert_balances(result)
    assert fates(result) == {"分割": 1, "未变": 1, "变形": 1}
    assert fates(result, "later") == {"分割": 2, "未变": 1, "变形": 1, "新增": 1}
    assert rows(result, "construction", "kind", "before", "after", "area") == [
        ("新增建设用地", farmland, houses, 50.0),
        ("新增建设用地", farmland, factory, 50.0),
        ("新增建设用地", "合计", "", 100.0),
        ("建设用地退出", "合计", "", 0.0),
    ]
    assert rows(result, "parcels", "parcel", "fate", "after", "others") == [
        ("a0", "分割", "1001 工业用地、0701 城镇住宅用地", "b0、b1"),
        ("a2", "变形", "0701 城镇住宅用地", "b3"),
        ("b4", "新增", "0101 水田", ""),
    ]
    assert result.facts["difference_m2"] == 0.0


@pytest.mark.parametrize(
    ("earlier", "later", "told", "came_from"),
    [
        pytest.param([0, 10], [0, 10], {"未变": 1}, {"未变": 1}, id="same"),
        pytest.param([0, 10], [0, 4, 10], {"分割": 1}, {"分割": 2}, id="split"),
        pytest.param([0, 4, 10], [0, 10], {"合并": 2}, {"合并": 1}, id="merged"),
        pytest.param([0, 5, 10], [0, 10], {"合并": 2}, {"合并": 1}, id="merged halves"),
        pytest.param([0, 10, 20], [0, 12, 20], {"变形": 2}, {"变形": 2}, id="border moved"),
        pytest.param([0, 10, 20, 30], [0, 10, 30], {"未变": 1, "合并": 2}, {"未变": 1, "合并": 1}, id="two"),
        # the middle goes into its neighbours by halves, and each neighbour stays mostly what it was
        pytest.param([0, 20, 26, 46], [0, 23, 46], {"合并": 3}, {"合并": 2}, id="shared out"),
        pytest.param([0, 10], [20, 30], {"灭失": 1}, {"新增": 1}, id="elsewhere"),
    ],
)
def test_fates_of_strips(
    tmp_path: Path, earlier: list[int], later: list[int], told: dict[str, int], came_from: dict[str, int]
) -> None:
    def strips(borders: list[int]) -> list[tuple[str, Any]]:
        return [(FIELD, at(x, 0, y, 30)) for x, y in pairwise(borders)]

    result = change(two_dates(tmp_path / "p.gpkg", strips(earlier), strips(later)), tolerance_m=1.0)
    assert fates(result) == told
    assert fates(result, "later") == came_from
    assert_balances(result)


def test_a_class_alone_is_a_reclassification_at_the_level_asked(tmp_path: Path) -> None:
    # 100101 and 100102 are both 1001; 0101 and 0102 differ at the second level only
    earlier = [("100101", at(0, 0, 10, 10)), (FIELD, at(10, 0, 20, 10)), (POND, at(20, 0, 30, 10))]
    later = [("100102", at(0, 0, 10, 10)), ("0102", at(10, 0, 20, 10)), (FACTORY, at(20, 0, 30, 10))]
    expected = {"1": 1, "2": 2, "3": 3, "full": 3}
    for level, changed in expected.items():
        result = change(two_dates(tmp_path / f"{level}.gpkg", earlier, later), level=level)
        assert fates(result).get("变更地类", 0) == changed


def test_drawing_noise_makes_no_fate_and_no_new_construction_land(tmp_path: Path) -> None:
    # the border between field and factory is drawn 0.6 m farther east: 0.6 x 100 = 60 m2 go from field to
    # factory, thinner than 1 m (2 * 60 / 201.2 = 0.6). With a tolerance of 0.5 m the same is a change.
    earlier = [(FIELD, at(0, 0, 50, 100)), (FACTORY, at(50, 0, 100, 100))]
    later = [(FIELD, at(0, 0, 49.4, 100)), (FACTORY, at(49.4, 0, 100, 100))]
    result = change(two_dates(tmp_path / "p.gpkg", earlier, later), tolerance_m=1.0)
    assert fates(result) == {"未变": 2}
    assert cells(result)["01 耕地", "10 工矿用地"] == 60.0
    assert rows(result, "transitions", "changed", "noise", "total") == [(0.0, 60.0, 60.0)] * 2
    assert result.facts["new_construction_m2"] == 0.0
    assert not result.maps[0].classes
    result = change(two_dates(tmp_path / "q.gpkg", earlier, later), tolerance_m=0.5)
    assert fates(result) == {"变形": 2}
    assert result.facts["new_construction_m2"] == 60.0
    assert [c.title for c in result.maps[0].classes] == ["新增建设用地"]


def test_a_narrow_parcel_is_no_noise_of_itself(tmp_path: Path) -> None:
    ditch = [("1705", at(0, 0, 0.8, 100)), (FIELD, at(0.8, 0, 30, 100))]
    assert fates(change(two_dates(tmp_path / "p.gpkg", ditch, ditch), tolerance_m=2.0)) == {"未变": 2}


def test_every_row_names_parcels_of_both_dates(tmp_path: Path) -> None:
    earlier, later = [(FIELD, at(0, 0, 10, 10))], [(FACTORY, at(0, 0, 10, 10))]
    result = change(two_dates(tmp_path / "p.gpkg", earlier, later))
    uids = {record.role: record.layer_uid for record in result.run.inputs}
    for table in ("matrix", "transitions", "zones", "parcels"):
        if table in {t.key for t in result.tables}:
            for row in result.table(table).rows:
                assert len(row.sources[uids["earlier"]]) == len(row.sources[uids["later"]]) == 1


def test_by_zone_with_zones_over_each_other(tmp_path: Path) -> None:
    # the field of 10 x 10 m becomes a factory in its west half; zone 甲 holds x < 7, zone 乙 x > 3
    earlier = [(FIELD, at(0, 0, 10, 10))]
    later = [(FACTORY, at(0, 0, 5, 10)), (FIELD, at(5, 0, 10, 10))]
    zones = {
        "name": ["甲", "乙", "空"],
        "geometry": [at(-1, -1, 7, 11), at(3, -1, 9, 11), at(90, 90, 99, 99)],
    }
    result = change(two_dates(tmp_path / "p.gpkg", earlier, later, zones=zones))
    assert rows(result, "zones", "zone", "kept", "new_construction", "total") == [
        ("甲", 20.0, 50.0, 70.0),
        ("乙", 40.0, 20.0, 60.0),
        ("空", 0.0, 0.0, 0.0),
        ("范围外", 10.0, 0.0, 10.0),
        ("重复计入（扣减）", -20.0, -20.0, -40.0),
        ("总计", 50.0, 50.0, 100.0),
    ]


def test_parcels_over_each_other_stand_in_a_row_of_differences(tmp_path: Path) -> None:
    # two later factories share 20 m2: columns add up to their own 120 m2, of which 20 are counted twice
    earlier = [(FIELD, at(0, 0, 10, 10))]
    later = [(FACTORY, at(0, 0, 6, 10)), (FACTORY, at(4, 0, 10, 10))]
    result = change(two_dates(tmp_path / "p.gpkg", earlier, later))
    assert cells(result) == {
        ("01 耕地", "10 工矿用地"): 100.0,
        ("压盖与量算差", "10 工矿用地"): 20.0,
    }
    assert {"layered.overlap", "change.difference"} <= codes(result)
    assert_balances(result)
    # and two earlier fields over each other: 120 m2 of fields, 100 m2 of factory
    result = change(two_dates(tmp_path / "q.gpkg", later, earlier))
    assert cells(result)["压盖与量算差", "01 耕地"] == -20.0
    assert_balances(result)


def test_ellipsoidal_areas_balance_to_the_cent(tmp_path: Path) -> None:
    # large slanted parcels far from the central meridian, where pieces and wholes differ on the ellipsoid
    def far(*xy: tuple[float, float]) -> Polygon:
        return Polygon([(440_000 + x, 2_490_000 + y) for x, y in xy])

    earlier = [(FIELD, far((0, 0), (3000, 0), (3000, 2000))), (POND, far((0, 0), (3000, 2000), (0, 2000)))]
    later = [(FACTORY, far((0, 0), (1500, 0), (1500, 2000), (0, 2000)))]
    later.append((FIELD, far((1500, 0), (3000, 0), (3000, 2000), (1500, 2000))))
    result = change(two_dates(tmp_path / "p.gpkg", earlier, later), basis="ellipsoidal", zones="-")
    assert_balances(result)
    stock: dict[str, float] = {}
    with two_dates(tmp_path / "q.gpkg", earlier, later) as project:
        from zsgis.run import run_capability

        for layer in ("前期", "后期"):
            asked = {"land": layer, "basis": "ellipsoidal", "unit": "m2", "zones": "-"}
            stock[layer] = run_capability(project, "stock", asked).table("summary").rows[-1].values["total"]
    assert result.facts["earlier_m2"] == stock["前期"]
    assert result.facts["later_m2"] == stock["后期"]


def test_two_standards_are_compared_by_the_table_between_them(tmp_path: Path) -> None:
    # 三调 0601 is 1001, 0101 is 0101, 1104 is 1704: nothing changed but the last, a field that is a pond
    earlier = [("0601", at(0, 0, 10, 10)), ("0101", at(10, 0, 20, 10)), ("0101", at(20, 0, 30, 10))]
    later = [("100101", at(0, 0, 10, 10)), ("0101", at(10, 0, 20, 10)), ("1704", at(20, 0, 30, 10))]
    project = two_dates(tmp_path / "p.gpkg", earlier, later, standards=("sandiao", "yd2023"))
    result = change(project, level="2")
    assert fates(result) == {"未变": 2, "变更地类": 1}
    assert "change.two_standards" in codes(result)
    back = two_dates(tmp_path / "q.gpkg", later, earlier, standards=("yd2023", "sandiao"))
    assert fates(change(back, level="2")) == {"未变": 2, "变更地类": 1}
    with pytest.raises(InputError, match="对照表"):
        change(two_dates(tmp_path / "r.gpkg", earlier, later, standards=("gb50137", "sandiao")))


def test_odd_classes_and_shapes_are_named(tmp_path: Path) -> None:
    x, y = at(0, 0, 1, 1).bounds[:2]
    hourglass = Polygon([(x, y), (x + 10, y + 10), (x + 10, y), (x, y + 10)])
    earlier = [(None, hourglass), ("9999", at(10, 0, 20, 10)), (FIELD, None)]
    later = [(FIELD, hourglass), ("9999", at(10, 0, 20, 10)), (FIELD, at(20, 0, 30, 10))]
    result = change(two_dates(tmp_path / "p.gpkg", earlier, later))
    assert cells(result) == {
        ("未分类", "01 耕地"): 50.0,
        ("9999", "9999"): 100.0,
        ("前期数据范围外", "01 耕地"): 100.0,
    }
    assert {"class.none", "class.unknown_code", "overlay.repaired_ring"} <= codes(result)
    assert fates(result) == {"变更地类": 1, "未变": 1, "灭失": 1}
    assert_balances(result)


def test_layers_in_degrees_are_cut_in_the_projects_plane(tmp_path: Path) -> None:
    earlier, later = [(FIELD, at(0, 0, 10, 10))], [(FACTORY, at(0, 0, 10, 10))]
    result = change(two_dates(tmp_path / "p.gpkg", earlier, later, crs=4490))
    assert cells(result) == {("01 耕地", "10 工矿用地"): pytest.approx(100.0, abs=0.01)}


def test_which_layer_is_earlier(tmp_path: Path) -> None:
    earlier, later = [(FIELD, at(0, 0, 10, 10))], [(FACTORY, at(0, 0, 10, 10))]
    by_age = change(two_dates(tmp_path / "a.gpkg", earlier, later))
    assert ("01 耕地", "10 工矿用地") in cells(by_age)
    assert "change.dates_chosen" in codes(by_age)
    named = change(two_dates(tmp_path / "b.gpkg", earlier, later), earlier="后期")
    assert ("10 工矿用地", "01 耕地") in cells(named)
    assert "change.dates_chosen" not in codes(named)
    with pytest.raises(InputError, match="同一图层"):
        change(two_dates(tmp_path / "c.gpkg", earlier, later), earlier="后期", later="后期")
    project = two_dates(tmp_path / "d.gpkg", earlier, later)
    frame = geopandas.GeoDataFrame({"class_code": [FIELD]}, geometry=[at(0, 0, 1, 1)], crs=4547)
    third = NewLayer(name="第三期", kind="land_use", crs=pyproj.CRS(4547), standard="yd2023")
    project.add_layer(third, frame)
    with pytest.raises(InputError, match="哪两个"):
        change(project)


def test_layers_that_share_no_land(tmp_path: Path) -> None:
    result = change(two_dates(tmp_path / "p.gpkg", [(FIELD, at(0, 0, 9, 9))], [(FIELD, at(50, 0, 59, 9))]))
    assert "change.nothing_shared" in codes(result)
    assert_balances(result)


def test_land_use_of_one_date_is_compared_with_the_plan(tmp_path: Path) -> None:
    # a field of 100 m2 that the plan makes a factory, and houses that stay
    project = two_dates(tmp_path / "p.gpkg", [(FIELD, at(0, 0, 10, 10)), (HOUSES, at(10, 0, 20, 10))], [])
    project.remove_layer(project.layer("后期").uid)
    planned = geopandas.GeoDataFrame(
        {"class_code": [FACTORY, HOUSES]},
        geometry=[at(0, 0, 10, 10), at(10, 0, 20, 10)],
        crs=4547,
    )
    plan = NewLayer(name="规划", kind="territorial_plan", crs=pyproj.CRS(4547), standard="yd2023")
    project.add_layer(plan, planned)
    result = change(project)
    assert cells(result) == {("01 耕地", "10 工矿用地"): 100.0, ("07 居住用地", "07 居住用地"): 100.0}
    assert [f.text for f in result.findings if f.code == "change.dates_chosen"] == [
        "未指定图层，且工程只有一期现状，以现状“前期”与规划“规划”比较：变化即规划安排的变化。"
    ]
