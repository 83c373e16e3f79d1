"""Areas forced down from city to zone to parcel; the three great classes and ownership beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from layers.errors import InputError, UsageError
from layers.ownership import Ownership, ownership_of
from tests.zsgis.stock_samples import at, project_with, three_parcels
from zsgis.result import Result
from zsgis.run import run_capability


def whole_zones() -> dict[str, list[Any]]:
    """Return zone 甲 up to x = 14 and 乙 from there: 140 and 160 m2, all of it the parcels' land."""
    return {"name": ["甲", "乙"], "geometry": [at(0, 0, 14, 10), at(14, 0, 30, 10)]}


def counted(tmp_path: Path, areas: dict[str, list[Any]] | None = None, **given: Any) -> Result:
    land = three_parcels() | {"ownership_code": ["30", "20", None]}
    with project_with(tmp_path / "p.gpkg", land, areas or whole_zones()) as project:
        return run_capability(project, "stock", {"basis": "planar", "unit": "m2", **given})


def areas(result: Result) -> dict[tuple[str, str], float]:
    return {
        (row.values["zone"], row.values["class_code"]): row.values["area_m2"]
        for row in result.table("stock").rows
    }


def test_the_citys_area_comes_down_to_zones_and_parcels_and_every_level_adds_up(tmp_path: Path) -> None:
    result = counted(tmp_path, control="city", city_m2=300.15)
    # 甲 140 * 300.15 / 300 = 140.07, 乙 160.08; in 甲 the field 100 * 140.07 / 140 = 100.05 and 4 m of the
    # factory 40.02; in 乙 the other 6 m of it 60.03 and the laboratory 100.05
    found = areas(result)
    assert [found["甲", code] for code in ("01", "10", "")] == [100.05, 40.02, 140.07]
    assert [found["乙", code] for code in ("10", "08", "")] == [60.03, 100.05, 160.08]
    assert found["总计", ""] == 300.15
    forced = {(a.table, a.item): (a.before, a.after) for a in result.adjustments}
    assert forced["control", "全市"] == (300.0, 300.15)
    assert forced["control", "甲"] == (140.0, 140.07)
    assert forced["control", "乙"] == (160.0, 160.08)
    assert forced["parcels", "1"] == (100.0, 100.05)
    assert forced["parcels", "2"] == (100.0, 100.05)


def test_without_an_area_of_the_city_the_zones_own_areas_control(tmp_path: Path) -> None:
    # a gap of 0.1 m2 at the edge: 甲 has 139.9 m2 of land and 140 m2 of its own
    zones = whole_zones()
    zones["geometry"][0] = at(-0.01, 0, 14, 10)
    result = counted(tmp_path, zones, control="zones")
    found = areas(result)
    assert found["甲", ""] == 140.1
    # 100 * 140.1 / 140 = 100.07, 40 * 140.1 / 140 = 40.03
    assert [found["甲", code] for code in ("01", "10")] == [100.07, 40.03]
    assert found["乙", ""] == 160.0


def test_more_than_rounding_is_not_forced_and_the_zone_is_named(tmp_path: Path) -> None:
    zones = whole_zones()
    zones["geometry"][1] = at(14, 0, 33, 10)
    with pytest.raises(InputError, match=r"乙：图斑合计 160.00 平方米，控制面积 190.00 平方米"):
        counted(tmp_path, zones, control="zones")


def test_an_area_of_the_city_that_is_far_off_is_refused_with_both_figures(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"各范围合计 300.00 平方米，给出的控制面积为 330.00 平方米"):
        counted(tmp_path, control="city", city_m2=330.0)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"control": "city"}, "没有给出全市控制面积"),
        ({"control": "zones", "zones": "-"}, "逐级控制面积需要有范围图层"),
    ],
)
def test_what_is_missing_for_control_areas_is_told(tmp_path: Path, given: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        counted(tmp_path, **given)


def test_zones_over_each_other_cannot_control(tmp_path: Path) -> None:
    zones = {"name": ["甲", "乙"], "geometry": [at(0, 0, 16, 10), at(14, 0, 30, 10)]}
    with pytest.raises(InputError, match="“甲”与“乙”"):
        counted(tmp_path, zones, control="zones")


def test_great_classes_stand_by_ownership_and_add_up_with_the_other_tables(tmp_path: Path) -> None:
    result = counted(tmp_path)
    table = result.table("great_classes")
    heads = [(column.group, column.title) for column in table.columns]
    # the field is a collective's, the factory the nation's, of the laboratory nothing is said
    assert heads == [
        ("", "范围名称"),
        ("农用地", "集体"), ("农用地", "面积"), ("农用地", "占比"),
        ("建设用地", "国有"), ("建设用地", "权属不明"), ("建设用地", "面积"), ("建设用地", "占比"),
        ("", "总计"),
    ]  # fmt: skip
    rows = {
        row.values["zone"]: [row.values[column.key] for column in table.columns[1:]] for row in table.rows
    }
    # 100 of 140 and 40 of 140: 71.43 and 28.57 per cent
    assert rows["甲"] == [100.0, 100.0, 71.43, 40.0, 0.0, 40.0, 28.57, 140.0]
    assert rows["乙"] == [0.0, 0.0, 0.0, 60.0, 100.0, 160.0, 100.0, 160.0]
    assert rows["总计"] == [100.0, 100.0, 33.33, 100.0, 100.0, 200.0, 66.67, 300.0]
    assert any("三大类按" in note and "待核实" in note for note in table.notes)


def test_a_layer_that_does_not_tell_ownership_has_great_classes_alone(tmp_path: Path) -> None:
    with project_with(tmp_path / "p.gpkg", three_parcels(), whole_zones()) as project:
        table = run_capability(project, "stock", {"basis": "planar"}).table("great_classes")
    assert [column.title for column in table.columns] == ["范围名称", "面积", "占比", "面积", "占比", "总计"]


@pytest.mark.parametrize(
    ("value", "whose"),
    [
        ("国有", Ownership.NATIONAL), ("20", Ownership.NATIONAL), ("国有土地使用权", Ownership.NATIONAL),
        ("集体", Ownership.COLLECTIVE), ("31", Ownership.COLLECTIVE),
        ("未明确", Ownership.UNCLEAR), ("50", Ownership.UNCLEAR), ("200", Ownership.UNCLEAR),
        (None, Ownership.UNCLEAR),
    ],
)  # fmt: skip
def test_ownership_is_read_from_codes_and_words(value: object, whose: Ownership) -> None:
    assert ownership_of(value) is whose
