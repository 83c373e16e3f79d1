"""Tables that add up as printed, in every unit a bureau prints."""

from __future__ import annotations

import itertools
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import UsageError
from zsgis.printed_balance import Figure, balance_rows, balance_table, printed_unit, shares

UNITS = [("m2", 2), ("m2", 0), ("ha", 4), ("ha", 2), ("mu", 2), ("mu", 1)]


def exact(cents: int, unit: Any) -> Fraction:
    return Fraction(int(cents)) * unit.steps_per_cent


def as_printed(unit: Any, steps: int) -> Decimal:
    """Return the figure as the printed digits say it."""
    return Decimal(f"{unit.value(steps):.{unit.digits}f}")


def assert_adds_up(printed: Any) -> None:
    unit, cells = printed.unit, printed.cells
    text = [[as_printed(unit, c) for c in row] for row in cells.tolist()]
    for row, total in zip(text, printed.rows.tolist(), strict=True):
        assert sum(row) == as_printed(unit, total)
    for column, total in zip(zip(*text, strict=True), printed.columns.tolist(), strict=True):
        assert sum(column) == as_printed(unit, total)
    assert sum(itertools.chain(*text)) == as_printed(unit, printed.total)


def assert_each_within_one_step(printed: Any) -> None:
    cents = printed.cents
    tables = [(cents, printed.cells), (cents.sum(axis=1), printed.rows), (cents.sum(axis=0), printed.columns)]
    for level, group in enumerate(printed.groups):
        grouped = np.stack([cents[:, group == g].sum(axis=1) for g in range(group.max() + 1)], axis=1)
        tables += [
            (grouped, printed.grouped(level)),
            (grouped.sum(axis=0), printed.grouped(level).sum(axis=0)),
        ]
    for true, shown in tables:
        for t, s in zip(np.ravel(true).tolist(), np.ravel(shown).tolist(), strict=True):
            value = exact(t, printed.unit)
            assert value.__floor__() <= s <= value.__ceil__()


def test_a_hectare_table_by_hand() -> None:
    # Cells of 3333.33 m2, 3333.33 m2 and 3333.34 m2 make 10000.00 m2 = 1.0000 ha. Each is 0.333333 ha,
    # printed 0.3333; three of them make 0.9999, so one gets 0.3334: the one with the largest
    # remainder (0.334 of a step), the third.
    unit = printed_unit("ha", 4)
    printed = balance_table(np.array([[333_333, 333_333, 333_334]]), unit)
    assert printed.cells.tolist() == [[3333, 3333, 3334]]
    (change,) = [c for c in printed.changed() if c.figure is Figure.CELL]
    assert (change.row, change.column, change.before, change.after) == (0, 2, 3333, 3334)


def test_of_equal_remainders_the_larger_goes_first_and_then_the_earlier() -> None:
    # steps of 100 m2 (ha, 2 digits): 0.5, 1.5 and 2.0 steps make 4; one half goes up, the larger figure's
    unit = printed_unit("ha", 2)
    assert balance_table(np.array([[5_000, 15_000, 20_000]]), unit).cells.tolist() == [[0, 2, 2]]
    assert balance_table(np.array([[5_000, 5_000]]), unit).cells.tolist() == [[1, 0]]


def test_mu_is_two_thousand_thirds_of_a_square_metre() -> None:
    # 2000 m2 = 3.00 mu exactly; 666.67 m2 = 1.000005 mu, printed 1.00
    unit = printed_unit("mu", 2)
    assert balance_table(np.array([[200_000]]), unit).cells.tolist() == [[300]]
    assert unit.value(int(unit.half_up(np.array([66_667]))[0])) == 1.0


@pytest.mark.parametrize("cents", [0, 1, 49, 50, 51, 149, 150, 999_950, 123_456_789])
def test_half_up_is_what_a_spreadsheet_does(cents: int) -> None:
    unit = printed_unit("ha", 4)
    expected = (Decimal(cents) / 100 / 10_000).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    assert as_printed(unit, int(unit.half_up(np.array([cents]))[0])) == expected


def test_unknown_units_are_refused() -> None:
    with pytest.raises(UsageError):
        printed_unit("acre")
    with pytest.raises(UsageError):
        printed_unit("ha", 9)


areas = st.one_of(st.just(0), st.integers(0, 400), st.integers(0, 5_000_000_000))


@st.composite
def tables(draw: st.DrawFn) -> tuple[Any, tuple[Any, ...]]:
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 7))
    cells = draw(st.lists(areas, min_size=rows * columns, max_size=rows * columns))
    fine = np.cumsum([0, *draw(st.lists(st.booleans(), min_size=columns - 1, max_size=columns - 1))])
    coarse = fine // 2
    return np.array(cells, dtype=np.int64).reshape(rows, columns), (coarse, fine)


@settings(max_examples=80, deadline=None)
@given(tables(), st.sampled_from(UNITS))
def test_rows_columns_subtotals_and_totals_add_up_as_printed(table: Any, unit: tuple[str, int]) -> None:
    cents, groups = table
    printed = balance_table(cents, printed_unit(*unit), groups=groups)
    assert_adds_up(printed)
    assert_each_within_one_step(printed)
    grand = printed.unit.half_up(np.array([cents.sum()]))[0]
    assert printed.total == grand
    alone = printed.unit.half_up(cents)
    listed = {(c.row, c.column) for c in printed.changed() if c.figure is Figure.CELL}
    assert listed == {tuple(place) for place in np.argwhere(alone != printed.cells).tolist()}


@settings(max_examples=40, deadline=None)
@given(tables())
def test_deductions_below_zero_balance_too(table: Any) -> None:
    cents, groups = table
    cents = np.vstack([cents, -(cents.sum(axis=0) // 3)])
    printed = balance_table(cents, printed_unit("mu", 2), groups=groups)
    assert_adds_up(printed)
    assert_each_within_one_step(printed)


def deviation(cents: Any, cells: Any, unit: Any) -> tuple[Fraction, Fraction]:
    def off(true: Any, shown: Any) -> Fraction:
        pairs = zip(np.ravel(true).tolist(), np.ravel(shown).tolist(), strict=True)
        return sum((abs(exact(t, unit) - s) for t, s in pairs), Fraction(0))

    margins = off(cents.sum(axis=0), cells.sum(axis=0)) + off(cents.sum(axis=1), cells.sum(axis=1))
    return margins, off(cents, cells)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 99_999), min_size=6, max_size=6))
def test_no_other_way_of_rounding_up_and_down_is_nearer(cells: list[int]) -> None:
    # every one of the 2^6 ways to go up or down is tried: totals weigh 100 cells
    unit = printed_unit("ha", 2)
    cents = np.array(cells).reshape(2, 3)
    printed = balance_table(cents, unit)
    down = cents * unit.steps_per_cent.numerator // unit.steps_per_cent.denominator
    best = []
    for ups in itertools.product((0, 1), repeat=6):
        way = down + np.array(ups).reshape(2, 3)
        fits = way.sum() == printed.total
        for axis in (0, 1):
            true = [exact(t, unit) for t in cents.sum(axis=axis).tolist()]
            shown = way.sum(axis=axis).tolist()
            fits &= all(t.__floor__() <= s <= t.__ceil__() for t, s in zip(true, shown, strict=True))
        fits &= all(exact(c, unit).__ceil__() >= w for c, w in zip(cells, way.ravel().tolist(), strict=True))
        if fits:
            margins, inner = deviation(cents, way, unit)
            best.append(100 * margins + inner)
    margins, inner = deviation(cents, printed.cells, unit)
    assert float(100 * margins + inner) == pytest.approx(float(min(best)), abs=1e-6)


def test_totals_printed_elsewhere_are_kept() -> None:
    # Four rows of half a step each; column A holds the first two, column B the others, 1 step in each.
    # Another table already prints the totals 1, 1, 0, 0: then A prints 2 and B 0, and the rows stay.
    unit = printed_unit("ha", 2)
    cents = np.array([[5_000, 0], [5_000, 0], [0, 5_000], [0, 5_000]])
    printed = balance_table(cents, unit, row_totals=np.array([1, 1, 0, 0]))
    assert printed.rows.tolist() == [1, 1, 0, 0]
    assert printed.columns.tolist() == [2, 0]


@settings(max_examples=80, deadline=None)
@given(tables())
def test_shares_make_a_hundred_per_cent_as_printed(table: Any) -> None:
    cents, groups = table
    steps = shares(cents, digits=2, groups=groups)
    for row, printed in zip(cents, steps, strict=True):
        total = int(row.sum())
        assert sum(Decimal(int(s)) / 100 for s in printed) == (Decimal(100) if total else 0)
        for part, share in zip(row.tolist(), printed.tolist(), strict=True):
            true = Fraction(part * 10_000, total) if total else Fraction(0)
            assert true.__floor__() <= share <= true.__ceil__()
        for group in groups:
            for g in range(int(group.max()) + 1):
                true = Fraction(int(row[group == g].sum()) * 10_000, total) if total else Fraction(0)
                assert true.__floor__() <= printed[group == g].sum() <= true.__ceil__()


@given(tables(), st.sampled_from(UNITS))
def test_a_row_by_itself_is_rounded_like_a_table_of_one_row(table: Any, unit: tuple[str, int]) -> None:
    cents, _groups = table
    by = printed_unit(*unit)
    alone = [balance_table(row[None], by).cells[0].tolist() for row in np.asarray(cents)]
    assert balance_rows(np.asarray(cents), by).tolist() == alone


def test_a_list_of_parcels_by_hand() -> None:
    # 0.4999 + 0.4999 ha prints as 1.00: both remainders are 0.99 of a step, both go up.
    # 0.3333 x 3 = 0.9999 prints as 1.00: the one spare step goes to the first of equals.
    cents = np.array([[499_900, 499_900, 0], [333_300, 333_300, 333_300]])
    assert balance_rows(cents, printed_unit("ha", 2)).tolist() == [[50, 50, 0], [34, 33, 33]]
