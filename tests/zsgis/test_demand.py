"""The register of demand: filled from the plan, ranked, checked, handed to the allocation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from layers.crs import parse_crs
from layers.edits import ChangeFeature, Edit, RemoveFeature
from layers.errors import InputError
from layers.progress import NoProgress
from layers.project_demand import KIND
from layers.quotas import KIND as QUOTA_KIND
from layers.quotas import MAJOR_PROJECTS, NEW_CONSTRUCTION
from layers.store import Project
from zsgis.allocation.problem import Problem
from zsgis.allocation.validation import validate
from zsgis.checking.checking import check_project
from zsgis.commands.demand_commands import add_demand_commands
from zsgis.demand.priorities import priority_rule
from zsgis.demand.projects import DemandProjects, demand_projects, rank_of, read_demand
from zsgis.demand.quota_limits import QuotaLimits, quota_limits, read_quotas
from zsgis.demand.stages import demand_findings, stage_of
from zsgis.demand.starter import fill_register, new_register, starter_records
from zsgis.plan import load_plan
from zsgis.run import run_capability

CRS = parse_crs("4547")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "工程.gpkg", CRS, title="中山")


def test_the_plans_carriers_stand_in_the_register_once_with_their_clause_and_no_land() -> None:
    plan, rule = load_plan(), priority_rule()
    records = starter_records(plan, rule)
    names = [record["name"] for record in records]
    assert len(set(names)) == len(names)
    assert {record["carrier"] for record in records} == {each.name for each in plan.carriers if each.named}
    assert len({record["project_code"] for record in records}) == len(records)
    # the plan gives no land area of any carrier (plan.toml, remark)
    assert not [record for record in records if "land_wanted_m2" in record or "land_least_m2" in record]
    clauses = {each.key for each in plan.clauses}
    assert all(record["clause_key"] in clauses for record in records)


def test_phases_are_projects_with_the_years_that_the_plan_prints() -> None:
    records = {record["name"]: record for record in starter_records(load_plan(), priority_rule())}
    # 专栏 3-4: 一期建设工程（2021-2025年）、二期建设工程（2025-2030年）; 3-5: 项目成熟期（2030年-）
    first, second = records["中山光子科学中心一期建设工程"], records["中山光子科学中心二期建设工程"]
    assert (first["from_year"], first["to_year"], first["platform"]) == (2021, 2025, "中山科学城")
    assert (second["from_year"], second["to_year"]) == (2025, 2030)
    last = records["中山先进低温技术研究院项目成熟期"]
    assert last["from_year"] == 2030
    assert "to_year" not in last
    # 专栏 3-6 item 6: 规划建设面积56300平方米 is floor area, not land
    caiq = records["中国检验检疫科学研究院粤港澳大湾区研究院"]
    assert caiq["floor_area_m2"] == 56300.0
    assert caiq["plan_place"] == "专栏 3-6 第6项"
    assert "from_year" not in caiq


def test_who_goes_first_follows_the_rule_and_an_officer_may_overrule_it(tmp_path: Path) -> None:
    rule = priority_rule()
    assert [rule.category(name).rank for name in ("重大科技创新载体", "重大科技创新平台", "科技园区")] == [
        1,
        1,
        1,
    ]
    assert rank_of({"category": "高校"}, rule) == 2
    assert rank_of({"category": "从未听说"}, rule) == rule.category("其他").rank == 4
    assert rank_of({"category": "高校", "fixed_rank": 1}, rule) == 1
    own = tmp_path / "own.toml"
    own.write_text(
        'key="x"\ntitle="x"\nversion="1"\nstatus="现行"\nsource="x"\n[[categories]]\ntitle="外星"\nrank=1\n'
    )
    with pytest.raises(InputError, match="外星"):
        priority_rule(str(own))


def test_filling_again_adds_only_what_is_missing_and_changes_nothing_typed(project: Project) -> None:
    plan, rule = load_plan(), priority_rule()
    with project:
        done = fill_register(project, plan, rule)
        assert (len(done.added), done.kept) == (done.layer.feature_count, 0)
        frame = project.read(done.layer.uid)
        assert frame.geometry.isna().all()
        photon = str(frame.index[frame["name"] == "中山光子科学中心二期建设工程"][0])
        typed = {"land_wanted_m2": 120000.0, "name": "光子中心二期（改名）"}
        project.apply(Edit("录入", (ChangeFeature(done.layer.uid, photon, values=typed),)))
        gone = str(frame.index[frame["name"] == "坦南创客园"][0])
        project.apply(Edit("删除", (RemoveFeature(done.layer.uid, gone),)))
        again = fill_register(project, plan, rule)
        assert again.added == ("坦南创客园",)
        assert again.layer.uid == done.layer.uid
        (state,) = project.states(done.layer.uid, (photon,))
        assert (state.values["land_wanted_m2"], state.values["name"]) == (120000.0, "光子中心二期（改名）")
        version = project.layer(done.layer.uid).version
        assert fill_register(project, plan, rule).added == ()
        assert project.layer(done.layer.uid).version == version


def handed_over(project: Project, records: list[dict[str, Any]], *, bind: bool = True) -> DemandProjects:
    layer = new_register(project, records)
    return demand_projects(
        read_demand(project, layer), priority_rule(), (2026, 2027, 2028), platforms_bind=bind
    )


def test_an_allocation_gets_projects_with_areas_and_is_told_of_the_others(project: Project) -> None:
    records = [
        {
            "name": "甲",
            "category": "重大科技创新载体",
            "land_wanted_m2": 20000.005,
            "land_least_m2": 15000.0,
            "platform": "中山科学城",
            "from_year": 2025,
            "to_year": 2027,
            "contiguous": True,
            "use_codes": "0802、1001",
        },
        {"name": "乙", "land_wanted_m2": 6000.0},
        {"name": "丙"},
        {"name": "丁", "land_wanted_m2": 1.0, "land_least_m2": 2.0},
        {"name": "戊", "land_wanted_m2": 1.0, "supplied_on": "2026-01-01"},
        {"name": "己", "land_wanted_m2": 1.0, "to_year": 2025},
        {"name": "庚", "land_wanted_m2": 1.0, "approved_number": "示意1号"},
    ]
    with project:
        given = handed_over(project, records)
        first, second, third = given.projects
        assert (first.title, first.rank, first.least_cents) == ("甲", 1, 1_500_000)
        assert first.need_cents == 2_000_001  # 20 000.005 m2 in hundredths, half up
        assert (first.from_year, first.to_year, first.contiguous) == (2025, 2027, True)
        assert first.platforms == {"中山科学城"}
        assert first.land_classes == {"0802", "1001"}
        assert first.draws_on == {NEW_CONSTRUCTION: MAJOR_PROJECTS}
        assert (second.rank, second.least_cents, second.need_cents) == (4, 600_000, 600_000)
        assert (second.from_year, second.to_year, second.most_sites) == (2026, 2028, 3)
        assert third.title == "庚"  # approved land still has to be supplied
        left_out = [each.text for each in given.findings]
        assert [text[0] for text in left_out] == list("丙丁戊己")
        assert "待录入" in left_out[0]
        validate(Problem((2026, 2027, 2028), (), given.projects))


def test_platforms_may_be_wishes(project: Project) -> None:
    with project:
        (given,) = handed_over(
            project, [{"name": "甲", "land_wanted_m2": 1.0, "platform": "岐江新城"}], bind=False
        ).projects
        assert given.platforms == frozenset()


def limits(project: Project, records: list[dict[str, Any]]) -> QuotaLimits:
    layer = new_register(project, records, kind_key=QUOTA_KIND.key)
    return quota_limits(read_quotas(project, layer))


def test_quotas_are_kept_apart_by_name_and_town_and_summed_by_year(project: Project) -> None:
    records = [
        {"quota": "占用征收林地定额", "year": 2026, "amount_ha": 1.25, "used_ha": 0.25, "carry_years": 1},
        {"quota": "占用征收林地定额", "year": 2026, "amount_ha": 0.5, "carry_years": 0},
        {"quota": "占用征收林地定额", "year": 2027, "amount_ha": 2.0, "carry_years": 1},
        {"quota": "占用征收林地定额", "year": 2026, "amount_ha": 0.1, "town": "南朗街道"},
        {"quota": "新增建设用地计划指标", "amount_ha": 3.0},
        {"quota": "新增建设用地计划指标", "year": 2026},
        {"quota": "三旧改造用地", "year": 2026, "amount_ha": 9.0},
        {"quota": "重大项目用地指标", "year": 2026, "amount_ha": 1.0, "used_ha": 2.0},
    ]
    with project:
        told = limits(project, records)
        forest, town = told.quotas
        # 1.25 - 0.25 + 0.5 = 1.5 ha = 15 000 m2 in 0.01 m2; the shortest carrying is taken
        assert forest.cents_by_year == {2026: 1_500_000, 2027: 2_000_000}
        assert forest.carry_years == 0
        assert (town.towns, town.cents_by_year) == ({"南朗街道"}, {2026: 100_000})
        assert len([each for each in told.findings if each.code == "quotas.unusable"]) == 4
        assert len([each for each in told.findings if each.code == "quotas.carry_differs"]) == 1
        assert "新增建设用地计划指标" in told.unlimited
        assert len(told.sources[forest.key]) == 3


def test_what_is_at_fault_with_a_register_is_named(project: Project) -> None:
    records = [
        {"name": "甲", "project_code": "1", "intent_on": "2026-05-01", "approved_on": "2026-04-30"},
        {"name": "乙", "project_code": "1", "land_wanted_m2": 1.0, "land_least_m2": 2.0},
        {"name": "丙", "land_wanted_m2": 5.0, "siting_area_m2": -1.0},
    ]
    with project:
        layer = new_register(project, records)
        found = list(demand_findings(read_demand(project, layer)))
        codes = sorted(each.code for each in found)
        assert codes == [
            "demand.area_missing",
            "demand.least_above_wanted",
            "demand.negative_area",
            "demand.number_twice",
            "demand.stage_left_out",
            "demand.stage_order",
        ]
        (order,) = [each for each in found if each.code == "demand.stage_order"]
        assert "批准" in order.text
        assert "意向" in order.text
        (report,) = check_project(project, [layer.name], NoProgress())
        rules = {(hits.rule, hits.field) for hits in report.hits}
        assert {("attribute.order", "approved_on"), ("attribute.order", "land_wanted_m2")} == rules


def test_the_stage_is_the_last_one_with_a_document_or_a_day() -> None:
    assert stage_of({}) is None
    stage = stage_of({"intent_on": "2026-01-01", "approved_number": "示意1号", "started_area_m2": 5.0})
    assert stage is not None
    assert stage.title == "批准"


def test_an_empty_register_can_be_made_and_read(project: Project) -> None:
    with project:
        layer = new_register(project)
        features = read_demand(project, layer)
        assert len(features) == 0
        assert layer.kind == KIND.key
        given = demand_projects(features, priority_rule(), (2026,))
        assert given.projects == ()
        assert np.array(features.numbers("land_wanted_m2")).size == 0


def test_the_list_of_demand_stands_by_priority_and_its_areas_add_up_in_every_unit(project: Project) -> None:
    records = [
        {"name": "乙", "category": "高校", "land_wanted_m2": 1000.0, "intent_on": "2026-01-01"},
        {"name": "甲", "category": "科技园区", "land_wanted_m2": 2000.0, "land_least_m2": 1500.0},
        {"name": "丙"},
    ]
    with project:
        layer = new_register(project, records)
        result = run_capability(project, "demand", {})
        listed = result.table("projects").rows
        assert [(row.values["name"], row.values["rank"]) for row in listed[:-1]] == [
            ("甲", 1),
            ("乙", 2),
            ("丙", 4),
        ]
        # 2 000 m2 = 3.00 亩, 1 000 m2 = 1.50 亩, together 3 000 m2 = 0.3 ha = 4.50 亩
        assert [row.values["wanted_mu"] for row in listed] == [3.0, 1.5, None, 4.5]
        assert [row.values["wanted_ha"] for row in listed] == [0.2, 0.1, None, 0.3]
        assert listed[2].values["remark"] == "待录入"
        assert len(listed[-1].sources[layer.uid]) == 3
        stages = {row.values["stage"]: row.values for row in result.table("stages").rows}
        assert (stages["意向"]["projects"], stages["意向"]["wanted_m2"]) == (1, 1000.0)
        assert stages["尚未办理"]["projects"] == 2
        assert any("待录入" in each.text for each in result.findings)


def test_without_a_register_it_is_said_how_to_get_one(project: Project) -> None:
    with project, pytest.raises(InputError) as error:
        run_capability(project, "demand", {})
    assert "zsgis demand fill" in error.value.remedy


def test_the_register_is_filled_on_the_command_line(project: Project) -> None:
    path = str(project.path)
    project.close()
    app = typer.Typer()
    add_demand_commands(app)
    answer = CliRunner().invoke(app, ["demand", "fill", path, "--json"])
    assert answer.exit_code == 0
    said = json.loads(answer.stdout)
    assert len(said["added"]) > 20
    again = CliRunner().invoke(app, ["demand", "fill", path, "--json"])
    assert json.loads(again.stdout)["added"] == []
    unknown = CliRunner().invoke(app, ["demand", "fill", path, "--plan", "no_such"])
    assert unknown.exit_code != 0
