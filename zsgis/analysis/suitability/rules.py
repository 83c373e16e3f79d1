"""The rule file: criteria as data, with the curve or steps that make a score of a value, and hard limits."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from layers.errors import InputError
from layers.words import _
from zsgis.analysis.rasters.cells import HeightUnit, SlopeUnit
from zsgis.analysis.rule_files import RuleFile, read_rule
from zsgis.analysis.suitability.steps import SLOPE_UNITS, StepTable, step_table


class Limit(BaseModel):
    """A hard limit: a parcel of which more than ``most_share_pct`` lies on these features is not suitable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    title: str
    kind: str
    field: str = ""
    values: tuple[str, ...] = ()
    most_share_pct: float = Field(default=0.0, ge=0.0, lt=100.0)
    clause: str


Curve = tuple[tuple[float, float], ...]


class _Weighed(BaseModel):
    """What all criteria state.

    Attributes
    ----------
    weight : float
        Against those of the other criteria; they need not add up to 1.
    curve : tuple of (value, score)
        Values rise, scores lie between 0 and 100.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    title: str
    weight: float = Field(gt=0.0)
    curve: Curve = ()
    unit: str = ""

    @field_validator("curve")
    @classmethod
    def _rising(cls, curve: Curve) -> Curve:
        if any(first[0] >= second[0] for first, second in pairwise(curve)):
            raise ValueError("the values of a curve rise")
        if any(not 0.0 <= score <= 100.0 for _value, score in curve):
            raise ValueError("scores lie between 0 and 100")
        return curve

    @property
    def unit_text(self) -> str:
        """The unit of its values as people write it."""
        return self.unit

    def score(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the scores of some values; NaN stays NaN."""
        at, scores = zip(*self.curve, strict=True)
        out = np.interp(values, at, scores)
        return np.where(np.isnan(values), np.nan, out)

    def scoring_lines(self) -> str:
        """Return how a value becomes a score, as a line of text."""
        return "；".join(f"{value:g} {self.unit_text} → {score:g}" for value, score in self.curve)


class _Criterion(_Weighed):
    """A criterion that is measured on a layer of a kind."""

    kind: str
    curve: Curve = Field(min_length=1)


class Distance(_Criterion):
    """The distance in metres from the parcel to the nearest feature; nought for one that it touches."""

    type: Literal["distance"]


class Inside(_Criterion):
    """The share of the parcel within the features, in per cent."""

    type: Literal["inside"]
    field: str = ""
    values: tuple[str, ...] = ()


class ClassScore(_Criterion):
    """The mean score of the classes that cover the parcel, by area, from 0 to 100.

    A class without a score of its own takes that of the nearest class above it, else 0. What nothing covers
    takes ``uncovered``.
    """

    type: Literal["class_score"]
    scores: dict[str, dict[str, float]]
    uncovered: float = 0.0


class Density(_Criterion):
    """How many features lie within ``radius_m`` of the parcel, per km2 of a circle of this radius."""

    type: Literal["density"]
    radius_m: float = Field(gt=0.0)


class _OnRaster(_Weighed):
    """A criterion that is measured on a raster, as the mean over the parcel.

    Either a curve or a table of steps makes the score of it.

    Attributes
    ----------
    raster : str
        The name of one of the project's rasters, or a file, relative to the project's folder. Empty: what the
        run says.
    steps : str
        Name or path of a table of steps.
    table : StepTable or None
        The table as read; a rule file does not hold it.
    """

    raster: str = ""
    band: int = Field(default=1, ge=1)
    steps: str = ""
    table: StepTable | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.curve) == bool(self.steps):
            raise ValueError("either a curve or steps")
        return self

    def score(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the scores of some values; NaN stays NaN."""
        return super().score(values) if self.table is None else self.table.score(values)

    def scoring_lines(self) -> str:
        """Return how a value becomes a score, as a line of text."""
        return super().scoring_lines() if self.table is None else self.table.lines()


class RasterValue(_OnRaster):
    """The mean of a raster's values over the parcel."""

    type: Literal["raster"]


class Slope(_OnRaster):
    """The mean slope of the ground over the parcel, from a terrain model.

    Attributes
    ----------
    unit : str
        Degrees and per cent are two things: 10 % are 5.71 degrees. Steps in the other unit are refused.
    height_unit : str
        Of the model's heights.
    """

    type: Literal["slope"]
    unit: SlopeUnit
    height_unit: HeightUnit = "m"

    @property
    def unit_text(self) -> str:
        """The unit of its values as people write it."""
        return SLOPE_UNITS[self.unit]


LayerCriterion = Distance | Inside | ClassScore | Density
RasterCriterion = RasterValue | Slope
Criterion = Annotated[LayerCriterion | RasterCriterion, Field(discriminator="type")]


class SuitabilityRule(RuleFile):
    """A rule file as read."""

    limits: tuple[Limit, ...] = ()
    criteria: tuple[Criterion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        keys = [entry.key for entry in (*self.limits, *self.criteria)]
        if len(set(keys)) < len(keys):
            raise ValueError("every criterion and limit has a key of its own")
        return self

    @property
    def versions(self) -> dict[str, str]:
        """The rule and its tables of steps, as a run record names them."""
        tables = [c.table for c in self.criteria if isinstance(c, _OnRaster) and c.table is not None]
        return {self.key: self.words, **{table.key: table.words for table in tables}}


def suitability_rule(asked: str = "") -> SuitabilityRule:
    """Read a rule file with its tables of steps; empty for the one that comes with the program.

    Raises
    ------
    InputError
        Also for steps that count something else, or in another unit, than their criterion.
    """
    rule = read_rule(SuitabilityRule, asked, "suitability")
    beside = Path(asked).parent if asked and Path(asked).is_file() else None
    return rule.model_copy(update={"criteria": tuple(_with_steps(each, beside) for each in rule.criteria)})


def _with_steps(criterion: Criterion, beside: Path | None) -> Criterion:
    if not isinstance(criterion, (RasterValue, Slope)) or not criterion.steps:
        return criterion
    table = step_table(criterion.steps, beside)
    counts = "slope" if isinstance(criterion, Slope) else "value"
    if (table.quantity, table.unit) != (counts, criterion.unit):
        raise InputError(
            _("Criterion “{title}” counts in {unit}, its steps “{steps}” in {other}.").format(
                title=criterion.title,
                unit=_counted(counts, criterion.unit),
                steps=table.title,
                other=_counted(table.quantity, table.unit),
            ),
            remedy=_("Name steps in the criterion's own unit: degrees and per cent are not exchanged."),
        )
    return criterion.model_copy(update={"table": table})


def _counted(quantity: str, unit: str) -> str:
    return f"{quantity} [{SLOPE_UNITS.get(unit, unit)}]" if quantity == "slope" else f"[{unit}]"
