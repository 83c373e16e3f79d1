"""A search that is stopped keeps the best plan so far; problems that contradict themselves are refused."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from fractions import Fraction

import pytest
from every_plan import random_problem
from worked_case import HA, worked_case

from layers.errors import InputError, JobCancelled
from zsgis.allocation.checking import faults
from zsgis.allocation.problem import Candidate, Fixed, Group, PairTerms, Problem, Project, Quota
from zsgis.allocation.search import Effort, allocate


class _StopsAt:
    def __init__(self, share: float) -> None:
        self._share = share
        self.calls_after = 0
        self._stopped = False

    def step(self, done: float, text: str = "") -> None:
        if self._stopped:
            self.calls_after += 1
        if done >= self._share:
            self._stopped = True
            raise JobCancelled


@pytest.mark.parametrize("share", [0.06, 0.5, 0.8])
def test_a_stopped_search_keeps_a_plan_that_can_be_carried_out(share: float) -> None:
    problem = worked_case()
    progress = _StopsAt(share)
    plan = allocate(problem, Effort(gap=0.0), progress)
    assert plan is not None
    assert plan.stopped
    assert progress.calls_after == 0
    assert not faults(problem, plan.assignments)
    assert all(level.bound >= float(level.value) for level in plan.levels)


def test_a_search_that_is_stopped_before_its_first_plan_has_nothing_to_keep() -> None:
    with pytest.raises(JobCancelled):
        allocate(worked_case(), Effort(gap=0.0), _StopsAt(0.0))


def test_no_time_at_all_leaves_the_greedy_plan_and_no_proof() -> None:
    plan = allocate(worked_case(), Effort(gap=0.0, seconds=0.0))
    assert plan is not None
    assert plan.stopped
    assert plan.assignments
    assert plan.levels[0].bound == float("inf")
    assert plan.levels[0].gap == 1.0


def _hard_problem() -> Problem:
    """Return an assignment of 100 items to 20 agents with costs against uses: not proved within a minute."""
    draw = random.Random(3)  # noqa: S311 - cases, not secrets
    uses = {(f"p{p}", f"c{c}"): draw.randrange(1, 100) for p in range(20) for c in range(100)}
    tight = 8 * sum(uses.values()) // (10 * 20 * 20)
    return Problem(
        years=(2024,),
        candidates=tuple(Candidate(f"c{c}", HA) for c in range(100)),
        projects=tuple(Project(f"p{p}", 1, 100 * HA, HA, 2024, 2024, most_sites=100) for p in range(20)),
        quotas=tuple(Quota(f"p{p}", f"p{p}", {2024: tight}) for p in range(20)),
        pair_terms={
            pair: PairTerms(
                cost_yuan=(111 - use + draw.randrange(-10, 11)) * 10_000, draws_cents={pair[0]: use}
            )
            for pair, use in uses.items()
        },
    )


def test_the_solver_is_left_when_it_is_stopped_in_the_middle() -> None:
    problem = _hard_problem()
    threads = set(threading.enumerate())
    solving = threading.Event()

    class _WhileSolving:
        def step(self, done: float, text: str = "") -> None:
            if any(thread.name == "zsgis-solver" for thread in threading.enumerate()) and "%" in text:
                solving.set()
                raise JobCancelled

    plan = allocate(problem, Effort(gap=0.0), _WhileSolving())
    assert solving.is_set()
    assert plan is not None
    assert plan.stopped
    assert not faults(problem, plan.assignments)
    for thread in set(threading.enumerate()) - threads:
        thread.join(60)
        assert not thread.is_alive()


def _project(**changes: object) -> Problem:
    problem = worked_case()
    first, *others = problem.projects
    return replace(problem, projects=(replace(first, **changes), *others))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("problem", "named"),
    [
        (_project(need_cents=0), "光子"),
        (_project(least_cents=7 * HA), "光子"),
        (_project(most_sites=0), "光子"),
        (_project(from_year=2030, to_year=2031), "光子"),
        (_project(fixed=(Fixed("Z9"),)), "Z9"),
        (_project(fixed=(Fixed("A1"),), forbidden=frozenset(("A1",))), "光子"),
        (_project(fixed=(Fixed("A1", 2025),)), "光子"),
        (_project(key="园区"), "园区"),
        (replace(worked_case(), groups=(Group("G", ("Z9",)),)), "Z9"),
        (replace(worked_case(), years=(2025, 2024)), "年度"),
        (replace(worked_case(), pair_terms={("光子", "Z9"): PairTerms(cost_yuan=1)}), "Z9"),
        (replace(worked_case(), candidates=(Candidate("A1", 0),), groups=()), "A1"),
        (replace(worked_case(), candidates=(Candidate("A1", 5, score_permille=1001),), groups=()), "A1"),
    ],
)
def test_what_contradicts_itself_is_named(problem: Problem, named: str) -> None:
    with pytest.raises(InputError, match=named):
        allocate(problem)


def test_a_candidate_of_unknown_score_is_not_for_a_project_that_asks_for_one() -> None:
    problem = worked_case()
    unknown = replace(problem.candidates[0], score_permille=None)
    problem = replace(problem, candidates=(unknown, *problem.candidates[1:]))
    asking = replace(problem.projects[0], min_score_permille=100)
    plan = allocate(replace(problem, projects=(asking, *problem.projects[1:])), Effort(gap=0.0))
    assert plan is not None
    # A1 is out, so 光子 has no 5 ha within its quota
    assert plan.values[0] == 0


def test_the_order_in_which_things_are_told_changes_no_worth() -> None:
    problem = random_problem(7)
    turned = replace(
        problem,
        candidates=problem.candidates[::-1],
        projects=problem.projects[::-1],
        groups=problem.groups[::-1],
        quotas=problem.quotas[::-1],
    )
    one, other = allocate(problem, Effort(gap=0.0)), allocate(turned, Effort(gap=0.0))
    assert one is not None
    assert other is not None
    assert one.values == other.values


def test_a_cent_too_little_is_too_little() -> None:
    # least area 5 ha and 0.01 m2: a solver's tolerance would let 5 ha pass
    land = (Candidate("a", 2 * HA), Candidate("b", 3 * HA), Candidate("c", 3 * HA + 1, draws_cents={"q": 1}))
    wanting = Project("p", 1, 6 * HA, 5 * HA + 1, 2024, 2024, most_sites=2, forbidden=frozenset(("c",)))
    plan = allocate(Problem((2024,), land, (wanting,)), Effort(gap=0.0))
    assert plan is not None
    assert plan.assignments == ()
    plan = allocate(Problem((2024,), land, (replace(wanting, forbidden=frozenset(("b",))),)), Effort(gap=0.0))
    assert plan is not None
    assert plan.values[0] == Fraction(5 * HA + 1, HA)
