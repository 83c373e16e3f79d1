"""Whether an indicator was reached: levels by their year, growth as the average over the years given."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zsgis.plan import Indicator, State, judge, load_plan


@pytest.fixture(scope="module")
def growth() -> Indicator:
    return load_plan().indicator("rd_growth")


@pytest.fixture(scope="module")
def firms() -> Indicator:
    return load_plan().indicator("high_tech_firms")


@pytest.mark.parametrize(
    ("actual", "state"),
    [
        ({2025: 3500}, State.REACHED),
        ({2025: 3499}, State.NOT_REACHED),
        ({2023: 9999, 2024: 9999}, State.UNKNOWN),
        ({2025: math.nan}, State.UNKNOWN),
        ({}, State.UNKNOWN),
    ],
)
def test_a_level_is_judged_by_the_target_year_alone(
    firms: Indicator, actual: dict[int, float], state: State
) -> None:
    judged = judge(firms, actual)
    assert judged.state is state
    assert judged.required == 3500
    assert judged.complete == (state is not State.UNKNOWN)


def test_growth_rates_are_averaged_as_compound_growth(growth: Indicator) -> None:
    # 1.44 * 1.00 = 1.2 squared: 20 % a year, where the plain mean would say 22 %
    judged = judge(growth, {2021: 44.0, 2022: 0.0})
    assert judged.measured == pytest.approx(20.0, abs=1e-9)
    assert judged.state is State.REACHED
    assert judged.years == (2021, 2022)
    assert not judged.complete


def test_amounts_are_judged_from_the_base_year_to_the_target_year(growth: Indicator) -> None:
    # 73.97 * 1.1^5 = 119.13; five years, so 10 % a year
    judged = judge(growth, {2020: 73.97, 2025: 73.97 * 1.1**5}, given="amounts")
    assert judged.measured == pytest.approx(10.0, abs=1e-9)
    assert (judged.state, judged.years, judged.complete) == (State.REACHED, (2020, 2025), True)


def test_about_ten_per_cent_is_our_reading_of_nine_or_more(growth: Indicator) -> None:
    assert growth.target.value == 10
    assert growth.target.tolerance == 1.0
    assert "左右" in growth.target.reading
    assert judge(growth, dict.fromkeys(range(2021, 2026), 9.0)).state is State.REACHED
    assert judge(growth, dict.fromkeys(range(2021, 2026), 8.99)).state is State.NOT_REACHED


def test_the_growth_of_the_base_year_itself_does_not_count(growth: Indicator) -> None:
    # 13.16 % is the growth in 2020, before the plan began
    assert judge(growth, {2020: growth.base.value}).state is State.UNKNOWN
    assert judge(growth, {2020: 1000.0, 2021: 1.0}).measured == pytest.approx(1.0)


def test_a_growth_rate_is_never_judged_as_a_level(growth: Indicator) -> None:
    # 12 % in 2025 alone would be over 10, but the years before it are missing
    judged = judge(growth, {2025: 12.0})
    assert judged.state is State.UNKNOWN
    assert judged.measured is None
    assert "2021" in judged.reason


@pytest.mark.parametrize("gap", [2021, 2023])
def test_a_missing_year_between_leaves_the_average_unknown(growth: Indicator, gap: int) -> None:
    rates = {year: 20.0 for year in range(2021, 2026) if year != gap}
    judged = judge(growth, rates)
    assert judged.state is State.UNKNOWN
    assert str(gap) in judged.reason


@pytest.mark.parametrize("amounts", [{2020: 73.97}, {2020: 0.0, 2025: 5.0}, {2020: 5.0, 2025: -1.0}])
def test_amounts_that_carry_no_growth_are_unknown(growth: Indicator, amounts: dict[int, float]) -> None:
    assert judge(growth, amounts, given="amounts").state is State.UNKNOWN


def test_a_fall_to_nothing_is_unknown_and_no_number(growth: Indicator) -> None:
    assert judge(growth, {2021: -100.0}).state is State.UNKNOWN


def test_years_outside_the_plan_are_not_used(growth: Indicator, firms: Indicator) -> None:
    assert judge(firms, {2019: 9999, 2026: 9999}).state is State.UNKNOWN
    assert judge(growth, {2015: 70.0, 2020: 100.0, 2025: 161.051, 2030: 1.0}, given="amounts").years == (
        2020,
        2025,
    )


def test_where_less_is_better_the_target_is_an_upper_bound(firms: Indicator) -> None:
    target = firms.target.model_copy(update={"direction": "at_most", "value": 40, "tolerance": 2.0})
    energy = firms.model_copy(update={"target": target})
    assert judge(energy, {2025: 42.0}).state is State.REACHED
    assert judge(energy, {2025: 42.1}).state is State.NOT_REACHED


@given(rates=st.lists(st.floats(-50, 50), min_size=5, max_size=5))
def test_rates_and_the_amounts_they_make_are_judged_alike(rates: list[float]) -> None:
    indicator = load_plan().indicator("rd_growth")
    amounts = {2020: 100.0}
    for year, rate in zip(range(2021, 2026), rates, strict=True):
        amounts[year] = amounts[year - 1] * (1 + rate / 100)
    by_rates = judge(indicator, dict(zip(range(2021, 2026), rates, strict=True)))
    by_amounts = judge(indicator, amounts, given="amounts")
    assert by_rates.measured == pytest.approx(by_amounts.measured, abs=1e-6)
    assert by_rates.complete
    assert by_amounts.complete
