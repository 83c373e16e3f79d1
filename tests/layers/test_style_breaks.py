"""Bounds of classes: against mapclassify, by hand, and against trying every grouping."""

from __future__ import annotations

import itertools

import mapclassify
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InputError
from layers.kind import FieldType, GeometryType
from layers.style import ClassRule, Style, Symbol
from layers.style.breaks import NATURAL_SAMPLE, Scheme, break_values, counts_in, natural_breaks
from layers.style.classing import graduated
from layers.style.numbers import spaced_texts
from layers.style.ranges import range_index
from layers.styling import ClassingWish, FieldValues, Grouping, classed, rule_counts, wish_of

VALUES = np.random.default_rng(7).lognormal(mean=8, sigma=1, size=3000).round(1)
PLAIN = Symbol(fill="#808080")


@pytest.mark.parametrize(
    ("scheme", "theirs"),
    [
        (Scheme.EQUAL, lambda: mapclassify.EqualInterval(VALUES, k=6)),
        (Scheme.QUANTILES, lambda: mapclassify.Quantiles(VALUES, k=6)),
    ],
)
def test_classes_are_those_of_mapclassify(scheme: Scheme, theirs) -> None:
    made = theirs()
    bounds = break_values(VALUES, scheme, 6)
    assert bounds[0] == VALUES.min()
    assert bounds[1:] == pytest.approx(made.bins)
    assert list(counts_in(VALUES, bounds)) == made.counts.tolist()


@pytest.mark.parametrize("count", [2, 3, 5, 7])
def test_natural_breaks_are_those_of_fisher_and_jenks(count: int) -> None:
    some = VALUES[:250]
    with pytest.warns(UserWarning, match="Numba"):
        theirs = mapclassify.FisherJenks(some, k=count)
    assert natural_breaks(some, count) == pytest.approx(theirs.bins)
    assert list(counts_in(some, break_values(some, Scheme.NATURAL, count))) == theirs.counts.tolist()


@given(
    st.lists(st.integers(0, 30), min_size=3, max_size=9).filter(lambda held: len(set(held)) >= 3),
    st.integers(2, 3),
)
def test_no_other_grouping_has_less_deviation(held: list[int], count: int) -> None:
    def deviation(groups: list[np.ndarray]) -> float:
        return sum(float(((group - group.mean()) ** 2).sum()) for group in groups)

    values = np.sort(np.array(held, dtype=float))
    known = np.unique(values)
    best = min(
        deviation([values[(values > low) & (values <= high)] for low, high in itertools.pairwise(ends)])
        for cut in itertools.combinations(known[:-1], count - 1)
        for ends in [[-np.inf, *cut, known[-1]]]
    )
    uppers = natural_breaks(values, count)
    found = [
        values[(values > low) & (values <= high)] for low, high in itertools.pairwise([-np.inf, *uppers])
    ]
    assert deviation(found) == pytest.approx(best, abs=1e-9)


def test_many_values_are_sampled_along_their_order_with_both_ends() -> None:
    many = np.concatenate([np.linspace(0, 1, 40_000), np.linspace(100, 101, 40_000), [1e6]])
    assert len(many) > NATURAL_SAMPLE
    bounds = break_values(many, Scheme.NATURAL, 3)
    assert counts_in(many, bounds) == (40_000, 40_000, 1)
    assert bounds[0] == 0
    assert bounds[-1] == 1e6


def test_deviations_stand_about_the_mean() -> None:
    # mean 5, population deviation 2: 2 4 4 4 5 5 7 9 (the example everybody knows), mapclassify's ddof is 1
    values = np.array([2.0, 4, 4, 4, 5, 5, 7, 9])
    spread = values.std(ddof=1)
    bounds = break_values(values, Scheme.DEVIATION)
    assert bounds == pytest.approx((2, 5 - spread, 5, 5 + spread, 9))
    assert counts_in(values, bounds) == (1, 5, 1, 1)


def test_round_numbers_are_round() -> None:
    assert break_values([3.0, 18.0, 47.0, 96.0], Scheme.PRETTY, 5) == (3, 20, 40, 60, 80, 96)


def test_own_bounds_are_kept_within_the_values_and_the_ends_are_open() -> None:
    values = [1.0, 2.0, 3.0, 4.0, 5.0]
    bounds = break_values(values, Scheme.OWN, own=(2, 4, 9, 2))
    assert bounds == (1, 2, 4, 5)
    made = graduated(
        Style(symbol=PLAIN),
        "n",
        bounds,
        ("#111111", "#222222", "#333333"),
        GeometryType.POLYGON,
        scheme=Scheme.OWN,
    )
    assert [(rule.lower, rule.upper, rule.title) for rule in made.rules] == [
        (None, 2, "不大于 2"),
        (2, 4, "2 – 4"),
        (4, None, "大于 4"),
    ]
    assert range_index(made.rules, [-7, 1, 2, 2.01, 4, 5, 999, np.nan]).tolist() == [0, 0, 0, 1, 1, 2, 2, -1]


def test_a_bound_belongs_to_the_class_below_it_and_the_least_value_to_the_first() -> None:
    rules = [
        ClassRule(value=str(low), title="", symbol=PLAIN, lower=low, upper=low + 10)
        for low in (0.0, 10.0, 20.0)
    ]
    given_numbers = [-0.001, 0, 9.99, 10, 10.001, 20, 30, 30.001, np.nan, np.inf]
    assert range_index(rules, given_numbers).tolist() == [-1, 0, 0, 0, 1, 1, 2, -1, -1, -1]
    # with the first class gone, its upper bound is the next one's lower, which then holds it
    assert range_index(rules[1:], [10.0, 20.0]).tolist() == [0, 0]


@given(
    st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 3)), min_size=1, max_size=60),
    st.sampled_from(list(Scheme)),
    st.integers(1, 9),
)
def test_every_number_is_in_exactly_one_class(numbers: list[float], scheme: Scheme, count: int) -> None:
    bounds = break_values(numbers, scheme, count, own=(0.0, 10.0))
    assert list(bounds) == sorted(bounds)
    assert (bounds[0], bounds[-1]) == (min(numbers), max(numbers))
    assert sum(counts_in(numbers, bounds)) == len(numbers)


def test_no_numbers_and_too_many_classes_are_refused() -> None:
    with pytest.raises(InputError):
        break_values([np.nan, np.inf], Scheme.EQUAL)
    with pytest.raises(InputError):
        break_values([1.0, 2.0], Scheme.EQUAL, 0)
    assert break_values([4.0, np.nan, 4.0], Scheme.QUANTILES) == (4.0, 4.0)


@pytest.mark.parametrize(
    ("numbers", "texts"),
    [
        ((0, 10, 20), ("0", "10", "20")),
        ((0.00672, 16.33996, 32.6732), ("0", "16.3", "32.7")),
        ((1234567.0, 2345678.0), ("1,234,567", "2,345,678")),
        ((0.101, 0.102, 0.104), ("0.101", "0.102", "0.104")),
        ((-0.001, 100.0), ("0", "100")),
    ],
)
def test_numbers_of_a_legend_are_as_short_as_their_steps_allow(numbers, texts) -> None:
    assert spaced_texts(numbers) == texts


def test_values_are_counted_as_they_are_drawn() -> None:
    values = FieldValues.of([1, 2, 2, None, 5, 5, 5], FieldType.INTEGER)
    wish = ClassingWish(Grouping.VALUES, "n")
    made = classed(Style(symbol=PLAIN), wish, values, GeometryType.POLYGON)
    assert [(rule.value, count) for rule, count in zip(made.style.rules, made.counts, strict=True)] == [
        ("1", 1),
        ("2", 2),
        ("5", 3),
    ]
    assert made.rest == 1
    assert wish_of(made.style) == wish
    ranged = classed(
        Style(symbol=PLAIN),
        ClassingWish(Grouping.RANGES, "n", Scheme.OWN, own=(2,)),
        values,
        GeometryType.POLYGON,
    )
    assert (ranged.counts, ranged.rest) == ((3, 3), 1)
    assert rule_counts(ranged.style, values) == ((3, 3), 1)


def test_truth_values_are_named_as_the_map_names_them() -> None:
    values = FieldValues.of([1, 0, None, 1], FieldType.BOOLEAN)
    assert dict(zip(values.texts, values.counts.tolist(), strict=True)) == {"True": 2, "False": 1}


def test_a_field_of_too_many_values_is_refused_with_what_to_do() -> None:
    values = FieldValues.of(range(201), FieldType.INTEGER)
    with pytest.raises(InputError, match=r"201.*200") as caught:
        classed(Style(), ClassingWish(Grouping.VALUES, "n"), values, GeometryType.POLYGON)
    assert caught.value.remedy


def test_land_classes_have_the_colours_of_their_standard() -> None:
    values = FieldValues.of(["0802", "100101"], FieldType.TEXT)
    made = classed(
        Style(symbol=PLAIN),
        ClassingWish(Grouping.VALUES, "class_code"),
        values,
        GeometryType.POLYGON,
        "yd2023",
    )
    # 科研 230,0,92; 工业 187,150,116 for its finer classes
    assert [(rule.value, rule.symbol.fill) for rule in made.style.rules] == [
        ("0802", "#E6005C"),
        ("100101", "#BB9674"),
    ]


def test_lines_are_told_apart_by_their_stroke() -> None:
    values = FieldValues.of(["甲", "乙"], FieldType.TEXT)
    base = Style(symbol=Symbol(stroke="#000000", stroke_mm=0.7, dash=(2.0, 1.0)))
    made = classed(base, ClassingWish(Grouping.VALUES, "n"), values, GeometryType.LINE)
    assert len({rule.symbol.stroke for rule in made.style.rules}) == 2
    assert all(rule.symbol.dash == (2.0, 1.0) for rule in made.style.rules)
