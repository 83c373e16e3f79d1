"""Criteria that are measured on rasters: values, and slope, relief and grade of a terrain model."""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from zsgis.analysis.rasters.cells import HeightUnit, SlopeUnit
from zsgis.analysis.suitability.layer_criteria import Weighed
from zsgis.analysis.suitability.steps import SLOPE_UNITS, LoweringTable, StepTable

RELIEF_WINDOW_M = 450.0
"""About 20 ha, as is usual; what the guideline lays down is to be checked."""


class OnRaster(Weighed):
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


class RasterValue(OnRaster):
    """The mean of a raster's values over the parcel."""

    type: Literal["raster"]


class OnTerrain(OnRaster):
    """A criterion that is measured on a terrain model.

    Attributes
    ----------
    height_unit : str
        Of the model's heights.
    """

    height_unit: HeightUnit = "m"


class Slope(OnTerrain):
    """The mean slope of the ground over the parcel.

    Attributes
    ----------
    unit : str
        Degrees and per cent are two things: 10 % are 5.71 degrees. Steps in the other unit are refused.
    """

    type: Literal["slope"]
    unit: SlopeUnit

    @property
    def unit_text(self) -> str:
        """The unit of its values as people write it."""
        return SLOPE_UNITS[self.unit]


class Relief(OnTerrain):
    """The mean relief (地形起伏度) over the parcel, in metres: how far heights differ around each cell.

    Attributes
    ----------
    window_m : float
        Side of the square in which heights are compared.
    """

    type: Literal["relief"]
    unit: Literal["m"] = "m"
    window_m: float = Field(default=RELIEF_WINDOW_M, gt=0.0)


class TerrainGrade(OnTerrain):
    """The mean grade of the ground over the parcel, 0 to 100: the slope's class, lowered by the relief's.

    Both are classed cell by cell, as the 双评价 guideline does; the mean of the cells' scores is the value,
    and is the score.

    Attributes
    ----------
    steps : str
        The classes of the slope, in degrees.
    relief : str
        Name or path of the table of how relief lowers them.
    window_m : float
        Side of the square in which heights are compared.
    lowering : LoweringTable or None
        That table as read; a rule file does not hold it.
    """

    type: Literal["terrain_grade"]
    steps: str
    relief: str
    window_m: float = Field(default=RELIEF_WINDOW_M, gt=0.0)
    lowering: LoweringTable | None = None

    def score(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values: they are scores."""
        return values

    def graded(self, slope: NDArray[np.float64], relief: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the scores of slopes in degrees and reliefs in metres; NaN where either is not known."""
        if self.table is None or self.lowering is None:
            raise ValueError("the rule's tables have not been read")
        found = self.table.lowered(slope, self.lowering.classes(relief))
        return np.where(np.isnan(relief), np.nan, found)

    def scoring_lines(self) -> str:
        """Return how slope and relief become a score, as a line of text."""
        parts = [part.lines() for part in (self.table, self.lowering) if part is not None]
        return "；".join(parts)
