"""Round numbers on a sheet: scale, kilometre lines, scale bar."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import InputError
from zsgis.sheets.scale import (
    SCALES,
    choose_scale,
    grid_interval_m,
    grid_values,
    kilometres,
    ratio,
    scale_bar,
)


def test_the_largest_round_scale_at_which_the_extent_fits_is_taken() -> None:
    # 4000 m over 250 mm less 4 % on each side: 4,000,000 / 230 = 17,391 -> the next round scale is 20,000
    assert choose_scale((0, 0, 4000, 1000), 250, 240) == 20_000
    # the height decides: 3000 m over 100 mm * 0.92 = 32,609 -> 40,000
    assert choose_scale((0, 0, 1000, 3000), 250, 100) == 40_000


def test_scales_run_from_500_and_every_one_is_a_whole_hundred() -> None:
    assert SCALES[0] == 500
    assert {500, 1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000} <= set(SCALES)
    assert all(scale % 100 == 0 for scale in SCALES)
    assert list(SCALES) == sorted(set(SCALES))


@given(st.floats(20, 200_000), st.floats(20, 200_000))
def test_the_extent_always_fits_and_the_next_larger_scale_would_not_do(width: float, height: float) -> None:
    chosen = choose_scale((0, 0, width, height), 250, 240)
    assert width / chosen * 1000 <= 250
    assert height / chosen * 1000 <= 240
    larger = [scale for scale in SCALES if scale < chosen]
    if larger:
        assert max(width / 250, height / 240) * 1000 / 0.92 > larger[-1]


def test_an_extent_that_no_sheet_can_hold_is_refused() -> None:
    with pytest.raises(InputError):
        choose_scale((0, 0, 9_000_000, 10), 250, 240)
    with pytest.raises(InputError):
        choose_scale((math.nan, 0, 1, 1), 250, 240)


def test_kilometre_lines_stand_at_round_values_not_closer_than_30_mm() -> None:
    assert grid_interval_m(10_000) == 500  # 30 mm are 300 m
    assert grid_interval_m(50_000) == 2000  # 30 mm are 1500 m
    assert grid_values(430_100, 432_000, 500) == [430_500, 431_000, 431_500, 432_000]
    assert kilometres(430_500, 500) == "430.5"
    assert kilometres(2_491_000, 1000) == "2491"
    assert kilometres(430_550, 50) == "430.55"


@given(st.sampled_from(SCALES))
def test_a_scale_bar_is_round_and_as_long_as_its_labels_say(scale: int) -> None:
    bar = scale_bar(scale, most_mm=64)
    count = len(bar.labels) - 1
    assert 25 <= bar.segment_mm * count <= 64 + 1e-6
    assert bar.segment_mm * scale / 1000 == pytest.approx(bar.segment_m)
    mantissa = bar.segment_m / 10 ** math.floor(math.log10(bar.segment_m) + 1e-9)
    assert round(mantissa, 6) in (1, 2, 5)
    last = float(bar.labels[-1]) * (1000 if bar.in_kilometres else 1)
    assert last == pytest.approx(bar.segment_m * count)


def test_the_ratio_is_written_with_separators() -> None:
    assert ratio(100_000) == "1:100,000"
