"""The allocation as a capability: what it says of a project whose best plan is derived by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.errors import InputError
from layers.quotas import FOREST, MAJOR_PROJECTS, NEW_CONSTRUCTION
from layers.store import Project
from tests.zsgis.allocating.allocating_samples import (
    AMOUNTS,
    CRS,
    add,
    bureau,
    given,
    quota_rows,
    run,
    said,
    strip,
    table,
)
from zsgis.result import Result, RowRole

BEST = {"光子": ("储一@2026",), "学院": ("旧一@2026",), "企业": ("旧二@2026",)}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with bureau(tmp_path_factory.mktemp("bureau")) as made:
        yield made


@pytest.fixture(scope="module")
def result(project: Project) -> Result:
    return run(project, scenarios="不用=三旧改造用地; 新增建设用地计划指标=+100")


def test_the_best_plan_of_the_table(result: Result) -> None:
    assert given(result) == BEST
    assert result.facts["secured_m2"] == 65_000.0
    assert (result.facts["served"], result.facts["projects"]) == (3, 3)
    assert (result.facts["gap_percent"], result.facts["tie_gap_percent"]) == (0.0, 0.0)
    assert table(result, "plan").notes == ("已证明为最优方案。",)
    assert result.facts["given_m2"] == 65_000.0


def test_sums_are_those_of_the_rows_and_every_row_leads_to_features(result: Result) -> None:
    plan = table(result, "plan")
    body = [row for row in plan.rows if row.role is RowRole.BODY]
    total = plan.rows[-1]
    assert total.role is RowRole.TOTAL
    assert [row.values["area"] for row in body] == [3.0, 2.5, 1.0]
    assert total.values["area"] == 6.5
    # only 储一 draws: 3 ha of each of its quotas, 重大 in place of 新增
    assert total.values[f"draws:{MAJOR_PROJECTS}"] == 3.0
    assert f"draws:{NEW_CONSTRUCTION}" not in {column.key for column in plan.columns}
    for row in body:
        # the land, and the project of the register that gets it
        assert len(row.sources) == 2
    for each in result.tables:
        for row in each.rows:
            if each.key not in ("levels", "lacking", "alternatives"):
                assert row.sources, (each.key, row.values)


def test_quotas_say_what_is_used_and_left_and_who_had_it(result: Result) -> None:
    def quota(column: str, year: str = "2026") -> object:
        return said(result, "quotas", column, quota=MAJOR_PROJECTS, year=year)

    assert [quota(each) for each in ("assigned", "carried", "used", "left")] == [3.0, 0.0, 3.0, 0.0]
    assert (quota("town", "合计"), quota("used", "合计"), quota("first_share", "合计")) == (
        "全市",
        3.0,
        100.0,
    )
    assert quota("more") == "保障面积不会增加。"
    assert any(FOREST in note for note in table(result, "quotas").notes)
    assert any(each.code == "allocate.unlimited" and FOREST in each.text for each in result.findings)


def test_each_level_says_what_is_proved_of_it(result: Result) -> None:
    rows = table(result, "levels").rows
    assert [(row.values["value"], row.values["bound"], row.values["gap"]) for row in rows[:3]] == [
        (3.0, 3.0, 0.0),
        (2.5, 2.5, 0.0),
        (1.0, 1.0, 0.0),
    ]
    assert str(rows[0].values["level"]) == "第 1 优先级的保障面积"


def test_reasons_name_the_next_best_and_what_it_costs(result: Result) -> None:
    # 储二 (2.0 of 重大) would serve 光子 with 2 of 3 ha: 1 ha less
    assert said(result, "projects", "next", project="光子") == "储备用地 储二"
    assert "1.0000 公顷" in said(result, "projects", "why", project="光子")
    # nothing else is at most 1.2 ha, so 企业 would go without: 1 ha less
    assert said(result, "projects", "next", project="企业") == "不供地"


def test_scenarios_stand_side_by_side_with_their_differences_and_maps(result: Result) -> None:
    # without 三旧 only 光子 is served: 3 ha; with 2 ha of 新增 all is as it was
    total = table(result, "scenarios").rows[-1].values
    assert [total[f"scenario:{place}"] for place in range(3)] == [6.5, 3.0, 6.5]
    assert [total[f"difference:{place}"] for place in (1, 2)] == [-3.5, 0.0]
    assert [each.key for each in result.maps] == ["plan", "scenario_1", "scenario_2"]
    only_here = result.maps[1].columns["difference"]
    assert sorted(only_here) == ["plan", "plan", "same"]
    assert set(result.maps[2].columns["difference"]) == {"same"}


def test_what_is_given_is_drawn_over_what_is_not(result: Result) -> None:
    assert [each.value for each in result.maps[0].classes] == ["0", "1", "2", "4"]
    assert sorted(result.maps[0].columns["rank"]) == ["0", "1", "2", "4"]


def test_no_other_plan_is_within_two_per_cent(result: Result) -> None:
    # 光子 with 储二 has 2 of 3 ha; nobody else can have other land
    assert not table(result, "alternatives").rows
    assert "相差 2% 以内" in table(result, "alternatives").notes[0]


def test_who_takes_no_part_is_named_with_the_reason(result: Result) -> None:
    assert said(result, "left_out", "reason", name="待录") == "用地面积待录入。"
    # 储二 suits 光子 (at most 3.6) and 学院, and is not listed
    assert {row.values["name"] for row in table(result, "left_out").rows} == {"待录"}


def test_years_of_projects_and_areas_out_of_reason_are_left_out(tmp_path: Path) -> None:
    rows = [
        {"name": "早", "category": "高校", "wants": 1.0, "from_year": 2020, "to_year": 2021},
        {"name": "倒", "category": "高校", "wants": 1.0, "least": 2.0},
        {"name": "空", "category": "高校", "wants": float("nan")},
    ]
    with bureau(tmp_path, projects=rows) as project:
        result = run(project)
        reasons = {row.values["name"]: row.values["reason"] for row in table(result, "left_out").rows[:3]}
    assert reasons == {
        "早": "用地年度 2020 至 2021 不在 2026 年内。",
        "倒": "最低面积大于需求面积。",
        "空": "用地面积待录入。",
    }
    assert not given(result)
    assert any(each.code == "allocate.no_projects" for each in result.findings)


def test_what_one_quota_lacks_is_said_as_an_officer_would(tmp_path: Path) -> None:
    # without 旧一, 光子 (at least 2 ha, one site) has 储二, which draws 2.0 of 重大, where 1.2 is: 0.80 lacks
    entries = quota_rows({**AMOUNTS, MAJOR_PROJECTS: 1.2})
    with bureau(tmp_path, quotas=entries) as project:
        result = run(project, forbidden="光子=旧一", must="光子")
        assert result.facts["has_plan"] is False
        sentence = "2026 年度重大项目用地指标缺 0.80 公顷，或推迟项目“光子”。"
        assert table(result, "lacking").rows[0].values["said"] == sentence
        assert any(each.code == "allocate.no_plan" and sentence in each.text for each in result.findings)
        # not bound to be served it goes without, and the same is said of it; nobody else can make room
        freely = run(project, forbidden="P1=旧一")
        assert "光子" not in given(freely)
        assert said(freely, "lacking", "missing", subject="光子") == 3.0
        assert said(freely, "lacking", "said", subject="光子") == (
            "在不减少同级及以上项目用地的前提下：2026 年度重大项目用地指标缺 0.80 公顷。"
        )


def test_who_would_have_to_wait_is_named(tmp_path: Path) -> None:
    # both want one site of 旧一's size; the other pieces draw on 重大, of which there is none
    rows = [
        {"name": "甲", "category": "科技园区", "wants": 2.5, "least": 2.5},
        {"name": "乙", "category": "科技园区", "wants": 2.4, "least": 2.4},
    ]
    with bureau(tmp_path, projects=rows, quotas=quota_rows({**AMOUNTS, MAJOR_PROJECTS: 0.0})) as project:
        result = run(project, forbidden="乙=储一、储二")
    assert given(result) == {"甲": ("旧一@2026",)}
    assert said(result, "lacking", "said", subject="乙").endswith("推迟项目“甲”。")


def test_land_that_is_too_small_is_told_as_land_that_lacks(tmp_path: Path) -> None:
    rows = [{"name": "大", "category": "科技园区", "wants": 4.0, "least": 3.5}]
    with bureau(tmp_path, projects=rows) as project:
        why = said(run(project), "lacking", "said", subject="大")
        bound = table(run(project, must="大"), "lacking").rows[0].values["said"]
    assert bound == f"推迟项目“大”。“大”：{why}"
    # the largest piece is 3.0 ha, on one site; 0.5 lack whatever the quotas are
    assert why == (
        "适合的地块最多可提供 3.0000 公顷（至多 1 处），最低面积为 3.5000 公顷，"
        "缺 0.5000 公顷；增加指标不能解决。"
    )


def test_what_is_left_of_a_year_is_good_in_the_next_where_it_may_be_carried(tmp_path: Path) -> None:
    # 储二 draws 2.0 of 重大: 1.2 of 2026 and 0.8 of 1.2 of 2027, so 0.4 are left
    years = (2026, 2027)
    entries = quota_rows({**AMOUNTS, MAJOR_PROJECTS: 1.2}, years, carry=1)
    (tmp_path / "carried").mkdir()
    with bureau(tmp_path / "carried", quotas=entries) as project:
        result = run(project, forbidden="光子=旧一")
        assert given(result)["光子"] == ("储二@2027",)
        row = {
            column: said(result, "quotas", column, quota=MAJOR_PROJECTS, year="2027")
            for column in ("assigned", "carried", "used", "left", "lapsed")
        }
        assert row == {"assigned": 1.2, "carried": 1.2, "used": 2.0, "left": 0.4, "lapsed": 0.0}
    with bureau(tmp_path, quotas=quota_rows({**AMOUNTS, MAJOR_PROJECTS: 1.2}, years)) as project:
        assert "光子" not in given(run(project, forbidden="光子=旧一"))


def test_empty_registers_give_an_empty_plan_and_say_so(tmp_path: Path) -> None:
    with bureau(tmp_path, projects=(), quotas=(), land=False) as project:
        result = run(project)
    assert not given(result)
    told = {each.code for each in result.findings}
    assert {"allocate.no_projects", "allocate.no_candidates", "allocate.unlimited"} <= told
    assert result.facts["has_plan"] is True


def test_a_project_without_a_register_is_told_what_to_do(tmp_path: Path) -> None:
    with Project.create(tmp_path / "空.gpkg", CRS, title="空") as project:
        add(project, "reserve", [strip(0, 100)], [{"name": "储一"}])
        with pytest.raises(InputError, match="用地需求库"):
            run(project)


def test_several_registers_are_told_apart(tmp_path: Path) -> None:
    with bureau(tmp_path) as project:
        add(project, "project_demand", [None], [{"name": "别的"}], name="第二册")
        # the topmost, which came in last, is taken, and that is said
        result = run(project)
        assert not given(result)
        assert any(each.code == "input.layer_chosen" and "第二册" in each.text for each in result.findings)
        assert given(run(project, projects="project_demand")) == BEST
