"""The rule file: criteria as data, with the curve that makes a score of a value, and hard limits."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from zsgis.analysis.rule_files import RuleFile, read_rule


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


class _Criterion(BaseModel):
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
    kind: str
    weight: float = Field(gt=0.0)
    curve: tuple[tuple[float, float], ...] = Field(min_length=1)
    unit: str = ""

    @field_validator("curve")
    @classmethod
    def _rising(cls, curve: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        if any(first[0] >= second[0] for first, second in pairwise(curve)):
            raise ValueError("the values of a curve rise")
        if any(not 0.0 <= score <= 100.0 for _value, score in curve):
            raise ValueError("scores lie between 0 and 100")
        return curve

    def score(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the scores of some values; NaN stays NaN."""
        at, scores = zip(*self.curve, strict=True)
        out = np.interp(values, at, scores)
        return np.where(np.isnan(values), np.nan, out)


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


Criterion = Annotated[Distance | Inside | ClassScore | Density, Field(discriminator="type")]


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


def suitability_rule(asked: str = "") -> SuitabilityRule:
    """Read a rule file; empty for the one that comes with the program.

    Raises
    ------
    InputError
    """
    return read_rule(SuitabilityRule, asked, "suitability")
