"""Which parcels can be assembled: worked by hand, and what goes wrong elsewhere."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from contiguity_samples import (
    DITCH,
    FACTORY,
    FIELD,
    HOUSES,
    ROAD,
    areas,
    at,
    contiguity,
    groups,
    project_of,
)
from shapely import Polygon

from layers.errors import InputError
from layers.store import Project
from layers.store import content as contents
from zsgis.result import Result, RowRole


def codes(result: Result) -> set[str]:
    return {finding.code for finding in result.findings}


def rows(result: Result, table: str, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values.get(key) for key in keys) for row in result.table(table).rows]


def test_three_parcels_by_hand(tmp_path: Path) -> None:
    # Squares of 10 m: the second 1 m from the first, the third 1.005 m from the second. With a gap of 1 m the
    # first two are a group of 200 m2, the third is alone with 100 m2. The circle around the group of 21 m by
    # 10 m has the diameter sqrt(21² + 10²) = 23.26 m and 424.9 m2: compactness 200 / 424.9 = 0.47. A square
    # has 100 / (pi * 50) = 0.64.
    shapes = [at(0, 0, 10, 10), at(11, 0, 21, 10), at(22.005, 0, 32.005, 10)]
    result = contiguity(project_of(tmp_path / "p.gpkg", [FACTORY] * 3, shapes), gap_m=1, zones="-")
    assert rows(result, "groups", "group", "area_m2", "count", "pieces", "compactness") == [
        ("连片1", 200.0, 2, 1, 0.47),
        ("连片2", 100.0, 1, 1, 0.64),
        ("总计", 300.0, 3, 2, None),
    ]
    assert codes(result) >= {"contiguity.at_the_limit"}
    assert result.facts["pairs_at_the_limit"] == 2


def test_the_distance_is_true_where_buffers_fall_short(tmp_path: Path) -> None:
    # Corner to corner over (0.6, 0.8) m: exactly 1 m. Shapes grown by half the gap with polygons for arcs
    # would end short of each other.
    shapes = [at(0, 0, 10, 10), at(10.6, 10.8, 20, 20)]
    project = project_of(tmp_path / "p.gpkg", [FACTORY] * 2, shapes)
    assert len(groups(contiguity(project, gap_m=1.000001))) == 1
    project = project_of(tmp_path / "q.gpkg", [FACTORY] * 2, shapes)
    assert len(groups(contiguity(project, gap_m=0.999999))) == 2


def test_touching_at_a_corner_belongs_together(tmp_path: Path) -> None:
    project = project_of(tmp_path / "p.gpkg", [FACTORY] * 2, [at(0, 0, 10, 10), at(10, 10, 20, 20)])
    assert areas(contiguity(project, gap_m=0)) == [200.0]


@pytest.mark.parametrize(("width", "expected"), [(5.99, [1000.0, 1000.0]), (6.0, [2000.0])])
def test_a_road_of_6_m_is_bridged_from_6_m_on(tmp_path: Path, width: float, expected: list[float]) -> None:
    shapes = [at(0, 0, 100, 10), at(0, 10, 100, 16), at(0, 16, 100, 26)]
    project = project_of(tmp_path / "p.gpkg", [FACTORY, ROAD, FACTORY], shapes)
    result = contiguity(project, bridge_m=width)
    assert areas(result) == expected
    assert rows(result, "groups", "pieces")[-1] == (2,)


def test_only_stated_classes_are_bridged(tmp_path: Path) -> None:
    shapes = [at(0, 0, 100, 10), at(0, 10, 100, 16), at(0, 16, 100, 26)]

    def found(between: str, name: str, **parameters: Any) -> int:
        project = project_of(tmp_path / name, [FACTORY, between, FACTORY], shapes)
        return len(areas(contiguity(project, **{"bridge_m": 8, **parameters})))

    assert found(DITCH, "a.gpkg") == 1
    assert found(FIELD, "b.gpkg") == 2
    assert found(DITCH, "c.gpkg", road_classes="1207") == 2
    assert found(FIELD, "d.gpkg", road_classes="01") == 1
    assert found(ROAD, "e.gpkg", roads="-") == 2
    assert found(ROAD, "f.gpkg", bridge_m=0) == 2


def test_ground_that_no_feature_covers_is_no_road(tmp_path: Path) -> None:
    project = project_of(
        tmp_path / "p.gpkg",
        [FACTORY, ROAD, FACTORY],
        [at(0, 0, 100, 10), at(0, 40, 100, 46), at(0, 16, 100, 26)],
    )
    assert len(areas(contiguity(project, bridge_m=8))) == 2


def test_a_bridge_leads_across_a_road_and_not_around_a_parcel(tmp_path: Path) -> None:
    # Two factories on the same side of a road of 8 m, a field of 4 m between them: from one to the other are
    # 4 m, and the road runs past both. Every circle between them holds the field.
    shapes = [at(0, 8, 50, 30), at(50, 8, 54, 30), at(54, 8, 100, 30), at(0, 0, 100, 8)]
    project = project_of(tmp_path / "p.gpkg", [FACTORY, FIELD, FACTORY, ROAD], shapes)
    assert areas(contiguity(project, bridge_m=10)) == [50 * 22.0, 46 * 22.0]


def test_a_bridge_is_found_beside_what_stands_in_the_road(tmp_path: Path) -> None:
    # The road is 8 m wide; 80 of its 100 m are taken by a field, and there the shortest way is no bridge.
    shapes = [at(0, 8, 100, 30), at(0, -30, 100, 0), at(0, 0, 80, 8), at(80, 0, 100, 8)]
    project = project_of(tmp_path / "p.gpkg", [FACTORY, FACTORY, FIELD, ROAD], shapes)
    assert areas(contiguity(project, bridge_m=8)) == [5200.0]


def test_a_road_of_two_carriageways_is_as_wide_as_both(tmp_path: Path) -> None:
    shapes = [at(0, 0, 100, 10), at(0, 10, 100, 16), at(0, 16, 100, 22), at(0, 22, 100, 30)]
    kinds = [FACTORY, ROAD, ROAD, FACTORY]
    assert len(areas(contiguity(project_of(tmp_path / "p.gpkg", kinds, shapes), bridge_m=11))) == 2
    assert len(areas(contiguity(project_of(tmp_path / "q.gpkg", kinds, shapes), bridge_m=12))) == 1


def test_the_missing_parcel_and_its_gain_by_hand(tmp_path: Path) -> None:
    # Factories of 1000 and 600 m2 with a house of 200 m2 between them: it would join them to 1800 m2 and gain
    # the larger 800. The field beside the larger joins nothing. A second house reaches the smaller over a
    # road of 6 m and the larger by touching: 1000 + 600 + 300 = 1900, gain 900, the best.
    shapes = [
        at(0, 0, 50, 20),
        at(60, 0, 90, 20),
        at(50, 0, 60, 20),
        at(-10, 0, 0, 20),
        at(60, 20, 90, 26),
        at(50, 26, 90, 32),
        at(40, 20, 50, 32),
        at(50, 20, 60, 26),
    ]
    kinds = [FACTORY, FACTORY, HOUSES, FIELD, ROAD, HOUSES, FACTORY, FIELD]
    project = project_of(tmp_path / "p.gpkg", kinds, shapes, name=[*"ABCDEFGH"])
    result = contiguity(project, bridge_m=6, gap_m=0.1)
    # G (120 m2) touches A: 1120 m2. C joins A+G and B: 1120 + 600 + 200 = 1920, gain 800.
    # F touches G (x = 50) and B across the road E: 1120 + 600 + 240 = 1960, gain 840. H touches A, C, F, G
    # and B at the corner (60, 20): 1120 + 600 + 60 = 1780, gain 660.
    assert areas(result) == [1120.0, 600.0]
    assert rows(result, "missing", "parcel", "own_m2", "joins", "joined_m2", "gain_m2") == [
        ("F", 240.0, "连片1、连片2", 1960.0, 840.0),
        ("C", 200.0, "连片1、连片2", 1920.0, 800.0),
        ("H", 60.0, "连片1、连片2", 1780.0, 660.0),
    ]
    best = result.table("missing").rows[0]
    assert len(next(iter(best.sources.values()))) == 4
    marked = [c for c in result.maps[0].classes if c.value == "missing"]
    assert len(marked) == 1
    assert sum(value == "missing" for value in result.maps[0].columns[result.maps[0].color_by]) == 3


def test_the_missing_parcel_can_be_limited(tmp_path: Path) -> None:
    shapes = [at(0, 0, 50, 20), at(50, 0, 60, 20), at(60, 0, 90, 20)]
    made = iter("abcd")

    def found(**parameters: Any) -> int:
        project = project_of(tmp_path / f"{next(made)}.gpkg", [FACTORY, HOUSES, FACTORY], shapes)
        return len(contiguity(project, **parameters).table("missing").rows)

    assert found() == 1
    assert found(missing_listed=0) == 0
    assert found(missing_mu=0.29) == 0  # 200 m2 are 0.3 mu
    assert found(least_mu=2.71) == 0  # joined: 1800 m2 or 2.7 mu


def test_roads_and_water_are_no_missing_parcels(tmp_path: Path) -> None:
    for number, between in enumerate((ROAD, "1701")):
        shapes = [at(0, 0, 50, 20), at(50, 0, 80, 20), at(80, 0, 130, 20)]
        project = project_of(tmp_path / f"{number}.gpkg", [FACTORY, between, FACTORY], shapes)
        assert contiguity(project, bridge_m=6).table("missing").rows == ()


def test_classes_ownership_and_condition(tmp_path: Path) -> None:
    shapes = [at(10 * i, 0, 10 * i + 10, 10) for i in range(4)]
    made = iter("abcdefgh")

    def found(**parameters: Any) -> list[float]:
        project = project_of(
            tmp_path / f"{next(made)}.gpkg",
            ["100101", "1001", HOUSES, None],
            shapes,
            ownership_code=["20", "30", "20", None],
            remark=["空置", "在用", "空置", "空置"],
        )
        return areas(contiguity(project, **parameters))

    assert found() == [200.0]
    assert found(classes="*") == [400.0]
    assert found(classes="1001, 0701") == [300.0]
    assert found(classes="100101") == [100.0]
    assert found(classes="*", ownership="state") == [100.0, 100.0]
    assert found(ownership="collective") == [100.0]
    assert found(classes="*", condition="备注 = '空置'") == [200.0, 100.0]
    with pytest.raises(InputError, match="集体"):
        found(classes="0701", ownership="collective")


def test_small_and_loose_groups_are_counted_and_not_listed(tmp_path: Path) -> None:
    # a square of 40 m (1600 m2, 2.4 mu, 0.64), a strip of 200 x 10 m (2000 m2, 3 mu, 2000 / (pi 100.1²) =
    # 0.06) and a square of 10 m (0.15 mu)
    shapes = [at(0, 0, 40, 40), at(0, 50, 200, 60), at(0, 100, 10, 110)]
    project = project_of(tmp_path / "p.gpkg", [FACTORY] * 3, shapes)
    result = contiguity(project, least_mu=1, compactness=0.3)
    assert rows(result, "groups", "group", "area_m2", "count") == [
        ("连片2", 1600.0, 1),
        ("不够紧凑（1）", 2000.0, 1),
        ("规模不足（1）", 100.0, 1),
        ("总计", 3700.0, 3),
    ]
    assert [row.role for row in result.table("groups").rows[1:3]] == [RowRole.SUBTOTAL] * 2
    assert len(result.maps[0].geometry) == 1


def test_groups_by_zone_and_size(tmp_path: Path) -> None:
    # A group of 100 x 80 m = 8000 m2 = 12 mu, cut by a border at x = 30: 2400 and 5600 m2; one of 1000 m2
    # (1.5 mu) in zone 乙 is too small to be listed; zone 丙 is empty.
    shapes = [at(0, 0, 50, 80), at(50, 0, 100, 80), at(200, 0, 300, 10)]
    zones = {
        "name": ["甲", "乙", "丙"],
        "geometry": [at(-5, -5, 30, 90), at(30, -5, 250, 90), at(500, 0, 600, 9)],
    }
    project = project_of(tmp_path / "p.gpkg", [FACTORY] * 3, shapes, zones=zones)
    result = contiguity(project, least_mu=10)
    keys = ("zone", "groups", "largest", "size_2", "size_7", "total")
    assert result.table("zones").columns[3].title == "10-30亩"
    assert [tuple(r.values.get(k) for k in keys if k != "size_7") for r in result.table("zones").rows] == [
        ("甲", 1, "连片1", 2400.0, 2400.0),
        ("乙", 1, "连片1", 5600.0, 6100.0),
        ("丙", 0, "", 0.0, 0.0),
        ("范围外", 0, "", 0.0, 500.0),
        ("总计", 1, "连片1", 8000.0, 9000.0),
    ]
    assert rows(result, "groups", "zone")[0] == ("乙",)
    assert rows(result, "sizes", "size", "groups", "area_m2")[:3] == [
        ("5亩以下", 1, 1000.0),
        ("5-10亩", 0, 0.0),
        ("10-30亩", 1, 8000.0),
    ]
    assert result.charts[0].series[0].values == (1000.0, 0.0, 8000.0, 0.0, 0.0, 0.0, 0.0)


def test_zones_over_each_other_count_land_in_both_and_deduct_it_once(tmp_path: Path) -> None:
    zones = {"name": ["甲", "乙"], "geometry": [at(-1, -1, 6, 11), at(4, -1, 11, 11)]}
    project = project_of(tmp_path / "p.gpkg", [FACTORY], [at(0, 0, 10, 10)], zones=zones)
    result = contiguity(project)
    assert rows(result, "zones", "zone", "total") == [
        ("甲", 60.0),
        ("乙", 60.0),
        ("重复计入（扣减）", -20.0),
        ("总计", 100.0),
    ]


def test_layers_in_degrees_are_grouped_in_the_projects_plane(tmp_path: Path) -> None:
    shapes = [at(0, 0, 10, 10), at(10.9, 0, 20, 10), at(22, 0, 30, 10)]
    project = project_of(tmp_path / "p.gpkg", [FACTORY] * 3, shapes, crs=4490)
    assert [round(area) for area in areas(contiguity(project, gap_m=1))] == [191, 80]


def test_broken_and_missing_shapes_are_named(tmp_path: Path) -> None:
    hourglass = Polygon(at(0, 0, 10, 10).exterior.coords)
    x, y = hourglass.bounds[:2]
    hourglass = Polygon([(x, y), (x + 10, y + 10), (x + 10, y), (x, y + 10)])
    shapes = [hourglass, at(10, 0, 20, 10), None]
    result = contiguity(project_of(tmp_path / "p.gpkg", [FACTORY] * 3, shapes))
    assert areas(result) == [150.0]
    assert rows(result, "groups", "group", "area_m2")[1:] == [("规模不足（1）", 0.0), ("总计", 150.0)]
    assert {"overlay.repaired_ring", "overlay.no_shape"} <= codes(result)


def test_what_cannot_be_asked_is_refused_by_name(tmp_path: Path) -> None:
    def project(name: str, **columns: Any) -> Any:
        return project_of(tmp_path / name, [FIELD], [at(0, 0, 10, 10)], **columns)

    with pytest.raises(InputError, match="1001") as none:
        contiguity(project("a.gpkg"))
    assert "图斑" in none.value.what
    with pytest.raises(InputError, match="图斑"):
        contiguity(project("b.gpkg"), classes="*", ownership="state")
    with pytest.raises(InputError):
        contiguity(project("c.gpkg"), classes="*", condition="没有的字段 = 1")
    with pytest.raises(InputError, match="nothing"):
        contiguity(project("d.gpkg"), classes="*", rule="nothing")
    broken = tmp_path / "rule.toml"
    broken.write_text("key = 1", encoding="utf-8")
    with pytest.raises(InputError) as wrong:
        contiguity(project("e.gpkg"), classes="*", rule=str(broken))
    assert str(wrong.value.where).endswith("rule.toml")


def test_without_a_road_in_sight_that_is_said(tmp_path: Path) -> None:
    result = contiguity(project_of(tmp_path / "p.gpkg", [FACTORY], [at(0, 0, 10, 10)]))
    assert "contiguity.no_roads" in codes(result)


def test_the_fingerprint_is_computed_once_and_beside_the_grouping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = project_of(tmp_path / "p.gpkg", [FACTORY] * 2, [at(0, 0, 10, 10), at(11, 0, 21, 10)])
    threads = []
    compute = contents.content_hash

    def noted(*given: Any) -> str:
        threads.append(threading.current_thread())
        return compute(*given)

    monkeypatch.setattr(contents, "content_hash", noted)
    (record,) = contiguity(project, gap_m=1, zones="-").run.inputs
    assert [thread is threading.main_thread() for thread in threads] == [False]
    with Project.open(tmp_path / "p.gpkg", read_only=True) as again:
        assert record.sha256 == again.content_hash(record.layer_uid)
