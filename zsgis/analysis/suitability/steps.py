"""Tables of steps: a score for each range of a value, in a rule file that says which unit it counts in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zsgis.analysis.rule_files import RuleFile, read_rule

SLOPE_UNITS: dict[str, str] = {"deg": "°", "percent": "%"}


class Step(BaseModel):
    """One range of a value.

    Attributes
    ----------
    up_to : float or None
        Its upper end, which belongs to it; None for the last range, which has none.
    label : str
        What the source calls it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    up_to: float | None = Field(default=None, allow_inf_nan=False)
    score: float = Field(ge=0.0, le=100.0)
    label: str


class StepTable(RuleFile):
    """A table of steps as read.

    Attributes
    ----------
    quantity : str
        What the value is: ``slope``, or ``value`` for what a raster holds.
    unit : str
        Of the values; for slopes ``deg`` or ``percent``.
    confidence : str
        How sure the figures are, in words.
    """

    quantity: Literal["slope", "value"]
    unit: str
    confidence: str
    steps: tuple[Step, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _check_ends([step.up_to for step in self.steps])
        if self.quantity == "slope" and self.unit not in SLOPE_UNITS:
            raise ValueError("slopes are counted in deg or percent")
        return self

    def score(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the scores of some values; one on an end is of the range below; NaN stays NaN."""
        ends = np.array([step.up_to for step in self.steps[:-1]], dtype=np.float64)
        scores = np.array([step.score for step in self.steps])
        found = scores[np.searchsorted(ends, values, side="left")]
        return np.where(np.isnan(values), np.nan, found)

    def lowered(self, values: NDArray[np.float64], by: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the scores of some values, each so many classes lower, the last at most; NaN stays NaN."""
        ends = np.array([step.up_to for step in self.steps[:-1]], dtype=np.float64)
        scores = np.array([step.score for step in self.steps])
        place = np.minimum(np.searchsorted(ends, values, side="left") + by, len(scores) - 1)
        return np.where(np.isnan(values), np.nan, scores[place])

    def lines(self) -> str:
        """Return the steps as a line of text."""
        unit = SLOPE_UNITS.get(self.unit, self.unit)
        texts = [
            f"≤ {step.up_to:g}{unit} → {step.score:g}" if step.up_to is not None else f"> → {step.score:g}"
            for step in self.steps
        ]
        return "；".join(texts)


class Lowering(BaseModel):
    """One range of the relief; ``lower`` says by how many classes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    up_to: float | None = Field(default=None, allow_inf_nan=False)
    lower: int = Field(ge=0)
    label: str


class LoweringTable(RuleFile):
    """By how many classes relief lowers those of the slope.

    Attributes
    ----------
    unit : str
        Of the relief: metres.
    confidence : str
        How sure the figures are, in words.
    """

    unit: Literal["m"]
    confidence: str
    steps: tuple[Lowering, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _check_ends([step.up_to for step in self.steps])
        return self

    def classes(self, relief: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return by how many classes reliefs lower; one on an end is of the range below."""
        ends = np.array([step.up_to for step in self.steps[:-1]], dtype=np.float64)
        lower = np.array([step.lower for step in self.steps], dtype=np.int64)
        found: NDArray[np.int64] = lower[np.searchsorted(ends, relief, side="left")]
        return found

    def lines(self) -> str:
        """Return the table as a line of text."""
        return "；".join(
            f"≤ {step.up_to:g} m → {step.label}" if step.up_to is not None else f"> → {step.label}"
            for step in self.steps
        )


def step_table(name: str, beside: Path | None) -> StepTable:
    """Read a table of steps: one that ships, by its name; else a file, looked for beside the rule file first.

    Raises
    ------
    InputError
    """
    return read_rule(StepTable, _found(name, beside), name)


def lowering_table(name: str, beside: Path | None) -> LoweringTable:
    """Read a table of how relief lowers classes, as :func:`step_table`.

    Raises
    ------
    InputError
    """
    return read_rule(LoweringTable, _found(name, beside), name)


def _found(name: str, beside: Path | None) -> str:
    return str(beside / name) if beside is not None and (beside / name).is_file() else name


def _check_ends(ends: Sequence[float | None]) -> None:
    """Refuse ranges of which not the last alone is open, or whose ends do not rise."""
    if ends[-1] is not None or None in ends[:-1]:
        raise ValueError("the last step alone has no upper end")
    known = [end for end in ends if end is not None]
    if any(first >= second for first, second in pairwise(known)):
        raise ValueError("the upper ends of steps rise")
