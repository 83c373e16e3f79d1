"""Printed tables that add up as printed: cells, subtotals, row, column and grand totals in one unit.

The problem is the controlled rounding of a table (L. H. Cox, "A constructive procedure for unbiased
controlled rounding", J. Am. Stat. Assoc. 82, 1987): every figure goes to the printed step below or
above its exact value, so that all sums hold. Rows of zones and columns of classes are two nested families of
sets, whose matrix is totally unimodular: the linear programme has a whole-numbered optimum, which HiGHS
finds, and which is checked here in whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from layers.errors import UsageError
from layers.words import N_, _

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

_MARGIN_WEIGHT = 100.0
_BREACH_WEIGHT = 10_000.0


@dataclass(frozen=True)
class PrintedUnit:
    """A unit of area with the digits it is printed with.

    Attributes
    ----------
    key : str
        ``m2``, ``ha`` or ``mu``.
    digits : int
        Digits after the point. One step is one unit of the last digit.
    steps_per_cent : Fraction
        Printed steps in 0.01 m2, exact: 亩 is 2000/3 m2.
    """

    key: str
    title: str
    digits: int
    steps_per_cent: Fraction

    def value(self, steps: int) -> float:
        """Return a whole number of steps as the figure printed."""
        return float(int(steps) / 10.0**self.digits)

    def half_up(self, cents: IntArray) -> IntArray:
        """Return areas in 0.01 m2 as steps, each rounded half up by itself."""
        step = self.steps_per_cent
        rounded: IntArray = (2 * cents * step.numerator + step.denominator) // (2 * step.denominator)
        return rounded


_UNITS = {
    "m2": (N_("m²"), Fraction(1), 2),
    "ha": (N_("ha"), Fraction(1, 10_000), 4),
    "mu": (N_("mu"), Fraction(3, 2_000), 2),
}


def printed_unit(key: str, digits: int | None = None) -> PrintedUnit:
    """Return a unit by key, with its usual digits (m2 2, ha 4, 亩 2) unless others are asked for.

    Raises
    ------
    UsageError
        For an unknown unit, or digits outside 0 to 6.
    """
    if key not in _UNITS or not 0 <= (digits or 0) <= 6:
        raise UsageError(
            _("There is no unit “{unit}” with {digits} digits.").format(unit=key, digits=digits),
            remedy=_("Units: {names}").format(names=", ".join(_UNITS)),
        )
    title, per_m2, usual = _UNITS[key]
    places = usual if digits is None else digits
    return PrintedUnit(key, _(title), places, per_m2 * 10**places / 100)


class Figure(StrEnum):
    """What a printed figure is."""

    CELL = "cell"
    GROUP = "group"
    ROW = "row"
    COLUMN = "column"
    GROUP_TOTAL = "group_total"
    TOTAL = "total"


@dataclass(frozen=True)
class Changed:
    """A figure that is not printed as it would be rounded by itself, in steps.

    ``row``, ``column`` and ``level`` are -1 where the figure has none; for groups ``column`` is the group.
    """

    figure: Figure
    row: int
    column: int
    level: int
    before: int
    after: int


@dataclass(frozen=True)
class PrintedTable:
    """A table in printed steps whose sums hold as printed.

    Attributes
    ----------
    unit : PrintedUnit
    cents : ndarray of int64, shape (rows, columns)
        The exact areas in 0.01 m2.
    cells : ndarray of int64, shape (rows, columns)
        What is printed, in steps.
    groups : tuple of ndarray of int64, shape (columns,)
        Group number of each column, per level, coarsest first.
    """

    unit: PrintedUnit
    cents: IntArray
    cells: IntArray
    groups: tuple[IntArray, ...]

    @property
    def rows(self) -> IntArray:
        """Row totals, shape (rows,)."""
        return np.asarray(self.cells.sum(axis=1), dtype=np.int64)

    @property
    def columns(self) -> IntArray:
        """Column totals, shape (columns,)."""
        return np.asarray(self.cells.sum(axis=0), dtype=np.int64)

    @property
    def total(self) -> int:
        """The grand total."""
        return int(self.cells.sum())

    def grouped(self, level: int) -> IntArray:
        """Return the subtotals of a level, shape (rows, groups)."""
        return _grouped(self.cells, self.groups[level])

    def changed(self) -> Iterator[Changed]:
        """Yield every figure that differs from its own half-up rounding: who got what."""
        tables = [(Figure.CELL, Figure.COLUMN, -1, self.cents, self.cells)]
        for level, group in enumerate(self.groups):
            cents = _grouped(self.cents, group)
            tables.append((Figure.GROUP, Figure.GROUP_TOTAL, level, cents, self.grouped(level)))
        tables.append((Figure.ROW, Figure.TOTAL, -1, self.cents.sum(axis=1)[:, None], self.rows[:, None]))
        for inner, outer, level, cents, printed in tables:
            alone = self.unit.half_up(cents)
            for row, column in np.argwhere(alone != printed).tolist():
                yield Changed(inner, row, column, level, int(alone[row, column]), int(printed[row, column]))
            alone, summed = self.unit.half_up(cents.sum(axis=0)), printed.sum(axis=0)
            for column in np.flatnonzero(alone != summed).tolist():
                yield Changed(outer, -1, column, level, int(alone[column]), int(summed[column]))


def _grouped(table: IntArray, group: IntArray) -> IntArray:
    out = np.zeros((len(table), int(group.max(initial=-1)) + 1), dtype=np.int64)
    np.add.at(out.T, group, table.T)
    return out


def balance_table(
    cents: IntArray,
    unit: PrintedUnit,
    *,
    groups: tuple[IntArray, ...] = (),
    row_totals: IntArray | None = None,
) -> PrintedTable:
    """Round a table so that it adds up as printed.

    The grand total is rounded half up. Every other figure goes to the step below or above its exact value; of
    all ways to do so the one with the smallest sum of deviations is taken, a total or subtotal weighing
    100 cells. That gives the spare steps to the largest remainders; of equal remainders the larger
    figure goes first, then the earlier. A figure that is exact in the unit stays as it is.

    Parameters
    ----------
    cents : ndarray of int64, shape (rows, columns)
        Areas in 0.01 m2. Negative ones (deductions) are allowed.
    groups : tuple of ndarray of int64, shape (columns,)
        Group number of each column per level, coarsest first, each level within the one before; numbers
        from 0 without gaps.
    row_totals : ndarray of int64, shape (rows,), optional
        Row totals in steps that another table prints already. They are kept; where that leaves no way
        within one step, column totals give way by as few steps as possible.
    """
    cents = np.asarray(cents, dtype=np.int64)
    scaled = cents * unit.steps_per_cent.numerator
    if unit.steps_per_cent.denominator == 1 or not cents.size:
        return PrintedTable(unit, cents, scaled, groups)
    problem = _Rounding(scaled, unit.steps_per_cent.denominator, groups, row_totals)
    return PrintedTable(unit, cents, problem.solved(), groups)


class _Rounding:
    """The linear programme: one variable per cell that may go up, one per total that may go up."""

    def __init__(
        self, scaled: IntArray, denominator: int, groups: tuple[IntArray, ...], row_totals: IntArray | None
    ) -> None:
        self._scaled = scaled
        self._denominator = denominator
        self._floor, remainder = np.divmod(scaled, denominator)
        self._row, self._column = np.nonzero(remainder)
        self._cost = [_cell_costs(scaled, remainder, denominator)[self._row, self._column]]
        self._lower = [np.zeros(len(self._row))]
        self._upper = [np.ones(len(self._row))]
        self._rhs: list[FloatArray] = []
        self._entries: list[tuple[IntArray, IntArray, FloatArray]] = []
        self._variables = len(self._row)
        self._equations = 0
        self._add_totals(groups, row_totals)

    def _add_totals(self, groups: tuple[IntArray, ...], row_totals: IntArray | None) -> None:
        rows, columns = self._scaled.shape
        everything = np.zeros(columns, dtype=np.int64)
        half_up = np.array([(2 * self._scaled.sum() + self._denominator) // (2 * self._denominator)])
        self._add(everything, by_row=False, fixed=half_up if row_totals is None else row_totals.sum()[None])
        self._add(everything, by_row=True, fixed=row_totals)
        free = row_totals is not None
        for group in groups:
            self._add(group, by_row=True, fixed=None)
            self._add(group, by_row=False, fixed=None, may_give_way=free)
        if rows > 1:
            self._add(np.arange(columns), by_row=False, fixed=None, may_give_way=free)

    def _add(
        self, group: IntArray, *, by_row: bool, fixed: IntArray | None, may_give_way: bool = False
    ) -> None:
        """Add the totals of groups of columns, in each row or over all rows."""
        exact, floor = _grouped(self._scaled, group), _grouped(self._floor, group)
        number = group[self._column]
        if by_row:
            number = number + self._row * exact.shape[1]
        else:
            exact, floor = exact.sum(axis=0)[None], floor.sum(axis=0)[None]
        exact, floor = exact.ravel(), floor.ravel()
        low, remainder = np.divmod(exact, self._denominator)
        count = len(exact)
        equation = self._equations + np.arange(count)
        self._entries.append((self._equations + number, np.arange(len(number)), np.ones(len(number))))
        self._rhs.append((low - floor).astype(np.float64))
        upper = (remainder > 0).astype(np.float64)
        lower = np.zeros(count)
        if fixed is not None:
            lower = upper = (fixed - low).astype(np.float64)
        self._new_variables(
            equation, -1.0, _MARGIN_WEIGHT * (1 - 2 * remainder / self._denominator), lower, upper
        )
        if may_give_way:
            ample = np.full(count, float(len(self._scaled)))
            for sign in (-1.0, 1.0):
                self._new_variables(equation, sign, np.full(count, _BREACH_WEIGHT), np.zeros(count), ample)
        self._equations += count

    def _new_variables(
        self, equation: IntArray, sign: float, cost: FloatArray, lower: FloatArray, upper: FloatArray
    ) -> None:
        index = self._variables + np.arange(len(equation))
        self._entries.append((equation, index, np.full(len(equation), sign)))
        self._cost.append(cost)
        self._lower.append(lower)
        self._upper.append(upper)
        self._variables += len(equation)

    def solved(self) -> IntArray:
        """Return the rounded cells, checked to be whole numbers that meet every total."""
        raised = self._solution()[: len(self._row)]
        up = np.rint(raised).astype(np.int64)
        if len(up) and float(np.abs(raised - up).max()) > 1e-6:
            raise ArithmeticError("controlled rounding ended between two steps")
        cells = self._floor.copy()
        cells[self._row, self._column] += up
        return cells

    def _solution(self) -> FloatArray:
        import highspy  # its import costs a tenth of a second that most commands need not pay

        equation = np.concatenate([e[0] for e in self._entries])
        variable = np.concatenate([e[1] for e in self._entries])
        value = np.concatenate([e[2] for e in self._entries])
        order = np.lexsort((equation, variable))
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self._variables, self._equations
        model.col_cost_ = np.concatenate(self._cost)
        model.col_lower_, model.col_upper_ = np.concatenate(self._lower), np.concatenate(self._upper)
        model.row_lower_ = model.row_upper_ = np.concatenate(self._rhs)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.searchsorted(variable[order], np.arange(self._variables + 1))
        model.a_matrix_.index_ = equation[order]
        model.a_matrix_.value_ = value[order]
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("solver", "simplex")
        solver.passModel(model)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"controlled rounding: {solver.getModelStatus()}")
        return np.asarray(solver.getSolution().col_value, dtype=np.float64)


def _cell_costs(scaled: IntArray, remainder: IntArray, denominator: int) -> FloatArray:
    """Return what it costs to go up instead of down, less a trifle that decides between equal remainders."""
    order = np.lexsort((np.arange(scaled.size), -np.abs(scaled).ravel()))
    rank = np.empty(scaled.size)
    rank[order] = np.arange(scaled.size, 0, -1) / max(scaled.size, 1)
    trifle = rank.reshape(scaled.shape) / (8 * denominator)
    cost: FloatArray = 1 - 2 * remainder / denominator - trifle
    return cost


def balance_rows(cents: IntArray, unit: PrintedUnit) -> IntArray:
    """Round each row of a table by itself so that it adds up to its own total, rounded half up.

    For lists of parcels, which are read one by one and have no column totals: the rows may be many, and each
    parcel prints the same figures whatever stands above and below it. A row gets what
    :func:`balance_table` gives a table of that row alone.

    Parameters
    ----------
    cents : ndarray of int64, shape (rows, columns)
        Areas in 0.01 m2.

    Returns
    -------
    ndarray of int64, shape (rows, columns)
        What is printed, in steps of the unit.
    """
    cents = np.asarray(cents, dtype=np.int64)
    scaled, denominator = cents * unit.steps_per_cent.numerator, unit.steps_per_cent.denominator
    floor, remainder = np.divmod(scaled, denominator)
    spare = (2 * scaled.sum(axis=1) + denominator) // (2 * denominator) - floor.sum(axis=1)
    owner = np.repeat(np.arange(len(cents)), cents.shape[1])
    return floor + _first_in_line(owner, remainder.ravel(), np.abs(cents).ravel(), spare).reshape(floor.shape)


def shares(cents: IntArray, *, digits: int = 2, groups: tuple[IntArray, ...] = ()) -> IntArray:
    """Return each cell's share of its row in steps of the last printed digit of a per cent.

    The shares of a row add up to 100 as printed; those of a group add up to the group's share, which is the
    step below or above its exact value. Largest remainder first, then the larger, then the earlier.

    Parameters
    ----------
    cents : ndarray of int64, shape (rows, columns)
        Areas in 0.01 m2, not negative. A row without area gets zeros.
    groups : tuple of ndarray of int64
        As in :func:`balance_table`.
    """
    full = 100 * 10**digits
    rows = len(cents)
    row_total = cents.sum(axis=1)
    target = np.where(row_total > 0, full, 0)
    parent = np.zeros(cents.shape[1], dtype=np.int64)
    for group in (*groups, np.arange(cents.shape[1])):
        table = _grouped(cents, group)
        above = np.zeros(table.shape[1], dtype=np.int64)
        above[group] = parent
        whole = np.maximum(row_total, 1)[:, None]
        floor, remainder = np.divmod(table * full, whole)
        owner = (np.arange(rows)[:, None] * (int(above.max(initial=0)) + 1) + above).ravel()
        spare = target.ravel() - np.bincount(owner, weights=floor.ravel(), minlength=target.size).astype(
            np.int64
        )
        target = floor + _first_in_line(owner, remainder.ravel(), table.ravel(), spare).reshape(table.shape)
        parent = group
    return target.reshape(cents.shape)


def _first_in_line(owner: IntArray, remainder: IntArray, size: IntArray, spare: IntArray) -> IntArray:
    """Return 1 for the ``spare`` items of each owner with the largest remainders, else 0."""
    order = np.lexsort((np.arange(len(owner)), -size, -remainder, owner))
    start = np.searchsorted(owner[order], owner[order])
    place = np.arange(len(order)) - start
    given = np.zeros(len(owner), dtype=np.int64)
    given[order] = place < spare[owner[order]]
    return given
