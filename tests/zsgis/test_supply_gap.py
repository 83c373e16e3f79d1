"""Approved and unsupplied land: a case by hand, numbers against places, records against measured areas."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import geopandas
import pyproj
import pytest
import shapely

from layers.errors import InputError
from layers.store import NewLayer, Project
from tests.zsgis.stock_samples import at
from zsgis.result import Result
from zsgis.run import run_capability


def approved(**more: list[Any]) -> dict[str, list[Any]]:
    """Return three approvals of 10,000, 20,000 and 10,000 m2; the first two are one batch."""
    return {
        "name": ["一批次甲", "一批次乙", "二批次"],
        "approval_number": ["粤府1号", "粤府1号", "粤府2号"],
        "approved_on": [dt.date(2019, 5, 1), dt.date(2018, 3, 1), dt.date(2020, 1, 1)],
        "approved_area_ha": [1.0, 2.0, 1.2],
        "unsupplied_area_ha": [0.5, 1.0, None],
        "geometry": [at(0, 0, 100, 100), at(100, 0, 300, 100), at(0, 200, 100, 300)],
        **more,
    }


def supplied(**more: list[Any]) -> dict[str, list[Any]]:
    """Return two parcels: half of the first approval, and one that lies half in the third."""
    return {
        "name": ["项目A", "项目B"],
        "supervision_number": ["0001", "0002"],
        "contract_area_m2": [5000.0, 9000.0],
        "geometry": [at(0, 0, 50, 100), at(50, 200, 150, 300)],
        **more,
    }


def counted(tmp_path: Path, layers: dict[str, dict[str, list[Any]]], **given: Any) -> Result:
    names = {"approved": "批地红线", "supplied": "供地红线", "zones": "范围"}
    with Project.create(tmp_path / "p.gpkg", 4547) as project:
        for kind, columns in layers.items():
            frame = geopandas.GeoDataFrame(columns, geometry="geometry", crs=4547)
            project.add_layer(NewLayer(name=names[kind], kind=kind, crs=pyproj.CRS(4547)), frame)
        return run_capability(project, "supply_gap", {"unit": "m2", **given})


def rows(result: Result, table: str, key: str) -> dict[str, dict[str, Any]]:
    return {str(row.values.get(key)): dict(row.values) for row in result.table(table).rows}


def test_batches_years_and_parcels_by_hand(tmp_path: Path) -> None:
    result = counted(tmp_path, {"approved": approved(), "supplied": supplied()}, zones="-")
    batches = rows(result, "batches", "number")
    one, two = batches["粤府1号"], batches["粤府2号"]
    # batch 1: 10,000 + 20,000 m2, of which 50 x 100 supplied; its year is the earlier of 2018 and 2019
    assert (one["year"], one["approved"], one["supplied"], one["unsupplied"]) == (
        "2018",
        30_000.0,
        5000.0,
        25_000.0,
    )
    # 5,000 of 30,000 is 16.67 per cent; recorded are 1.5 ha, so 10,000 m2 more are unsupplied than recorded
    assert (one["rate"], one["recorded_unsupplied"], one["difference"]) == (16.67, 15_000.0, 10_000.0)
    # batch 2: parcel B lies on 50 x 100 m2 of it; what is unsupplied is not recorded, which is no zero
    assert (two["approved"], two["supplied"], two["unsupplied"]) == (10_000.0, 5000.0, 5000.0)
    assert (two["recorded_approved"], two["recorded_unsupplied"], two["difference"]) == (12_000.0, None, None)
    years = rows(result, "years", "year")
    assert [(key, row["unsupplied"]) for key, row in years.items()] == [
        ("2018", 25_000.0), ("2020", 5000.0), ("总计", 30_000.0),
    ]  # fmt: skip
    parcels = rows(result, "parcels", "name")
    assert (parcels["项目B"]["measured_m2"], parcels["项目B"]["inside_m2"]) == (10_000.0, 5000.0)
    assert parcels["项目B"]["difference_m2"] == 1000.0
    assert parcels["项目A"]["by_place"] == "一批次甲、一批次乙"
    assert parcels["项目A"]["agree"] == "仅位置可对"


def test_every_row_leads_to_its_approvals_and_parcels(tmp_path: Path) -> None:
    result = counted(tmp_path, {"approved": approved(), "supplied": supplied()}, zones="-")
    (one, two, total) = result.table("batches").rows
    assert sorted(len(uids) for uids in one.sources.values()) == [1, 2]
    assert sorted(len(uids) for uids in two.sources.values()) == [1, 1]
    assert sorted(len(uids) for uids in total.sources.values()) == [2, 3]


def test_a_number_that_belongs_elsewhere_is_told_and_land_counts_where_it_lies(tmp_path: Path) -> None:
    told = supplied(approval_number=["粤府2号", "粤府2号"])
    result = counted(tmp_path, {"approved": approved(), "supplied": told}, zones="-")
    parcels = rows(result, "parcels", "name")
    assert (parcels["项目A"]["agree"], parcels["项目B"]["agree"]) == ("否", "是")
    (odd,) = [f for f in result.findings if f.code == "supply.number_against_place"]
    assert "项目A" in odd.text
    assert rows(result, "batches", "number")["粤府1号"]["supplied"] == 5000.0


def test_the_supervision_number_joins_as_well(tmp_path: Path) -> None:
    layers = {"approved": approved(supervision_number=["0001", None, "0002"]), "supplied": supplied()}
    result = counted(tmp_path, layers, zones="-")
    assert [row.values["agree"] for row in result.table("parcels").rows] == ["是", "是"]
    assert result.facts["matched_by_number"] == 2


def test_what_lies_outside_approvals_and_what_records_miss_is_named(tmp_path: Path) -> None:
    result = counted(tmp_path, {"approved": approved(), "supplied": supplied()}, zones="-")
    told = {f.code: f.text for f in result.findings}
    assert "5,000.00 平方米不在任何批地红线内" in told["supply.outside_approved"]
    differing = [f.text for f in result.findings if f.code == "supply.record_differs"]
    # approved 1.2 ha against 1 ha, unsupplied 1.5 ha against 2.5 ha; approved 3 ha is as recorded
    assert len(differing) == 2


def test_how_much_a_record_may_differ_is_chosen(tmp_path: Path) -> None:
    layers = {"approved": approved(), "supplied": supplied()}
    quiet = counted(tmp_path, layers, zones="-", record_m2=10_000.0)
    assert [f for f in quiet.findings if f.code == "supply.record_differs"] == []


def test_zones_cut_approvals_and_the_rest_stands_in_its_own_row(tmp_path: Path) -> None:
    zones = {"name": ["东"], "geometry": [at(25, -50, 200, 150)]}
    result = counted(tmp_path, {"approved": approved(), "supplied": supplied(), "zones": zones})
    found = rows(result, "zones", "zone")
    # 75 x 100 of the first approval, half of the zone's 25 x 100 supplied; 100 x 100 of the second
    assert (found["东"]["approved"], found["东"]["supplied"]) == (17_500.0, 2500.0)
    assert (found["范围外"]["approved"], found["范围外"]["supplied"]) == (22_500.0, 7500.0)
    assert found["总计"]["approved"] == 40_000.0


def test_supplied_parcels_over_each_other_count_once(tmp_path: Path) -> None:
    twice = supplied(geometry=[at(0, 0, 60, 100), at(40, 0, 100, 100)])
    result = counted(tmp_path, {"approved": approved(), "supplied": twice}, zones="-")
    assert rows(result, "batches", "number")["粤府1号"]["supplied"] == 10_000.0
    assert "layered.overlap" in {f.code for f in result.findings}


def test_approvals_without_number_or_date_stand_alone_and_are_named(tmp_path: Path) -> None:
    bare = approved(approval_number=[None, None, "粤府2号"], approved_on=[None, None, dt.date(2020, 1, 1)])
    result = counted(tmp_path, {"approved": bare, "supplied": supplied()}, zones="-")
    assert [row.values["year"] for row in result.table("batches").rows] == [
        "2020",
        "无年份",
        "无年份",
        "总计",
    ]
    assert {"supply.no_date", "supply.no_number"} <= {f.code for f in result.findings}


def test_a_project_without_supplied_land_says_what_to_import(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有供地红线图层") as refused:
        counted(tmp_path, {"approved": approved()}, zones="-")
    assert "--as supplied" in refused.value.remedy


def test_chart_and_map_show_the_same_areas_as_the_tables(tmp_path: Path) -> None:
    result = counted(tmp_path, {"approved": approved(), "supplied": supplied()}, zones="-")
    (chart,), (shown,) = result.charts, result.maps
    assert [series.values for series in chart.series] == [(5000.0, 5000.0), (25_000.0, 5000.0)]  # type: ignore[union-attr]
    by_state: dict[str, float] = {}
    for state, shape in zip(shown.columns["state"], shown.geometry, strict=True):
        by_state[state] = by_state.get(state, 0.0) + shapely.area(shape)
    assert by_state == {"supplied": 10_000.0, "unsupplied": 30_000.0}
