"""What a user can choose about suitability."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator

from layers.words import N_
from zsgis.analysis.parameter_fields import parcels_layer, rule_file
from zsgis.analysis.zoned import ZonedParameters


class SuitabilityParameters(ZonedParameters):
    """Parameters of suitability."""

    @field_validator("cell_m", mode="before")
    @classmethod
    def _empty_is_as_suits(cls, value: Any) -> Any:
        return None if value == "" else value

    parcels: str = parcels_layer(N_("Layer whose parcels are scored. Empty: the first that fits."))
    weights: str = Field(
        default="",
        title=N_("Weights by hand"),
        description=N_(
            "One number per criterion, in the order of the rule file, apart by spaces. Empty: those of the "
            "rule."
        ),
    )
    comparisons: str = Field(
        default="",
        title=N_("Comparisons in pairs (AHP)"),
        description=N_(
            "What stands above the diagonal of the matrix, rows apart by semicolons: 3 5; 2 for three "
            "criteria. Replaces the weights."
        ),
        json_schema_extra={"editor": "comparisons"},
    )
    reason: str = Field(
        default="",
        title=N_("Reason for contradictions"),
        description=N_(
            "Comparisons with a consistency ratio of 0.1 and more are refused, unless a reason is stated "
            "here; it stands in the record."
        ),
    )
    dem: str = Field(
        default="",
        title=N_("Terrain model"),
        description=N_(
            "Raster of heights for the criteria on slopes: its name in the project, or a file. Empty: the "
            "one of the project that is shown as terrain."
        ),
        json_schema_extra={"raster": "one", "empty": N_("(the project's terrain)")},
    )
    rasters: str = Field(
        default="",
        title=N_("Rasters of criteria"),
        description=N_(
            "Which raster a criterion is measured on, where the rule file does not say: criterion=raster; "
            "criterion=raster."
        ),
        json_schema_extra={"raster": "by key", "advanced": True},
    )
    cell_m: float | None = Field(
        default=None,
        ge=0.0,
        le=10_000.0,
        title=N_("Cells of the score raster"),
        description=N_(
            "Side of the cells at whose centres the scores are computed for the raster. Empty: a round side "
            "that suits the parcels; 0: no raster."
        ),
        json_schema_extra={"advanced": True, "unit": "m"},
    )
    swing_pct: float = Field(
        default=20.0,
        gt=0.0,
        le=90.0,
        title=N_("Change of weights"),
        description=N_("By how much each weight is changed to see how much the order hangs on it."),
        json_schema_extra={"advanced": True, "unit": "percent"},
    )
    rule: str = rule_file()
