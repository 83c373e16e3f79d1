"""Weights by pairwise comparison: the analytic hierarchy process (层次分析法).

T. L. Saaty, "Decision making with the analytic hierarchy process", Int. J. Services Sciences 1 (2008) 83-98:
weights are the principal eigenvector of the matrix of comparisons, scaled to sum 1;
CI = (λmax - n) / (n - 1); CR = CI / RI, RI the mean CI of random matrices of the same size.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from layers.errors import UsageError
from layers.words import _
from zsgis.analysis.rule_files import RuleFile, read_rule

SMALLEST, LARGEST = 1 / 9, 9.0
SCALE = ("9", "8", "7", "6", "5", "4", "3", "2", "1", "1/2", "1/3", "1/4", "1/5", "1/6", "1/7", "1/8", "1/9")
"""Saaty's scale as typed, from far more important to far less."""
_RECIPROCAL_TOLERANCE = 1e-6


class RandomIndex(RuleFile):
    """The table of random indices.

    Attributes
    ----------
    agreed_up_to : int
        Size up to which sources agree.
    random_index : tuple of float
        RI of 1, 2, 3 … criteria.
    limit : float
        Largest CR at which comparisons count as consistent; one of exactly this size does not.
    """

    agreed_up_to: int
    random_index: tuple[float, ...] = Field(min_length=3)
    limit: float


@dataclass(frozen=True)
class Comparison:
    """Weights from pairwise comparisons, and how far the comparisons contradict each other.

    Attributes
    ----------
    weights : ndarray of float64, shape (n,)
        Sum 1.
    largest_eigenvalue : float
    consistency_index, random_index, consistency_ratio : float
        The ratio is 0 for one or two criteria, which cannot contradict each other.
    consistent : bool
        Whether the ratio lies below the limit.
    """

    weights: NDArray[np.float64]
    largest_eigenvalue: float
    consistency_index: float
    random_index: float
    consistency_ratio: float
    consistent: bool


def random_indices(asked: str = "") -> RandomIndex:
    """Read the table of random indices; empty for the one that comes with the program.

    Raises
    ------
    InputError
    """
    return read_rule(RandomIndex, asked, "ahp_random_index")


def weigh(matrix: NDArray[np.float64], table: RandomIndex) -> Comparison:
    """Return weights and consistency of a matrix of pairwise comparisons.

    Parameters
    ----------
    matrix : ndarray of float64, shape (n, n)
        ``matrix[i, j]`` says how many times criterion i matters as much as j: 1/9 to 9, reciprocal.

    Raises
    ------
    UsageError
        Names the pair that is out of range or not reciprocal, or says that there are too many criteria.
    """
    comparisons = np.asarray(matrix, dtype=np.float64)
    _check(comparisons, table)
    count = len(comparisons)
    values, vectors = np.linalg.eig(comparisons)
    place = int(np.argmax(values.real))
    principal = np.abs(vectors[:, place].real)
    largest = float(values[place].real)
    index = (largest - count) / (count - 1) if count > 1 else 0.0
    by_chance = table.random_index[count - 1]
    ratio = max(index, 0.0) / by_chance if by_chance > 0 else 0.0
    return Comparison(
        weights=principal / principal.sum(),
        largest_eigenvalue=largest,
        consistency_index=max(index, 0.0),
        random_index=by_chance,
        consistency_ratio=ratio,
        consistent=ratio < table.limit,
    )


def _check(matrix: NDArray[np.float64], table: RandomIndex) -> None:
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not len(matrix):
        raise UsageError(
            _("A matrix of comparisons has as many rows as columns."),
            remedy=_("One row and one column per criterion."),
        )
    if len(matrix) > len(table.random_index):
        raise UsageError(
            _("{count} criteria are too many to be compared in pairs; at most {most}.").format(
                count=len(matrix), most=len(table.random_index)
            ),
            remedy=_("Group criteria and compare the groups, or give weights by hand."),
        )
    slack = 1e-9
    inside = np.isfinite(matrix) & (matrix >= SMALLEST - slack) & (matrix <= LARGEST + slack)
    reciprocal = np.abs(matrix * matrix.T - 1.0) <= _RECIPROCAL_TOLERANCE
    for fits, words in (
        (inside, _("Comparison of {first} with {second} is {value}; it must lie between 1/9 and 9.")),
        (reciprocal, _("Comparison of {first} with {second} is {value}, the reverse is not its reciprocal.")),
    ):
        if not fits.all():
            first, second = (int(place) for place in np.argwhere(~fits)[0])
            raise UsageError(
                words.format(first=first + 1, second=second + 1, value=f"{matrix[first, second]:g}"),
                remedy=_("Type each pair once: the reverse follows."),
            )


def matrix_of(upper: str) -> NDArray[np.float64]:
    """Read a matrix from the comparisons above its diagonal, row by row, as ``3 5 1/2; 2 1/3; 1/4`` for four.

    Raises
    ------
    UsageError
        When the rows do not make a triangle, or something is no number.
    """
    rows = [row.replace(",", " ").replace("，", " ").split() for row in upper.replace("；", ";").split(";")]
    count = len(rows) + 1
    if [len(row) for row in rows] != list(range(count - 1, 0, -1)):
        raise UsageError(
            _("These comparisons are not those above a diagonal: {given}").format(given=upper),
            remedy=_("For three criteria: 3 5; 2, which is 1 to 2, 1 to 3; 2 to 3."),
        )
    matrix = np.eye(count)
    for first, row in enumerate(rows):
        for second, text in enumerate(row, start=first + 1):
            value = comparison_of(text)
            matrix[first, second], matrix[second, first] = value, 1.0 / value
    return matrix


def comparison_of(text: str) -> float:
    """Read one comparison: a number, or a fraction such as ``1/3``.

    Raises
    ------
    UsageError
        When it is no number above zero.
    """
    try:
        value = float(Fraction(text))
    except (ValueError, ZeroDivisionError):
        value = 0.0
    if value <= 0:
        raise UsageError(
            _("“{text}” is no comparison.").format(text=text), remedy=_("Numbers from 1 to 9, or 1/2 to 1/9.")
        )
    return value


def comparison_text(value: float) -> str:
    """Return a comparison as it is typed: ``3``, ``1/3``, ``5/2``, else as a decimal number."""
    near = Fraction(value).limit_denominator(90)
    return str(near) if abs(float(near) - value) <= 1e-9 * abs(value) else f"{value:.12g}"


def triangle_of(matrix: NDArray[np.float64]) -> str:
    """Return the comparisons above a matrix' diagonal as :func:`matrix_of` reads them."""
    count = len(matrix)
    return "; ".join(
        " ".join(comparison_text(float(matrix[row, column])) for column in range(row + 1, count))
        for row in range(count - 1)
    )


@dataclass(frozen=True)
class Contradiction:
    """The pair whose comparison fits the weights least: what was said, and what the others make of it."""

    first: int
    second: int
    said: float
    implied: float


def worst_contradiction(matrix: NDArray[np.float64], weights: NDArray[np.float64]) -> Contradiction | None:
    """Return the comparison furthest from the ratio of the weights; None where all fit."""
    implied = weights[:, None] / weights[None, :]
    off = np.triu(np.abs(np.log(matrix / implied)), 1)
    first, second = (int(place) for place in np.unravel_index(int(np.argmax(off)), off.shape))
    if off[first, second] < 1e-9:
        return None
    return Contradiction(first, second, float(matrix[first, second]), float(implied[first, second]))
