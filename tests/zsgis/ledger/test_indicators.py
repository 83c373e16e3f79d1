"""Indicators: values derived by hand, what is lacking, lights, and what may be printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest

from layers.crs import parse_crs
from layers.errors import InputError, UsageError
from layers.store import NewLayer, Project
from tests.zsgis.ledger.ledger_samples import narrow_the_factory, sample_project, uid_of
from zsgis.ledger.documents import entry_document
from zsgis.ledger.entries import EntryState, Ledger, LedgerEntry, ledger_of, state_of, value_words
from zsgis.ledger.indicators import (
    LedgerIndicator,
    all_indicators,
    drop_indicator,
    own_indicators,
    take_indicators,
)
from zsgis.ledger.lights import Light, judged, read_lights
from zsgis.ledger.typed_values import enter_value, typed_values
from zsgis.plan import Plan, load_plan
from zsgis.plan.reading import validated
from zsgis.run import run_capability

WANTED = "carrier_land_wanted"
APPROVED = "carrier_land_approved"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with sample_project(tmp_path / "work.gpkg") as made:
        yield made


def entry(ledger: Ledger, key: str, line: tuple[str, str] = ("", "")) -> LedgerEntry:
    found = ledger.entry(key, line)
    assert found is not None
    return found


def indicator(**changes: Any) -> LedgerIndicator:
    given = {"key": "k", "name": "指标", "clause": "research_land", "unit": "家", "formula": {"typed": ""}}
    return validated(LedgerIndicator, given | changes, where="test")


def add_register(project: Project) -> None:
    """Add three carriers' projects and a bridge that is none of them."""
    crs = parse_crs("4547")
    rows = {
        "name": ["甲院", "乙园", "丙中心", "桥"],
        "category": ["重大科技创新载体", "科技园区", "重大科技创新平台", "其他"],
        "platform": ["中山科学城", "中山科学城", None, "中山科学城"],
        "land_wanted_m2": [20_000.0, 30_000.0, None, 90_000.0],
        "approved_area_m2": [12_500.0, 5_000.0, None, 90_000.0],
        "approved_on": ["2023-05-01", "2024-06-30", None, "2023-01-01"],
    }
    frame = geopandas.GeoDataFrame(rows, geometry=np.full(4, None, dtype=object), crs=crs)
    project.add_layer(NewLayer("需求", "project_demand", crs), frame)


def test_every_shipped_indicator_is_there_and_nothing_is_zero_without_data(
    project: Project, plan: Plan
) -> None:
    ledger = ledger_of(project, plan)
    assert sum(one.origin == "plan" for one in all_indicators(project, plan)) == 12
    assert ledger.entries
    assert {state_of(one) for one in ledger.entries} == {EntryState.MISSING}
    assert {one.value for one in ledger.entries} == {None}
    assert all(one.missing for one in ledger.entries)
    assert {value_words(one) for one in ledger.entries} == {"缺资料"}
    assert "开发强度" in entry(ledger, "industrial_share").missing[0]


def test_clauses_of_shipped_indicators_lead_to_the_plan(project: Project, plan: Plan) -> None:
    ledger = ledger_of(project, plan)
    wanted = entry(ledger, WANTED)
    assert (wanted.clause_place, wanted.clause_text) == ("八(四)", plan.clause("research_land").summary)
    assert entry(ledger, "rd_growth").clause_place == "专栏 1-1"


def test_a_figure_of_a_run_comes_with_its_parcels_and_its_run(project: Project, plan: Plan) -> None:
    run_capability(project, "intensity")
    ledger = ledger_of(project, plan)
    share = entry(ledger, "industrial_share")
    # construction land: the factory and the laboratory, 100 m2 each: half of it is industrial
    assert share.value == pytest.approx(50, abs=0.01)
    assert state_of(share) is EntryState.CURRENT
    (run,) = share.runs
    assert run.run.uid == project.runs()[0]["uid"]
    layer, factory = uid_of(project, "land_use", "2")
    assert factory in share.sources[layer]
    # 乙: 60 m2 of the factory and 50 m2 of the laboratory; 60 / 110 = 54.55 %
    part = entry(ledger, "industrial_share", ("zone", "乙"))
    assert part.value == pytest.approx(54.55, abs=0.01)
    assert part.judged.light is Light.NONE


def test_a_changed_parcel_makes_its_figures_stale_and_names_it(project: Project, plan: Plan) -> None:
    run_capability(project, "intensity")
    narrow_the_factory(project)
    share = entry(ledger_of(project, plan), "industrial_share")
    assert state_of(share) is EntryState.STALE
    assert value_words(share).endswith("（已过时）")
    assert any("其后修改 2" in reason for reason in share.reasons)
    document = entry_document(share)
    assert (document["value"], document["state"]) == (None, "stale")
    assert document["stale_value"] == pytest.approx(50, abs=0.01)
    run_capability(project, "intensity")
    # 50 m2 of factory, 100 m2 of laboratory: 50 / 150
    again = entry(ledger_of(project, plan), "industrial_share")
    assert again.value == pytest.approx(33.33, abs=0.01)
    assert state_of(again) is EntryState.CURRENT


def test_land_of_carriers_by_stage_and_platform(project: Project, plan: Plan) -> None:
    add_register(project)
    ledger = ledger_of(project, plan)
    wanted = entry(ledger, WANTED)
    # 20,000 m2 + 30,000 m2 = 5 ha; the third carrier's is not entered, the bridge is no carrier
    assert wanted.value == 5.0
    assert "另有 1 项" in wanted.notes[0]
    assert entry(ledger, APPROVED).value == 1.75
    assert entry(ledger, WANTED, ("platform", "中山科学城")).value == 5.0
    lost = [one for one in ledger.entries if one.indicator.key == WANTED and one.line[0] == "platform"]
    assert [state_of(one) for one in lost] == [EntryState.CURRENT, EntryState.MISSING]
    assert len(wanted.sources[project.layers_of("project_demand")[0].uid]) == 3
    # nothing is supplied: a true zero, 0 ha of 5 ha
    assert entry(ledger, "carrier_land_supplied").value == 0.0
    assert entry(ledger, "carrier_land_supplied_share").value == 0.0


def test_on_a_past_day_only_what_carries_a_day_can_be_told(project: Project, plan: Plan) -> None:
    add_register(project)
    ledger = ledger_of(project, plan, dt.date(2023, 12, 31))
    assert entry(ledger, APPROVED).value == 1.25
    assert state_of(entry(ledger, WANTED)) is EntryState.MISSING
    assert "2023-12-31" in entry(ledger, WANTED).missing[0]


def test_runs_after_the_day_are_not_used(project: Project, plan: Plan) -> None:
    run_capability(project, "intensity")
    assert entry(ledger_of(project, plan, dt.date(2020, 1, 1)), "industrial_share").value is None


def test_quotas_need_both_what_was_used_and_what_went_to_sci_tech(project: Project, plan: Plan) -> None:
    crs = parse_crs("4547")
    rows = {"quota": ["重大项目用地指标"] * 2, "year": [2023, 2024], "used_ha": [6.0, 4.0]}
    frame = geopandas.GeoDataFrame(rows, geometry=np.full(2, None, dtype=object), crs=crs)
    project.add_layer(NewLayer("指标", "quotas", crs), frame)
    lacking = entry(ledger_of(project, plan), "major_quota_scitech_share")
    assert lacking.value is None
    assert "major_quota_scitech_ha" in lacking.missing[0]
    series = {key for one in all_indicators(project, plan) for key in one.series}
    enter_value(
        project, "major_quota_scitech_ha", dt.date(2024, 12, 31), 2.5, "科室报送", known=tuple(series)
    )
    # 2.5 ha of 10 ha
    assert entry(ledger_of(project, plan), "major_quota_scitech_share").value == 25.0
    assert entry(ledger_of(project, plan), "forest_quota_scitech_share").value is None


def test_conflicts_resolved_need_two_runs(project: Project, plan: Plan) -> None:
    def run(uid: str, conflicts: int) -> None:
        figures = {"parcels_in_conflict": conflicts}
        project.record_run(
            {
                "uid": uid,
                "capability": "three_plans",
                "started": "2026-11-20T00:00:00+00:00",
                "figures": figures,
            }
        )

    run("a", 12)
    lacking = entry(ledger_of(project, plan), "plan_conflicts_resolved")
    assert lacking.value is None
    assert "一次" in lacking.missing[0]
    run("b", 7)
    resolved = entry(ledger_of(project, plan), "plan_conflicts_resolved")
    assert resolved.value == 5
    assert len(resolved.runs) == 2


def test_typed_values_are_of_their_day_and_replace_each_other(project: Project, plan: Plan) -> None:
    known = ("high_tech_firms",)
    for year, value in ((2022, 2800.0), (2023, 2900.0), (2023, 3000.0)):
        enter_value(project, "high_tech_firms", dt.date(year, 12, 31), value, "市科技局函", known=known)
    assert [one.value for one in typed_values(project)] == [2800, 3000]
    assert all(one.who and one.entered for one in typed_values(project))
    assert entry(ledger_of(project, plan, dt.date(2022, 12, 31)), "high_tech_firms").value == 2800
    assert entry(ledger_of(project, plan), "high_tech_firms").value == 3000
    base = entry(ledger_of(project, plan, dt.date(2020, 12, 31)), "high_tech_firms")
    assert base.value == 2388
    assert "基期" in base.notes[0]


@pytest.mark.parametrize(
    ("series", "value", "source"), [("moon", 1.0, "函"), ("k", float("nan"), "函"), ("k", 1.0, " ")]
)
def test_values_that_cannot_be_kept_are_refused(
    project: Project, series: str, value: float, source: str
) -> None:
    with pytest.raises(UsageError):
        enter_value(project, series, dt.date(2024, 12, 31), value, source, known=("k",))
    assert typed_values(project) == ()


# high-tech firms: 2,388 at the end of 2020, 3,500 at the end of 2025; half-way (2023-07-02, 913 of 1826 days)
# the line is at 2,944; 90 % of that is 2,649.6
@pytest.mark.parametrize(
    ("value", "light"), [(2944, Light.GREEN), (2943, Light.YELLOW), (2650, Light.YELLOW), (2649, Light.RED)]
)
def test_a_light_follows_the_straight_line_from_base_to_target(value: float, light: Light) -> None:
    firms = indicator(
        base={"year": 2020, "value": 2388}, target={"kind": "level", "year": 2025, "value": 3500}
    )
    found = judged(firms, value, dt.date(2023, 7, 2), read_lights())
    assert found.expected == pytest.approx(2944)
    assert found.light is light


def test_lights_where_less_is_better_and_where_no_base_is_known() -> None:
    target = {"kind": "level", "year": 2025, "value": 100, "direction": "at_most"}
    falling = indicator(base={"year": 2020, "value": 200}, target=target)
    rule, end = read_lights(), dt.date(2025, 12, 31)
    lights = [judged(falling, value, end, rule).light for value in (100, 111, 112)]
    assert lights == [Light.GREEN, Light.YELLOW, Light.RED]
    later = indicator(target={"kind": "level", "year": 2025, "value": 10})
    assert judged(later, 3, dt.date(2024, 1, 1), rule).light is Light.YELLOW
    assert judged(later, 3, end, rule).light is Light.RED
    assert judged(indicator(), 3, end, rule).light is Light.NONE
    assert judged(later, None, end, rule).light is Light.NONE


def test_growth_is_judged_by_the_average_of_the_years(project: Project, plan: Plan) -> None:
    # 1.20 x 1.00 = 1.2; its square root is 1.0954: 9.54 % a year, at least 10 % less the tolerance of 1
    for year, rate in ((2021, 20.0), (2022, 0.0)):
        enter_value(project, "rd_growth", dt.date(year, 12, 31), rate, "统计公报", known=("rd_growth",))
    growth = entry(ledger_of(project, plan), "rd_growth")
    assert growth.judged.light is Light.GREEN
    assert "9.54" in growth.judged.reason
    enter_value(project, "rd_growth", dt.date(2024, 12, 31), 10.0, "统计公报", known=("rd_growth",))
    assert entry(ledger_of(project, plan), "rd_growth").judged.light is Light.NONE


def test_a_bureau_has_its_own_rule_for_lights(tmp_path: Path) -> None:
    own = tmp_path / "lights.toml"
    own.write_text(
        'key="l"\ntitle="自定"\nversion="2026-02-01"\nstatus="现行"\nsource="会议纪要"\n'
        "near_share=0.5\nmidterm_year=2\n",
        encoding="utf-8",
    )
    later = indicator(target={"kind": "level", "year": 2025, "value": 10})
    assert judged(later, 5, dt.date(2026, 1, 1), read_lights(str(own))).light is Light.YELLOW
    with pytest.raises(InputError):
        read_lights(str(tmp_path / "none.toml"))


OWN = """
[[indicators]]
key = "factory_m2"
name = "厂房用地"
clause = "research_land"
unit = "平方米"
formula = { figure = { capability = "stock", table = "matrix", column = "class_10" } }
"""


def test_a_bureau_keeps_its_own_indicators(project: Project, plan: Plan, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(OWN, encoding="utf-8")
    assert take_indicators(project, plan, file) == ("factory_m2",)
    assert take_indicators(project, plan, file) == ("factory_m2",)
    run_capability(project, "stock")
    # 100 m2 of factory, counted in hectares with four digits
    assert entry(ledger_of(project, plan), "factory_m2").value == pytest.approx(100, abs=0.5)
    assert [one.origin for one in own_indicators(project)] == ["bureau"]
    drop_indicator(project, "factory_m2")
    assert own_indicators(project) == ()
    with pytest.raises(InputError, match="factory_m2"):
        drop_indicator(project, "factory_m2")


@pytest.mark.parametrize(
    "changed",
    [
        ('"factory_m2"', '"rd_growth"'),
        ("research_land", "moon_land"),
        ("figure = {", "code = {"),
        ("unit =", "unti ="),
        ("[[indicators]]", "[[indicator]]"),
        ("column =", "eval ="),
    ],
)
def test_indicators_that_cannot_be_used_are_refused_and_nothing_is_kept(
    project: Project, plan: Plan, tmp_path: Path, changed: tuple[str, str]
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(OWN.replace(*changed), encoding="utf-8")
    with pytest.raises(InputError):
        take_indicators(project, plan, file)
    assert own_indicators(project) == ()


@pytest.mark.parametrize(
    ("formula", "unit", "lacks"),
    [
        ({"figure": {"capability": "orbit", "table": "t", "column": "c"}}, "公顷", "orbit"),
        ({"figure": {"capability": "stock", "table": "moon", "column": "c"}}, "公顷", "moon"),
        (
            {
                "figure": {
                    "capability": "stock",
                    "table": "matrix",
                    "column": "total",
                    "where": {"zone": "丁"},
                }
            },
            "公顷",
            "行",
        ),
        ({"figure": {"capability": "stock", "table": "matrix", "column": "total"}}, "家", "单位"),
        ({"fact": {"capability": "stock", "key": "moon"}}, "公顷", "moon"),
        ({"features": {"kind": "moon"}}, "家", "moon"),
        ({"features": {"kind": "land_use", "sum": "moon"}}, "家", "moon"),
    ],
)
def test_what_a_formula_cannot_find_is_said(
    project: Project, plan: Plan, tmp_path: Path, formula: dict[str, Any], unit: str, lacks: str
) -> None:
    run_capability(project, "stock")
    own = indicator(key="own", unit=unit, formula=formula)
    project.set_setting("ledger_indicators", [own.model_dump(mode="json", exclude_defaults=True)])
    found = entry(ledger_of(project, plan), "own")
    assert found.value is None
    assert lacks in found.missing[0]
    assert found.formula


def test_a_share_of_nothing_is_lacking(project: Project, plan: Plan) -> None:
    count = {"features": {"kind": "land_use"}}
    none = {"features": {"kind": "land_use", "where": {"class_code": ["9999"]}}}
    own = indicator(key="own", unit="%", formula={"ratio": [count, none], "scale": 100})
    project.set_setting("ledger_indicators", [own.model_dump(mode="json", exclude_defaults=True)])
    assert "0" in entry(ledger_of(project, plan), "own").missing[0]


def test_the_share_of_a_quota_that_goes_to_the_first_rank_is_that_of_the_recorded_allocation(
    project: Project, plan: Plan
) -> None:
    columns = [
        {"key": "quota"},
        {"key": "year"},
        {"key": "town"},
        {"key": "first_share", "unit": "%", "digits": 2},
    ]
    rows = [
        # one year and both together; of the other quota nothing is drawn
        {"values": {"quota": "重大项目用地指标", "year": "2027", "town": "全市", "first_share": 100.0}},
        {"values": {"quota": "重大项目用地指标", "year": "合计", "town": "全市", "first_share": 62.5}},
        {"values": {"quota": "占用征收林地定额", "year": "合计", "town": "全市", "first_share": None}},
    ]
    table = {"key": "quotas", "title": "指标使用", "columns": columns, "rows": rows}
    started = "2026-11-23T01:00:00+00:00"
    project.record_run({"capability": "allocate", "started": started, "tables": [table]})
    ledger = ledger_of(project, plan, dt.date(2026, 11, 24))
    major, forest = ledger.entry("major_quota_plan_share"), ledger.entry("forest_quota_plan_share")
    assert major is not None
    assert forest is not None
    assert (major.value, major.indicator.unit) == (62.5, "%")
    assert forest.value is None
    assert forest.missing
