"""Where the weights come from: the rule file, numbers by hand, or comparisons in pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.errors import UsageError
from layers.words import _
from zsgis.analysis.suitability.ahp import Comparison, matrix_of, random_indices, weigh
from zsgis.analysis.suitability.parameters import SuitabilityParameters
from zsgis.analysis.suitability.rules import Criterion


@dataclass(frozen=True)
class Weighting:
    """Weights that add up to 1, and in words where they come from."""

    weights: NDArray[np.float64]
    words: tuple[str, ...]
    comparison: Comparison | None = None


def weighting_of(
    criteria: tuple[Criterion, ...], used: NDArray[np.bool_], chosen: SuitabilityParameters
) -> Weighting:
    """Return the weights of the criteria that are used; those that cannot be measured weigh nothing.

    Parameters
    ----------
    used : ndarray of bool, shape (criteria,)

    Raises
    ------
    UsageError
        When weights or comparisons do not fit the criteria, or contradict each other without a reason.
    """
    comparison = None
    if chosen.comparisons.strip():
        comparison, words = _compared(len(criteria), chosen)
        weights = comparison.weights
    elif chosen.weights.strip():
        weights, words = _by_hand(len(criteria), chosen.weights), (_("Weights by hand."),)
    else:
        weights = np.array([criterion.weight for criterion in criteria])
        words = (_("Weights of the rule file."),)
    weights = np.where(used, weights, 0.0)
    if weights.sum() <= 0:
        raise UsageError(
            _("No criterion that has a weight can be measured in this project."),
            remedy=_("Import the layers that the criteria name, or give other weights."),
        )
    return Weighting(weights / weights.sum(), words, comparison)


def _compared(count: int, chosen: SuitabilityParameters) -> tuple[Comparison, tuple[str, ...]]:
    table = random_indices()
    matrix = matrix_of(chosen.comparisons)
    if len(matrix) != count:
        raise UsageError(
            _("The comparisons are of {given} criteria; the rule file has {count}.").format(
                given=len(matrix), count=count
            ),
            remedy=_("One comparison for each pair of criteria, in the order of the rule file."),
        )
    found = weigh(matrix, table)
    if not found.consistent and not chosen.reason.strip():
        raise UsageError(
            _(
                "The comparisons contradict each other: consistency ratio {ratio:.3f}, not below {limit:g}."
            ).format(ratio=found.consistency_ratio, limit=table.limit),
            remedy=_("Look at the comparisons again, or state a reason (-p reason=…)."),
        )
    words = [
        _(
            "Weights by comparison in pairs: λmax {value:.4f}, CI {index:.4f}, RI {chance:g} ({source}), "
            "CR {ratio:.4f}."
        ).format(
            value=found.largest_eigenvalue,
            index=found.consistency_index,
            chance=found.random_index,
            source=table.source,
            ratio=found.consistency_ratio,
        )
    ]
    if not found.consistent:
        words.append(
            _("Taken in spite of contradictions, because: {reason}").format(reason=chosen.reason.strip())
        )
    return found, tuple(words)


def _by_hand(count: int, text: str) -> NDArray[np.float64]:
    try:
        weights = np.array([float(part) for part in text.replace(",", " ").replace("，", " ").split()])
    except ValueError as error:
        raise UsageError(
            _("“{text}” are no weights.").format(text=text), remedy=_("Numbers apart by spaces: 3 2 1.")
        ) from error
    if len(weights) != count or not np.isfinite(weights).all() or (weights < 0).any():
        raise UsageError(
            _("{given} weights for {count} criteria, or one of them below zero.").format(
                given=len(weights), count=count
            ),
            remedy=_("One weight per criterion, in the order of the rule file."),
        )
    return weights
