"""Criteria that are measured on layers: distance, share, classes, density; and what all criteria state."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator

Curve = tuple[tuple[float, float], ...]


class Weighed(BaseModel):
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


class OnLayer(Weighed):
    """A criterion that is measured on a layer of a kind."""

    kind: str
    curve: Curve = Field(min_length=1)


class Distance(OnLayer):
    """The distance in metres from the parcel to the nearest feature; nought for one that it touches."""

    type: Literal["distance"]


class Inside(OnLayer):
    """The share of the parcel within the features, in per cent."""

    type: Literal["inside"]
    field: str = ""
    values: tuple[str, ...] = ()


class ClassScore(OnLayer):
    """The mean score of the classes that cover the parcel, by area, from 0 to 100.

    A class without a score of its own takes that of the nearest class above it, else 0. What nothing covers
    takes ``uncovered``.
    """

    type: Literal["class_score"]
    scores: dict[str, dict[str, float]]
    uncovered: float = 0.0


class Density(OnLayer):
    """How many features lie within ``radius_m`` of the parcel, per km2 of a circle of this radius."""

    type: Literal["density"]
    radius_m: float = Field(gt=0.0)
