"""控制面积平差: rounding half up to 0.01 m2, and parts forced to their control area."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.area import share_out, share_out_groups, to_cents, to_units
from layers.errors import GeometryError, InputError


@pytest.mark.parametrize(
    ("parts", "control", "expected"),
    [
        ("333.33|333.33|333.33", "1000.00", "333.34|333.33|333.33"),
        ("100.004|200.004|300.004", "600.03", "100.01|200.01|300.01"),
        ("0.004|0.004|12.345", "12.36", "0.00|0.00|12.36"),
        ("1234.56|789.01|45.67", "2069.20", "1234.54|788.99|45.67"),
    ],
)
def test_published_adjustments(parts: str, control: str, expected: str) -> None:
    def cents(text: str) -> int:
        return int(Decimal(text) * 100)

    given_parts = [float(part) for part in parts.split("|")]
    assert share_out(given_parts, cents(control)).tolist() == [cents(part) for part in expected.split("|")]


@pytest.mark.parametrize(
    ("value", "cents"),
    [
        (0.125, 13),  # exact in binary, a true half
        (0.375, 38),
        (1.005, 101),  # binary 1.00499999999999989…, printed 1.005
        (2.675, 268),  # binary 2.67499999999999982…
        (0.015, 2),
        (0.285, 29),
        (1.115, 112),  # times 100 is 111.50000000000001
        (0.0049999, 0),
        (0.12499999999, 12),
        (-0.125, -13),  # halves away from zero, as 四舍五入 and Excel do
        (1_139_241.695, 113_924_170),
        (1_000_000_000.005, 100_000_000_001),
        (0.0, 0),
    ],
)
def test_halves_round_up_as_they_are_printed(value: float, cents: int) -> None:
    assert to_cents([value])[0] == cents


@given(st.lists(st.floats(-1e10, 1e10), min_size=1, max_size=30), st.sampled_from([0, 1, 2, 4]))
def test_rounding_equals_decimal_rounding_of_the_printed_number(values: list[float], digits: int) -> None:
    step = Decimal(1).scaleb(-digits)
    expected = [int(Decimal(repr(v)).quantize(step, ROUND_HALF_UP).scaleb(digits)) for v in values]
    assert to_units(values, digits).tolist() == expected


@given(st.integers(0, 10**12))
def test_every_printed_half_goes_up(thousandths: int) -> None:
    printed = Decimal(thousandths * 10 + 5).scaleb(-3)  # …5 in the third place
    assert to_cents([float(printed)])[0] == thousandths + 1


def test_what_is_missing_cannot_be_rounded() -> None:
    for value in (np.nan, np.inf, 1e18):
        with pytest.raises(InputError):
            to_cents([1.0, value])


PARTS = st.lists(st.floats(0.5, 1e7), min_size=1, max_size=40)


@given(PARTS, st.integers(-400, 400))
def test_the_sum_is_exact_and_every_part_gets_its_share(parts: list[float], per_mille: int) -> None:
    cents = to_cents(parts)
    total = int(cents.sum())
    control = total + total * per_mille // 1000
    result = share_out(parts, control, limit_share=None)
    assert int(result.sum()) == control
    assert (result >= 0).all()
    # No part is further than one unit from the exact proportion of the control area.
    for part, got in zip(cents.tolist(), result.tolist(), strict=True):
        assert abs(got * total - part * control) <= 3 * total // 2
    # A larger part ends at most one unit below a smaller one (what is too much is taken from the largest).
    order = np.argsort(-cents, kind="stable")
    assert (np.diff(result[order]) <= 1).all()


def test_equal_parts_keep_their_order() -> None:
    # 0.4 unit each rounds to nothing, two units are missing: the first two parts get them.
    assert share_out([1.0] * 5, 502).tolist() == [101, 101, 100, 100, 100]
    # Half a unit each rounds up, two units are too much: the first two parts give them back.
    assert share_out([1.0] * 4, 402).tolist() == [100, 100, 101, 101]
    assert share_out([1.0, 2.0, 2.0], 501).tolist() == [100, 201, 200]


def test_a_shuffled_parcel_list_gets_the_same_areas() -> None:
    rng = np.random.default_rng(3)
    parts = np.unique(to_cents(rng.uniform(200, 9_000, 1_000))) / 100  # all different
    control = int(to_cents(parts).sum()) + 777
    first = share_out(parts, control)
    order = rng.permutation(len(parts))
    assert share_out(parts[order], control).tolist() == first[order].tolist()


def test_a_gap_is_not_rounding() -> None:
    # 0.1 % of 1000 m2 is 1 m2: a difference of 1.00 passes, 1.01 does not.
    assert int(share_out([500.0, 499.0], 100_000).sum()) == 100_000
    with pytest.raises(GeometryError, match=r"1\.01"):
        share_out([500.0, 498.99], 100_000)
    assert int(share_out([500.0, 498.99], 100_000, limit_share=None).sum()) == 100_000
    assert int(share_out([500.0, 498.99], 100_000, limit_share=0.01).sum()) == 100_000


def test_the_rounding_of_small_pieces_is_never_refused() -> None:
    # Three thirds of 1 m2 miss it by 0.01, which is 1 %.
    assert share_out([1 / 3, 1 / 3, 1 / 3], 100).tolist() == [34, 33, 33]
    # Pieces that all round to nothing still hold their cent.
    assert share_out([0.004, 0.004, 0.004], 1).tolist() == [1, 0, 0]
    assert share_out([0.0, 0.0], 0).tolist() == [0, 0]


def test_areas_below_zero_and_missing_parts_are_refused() -> None:
    with pytest.raises(GeometryError):
        share_out([-1.0, 2.0], 100)
    with pytest.raises(InputError):
        share_out([np.nan, 2.0], 200)
    with pytest.raises(GeometryError):
        share_out([], 100, limit_share=None)
    assert share_out([], 0).tolist() == []


def test_large_wholes_stay_exact() -> None:
    # 2e14 units times 1e11 of difference do not fit 64 bits.
    control = 300_000_000_000_000 + 100_000_000_001
    result = share_out([1e12, 2e12], control)
    # shares 33 333 333 333.67 and 66 666 666 667.33, rounded …334 and …667: exactly the difference
    assert result.tolist() == [100_033_333_333_334, 200_066_666_666_667]


GROUPS = st.lists(st.tuples(st.floats(0.0, 1e5), st.integers(0, 5)), min_size=1, max_size=60)


@given(GROUPS, st.lists(st.integers(-30, 30), min_size=6, max_size=6))
def test_many_wholes_at_once_equal_one_at_a_time(parts: list[tuple[float, int]], changes: list[int]) -> None:
    size = np.array([part for part, _ in parts])
    group = np.array([number for _, number in parts])
    cents = to_cents(size)
    control = np.array(
        [max(0, int(cents[group == g].sum()) + changes[g]) if (group == g).any() else 0 for g in range(6)]
    )
    together = share_out_groups(size, group, control, limit_share=None)
    for g in range(6):
        alone = share_out(size[group == g], int(control[g]), limit_share=None)
        assert together[group == g].tolist() == alone.tolist()
        assert int(alone.sum()) == control[g]


def test_a_refusal_names_the_whole() -> None:
    with pytest.raises(GeometryError) as refusal:
        share_out_groups([10.0, 20.0], [0, 1], [1_000, 9_000])
    assert "2" in refusal.value.where
