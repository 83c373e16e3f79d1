"""What is asked of an allocation by name: decisions, pairs, budgets, weights, scenarios; and a stop."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
import shapely

from layers.errors import InputError, JobCancelled, UsageError
from layers.progress import NoProgress
from layers.store import Project
from tests.zsgis.allocating.allocating_samples import QUICK, X, Y, add, bureau, given, run, said, table
from zsgis.allocating.answers import answers
from zsgis.allocating.joining import join
from zsgis.allocating.objectives import objective_of
from zsgis.allocating.parameters import AllocateParameters
from zsgis.allocation.objective import Measure
from zsgis.allocation.problem import Problem


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with bureau(tmp_path_factory.mktemp("bureau")) as made:
        yield made


def asked(**more: object) -> AllocateParameters:
    return AllocateParameters(**{**QUICK, **more})


def problem_of(project: Project, **more: object) -> Problem:
    return join(project, asked(**more), NoProgress()).problem


def test_a_decision_that_stands_is_kept_even_where_something_else_is_better(project: Project) -> None:
    # 光子 has 2 of 3 ha then; 储二 draws 2.0 of 3.0 重大, so the other two are as they were
    assert given(run(project, fixed="光子=储二@2026", explain="none", alternatives=0)) == {
        "光子": ("储二@2026",),
        "学院": ("旧一@2026",),
        "企业": ("旧二@2026",),
    }


def test_a_pair_that_is_ruled_out_is_not_given(project: Project) -> None:
    # without 旧一 学院 needs 2 ha of 新增, and there is 1
    plan = given(run(project, forbidden="学院=旧一", explain="none", alternatives=0))
    assert plan == {"光子": ("储一@2026",), "企业": ("旧二@2026",)}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"fixed": "无名=储一"}, "无名"),
        ({"fixed": "光子=无地"}, "无地"),
        ({"forbidden": "待录=储一"}, "待录"),
        ({"must": "待录"}, "待录"),
        ({"fixed": "企业=储一", "least_score": 10.0}, "企业"),
    ],
)
def test_a_name_that_cannot_be_is_refused_by_name(
    project: Project, question: dict[str, object], words: str
) -> None:
    with pytest.raises(InputError, match=words) as caught:
        problem_of(project, **question)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "question",
    [
        {"fixed": "光子=储一@2031"},
        {"budgets": "2031=10"},
        {"budgets": "2026=很多"},
        {"scenarios": "不用=月球"},
        {"scenarios": "天气=+20"},
        {"scenarios": "指标=一半"},
        {"mode": "weighted", "weights": "1=高"},
        {"mode": "weighted", "weights": "1=-1"},
        {"mode": "weighted", "weights": "颜色=1"},
        {"mode": "weighted", "weights": "1=0;2=0;4=0;suitability=0"},
    ],
)
def test_an_amount_or_a_word_that_means_nothing_is_refused(
    project: Project, question: dict[str, object]
) -> None:
    with pytest.raises(UsageError):
        run(project, **question)


def test_a_candidate_is_named_with_or_without_its_source(project: Project) -> None:
    for name in ("储一", "储备用地 储一"):
        (photon,) = [each for each in problem_of(project, fixed=f"P1={name}").projects if each.name == "光子"]
        assert len(photon.fixed) == 1
        assert photon.fixed[0].year is None


def test_what_is_decided_is_not_held_against_the_limits_for_what_is_not(project: Project) -> None:
    (college,) = [
        each for each in problem_of(project, fixed="学院=旧一、储一").projects if each.name == "学院"
    ]
    # two sites of 2.5 and 3.0 ha, where one of at most 3.0 is the limit: 5.5 ha = 5 500 000 (0.01 m2)
    assert college.most_sites == 2
    assert college.most_cents == 5_500_000


def test_budgets_hold_in_yuan_and_land_of_unknown_cost_is_not_given_under_one(project: Project) -> None:
    problem = problem_of(project, budgets="2026=5000; all=10000")
    # in 10,000 yuan: 5000 is 50 million
    assert [(each.most_yuan, each.years) for each in problem.budgets] == [
        (50_000_000, frozenset((2026,))),
        (100_000_000, frozenset()),
    ]
    result = run(project, budgets="合计=5000")
    assert not given(result)
    assert "成本不明 4" in said(result, "lacking", "said", subject="光子")


def test_land_lies_within_the_distance_of_a_named_place(tmp_path: Path) -> None:
    with bureau(tmp_path) as project:
        # 100 m east of the edge of 储二 (1000 to 1200), and 700 m from that of 旧一 (2000 to 2250)
        add(project, "points", [shapely.Point(X + 1300, Y + 50)], [{"name": "口岸"}])
        problem = problem_of(project, near="光子=口岸@100")
        distances = {each.name.split()[-1]: dict(each.distances_m) for each in problem.candidates}
        assert distances == {
            "储一": {"口岸": 1000},
            "储二": {"口岸": 100},
            "旧一": {"口岸": 700},
            "旧二": {"口岸": 1700},
        }
        result = run(project, near="P1=口岸@100", explain="none", alternatives=0)
        assert given(result)["光子"] == ("储二@2026",)
        assert any(each.name == "points" for each in result.run.inputs)
        with pytest.raises(InputError, match="无此处"):
            problem_of(project, near="光子=无此处@100")
        with pytest.raises(InputError, match="无名"):
            problem_of(project, near="无名=口岸@100")
        with pytest.raises(UsageError, match="口岸"):
            problem_of(project, near="光子=口岸")


def test_temporary_use_draws_on_no_quota_but_those_the_rule_leaves(project: Project) -> None:
    # 光子 on 储一 would draw 3 ha of 重大, 规模 and 占补; for a time only it draws on none of them
    result = run(project, temporary="光子", fixed="光子=储一", explain="none", alternatives=0)
    assert given(result)["光子"] == ("储一@2026",)
    assert said(result, "quotas", "used", quota="重大项目用地指标", year="合计") == 0.0
    assert said(result, "quotas", "used", quota="建设用地规模", year="合计") == 0.0
    with pytest.raises(InputError, match="无名"):
        problem_of(project, temporary="无名")


def test_weights_are_those_asked_for(project: Project) -> None:
    problem = problem_of(project)
    (level,) = objective_of(asked(mode="weighted", weights="1=1; 2=0.25; 适宜性=0"), problem).levels
    # rank 4 is the third there is: a quarter if not told
    assert {(tuple(term.ranks), term.weight) for term in level.terms} == {
        ((1,), Fraction(1)),
        ((2,), Fraction(1, 4)),
        ((4,), Fraction(1, 4)),
    }
    assert all(term.measure is Measure.SECURED for term in level.terms)
    assert given(run(project, mode="weighted", explain="none", alternatives=0))["光子"] == ("储一@2026",)


def test_years_are_those_asked_for_or_of_the_quotas(project: Project) -> None:
    assert problem_of(project).years == (2026,)
    assert problem_of(project, years="2026-2028").years == (2026, 2027, 2028)
    with pytest.raises(ValueError, match="2030"):
        asked(years="2030-2026")


def test_without_quotas_everything_is_unlimited_and_that_is_said(project: Project) -> None:
    result = run(project, quotas="-", years="2026", explain="none", alternatives=0)
    assert any(each.code == "allocate.unlimited" for each in result.findings)
    assert not table(result, "quotas").rows


class _StopsAfterThePlan:
    """Wants to stop as soon as the plan is there (half of what is to be answered)."""

    def step(self, done: float, text: str = "") -> None:
        if done >= 0.5:
            raise JobCancelled


def test_a_stop_keeps_the_plan_and_what_was_found_until_then(project: Project) -> None:
    found = answers(problem_of(project), asked(scenarios="不用=三旧改造用地"), _StopsAfterThePlan())
    assert found.cancelled
    assert found.plan is not None
    assert float(sum(level.value for level in found.plan.levels[:3])) == 6.5
    assert found.others is None
    assert found.scenarios is None


def test_a_stop_before_there_is_a_plan_leaves_nothing(project: Project) -> None:
    class Stops:
        def step(self, done: float, text: str = "") -> None:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        answers(problem_of(project), asked(), Stops())


def test_without_time_nothing_is_claimed(project: Project) -> None:
    result = run(project, seconds=0.0)
    notes = " ".join(table(result, "plan").notes)
    assert "已证明" not in notes or "已中止" in notes
