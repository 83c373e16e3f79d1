"""The worked case of docs/allocation.md: every figure here is derived there on paper."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from every_plan import best_by_hand
from worked_case import HA, NEW_LAND, worked_case

from zsgis.allocation.alternatives import Others, alternatives, differences
from zsgis.allocation.checking import Fault, QuotaYear, Rule, faults, quota_account
from zsgis.allocation.plan import Assignment, Plan
from zsgis.allocation.problem import Budget, Fixed, Problem
from zsgis.allocation.relaxing import GivingWay, Relaxation, least_relaxation
from zsgis.allocation.scenarios import compare, quota_times, run_scenarios, without_source
from zsgis.allocation.search import Effort, allocate
from zsgis.allocation.sentences import explained
from zsgis.allocation.why import why, worth_of_more

EXACT = Effort(gap=0.0)


def _best() -> tuple[Problem, Plan]:
    problem = worked_case()
    plan = allocate(problem, EXACT)
    assert plan is not None
    return problem, plan


def _land(plan: Plan | None) -> dict[str, set[str]]:
    assert plan is not None
    out: dict[str, set[str]] = {}
    for each in plan.assignments:
        out.setdefault(each.project, set()).add(each.candidate)
    return out


def test_the_best_plan_is_the_one_derived_on_paper() -> None:
    problem, plan = _best()
    assert _land(plan) == {"光子": {"A1", "A2"}, "园区": {"B1", "B2"}, "企业": {"A3"}}
    assert plan.values == (6, 5, Fraction(5, 2), Fraction("10.55"), -1140)
    assert best_by_hand(problem) == plan.values
    assert {a.candidate: a.year for a in plan.assignments if a.candidate in ("A2", "B2")} == {
        "A2": 2024,
        "B2": 2025,
    }


def test_quota_account_of_the_best_plan() -> None:
    problem, plan = _best()
    assert quota_account(problem, problem.quotas[0], plan.assignments) == (
        QuotaYear(2024, 3 * HA, 0, 3 * HA, 0, 0),
        QuotaYear(2025, 2 * HA, 0, 2 * HA, 0, 0),
    )


def test_there_is_no_other_plan_within_two_percent_and_three_within_a_fifth() -> None:
    problem, plan = _best()
    assert alternatives(problem, plan, EXACT) == Others((), complete=True)
    others = alternatives(problem, plan, EXACT, within=Fraction(1, 5)).plans
    assert [other.values[:3] for other in others] == [
        (6, 5, 2),
        (6, Fraction(9, 2), 3),
        (6, Fraction(9, 2), Fraction(5, 2)),
    ]
    assert _land(others[0]) == {"光子": {"A1", "A2"}, "园区": {"A3", "B1"}, "企业": {"B2"}}
    gone, come = differences(plan.assignments, others[0].assignments)
    assert {(a.project, a.candidate) for a in gone} == {("园区", "B2"), ("企业", "A3")}
    assert {(a.project, a.candidate) for a in come} == {("园区", "A3"), ("企业", "B2")}


def test_why_a_project_gets_this_and_not_the_next() -> None:
    problem, plan = _best()
    reason = why(problem, plan, "企业", EXACT)
    assert [each.candidate for each in reason.next_sites] == ["B2"]
    assert reason.losses == (0, 0, Fraction(1, 2), 0, 0)
    assert reason.losers_cents == (("企业", HA // 2),)


def test_one_hectare_more_is_solved_again() -> None:
    problem, plan = _best()
    more = worth_of_more(problem, plan, "指标", 2024, EXACT)
    assert more.proved
    assert more.gains == (0, 0, Fraction(1, 2), 0, 100)
    assert _land(more.plan)["光子"] == {"A3", "A4"}


def _impossible() -> Problem:
    problem = worked_case()
    first, *others = problem.projects
    return replace(
        problem,
        projects=(replace(first, must=True, least_cents=6 * HA), *others),
        quotas=(replace(problem.quotas[0], cents_by_year={2024: 22 * HA // 10, 2025: 2 * HA}),),
    )


def test_what_cannot_be_done_says_how_much_is_lacking_or_who_waits() -> None:
    problem = _impossible()
    assert allocate(problem, EXACT) is None
    found = least_relaxation(problem, EXACT)
    assert found.amounts is not None
    assert found.postponed is not None
    assert found.amounts.relaxations == (Relaxation(GivingWay.QUOTA, "指标", 2024, 8 * HA // 10),)
    assert found.postponed.relaxations == (Relaxation(GivingWay.POSTPONED, "光子"),)
    assert found.amounts.proved
    assert found.postponed.proved
    assert explained(problem, found) == f"2024 年度{NEW_LAND}缺 0.80 公顷，或推迟项目“光子”。"


@pytest.mark.parametrize(
    ("ten_thousand_yuan", "relaxation", "words"),
    [
        # A1 and A2 cost 600 and keep the quota: 80 lacking weigh 0.8; A3 and A4 cost 400, take 4 of 3 ha: 1
        (520, Relaxation(GivingWay.BUDGET, "资金", None, 800_000), "资金缺 80.00 万元"),
        # now 150 are lacking, which weigh 1.5
        (450, Relaxation(GivingWay.QUOTA, "指标", 2024, HA), f"2024 年度{NEW_LAND}缺 1.00 公顷"),
    ],
)
def test_the_lesser_of_money_and_quota_gives_way(
    ten_thousand_yuan: int, relaxation: Relaxation, words: str
) -> None:
    problem = worked_case()
    first, *others = problem.projects
    problem = replace(
        problem,
        projects=(replace(first, must=True, least_cents=6 * HA), *others),
        budgets=(Budget("资金", ten_thousand_yuan * 10_000, projects=frozenset(("光子",))),),
    )
    found = least_relaxation(problem, EXACT)
    assert found.amounts is not None
    assert found.amounts.relaxations == (relaxation,)
    assert explained(problem, found) == f"{words}，或推迟项目“光子”。"


def test_two_fixed_decisions_against_each_other_are_named() -> None:
    # A4 alone takes 4 of the 3 ha in 2024, and 光子 may have no other year
    problem = worked_case()
    first, *others = problem.projects
    problem = replace(problem, projects=(replace(first, fixed=(Fixed("A4"),)), *others))
    assert allocate(problem, EXACT) is None
    found = least_relaxation(problem, EXACT)
    assert found.amounts is not None
    assert found.amounts.relaxations == (Relaxation(GivingWay.QUOTA, "指标", 2024, HA),)


def test_scenarios_side_by_side() -> None:
    problem = worked_case()
    changes = {"无指标": quota_times("指标", Fraction(0)), "不用三旧": without_source("三旧")}
    side_by_side = compare(run_scenarios(problem, changes, EXACT, base_name="现状"))
    secured = [values for _title, values in side_by_side.levels[:3]]
    # without quota A1, A3, A5, B1 and B4 are left: no 5 ha in one group, then A1 and A3 for 园区, B1 for 企业
    # without 三旧 G1 has A2 alone and G2 A4 alone; A2 in 2024 and B2 in 2025 take all quota for 园区
    assert secured == [(6, 0, 0), (5, 5, 5), (Fraction(5, 2), 3, 0)]
    assert side_by_side.projects[0].secured_cents == (6 * HA, 0, 0)
    assert side_by_side.projects[0].differs


def test_the_checker_names_each_limit_that_a_plan_breaks() -> None:
    problem = worked_case()
    plan = (
        Assignment("光子", "A1", 2024),
        Assignment("光子", "A3", 2024),
        Assignment("园区", "B2", 2024),
        Assignment("园区", "B3", 2024),
        Assignment("企业", "A3", 2025),
        Assignment("企业", "B1", 2024),
    )
    assert set(faults(problem, plan)) == {
        Fault(Rule.TAKEN_TWICE, "A3", 2025),
        Fault(Rule.NOT_FOR_PROJECT, "B1", 2024),
        Fault(Rule.CONTIGUOUS, "光子"),
        Fault(Rule.MOST_SITES, "企业", None, 1),
        Fault(Rule.QUOTA, "指标", 2024, 15 * HA // 10),
    }
